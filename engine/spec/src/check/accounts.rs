//! The `account` blocks and account requests.

use super::attributes::{Checker, Placed, Reader};
use super::declared::Labelled;
use super::settings::settings;
use super::tags::tags;
use super::world::{Instances, each};
use super::zone::account_id;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::Scope;
use crate::schema::SPEC;
use crate::source::Span;
use crate::value::{Thing, Value};
use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredAccount, DesiredParent, Origin};
use lz_model::id::{AccountId, Email};
use std::collections::BTreeMap;
use std::sync::Arc;

/// E-mail addresses and ids that are taken, with their places.
#[derive(Default)]
struct Taken {
    emails: BTreeMap<String, Span>,
    ids: BTreeMap<AccountId, Span>,
}

/// Reads all accounts.
pub(super) fn accounts(
    checker: &Checker<'_>,
    management: Option<&AccountId>,
    origins: &mut BTreeMap<Address, Origin>,
) -> BTreeMap<Name, DesiredAccount> {
    let mut accounts = BTreeMap::new();
    let mut taken = Taken::default();
    for (label, block) in &checker.world.declared.accounts {
        let full = format!("account.{label}");
        let instances = checker.world.instances(
            checker.evaluator,
            &full,
            block.body,
            &Scope::EMPTY,
            block.label.span,
        );
        let origin = checker.origin(block.header);
        let mut add = |name: Name, each: Option<&Value>| {
            if let Some(account) = one(checker, *block, each, management, &mut taken) {
                origins.insert(Address::Account(name.clone()), origin.clone());
                accounts.insert(name, account);
            }
        };
        match checker.noted(instances) {
            None => {}
            Some(Instances::Single) => add(Name::new(*label), None),
            Some(Instances::Each(elements)) => {
                for (key, value) in elements.iter() {
                    add(Name::keyed(*label, &**key), Some(&each(key, value)));
                }
            }
        }
    }
    accounts
}

fn one(
    checker: &Checker<'_>,
    block: Labelled<'_>,
    each: Option<&Value>,
    management: Option<&AccountId>,
    taken: &mut Taken,
) -> Option<DesiredAccount> {
    let reader = checker.reader(SPEC.block("account")?, block.body, each);
    let name = name(&reader, block, each);
    let email = reader
        .known("email")
        .and_then(|written| email(&reader, &written, taken));
    let parent = reader.reference("ou").and_then(|found| match &*found.value {
        Thing::Root => Some(DesiredParent::Root),
        Thing::Ou(ou) => Some(DesiredParent::Ou(ou.clone())),
        Thing::Organization
        | Thing::Account(_)
        | Thing::Policy(_)
        | Thing::StackSet(_)
        | Thing::Stack(_)
        | Thing::PermissionSet(_)
        | Thing::Tagged { .. } => None,
    });
    let id = account_id(&reader, "id").map(|id| unique_id(&reader, id, taken));
    if let (Some(id), Some(management)) = (&id, management)
        && id == management
    {
        check_management(&reader, block);
    }
    let settings = settings(&reader);
    let role_name = reader
        .known("role_name")
        .map(|written| role_name(&reader, &written));
    let rest = (
        tags(&reader),
        reader.bool("iam_user_access_to_billing"),
        reader.bool("full_access"),
    );
    let (tags, iam_user_access_to_billing, full_access) = rest;
    Some(DesiredAccount {
        name: name?,
        email: email?,
        parent,
        id,
        tags,
        role_name,
        iam_user_access_to_billing,
        full_access,
        settings,
    })
}

fn name(reader: &Reader<'_, '_>, block: Labelled<'_>, each: Option<&Value>) -> Option<String> {
    let label = || {
        let key = each.and_then(|each| each.fields()?.get("key").cloned());
        let key = key.as_ref().and_then(Value::as_str).map(str::to_owned);
        key.unwrap_or_else(|| block.label.text.to_string())
    };
    let (name, span) = match reader.known("name") {
        Some(name) => (name.value.to_string(), name.span),
        None if reader.is_given("name") => return None,
        None => (label(), block.label.span),
    };
    if let Some(error) = bad_name(&name, span) {
        reader.error(error);
    }
    Some(name)
}

