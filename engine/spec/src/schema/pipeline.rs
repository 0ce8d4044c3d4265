//! Blocks about runs: what keeps them apart, what remembers them, whom they tell.

use super::{AttributeKind, BlockKind, Labels, Repeat, ValueKind, block, optional, required};

const REGION: AttributeKind = optional(
    "region",
    ValueKind::Text,
    "The bucket's Region. Left out, the home Region.",
);

pub(super) static LOCK: BlockKind = block(
    "lock",
    Labels::None,
    Repeat::Once,
    &[
        required(
            "s3",
            ValueKind::Text,
            "The object that is the lock, as `bucket/key`.",
        ),
        REGION,
    ],
    &[],
    "Keeps two applies apart, wherever they run. Without it, a file beside the spec does so on one machine.",
);

pub(super) static HISTORY: BlockKind = block(
    "history",
    Labels::None,
    Repeat::Once,
    &[
        required("s3", ValueKind::Text, "Where runs are kept, as `bucket/prefix`."),
        REGION,
    ],
    &[],
    "Keeps every run: plan, events, caller, git revision and result. Without it, the last runs are kept beside the spec.",
);

pub(super) static NOTIFY: BlockKind = block(
    "notify",
    Labels::One("label"),
    Repeat::Many,
    &[
        optional(
            "on",
            ValueKind::Choices(&["plan", "apply", "drift", "failure"]),
            "When something is sent. Left out, at apply, drift and failure.",
        ),
        optional(
            "command",
            ValueKind::Texts,
            "A command and its arguments; it reads the notice as JSON.",
        ),
        optional(
            "webhook",
            ValueKind::Text,
            "Where the webhook's address is kept: `env:NAME` or `file:PATH`. The address itself is a secret.",
        ),
        optional("sns", ValueKind::Text, "The ARN of a topic of Amazon SNS."),
    ],
    &[],
    "Tells a command, a webhook or a topic what a run did.",
);
