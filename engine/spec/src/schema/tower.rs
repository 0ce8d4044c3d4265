//! The blocks of Control Tower.

use super::{AttributeKind, BlockKind, Labels, Repeat, ValueKind, block, optional, required};
use lz_model::tower::TowerVersion;

const ACCOUNT: ValueKind = ValueKind::Reference(&["account"]);

const TARGETS: AttributeKind = required(
    "targets",
    ValueKind::References(&["ou"]),
    "The OUs. What the list leaves out is not managed, unless `organization` claims it with `exclusive`.",
);

static BACKUP: BlockKind = block(
    "backup",
    Labels::None,
    Repeat::Once,
    &[
        required("admin", ACCOUNT, "The account of the backup administrator."),
        required("vault", ACCOUNT, "The account of the central vault."),
        required(
            "kms_key",
            ValueKind::Text,
            "The ARN of the key that encrypts backups, in all governed Regions.",
        ),
    ],
    &[],
    "Switches AWS Backup on in the landing zone. Left out, it is not managed.",
);

pub(super) static CONTROL_TOWER: BlockKind = block(
    "control_tower",
    Labels::None,
    Repeat::Once,
    &[
        required(
            "version",
            ValueKind::Choice(&TowerVersion::WRITTEN),
            "The version of the landing zone. A higher one updates it, with its baselines and controls; none goes back.",
        ),
        optional(
            "governed_regions",
            ValueKind::Texts,
            "The governed Regions, the home Region among them. Left out, the Regions of `landing_zone`.",
        ),
        optional(
            "log_archive",
            ACCOUNT,
            "The account that keeps the logs; it never changes. Up to 3.3 it must be there.",
        ),
        optional(
            "audit",
            ACCOUNT,
            "The account of the security roles; it never changes. Up to 3.3 it must be there.",
        ),
        optional(
            "config",
            ACCOUNT,
            "The account of the Config aggregator, from 4.0. Left out, the audit account.",
        ),
        optional(
            "log_retention_days",
            ValueKind::Count,
            "Days that logs are kept, 1 to 5,475.",
        ),
        optional(
            "access_log_retention_days",
            ValueKind::Count,
            "Days that logs of access to the logs are kept, 1 to 5,475.",
        ),
        optional(
            "kms_key",
            ValueKind::Text,
            "The ARN of the key that encrypts logs.",
        ),
        optional(
            "access_management",
            ValueKind::Bool,
            "Whether Control Tower sets IAM Identity Center up. Left out, it is not managed; a new landing zone does.",
        ),
        optional(
            "auto_enroll",
            ValueKind::Bool,
            "Whether accounts that move into a registered OU are enrolled by themselves. Left out, it is not managed.",
        ),
        optional(
            "security_ou",
            ValueKind::Text,
            "The name of the OU for the shared accounts, up to 3.3. Left out, `Security` in a new landing zone.",
        ),
        optional(
            "sandbox_ou",
            ValueKind::Text,
            "The name of an OU that the landing zone makes and registers, up to 3.3.",
        ),
    ],
    &[&BACKUP],
    "The landing zone of Control Tower in the home Region.",
);

pub(super) static BASELINE: BlockKind = block(
    "baseline",
    Labels::One("baseline"),
    Repeat::Many,
    &[
        TARGETS,
        optional(
            "version",
            ValueKind::Text,
            "The version. Left out, the one that fits the landing zone, also after an update.",
        ),
    ],
    &[],
    "A baseline of Control Tower on OUs: `AWSControlTowerBaseline` registers them, with their accounts.",
);

pub(super) static CONTROL: BlockKind = block(
    "control",
    Labels::One("control"),
    Repeat::Many,
    &[
        TARGETS,
        optional(
            "parameters",
            ValueKind::Any,
            "Values of the control's parameters, such as `{ AllowedRegions = landing_zone.regions }`. Left out, they are not managed.",
        ),
    ],
    &[],
    "A control of Control Tower on OUs: its alias, its id in the catalogue, or its ARN.",
);
