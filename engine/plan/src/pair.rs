//! Pairing: which live object is which declared one. By id, else by tags, else by natural key (adoption).

mod account;
mod identity;
mod ou;
mod policy;
mod stack;

pub(crate) use stack::is_control_tower;

use crate::refusal::Problems;
use lz_model::address::{ADDRESS_TAG, Address, Name, OuAddress, ZONE_TAG};
use lz_model::desired::Desired;
use lz_model::id::{AccountId, Arn, OuId, PolicyId, Region};
use lz_model::live::{LiveOrganization, LiveTags};
use lz_model::stack::StackSetKey;
use std::collections::{BTreeMap, BTreeSet};

/// How a live object was recognized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    /// Its tags name the declaration.
    Tags,
    /// Its tags name a former label, and a `moved` block leads here.
    Moved(Address),
    /// It has no tags of lz; this is what identifies it.
    Key(&'static str),
}

/// A live object that belongs to a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<T> {
    pub(crate) id: T,
    pub(crate) by: By,
}

/// Why an OU that carries the landing zone's tags will go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Retired {
    /// The spec does not declare it any more.
    LeftSpec(OuAddress),
    /// The declaration lives elsewhere now: AWS cannot move an OU (rule R10).
    ReplacedBy(OuAddress),
}

/// Declared objects with their live counterparts, and live objects of the landing zone without one.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub(crate) ous: BTreeMap<OuAddress, Found<OuId>>,
    pub(crate) accounts: BTreeMap<Name, Found<AccountId>>,
    pub(crate) policies: BTreeMap<Name, Found<PolicyId>>,
    pub(crate) retired_ous: BTreeMap<OuId, Retired>,
    pub(crate) retired_policies: BTreeMap<PolicyId, Address>,
    pub(crate) orphan_accounts: BTreeMap<AccountId, Address>,
    pub(crate) stack_sets: BTreeMap<Name, StackSetKey>,
    pub(crate) retired_stack_sets: BTreeMap<StackSetKey, Address>,
    pub(crate) stacks: BTreeMap<Name, (Region, String)>,
    pub(crate) permission_sets: BTreeMap<Name, Found<Arn>>,
    pub(crate) retired_permission_sets: BTreeMap<Arn, Address>,
    pub(crate) retired_stacks: BTreeMap<(Region, String), Address>,
}

impl Pairs {
    /// Returns the live OUs that a declaration names.
    pub(crate) fn paired_ou_ids(&self) -> BTreeMap<&OuId, &OuAddress> {
        self.ous
            .iter()
            .map(|(address, found)| (&found.id, address))
            .collect()
    }

    /// Returns the live accounts that a declaration names.
    pub(crate) fn paired_account_ids(&self) -> BTreeMap<&AccountId, &Name> {
        self.accounts
            .iter()
            .map(|(name, found)| (&found.id, name))
            .collect()
    }

    /// Returns the live policies that a declaration names.
    pub(crate) fn paired_policy_ids(&self) -> BTreeMap<&PolicyId, &Name> {
        self.policies
            .iter()
            .map(|(name, found)| (&found.id, name))
            .collect()
    }
}

/// Pairs everything; adds a problem for each ambiguity.
pub(crate) fn pair(desired: &Desired, live: &LiveOrganization, problems: &mut Problems<'_>) -> Pairs {
    let owners = Owners::new(desired);
    let mut pairs = Pairs::default();
    ou::pair(desired, live, &owners, &mut pairs, problems);
    account::pair(desired, live, &owners, &mut pairs, problems);
    policy::pair(desired, live, &owners, &mut pairs, problems);
    stack::pair(desired, live, &owners, &mut pairs, problems);
    identity::pair(desired, live, &owners, &mut pairs, problems);
    pairs
}

/// Reads who owns a live object from its tags.
pub(crate) struct Owners<'a> {
    zone: &'a str,
    moved: BTreeMap<Address, Address>,
}

