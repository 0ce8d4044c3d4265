//! The organization's tree and policies: every change keeps the index in step.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::index::Index;
use super::{CreateRequest, CreationState, Member, Organization, Policy, Unit};
use crate::settings::PolicyType;
use crate::world::{AccountId, ParentId, PolicyId, RequestId, Tags, TargetId, UnitId};

static NO_UNITS: LazyLock<BTreeSet<UnitId>> = LazyLock::new(BTreeSet::new);
static NO_ACCOUNTS: LazyLock<BTreeSet<AccountId>> = LazyLock::new(BTreeSet::new);
static NO_POLICIES: LazyLock<BTreeSet<PolicyId>> = LazyLock::new(BTreeSet::new);
static NO_TARGETS: LazyLock<BTreeSet<TargetId>> = LazyLock::new(BTreeSet::new);
static NO_REQUESTS: LazyLock<BTreeSet<RequestId>> = LazyLock::new(BTreeSet::new);

/// Reading.
impl Organization {
    /// Returns the OU with that id.
    pub(crate) fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.get(id)
    }

    /// Returns every OU.
    pub(crate) fn units(&self) -> impl ExactSizeIterator<Item = (&UnitId, &Unit)> {
        self.units.iter()
    }

    /// Returns the place of an account.
    pub(crate) fn member(&self, id: &AccountId) -> Option<&Member> {
        self.members.get(id)
    }

    /// Returns every account's id, in order.
    pub(crate) fn members(&self) -> &std::collections::BTreeMap<AccountId, Member> {
        &self.members
    }

    /// Returns the policy with that id.
    pub(crate) fn policy(&self, id: &PolicyId) -> Option<&Policy> {
        self.policies.get(id)
    }

    /// Returns the policies of a type, in order.
    pub(crate) fn policies_of(&self, kind: PolicyType) -> &BTreeSet<PolicyId> {
        self.index.policies_of.get(&kind).unwrap_or(&NO_POLICIES)
    }

    /// Returns the policy of a type with that name.
    pub(crate) fn policy_named(&self, kind: PolicyType, name: &str) -> Option<&PolicyId> {
        self.index.policy_names.get(&(kind, name.to_owned()))
    }

    /// Returns what is attached to a target, in order.
    pub(crate) fn attached_to(&self, target: &TargetId) -> &BTreeSet<PolicyId> {
        self.attachments.get(target).unwrap_or(&NO_POLICIES)
    }

    /// Returns what a policy is attached to, in order.
    pub(crate) fn targets_of(&self, policy: &PolicyId) -> &BTreeSet<TargetId> {
        self.index.targets_of.get(policy).unwrap_or(&NO_TARGETS)
    }

    /// Returns how many policies of a type are attached to a target.
    pub(crate) fn count_attached(&self, target: &TargetId, kind: PolicyType) -> usize {
        let of_kind = |id: &&PolicyId| self.policies.get(*id).is_some_and(|policy| policy.kind == kind);
        self.attached_to(target).iter().filter(of_kind).count()
    }

    /// Returns the OUs right under a parent, in order.
    pub(crate) fn units_of(&self, parent: &ParentId) -> &BTreeSet<UnitId> {
        self.index.units_of.get(parent).unwrap_or(&NO_UNITS)
    }

    /// Returns the accounts right under a parent, in order.
    pub(crate) fn accounts_of(&self, parent: &ParentId) -> &BTreeSet<AccountId> {
        self.index.accounts_of.get(parent).unwrap_or(&NO_ACCOUNTS)
    }

    /// Returns the OU with that name right under a parent.
    pub(crate) fn unit_named(&self, parent: &ParentId, name: &str) -> Option<&UnitId> {
        self.index.unit_names.get(&(parent.clone(), name.to_owned()))
    }

    /// Returns the creation requests in a state, in order.
    pub(crate) fn creations_in(&self, state: &str) -> &BTreeSet<RequestId> {
        self.index.creations_in.get(state).unwrap_or(&NO_REQUESTS)
    }

    /// Returns whether the parent exists.
    pub(crate) fn has_parent(&self, parent: &ParentId) -> bool {
        match parent {
            ParentId::Root(id) => *id == self.root,
            ParentId::Unit(id) => self.units.contains_key(id),
        }
    }

    /// Returns whether the target exists.
    pub(crate) fn has_target(&self, target: &TargetId) -> bool {
        match target {
            TargetId::Root(id) => *id == self.root,
            TargetId::Unit(id) => self.units.contains_key(id),
            TargetId::Account(id) => self.members.contains_key(id),
        }
    }

    /// Returns the OUs from just below the root down to `parent`, which itself is the last.
    pub(crate) fn chain(&self, parent: &ParentId) -> Vec<&UnitId> {
        let mut chain = Vec::new();
        let mut at = parent;
        while let ParentId::Unit(id) = at {
            let Some((id, unit)) = self.units.get_key_value(id) else {
                break;
            };
            chain.push(id);
            at = &unit.parent;
        }
        chain.reverse();
        chain
    }

    /// Returns every root, OU and account, the root first.
    pub(crate) fn every_target(&self) -> Vec<TargetId> {
        let root = std::iter::once(TargetId::Root(self.root.clone()));
        let units = self.units.keys().cloned().map(TargetId::Unit);
        let accounts = self.members.keys().cloned().map(TargetId::Account);
        root.chain(units).chain(accounts).collect()
    }
}

