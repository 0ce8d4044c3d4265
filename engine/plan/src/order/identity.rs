//! Rules about permission sets and assignments.

use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::draft::Draft;
use lz_model::id::{AccountId, Arn};
use lz_model::plan::{Access, Action, IdentityWork, Known};
use lz_model::rule::Rule;

/// The service whose trusted access Identity Center works by (aws-facts section 6).
const IDENTITY_CENTER: &str = "sso.amazonaws.com";

fn work(action: &Action) -> Option<&IdentityWork> {
    if let Action::Identity(work) = action {
        Some(work)
    } else {
        None
    }
}

fn granted(action: &Action) -> Option<&Access> {
    match work(action)? {
        IdentityWork::Grant(access) => Some(access),
        IdentityWork::CreateSet { .. }
        | IdentityWork::UpdateSet { .. }
        | IdentityWork::ProvisionSet { .. }
        | IdentityWork::DeleteSet { .. }
        | IdentityWork::Revoke(_) => None,
    }
}

fn revoked(action: &Action) -> Option<&Access> {
    match work(action)? {
        IdentityWork::Revoke(access) => Some(access),
        IdentityWork::CreateSet { .. }
        | IdentityWork::UpdateSet { .. }
        | IdentityWork::ProvisionSet { .. }
        | IdentityWork::DeleteSet { .. }
        | IdentityWork::Grant(_) => None,
    }
}

fn updated(action: &Action) -> Option<&Arn> {
    match work(action)? {
        IdentityWork::UpdateSet { set, .. } => Some(set),
        IdentityWork::CreateSet { .. }
        | IdentityWork::ProvisionSet { .. }
        | IdentityWork::DeleteSet { .. }
        | IdentityWork::Grant(_)
        | IdentityWork::Revoke(_) => None,
    }
}

fn provisioned(action: &Action) -> Option<&Arn> {
    match work(action)? {
        IdentityWork::ProvisionSet { set, .. } => set.id.now(),
        IdentityWork::CreateSet { .. }
        | IdentityWork::UpdateSet { .. }
        | IdentityWork::DeleteSet { .. }
        | IdentityWork::Grant(_)
        | IdentityWork::Revoke(_) => None,
    }
}

fn deleted(action: &Action) -> Option<&Arn> {
    match work(action)? {
        IdentityWork::DeleteSet { set, .. } => set.id.now(),
        IdentityWork::CreateSet { .. }
        | IdentityWork::UpdateSet { .. }
        | IdentityWork::ProvisionSet { .. }
        | IdentityWork::Grant(_)
        | IdentityWork::Revoke(_) => None,
    }
}

/// A permission set is made, and is what it should be, before anybody gets it: an assignment needs its ARN (IAM
/// Identity Center API Reference, "CreateAccountAssignment").
pub(super) fn permission_set_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, _, access) in steps.picked(granted) {
        match &access.set.id {
            Known::After(step) => {
                let creator = steps.index(step);
                edges.extend(creator.map(|first| (first, then, Rule::PermissionSetFirst)));
            }
            Known::Now(arn) => edges.extend(
                steps
                    .picked(updated)
                    .filter(|(_, _, set)| *set == arn)
                    .map(|(first, ..)| (first, then, Rule::PermissionSetFirst)),
            ),
        }
    }
}

/// Provisioning brings what the set is by then (IAM Identity Center API Reference, "ProvisionPermissionSet").
pub(super) fn provision_after_change(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, _, arn) in steps.picked(provisioned) {
        let changes = steps.picked(updated).filter(|(_, _, set)| *set == arn);
        edges.extend(changes.map(|(first, ..)| (first, then, Rule::ProvisionAfterChange)));
    }
}

fn creator(steps: &Steps<'_>, account: &Known<AccountId>) -> Option<usize> {
    match account {
        Known::After(step) => steps.index(step),
        Known::Now(_) => None,
    }
}

