//! One step in words: sign, verb and detail.

use super::{document, features, identity, stacks, tower};
use crate::answer::Fold;
use crate::render::page::{Line, Role};
use crate::render::words;
use lz_model::address::Address;
use lz_model::desired::Tags;
use lz_model::plan::{Action, Change, Known, Reason, Ref, Step, StepId, Tagging};
use lz_model::text::Text;
use std::collections::BTreeMap;
use std::fmt::Display;

/// What kind of change a row is, at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// `+`: something comes.
    Create,
    /// `~`: something changes in place.
    Change,
    /// `>`: something goes elsewhere.
    Move,
    /// `-`: something goes.
    Remove,
    /// `!`: something happens that no later plan can undo.
    Irreversible,
}

impl Sign {
    /// Returns the character.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Change => "~",
            Self::Move => ">",
            Self::Remove => "-",
            Self::Irreversible => "!",
        }
    }

    /// Returns the role that colours it.
    pub(crate) const fn role(self) -> Role {
        match self {
            Self::Create => Role::Create,
            Self::Change => Role::Change,
            Self::Move => Role::Move,
            Self::Remove => Role::Remove,
            Self::Irreversible => Role::Irreversible,
        }
    }
}

/// How much of a step is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What a reviewer needs; the tags of a new object are counted.
    Brief,
    /// Everything.
    Full,
}

impl Detail {
    /// Returns how much is told where lists are folded, or where nothing is.
    pub(crate) const fn of(fold: Fold) -> Self {
        match fold {
            Fold::Long => Self::Brief,
            Fold::Nothing => Self::Full,
        }
    }
}

/// Returns the sign of a step.
pub(crate) fn sign(step: &Step) -> Sign {
    match &step.action {
        Action::CreateOrganization {}
        | Action::EnableTrustedService { .. }
        | Action::EnablePolicyType { .. }
        | Action::CreateOu { .. }
        | Action::CreateAccount { .. }
        | Action::CreatePolicy { .. }
        | Action::AttachPolicy { .. }
        | Action::RegisterAdmin { .. } => Sign::Create,
        Action::RenameOu { .. }
        | Action::RenameAccount { .. }
        | Action::UpdatePolicy { .. }
        | Action::SetTags { .. } => Sign::Change,
        Action::MoveAccount { .. } => Sign::Move,
        Action::CloseAccount { .. } | Action::ReleaseAccount { .. } => Sign::Irreversible,
        Action::DisableTrustedService { .. }
        | Action::DisablePolicyType { .. }
        | Action::DeleteOu { .. }
        | Action::DeletePolicy { .. }
        | Action::DetachPolicy { .. }
        | Action::DeregisterAdmin { .. } => Sign::Remove,
        Action::Feature(work) => features::sign(work),
        Action::StackSet(work) => stacks::set_sign(work),
        Action::Stack(work) => stacks::stack_sign(work),
        Action::Tower(step) => tower::sign(&step.work),
        Action::Identity(work) => identity::sign(work),
        Action::Settings(work) => identity::settings_sign(work),
    }
}

/// Returns the verb of a step.
pub(crate) const fn verb(action: &Action) -> &'static str {
    match action {
        Action::CreateOrganization {}
        | Action::CreateOu { .. }
        | Action::CreateAccount { .. }
        | Action::CreatePolicy { .. } => "create",
        Action::EnableTrustedService { .. } | Action::EnablePolicyType { .. } => "enable",
        Action::DisableTrustedService { .. } | Action::DisablePolicyType { .. } => "disable",
        Action::RenameOu { .. } | Action::RenameAccount { .. } => "rename",
        Action::DeleteOu { .. } | Action::DeletePolicy { .. } => "delete",
        Action::MoveAccount { .. } => "move",
        Action::CloseAccount { .. } => "close",
        Action::ReleaseAccount { .. } => "release",
        Action::UpdatePolicy { .. } => "update",
        Action::AttachPolicy { .. } => "attach",
        Action::DetachPolicy { .. } => "detach",
        Action::SetTags { purpose, .. } => match purpose {
            Tagging::Adopt => "adopt",
            Tagging::Readdress => "relabel",
            Tagging::Update => "tag",
            Tagging::Forget => "forget",
        },
        Action::RegisterAdmin { .. } => "register",
        Action::DeregisterAdmin { .. } => "deregister",
        Action::Feature(work) => features::verb(work),
        Action::StackSet(work) => stacks::set_verb(work),
        Action::Stack(work) => stacks::stack_verb(work),
        Action::Tower(step) => tower::verb(&step.work),
        Action::Identity(work) => identity::verb(work),
        Action::Settings(work) => identity::settings_verb(work),
    }
}

