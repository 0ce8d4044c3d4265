//! Every account with its place before and after the plan: what targets of stack sets resolve to.

use crate::context::Context;
use crate::entity::{self, Entity};
use lz_model::desired::StackTarget;
use lz_model::id::AccountId;
use std::collections::{BTreeMap, BTreeSet};

/// Whether stacks can be deployed to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is there, or will be.
    Present,
    /// It is the management account, which service-managed sets never reach (aws-facts R27).
    Management,
    /// It is there and leaves with this plan.
    Ending,
    /// It is suspended or closed: AWS passes it over.
    Gone,
}

/// An account.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) entity: Entity,
    /// What it lies in after the plan, nearest first.
    pub(crate) above: Vec<Entity>,
    /// What it lies in before the plan, nearest first; empty for an account to come.
    pub(crate) above_before: Vec<Entity>,
    pub(crate) standing: Standing,
}

impl Member {
    /// Returns whether the plan creates or moves the account.
    pub(crate) fn arrives(&self) -> bool {
        self.above.first() != self.above_before.first()
    }
}

/// All accounts, in order.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    pub(crate) members: Vec<Member>,
    accounts: BTreeMap<AccountId, usize>,
    entities: BTreeMap<Entity, usize>,
    below: BTreeMap<Entity, Vec<usize>>,
    below_before: BTreeMap<Entity, Vec<usize>>,
    /// Accounts that the plan creates or moves.
    pub(crate) arrivals: Vec<usize>,
}

impl Roster {
    pub(crate) fn new(context: &Context<'_>, ending: &BTreeSet<&AccountId>) -> Self {
        let mut roster = Self::default();
        for entity in context.trees.accounts() {
            let member = Member {
                above: context.trees.above_after(entity),
                above_before: context.trees.above_before(entity),
                standing: standing(context, entity, ending),
                entity: entity.clone(),
            };
            roster.add(member);
        }
        roster
    }

    fn add(&mut self, member: Member) {
        let index = self.members.len();
        if let Entity::Account(id) = &member.entity {
            self.accounts.insert(id.clone(), index);
        }
        for above in &member.above {
            push(&mut self.below, above, index);
        }
        for above in &member.above_before {
            push(&mut self.below_before, above, index);
        }
        if member.arrives() {
            self.arrivals.push(index);
        }
        self.entities.insert(member.entity.clone(), index);
        self.members.push(member);
    }

    pub(crate) fn of_account(&self, id: &AccountId) -> Option<usize> {
        self.accounts.get(id).copied()
    }

    /// Returns the accounts below an OU or the root after the plan.
    pub(crate) fn below(&self, entity: &Entity) -> &[usize] {
        self.below.get(entity).map_or(&[], Vec::as_slice)
    }

    /// Returns the accounts below an OU or the root before the plan.
    pub(crate) fn below_before(&self, entity: &Entity) -> &[usize] {
        self.below_before.get(entity).map_or(&[], Vec::as_slice)
    }

    /// Returns the accounts that a target means after the plan, whatever their standing.
    pub(crate) fn resolve(&self, context: &Context<'_>, target: &StackTarget) -> Vec<usize> {
        match target {
            StackTarget::Root => self.below(&Entity::Root).to_vec(),
            StackTarget::Ou(address) => self.below(&entity::ou(&context.pairs, address)).to_vec(),
            StackTarget::Account(name) => self.index(&entity::account(&context.pairs, name)),
            StackTarget::Tag { key, value } => {
                let has = context.desired.accounts.iter().filter(|(_, account)| {
                    let found = account.tags.as_ref().and_then(|tags| tags.get(key));
                    found.is_some_and(|found| context.fill(found).known() == Some(value))
                });
                has.flat_map(|(name, _)| self.index(&entity::account(&context.pairs, name)))
                    .collect()
            }
        }
    }

    /// Returns the accounts that any of the targets means.
    pub(crate) fn resolve_all(&self, context: &Context<'_>, targets: &BTreeSet<StackTarget>) -> Vec<bool> {
        let mut found = vec![false; self.members.len()];
        for index in targets.iter().flat_map(|target| self.resolve(context, target)) {
            if let Some(slot) = found.get_mut(index) {
                *slot = true;
            }
        }
        found
    }

    fn index(&self, entity: &Entity) -> Vec<usize> {
        self.entities.get(entity).copied().into_iter().collect()
    }
}

fn push(map: &mut BTreeMap<Entity, Vec<usize>>, key: &Entity, index: usize) {
    if let Some(list) = map.get_mut(key) {
        list.push(index);
    } else {
        map.insert(key.clone(), vec![index]);
    }
}

fn standing(context: &Context<'_>, entity: &Entity, ending: &BTreeSet<&AccountId>) -> Standing {
    let Entity::Account(id) = entity else {
        return Standing::Present;
    };
    let Some(live) = context.live else {
        return Standing::Present;
    };
    let state = live.accounts.get(id).map(|account| account.state);
    if *id == live.management_account {
        Standing::Management
    } else if state.is_some_and(|state| state.is_leaving()) {
        Standing::Gone
    } else if ending.contains(id) {
        Standing::Ending
    } else {
        Standing::Present
    }
}