/// Changing.
impl Organization {
    /// Puts an OU under its parent.
    pub(crate) fn add_unit(&mut self, id: UnitId, unit: Unit) {
        self.index
            .units_of
            .entry(unit.parent.clone())
            .or_default()
            .insert(id.clone());
        self.index
            .unit_names
            .insert((unit.parent.clone(), unit.name.clone()), id.clone());
        self.units.insert(id, unit);
    }

    /// Gives an OU another name.
    pub(crate) fn rename_unit(&mut self, id: &UnitId, name: &str) {
        if let Some(unit) = self.units.get_mut(id) {
            let old = std::mem::replace(&mut unit.name, name.to_owned());
            let parent = unit.parent.clone();
            self.index.unit_names.remove(&(parent.clone(), old));
            self.index
                .unit_names
                .insert((parent, name.to_owned()), id.clone());
        }
    }

    /// Takes an OU out, with what is attached to it.
    pub(crate) fn remove_unit(&mut self, id: &UnitId) {
        if let Some(unit) = self.units.remove(id) {
            if let Some(siblings) = self.index.units_of.get_mut(&unit.parent) {
                siblings.remove(id);
            }
            self.index.unit_names.remove(&(unit.parent, unit.name));
            self.index.units_of.remove(&ParentId::Unit(id.clone()));
            self.index.accounts_of.remove(&ParentId::Unit(id.clone()));
            self.detach_all(&TargetId::Unit(id.clone()));
        }
    }

    /// Puts an account into the organization.
    pub(crate) fn add_member(&mut self, id: AccountId, member: Member) {
        self.index
            .accounts_of
            .entry(member.parent.clone())
            .or_default()
            .insert(id.clone());
        self.members.insert(id, member);
    }

    /// Moves an account under another parent.
    pub(crate) fn move_member(&mut self, id: &AccountId, to: &ParentId) {
        if let Some(member) = self.members.get_mut(id) {
            let from = std::mem::replace(&mut member.parent, to.clone());
            if let Some(siblings) = self.index.accounts_of.get_mut(&from) {
                siblings.remove(id);
            }
            self.index
                .accounts_of
                .entry(to.clone())
                .or_default()
                .insert(id.clone());
        }
    }

    /// Takes an account out, with its tags, attachments and delegations.
    pub(crate) fn remove_member(&mut self, id: &AccountId) {
        if let Some(member) = self.members.remove(id) {
            if let Some(siblings) = self.index.accounts_of.get_mut(&member.parent) {
                siblings.remove(id);
            }
            self.detach_all(&TargetId::Account(id.clone()));
            self.delegations.remove(id);
        }
    }

    /// Adds a policy.
    pub(crate) fn add_policy(&mut self, id: PolicyId, policy: Policy) {
        self.index
            .policies_of
            .entry(policy.kind)
            .or_default()
            .insert(id.clone());
        self.index
            .policy_names
            .insert((policy.kind, policy.name.clone()), id.clone());
        self.policies.insert(id, policy);
    }

    /// Changes a policy in place; its type can't change (aws-facts R8).
    pub(crate) fn change_policy(&mut self, id: &PolicyId, change: impl FnOnce(&mut Policy)) {
        if let Some(policy) = self.policies.get_mut(id) {
            self.index
                .policy_names
                .remove(&(policy.kind, policy.name.clone()));
            change(policy);
            self.index
                .policy_names
                .insert((policy.kind, policy.name.clone()), id.clone());
        }
    }

    /// Takes a policy out, wherever it is attached.
    pub(crate) fn remove_policy(&mut self, id: &PolicyId) {
        for target in self.targets_of(id).clone() {
            self.detach(id, &target);
        }
        if let Some(policy) = self.policies.remove(id) {
            if let Some(ids) = self.index.policies_of.get_mut(&policy.kind) {
                ids.remove(id);
            }
            self.index.policy_names.remove(&(policy.kind, policy.name));
            self.index.targets_of.remove(id);
        }
    }

    /// Attaches a policy to a target.
    pub(crate) fn attach(&mut self, policy: &PolicyId, target: &TargetId) {
        self.attachments
            .entry(target.clone())
            .or_default()
            .insert(policy.clone());
        self.index
            .targets_of
            .entry(policy.clone())
            .or_default()
            .insert(target.clone());
    }

    /// Detaches a policy from a target.
    pub(crate) fn detach(&mut self, policy: &PolicyId, target: &TargetId) {
        if let Some(attached) = self.attachments.get_mut(target) {
            attached.remove(policy);
            if attached.is_empty() {
                self.attachments.remove(target);
            }
        }
        if let Some(targets) = self.index.targets_of.get_mut(policy) {
            targets.remove(target);
        }
    }

