"""Every command that the book shows is run, page by page, in the order of the page.

`LZ_UPDATE_DOCS=1` writes what the commands print into the pages; what fits already, such as with `...`, stays.
"""

import os
import re
import subprocess
import unittest
from pathlib import Path

from .book import DOCS, ROOT, Fence, Page, pages
from .session import Session, fits, strip_blank

LZ = Path(os.environ.get("LZ_BIN", ROOT / "target/debug/lz")).resolve()

UPDATE = "LZ_UPDATE_DOCS" in os.environ

# Pages that a test generates, with examples that it checks itself.
GENERATED = {"docs/reference/commands.md", "docs/reference/blocks.md", "docs/reference/functions.md"}

# Fences that cannot be run here, each with its reason before it. A longer list is a worse book.
MOST_SKIPPED = 12

SHELL = {"console", "sh", "bash", "shell"}


def commands(fence: Fence) -> list[tuple[int, str, list[str] | None]]:
    """The commands of a fence: line, text, and the lines that they shall print, or None where nothing is shown."""
    found: list[tuple[int, str, list[str] | None]] = []
    more = False
    for number, line in enumerate(fence.lines, fence.line + 1):
        if more:
            at, text, output = found[-1]
            found[-1] = (at, text + "\n" + line.removeprefix("> "), output)
        elif fence.language == "console":
            if line.startswith("$ "):
                found.append((number, line.removeprefix("$ "), []))
            else:
                assert found, f"line {number}: output before the first command"
                found[-1][2].append(line)
                continue
        elif line.strip() and not line.startswith("#"):
            found.append((number, line, None))
        more = bool(found) and found[-1][1].endswith("\\")
    return found


class Commands(unittest.TestCase):
    maxDiff = None

    def run_page(self, page: Page) -> int:
        """Runs a page and returns how many commands it has."""
        count = 0
        self.edits: list[tuple[int, int, list[str]]] = []
        with Session(LZ) as session:
            for fence in page.fences:
                if fence.skip is not None:
                    continue
                if fence.name and fence.language not in SHELL:
                    session.write(fence.name, fence.text)
                if fence.language in SHELL:
                    count += self.run_fence(page, fence, session)
        if self.edits:
            lines = page.path.read_text(encoding="utf-8").splitlines()
            for line, length, printed in reversed(self.edits):
                lines[line : line + length] = printed
            page.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return count

    def run_fence(self, page: Page, fence: Fence, session: Session) -> int:
        todo = commands(fence)
        for index, (line, command, expected) in enumerate(todo):
            place = f"{page.name}:{line}: {command}"
            code, printed = session.run(command)
            # A command that fails is followed by the question how it ended.
            asked = index + 1 < len(todo) and todo[index + 1][1] == "echo $?"
            if not asked:
                self.assertEqual(code, 0, f"{place}\n" + "\n".join(printed))
            if expected is None:
                continue
            if not fits(strip_blank(expected), printed):
                if UPDATE:
                    self.edits.append((line + command.count("\n"), len(expected), printed))
                    continue
                self.assertEqual("\n".join(expected), "\n".join(printed), place)
                self.fail(place)
        return len(todo)

    def test_every_command_of_every_page_does_what_the_page_says(self) -> None:
        total = 0
        for page in pages():
            if page.name not in GENERATED and any(f.language in SHELL and f.skip is None for f in page.fences):
                with self.subTest(page=page.name):
                    total += self.run_page(page)
        self.assertGreater(total, 40, "the book shows few commands")

    def test_commands_stand_in_fences_that_are_run(self) -> None:
        for page in pages():
            if page.name in GENERATED:
                continue
            for fence in page.fences:
                if fence.language not in SHELL and fence.skip is None:
                    for number, line in enumerate(fence.lines, fence.line + 1):
                        self.assertNotRegex(
                            line,
                            r"^\s*(\$ )?lz [a-z]",
                            f"{page.name}:{number}: use ```console, or say why it is not run: <!-- test: skip REASON -->",
                        )

    def test_what_is_not_run_says_why_and_is_little(self) -> None:
        skipped = [(page.name, f.line, f.skip) for page in pages() for f in page.fences if f.skip is not None]
        for name, line, reason in skipped:
            self.assertGreater(len(reason.split()), 2, f"{name}:{line}: why is it not run?")
        self.assertLessEqual(len(skipped), MOST_SKIPPED, skipped)

    def test_commands_and_options_in_sentences_exist(self) -> None:
        known = known_options((DOCS / "reference/commands.md").read_text(encoding="utf-8"))
        for page in pages():
            for number, line in page.prose:
                for text in re.findall(r"`lz ([^`]+)`", line):
                    words = text.split()
                    name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in known), None)
                    if name is None:
                        self.assertTrue(words[0].startswith("-") or not words[0].islower() or words[0] == "help", f"{page.name}:{number}: lz {text}")
                        continue
                    for word in words:
                        option = re.match(r"--[a-z-]+", word)
                        if option and option.group() not in {"--help", "--version"}:
                            self.assertIn(option.group(), known[name] | known[""], f"{page.name}:{number}: lz {text}")

    def test_hcl_on_the_pages_is_hcl(self) -> None:
        for page in pages():
            for fence in page.fences:
                if fence.language != "hcl" or page.name in GENERATED or "docs/errors/" in page.name or "examples/" in page.name:
                    continue
                with self.subTest(page=page.name, line=fence.line):
                    with Session(LZ) as session:
                        session.write("page.hcl", fence.text)
                        result = subprocess.run(
                            [LZ, "fmt", "page.hcl"], cwd=session.work, capture_output=True, text=True, check=False
                        )
                    self.assertEqual(result.returncode, 0, f"{page.name}:{fence.line}: {result.stderr}")


def known_options(text: str) -> dict[str, set[str]]:
    """The options of each command, from the generated page; those of every command under the empty name."""
    known: dict[str, set[str]] = {}
    name = ""
    for line in text.splitlines():
        if match := re.match(r"## lz ?(.*)$", line):
            name = match.group(1)
            known[name] = set()
        elif line.startswith("| ") and name in known:
            known[name].update(re.findall(r"`(--[a-z-]+)", line.split(" | ")[0]))
    return known


if __name__ == "__main__":
    unittest.main()
