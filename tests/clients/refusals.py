"""What each operation refuses, with the code and the Reason that AWS gives."""

import dataclasses
import json
from collections.abc import Callable

from .callers import Credentials
from .scene import ASKED, BILLING, OUTSIDER, PENDING
from .twin import GUEST, MANAGEMENT, STRANGER
from .walk import DENY, DETAILS, HOME

SCP = "SERVICE_CONTROL_POLICY"
NO_ACCOUNT = "999999999999"
NO_UNIT = "ou-zzzz-zzzzzzzz"
NO_ROOT = "r-zzzz"
NO_POLICY = "p-zzzzzzzz"
NO_HANDSHAKE = "h-zzzzzzzz"

INPUT = "InvalidInputException"
CONSTRAINT = "ConstraintViolationException"
HANDSHAKE = "HandshakeConstraintViolationException"
DENIED = "AccessDeniedException"
NOT_IN_USE = "AWSOrganizationsNotInUseException"
INVALID = "ValidationException"
DENY_TEXT = json.dumps(DENY)


@dataclasses.dataclass
class Refusal:
    """One call that must fail. `given` makes its input from the scene; `under` are settings that replace the usual."""

    operation: str
    when: str
    code: str
    reason: str | None
    given: Callable
    caller: str | Credentials | Callable
    under: dict
    service: str = "organizations"


ROWS: list[Refusal] = []


def refuses(operation, when, code, reason=None, given=lambda s: {}, caller=MANAGEMENT, under=None, service=None):
    row = Refusal(operation, when, code, reason, given, caller, under or {}, service or "organizations")
    ROWS.append(row)


def limits(kind: str, **changed) -> dict:
    """Returns settings with other limits for a policy type."""
    usual = {"characters": 10_240, "per_target": 10, "least_per_target": 1, "per_organization": 10_000}
    return {"policy_limits": {kind: usual | changed}}


def tag(key: str, value: str = "v") -> dict:
    return {"Key": key, "Value": value}


# The organization itself.
refuses("CreateOrganization", "the caller is in one", "AlreadyInOrganizationException")
refuses("CreateOrganization", "the feature set is unknown", INPUT, "INVALID_ENUM", lambda s: {"FeatureSet": "SOME"}, OUTSIDER)
refuses("DeleteOrganization", "accounts are left", "OrganizationNotEmptyException")
refuses("DeleteOrganization", "a member asks", DENIED, caller=GUEST)
refuses("DescribeOrganization", "the caller is in none", NOT_IN_USE, caller=OUTSIDER)
refuses("ListRoots", "the caller is in none", NOT_IN_USE, caller=OUTSIDER)
refuses("ListRoots", "a plain member asks", DENIED, caller=lambda s: s.shop)
refuses("ListRoots", "a page is too long", INPUT, "MAX_VALUE_EXCEEDED", lambda s: {"MaxResults": 21})
refuses("ListRoots", "a page is empty", INPUT, "MIN_VALUE_EXCEEDED", lambda s: {"MaxResults": 0})
refuses("EnableAllFeatures", "they are on", HANDSHAKE, "ORGANIZATION_ALREADY_HAS_ALL_FEATURES")
refuses("EnableAllFeatures", "it has been asked for", HANDSHAKE, "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION", caller=PENDING)
refuses("LeaveOrganization", "the management account asks", "MasterCannotLeaveOrganizationException")
refuses("LeaveOrganization", "a delegated administrator asks", CONSTRAINT, "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", caller=GUEST)

