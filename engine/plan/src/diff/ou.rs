//! OUs: create, rename, replace (a move), delete.

use super::tags;
use crate::context::{Context, adoption};
use crate::draft::{Draft, Drafts};
use crate::entity::{self, Entity};
use crate::pair::{Pairs, Retired};
use crate::refusal::Problems;
use lz_model::address::{Address, OuAddress};
use lz_model::desired::Desired;
use lz_model::id::{OuId, ResourceId, TargetId};
use lz_model::live::{AccountState, LiveAccount, LiveOrganization};
use lz_model::plan::{Action, Change, Known, Reason, Ref, Severity};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    for address in context.desired.ous.keys() {
        match context.pairs.ous.get(address) {
            None => create(context, address, drafts),
            Some(found) => {
                rename(context, address, &found.id, drafts, problems);
                retag(context, address, drafts);
            }
        }
    }
    for (id, retired) in &context.pairs.retired_ous {
        retire(context, id, retired, drafts, problems);
    }
}

fn create(context: &Context<'_>, address: &OuAddress, drafts: &mut Drafts) {
    let Some(wanted) = context.desired.ous.get(address) else {
        return;
    };
    let above = address
        .parent()
        .map_or(Entity::Root, |parent| entity::ou(&context.pairs, &parent));
    let Some(parent) = context.parent_ref(&above) else {
        return;
    };
    let full = Address::Ou(address.clone());
    let replaced = replaced_by(context, address);
    let inherited = replaced.map(|ou| {
        let own = ou
            .tags
            .iter()
            .filter(|(key, _)| !key.starts_with("lz:") && !key.starts_with("aws:"));
        own.map(|(key, value)| (key.clone(), lz_model::text::Text::literal(value.clone())))
            .collect()
    });
    let tags = context.all_tags(&full, wanted.tags.as_ref().or(inherited.as_ref()));
    let action = Action::CreateOu {
        name: wanted.name.clone(),
        parent,
        tags,
    };
    let draft = Draft::new(context.desired, full, "create", action, Reason::Missing {});
    drafts.push(draft.entity(Entity::NewOu(address.clone())).to(above));
}

/// Returns the live OU that a declaration will leave behind.
pub(super) fn replaced_by<'a>(
    context: &Context<'a>,
    address: &OuAddress,
) -> Option<&'a lz_model::live::LiveOu> {
    let live = context.live?;
    let replaced = context
        .pairs
        .retired_ous
        .iter()
        .find(|(_, retired)| **retired == Retired::ReplacedBy(address.clone()));
    replaced.and_then(|(id, _)| live.ous.get(id))
}

fn rename(
    context: &Context<'_>,
    address: &OuAddress,
    id: &OuId,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let (Some(wanted), Some(live)) = (context.desired.ous.get(address), context.live) else {
        return;
    };
    let Some(ou) = live.ous.get(id).filter(|ou| ou.name != wanted.name) else {
        return;
    };
    let full = Address::Ou(address.clone());
    let holder = live.ous.values().find(|other| {
        other.parent == ou.parent
            && other.name == wanted.name
            && !context.pairs.retired_ous.contains_key(&other.id)
    });
    if let Some(holder) = holder.filter(|holder| context.address(&Entity::Ou(holder.id.clone())).is_none()) {
        problems.add(
            "name_taken",
            full,
            format!(
                "the unmanaged OU `{}` beside it has the name `{}`",
                holder.id, wanted.name
            ),
            "choose another name, or rename that OU first",
        );
        return;
    }
    let name = Change {
        before: ou.name.clone(),
        after: wanted.name.clone(),
    };
    let action = Action::RenameOu { ou: id.clone(), name };
    let draft = Draft::new(context.desired, full, "rename", action, Reason::Differs {});
    drafts.push(draft.entity(Entity::Ou(id.clone())));
}

fn retag(context: &Context<'_>, address: &OuAddress, drafts: &mut Drafts) {
    let (Some(wanted), Some(found)) = (context.desired.ous.get(address), context.pairs.ous.get(address))
    else {
        return;
    };
    let Some(ou) = context.live.and_then(|live| live.ous.get(&found.id)) else {
        return;
    };
    let full = Address::Ou(address.clone());
    let resource = (
        context.shown(&Entity::Ou(ou.id.clone())),
        ResourceId::Target(TargetId::Ou(ou.id.clone())),
    );
    let draft = tags::diff(
        context,
        &full,
        resource,
        wanted.tags.as_ref(),
        &ou.tags,
        adoption(found),
    );
    drafts
        .list
        .extend(draft.map(|draft| draft.entity(Entity::Ou(ou.id.clone()))));
}

