//! The shortest way to tell AWS which accounts an operation is about.

use super::roster::Roster;
use crate::context::Context;
use crate::entity::Entity;
use lz_model::id::{AccountId, Region};
use lz_model::limits::OUS_PER_OPERATION;
use lz_model::plan::{AccountFilter, Reach, Ref, StackTargets};
use std::collections::{BTreeMap, BTreeSet};

/// Longer lists of accounts are avoided where whole OUs say the same.
const LISTED: usize = 100;

/// The targets of one operation, and what they stand for.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) reach: Reach,
    /// The accounts.
    pub(crate) members: Vec<usize>,
    /// The OUs that are named.
    pub(crate) ous: Vec<Entity>,
    /// Whether accounts that lie in the OUs would be reached without being named.
    pub(crate) open: bool,
}

impl Target {
    /// Returns whether accounts are named that the operation does not reach.
    pub(crate) fn leaves_out(&self) -> bool {
        match &self.reach.targets {
            StackTargets::Named { .. } => false,
            StackTargets::Ous { filter, .. } => matches!(filter, AccountFilter::Except { .. }),
        }
    }
}

/// The tree in which OUs are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tree {
    Before,
    After,
}

/// How the accounts of a group are found in the tree.
pub(crate) struct Field<'a, 'c> {
    pub(crate) context: &'a Context<'c>,
    pub(crate) roster: &'a Roster,
    pub(crate) tree: Tree,
    /// The Regions of the operation.
    pub(crate) regions: &'a [Region],
    /// Whether OUs below those that the spec names may be named.
    pub(crate) inner: bool,
    /// Whether every account must be named.
    pub(crate) closed: bool,
    /// OUs that may not be named as a whole: AWS would forget that the set is deployed to them.
    pub(crate) kept: &'a BTreeSet<Entity>,
}

impl Field<'_, '_> {
    /// Returns the targets of a self-managed set.
    pub(crate) fn named(&self, members: Vec<usize>) -> Target {
        let targets = StackTargets::Named {
            members: self.refs(&members),
        };
        self.target(targets, members, Vec::new(), false)
    }

    /// Returns the targets of a service-managed set: accounts with the OU that brings each. `stays` tells of an
    /// account of those OUs whether the operation must not reach it.
    pub(crate) fn by_ous(
        &self,
        members: &BTreeMap<usize, Entity>,
        stays: &dyn Fn(usize) -> bool,
    ) -> Vec<Target> {
        let homes: BTreeSet<&Entity> = members.values().collect();
        let homes: Vec<&Entity> = homes.into_iter().collect();
        let mut targets = Vec::new();
        for homes in homes.chunks(OUS_PER_OPERATION) {
            let inside: BTreeSet<usize> = members
                .iter()
                .filter(|(_, home)| homes.contains(home))
                .map(|(member, _)| *member)
                .collect();
            let others: BTreeSet<usize> = homes
                .iter()
                .flat_map(|home| self.below(home))
                .filter(|member| !inside.contains(member) && stays(**member))
                .copied()
                .collect();
            let homes: Vec<Entity> = homes.iter().map(|home| (*home).clone()).collect();
            targets.extend(self.shortest(homes, inside, others));
        }
        targets
    }

    /// Returns a target of OUs in which the operation finds nothing to do, once `others` are left out.
    pub(crate) fn nobody_of(&self, ous: Vec<Entity>, others: &BTreeSet<usize>) -> Target {
        if others.is_empty() {
            return self.whole(ous, Vec::new());
        }
        let others: Vec<usize> = others.iter().copied().collect();
        let filter = AccountFilter::Except {
            members: self.refs(&others),
        };
        self.ous(ous, filter, Vec::new(), true)
    }

    fn below(&self, entity: &Entity) -> &[usize] {
        match self.tree {
            Tree::Before => self.roster.below_before(entity),
            Tree::After => self.roster.below(entity),
        }
    }

    fn above(&self, member: usize) -> &[Entity] {
        let member = self.roster.members.get(member);
        member.map_or(&[], |member| match self.tree {
            Tree::Before => &member.above_before,
            Tree::After => &member.above,
        })
    }

