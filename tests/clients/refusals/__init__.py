"""What each operation refuses, with the code and the Reason that AWS gives: a module of rows for each subject."""

from . import account, account_management, delegation, identity, organization, policy, tag, unit
from .row import ROWS, Refusal

__all__ = [
    "ROWS",
    "Refusal",
    "account",
    "account_management",
    "delegation",
    "identity",
    "organization",
    "policy",
    "tag",
    "unit",
]
