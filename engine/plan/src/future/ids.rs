//! Ids of declared objects, and what stands for those that AWS has yet to assign.

use crate::pair::Pairs;
use lz_model::address::Address;
use lz_model::desired::Desired;
use lz_model::live::LiveOrganization;
use lz_model::text::{Attribute, Hole, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Ids and ARNs by address. Unknown ones are made up in AWS's forms (aws-facts section 1.2), so that documents and
/// requests that name them agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    organization: String,
    /// Whether there is an organization already.
    exists: bool,
    management: String,
    root: String,
    ids: BTreeMap<Address, String>,
    made_up: BTreeSet<Address>,
}

impl Ids {
    /// Returns what the spec and, where there is one, the live organization know.
    pub(crate) fn new(desired: &Desired, live: Option<&LiveOrganization>, pairs: &Pairs) -> Self {
        let mut ids = BTreeMap::new();
        let mut made_up = BTreeSet::new();
        let taken: BTreeSet<&str> = desired
            .accounts
            .values()
            .filter_map(|account| account.id.as_ref())
            .map(lz_model::id::AccountId::as_str)
            .chain(
                live.into_iter()
                    .flat_map(|live| live.accounts.keys().map(lz_model::id::AccountId::as_str)),
            )
            .collect();
        let mut free = (1_u64..)
            .map(|number| format!("{number:012}"))
            .filter(|id| !taken.contains(id.as_str()));
        for (name, account) in &desired.accounts {
            let address = Address::Account(name.clone());
            let found = pairs.accounts.get(name).map(|found| found.id.to_string());
            let id = found.or_else(|| account.id.as_ref().map(ToString::to_string));
            let id = id.or_else(|| {
                made_up.insert(address.clone());
                free.next()
            });
            ids.insert(address, id.unwrap_or_default());
        }
        for (number, (ou, wanted)) in desired.ous.iter().enumerate() {
            let address = Address::Ou(ou.clone());
            let found = pairs.ous.get(ou).map(|found| found.id.to_string());
            let id = found.or_else(|| wanted.id.as_ref().map(ToString::to_string));
            let id = id.unwrap_or_else(|| {
                made_up.insert(address.clone());
                format!("ou-0000-{number:08}")
            });
            ids.insert(address, id);
        }
        for (number, name) in desired.policies.keys().enumerate() {
            let found = pairs.policies.get(name).map(|found| found.id.to_string());
            let address = Address::Policy(name.clone());
            if found.is_none() {
                made_up.insert(address.clone());
            }
            ids.insert(address, found.unwrap_or_else(|| format!("p-{number:08}")));
        }
        let management = live.map(|live| &live.management_account);
        let management = management.or(desired.zone.management_account.as_ref());
        Self {
            organization: live.map_or_else(|| "o-0000000000".to_owned(), |live| live.id.to_string()),
            exists: live.is_some(),
            management: management.map_or_else(|| "000000000000".to_owned(), ToString::to_string),
            root: live.map_or_else(|| "r-0000".to_owned(), |live| live.root.id.to_string()),
            ids,
            made_up,
        }
    }

    /// Returns the organization's id.
    #[must_use]
    pub fn organization(&self) -> &str {
        &self.organization
    }

    /// Returns the management account's id.
    #[must_use]
    pub fn management(&self) -> &str {
        &self.management
    }

    /// Returns the root's id.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Returns whether something stands for the id of an object that AWS has yet to assign.
    #[must_use]
    pub fn is_made_up(&self, address: &Address) -> bool {
        self.made_up.contains(address)
    }

    /// Returns the id of an object, or what stands for it.
    #[must_use]
    pub fn id(&self, address: &Address) -> String {
        match address {
            Address::Organization => self.organization.clone(),
            Address::Root => self.root.clone(),
            Address::Account(_)
            | Address::Ou(_)
            | Address::Policy(_)
            | Address::PolicyType(_)
            | Address::TrustedService(_)
            | Address::DelegatedAdmin(_)
            | Address::StackSet(_)
            | Address::Stack(_)
            | Address::PermissionSet(_)
            | Address::Assignment(_)
            | Address::ControlTower
            | Address::Baseline(_)
            | Address::Control(_) => self
                .ids
                .get(address)
                .cloned()
                .unwrap_or_else(|| format!("known-after-apply-{}", address.to_tag())),
        }
    }

    /// ARNs of Organizations (aws-facts section 1.2).
    fn arn(&self, address: &Address) -> String {
        let (management, organization) = (&self.management, &self.organization);
        let rest = match address {
            Address::Organization => format!("organization/{organization}"),
            Address::Root => format!("root/{organization}/{}", self.root),
            Address::Account(_) => format!("account/{organization}/{}", self.id(address)),
            Address::Ou(_) => format!("ou/{organization}/{}", self.id(address)),
            Address::Policy(_) => format!("policy/{organization}/{}", self.id(address)),
            Address::PolicyType(_)
            | Address::TrustedService(_)
            | Address::DelegatedAdmin(_)
            | Address::StackSet(_)
            | Address::Stack(_)
            | Address::PermissionSet(_)
            | Address::Assignment(_)
            | Address::ControlTower
            | Address::Baseline(_)
            | Address::Control(_) => return self.id(address),
        };
        format!("arn:aws:organizations::{management}:{rest}")
    }

    /// Returns what goes into a hole.
    #[must_use]
    pub fn value(&self, hole: &Hole) -> String {
        match hole.attribute {
            Attribute::Id => self.id(&hole.address),
            Attribute::Arn => self.arn(&hole.address),
        }
    }

    /// Returns what goes into a hole, if AWS has assigned it.
    #[must_use]
    pub fn assigned(&self, hole: &Hole) -> Option<String> {
        let address = &hole.address;
        let fixed = matches!(address, Address::Organization | Address::Root);
        let known = self.exists && (fixed || (self.ids.contains_key(address) && !self.is_made_up(address)));
        known.then(|| self.value(hole))
    }

    /// Returns a text with every hole filled.
    #[must_use]
    pub fn filled(&self, text: &Text) -> String {
        let filled = text.fill(|hole| Some(self.value(hole)));
        filled.known().unwrap_or_default().to_owned()
    }
}
