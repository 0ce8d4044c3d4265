"""One walk through every operation, for any client: an organization is made, used in every way and taken apart."""

import json
import time

from .callers import Credentials
from .twin import GUEST, MANAGEMENT, OTHER_MANAGEMENT, STRANGER

DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}]}
TAGS = {"tags": {"owner": {"tag_key": {"@@assign": "owner"}, "tag_value": {"@@assign": ["a", "b"]}}}}
TRUSTED = "account.amazonaws.com"
ROOT_NAME = "Root"
DETAILS = {"Name": "N. N.", "Title": "Owner", "EmailAddress": "n@example.com", "PhoneNumber": "+1 555 0100"}
HOME = {
    "FullName": "N. N.",
    "AddressLine1": "1 Any Street",
    "City": "Any Town",
    "PostalCode": "12345",
    "CountryCode": "US",
    "PhoneNumber": "+1 555 0100",
}


class Walk:
    """Calls every operation with success, and expects what AWS answers. `case` is the test that asserts."""

    def __init__(self, case, call):
        self.case = case
        self.call = call

    def org(self, operation: str, **given):
        return self.call("organizations", operation, **given)

    def account(self, operation: str, **given):
        return self.call("account", operation, **given)

    def all(self):
        self.make_organization()
        self.invite()
        self.enable_all_features()
        self.make_units()
        self.make_accounts()
        self.place_accounts()
        self.guard()
        self.judge_effective_policies()
        self.tag()
        self.delegate()
        self.grant()
        self.look_after_accounts()
        self.switch_regions()
        self.become_someone_else()
        self.take_apart()

    def until(self, read, done, what: str):
        """Reads until it is done; the twin's clock runs fast, so one or two times are enough."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            answer = read()
            if done(answer):
                return answer
        self.case.fail(f"{what} did not end: {answer}")

    def make_organization(self):
        who = self.call("sts", "GetCallerIdentity")
        self.case.assertEqual(who["Account"], MANAGEMENT)
        made = self.org("CreateOrganization", FeatureSet="CONSOLIDATED_BILLING")["Organization"]
        self.case.assertEqual(made["MasterAccountId"], MANAGEMENT)
        self.root = self.org("ListRoots")["Roots"][0]["Id"]
        self.org("CreateOrganization", caller=OTHER_MANAGEMENT)
        self.org("DeleteOrganization", caller=OTHER_MANAGEMENT)

    def invite(self):
        target = {"Id": GUEST, "Type": "ACCOUNT"}
        sent = self.org("InviteAccountToOrganization", Target=target, Notes="welcome")["Handshake"]
        self.case.assertEqual(sent["State"], "OPEN")
        here = self.org("ListHandshakesForAccount", caller=GUEST)["Handshakes"]
        self.case.assertEqual([shake["Id"] for shake in here], [sent["Id"]])
        there = self.org("ListHandshakesForOrganization", Filter={"ActionType": "INVITE"})["Handshakes"]
        self.case.assertEqual([shake["Id"] for shake in there], [sent["Id"]])
        seen = self.org("DescribeHandshake", caller=GUEST, HandshakeId=sent["Id"])["Handshake"]
        self.case.assertEqual(seen["Action"], "INVITE")
        done = self.org("AcceptHandshake", caller=GUEST, HandshakeId=sent["Id"])["Handshake"]
        self.case.assertEqual(done["State"], "ACCEPTED")
        target = {"Id": STRANGER, "Type": "ACCOUNT"}
        sent = self.org("InviteAccountToOrganization", Target=target)["Handshake"]
        done = self.org("DeclineHandshake", caller=STRANGER, HandshakeId=sent["Id"])["Handshake"]
        self.case.assertEqual(done["State"], "DECLINED")
        sent = self.org("InviteAccountToOrganization", Target=target)["Handshake"]
        done = self.org("CancelHandshake", HandshakeId=sent["Id"])["Handshake"]
        self.case.assertEqual(done["State"], "CANCELED")

    def enable_all_features(self):
        asked = self.org("EnableAllFeatures")["Handshake"]
        self.case.assertEqual(asked["State"], "REQUESTED")
        mine = self.org(
            "ListHandshakesForAccount", caller=GUEST, Filter={"ActionType": "APPROVE_ALL_FEATURES"}
        )
        self.org("AcceptHandshake", caller=GUEST, HandshakeId=mine["Handshakes"][0]["Id"])
        self.org("AcceptHandshake", HandshakeId=asked["Id"])
        seen = self.org("DescribeOrganization")["Organization"]
        self.case.assertEqual(seen["FeatureSet"], "ALL")

    def make_units(self):
        made = self.org("CreateOrganizationalUnit", ParentId=self.root, Name="Workloads")
        self.unit = made["OrganizationalUnit"]["Id"]
        tags = [{"Key": "stage", "Value": "production"}]
        made = self.org("CreateOrganizationalUnit", ParentId=self.unit, Name="Production", Tags=tags)
        self.inner = made["OrganizationalUnit"]["Id"]
        self.org("UpdateOrganizationalUnit", OrganizationalUnitId=self.inner, Name="Prod")
        seen = self.org("DescribeOrganizationalUnit", OrganizationalUnitId=self.inner)["OrganizationalUnit"]
        self.case.assertEqual(seen["Name"], "Prod")
        listed = self.org("ListOrganizationalUnitsForParent", ParentId=self.unit)["OrganizationalUnits"]
        self.case.assertEqual([unit["Id"] for unit in listed], [self.inner])
        children = self.org("ListChildren", ParentId=self.unit, ChildType="ORGANIZATIONAL_UNIT")["Children"]
        self.case.assertEqual(children, [{"Id": self.inner, "Type": "ORGANIZATIONAL_UNIT"}])

    def make_accounts(self):
        self.accounts = []
        for name in ("Shop", "Archive"):
            email = f"{name.lower()}@example.com"
            asked = self.org("CreateAccount", Email=email, AccountName=name)["CreateAccountStatus"]
            read = lambda: self.org("DescribeCreateAccountStatus", CreateAccountRequestId=asked["Id"])
            ended = self.until(
                read, lambda a: a["CreateAccountStatus"]["State"] != "IN_PROGRESS", "the creation"
            )
            self.case.assertEqual(ended["CreateAccountStatus"]["State"], "SUCCEEDED")
            self.accounts.append(ended["CreateAccountStatus"]["AccountId"])
        listed = self.org("ListCreateAccountStatus", States=["SUCCEEDED"])["CreateAccountStatuses"]
        self.case.assertEqual({row["AccountId"] for row in listed}, set(self.accounts))
        self.shop, self.archive = self.accounts

    def place_accounts(self):
        self.org("MoveAccount", AccountId=self.shop, SourceParentId=self.root, DestinationParentId=self.inner)
        parents = self.org("ListParents", ChildId=self.shop)["Parents"]
        self.case.assertEqual(parents, [{"Id": self.inner, "Type": "ORGANIZATIONAL_UNIT"}])
        listed = self.org("ListAccountsForParent", ParentId=self.inner)["Accounts"]
        self.case.assertEqual([account["Id"] for account in listed], [self.shop])
        seen = self.org("DescribeAccount", AccountId=self.shop)["Account"]
        self.case.assertIn(f"{self.root}/{self.unit}/{self.inner}/{self.shop}/", seen["Paths"][0])
        listed = self.org("ListAccounts", MaxResults=20)["Accounts"]
        self.case.assertEqual({row["Id"] for row in listed}, {MANAGEMENT, GUEST, *self.accounts})

    def guard(self):
        kind = "SERVICE_CONTROL_POLICY"
        types = self.org("EnablePolicyType", RootId=self.root, PolicyType=kind)["Root"]["PolicyTypes"]
        self.case.assertEqual(types, [{"Type": kind, "Status": "ENABLED"}])
        made = self.org("CreatePolicy", Name="guard", Description="", Type=kind, Content=json.dumps(DENY))
        self.policy = made["Policy"]["PolicySummary"]["Id"]
        self.org("UpdatePolicy", PolicyId=self.policy, Description="keeps data")
        self.org("AttachPolicy", PolicyId=self.policy, TargetId=self.unit)
        seen = self.org("DescribePolicy", PolicyId=self.policy)["Policy"]
        self.case.assertEqual(json.loads(seen["Content"]), DENY)
        self.case.assertEqual(seen["PolicySummary"]["Description"], "keeps data")
        both = {"p-FullAWSAccess", self.policy}
        listed = self.org("ListPolicies", Filter=kind)["Policies"]
        self.case.assertEqual({row["Id"] for row in listed}, both)
        listed = self.org("ListPoliciesForTarget", TargetId=self.unit, Filter=kind)["Policies"]
        self.case.assertEqual({row["Id"] for row in listed}, both)
        targets = self.org("ListTargetsForPolicy", PolicyId=self.policy)["Targets"]
        self.case.assertEqual(
            [(row["TargetId"], row["Type"]) for row in targets], [(self.unit, "ORGANIZATIONAL_UNIT")]
        )

    def judge_effective_policies(self):
        kind = "TAG_POLICY"
        self.org("EnablePolicyType", RootId=self.root, PolicyType=kind)
        made = self.org("CreatePolicy", Name="tags", Description="", Type=kind, Content=json.dumps(TAGS))
        self.tag_policy = made["Policy"]["PolicySummary"]["Id"]
        self.org("AttachPolicy", PolicyId=self.tag_policy, TargetId=self.inner)
        seen = self.org("DescribeEffectivePolicy", PolicyType=kind, TargetId=self.shop)["EffectivePolicy"]
        self.case.assertEqual(json.loads(seen["PolicyContent"])["tags"]["owner"]["tag_value"], ["a", "b"])
        bad = self.org("ListAccountsWithInvalidEffectivePolicy", PolicyType=kind)["Accounts"]
        self.case.assertEqual(bad, [])
        bad = self.org("ListEffectivePolicyValidationErrors", AccountId=self.shop, PolicyType=kind)
        self.case.assertEqual(bad["EffectivePolicyValidationErrors"], [])

    def tag(self):
        tags = [{"Key": "owner", "Value": "a"}, {"Key": "cost", "Value": "42"}]
        self.org("TagResource", ResourceId=self.shop, Tags=tags)
        listed = self.org("ListTagsForResource", ResourceId=self.shop)["Tags"]
        self.case.assertCountEqual(listed, tags)
        self.org("UntagResource", ResourceId=self.shop, TagKeys=["cost"])
        found = self.call(
            "resourcegroupstaggingapi", "GetResources", ResourceTypeFilters=["organizations:account"]
        )
        found = found["ResourceTagMappingList"]
        self.case.assertEqual([row["Tags"] for row in found], [[{"Key": "owner", "Value": "a"}]])
        self.case.assertTrue(found[0]["ResourceARN"].endswith(self.shop))

    def delegate(self):
        self.org("EnableAWSServiceAccess", ServicePrincipal=TRUSTED)
        listed = self.org("ListAWSServiceAccessForOrganization")["EnabledServicePrincipals"]
        self.case.assertEqual([row["ServicePrincipal"] for row in listed], [TRUSTED])
        self.org("RegisterDelegatedAdministrator", AccountId=self.archive, ServicePrincipal=TRUSTED)
        listed = self.org("ListDelegatedAdministrators", ServicePrincipal=TRUSTED)["DelegatedAdministrators"]
        self.case.assertEqual([row["Id"] for row in listed], [self.archive])
        listed = self.org("ListDelegatedServicesForAccount", AccountId=self.archive)["DelegatedServices"]
        self.case.assertEqual([row["ServicePrincipal"] for row in listed], [TRUSTED])

    def grant(self):
        statement = {
            "Sid": "Read",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{self.shop}:root"},
            "Action": "organizations:ListAccounts",
            "Resource": "*",
        }
        content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        put = self.org("PutResourcePolicy", Content=content)["ResourcePolicy"]
        seen = self.org("DescribeResourcePolicy")["ResourcePolicy"]
        self.case.assertEqual(seen, put)
        self.org("ListAccounts", caller=self.shop)
        self.org("DeleteResourcePolicy")

    def look_after_accounts(self):
        about = {"AccountId": self.shop}
        self.account("PutAlternateContact", AlternateContactType="SECURITY", **DETAILS, **about)
        seen = self.account("GetAlternateContact", AlternateContactType="SECURITY", **about)[
            "AlternateContact"
        ]
        self.case.assertEqual(seen, {"AlternateContactType": "SECURITY", **DETAILS})
        self.account("DeleteAlternateContact", AlternateContactType="SECURITY", **about)
        self.account("PutContactInformation", ContactInformation=HOME, **about)
        seen = self.account("GetContactInformation", **about)["ContactInformation"]
        self.case.assertEqual(seen, HOME)
        self.account("PutAccountName", AccountName="Web shop", **about)
        seen = self.account("GetAccountInformation", **about)
        self.case.assertEqual((seen["AccountName"], seen["AccountState"]), ("Web shop", "ACTIVE"))
        email = "web.shop@example.com"
        started = self.account("StartPrimaryEmailUpdate", PrimaryEmail=email, **about)
        self.case.assertEqual(started["Status"], "PENDING")
        accepted = self.account("AcceptPrimaryEmailUpdate", PrimaryEmail=email, Otp="123456", **about)
        self.case.assertEqual(accepted["Status"], "ACCEPTED")
        self.case.assertEqual(self.account("GetPrimaryEmail", **about)["PrimaryEmail"], email)

    def switch_regions(self):
        about = {"AccountId": self.archive, "RegionName": "eu-south-1"}
        on = self.account(
            "ListRegions", AccountId=self.archive, RegionOptStatusContains=["ENABLED_BY_DEFAULT"]
        )
        self.case.assertIn(
            {"RegionName": "us-east-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"}, on["Regions"]
        )
        for operation, end in (("EnableRegion", "ENABLED"), ("DisableRegion", "DISABLED")):
            self.account(operation, **about)
            read = lambda: self.account("GetRegionOptStatus", **about)
            self.until(read, lambda answer: answer["RegionOptStatus"] == end, operation)

    def become_someone_else(self):
        role = f"arn:aws:iam::{self.shop}:role/OrganizationAccountAccessRole"
        got = self.call("sts", "AssumeRole", RoleArn=role, RoleSessionName="walk")["Credentials"]
        session = Credentials(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])
        who = self.call("sts", "GetCallerIdentity", caller=session)
        self.case.assertEqual(who["Account"], self.shop)

    def take_apart(self):
        self.org("DeregisterDelegatedAdministrator", AccountId=self.archive, ServicePrincipal=TRUSTED)
        self.org("DisableAWSServiceAccess", ServicePrincipal=TRUSTED)
        self.org("DetachPolicy", PolicyId=self.policy, TargetId=self.unit)
        self.org("DeletePolicy", PolicyId=self.policy)
        left = self.org("DisablePolicyType", RootId=self.root, PolicyType="TAG_POLICY")["Root"]["PolicyTypes"]
        self.case.assertEqual([row["Type"] for row in left], ["SERVICE_CONTROL_POLICY"])
        self.org("MoveAccount", AccountId=self.shop, SourceParentId=self.inner, DestinationParentId=self.root)
        self.org("DeleteOrganizationalUnit", OrganizationalUnitId=self.inner)
        self.org("CloseAccount", AccountId=self.shop)
        read = lambda: self.org("DescribeAccount", AccountId=self.shop)
        self.until(read, lambda answer: answer["Account"]["State"] == "CLOSED", "the closure")
        self.org("RemoveAccountFromOrganization", AccountId=self.archive)
        self.org("LeaveOrganization", caller=GUEST)
        listed = self.org("ListAccounts")["Accounts"]
        self.case.assertEqual({row["Id"] for row in listed}, {MANAGEMENT, self.shop})
