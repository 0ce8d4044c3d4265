#!/usr/bin/env python3
"""Writes expected.tsv: what Terraform's console makes of each line of cases.txt.

Needs a `terraform` binary on the path; the tests themselves only read the table.
"""
import base64
import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent


def evaluate(expression: str) -> str:
    """Returns the value as JSON, or `error`."""
    done = subprocess.run(
        ["terraform", "console"],
        input=f"base64encode(jsonencode({expression}))\n",
        capture_output=True,
        text=True,
        cwd=HERE / "files",
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
    )
    if done.returncode != 0:
        return "error"
    text = done.stdout.strip()
    if not text.startswith('"'):
        return text
    # Base64 passes through the console's own quoting untouched.
    return base64.b64decode(json.loads(text)).decode()


def main() -> None:
    version = subprocess.run(["terraform", "version", "-json"], capture_output=True, text=True).stdout
    lines = [f"# Terraform {json.loads(version)['terraform_version']}"]
    for line in (HERE / "cases.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            lines.append(f"{line}\t{evaluate(line)}")
    (HERE / "expected.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
