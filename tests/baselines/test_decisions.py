"""What the policies of the baselines come to: who may do what, and who may not."""

import unittest

from .decide import decide
from .templates import ACCOUNT, AUDIT, HOME, JUMP, MANAGEMENT, Stack

ORGANIZATION = "o-a1b2c3d4e5"
TLS = {"aws_SecureTransport": "true"}
ACL = {"s3_x-amz-acl": "bucket-owner-full-control"}
TRAIL = f"arn:aws:cloudtrail:{HOME}:{MANAGEMENT}:trail/organization"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/Admin"
SETS = f"arn:aws:iam::{ACCOUNT}:role/stacksets-exec-0123456789abcdef"


class LogArchive(unittest.TestCase):
    def setUp(self):
        self.stack = Stack("log-archive")
        self.policies = {
            body["Bucket"].strip("<>"): body["PolicyDocument"]
            for body in self.stack.of_type("AWS::S3::BucketPolicy").values()
        }
        (key,) = self.stack.of_type("AWS::KMS::Key").values()
        self.key = key["KeyPolicy"]

    def ask(self, bucket, action, principal, key="", **context):
        resource = f"<{bucket}.Arn>" + (f"/{key}" if key else "")
        return decide(self.policies[bucket], action, resource, principal, **TLS | context)

    def write(self, bucket, service, key, **context):
        return self.ask(bucket, "s3:PutObject", f"{service}.amazonaws.com", key, **ACL | context)

    def test_only_the_organizations_trail_writes(self):
        file = f"AWSLogs/{ORGANIZATION}/{ACCOUNT}/CloudTrail/{HOME}/2026/01/01/file.json.gz"
        self.assertEqual(self.write("TrailBucket", "cloudtrail", file, aws_SourceArn=TRAIL), "allow")
        own = f"AWSLogs/{MANAGEMENT}/CloudTrail/{HOME}/file.json.gz"
        self.assertEqual(self.write("TrailBucket", "cloudtrail", own, aws_SourceArn=TRAIL), "allow")
        for source in (TRAIL.replace(MANAGEMENT, "999999999999"), TRAIL.replace("organization", "mine")):
            self.assertEqual(self.write("TrailBucket", "cloudtrail", file, aws_SourceArn=source), "nothing")
        self.assertEqual(self.write("TrailBucket", "cloudtrail", "other/file", aws_SourceArn=TRAIL), "nothing")
        self.assertEqual(self.write("TrailBucket", "config", file, aws_SourceOrgID=ORGANIZATION), "nothing")

    def test_only_the_organizations_accounts_deliver_configuration(self):
        file = f"AWSLogs/{ACCOUNT}/Config/{HOME}/2026/1/1/ConfigSnapshot/file.json.gz"
        self.assertEqual(self.write("ConfigBucket", "config", file, aws_SourceOrgID=ORGANIZATION), "allow")
        self.assertEqual(self.write("ConfigBucket", "config", file, aws_SourceOrgID="o-strangers00"), "nothing")
        self.assertEqual(self.write("ConfigBucket", "config", file), "nothing")

    def test_nobody_deletes_or_unlocks(self):
        for principal in (ADMIN, SETS, f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{AUDIT}:role/auditor"):
            for bucket in self.policies:
                for action in ("s3:DeleteObject", "s3:DeleteObjectVersion"):
                    self.assertEqual(self.ask(bucket, action, principal, "AWSLogs/file"), "deny", (bucket, principal))
            self.assertEqual(self.ask("TrailBucket", "s3:BypassGovernanceRetention", principal, "file"), "deny")

    def test_only_the_baseline_changes_settings(self):
        actions = ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutLifecycleConfiguration", "s3:DeleteBucket")
        for bucket in ("TrailBucket", "ConfigBucket"):
            for action in actions:
                self.assertEqual(self.ask(bucket, action, ADMIN), "deny")
                self.assertEqual(self.ask(bucket, action, SETS), "nothing")
        # A name that only looks like it.
        other = f"arn:aws:iam::{ACCOUNT}:role/my-stacksets-exec-1"
        self.assertEqual(self.ask("TrailBucket", "s3:PutBucketPolicy", other), "deny")

    def test_the_audit_account_reads_over_tls(self):
        auditor = f"arn:aws:iam::{AUDIT}:role/auditor"
        self.assertEqual(self.ask("TrailBucket", "s3:GetObject", auditor, "AWSLogs/file"), "allow")
        self.assertEqual(self.ask("TrailBucket", "s3:PutObject", auditor, "AWSLogs/file"), "nothing")
        self.assertEqual(
            self.ask("TrailBucket", "s3:GetObject", auditor, "AWSLogs/file", aws_SecureTransport="false"), "deny"
        )
        self.assertEqual(self.ask("TrailBucket", "s3:GetObject", ADMIN.replace(ACCOUNT, JUMP), "file"), "nothing")

    def test_who_uses_the_key(self):
        context = "kms_EncryptionContext:aws:cloudtrail:arn"
        encrypt = lambda source, arn: decide(
            self.key, "kms:GenerateDataKey", "*", "cloudtrail.amazonaws.com", aws_SourceArn=source, **{context: arn}
        )
        self.assertEqual(encrypt(TRAIL, TRAIL), "allow")
        stranger = TRAIL.replace(MANAGEMENT, "999999999999")
        self.assertEqual(encrypt(stranger, stranger), "nothing")
        config = lambda organization: decide(
            self.key, "kms:GenerateDataKey", "*", "config.amazonaws.com", aws_SourceOrgID=organization
        )
        self.assertEqual((config(ORGANIZATION), config("o-strangers00")), ("allow", "nothing"))
        auditor = f"arn:aws:iam::{AUDIT}:role/auditor"
        through = lambda service: decide(self.key, "kms:Decrypt", "*", auditor, kms_ViaService=service)
        self.assertEqual(through(f"s3.{HOME}.amazonaws.com"), "allow")
        self.assertEqual(through(f"ec2.{HOME}.amazonaws.com"), "nothing")
        self.assertEqual(decide(self.key, "kms:ScheduleKeyDeletion", "*", auditor), "nothing")


class People(unittest.TestCase):
    def policy(self, stage: str, key: str) -> dict:
        return Stack("jump-roles", Stage=stage).resources[key]["Properties"]["PolicyDocument"]

    def denied(self, stage: str, action: str, resource="*", **context) -> bool:
        return decide(self.policy(stage, "Denies"), action, resource, **context) == "deny"

    def role(self, name: str) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"

    def test_data_and_ways_out_are_for_development_only(self):
        for action in (
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:DeleteBucket",
            "s3:DeleteObject",
            "ec2:CreateVpc",
            "ec2:CreateVpcPeeringConnection",
            "ec2:ModifyVpcAttribute",
            "ec2:CreateInternetGateway",
            "ec2:AttachInternetGateway",
            "ec2:CreateNatGateway",
        ):
            for stage, wanted in (("development", False), ("staging", True), ("production", True)):
                self.assertIs(self.denied(stage, action), wanted, (stage, action))
        for action in ("s3:ListBucket", "s3:PutObject", "ec2:RunInstances", "ec2:DescribeVpcs"):
            self.assertFalse(self.denied("production", action), action)

    def test_billing_and_iam_by_hand_are_for_nobody(self):
        for stage in ("development", "staging", "production"):
            for action in (
                "aws-portal:ViewBilling",
                "billing:UpdateBillingPreferences",
                "payments:MakePayment",
                "iam:CreateUser",
                "iam:CreateAccessKey",
                "iam:PutRolePolicy",
                "iam:AttachRolePolicy",
                "iam:UpdateAssumeRolePolicy",
                "iam:DeleteRole",
                "iam:TagRole",
                "iam:SetDefaultPolicyVersion",
            ):
                self.assertTrue(self.denied(stage, action), (stage, action))
            for action in ("iam:GetRole", "iam:ListRoles"):
                self.assertFalse(self.denied(stage, action), (stage, action))

    def test_which_roles_are_passed(self):
        ec2 = {"iam_PassedToService": "ec2.amazonaws.com"}
        cloudformation = {"iam_PassedToService": "cloudformation.amazonaws.com"}
        self.assertFalse(self.denied("production", "iam:PassRole", self.role("shop-web"), **ec2))
        self.assertFalse(self.denied("production", "iam:PassRole", self.role("cfn-service-deploy"), **cloudformation))
        self.assertTrue(self.denied("production", "iam:PassRole", self.role("cfn-service-deploy"), **ec2))
        for name in ("baseline-detection-us-east-1", "lz-apply", "people-operator", "stacksets-exec-1"):
            self.assertTrue(self.denied("production", "iam:PassRole", self.role(name), **cloudformation), name)

    def test_production_opens_with_mfa_and_a_grant(self):
        trust = Stack("jump-roles", Stage="production").resources["Operator"]["Properties"][
            "AssumeRolePolicyDocument"
        ]
        alice = f"arn:aws:iam::{JUMP}:user/alice"
        mfa = {"aws_MultiFactorAuthPresent": "true"}
        grant = {"aws_PrincipalTag/production-access-until": "2026-01-01T00:00:00Z"}
        ask = lambda who, **context: decide(trust, "sts:AssumeRole", "*", who, **context)
        self.assertEqual(ask(alice, **mfa | grant), "allow")
        self.assertEqual(ask(alice, **mfa), "nothing")
        self.assertEqual(ask(alice, **grant), "nothing")
        self.assertEqual(ask(ADMIN, **mfa | grant), "nothing")

    def test_nobody_makes_himself_a_stronger_role(self):
        (policy,) = Stack("jump-roles", Stage="production").resources["ServiceRole"]["Properties"]["Policies"]
        boundary = {"iam_PermissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"}
        ask = lambda action, name, **context: decide(policy["PolicyDocument"], action, self.role(name), **context)
        for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"):
            self.assertEqual(ask(action, "shop-web", **boundary), "allow")
            self.assertEqual(ask(action, "shop-web"), "nothing")
            other = {"iam_PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}
            self.assertEqual(ask(action, "shop-web", **other), "nothing")
            for name in (
                "baseline-x",
                "people-operator",
                "cfn-service-deploy",
                "OrganizationAccountAccessRole",
                "lz-apply",
            ):
                self.assertEqual(ask(action, name, **boundary), "deny", (action, name))
        self.assertEqual(ask("iam:DeleteRolePermissionsBoundary", "shop-web", **boundary), "deny")
        self.assertEqual(ask("iam:UpdateAssumeRolePolicy", "people-operator"), "deny")
        self.assertEqual(ask("iam:CreateUser", "shop-web"), "nothing")


class JumpAccount(unittest.TestCase):
    DEVELOPMENT, PRODUCTION, STAGING = "666666666666", "777777777777", "888888888888"

    def group(self, name: str) -> list[dict]:
        """Returns all policies of a group."""
        stack = Stack("jump-account", account=JUMP)
        body = stack.resources[name]["Properties"]
        managed = [
            stack.resources[arn.strip("<>")]["Properties"]["PolicyDocument"] for arn in body["ManagedPolicyArns"]
        ]
        return managed + [policy["PolicyDocument"] for policy in body["Policies"]]

    def switch(self, group: str, account: str, role: str, mfa: str = "true") -> str:
        return decide(
            self.group(group),
            "sts:AssumeRole",
            f"arn:aws:iam::{account}:role/{role}",
            aws_ResourceAccount=account,
            aws_MultiFactorAuthPresent=mfa,
        )

    def test_who_switches_where(self):
        for group, account, role, wanted in (
            ("Developers", self.DEVELOPMENT, "people-developer", "allow"),
            ("Developers", self.STAGING, "people-developer", "nothing"),
            ("Developers", self.PRODUCTION, "people-reader", "allow"),
            ("Developers", self.PRODUCTION, "people-operator", "nothing"),
            ("Operators", self.STAGING, "people-operator", "allow"),
            ("Operators", self.PRODUCTION, "people-operator", "nothing"),
            ("Readers", self.STAGING, "people-reader", "allow"),
            ("Readers", self.STAGING, "people-operator", "nothing"),
            ("Partners", self.STAGING, "partner-reader", "allow"),
            ("Partners", self.STAGING, "people-reader", "nothing"),
            ("Operators", "999999999999", "people-operator", "nothing"),
        ):
            self.assertEqual(self.switch(group, account, role), wanted, (group, account, role))

    def test_nothing_without_mfa(self):
        self.assertEqual(self.switch("Operators", self.STAGING, "people-operator", mfa="false"), "deny")

    def test_people_look_after_their_own_credentials_only(self):
        own = f"arn:aws:iam::{JUMP}:user/${{aws:username}}"
        other = f"arn:aws:iam::{JUMP}:user/bob"
        group = self.group("Operators")
        mfa = {"aws_MultiFactorAuthPresent": "true"}
        self.assertEqual(decide(group, "iam:ChangePassword", own, **mfa), "allow")
        self.assertEqual(decide(group, "iam:EnableMFADevice", own, aws_MultiFactorAuthPresent="false"), "allow")
        self.assertEqual(decide(group, "iam:DeactivateMFADevice", own, aws_MultiFactorAuthPresent="false"), "deny")
        self.assertEqual(decide(group, "iam:UpdateLoginProfile", other, **mfa), "deny")
        self.assertEqual(
            decide(group, "iam:AddUserToGroup", f"arn:aws:iam::{JUMP}:group/people-production", **mfa), "deny"
        )
        for user in (own, other):
            self.assertEqual(decide(group, "iam:TagUser", user, **mfa), "deny", user)
        self.assertEqual(decide(group, "s3:GetObject", "*", **mfa), "deny")

    def test_the_grant_opens_production_and_nothing_else(self):
        stack = Stack("production-access", account=JUMP)
        (policy,) = stack.resources["Granted"]["Properties"]["Policies"]
        ask = lambda account, role: decide(
            policy["PolicyDocument"],
            "sts:AssumeRole",
            f"arn:aws:iam::{account}:role/{role}",
            aws_ResourceAccount=account,
            aws_MultiFactorAuthPresent="true",
        )
        self.assertEqual(ask(self.PRODUCTION, "people-operator"), "allow")
        self.assertEqual(ask(self.PRODUCTION, "OrganizationAccountAccessRole"), "nothing")
        self.assertEqual(ask(self.STAGING, "people-operator"), "nothing")

    def test_the_granting_role_tags_and_puts_into_that_group_only(self):
        (policy,) = Stack("production-access", account=JUMP).resources["GrantRole"]["Properties"]["Policies"]
        document, user = policy["PolicyDocument"], f"arn:aws:iam::{JUMP}:user/alice"
        group = f"arn:aws:iam::{JUMP}:group/people-production"
        self.assertEqual(decide(document, "iam:AddUserToGroup", group), "allow")
        self.assertEqual(decide(document, "iam:AddUserToGroup", group.replace("production", "operators")), "nothing")
        tag = lambda *keys: decide(document, "iam:TagUser", user, aws_TagKeys=list(keys))
        self.assertEqual(tag("production-access-until", "production-access-request"), "allow")
        self.assertEqual(tag("production-access-until", "department"), "nothing")
        self.assertEqual(decide(document, "iam:CreateAccessKey", user), "nothing")


if __name__ == "__main__":
    unittest.main()
