//! Guardrails while a plan goes on: which policies lie on which path, after each step.

use lz_model::id::{AccountId, PolicyId};
use lz_model::live::{LiveOrganization, PolicyText, PolicyTypeStatus};
use lz_model::plan::{Action, Known, Ref, Step, StepId};
use lz_model::policy_type::PolicyType;
use lz_model::text::Text;
use lz_policy::compare::Levels;
use lz_policy::language::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// A document that is in force somewhere at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) policy_type: PolicyType,
    pub(crate) text: String,
}

fn full_text(policy_type: PolicyType) -> String {
    let kind = Kind::of_type(policy_type).unwrap_or(Kind::Scp);
    kind.full_access().to_owned()
}

/// Something that exists, or that a step makes.
type Key = String;

/// The guardrails at one moment.
#[derive(Debug)]
pub(crate) struct State {
    parents: BTreeMap<Key, Key>,
    children: BTreeMap<Key, BTreeSet<Key>>,
    root: Key,
    /// The document of each policy, by its number.
    policies: BTreeMap<Key, (PolicyType, Option<usize>)>,
    attached: BTreeMap<Key, BTreeSet<Key>>,
    documents: Vec<Document>,
    numbers: BTreeMap<(PolicyType, String), usize>,
    on: BTreeSet<PolicyType>,
    unread: BTreeSet<PolicyId>,
}

/// Returns whether a step can change what an account may do.
pub(crate) const fn touches_guards(step: &Step) -> bool {
    matches!(
        step.action,
        Action::UpdatePolicy { .. }
            | Action::AttachPolicy { .. }
            | Action::DetachPolicy { .. }
            | Action::MoveAccount { .. }
            | Action::EnablePolicyType { .. }
            | Action::DisablePolicyType { .. }
    )
}

impl State {
    pub(crate) fn of(live: &LiveOrganization) -> Self {
        let root = live.root.id.to_string();
        let ous = live
            .ous
            .values()
            .map(|ou| (ou.id.to_string(), ou.parent.to_string()));
        let accounts = live
            .accounts
            .values()
            .map(|account| (account.id.to_string(), account.parent.to_string()));
        let is_on = |(_, status): &(&PolicyType, &PolicyTypeStatus)| match status {
            PolicyTypeStatus::Enabled | PolicyTypeStatus::PendingEnable => true,
            PolicyTypeStatus::PendingDisable => false,
        };
        let mut state = Self {
            parents: BTreeMap::new(),
            children: BTreeMap::new(),
            root,
            policies: BTreeMap::new(),
            attached: BTreeMap::new(),
            documents: Vec::new(),
            numbers: BTreeMap::new(),
            on: live
                .root
                .policy_types
                .iter()
                .filter(is_on)
                .map(|(t, _)| *t)
                .collect(),
            unread: BTreeSet::new(),
        };
        for (node, parent) in ous.chain(accounts) {
            state.put(node, parent);
        }
        for policy in live
            .policies
            .values()
            .filter(|policy| Kind::of_type(policy.policy_type).is_some())
        {
            let full = policy.policy_type.full_access_id() == Some(policy.id.as_str());
            let text = match &policy.content {
                PolicyText::Read(text) => Some(text.clone()),
                PolicyText::NotRead if full => Some(full_text(policy.policy_type)),
                PolicyText::NotRead => None,
            };
            if text.is_none() && !policy.targets.is_empty() {
                state.unread.insert(policy.id.clone());
            }
            let number = text.map(|text| state.document(policy.policy_type, text));
            state
                .policies
                .insert(policy.id.to_string(), (policy.policy_type, number));
            for target in &policy.targets {
                state
                    .attached
                    .entry(target.to_string())
                    .or_default()
                    .insert(policy.id.to_string());
            }
        }
        state
    }