/// Returns what one object of the step's kind is called.
pub(crate) const fn noun(action: &Action) -> &'static str {
    match action {
        Action::CreateOrganization {} => "organization",
        Action::EnableTrustedService { .. } | Action::DisableTrustedService { .. } => "service",
        Action::EnablePolicyType { .. } | Action::DisablePolicyType { .. } => "policy type",
        Action::CreateOu { .. } | Action::RenameOu { .. } | Action::DeleteOu { .. } => "OU",
        Action::CreateAccount { .. }
        | Action::MoveAccount { .. }
        | Action::RenameAccount { .. }
        | Action::CloseAccount { .. }
        | Action::ReleaseAccount { .. } => "account",
        Action::CreatePolicy { .. } | Action::UpdatePolicy { .. } | Action::DeletePolicy { .. } => "policy",
        Action::AttachPolicy { .. } | Action::DetachPolicy { .. } => "attachment",
        Action::SetTags { .. } => "object",
        Action::RegisterAdmin { .. } | Action::DeregisterAdmin { .. } => "administrator",
        Action::Feature(work) => features::noun(work),
        Action::StackSet(_) => "stack set",
        Action::Stack(_) => "stack",
        Action::Tower(step) => tower::noun(&step.work),
        Action::Identity(work) => identity::noun(work),
        Action::Settings(_) => "account",
    }
}

/// Returns the detail of a step: everything that its address and verb do not say, and why where that helps.
pub(crate) fn detail(step: &Step, detail: Detail) -> Line {
    let mut line = what(&step.action, detail);
    if let (Action::MoveAccount { account, .. }, false) = (&step.action, names_account(step)) {
        let mut whole = named(account);
        whole.append(Line::of(Role::Plain, " from "));
        whole.append(line);
        line = whole;
    }
    if let Some(why) = why(&step.reason) {
        // An adoption's reason is its whole detail.
        if !line.is_empty() {
            line = line.plain(", ");
        }
        line = line.with(Role::Muted, why);
    }
    if sign(step) == Sign::Irreversible && !step.reversible {
        line = line.plain(", ").with(Role::Irreversible, "irreversible");
    }
    line
}

/// An account that is nobody's declaration moves under the address of what makes it move.
const fn names_account(step: &Step) -> bool {
    matches!(step.address, Address::Account(_))
}

/// Returns the detail of the first of several steps that share a row: the reason, then the element.
pub(super) fn listed(step: &Step) -> Line {
    let mut line =
        why(&step.reason).map_or_else(Line::default, |why| Line::of(Role::Muted, format!("{why}: ")));
    line.append(what(&step.action, Detail::Brief));
    line
}

/// Returns what one more step adds to a shared row.
pub(super) fn element(action: &Action) -> Line {
    if let Action::RegisterAdmin { service, .. } | Action::DeregisterAdmin { service, .. } = action {
        return Line::of(Role::Plain, service.as_str());
    }
    if let Action::Tower(step) = action {
        return tower::element(&step.work);
    }
    what(action, Detail::Brief)
}

