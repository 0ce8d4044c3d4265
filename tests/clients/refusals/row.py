"""One refused call as data, and the words that many of them share."""

import dataclasses
from collections.abc import Callable

from ..callers import Credentials
from ..twin import MANAGEMENT

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


def refuses(
    operation, when, code, reason=None, given=lambda s: {}, caller=MANAGEMENT, under=None, service=None
):
    row = Refusal(operation, when, code, reason, given, caller, under or {}, service or "organizations")
    ROWS.append(row)


def limits(kind: str, **changed) -> dict:
    """Returns settings with other limits for a policy type."""
    usual = {"characters": 10_240, "per_target": 10, "least_per_target": 1, "per_organization": 10_000}
    return {"policy_limits": {kind: usual | changed}}


def tag(key: str, value: str = "v") -> dict:
    return {"Key": key, "Value": value}
