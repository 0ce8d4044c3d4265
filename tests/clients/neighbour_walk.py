"""One walk through the services around Organizations, for any client: every operation that the twin has of them."""

import json

from .callers import Credentials
from .twin import GUEST, MANAGEMENT
from .walk import Walk

# The operations that the twin has; whatever else these services have is refused by name.
PLAYED = {
    "accessanalyzer": {"CreateAnalyzer", "DeleteAnalyzer", "GetAnalyzer", "ListAnalyzers"},
    "auditmanager": {
        "DeregisterOrganizationAdminAccount",
        "GetOrganizationAdminAccount",
        "RegisterOrganizationAdminAccount",
    },
    "backup": {"DescribeGlobalSettings", "UpdateGlobalSettings"},
    "cloudtrail": {"DeregisterOrganizationDelegatedAdmin", "RegisterOrganizationDelegatedAdmin"},
    "controlcatalog": {"GetControl", "ListControls"},
    "controltower": {
        "CreateLandingZone",
        "DeleteLandingZone",
        "DisableBaseline",
        "DisableControl",
        "EnableBaseline",
        "EnableControl",
        "GetBaseline",
        "GetBaselineOperation",
        "GetControlOperation",
        "GetEnabledBaseline",
        "GetEnabledControl",
        "GetLandingZone",
        "GetLandingZoneOperation",
        "ListBaselines",
        "ListControlOperations",
        "ListEnabledBaselines",
        "ListEnabledControls",
        "ListLandingZoneOperations",
        "ListLandingZones",
        "ListTagsForResource",
        "ResetEnabledBaseline",
        "ResetEnabledControl",
        "ResetLandingZone",
        "TagResource",
        "UntagResource",
        "UpdateEnabledBaseline",
        "UpdateEnabledControl",
        "UpdateLandingZone",
    },
    "detective": {
        "DisableOrganizationAdminAccount",
        "EnableOrganizationAdminAccount",
        "ListOrganizationAdminAccounts",
    },
    "ec2": {"DisableIpamOrganizationAdminAccount", "EnableIpamOrganizationAdminAccount"},
    "fms": {
        "AssociateAdminAccount",
        "DisassociateAdminAccount",
        "GetAdminAccount",
        "GetAdminScope",
        "ListAdminAccountsForOrganization",
        "ListAdminsManagingAccount",
        "PutAdminAccount",
    },
    "guardduty": {
        "DisableOrganizationAdminAccount",
        "EnableOrganizationAdminAccount",
        "ListOrganizationAdminAccounts",
    },
    "iam": {
        "AttachRolePolicy",
        "CreateLoginProfile",
        "CreateRole",
        "DeactivateMFADevice",
        "DeleteAccessKey",
        "DeleteLoginProfile",
        "DeleteRole",
        "DeleteRolePolicy",
        "DeleteSigningCertificate",
        "DetachRolePolicy",
        "DisableOrganizationsRootCredentialsManagement",
        "DisableOrganizationsRootSessions",
        "EnableOrganizationsRootCredentialsManagement",
        "EnableOrganizationsRootSessions",
        "GetAccountSummary",
        "GetLoginProfile",
        "GetRole",
        "GetRolePolicy",
        "ListAccessKeys",
        "ListAttachedRolePolicies",
        "ListInstanceProfilesForRole",
        "ListMFADevices",
        "ListOrganizationsFeatures",
        "ListRolePolicies",
        "ListRoles",
        "ListSigningCertificates",
        "PutRolePolicy",
        "UpdateAssumeRolePolicy",
    },
    "identitystore": {
        "CreateGroup",
        "CreateGroupMembership",
        "CreateUser",
        "DeleteGroup",
        "DeleteGroupMembership",
        "DeleteUser",
        "DescribeGroup",
        "DescribeGroupMembership",
        "DescribeUser",
        "GetGroupId",
        "GetGroupMembershipId",
        "GetUserId",
        "IsMemberInGroups",
        "ListGroupMemberships",
        "ListGroupMembershipsForMember",
        "ListGroups",
        "ListUsers",
        "UpdateGroup",
        "UpdateUser",
    },
    "inspector2": {
        "DisableDelegatedAdminAccount",
        "EnableDelegatedAdminAccount",
        "GetDelegatedAdminAccount",
        "ListDelegatedAdminAccounts",
    },
    "macie2": {
        "DisableOrganizationAdminAccount",
        "EnableOrganizationAdminAccount",
        "ListOrganizationAdminAccounts",
    },
    "ram": {"EnableSharingWithAwsOrganization"},
    "securityhub": {
        "DisableOrganizationAdminAccount",
        "EnableOrganizationAdminAccount",
        "ListOrganizationAdminAccounts",
    },
    "servicecatalog": {
        "DisableAWSOrganizationsAccess",
        "EnableAWSOrganizationsAccess",
        "GetAWSOrganizationsAccessStatus",
    },
    "sso-admin": {
        "AttachCustomerManagedPolicyReferenceToPermissionSet",
        "AttachManagedPolicyToPermissionSet",
        "CreateAccountAssignment",
        "CreatePermissionSet",
        "DeleteAccountAssignment",
        "DeleteInlinePolicyFromPermissionSet",
        "DeletePermissionSet",
        "DeletePermissionsBoundaryFromPermissionSet",
        "DescribeAccountAssignmentCreationStatus",
        "DescribeAccountAssignmentDeletionStatus",
        "DescribeInstance",
        "DescribePermissionSet",
        "DescribePermissionSetProvisioningStatus",
        "DetachCustomerManagedPolicyReferenceFromPermissionSet",
        "DetachManagedPolicyFromPermissionSet",
        "GetInlinePolicyForPermissionSet",
        "GetPermissionsBoundaryForPermissionSet",
        "ListAccountAssignmentCreationStatus",
        "ListAccountAssignmentDeletionStatus",
        "ListAccountAssignments",
        "ListAccountAssignmentsForPrincipal",
        "ListAccountsForProvisionedPermissionSet",
        "ListCustomerManagedPolicyReferencesInPermissionSet",
        "ListInstances",
        "ListManagedPoliciesInPermissionSet",
        "ListPermissionSetProvisioningStatus",
        "ListPermissionSets",
        "ListPermissionSetsProvisionedToAccount",
        "ListTagsForResource",
        "ProvisionPermissionSet",
        "PutInlinePolicyToPermissionSet",
        "PutPermissionsBoundaryToPermissionSet",
        "TagResource",
        "UntagResource",
        "UpdatePermissionSet",
    },
    "sts": {"AssumeRoot"},
}

