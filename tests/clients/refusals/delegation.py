"""Refusals about trusted access, delegated administrators and the resource policy."""

import json

from ..scene import BILLING
from ..twin import GUEST, MANAGEMENT
from .row import CONSTRAINT, DENIED, INPUT, NO_ACCOUNT, refuses

# Trusted access and delegated administrators.
service_of = lambda name: {"ServicePrincipal": f"{name}.amazonaws.com"}
delegate = lambda id, name: {"AccountId": id, **service_of(name)}
REGISTER, DEREGISTER = "RegisterDelegatedAdministrator", "DeregisterDelegatedAdministrator"
UNRECOGNIZED = "UNRECOGNIZED_SERVICE_PRINCIPAL"
EXISTS = "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE"
refuses(
    "EnableAWSServiceAccess", "the principal is unknown", INPUT, UNRECOGNIZED, lambda s: service_of("pets")
)
refuses(
    "EnableAWSServiceAccess",
    "not all features are on",
    CONSTRAINT,
    "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
    lambda s: service_of("config"),
    BILLING,
)
refuses(
    "DisableAWSServiceAccess", "the principal is unknown", INPUT, UNRECOGNIZED, lambda s: service_of("pets")
)
refuses(
    "DisableAWSServiceAccess",
    "its policy type is on",
    CONSTRAINT,
    "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",
    lambda s: service_of("securityhub"),
)
refuses("ListAWSServiceAccessForOrganization", "a plain member asks", DENIED, caller=lambda s: s.shop)
refuses(
    REGISTER,
    "the service has no access",
    CONSTRAINT,
    "SERVICE_ACCESS_NOT_ENABLED",
    lambda s: delegate(s.shop, "guardduty"),
)
refuses(
    REGISTER,
    "it is the management account",
    CONSTRAINT,
    "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
    lambda s: delegate(MANAGEMENT, "cloudtrail"),
)
refuses(
    REGISTER,
    "it is closed",
    CONSTRAINT,
    "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
    lambda s: delegate(s.closed, "cloudtrail"),
)
refuses(
    REGISTER,
    "the service takes one and has one",
    CONSTRAINT,
    EXISTS,
    lambda s: delegate(s.shop, "access-analyzer"),
)
refuses(
    REGISTER,
    "the service has its maximum",
    CONSTRAINT,
    "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
    lambda s: delegate(s.shop, "cloudtrail"),
    under={"delegated_administrators": {"cloudtrail.amazonaws.com": 0}},
)
refuses(
    REGISTER,
    "it is registered",
    "AccountAlreadyRegisteredException",
    None,
    lambda s: delegate(GUEST, "access-analyzer"),
)
refuses(REGISTER, "the principal is unknown", INPUT, UNRECOGNIZED, lambda s: delegate(s.shop, "pets"))
refuses(
    REGISTER,
    "the account does not exist",
    "AccountNotFoundException",
    None,
    lambda s: delegate(NO_ACCOUNT, "cloudtrail"),
)
refuses(
    DEREGISTER,
    "it is not registered",
    "AccountNotRegisteredException",
    None,
    lambda s: delegate(s.shop, "access-analyzer"),
)
refuses(
    DEREGISTER,
    "the account does not exist",
    "AccountNotFoundException",
    None,
    lambda s: delegate(NO_ACCOUNT, "access-analyzer"),
)
refuses(
    "ListDelegatedAdministrators",
    "the principal is unknown",
    INPUT,
    UNRECOGNIZED,
    lambda s: service_of("pets"),
)
refuses(
    "ListDelegatedServicesForAccount",
    "it is not registered",
    "AccountNotRegisteredException",
    None,
    lambda s: {"AccountId": s.shop},
)


# The resource policy.
def grant(**given) -> dict:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "organizations:ListRoots",
        "Resource": "*",
        **given,
    }
    return {"Content": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


refuses(
    "PutResourcePolicy", "it is no JSON", INPUT, "INVALID_RESOURCE_POLICY_JSON", lambda s: {"Content": "{"}
)
refuses("PutResourcePolicy", "it names nobody", INPUT, "INVALID_PRINCIPAL", lambda s: grant(Principal={}))
refuses(
    "PutResourcePolicy",
    "it is about another service",
    INPUT,
    "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
    lambda s: grant(Action="s3:GetObject"),
)
refuses(
    "PutResourcePolicy", "it is too long", INPUT, "MAX_LENGTH_EXCEEDED", lambda s: grant(Sid="s" * 40_000)
)
refuses("DescribeResourcePolicy", "there is none", "ResourcePolicyNotFoundException")
refuses("DeleteResourcePolicy", "there is none", "ResourcePolicyNotFoundException")
