//! The blocks of CloudFormation: stack sets, and stacks of the management account.

use super::{AttributeKind, BlockKind, FOR_EACH, Labels, Repeat, TAGS, ValueKind, block, optional, required};

const TARGETS: &[&str] = &["ou", "account", "root", "tag"];
const CAPABILITY_NAMES: &[&str] = &["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"];

const NAME: AttributeKind = optional(
    "name",
    ValueKind::Text,
    "The name in AWS, which cannot change. Left out, it is the label and the key, with `-` for `_`.",
);
const TEMPLATE: AttributeKind = optional(
    "template",
    ValueKind::Any,
    "The template: `file(\"...\")`, `templatefile(...)`, text, or an object that becomes JSON. Up to 1 MiB; above 51,200 bytes it goes through S3.",
);
const TEMPLATE_URL: AttributeKind = optional(
    "template_url",
    ValueKind::Text,
    "The address of a template in S3 instead. lz does not read it: another address is another template.",
);
const PARAMETERS: AttributeKind = optional(
    "parameters",
    ValueKind::Parameters,
    "Values of the template's parameters. Lists are joined with commas; ids may be known later.",
);
const CAPABILITIES: AttributeKind = optional(
    "capabilities",
    ValueKind::Choices(CAPABILITY_NAMES),
    "What the template may do. What it needs and does not have is an error that names it.",
);

const MAX_CONCURRENT: AttributeKind = optional(
    "max_concurrent",
    ValueKind::Text,
    "The most accounts at a time in a Region: a number, or a share such as `\"25%\"`. Left out, 25%.",
);
const FAILURE_TOLERANCE: AttributeKind = optional(
    "failure_tolerance",
    ValueKind::Text,
    "The most accounts of a Region that may fail before the operation stops: a number or a share. Left out, 0.",
);
const CONCURRENCY_MODE: AttributeKind = optional(
    "concurrency_mode",
    ValueKind::Choice(&["soft", "strict"]),
    "`soft`: always as many at a time as `max_concurrent` says; what runs when one fails is finished, so that more may fail than tolerated. `strict`: never more than tolerated and one, so one at a time without tolerance. Left out, `soft`.",
);
const REGION_CONCURRENCY: AttributeKind = optional(
    "region_concurrency",
    ValueKind::Choice(&["sequential", "parallel"]),
    "Whether Regions are worked on one after another, in the order of `deploy`, or at once. Left out, `sequential`.",
);

static DEPLOY: BlockKind = block(
    "deploy",
    Labels::None,
    Repeat::Many,
    &[
        required(
            "targets",
            ValueKind::References(TARGETS),
            "The accounts: OUs with all below them, accounts, `root` for all, `tag(\"key\", \"value\")` for declared accounts with that tag.",
        ),
        optional(
            "regions",
            ValueKind::Texts,
            "The Regions, in the order in which they are worked on. Left out, those of the landing zone.",
        ),
    ],
    &[],
    "Stacks in each of the accounts and each of the Regions. Several blocks add up.",
);

static OVERRIDE: BlockKind = block(
    "override",
    Labels::None,
    Repeat::Many,
    &[
        optional(
            "targets",
            ValueKind::References(TARGETS),
            "The accounts. Left out, all of them.",
        ),
        optional("regions", ValueKind::Texts, "The Regions. Left out, all of them."),
        required(
            "parameters",
            ValueKind::Parameters,
            "Other values of some parameters.",
        ),
        FOR_EACH,
    ],
    &[],
    "Other values of parameters for some stacks. Where several blocks match, the last one wins, parameter by parameter.",
);

static GATE: BlockKind = block(
    "gate",
    Labels::None,
    Repeat::Once,
    &[
        optional(
            "command",
            ValueKind::Texts,
            "A program and its arguments that must end with success; run without a shell, in the spec's directory.",
        ),
        optional(
            "alarm",
            ValueKind::Text,
            "The name of a CloudWatch alarm that must not be in the state ALARM.",
        ),
        optional(
            "region",
            ValueKind::Text,
            "The Region of the alarm. Left out, that of the stack set.",
        ),
        optional(
            "approval",
            ValueKind::Text,
            "A question that a person must answer with yes.",
        ),
    ],
    &[],
    "What must hold before the next wave: one of a command, an alarm and an approval.",
);

