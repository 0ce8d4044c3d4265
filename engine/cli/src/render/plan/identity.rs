//! Steps of Identity Center and account settings in words.

use super::describe::{Detail, Sign, accounts_in_words};
use crate::render::page::{Line, Role};
use crate::render::words;
use lz_model::identity::short_policy;
use lz_model::plan::{Access, Change, IdentityWork, SetContent, SettingsWork};
use lz_model::settings::{Contact, PrimaryContact, PrimaryMember};
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Accounts that are named where a list is folded.
const NAMED: usize = 3;

/// Returns the sign of what is done to Identity Center.
pub(super) const fn sign(work: &IdentityWork) -> Sign {
    match work {
        IdentityWork::CreateSet { .. } | IdentityWork::Grant(_) => Sign::Create,
        IdentityWork::UpdateSet { .. } | IdentityWork::ProvisionSet { .. } => Sign::Change,
        IdentityWork::DeleteSet { .. } | IdentityWork::Revoke(_) => Sign::Remove,
    }
}

/// Returns the verb of what is done to Identity Center.
pub(super) const fn verb(work: &IdentityWork) -> &'static str {
    match work {
        IdentityWork::CreateSet { .. } => "create",
        IdentityWork::UpdateSet { .. } => "update",
        IdentityWork::ProvisionSet { .. } => "provision",
        IdentityWork::DeleteSet { .. } => "delete",
        IdentityWork::Grant(_) => "grant",
        IdentityWork::Revoke(_) => "revoke",
    }
}

/// Returns what one object of the step's kind is called.
pub(super) const fn noun(work: &IdentityWork) -> &'static str {
    match work {
        IdentityWork::CreateSet { .. }
        | IdentityWork::UpdateSet { .. }
        | IdentityWork::ProvisionSet { .. }
        | IdentityWork::DeleteSet { .. } => "permission set",
        IdentityWork::Grant(_) | IdentityWork::Revoke(_) => "assignment",
    }
}

/// Returns what is done to Identity Center, without its verb.
pub(super) fn what(work: &IdentityWork, detail: Detail) -> Line {
    match work {
        IdentityWork::CreateSet { content, .. } => Line::of(Role::Plain, made(content)),
        IdentityWork::UpdateSet { content, .. } => update(content),
        IdentityWork::ProvisionSet { accounts, .. } => Line::of(
            Role::Plain,
            format!("its new state to {}", accounts_in_words(*accounts)),
        ),
        IdentityWork::DeleteSet { set, .. } => Line::of(Role::Plain, &set.name),
        IdentityWork::Grant(access) => people(access, "gain", "gains", "for", detail),
        IdentityWork::Revoke(access) => people(access, "lose", "loses", "of", detail),
    }
}

/// Returns `14 accounts gain AdministratorAccess for group platform`; few accounts are named.
fn people(access: &Access, many: &str, one: &str, whose: &str, detail: Detail) -> Line {
    let names: Vec<&str> = access.members.iter().map(|member| member.name.as_str()).collect();
    let (who, verb) = match names.as_slice() {
        [name] => ((*name).to_owned(), one),
        names => (accounts_in_words(names.len()), many),
    };
    let line = Line::of(
        Role::Plain,
        format!("{who} {verb} {} {whose} {}", access.set.name, access.principal),
    );
    match (detail, names.len()) {
        (_, 0 | 1) => line,
        (Detail::Brief, count) if count > NAMED => line,
        (Detail::Brief | Detail::Full, _) => line.with(Role::Muted, format!(" ({})", names.join(", "))),
    }
}

fn made(content: &SetContent) -> String {
    let mut parts = vec![format!("\"{}\"", content.name)];
    let policies: Vec<String> = content
        .managed
        .iter()
        .map(|arn| short_policy(arn).to_owned())
        .chain(content.customer.iter().map(ToString::to_string))
        .collect();
    if !policies.is_empty() {
        parts.push(policies.join(" + "));
    }
    if content.inline.is_some() {
        parts.push("an inline policy".to_owned());
    }
    if policies.is_empty() && content.inline.is_none() {
        parts.push("grants nothing".to_owned());
    }
    if let Some(boundary) = &content.boundary {
        parts.push(format!("bounded by {boundary}"));
    }
    if let Some(seconds) = content.session_seconds {
        parts.push(format!("sessions of {}", session(seconds)));
    }
    parts.join(", ")
}