# Handshakes.
account_target = lambda id: {"Target": {"Id": id, "Type": "ACCOUNT"}}
INVITE = "InviteAccountToOrganization"
refuses(INVITE, "the account is a member", HANDSHAKE, "ALREADY_IN_AN_ORGANIZATION", lambda s: account_target(GUEST))
refuses(INVITE, "an invitation is open", "DuplicateHandshakeException", None, lambda s: account_target(STRANGER))
refuses(INVITE, "all features are on their way", HANDSHAKE, "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", lambda s: account_target(OUTSIDER), PENDING)
refuses(INVITE, "the account quota is used up", HANDSHAKE, "ACCOUNT_NUMBER_LIMIT_EXCEEDED", lambda s: account_target(OUTSIDER), under={"accounts": 2})
refuses(INVITE, "too many went out today", HANDSHAKE, "HANDSHAKE_RATE_LIMIT_EXCEEDED", lambda s: account_target(OUTSIDER), under={"invitations_per_day": 0})
refuses(INVITE, "the address is none", INPUT, "INVALID_EMAIL_ADDRESS_TARGET", lambda s: {"Target": {"Id": "nobody", "Type": "EMAIL"}})
refuses(INVITE, "an organization is the target", INPUT, "INVALID_PARTY_TYPE_TARGET", lambda s: {"Target": {"Id": "o-1234567890", "Type": "ORGANIZATION"}})
for verb in ("Accept", "Decline", "Cancel", "Describe"):
    refuses(f"{verb}Handshake", "it does not exist", "HandshakeNotFoundException", None, lambda s: {"HandshakeId": NO_HANDSHAKE})
    refuses(f"{verb}Handshake", "the id has a wrong form", INPUT, "INVALID_PATTERN", lambda s: {"HandshakeId": "x"})
    refuses(f"{verb}Handshake", "a third account asks", DENIED, None, lambda s: {"HandshakeId": s.invitation}, OUTSIDER)
refuses("AcceptHandshake", "it is accepted", "HandshakeAlreadyInStateException", None, lambda s: {"HandshakeId": s.guest}, GUEST)
refuses("AcceptHandshake", "a consent is missing", "InvalidHandshakeTransitionException", None, lambda s: {"HandshakeId": s.pending}, PENDING)
refuses("DeclineHandshake", "it is accepted", "InvalidHandshakeTransitionException", None, lambda s: {"HandshakeId": s.guest}, GUEST)
refuses("CancelHandshake", "it is accepted", "InvalidHandshakeTransitionException", None, lambda s: {"HandshakeId": s.guest})
refuses("ListHandshakesForAccount", "the filter has two members", INPUT, "MAX_LIMIT_EXCEEDED_FILTER", lambda s: {"Filter": {"ActionType": "INVITE", "ParentHandshakeId": s.guest}})
refuses("ListHandshakesForOrganization", "the filter is unknown", INPUT, "INVALID_ENUM", lambda s: {"Filter": {"ActionType": "GREET"}})
refuses("ListHandshakesForOrganization", "the caller is in none", NOT_IN_USE, caller=OUTSIDER)

# Organizational units.
CREATE = "CreateOrganizationalUnit"
DELETE = "DeleteOrganizationalUnit"
refuses(CREATE, "it lies deeper than five levels", CONSTRAINT, "OU_DEPTH_LIMIT_EXCEEDED", lambda s: {"ParentId": s.units[4], "Name": "Level 6"})
refuses(CREATE, "there are too many", CONSTRAINT, "OU_NUMBER_LIMIT_EXCEEDED", lambda s: {"ParentId": s.root, "Name": "More"}, under={"units": 6})
refuses(CREATE, "a sibling has the name", "DuplicateOrganizationalUnitException", None, lambda s: {"ParentId": s.root, "Name": "Empty"})
refuses(CREATE, "the parent does not exist", "ParentNotFoundException", None, lambda s: {"ParentId": NO_UNIT, "Name": "More"})
refuses(CREATE, "the name is too long", INPUT, "MAX_LENGTH_EXCEEDED", lambda s: {"ParentId": s.root, "Name": "n" * 129})
refuses(CREATE, "the name is missing", INPUT, "INPUT_REQUIRED", lambda s: {"ParentId": s.root})
refuses(CREATE, "the tag policy forbids a tag", CONSTRAINT, "TAG_POLICY_VIOLATION", lambda s: {"ParentId": s.root, "Name": "More", "Tags": [tag("stage", "test")]})
refuses(CREATE, "a delegated administrator asks", DENIED, None, lambda s: {"ParentId": s.root, "Name": "More"}, GUEST)
refuses("UpdateOrganizationalUnit", "a sibling has the name", "DuplicateOrganizationalUnitException", None, lambda s: {"OrganizationalUnitId": s.empty_unit, "Name": "Level 1"})
for verb in ("Update", "Describe", "Delete"):
    refuses(f"{verb}OrganizationalUnit", "it does not exist", "OrganizationalUnitNotFoundException", None, lambda s: {"OrganizationalUnitId": NO_UNIT})
