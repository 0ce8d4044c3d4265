//! The `policy` block and what is inside of it.

use super::{BlockKind, FOR_EACH, Labels, POLICY_TYPES, Repeat, TAGS, ValueKind, block, optional, required};

static CONDITION: BlockKind = block(
    "condition",
    Labels::Two("operator", "key"),
    Repeat::Many,
    &[required(
        "values",
        ValueKind::Texts,
        "The values to compare with.",
    )],
    &[],
    "A condition of the statement.",
);

pub(super) static STATEMENT: BlockKind = block(
    "statement",
    Labels::Optional("sid"),
    Repeat::Many,
    &[
        optional(
            "effect",
            ValueKind::Choice(&["Allow", "Deny"]),
            "`Deny` or `Allow`. Left out, it is `Deny`.",
        ),
        optional("actions", ValueKind::Texts, "The actions."),
        optional("not_actions", ValueKind::Texts, "All actions but these."),
        optional(
            "resources",
            ValueKind::Texts,
            "The resources. Left out, all of them.",
        ),
        optional("not_resources", ValueKind::Texts, "All resources but these."),
        optional(
            "principals",
            ValueKind::Texts,
            "The principals; a resource control policy takes `*` only.",
        ),
        optional(
            "condition",
            ValueKind::Any,
            "Conditions as a map: operator to key to values.",
        ),
    ],
    &[&CONDITION],
    "A statement of the policy.",
);

pub(super) static POLICY: BlockKind = block(
    "policy",
    Labels::One("label"),
    Repeat::Many,
    &[
        required("type", ValueKind::Choice(POLICY_TYPES), "The policy type."),
        optional(
            "name",
            ValueKind::Text,
            "The name in AWS. Left out, it is the label.",
        ),
        optional("description", ValueKind::Text, "The description."),
        optional(
            "id",
            ValueKind::Text,
            "The id of the policy that this block describes, to pair them for certain.",
        ),
        optional(
            "content",
            ValueKind::Any,
            "The document: JSON text, or an object that becomes JSON.",
        ),
        optional(
            "attach",
            ValueKind::References(&["ou", "account", "root"]),
            "What the policy is attached to.",
        ),
        TAGS,
        FOR_EACH,
    ],
    &[&STATEMENT],
    "An organization policy, its document given by `content` or by statements.",
);

pub(super) static PACK: BlockKind = block(
    "policy_pack",
    Labels::One("label"),
    Repeat::Many,
    &[
        required(
            "type",
            ValueKind::Choice(&["scp", "rcp"]),
            "The policy type: one that limits what may be done.",
        ),
        optional(
            "name",
            ValueKind::Text,
            "The name in AWS of each policy, before its number. Left out, it is the label.",
        ),
        optional("description", ValueKind::Text, "The description of each policy."),
        optional(
            "guardrails",
            ValueKind::Any,
            "The documents to pack: a list of JSON texts, or of objects that become JSON.",
        ),
        optional(
            "attach",
            ValueKind::References(&["ou", "account", "root"]),
            "What the policies are attached to.",
        ),
        TAGS,
    ],
    &[&STATEMENT],
    "Guardrails that go into as few policies as fit: `policy.<label>[\"1\"]` and so on.",
);
