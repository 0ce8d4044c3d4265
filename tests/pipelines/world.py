"""A repository with a spec, a twin, and stand-ins for the programs that speak to the outside."""

import os
import pathlib
import shutil
import stat
import subprocess
import tempfile

import yaml

from clients.twin import MANAGEMENT, REPOSITORY, Twin, binary

PIPELINES = REPOSITORY / "examples" / "pipelines"

SPEC = f"""landing_zone "small" {{
  management_account = "{MANAGEMENT}"
  home_region        = "us-east-1"
}}
organization {{}}
ou "one" {{
  name = "One"
}}
"""

# Calls are written down; answers come from files of the same name.
RECORDER = """#!/bin/bash
printf '%s\\n' "$(basename "$0") $*" >> "$CALLS"
answers="$ANSWERS/$(basename "$0")"
[ -d "$answers" ] || exit 0
for rule in "$answers"/*; do
  pattern=$(head -n 1 "$rule")
  if [[ "$*" == *$pattern* ]]; then tail -n +2 "$rule"; exit 0; fi
done
"""


def load(path: pathlib.Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Sandbox:
    """A checkout in which the steps of a pipeline run."""

    def __init__(self):
        self.twin = Twin()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lz-pipeline-"))
        self.checkout = self.folder / "checkout"
        self.checkout.mkdir()
        (self.checkout / "main.hcl").write_text(SPEC, encoding="utf-8")
        self.git("init", "--quiet")
        self.git("add", "-A")
        self.git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "A zone")
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        self.answers = self.folder / "answers"
        self.calls = self.folder / "calls"
        self.calls.touch()
        self._lz()

    def _lz(self):
        # Not every build of lz has the markdown of plans; the steps are tested all the same.
        shown = subprocess.run([binary(), "plan", "--help"], capture_output=True, text=True, check=True).stdout
        keep = "markdown" in shown
        self.tool(
            "lz",
            f"""#!/bin/bash
words=()
while [ $# -gt 0 ]; do
  if [ "$1" = --format ] && [ {int(not keep)} = 1 ]; then shift; else words+=("$1"); fi
  shift
done
case "${{words[0]}}" in
  plan|apply|drift) exec "{binary()}" "${{words[@]}}" --target "{self.twin.endpoint}" ;;
  *) exec "{binary()}" "${{words[@]}}" ;;
esac
""",
        )

    def tool(self, name: str, text: str = RECORDER):
        path = self.tools / name
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def answer(self, tool: str, rules: list[tuple[str, str]]):
        """Answers calls of a stand-in; the first rule whose text is in the arguments counts."""
        self.tool(tool)
        folder = self.answers / tool
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for number, (pattern, answer) in enumerate(rules):
            (folder / f"{number:03}").write_text(f"{pattern}\n{answer}\n", encoding="utf-8")

    def git(self, *arguments: str):
        subprocess.run(["git", "-C", str(self.checkout), *arguments], check=True, capture_output=True)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess:
        """Runs a step as a service would: bash that ends with the first error."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.checkout,
            env={
                "PATH": f"{self.tools}:/usr/local/bin:/usr/bin:/bin",
                "HOME": str(self.folder),
                "CALLS": str(self.calls),
                "ANSWERS": str(self.answers),
                "RUNNER_TEMP": str(self.folder),
                "GITHUB_PATH": str(self.folder / "path"),
                "LZ_SPEC": ".",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def ok(self, script: str, **environment: str) -> str:
        ran = self.run(script, **environment)
        assert ran.returncode == 0, f"{script}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def called(self) -> list[str]:
        return self.calls.read_text(encoding="utf-8").splitlines()

    def read(self, name: str) -> str:
        return (self.checkout / name).read_text(encoding="utf-8")

    def change(self):
        """Changes the organization by hand: it is not as the spec says."""
        (self.folder / "other").mkdir()
        (self.folder / "other" / "main.hcl").write_text(SPEC.replace('"One"', '"Other"'), encoding="utf-8")
        command = [binary(), "apply", str(self.folder / "other"), "--auto-approve", "--target", self.twin.endpoint]
        subprocess.run(command, check=True, capture_output=True, env={"HOME": os.environ.get("HOME", "/")})

    def close(self):
        self.twin.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
