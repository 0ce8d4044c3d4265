"""Terraform sets up a landing zone, administrators and permissions on the twin, and then finds nothing to change."""

import json
import unittest

from . import test_terraform


class Neighbours(test_terraform.TerraformCase):
    """One long story: apply, no change, change, apply, no change, destroy."""

    configuration = "neighbours.tf"
    settings = test_terraform.SETTINGS | {"throttling": False}

    def test_applies_plans_no_change_follows_edits_and_destroys(self):
        self.apply()
        with self.subTest("what was applied is there"):
            self.look(["us-east-1"], "PT1H")
        with self.subTest("a second plan has no change"):
            self.assert_no_change()
        self.terraform.change({"allowed_regions": json.dumps(["eu-west-1"]), "session": "PT4H"})
        self.assertTrue(self.terraform.plan_finds_changes()[0], "the edits are a change")
        self.apply()
        with self.subTest("the edits are there"):
            self.look(["eu-west-1"], "PT4H")
        with self.subTest("a plan after the edits has no change"):
            self.assert_no_change()
        self.terraform("destroy", "-auto-approve", "-input=false", "-no-color")
        with self.assertRaisesRegex(Exception, "AWSOrganizationsNotInUseException"):
            self.org("DescribeOrganization")

    def look(self, regions: list[str], session: str):
        outputs = self.terraform.outputs()
        self.assertEqual(outputs["found"], outputs["group"])
        zone = self.call("controltower", "ListLandingZones")["landingZones"][0]["arn"]
        shown = self.call("controltower", "GetLandingZone", landingZoneIdentifier=zone)["landingZone"]
        self.assertEqual((shown["status"], shown["driftStatus"]["status"]), ("ACTIVE", "IN_SYNC"))
        self.look_at_controls(outputs["unit"], regions)
        admins = self.call("guardduty", "ListOrganizationAdminAccounts")["AdminAccounts"]
        self.assertEqual([row["AdminAccountId"] for row in admins], [outputs["audit"]])
        admins = self.call("securityhub", "ListOrganizationAdminAccounts")["AdminAccounts"]
        self.assertEqual([row["AccountId"] for row in admins], [outputs["audit"]])
        self.look_at_permissions(outputs, session)

    def look_at_controls(self, unit: str, regions: list[str]):
        enabled = self.call("controltower", "ListEnabledControls", targetIdentifier=unit)["enabledControls"]
        self.assertEqual(len(enabled), 2)
        with_regions = next(row["arn"] for row in enabled if "controlcatalog" in row["controlIdentifier"])
        shown = self.call("controltower", "GetEnabledControl", enabledControlIdentifier=with_regions)
        parameters = shown["enabledControlDetails"]["parameters"]
        self.assertEqual(parameters, [{"key": "AllowedRegions", "value": regions}])

    def look_at_permissions(self, outputs: dict, session: str):
        instance = self.call("sso-admin", "ListInstances")["Instances"][0]["InstanceArn"]
        sets = self.call("sso-admin", "ListPermissionSets", InstanceArn=instance)["PermissionSets"]
        which = {"InstanceArn": instance, "PermissionSetArn": sets[0]}
        shown = self.call("sso-admin", "DescribePermissionSet", **which)["PermissionSet"]
        self.assertEqual(shown["SessionDuration"], session)
        listed = self.call("sso-admin", "ListAccountAssignments", AccountId=outputs["audit"], **which)
        self.assertEqual([row["PrincipalId"] for row in listed["AccountAssignments"]], [outputs["group"]])


if __name__ == "__main__":
    unittest.main()
