//! Counts of a plan, computed and never stored.

use super::features;
use crate::render::page::{Line, Role};
use crate::render::words;
use lz_model::plan::{Action, IdentityWork, Plan, StackSetWork, StackWork, Tagging, TowerWork};
use serde::Serialize;
use std::collections::BTreeSet;

/// How many objects a plan touches in which way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Counts {
    /// Organizations, OUs, accounts, policies, stack sets and stacks that come into being.
    pub(crate) create: usize,
    /// Policy types, services, delegated administrators, baselines and controls that are switched on.
    pub(crate) enable: usize,
    /// Objects that exist and become the landing zone's.
    pub(crate) adopt: usize,
    /// Objects that change in place.
    pub(crate) change: usize,
    /// Accounts that move; not those that the plan creates.
    #[serde(rename = "move")]
    pub(crate) moves: usize,
    /// Policies that are attached to a target.
    pub(crate) attach: usize,
    /// Policies that are detached from a target.
    pub(crate) detach: usize,
    /// Policy types, services, delegated administrators, baselines and controls that are switched off.
    pub(crate) disable: usize,
    /// Assignments that people gain: one for each account.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    pub(crate) grant: usize,
    /// Assignments that people lose: one for each account.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    pub(crate) revoke: usize,
    /// OUs, policies, stack sets and stacks that are deleted.
    pub(crate) delete: usize,
    /// Objects that stay and that lz forgets.
    pub(crate) forget: usize,
    /// Accounts that leave the organization.
    pub(crate) release: usize,
    /// Accounts that are closed.
    pub(crate) close: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Returns the counts of a plan.
pub(crate) fn counts(plan: &Plan) -> Counts {
    let mut counts = Counts::default();
    let mut new = BTreeSet::new();
    let mut changed = BTreeSet::new();
    for step in &plan.steps {
        match &step.action {
            Action::CreateOrganization {}
            | Action::CreateOu { .. }
            | Action::CreateAccount { .. }
            | Action::CreatePolicy { .. } => {
                counts.create += 1;
                new.insert(&step.address);
            }
            Action::EnableTrustedService { .. }
            | Action::EnablePolicyType { .. }
            | Action::RegisterAdmin { .. } => counts.enable += 1,
            Action::SetTags {
                purpose: Tagging::Adopt,
                ..
            } => {
                counts.adopt += 1;
                new.insert(&step.address);
            }
            Action::SetTags {
                purpose: Tagging::Forget,
                ..
            } => counts.forget += 1,
            Action::SetTags {
                purpose: Tagging::Update | Tagging::Readdress,
                ..
            }
            | Action::RenameOu { .. }
            | Action::RenameAccount { .. }
            | Action::UpdatePolicy { .. } => {
                changed.insert(&step.address);
            }
            Action::MoveAccount { .. } => {
                counts.moves += usize::from(super::describe::moves_new(&step.action).is_none());
            }
            Action::AttachPolicy { .. } => counts.attach += 1,
            Action::DetachPolicy { .. } => counts.detach += 1,
            Action::DisableTrustedService { .. }
            | Action::DisablePolicyType { .. }
            | Action::DeregisterAdmin { .. } => counts.disable += 1,
            Action::DeleteOu { .. } | Action::DeletePolicy { .. } => counts.delete += 1,
            Action::Feature(work) => features::count(work, &mut counts),
            Action::StackSet(work) => match work {
                StackSetWork::Create { .. } => {
                    counts.create += 1;
                    new.insert(&step.address);
                }
                StackSetWork::Delete { .. } => {
                    counts.delete += 1;
                    new.insert(&step.address);
                }
                StackSetWork::Configure { .. } | StackSetWork::Operate { .. } => {
                    changed.insert(&step.address);
                }
                StackSetWork::PassGate { .. } | StackSetWork::Await { .. } => {}
            },
            Action::Stack(work) => match work {
                StackWork::Create { .. } => counts.create += 1,
                StackWork::Update { .. } => {
                    changed.insert(&step.address);
                }
                StackWork::Delete { .. } => counts.delete += 1,
            },
            Action::Tower(tower) => match &tower.work {
                TowerWork::CreateZone { .. } => {
                    counts.create += 1;
                    new.insert(&step.address);
                }
                TowerWork::EnableBaseline { .. } | TowerWork::EnableControl { .. } => counts.enable += 1,
                TowerWork::DisableBaseline { .. } | TowerWork::DisableControl { .. } => counts.disable += 1,
                TowerWork::UpdateZone { .. }
                | TowerWork::ResetZone { .. }
                | TowerWork::UpdateBaseline { .. }
                | TowerWork::ResetBaseline { .. }
                | TowerWork::UpdateControl { .. }
                | TowerWork::ResetControl { .. } => {
                    changed.insert(&step.address);
                }
                TowerWork::MakeRoles { .. } | TowerWork::AwaitEnrolment { .. } => {}
            },
            Action::Identity(work) => match work {
                IdentityWork::CreateSet { .. } => {
                    counts.create += 1;
                    new.insert(&step.address);
                }
                IdentityWork::UpdateSet { .. } | IdentityWork::ProvisionSet { .. } => {
                    changed.insert(&step.address);
                }
                IdentityWork::DeleteSet { .. } => {
                    counts.delete += 1;
                    new.insert(&step.address);
                }
                IdentityWork::Grant(access) => counts.grant += access.members.len(),
                IdentityWork::Revoke(access) => counts.revoke += access.members.len(),
            },
            Action::Settings(_) => {
                changed.insert(&step.address);
            }
            Action::ReleaseAccount { .. } => counts.release += 1,
            Action::CloseAccount { .. } => counts.close += 1,
        }
    }
    counts.change += changed.difference(&new).count();
    counts
}

/// Whether counts speak of what will happen or of what has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tense {
    /// `2 to create`.
    Future,
    /// `2 created`.
    Past,
}

impl Counts {
    fn entries(&self) -> [(usize, &'static str, &'static str, Role); 14] {
        [
            (self.create, "to create", "created", Role::Create),
            (self.enable, "to enable", "enabled", Role::Create),
            (self.adopt, "to adopt", "adopted", Role::Change),
            (self.change, "to change", "changed", Role::Change),
            (self.moves, "to move", "moved", Role::Move),
            (self.attach, "to attach", "attached", Role::Create),
            (self.detach, "to detach", "detached", Role::Remove),
            (self.grant, "to grant", "granted", Role::Create),
            (self.revoke, "to revoke", "revoked", Role::Remove),
            (self.disable, "to disable", "disabled", Role::Remove),
            (self.delete, "to delete", "deleted", Role::Remove),
            (self.forget, "to forget", "forgotten", Role::Remove),
            (self.release, "to release", "released", Role::Irreversible),
            (self.close, "to close", "closed", Role::Irreversible),
        ]
    }

    /// Returns the counts that are not zero: `2 to create, 1 to move`.
    pub(crate) fn line(&self, tense: Tense) -> Line {
        let mut line = Line::default();
        for (count, future, past, role) in self.entries() {
            if count == 0 {
                continue;
            }
            if !line.is_empty() {
                line = line.plain(", ");
            }
            let words = match tense {
                Tense::Future => future,
                Tense::Past => past,
            };
            line = line.with(role, format!("{} {words}", words::number(count as u64)));
        }
        line
    }
}
