"""Refusals about policies, their types and their effect."""

import json

from ..scene import BILLING
from ..twin import MANAGEMENT
from ..walk import DENY
from .row import CONSTRAINT, DENIED, INPUT, NO_ACCOUNT, NO_POLICY, NO_ROOT, NO_UNIT, SCP, limits, refuses

DENY_TEXT = json.dumps(DENY)
# Policies.
policy = lambda **given: {"Name": "more", "Description": "", "Type": SCP, "Content": DENY_TEXT, **given}
IMMUTABLE = "IMMUTABLE_POLICY"
full = {"PolicyId": "p-FullAWSAccess"}
refuses(
    "CreatePolicy",
    "it is too long",
    CONSTRAINT,
    "POLICY_CONTENT_LIMIT_EXCEEDED",
    lambda s: policy(),
    under=limits(SCP, characters=10),
)
refuses(
    "CreatePolicy",
    "there are too many",
    CONSTRAINT,
    "POLICY_NUMBER_LIMIT_EXCEEDED",
    lambda s: policy(),
    under=limits(SCP, per_organization=1),
)
refuses(
    "CreatePolicy",
    "its grammar is wrong",
    "MalformedPolicyDocumentException",
    None,
    lambda s: policy(Content='{"Statement": 1}'),
)
refuses("CreatePolicy", "the name is taken", "DuplicatePolicyException", None, lambda s: policy(Name="guard"))
refuses(
    "CreatePolicy", "the type is unknown", INPUT, "INVALID_ENUM_POLICY_TYPE", lambda s: policy(Type="WISH")
)
refuses(
    "CreatePolicy",
    "not all features are on",
    "PolicyTypeNotAvailableForOrganizationException",
    None,
    lambda s: policy(),
    BILLING,
)
refuses("UpdatePolicy", "it is AWS's", INPUT, IMMUTABLE, lambda s: full | {"Name": "mine"})
refuses(
    "UpdatePolicy",
    "its grammar is wrong",
    "MalformedPolicyDocumentException",
    None,
    lambda s: {"PolicyId": s.guard, "Content": "{"},
)
refuses(
    "UpdatePolicy",
    "the name is taken",
    "DuplicatePolicyException",
    None,
    lambda s: {"PolicyId": s.guard, "Name": "spare"},
)
refuses("DeletePolicy", "it is attached", "PolicyInUseException", None, lambda s: {"PolicyId": s.guard})
refuses("DeletePolicy", "it is AWS's", INPUT, IMMUTABLE, lambda s: full)
for operation in ("UpdatePolicy", "DeletePolicy", "DescribePolicy", "ListTargetsForPolicy"):
    refuses(
        operation, "it does not exist", "PolicyNotFoundException", None, lambda s: {"PolicyId": NO_POLICY}
    )
    refuses(
        operation,
        "the id has a wrong form",
        INPUT,
        "INVALID_SYNTAX_POLICY_ID",
        lambda s: {"PolicyId": "guard"},
    )
refuses(
    "AttachPolicy",
    "the target has the maximum",
    CONSTRAINT,
    "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    lambda s: {"PolicyId": s.spare, "TargetId": s.shop},
    under=limits(SCP, per_target=1),
)
refuses(
    "AttachPolicy",
    "the type is off",
    "PolicyTypeNotEnabledException",
    None,
    lambda s: {"PolicyId": s.backup, "TargetId": s.shop},
)
refuses(
    "AttachPolicy",
    "it is attached",
    "DuplicatePolicyAttachmentException",
    None,
    lambda s: {"PolicyId": s.guard, "TargetId": s.units[0]},
)
refuses(
    "DetachPolicy",
    "it is the last one",
    CONSTRAINT,
    "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    lambda s: full | {"TargetId": s.shop},
)
refuses(
    "DetachPolicy",
    "it is everywhere for good",
    INPUT,
    "NON_DETACHABLE_POLICY",
    lambda s: {"PolicyId": "p-RCPFullAWSAccess", "TargetId": s.shop},
)
refuses(
    "DetachPolicy",
    "it is not attached",
    "PolicyNotAttachedException",
    None,
    lambda s: {"PolicyId": s.guard, "TargetId": s.shop},
)
for operation in ("AttachPolicy", "DetachPolicy"):
    refuses(
        operation,
        "the target does not exist",
        "TargetNotFoundException",
        None,
        lambda s: {"PolicyId": s.guard, "TargetId": NO_UNIT},
    )
    refuses(
        operation,
        "the policy does not exist",
        "PolicyNotFoundException",
        None,
        lambda s: {"PolicyId": NO_POLICY, "TargetId": s.shop},
    )
    refuses(
        operation,
        "a plain member asks",
        DENIED,
        None,
        lambda s: {"PolicyId": s.guard, "TargetId": s.shop},
        lambda s: s.shop,
    )
