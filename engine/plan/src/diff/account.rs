//! Accounts: create, move, rename, tag.

use super::tags;
use crate::context::{Context, adoption};
use crate::draft::{Draft, Drafts};
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use lz_model::address::{Address, Name, is_label};
use lz_model::desired::DesiredAccount;
use lz_model::id::{ResourceId, TargetId};
use lz_model::live::LiveAccount;
use lz_model::plan::{Action, Change, Reason, Severity};
use std::collections::BTreeSet;

/// The service whose trusted access lets the management account change its members (aws-facts section 1.7).
const ACCOUNT_MANAGEMENT: &str = "account.amazonaws.com";

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    for (name, wanted) in &context.desired.accounts {
        let entity = entity::account(&context.pairs, name);
        let found = context.pairs.accounts.get(name);
        let live = found.and_then(|found| context.live.and_then(|live| live.accounts.get(&found.id)));
        match live {
            None => create(context, name, wanted, drafts),
            Some(live) => change(context, name, wanted, live, drafts, problems),
        }
        relocate(context, &entity, drafts);
    }
    let unplaced: Vec<&Entity> = context
        .trees
        .moved()
        .filter(|entity| context.address(entity).is_none())
        .collect();
    for entity in unplaced {
        relocate(context, entity, drafts);
    }
    refuse_orphans(context, problems);
    note_creations(context, drafts);
    note_left_out(context, drafts);
    super::invite::note_unnamed(context, drafts);
}

/// Returns whether the request of an address was left out: the account is declared, but nobody can read how.
fn is_left_out(context: &Context<'_>, address: &Address) -> bool {
    let Address::Account(name) = address else {
        return false;
    };
    context.desired.left_out.contains(&name.label)
}

/// What is left out is not done, and every reader of the plan must see that.
fn note_left_out(context: &Context<'_>, drafts: &mut Drafts) {
    let mut known = BTreeSet::new();
    for (id, address) in &context.pairs.orphan_accounts {
        if let Address::Account(name) = address
            && is_left_out(context, address)
        {
            known.insert(&name.label);
            drafts.note(
                Severity::Warning,
                "request_left_out",
                address.clone(),
                format!("the request of account {id} is wrong and was left out; the account stays as it is"),
            );
        }
    }
    for label in &context.desired.left_out {
        if known.contains(label) {
            continue;
        }
        // A file's name may be no label, and then there is no address.
        let address = is_label(label).then(|| Address::Account(Name::new(label.as_str())));
        let text =
            format!("the request of `account.{label}` is wrong and was left out; nothing is done for it");
        drafts.note(Severity::Warning, "request_left_out", address, text);
    }
}

/// An account in creation has no e-mail address yet: `lz apply` awaits it before it plans.
fn note_creations(context: &Context<'_>, drafts: &mut Drafts) {
    for creation in context.live.iter().flat_map(|live| &live.creating) {
        drafts.note(
            Severity::Warning,
            "creation_in_flight",
            None,
            format!(
                "AWS is creating the account \"{}\" right now; `lz apply` waits for it and plans anew",
                creation.name
            ),
        );
    }
}

fn create(context: &Context<'_>, name: &Name, wanted: &DesiredAccount, drafts: &mut Drafts) {
    let address = Address::Account(name.clone());
    let action = match &wanted.invite {
        Some(account) => super::invite::action(context, &address, account, wanted, drafts),
        None => create_action(context, &address, wanted),
    };
    let draft = Draft::new(context.desired, address, "create", action, Reason::Missing {});
    drafts.push(draft.entity(Entity::NewAccount(name.clone())));
}

fn create_action(context: &Context<'_>, address: &Address, wanted: &DesiredAccount) -> Action {
    Action::CreateAccount {
        name: wanted.name.clone(),
        email: wanted.email.clone(),
        role_name: wanted.role_name.clone(),
        iam_user_access_to_billing: wanted.iam_user_access_to_billing,
        tags: context.all_tags(address, wanted.tags.as_ref()),
    }
}

fn change(
    context: &Context<'_>,
    name: &Name,
    wanted: &DesiredAccount,
    live: &LiveAccount,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let address = Address::Account(name.clone());
    if live.state.is_leaving() {
        problems.add(
            "account_closed",
            address,
            format!(
                "account `{}` is closed or suspended; its e-mail address cannot be used again",
                live.id
            ),
            "take the declaration out of the spec, or have AWS Support reopen the account within 90 days",
        );
        return;
    }
    if live.email != wanted.email {
        drafts.note(
            Severity::Warning,
            "email_differs",
            address.clone(),
            format!(
                "account {} has another root e-mail address than the spec; AWS changes it only with a code sent by mail",
                live.id
            ),
        );
    }
    if live.name != wanted.name {
        rename(context, &address, wanted, live, drafts, problems);
    }
    let resource = (
        live.name.clone(),
        ResourceId::Target(TargetId::Account(live.id.clone())),
    );
    let adopted = context.pairs.accounts.get(name).and_then(adoption);
    let draft = tags::diff(
        context,
        &address,
        resource,
        wanted.tags.as_ref(),
        &live.tags,
        adopted,
    );
    drafts
        .list
        .extend(draft.map(|draft| draft.entity(Entity::Account(live.id.clone()))));
}

