//! What a reviewer should know about access.

use crate::context::Context;
use crate::diff::removed;
use crate::draft::Drafts;
use lz_model::address::Address;
use lz_model::desired::DesiredIdentity;
use lz_model::id::AccountId;
use lz_model::identity::Principal;
use lz_model::live::{Holders, LiveIdentity};
use lz_model::plan::{Access, Known, Ref, Severity};
use std::collections::BTreeSet;

/// Accounts that a note names.
const NAMED: usize = 5;

/// The management account is outside of every guardrail (rule R4's policies never bind it).
pub(super) fn management(
    context: &Context<'_>,
    address: &Address,
    set: &str,
    principal: &Principal,
    members: &[Ref<AccountId>],
    drafts: &mut Drafts,
) {
    let management = context.live.map(|live| &live.management_account);
    let reaches = members
        .iter()
        .any(|member| member.id.now().is_some() && member.id.now() == management);
    if reaches {
        drafts.note(
            Severity::Warning,
            "management_access",
            address.clone(),
            format!("{principal} gains {set} in the management account, which no guardrail binds"),
        );
    }
}

/// Somebody whom the spec names has a set where the spec does not give it. Accounts that this plan closes or
/// releases are not worth a word.
pub(super) fn extra(context: &Context<'_>, address: &Address, access: &Access, drafts: &mut Drafts) {
    let leaving = removed::closing(context.desired, &context.pairs);
    let stays = |account: &Ref<AccountId>| account.id.now().is_none_or(|id| !leaving.contains(id));
    let names: Vec<String> = access
        .members
        .iter()
        .filter(|account| stays(account))
        .map(shown)
        .collect();
    if names.is_empty() {
        return;
    }
    drafts.note(
        Severity::Warning,
        "extra_assignments",
        address.clone(),
        format!(
            "{} has {} in {} beside the spec: {}; `exclusive = [\"assignments\"]` takes it away",
            access.principal,
            access.set.name,
            count(names.len()),
            listed(&names)
        ),
    );
}

/// Accounts have a declared set that nobody whom the spec names has there: others do.
pub(super) fn others(
    context: &Context<'_>,
    wanted: &DesiredIdentity,
    live: &LiveIdentity,
    holders: Holders,
    drafts: &mut Drafts,
) {
    for name in wanted.sets.keys() {
        let Some(found) = context.pairs.permission_sets.get(name) else {
            continue;
        };
        let content = live.sets.get(&found.id).and_then(|set| set.content.as_ref());
        let Some(content) = content.filter(|content| content.holders == holders) else {
            continue;
        };
        let leaving = removed::closing(context.desired, &context.pairs);
        let known: BTreeSet<&AccountId> = live
            .assignments
            .iter()
            .filter(|assignment| assignment.set == found.id)
            .map(|assignment| &assignment.account)
            .collect();
        let rest: Vec<String> = content
            .provisioned
            .iter()
            .filter(|account| !known.contains(account) && !leaving.contains(account))
            .filter(|account| is_reachable(context, account))
            .map(ToString::to_string)
            .collect();
        if !rest.is_empty() {
            drafts.note(
                Severity::Warning,
                "other_assignments",
                Address::PermissionSet(name.clone()),
                format!(
                    "others than the spec names have it in {}: {}",
                    count(rest.len()),
                    listed(&rest)
                ),
            );
        }
    }
}

/// Returns whether an account is in the organization and not closed: what is left in others goes with them.
pub(super) fn is_reachable(context: &Context<'_>, account: &AccountId) -> bool {
    let account = context.live.and_then(|live| live.accounts.get(account));
    account.is_some_and(|account| !account.state.is_leaving())
}

fn shown(account: &Ref<AccountId>) -> String {
    match &account.id {
        Known::Now(id) => format!("{} ({id})", account.name),
        Known::After(_) => account.name.clone(),
    }
}

fn count(accounts: usize) -> String {
    match accounts {
        1 => "1 account".to_owned(),
        many => format!("{many} accounts"),
    }
}

fn listed(names: &[String]) -> String {
    let mut shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    if names.len() > NAMED {
        shown.push("...");
    }
    shown.join(", ")
}
