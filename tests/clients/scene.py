"""An organization in which every refusal can be provoked, and a picture of it to prove that refusals change nothing."""

import json

from .callers import Boto
from .twin import GUEST, MANAGEMENT, OTHER_MANAGEMENT, STRANGER
from .walk import DENY, Walk

BILLING = OTHER_MANAGEMENT
PENDING = "555566667777"
ASKED = "666677778888"
OUTSIDER = "777788889999"

STAGES = {
    "tags": {
        "stage": {
            "tag_key": {"@@assign": "stage"},
            "tag_value": {"@@assign": ["dev", "prod"]},
            "enforced_for": {"@@assign": ["organizations:ou"]},
        }
    }
}


class Scene:
    """The ids of everything that refusals are about."""

    def __init__(self, case, call: Boto):
        self.call = call
        self.walk = Walk(case, call)
        self.make_organization()
        self.make_policies()
        self.make_other_organizations()

    def org(self, operation: str, **given):
        return self.call("organizations", operation, **given)

    def make_organization(self):
        self.org("CreateOrganization")
        self.root = self.walk.root = self.org("ListRoots")["Roots"][0]["Id"]
        self.units = []
        for level in range(1, 6):
            parent = self.units[-1] if self.units else self.root
            made = self.org("CreateOrganizationalUnit", ParentId=parent, Name=f"Level {level}")
            self.units.append(made["OrganizationalUnit"]["Id"])
        made = self.org("CreateOrganizationalUnit", ParentId=self.root, Name="Empty")
        self.empty_unit = made["OrganizationalUnit"]["Id"]
        self.walk.make_accounts()
        self.shop, self.closed = self.walk.accounts
        self.request = self.org("ListCreateAccountStatus")["CreateAccountStatuses"][0]["Id"]
        made = self.org("CreateAccount", Email="shop@example.com", AccountName="Again")["CreateAccountStatus"]
        read = lambda: self.org("DescribeCreateAccountStatus", CreateAccountRequestId=made["Id"])
        self.failed = self.walk.until(
            read, lambda a: a["CreateAccountStatus"]["State"] == "FAILED", "the creation"
        )
        self.org("CloseAccount", AccountId=self.closed)
        read = lambda: self.org("DescribeAccount", AccountId=self.closed)
        self.walk.until(read, lambda answer: answer["Account"]["State"] == "CLOSED", "the closure")
        self.org(
            "MoveAccount", AccountId=self.shop, SourceParentId=self.root, DestinationParentId=self.units[0]
        )
        self.org("TagResource", ResourceId=self.shop, Tags=[{"Key": "owner", "Value": "a"}])
        self.guest = self.join(MANAGEMENT, GUEST)
        target = {"Id": STRANGER, "Type": "ACCOUNT"}
        self.invitation = self.org("InviteAccountToOrganization", Target=target)["Handshake"]["Id"]

    def join(self, management: str, account: str) -> str:
        """Invites an account and accepts for it; returns the handshake."""
        target = {"Id": account, "Type": "ACCOUNT"}
        sent = self.org("InviteAccountToOrganization", caller=management, Target=target)["Handshake"]["Id"]
        self.org("AcceptHandshake", caller=account, HandshakeId=sent)
        return sent

    def make_policies(self):
        for principal in ("access-analyzer", "account", "cloudtrail", "securityhub"):
            self.org("EnableAWSServiceAccess", ServicePrincipal=f"{principal}.amazonaws.com")
        for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "TAG_POLICY", "SECURITYHUB_POLICY"):
            self.org("EnablePolicyType", RootId=self.root, PolicyType=kind)
        self.guard = self.make_policy("guard", "SERVICE_CONTROL_POLICY", DENY)
        self.spare = self.make_policy("spare", "SERVICE_CONTROL_POLICY", DENY)
        self.backup = self.make_policy("backup", "BACKUP_POLICY", {"plans": {}})
        self.org("AttachPolicy", PolicyId=self.guard, TargetId=self.units[0])
        stages = self.make_policy("stages", "TAG_POLICY", STAGES)
        self.org("AttachPolicy", PolicyId=stages, TargetId=self.root)
        self.org(
            "RegisterDelegatedAdministrator",
            AccountId=GUEST,
            ServicePrincipal="access-analyzer.amazonaws.com",
        )

    def make_policy(self, name: str, kind: str, content: dict) -> str:
        made = self.org("CreatePolicy", Name=name, Description="", Type=kind, Content=json.dumps(content))
        return made["Policy"]["PolicySummary"]["Id"]

    def make_other_organizations(self):
        self.org("CreateOrganization", caller=BILLING, FeatureSet="CONSOLIDATED_BILLING")
        self.billing_root = self.org("ListRoots", caller=BILLING)["Roots"][0]["Id"]
        created = self.org("CreateAccount", caller=BILLING, Email="billed@example.com", AccountName="Billed")
        request = created["CreateAccountStatus"]["Id"]
        read = lambda: self.org("DescribeCreateAccountStatus", caller=BILLING, CreateAccountRequestId=request)
        ended = self.walk.until(
            read, lambda a: a["CreateAccountStatus"]["State"] == "SUCCEEDED", "the creation"
        )
        self.billed = ended["CreateAccountStatus"]["AccountId"]
        self.org("CreateOrganization", caller=PENDING, FeatureSet="CONSOLIDATED_BILLING")
        self.join(PENDING, ASKED)
        self.pending = self.org("EnableAllFeatures", caller=PENDING)["Handshake"]["Id"]

    def picture(self, call: Boto) -> dict:
        """Reads what a refused call could have changed."""
        org = lambda operation, **given: call("organizations", operation, **given)
        kinds = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "TAG_POLICY", "BACKUP_POLICY")
        regions = call(
            "account", "ListRegions", AccountId=self.shop, RegionOptStatusContains=["ENABLED", "ENABLING"]
        )
        return {
            "organization": org("DescribeOrganization"),
            "roots": org("ListRoots"),
            "accounts": org("ListAccounts"),
            "units": [
                org("ListOrganizationalUnitsForParent", ParentId=id) for id in (self.root, *self.units)
            ],
            "policies": [org("ListPolicies", Filter=kind) for kind in kinds],
            "guard": (
                org("DescribePolicy", PolicyId=self.guard),
                org("ListTargetsForPolicy", PolicyId=self.guard),
            ),
            "on the shop": org("ListPoliciesForTarget", TargetId=self.shop, Filter=kinds[0]),
            "tags": org("ListTagsForResource", ResourceId=self.shop),
            "handshakes": org("ListHandshakesForOrganization"),
            "creations": org("ListCreateAccountStatus"),
            "services": org("ListAWSServiceAccessForOrganization"),
            "delegates": org("ListDelegatedAdministrators"),
            "regions": regions,
            "email": call("account", "GetPrimaryEmail", AccountId=self.shop),
        }
