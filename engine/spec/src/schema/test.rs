//! The `test` block and its cases.

use super::{AttributeKind, BlockKind, FOR_EACH, Labels, Repeat, ValueKind, block, optional};

const ACCOUNT: AttributeKind = optional(
    "account",
    ValueKind::References(&["account"]),
    "The account in which the request is made, or a list of accounts.",
);
const OU: AttributeKind = optional(
    "ou",
    ValueKind::References(&["ou", "root"]),
    "An OU, or a list of OUs: every account below is meant.",
);
const ACTION: AttributeKind = optional(
    "action",
    ValueKind::TextOrTexts,
    "The action, such as `organizations:LeaveOrganization`, or a list of actions.",
);
const PRINCIPAL: AttributeKind = optional(
    "principal",
    ValueKind::Text,
    "Who asks: `role/NAME`, `user/NAME` or `root` of the account, or an ARN. Left out, some role of the account.",
);
const RESOURCE: AttributeKind = optional(
    "resource",
    ValueKind::TextOrTexts,
    "The resource, or a list of resources. Left out, `*`.",
);
const CONTEXT: AttributeKind = optional(
    "context",
    ValueKind::Parameters,
    "Values of condition keys, such as `{ \"aws:RequestedRegion\" = \"eu-west-1\" }`.",
);
const EXPECT: AttributeKind = optional(
    "expect",
    ValueKind::Choice(&["allow", "deny"]),
    "`deny`, or `allow`: no control policy stands in the way.",
);

static CASE: BlockKind = block(
    "case",
    Labels::One("name"),
    Repeat::Many,
    &[ACCOUNT, OU, ACTION, PRINCIPAL, RESOURCE, CONTEXT, EXPECT],
    &[],
    "One of several tests; what it leaves out is as the `test` block says.",
);

pub(super) static TEST: BlockKind = block(
    "test",
    Labels::One("sentence"),
    Repeat::Many,
    &[
        ACCOUNT,
        OU,
        ACTION,
        PRINCIPAL,
        RESOURCE,
        CONTEXT,
        EXPECT,
        optional(
            "cases",
            ValueKind::Any,
            "A table: a list of objects with the attributes of a case, such as `csvdecode(file(\"tests.csv\"))`.",
        ),
        FOR_EACH,
    ],
    &[&CASE],
    "A promise about what accounts may do.",
);