fn session(seconds: u32) -> String {
    match (seconds / 3_600, seconds % 3_600 / 60) {
        (hours, 0) => format!("{hours} h"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn update(content: &Change<SetContent>) -> Line {
    let (before, after) = (&content.before, &content.after);
    let mut parts: Vec<(Role, String)> = Vec::new();
    policies(before, after, &mut parts);
    match (&before.inline, &after.inline) {
        (None, Some(_)) => parts.push((Role::Create, "gains an inline policy".to_owned())),
        (Some(_), None) => parts.push((Role::Remove, "loses its inline policy".to_owned())),
        (Some(old), Some(new)) if old != new => parts.push((Role::Plain, "inline policy".to_owned())),
        (Some(_) | None, _) => {}
    }
    if before.boundary != after.boundary {
        let shown = |boundary: &Option<lz_model::identity::Boundary>| {
            boundary
                .as_ref()
                .map_or_else(|| "none".to_owned(), ToString::to_string)
        };
        let text = format!(
            "boundary {} -> {}",
            shown(&before.boundary),
            shown(&after.boundary)
        );
        parts.push((Role::Plain, text));
    }
    if before.session_seconds != after.session_seconds {
        let shown = |seconds: Option<u32>| seconds.map_or_else(|| "default".to_owned(), session);
        let (old, new) = (shown(before.session_seconds), shown(after.session_seconds));
        parts.push((Role::Plain, format!("session {old} -> {new}")));
    }
    for (name, old, new) in [
        ("description", &before.description, &after.description),
        ("relay state", &before.relay_state, &after.relay_state),
    ] {
        if old != new {
            let new = new.as_deref().unwrap_or_default();
            parts.push((Role::Plain, format!("{name} \"{new}\"")));
        }
    }
    tags(&before.tags, &after.tags, &mut parts);
    let mut line = Line::default();
    for (role, text) in parts {
        if !line.is_empty() {
            line = line.plain(", ");
        }
        line = line.with(role, text);
    }
    line
}

fn policies(before: &SetContent, after: &SetContent, parts: &mut Vec<(Role, String)>) {
    let names = |content: &SetContent| -> BTreeSet<String> {
        let managed = content.managed.iter().map(|arn| short_policy(arn).to_owned());
        let customer = content.customer.iter().map(ToString::to_string);
        managed.chain(customer).collect()
    };
    let (old, new) = (names(before), names(after));
    let gains = new.difference(&old);
    parts.extend(gains.map(|name| (Role::Create, format!("gains {name}"))));
    let loses = old.difference(&new);
    parts.extend(loses.map(|name| (Role::Remove, format!("loses {name}"))));
}

fn tags(before: &BTreeMap<String, Text>, after: &BTreeMap<String, Text>, parts: &mut Vec<(Role, String)>) {
    let own = |key: &&String| !key.starts_with("lz:");
    let changed = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value))
        .filter(|(key, _)| own(key))
        .count();
    let gone = before
        .keys()
        .filter(|key| !after.contains_key(*key))
        .filter(own)
        .count();
    if changed > 0 {
        parts.push((Role::Plain, words::count(changed, "tag")));
    }
    if gone > 0 {
        parts.push((Role::Remove, format!("without {}", words::count(gone, "tag"))));
    }
}

/// Returns the sign of what is done to an account's settings.
pub(super) const fn settings_sign(work: &SettingsWork) -> Sign {
    match work {
        SettingsWork::PutContact { contact, .. } if contact.before.is_none() => Sign::Create,
        SettingsWork::EnableRegion { .. } => Sign::Create,
        SettingsWork::PutContact { .. } | SettingsWork::PutPrimaryContact { .. } => Sign::Change,
    }
}

/// Returns the verb of what is done to an account's settings.
pub(super) const fn settings_verb(work: &SettingsWork) -> &'static str {
    match work {
        SettingsWork::PutContact { .. } | SettingsWork::PutPrimaryContact { .. } => "set",
        SettingsWork::EnableRegion { .. } => "enable",
    }
}

/// Returns what is done to an account's settings, without its verb.
pub(super) fn settings_what(work: &SettingsWork) -> Line {
    match work {
        SettingsWork::PutContact { kind, contact, .. } => {
            let line = Line::of(Role::Plain, format!("{} contact ", kind.word()));
            let shown = |contact: &Contact| {
                format!(
                    "{}, {}, {}, {}",
                    contact.name, contact.title, contact.email, contact.phone
                )
            };
            let after = contact.after.as_ref().map(shown).unwrap_or_default();
            match &contact.before {
                None => line.plain(after),
                Some(before) => line.plain(format!("{} -> {after}", shown(before))),
            }
        }
        SettingsWork::PutPrimaryContact { contact, .. } => {
            Line::of(Role::Plain, format!("primary contact: {}", primary(contact)))
        }
        SettingsWork::EnableRegion { region, .. } => Line::of(Role::Plain, format!("the Region {region}")),
    }
}

/// Returns the members that change, each with its value to come.
fn primary(contact: &Change<Option<PrimaryContact>>) -> String {
    let nothing = PrimaryContact {
        members: BTreeMap::new(),
    };
    let before = contact.before.as_ref().unwrap_or(&nothing);
    let after = contact.after.as_ref().unwrap_or(&nothing);
    let changed: Vec<String> = PrimaryMember::ALL
        .into_iter()
        .filter(|member| before.members.get(member) != after.members.get(member))
        .map(|member| {
            let value = after.members.get(&member).map_or("none", String::as_str);
            format!("{} {value}", member.word().replace('_', " "))
        })
        .collect();
    changed.join(", ")
}
