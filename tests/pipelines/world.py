"""A repository with a spec, a twin, and stand-ins for the programs that speak to the outside."""

import dataclasses
import os
import pathlib
import shlex
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


@dataclasses.dataclass(frozen=True)
class Script:
    """What a service runs, with the options that it gives to bash."""

    text: str
    options: tuple[str, ...] = ()


def github(step: dict, workflow: dict) -> Script:
    """Returns a step as GitHub's runner runs it: pipes fail with any part only where the workflow names bash itself
    (GitHub Docs, "Workflow syntax", jobs.<job_id>.steps[*].shell)."""
    named = step.get("shell", workflow.get("defaults", {}).get("run", {}).get("shell"))
    options = {None: ("-e",), "bash": ("--noprofile", "--norc", "-eo", "pipefail")}[named]
    return Script(step["run"], options)


def gitlab(lines: list[str]) -> Script:
    """Returns a job as GitLab's runner runs it: all lines in one shell, which ends with the first error, also in a pipe
    (gitlab-runner, shells/bash.go; with FF_USE_NEW_BASH_EVAL_STRATEGY, which keeps the exit code)."""
    return Script("set -o pipefail; set -o errexit; set +o noclobber\n: | (eval " + shlex.quote("\n".join(lines)) + ")\n")


def codebuild(commands: list[str]) -> Script:
    """Returns commands as CodeBuild runs them: in one shell without options, ended by the first command of the list that
    fails as a whole (AWS CodeBuild User Guide, "Shells and commands in build environments")."""
    each = 'eval {}\n_status=$?; [ "$_status" -eq 0 ] || exit "$_status"\n'
    return Script("".join(each.format(shlex.quote(command)) for command in commands))


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
        self.commit("A zone")
        self.git("branch", "--move", "main")
        self.git("remote", "add", "origin", str(self.checkout))
        self.git("fetch", "--quiet", "origin")
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        self.answers = self.folder / "answers"
        self.calls = self.folder / "calls"
        self.calls.touch()
        self._lz()

    def _lz(self):
        self.tool(
            "lz",
            f"""#!/bin/bash
case "$1" in
  plan|apply|drift) exec "{binary()}" "$@" --target "{self.twin.endpoint}" ;;
  *) exec "{binary()}" "$@" ;;
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

    def commit(self, message: str):
        self.git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-a", "-m", message)

    def run(self, script: Script, **environment: str) -> subprocess.CompletedProcess:
        """Runs a script as its service would."""
        file = self.folder / "script"
        file.write_text(script.text, encoding="utf-8")
        return subprocess.run(
            ["bash", *script.options, str(file)],
            cwd=self.checkout,
            env={
                "PATH": f"{self.tools}:/usr/local/bin:/usr/bin:/bin",
                "HOME": str(self.folder),
                "CALLS": str(self.calls),
                "ANSWERS": str(self.answers),
                "RUNNER_TEMP": str(self.folder),
                "GITHUB_PATH": str(self.folder / "path"),
                "GITHUB_OUTPUT": str(self.folder / "output"),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
                "GITHUB_SERVER_URL": "https://github.example",
                "GITHUB_REPOSITORY": "acme/zone",
                "GITHUB_RUN_ID": "99",
                "GITHUB_BASE_REF": "main",
                "GITHUB_SHA": "abc",
                "GH_TOKEN": "x",
                "CI_JOB_URL": "https://gitlab.example/acme/zone/-/jobs/7",
                "CODEBUILD_SRC_DIR_Planned": str(self.folder / "planned"),
                "LZ_ACCEPT": "",
                "LZ_SPEC": ".",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def ok(self, script: Script, **environment: str) -> str:
        ran = self.run(script, **environment)
        assert ran.returncode == 0, f"{script.text}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def lz(self, line: str) -> str:
        return self.ok(Script(f"lz {line}", ("-e",)))

    def keep(self, *names: str, under: pathlib.Path):
        """Keeps artifacts, and takes them out of the checkout."""
        under.mkdir(exist_ok=True)
        for name in names:
            shutil.move(self.checkout / name, under / name)

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
