"""Decides what a policy says to a request: the part of IAM's evaluation that the baselines need, and no more."""

import fnmatch
import re

from .templates import as_list


def like(pattern: str, value: str) -> bool:
    return re.fullmatch(fnmatch.translate(pattern.replace("[", "[[]")), value) is not None


def one_of(values, test) -> bool:
    return any(test(str(value)) for value in as_list(values))


TESTS = {
    "StringEquals": lambda wanted, got: one_of(wanted, lambda value: value == got),
    "StringNotEquals": lambda wanted, got: not one_of(wanted, lambda value: value == got),
    "StringLike": lambda wanted, got: one_of(wanted, lambda value: like(value, got)),
    "ArnLike": lambda wanted, got: one_of(wanted, lambda value: like(value, got)),
    "ArnEquals": lambda wanted, got: one_of(wanted, lambda value: like(value, got)),
    "ArnNotLike": lambda wanted, got: not one_of(wanted, lambda value: like(value, got)),
    "Bool": lambda wanted, got: one_of(wanted, lambda value: value == got),
}


def holds(test: str, key: str, wanted, context: dict) -> bool:
    """Tells whether a condition holds. A key that the request lacks fails it, or meets it if it is negated."""
    got = context.get(key.lower())
    if test == "Null":
        return (got is None) == (str(wanted).lower() == "true")
    if test.startswith("ForAllValues:"):
        inner = TESTS[test.removeprefix("ForAllValues:")]
        return all(inner(wanted, one) for one in got or [])
    if test.startswith("ForAnyValue:"):
        inner = TESTS[test.removeprefix("ForAnyValue:")]
        return any(inner(wanted, one) for one in got or [])
    if test.endswith("IfExists"):
        return got is None or TESTS[test.removesuffix("IfExists")](wanted, got)
    if got is None:
        return "Not" in test
    return TESTS[test](wanted, got)


def matches(statement: dict, principal: str | None, action: str, resource: str, context: dict) -> bool:
    if "Principal" in statement:
        who = statement["Principal"]
        names = [who] if isinstance(who, str) else [name for group in who.values() for name in as_list(group)]
        # An account's root stands for all of its principals, as far as their own policies let them.
        account = re.match(r"arn:aws:iam::(\d+):", principal or "")
        root = f"arn:aws:iam::{account.group(1)}:root" if account else None
        if "*" not in names and principal not in names and root not in names:
            return False
    acts = [name.lower() for name in as_list(statement.get("Action") or statement["NotAction"])]
    if any(like(name, action.lower()) for name in acts) != ("Action" in statement):
        return False
    things = as_list(statement.get("Resource") or statement.get("NotResource") or "*")
    if any(like(name, resource) for name in things) != ("NotResource" not in statement):
        return False
    tests = statement.get("Condition", {}).items()
    return all(holds(test, key, wanted, context) for test, keys in tests for key, wanted in keys.items())


def decide(documents, action: str, resource: str, principal: str | None = None, **context) -> str:
    """Returns `deny`, `allow` or `nothing`. Keys of the context are written with `_` for `:` and `__` for `-`."""
    keys = {key.replace("__", "-").replace("_", ":", 1).lower(): value for key, value in context.items()}
    if principal and principal.startswith("arn:"):
        keys["aws:principalarn"] = principal
    effects = {
        statement["Effect"]
        for document in as_list(documents)
        for statement in document["Statement"]
        if matches(statement, principal, action, resource, keys)
    }
    return "deny" if "Deny" in effects else "allow" if "Allow" in effects else "nothing"
