//! Where in the organization a step takes effect.

use super::outline::{Outline, policy};
use super::tree::Spot;
use lz_model::id::{AccountId, OuId, ParentId, ResourceId, TargetId};
use lz_model::plan::{
    AccountFilter, Action, IdentityWork, Known, Reach, Ref, StackSetWork, StackTargets, Step, StepId,
    TowerTarget,
};
use std::collections::BTreeSet;

/// Tells what ids and steps mean as spots.
pub(super) struct Places<'a> {
    pub(super) outline: Option<&'a Outline>,
    /// Steps that make the root.
    pub(super) organizations: BTreeSet<&'a StepId>,
}

impl Places<'_> {
    /// Returns what a step is about, with the names that the plan has for it.
    pub(super) fn of(&self, step: &Step) -> Vec<(Spot, Option<String>)> {
        match &step.action {
            Action::CreateOu { .. } | Action::CreateAccount { .. } | Action::InviteAccount { .. } => {
                vec![(Spot::New(step.id.clone()), None)]
            }
            Action::RenameOu { ou, name } => vec![(at_ou(ou), Some(name.before.clone()))],
            Action::DeleteOu { ou } => vec![self.named(ou, at_ou)],
            Action::MoveAccount { account, .. }
            | Action::CloseAccount { account }
            | Action::ReleaseAccount { account }
            | Action::RegisterAdmin { account, .. }
            | Action::DeregisterAdmin { account, .. } => vec![self.named(account, at_account)],
            Action::RenameAccount { account, name } => vec![(at_account(account), Some(name.before.clone()))],
            Action::AttachPolicy { target, .. } | Action::DetachPolicy { target, .. } => {
                vec![self.named(target, at_target)]
            }
            Action::UpdatePolicy { .. } | Action::DeletePolicy { .. } => self.attached(&step.action),
            Action::SetTags { resource, .. } => match &resource.id {
                Known::Now(ResourceId::Target(id)) => vec![(at_target(id), Some(resource.name.clone()))],
                Known::Now(ResourceId::Policy(_)) => self.attached(&step.action),
                Known::After(made_by) => vec![(self.made(made_by), Some(resource.name.clone()))],
            },
            Action::StackSet(work) => self.stack_set(work),
            Action::Identity(work) => self.identity(work),
            Action::Settings(work) => vec![self.named(work.account(), at_account)],
            Action::Tower(tower) => tower.work.target().map(at_tower).into_iter().collect(),
            Action::CreateOrganization {}
            | Action::EnableTrustedService { .. }
            | Action::DisableTrustedService { .. }
            | Action::EnablePolicyType { .. }
            | Action::DisablePolicyType { .. }
            | Action::CreatePolicy { .. }
            | Action::Feature(_)
            | Action::Stack(_) => Vec::new(),
        }
    }

    /// Returns the spot of something that has a name in the plan.
    pub(super) fn named<T>(&self, named: &Ref<T>, spot: impl Fn(&T) -> Spot) -> (Spot, Option<String>) {
        let at = match &named.id {
            Known::Now(id) => spot(id),
            Known::After(step) => self.made(step),
        };
        (at, Some(named.name.clone()))
    }

    fn made(&self, step: &StepId) -> Spot {
        if self.organizations.contains(step) {
            Spot::Root
        } else {
            Spot::New(step.clone())
        }
    }

    /// A policy takes effect where it is attached when the plan is made; what the plan attaches has steps of its own.
    fn attached(&self, action: &Action) -> Vec<(Spot, Option<String>)> {
        let targets = self
            .outline
            .zip(policy(action))
            .and_then(|(outline, id)| outline.attached.get(id));
        let targets = targets.into_iter().flatten();
        targets.map(|target| (at_target(target), None)).collect()
    }

    fn stack_set(&self, work: &StackSetWork) -> Vec<(Spot, Option<String>)> {
        match work {
            StackSetWork::Operate { reach, .. } => self.reached(reach),
            StackSetWork::Await { gains, loses, .. } => gains
                .iter()
                .chain(loses)
                .map(|account| self.named(account, at_account))
                .collect(),
            StackSetWork::Create { .. }
            | StackSetWork::Configure { .. }
            | StackSetWork::PassGate { .. }
            | StackSetWork::Delete { .. } => Vec::new(),
        }
    }

    fn identity(&self, work: &IdentityWork) -> Vec<(Spot, Option<String>)> {
        match work {
            IdentityWork::Grant(access) | IdentityWork::Revoke(access) => access
                .members
                .iter()
                .map(|account| self.named(account, at_account))
                .collect(),
            IdentityWork::CreateSet { .. }
            | IdentityWork::UpdateSet { .. }
            | IdentityWork::ProvisionSet { .. }
            | IdentityWork::DeleteSet { .. } => Vec::new(),
        }
    }

    fn reached(&self, reach: &Reach) -> Vec<(Spot, Option<String>)> {
        let accounts = |members: &[Ref<AccountId>]| -> Vec<_> {
            let spots = members.iter().map(|account| self.named(account, at_account));
            spots.collect()
        };
        match &reach.targets {
            StackTargets::Named { members } => accounts(members),
            StackTargets::Ous {
                filter: AccountFilter::Only { members },
                ..
            } => accounts(members),
            StackTargets::Ous {
                ous,
                filter: AccountFilter::All {} | AccountFilter::Except { .. },
            } => ous.iter().map(|ou| self.named(ou, at_parent)).collect(),
        }
    }
}

pub(super) fn at_ou(id: &OuId) -> Spot {
    Spot::There(id.as_str().to_owned())
}

pub(super) fn at_account(id: &AccountId) -> Spot {
    Spot::There(id.as_str().to_owned())
}

pub(super) fn at_parent(id: &ParentId) -> Spot {
    match id {
        ParentId::Root(_) => Spot::Root,
        ParentId::Ou(id) => at_ou(id),
    }
}

fn at_target(id: &TargetId) -> Spot {
    match id {
        TargetId::Root(_) => Spot::Root,
        TargetId::Ou(id) => at_ou(id),
        TargetId::Account(id) => at_account(id),
    }
}

/// An OU's ARN ends with its id; where the plan makes the OU, the step that makes it is not told.
fn at_tower(target: &TowerTarget) -> (Spot, Option<String>) {
    let arn = target.arn.to_string();
    let id = arn.rsplit('/').next().unwrap_or_default();
    let spot = match id.parse::<OuId>() {
        Ok(id) => at_ou(&id),
        Err(_) => Spot::There(target.name.clone()),
    };
    (spot, Some(target.name.clone()))
}