    /// Returns the state with the attachments of all policy types, also of those that guard nothing.
    pub(crate) fn with_all_types(live: &LiveOrganization) -> Self {
        let mut state = Self::of(live);
        for policy in live.policies.values() {
            for target in &policy.targets {
                let attached = state.attached.entry(target.to_string()).or_default();
                attached.insert(policy.id.to_string());
            }
        }
        state
    }

    /// Returns every OU and account with what it lies in.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (&Key, &Key)> {
        self.parents.iter()
    }

    /// Returns the policies that are attached to each node.
    pub(crate) fn attachments(&self) -> impl Iterator<Item = (&Key, &BTreeSet<Key>)> {
        self.attached.iter()
    }

    /// Returns the policy types that are on.
    pub(crate) const fn on(&self) -> &BTreeSet<PolicyType> {
        &self.on
    }

    /// Returns the key of what a step makes.
    pub(crate) fn made(step: &StepId) -> Key {
        made(step)
    }

    pub(crate) fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Policies in force whose documents were not read.
    pub(crate) const fn unread(&self) -> &BTreeSet<PolicyId> {
        &self.unread
    }

    pub(crate) fn has(&self, account: &AccountId) -> bool {
        self.parents.contains_key(account.as_str())
    }

    /// Returns the documents on an account's path, the root first; the same guardrails give the same levels.
    pub(crate) fn levels(&self, account: &AccountId) -> Levels {
        let mut path = vec![account.as_str()];
        let mut at = account.as_str();
        while let Some(parent) = self.parents.get(at) {
            path.push(parent);
            at = parent;
            // A tree that AWS reports has no circle; the bound keeps a broken answer from looping.
            if path.len() > 16 {
                break;
            }
        }
        path.reverse();
        path.into_iter().map(|node| self.level(node)).collect()
    }

    fn level(&self, node: &str) -> Vec<usize> {
        let attached = self.attached.get(node).into_iter().flatten();
        let mut numbers: Vec<usize> = attached
            .filter_map(|policy| self.policies.get(policy))
            .filter(|(policy_type, _)| self.on.contains(policy_type))
            .filter_map(|(_, number)| *number)
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Carries out a step. Returns the accounts below whatever has other guardrails now.
    pub(crate) fn play(&mut self, step: &Step) -> BTreeSet<Key> {
        let mut open = self.carry_out(step);
        let mut below = BTreeSet::new();
        while let Some(node) = open.pop() {
            match self.children.get(&node) {
                Some(children) => open.extend(children.iter().cloned()),
                None => {
                    below.insert(node);
                }
            }
        }
        below
    }

    /// Carries out a step. Returns the nodes whose guardrails it changes.
    fn carry_out(&mut self, step: &Step) -> Vec<Key> {
        match &step.action {
            Action::CreateOu { parent, .. } => self.arrive(made(&step.id), key(parent)),
            Action::CreateAccount { .. } => self.arrive(made(&step.id), self.root.clone()),
            Action::MoveAccount { account, to, .. } => {
                self.put(key(account), key(to));
                return vec![key(account)];
            }
            Action::DeleteOu { ou } => self.leave(&key(ou)),
            Action::ReleaseAccount { account } | Action::CloseAccount { account } => {
                self.leave(&key(account))
            }
            Action::CreatePolicy {
                policy_type, content, ..
            } => self.write(made(&step.id), *policy_type, content),
            Action::UpdatePolicy {
                policy,
                policy_type,
                content: Some(content),
                ..
            } => {
                let policy = policy.to_string();
                self.write(policy.clone(), *policy_type, &content.after);
                let has = |(_, policies): &(&Key, &BTreeSet<Key>)| policies.contains(&policy);
                return self
                    .attached
                    .iter()
                    .filter(has)
                    .map(|(node, _)| node.clone())
                    .collect();
            }
            Action::DeletePolicy { policy, .. } => {
                self.policies.remove(&key(policy));
            }
            Action::AttachPolicy { policy, target, .. } => {
                self.attached.entry(key(target)).or_default().insert(key(policy));
                return vec![key(target)];
            }
            Action::DetachPolicy { policy, target, .. } => {
                if let Some(attached) = self.attached.get_mut(&key(target)) {
                    attached.remove(&key(policy));
                }
                return vec![key(target)];
            }
            Action::EnablePolicyType { policy_type, .. } => {
                self.enable(*policy_type);
                return vec![self.root.clone()];
            }
            Action::DisablePolicyType { policy_type, .. } => {
                self.on.remove(policy_type);
                return vec![self.root.clone()];
            }
            Action::UpdatePolicy { content: None, .. }
            | Action::CreateOrganization {}
            | Action::EnableTrustedService { .. }
            | Action::DisableTrustedService { .. }
            | Action::RenameOu { .. }
            | Action::RenameAccount { .. }
            | Action::SetTags { .. }
            | Action::RegisterAdmin { .. }
            | Action::DeregisterAdmin { .. }
            | Action::Feature(_)
            | Action::StackSet(_)
            | Action::Stack(_)
            | Action::Tower(_)
            | Action::Identity(_)
            | Action::Settings(_) => {}
        }
        Vec::new()
    }

    /// Puts a node below another, wherever it was.
    fn put(&mut self, node: Key, parent: Key) {
        if let Some(old) = self.parents.insert(node.clone(), parent.clone())
            && let Some(siblings) = self.children.get_mut(&old)
        {
            siblings.remove(&node);
        }
        self.children.entry(parent).or_default().insert(node);
    }

    /// AWS attaches `FullAWSAccess` to whatever is new (aws-facts section 2, rule R5).
    fn arrive(&mut self, node: Key, parent: Key) {
        self.put(node.clone(), parent);
        for policy_type in self.on.clone() {
            if let Some(full) = policy_type.full_access_id() {
                self.full_access(policy_type, full, &node);
            }
        }
    }

    fn leave(&mut self, node: &str) {
        if let Some(parent) = self.parents.remove(node)
            && let Some(siblings) = self.children.get_mut(&parent)
        {
            siblings.remove(node);
        }
        self.attached.remove(node);
    }

    /// AWS attaches `FullAWSAccess` everywhere when the type is switched on (aws-facts section 2, rule R5).
    fn enable(&mut self, policy_type: PolicyType) {
        self.on.insert(policy_type);
        let Some(full) = policy_type.full_access_id() else {
            return;
        };
        let nodes: Vec<Key> = self.parents.keys().chain([&self.root]).cloned().collect();
        for node in nodes {
            self.full_access(policy_type, full, &node);
        }
    }

    fn full_access(&mut self, policy_type: PolicyType, full: &str, node: &str) {
        if !self.policies.contains_key(full) {
            let number = self.document(policy_type, full_text(policy_type));
            self.policies.insert(full.to_owned(), (policy_type, Some(number)));
        }
        self.attached
            .entry(node.to_owned())
            .or_default()
            .insert(full.to_owned());
    }

    fn write(&mut self, policy: Key, policy_type: PolicyType, content: &Text) {
        if Kind::of_type(policy_type).is_none() {
            return;
        }
        let number = self.document(policy_type, filled(content));
        self.policies.insert(policy, (policy_type, Some(number)));
    }

    fn document(&mut self, policy_type: PolicyType, text: String) -> usize {
        let next = self.documents.len();
        let number = *self.numbers.entry((policy_type, text.clone())).or_insert(next);
        if number == next {
            self.documents.push(Document { policy_type, text });
        }
        number
    }
}

/// Returns a text in which each id that AWS has yet to assign is a word of its own.
fn filled(text: &Text) -> String {
    text.fill(|hole| Some(format!("known-after-apply-{}", hole.address.to_tag())))
        .known()
        .unwrap_or_default()
        .to_owned()
}

fn made(step: &StepId) -> Key {
    format!("made by {step}")
}

fn key<T: ToString>(reference: &Ref<T>) -> Key {
    match &reference.id {
        Known::Now(id) => id.to_string(),
        Known::After(step) => made(step),
    }
}