/// R13: an account exists and can be used before people get access to it, or its settings change.
pub(super) fn account_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, draft) in steps.iter() {
        for account in accounts(&draft.step.action) {
            let first = creator(steps, account);
            edges.extend(first.map(|first| (first, then, Rule::AccountFirst)));
        }
    }
}

fn accounts(action: &Action) -> Vec<&Known<AccountId>> {
    if let Some(access) = granted(action) {
        return access.members.iter().map(|member| &member.id).collect();
    }
    if let Action::Settings(work) = action {
        return vec![&work.account().id];
    }
    Vec::new()
}

/// An account is in its place, under its guardrails, before people get access to it (the same reason as R12's).
pub(super) fn arrive_before_grant(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let moved = |action: &Action| {
        if let Action::MoveAccount { account, .. } = action {
            Some(account.id.clone())
        } else {
            None
        }
    };
    for (first, _, account) in steps.picked(moved) {
        for (then, _, access) in steps.picked(granted) {
            if access.members.iter().any(|member| member.id == account) {
                edges.insert((first, then, Rule::ArriveBeforeGrant));
            }
        }
    }
}

fn overlap(a: &Access, b: &Access) -> bool {
    a.members
        .iter()
        .any(|one| b.members.iter().any(|other| one.id == other.id))
}

/// Somebody has new access to an account before the old goes, be it another group with the same set or another set of
/// the same group: nobody is locked out in passing.
pub(super) fn grant_before_revoke(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, _, old) in steps.picked(revoked) {
        for (first, _, new) in steps.picked(granted) {
            let related = new.set.id == old.set.id || new.principal == old.principal;
            if related && overlap(new, old) {
                edges.insert((first, then, Rule::GrantBeforeRevoke));
            }
        }
    }
}

/// Who loses a set has lost it before its new state reaches the accounts: nothing is opened in passing.
pub(super) fn revoke_before_provision(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, _, arn) in steps.picked(provisioned) {
        for (first, _, access) in steps.picked(revoked) {
            if access.set.id.now() == Some(arn) {
                edges.insert((first, then, Rule::RevokeBeforeProvision));
            }
        }
    }
}

/// AWS deletes no permission set that somebody has (IAM Identity Center API Reference, "DeletePermissionSet").
pub(super) fn revoke_before_delete_set(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, _, arn) in steps.picked(deleted) {
        for (first, _, access) in steps.picked(revoked) {
            if access.set.id.now() == Some(arn) {
                edges.insert((first, then, Rule::RevokeBeforeDeleteSet));
            }
        }
    }
}

/// Access to an account is taken away before the account goes: afterwards Identity Center cannot reach its roles.
pub(super) fn revoke_before_leaving(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let leaves = |action: &Action| {
        if let Action::CloseAccount { account } | Action::ReleaseAccount { account } = action {
            account.id.now().cloned()
        } else {
            None
        }
    };
    for (then, _, account) in steps.picked(leaves) {
        for (first, _, access) in steps.picked(revoked) {
            if access
                .members
                .iter()
                .any(|member| member.id.now() == Some(&account))
            {
                edges.insert((first, then, Rule::RevokeBeforeLeaving));
            }
        }
    }
}

/// Returns whether a step works through a service's trusted access.
fn needs(draft: &Draft, service: &str) -> bool {
    let action = &draft.step.action;
    (matches!(action, Action::Identity(_)) && service == IDENTITY_CENTER)
        || (matches!(action, Action::Settings(_)) && service == "account.amazonaws.com")
}

/// R14: trusted access before the service is used, and R15: after it where it goes.
pub(super) fn trusted_access(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (index, draft) in steps.iter() {
        let (Action::EnableTrustedService { service } | Action::DisableTrustedService { service }) =
            &draft.step.action
        else {
            continue;
        };
        let comes = matches!(draft.step.action, Action::EnableTrustedService { .. });
        let users = steps.iter().filter(|(_, user)| needs(user, service.as_str()));
        edges.extend(users.map(|(user, _)| {
            if comes {
                (index, user, Rule::TrustedAccessFirst)
            } else {
                (user, index, Rule::DependentsBeforeTrust)
            }
        }));
    }
}
