//! Specs at random: small, legal, and full of the edits that matter.

use crate::people::{self, PeopleNumbers};
use crate::sets::{self, SetNumbers};
use lz_model::address::{Address, Name, OuAddress};
use lz_model::desired::{
    Desired, DesiredAccount, DesiredAdmin, DesiredOrganization, DesiredOu, DesiredParent, DesiredPolicy,
    DesiredSettings, DesiredTarget, Exclusive, Moved, Removal, Removed,
};
use lz_model::id::Region;
use lz_model::policy_type::PolicyType;
use lz_model::text::Text;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A spec and an edit of it.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) first: Desired,
    pub(crate) second: Desired,
}

/// Actions that generated policies deny.
pub(crate) const ACTIONS: [&str; 5] = ["s3:*", "ec2:*", "iam:*", "sts:*", "kms:*"];
const OUS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const ACCOUNTS: [&str; 5] = ["u", "v", "w", "x", "y"];
const POLICIES: [&str; 4] = ["p", "q", "r", "s"];
const SERVICES: [&str; 2] = [BY_REGION, "config.amazonaws.com"];
/// The service that has administrators by Region, through its own API.
const BY_REGION: &str = "guardduty.amazonaws.com";
/// The label and the name of the OU for suspended accounts.
const HELD: &str = "held";

/// One spec in numbers; everything is taken modulo what exists.
#[derive(Debug, Clone)]
struct Numbers {
    /// For each OU: whether it is declared, its parent, its name's variant.
    ous: Vec<(bool, usize, bool)>,
    /// For each account: whether it is declared, its parent, its tag.
    accounts: Vec<(bool, usize, Option<u8>)>,
    /// For each policy: whether it is declared, the actions that it denies, its targets, whether it is an RCP.
    policies: Vec<(bool, u8, u16, bool)>,
    admins: Vec<Option<usize>>,
    sets: Vec<SetNumbers>,
    people: PeopleNumbers,
}

fn numbers() -> impl Strategy<Value = Numbers> {
    (
        proptest::collection::vec((any::<bool>(), any::<usize>(), any::<bool>()), OUS.len()),
        proptest::collection::vec(
            (
                proptest::bool::weighted(0.8),
                any::<usize>(),
                proptest::option::of(any::<u8>()),
            ),
            ACCOUNTS.len(),
        ),
        proptest::collection::vec(
            (
                proptest::bool::weighted(0.7),
                1_u8..32,
                any::<u16>(),
                proptest::bool::weighted(0.2),
            ),
            POLICIES.len(),
        ),
        proptest::collection::vec(proptest::option::of(any::<usize>()), SERVICES.len()),
        sets::numbers(),
        people::numbers(ACCOUNTS.len()),
    )
        .prop_map(|(ous, accounts, policies, admins, sets, people)| Numbers {
            ous,
            accounts,
            policies,
            admins,
            sets,
            people,
        })
}

/// What both specs of a pair have.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Whether anything is said about people. They must be there before, and an organization before them.
    people: bool,
    /// Whether there is an OU for suspended accounts.
    holds: bool,
}

/// A spec and an edit: some parts are thrown anew, the rest stays.
pub(crate) fn pair() -> impl Strategy<Value = Pair> {
    let frame = (any::<bool>(), any::<bool>()).prop_map(|(people, holds)| Frame { people, holds });
    (numbers(), numbers(), any::<u64>(), frame).prop_map(|(first, other, keep, frame)| {
        let mut second = first.clone();
        let mut bit = 0;
        let mut changes = || {
            bit += 1;
            keep & (1 << (bit % 64)) != 0
        };
        for (old, new) in second.ous.iter_mut().zip(&other.ous).filter(|_| changes()) {
            *old = *new;
        }
        for (old, new) in second
            .accounts
            .iter_mut()
            .zip(&other.accounts)
            .filter(|_| changes())
        {
            *old = *new;
        }
        for (old, new) in second
            .policies
            .iter_mut()
            .zip(&other.policies)
            .filter(|_| changes())
        {
            *old = *new;
        }
        for (old, new) in second.admins.iter_mut().zip(&other.admins).filter(|_| changes()) {
            *old = *new;
        }
        for (old, new) in second.sets.iter_mut().zip(&other.sets).filter(|_| changes()) {
            *old = new.clone();
        }
        second.people.change(&other.people, &mut changes);
        let first = build(&first, frame);
        let second = follow(&first, build(&second, frame), frame);
        Pair { first, second }
    })
}

