"""Terraform applies stack sets and stacks to the twin, finds nothing to change, follows edits, and takes them away."""

import unittest

from . import test_terraform

# Terraform has no resource for ActivateOrganizationsAccess; trusted access has to do.
SETTINGS = test_terraform.SETTINGS | {"stack_sets_need_activation": False, "throttling": False}


class StackSets(test_terraform.TerraformCase):
    """One long story: apply, no change, change, apply, no change, destroy."""

    configuration = "stacks.tf"
    settings = SETTINGS

    def cfn(self, operation: str, **given):
        return self.call("cloudformation", operation, **given)

    def size_of(self, name: str) -> str:
        stacks = self.cfn("DescribeStacks")["Stacks"]
        found = [row for row in stacks if row["StackName"].startswith(name)]
        return found[0]["Parameters"][0]["ParameterValue"]

    def test_applies_plans_no_change_follows_edits_and_destroys(self):
        self.apply()
        with self.subTest("what was applied is there"):
            self.look("small")
        with self.subTest("a second plan has no change"):
            self.assert_no_change()
        self.terraform.change({"size": "big", "kind": "AWS::SQS::Queue"})
        self.assertTrue(self.terraform.plan_finds_changes()[0], "the edits are a change")
        self.apply()
        with self.subTest("the edits are there"):
            self.look("big")
        with self.subTest("a plan after the edits has no change"):
            self.assert_no_change()
        self.terraform(
            "destroy",
            "-auto-approve",
            "-input=false",
            "-no-color",
            "-target=aws_cloudformation_stack_set.managed",
            "-target=aws_cloudformation_stack_set.own",
            "-target=aws_cloudformation_stack.management",
        )
        listed = self.cfn("ListStackSets", Status="ACTIVE")["Summaries"]
        self.assertEqual(listed, [])

    def look(self, size: str):
        outputs = self.terraform.outputs()
        self.assertEqual(outputs["size"], size)
        listed = self.cfn("ListStackInstances", StackSetName="managed")["Summaries"]
        self.assertEqual(len(listed), 2)
        self.assertEqual({row["Status"] for row in listed}, {"CURRENT"})
        self.assertEqual({row["OrganizationalUnitId"] for row in listed}, {outputs["unit"]})
        self.assertEqual(self.size_of("StackSet-own-"), size)
        seen = self.cfn("DescribeStackSet", StackSetName="managed")["StackSet"]
        self.assertEqual(seen["Parameters"], [{"ParameterKey": "Size", "ParameterValue": size}])
        self.assertEqual(seen["Tags"], [{"Key": "team", "Value": "security"}])


if __name__ == "__main__":
    unittest.main()
