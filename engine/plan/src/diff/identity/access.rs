//! Who has which permission set where: grants and revocations, one step for each group or user of a block.

use super::{notes, push};
use crate::context::Context;
use crate::draft::Drafts;
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use lz_model::address::{Address, Name};
use lz_model::desired::{AccessUnit, DesiredAssignment, DesiredIdentity, Exclusive};
use lz_model::id::{AccountId, Arn};
use lz_model::identity::{Principal, PrincipalKind};
use lz_model::live::{Holders, LiveAssignment, LiveIdentity};
use lz_model::plan::{Access, IdentityWork, Known, Reason, Ref, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// Who has what where, as AWS tells it.
type Key = (Arn, PrincipalKind, String, AccountId);

pub(super) fn diff(
    context: &Context<'_>,
    wanted: &DesiredIdentity,
    live: &LiveIdentity,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let present: BTreeSet<Key> = live.assignments.iter().map(key).collect();
    let mut kept: BTreeSet<Key> = BTreeSet::new();
    let mut granted: BTreeMap<(Name, Principal, Entity), Name> = BTreeMap::new();
    for (name, assignment) in &wanted.assignments {
        let address = Address::Assignment(name.clone());
        let members = members(context, assignment);
        for principal in &assignment.principals {
            let Some(id) = live.principals.get(principal) else {
                refuse_missing(&address, principal, problems);
                continue;
            };
            let found = context.pairs.permission_sets.get(&assignment.set);
            let mut new = Vec::new();
            for member in &members {
                if let (Entity::Account(account), Some(found)) = (member, found) {
                    let key = (found.id.clone(), principal.kind, id.clone(), account.clone());
                    kept.insert(key.clone());
                    if present.contains(&key) {
                        continue;
                    }
                }
                // What two blocks say is done once, by the first of them.
                let said = (assignment.set.clone(), principal.clone(), member.clone());
                if granted.entry(said).or_insert_with(|| name.clone()) == name {
                    new.push(member.clone());
                }
            }
            grant(
                context,
                wanted,
                live,
                (name, assignment),
                (principal, id),
                &new,
                drafts,
            );
        }
    }
    revoke(context, wanted, live, &kept, drafts);
}

fn key(assignment: &LiveAssignment) -> Key {
    (
        assignment.set.clone(),
        assignment.kind,
        assignment.principal.clone(),
        assignment.account.clone(),
    )
}

/// Returns the accounts of an assignment as they will be when the plan is carried out. Accounts that are closed, or
/// on their way out, are none of them.
fn members(context: &Context<'_>, assignment: &DesiredAssignment) -> Vec<Entity> {
    let named = assignment
        .accounts
        .iter()
        .map(|name| entity::account(&context.pairs, name));
    let above: BTreeSet<Entity> = assignment
        .units
        .iter()
        .map(|unit| match unit {
            AccessUnit::Root => Entity::Root,
            AccessUnit::Ou(ou) => entity::ou(&context.pairs, ou),
        })
        .collect();
    let below = context.trees.accounts().filter(|account| {
        let path = context.trees.above_after(account);
        path.iter().any(|one| above.contains(one))
    });
    let leaving = super::super::removed::closing(context.desired, &context.pairs);
    let stays = |entity: &Entity| match entity {
        Entity::Account(id) => {
            let account = context.live.and_then(|live| live.accounts.get(id));
            !leaving.contains(id) && account.is_some_and(|account| !account.state.is_leaving())
        }
        Entity::NewAccount(_) => true,
        Entity::Root | Entity::Ou(_) | Entity::NewOu(_) => false,
    };
    let all: BTreeSet<Entity> = named.chain(below.cloned()).filter(stays).collect();
    all.into_iter().collect()
}

/// Adds the steps that give somebody a set: one for all accounts that are there, one for each that is to come or
/// moves, so that none waits for another.
fn grant(
    context: &Context<'_>,
    wanted: &DesiredIdentity,
    live: &LiveIdentity,
    (name, assignment): (&Name, &DesiredAssignment),
    (principal, id): (&Principal, &str),
    accounts: &[Entity],
    drafts: &mut Drafts,
) {
    let address = Address::Assignment(name.clone());
    let set = set_ref(context, wanted, &assignment.set);
    let moving: BTreeSet<&Entity> = context.trees.moved().collect();
    let (waiting, ready): (Vec<&Entity>, Vec<&Entity>) = accounts
        .iter()
        .partition(|account| matches!(account, Entity::NewAccount(_)) || moving.contains(account));
    let groups = waiting.into_iter().map(|account| vec![account]);
    for group in std::iter::once(ready).chain(groups) {
        let members: Vec<Ref<AccountId>> = group
            .iter()
            .filter_map(|account| context.account_ref(account))
            .collect();
        if members.is_empty() {
            continue;
        }
        notes::management(context, &address, &set.name, principal, &members, drafts);
        let verb = match group.as_slice() {
            [one] if matches!(one, Entity::NewAccount(_)) || moving.contains(one) => {
                format!("grant {principal} {}", context.label(one))
            }
            _ => format!("grant {principal}"),
        };
        let access = Access {
            center: live.center.clone(),
            set: set.clone(),
            principal: principal.clone(),
            principal_id: id.to_owned(),
            members,
        };
        let work = IdentityWork::Grant(access);
        push(context, drafts, &address, &verb, work, Reason::Missing {});
    }
}

fn set_ref(context: &Context<'_>, wanted: &DesiredIdentity, name: &Name) -> Ref<Arn> {
    let shown = wanted.sets.get(name).map(|set| set.name.clone());
    let found = context.pairs.permission_sets.get(name);
    let create = || StepId::new(&Address::PermissionSet(name.clone()), "create");
    Ref {
        name: shown.unwrap_or_else(|| name.to_string()),
        id: found.map_or_else(|| Known::After(create()), |found| Known::Now(found.id.clone())),
    }
}

/// AWS takes an assignment to somebody who does not exist, and lets it fail later.
fn refuse_missing(address: &Address, principal: &Principal, problems: &mut Problems<'_>) {
    let place = match principal.kind {
        PrincipalKind::Group => "by its display name, letter by letter",
        PrincipalKind::User => "by the user name, letter by letter",
    };
    problems.add(
        "principal_missing",
        address.clone(),
        format!(
            "the identity store has no {} `{}`",
            principal.kind.word(),
            principal.name
        ),
        format!("create it there, wait until your directory has synchronized it, or name it {place}"),
    );
}

/// Takes sets from those to whom the spec does not assign them: everybody where a set goes, those whom the spec does
/// not list where it claims the list. Others are noted.
fn revoke(
    context: &Context<'_>,
    wanted: &DesiredIdentity,
    live: &LiveIdentity,
    kept: &BTreeSet<Key>,
    drafts: &mut Drafts,
) {
    let claimed = context
        .desired
        .organization
        .as_ref()
        .is_some_and(|organization| organization.exclusive.contains(&Exclusive::Assignments));
    let names: BTreeMap<&Arn, &Name> = context
        .pairs
        .permission_sets
        .iter()
        .map(|(name, found)| (&found.id, name))
        .collect();
    let mut extra: BTreeMap<(Address, Arn, PrincipalKind, String), Vec<Ref<AccountId>>> = BTreeMap::new();
    for assignment in live.assignments.iter().filter(|one| !kept.contains(&key(one))) {
        let is_gone = !notes::is_reachable(context, &assignment.account);
        if is_gone && names.contains_key(&assignment.set) {
            continue;
        }
        let address = match (
            names.get(&assignment.set),
            context.pairs.retired_permission_sets.get(&assignment.set),
        ) {
            (Some(name), _) => Address::PermissionSet((*name).clone()),
            (None, Some(address)) => address.clone(),
            (None, None) => continue,
        };
        let entity = Entity::Account(assignment.account.clone());
        let account = context.account_ref(&entity);
        extra
            .entry((
                address,
                assignment.set.clone(),
                assignment.kind,
                assignment.principal.clone(),
            ))
            .or_default()
            .extend(account);
    }
    for ((address, set, kind, id), members) in extra {
        let retired = context.pairs.retired_permission_sets.contains_key(&set);
        if retired && crate::diff::removed::is_forgotten(context, &address) {
            continue;
        }
        let access = Access {
            center: live.center.clone(),
            set: Ref {
                name: live
                    .sets
                    .get(&set)
                    .map_or_else(|| set.to_string(), |set| set.name.clone()),
                id: Known::Now(set),
            },
            principal: principal_of(live, kind, &id),
            principal_id: id,
            members,
        };
        if retired || claimed {
            let reason = if retired {
                Reason::LeftSpec {}
            } else {
                Reason::NotListed {}
            };
            let verb = format!("revoke {} {}", access.set.name, access.principal);
            push(
                context,
                drafts,
                &address,
                &verb,
                IdentityWork::Revoke(access),
                reason,
            );
        } else {
            notes::extra(context, &address, &access, drafts);
        }
    }
    notes::others(context, wanted, live, Holders::Named, drafts);
}

/// Returns what people call somebody whom AWS names by id; the id where the spec does not name them.
fn principal_of(live: &LiveIdentity, kind: PrincipalKind, id: &str) -> Principal {
    let known = live
        .principals
        .iter()
        .find(|(principal, known)| principal.kind == kind && *known == id);
    known.map_or_else(
        || Principal {
            kind,
            name: id.to_owned(),
        },
        |(principal, _)| principal.clone(),
    )
}