fn build(numbers: &Numbers, frame: Frame) -> Desired {
    let mut ous = ous(&numbers.ous);
    let places: Vec<OuAddress> = ous.keys().cloned().collect();
    let mut accounts = accounts(&numbers.accounts, &places);
    for (account, contacts) in accounts.values_mut().zip(&numbers.people.contacts) {
        people::reach(account, *contacts);
    }
    let names: Vec<Name> = accounts.keys().cloned().collect();
    let mut policies = policies(&numbers.policies, &places, &names);
    if frame.holds {
        ous.insert(held(), ou(HELD.to_owned()));
        policies.insert(Name::new(HELD), deny_everything());
    }
    let admins = numbers
        .admins
        .iter()
        .zip(SERVICES)
        .filter_map(|(account, service)| {
            let account = pick(&names, (*account)?)?.clone();
            Some((
                service.parse().unwrap(),
                DesiredAdmin {
                    account,
                    regions: if service == BY_REGION {
                        regions()
                    } else {
                        Vec::new()
                    },
                },
            ))
        });
    Desired {
        organization: Some(DesiredOrganization {
            policy_types: BTreeSet::from([PolicyType::Scp, PolicyType::Rcp]),
            trusted_services: SERVICES
                .iter()
                .chain(&[sets::SERVICE])
                .chain(&people::SERVICES)
                .map(|service| service.parse().unwrap())
                .collect(),
            exclusive: BTreeSet::from([Exclusive::Assignments]),
            root_access: BTreeMap::new(),
        }),
        stack_sets: sets::sets(&numbers.sets, &places, &names),
        ous,
        accounts,
        policies,
        delegated_admins: admins.collect(),
        identity: frame.people.then(|| numbers.people.identity(&places, &names)),
        ..Desired::nothing("random")
    }
}

fn regions() -> Vec<Region> {
    ["us-east-1", "eu-central-1"]
        .map(|region| region.parse().unwrap())
        .to_vec()
}

/// The OU for suspended accounts.
fn held() -> OuAddress {
    OuAddress::top(Name::new(HELD))
}

fn deny_everything() -> DesiredPolicy {
    DesiredPolicy {
        policy_type: PolicyType::Scp,
        name: HELD.to_owned(),
        description: None,
        id: None,
        content: Text::literal(document(PolicyType::Scp, &["*"])),
        attach: Some([DesiredTarget::Ou(held())].into()),
        tags: None,
    }
}

pub(crate) fn pick<T>(list: &[T], number: usize) -> Option<&T> {
    if list.is_empty() {
        None
    } else {
        list.get(number % list.len())
    }
}

/// An OU lies in the root or in one with an earlier label, so there are no circles; at most three deep.
fn ous(numbers: &[(bool, usize, bool)]) -> BTreeMap<OuAddress, DesiredOu> {
    let mut ous = BTreeMap::new();
    let mut places: Vec<OuAddress> = Vec::new();
    for (label, (declared, parent, variant)) in OUS.iter().zip(numbers) {
        if !declared {
            continue;
        }
        let parents: Vec<Option<&OuAddress>> = std::iter::once(None)
            .chain(places.iter().filter(|ou| ou.depth() < 3).map(Some))
            .collect();
        let name = Name::new(*label);
        let address = match pick(&parents, *parent).copied().flatten() {
            None => OuAddress::top(name),
            Some(parent) => parent.child(name),
        };
        let shown = if *variant {
            label.to_uppercase()
        } else {
            format!("{label} renamed")
        };
        ous.insert(address.clone(), ou(shown));
        places.push(address);
    }
    ous
}

