//! What every part of the planner looks at: the spec, the live organization, and how they pair.

use crate::entity::{Entity, Trees};
use crate::pair::{By, Found, Pairs};
use lz_model::address::{ADDRESS_TAG, Address, Name, OuAddress, ZONE_TAG};
use lz_model::desired::{Desired, Tags};
use lz_model::id::{AccountId, OuId, ParentId, PolicyId, RootId, TargetId};
use lz_model::live::{LiveOrganization, PolicyTypeStatus, StackState};
use lz_model::plan::{Known, Reason, Ref, StepId};
use lz_model::policy_type::PolicyType;
use lz_model::text::{Attribute, Text};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct Context<'a> {
    pub(crate) desired: &'a Desired,
    pub(crate) live: Option<&'a LiveOrganization>,
    pub(crate) pairs: Pairs,
    pub(crate) trees: Trees,
    ou_addresses: BTreeMap<OuId, OuAddress>,
    account_names: BTreeMap<AccountId, Name>,
    account_counts: BTreeMap<Entity, usize>,
}

/// A policy, whether AWS has it already or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PolicyKey {
    Live(PolicyId),
    New(Name),
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        desired: &'a Desired,
        live: Option<&'a LiveOrganization>,
        pairs: Pairs,
        trees: Trees,
    ) -> Self {
        let ou_addresses = pairs
            .ous
            .iter()
            .map(|(address, found)| (found.id.clone(), address.clone()))
            .collect();
        let account_names = pairs
            .accounts
            .iter()
            .map(|(name, found)| (found.id.clone(), name.clone()))
            .collect();
        let account_counts = trees.account_counts();
        Self {
            desired,
            live,
            pairs,
            trees,
            ou_addresses,
            account_names,
            account_counts,
        }
    }

    /// Returns how many accounts lie in or are one of the entities, before the plan or after.
    pub(crate) fn accounts_under(&self, entities: &BTreeSet<Entity>) -> usize {
        let is_inner = |entity: &&Entity| {
            let above = self.trees.path_after(entity);
            above.iter().skip(1).any(|above| entities.contains(above))
        };
        entities
            .iter()
            .filter(|e| !is_inner(e))
            .filter_map(|entity| self.account_counts.get(entity))
            .sum()
    }

    /// Returns whether the plan deletes an OU.
    pub(crate) fn is_retired(&self, entity: &Entity) -> bool {
        let Entity::Ou(id) = entity else { return false };
        self.pairs.retired_ous.contains_key(id)
    }

    /// Returns whether a policy type is on before the plan.
    pub(crate) fn is_on(&self, policy_type: PolicyType) -> bool {
        let status = self
            .live
            .and_then(|live| live.root.policy_types.get(&policy_type));
        matches!(
            status,
            Some(PolicyTypeStatus::Enabled | PolicyTypeStatus::PendingEnable)
        )
    }

    /// Returns whether a policy type is on after the plan.
    pub(crate) fn will_be_on(&self, policy_type: PolicyType) -> bool {
        let wanted = self.desired.organization.as_ref();
        self.is_on(policy_type) || wanted.is_some_and(|wanted| wanted.policy_types.contains(&policy_type))
    }

    /// Returns whether `FullAWSAccess` is on an entity without the spec's doing; `None` while SCPs stay off.
    pub(crate) fn has_full_access(&self, entity: &Entity) -> Option<bool> {
        if !self.will_be_on(PolicyType::Scp) {
            return None;
        }
        // R5: AWS attaches it everywhere when SCPs are switched on, and to whatever is new.
        if !self.is_on(PolicyType::Scp) || !self.trees.existed(entity) {
            return Some(true);
        }
        let id: PolicyId = PolicyType::Scp.full_access_id()?.parse().ok()?;
        let full = self.live?.policies.get(&id)?;
        Some(
            self.target_ref(entity)
                .id
                .now()
                .is_some_and(|target| full.targets.contains(target)),
        )
    }

    /// Returns the address that declares an entity, if the spec does.
    pub(crate) fn address(&self, entity: &Entity) -> Option<Address> {
        match entity {
            Entity::Root => Some(Address::Root),
            Entity::Ou(id) => self.ou_addresses.get(id).cloned().map(Address::Ou),
            Entity::NewOu(address) => Some(Address::Ou(address.clone())),
            Entity::Account(id) => self.account_names.get(id).cloned().map(Address::Account),
            Entity::NewAccount(name) => Some(Address::Account(name.clone())),
        }
    }

    /// Returns what names an entity in a step's id: its address, or its id where the spec does not declare it.
    pub(crate) fn label(&self, entity: &Entity) -> String {
        self.address(entity)
            .map_or_else(|| self.raw_id(entity), |address| address.to_string())
    }

    fn raw_id(&self, entity: &Entity) -> String {
        match entity {
            Entity::Ou(id) => id.to_string(),
            Entity::Account(id) => id.to_string(),
            Entity::Root | Entity::NewOu(_) | Entity::NewAccount(_) => String::new(),
        }
    }

    /// Returns what people call an entity: a path of names, an account's name.
    pub(crate) fn shown(&self, entity: &Entity) -> String {
        match entity {
            Entity::Root => "Root".to_owned(),
            Entity::Ou(id) => self
                .live
                .map(|live| live.path(&ParentId::Ou(id.clone())))
                .filter(|_| !self.ou_addresses.contains_key(id))
                .or_else(|| self.ou_addresses.get(id).map(|address| self.wanted_path(address)))
                .unwrap_or_else(|| id.to_string()),
            Entity::NewOu(address) => self.wanted_path(address),
            Entity::Account(id) => self
                .live
                .and_then(|live| live.accounts.get(id))
                .map_or_else(|| id.to_string(), |account| account.name.clone()),
            Entity::NewAccount(name) => self
                .desired
                .accounts
                .get(name)
                .map_or_else(|| name.to_string(), |account| account.name.clone()),
        }
    }

    fn wanted_path(&self, address: &OuAddress) -> String {
        let mut names = Vec::new();
        let mut at = Some(address.clone());
        while let Some(ou) = at {
            names.push(
                self.desired
                    .ous
                    .get(&ou)
                    .map_or_else(|| ou.to_string(), |ou| ou.name.clone()),
            );
            at = ou.parent();
        }
        names.reverse();
        names.join("/")
    }

    /// Returns the root's id, or the step that brings it.
    pub(crate) fn root(&self) -> Known<RootId> {
        self.live.map_or_else(
            || Known::After(StepId::new(&Address::Organization, "create")),
            |live| Known::Now(live.root.id.clone()),
        )
    }

    /// Returns the reference of an entity as a parent; `None` for an account.
    pub(crate) fn parent_ref(&self, entity: &Entity) -> Option<Ref<ParentId>> {
        let id = match entity {
            Entity::Root => match self.root() {
                Known::Now(root) => Known::Now(ParentId::Root(root)),
                Known::After(step) => Known::After(step),
            },
            Entity::Ou(id) => Known::Now(ParentId::Ou(id.clone())),
            Entity::NewOu(address) => Known::After(StepId::new(&Address::Ou(address.clone()), "create")),
            Entity::Account(_) | Entity::NewAccount(_) => return None,
        };
        Some(Ref {
            name: self.shown(entity),
            id,
        })
    }

    /// Returns the reference of an entity as a target.
    pub(crate) fn target_ref(&self, entity: &Entity) -> Ref<TargetId> {
        let id = match entity {
            Entity::Root => match self.root() {
                Known::Now(root) => Known::Now(TargetId::Root(root)),
                Known::After(step) => Known::After(step),
            },
            Entity::Ou(id) => Known::Now(TargetId::Ou(id.clone())),
            Entity::NewOu(address) => Known::After(StepId::new(&Address::Ou(address.clone()), "create")),
            Entity::Account(id) => Known::Now(TargetId::Account(id.clone())),
            Entity::NewAccount(name) => Known::After(StepId::new(&Address::Account(name.clone()), "create")),
        };
        Ref {
            name: self.shown(entity),
            id,
        }
    }

    /// Returns the reference of an account entity; `None` for anything else.
    pub(crate) fn account_ref(&self, entity: &Entity) -> Option<Ref<AccountId>> {
        let id = match entity {
            Entity::Account(id) => Known::Now(id.clone()),
            Entity::NewAccount(name) => Known::After(StepId::new(&Address::Account(name.clone()), "create")),
            Entity::Root | Entity::Ou(_) | Entity::NewOu(_) => return None,
        };
        Some(Ref {
            name: self.shown(entity),
            id,
        })
    }

    /// Returns the reference of a policy.
    pub(crate) fn policy_ref(&self, policy: &PolicyKey) -> Ref<PolicyId> {
        match policy {
            PolicyKey::Live(id) => {
                let live = self.live.and_then(|live| live.policies.get(id));
                let name = live.map_or_else(
                    || id.as_str().trim_start_matches("p-").to_owned(),
                    |p| p.name.clone(),
                );
                Ref {
                    name,
                    id: Known::Now(id.clone()),
                }
            }
            PolicyKey::New(name) => Ref {
                name: self
                    .desired
                    .policies
                    .get(name)
                    .map_or_else(|| name.to_string(), |p| p.name.clone()),
                id: Known::After(StepId::new(&Address::Policy(name.clone()), "create")),
            },
        }
    }

    /// Returns the key of a declared policy.
    pub(crate) fn policy_key(&self, name: &Name) -> PolicyKey {
        let found = self.pairs.policies.get(name);
        found.map_or_else(
            || PolicyKey::New(name.clone()),
            |found| PolicyKey::Live(found.id.clone()),
        )
    }

    /// Returns the text with every id filled in that AWS has assigned already.
    pub(crate) fn fill(&self, text: &Text) -> Text {
        text.fill(|hole| {
            let (id, arn) = self.ids(&hole.address)?;
            match hole.attribute {
                Attribute::Id => Some(id),
                Attribute::Arn => Some(arn),
            }
        })
    }

    fn ids(&self, address: &Address) -> Option<(String, String)> {
        fn both(id: impl ToString, arn: impl ToString) -> Option<(String, String)> {
            Some((id.to_string(), arn.to_string()))
        }
        let live = self.live?;
        match address {
            Address::Organization => both(&live.id, &live.arn),
            Address::Root => both(&live.root.id, &live.root.arn),
            Address::Ou(ou) => {
                let ou = live.ous.get(&self.pairs.ous.get(ou)?.id)?;
                both(&ou.id, &ou.arn)
            }
            Address::Account(name) => {
                let account = live.accounts.get(&self.pairs.accounts.get(name)?.id)?;
                both(&account.id, &account.arn)
            }
            Address::Policy(name) => {
                let policy = live.policies.get(&self.pairs.policies.get(name)?.id)?;
                both(&policy.id, &policy.arn)
            }
            Address::StackSet(name) => {
                let set = live.stack_sets.get(self.pairs.stack_sets.get(name)?)?;
                both(&set.id, &set.arn)
            }
            // A stack's id is its ARN; one that was never made gets another.
            Address::Stack(name) => {
                let stack = live.stacks.get(self.pairs.stacks.get(name)?)?;
                let made = stack.state != StackState::NeverMade;
                made.then(|| (stack.id.clone(), stack.id.clone()))
            }
            Address::PermissionSet(name) => {
                let arn = &self.pairs.permission_sets.get(name)?.id;
                both(arn, arn)
            }
            Address::PolicyType(_)
            | Address::TrustedService(_)
            | Address::DelegatedAdmin(_)
            | Address::Assignment(_)
            | Address::ControlTower
            | Address::Baseline(_)
            | Address::Control(_) => None,
        }
    }

    /// Returns the tags of an object that lz creates: the spec's and lz's own.
    pub(crate) fn all_tags(&self, address: &Address, tags: Option<&Tags>) -> Tags {
        let mut all: Tags = tags
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), self.fill(value)))
            .collect();
        all.insert(ZONE_TAG.to_owned(), Text::literal(self.desired.zone.name.clone()));
        all.insert(ADDRESS_TAG.to_owned(), Text::literal(address.to_tag()));
        all
    }
}

/// Returns why an object that was found needs lz's tags; `None` if it has them.
pub(crate) fn adoption<T>(found: &Found<T>) -> Option<Reason> {
    match &found.by {
        By::Tags => None,
        By::Moved(from) => Some(Reason::Relabelled { from: from.clone() }),
        By::Key(by) => Some(Reason::Adopted { by: (*by).to_owned() }),
    }
}