refuses(DELETE, "it holds units", "OrganizationalUnitNotEmptyException", None, lambda s: {"OrganizationalUnitId": s.units[1]})
refuses(DELETE, "it holds an account", "OrganizationalUnitNotEmptyException", None, lambda s: {"OrganizationalUnitId": s.units[0]})
for operation in ("ListOrganizationalUnitsForParent", "ListAccountsForParent"):
    refuses(operation, "the parent does not exist", "ParentNotFoundException", None, lambda s: {"ParentId": NO_UNIT})
    refuses(operation, "the token is foreign", INPUT, "INVALID_NEXT_TOKEN", lambda s: {"ParentId": s.root, "NextToken": "x"})
refuses("ListChildren", "the parent does not exist", "ParentNotFoundException", None, lambda s: {"ParentId": NO_ROOT, "ChildType": "ACCOUNT"})
refuses("ListChildren", "the kind is unknown", INPUT, "INVALID_ENUM", lambda s: {"ParentId": s.root, "ChildType": "PET"})
refuses("ListParents", "the child does not exist", "ChildNotFoundException", None, lambda s: {"ChildId": NO_ACCOUNT})

# Accounts.
new = lambda **given: {"Email": "new@example.com", "AccountName": "New", **given}
refuses("CreateAccount", "the quota is used up", CONSTRAINT, "ACCOUNT_NUMBER_LIMIT_EXCEEDED", lambda s: new(), under={"accounts": 2})
refuses("CreateAccount", "too many are under way", "TooManyRequestsException", None, lambda s: new(), under={"creations_at_once": 0})
refuses("CreateAccount", "too many were made today", CONSTRAINT, "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED", lambda s: new(), under={"creations_per_day": 0})
refuses("CreateAccount", "the organization is new", "FinalizingOrganizationException", None, lambda s: new(), under={"finalizing_seconds": 1e9})
refuses("CreateAccount", "the address is none", INPUT, "INVALID_PATTERN", lambda s: new(Email="new.example.com"))
refuses("CreateAccount", "the name is too long", INPUT, "MAX_LENGTH_EXCEEDED", lambda s: new(AccountName="n" * 51))
refuses("CreateAccount", "the role's name is AWS's", INPUT, "INVALID_ROLE_NAME", lambda s: new(RoleName="AWSServiceRoleForAll"))
refuses("CreateAccount", "a member asks", DENIED, None, lambda s: new(), lambda s: s.shop)
refuses("DescribeCreateAccountStatus", "it does not exist", "CreateAccountStatusNotFoundException", None, lambda s: {"CreateAccountRequestId": "car-zzzzzzzz"})
refuses("ListCreateAccountStatus", "a state is unknown", INPUT, "INVALID_ENUM", lambda s: {"States": ["DONE"]})
for operation in ("DescribeAccount", "CloseAccount", "RemoveAccountFromOrganization"):
    refuses(operation, "it does not exist", "AccountNotFoundException", None, lambda s: {"AccountId": NO_ACCOUNT})
    refuses(operation, "the id has a wrong form", INPUT, "INVALID_PATTERN", lambda s: {"AccountId": "12345"})