/// Returns what a step is about, without the reason for it.
pub(crate) fn what(action: &Action, detail: Detail) -> Line {
    match action {
        Action::CreateOrganization {} => Line::of(Role::Plain, "with all features"),
        Action::EnableTrustedService { service } | Action::DisableTrustedService { service } => {
            Line::of(Role::Plain, service.as_str())
        }
        Action::EnablePolicyType { policy_type, .. } => Line::of(Role::Plain, policy_type.name()),
        Action::DisablePolicyType { policy_type, .. } => {
            Line::of(Role::Plain, policy_type.name()).plain(", which detaches what is left of it everywhere")
        }
        Action::CreateOu { name, parent, tags } => Line::of(Role::Plain, quoted(name))
            .plain(format!(" in {}", parent.name))
            .plain(of_tags(tags, detail)),
        Action::RenameOu { name, .. } | Action::RenameAccount { name, .. } => change(name),
        Action::DeleteOu { ou } => named(ou),
        Action::CreateAccount {
            name,
            email,
            role_name,
            iam_user_access_to_billing,
            tags,
        } => {
            let line = Line::of(Role::Plain, quoted(name)).plain(format!(" {email}"));
            let line = match role_name {
                Some(role) => line.plain(format!(", role {role}")),
                None => line,
            };
            let line = match iam_user_access_to_billing {
                Some(true) => line.plain(", IAM users see billing"),
                Some(false) => line.plain(", IAM users do not see billing"),
                None => line,
            };
            line.plain(of_tags(tags, detail))
        }
        Action::MoveAccount { from, to, .. } => {
            Line::of(Role::Plain, format!("{} -> {}", from.name, to.name))
        }
        Action::CloseAccount { account } | Action::ReleaseAccount { account } => named(account),
        Action::CreatePolicy {
            policy_type,
            name,
            content,
            tags,
            ..
        } => Line::of(Role::Plain, format!("{policy_type} {}", quoted(name)))
            .plain(size(content))
            .plain(of_tags(tags, detail)),
        Action::UpdatePolicy { .. } => update(action),
        Action::DeletePolicy { policy, policy_type } => {
            let mut line = Line::of(Role::Plain, format!("{policy_type} "));
            line.append(named(policy));
            line
        }
        Action::AttachPolicy { target, accounts, .. } => {
            Line::of(Role::Plain, format!("to {}", target.name)).plain(bound(*accounts))
        }
        Action::DetachPolicy { target, accounts, .. } => {
            Line::of(Role::Plain, format!("from {}", target.name)).plain(bound(*accounts))
        }
        Action::SetTags {
            purpose,
            resource,
            set,
            remove,
        } => tagging(*purpose, resource, set, remove),
        Action::RegisterAdmin {
            service,
            account,
            regions,
        }
        | Action::DeregisterAdmin {
            service,
            account,
            regions,
        } => named(account)
            .plain(features::regions(features::told(service, regions), detail))
            .plain(format!(" for {service}")),
        Action::Feature(work) => features::what(work),
        Action::StackSet(work) => stacks::set_what(work, detail),
        Action::Stack(work) => stacks::stack_what(work),
        Action::Tower(step) => tower::what(&step.work),
        Action::Identity(work) => identity::what(work, detail),
        Action::Settings(work) => identity::settings_what(work),
    }
}

fn update(action: &Action) -> Line {
    let Action::UpdatePolicy {
        policy_type,
        name,
        description,
        accounts,
        ..
    } = action
    else {
        return Line::default();
    };
    let mut line = Line::of(Role::Plain, policy_type.name());
    if let Some(name) = name {
        line = line.plain(", name ");
        line.append(change(name));
    }
    if let Some(description) = description {
        line = line.plain(", description ");
        line.append(change(description));
    }
    line.plain(", in force for ").plain(accounts_in_words(*accounts))
}

/// Returns why a step is in the plan, where its verb does not say it.
fn why(reason: &Reason) -> Option<String> {
    match reason {
        Reason::Missing {} | Reason::Differs {} => None,
        Reason::Adopted { by } => Some(format!("found by its {by}")),
        Reason::Relabelled { from } => Some(format!("was {from}")),
        Reason::LeftSpec {} => Some("no longer in the spec".to_owned()),
        Reason::AskedFor { origin: Some(origin) } => Some(format!("asked for in {origin}")),
        Reason::AskedFor { origin: None } => Some("asked for in the spec".to_owned()),
        Reason::NotListed {} => Some("not in the spec's list".to_owned()),
        Reason::Replaced { by } => Some(format!("replaced by {by}")),
    }
}