/// Who owns a live object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Nobody: it carries no tags of lz.
    Nobody,
    /// Another landing zone.
    Other(String),
    /// This landing zone, under this address; the second is the address in the tags if a `moved` block changed it.
    Us(Address, Option<Address>),
}

impl<'a> Owners<'a> {
    pub(crate) fn new(desired: &'a Desired) -> Self {
        let moved = desired
            .moved
            .iter()
            .map(|moved| (moved.from.clone(), moved.to.clone()))
            .collect();
        Self {
            zone: &desired.zone.name,
            moved,
        }
    }

    pub(crate) fn of(&self, tags: &LiveTags) -> Owner {
        let Some(zone) = tags.get(ZONE_TAG) else {
            return Owner::Nobody;
        };
        if zone != self.zone {
            return Owner::Other(zone.clone());
        }
        let Some(tagged) = tags.get(ADDRESS_TAG).and_then(|tag| Address::from_tag(tag)) else {
            return Owner::Nobody;
        };
        match self.forward(&tagged) {
            Some(now) => Owner::Us(now, Some(tagged)),
            None => Owner::Us(tagged, None),
        }
    }

    /// Follows `moved` blocks; a moved OU takes the OUs inside it along.
    fn forward(&self, address: &Address) -> Option<Address> {
        let mut now = None;
        let mut seen = BTreeSet::new();
        let mut at = address.clone();
        while seen.insert(at.clone()) {
            let Some(next) = self.moved.get(&at).cloned().or_else(|| self.forward_parent(&at)) else {
                break;
            };
            at = next;
            now = Some(at.clone());
        }
        now.filter(|to| to != address)
    }

    fn forward_parent(&self, address: &Address) -> Option<Address> {
        let Address::Ou(ou) = address else { return None };
        let parent = Address::Ou(ou.parent()?);
        let moved = self
            .moved
            .get(&parent)
            .cloned()
            .or_else(|| self.forward_parent(&parent))?;
        let Address::Ou(moved) = moved else { return None };
        Some(Address::Ou(moved.child(ou.name().clone())))
    }
}

/// Returns how an object is known whose id the spec gives: its tags may be right, out of date, or missing.
fn pinned(owner: Owner, address: &Address) -> By {
    match owner {
        Owner::Us(tagged, None) if tagged == *address => By::Tags,
        Owner::Us(_, Some(former)) => By::Moved(former),
        Owner::Us(tagged, None) => By::Moved(tagged),
        Owner::Nobody | Owner::Other(_) => By::Key("id"),
    }
}

/// What an adopted object must not be: another landing zone's, or this one's under a label that is gone.
pub(crate) fn refuse_foreign(
    owner: &Owner,
    address: &Address,
    what: &str,
    id: &str,
    problems: &mut Problems<'_>,
) -> bool {
    match owner {
        Owner::Nobody => false,
        Owner::Other(zone) => {
            problems.add(
                "foreign_zone",
                address.clone(),
                format!("{what} `{id}` belongs to the landing zone `{zone}`"),
                "declare it there, or give this object another name",
            );
            true
        }
        Owner::Us(other, _) if other == address => false,
        Owner::Us(other, _) => {
            problems.add(
                "label_changed",
                address.clone(),
                format!("{what} `{id}` is managed as `{other}`, which the spec does not declare any more"),
                format!(
                    "if it is the same object under a new label, say so:\n\
                     moved {{\n  from = {other}\n  to   = {address}\n}}"
                ),
            );
            true
        }
    }
}

/// Adds the problem that two live objects claim one declaration.
pub(crate) fn ambiguous(address: &Address, what: &str, ids: &[String], problems: &mut Problems<'_>) {
    problems.add(
        "ambiguous",
        address.clone(),
        format!("two or more {what} could be `{address}`: {}", ids.join(", ")),
        format!(
            "give the declaration the right one's `id`, and take the tag `{ADDRESS_TAG}` from the others"
        ),
    );
}
