//! Where an account or an OU stands: its path, every policy on it, what is denied there and why, how much room is left,
//! what it administers, and the tests that speak of it. [`of`] puts it together for people.

use crate::future::{Attached, Future, Node, NodeKind};
use crate::testing::{self, Outcome};
use lz_model::address::Address;
use lz_model::desired::{Desired, Origin};
use lz_model::live::LiveOrganization;
use lz_model::policy_type::PolicyType;
use lz_policy::compare::{Comparer, Difference, Levels, sentences};
use lz_policy::language::{Kind, Policy};
use lz_policy::limits::Limits;
use std::collections::{BTreeMap, BTreeSet};

/// Where an account or an OU stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The levels, from the root down to the account or OU.
    pub levels: Vec<Level>,
    /// Whether control policies bind it; they never bind the management account.
    pub bound: bool,
    /// What is denied, shortest first; `None` where the policies are too complex to say.
    pub denied: Option<Vec<Denied>>,
    /// What is allowed at most, in words, shortest first; `None` where every level allows everything.
    pub allowed: Option<Vec<String>>,
    /// Control policies on the path that cannot be read, by name: they count as if they were not there.
    pub unread: Vec<String>,
    /// Services that the account administers for the organization.
    pub administers: Vec<String>,
    /// The tests that speak of it, and how they come out.
    pub tests: Vec<Outcome>,
    /// How many accounts lie below; 1 for an account.
    pub accounts: usize,
}

/// Something that a policy denies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Denied {
    /// What, in words: `s3:GetObject on * unless the caller matches role/lz-*`.
    pub what: String,
    /// The policy's name in AWS.
    pub policy: String,
    /// The level that it is attached to; the first, if there are several.
    pub level: String,
}

/// The root, an OU or the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// What people call it.
    pub title: String,
    /// What it is.
    pub kind: NodeKind,
    /// The address that declares it, if the spec does.
    pub address: Option<Address>,
    /// Its id, once AWS has assigned one.
    pub id: Option<String>,
    /// The policies attached to it.
    pub policies: Vec<OnLevel>,
    /// How much room is left, for each policy type that is on and has policies somewhere.
    pub room: Vec<Room>,
}

/// A policy on a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnLevel {
    /// Its name in AWS.
    pub name: String,
    /// Its type.
    pub policy_type: PolicyType,
    /// The address that declares it, if the spec does.
    pub address: Option<Address>,
    /// Where it is declared.
    pub origin: Option<Origin>,
    /// Characters of its document; `None` if it was not read.
    pub characters: Option<usize>,
    /// Whether it is AWS's own.
    pub aws_managed: bool,
}

/// The room that one target has for policies of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The type.
    pub policy_type: PolicyType,
    /// Policies attached, AWS's own included.
    pub attached: usize,
    /// The most that AWS takes.
    pub most: usize,
    /// Characters that are free: in the policies there that are not AWS's, and in those that could still come.
    pub characters_left: usize,
}

/// Returns where a declared account or OU, or the root, stands. `live` tells who administers what without the spec.
/// Packs must be expanded.
#[must_use]
pub fn of(
    desired: &Desired,
    future: &Future,
    live: Option<&LiveOrganization>,
    address: &Address,
) -> Option<Standing> {
    let node = future.node(address)?;
    let path = future.path(node);
    let mut unread = BTreeSet::new();
    let effect = effect(future, &path, &mut unread);
    let bound = !future.is_management(node);
    let (denied, allowed) = match effect {
        Some(effect) if bound => (Some(effect.denied), effect.allowed),
        Some(_) => (Some(Vec::new()), None),
        None => (None, None),
    };
    Some(Standing {
        levels: path.iter().map(|node| level(future, node)).collect(),
        bound,
        denied,
        allowed,
        unread: unread.into_iter().collect(),
        administers: administers(desired, future, live, node),
        tests: tests(desired, future, &path),
        accounts: future.accounts_below(node).len(),
    })
}

fn level(future: &Future, node: &Node) -> Level {
    let attached = future.attached(node);
    let policies = attached.iter().map(|policy| OnLevel {
        name: policy.name.clone(),
        policy_type: policy.policy_type,
        address: policy.address.clone(),
        origin: policy.origin.clone(),
        characters: policy.text.as_ref().map(|text| text.chars().count()),
        aws_managed: policy.aws_managed,
    });
    let policies = policies.collect();
    let types: BTreeSet<PolicyType> = PolicyType::ALL
        .into_iter()
        .filter(|policy_type| future.is_on(*policy_type))
        .collect();
    Level {
        title: node.title.clone(),
        kind: node.kind,
        address: node.address.clone(),
        id: node.id.clone(),
        policies,
        room: types
            .into_iter()
            .map(|policy_type| room(policy_type, &attached))
            .collect(),
    }
}

