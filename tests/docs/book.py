"""Reads the pages of the book: fences, links, headings."""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

# `<!-- test: skip REASON -->` on the line before a fence.
SKIP = re.compile(r"<!-- test: skip (?P<reason>.+?) -->")
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^)\s]+)\)")
INLINE_CODE = re.compile(r"`[^`\n]+`")


@dataclass
class Fence:
    """A fenced block: its language, the word after it (a file name), its lines, and why it is not run, if it is not."""

    language: str
    name: str
    line: int
    lines: list[str] = field(default_factory=list)
    skip: str | None = None

    @property
    def text(self) -> str:
        return "".join(line + "\n" for line in self.lines)


@dataclass
class Page:
    """A page: its fences in order, and its text without them."""

    path: Path
    fences: list[Fence]
    prose: list[tuple[int, str]]

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    def headings(self) -> set[str]:
        """The anchors of the headings, as GitHub and mdBook make them."""
        found: dict[str, int] = {}
        anchors = set()
        for _, line in self.prose:
            if match := re.match(r"#{1,6} (.+)$", line):
                text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", lambda m: m.group(1) or "", match.group(1))
                anchor = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
                count = found.get(anchor, 0)
                found[anchor] = count + 1
                anchors.add(f"{anchor}-{count}" if count else anchor)
        return anchors

    def links(self) -> list[tuple[int, str]]:
        """The targets of the links with their lines."""
        found = []
        for number, line in self.prose:
            # The code inside of a link's text is not the link.
            for match in LINK.finditer(re.sub(r"`[^`]*\]\([^`]*`", "", line)):
                found.append((number, match.group("target")))
        return found


def read(path: Path) -> Page:
    fences: list[Fence] = []
    prose: list[tuple[int, str]] = []
    current: Fence | None = None
    marker = ""
    previous = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        stripped = line.strip()
        if current is not None:
            if stripped.startswith(marker) and not stripped.strip("`~"):
                fences.append(current)
                current = None
            else:
                current.lines.append(line)
        elif match := re.match(r"(```+|~~~+)\s*(\S*)\s*(.*)$", stripped):
            marker = match.group(1)
            skip = SKIP.search(previous)
            current = Fence(match.group(2), match.group(3), number, skip=skip and skip.group("reason"))
        else:
            prose.append((number, line))
        previous = line
    assert current is None, f"{path}: a fence is not closed"
    return Page(path, fences, prose)


def pages() -> list[Page]:
    """README.md, every page below docs/, and the examples' own pages."""
    examples = sorted((ROOT / "examples").rglob("README.md"))
    return [read(path) for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md")), *examples]]