SERIAL = f"arn:aws:iam::{GUEST}:mfa/root"

# The guest brings a root user along that can still sign in. What takes an hour at AWS takes seconds; the clock itself
# keeps to real time, because a root session ends after a quarter of an hour and the AWS CLI is slow.
SETTINGS = {
    "throttling": False,
    "create_account_seconds": 0.5,
    "control_tower": {
        "landing_zone_seconds": 2,
        "baseline_seconds": 1,
        "baseline_account_seconds": 0,
        "enrolment_seconds": 1,
        "control_seconds": 1,
    },
    "identity_center": {"assignment_seconds": 1},
    "root_users": {
        GUEST: {
            "password": True,
            "access_keys": ["AKIAROOTROOTROOTROOT"],
            "mfa_devices": [SERIAL],
            "certificates": ["CERTIFICATECERTIFICATE00"],
        }
    },
}

ALLOW = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
ROLES = ("AWSControlTowerAdmin", "AWSControlTowerCloudTrailRole", "AWSControlTowerStackSetRole")
VOLUMES = "arn:aws:controltower:us-east-1::control/AWS-GR_ENCRYPTED_VOLUMES"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


class NeighbourWalk:
    """Calls every operation with success, and expects what AWS answers. `case` is the test that asserts."""

    def __init__(self, case, call):
        self.case = case
        self.call = call
        self.walk = Walk(case, call)

    def org(self, operation: str, **given):
        return self.call("organizations", operation, **given)

    def tower(self, operation: str, **given):
        return self.call("controltower", operation, **given)

    def iam(self, operation: str, **given):
        return self.call("iam", operation, **given)

    def all(self):
        self.make_organization()
        self.make_roles()
        self.set_up()
        self.register()
        self.control()
        self.take_down()
        self.name_administrators()
        self.switch_access()
        self.manage_people()
        self.grant()
        self.take_root_back()

    def make_organization(self):
        self.org("CreateOrganization")
        self.root = self.walk.root = self.org("ListRoots")["Roots"][0]["Id"]
        self.walk.make_accounts()
        self.audit, self.log = self.walk.accounts
        self.shared = self.unit("Shared")
        self.work = self.unit("Workloads")
        for account in self.walk.accounts:
            self.org(
                "MoveAccount",
                AccountId=account,
                SourceParentId=self.root,
                DestinationParentId=self.shared["Id"],
            )
        self.org(
            "InviteAccountToOrganization",
            Target={"Id": GUEST, "Type": "ACCOUNT"},
        )
        sent = self.org("ListHandshakesForAccount", caller=GUEST)["Handshakes"][0]["Id"]
        self.org("AcceptHandshake", caller=GUEST, HandshakeId=sent)

    def unit(self, name: str) -> dict:
        made = self.org("CreateOrganizationalUnit", ParentId=self.root, Name=name)
        return made["OrganizationalUnit"]

    def make_roles(self):
        for name in (*ROLES, "Spare"):
            made = self.iam(
                "CreateRole", RoleName=name, Path="/service-role/", AssumeRolePolicyDocument=ALLOW
            )["Role"]
            self.case.assertEqual(made["Arn"], f"arn:aws:iam::{MANAGEMENT}:role/service-role/{name}")
        spare = {"RoleName": "Spare"}
        self.case.assertEqual(self.iam("GetRole", **spare)["Role"]["Path"], "/service-role/")
        self.case.assertEqual(len(self.iam("ListRoles")["Roles"]), 4)
        self.iam("AttachRolePolicy", PolicyArn=READ_ONLY, **spare)
        attached = self.iam("ListAttachedRolePolicies", **spare)["AttachedPolicies"]
        self.case.assertEqual(attached, [{"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY}])
        self.iam("PutRolePolicy", PolicyName="own", PolicyDocument=ALLOW, **spare)
        self.case.assertEqual(self.iam("ListRolePolicies", **spare)["PolicyNames"], ["own"])
        shown = self.iam("GetRolePolicy", PolicyName="own", **spare)["PolicyDocument"]
        self.case.assertEqual(shown, json.loads(ALLOW))
        self.iam("UpdateAssumeRolePolicy", PolicyDocument=ALLOW, **spare)
        self.case.assertEqual(self.iam("ListInstanceProfilesForRole", **spare)["InstanceProfiles"], [])
        self.iam("DeleteRolePolicy", PolicyName="own", **spare)
        self.iam("DetachRolePolicy", PolicyArn=READ_ONLY, **spare)
        self.iam("DeleteRole", **spare)

    def manifest(self) -> dict:
        return {
            "governedRegions": ["us-east-1"],
            "centralizedLogging": {"enabled": True, "accountId": self.log},
            "config": {"enabled": True, "accountId": self.audit},
            "securityRoles": {"enabled": True, "accountId": self.audit},
            "accessManagement": {"enabled": False},
            "backup": {"enabled": False},
        }

    def ended(self, operation: str, member: str, made: dict):
        """Waits for an operation of Control Tower and expects success."""
        read = lambda: self.tower(operation, operationIdentifier=made["operationIdentifier"])[member]
        found = self.walk.until(read, lambda seen: seen["status"] != "IN_PROGRESS", operation)
        self.case.assertEqual(found["status"], "SUCCEEDED", found)

    def zone_ended(self, made: dict):
        self.ended("GetLandingZoneOperation", "operationDetails", made)

    def baseline_ended(self, made: dict):
        self.ended("GetBaselineOperation", "baselineOperation", made)

    def control_ended(self, made: dict):
        self.ended("GetControlOperation", "controlOperation", made)

    def set_up(self):
        wanted = {"version": "4.0", "manifest": self.manifest()}
        made = self.tower("CreateLandingZone", remediationTypes=["INHERITANCE_DRIFT"], **wanted)
        self.zone_ended(made)
        self.zone = {"landingZoneIdentifier": made["arn"]}
        listed = self.tower("ListLandingZones")["landingZones"]
        self.case.assertEqual(listed, [{"arn": made["arn"]}])
        shown = self.tower("GetLandingZone", **self.zone)["landingZone"]
        self.case.assertEqual((shown["status"], shown["driftStatus"]["status"]), ("ACTIVE", "IN_SYNC"))
        self.case.assertEqual(shown["manifest"], self.manifest())
        update = {**wanted, "remediationTypes": ["INHERITANCE_DRIFT"], **self.zone}
        self.zone_ended(self.tower("UpdateLandingZone", **update))
        self.zone_ended(self.tower("ResetLandingZone", **self.zone))
        listed = self.tower("ListLandingZoneOperations")["landingZoneOperations"]
        self.case.assertEqual([row["operationType"] for row in listed], ["RESET", "UPDATE", "CREATE"])
        tagged = {"resourceArn": made["arn"]}
        self.tower("TagResource", tags={"owner": "platform", "stage": "x"}, **tagged)
        self.tower("UntagResource", tagKeys=["stage"], **tagged)
        self.case.assertEqual(self.tower("ListTagsForResource", **tagged)["tags"], {"owner": "platform"})

    def register(self):
        known = {row["name"]: row["arn"] for row in self.tower("ListBaselines")["baselines"]}
        baseline = known["AWSControlTowerBaseline"]
        shown = self.tower("GetBaseline", baselineIdentifier=baseline)
        self.case.assertEqual(shown["name"], "AWSControlTowerBaseline")
        made = self.tower(
            "EnableBaseline",
            baselineIdentifier=baseline,
            baselineVersion="5.0",
            targetIdentifier=self.work["Arn"],
        )
        self.baseline_ended(made)
        self.enabled = {"enabledBaselineIdentifier": made["arn"]}
        self.baseline_ended(self.tower("UpdateEnabledBaseline", baselineVersion="5.0", **self.enabled))
        self.baseline_ended(self.tower("ResetEnabledBaseline", **self.enabled))
        shown = self.tower("GetEnabledBaseline", **self.enabled)["enabledBaselineDetails"]
        self.case.assertEqual(shown["statusSummary"]["status"], "SUCCEEDED")
        self.org(
            "MoveAccount",
            AccountId=GUEST,
            SourceParentId=self.root,
            DestinationParentId=self.work["Id"],
        )
        children = {"filter": {"parentIdentifiers": [made["arn"]]}, "includeChildren": True}
        read = lambda: self.tower("ListEnabledBaselines", **children)["enabledBaselines"]
        self.walk.until(
            read, lambda rows: rows and rows[0]["statusSummary"]["status"] == "SUCCEEDED", "the enrolment"
        )

    def look_up(self, alias: str) -> str:
        """The ARN by which a control with this alias is enabled: only Control Catalog knows it."""
        listed, more = [], {}
        while True:
            page = self.call("controlcatalog", "ListControls", **more)
            listed += page["Controls"]
            if "NextToken" not in page:
                break
            more = {"NextToken": page["NextToken"]}
        arn = next(control["Arn"] for control in listed if alias in control["Aliases"])
        shown = self.call("controlcatalog", "GetControl", ControlArn=arn)
        self.case.assertEqual((shown["Arn"], shown["Aliases"]), (arn, [alias]))
        volumes = self.call("controlcatalog", "GetControl", ControlArn=VOLUMES)
        self.case.assertEqual(volumes["Aliases"], ["AWS-GR_ENCRYPTED_VOLUMES"])
        rule = {"Implementations": {"Identifiers": ["ENCRYPTED_VOLUMES"]}}
        found = self.call("controlcatalog", "ListControls", Filter=rule)["Controls"]
        self.case.assertEqual([control["Arn"] for control in found], [volumes["Arn"]])
        return arn

    def control(self):
        denied = self.look_up("CT.MULTISERVICE.PV.1")
        target = {"targetIdentifier": self.work["Arn"]}
        made = self.tower("EnableControl", controlIdentifier=VOLUMES, **target)
        self.control_ended(made)
        volumes = {"enabledControlIdentifier": made["arn"]}
        self.control_ended(self.tower("ResetEnabledControl", **volumes))
        regions = lambda name: [{"key": "AllowedRegions", "value": [name]}]
        made = self.tower(
            "EnableControl", controlIdentifier=denied, parameters=regions("us-east-1"), **target
        )
        self.control_ended(made)
        which = {"enabledControlIdentifier": made["arn"]}
        self.control_ended(self.tower("UpdateEnabledControl", parameters=regions("eu-west-1"), **which))
        shown = self.tower("GetEnabledControl", **which)["enabledControlDetails"]
        self.case.assertEqual(shown["parameters"], regions("eu-west-1"))
        listed = self.tower("ListEnabledControls", includeChildren=True)["enabledControls"]
        self.case.assertEqual(len(listed), 4)
        self.control_ended(self.tower("DisableControl", **volumes))
        self.control_ended(self.tower("DisableControl", controlIdentifier=denied, **target))
        listed = self.tower("ListControlOperations", filter={"statuses": ["SUCCEEDED"]})["controlOperations"]
        self.case.assertEqual(len(listed), 6)

    def take_down(self):
        self.baseline_ended(self.tower("DisableBaseline", **self.enabled))
        self.zone_ended(self.tower("DeleteLandingZone", **self.zone))
        self.case.assertEqual(self.tower("ListLandingZones")["landingZones"], [])

    def name_administrators(self):
        for principal in ("guardduty", "macie", "inspector2", "cloudtrail", "access-analyzer"):
            self.org("EnableAWSServiceAccess", ServicePrincipal=f"{principal}.amazonaws.com")
        for service, member, rows, row in (
            ("guardduty", "AdminAccountId", "AdminAccounts", "AdminAccountId"),
            ("securityhub", "AdminAccountId", "AdminAccounts", "AccountId"),
            ("macie2", "adminAccountId", "adminAccounts", "accountId"),
            ("detective", "AccountId", "Administrators", "AccountId"),
        ):
            self.call(service, "EnableOrganizationAdminAccount", **{member: self.audit})
            listed = self.call(service, "ListOrganizationAdminAccounts")[rows]
            self.case.assertEqual([found[row] for found in listed], [self.audit])
            gone = {} if service == "detective" else {member: self.audit}
            self.call(service, "DisableOrganizationAdminAccount", **gone)
        inspector = {"delegatedAdminAccountId": self.audit}
        self.call("inspector2", "EnableDelegatedAdminAccount", **inspector)
        listed = self.call("inspector2", "ListDelegatedAdminAccounts")["delegatedAdminAccounts"]
        self.case.assertEqual(listed, [{"accountId": self.audit, "status": "ENABLED"}])
        shown = self.call("inspector2", "GetDelegatedAdminAccount")["delegatedAdmin"]
        self.case.assertEqual(shown["accountId"], self.audit)
        self.call("inspector2", "DisableDelegatedAdminAccount", **inspector)
        self.call("auditmanager", "RegisterOrganizationAdminAccount", adminAccountId=self.audit)
        shown = self.call("auditmanager", "GetOrganizationAdminAccount")
        self.case.assertEqual(shown["adminAccountId"], self.audit)
        self.call("auditmanager", "DeregisterOrganizationAdminAccount", adminAccountId=self.audit)
        self.call("cloudtrail", "RegisterOrganizationDelegatedAdmin", MemberAccountId=self.audit)
        self.call("cloudtrail", "DeregisterOrganizationDelegatedAdmin", DelegatedAdminAccountId=self.audit)
        self.administer_firewalls()

    def administer_firewalls(self):
        self.call("fms", "AssociateAdminAccount", AdminAccount=self.audit)
        self.case.assertEqual(self.call("fms", "GetAdminAccount")["AdminAccount"], self.audit)
        self.call("fms", "PutAdminAccount", AdminAccount=self.log)
        listed = self.call("fms", "ListAdminAccountsForOrganization")["AdminAccounts"]
        self.case.assertEqual({row["AdminAccount"] for row in listed}, {self.audit, self.log})
        scope = self.call("fms", "GetAdminScope", AdminAccount=self.log)
        self.case.assertTrue(scope["AdminScope"]["AccountScope"]["AllAccountsEnabled"])
        managing = self.call("fms", "ListAdminsManagingAccount", caller=GUEST)["AdminAccounts"]
        self.case.assertEqual(set(managing), {self.audit, self.log})
        self.call("fms", "DisassociateAdminAccount", caller=self.log)
        self.call("fms", "DisassociateAdminAccount", caller=self.audit)

    def switch_access(self):
        self.case.assertTrue(self.call("ram", "EnableSharingWithAwsOrganization")["returnValue"])
        self.call("servicecatalog", "EnableAWSOrganizationsAccess")
        status = self.call("servicecatalog", "GetAWSOrganizationsAccessStatus")["AccessStatus"]
        self.case.assertEqual(status, "ENABLED")
        self.call("servicecatalog", "DisableAWSOrganizationsAccess")
        ipam = {"DelegatedAdminAccountId": self.audit}
        self.case.assertTrue(self.call("ec2", "EnableIpamOrganizationAdminAccount", **ipam)["Success"])
        self.case.assertTrue(self.call("ec2", "DisableIpamOrganizationAdminAccount", **ipam)["Success"])
        self.call("backup", "UpdateGlobalSettings", GlobalSettings={"isCrossAccountBackupEnabled": "true"})
        kept = self.call("backup", "DescribeGlobalSettings")["GlobalSettings"]
        self.case.assertEqual(kept, {"isCrossAccountBackupEnabled": "true"})
        made = self.call("accessanalyzer", "CreateAnalyzer", analyzerName="org", type="ORGANIZATION")
        shown = self.call("accessanalyzer", "GetAnalyzer", analyzerName="org")["analyzer"]
        self.case.assertEqual(shown["arn"], made["arn"])
        self.case.assertEqual(len(self.call("accessanalyzer", "ListAnalyzers")["analyzers"]), 1)
        self.call("accessanalyzer", "DeleteAnalyzer", analyzerName="org")

    def store(self, operation: str, **given):
        return self.call("identitystore", operation, IdentityStoreId=self.directory, **given)

    def manage_people(self):
        instance = self.call("sso-admin", "ListInstances")["Instances"][0]
        self.instance, self.directory = instance["InstanceArn"], instance["IdentityStoreId"]
        name = {"GivenName": "Ann", "FamilyName": "Other"}
        user = self.store("CreateUser", UserName="ann", DisplayName="Ann", Name=name)["UserId"]
        self.group = self.store("CreateGroup", DisplayName="admins", Description="all of them")["GroupId"]
        by = lambda path, value: {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}
        found = self.store("GetUserId", AlternateIdentifier=by("userName", "ann"))["UserId"]
        self.case.assertEqual(found, user)
        found = self.store("GetGroupId", AlternateIdentifier=by("displayName", "admins"))["GroupId"]
        self.case.assertEqual(found, self.group)
        change = lambda path, value: [{"AttributePath": path, "AttributeValue": value}]
        self.store("UpdateUser", UserId=user, Operations=change("title", "CTO"))
        self.case.assertEqual(self.store("DescribeUser", UserId=user)["Title"], "CTO")
        self.store("UpdateGroup", GroupId=self.group, Operations=change("description", "some"))
        self.case.assertEqual(self.store("DescribeGroup", GroupId=self.group)["Description"], "some")
        self.case.assertEqual(len(self.store("ListUsers")["Users"]), 1)
        self.case.assertEqual(len(self.store("ListGroups")["Groups"]), 1)
        pair = {"GroupId": self.group, "MemberId": {"UserId": user}}
        made = self.store("CreateGroupMembership", **pair)["MembershipId"]
        self.case.assertEqual(self.store("GetGroupMembershipId", **pair)["MembershipId"], made)
        shown = self.store("DescribeGroupMembership", MembershipId=made)
        self.case.assertEqual(shown["GroupId"], self.group)
        member = {"MemberId": {"UserId": user}}
        results = self.store("IsMemberInGroups", GroupIds=[self.group], **member)["Results"]
        self.case.assertTrue(results[0]["MembershipExists"])
        listed = self.store("ListGroupMemberships", GroupId=self.group)["GroupMemberships"]
        self.case.assertEqual(len(listed), 1)
        listed = self.store("ListGroupMembershipsForMember", **member)["GroupMemberships"]
        self.case.assertEqual(len(listed), 1)
        self.store("DeleteGroupMembership", MembershipId=made)
        self.store("DeleteUser", UserId=user)

    def sso(self, operation: str, **given):
        return self.call("sso-admin", operation, InstanceArn=self.instance, **given)

    def grant(self):
        self.case.assertEqual(self.sso("DescribeInstance")["Status"], "ACTIVE")
        made = self.sso("CreatePermissionSet", Name="Admin", Tags=[{"Key": "a", "Value": "b"}])
        arn = made["PermissionSet"]["PermissionSetArn"]
        which = {"PermissionSetArn": arn}
        self.sso("UpdatePermissionSet", SessionDuration="PT8H", **which)
        shown = self.sso("DescribePermissionSet", **which)["PermissionSet"]
        self.case.assertEqual(shown["SessionDuration"], "PT8H")
        self.case.assertEqual(self.sso("ListPermissionSets")["PermissionSets"], [arn])
        self.fill(which)
        tagged = {"ResourceArn": arn}
        self.sso("TagResource", Tags=[{"Key": "c", "Value": "d"}], **tagged)
        self.sso("UntagResource", TagKeys=["a"], **tagged)
        self.case.assertEqual(
            self.sso("ListTagsForResource", **tagged)["Tags"], [{"Key": "c", "Value": "d"}]
        )
        self.assign(which)
        self.sso("DeletePermissionSet", **which)
        self.store("DeleteGroup", GroupId=self.group)

    def fill(self, which: dict):
        self.sso("PutInlinePolicyToPermissionSet", InlinePolicy=ALLOW, **which)
        self.case.assertEqual(self.sso("GetInlinePolicyForPermissionSet", **which)["InlinePolicy"], ALLOW)
        self.sso("DeleteInlinePolicyFromPermissionSet", **which)
        self.sso("AttachManagedPolicyToPermissionSet", ManagedPolicyArn=READ_ONLY, **which)
        listed = self.sso("ListManagedPoliciesInPermissionSet", **which)["AttachedManagedPolicies"]
        self.case.assertEqual(listed, [{"Name": "ReadOnlyAccess", "Arn": READ_ONLY}])
        self.sso("DetachManagedPolicyFromPermissionSet", ManagedPolicyArn=READ_ONLY, **which)
        own = {"CustomerManagedPolicyReference": {"Name": "own", "Path": "/"}}
        self.sso("AttachCustomerManagedPolicyReferenceToPermissionSet", **own, **which)
        listed = self.sso("ListCustomerManagedPolicyReferencesInPermissionSet", **which)
        self.case.assertEqual(
            listed["CustomerManagedPolicyReferences"], [own["CustomerManagedPolicyReference"]]
        )
        self.sso("DetachCustomerManagedPolicyReferenceFromPermissionSet", **own, **which)
        self.sso("PutPermissionsBoundaryToPermissionSet", PermissionsBoundary=own, **which)
        shown = self.sso("GetPermissionsBoundaryForPermissionSet", **which)["PermissionsBoundary"]
        self.case.assertEqual(shown, own)
        self.sso("DeletePermissionsBoundaryFromPermissionSet", **which)

    def requested(self, describe: str, member: str, status: str, made: dict):
        """Waits for a request of Identity Center and expects success."""
        given = {member: made[status]["RequestId"]}
        read = lambda: self.sso(describe, **given)[status]
        found = self.walk.until(read, lambda seen: seen["Status"] != "IN_PROGRESS", describe)
        self.case.assertEqual(found["Status"], "SUCCEEDED", found)

    def assign(self, which: dict):
        whom = {"PrincipalType": "GROUP", "PrincipalId": self.group}
        wanted = {"TargetId": self.audit, "TargetType": "AWS_ACCOUNT", **whom, **which}
        made = self.sso("CreateAccountAssignment", **wanted)
        self.requested(
            "DescribeAccountAssignmentCreationStatus",
            "AccountAssignmentCreationRequestId",
            "AccountAssignmentCreationStatus",
            made,
        )
        listed = self.sso("ListAccountAssignmentCreationStatus")["AccountAssignmentsCreationStatus"]
        self.case.assertEqual(len(listed), 1)
        listed = self.sso("ListAccountAssignments", AccountId=self.audit, **which)["AccountAssignments"]
        self.case.assertEqual([row["PrincipalId"] for row in listed], [self.group])
        listed = self.sso("ListAccountAssignmentsForPrincipal", **whom)["AccountAssignments"]
        self.case.assertEqual([row["AccountId"] for row in listed], [self.audit])
        listed = self.sso("ListAccountsForProvisionedPermissionSet", **which)["AccountIds"]
        self.case.assertEqual(listed, [self.audit])
        listed = self.sso("ListPermissionSetsProvisionedToAccount", AccountId=self.audit)["PermissionSets"]
        self.case.assertEqual(listed, [which["PermissionSetArn"]])
        made = self.sso("ProvisionPermissionSet", TargetType="ALL_PROVISIONED_ACCOUNTS", **which)
        self.requested(
            "DescribePermissionSetProvisioningStatus",
            "ProvisionPermissionSetRequestId",
            "PermissionSetProvisioningStatus",
            made,
        )
        listed = self.sso("ListPermissionSetProvisioningStatus")["PermissionSetsProvisioningStatus"]
        self.case.assertEqual(len(listed), 1)
        made = self.sso("DeleteAccountAssignment", **wanted)
        self.requested(
            "DescribeAccountAssignmentDeletionStatus",
            "AccountAssignmentDeletionRequestId",
            "AccountAssignmentDeletionStatus",
            made,
        )
        listed = self.sso("ListAccountAssignmentDeletionStatus")["AccountAssignmentsDeletionStatus"]
        self.case.assertEqual(len(listed), 1)

    def root_session(self, task: str) -> Credentials:
        arn = f"arn:aws:iam::aws:policy/root-task/{task}"
        got = self.call("sts", "AssumeRoot", TargetPrincipal=GUEST, TaskPolicyArn={"arn": arn})["Credentials"]
        return Credentials(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])

    def take_root_back(self):
        self.org("EnableAWSServiceAccess", ServicePrincipal="iam.amazonaws.com")
        self.iam("EnableOrganizationsRootCredentialsManagement")
        self.iam("EnableOrganizationsRootSessions")
        features = self.iam("ListOrganizationsFeatures")["EnabledFeatures"]
        self.case.assertEqual(features, ["RootCredentialsManagement", "RootSessions"])
        root = {"caller": self.root_session("IAMDeleteRootUserCredentials")}
        summary = self.iam("GetAccountSummary", **root)["SummaryMap"]
        self.case.assertEqual((summary["AccountMFAEnabled"], summary["AccountPasswordPresent"]), (1, 1))
        self.iam("GetLoginProfile", **root)
        self.iam("DeleteLoginProfile", **root)
        for key in self.iam("ListAccessKeys", **root)["AccessKeyMetadata"]:
            self.iam("DeleteAccessKey", AccessKeyId=key["AccessKeyId"], **root)
        for device in self.iam("ListMFADevices", **root)["MFADevices"]:
            self.iam("DeactivateMFADevice", SerialNumber=device["SerialNumber"], **root)
        for certificate in self.iam("ListSigningCertificates", **root)["Certificates"]:
            self.iam("DeleteSigningCertificate", CertificateId=certificate["CertificateId"], **root)
        summary = self.iam("GetAccountSummary", **root)["SummaryMap"]
        present = {name: value for name, value in summary.items() if name.endswith("Present")}
        self.case.assertEqual(set(present.values()), {0}, present)
        self.iam("CreateLoginProfile", caller=self.root_session("IAMCreateRootUserPassword"))
        self.iam("DisableOrganizationsRootSessions")
        left = self.iam("DisableOrganizationsRootCredentialsManagement").get("EnabledFeatures", [])
        self.case.assertEqual(left, [])
