//! Blocks about settings that an organization has once.

use super::{BlockKind, Labels, Repeat, ValueKind, block, optional, required};

pub(super) static ROOT_ACCESS: BlockKind = block(
    "root_access",
    Labels::None,
    Repeat::Once,
    &[
        optional(
            "credentials_management",
            ValueKind::Bool,
            "Whether root users' credentials are managed centrally. Left out, it is left alone.",
        ),
        optional(
            "sessions",
            ValueKind::Bool,
            "Whether there are short sessions as members' root users. Left out, it is left alone.",
        ),
    ],
    &[],
    "Central root access.",
);

pub(super) static RESOURCE_POLICY: BlockKind = block(
    "resource_policy",
    Labels::None,
    Repeat::Once,
    &[required(
        "content",
        ValueKind::Any,
        "The document: JSON text, or an object that becomes JSON.",
    )],
    &[],
    "The organization's resource policy: who else may manage its policies.",
);
