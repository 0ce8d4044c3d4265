//! Which accounts a stack set reaches, as far as the spec can tell: it need not declare all accounts.

use super::common::Context;
use lz_model::address::{Name, OuAddress};
use lz_model::desired::{DesiredAccount, DesiredDeployment, DesiredParent, StackTarget};
use lz_model::id::Region;
use std::collections::{BTreeMap, BTreeSet};

/// Where a stack set is deployed.
pub(super) struct Reach<'r> {
    pub(super) accounts: &'r BTreeMap<Name, DesiredAccount>,
    pub(super) deploy: &'r [DesiredDeployment],
    pub(super) except: &'r BTreeSet<StackTarget>,
}

fn is_within(inner: &OuAddress, outer: &OuAddress) -> bool {
    let mut inner = inner.names();
    outer.names().all(|name| inner.next() == Some(name))
}

impl Reach<'_> {
    /// Returns whether an account belongs to a target; nothing if the spec does not say where the account is.
    fn belongs(&self, name: &Name, account: &DesiredAccount, target: &StackTarget) -> Option<bool> {
        match target {
            StackTarget::Root => Some(true),
            StackTarget::Ou(ou) => match &account.parent {
                None => None,
                Some(DesiredParent::Root) => Some(false),
                Some(DesiredParent::Ou(parent)) => Some(is_within(parent, ou)),
            },
            StackTarget::Account(wanted) => Some(wanted == name),
            StackTarget::Tag { key, value } => {
                let tag = account.tags.as_ref().and_then(|tags| tags.get(key));
                Some(tag.and_then(|tag| tag.known()) == Some(value))
            }
        }
    }

    fn named<'s>(&'s self, target: &'s StackTarget) -> impl Iterator<Item = (&'s Name, &'s DesiredAccount)> {
        self.accounts
            .iter()
            .filter(|(name, account)| self.belongs(name, account, target) == Some(true))
    }

    /// Returns whether two targets may have an account in common.
    fn may_meet(&self, one: &StackTarget, other: &StackTarget) -> bool {
        match (one, other) {
            (StackTarget::Root, _) | (_, StackTarget::Root) => true,
            (StackTarget::Ou(one), StackTarget::Ou(other)) => is_within(one, other) || is_within(other, one),
            (StackTarget::Account(name), target) | (target, StackTarget::Account(name)) => self
                .accounts
                .get(name)
                .is_none_or(|account| self.belongs(name, account, target) != Some(false)),
            (tag @ StackTarget::Tag { .. }, target) | (target, tag @ StackTarget::Tag { .. }) => self
                .named(tag)
                .any(|(name, account)| self.belongs(name, account, target) != Some(false)),
        }
    }

    /// Returns whether every account of a target belongs to another one for certain.
    fn is_covered(&self, target: &StackTarget, by: &StackTarget) -> bool {
        match (target, by) {
            (_, StackTarget::Root) => true,
            (one, other) if one == other => true,
            (StackTarget::Ou(one), StackTarget::Ou(other)) => is_within(one, other),
            (StackTarget::Account(name), by) => self
                .accounts
                .get(name)
                .is_some_and(|account| self.belongs(name, account, by) == Some(true)),
            (tag @ StackTarget::Tag { .. }, by) => {
                let mut named = self.named(tag).peekable();
                named.peek().is_some()
                    && named.all(|(name, account)| self.belongs(name, account, by) == Some(true))
            }
            (StackTarget::Root, _) | (StackTarget::Ou(_), _) => false,
        }
    }

    pub(super) fn is_excepted(&self, target: &StackTarget) -> bool {
        self.except.iter().any(|except| self.is_covered(target, except))
    }

    /// Returns whether a target may have an account with stacks of the set.
    pub(super) fn may_have(&self, target: &StackTarget) -> bool {
        let deployed = self.deploy.iter().flat_map(|deploy| &deploy.targets);
        // Without any deployment there is an error already.
        let mut deployed = deployed.peekable();
        (deployed.peek().is_none() || deployed.any(|deployed| self.may_meet(target, deployed)))
            && !self.is_excepted(target)
    }

    pub(super) fn has_region(&self, region: &Region) -> bool {
        self.deploy.is_empty() || self.deploy.iter().any(|deploy| deploy.regions.contains(region))
    }

    /// Returns whether nothing is left of the deployment.
    pub(super) fn is_nothing_left(&self) -> bool {
        let mut targets = self.deploy.iter().flat_map(|deploy| &deploy.targets).peekable();
        targets.peek().is_some() && targets.all(|target| self.is_excepted(target))
    }

    /// Returns how many stacks the declared accounts get.
    pub(super) fn stacks(&self) -> usize {
        self.accounts
            .iter()
            .map(|(name, account)| {
                let belongs = |target: &StackTarget| self.belongs(name, account, target) == Some(true);
                if self.except.iter().any(belongs) {
                    return 0;
                }
                let regions = self
                    .deploy
                    .iter()
                    .filter(|deploy| deploy.targets.iter().any(belongs))
                    .flat_map(|deploy| &deploy.regions);
                regions.collect::<BTreeSet<_>>().len()
            })
            .sum()
    }

    /// Returns the management account if a target has it, by its name and not by its own.
    pub(super) fn management_in<'s>(
        &'s self,
        context: &Context<'_, '_>,
        target: &'s StackTarget,
    ) -> Option<&'s Name> {
        let explicit = matches!(target, StackTarget::Account(_));
        self.named(target)
            .find(|(_, account)| !explicit && context.is_management(account))
            .map(|(name, _)| name)
            .filter(|name| !self.is_excepted(&StackTarget::Account((*name).clone())))
    }
}
