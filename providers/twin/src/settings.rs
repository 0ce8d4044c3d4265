//! What a twin can be told: quotas, durations, and every point on which AWS's behaviour is unconfirmed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

mod choice;
mod neighbours;
mod policy_type;
mod stack;

pub use choice::{
    CreationOverLimit, DelegatesOnDisable, InvitationAnswer, NameScope, Partition, PolicyLength,
    SameOperationId, WrongSource,
};
pub use neighbours::{
    AlreadyEnabled, ControlTowerSettings, IdentityCenterSettings, OperationFault, RoleCheck, RootUser,
};
pub use policy_type::{PolicyLimit, PolicyType};
pub use stack::{ResourceChange, StackAction, StackDrift, StackFault};

/// A span of AWS time in seconds, zero or more.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Seconds(f64);

impl Seconds {
    /// No time at all.
    pub const ZERO: Seconds = Seconds(0.0);

    /// Returns the span of that many seconds.
    #[must_use]
    pub fn new(seconds: u32) -> Seconds {
        Seconds(f64::from(seconds))
    }

    /// Returns the span as a duration.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::try_from_secs_f64(self.0).unwrap_or_default()
    }

    /// Returns whether the span is empty.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 <= 0.0
    }
}

impl TryFrom<f64> for Seconds {
    type Error = NotSeconds;
    fn try_from(seconds: f64) -> Result<Seconds, NotSeconds> {
        Duration::try_from_secs_f64(seconds)
            .map(|_| Seconds(seconds))
            .map_err(|_| NotSeconds { seconds })
    }
}

impl From<Seconds> for f64 {
    fn from(span: Seconds) -> f64 {
        span.0
    }
}

/// A number that is no span of time.
#[derive(Debug, thiserror::Error)]
#[error("`{seconds}` is not a number of seconds: it must be zero or more")]
pub struct NotSeconds {
    seconds: f64,
}

/// A token bucket: `rate` tokens are added a second, at most `burst` are held.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Tokens a second for one calling account.
    pub rate: f64,
    /// Most tokens the bucket of one calling account holds.
    pub burst: f64,
    /// Tokens a second for the whole organization, where it has a bucket of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_rate: Option<f64>,
    /// Most tokens the organization's bucket holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_burst: Option<f64>,
}