refuses("ListAccounts", "a plain member asks", DENIED, caller=lambda s: s.shop)
refuses("ListAccounts", "the token is foreign", INPUT, "INVALID_NEXT_TOKEN", lambda s: {"NextToken": "x"})
move = lambda s, **given: {"AccountId": s.shop, "SourceParentId": s.units[0], "DestinationParentId": s.root, **given}
refuses("MoveAccount", "the source is wrong", "SourceParentNotFoundException", None, lambda s: move(s, SourceParentId=s.units[1]))
refuses("MoveAccount", "the destination does not exist", "DestinationParentNotFoundException", None, lambda s: move(s, DestinationParentId=NO_UNIT))
refuses("MoveAccount", "it is there already", "DuplicateAccountException", None, lambda s: move(s, DestinationParentId=s.units[0]))
refuses("MoveAccount", "the destination is another root", INPUT, "MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS", lambda s: move(s, DestinationParentId=s.billing_root))
refuses("MoveAccount", "it does not exist", "AccountNotFoundException", None, lambda s: move(s, AccountId=NO_ACCOUNT))
refuses("CloseAccount", "it is the management account", CONSTRAINT, "CANNOT_CLOSE_MANAGEMENT_ACCOUNT", lambda s: {"AccountId": MANAGEMENT})
refuses("CloseAccount", "it is closed", "AccountAlreadyClosedException", None, lambda s: {"AccountId": s.closed})
refuses("CloseAccount", "too many are under way", CONSTRAINT, "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED", lambda s: {"AccountId": s.shop}, under={"closures_at_once": 0})
refuses("CloseAccount", "the quota of 30 days is used up", CONSTRAINT, "CLOSE_ACCOUNT_QUOTA_EXCEEDED", lambda s: {"AccountId": s.shop}, under={"closures_cap": 1})
refuses("CloseAccount", "it is a delegated administrator", "ConflictException", None, lambda s: {"AccountId": GUEST})
refuses("CloseAccount", "not all features are on", CONSTRAINT, "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", lambda s: {"AccountId": s.billed}, BILLING)
REMOVE = "RemoveAccountFromOrganization"
refuses(REMOVE, "it is the management account", "MasterCannotLeaveOrganizationException", None, lambda s: {"AccountId": MANAGEMENT})
refuses(REMOVE, "it is a delegated administrator", CONSTRAINT, "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", lambda s: {"AccountId": GUEST})
refuses(REMOVE, "it is too young", CONSTRAINT, "WAIT_PERIOD_ACTIVE", lambda s: {"AccountId": s.shop}, under={"removal_wait_days": 4})
refuses(REMOVE, "it can't pay", CONSTRAINT, "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED", lambda s: {"AccountId": s.shop}, under={"members_have_payment_data": False})