fn ou(name: String) -> DesiredOu {
    DesiredOu {
        name,
        id: None,
        tags: None,
        full_access: None,
    }
}

fn accounts(numbers: &[(bool, usize, Option<u8>)], places: &[OuAddress]) -> BTreeMap<Name, DesiredAccount> {
    let mut accounts = BTreeMap::new();
    for (label, (declared, parent, tag)) in ACCOUNTS.iter().zip(numbers) {
        if !declared {
            continue;
        }
        let parents: Vec<DesiredParent> = std::iter::once(DesiredParent::Root)
            .chain(places.iter().cloned().map(DesiredParent::Ou))
            .collect();
        let tags = tag.map(|tag| BTreeMap::from([("number".to_owned(), Text::literal(tag.to_string()))]));
        let account = DesiredAccount {
            name: label.to_uppercase(),
            email: format!("aws+{label}@example.com").parse().unwrap(),
            parent: pick(&parents, *parent).cloned(),
            id: None,
            tags,
            role_name: None,
            iam_user_access_to_billing: None,
            full_access: None,
            settings: DesiredSettings::default(),
            expires: None,
            invite: None,
        };
        accounts.insert(Name::new(*label), account);
    }
    accounts
}

fn policies(
    numbers: &[(bool, u8, u16, bool)],
    places: &[OuAddress],
    accounts: &[Name],
) -> BTreeMap<Name, DesiredPolicy> {
    let targets: Vec<DesiredTarget> = std::iter::once(DesiredTarget::Root)
        .chain(places.iter().cloned().map(DesiredTarget::Ou))
        .chain(accounts.iter().cloned().map(DesiredTarget::Account))
        .collect();
    let mut policies = BTreeMap::new();
    for (label, (declared, actions, attach, is_rcp)) in POLICIES.iter().zip(numbers) {
        if !declared {
            continue;
        }
        let policy_type = if *is_rcp { PolicyType::Rcp } else { PolicyType::Scp };
        let denied: Vec<&str> = ACTIONS
            .iter()
            .enumerate()
            .filter(|(bit, _)| actions & (1 << bit) != 0)
            .map(|(_, action)| *action)
            .collect();
        let attach = targets
            .iter()
            .enumerate()
            .filter(|(bit, _)| attach & (1 << (bit % 16)) != 0);
        let policy = DesiredPolicy {
            policy_type,
            name: label.to_uppercase(),
            description: None,
            id: None,
            content: Text::literal(document(policy_type, &denied)),
            attach: Some(attach.map(|(_, target)| target.clone()).collect()),
            tags: None,
        };
        policies.insert(Name::new(*label), policy);
    }
    policies
}

fn document(policy_type: PolicyType, actions: &[&str]) -> String {
    let principal = if policy_type == PolicyType::Rcp {
        r#""Principal":"*","#
    } else {
        ""
    };
    let statements: Vec<String> = actions
        .iter()
        .map(|action| format!(r#"{{"Effect":"Deny",{principal}"Action":"{action}","Resource":"*"}}"#))
        .collect();
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{}]}}"#,
        statements.join(",")
    )
}

/// Says of the second spec what became of the labels of the first.
fn follow(first: &Desired, mut second: Desired, frame: Frame) -> Desired {
    for from in first.ous.keys() {
        let to = second.ous.keys().find(|to| to.name() == from.name());
        if let Some(to) = to.filter(|to| *to != from) {
            second.moved.push(Moved {
                from: Address::Ou(from.clone()),
                to: Address::Ou(to.clone()),
            });
        }
    }
    for name in first
        .accounts
        .keys()
        .filter(|name| !second.accounts.contains_key(*name))
    {
        // Those with early labels are kept where there is a place for them.
        let suspended = frame.holds && ACCOUNTS.iter().take(3).any(|label| name.label == **label);
        second.removed.push(Removed {
            to: suspended.then(held),
            from: Address::Account(name.clone()),
            id: None,
            action: if suspended {
                Removal::Suspend
            } else {
                Removal::Close
            },
            origin: None,
        });
    }
    second
}
