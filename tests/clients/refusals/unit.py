"""Refusals about organizational units."""

from ..twin import GUEST
from .row import CONSTRAINT, DENIED, INPUT, NO_ACCOUNT, NO_ROOT, NO_UNIT, refuses, tag

# Organizational units.
CREATE = "CreateOrganizationalUnit"
DELETE = "DeleteOrganizationalUnit"
refuses(
    CREATE,
    "it lies deeper than five levels",
    CONSTRAINT,
    "OU_DEPTH_LIMIT_EXCEEDED",
    lambda s: {"ParentId": s.units[4], "Name": "Level 6"},
)
refuses(
    CREATE,
    "there are too many",
    CONSTRAINT,
    "OU_NUMBER_LIMIT_EXCEEDED",
    lambda s: {"ParentId": s.root, "Name": "More"},
    under={"units": 6},
)
refuses(
    CREATE,
    "a sibling has the name",
    "DuplicateOrganizationalUnitException",
    None,
    lambda s: {"ParentId": s.root, "Name": "Empty"},
)
refuses(
    CREATE,
    "the parent does not exist",
    "ParentNotFoundException",
    None,
    lambda s: {"ParentId": NO_UNIT, "Name": "More"},
)
refuses(
    CREATE,
    "the name is too long",
    INPUT,
    "MAX_LENGTH_EXCEEDED",
    lambda s: {"ParentId": s.root, "Name": "n" * 129},
)
refuses(CREATE, "the name is missing", INPUT, "INPUT_REQUIRED", lambda s: {"ParentId": s.root})
refuses(
    CREATE,
    "the tag policy forbids a tag",
    CONSTRAINT,
    "TAG_POLICY_VIOLATION",
    lambda s: {"ParentId": s.root, "Name": "More", "Tags": [tag("stage", "test")]},
)
refuses(
    CREATE,
    "a delegated administrator asks",
    DENIED,
    None,
    lambda s: {"ParentId": s.root, "Name": "More"},
    GUEST,
)
refuses(
    "UpdateOrganizationalUnit",
    "a sibling has the name",
    "DuplicateOrganizationalUnitException",
    None,
    lambda s: {"OrganizationalUnitId": s.empty_unit, "Name": "Level 1"},
)
for verb in ("Update", "Describe", "Delete"):
    refuses(
        f"{verb}OrganizationalUnit",
        "it does not exist",
        "OrganizationalUnitNotFoundException",
        None,
        lambda s: {"OrganizationalUnitId": NO_UNIT},
    )
refuses(
    DELETE,
    "it holds units",
    "OrganizationalUnitNotEmptyException",
    None,
    lambda s: {"OrganizationalUnitId": s.units[1]},
)
refuses(
    DELETE,
    "it holds an account",
    "OrganizationalUnitNotEmptyException",
    None,
    lambda s: {"OrganizationalUnitId": s.units[0]},
)
for operation in ("ListOrganizationalUnitsForParent", "ListAccountsForParent"):
    refuses(
        operation,
        "the parent does not exist",
        "ParentNotFoundException",
        None,
        lambda s: {"ParentId": NO_UNIT},
    )
    refuses(
        operation,
        "the token is foreign",
        INPUT,
        "INVALID_NEXT_TOKEN",
        lambda s: {"ParentId": s.root, "NextToken": "x"},
    )
refuses(
    "ListChildren",
    "the parent does not exist",
    "ParentNotFoundException",
    None,
    lambda s: {"ParentId": NO_ROOT, "ChildType": "ACCOUNT"},
)
refuses(
    "ListChildren",
    "the kind is unknown",
    INPUT,
    "INVALID_ENUM",
    lambda s: {"ParentId": s.root, "ChildType": "PET"},
)
refuses(
    "ListParents",
    "the child does not exist",
    "ChildNotFoundException",
    None,
    lambda s: {"ChildId": NO_ACCOUNT},
)