fn retire(
    context: &Context<'_>,
    id: &OuId,
    retired: &Retired,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let (address, reason) = match retired {
        Retired::LeftSpec(address) => (Address::Ou(address.clone()), Reason::LeftSpec {}),
        Retired::ReplacedBy(address) => (
            Address::Ou(address.clone()),
            Reason::Replaced {
                by: Address::Ou(address.clone()),
            },
        ),
    };
    if super::removed::is_forgotten(context, &address) {
        return;
    }
    let entity = Entity::Ou(id.clone());
    let left = left_inside(context, &entity);
    if !left.closed.is_empty() {
        drafts.note(
            Severity::Info,
            "waits_for_closed_accounts",
            address,
            format!(
                "OU `{}` stays until AWS has removed the closed account(s) {} (up to 90 days)",
                context.shown(&entity),
                left.closed.join(", ")
            ),
        );
        return;
    }
    if !left.others.is_empty() {
        problems.add(
            "ou_not_empty",
            address,
            format!(
                "OU `{}` would go, but holds what the spec does not move: {}",
                context.shown(&entity),
                left.others.join(", ")
            ),
            "declare those in the spec with another `ou`, move them by hand, or keep the OU",
        );
        return;
    }
    let ou = Ref {
        name: context.shown(&entity),
        id: Known::Now(id.clone()),
    };
    let draft = Draft::new(
        context.desired,
        address,
        &format!("delete {id}"),
        Action::DeleteOu { ou },
        reason,
    );
    drafts.push(draft.entity(entity));
}

struct Left {
    closed: Vec<String>,
    others: Vec<String>,
}

/// Returns what a retired OU would still hold after every other step.
fn left_inside(context: &Context<'_>, ou: &Entity) -> Left {
    let mut left = Left {
        closed: Vec::new(),
        others: Vec::new(),
    };
    for child in context.trees.children_before(ou) {
        let stays = context.trees.path_after(child).get(1) == Some(ou);
        match child {
            Entity::Account(id) if stays => {
                let account = context.live.and_then(|live| live.accounts.get(id));
                match account.map(|account| account.state) {
                    Some(AccountState::Closed | AccountState::PendingClosure | AccountState::Suspended) => {
                        left.closed.push(id.to_string());
                    }
                    Some(AccountState::Active | AccountState::PendingActivation) | None => {
                        left.others
                            .push(format!("account {id} ({})", context.shown(child)));
                    }
                }
            }
            Entity::Ou(id) if !context.pairs.retired_ous.contains_key(id) => {
                left.others.push(format!("OU {id} ({})", context.shown(child)));
            }
            Entity::Ou(_) => {
                let inner = left_inside(context, child);
                left.closed.extend(inner.closed);
                left.others.extend(inner.others);
            }
            Entity::Root | Entity::Account(_) | Entity::NewOu(_) | Entity::NewAccount(_) => {}
        }
    }
    left
}

/// Returns where accounts go that the spec does not place itself: out of a replaced OU into its successor,
/// and out of an OU that goes while they are closed (rule R19).
pub(crate) fn account_moves(
    desired: &Desired,
    live: &LiveOrganization,
    pairs: &Pairs,
) -> BTreeMap<Entity, Entity> {
    let placed: BTreeSet<_> = pairs
        .accounts
        .iter()
        .filter(|(name, _)| {
            desired
                .accounts
                .get(*name)
                .is_some_and(|account| account.parent.is_some())
        })
        .map(|(_, found)| &found.id)
        .collect();
    let leaving: BTreeSet<_> = super::removed::closing(desired, pairs);
    let mut moves = BTreeMap::new();
    for account in live
        .accounts
        .values()
        .filter(|account| !placed.contains(&account.id))
    {
        if account.state.is_leaving() {
            continue;
        }
        let Some(retired) = retired_parent(pairs, account) else {
            continue;
        };
        let entity = Entity::Account(account.id.clone());
        match retired {
            Retired::ReplacedBy(address) => {
                moves.insert(entity, entity::ou(pairs, address));
            }
            Retired::LeftSpec(_) if leaving.contains(&account.id) => {
                moves.insert(entity, Entity::Root);
            }
            Retired::LeftSpec(_) => {}
        }
    }
    moves.extend(super::suspend::moves(desired, live, pairs));
    moves
}

fn retired_parent<'a>(pairs: &'a Pairs, account: &LiveAccount) -> Option<&'a Retired> {
    match &account.parent {
        lz_model::id::ParentId::Ou(id) => pairs.retired_ous.get(id),
        lz_model::id::ParentId::Root(_) => None,
    }
}
