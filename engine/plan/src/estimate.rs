//! How long AWS will need: the steps in their order, at the published pace of each call.

mod operation;

pub use operation::operation_seconds;

use lz_model::address::Address;
use lz_model::limits::{
    self, ASSIGNMENT_SECONDS, ASSIGNMENTS_IN_FLIGHT, BASELINE_SECONDS, CLOSURES_IN_FLIGHT, CONTROL_SECONDS,
    CONTROLS_RUNNING, CREATIONS_IN_FLIGHT, ENROLMENT_SECONDS, LANDING_ZONE_SECONDS, Rate,
};
use lz_model::plan::{
    Action, IdentityWork, Lane, Plan, SettingsWork, StackSetWork, StackWork, Step, StepId, TowerWork,
};
use lz_model::stack::Pace;
use std::collections::BTreeMap;

/// Seconds that one write to the organization takes (observed, not published).
const WRITE_SECONDS: f64 = 0.3;
/// Seconds until a created account is usable: "a few minutes" by the API reference, about one in practice.
const CREATION_SECONDS: f64 = 60.0;

/// Seconds until a Region is on: "a few minutes" at best (Account Management Reference Guide, "Enable or disable AWS
/// Regions in your account").
const REGION_SECONDS: f64 = 300.0;

/// Seconds of a call that changes a stack set and none of its stacks.
const SET_SECONDS: f64 = 3.0;

/// Returns the seconds that the steps of one object take from the first to the last, rounded up: what comes
/// before them is not counted.
#[must_use]
pub fn object_seconds(plan: &Plan, address: &Address) -> u64 {
    seconds(plan.steps.iter().filter(|step| step.address == *address))
}

/// Returns the seconds that AWS will need for the steps, rounded up.
pub(crate) fn seconds<'a>(steps: impl IntoIterator<Item = &'a Step>) -> u64 {
    let mut finished: BTreeMap<&StepId, f64> = BTreeMap::new();
    let mut buckets: BTreeMap<&str, Bucket> = BTreeMap::new();
    let mut lanes: BTreeMap<Lane, Vec<f64>> = BTreeMap::new();
    let mut end = 0.0_f64;
    for step in steps {
        let ready = step
            .after
            .iter()
            .filter_map(|edge| finished.get(&edge.step))
            .copied()
            .fold(0.0, f64::max);
        let lane = lanes
            .entry(step.lane)
            .or_insert_with(|| vec![0.0; width(step.lane)]);
        let free = lane.iter().copied().fold(f64::INFINITY, f64::min);
        let start = ready.max(free);
        let start = match limits::rate(call(&step.action)) {
            Some(rate) => buckets
                .entry(rate.calls.first().copied().unwrap_or_default())
                .or_insert_with(|| Bucket::new(rate))
                .take(start),
            None => start,
        };
        let finish = start + duration(&step.action);
        if let Some(slot) = lane.iter_mut().find(|slot| **slot <= free) {
            *slot = finish;
        }
        finished.insert(&step.id, finish);
        end = end.max(finish);
    }
    whole_seconds(end)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded up, never negative, far below 2^53"
)]
fn whole_seconds(seconds: f64) -> u64 {
    seconds.ceil() as u64
}

struct Bucket {
    rate: &'static Rate,
    tokens: f64,
    at: f64,
}

impl Bucket {
    const fn new(rate: &'static Rate) -> Self {
        Self {
            rate,
            tokens: rate.burst,
            at: 0.0,
        }
    }

    /// Takes a token at `now` or later; returns when.
    fn take(&mut self, now: f64) -> f64 {
        let now = now.max(self.at);
        self.tokens = (self.tokens + (now - self.at) * self.rate.per_second).min(self.rate.burst);
        let wait = if self.tokens >= 1.0 {
            0.0
        } else {
            (1.0 - self.tokens) / self.rate.per_second
        };
        self.tokens = self.tokens + wait * self.rate.per_second - 1.0;
        self.at = now + wait;
        self.at
    }
}

