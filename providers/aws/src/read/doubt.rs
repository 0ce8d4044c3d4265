//! Which objects' tags the index may show wrongly in a way that would change the plan.
//!
//! The index lags behind the objects (aws-facts section 9). Right after an apply it may lack the tags of
//! what was just made, or show the former ones. Where it agrees with the spec nothing is at stake.

use crate::read::tags::Known;
use lz_model::id::{OuId, PolicyId, ResourceId, TargetId};
use lz_model::live::{LiveOrganization, LivePolicy, LiveTags};
use lz_provider::{ADDRESS_TAG, Declared, DeclaredKey, DeclaredObject, ZONE_TAG};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the OUs and accounts whose tags a plan would rest on although only the index has shown them.
pub(crate) fn entities(
    organization: &LiveOrganization,
    declared: &Declared,
    known: &Known,
) -> BTreeSet<ResourceId> {
    let ous = organization.ous.keys().map(|ou| {
        let key = DeclaredKey::Ou(names(organization, ou));
        (ResourceId::Target(TargetId::Ou(ou.clone())), key)
    });
    let accounts = organization.accounts.values().map(|account| {
        let key = DeclaredKey::Account(account.email.clone());
        (ResourceId::Target(TargetId::Account(account.id.clone())), key)
    });
    let objects = ous.chain(accounts).map(|(id, key)| Object::new(id, key, known));
    doubtful(&objects.collect::<Vec<_>>(), declared, known, |key| {
        !is_policy(key)
    })
}

/// Returns the policies whose tags a plan would rest on although only the index has shown them.
pub(crate) fn policies(
    policies: &BTreeMap<PolicyId, LivePolicy>,
    declared: &Declared,
    known: &Known,
) -> BTreeSet<ResourceId> {
    let own = policies.values().filter(|policy| !policy.aws_managed);
    let objects = own.map(|policy| {
        let key = DeclaredKey::Policy(policy.policy_type, policy.name.clone());
        Object::new(ResourceId::Policy(policy.id.clone()), key, known)
    });
    doubtful(&objects.collect::<Vec<_>>(), declared, known, is_policy)
}

/// Returns objects that are declared and do not carry exactly their tags, and those of this zone that are
/// not declared any more. Where a declared OU or policy is found nowhere, also each of its kind that the
/// index has never seen: it may be the very one under a new name, and making it twice is worse than asking.
fn doubtful(
    objects: &[Object<'_>],
    declared: &Declared,
    known: &Known,
    concerns: fn(&DeclaredKey) -> bool,
) -> BTreeSet<ResourceId> {
    if declared.objects.is_empty() && declared.zone.is_empty() {
        return BTreeSet::new();
    }
    let wanted = Wanted::new(declared);
    let mut doubtful = BTreeSet::new();
    let mut met = BTreeSet::new();
    for object in objects {
        let found = wanted.find(object);
        met.extend(found.map(|found| found.address.as_str()));
        let agrees = match found {
            Some(found) => carries(object.tags, found, &declared.zone),
            None => object.tags.get(ZONE_TAG) != Some(&declared.zone),
        };
        if !agrees {
            doubtful.insert(object.id.clone());
        }
    }
    let missing = declared
        .objects
        .iter()
        .filter(|one| !met.contains(one.address.as_str()));
    for missing in missing.filter(|one| concerns(&one.key)) {
        let alike = objects.iter().filter(|object| alike(&missing.key, &object.id));
        doubtful.extend(
            alike
                .filter(|object| !known.is_indexed(&object.id))
                .map(|object| object.id.clone()),
        );
    }
    doubtful
}

/// An object of the organization, with the tags that are known of it.
struct Object<'a> {
    id: ResourceId,
    key: DeclaredKey,
    tags: &'a LiveTags,
}

static NO_TAGS: LiveTags = LiveTags::new();

impl<'a> Object<'a> {
    fn new(id: ResourceId, key: DeclaredKey, known: &'a Known) -> Self {
        Self {
            tags: known.of(&id).unwrap_or(&NO_TAGS),
            id,
            key,
        }
    }
}

fn is_policy(key: &DeclaredKey) -> bool {
    matches!(key, DeclaredKey::Policy(..))
}

/// Returns the names from below the root down to an OU.
fn names(organization: &LiveOrganization, ou: &OuId) -> Vec<String> {
    let path = organization.ancestry(&TargetId::Ou(ou.clone()));
    let ous = path.iter().filter_map(|target| match target {
        TargetId::Ou(id) => organization.ous.get(id),
        TargetId::Root(_) | TargetId::Account(_) => None,
    });
    let mut names: Vec<String> = ous.map(|ou| ou.name.clone()).collect();
    names.reverse();
    names
}

/// The declared objects by everything that identifies them.
struct Wanted<'a> {
    zone: &'a str,
    by_id: BTreeMap<&'a ResourceId, &'a DeclaredObject>,
    by_address: BTreeMap<&'a str, &'a DeclaredObject>,
    by_key: BTreeMap<&'a DeclaredKey, &'a DeclaredObject>,
}

impl<'a> Wanted<'a> {
    fn new(declared: &'a Declared) -> Self {
        let objects = &declared.objects;
        Self {
            zone: &declared.zone,
            by_id: objects
                .iter()
                .filter_map(|one| Some((one.id.as_ref()?, one)))
                .collect(),
            by_address: objects.iter().map(|one| (one.address.as_str(), one)).collect(),
            by_key: objects.iter().map(|one| (&one.key, one)).collect(),
        }
    }

    /// Returns what the object is declared as: by its id, else by its tags, else by its natural key.
    fn find(&self, object: &Object<'_>) -> Option<&'a DeclaredObject> {
        let tagged = || {
            let address = object.tags.get(ADDRESS_TAG)?;
            (object.tags.get(ZONE_TAG)? == self.zone).then(|| self.by_address.get(address.as_str()))?
        };
        let found = self.by_id.get(&object.id).or_else(tagged);
        found.or_else(|| self.by_key.get(&object.key)).copied()
    }
}

/// Returns whether tags are exactly what the spec wants, beside AWS's own.
fn carries(tags: &LiveTags, wanted: &DeclaredObject, zone: &str) -> bool {
    let ours = |key: &str| key == ZONE_TAG || key == ADDRESS_TAG;
    let owned = tags.get(ZONE_TAG).is_some_and(|value| value == zone)
        && tags.get(ADDRESS_TAG) == Some(&wanted.address);
    let managed = wanted.tags.as_ref().is_none_or(|wanted| {
        let present = tags
            .iter()
            .filter(|(key, _)| !ours(key) && !key.starts_with("aws:"));
        present.eq(wanted.iter().filter(|(key, _)| !ours(key)))
    });
    owned && managed
}

/// Returns whether an object is of the kind that a key identifies, and can be renamed without a trace.
/// An account keeps its e-mail address, so it is always found by that.
fn alike(key: &DeclaredKey, id: &ResourceId) -> bool {
    match (key, id) {
        (DeclaredKey::Ou(_), ResourceId::Target(TargetId::Ou(_)))
        | (DeclaredKey::Policy(..), ResourceId::Policy(_)) => true,
        (DeclaredKey::Ou(_) | DeclaredKey::Policy(..) | DeclaredKey::Account(_), _) => false,
    }
}

#[cfg(test)]
mod tests;
