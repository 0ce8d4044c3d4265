"""A shell in a folder of its own, in which the commands of one page run one after the other."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time
from pathlib import Path

from .book import ROOT

COLUMNS = 80
LIMIT = 120  # seconds a command
END = "--end-of-command--"

# What lz says while it works: on a terminal it is erased again.
PROGRESS = re.compile(r"^(\[ *\d+/\d+\] |Read the organization: |Reading |waiting |listening on )")

# What differs from run to run.
VOLATILE = [
    (re.compile(r"\b(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})\b"), "<ou>"),
    (re.compile(r"\br-[0-9a-z]{4,32}\b"), "<root>"),
    (re.compile(r"\bo-[0-9a-z]{10,32}\b"), "<organization>"),
    (re.compile(r"\bp-[0-9a-z]{8,128}\b"), "<policy>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    # An account's number, or the beginning of a commit's.
    (re.compile(r"\b[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| UTC)?"), "<time>"),
    # How long AWS takes is what estimates have tests for; a page that shows one need not follow every call more or less.
    (re.compile(r"\b(\d+ h )?(\d+ min )?\d+(\.\d+)? (min|m?s)\b"), "<span>"),
    (re.compile(r"^lz \d+\.\d+\.\d+( \(.*\))?$"), "lz <version>"),
    (re.compile(r" {2,}"), "  "),
]


def normal(text: str) -> str:
    for pattern, word in VOLATILE:
        text = pattern.sub(word, text)
    return text.rstrip()


def fits(expected: list[str], actual: list[str]) -> bool:
    """Whether the output is the expected one. A line `...` stands for any number of lines."""
    if not expected:
        return not actual
    if expected[0].strip() == "...":
        return any(fits(expected[1:], actual[skip:]) for skip in range(len(actual) + 1))
    return bool(actual) and normal(expected[0]) == normal(actual[0]) and fits(expected[1:], actual[1:])


class Session:
    """The shell. The commands' terminal has 80 columns; there is nobody at the keyboard."""

    def __init__(self, lz: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lz-docs-"))
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "lz").symlink_to(lz.resolve())
        self.work = self.folder / "work"
        self.work.mkdir()
        shutil.copytree(ROOT / "examples", self.work / "examples", ignore=shutil.ignore_patterns(".lz"))
        # The reader is in a checkout: files of a spec may lie anywhere in its repository.
        subprocess.run(["git", "init", "--quiet", self.work], check=True, stdin=subprocess.DEVNULL)
        home = self.folder / "home"
        home.mkdir()
        environment = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(home),
            "TMPDIR": str(self.folder),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "NO_COLOR": "1",
            "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": "user.name",
            "GIT_CONFIG_VALUE_0": "Reader",
            "GIT_CONFIG_KEY_1": "user.email",
            "GIT_CONFIG_VALUE_1": "reader@example.com",
            # Anything is a credential to the twin.
            "AWS_ACCESS_KEY_ID": "111122223333",
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.terminal, inside = pty.openpty()
        termios.tcsetwinsize(inside, (200, COLUMNS))
        self.shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            stdin=subprocess.PIPE,
            stdout=inside,
            stderr=inside,
            cwd=self.work,
            env=environment,
            start_new_session=True,
            text=True,
        )
        os.close(inside)
        # `cargo run --release --` is lz, and nothing else of cargo is there.
        self._send('cargo() { if [ "$1 $2 $3" = "run --release --" ]; then shift 3; lz "$@"; else return 1; fi; }')

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self.shell.pid, signal.SIGKILL)
        self.shell.wait()
        self.shell.stdin.close()
        os.close(self.terminal)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _send(self, text: str) -> None:
        self.shell.stdin.write(text + "\n")
        self.shell.stdin.flush()

    def write(self, name: str, text: str) -> None:
        """Writes a file that the page shows."""
        path = (self.work / name).resolve()
        assert path.is_relative_to(self.work), name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, command: str) -> tuple[int, list[str]]:
        """Runs a command; returns its exit code and the lines that it printed, without those of progress."""
        # The command's own standard input is empty, and `$?` is there for the next command.
        self._send(f"{{ {command}\n}} < /dev/null; lz_code=$?; echo; echo '{END}' $lz_code; (exit $lz_code)")
        text = ""
        until = time.monotonic() + LIMIT
        while True:
            if END in text[-100:] and (match := re.search(rf"^{END} (\d+)\n", text, re.MULTILINE)):
                lines = text[: match.start()].removesuffix("\n").split("\n")
                kept = [line.rstrip() for line in lines if not PROGRESS.match(line)]
                return int(match.group(1)), strip_blank(kept)
            ready, _, _ = select.select([self.terminal], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"`{command}` does not end; so far:\n{text}"
            text += os.read(self.terminal, 65536).decode("utf-8", "replace").replace("\r\n", "\n")


def strip_blank(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    while lines and not lines[0]:
        lines = lines[1:]
    return lines
