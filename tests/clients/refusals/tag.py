"""Refusals about tags."""

from .row import CONSTRAINT, INPUT, NO_ACCOUNT, refuses, tag

# Tags.
tagging = lambda *tags: lambda s: {"ResourceId": s.shop, "Tags": list(tags)}
refuses(
    "TagResource",
    "there are more than 50",
    CONSTRAINT,
    "MAX_TAG_LIMIT_EXCEEDED",
    tagging(*(tag(f"k{n}") for n in range(50))),
)
refuses("TagResource", "the key is AWS's", INPUT, "INVALID_SYSTEM_TAGS_PARAMETER", tagging(tag("aws:owner")))
refuses(
    "TagResource", "a key is given twice", INPUT, "DUPLICATE_TAG_KEY", tagging(tag("owner"), tag("owner"))
)
refuses(
    "TagResource",
    "the tag policy forbids it",
    CONSTRAINT,
    "TAG_POLICY_VIOLATION",
    lambda s: {"ResourceId": s.units[0], "Tags": [tag("stage", "test")]},
)
refuses("TagResource", "a key has a wrong character", INPUT, "INVALID_PATTERN", tagging(tag("own?er")))
for operation, more in (
    ("TagResource", {"Tags": [tag("owner")]}),
    ("UntagResource", {"TagKeys": ["owner"]}),
    ("ListTagsForResource", {}),
):
    refuses(
        operation,
        "the resource does not exist",
        "TargetNotFoundException",
        None,
        lambda s, more=more: {"ResourceId": NO_ACCOUNT, **more},
    )
