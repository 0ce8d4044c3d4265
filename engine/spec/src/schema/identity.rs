//! The blocks of IAM Identity Center.

use super::policies::STATEMENT;
use super::{BlockKind, FOR_EACH, Labels, Repeat, TAGS, ValueKind, block, optional, required};

pub(super) static IDENTITY_CENTER: BlockKind = block(
    "identity_center",
    Labels::None,
    Repeat::Once,
    &[
        optional(
            "region",
            ValueKind::Text,
            "The Region that the instance lives in. Left out, it is the home Region.",
        ),
        optional(
            "instance",
            ValueKind::Text,
            "The instance's ARN, where the management account has several.",
        ),
    ],
    &[],
    "Where IAM Identity Center is. Needed only where the home Region does not say it, or where no other block does.",
);

pub(super) static PERMISSION_SET: BlockKind = block(
    "permission_set",
    Labels::One("label"),
    Repeat::Many,
    &[
        optional(
            "name",
            ValueKind::Text,
            "The name in AWS, which cannot change. Left out, it is the label.",
        ),
        optional("description", ValueKind::Text, "What it is for."),
        optional(
            "session_duration",
            ValueKind::Text,
            "How long a session lasts, such as `8h`: 1 to 12 hours.",
        ),
        optional(
            "relay_state",
            ValueKind::Text,
            "The address in the console where people land.",
        ),
        optional(
            "managed_policies",
            ValueKind::Texts,
            "ARNs of AWS's policies. Left out, there are none.",
        ),
        optional(
            "customer_policies",
            ValueKind::Any,
            "Policies that each account has by itself: names, or objects with `name` and `path`.",
        ),
        optional(
            "inline_policy",
            ValueKind::Any,
            "A policy of its own: JSON text, or an object that becomes JSON. Statements can stand instead.",
        ),
        optional(
            "boundary",
            ValueKind::Any,
            "The most that it may allow: the ARN of a policy of AWS's, or name or object of an account's own.",
        ),
        TAGS,
        FOR_EACH,
    ],
    &[&STATEMENT],
    "A permission set: what people may do where it is assigned to them. The spec says all that it grants.",
);

pub(super) static ASSIGNMENT: BlockKind = block(
    "assignment",
    Labels::One("label"),
    Repeat::Many,
    &[
        required(
            "permission_set",
            ValueKind::Reference(&["permission_set"]),
            "What is assigned.",
        ),
        optional(
            "groups",
            ValueKind::Texts,
            "Groups of the identity store, by display name.",
        ),
        optional(
            "users",
            ValueKind::Texts,
            "Users of the identity store, by user name.",
        ),
        optional(
            "accounts",
            ValueKind::References(&["account"]),
            "In which accounts.",
        ),
        optional(
            "ous",
            ValueKind::References(&["ou", "root"]),
            "In every account below these, those to come included.",
        ),
        FOR_EACH,
    ],
    &[],
    "Who has a permission set in which accounts.",
);