refuses(
    "ListPolicies", "the type is unknown", INPUT, "INVALID_ENUM_POLICY_TYPE", lambda s: {"Filter": "WISH"}
)
refuses(
    "ListPoliciesForTarget",
    "the target does not exist",
    "TargetNotFoundException",
    None,
    lambda s: {"TargetId": NO_ACCOUNT, "Filter": SCP},
)
refuses(
    "ListPoliciesForTarget",
    "the target has a wrong form",
    INPUT,
    "INVALID_PATTERN_TARGET_ID",
    lambda s: {"TargetId": "x", "Filter": SCP},
)
at_root = lambda s, kind, **given: {"RootId": s.root, "PolicyType": kind, **given}
refuses("EnablePolicyType", "it is on", "PolicyTypeAlreadyEnabledException", None, lambda s: at_root(s, SCP))
refuses(
    "EnablePolicyType",
    "not all features are on",
    "PolicyTypeNotAvailableForOrganizationException",
    None,
    lambda s: {"RootId": s.billing_root, "PolicyType": SCP},
    BILLING,
)
refuses(
    "EnablePolicyType",
    "its service has no access",
    CONSTRAINT,
    "SERVICE_ACCESS_NOT_ENABLED",
    lambda s: at_root(s, "INSPECTOR_POLICY"),
    under={"policy_type_services": {"INSPECTOR_POLICY": "inspector2.amazonaws.com"}},
)
refuses(
    "DisablePolicyType",
    "it is off",
    "PolicyTypeNotEnabledException",
    None,
    lambda s: at_root(s, "BACKUP_POLICY"),
)
for operation in ("EnablePolicyType", "DisablePolicyType"):
    refuses(
        operation,
        "the root does not exist",
        "RootNotFoundException",
        None,
        lambda s: at_root(s, SCP, RootId=NO_ROOT),
    )

# Effective policies.
refuses(
    "DescribeEffectivePolicy",
    "its type has none",
    INPUT,
    "INVALID_ENUM_POLICY_TYPE",
    lambda s: {"PolicyType": SCP, "TargetId": s.shop},
)
refuses(
    "DescribeEffectivePolicy",
    "there is none",
    "EffectivePolicyNotFoundException",
    None,
    lambda s: {"PolicyType": "CHATBOT_POLICY", "TargetId": s.shop},
)
refuses(
    "DescribeEffectivePolicy",
    "the account does not exist",
    "TargetNotFoundException",
    None,
    lambda s: {"PolicyType": "TAG_POLICY", "TargetId": NO_ACCOUNT},
)
refuses(
    "DescribeEffectivePolicy",
    "a member asks about another",
    DENIED,
    None,
    lambda s: {"PolicyType": "TAG_POLICY", "TargetId": MANAGEMENT},
    lambda s: s.shop,
)
refuses(
    "ListAccountsWithInvalidEffectivePolicy",
    "its type has none",
    INPUT,
    "INVALID_ENUM_POLICY_TYPE",
    lambda s: {"PolicyType": SCP},
)
refuses(
    "ListEffectivePolicyValidationErrors",
    "the account does not exist",
    "AccountNotFoundException",
    None,
    lambda s: {"PolicyType": "TAG_POLICY", "AccountId": NO_ACCOUNT},
)
refuses(
    "ListEffectivePolicyValidationErrors",
    "there is none",
    "EffectivePolicyNotFoundException",
    None,
    lambda s: {"PolicyType": "CHATBOT_POLICY", "AccountId": s.shop},
)
