"""Terraform applies an organization of 30 accounts to the twin, and then finds nothing to change."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from clients.callers import Boto
from clients.twin import Twin

from . import mirror

HERE = pathlib.Path(__file__).parent

# Terraform looks at a new account once and then after ten seconds, so creations end at once. The rates are AWS's
# own, on a clock that runs a thousand times as fast.
SETTINGS = {"create_account_seconds": 0, "removal_wait_days": 0}
TIME_SCALE = 1000.0
LIMIT_SECONDS = 900

CLI_CONFIGURATION = """
disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path    = "{mirror}"
    include = ["registry.terraform.io/hashicorp/aws"]
  }}
}}
"""

CHANGES = {
    "workloads_name": "Products",
    "moved_account_unit": "Sandbox",
    "denied_action": "cloudtrail:UpdateTrail",
}


class Terraform:
    """A working folder with the configuration, an empty state and a command line configuration of its own."""

    def __init__(self, program: str, plugins: pathlib.Path, configuration: str, endpoint: str):
        self.program = program
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lz-terraform-"))
        shutil.copy(HERE / configuration, self.folder)
        cli = self.folder / "cli.tfrc"
        cli.write_text(CLI_CONFIGURATION.format(mirror=plugins), encoding="utf-8")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TF_CLI_CONFIG_FILE": str(cli),
            "TF_IN_AUTOMATION": "1",
            "TF_VAR_endpoint": endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __call__(self, *words: str, allowed=(0,)) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [self.program, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
        if done.returncode not in allowed:
            raise AssertionError(
                f"terraform {' '.join(words)}: exit code {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
            )
        return done

    def change(self, variables: dict[str, str]):
        self.environment |= {f"TF_VAR_{name}": value for name, value in variables.items()}

    def plan_finds_changes(self) -> tuple[bool, str]:
        """Returns whether a plan has changes (exit code 2) and its text."""
        done = self("plan", "-detailed-exitcode", "-input=false", "-no-color", allowed=(0, 2))
        return done.returncode == 2, done.stdout

    def outputs(self) -> dict:
        return {name: value["value"] for name, value in json.loads(self("output", "-json").stdout).items()}


class TerraformCase(unittest.TestCase):
    """A twin and an initialized working folder."""

    configuration: str
    settings = SETTINGS
    missing: str | None = None

    @classmethod
    def setUpClass(cls):
        try:
            program, plugins = mirror.terraform(), mirror.provider_mirror()
        except unittest.SkipTest as reason:
            # A class that is skipped here as a whole would not be counted.
            cls.missing = str(reason)
            return
        cls.twin = Twin(settings=cls.settings, time_scale=TIME_SCALE)
        cls.addClassCleanup(cls.twin.stop)
        cls.terraform = Terraform(program, plugins, cls.configuration, cls.twin.endpoint)
        cls.addClassCleanup(cls.terraform.close)
        cls.call = Boto(cls.twin.endpoint)
        cls.terraform("init", "-input=false", "-no-color")

    def setUp(self):
        if self.missing is not None:
            self.skipTest(self.missing)

    def org(self, operation: str, **given):
        return self.call("organizations", operation, **given)

    def every(self, operation: str, member: str, **given) -> list:
        client = self.call.client("organizations")
        pages = client.get_paginator(operation).paginate(**given)
        return [row for page in pages for row in page[member]]

    def assert_no_change(self):
        changes, text = self.terraform.plan_finds_changes()
        self.assertFalse(changes, text)

    def apply(self):
        self.terraform("apply", "-auto-approve", "-input=false", "-no-color")


class AnOrganizationOfThirtyAccounts(TerraformCase):
    """One long story: apply, no change, change, apply, no change, destroy."""

    configuration = "landing_zone.tf"

    def test_applies_plans_no_change_follows_edits_and_destroys(self):
        self.apply()
        with self.subTest("what was applied is there"):
            self.look()
        with self.subTest("a second plan has no change"):
            self.assert_no_change()
        self.terraform.change(CHANGES)
        self.assertTrue(self.terraform.plan_finds_changes()[0], "the edits are a change")
        self.apply()
        with self.subTest("the edits are there"):
            self.look_at_edits()
        with self.subTest("a plan after the edits has no change"):
            self.assert_no_change()
        self.terraform("destroy", "-auto-approve", "-input=false", "-no-color")
        with self.assertRaisesRegex(Exception, "AWSOrganizationsNotInUseException"):
            self.org("DescribeOrganization")

    def look(self):
        outputs = self.terraform.outputs()
        accounts = {row["Name"]: row["Id"] for row in self.every("list_accounts", "Accounts")}
        self.assertEqual(len(accounts), 31)
        self.assertLessEqual(outputs["accounts"].items(), accounts.items())
        self.assertEqual(len(outputs["units"]), 11)
        policies = self.every("list_policies", "Policies", Filter="SERVICE_CONTROL_POLICY")
        self.assertEqual(len(policies), 21)
        targets = [
            row
            for policy in policies
            if not policy["AwsManaged"]
            for row in self.every("list_targets_for_policy", "Targets", PolicyId=policy["Id"])
        ]
        self.assertEqual(len(targets), 26)
        delegates = self.every("list_delegated_administrators", "DelegatedAdministrators")
        self.assertEqual({row["Name"] for row in delegates}, {"account-00", "account-01"})
        services = self.every("list_aws_service_access_for_organization", "EnabledServicePrincipals")
        self.assertEqual(len(services), 6)

    def look_at_edits(self):
        outputs = self.terraform.outputs()
        unit = self.org("DescribeOrganizationalUnit", OrganizationalUnitId=outputs["units"]["Workloads"])
        self.assertEqual(unit["OrganizationalUnit"]["Name"], CHANGES["workloads_name"])
        parents = self.org("ListParents", ChildId=outputs["accounts"]["account-29"])["Parents"]
        self.assertEqual(parents[0]["Id"], outputs["units"][CHANGES["moved_account_unit"]])
        policies = self.every("list_policies", "Policies", Filter="SERVICE_CONTROL_POLICY")
        edited = next(policy["Id"] for policy in policies if policy["Name"] == "guard-00")
        self.assertIn(
            CHANGES["denied_action"], self.org("DescribePolicy", PolicyId=edited)["Policy"]["Content"]
        )


class AccountsThatClose(TerraformCase):
    """Terraform waits until the accounts that it closes are closed."""

    configuration = "closing.tf"

    def test_an_account_that_leaves_the_configuration_is_closed(self):
        self.apply()
        self.terraform.change({"accounts": json.dumps(["old"])})
        self.apply()
        self.assert_no_change()
        states = {row["Name"]: row["State"] for row in self.every("list_accounts", "Accounts")}
        self.assertEqual((states["old"], states["older"]), ("ACTIVE", "CLOSED"))


if __name__ == "__main__":
    unittest.main()
