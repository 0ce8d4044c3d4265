//! The future as the spec alone tells it.

use super::{Attached, Future, Ids, Node, NodeKind, account_title};
use crate::pair::Pairs;
use lz_model::address::Address;
use lz_model::desired::{Desired, DesiredParent};
use lz_model::policy_type::PolicyType;
use lz_policy::language::Kind;
use std::collections::BTreeSet;

impl Future {
    /// Returns the organization that a spec describes, without a look at AWS: what the spec does not mention is not
    /// there, and `FullAWSAccess` lies wherever the spec does not take it away. Packs must be expanded.
    #[must_use]
    pub fn of_spec(desired: &Desired) -> Self {
        let ids = Ids::new(desired, None, &Pairs::default());
        let mut future = Self::empty(ids.root().to_owned(), policy_types(desired), ids);
        future.put(Node {
            title: "Root".to_owned(),
            kind: NodeKind::Root,
            address: Some(Address::Root),
            id: None,
            key: future.root.clone(),
            parent: None,
            leaving: false,
        });
        for (ou, wanted) in &desired.ous {
            let address = Address::Ou(ou.clone());
            let parent = ou.parent().map_or(Address::Root, Address::Ou);
            future.put(Node {
                title: wanted.name.clone(),
                kind: NodeKind::Ou,
                id: wanted.id.as_ref().map(ToString::to_string),
                key: future.ids.id(&address),
                parent: Some(future.ids.id(&parent)),
                address: Some(address),
                leaving: false,
            });
        }
        for (name, wanted) in &desired.accounts {
            let address = Address::Account(name.clone());
            let parent = wanted
                .parent
                .as_ref()
                .map_or(Address::Root, DesiredParent::address);
            let key = future.ids.id(&address);
            let is_management = wanted.id.is_some() && wanted.id == desired.zone.management_account;
            if is_management {
                future.management = Some(key.clone());
            }
            future.put(Node {
                title: account_title(desired, name),
                kind: NodeKind::Account,
                id: wanted.id.as_ref().map(ToString::to_string),
                key,
                parent: Some(future.ids.id(&parent)),
                address: Some(address),
                leaving: false,
            });
        }
        future.declared_policies(desired);
        future.full_access_of_spec(desired);
        future
    }

    fn declared_policies(&mut self, desired: &Desired) {
        for (name, policy) in &desired.policies {
            let address = Address::Policy(name.clone());
            let key = self.ids.id(&address);
            for target in policy.attach.iter().flatten() {
                let node = self.ids.id(&target.address());
                self.attach(&key, &node);
            }
            let attached = Attached {
                name: policy.name.clone(),
                policy_type: policy.policy_type,
                origin: desired.origin(&address).cloned(),
                address: Some(address),
                text: Some(self.ids.filled(&policy.content)),
                aws_managed: false,
            };
            self.policies.insert(key, attached);
        }
    }

    /// AWS attaches its own policy everywhere when a type is switched on, and to whatever is new (aws-facts section 2,
    /// rule R5); that of resource control policies cannot be taken away.
    fn full_access_of_spec(&mut self, desired: &Desired) {
        let without: BTreeSet<String> = {
            let ous = desired
                .ous
                .iter()
                .filter(|(_, ou)| ou.full_access == Some(false))
                .map(|(address, _)| Address::Ou(address.clone()));
            let accounts = desired
                .accounts
                .iter()
                .filter(|(_, account)| account.full_access == Some(false))
                .map(|(name, _)| Address::Account(name.clone()));
            ous.chain(accounts).map(|address| self.ids.id(&address)).collect()
        };
        for policy_type in self.on.clone() {
            let (Some(full), Some(kind)) = (policy_type.full_access_id(), Kind::of_type(policy_type)) else {
                continue;
            };
            self.policies.insert(full.to_owned(), full_access(kind, full));
            let keys: Vec<String> = self.nodes.keys().cloned().collect();
            for key in keys {
                if policy_type != PolicyType::Scp || !without.contains(&key) {
                    self.attach(full, &key);
                }
            }
        }
    }
}

/// Returns AWS's own policy that allows everything.
pub(super) fn full_access(kind: Kind, id: &str) -> Attached {
    Attached {
        name: id.trim_start_matches("p-").to_owned(),
        policy_type: kind.policy_type(),
        address: None,
        origin: None,
        text: Some(kind.full_access().to_owned()),
        aws_managed: true,
    }
}

/// The types that the spec lists; without a list, those of the policies that it attaches.
fn policy_types(desired: &Desired) -> BTreeSet<PolicyType> {
    let attached = desired
        .policies
        .values()
        .filter(|policy| policy.attach.as_ref().is_some_and(|targets| !targets.is_empty()))
        .map(|policy| policy.policy_type);
    let listed = desired
        .organization
        .iter()
        .flat_map(|organization| &organization.policy_types);
    attached.chain(listed.copied()).collect()
}
