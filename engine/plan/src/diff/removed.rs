//! `removed` blocks: release, close, forget.

use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::entity::Entity;
use crate::pair::Pairs;
use crate::refusal::Problems;
use lz_model::address::{ADDRESS_TAG, Address, ZONE_TAG};
use lz_model::desired::{Desired, Removal, Removed};
use lz_model::id::{AccountId, ResourceId, TargetId};
use lz_model::limits::RELEASE_AFTER_DAYS;
use lz_model::live::{LiveAccount, LiveTags};
use lz_model::plan::{Action, Change, Known, Reason, Ref, Severity, Tagging};
use std::collections::BTreeSet;

/// Returns what the spec says about an account that it does not declare any more.
pub(super) fn removal_of<'a>(
    context: &Context<'a>,
    address: &Address,
    id: &AccountId,
) -> Option<&'a Removed> {
    context.desired.removed.iter().find(|removed| match &removed.id {
        Some(given) => given == id,
        None => removed.from == *address,
    })
}

/// Returns whether the spec says that an object stays and lz forgets it.
pub(crate) fn is_forgotten(context: &Context<'_>, address: &Address) -> bool {
    context
        .desired
        .removed
        .iter()
        .any(|removed| removed.from == *address && removed.action == Removal::Forget)
}

/// Returns the accounts that the spec closes or releases.
pub(in crate::diff) fn closing<'a>(desired: &'a Desired, pairs: &'a Pairs) -> BTreeSet<&'a AccountId> {
    let ends = |removed: &&Removed| matches!(removed.action, Removal::Release | Removal::Close);
    let removed = desired.removed.iter().filter(ends);
    removed.flat_map(|removed| accounts_of(removed, pairs)).collect()
}

/// Returns the accounts that a `removed` block means: by its id, else by their tags.
pub(super) fn accounts_of<'a>(removed: &'a Removed, pairs: &'a Pairs) -> Vec<&'a AccountId> {
    if let Some(id) = &removed.id {
        return vec![id];
    }
    let orphans = pairs.orphan_accounts.iter();
    orphans
        .filter(|(_, address)| **address == removed.from)
        .map(|(id, _)| id)
        .collect()
}

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    for removed in &context.desired.removed {
        match &removed.from {
            Address::Account(_) => account(context, removed, drafts, problems),
            Address::Ou(_) | Address::Policy(_) => forget_other(context, removed, drafts),
            Address::Organization
            | Address::Root
            | Address::PolicyType(_)
            | Address::TrustedService(_)
            | Address::DelegatedAdmin(_)
            | Address::StackSet(_)
            | Address::Stack(_)
            | Address::ControlTower
            | Address::Baseline(_)
            | Address::Control(_)
            | Address::PermissionSet(_)
            | Address::Assignment(_) => {}
        }
    }
}

fn account(context: &Context<'_>, removed: &Removed, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let Some(live) = context.live else { return };
    for account in accounts_of(removed, &context.pairs)
        .into_iter()
        .filter_map(|id| live.accounts.get(id))
    {
        if account.state.is_leaving() {
            continue;
        }
        if account.id == live.management_account && removed.action != Removal::Forget {
            problems.add(
                "management_account_stays",
                removed.from.clone(),
                format!(
                    "account `{}` is the management account; it can be neither closed nor released nor suspended",
                    account.id
                ),
                "take the `removed` block out of the spec",
            );
            continue;
        }
        if context.address(&Entity::Account(account.id.clone())).is_some() {
            problems.add(
                "removed_and_declared",
                removed.from.clone(),
                format!(
                    "account `{}` is declared in the spec and named in a `removed` block",
                    account.id
                ),
                "keep one of the two",
            );
            continue;
        }
        end(context, removed, account, drafts);
    }
}

fn end(context: &Context<'_>, removed: &Removed, account: &LiveAccount, drafts: &mut Drafts) {
    let reason = Reason::AskedFor {
        origin: removed.origin.clone(),
    };
    let reference = Ref {
        name: account.name.clone(),
        id: Known::Now(account.id.clone()),
    };
    let (verb, action) = match removed.action {
        Removal::Close => ("close", Action::CloseAccount { account: reference }),
        Removal::Release => {
            note_wait(account, &removed.from, drafts);
            ("release", Action::ReleaseAccount { account: reference })
        }
        // The move to its OU is made where all accounts are placed.
        Removal::Suspend => return,
        Removal::Forget => {
            let id = ResourceId::Target(TargetId::Account(account.id.clone()));
            drafts
                .list
                .extend(forget(context, removed, &account.name, id, &account.tags));
            return;
        }
    };
    let draft = Draft::new(context.desired, removed.from.clone(), verb, action, reason);
    drafts.push(draft.entity(Entity::Account(account.id.clone())));
}

/// R17: an account that the organization created may leave after four days.
fn note_wait(account: &LiveAccount, address: &Address, drafts: &mut Drafts) {
    if account.created {
        drafts.note(
            Severity::Info,
            "release_waits",
            address.clone(),
            format!(
                "AWS lets account {} go {RELEASE_AFTER_DAYS} days after its creation, and only with its own payment data",
                account.id
            ),
        );
    }
}

fn forget_other(context: &Context<'_>, removed: &Removed, drafts: &mut Drafts) {
    let Some(live) = context.live else { return };
    let ous = context.pairs.retired_ous.keys().filter_map(|id| live.ous.get(id));
    let ous = ous.map(|ou| {
        (
            ResourceId::Target(TargetId::Ou(ou.id.clone())),
            &ou.name,
            &ou.tags,
        )
    });
    let policies = context
        .pairs
        .retired_policies
        .keys()
        .filter_map(|id| live.policies.get(id));
    let policies = policies.map(|policy| (ResourceId::Policy(policy.id.clone()), &policy.name, &policy.tags));
    let tagged = removed.from.to_tag();
    for (id, name, tags) in ous.chain(policies) {
        if removed.action == Removal::Forget && tags.get(ADDRESS_TAG) == Some(&tagged) {
            drafts.list.extend(forget(context, removed, name, id, tags));
        }
    }
}

fn forget(
    context: &Context<'_>,
    removed: &Removed,
    name: &str,
    id: ResourceId,
    tags: &LiveTags,
) -> Option<Draft> {
    let ours = [ZONE_TAG, ADDRESS_TAG].into_iter();
    let remove: std::collections::BTreeMap<String, String> = ours
        .filter_map(|key| tags.get(key).map(|value| (key.to_owned(), value.clone())))
        .collect();
    if remove.is_empty() {
        return None;
    }
    let set: std::collections::BTreeMap<String, Change<Option<lz_model::text::Text>>> =
        std::collections::BTreeMap::new();
    let resource = Ref {
        name: name.to_owned(),
        id: Known::Now(id),
    };
    let action = Action::SetTags {
        resource,
        purpose: Tagging::Forget,
        set,
        remove,
    };
    let reason = Reason::AskedFor {
        origin: removed.origin.clone(),
    };
    Some(Draft::new(
        context.desired,
        removed.from.clone(),
        "forget",
        action,
        reason,
    ))
}
