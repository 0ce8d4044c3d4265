//! Suspended accounts: held in an OU that denies everything, kept, and not closed.

use crate::context::Context;
use crate::entity::{self, Entity};
use crate::pair::Pairs;
use crate::refusal::Problems;
use lz_model::address::{Address, OuAddress};
use lz_model::desired::{Desired, DesiredTarget, Removal, Removed};
use lz_model::live::LiveOrganization;
use lz_model::plan::Reason;
use lz_model::policy_type::PolicyType;
use lz_policy::document::Document;
use serde_json::Value;

/// Returns where suspended accounts go.
pub(super) fn moves(desired: &Desired, live: &LiveOrganization, pairs: &Pairs) -> Vec<(Entity, Entity)> {
    let mut moves = Vec::new();
    for removed in suspensions(desired) {
        let Some(to) = &removed.to else { continue };
        for id in super::removed::accounts_of(removed, pairs) {
            let stays = live
                .accounts
                .get(id)
                .is_none_or(|account| account.state.is_leaving() || account.id == live.management_account);
            if !stays && !pairs.accounts.values().any(|found| found.id == *id) {
                moves.push((Entity::Account(id.clone()), entity::ou(pairs, to)));
            }
        }
    }
    moves
}

fn suspensions(desired: &Desired) -> impl Iterator<Item = &Removed> {
    let removed = desired.removed.iter();
    removed.filter(|removed| removed.action == Removal::Suspend)
}

/// Returns the block that moves an account, and the reason that it is.
pub(super) fn block_of<'a>(context: &Context<'a>, entity: &Entity) -> Option<(&'a Removed, Reason)> {
    let Entity::Account(id) = entity else { return None };
    let removed = suspensions(context.desired)
        .find(|removed| super::removed::accounts_of(removed, &context.pairs).contains(&id))?;
    let reason = Reason::AskedFor {
        origin: removed.origin.clone(),
    };
    Some((removed, reason))
}

/// An account is held only where nobody can do anything: a declared policy denies everything in the OU.
pub(super) fn refuse_open(context: &Context<'_>, problems: &mut Problems<'_>) {
    for removed in suspensions(context.desired) {
        let Some(to) = &removed.to else { continue };
        if context.will_be_on(PolicyType::Scp) && denies_everything(context.desired, to) {
            continue;
        }
        problems.add(
            "holding_ou_open",
            removed.from.clone(),
            format!("`{}` is to be held in `{to}`, where no policy of the spec denies everything", removed.from),
            format!(
                "attach a policy of type `scp` to `{}` whose statement denies the action \"*\" on \"*\", and keep \
                 \"scp\" in `policy_types`; a condition may except roles by `aws:PrincipalArn`",
                Address::Ou(to.clone())
            ),
        );
    }
}

/// Returns whether a declared policy, on the OU or above it, denies everything.
fn denies_everything(desired: &Desired, ou: &OuAddress) -> bool {
    let above: Vec<DesiredTarget> = std::iter::successors(Some(ou.clone()), OuAddress::parent)
        .map(DesiredTarget::Ou)
        .chain([DesiredTarget::Root])
        .collect();
    desired
        .policies
        .values()
        .filter(|policy| policy.policy_type == PolicyType::Scp)
        .filter(|policy| {
            let attach = policy.attach.iter().flatten();
            attach.into_iter().any(|target| above.contains(target))
        })
        .filter_map(|policy| Document::parse(PolicyType::Scp, &policy.content.to_string()).ok())
        .any(|document| document.statements().iter().any(denies_all))
}

/// A Deny of every action on every resource, for everybody but roles that a condition names.
fn denies_all(statement: &Value) -> bool {
    let has = |name: &str, wanted: &str| match statement.get(name) {
        Some(Value::String(text)) => text == wanted,
        Some(Value::Array(items)) => items.iter().any(|item| item.as_str() == Some(wanted)),
        Some(_) | None => false,
    };
    has("Effect", "Deny") && has("Action", "*") && has("Resource", "*") && excepts_roles_only(statement)
}

fn excepts_roles_only(statement: &Value) -> bool {
    let Some(condition) = statement.get("Condition") else {
        return true;
    };
    let negative = ["ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals"];
    condition.as_object().is_some_and(|operators| {
        operators.iter().all(|(operator, keys)| {
            let keys = keys.as_object();
            negative.contains(&operator.as_str())
                && keys.is_some_and(|keys| {
                    keys.keys()
                        .all(|key| key.eq_ignore_ascii_case("aws:PrincipalArn"))
                })
        })
    })
}
