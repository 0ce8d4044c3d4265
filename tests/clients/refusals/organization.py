"""Refusals about the organization itself and its handshakes."""

from ..scene import OUTSIDER, PENDING
from ..twin import GUEST, STRANGER
from .row import CONSTRAINT, DENIED, HANDSHAKE, INPUT, NO_HANDSHAKE, NOT_IN_USE, refuses

# The organization itself.
refuses("CreateOrganization", "the caller is in one", "AlreadyInOrganizationException")
refuses(
    "CreateOrganization",
    "the feature set is unknown",
    INPUT,
    "INVALID_ENUM",
    lambda s: {"FeatureSet": "SOME"},
    OUTSIDER,
)
refuses("DeleteOrganization", "accounts are left", "OrganizationNotEmptyException")
refuses("DeleteOrganization", "a member asks", DENIED, caller=GUEST)
refuses("DescribeOrganization", "the caller is in none", NOT_IN_USE, caller=OUTSIDER)
refuses("ListRoots", "the caller is in none", NOT_IN_USE, caller=OUTSIDER)
refuses("ListRoots", "a plain member asks", DENIED, caller=lambda s: s.shop)
refuses("ListRoots", "a page is too long", INPUT, "MAX_VALUE_EXCEEDED", lambda s: {"MaxResults": 21})
refuses("ListRoots", "a page is empty", INPUT, "MIN_VALUE_EXCEEDED", lambda s: {"MaxResults": 0})
refuses("EnableAllFeatures", "they are on", HANDSHAKE, "ORGANIZATION_ALREADY_HAS_ALL_FEATURES")
refuses(
    "EnableAllFeatures",
    "it has been asked for",
    HANDSHAKE,
    "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
    caller=PENDING,
)
refuses("LeaveOrganization", "the management account asks", "MasterCannotLeaveOrganizationException")
refuses(
    "LeaveOrganization",
    "a delegated administrator asks",
    CONSTRAINT,
    "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
    caller=GUEST,
)

# Handshakes.
account_target = lambda id: {"Target": {"Id": id, "Type": "ACCOUNT"}}
INVITE = "InviteAccountToOrganization"
refuses(
    INVITE,
    "the account is a member",
    HANDSHAKE,
    "ALREADY_IN_AN_ORGANIZATION",
    lambda s: account_target(GUEST),
)
refuses(
    INVITE, "an invitation is open", "DuplicateHandshakeException", None, lambda s: account_target(STRANGER)
)
refuses(
    INVITE,
    "all features are on their way",
    HANDSHAKE,
    "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES",
    lambda s: account_target(OUTSIDER),
    PENDING,
)
refuses(
    INVITE,
    "the account quota is used up",
    HANDSHAKE,
    "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
    lambda s: account_target(OUTSIDER),
    under={"accounts": 2},
)
refuses(
    INVITE,
    "too many went out today",
    HANDSHAKE,
    "HANDSHAKE_RATE_LIMIT_EXCEEDED",
    lambda s: account_target(OUTSIDER),
    under={"invitations_per_day": 0},
)
refuses(
    INVITE,
    "the address is none",
    INPUT,
    "INVALID_EMAIL_ADDRESS_TARGET",
    lambda s: {"Target": {"Id": "nobody", "Type": "EMAIL"}},
)
refuses(
    INVITE,
    "an organization is the target",
    INPUT,
    "INVALID_PARTY_TYPE_TARGET",
    lambda s: {"Target": {"Id": "o-1234567890", "Type": "ORGANIZATION"}},
)
for verb in ("Accept", "Decline", "Cancel", "Describe"):
    refuses(
        f"{verb}Handshake",
        "it does not exist",
        "HandshakeNotFoundException",
        None,
        lambda s: {"HandshakeId": NO_HANDSHAKE},
    )
    refuses(
        f"{verb}Handshake",
        "the id has a wrong form",
        INPUT,
        "INVALID_PATTERN",
        lambda s: {"HandshakeId": "x"},
    )
    refuses(
        f"{verb}Handshake",
        "a third account asks",
        DENIED,
        None,
        lambda s: {"HandshakeId": s.invitation},
        OUTSIDER,
    )
refuses(
    "AcceptHandshake",
    "it is accepted",
    "HandshakeAlreadyInStateException",
    None,
    lambda s: {"HandshakeId": s.guest},
    GUEST,
)
refuses(
    "AcceptHandshake",
    "a consent is missing",
    "InvalidHandshakeTransitionException",
    None,
    lambda s: {"HandshakeId": s.pending},
    PENDING,
)
refuses(
    "DeclineHandshake",
    "it is accepted",
    "InvalidHandshakeTransitionException",
    None,
    lambda s: {"HandshakeId": s.guest},
    GUEST,
)
refuses(
    "CancelHandshake",
    "it is accepted",
    "InvalidHandshakeTransitionException",
    None,
    lambda s: {"HandshakeId": s.guest},
)
refuses(
    "ListHandshakesForAccount",
    "the filter has two members",
    INPUT,
    "MAX_LIMIT_EXCEEDED_FILTER",
    lambda s: {"Filter": {"ActionType": "INVITE", "ParentHandshakeId": s.guest}},
)
refuses(
    "ListHandshakesForOrganization",
    "the filter is unknown",
    INPUT,
    "INVALID_ENUM",
    lambda s: {"Filter": {"ActionType": "GREET"}},
)
refuses("ListHandshakesForOrganization", "the caller is in none", NOT_IN_USE, caller=OUTSIDER)
