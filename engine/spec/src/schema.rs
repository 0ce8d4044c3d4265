//! The language as a table: block kinds, their labels and attributes, with the words that document them.
//!
//! The checker, the YAML reader, the editor schema and the reference documentation all read this one table.

mod features;
mod identity;
mod pipeline;
mod policies;
mod settings;
mod stacks;
mod test;
mod tower;
mod vending;

use features::{RESOURCE_POLICY, ROOT_ACCESS};
use identity::{ASSIGNMENT, IDENTITY_CENTER, PERMISSION_SET};
use pipeline::{HISTORY, LOCK, NOTIFY};
use policies::{PACK, POLICY};
use settings::{CONTACT, PRIMARY_CONTACT};
use stacks::{STACK, STACK_SET};
use test::TEST;
use tower::{BASELINE, CONTROL, CONTROL_TOWER};
use vending::{ACCOUNT_TEMPLATE, EXPIRES, FIELDS, INVITE, TEMPLATE};

/// A kind of block.
#[derive(Debug)]
pub struct BlockKind {
    /// The word that begins the block.
    pub name: &'static str,
    /// One sentence about it.
    pub doc: &'static str,
    /// The labels between the word and the brace.
    pub labels: Labels,
    /// How often the block may stand in its parent.
    pub repeat: Repeat,
    /// The attributes.
    pub attributes: Attributes,
    /// The blocks inside.
    pub blocks: &'static [&'static BlockKind],
    /// Whether the block can be used yet.
    pub support: Support,
}

/// The labels of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// None.
    None,
    /// One; what it means.
    One(&'static str),
    /// One or none; what it means.
    Optional(&'static str),
    /// Two; what they mean.
    Two(&'static str, &'static str),
}

/// How often a block may stand in its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// At most once.
    Once,
    /// Any number of times.
    Many,
}

/// The attributes of a block.
#[derive(Debug)]
pub enum Attributes {
    /// Exactly these.
    Known(&'static [AttributeKind]),
    /// Any name, any value.
    Free,
}

/// An attribute.
#[derive(Debug)]
pub struct AttributeKind {
    /// Its name.
    pub name: &'static str,
    /// One sentence about it.
    pub doc: &'static str,
    /// What it takes.
    pub value: ValueKind,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it can be used yet.
    pub support: Support,
}

/// What an attribute takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Text.
    Text,
    /// Text out of a fixed set.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Bool,
    /// A whole number, zero or more.
    Count,
    /// A list of texts.
    Texts,
    /// A text or a list of texts.
    TextOrTexts,
    /// A list of texts out of a fixed set.
    Choices(&'static [&'static str]),
    /// A map of texts.
    TextMap,
    /// A map of texts and lists of texts.
    Parameters,
    /// A reference to an object, such as `ou.security`.
    Reference(&'static [&'static str]),
    /// A list of references.
    References(&'static [&'static str]),
    /// The former or present address of an object.
    Address,
    /// A type, such as `list(string)`.
    Type,
    /// A map, or a set of texts, with one object for each element.
    ForEach,
    /// Anything.
    Any,
}

/// Whether something can be used yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It works.
    Ready,
    /// It is part of the language, but this version cannot carry it out.
    Later,
}

const fn required(name: &'static str, value: ValueKind, doc: &'static str) -> AttributeKind {
    AttributeKind {
        name,
        doc,
        value,
        required: true,
        support: Support::Ready,
    }
}

const fn optional(name: &'static str, value: ValueKind, doc: &'static str) -> AttributeKind {
    AttributeKind {
        name,
        doc,
        value,
        required: false,
        support: Support::Ready,
    }
}

const fn block(
    name: &'static str,
    labels: Labels,
    repeat: Repeat,
    attributes: &'static [AttributeKind],
    blocks: &'static [&'static BlockKind],
    doc: &'static str,
) -> BlockKind {
    BlockKind {
        name,
        doc,
        labels,
        repeat,
        attributes: Attributes::Known(attributes),
        blocks,
        support: Support::Ready,
    }
}

/// A block whose feature comes later. Its inside is not looked at.
const fn later(name: &'static str, labels: Labels, doc: &'static str) -> BlockKind {
    BlockKind {
        name,
        doc,
        labels,
        repeat: Repeat::Many,
        attributes: Attributes::Free,
        blocks: &[],
        support: Support::Later,
    }
}

