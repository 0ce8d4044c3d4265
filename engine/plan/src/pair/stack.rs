//! Pairing stack sets and stacks: by Region and name, which AWS never lets change.
//!
//! A tag spreads to every stack of a set, so adoption has no step of its own: the tags come with the next change
//! of the definition, and a name in the spec is enough to make a set the landing zone's.

use super::{Owner, Owners, Pairs};
use crate::refusal::Problems;
use lz_model::address::{Address, Name};
use lz_model::desired::Desired;
use lz_model::live::LiveOrganization;
use lz_model::stack::StackSetKey;
use std::collections::BTreeMap;

/// What the names of Control Tower's own stack sets begin with (design section 4: never touched).
const CONTROL_TOWER: &str = "AWSControlTower";

pub(super) fn pair(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    pairs: &mut Pairs,
    problems: &mut Problems<'_>,
) {
    stack_sets(desired, live, owners, pairs, problems);
    stacks(desired, live, owners, pairs, problems);
}

/// Returns whether a stack set is Control Tower's own.
pub(crate) fn is_control_tower(name: &str) -> bool {
    name.starts_with(CONTROL_TOWER)
}

fn stack_sets(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    pairs: &mut Pairs,
    problems: &mut Problems<'_>,
) {
    let mut declared: BTreeMap<StackSetKey, &Name> = BTreeMap::new();
    for (name, wanted) in &desired.stack_sets {
        let key = wanted.key();
        let address = Address::StackSet(name.clone());
        if is_control_tower(&wanted.name) {
            problems.add(
                "control_tower_stack_set",
                address,
                format!(
                    "`{}` is a name of Control Tower's own stack sets, which lz never touches",
                    wanted.name
                ),
                "choose another name",
            );
            continue;
        }
        if let Some(other) = declared.insert(key.clone(), name) {
            shared(
                &address,
                &Address::StackSet(other.clone()),
                &wanted.name,
                problems,
            );
        }
        let Some(found) = live.stack_sets.get(&key) else {
            continue;
        };
        if let Owner::Other(zone) = owners.of(&found.tags) {
            foreign(
                &address,
                &format!("the stack set `{}`", wanted.name),
                &zone,
                problems,
            );
            continue;
        }
        pairs.stack_sets.insert(name.clone(), key);
    }
    for (key, found) in &live.stack_sets {
        if declared.contains_key(key) || is_control_tower(&key.name) {
            continue;
        }
        let Owner::Us(Address::StackSet(name), _) = owners.of(&found.tags) else {
            continue;
        };
        let address = Address::StackSet(name.clone());
        match desired.stack_sets.get(&name) {
            Some(wanted) => renamed(
                &address,
                (&wanted.name, wanted.region.as_str()),
                (&key.name, key.region.as_str()),
                problems,
            ),
            None => {
                pairs.retired_stack_sets.insert(key.clone(), address);
            }
        }
    }
}

fn stacks(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    pairs: &mut Pairs,
    problems: &mut Problems<'_>,
) {
    let mut declared = BTreeMap::new();
    for (name, wanted) in &desired.stacks {
        let key = (wanted.region.clone(), wanted.name.clone());
        let address = Address::Stack(name.clone());
        if let Some(other) = declared.insert(key.clone(), name) {
            shared(&address, &Address::Stack(other.clone()), &wanted.name, problems);
        }
        let Some(found) = live.stacks.get(&key) else {
            continue;
        };
        if let Owner::Other(zone) = owners.of(&found.tags) {
            foreign(&address, &format!("the stack `{}`", wanted.name), &zone, problems);
            continue;
        }
        pairs.stacks.insert(name.clone(), key);
    }
    for (key, found) in &live.stacks {
        if declared.contains_key(key) {
            continue;
        }
        let Owner::Us(Address::Stack(name), _) = owners.of(&found.tags) else {
            continue;
        };
        let address = Address::Stack(name.clone());
        match desired.stacks.get(&name) {
            Some(wanted) => renamed(
                &address,
                (&wanted.name, wanted.region.as_str()),
                (&key.1, key.0.as_str()),
                problems,
            ),
            None => {
                pairs.retired_stacks.insert(key.clone(), address);
            }
        }
    }
}

fn shared(address: &Address, other: &Address, name: &str, problems: &mut Problems<'_>) {
    problems.add(
        "shared_object",
        address.clone(),
        format!("`{address}` and `{other}` are both `{name}` in the same Region"),
        "remove one of the two declarations, or give it another name",
    );
}

fn foreign(address: &Address, what: &str, zone: &str, problems: &mut Problems<'_>) {
    problems.add(
        "foreign_zone",
        address.clone(),
        format!("{what} belongs to the landing zone `{zone}`"),
        "declare it there, or give this object another name",
    );
}

/// AWS renames neither stack sets nor stacks, and none changes its Region; a second one beside the first would
/// fight it for the same resources.
fn renamed(address: &Address, wanted: (&str, &str), found: (&str, &str), problems: &mut Problems<'_>) {
    problems.add(
        "stack_set_renamed",
        address.clone(),
        format!(
            "`{address}` is `{}` in {} today and `{}` in {} in the spec: AWS can change neither name nor Region",
            found.0, found.1, wanted.0, wanted.1
        ),
        format!(
            "keep the name `{}` and the Region {}; or take the block out, apply, and declare it under the new name",
            found.0, found.1
        ),
    );
}
