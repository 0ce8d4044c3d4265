"""boto3 is refused what AWS refuses, with AWS's code and Reason, and nothing changes by it."""

import json
import pathlib
import re
import shutil
import tempfile
import unittest

from . import model
from .callers import Boto, Refused
from .refusals import ROWS
from .scene import Scene
from .twin import QUICK, UNTHROTTLED, Twin

# It has no input, and any credentials may ask who they are.
NEVER_REFUSED = {("sts", "GetCallerIdentity")}


class Refusals(unittest.TestCase):
    """One organization, kept in a state file, is opened under different settings; each row gets a test."""

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

    def check(self, row):
        call, before = self.open(row.under)
        caller = row.caller(self.scene) if callable(row.caller) else row.caller
        with self.assertRaises(Refused) as caught:
            call(row.service, row.operation, caller=caller, **row.given(self.scene))
        self.assertEqual((caught.exception.code, caught.exception.reason), (row.code, row.reason))
        self.assertEqual(call.log.problems[(row.service, row.operation)], [])
        self.assertEqual(self.scene.picture(call), before)

    def test_every_operation_has_a_refusal(self):
        refused = {(row.service, row.operation) for row in ROWS}
        self.assertEqual(refused, set(model.operations()) - NEVER_REFUSED)


for given_row in ROWS:

    def is_refused(self, row=given_row):
        self.check(row)

    words = re.sub(r"\W+", "_", given_row.when)
    is_refused.__name__ = f"test_{given_row.service}_{given_row.operation}_is_refused_when_{words}"
    assert not hasattr(Refusals, is_refused.__name__), f"{is_refused.__name__} is there twice"
    setattr(Refusals, is_refused.__name__, is_refused)


if __name__ == "__main__":
    unittest.main()