/// The short names of the policy types.
pub const POLICY_TYPES: &[&str] = &[
    "scp",
    "rcp",
    "tag",
    "backup",
    "ai_opt_out",
    "ec2",
    "chat",
    "security_hub",
    "inspector",
    "bedrock",
    "upgrade_rollout",
    "s3",
    "network_security_director",
];

const FOR_EACH: AttributeKind = optional(
    "for_each",
    ValueKind::ForEach,
    "A map or a set of strings; there is one object for each element, with `each.key` and `each.value`.",
);
const TAGS: AttributeKind = optional(
    "tags",
    ValueKind::TextMap,
    "Tags. Left out, tags are not managed; `{}` means none.",
);
const FULL_ACCESS: AttributeKind = optional(
    "full_access",
    ValueKind::Bool,
    "Whether the policy `FullAWSAccess` is attached. Left out, it is not managed.",
);

static VALIDATION: BlockKind = block(
    "validation",
    Labels::None,
    Repeat::Many,
    &[
        required(
            "condition",
            ValueKind::Any,
            "An expression over the variable that must be true.",
        ),
        required("error_message", ValueKind::Text, "What to say when it is not."),
    ],
    &[],
    "A rule that the value of the variable must keep.",
);

static VARIABLE: BlockKind = block(
    "variable",
    Labels::One("name"),
    Repeat::Many,
    &[
        optional(
            "type",
            ValueKind::Type,
            "The type, such as `string` or `list(string)`.",
        ),
        optional("default", ValueKind::Any, "The value when none is given."),
        optional("description", ValueKind::Text, "What the variable is for."),
        optional(
            "sensitive",
            ValueKind::Bool,
            "Whether messages must not show the value.",
        ),
        optional(
            "nullable",
            ValueKind::Bool,
            "Whether `null` is a value; without it, `null` means the default.",
        ),
        optional(
            "ephemeral",
            ValueKind::Bool,
            "Accepted as Terraform has it; changes nothing here.",
        ),
    ],
    &[&VALIDATION],
    "An input of the spec: `var.name`.",
);

static LOCALS: BlockKind = BlockKind {
    name: "locals",
    doc: "Names for expressions: `local.name`.",
    labels: Labels::None,
    repeat: Repeat::Many,
    attributes: Attributes::Free,
    blocks: &[],
    support: Support::Ready,
};

static LANDING_ZONE: BlockKind = block(
    "landing_zone",
    Labels::One("name"),
    Repeat::Once,
    &[
        optional(
            "management_account",
            ValueKind::Text,
            "The management account; any other is refused.",
        ),
        optional("home_region", ValueKind::Text, "The home Region."),
        optional("regions", ValueKind::Texts, "All Regions of the landing zone."),
        optional(
            "administration_regions",
            ValueKind::Texts,
            "More Regions with stack sets and stacks of this landing zone, where lz looks for what the spec does not declare any more.",
        ),
    ],
    &[],
    "The landing zone itself. Its label is the value of the tag `lz:zone`.",
);

static ORGANIZATION: BlockKind = block(
    "organization",
    Labels::None,
    Repeat::Once,
    &[
        optional(
            "feature_set",
            ValueKind::Choice(&["all"]),
            "Only `all`: everything here needs all features.",
        ),
        optional(
            "policy_types",
            ValueKind::Choices(POLICY_TYPES),
            "Policy types that are to be on.",
        ),
        optional(
            "trusted_services",
            ValueKind::Texts,
            "Services with trusted access, by principal or short name.",
        ),
        optional(
            "exclusive",
            ValueKind::Choices(&[
                "trusted_services",
                "delegated_admins",
                "attachments",
                "policy_types",
                "resource_policy",
                "baselines",
                "controls",
                "assignments",
            ]),
            "Lists for which the spec is the whole truth.",
        ),
    ],
    &[&ROOT_ACCESS],
    "The features of the organization.",
);

static OU: BlockKind = block(
    "ou",
    Labels::One("label"),
    Repeat::Many,
    &[
        optional(
            "name",
            ValueKind::Text,
            "The name in AWS. Left out, it is the label.",
        ),
        optional(
            "id",
            ValueKind::Text,
            "The id of the OU that this block describes, to pair them for certain.",
        ),
        TAGS,
        FULL_ACCESS,
        FOR_EACH,
    ],
    &[&OU],
    "An organizational unit; nested blocks are its children.",
);