/// An account's name has 1 to 50 printable ASCII characters (aws-facts section 1.2).
fn bad_name(name: &str, span: Span) -> Option<SpecDiagnostic> {
    let size = name.chars().count();
    if !(1..=50).contains(&size) {
        let message = format!("the name of an account has 1 to 50 characters, `{name}` has {size}");
        return Some(SpecDiagnostic::new(Code::BadName, span, message));
    }
    name.chars().find(|c| !matches!(c, ' '..='~')).map(|c| {
        SpecDiagnostic::new(
            Code::BadName,
            span,
            format!("AWS refuses `{}` in the name of an account", c.escape_debug()),
        )
        .help("use letters without accents, digits, spaces and ASCII signs")
    })
}

/// E-mail addresses are unique in all of AWS, whatever their case (aws-facts section 1.4).
fn email(reader: &Reader<'_, '_>, written: &Placed<Arc<str>>, taken: &mut Taken) -> Option<Email> {
    let Ok(email) = written.value.parse::<Email>() else {
        reader.error(bad_email(&written.value, written.span));
        return None;
    };
    if let Some(first) = taken.emails.insert(email.key(), written.span) {
        let message = format!("two accounts have the e-mail address `{email}`");
        let mut error = SpecDiagnostic::new(Code::DuplicateEmail, written.span, message)
            .help("AWS wants it to be unique; put a `+word` before the `@`");
        if first == written.span {
            error = error
                .here("the same for each element")
                .help("put `each.key` into it");
        } else {
            error = error.here("again here").also(first, "first here");
        }
        reader.error(error);
    }
    Some(email)
}

/// What AWS takes as an e-mail address (aws-facts section 1.2).
fn bad_email(written: &str, span: Span) -> SpecDiagnostic {
    let size = written.chars().count();
    let (local, domain) = written.split_once('@').unwrap_or((written, ""));
    let refused = |c: &char| !c.is_ascii_graphic() || "\"'()<>[]:;,\\|%&`".contains(*c);
    let reason = if !written.contains('@') {
        "it has no `@`".to_owned()
    } else if domain.contains('@') {
        "it has more than one `@`".to_owned()
    } else if !(6..=64).contains(&size) {
        format!("it has {size} characters, AWS takes 6 to 64")
    } else if local.is_empty() {
        "nothing stands before the `@`".to_owned()
    } else if local.starts_with('.') {
        "it begins with a dot".to_owned()
    } else if let Some(c) = local.chars().find(refused) {
        format!("AWS refuses `{}` before the `@`", c.escape_debug())
    } else if !domain.contains('.') {
        "its domain has no dot".to_owned()
    } else {
        "its domain is not a name of letters, digits, `-` and `.`".to_owned()
    };
    SpecDiagnostic::new(
        Code::BadEmail,
        span,
        format!("AWS refuses the e-mail address `{written}`: {reason}"),
    )
}

fn unique_id(reader: &Reader<'_, '_>, id: Placed<AccountId>, taken: &mut Taken) -> AccountId {
    if let Some(first) = taken.ids.insert(id.value.clone(), id.span) {
        let error = SpecDiagnostic::new(
            Code::DuplicateId,
            id.span,
            format!("two blocks claim `{}`", id.value),
        )
        .here("here")
        .also(first, "and here");
        reader.error(error);
    }
    id.value
}

/// AWS keeps the management account in place of its own accord; its role and billing access cannot be set.
fn check_management(reader: &Reader<'_, '_>, block: Labelled<'_>) {
    for name in ["role_name", "iam_user_access_to_billing"] {
        if let Some(attribute) = reader.attribute(name) {
            let message = format!("`{name}` cannot be set for the management account");
            reader.error(
                SpecDiagnostic::new(Code::ManagementAccount, attribute.name.span, message)
                    .here("only accounts that AWS Organizations makes have it")
                    .also(block.header, "this is the management account"),
            );
        }
    }
}

/// A role's name (aws-facts section 1.2).
pub(super) fn role_name(reader: &Reader<'_, '_>, written: &Placed<Arc<str>>) -> String {
    let size = written.value.chars().count();
    let legal = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(1..=64).contains(&size) || !written.value.chars().all(legal) {
        let message = format!("AWS refuses the role name `{}`", written.value);
        reader.error(
            SpecDiagnostic::new(Code::BadName, written.span, message)
                .help("use 1 to 64 letters, digits and _ + = , . @ -"),
        );
    }
    written.value.to_string()
}
