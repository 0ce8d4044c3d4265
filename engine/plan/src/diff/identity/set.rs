//! Permission sets: create, change, provision, delete.

use super::push;
use crate::context::{Context, adoption};
use crate::draft::Drafts;
use lz_model::address::{ADDRESS_TAG, Address, Name, ZONE_TAG};
use lz_model::desired::{DesiredIdentity, DesiredPermissionSet, Tags};
use lz_model::id::Arn;
use lz_model::live::{LiveIdentity, LivePermissionSet, LiveSetContent};
use lz_model::plan::{Change, IdentityWork, Known, Reason, Ref, SetContent};
use lz_model::text::Text;

pub(super) fn diff(
    context: &Context<'_>,
    wanted: &DesiredIdentity,
    live: &LiveIdentity,
    drafts: &mut Drafts,
) {
    for (name, set) in &wanted.sets {
        let found = context.pairs.permission_sets.get(name);
        let known = found.and_then(|found| {
            let set = live.sets.get(&found.id)?;
            Some((&found.id, set, set.content.as_ref()?))
        });
        match known {
            None => create(context, live, name, set, drafts),
            Some(known) => change(context, live, name, set, known, drafts),
        }
    }
    for (arn, address) in &context.pairs.retired_permission_sets {
        let Some(set) = live.sets.get(arn) else { continue };
        if crate::diff::removed::is_forgotten(context, address) {
            forget(context, live, arn, set, address, drafts);
            continue;
        }
        let delete = IdentityWork::DeleteSet {
            center: live.center.clone(),
            set: Ref {
                name: set.name.clone(),
                id: Known::Now(arn.clone()),
            },
        };
        let verb = format!("delete {}", set.name);
        push(context, drafts, address, &verb, delete, Reason::LeftSpec {});
    }
}

fn create(
    context: &Context<'_>,
    live: &LiveIdentity,
    name: &Name,
    wanted: &DesiredPermissionSet,
    drafts: &mut Drafts,
) {
    let address = Address::PermissionSet(name.clone());
    let tags = context.all_tags(&address, wanted.tags.as_ref());
    let create = IdentityWork::CreateSet {
        center: live.center.clone(),
        content: Box::new(content(context, wanted, None, tags)),
    };
    push(context, drafts, &address, "create", create, Reason::Missing {});
}

fn change(
    context: &Context<'_>,
    live: &LiveIdentity,
    name: &Name,
    wanted: &DesiredPermissionSet,
    (arn, found, granted): (&Arn, &LivePermissionSet, &LiveSetContent),
    drafts: &mut Drafts,
) {
    let address = Address::PermissionSet(name.clone());
    let before = as_found(found, granted);
    let mut tags = context.all_tags(&address, wanted.tags.as_ref());
    if wanted.tags.is_none() {
        for (key, value) in &found.tags {
            tags.entry(key.clone())
                .or_insert_with(|| Text::literal(value.clone()));
        }
    }
    let mut after = content(context, wanted, Some(found), tags);
    if same_document(after.inline.as_ref(), granted.inline.as_deref()) {
        after.inline.clone_from(&before.inline);
    }
    let adopted = context.pairs.permission_sets.get(name).and_then(adoption);
    let differs = before != after;
    let reaches_accounts = reaches_accounts(&before, &after);
    if differs {
        let reason = adopted.unwrap_or(Reason::Differs {});
        let update = IdentityWork::UpdateSet {
            center: live.center.clone(),
            set: arn.clone(),
            content: Box::new(Change { before, after }),
        };
        push(context, drafts, &address, "update", update, reason);
    }
    let stale = if reaches_accounts {
        granted.provisioned.len()
    } else {
        granted.outdated.len()
    };
    if stale > 0 {
        let provision = IdentityWork::ProvisionSet {
            center: live.center.clone(),
            set: Ref {
                name: wanted.name.clone(),
                id: Known::Now(arn.clone()),
            },
            accounts: stale,
        };
        push(
            context,
            drafts,
            &address,
            "provision",
            provision,
            Reason::Differs {},
        );
    }
}

/// Returns whether accounts that have the set must be told of a change: tags and the description stay in the
/// instance (IAM Identity Center API Reference, "ProvisionPermissionSet").
fn reaches_accounts(before: &SetContent, after: &SetContent) -> bool {
    let told = |content: &SetContent| SetContent {
        description: None,
        tags: Tags::new(),
        ..content.clone()
    };
    told(before) != told(after)
}

/// Returns a permission set as the spec wants it; what the spec leaves alone is as it was found.
fn content(
    context: &Context<'_>,
    wanted: &DesiredPermissionSet,
    found: Option<&LivePermissionSet>,
    tags: Tags,
) -> SetContent {
    let grants = &wanted.grants;
    SetContent {
        name: wanted.name.clone(),
        description: wanted
            .description
            .clone()
            .or_else(|| found.and_then(|found| found.description.clone())),
        session_seconds: wanted
            .session_seconds
            .or_else(|| found.and_then(|found| found.session_seconds)),
        relay_state: wanted
            .relay_state
            .clone()
            .or_else(|| found.and_then(|found| found.relay_state.clone())),
        managed: grants.managed.clone(),
        customer: grants.customer.clone(),
        inline: grants.inline.as_ref().map(|text| context.fill(text)),
        boundary: grants.boundary.clone(),
        tags,
    }
}

fn as_found(found: &LivePermissionSet, granted: &LiveSetContent) -> SetContent {
    SetContent {
        name: found.name.clone(),
        description: found.description.clone(),
        session_seconds: found.session_seconds,
        relay_state: found.relay_state.clone(),
        managed: granted.managed.clone(),
        customer: granted.customer.clone(),
        inline: granted.inline.clone().map(Text::literal),
        boundary: granted.boundary.clone(),
        tags: found
            .tags
            .iter()
            .map(|(key, value)| (key.clone(), Text::literal(value.clone())))
            .collect(),
    }
}

/// Returns whether two documents are the same JSON: white space and the order of keys mean nothing.
fn same_document(wanted: Option<&Text>, found: Option<&str>) -> bool {
    let (Some(wanted), Some(found)) = (wanted.and_then(Text::known), found) else {
        return false;
    };
    let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    match (parsed(wanted), parsed(found)) {
        (Some(wanted), Some(found)) => wanted == found,
        (Some(_) | None, _) => wanted == found,
    }
}

/// The set stays as it is, and lz takes its own tags away.
fn forget(
    context: &Context<'_>,
    live: &LiveIdentity,
    arn: &Arn,
    set: &LivePermissionSet,
    address: &Address,
    drafts: &mut Drafts,
) {
    let Some(granted) = &set.content else { return };
    let before = as_found(set, granted);
    let mut after = before.clone();
    after.tags.retain(|key, _| key != ZONE_TAG && key != ADDRESS_TAG);
    let origin = context
        .desired
        .removed
        .iter()
        .find(|removed| removed.from == *address)
        .and_then(|removed| removed.origin.clone());
    let update = IdentityWork::UpdateSet {
        center: live.center.clone(),
        set: arn.clone(),
        content: Box::new(Change { before, after }),
    };
    push(
        context,
        drafts,
        address,
        "forget",
        update,
        Reason::AskedFor { origin },
    );
}
