"""boto3 and the AWS CLI are refused what AWS refuses, with AWS's code and Reason, and nothing changes by it."""

import concurrent.futures
import json
import pathlib
import re
import shutil
import tempfile
import unittest

from . import model
from .callers import Boto, Cli, Refused
from .refusals import ROWS
from .scene import Scene
from .twin import QUICK, UNTHROTTLED, Twin

# It has no input, and any credentials may ask who they are.
NEVER_REFUSED = {("sts", "GetCallerIdentity")}


class SceneCase(unittest.TestCase):
    """One organization, kept in a state file, that is opened under different settings."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="lz-refusals-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.state = cls.folder / "organization"
        twin = Twin(settings=UNTHROTTLED, state=cls.state, time_scale=QUICK)
        cls.addClassCleanup(twin.stop)
        cls.scene = Scene(unittest.TestCase(), Boto(twin.endpoint))
        twin.stop()
        cls.opened = {}

    @classmethod
    def caller_of(cls, row):
        return row.caller(cls.scene) if callable(row.caller) else row.caller

    @classmethod
    def open(cls, under: dict) -> tuple[Boto, dict]:
        """Returns boto3 at a twin with a copy of the organization and these settings, and the picture of it.

        The twin stays for the class: refused calls leave it as it was.
        """
        key = json.dumps(under, sort_keys=True)
        if key not in cls.opened:
            copy = cls.folder / f"organization-{len(cls.opened)}"
            shutil.copy(cls.state, copy)
            twin = Twin(settings=UNTHROTTLED | under, state=copy)
            cls.addClassCleanup(twin.stop)
            call = Boto(twin.endpoint)
            cls.opened[key] = (call, cls.scene.picture(call))
        return cls.opened[key]


class Boto3(SceneCase):
    """Every row with boto3; each gets a test."""

    def check(self, row):
        call, before = self.open(row.under)
        with self.assertRaises(Refused) as caught:
            call(row.service, row.operation, caller=self.caller_of(row), **row.given(self.scene))
        self.assertEqual((caught.exception.code, caught.exception.reason), (row.code, row.reason))
        self.assertEqual(call.log.problems[(row.service, row.operation)], [])
        self.assertEqual(self.scene.picture(call), before)

    def test_every_operation_has_a_refusal(self):
        refused = {(row.service, row.operation) for row in ROWS}
        self.assertEqual(refused, set(model.operations()) - NEVER_REFUSED)


class AwsCli(SceneCase):
    """One row of each operation with the AWS CLI, two processes at a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        call, before = cls.open({})
        cls.cli = Cli(call.endpoint)
        cls.addClassCleanup(cls.cli.close)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            cls.refused = dict(zip(CLI_ROWS, pool.map(cls.refusal_of, CLI_ROWS.values())))
        cls.changed = cls.scene.picture(call) != before

    @classmethod
    def refusal_of(cls, row) -> str:
        """Returns the code that the CLI was given, or why there is none."""
        try:
            answer = cls.cli(row.service, row.operation, caller=cls.caller_of(row), **row.given(cls.scene))
        except Refused as refused:
            return refused.code
        except AssertionError as error:
            return str(error)
        return f"it was answered: {answer}"

    def check(self, row):
        self.assertEqual(self.refused[(row.service, row.operation)], row.code)

    def test_every_operation_is_refused_once(self):
        self.assertEqual(set(CLI_ROWS), set(model.operations()) - NEVER_REFUSED)

    def test_nothing_has_changed(self):
        self.assertFalse(self.changed)


# What the CLI refuses by itself, before it asks.
ITS_OWN_CHECKS = ("INPUT_REQUIRED", "MIN_LENGTH_EXCEEDED", "MIN_VALUE_EXCEEDED", "fieldValidationFailed")


def rows_for_the_cli() -> dict:
    """Returns a row of each operation that reaches the twin through the CLI, rather not one about its input."""
    fit = [row for row in ROWS if not row.under and row.reason not in ITS_OWN_CHECKS]
    about_input = [row for row in fit if row.code == "InvalidInputException"]
    others = [row for row in fit if row.code != "InvalidInputException"]
    return {(row.service, row.operation): row for row in reversed(others + about_input)}


CLI_ROWS = rows_for_the_cli()


def add_test(cls, row):
    """Adds the test of a row, named after it."""

    def is_refused(self):
        self.check(row)

    words = re.sub(r"\W+", "_", row.when)
    is_refused.__name__ = f"test_{row.service}_{row.operation}_is_refused_when_{words}"
    assert not hasattr(cls, is_refused.__name__), f"{is_refused.__name__} is there twice"
    setattr(cls, is_refused.__name__, is_refused)


for each in ROWS:
    add_test(Boto3, each)
for each in CLI_ROWS.values():
    add_test(AwsCli, each)


if __name__ == "__main__":
    unittest.main()
