//! Pairing permission sets: by tags, else by name, which AWS never lets change.

use super::{By, Found, Owner, Owners, Pairs, ambiguous, refuse_foreign};
use crate::refusal::Problems;
use lz_model::address::{Address, Name};
use lz_model::desired::{Desired, DesiredPermissionSet};
use lz_model::id::Arn;
use lz_model::live::{LiveIdentity, LiveOrganization};
use std::collections::BTreeMap;

pub(super) fn pair(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    pairs: &mut Pairs,
    problems: &mut Problems<'_>,
) {
    let (Some(wanted), Some(live)) = (&desired.identity, &live.identity) else {
        return;
    };
    let mut tagged: BTreeMap<Name, Vec<(Arn, By)>> = BTreeMap::new();
    for (arn, set) in &live.sets {
        if let Owner::Us(Address::PermissionSet(name), former) = owners.of(&set.tags) {
            let by = former.map_or(By::Tags, By::Moved);
            tagged.entry(name).or_default().push((arn.clone(), by));
        }
    }
    for (name, set) in &wanted.sets {
        let candidates = tagged.remove(name).unwrap_or_default();
        if let Some(found) = choose(desired, live, owners, (name, set), &candidates, problems) {
            pairs.permission_sets.insert(name.clone(), found);
        }
    }
    for (name, candidates) in tagged {
        for (arn, _) in candidates {
            let is_paired = pairs.permission_sets.values().any(|found| found.id == arn);
            if !is_paired {
                let address = Address::PermissionSet(name.clone());
                pairs.retired_permission_sets.insert(arn, address);
            }
        }
    }
}

fn choose(
    desired: &Desired,
    live: &LiveIdentity,
    owners: &Owners<'_>,
    (name, wanted): (&Name, &DesiredPermissionSet),
    candidates: &[(Arn, By)],
    problems: &mut Problems<'_>,
) -> Option<Found<Arn>> {
    let address = Address::PermissionSet(name.clone());
    match candidates {
        [(arn, by)] => {
            let found = live.sets.get(arn)?;
            if found.name != wanted.name {
                refuse_rename(&address, &found.name, &wanted.name, problems);
                return None;
            }
            Some(Found {
                id: arn.clone(),
                by: by.clone(),
            })
        }
        [] => {
            let (arn, same) = live.sets.iter().find(|(_, set)| set.name == wanted.name)?;
            let owner = owners.of(&same.tags);
            let declared = desired.identity.as_ref().map(|identity| &identity.sets);
            if let Owner::Us(Address::PermissionSet(other), _) = &owner
                && declared.is_some_and(|sets| sets.contains_key(other))
            {
                return None;
            }
            if refuse_foreign(&owner, &address, "the permission set", &same.name, problems) {
                return None;
            }
            Some(Found {
                id: arn.clone(),
                by: By::Key("name"),
            })
        }
        several => {
            let names: Vec<String> = several.iter().map(|(arn, _)| arn.to_string()).collect();
            ambiguous(&address, "permission sets", &names, problems);
            None
        }
    }
}

/// AWS renames no permission set (IAM Identity Center API Reference, "UpdatePermissionSet"); a second one would leave
/// everybody with the first.
fn refuse_rename(address: &Address, found: &str, wanted: &str, problems: &mut Problems<'_>) {
    problems.add(
        "permission_set_renamed",
        address.clone(),
        format!("`{address}` is `{found}` today and `{wanted}` in the spec: AWS cannot change the name"),
        format!(
            "keep the name `{found}`; or declare another permission set, assign it, then take this one out"
        ),
    );
}
