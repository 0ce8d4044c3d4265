"""lz and iam-simulate say the same of every level."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from .cases import Cases

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INSTALLED = ROOT / "target" / "differential"
QUESTIONS = 5000
RUN_SECONDS = 600


def install() -> None:
    """Installs iam-simulate under target/; a finished installation of the same version stays."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text(encoding="utf-8")
    done = INSTALLED / "installed"
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        (INSTALLED / "package.json").write_text(wanted, encoding="utf-8")
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=INSTALLED, check=True, timeout=RUN_SECONDS)
        done.write_text(wanted, encoding="utf-8")
    shutil.copy(HERE / "simulate.mjs", INSTALLED)


def answers(command: list, questions: str) -> list:
    ran = subprocess.run(
        command, input=questions, capture_output=True, text=True, check=True, timeout=RUN_SECONDS
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


@unittest.skipUnless(shutil.which("npm") and shutil.which("node"), "npm and node are not installed")
class OtherEvaluator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            install()
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(f"iam-simulate cannot be installed: {error}") from error

    def test_every_level_is_answered_alike(self):
        cases = Cases(seed=1)
        asked = [cases.question(number) for number in range(QUESTIONS)]
        lines = "".join(json.dumps(question) + "\n" for question in asked)
        lz = os.environ.get("LZ_BIN", str(ROOT / "target" / "debug" / "lz"))
        ours = answers([lz, "policy", "eval"], lines)
        theirs = answers(["node", str(INSTALLED / "simulate.mjs")], lines)
        self.assertEqual(len(ours), QUESTIONS)
        self.assertEqual(len(theirs), QUESTIONS)
        denied = 0
        for question, mine, other in zip(asked, ours, theirs):
            self.assertNotIn("error", mine, question)
            self.assertNotIn("error", other, question)
            # iam-simulate stops at the first level that denies.
            self.assertEqual(mine["levels"][: len(other["levels"])], other["levels"], json.dumps(question))
            denied += mine["decision"] == "deny"
        self.assertGreater(denied, QUESTIONS // 10)
        self.assertLess(denied, QUESTIONS * 9 // 10)


if __name__ == "__main__":
    unittest.main()