const fn width(lane: Lane) -> usize {
    match lane {
        Lane::Organization | Lane::AccountSettings | Lane::ControlTower => 1,
        Lane::Identity => ASSIGNMENTS_IN_FLIGHT,
        Lane::AccountCreation => CREATIONS_IN_FLIGHT,
        Lane::AccountClosure => CLOSURES_IN_FLIGHT,
        Lane::Stacks | Lane::Enrolments => 64,
        Lane::Controls => CONTROLS_RUNNING,
    }
}

fn duration(action: &Action) -> f64 {
    match action {
        Action::StackSet(work) => stack_set_seconds(work),
        Action::Tower(step) => tower_seconds(&step.work),
        Action::Stack(StackWork::Create { .. } | StackWork::Update { .. } | StackWork::Delete { .. }) => {
            operation_seconds(1, 1, &Pace::default())
        }
        Action::Identity(work) => identity_seconds(work),
        Action::Settings(SettingsWork::EnableRegion { .. }) => REGION_SECONDS,
        Action::CreateAccount { .. } | Action::CloseAccount { .. } => CREATION_SECONDS,
        Action::CreateOrganization {}
        | Action::EnableTrustedService { .. }
        | Action::DisableTrustedService { .. }
        | Action::EnablePolicyType { .. }
        | Action::DisablePolicyType { .. }
        | Action::CreateOu { .. }
        | Action::RenameOu { .. }
        | Action::DeleteOu { .. }
        | Action::MoveAccount { .. }
        | Action::RenameAccount { .. }
        | Action::ReleaseAccount { .. }
        | Action::CreatePolicy { .. }
        | Action::UpdatePolicy { .. }
        | Action::DeletePolicy { .. }
        | Action::AttachPolicy { .. }
        | Action::DetachPolicy { .. }
        | Action::Feature(_)
        | Action::SetTags { .. }
        | Action::Settings(SettingsWork::PutContact { .. } | SettingsWork::PutPrimaryContact { .. }) => {
            WRITE_SECONDS
        }
        Action::RegisterAdmin { regions, .. } => times(regions.len().max(1)) * WRITE_SECONDS,
        // Organizations is told as well.
        Action::DeregisterAdmin { regions, .. } => times(regions.len() + 1) * WRITE_SECONDS,
    }
}

/// As many assignments as AWS bears run side by side.
fn identity_seconds(work: &IdentityWork) -> f64 {
    let rounds = match work {
        IdentityWork::CreateSet { .. } | IdentityWork::UpdateSet { .. } | IdentityWork::DeleteSet { .. } => {
            return WRITE_SECONDS;
        }
        IdentityWork::ProvisionSet { accounts, .. } => accounts.div_ceil(ASSIGNMENTS_IN_FLIGHT),
        IdentityWork::Grant(access) | IdentityWork::Revoke(access) => {
            access.members.len().div_ceil(ASSIGNMENTS_IN_FLIGHT)
        }
    };
    u32::try_from(rounds).map_or(f64::MAX, f64::from) * ASSIGNMENT_SECONDS
}

