//! The future as the live organization and a plan's steps tell it.

use super::spec::full_access;
use super::{Attached, Future, Ids, Key, Node, NodeKind, account_title};
use crate::impact::state::State;
use crate::pair::{self, Pairs};
use crate::refusal::Problems;
use lz_model::address::{Address, Name};
use lz_model::desired::Desired;
use lz_model::live::{LiveOrganization, PolicyText};
use lz_model::plan::{Step, StepId};
use lz_policy::language::Kind;
use std::collections::{BTreeMap, BTreeSet};

impl Future {
    /// Returns the live organization once the steps of a plan are done; as it is, if there are none. Policies that
    /// the spec does not manage are there, with their documents as far as they were read. Packs must be expanded.
    #[must_use]
    pub fn after(desired: &Desired, live: &LiveOrganization, steps: &[Step]) -> Self {
        // What is ambiguous is told where the plan is made.
        let pairs = pair::pair(desired, live, &mut Problems::new(desired));
        let mut state = State::with_all_types(live);
        for step in steps {
            state.play(step);
        }
        let ids = Ids::new(desired, Some(live), &pairs);
        let mut future = Self::empty(live.root.id.to_string(), state.on().clone(), ids);
        future.management = Some(live.management_account.to_string());
        let names = Names::new(desired, &pairs, steps);
        for (key, parent) in state.nodes() {
            future.put(node(desired, live, &names, key, parent));
        }
        future.put(Node {
            title: "Root".to_owned(),
            kind: NodeKind::Root,
            address: Some(Address::Root),
            id: Some(live.root.id.to_string()),
            key: live.root.id.to_string(),
            parent: None,
            leaving: false,
        });
        for (node, policies) in state.attachments() {
            for key in policies {
                future.attach(key, node);
                if !future.policies.contains_key(key) {
                    let attached = attached(desired, live, &names, &future.ids, key);
                    future
                        .policies
                        .extend(attached.map(|attached| (key.clone(), attached)));
                }
            }
        }
        future
    }
}

/// Addresses by the keys of the state: ids, and steps that create.
struct Names {
    ous: BTreeMap<Key, Address>,
    accounts: BTreeMap<Key, Name>,
    policies: BTreeMap<Key, Name>,
    renamed: BTreeMap<Key, String>,
}

impl Names {
    fn new(desired: &Desired, pairs: &Pairs, steps: &[Step]) -> Self {
        let made = |address: &Address| State::made(&StepId::new(address, "create"));
        let mut names = Self {
            ous: BTreeMap::new(),
            accounts: BTreeMap::new(),
            policies: BTreeMap::new(),
            renamed: BTreeMap::new(),
        };
        let planned: BTreeSet<&StepId> = steps.iter().map(|step| &step.id).collect();
        for ou in desired.ous.keys() {
            let address = Address::Ou(ou.clone());
            let found = pairs.ous.get(ou).map(|found| found.id.to_string());
            // Where AWS cannot move an OU, a step makes it anew though one is paired.
            let anew = planned.contains(&StepId::new(&address, "create"));
            let key = found.filter(|_| !anew).unwrap_or_else(|| made(&address));
            names
                .renamed
                .extend(desired.ous.get(ou).map(|ou| (key.clone(), ou.name.clone())));
            names.ous.insert(key, address);
        }
        for name in desired.accounts.keys() {
            let found = pairs.accounts.get(name).map(|found| found.id.to_string());
            let key = found.unwrap_or_else(|| made(&Address::Account(name.clone())));
            names.accounts.insert(key, name.clone());
        }
        for name in desired.policies.keys() {
            let found = pairs.policies.get(name).map(|found| found.id.to_string());
            let key = found.unwrap_or_else(|| made(&Address::Policy(name.clone())));
            names.policies.insert(key, name.clone());
        }
        names
    }
}

fn node(desired: &Desired, live: &LiveOrganization, names: &Names, key: &Key, parent: &Key) -> Node {
    let ou = key.parse().ok().and_then(|id| live.ous.get(&id));
    let account = key.parse().ok().and_then(|id| live.accounts.get(&id));
    let address = names
        .accounts
        .get(key)
        .map(|name| Address::Account(name.clone()))
        .or_else(|| names.ous.get(key).cloned());
    let title = match (names.accounts.get(key), names.renamed.get(key), ou, account) {
        (Some(name), _, _, _) => account_title(desired, name),
        (None, Some(name), _, _) => name.clone(),
        (None, None, Some(ou), _) => ou.name.clone(),
        (None, None, None, Some(account)) => account.name.clone(),
        (None, None, None, None) => key.clone(),
    };
    let is_account = account.is_some() || matches!(address, Some(Address::Account(_)));
    Node {
        title,
        kind: if is_account {
            NodeKind::Account
        } else {
            NodeKind::Ou
        },
        address,
        id: (ou.is_some() || account.is_some()).then(|| key.clone()),
        key: key.clone(),
        parent: Some(parent.clone()),
        leaving: account.is_some_and(|account| account.state.is_leaving()),
    }
}

fn attached(
    desired: &Desired,
    live: &LiveOrganization,
    names: &Names,
    ids: &Ids,
    key: &Key,
) -> Option<Attached> {
    if let Some((name, wanted)) = names
        .policies
        .get(key)
        .and_then(|name| Some((name, desired.policies.get(name)?)))
    {
        let address = Address::Policy(name.clone());
        return Some(Attached {
            name: wanted.name.clone(),
            policy_type: wanted.policy_type,
            origin: desired.origin(&address).cloned(),
            address: Some(address),
            text: Some(ids.filled(&wanted.content)),
            aws_managed: false,
        });
    }
    let found = key.parse().ok().and_then(|id| live.policies.get(&id));
    let Some(policy) = found else {
        let full = [Kind::Scp, Kind::Rcp]
            .into_iter()
            .find(|kind| kind.policy_type().full_access_id() == Some(key.as_str()));
        return full.map(|kind| full_access(kind, key));
    };
    let full = policy.policy_type.full_access_id() == Some(key.as_str());
    let text = match (&policy.content, Kind::of_type(policy.policy_type)) {
        (PolicyText::Read(text), _) => Some(text.clone()),
        (PolicyText::NotRead, Some(kind)) if full => Some(kind.full_access().to_owned()),
        (PolicyText::NotRead, _) => None,
    };
    Some(Attached {
        name: policy.name.clone(),
        policy_type: policy.policy_type,
        address: None,
        origin: None,
        text,
        aws_managed: policy.aws_managed,
    })
}