fn tagging<T: Display>(
    purpose: Tagging,
    resource: &Ref<T>,
    set: &BTreeMap<String, Change<Option<Text>>>,
    remove: &BTreeMap<String, String>,
) -> Line {
    let mut line = match purpose {
        Tagging::Adopt | Tagging::Forget => named(resource),
        Tagging::Readdress | Tagging::Update => Line::default(),
    };
    for (key, value) in set
        .iter()
        .filter(|(key, _)| purpose == Tagging::Update || !is_ours(key))
    {
        comma(&mut line);
        line = match &value.before {
            None => line
                .with(Role::Create, format!("{key}="))
                .with(Role::Create, tag_value(value.after.as_ref())),
            Some(before) => line
                .plain(format!("{key} {} -> ", quoted(before)))
                .plain(tag_value(value.after.as_ref())),
        };
    }
    for (key, value) in remove
        .iter()
        .filter(|(key, _)| purpose == Tagging::Update || !is_ours(key))
    {
        comma(&mut line);
        line = line.with(Role::Remove, format!("without {key}={}", quoted(value)));
    }
    line
}

fn comma(line: &mut Line) {
    if !line.is_empty() {
        *line = std::mem::take(line).plain(", ");
    }
}

fn tag_value(value: Option<&Text>) -> String {
    value.map_or_else(|| "nothing".to_owned(), quoted_text)
}

/// Returns whether a tag is lz's own.
fn is_ours(key: &str) -> bool {
    key.starts_with("lz:")
}

fn of_tags(tags: &Tags, detail: Detail) -> String {
    let shown: Vec<String> = tags
        .iter()
        .filter(|(key, _)| !is_ours(key))
        .map(|(key, value)| format!("{key}={}", quoted_text(value)))
        .collect();
    match detail {
        Detail::Brief | Detail::Full if shown.is_empty() => String::new(),
        Detail::Brief => format!(", {}", words::count(shown.len(), "tag")),
        Detail::Full => format!(", tags {}", shown.join(", ")),
    }
}

fn size(content: &Text) -> String {
    let text = content.to_string();
    match document::statements(&text) {
        Some(statements) => format!(", {}", words::count(statements, "statement")),
        None => format!(", {}", words::count(text.chars().count(), "character")),
    }
}

fn bound(accounts: usize) -> String {
    format!(", {}", accounts_in_words(accounts))
}

/// Returns `14 accounts`, or `no accounts`.
pub(super) fn accounts_in_words(accounts: usize) -> String {
    if accounts == 0 {
        "no accounts".to_owned()
    } else {
        words::count(accounts, "account")
    }
}

/// Returns a text in quotes, marked if a part of it is an id that AWS has yet to assign.
fn quoted_text(text: &Text) -> String {
    let mark = if text.known().is_some() {
        ""
    } else {
        " (known after apply)"
    };
    format!("{}{mark}", quoted(text))
}

fn change<T: Display>(change: &Change<T>) -> Line {
    Line::of(
        Role::Plain,
        format!("{} -> {}", quoted(&change.before), quoted(&change.after)),
    )
}

fn named<T: Display>(named: &Ref<T>) -> Line {
    let line = Line::of(Role::Plain, &named.name);
    match &named.id {
        Known::Now(id) => line.plain(" (").with(Role::Id, id.to_string()).plain(")"),
        Known::After(_) => line,
    }
}

/// Returns the step that makes the account which this step moves, if the plan makes it.
pub(super) const fn moves_new(action: &Action) -> Option<&StepId> {
    let Action::MoveAccount { account, .. } = action else {
        return None;
    };
    match &account.id {
        Known::After(step) => Some(step),
        Known::Now(_) => None,
    }
}

fn quoted(text: impl Display) -> String {
    format!("\"{text}\"")
}
