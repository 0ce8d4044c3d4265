"""Pages, links and the book's table of contents fit together."""

import re
import unittest
from pathlib import Path

from .book import DOCS, ROOT, pages, read


class Book(unittest.TestCase):
    def test_every_page_is_in_the_table_of_contents_once(self) -> None:
        listed = [target for _, target in read(DOCS / "SUMMARY.md").links()]
        self.assertEqual(sorted(listed), sorted(set(listed)), "a page is listed twice")
        there = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")} - {"SUMMARY.md"}
        self.assertEqual(set(listed), there)

    def test_every_link_leads_somewhere(self) -> None:
        headings = {page.path: page.headings() for page in pages()}
        for page in pages():
            for line, target in page.links():
                place = f"{page.name}:{line}: {target}"
                self.assertNotRegex(target, r"^(ftp|mailto):", place)
                if re.match(r"https?://", target):
                    continue
                file, _, anchor = target.partition("#")
                path = (page.path.parent / file).resolve() if file else page.path
                self.assertTrue(path.exists(), place)
                if page.path.is_relative_to(DOCS):
                    # The book calls a README.md index.html, and does not say so to the pages that lead there.
                    self.assertNotEqual(path.name, "README.md", place)
                    # The book holds only what is below docs/.
                    self.assertTrue(path.is_relative_to(DOCS), place)
                    self.assertTrue(path.is_file(), place)
                if anchor:
                    self.assertIn(anchor, headings[path], place)

    def test_every_page_begins_with_its_only_title(self) -> None:
        for page in (page for page in pages() if page.path.name != "SUMMARY.md"):
            titles = [line for _, line in page.prose if re.match(r"# ", line)]
            self.assertEqual(len(titles), 1, page.name)
            self.assertEqual(page.path.read_text(encoding="utf-8").splitlines()[0], titles[0], page.name)

    def test_the_folder_of_the_book_is_the_one_that_mdbook_reads(self) -> None:
        text = (ROOT / "book.toml").read_text(encoding="utf-8")
        self.assertIn('src = "docs"', text)
        self.assertTrue((DOCS / "SUMMARY.md").is_file())

    def test_pages_name_no_folder_of_one_machine(self) -> None:
        for page in pages():
            self.assertNotRegex(page.path.read_text(encoding="utf-8"), r"/home/|/root/|/work/", page.name)


if __name__ == "__main__":
    unittest.main()
