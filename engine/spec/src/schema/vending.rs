//! Account templates, and what an account says about its own request.

use super::{
    AttributeKind, BlockKind, CONTACT, FULL_ACCESS, Labels, PRIMARY_CONTACT, Repeat, TAGS, ValueKind, block,
    optional,
};

pub(super) const TEMPLATE: AttributeKind = optional(
    "template",
    ValueKind::Text,
    "The label of the `account_template` that gives what is left out here.",
);
pub(super) const FIELDS: AttributeKind = optional(
    "fields",
    ValueKind::Any,
    "A map of what the template asks for: `request.<field>` in the template.",
);
pub(super) const EXPIRES: AttributeKind = optional(
    "expires",
    ValueKind::Text,
    "The last day of the account, such as `2027-01-31`. It is reported, and nothing else happens by itself.",
);
pub(super) const INVITE: AttributeKind = optional(
    "invite",
    ValueKind::Text,
    "The id of an account of another organization, which is invited instead of a new one being made.",
);

static FIELD: BlockKind = block(
    "field",
    Labels::One("name"),
    Repeat::Many,
    &[
        optional(
            "description",
            ValueKind::Text,
            "What the field is for; `lz vend` asks with these words.",
        ),
        optional(
            "default",
            ValueKind::Any,
            "The value when none is given. Without it, the field must be given.",
        ),
        optional(
            "pattern",
            ValueKind::Text,
            "A regular expression that the whole value fits.",
        ),
        optional("values", ValueKind::Texts, "The values that are allowed."),
    ],
    &[],
    "Something that each request gives: `request.<name>`.",
);

pub(super) static ACCOUNT_TEMPLATE: BlockKind = block(
    "account_template",
    Labels::One("label"),
    Repeat::Many,
    &[
        optional(
            "name",
            ValueKind::Text,
            "The account's name, made of `request.label` and the fields.",
        ),
        optional(
            "email",
            ValueKind::Text,
            "The root user's e-mail address, made of the fields.",
        ),
        optional(
            "ou",
            ValueKind::Reference(&["ou", "root"]),
            "Where an account is whose request names no OU.",
        ),
        optional(
            "ous",
            ValueKind::References(&["ou", "root"]),
            "Where accounts may be: in one of these or below it. Left out, anywhere.",
        ),
        TAGS,
        optional(
            "required_tags",
            ValueKind::Texts,
            "Keys of tags that every account must have.",
        ),
        optional(
            "name_pattern",
            ValueKind::Text,
            "A regular expression that every name fits as a whole.",
        ),
        optional(
            "email_pattern",
            ValueKind::Text,
            "A regular expression that every e-mail address fits as a whole.",
        ),
        EXPIRES,
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
            "enabled_regions",
            ValueKind::Texts,
            "Regions that are off by default and are to be on.",
        ),
        FULL_ACCESS,
    ],
    &[&FIELD, &CONTACT, &PRIMARY_CONTACT],
    "What accounts of one kind have in common, and what each request must say.",
);
