//! Pairing OUs from the top down: a child is found below its paired parent.

use super::{By, Found, Owner, Owners, Pairs, Retired, ambiguous, pinned, refuse_foreign};
use crate::refusal::Problems;
use lz_model::address::{Address, OuAddress};
use lz_model::desired::Desired;
use lz_model::id::{OuId, ParentId};
use lz_model::live::LiveOrganization;
use std::collections::BTreeMap;

pub(super) fn pair(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    pairs: &mut Pairs,
    problems: &mut Problems<'_>,
) {
    let mut tagged: BTreeMap<OuAddress, Vec<(OuId, By)>> = BTreeMap::new();
    for ou in live.ous.values() {
        if let Owner::Us(Address::Ou(address), former) = owners.of(&ou.tags) {
            let by = former.map_or(By::Tags, By::Moved);
            tagged.entry(address).or_default().push((ou.id.clone(), by));
        }
    }
    // Addresses sort parents before children, so a parent is decided before its children are looked at.
    for address in desired.ous.keys() {
        let told = problems.count();
        let candidates = tagged.remove(address).unwrap_or_default();
        let found = choose(desired, live, owners, pairs, address, &candidates, problems);
        // A refused pairing says nothing about the candidates that were not chosen.
        let rest = if problems.count() == told {
            candidates
        } else {
            Vec::new()
        };
        for (id, _) in rest {
            if found.as_ref().is_none_or(|found| found.id != id) {
                pairs.retired_ous.insert(id, Retired::ReplacedBy(address.clone()));
            }
        }
        if let Some(found) = found {
            pairs.ous.insert(address.clone(), found);
        }
    }
    for (address, candidates) in tagged {
        for (id, _) in candidates {
            pairs.retired_ous.insert(id, Retired::LeftSpec(address.clone()));
        }
    }
    pairs
        .retired_ous
        .retain(|id, _| !pairs.ous.values().any(|found| found.id == *id));
}

fn choose(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    pairs: &Pairs,
    address: &OuAddress,
    candidates: &[(OuId, By)],
    problems: &mut Problems<'_>,
) -> Option<Found<OuId>> {
    let wanted = desired.ous.get(address)?;
    if let Some(id) = &wanted.id {
        return by_id(live, owners, address, id, problems);
    }
    let place = place_of(live, pairs, address);
    let at_place: Vec<&(OuId, By)> = candidates
        .iter()
        .filter(|(id, _)| {
            live.ous
                .get(id)
                .is_some_and(|ou| Some(&ou.parent) == place.as_ref())
        })
        .collect();
    match at_place.as_slice() {
        [(id, by)] => {
            return Some(Found {
                id: id.clone(),
                by: by.clone(),
            });
        }
        [] => {}
        several => {
            let ids: Vec<String> = several.iter().map(|(id, _)| id.to_string()).collect();
            ambiguous(&Address::Ou(address.clone()), "OUs", &ids, problems);
            return None;
        }
    }
    let place = place?;
    let same = live
        .ous
        .values()
        .find(|ou| ou.parent == place && ou.name == wanted.name)?;
    if !candidates.is_empty() {
        // The OU that carries the tags lies elsewhere and is replaced by the one that has the right place.
        return match owners.of(&same.tags) {
            Owner::Nobody => Some(Found {
                id: same.id.clone(),
                by: By::Key("path"),
            }),
            Owner::Us(..) | Owner::Other(_) => None,
        };
    }
    let full = Address::Ou(address.clone());
    let owner = owners.of(&same.tags);
    if let Owner::Us(Address::Ou(other), _) = &owner
        && desired.ous.contains_key(other)
    {
        return None;
    }
    if refuse_foreign(&owner, &full, "the OU", same.id.as_str(), problems) {
        return None;
    }
    Some(Found {
        id: same.id.clone(),
        by: By::Key("path"),
    })
}

fn by_id(
    live: &LiveOrganization,
    owners: &Owners<'_>,
    address: &OuAddress,
    id: &OuId,
    problems: &mut Problems<'_>,
) -> Option<Found<OuId>> {
    let full = Address::Ou(address.clone());
    let Some(ou) = live.ous.get(id) else {
        problems.add(
            "id_not_found",
            full,
            format!("the organization has no OU `{id}`"),
            "correct the id, or leave it out to create the OU",
        );
        return None;
    };
    let by = pinned(owners.of(&ou.tags), &full);
    Some(Found { id: id.clone(), by })
}

/// Returns where the OU should lie, if that place exists already.
fn place_of(live: &LiveOrganization, pairs: &Pairs, address: &OuAddress) -> Option<ParentId> {
    match address.parent() {
        None => Some(ParentId::Root(live.root.id.clone())),
        Some(parent) => pairs.ous.get(&parent).map(|found| ParentId::Ou(found.id.clone())),
    }
}