/// Everything about a twin that is not its state.
///
/// Where `aws-facts` confirms a value, the default is that value. Where it says UNCONFIRMED, the field's
/// comment says so and the default is this project's choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Seed of ids, staleness and jitter: the same seed and calls give the same answers.
    pub seed: u64,
    /// Partition written into ARNs.
    pub partition: Partition,
    /// The account that calls when the access key names none; 12 digits.
    pub default_account: String,

    /// Whether accounts carry `Paths` and OUs carry `Path`.
    pub paths: bool,
    /// Whether accounts still carry the old `Status` beside `State`. UNCONFIRMED since 9 September 2026.
    pub status: bool,
    /// Page size when `MaxResults` is absent, 1 to 20. UNCONFIRMED.
    pub default_page_size: usize,
    /// Page size of `ListTagsForResource`, which takes no `MaxResults`. UNCONFIRMED.
    pub tags_page_size: usize,
    /// Whether every list begins with an empty page that has a `NextToken`, as AWS says may happen.
    pub empty_first_page: bool,

    /// Whether `GetResources` of the tagging API answers at all.
    pub tagging_api: bool,
    /// How far the tagging API's index lags behind `TagResource`. UNCONFIRMED.
    pub tagging_delay_seconds: Seconds,
    /// Resource types that the index holds. UNCONFIRMED for OUs and policies.
    pub tagging_types: BTreeSet<String>,
    /// The only Region whose index holds Organizations resources; none means all Regions.
    pub tagging_region: Option<String>,

    /// Whether calls are throttled at all.
    pub throttling: bool,
    /// Whether the APIs of one row of the quotas page share one bucket. UNCONFIRMED.
    pub strict_buckets: bool,
    /// Buckets that replace the published ones, by `service:Operation`.
    pub rates: BTreeMap<String, Rate>,
    /// The member `Type` of `TooManyRequestsException`. UNCONFIRMED.
    pub throttle_type: String,

    /// How long a reading call takes.
    pub read_seconds: Seconds,
    /// How long a writing call takes; another write to the organization in that time is a conflict.
    pub write_seconds: Seconds,
    /// How long after a write has been answered another one can still conflict. UNCONFIRMED.
    pub conflict_seconds: Seconds,
    /// Longest time by which a read may lag behind a write; each read draws its own lag. UNCONFIRMED.
    pub staleness_seconds: Seconds,

    /// Accounts that an organization may hold, closed ones, invitations and running creations included.
    /// AWS starts at 10 and grants up to 50,000 on request.
    pub accounts: usize,
    /// OUs in an organization.
    pub units: usize,
    /// Levels of OUs below the root.
    pub unit_depth: usize,
    /// Where an OU's name must be unique. UNCONFIRMED.
    pub unit_names: NameScope,
    /// Tags on one resource.
    pub tags_per_resource: usize,
    /// Characters in a resource policy.
    pub resource_policy_characters: usize,

    /// How long an account creation runs.
    pub create_account_seconds: Seconds,
    /// Account creations that run at once.
    pub creations_at_once: usize,
    /// The error of one creation too many. UNCONFIRMED.
    pub creation_over_limit: CreationOverLimit,
    /// Account creations in 24 hours; none means no limit. The number is UNCONFIRMED.
    pub creations_per_day: Option<usize>,
    /// How long a new organization refuses new accounts with `FinalizingOrganizationException`.
    pub finalizing_seconds: Seconds,

    /// How long an account closure runs.
    pub close_account_seconds: Seconds,
    /// Account closures that run at once.
    pub closures_at_once: usize,
    /// Closures in 30 days that any organization may make.
    pub closures_floor: usize,
    /// Closures in 30 days as a share of member accounts, in percent.
    pub closures_percent: usize,
    /// Closures in 30 days that no organization may exceed.
    pub closures_cap: usize,
    /// Days that a closed account stays listed and counted.
    pub closed_account_days: u32,
    /// Whether a closed account keeps its OU from being deleted. UNCONFIRMED, inferred yes.
    pub closed_account_blocks_unit: bool,
    /// Whether `MoveAccount` works on a closed account. UNCONFIRMED.
    pub closed_account_moves: bool,
    /// Whether a delegated administrator can't be closed. UNCONFIRMED.
    pub close_refuses_delegated_administrator: bool,
    /// Days that a created account must stay before it can be removed.
    pub removal_wait_days: u32,
    /// Whether member accounts have what a standalone account needs: payment method, contact, plan.
    pub members_have_payment_data: bool,
    /// What `MoveAccount` says about a source that exists but is not the parent. UNCONFIRMED.
    pub wrong_source: WrongSource,

    /// Invitations in 24 hours; none means the larger of 20 and the account quota.
    pub invitations_per_day: Option<usize>,
    /// Days until an invitation expires.
    pub invitation_days: u32,
    /// What an invited account does by itself. Twin default: nothing.
    pub invitation_answer: InvitationAnswer,
    /// How long it takes to do so.
    pub invitation_answer_seconds: Seconds,
    /// Days until a request to enable all features expires.
    pub all_features_days: u32,
    /// Days that an answered or expired handshake stays listed.
    pub handshake_kept_days: u32,

    /// How long a policy type shows PENDING_ENABLE or PENDING_DISABLE. UNCONFIRMED whether it does.
    pub policy_type_seconds: Seconds,
    /// Limits that replace the published ones, by policy type.
    pub policy_limits: BTreeMap<PolicyType, PolicyLimit>,
    /// What the size of a policy counts. UNCONFIRMED for text that is not ASCII.
    pub policy_length: PolicyLength,
    /// Whether an SCP or RCP without `Version` is refused. UNCONFIRMED.
    pub policy_version_required: bool,
    /// Trusted access that a policy type needs first. UNCONFIRMED beyond SECURITYHUB_POLICY.
    pub policy_type_services: BTreeMap<PolicyType, String>,
    /// The id of the AWS-managed RCP. UNCONFIRMED as a literal.
    pub rcp_full_access_id: String,

    /// Service principals to know beyond the built-in list.
    pub more_service_principals: BTreeSet<String>,
    /// Principals whose trusted access only their own service can switch.
    pub own_access_only: BTreeSet<String>,
    /// Most delegated administrators by service principal, beyond or instead of the built-in table.
    pub delegated_administrators: BTreeMap<String, usize>,
    /// What `DisableAWSServiceAccess` does while the service has delegated administrators. UNCONFIRMED.
    pub delegates_on_disable: DelegatesOnDisable,

    /// How long enabling or disabling a Region runs. UNCONFIRMED.
    pub region_opt_seconds: Seconds,
    /// Region changes at once in one account.
    pub region_opts_per_account: usize,
    /// Region changes at once in one organization.
    pub region_opts_per_organization: usize,
    /// The one-time code that confirms a new primary e-mail address.
    pub one_time_code: String,

    /// Shortest and longest time that a stack takes to be created, updated, deleted or looked at; each draws its
    /// own by the seed. UNCONFIRMED, 20 to 60 s.
    pub stack_seconds: (Seconds, Seconds),
    /// How long an operation stays QUEUED before it is looked at. UNCONFIRMED.
    pub stack_set_queue_seconds: Seconds,
    /// Active stack sets in one account, over all Regions.
    pub stack_sets: usize,
    /// Instances in one stack set.
    pub stack_instances: usize,
    /// Instance operations that run at once for the stack sets of one account in one Region.
    pub stack_instance_operations: usize,
    /// Operations that one stack set may have queued.
    pub queued_operations: usize,
    /// Stacks in one account and Region.
    pub stacks: usize,
    /// OUs in one call about instances.
    pub units_per_call: usize,
    /// Bytes of a template in a request, and of one in S3.
    pub template_bytes: (usize, usize),
    /// Days that a deleted stack set stays listed. UNCONFIRMED.
    pub deleted_stack_set_days: u32,
    /// Operations that a stack set remembers, at least those that run. UNCONFIRMED.
    pub stack_set_operations_kept: usize,
    /// What happens to a request whose OperationId the set knows already. UNCONFIRMED.
    pub same_operation_id: SameOperationId,
    /// Whether SERVICE_MANAGED sets take ActivateOrganizationsAccess, not only trusted access (aws-facts R21).
    pub stack_sets_need_activation: bool,
    /// Accounts without execution role, so that self-managed sets fail there. Every other account has one.
    pub accounts_without_execution_role: BTreeSet<String>,
    /// Stacks that fail.
    pub stack_faults: Vec<StackFault>,
    /// Resources that have been changed by hand.
    pub stack_drifts: Vec<StackDrift>,

    /// Control Tower.
    pub control_tower: ControlTowerSettings,
    /// The Region in which administrators of Firewall Manager are named; none means any. UNCONFIRMED.
    pub firewall_manager_region: Option<String>,
    /// IAM Identity Center and its identity store.
    pub identity_center: IdentityCenterSettings,
    /// The root users of accounts that do not come with credentials as new ones do: none, by account id.
    pub root_users: BTreeMap<String, RootUser>,
}

