//! The live organization as a tree, with marks for what a landing zone manages.

use crate::answer::{Node, NodeKind, Tree};
use lz_model::address::Address;
use lz_model::id::{ParentId, TargetId};
use lz_model::live::{AccountState, Live, LiveAccount, LiveOrganization, LiveOu, LiveTags};
use std::collections::BTreeMap;

/// Returns the tree. What carries the tags of `zone` is marked; of any landing zone where no zone is named.
pub(crate) fn tree(live: &Live, zone: Option<&str>) -> Tree {
    let Some(organization) = &live.organization else {
        return Tree {
            organization: None,
            account: live.caller.account.to_string(),
            policy_types: Vec::new(),
            trusted_services: Vec::new(),
            delegated_admins: Vec::new(),
            root: None,
        };
    };
    let admins = organization.delegated_admins.iter();
    let admins = admins.flat_map(|(service, ids)| ids.iter().map(move |id| format!("{service} {id}")));
    Tree {
        organization: Some(organization.id.to_string()),
        account: organization.management_account.to_string(),
        policy_types: organization
            .root
            .policy_types
            .keys()
            .map(ToString::to_string)
            .collect(),
        trusted_services: organization
            .trusted_services
            .iter()
            .map(ToString::to_string)
            .collect(),
        delegated_admins: admins.collect(),
        root: Some(Builder::new(organization, zone).root()),
    }
}

struct Builder<'a> {
    live: &'a LiveOrganization,
    zone: Option<&'a str>,
    ous: BTreeMap<&'a ParentId, Vec<&'a LiveOu>>,
    accounts: BTreeMap<&'a ParentId, Vec<&'a LiveAccount>>,
    policies: BTreeMap<&'a TargetId, (Vec<String>, Vec<String>)>,
}

impl<'a> Builder<'a> {
    fn new(live: &'a LiveOrganization, zone: Option<&'a str>) -> Self {
        let mut ous: BTreeMap<_, Vec<_>> = BTreeMap::new();
        live.ous
            .values()
            .for_each(|ou| ous.entry(&ou.parent).or_default().push(ou));
        let mut accounts: BTreeMap<_, Vec<_>> = BTreeMap::new();
        live.accounts
            .values()
            .for_each(|account| accounts.entry(&account.parent).or_default().push(account));
        let mut policies: BTreeMap<_, (Vec<_>, Vec<_>)> = BTreeMap::new();
        for policy in live.policies.values() {
            for target in &policy.targets {
                let (own, aws) = policies.entry(target).or_default();
                let list = if policy.aws_managed { aws } else { own };
                list.push(format!("{} {}", policy.policy_type, policy.name));
            }
        }
        ous.values_mut()
            .for_each(|ous| ous.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id))));
        accounts
            .values_mut()
            .for_each(|list| list.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id))));
        policies.values_mut().for_each(|(own, aws)| {
            own.sort();
            aws.sort();
        });
        Self {
            live,
            zone,
            ous,
            accounts,
            policies,
        }
    }

    fn root(&self) -> Node {
        let root = &self.live.root;
        let at = ParentId::Root(root.id.clone());
        let mut node = self.node(NodeKind::Root, &TargetId::Root(root.id.clone()), "Root");
        node.children = self.children(&at);
        node
    }

    fn children(&self, parent: &ParentId) -> Vec<Node> {
        let ous = self.ous.get(parent).into_iter().flatten().map(|ou| {
            let mut node = self.node(NodeKind::Ou, &TargetId::Ou(ou.id.clone()), &ou.name);
            node.address = self.address(&ou.tags);
            node.children = self.children(&ParentId::Ou(ou.id.clone()));
            node
        });
        let accounts = self.accounts.get(parent).into_iter().flatten().map(|account| {
            let target = TargetId::Account(account.id.clone());
            let mut node = self.node(NodeKind::Account, &target, &account.name);
            node.address = self.address(&account.tags);
            node.notes = self.notes(account);
            node
        });
        ous.chain(accounts).collect()
    }

    fn node(&self, kind: NodeKind, target: &TargetId, name: &str) -> Node {
        let (policies, aws_policies) = self.policies.get(target).cloned().unwrap_or_default();
        Node {
            kind,
            id: target.as_str().to_owned(),
            name: name.to_owned(),
            address: None,
            notes: Vec::new(),
            policies,
            aws_policies,
            children: Vec::new(),
        }
    }

    fn notes(&self, account: &LiveAccount) -> Vec<String> {
        let state = match account.state {
            AccountState::Active => None,
            AccountState::PendingActivation => Some("not usable yet"),
            AccountState::Suspended => Some("suspended"),
            AccountState::PendingClosure => Some("being closed"),
            AccountState::Closed => Some("closed"),
        };
        let management = (account.id == self.live.management_account).then_some("management account");
        [Some(account.email.as_str()), management, state]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect()
    }

    fn address(&self, tags: &LiveTags) -> Option<String> {
        let zone = tags.get(lz_plan::ZONE_TAG)?;
        if self.zone.is_some_and(|wanted| wanted != zone) {
            return None;
        }
        let tag = tags.get(lz_plan::ADDRESS_TAG)?;
        Some(Address::from_tag(tag).map_or_else(|| tag.clone(), |address| address.to_string()))
    }
}