    fn detach_all(&mut self, target: &TargetId) {
        for policy in self.attached_to(target).clone() {
            self.detach(&policy, target);
        }
    }

    /// Adds an account creation, or notes its new state.
    pub(crate) fn put_creation(&mut self, id: RequestId, request: CreateRequest) {
        self.index.creation(&id, &request.state);
        self.creations.insert(id, request);
    }

    /// Ends an account creation.
    pub(crate) fn end_creation(&mut self, id: &RequestId, state: CreationState) {
        if let Some(request) = self.creations.get_mut(id) {
            request.state = state;
            self.index.creation(id, &request.state);
        }
    }

    /// Returns the tags of a target, to change them.
    pub(crate) fn tags_mut(&mut self, target: &TargetId) -> Option<&mut Tags> {
        match target {
            TargetId::Root(id) => (*id == self.root).then_some(&mut self.root_tags),
            TargetId::Unit(id) => self.units.get_mut(id).map(|unit| &mut unit.tags),
            TargetId::Account(id) => self.members.get_mut(id).map(|member| &mut member.tags),
        }
    }

    /// Returns the tags of a target.
    pub(crate) fn tags(&self, target: &TargetId) -> Option<&Tags> {
        match target {
            TargetId::Root(id) => (*id == self.root).then_some(&self.root_tags),
            TargetId::Unit(id) => self.units.get(id).map(|unit| &unit.tags),
            TargetId::Account(id) => self.members.get(id).map(|member| &member.tags),
        }
    }

    /// Builds the index from the parts, as after reading a state file.
    ///
    /// # Errors
    /// Names the first part that refers to something that is not there.
    pub(crate) fn reindex(&mut self) -> Result<(), String> {
        self.index = Index::default();
        let units = std::mem::take(&mut self.units);
        let members = std::mem::take(&mut self.members);
        let policies = std::mem::take(&mut self.policies);
        let attachments = std::mem::take(&mut self.attachments);
        for (id, unit) in units {
            self.add_unit(id, unit);
        }
        for (id, member) in members {
            self.add_member(id, member);
        }
        for (id, policy) in policies {
            self.add_policy(id, policy);
        }
        for (target, ids) in attachments {
            for id in ids {
                if !self.has_target(&target) || self.policy(&id).is_none() {
                    return Err(format!(
                        "policy `{id}` is attached to `{target}`, but one of them does not exist"
                    ));
                }
                self.attach(&id, &target);
            }
        }
        let states: Vec<_> = self
            .creations
            .iter()
            .map(|(id, request)| (id.clone(), request.state.clone()))
            .collect();
        for (id, state) in states {
            self.index.creation(&id, &state);
        }
        self.check_tree()
    }

    fn check_tree(&self) -> Result<(), String> {
        for (id, unit) in &self.units {
            let mut at = &unit.parent;
            for _ in 0..=self.units.len() {
                match at {
                    ParentId::Root(_) => break,
                    ParentId::Unit(up) if up == id => return Err(format!("unit `{id}` lies under itself")),
                    ParentId::Unit(up) => match self.units.get(up) {
                        Some(unit) => at = &unit.parent,
                        None => break,
                    },
                }
            }
            if !self.has_parent(at) {
                return Err(format!("unit `{id}` lies under `{at}`, which does not exist"));
            }
        }
        match self
            .members
            .iter()
            .find(|(_, member)| !self.has_parent(&member.parent))
        {
            Some((id, member)) => Err(format!(
                "account `{id}` lies under `{}`, which does not exist",
                member.parent
            )),
            None => Ok(()),
        }
    }
}

/// The tagging index.
impl Organization {
    /// Returns every taggable resource: its ARN and its tags.
    pub(crate) fn every_tagged(&self, partition: crate::settings::Partition) -> Vec<(String, &Tags)> {
        let arns = self.arns(partition);
        let root = std::iter::once((arns.root(&self.root), &self.root_tags));
        let units = self.units.iter().map(|(id, unit)| (arns.unit(id), &unit.tags));
        let members = self
            .members
            .iter()
            .map(|(id, member)| (arns.account(id).to_string(), &member.tags));
        let own = self.policies.iter().filter(|(_, policy)| !policy.aws_managed);
        let policies = own.map(|(id, policy)| (arns.policy(id, policy.kind, false), &policy.tags));
        let resource = self
            .resource_policy
            .iter()
            .map(|policy| (arns.resource_policy(&policy.id), &policy.tags));
        root.chain(units)
            .chain(members)
            .chain(policies)
            .chain(resource)
            .filter(|(_, tags)| !tags.is_empty())
            .collect()
    }

    /// Fills the tagging index from the tags, unless the state file brought one along.
    pub(crate) fn rebuild_tag_index(&mut self, settings: &crate::settings::Settings) {
        if self.tag_index.is_settled() {
            let visible = self.every_tagged(settings.partition).into_iter();
            self.tag_index.visible = visible.map(|(arn, tags)| (arn, tags.clone())).collect();
        }
    }
}
