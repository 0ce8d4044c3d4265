"""Refusals of Account Management."""

from ..twin import GUEST, STRANGER
from ..walk import DETAILS, HOME
from .row import DENIED, INVALID, refuses


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
    account_refuses(
        operation,
        "a member names another account",
        DENIED,
        None,
        lambda s, about=about: {"AccountId": GUEST, **about},
        caller=lambda s: s.shop,
    )
    account_refuses(
        operation,
        "the account is outside",
        DENIED,
        None,
        lambda s, about=about: {"AccountId": STRANGER, **about},
    )
    account_refuses(
        operation,
        "the id has a wrong form",
        INVALID,
        FIELD,
        lambda s, about=about: {"AccountId": "1", **about},
    )
for operation in ("GetAlternateContact", "DeleteAlternateContact"):
    account_refuses(
        operation,
        "there is none",
        "ResourceNotFoundException",
        None,
        lambda s: {"AccountId": s.shop, "AlternateContactType": "BILLING"},
    )
account_refuses(
    "GetContactInformation",
    "there is none",
    "ResourceNotFoundException",
    None,
    lambda s: {"AccountId": s.shop},
)
account_refuses(
    "PutAlternateContact",
    "the address is none",
    INVALID,
    FIELD,
    lambda s: {**DETAILS, "AlternateContactType": "BILLING", "EmailAddress": "x"},
)
account_refuses(
    "PutContactInformation",
    "the country has three letters",
    INVALID,
    FIELD,
    lambda s: {"ContactInformation": HOME | {"CountryCode": "USA"}},
)
account_refuses(
    "PutAccountName", "the name has an angle bracket", INVALID, FIELD, lambda s: {"AccountName": "<b>"}
)
account_refuses(
    "EnableRegion",
    "it is always on",
    INVALID,
    "invalidRegionOptTarget",
    lambda s: {"RegionName": "us-east-1"},
)
account_refuses("EnableRegion", "it does not exist", INVALID, FIELD, lambda s: {"RegionName": "mars-1"})
account_refuses(
    "EnableRegion",
    "too many are being switched",
    "TooManyRequestsException",
    None,
    lambda s: {"RegionName": "eu-south-1"},
    under={"region_opts_per_account": 0},
)
account_refuses(
    "StartPrimaryEmailUpdate",
    "the address is taken",
    "ConflictException",
    None,
    lambda s: {"AccountId": s.closed, "PrimaryEmail": "shop@example.com"},
)
account_refuses(
    "AcceptPrimaryEmailUpdate",
    "no change was started",
    "ResourceNotFoundException",
    None,
    lambda s: {"AccountId": s.shop, **EMAIL, "Otp": "123456"},
)
