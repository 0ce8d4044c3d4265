//! Pairing accounts: by id, tags, or e-mail address.

use super::{By, Found, Owner, Owners, Pairs, ambiguous, pinned, refuse_foreign};
use crate::refusal::Problems;
use lz_model::address::{Address, Name};
use lz_model::desired::{Desired, DesiredAccount};
use lz_model::id::AccountId;
use lz_model::live::LiveOrganization;
use std::collections::BTreeMap;

pub(super) fn pair(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    pairs: &mut Pairs,
    problems: &mut Problems<'_>,
) {
    let mut tagged: BTreeMap<Name, Vec<(AccountId, By)>> = BTreeMap::new();
    let by_email: BTreeMap<String, &AccountId> = live
        .accounts
        .values()
        .map(|account| (account.email.key(), &account.id))
        .collect();
    for account in live.accounts.values() {
        if let Owner::Us(Address::Account(name), former) = owners.of(&account.tags) {
            tagged
                .entry(name)
                .or_default()
                .push((account.id.clone(), former.map_or(By::Tags, By::Moved)));
        }
    }
    for (name, wanted) in &desired.accounts {
        let address = Address::Account(name.clone());
        let told = problems.count();
        let candidates = tagged.remove(name).unwrap_or_default();
        let found = match (&wanted.id, candidates.as_slice()) {
            (None, []) if wanted.invite.is_some() => invited(live, owners, &address, wanted),
            (Some(id), _) => by_id(live, owners, &address, id, problems),
            (None, [(id, by)]) => Some(Found {
                id: id.clone(),
                by: by.clone(),
            }),
            (None, []) => {
                let id = by_email.get(&wanted.email.key()).copied();
                id.and_then(|id| by_key(desired, live, owners, &address, id, problems))
            }
            (None, several) => {
                let ids: Vec<String> = several.iter().map(|(id, _)| id.to_string()).collect();
                ambiguous(&address, "accounts", &ids, problems);
                None
            }
        };
        let found = found.filter(|found| !refuse_kept(desired, live, owners, &address, &found.id, problems));
        // A refused pairing says nothing about the candidates that were not chosen.
        let rest = if problems.count() == told {
            candidates
        } else {
            Vec::new()
        };
        for (id, _) in rest {
            if found.as_ref().is_none_or(|found| found.id != id) {
                pairs.orphan_accounts.insert(id, address.clone());
            }
        }
        if let Some(found) = found {
            pairs.accounts.insert(name.clone(), found);
        }
    }
    for (name, candidates) in tagged {
        for (id, _) in candidates {
            pairs.orphan_accounts.insert(id, Address::Account(name.clone()));
        }
    }
    refuse_shared(pairs, problems);
}

fn by_id(
    live: &LiveOrganization,
    owners: &Owners<'_>,
    address: &Address,
    id: &AccountId,
    problems: &mut Problems<'_>,
) -> Option<Found<AccountId>> {
    let Some(account) = live.accounts.get(id) else {
        problems.add(
            "id_not_found",
            address.clone(),
            format!("the organization has no account `{id}`"),
            "correct the id, or leave it out to create the account",
        );
        return None;
    };
    let by = pinned(owners.of(&account.tags), address);
    Some(Found { id: id.clone(), by })
}

/// An invited account is the one with that id, once it has joined. Its e-mail address finds nobody else.
fn invited(
    live: &LiveOrganization,
    owners: &Owners<'_>,
    address: &Address,
    wanted: &DesiredAccount,
) -> Option<Found<AccountId>> {
    let account = live.accounts.get(wanted.invite.as_ref()?)?;
    Some(Found {
        id: account.id.clone(),
        by: pinned(owners.of(&account.tags), address),
    })
}

fn by_key(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    address: &Address,
    id: &AccountId,
    problems: &mut Problems<'_>,
) -> Option<Found<AccountId>> {
    if refuse_kept(desired, live, owners, address, id, problems) {
        return None;
    }
    let owner = owners.of(&live.accounts.get(id)?.tags);
    if let Owner::Us(Address::Account(other), _) = &owner
        && desired.accounts.contains_key(other)
    {
        problems.add(
            "email_taken",
            address.clone(),
            format!("account `{id}` has this e-mail address and is managed as `account.{other}`"),
            "an e-mail address belongs to one account; correct one of the two declarations",
        );
        return None;
    }
    if refuse_foreign(&owner, address, "the account", id.as_str(), problems) {
        return None;
    }
    // It pays for everybody and cannot be a member: a mistyped address must not rename, tag and move it.
    if *id == live.management_account {
        problems.add(
            "management_by_email",
            address.clone(),
            format!("account `{id}`, which has this e-mail address, is the management account"),
            format!("correct the address; if the management account is meant, write `id = \"{id}\"`"),
        );
        return None;
    }
    Some(Found {
        id: id.clone(),
        by: By::Key("e-mail"),
    })
}

/// Refuses an account that belongs to a request which was left out: it is still declared, and stays as it is.
fn refuse_kept(
    desired: &Desired,
    live: &LiveOrganization,
    owners: &Owners<'_>,
    address: &Address,
    id: &AccountId,
    problems: &mut Problems<'_>,
) -> bool {
    let Some(account) = live.accounts.get(id) else {
        return false;
    };
    let tagged = match owners.of(&account.tags) {
        Owner::Us(_, Some(tagged)) | Owner::Us(tagged, None) => tagged,
        Owner::Nobody | Owner::Other(_) => return false,
    };
    let Address::Account(other) = &tagged else {
        return false;
    };
    if tagged == *address || !desired.left_out.contains(&other.label) {
        return false;
    }
    problems.add(
        "left_out_account",
        address.clone(),
        format!("account `{id}` is managed as `{tagged}`, whose request is wrong and was left out"),
        format!("correct the request of `{tagged}`, or take this declaration out"),
    );
    true
}

/// Two declarations must not be one account.
fn refuse_shared(pairs: &Pairs, problems: &mut Problems<'_>) {
    let mut seen: BTreeMap<&AccountId, &Name> = BTreeMap::new();
    for (name, found) in &pairs.accounts {
        if let Some(other) = seen.insert(&found.id, name) {
            problems.add(
                "shared_object",
                Address::Account(name.clone()),
                format!(
                    "`account.{other}` and `account.{name}` are both account `{}`",
                    found.id
                ),
                "remove one of the two declarations",
            );
        }
    }
}
