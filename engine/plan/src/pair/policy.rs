//! Pairing policies: by id, tags, or type and name.

use super::{By, Found, Owner, Owners, Pairs, ambiguous, pinned, refuse_foreign};
use crate::refusal::Problems;
use lz_model::address::{Address, Name};
use lz_model::desired::{Desired, DesiredPolicy};
use lz_model::id::PolicyId;
use lz_model::live::{LiveOrganization, LivePolicy};
use std::collections::BTreeMap;

pub(super) fn pair(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    pairs: &mut Pairs,
    problems: &mut Problems<'_>,
) {
    let mut tagged: BTreeMap<Name, Vec<(PolicyId, By)>> = BTreeMap::new();
    for policy in live.policies.values().filter(|policy| !policy.aws_managed) {
        if let Owner::Us(Address::Policy(name), former) = owners.of(&policy.tags) {
            tagged
                .entry(name)
                .or_default()
                .push((policy.id.clone(), former.map_or(By::Tags, By::Moved)));
        }
    }
    for (name, wanted) in &desired.policies {
        let told = problems.count();
        let candidates = tagged.remove(name).unwrap_or_default();
        let found = choose(desired, live, owners, name, wanted, &candidates, problems);
        // A refused pairing says nothing about the candidates that were not chosen.
        let rest = if problems.count() == told {
            candidates
        } else {
            Vec::new()
        };
        for (id, _) in rest {
            if found.as_ref().is_none_or(|found| found.id != id) {
                pairs.retired_policies.insert(id, Address::Policy(name.clone()));
            }
        }
        if let Some(found) = found {
            pairs.policies.insert(name.clone(), found);
        }
    }
    for (name, candidates) in tagged {
        for (id, _) in candidates {
            pairs.retired_policies.insert(id, Address::Policy(name.clone()));
        }
    }
    pairs
        .retired_policies
        .retain(|id, _| !pairs.policies.values().any(|found| found.id == *id));
}

fn choose(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    name: &Name,
    wanted: &DesiredPolicy,
    candidates: &[(PolicyId, By)],
    problems: &mut Problems<'_>,
) -> Option<Found<PolicyId>> {
    let address = Address::Policy(name.clone());
    if let Some(id) = &wanted.id {
        return by_id(live, owners, &address, wanted, id, problems);
    }
    // A policy cannot change its type (rule R8): one of the former type is replaced.
    let of_type: Vec<&(PolicyId, By)> = candidates
        .iter()
        .filter(|(id, _)| {
            live.policies
                .get(id)
                .is_some_and(|p| p.policy_type == wanted.policy_type)
        })
        .collect();
    match of_type.as_slice() {
        [(id, by)] => {
            return Some(Found {
                id: id.clone(),
                by: by.clone(),
            });
        }
        [] => {}
        several => {
            let ids: Vec<String> = several.iter().map(|(id, _)| id.to_string()).collect();
            ambiguous(&address, "policies", &ids, problems);
            return None;
        }
    }
    let same = live.policies.values().find(|policy| is_same(policy, wanted))?;
    let owner = owners.of(&same.tags);
    if let Owner::Us(Address::Policy(other), _) = &owner
        && desired.policies.contains_key(other)
    {
        return None;
    }
    if refuse_foreign(&owner, &address, "the policy", same.id.as_str(), problems) {
        return None;
    }
    Some(Found {
        id: same.id.clone(),
        by: By::Key("name"),
    })
}

fn is_same(policy: &LivePolicy, wanted: &DesiredPolicy) -> bool {
    !policy.aws_managed && policy.policy_type == wanted.policy_type && policy.name == wanted.name
}

fn by_id(
    live: &LiveOrganization,
    owners: &Owners<'_>,
    address: &Address,
    wanted: &DesiredPolicy,
    id: &PolicyId,
    problems: &mut Problems<'_>,
) -> Option<Found<PolicyId>> {
    let policy = live
        .policies
        .get(id)
        .filter(|policy| policy.policy_type == wanted.policy_type);
    let Some(policy) = policy.filter(|policy| !policy.aws_managed) else {
        problems.add(
            "id_not_found",
            address.clone(),
            format!(
                "the organization has no {} policy `{id}` of its own",
                wanted.policy_type
            ),
            "correct the id, or leave it out to create the policy",
        );
        return None;
    };
    let by = pinned(owners.of(&policy.tags), address);
    Some(Found { id: id.clone(), by })
}
