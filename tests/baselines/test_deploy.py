"""The templates become stacks on moto, as far as moto knows their resources, and the stacks go again."""

import json
import re
import unittest

from . import templates
from .templates import AWAY, HOME, Flat, names, policies, variants
from .world import MOTO_ACCOUNT, client, reset

# What moto keeps for stacks, of the types that the baselines use. Custom resources are not among them: they wait for a
# function's answer, and moto runs functions in containers only. Their code has tests of its own.
KNOWN = {
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::KMS::Alias",
    "AWS::KMS::Key",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SSM::Document",
}


class Deployment(unittest.TestCase):
    def deploy(self, name: str, region: str = HOME, **values: str):
        """Creates a stack of a baseline, and returns the client that did."""
        cloudformation = client("cloudformation", region)
        # moto reads no short form of Condition, and no NoValue in lists, so conditions are worked out before.
        self.template = Flat(name, region, MOTO_ACCOUNT, **values).only(KNOWN)
        cloudformation.create_stack(
            StackName=name, TemplateBody=json.dumps(self.template), Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        return cloudformation

    def outputs(self, cloudformation, name: str) -> dict[str, str]:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        return {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])}


class Moto(Deployment):
    """One organization account for a test."""

    def setUp(self):
        reset()


class LogArchive(Moto):
    def setUp(self):
        super().setUp()
        self.cloudformation = self.deploy("log-archive", LockMode="COMPLIANCE", LockDays="400")
        self.s3 = client("s3")
        self.trail = f"lz-trail-{MOTO_ACCOUNT}-logs"

    def test_buckets_are_there_and_encrypted(self):
        buckets = [row["Name"] for row in self.s3.list_buckets()["Buckets"]]
        kinds = ("access", "config", "trail")
        self.assertEqual(sorted(buckets), [f"lz-{kind}-{MOTO_ACCOUNT}-logs" for kind in kinds])
        for name in buckets:
            found = self.s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]
            algorithm = found["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
            # S3 cannot write access logs with a key of one's own.
            self.assertEqual(algorithm, "AES256" if "access" in name else "aws:kms", name)

    def test_its_outputs_are_what_the_other_baselines_ask_for(self):
        outputs = self.outputs(self.cloudformation, "log-archive")
        self.assertEqual(outputs["TrailBucketName"], self.trail)
        for name in ("organization-trail", "config-recorder"):
            parameters = templates.load(name)["Parameters"]
            self.assertRegex(outputs["TrailBucketName"], parameters["LogBucketName"]["AllowedPattern"])
            self.assertRegex(outputs["KeyArn"], parameters["LogKeyArn"]["AllowedPattern"])
            self.assertRegex(outputs["KeyAliasArn"], parameters["LogKeyArn"]["AllowedPattern"])
        alias = templates.load("siem-delivery")["Parameters"]["LogKeyAlias"]["Default"]
        self.assertEqual(outputs["KeyAliasArn"].rpartition(":")[2], alias)

    def test_the_key_rotates(self):
        kms = client("kms")
        (alias,) = [row for row in kms.list_aliases()["Aliases"] if row["AliasName"] == "alias/lz-logs"]
        self.assertTrue(kms.get_key_rotation_status(KeyId=alias["TargetKeyId"])["KeyRotationEnabled"])


class Roles(Moto):
    def role(self, name: str) -> dict:
        return client("iam").get_role(RoleName=name)["Role"]

    def test_production_lets_operators_in_with_mfa_and_a_grant_only(self):
        self.deploy("jump-roles", Stage="production", Partners="on")
        role = self.role("people-operator")
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual(statement["Condition"]["Bool"], {"aws:MultiFactorAuthPresent": "true"})
        self.assertEqual(statement["Condition"]["Null"], {"aws:PrincipalTag/production-access-until": "false"})
        self.assertEqual(role["MaxSessionDuration"], 3600)
        self.role("partner-reader")
        with self.assertRaises(client("iam").exceptions.NoSuchEntityException):
            self.role("people-developer")

    def test_development_is_freer(self):
        self.deploy("jump-roles", Stage="development")
        self.role("people-developer")
        sids = self.denies()
        self.assertEqual(sids, {"NoBilling", "NoIamByHand", "NoBorrowedRights", "ServiceRoleForCloudFormationOnly"})

    def test_staging_and_production_deny_data_and_new_ways_out(self):
        self.deploy("jump-roles", Stage="staging")
        self.assertLessEqual({"NoData", "NoNewWayOut", "NoBilling", "NoIamByHand"}, self.denies())

    def denies(self) -> set[str]:
        iam = client("iam")
        (policy,) = [
            row for row in iam.list_policies(Scope="Local")["Policies"] if row["PolicyName"] == "people-denies"
        ]
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        return {statement["Sid"] for statement in version["PolicyVersion"]["Document"]["Statement"]}

    def test_roles_are_made_in_the_home_region_only(self):
        self.deploy("jump-roles", AWAY, Stage="staging")
        self.assertEqual([row["RoleName"] for row in client("iam").list_roles()["Roles"]], [])

    def test_the_service_role_makes_no_role_without_the_boundary(self):
        self.deploy("jump-roles", Stage="staging")
        iam = client("iam")
        self.assertEqual(
            iam.list_role_policies(RoleName="cfn-service-deploy")["PolicyNames"], ["iam-within-the-boundary"]
        )
        (policy,) = self.template["Resources"]["ServiceRole"]["Properties"]["Policies"]
        statements = {row["Sid"]: row for row in policy["PolicyDocument"]["Statement"]}
        makers = [
            sid for sid, row in statements.items() if row["Effect"] == "Allow" and "iam:CreateRole" in row["Action"]
        ]
        self.assertEqual(makers, ["RolesWithBoundary"])
        boundary = statements["RolesWithBoundary"]["Condition"]["StringEquals"]["iam:PermissionsBoundary"]
        self.assertEqual(boundary, "arn:aws:iam::aws:policy/PowerUserAccess")
        self.assertIn("iam:PassRole", statements["NotTheLandingZone"]["Action"])


class Notices(Moto):
    def test_events_of_other_regions_come_home(self):
        self.deploy("notify-team", HOME)
        self.deploy("notify-team", AWAY)
        home, away = client("events", HOME), client("events", AWAY)
        rules = sorted(row["Name"] for row in away.list_rules()["Rules"])
        self.assertEqual(rules, sorted(row["Name"] for row in home.list_rules()["Rules"]))
        self.assertEqual(rules, [f"baseline-notify-team-{kind}" for kind in ("guardduty", "health", "securityhub")])
        for rule in rules:
            (target,) = away.list_targets_by_rule(Rule=rule)["Targets"]
            self.assertEqual(target["Arn"], f"arn:aws:events:{HOME}:{MOTO_ACCOUNT}:event-bus/default")
        self.assertEqual(client("sns", AWAY).list_topics()["Topics"], [])
        self.assertEqual(len(client("sns", HOME).list_topics()["Topics"]), 1)


class Every(Deployment):
    def test_every_baseline_becomes_a_stack_and_goes_again(self):
        for name in names():
            for region in (HOME, AWAY):
                with self.subTest(name, region=region):
                    reset()
                    cloudformation = self.deploy(name, region)
                    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
                    self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")
                    made = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
                    self.assertEqual({row["LogicalResourceId"] for row in made}, set(self.template["Resources"]))
                    cloudformation.delete_stack(StackName=name)

    def test_policies_are_accepted(self):
        """IAM's own grammar, as moto checks it, and IAM's sizes."""
        for name in names():
            seen = set()
            for stack in variants(name):
                for place, kind, document in policies(stack):
                    body = json.dumps(document, separators=(",", ":"), sort_keys=True)
                    body = re.sub(r"<[A-Za-z.]+>", "arn:aws:sqs:ap-northeast-1:111111111111:thing", body)
                    if kind != "identity" or body in seen:
                        continue
                    seen.add(body)
                    with self.subTest(f"{name} {place}"):
                        reset()
                        client("iam").create_policy(PolicyName="p", PolicyDocument=body)
                        # A managed policy may hold 6,144 characters, a group's inline policies 5,120.
                        self.assertLessEqual(len(body), 5_120)

    def test_both_regions_stacks_live_in_one_account(self):
        for name in names():
            if "HomeRegion" in templates.load(name)["Parameters"]:
                with self.subTest(name):
                    reset()
                    self.deploy(name, HOME)
                    self.deploy(name, AWAY)

    def test_the_same_again_changes_nothing(self):
        for name in ("jump-account", "jump-roles", "notify-team"):
            with self.subTest(name):
                reset()
                cloudformation = self.deploy(name)
                before = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
                cloudformation.update_stack(
                    StackName=name, TemplateBody=json.dumps(self.template), Capabilities=["CAPABILITY_NAMED_IAM"]
                )
                after = cloudformation.list_stack_resources(StackName=name)["StackResourceSummaries"]
                ids = lambda rows: {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}
                self.assertEqual(ids(before), ids(after))


if __name__ == "__main__":
    unittest.main()
