//! The organization's tree before and after a plan, over objects that exist and objects to come.

use crate::pair::Pairs;
use lz_model::address::{Name, OuAddress};
use lz_model::desired::{Desired, DesiredParent, DesiredTarget};
use lz_model::id::{AccountId, OuId, ParentId, TargetId};
use lz_model::live::LiveOrganization;
use std::collections::BTreeMap;

/// The root, an OU or an account, whether AWS has it already or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Entity {
    Root,
    Ou(OuId),
    NewOu(OuAddress),
    Account(AccountId),
    NewAccount(Name),
}

impl Entity {
    pub(crate) fn of_target(target: &TargetId) -> Self {
        match target {
            TargetId::Root(_) => Self::Root,
            TargetId::Ou(id) => Self::Ou(id.clone()),
            TargetId::Account(id) => Self::Account(id.clone()),
        }
    }

    /// Returns the id of an OU that exists.
    pub(crate) const fn ou_id(&self) -> Option<&OuId> {
        match self {
            Self::Ou(id) => Some(id),
            Self::Root | Self::NewOu(_) | Self::Account(_) | Self::NewAccount(_) => None,
        }
    }

    pub(crate) fn of_parent(parent: &ParentId) -> Self {
        match parent {
            ParentId::Root(_) => Self::Root,
            ParentId::Ou(id) => Self::Ou(id.clone()),
        }
    }
}

/// Where everything lies before and after the plan.
#[derive(Debug, Default)]
pub(crate) struct Trees {
    before: BTreeMap<Entity, Entity>,
    after: BTreeMap<Entity, Entity>,
}

impl Trees {
    /// Builds both trees. `moves` holds where accounts go that the spec or a replaced OU sends elsewhere.
    pub(crate) fn new(
        desired: &Desired,
        live: Option<&LiveOrganization>,
        pairs: &Pairs,
        moves: &BTreeMap<Entity, Entity>,
    ) -> Self {
        let mut before = BTreeMap::new();
        for ou in live.into_iter().flat_map(|live| live.ous.values()) {
            before.insert(Entity::Ou(ou.id.clone()), Entity::of_parent(&ou.parent));
        }
        for account in live.into_iter().flat_map(|live| live.accounts.values()) {
            before.insert(
                Entity::Account(account.id.clone()),
                Entity::of_parent(&account.parent),
            );
        }
        let mut after = before.clone();
        pairs.retired_ous.keys().for_each(|id| {
            after.remove(&Entity::Ou(id.clone()));
        });
        for address in desired.ous.keys() {
            let parent = address.parent().map_or(Entity::Root, |parent| ou(pairs, &parent));
            after.insert(ou(pairs, address), parent);
        }
        for (name, wanted) in &desired.accounts {
            let entity = account(pairs, name);
            let parent = wanted.parent.as_ref().map(|wanted| parent(pairs, wanted));
            if let Some(parent) = parent {
                after.insert(entity, parent);
            } else {
                after.entry(entity).or_insert(Entity::Root);
            }
        }
        for (entity, parent) in moves {
            after.insert(entity.clone(), parent.clone());
        }
        Self { before, after }
    }

    /// Returns the entity and everything above it before the plan; only itself if it does not exist yet.
    pub(crate) fn path_before(&self, entity: &Entity) -> Vec<Entity> {
        path(&self.before, entity)
    }

    /// Returns the entity and everything above it after the plan; only itself if it is gone.
    pub(crate) fn path_after(&self, entity: &Entity) -> Vec<Entity> {
        path(&self.after, entity)
    }

    /// Returns every account, existing or to come, in order.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &Entity> {
        let is_account = |entity: &&Entity| matches!(entity, Entity::Account(_) | Entity::NewAccount(_));
        self.after.keys().filter(is_account)
    }

    /// Returns everything above an entity before the plan, nearest first; nothing if it is to come.
    pub(crate) fn above_before(&self, entity: &Entity) -> Vec<Entity> {
        path(&self.before, entity).split_off(1)
    }

    /// Returns everything above an entity after the plan, nearest first. An OU that the spec forgets stays.
    pub(crate) fn above_after(&self, entity: &Entity) -> Vec<Entity> {
        let mut above = Vec::new();
        let mut at = entity;
        while let Some(parent) = self.after.get(at).or_else(|| self.before.get(at)) {
            if above.len() > 16 {
                break;
            }
            above.push(parent.clone());
            at = parent;
        }
        above
    }

    /// Returns the accounts that exist and change their place, in order.
    pub(crate) fn moved(&self) -> impl Iterator<Item = &Entity> {
        self.before.iter().filter_map(|(entity, parent)| {
            let account = matches!(entity, Entity::Account(_));
            (account && self.after.get(entity) != Some(parent)).then_some(entity)
        })
    }

    /// Returns whether the entity exists before the plan.
    pub(crate) fn existed(&self, entity: &Entity) -> bool {
        *entity == Entity::Root || self.before.contains_key(entity)
    }

    /// Returns how many accounts lie in or are each entity: before the plan or after, whichever is more.
    pub(crate) fn account_counts(&self) -> BTreeMap<Entity, usize> {
        let count = |tree: &BTreeMap<Entity, Entity>| {
            let mut counts: BTreeMap<Entity, usize> = BTreeMap::new();
            let accounts = tree
                .keys()
                .filter(|e| matches!(e, Entity::Account(_) | Entity::NewAccount(_)));
            for account in accounts {
                for above in path(tree, account) {
                    *counts.entry(above).or_default() += 1;
                }
            }
            counts
        };
        let mut counts = count(&self.before);
        for (entity, after) in count(&self.after) {
            let most = counts.entry(entity).or_default();
            *most = (*most).max(after);
        }
        counts
    }

    /// Returns everything that lies directly in an OU before the plan.
    pub(crate) fn children_before<'a>(&'a self, parent: &'a Entity) -> impl Iterator<Item = &'a Entity> {
        self.before
            .iter()
            .filter(move |(_, p)| *p == parent)
            .map(|(child, _)| child)
    }
}

fn path(tree: &BTreeMap<Entity, Entity>, entity: &Entity) -> Vec<Entity> {
    let mut path = vec![entity.clone()];
    let mut at = entity;
    while let Some(parent) = tree.get(at) {
        // Five levels of OUs, the root and the account; the bound keeps a broken tree from looping.
        if path.len() > 16 {
            break;
        }
        path.push(parent.clone());
        at = parent;
    }
    path
}

/// Returns the entity of a declared OU.
pub(crate) fn ou(pairs: &Pairs, address: &OuAddress) -> Entity {
    pairs.ous.get(address).map_or_else(
        || Entity::NewOu(address.clone()),
        |found| Entity::Ou(found.id.clone()),
    )
}

/// Returns the entity of a declared account.
pub(crate) fn account(pairs: &Pairs, name: &Name) -> Entity {
    let found = pairs.accounts.get(name);
    found.map_or_else(
        || Entity::NewAccount(name.clone()),
        |found| Entity::Account(found.id.clone()),
    )
}

/// Returns the entity of a declared parent.
pub(crate) fn parent(pairs: &Pairs, parent: &DesiredParent) -> Entity {
    match parent {
        DesiredParent::Root => Entity::Root,
        DesiredParent::Ou(address) => ou(pairs, address),
    }
}

/// Returns the entity of a declared target.
pub(crate) fn target(pairs: &Pairs, target: &DesiredTarget) -> Entity {
    match target {
        DesiredTarget::Root => Entity::Root,
        DesiredTarget::Ou(address) => ou(pairs, address),
        DesiredTarget::Account(name) => account(pairs, name),
    }
}
