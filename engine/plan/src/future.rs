//! The organization as it will be: who lies where and which policies lie on whose path. Made from the spec alone
//! ([`Future::of_spec`]), or from the live organization and a plan's steps ([`Future::after`]).
//!
//! Ids that AWS has yet to assign are stand-ins: made up, the same everywhere, and never sent to AWS.

mod ids;
mod planned;
mod spec;

use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredTarget, Origin};
use lz_model::policy_type::PolicyType;
use std::collections::{BTreeMap, BTreeSet};

pub use ids::Ids;

/// Names an entity or a policy: its id, or what stands for it.
pub(crate) type Key = String;

/// The organization as it will be.
#[derive(Debug)]
pub struct Future {
    nodes: BTreeMap<Key, Node>,
    children: BTreeMap<Key, BTreeSet<Key>>,
    root: Key,
    addresses: BTreeMap<Address, Key>,
    /// Accounts by their ids, or by what stands for them.
    accounts: BTreeMap<String, Key>,
    policies: BTreeMap<Key, Attached>,
    attached: BTreeMap<Key, BTreeSet<Key>>,
    on: BTreeSet<PolicyType>,
    management: Option<Key>,
    ids: Ids,
}

/// The root, an OU or an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What people call it: `Root`, an OU's name, an account's name.
    pub title: String,
    /// What it is.
    pub kind: NodeKind,
    /// The address that declares it, if the spec does.
    pub address: Option<Address>,
    /// Its id, once AWS has assigned one.
    pub id: Option<String>,
    pub(crate) key: Key,
    pub(crate) parent: Option<Key>,
    pub(crate) leaving: bool,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// The root.
    Root,
    /// An OU.
    Ou,
    /// An account.
    Account,
}

/// A policy that is attached somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its name in AWS.
    pub name: String,
    /// Its type.
    pub policy_type: PolicyType,
    /// The address that declares it, if the spec does.
    pub address: Option<Address>,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// Its document; `None` if it is nobody's business here and was not read.
    pub text: Option<String>,
    /// Whether it is AWS's own.
    pub aws_managed: bool,
}

impl Future {
    /// Returns the node of a declared account or OU, or of the root.
    #[must_use]
    pub fn node(&self, address: &Address) -> Option<&Node> {
        self.nodes.get(self.addresses.get(address)?)
    }

    /// Returns the node of a test's target.
    #[must_use]
    pub fn target(&self, target: &DesiredTarget) -> Option<&Node> {
        self.node(&target.address())
    }

    /// Returns the account with this id.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<&Node> {
        self.nodes.get(self.accounts.get(id)?)
    }

    /// Returns the way from the root down to a node, the node last.
    #[must_use]
    pub fn path(&self, node: &Node) -> Vec<&Node> {
        let mut path = Vec::new();
        let mut at = self.nodes.get(&node.key);
        while let Some(found) = at {
            path.push(found);
            // A tree that AWS reports has no circle; the bound keeps a broken answer from looping.
            if path.len() > 16 {
                break;
            }
            at = found.parent.as_ref().and_then(|parent| self.nodes.get(parent));
        }
        path.reverse();
        path
    }

    /// Returns every account below a node, the node itself if it is one. Those that are being closed are left out.
    #[must_use]
    pub fn accounts_below(&self, node: &Node) -> Vec<&Node> {
        let mut open = vec![&node.key];
        let mut found = Vec::new();
        while let Some(key) = open.pop() {
            open.extend(self.children.get(key).into_iter().flatten());
            found.extend(
                self.nodes
                    .get(key)
                    .filter(|node| node.kind == NodeKind::Account && !node.leaving),
            );
        }
        found.sort_by(|a, b| (&a.title, &a.key).cmp(&(&b.title, &b.key)));
        found
    }

    /// Returns whether an account is the management account, which no control policy binds.
    #[must_use]
    pub fn is_management(&self, node: &Node) -> bool {
        self.management.as_ref() == Some(&node.key)
    }

    /// Returns whether a policy type is on.
    #[must_use]
    pub fn is_on(&self, policy_type: PolicyType) -> bool {
        self.on.contains(&policy_type)
    }

    /// Returns what is attached to a node, of every type that is on: by type, then by name.
    #[must_use]
    pub fn attached(&self, node: &Node) -> Vec<&Attached> {
        let mut found: Vec<&Attached> = self.keys(node).map(|(_, attached)| attached).collect();
        found.sort_by(|a, b| (a.policy_type, &a.name).cmp(&(b.policy_type, &b.name)));
        found
    }

    /// Returns the policies of a node with their keys, of every type that is on.
    pub(crate) fn keys<'a>(&'a self, node: &Node) -> impl Iterator<Item = (&'a Key, &'a Attached)> {
        let keys = self.attached.get(&node.key).into_iter().flatten();
        keys.filter_map(|key| Some((key, self.policies.get(key)?)))
            .filter(|(_, attached)| self.on.contains(&attached.policy_type))
    }

    /// Returns the id of a node, or what stands for it.
    #[must_use]
    pub fn id_of(&self, node: &Node) -> String {
        match (&node.id, &node.address) {
            (Some(id), _) => id.clone(),
            (None, Some(address)) => self.ids.id(address),
            (None, None) => node.key.clone(),
        }
    }

    /// Returns the ids, and what stands for those that AWS has yet to assign.
    #[must_use]
    pub const fn ids(&self) -> &Ids {
        &self.ids
    }

    fn put(&mut self, node: Node) {
        if let Some(parent) = &node.parent {
            self.children
                .entry(parent.clone())
                .or_default()
                .insert(node.key.clone());
        }
        if let Some(address) = &node.address {
            self.addresses.insert(address.clone(), node.key.clone());
        }
        if node.kind == NodeKind::Account {
            self.accounts.insert(self.id_of(&node), node.key.clone());
        }
        self.nodes.insert(node.key.clone(), node);
    }

    fn empty(root: Key, on: BTreeSet<PolicyType>, ids: Ids) -> Self {
        Self {
            nodes: BTreeMap::new(),
            children: BTreeMap::new(),
            root,
            addresses: BTreeMap::new(),
            accounts: BTreeMap::new(),
            policies: BTreeMap::new(),
            attached: BTreeMap::new(),
            on,
            management: None,
            ids,
        }
    }

    fn attach(&mut self, policy: &str, node: &str) {
        self.attached
            .entry(node.to_owned())
            .or_default()
            .insert(policy.to_owned());
    }

    /// Returns the root.
    #[must_use]
    pub fn root(&self) -> Option<&Node> {
        self.nodes.get(&self.root)
    }
}

/// Returns an account's name for people, as the spec tells it.
fn account_title(desired: &lz_model::desired::Desired, name: &Name) -> String {
    let account = desired.accounts.get(name);
    account.map_or_else(|| name.to_string(), |account| account.name.clone())
}
