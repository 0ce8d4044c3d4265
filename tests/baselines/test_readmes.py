"""The READMEs say everything about the templates, and the snippets of the common one are a spec that holds."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from .templates import FOLDER, load, names

COMMON = (FOLDER / "README.md").read_text(encoding="utf-8")
SECTIONS = ["## Where", "## Parameters", "## Cost", "## Limits", "## Undo"]


def readme(name: str) -> str:
    return (FOLDER / name / "README.md").read_text(encoding="utf-8")


def snippets() -> dict[str, str]:
    """Returns the HCL of the common README by its headings."""
    found = {}
    for section in re.split(r"^##+ ", COMMON, flags=re.MULTILINE)[1:]:
        blocks = re.findall(r"^```hcl\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
        if blocks:
            (found[section.splitlines()[0]],) = blocks
    return found


def braces(text: str, start: int) -> str:
    """Returns what stands between a brace that opened just before `start` and the one that closes it."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    raise AssertionError("a brace stays open")


class Readmes(unittest.TestCase):
    def test_each_baseline_has_one_that_says_all(self):
        for name in names():
            text = readme(name)
            places = [text.index(section) for section in SECTIONS]
            self.assertEqual(places, sorted(places), name)

    def test_they_name_every_parameter_with_its_default(self):
        for name in names():
            table = readme(name).split("## Parameters")[1].split("\n## ")[0]
            rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", table, flags=re.MULTILINE)
            self.assertEqual([row[0] for row in rows], list(load(name)["Parameters"]), name)
            for key, default, _ in rows:
                value = load(name)["Parameters"][key].get("Default")
                wanted = "required" if value is None else f"`{value}`" if value != "" else "empty"
                self.assertEqual(default, wanted, (name, key))

    def test_they_ask_for_the_capability_that_is_needed(self):
        for name in names():
            kinds = {row["Type"] for row in load(name)["Resources"].values()}
            # Every IAM resource here has a name of its own.
            named = any(kind.startswith("AWS::IAM::") for kind in kinds)
            (row,) = re.findall(rf"^\| \[{name}\].*$", COMMON, flags=re.MULTILINE)
            for text in (readme(name).split("## Parameters")[0], row):
                self.assertEqual("CAPABILITY_NAMED_IAM" in text, named, name)
            self.assertEqual("local.named_iam" in snippets()[name], named, name)

    def test_links_lead_somewhere(self):
        for folder in (FOLDER, *(FOLDER / name for name in names())):
            for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", (folder / "README.md").read_text(encoding="utf-8")):
                self.assertTrue((folder / link).exists(), (folder.name, link))

    def test_each_baseline_stands_in_the_spec(self):
        found = snippets()
        for name in names():
            self.assertIn(f'file("../baselines/{name}/template.yaml")', found[name])
            parameters = load(name)["Parameters"]
            given = set()
            for start in re.finditer(r"parameters\s*= \{", found[name]):
                given |= set(re.findall(r"^\s*(\w+)\s*=[^=]", braces(found[name], start.end()), flags=re.MULTILINE))
            self.assertLessEqual(given, set(parameters), name)
            needed = {key for key, parameter in parameters.items() if "Default" not in parameter}
            self.assertLessEqual(needed, given, name)


@unittest.skipUnless("LZ_BIN" in os.environ, "needs the program: set LZ_BIN")
class Spec(unittest.TestCase):
    """The snippets, one after the other, are a landing zone."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = pathlib.Path(folder.name)
        # The spec reads files up to the root of its repository.
        (root / ".git").mkdir()
        shutil.copytree(FOLDER, root / "baselines")
        self.spec = root / "spec"
        self.spec.mkdir()
        for at, text in enumerate(snippets().values()):
            (self.spec / f"{at:02}.hcl").write_text(text, encoding="utf-8")

    def lz(self, *arguments: str) -> str:
        command = [os.environ["LZ_BIN"], *arguments, str(self.spec)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def test_it_is_formatted(self):
        self.lz("fmt", "--check")

    def test_lz_has_nothing_against_it(self):
        text = self.lz("validate")
        self.assertNotIn("warning", text)

    def test_it_comes_up_on_the_twin_and_settles(self):
        self.assertNotIn("warning", self.lz("plan", "--target", "twin"))
        self.lz("apply", "--target", "twin")
        self.assertIn("No changes.", self.lz("plan", "--target", "twin"))


if __name__ == "__main__":
    unittest.main()