static ACCOUNT: BlockKind = block(
    "account",
    Labels::One("label"),
    Repeat::Many,
    &[
        optional(
            "name",
            ValueKind::Text,
            "The account's name. Left out, it is the label.",
        ),
        required(
            "email",
            ValueKind::Text,
            "The root user's e-mail address, unique in all of AWS.",
        ),
        optional(
            "ou",
            ValueKind::Reference(&["ou", "root"]),
            "Where the account is; left out, it stays where it is.",
        ),
        TEMPLATE,
        FIELDS,
        EXPIRES,
        INVITE,
        TAGS,
        optional(
            "role_name",
            ValueKind::Text,
            "The role that AWS makes in a new account.",
        ),
        optional(
            "iam_user_access_to_billing",
            ValueKind::Bool,
            "Whether IAM users of a new account see billing.",
        ),
        optional(
            "id",
            ValueKind::Text,
            "The id of the account that this block describes, to pair them for certain.",
        ),
        optional(
            "enabled_regions",
            ValueKind::Texts,
            "Regions that are switched on for the account. None is ever switched off.",
        ),
        FULL_ACCESS,
        FOR_EACH,
    ],
    &[&CONTACT, &PRIMARY_CONTACT],
    "An account.",
);

static DELEGATED_ADMIN: BlockKind = block(
    "delegated_admin",
    Labels::One("service"),
    Repeat::Many,
    &[
        required(
            "account",
            ValueKind::Reference(&["account"]),
            "The account that administers the service.",
        ),
        optional(
            "regions",
            ValueKind::Texts,
            "The Regions, for a service with an administrator in each. Left out, those of the landing zone.",
        ),
    ],
    &[],
    "The delegated administrator of a service.",
);

static MOVED: BlockKind = block(
    "moved",
    Labels::None,
    Repeat::Many,
    &[
        required("from", ValueKind::Address, "The former address."),
        required("to", ValueKind::Address, "The present address."),
    ],
    &[],
    "Says that the object known under one address now has another.",
);

static REMOVED: BlockKind = block(
    "removed",
    Labels::None,
    Repeat::Many,
    &[
        required("from", ValueKind::Address, "The former address."),
        required(
            "action",
            ValueKind::Choice(&["forget", "release", "suspend", "close"]),
            "What becomes of it.",
        ),
        optional(
            "id",
            ValueKind::Text,
            "The account's id, where the address alone would not find it.",
        ),
        optional(
            "to",
            ValueKind::Reference(&["ou"]),
            "The OU that holds a suspended account; a policy of the spec must deny everything there.",
        ),
    ],
    &[],
    "Says what becomes of an object that leaves the spec.",
);

static SAFETY: BlockKind = block(
    "safety",
    Labels::None,
    Repeat::Once,
    &[
        optional(
            "max_removals",
            ValueKind::Count,
            "The most OUs, policies and attachments that one plan may remove.",
        ),
        optional(
            "max_closures",
            ValueKind::Count,
            "The most accounts that one plan may close or release.",
        ),
        optional(
            "max_moves",
            ValueKind::Count,
            "The most accounts that one plan may move.",
        ),
    ],
    &[],
    "Bounds on what one plan may do.",
);

static OUTPUT: BlockKind = later(
    "output",
    Labels::One("name"),
    "A value that the spec offers to others.",
);

/// A whole spec.
pub static SPEC: BlockKind = block(
    "spec",
    Labels::None,
    Repeat::Once,
    &[],
    &[
        &LANDING_ZONE,
        &VARIABLE,
        &LOCALS,
        &ORGANIZATION,
        &OU,
        &ACCOUNT,
        &POLICY,
        &PACK,
        &DELEGATED_ADMIN,
        &RESOURCE_POLICY,
        &MOVED,
        &REMOVED,
        &SAFETY,
        &STACK_SET,
        &STACK,
        &IDENTITY_CENTER,
        &PERMISSION_SET,
        &ASSIGNMENT,
        &CONTROL_TOWER,
        &CONTROL,
        &BASELINE,
        &TEST,
        &ACCOUNT_TEMPLATE,
        &NOTIFY,
        &LOCK,
        &HISTORY,
        &OUTPUT,
    ],
    "The blocks of a spec.",
);

impl BlockKind {
    /// Returns the attribute with this name, if the block has a fixed set of them.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static AttributeKind> {
        match self.attributes {
            Attributes::Known(known) => known.iter().find(|attribute| attribute.name == name),
            Attributes::Free => None,
        }
    }

    /// Returns the kind of the inner block with this name.
    #[must_use]
    pub fn block(&self, name: &str) -> Option<&'static BlockKind> {
        self.blocks.iter().copied().find(|block| block.name == name)
    }
}
