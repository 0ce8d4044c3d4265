//! Whether a saved plan includes what a fresh one does to Identity Center. A run that stopped halfway leaves some
//! accounts of a grant, and a permission set that was made without its policies is changed now.

use super::Compare;
use lz_model::id::{AccountId, Arn};
use lz_model::plan::{Access, Action, IdentityWork, Known, SetContent, Step};
use std::collections::BTreeSet;

/// Returns whether the saved steps include everything that a fresh step does.
pub(super) fn covered(saved: &[Step], fresh: &Step, work: &IdentityWork, compare: &Compare<'_>) -> bool {
    let planned = |step: &Step| {
        if let Action::Identity(work) = &step.action {
            Some(work.clone())
        } else {
            None
        }
    };
    let of_address = saved.iter().filter(|step| step.address == fresh.address);
    let mut of_address = of_address.filter_map(planned);
    match work {
        IdentityWork::CreateSet { content, .. } => of_address.any(|work| becomes(&work, content, compare)),
        IdentityWork::UpdateSet { content, .. } => {
            of_address.any(|work| becomes(&work, &content.after, compare))
        }
        IdentityWork::ProvisionSet { set, .. } => of_address
            .any(|work| matches!(&work, IdentityWork::ProvisionSet { set: other, .. } if other.id == set.id)),
        IdentityWork::DeleteSet { set, .. } => of_address
            .any(|work| matches!(&work, IdentityWork::DeleteSet { set: other, .. } if other.id == set.id)),
        IdentityWork::Grant(access) => {
            let planned = of_address.filter_map(|work| {
                if let IdentityWork::Grant(access) = work {
                    Some(access)
                } else {
                    None
                }
            });
            includes(planned, access, compare)
        }
        IdentityWork::Revoke(access) => {
            let planned = of_address.filter_map(|work| {
                if let IdentityWork::Revoke(access) = work {
                    Some(access)
                } else {
                    None
                }
            });
            includes(planned, access, compare)
        }
    }
}

/// Returns whether a planned step makes a set what a fresh one would make it.
fn becomes(planned: &IdentityWork, content: &SetContent, compare: &Compare<'_>) -> bool {
    let mut planned = planned.clone();
    planned.map_texts(&compare.fill);
    let planned = match planned {
        IdentityWork::CreateSet { content, .. } => *content,
        IdentityWork::UpdateSet { content, .. } => content.after,
        IdentityWork::ProvisionSet { .. }
        | IdentityWork::DeleteSet { .. }
        | IdentityWork::Grant(_)
        | IdentityWork::Revoke(_) => return false,
    };
    // What the spec leaves alone is AWS's default by now.
    let silent = |wanted: &SetContent| SetContent {
        description: planned.description.as_ref().and(wanted.description.clone()),
        session_seconds: planned.session_seconds.and(wanted.session_seconds),
        relay_state: planned.relay_state.as_ref().and(wanted.relay_state.clone()),
        ..wanted.clone()
    };
    silent(content) == planned
}

fn includes(planned: impl Iterator<Item = Access>, fresh: &Access, compare: &Compare<'_>) -> bool {
    let set = |known: &Known<Arn>| resolved(known, compare);
    let accounts = |access: &Access| -> BTreeSet<String> {
        let ids = access.members.iter();
        ids.filter_map(|member| resolved::<AccountId>(&member.id, compare))
            .collect()
    };
    let same = |access: &Access| {
        access.principal == fresh.principal
            && access.principal_id == fresh.principal_id
            && access.center == fresh.center
            && set(&access.set.id) == set(&fresh.set.id)
    };
    let mut planned_accounts = BTreeSet::new();
    let mut steps = BTreeSet::new();
    for access in planned.filter(same) {
        planned_accounts.extend(accounts(&access));
        steps.extend(access.members.into_iter().map(|member| member.id));
    }
    let known = |member: &Known<AccountId>| {
        steps.contains(member)
            || resolved(member, compare).is_some_and(|account| planned_accounts.contains(&account))
    };
    fresh.members.iter().all(|member| known(&member.id))
}

/// Returns an id, which may be there by now; `None` where it is still to come.
fn resolved<T: ToString>(known: &Known<T>, compare: &Compare<'_>) -> Option<String> {
    match known {
        Known::Now(id) => Some(id.to_string()),
        Known::After(step) => (compare.created)(step.as_str()),
    }
}