# Policies.
policy = lambda **given: {"Name": "more", "Description": "", "Type": SCP, "Content": DENY_TEXT, **given}
IMMUTABLE = "IMMUTABLE_POLICY"
full = {"PolicyId": "p-FullAWSAccess"}
refuses("CreatePolicy", "it is too long", CONSTRAINT, "POLICY_CONTENT_LIMIT_EXCEEDED", lambda s: policy(), under=limits(SCP, characters=10))
refuses("CreatePolicy", "there are too many", CONSTRAINT, "POLICY_NUMBER_LIMIT_EXCEEDED", lambda s: policy(), under=limits(SCP, per_organization=1))
refuses("CreatePolicy", "its grammar is wrong", "MalformedPolicyDocumentException", None, lambda s: policy(Content='{"Statement": 1}'))
refuses("CreatePolicy", "the name is taken", "DuplicatePolicyException", None, lambda s: policy(Name="guard"))
refuses("CreatePolicy", "the type is unknown", INPUT, "INVALID_ENUM_POLICY_TYPE", lambda s: policy(Type="WISH"))
refuses("CreatePolicy", "not all features are on", "PolicyTypeNotAvailableForOrganizationException", None, lambda s: policy(), BILLING)
refuses("UpdatePolicy", "it is AWS's", INPUT, IMMUTABLE, lambda s: full | {"Name": "mine"})
refuses("UpdatePolicy", "its grammar is wrong", "MalformedPolicyDocumentException", None, lambda s: {"PolicyId": s.guard, "Content": "{"})
refuses("UpdatePolicy", "the name is taken", "DuplicatePolicyException", None, lambda s: {"PolicyId": s.guard, "Name": "spare"})
refuses("DeletePolicy", "it is attached", "PolicyInUseException", None, lambda s: {"PolicyId": s.guard})
refuses("DeletePolicy", "it is AWS's", INPUT, IMMUTABLE, lambda s: full)
for operation in ("UpdatePolicy", "DeletePolicy", "DescribePolicy", "ListTargetsForPolicy"):
    refuses(operation, "it does not exist", "PolicyNotFoundException", None, lambda s: {"PolicyId": NO_POLICY})
    refuses(operation, "the id has a wrong form", INPUT, "INVALID_SYNTAX_POLICY_ID", lambda s: {"PolicyId": "guard"})
refuses("AttachPolicy", "the target has the maximum", CONSTRAINT, "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", lambda s: {"PolicyId": s.spare, "TargetId": s.shop}, under=limits(SCP, per_target=1))
refuses("AttachPolicy", "the type is off", "PolicyTypeNotEnabledException", None, lambda s: {"PolicyId": s.backup, "TargetId": s.shop})
refuses("AttachPolicy", "it is attached", "DuplicatePolicyAttachmentException", None, lambda s: {"PolicyId": s.guard, "TargetId": s.units[0]})
refuses("DetachPolicy", "it is the last one", CONSTRAINT, "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", lambda s: full | {"TargetId": s.shop})
refuses("DetachPolicy", "it is everywhere for good", INPUT, "NON_DETACHABLE_POLICY", lambda s: {"PolicyId": "p-RCPFullAWSAccess", "TargetId": s.shop})
refuses("DetachPolicy", "it is not attached", "PolicyNotAttachedException", None, lambda s: {"PolicyId": s.guard, "TargetId": s.shop})
for operation in ("AttachPolicy", "DetachPolicy"):
    refuses(operation, "the target does not exist", "TargetNotFoundException", None, lambda s: {"PolicyId": s.guard, "TargetId": NO_UNIT})
    refuses(operation, "the policy does not exist", "PolicyNotFoundException", None, lambda s: {"PolicyId": NO_POLICY, "TargetId": s.shop})
    refuses(operation, "a plain member asks", DENIED, None, lambda s: {"PolicyId": s.guard, "TargetId": s.shop}, lambda s: s.shop)
refuses("ListPolicies", "the type is unknown", INPUT, "INVALID_ENUM_POLICY_TYPE", lambda s: {"Filter": "WISH"})
refuses("ListPoliciesForTarget", "the target does not exist", "TargetNotFoundException", None, lambda s: {"TargetId": NO_ACCOUNT, "Filter": SCP})
refuses("ListPoliciesForTarget", "the target has a wrong form", INPUT, "INVALID_PATTERN_TARGET_ID", lambda s: {"TargetId": "x", "Filter": SCP})
at_root = lambda s, kind, **given: {"RootId": s.root, "PolicyType": kind, **given}
refuses("EnablePolicyType", "it is on", "PolicyTypeAlreadyEnabledException", None, lambda s: at_root(s, SCP))
refuses("EnablePolicyType", "not all features are on", "PolicyTypeNotAvailableForOrganizationException", None, lambda s: {"RootId": s.billing_root, "PolicyType": SCP}, BILLING)
refuses("EnablePolicyType", "its service has no access", CONSTRAINT, "SERVICE_ACCESS_NOT_ENABLED", lambda s: at_root(s, "INSPECTOR_POLICY"), under={"policy_type_services": {"INSPECTOR_POLICY": "inspector2.amazonaws.com"}})
refuses("DisablePolicyType", "it is off", "PolicyTypeNotEnabledException", None, lambda s: at_root(s, "BACKUP_POLICY"))
for operation in ("EnablePolicyType", "DisablePolicyType"):
    refuses(operation, "the root does not exist", "RootNotFoundException", None, lambda s: at_root(s, SCP, RootId=NO_ROOT))