fn stack_set_seconds(work: &StackSetWork) -> f64 {
    match work {
        StackSetWork::Create { .. } | StackSetWork::Configure { .. } | StackSetWork::Delete { .. } => {
            SET_SECONDS
        }
        StackSetWork::Operate { reach, pace, .. } => {
            operation_seconds(reach.accounts, reach.regions.len(), pace)
        }
        StackSetWork::PassGate { bake_seconds, .. } => whole(*bake_seconds),
        // Automatic deployment keeps to no preferences of ours (aws-facts section 3.3).
        StackSetWork::Await {
            gains,
            loses,
            regions,
            ..
        } => operation_seconds(gains.len().max(loses.len()), regions.len(), &Pace::WIDEST),
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are a few dozen Regions")]
const fn times(count: usize) -> f64 {
    count as f64
}

/// Seconds of a step in Control Tower (aws-facts section 4.5).
fn tower_seconds(work: &TowerWork) -> f64 {
    match work {
        TowerWork::MakeRoles { .. } => SET_SECONDS,
        TowerWork::CreateZone { .. } | TowerWork::UpdateZone { .. } | TowerWork::ResetZone { .. } => {
            LANDING_ZONE_SECONDS
        }
        TowerWork::EnableBaseline { accounts, .. }
        | TowerWork::UpdateBaseline { accounts, .. }
        | TowerWork::ResetBaseline { accounts, .. }
        | TowerWork::DisableBaseline { accounts, .. } => {
            let accounts = u64::try_from(*accounts).unwrap_or(u64::MAX);
            whole(accounts).mul_add(BASELINE_SECONDS.1, BASELINE_SECONDS.0)
        }
        TowerWork::EnableControl { .. }
        | TowerWork::UpdateControl { .. }
        | TowerWork::ResetControl { .. }
        | TowerWork::DisableControl { .. } => CONTROL_SECONDS,
        TowerWork::AwaitEnrolment { .. } => ENROLMENT_SECONDS,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bake times and counts are far below 2^53"
)]
const fn whole(seconds: u64) -> f64 {
    seconds as f64
}

/// Returns the API call that carries an action.
const fn call(action: &Action) -> &'static str {
    match action {
        Action::CreateOrganization {} => "organizations:CreateOrganization",
        Action::EnableTrustedService { .. } => "organizations:EnableAWSServiceAccess",
        Action::DisableTrustedService { .. } => "organizations:DisableAWSServiceAccess",
        Action::EnablePolicyType { .. } => "organizations:EnablePolicyType",
        Action::DisablePolicyType { .. } => "organizations:DisablePolicyType",
        Action::CreateOu { .. } => "organizations:CreateOrganizationalUnit",
        Action::RenameOu { .. } => "organizations:UpdateOrganizationalUnit",
        Action::DeleteOu { .. } => "organizations:DeleteOrganizationalUnit",
        Action::CreateAccount { .. } => "organizations:CreateAccount",
        Action::MoveAccount { .. } => "organizations:MoveAccount",
        Action::RenameAccount { .. } => "account:PutAccountName",
        Action::CloseAccount { .. } => "organizations:CloseAccount",
        Action::ReleaseAccount { .. } => "organizations:RemoveAccountFromOrganization",
        Action::CreatePolicy { .. } => "organizations:CreatePolicy",
        Action::UpdatePolicy { .. } => "organizations:UpdatePolicy",
        Action::DeletePolicy { .. } => "organizations:DeletePolicy",
        Action::AttachPolicy { .. } => "organizations:AttachPolicy",
        Action::DetachPolicy { .. } => "organizations:DetachPolicy",
        Action::SetTags { .. } => "organizations:TagResource",
        Action::RegisterAdmin { regions, .. } if !regions.is_empty() => "administrators",
        Action::RegisterAdmin { .. } => "organizations:RegisterDelegatedAdministrator",
        Action::DeregisterAdmin { .. } => "organizations:DeregisterDelegatedAdministrator",
        Action::Feature(_) => "settings",
        Action::StackSet(_) | Action::Stack(_) => "cloudformation",
        Action::Tower(_) => "controltower",
        Action::Identity(work) => match work {
            IdentityWork::CreateSet { .. } => "sso:CreatePermissionSet",
            IdentityWork::UpdateSet { .. } => "sso:UpdatePermissionSet",
            IdentityWork::ProvisionSet { .. } => "sso:ProvisionPermissionSet",
            IdentityWork::DeleteSet { .. } => "sso:DeletePermissionSet",
            IdentityWork::Grant(_) => "sso:CreateAccountAssignment",
            IdentityWork::Revoke(_) => "sso:DeleteAccountAssignment",
        },
        // Buckets of Account Management are the account's own.
        Action::Settings(_) => "account",
    }
}
