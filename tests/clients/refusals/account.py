"""Refusals about accounts."""

from ..scene import BILLING
from ..twin import GUEST, MANAGEMENT
from .row import CONSTRAINT, DENIED, INPUT, NO_ACCOUNT, NO_UNIT, refuses

# Accounts.
new = lambda **given: {"Email": "new@example.com", "AccountName": "New", **given}
refuses(
    "CreateAccount",
    "the quota is used up",
    CONSTRAINT,
    "ACCOUNT_NUMBER_LIMIT_EXCEEDED",
    lambda s: new(),
    under={"accounts": 2},
)
refuses(
    "CreateAccount",
    "too many are under way",
    "TooManyRequestsException",
    None,
    lambda s: new(),
    under={"creations_at_once": 0},
)
refuses(
    "CreateAccount",
    "too many were made today",
    CONSTRAINT,
    "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
    lambda s: new(),
    under={"creations_per_day": 0},
)
refuses(
    "CreateAccount",
    "the organization is new",
    "FinalizingOrganizationException",
    None,
    lambda s: new(),
    under={"finalizing_seconds": 1e9},
)
refuses(
    "CreateAccount", "the address is none", INPUT, "INVALID_PATTERN", lambda s: new(Email="new.example.com")
)
refuses(
    "CreateAccount", "the name is too long", INPUT, "MAX_LENGTH_EXCEEDED", lambda s: new(AccountName="n" * 51)
)
refuses(
    "CreateAccount",
    "the role's name is AWS's",
    INPUT,
    "INVALID_ROLE_NAME",
    lambda s: new(RoleName="AWSServiceRoleForAll"),
)
refuses("CreateAccount", "a member asks", DENIED, None, lambda s: new(), lambda s: s.shop)
refuses(
    "DescribeCreateAccountStatus",
    "it does not exist",
    "CreateAccountStatusNotFoundException",
    None,
    lambda s: {"CreateAccountRequestId": "car-zzzzzzzz"},
)
refuses(
    "ListCreateAccountStatus", "a state is unknown", INPUT, "INVALID_ENUM", lambda s: {"States": ["DONE"]}
)
for operation in ("DescribeAccount", "CloseAccount", "RemoveAccountFromOrganization"):
    refuses(
        operation, "it does not exist", "AccountNotFoundException", None, lambda s: {"AccountId": NO_ACCOUNT}
    )
    refuses(operation, "the id has a wrong form", INPUT, "INVALID_PATTERN", lambda s: {"AccountId": "12345"})
refuses("ListAccounts", "a plain member asks", DENIED, caller=lambda s: s.shop)
refuses("ListAccounts", "the token is foreign", INPUT, "INVALID_NEXT_TOKEN", lambda s: {"NextToken": "x"})
move = lambda s, **given: {
    "AccountId": s.shop,
    "SourceParentId": s.units[0],
    "DestinationParentId": s.root,
    **given,
}
refuses(
    "MoveAccount",
    "the source is wrong",
    "SourceParentNotFoundException",
    None,
    lambda s: move(s, SourceParentId=s.units[1]),
)
refuses(
    "MoveAccount",
    "the destination does not exist",
    "DestinationParentNotFoundException",
    None,
    lambda s: move(s, DestinationParentId=NO_UNIT),
)
refuses(
    "MoveAccount",
    "it is there already",
    "DuplicateAccountException",
    None,
    lambda s: move(s, DestinationParentId=s.units[0]),
)
refuses(
    "MoveAccount",
    "the destination is another root",
    INPUT,
    "MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS",
    lambda s: move(s, DestinationParentId=s.billing_root),
)
refuses(
    "MoveAccount",
    "it does not exist",
    "AccountNotFoundException",
    None,
    lambda s: move(s, AccountId=NO_ACCOUNT),
)
refuses(
    "CloseAccount",
    "it is the management account",
    CONSTRAINT,
    "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
    lambda s: {"AccountId": MANAGEMENT},
)
refuses(
    "CloseAccount", "it is closed", "AccountAlreadyClosedException", None, lambda s: {"AccountId": s.closed}
)
refuses(
    "CloseAccount",
    "too many are under way",
    CONSTRAINT,
    "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
    lambda s: {"AccountId": s.shop},
    under={"closures_at_once": 0},
)
refuses(
    "CloseAccount",
    "the quota of 30 days is used up",
    CONSTRAINT,
    "CLOSE_ACCOUNT_QUOTA_EXCEEDED",
    lambda s: {"AccountId": s.shop},
    under={"closures_cap": 1},
)
refuses(
    "CloseAccount",
    "it is a delegated administrator",
    "ConflictException",
    None,
    lambda s: {"AccountId": GUEST},
)
refuses(
    "CloseAccount",
    "not all features are on",
    CONSTRAINT,
    "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
    lambda s: {"AccountId": s.billed},
    BILLING,
)
REMOVE = "RemoveAccountFromOrganization"
refuses(
    REMOVE,
    "it is the management account",
    "MasterCannotLeaveOrganizationException",
    None,
    lambda s: {"AccountId": MANAGEMENT},
)
refuses(
    REMOVE,
    "it is a delegated administrator",
    CONSTRAINT,
    "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
    lambda s: {"AccountId": GUEST},
)
refuses(
    REMOVE,
    "it is too young",
    CONSTRAINT,
    "WAIT_PERIOD_ACTIVE",
    lambda s: {"AccountId": s.shop},
    under={"removal_wait_days": 4},
)
refuses(
    REMOVE,
    "it can't pay",
    CONSTRAINT,
    "MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED",
    lambda s: {"AccountId": s.shop},
    under={"members_have_payment_data": False},
)