# Effective policies.
refuses("DescribeEffectivePolicy", "its type has none", INPUT, "INVALID_ENUM_POLICY_TYPE", lambda s: {"PolicyType": SCP, "TargetId": s.shop})
refuses("DescribeEffectivePolicy", "there is none", "EffectivePolicyNotFoundException", None, lambda s: {"PolicyType": "CHATBOT_POLICY", "TargetId": s.shop})
refuses("DescribeEffectivePolicy", "the account does not exist", "TargetNotFoundException", None, lambda s: {"PolicyType": "TAG_POLICY", "TargetId": NO_ACCOUNT})
refuses("DescribeEffectivePolicy", "a member asks about another", DENIED, None, lambda s: {"PolicyType": "TAG_POLICY", "TargetId": MANAGEMENT}, lambda s: s.shop)
refuses("ListAccountsWithInvalidEffectivePolicy", "its type has none", INPUT, "INVALID_ENUM_POLICY_TYPE", lambda s: {"PolicyType": SCP})
refuses("ListEffectivePolicyValidationErrors", "the account does not exist", "AccountNotFoundException", None, lambda s: {"PolicyType": "TAG_POLICY", "AccountId": NO_ACCOUNT})
refuses("ListEffectivePolicyValidationErrors", "there is none", "EffectivePolicyNotFoundException", None, lambda s: {"PolicyType": "CHATBOT_POLICY", "AccountId": s.shop})

# Trusted access and delegated administrators.
service_of = lambda name: {"ServicePrincipal": f"{name}.amazonaws.com"}
delegate = lambda id, name: {"AccountId": id, **service_of(name)}
REGISTER, DEREGISTER = "RegisterDelegatedAdministrator", "DeregisterDelegatedAdministrator"
UNRECOGNIZED = "UNRECOGNIZED_SERVICE_PRINCIPAL"
EXISTS = "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"
refuses("EnableAWSServiceAccess", "the principal is unknown", INPUT, UNRECOGNIZED, lambda s: service_of("pets"))
refuses("EnableAWSServiceAccess", "not all features are on", CONSTRAINT, "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", lambda s: service_of("config"), BILLING)
refuses("DisableAWSServiceAccess", "the principal is unknown", INPUT, UNRECOGNIZED, lambda s: service_of("pets"))
refuses("DisableAWSServiceAccess", "its policy type is on", CONSTRAINT, "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", lambda s: service_of("securityhub"))
refuses("ListAWSServiceAccessForOrganization", "a plain member asks", DENIED, caller=lambda s: s.shop)
refuses(REGISTER, "the service has no access", CONSTRAINT, "SERVICE_ACCESS_NOT_ENABLED", lambda s: delegate(s.shop, "guardduty"))
refuses(REGISTER, "it is the management account", CONSTRAINT, "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", lambda s: delegate(MANAGEMENT, "cloudtrail"))
refuses(REGISTER, "it is closed", CONSTRAINT, "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR", lambda s: delegate(s.closed, "cloudtrail"))
refuses(REGISTER, "the service takes one and has one", CONSTRAINT, EXISTS, lambda s: delegate(s.shop, "access-analyzer"))
refuses(REGISTER, "the service has its maximum", CONSTRAINT, "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED", lambda s: delegate(s.shop, "cloudtrail"), under={"delegated_administrators": {"cloudtrail.amazonaws.com": 0}})
refuses(REGISTER, "it is registered", "AccountAlreadyRegisteredException", None, lambda s: delegate(GUEST, "access-analyzer"))
refuses(REGISTER, "the principal is unknown", INPUT, UNRECOGNIZED, lambda s: delegate(s.shop, "pets"))
refuses(REGISTER, "the account does not exist", "AccountNotFoundException", None, lambda s: delegate(NO_ACCOUNT, "cloudtrail"))
refuses(DEREGISTER, "it is not registered", "AccountNotRegisteredException", None, lambda s: delegate(s.shop, "access-analyzer"))
refuses(DEREGISTER, "the account does not exist", "AccountNotFoundException", None, lambda s: delegate(NO_ACCOUNT, "access-analyzer"))
refuses("ListDelegatedAdministrators", "the principal is unknown", INPUT, UNRECOGNIZED, lambda s: service_of("pets"))
refuses("ListDelegatedServicesForAccount", "it is not registered", "AccountNotRegisteredException", None, lambda s: {"AccountId": s.shop})

