"""boto3 and the AWS CLI walk through the services around Organizations; every answer fits botocore's model."""

import unittest

from . import model
from .callers import Boto, Cli, Refused
from .neighbour_walk import PLAYED, SETTINGS, NeighbourWalk
from .twin import TwinCase

# An operation of each service that the twin does not have.
LEFT_OUT = {
    "accessanalyzer": ("ListArchiveRules", {"analyzerName": "x"}),
    "auditmanager": ("ListControls", {"controlType": "Custom"}),
    "backup": ("ListBackupVaults", {}),
    "cloudtrail": ("DescribeTrails", {}),
    "controlcatalog": ("ListDomains", {}),
    "detective": ("ListGraphs", {}),
    "ec2": ("DescribeVpcs", {}),
    "fms": ("ListPolicies", {}),
    "guardduty": ("ListDetectors", {}),
    "iam": ("ListUsers", {}),
    "identitystore": None,
    "inspector2": ("ListFilters", {}),
    "macie2": ("GetMacieSession", {}),
    "ram": ("ListPermissions", {}),
    "securityhub": ("DescribeHub", {}),
    "servicecatalog": ("ListPortfolios", {}),
    "sso-admin": ("ListApplicationProviders", {}),
}


def every_operation(cls):
    """Adds a test for each operation, so that a forgotten one fails by its name."""
    for service, operations in PLAYED.items():
        for operation in sorted(operations):

            def answers_as_modelled(self, key=(service, operation)):
                self.assertGreater(self.log.answered[key], 0, "the walk has not called it with success")
                self.assertEqual(self.log.problems[key], [])

            name = f"test_{service}_{operation}_answers_as_modelled"
            answers_as_modelled.__name__ = name
            setattr(cls, name, answers_as_modelled)
    return cls


class Walked(TwinCase):
    """Walks once, then asks the log about each operation."""

    settings = SETTINGS
    time_scale = None


@every_operation
class Boto3(Walked):
    """The whole walk with boto3."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        call = Boto(cls.twin.endpoint)
        cls.log = call.log
        NeighbourWalk(unittest.TestCase(), call).all()

    def test_control_tower_and_the_identity_store_are_played_in_full(self):
        for service in ("controltower", "identitystore"):
            self.assertEqual(PLAYED[service], set(model.service(service).operation_names))

    def test_an_operation_that_is_left_out_is_refused_by_name(self):
        call = Boto(self.twin.endpoint)
        for service, left_out in LEFT_OUT.items():
            if left_out is None:
                continue
            operation, given = left_out
            with self.subTest(service=service, operation=operation):
                with self.assertRaises(Refused) as caught:
                    call(service, operation, **given)
                self.assertEqual(caught.exception.code, "UnknownOperationException")



@every_operation
class AwsCli(Walked):
    """The whole walk with the AWS CLI."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cli = Cli(cls.twin.endpoint)
        cls.addClassCleanup(cli.close)
        cls.log = cli.log
        NeighbourWalk(unittest.TestCase(), cli).all()


if __name__ == "__main__":
    unittest.main()
