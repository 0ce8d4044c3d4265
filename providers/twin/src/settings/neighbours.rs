//! Settings of the services around Organizations.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Seconds;

/// What Control Tower says about a baseline or a control that its target has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlreadyEnabled {
    /// `ConflictException`.
    Conflict,
    /// `ValidationException`.
    Validation,
}

/// Whether Control Tower looks for the roles that it needs in the management account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleCheck {
    /// It does: a landing zone without them is refused.
    Required,
    /// They count as present.
    Assumed,
}

/// Operations of Control Tower that fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationFault {
    /// The operation's type, for example `CREATE` or `ENABLE_CONTROL`.
    pub operation: String,
    /// The id of the OU or account that it is about; absent means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How often it fails before it succeeds; absent means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<usize>,
    /// The status message.
    pub message: String,
}

/// Settings of Control Tower.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ControlTowerSettings {
    /// How long an operation on the landing zone runs. AWS gives 30 minutes (2023); 60 are
    /// UNCONFIRMED.
    pub landing_zone_seconds: Seconds,
    /// How long an operation on an OU's baseline runs, accounts apart.
    pub baseline_seconds: Seconds,
    /// What each account of the OU adds to that.
    pub baseline_account_seconds: Seconds,
    /// How long the enrolment of a moved account runs. UNCONFIRMED, 20 to 30 minutes.
    pub enrolment_seconds: Seconds,
    /// How long an operation on a control runs.
    pub control_seconds: Seconds,
    /// Operations on controls that run at once.
    pub controls_running: usize,
    /// Operations on controls that are accepted, running ones included.
    pub controls_accepted: usize,
    /// Enrolments that run at once. UNCONFIRMED, 5 or 10.
    pub enrolments_running: usize,
    /// Whether controls may change while a landing zone or baseline operation runs, and the other way round.
    /// UNCONFIRMED in detail: the guide says one operation at a time, except among controls.
    pub controls_beside_baselines: bool,
    /// Days that operations are remembered.
    pub operation_days: u32,
    /// Landing zone versions that can be set up, oldest first; the last is the latest.
    pub versions: Vec<String>,
    /// Accounts in one registered OU.
    pub accounts_per_unit: usize,
    /// Accounts of one registered OU times governed Regions.
    pub account_regions_per_unit: usize,
    /// Governed accounts times governed Regions.
    pub account_regions: usize,
    /// Whether the roles under `/service-role/` are looked for.
    pub roles: RoleCheck,
    /// Accounts that have a Config recorder or delivery channel of their own.
    pub config_recorders: BTreeSet<String>,
    /// Ids of baselines by name, beyond or instead of the built-in ones. UNCONFIRMED for the Config baselines and
    /// the baseline of central security roles.
    pub baseline_ids: BTreeMap<String, String>,
    /// Controls beyond the built-in list that exist, by their alias.
    pub more_controls: BTreeSet<String>,
    /// Controls of the built-in list that do not exist, by their alias.
    pub missing_controls: BTreeSet<String>,
    /// Controls beyond the built-in list that are preventive, by their alias.
    pub preventive_controls: BTreeSet<String>,
    /// What is said about a baseline or a control that its target has already. UNCONFIRMED.
    pub already_enabled: AlreadyEnabled,
    /// Whether a control that is enabled on an OU by one form of its ARN can be enabled there by another as well.
    /// UNCONFIRMED: the guide has a control disabled before it is enabled by its other ARN, which speaks against.
    pub forms_apart: bool,
    /// Operations that fail.
    pub faults: Vec<OperationFault>,
}

impl Default for ControlTowerSettings {
    fn default() -> ControlTowerSettings {
        ControlTowerSettings {
            landing_zone_seconds: Seconds::new(1800),
            baseline_seconds: Seconds::new(600),
            baseline_account_seconds: Seconds::new(120),
            enrolment_seconds: Seconds::new(1500),
            control_seconds: Seconds::new(90),
            controls_running: 10,
            controls_accepted: 100,
            enrolments_running: 5,
            controls_beside_baselines: false,
            operation_days: 90,
            versions: ["3.1", "3.2", "3.3", "4.0"].map(str::to_owned).to_vec(),
            accounts_per_unit: 1000,
            account_regions_per_unit: 15_000,
            account_regions: 150_000,
            roles: RoleCheck::Required,
            config_recorders: BTreeSet::new(),
            baseline_ids: BTreeMap::new(),
            more_controls: BTreeSet::new(),
            missing_controls: BTreeSet::new(),
            preventive_controls: BTreeSet::new(),
            already_enabled: AlreadyEnabled::Conflict,
            forms_apart: false,
            faults: Vec::new(),
        }
    }
}

/// Settings of IAM Identity Center.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityCenterSettings {
    /// The Region in which every organization has its instance, as if it had been switched on by hand; none means
    /// that only a landing zone with access management makes one.
    pub region: Option<String>,
    /// How long provisioning and assignments run. UNCONFIRMED.
    pub assignment_seconds: Seconds,
    /// Permission sets in one instance.
    pub permission_sets: usize,
    /// Managed and customer-managed policies in one permission set.
    pub policies_per_set: usize,
}

impl Default for IdentityCenterSettings {
    fn default() -> IdentityCenterSettings {
        IdentityCenterSettings {
            region: Some("us-east-1".to_owned()),
            assignment_seconds: Seconds::new(5),
            permission_sets: 2000,
            policies_per_set: 20,
        }
    }
}

/// What the root user of an account can sign in with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RootUser {
    /// Whether it has a password.
    pub password: bool,
    /// The ids of its access keys.
    pub access_keys: BTreeSet<String>,
    /// The serial numbers of its MFA devices.
    pub mfa_devices: BTreeSet<String>,
    /// The ids of its signing certificates.
    pub certificates: BTreeSet<String>,
}