/// Every policy counts, AWS's own too (aws-facts section 5).
fn room(policy_type: PolicyType, attached: &[&Attached]) -> Room {
    let limits = Limits::current().of(policy_type);
    let here: Vec<_> = attached
        .iter()
        .filter(|policy| policy.policy_type == policy_type)
        .collect();
    let free = limits.per_target.saturating_sub(here.len()) * limits.characters;
    let rest: usize = here
        .iter()
        .filter(|policy| !policy.aws_managed)
        .filter_map(|policy| policy.text.as_ref())
        .map(|text| limits.characters.saturating_sub(text.chars().count()))
        .sum();
    Room {
        policy_type,
        attached: here.len(),
        most: limits.per_target,
        characters_left: free + rest,
    }
}

/// What the policies of a path do.
struct Effect {
    denied: Vec<Denied>,
    allowed: Option<Vec<String>>,
}

/// Compares each policy with none, and the path, where a level does not allow everything, with one that allows
/// nothing.
fn effect(future: &Future, path: &[&Node], unread: &mut BTreeSet<String>) -> Option<Effect> {
    let mut policies = vec![full_access()?];
    let (mut here, mut shut) = (Levels::new(), Levels::new());
    let mut named: Vec<(usize, &str, &str)> = Vec::new();
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let guarded = future.is_on(PolicyType::Scp);
    let mut lists = false;
    for node in path {
        let mut level = Vec::new();
        let mut full = false;
        for (key, attached) in future.keys(node) {
            let Some(kind) = Kind::of_type(attached.policy_type) else {
                continue;
            };
            if attached.aws_managed && attached.policy_type == PolicyType::Scp {
                full = true;
            }
            let read = attached
                .text
                .as_ref()
                .and_then(|text| Policy::parse(kind, text).ok());
            let Some(policy) = read else {
                unread.insert(attached.name.clone());
                continue;
            };
            let number = *numbers.entry(key).or_insert_with(|| {
                policies.push(policy);
                named.push((policies.len() - 1, &attached.name, &node.title));
                policies.len() - 1
            });
            level.push(number);
        }
        // A path without service control policies is one where they are off: then everything is allowed.
        if !guarded {
            level.push(0);
        } else if !full {
            lists = true;
        }
        here.push(level);
        shut.push(Vec::new());
    }
    let mut comparer = Comparer::new(policies);
    let mut denied = Vec::new();
    for (number, policy, level) in named {
        let difference = comparer.compare(&vec![vec![0]], &vec![vec![0, number]]).ok()?;
        let lost = Difference {
            lost: difference.lost,
            gained: Vec::new(),
        };
        denied.extend(words(&lost).into_iter().map(|what| Denied {
            what,
            policy: policy.to_owned(),
            level: level.to_owned(),
        }));
    }
    denied.sort_by(|a, b| (a.what.chars().count(), a).cmp(&(b.what.chars().count(), b)));
    let allowed = if lists {
        let gained = comparer.compare(&shut, &here).ok()?;
        Some(words(&Difference {
            lost: Vec::new(),
            gained: gained.gained,
        }))
    } else {
        None
    };
    Some(Effect { denied, allowed })
}

fn full_access() -> Option<Policy> {
    Policy::parse(Kind::Scp, Kind::Scp.full_access()).ok()
}

/// Returns sentences without their verb: `lose s3:GetObject on *` is `s3:GetObject on *`.
fn words(difference: &Difference) -> Vec<String> {
    let bare = |sentence: String| {
        ["possibly ", ""]
            .iter()
            .find_map(|possibly| {
                let rest = sentence.strip_prefix(possibly)?;
                let rest = rest
                    .strip_prefix("lose ")
                    .or_else(|| rest.strip_prefix("gain "))?;
                Some(format!("{possibly}{rest}"))
            })
            .unwrap_or(sentence)
    };
    let mut words: Vec<String> = sentences(difference).into_iter().map(bare).collect();
    words.sort_by(|a, b| (a.chars().count(), a).cmp(&(b.chars().count(), b)));
    words
}

fn administers(
    desired: &Desired,
    future: &Future,
    live: Option<&LiveOrganization>,
    node: &Node,
) -> Vec<String> {
    let Some(Address::Account(name)) = &node.address else {
        return Vec::new();
    };
    let declared = desired
        .delegated_admins
        .iter()
        .filter(|(_, admin)| admin.account == *name)
        .map(|(service, _)| service.to_string());
    let id = future.id_of(node);
    let found = live
        .into_iter()
        .flat_map(|live| &live.delegated_admins)
        .filter(|(_, accounts)| accounts.iter().any(|account| account.as_str() == id))
        .map(|(service, _)| service.to_string());
    let all: BTreeSet<String> = declared.chain(found).collect();
    all.into_iter().collect()
}

/// Returns the tests whose targets lie on the path.
fn tests(desired: &Desired, future: &Future, path: &[&Node]) -> Vec<Outcome> {
    let on_path: BTreeSet<&Address> = path.iter().filter_map(|node| node.address.as_ref()).collect();
    let mut fewer = desired.clone();
    fewer.tests.retain(|test| {
        test.targets
            .iter()
            .any(|target| on_path.contains(&target.address()))
    });
    testing::run(&fewer, future, "")
}