impl Default for Settings {
    fn default() -> Settings {
        let words = |list: &[&str]| {
            list.iter()
                .map(|&word| word.to_owned())
                .collect::<BTreeSet<String>>()
        };
        Settings {
            seed: 0,
            partition: Partition::Aws,
            default_account: "111122223333".to_owned(),
            paths: true,
            status: true,
            default_page_size: 20,
            tags_page_size: 50,
            empty_first_page: false,
            tagging_api: true,
            tagging_delay_seconds: Seconds::ZERO,
            tagging_types: words(&["account", "ou", "policy", "resourcepolicy", "root"]),
            tagging_region: Some("us-east-1".to_owned()),
            throttling: true,
            strict_buckets: false,
            rates: BTreeMap::new(),
            throttle_type: "RATE_LIMIT".to_owned(),
            read_seconds: Seconds::ZERO,
            write_seconds: Seconds::ZERO,
            conflict_seconds: Seconds::ZERO,
            staleness_seconds: Seconds::ZERO,
            accounts: 50_000,
            units: 2000,
            unit_depth: 5,
            unit_names: NameScope::SameParent,
            tags_per_resource: 50,
            resource_policy_characters: 40_000,
            create_account_seconds: Seconds::new(60),
            creations_at_once: 5,
            creation_over_limit: CreationOverLimit::TooManyRequests,
            creations_per_day: None,
            finalizing_seconds: Seconds::ZERO,
            close_account_seconds: Seconds::new(60),
            closures_at_once: 3,
            closures_floor: 250,
            closures_percent: 20,
            closures_cap: 1000,
            closed_account_days: 90,
            closed_account_blocks_unit: true,
            closed_account_moves: true,
            close_refuses_delegated_administrator: true,
            removal_wait_days: 4,
            members_have_payment_data: true,
            wrong_source: WrongSource::SourceParentNotFound,
            invitations_per_day: None,
            invitation_days: 15,
            invitation_answer: InvitationAnswer::Wait,
            invitation_answer_seconds: Seconds::new(60),
            all_features_days: 90,
            handshake_kept_days: 30,
            policy_type_seconds: Seconds::ZERO,
            policy_limits: BTreeMap::new(),
            policy_length: PolicyLength::Characters,
            policy_version_required: false,
            policy_type_services: BTreeMap::from([(
                PolicyType::SecurityhubPolicy,
                "securityhub.amazonaws.com".to_owned(),
            )]),
            rcp_full_access_id: "p-RCPFullAWSAccess".to_owned(),
            more_service_principals: BTreeSet::new(),
            own_access_only: words(&["ipam.amazonaws.com"]),
            delegated_administrators: BTreeMap::new(),
            delegates_on_disable: DelegatesOnDisable::Refuse,
            region_opt_seconds: Seconds::new(600),
            region_opts_per_account: 6,
            region_opts_per_organization: 50,
            one_time_code: "123456".to_owned(),
            stack_seconds: (Seconds::new(20), Seconds::new(60)),
            stack_set_queue_seconds: Seconds::new(1),
            stack_sets: 1000,
            stack_instances: 100_000,
            stack_instance_operations: 10_000,
            queued_operations: 10_000,
            stacks: 2000,
            units_per_call: 50,
            template_bytes: (51_200, 1_048_576),
            deleted_stack_set_days: 90,
            stack_set_operations_kept: 500,
            same_operation_id: SameOperationId::AcceptIdentical,
            stack_sets_need_activation: true,
            accounts_without_execution_role: BTreeSet::new(),
            stack_faults: Vec::new(),
            stack_drifts: Vec::new(),
            control_tower: ControlTowerSettings::default(),
            firewall_manager_region: Some("us-east-1".to_owned()),
            identity_center: IdentityCenterSettings::default(),
            root_users: BTreeMap::new(),
        }
    }
}