static WAVE: BlockKind = block(
    "wave",
    Labels::One("name"),
    Repeat::Many,
    &[
        optional(
            "targets",
            ValueKind::References(TARGETS),
            "The accounts. Left out in the last wave: whatever is left.",
        ),
        MAX_CONCURRENT,
        FAILURE_TOLERANCE,
        CONCURRENCY_MODE,
        REGION_CONCURRENCY,
        optional(
            "bake",
            ValueKind::Text,
            "How long to wait after the wave, such as `\"30m\"`, `\"2h\"` or `\"1d\"`.",
        ),
        optional(
            "gate",
            ValueKind::Any,
            "What must hold before the next wave, as an object; see the block `gate`.",
        ),
    ],
    &[&GATE],
    "A wave: an operation of its own, with a pause and a gate behind it. What it leaves out it has from `rollout`.",
);

static ROLLOUT: BlockKind = block(
    "rollout",
    Labels::None,
    Repeat::Once,
    &[
        MAX_CONCURRENT,
        FAILURE_TOLERANCE,
        CONCURRENCY_MODE,
        REGION_CONCURRENCY,
        optional(
            "retries",
            ValueKind::Count,
            "How often what failed is tried again. Left out, not at all.",
        ),
    ],
    &[&WAVE],
    "How changes are rolled out. Without waves, to all accounts in one operation; without the block, a quarter of the accounts of a Region at a time, Region by Region, stopping at the first failure.",
);

pub(super) static STACK_SET: BlockKind = block(
    "stack_set",
    Labels::One("label"),
    Repeat::Many,
    &[
        NAME,
        optional(
            "region",
            ValueKind::Text,
            "The Region in which the set is administered. Left out, the home Region.",
        ),
        optional(
            "administrator",
            ValueKind::Reference(&["account"]),
            "The delegated administrator as whom lz changes the set. Left out, the management account.",
        ),
        optional(
            "administrator_role",
            ValueKind::Text,
            "The role in that account that lz takes on. Left out, the role that AWS made in it.",
        ),
        optional(
            "description",
            ValueKind::Text,
            "The description. Left out, it is not managed.",
        ),
        TEMPLATE,
        TEMPLATE_URL,
        PARAMETERS,
        CAPABILITIES,
        TAGS,
        optional(
            "managed_by",
            ValueKind::Choice(&["service", "self"]),
            "`service`: CloudFormation makes the roles, and the management account is never reached. `self`: roles that you keep, and any account. Left out, `service`.",
        ),
        optional(
            "administration_role",
            ValueKind::Text,
            "Only with `self`: the ARN of the role in the management account. Left out, AWS's default role.",
        ),
        optional(
            "execution_role",
            ValueKind::Text,
            "Only with `self`: the name of the role in the target accounts. Left out, AWS's default name.",
        ),
        optional(
            "auto_deployment",
            ValueKind::Any,
            "Only with `service`: `false`, or `{ retain_stacks = true }`: whether accounts that come to an OU get their stacks at once, and keep them when they go. AWS heeds neither `except` nor overrides then; the next apply does. Left out, `true` where all targets are OUs or the root, else `false`.",
        ),
        optional(
            "managed_execution",
            ValueKind::Bool,
            "Whether AWS runs operations that do not conflict at once and queues the others. Left out, no.",
        ),
        optional(
            "retain_stacks",
            ValueKind::Bool,
            "Whether stacks that leave the set stay in their accounts. Left out, they are deleted.",
        ),
        optional(
            "except",
            ValueKind::References(TARGETS),
            "Where no stack is wanted, whatever `deploy` says.",
        ),
        optional(
            "depends_on",
            ValueKind::References(&["stack_set"]),
            "Stack sets that are deployed before this one, and removed after it.",
        ),
        FOR_EACH,
    ],
    &[&DEPLOY, &OVERRIDE, &ROLLOUT],
    "A CloudFormation stack set: one template in many accounts and Regions.",
);

pub(super) static STACK: BlockKind = block(
    "stack",
    Labels::One("label"),
    Repeat::Many,
    &[
        NAME,
        optional(
            "region",
            ValueKind::Text,
            "The Region. Left out, the home Region.",
        ),
        TEMPLATE,
        TEMPLATE_URL,
        PARAMETERS,
        CAPABILITIES,
        TAGS,
        optional(
            "termination_protection",
            ValueKind::Bool,
            "Whether AWS refuses to delete the stack. Left out, it is not managed.",
        ),
        optional(
            "depends_on",
            ValueKind::References(&["stack", "stack_set"]),
            "Stacks and stack sets that are deployed before this one.",
        ),
        FOR_EACH,
    ],
    &[],
    "A CloudFormation stack in the management account, which service-managed stack sets never reach.",
);
