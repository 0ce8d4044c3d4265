#!/usr/bin/env python3
"""Writes what Terraform's console makes of cases.txt and heredocs.hcl: expected.tsv and heredocs.tsv.

Needs a `terraform` binary on the path; the tests themselves only read the tables.
"""
import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent


def evaluate(expression: str, folder: pathlib.Path) -> str:
    """Returns the value as JSON, or `error`."""
    done = subprocess.run(
        ["terraform", "console"],
        input=f"base64encode(jsonencode({expression}))\n",
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
    )
    if done.returncode != 0:
        return "error"
    text = done.stdout.strip()
    if not text.startswith('"'):
        return text
    # Base64 passes through the console's own quoting untouched.
    return base64.b64decode(json.loads(text)).decode()


def version() -> str:
    """Returns the first line of each table."""
    done = subprocess.run(["terraform", "version", "-json"], capture_output=True, text=True)
    return f"# Terraform {json.loads(done.stdout)['terraform_version']}"


def main() -> None:
    lines = [version()]
    for line in (HERE / "cases.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            lines.append(f"{line}\t{evaluate(line, HERE / 'files')}")
    (HERE / "expected.tsv").write_text("\n".join(lines) + "\n")

    lines = [version()]
    with tempfile.TemporaryDirectory() as folder:
        source = HERE / "heredocs.hcl"
        shutil.copy(source, pathlib.Path(folder) / "main.tf")
        for name in re.findall(r"^  (\w+) += ", source.read_text(), re.M):
            lines.append(f"{name}\t{evaluate(f'local.{name}', pathlib.Path(folder))}")
    (HERE / "heredocs.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