# The resource policy.
def grant(**given) -> dict:
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "organizations:ListRoots", "Resource": "*", **given}
    return {"Content": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


refuses("PutResourcePolicy", "it is no JSON", INPUT, "INVALID_RESOURCE_POLICY_JSON", lambda s: {"Content": "{"})
refuses("PutResourcePolicy", "it names nobody", INPUT, "INVALID_PRINCIPAL", lambda s: grant(Principal={}))
refuses("PutResourcePolicy", "it is about another service", INPUT, "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", lambda s: grant(Action="s3:GetObject"))
refuses("PutResourcePolicy", "it is too long", INPUT, "MAX_LENGTH_EXCEEDED", lambda s: grant(Sid="s" * 40_000))
refuses("DescribeResourcePolicy", "there is none", "ResourcePolicyNotFoundException")
refuses("DeleteResourcePolicy", "there is none", "ResourcePolicyNotFoundException")

# Tags.
tagging = lambda *tags: lambda s: {"ResourceId": s.shop, "Tags": list(tags)}
refuses("TagResource", "there are more than 50", CONSTRAINT, "MAX_TAG_LIMIT_EXCEEDED", tagging(*(tag(f"k{n}") for n in range(50))))
refuses("TagResource", "the key is AWS's", INPUT, "INVALID_SYSTEM_TAGS_PARAMETER", tagging(tag("aws:owner")))
refuses("TagResource", "a key is given twice", INPUT, "DUPLICATE_TAG_KEY", tagging(tag("owner"), tag("owner")))
refuses("TagResource", "the tag policy forbids it", CONSTRAINT, "TAG_POLICY_VIOLATION", lambda s: {"ResourceId": s.units[0], "Tags": [tag("stage", "test")]})
refuses("TagResource", "a key has a wrong character", INPUT, "INVALID_PATTERN", tagging(tag("own?er")))
for operation, more in (("TagResource", {"Tags": [tag("owner")]}), ("UntagResource", {"TagKeys": ["owner"]}), ("ListTagsForResource", {})):
    refuses(operation, "the resource does not exist", "TargetNotFoundException", None, lambda s, more=more: {"ResourceId": NO_ACCOUNT, **more})

# Account Management.
def account_refuses(operation, when, code, reason=None, given=lambda s: {}, **more):
    refuses(operation, when, code, reason, given, service="account", **more)


FIELD = "fieldValidationFailed"
EMAIL = {"PrimaryEmail": "shop.new@example.com"}
ABOUT = {
    "AcceptPrimaryEmailUpdate": EMAIL | {"Otp": "123456"},
    "DeleteAlternateContact": {"AlternateContactType": "BILLING"},
    "DisableRegion": {"RegionName": "eu-south-1"},
    "EnableRegion": {"RegionName": "eu-south-1"},
    "GetAccountInformation": {},
    "GetAlternateContact": {"AlternateContactType": "BILLING"},
    "GetContactInformation": {},
    "GetPrimaryEmail": {},
    "GetRegionOptStatus": {"RegionName": "eu-south-1"},
    "ListRegions": {},
    "PutAccountName": {"AccountName": "New"},
    "PutAlternateContact": {"AlternateContactType": "BILLING", **DETAILS},
    "PutContactInformation": {"ContactInformation": HOME},
    "StartPrimaryEmailUpdate": EMAIL,
}
for operation, about in ABOUT.items():
    account_refuses(operation, "a member names another account", DENIED, None, lambda s, about=about: {"AccountId": GUEST, **about}, caller=lambda s: s.shop)
    account_refuses(operation, "the account is outside", DENIED, None, lambda s, about=about: {"AccountId": STRANGER, **about})
    account_refuses(operation, "the id has a wrong form", INVALID, FIELD, lambda s, about=about: {"AccountId": "1", **about})
for operation in ("GetAlternateContact", "DeleteAlternateContact"):
    account_refuses(operation, "there is none", "ResourceNotFoundException", None, lambda s: {"AccountId": s.shop, "AlternateContactType": "BILLING"})
account_refuses("GetContactInformation", "there is none", "ResourceNotFoundException", None, lambda s: {"AccountId": s.shop})
account_refuses("PutAlternateContact", "the address is none", INVALID, FIELD, lambda s: {**DETAILS, "AlternateContactType": "BILLING", "EmailAddress": "x"})
account_refuses("PutContactInformation", "the country has three letters", INVALID, FIELD, lambda s: {"ContactInformation": HOME | {"CountryCode": "USA"}})
account_refuses("PutAccountName", "the name has an angle bracket", INVALID, FIELD, lambda s: {"AccountName": "<b>"})
account_refuses("EnableRegion", "it is always on", INVALID, "invalidRegionOptTarget", lambda s: {"RegionName": "us-east-1"})
account_refuses("EnableRegion", "it does not exist", INVALID, FIELD, lambda s: {"RegionName": "mars-1"})
account_refuses("EnableRegion", "too many are being switched", "TooManyRequestsException", None, lambda s: {"RegionName": "eu-south-1"}, under={"region_opts_per_account": 0})
account_refuses("StartPrimaryEmailUpdate", "the address is taken", "ConflictException", None, lambda s: {"AccountId": s.closed, "PrimaryEmail": "shop@example.com"})
account_refuses("AcceptPrimaryEmailUpdate", "no change was started", "ResourceNotFoundException", None, lambda s: {"AccountId": s.shop, **EMAIL, "Otp": "123456"})

# The tagging API and STS.
def resources(when, code, given):
    refuses("GetResources", when, code, None, given, service="resourcegroupstaggingapi")


resources("a page is too long", "InvalidParameterException", lambda s: {"ResourcesPerPage": 101})
resources("a list of ARNs is filtered", "InvalidParameterException", lambda s: {"ResourceARNList": ["arn:aws:organizations::1:root/x"], "ResourceTypeFilters": ["organizations"]})
resources("the token is foreign", "PaginationTokenExpiredException", lambda s: {"PaginationToken": "x"})


def assume(when, code, **given):
    def input_of(s):
        role = f"arn:aws:iam::{s.shop}:role/OrganizationAccountAccessRole"
        return {"RoleArn": role, "RoleSessionName": "test"} | {k: v(s) if callable(v) else v for k, v in given.items()}

    refuses("AssumeRole", when, code, None, input_of, service="sts")


assume("the account does not exist", "AccessDenied", RoleArn=f"arn:aws:iam::{NO_ACCOUNT}:role/Any")
assume("the account is closed", "AccessDenied", RoleArn=lambda s: f"arn:aws:iam::{s.closed}:role/Any")
assume("the role is none", "ValidationError", RoleArn="arn:aws:s3:::bucket-of-some-length")
assume("the session is too long", "ValidationError", DurationSeconds=43_201)