/// Why settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The text is no JSON object of known settings.
    #[error("the settings are not usable: {0}")]
    Json(#[from] serde_json::Error),
    /// A value is outside its range.
    #[error("setting `{name}` is `{value}`, but {rule}")]
    Range {
        /// The setting.
        name: &'static str,
        /// What it was set to.
        value: String,
        /// What it must be.
        rule: &'static str,
    },
}

impl Settings {
    /// Returns the settings that a JSON object describes; what it leaves out keeps its default.
    ///
    /// # Errors
    /// [`SettingsError::Json`] for text that is not JSON, an unknown name or a wrong type;
    /// [`SettingsError::Range`] for a value that can't be meant.
    pub fn from_json(text: &str) -> Result<Settings, SettingsError> {
        let settings: Settings = serde_json::from_str(text)?;
        settings.check()?;
        Ok(settings)
    }

    /// Returns default settings in which nothing is throttled.
    #[must_use]
    pub fn unthrottled() -> Settings {
        Settings {
            throttling: false,
            ..Settings::default()
        }
    }

    fn check(&self) -> Result<(), SettingsError> {
        let range = |ok: bool, name, value: String, rule| {
            if ok {
                Ok(())
            } else {
                Err(SettingsError::Range { name, value, rule })
            }
        };
        let account = &self.default_account;
        let digits = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        range(
            digits,
            "default_account",
            account.clone(),
            "an account id has 12 digits",
        )?;
        let page = self.default_page_size;
        range(
            (1..=20).contains(&page),
            "default_page_size",
            page.to_string(),
            "a page holds 1 to 20",
        )?;
        let page = self.tags_page_size;
        range(
            page >= 1,
            "tags_page_size",
            page.to_string(),
            "a page holds at least 1",
        )?;
        for (name, rate) in &self.rates {
            let shared = [rate.organization_rate, rate.organization_burst];
            let sound = rate.rate > 0.0
                && rate.burst >= 1.0
                && rate.organization_rate.is_none_or(|rate| rate > 0.0)
                && rate.organization_burst.is_none_or(|burst| burst >= 1.0)
                && shared.iter().all(Option::is_some) == shared.iter().any(Option::is_some);
            range(
                sound,
                "rates",
                name.clone(),
                "a rate is above 0 and a burst at least 1, and an organization has both or neither",
            )?;
        }
        let id = &self.rcp_full_access_id;
        let sound = crate::world::PolicyId::parse(id).is_some();
        range(
            sound,
            "rcp_full_access_id",
            id.clone(),
            "a policy id is `p-` and 8 or more letters or digits",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_leaves_out_keeps_its_default() {
        let settings = Settings::from_json(r#"{"units": 3, "create_account_seconds": 1.5}"#).unwrap();
        assert_eq!(settings.units, 3);
        assert_eq!(
            settings.create_account_seconds.duration(),
            Duration::from_millis(1500)
        );
        assert_eq!(settings.accounts, Settings::default().accounts);
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_known_ones() {
        let error = Settings::from_json(r#"{"unitz": 3}"#).unwrap_err().to_string();
        assert!(error.contains("`unitz`") && error.contains("`units`"), "{error}");
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        for (text, name) in [
            (r#"{"default_account": "12"}"#, "default_account"),
            (r#"{"default_page_size": 21}"#, "default_page_size"),
            (
                r#"{"rates": {"organizations:ListAccounts": {"rate": 0, "burst": 1}}}"#,
                "ListAccounts",
            ),
            (
                r#"{"rates": {"sts:AssumeRole": {"rate": 1, "burst": 1, "organization_rate": 2}}}"#,
                "AssumeRole",
            ),
            (
                r#"{"rates": {"sts:GetCallerIdentity": {"rate": 1, "burst": 1, "organization_rate": 2, "organization_burst": 0}}}"#,
                "GetCallerIdentity",
            ),
            (r#"{"close_account_seconds": -1}"#, "-1"),
            (r#"{"rcp_full_access_id": "x"}"#, "rcp_full_access_id"),
        ] {
            let error = Settings::from_json(text).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn settings_survive_a_round_trip() {
        let text = serde_json::to_string(&Settings::default()).unwrap();
        assert_eq!(Settings::from_json(&text).unwrap(), Settings::default());
    }
}
