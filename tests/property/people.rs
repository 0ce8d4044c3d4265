//! People and the accounts' own settings at random: permission sets, who has them where, contacts.

use crate::generate::pick;
use lz_model::address::{Name, OuAddress};
use lz_model::desired::{
    AccessUnit, DesiredAccount, DesiredAssignment, DesiredGrants, DesiredIdentity, DesiredPermissionSet,
};
use lz_model::identity::{Principal, PrincipalKind};
use lz_model::settings::{Contact, ContactKind};
use lz_model::text::Text;
use lz_tests::World;
use lz_tests::people::arrive;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What Identity Center and contacts need from the organization.
pub(crate) const SERVICES: [&str; 2] = ["sso.amazonaws.com", "account.amazonaws.com"];
const SETS: [&str; 3] = ["admin", "build", "look"];
const ASSIGNMENTS: [&str; 3] = ["one", "two", "three"];
const GROUPS: [&str; 2] = ["builders", "auditors"];
const USERS: [&str; 1] = ["eve"];
const POLICIES: [&str; 2] = ["PowerUserAccess", "ReadOnlyAccess"];

/// People in numbers.
#[derive(Debug, Clone)]
pub(crate) struct PeopleNumbers {
    /// For each permission set: whether it is declared, which policies it has, whether it has one of its own, how long
    /// a session is, whether it has a tag.
    sets: Vec<(bool, u8, bool, Option<u8>, bool)>,
    /// For each assignment: whether it is declared, its set, its principals, its places.
    assignments: Vec<(bool, usize, u8, u16)>,
    /// For each account: which contacts it has, and whose.
    pub(crate) contacts: Vec<(u8, bool)>,
}

pub(crate) fn numbers(accounts: usize) -> impl Strategy<Value = PeopleNumbers> {
    let set = (
        any::<bool>(),
        any::<u8>(),
        any::<bool>(),
        proptest::option::of(1_u8..12),
        any::<bool>(),
    );
    let assignment = (any::<bool>(), any::<usize>(), 1_u8..8, any::<u16>());
    // Contacts are rare, so that most cases are about something else.
    let contacts = (any::<u8>(), any::<u8>(), any::<bool>()).prop_map(|(a, b, whose)| (a & b & 7, whose));
    (
        proptest::collection::vec(set, SETS.len()),
        proptest::collection::vec(assignment, ASSIGNMENTS.len()),
        proptest::collection::vec(contacts, accounts),
    )
        .prop_map(|(sets, assignments, contacts)| PeopleNumbers {
            sets,
            assignments,
            contacts,
        })
}

impl PeopleNumbers {
    /// Takes some parts from others.
    pub(crate) fn change(&mut self, other: &Self, changes: &mut impl FnMut() -> bool) {
        for (old, new) in self.sets.iter_mut().zip(&other.sets) {
            if changes() {
                *old = *new;
            }
        }
        for (old, new) in self.assignments.iter_mut().zip(&other.assignments) {
            if changes() {
                *old = *new;
            }
        }
        for (old, new) in self.contacts.iter_mut().zip(&other.contacts) {
            if changes() {
                *old = *new;
            }
        }
    }

    pub(crate) fn identity(&self, places: &[OuAddress], accounts: &[Name]) -> DesiredIdentity {
        let sets = SETS.iter().zip(&self.sets);
        let sets: BTreeMap<Name, DesiredPermissionSet> = sets
            .filter(|(_, (declared, ..))| *declared)
            .map(|(label, (_, managed, inline, hours, tagged))| {
                (Name::new(*label), set(label, *managed, *inline, *hours, *tagged))
            })
            .collect();
        let names: Vec<Name> = sets.keys().cloned().collect();
        let assignments = ASSIGNMENTS.iter().zip(&self.assignments);
        let assignments = assignments.filter_map(|(label, (declared, set, principals, at))| {
            let set = pick(&names, *set).filter(|_| *declared)?.clone();
            let (units, accounts) = at_places(*at, places, accounts);
            let assignment = DesiredAssignment {
                set,
                principals: principals_of(*principals),
                accounts,
                units,
            };
            let somewhere = !assignment.accounts.is_empty() || !assignment.units.is_empty();
            somewhere.then(|| (Name::new(*label), assignment))
        });
        DesiredIdentity {
            region: "us-east-1".parse().unwrap(),
            instance: None,
            assignments: assignments.collect(),
            sets,
        }
    }
}

fn set(label: &str, managed: u8, inline: bool, hours: Option<u8>, tagged: bool) -> DesiredPermissionSet {
    let managed = POLICIES
        .iter()
        .enumerate()
        .filter(|(bit, _)| managed & (1 << bit) != 0);
    let inline = inline.then(|| {
        Text::literal(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#
                .to_owned(),
        )
    });
    DesiredPermissionSet {
        name: label.to_uppercase(),
        description: None,
        session_seconds: hours.map(|hours| u32::from(hours) * 3_600),
        relay_state: None,
        grants: DesiredGrants {
            managed: managed
                .map(|(_, name)| format!("arn:aws:iam::aws:policy/{name}").parse().unwrap())
                .collect(),
            customer: BTreeSet::new(),
            inline,
            boundary: None,
        },
        tags: tagged.then(|| BTreeMap::from([("owner".to_owned(), Text::literal("ann".to_owned()))])),
    }
}

fn principals_of(bits: u8) -> BTreeSet<Principal> {
    let groups = GROUPS.iter().map(|name| (PrincipalKind::Group, name));
    let all = groups.chain(USERS.iter().map(|name| (PrincipalKind::User, name)));
    all.enumerate()
        .filter(|(bit, _)| bits & (1 << bit) != 0)
        .map(|(_, (kind, name))| Principal {
            kind,
            name: (*name).to_owned(),
        })
        .collect()
}

fn at_places(bits: u16, places: &[OuAddress], accounts: &[Name]) -> (BTreeSet<AccessUnit>, BTreeSet<Name>) {
    let units = std::iter::once(AccessUnit::Root).chain(places.iter().cloned().map(AccessUnit::Ou));
    let wanted = |bit: usize| bits & (1 << (bit % 16)) != 0;
    let units: Vec<AccessUnit> = units.collect();
    let named = accounts
        .iter()
        .enumerate()
        .filter(|(bit, _)| wanted(bit + units.len()));
    let named = named.map(|(_, name)| name.clone()).collect();
    let units = units
        .iter()
        .enumerate()
        .filter(|(bit, _)| wanted(*bit))
        .map(|(_, unit)| unit.clone());
    (units.collect(), named)
}

/// Gives an account its contacts.
pub(crate) fn reach(account: &mut DesiredAccount, (kinds, second): (u8, bool)) {
    let name = if second { "Bob" } else { "Ann" };
    for (bit, kind) in ContactKind::ALL.into_iter().enumerate() {
        if kinds & (1 << bit) != 0 {
            let contact = Contact {
                name: name.to_owned(),
                title: "On call".to_owned(),
                email: format!("{}@example.com", name.to_lowercase()),
                phone: "+1-555-0100".to_owned(),
            };
            account.settings.contacts.insert(kind, contact);
        }
    }
}

/// Puts everybody into the identity store.
pub(crate) async fn come(world: &World) {
    arrive(world, &GROUPS, &USERS).await;
}