    fn shortest(&self, homes: Vec<Entity>, inside: BTreeSet<usize>, others: BTreeSet<usize>) -> Vec<Target> {
        let inside: Vec<usize> = inside.into_iter().collect();
        if self.closed {
            return vec![self.only(homes, inside)];
        }
        if others.is_empty() && !homes.iter().any(|home| self.kept.contains(home)) {
            return vec![self.whole(homes, inside)];
        }
        let listed = if others.is_empty() {
            inside.len()
        } else {
            inside.len().min(others.len())
        };
        if listed > LISTED && self.inner {
            let (whole, left) = self.cover(&homes, &inside, &others);
            if left.len() < listed {
                return self.covered(homes, whole, left);
            }
        }
        vec![self.filtered(homes, inside, &others)]
    }

    /// Returns the outermost OUs that hold nobody else, with their accounts, and the accounts of no such OU.
    fn cover(
        &self,
        homes: &[Entity],
        inside: &[usize],
        others: &BTreeSet<usize>,
    ) -> (BTreeMap<Entity, Vec<usize>>, Vec<usize>) {
        let shared = others.iter().flat_map(|other| self.above(*other));
        let shared: BTreeSet<&Entity> = shared.chain(self.kept).collect();
        let mut whole: BTreeMap<Entity, Vec<usize>> = BTreeMap::new();
        let mut left = Vec::new();
        for member in inside {
            let above = self.above(*member);
            let end = above.iter().rposition(|above| homes.contains(above));
            let upwards = above.iter().take(end.map_or(0, |end| end + 1));
            match upwards.rev().find(|above| !shared.contains(above)) {
                Some(ou) => whole.entry(ou.clone()).or_default().push(*member),
                None => left.push(*member),
            }
        }
        (whole, left)
    }

    fn covered(
        &self,
        homes: Vec<Entity>,
        whole: BTreeMap<Entity, Vec<usize>>,
        left: Vec<usize>,
    ) -> Vec<Target> {
        let whole: Vec<(Entity, Vec<usize>)> = whole.into_iter().collect();
        let mut targets: Vec<Target> = whole
            .chunks(OUS_PER_OPERATION)
            .map(|chunk| {
                let ous = chunk.iter().map(|(ou, _)| ou.clone()).collect();
                let members = chunk.iter().flat_map(|(_, members)| members).copied();
                self.whole(ous, members.collect())
            })
            .collect();
        if !left.is_empty() {
            targets.push(self.only(homes, left));
        }
        targets
    }

    fn whole(&self, ous: Vec<Entity>, members: Vec<usize>) -> Target {
        self.ous(ous, AccountFilter::All {}, members, true)
    }

    fn filtered(&self, homes: Vec<Entity>, inside: Vec<usize>, others: &BTreeSet<usize>) -> Target {
        if !others.is_empty() && others.len() < inside.len() {
            let others: Vec<usize> = others.iter().copied().collect();
            let filter = AccountFilter::Except {
                members: self.refs(&others),
            };
            return self.ous(homes, filter, inside, true);
        }
        self.only(homes, inside)
    }

    fn only(&self, homes: Vec<Entity>, inside: Vec<usize>) -> Target {
        let filter = AccountFilter::Only {
            members: self.refs(&inside),
        };
        self.ous(homes, filter, inside, false)
    }

    fn ous(&self, ous: Vec<Entity>, filter: AccountFilter, members: Vec<usize>, open: bool) -> Target {
        let refs = ous.iter().filter_map(|ou| self.context.parent_ref(ou)).collect();
        let targets = StackTargets::Ous { ous: refs, filter };
        self.target(targets, members, ous, open)
    }

    fn target(&self, targets: StackTargets, members: Vec<usize>, ous: Vec<Entity>, open: bool) -> Target {
        Target {
            reach: Reach {
                targets,
                regions: self.regions.to_vec(),
                accounts: members.len(),
                instances: members.len().saturating_mul(self.regions.len()),
            },
            members,
            ous,
            open,
        }
    }

    fn refs(&self, members: &[usize]) -> Vec<Ref<AccountId>> {
        members
            .iter()
            .filter_map(|member| self.roster.members.get(*member))
            .filter_map(|member| self.context.account_ref(&member.entity))
            .collect()
    }
}