fn rename(
    context: &Context<'_>,
    address: &Address,
    wanted: &DesiredAccount,
    live: &LiveAccount,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let trusted = |services: &std::collections::BTreeSet<lz_model::id::ServicePrincipal>| {
        services
            .iter()
            .any(|service| service.as_str() == ACCOUNT_MANAGEMENT)
    };
    let has = context.live.is_some_and(|live| trusted(&live.trusted_services));
    let will = context
        .desired
        .organization
        .as_ref()
        .is_some_and(|wanted| trusted(&wanted.trusted_services));
    if !has && !will {
        problems.add(
            "needs_account_management",
            address.clone(),
            format!(
                "renaming `{}` to `{}` needs trusted access for `{ACCOUNT_MANAGEMENT}`",
                live.name, wanted.name
            ),
            format!("add \"{ACCOUNT_MANAGEMENT}\" to `trusted_services`, or keep the name"),
        );
        return;
    }
    let name = Change {
        before: live.name.clone(),
        after: wanted.name.clone(),
    };
    let action = Action::RenameAccount {
        account: live.id.clone(),
        name,
    };
    let draft = Draft::new(
        context.desired,
        address.clone(),
        "rename",
        action,
        Reason::Differs {},
    );
    drafts.push(draft.entity(Entity::Account(live.id.clone())));
}

/// Adds the move of an account whose place changes; a new account starts in the root (rule R13).
fn relocate(context: &Context<'_>, entity: &Entity, drafts: &mut Drafts) {
    let from = context
        .trees
        .path_before(entity)
        .get(1)
        .cloned()
        .unwrap_or(Entity::Root);
    let to = context
        .trees
        .path_after(entity)
        .get(1)
        .cloned()
        .unwrap_or(Entity::Root);
    if from == to {
        return;
    }
    let (Some(account), Some(from_ref), Some(to_ref)) = (
        context.account_ref(entity),
        context.parent_ref(&from),
        context.parent_ref(&to),
    ) else {
        return;
    };
    let existed = context.trees.existed(entity);
    let suspended = super::suspend::block_of(context, entity);
    let declared = context
        .address(entity)
        .or_else(|| suspended.as_ref().map(|(removed, _)| removed.from.clone()))
        .or_else(|| left_spec(context, entity));
    let (address, verb) = match (declared, context.address(&to)) {
        (Some(address), _) => (address, "move".to_owned()),
        (None, Some(address)) => (address, format!("move {}", context.label(entity))),
        (None, None) => (Address::Root, format!("move {}", context.label(entity))),
    };
    let reason = match suspended {
        Some((_, asked)) => asked,
        None if existed => Reason::Differs {},
        None => Reason::Missing {},
    };
    let action = Action::MoveAccount {
        account,
        from: from_ref,
        to: to_ref,
    };
    let mut draft = Draft::new(context.desired, address, &verb, action, reason)
        .entity(entity.clone())
        .to(to);
    draft.from = Some(from);
    drafts.push(draft);
}

/// Returns the former address of an account that the spec does not declare any more.
fn left_spec(context: &Context<'_>, entity: &Entity) -> Option<Address> {
    let Entity::Account(id) = entity else { return None };
    context.pairs.orphan_accounts.get(id).cloned()
}

/// An account that vanished from the spec is a question, not a closure (design: nothing irreversible by absence).
fn refuse_orphans(context: &Context<'_>, problems: &mut Problems<'_>) {
    let Some(live) = context.live else { return };
    for (id, address) in &context.pairs.orphan_accounts {
        let Some(account) = live
            .accounts
            .get(id)
            .filter(|account| !account.state.is_leaving())
        else {
            continue;
        };
        if super::removed::removal_of(context, address, id).is_some() || is_left_out(context, address) {
            continue;
        }
        problems.add(
            "account_left_spec",
            address.clone(),
            format!(
                "account `{id}` ({}) is managed as `{address}`, which the spec does not declare any more",
                account.name
            ),
            format!(
                "declare it again, or say what becomes of it (or: suspend, close, forget):\n\
                 removed {{\n  from   = {address}\n  action = \"release\"\n}}"
            ),
        );
    }
}
