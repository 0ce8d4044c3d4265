//! The `account` blocks and account requests.

use super::attributes::{Checker, Placed, Reader};
use super::declared::Labelled;
use super::settings::settings;
use super::tags::tags;
use super::vending;
use super::world::{Instances, each};
use super::zone::account_id;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::Scope;
use crate::schema::SPEC;
use crate::source::Span;
use crate::value::{Thing, Value};
use lz_model::address::{Address, Name};
use lz_model::date::Date;
use lz_model::desired::{DesiredAccount, DesiredParent, Origin};
use lz_model::id::{AccountId, Email};
use std::collections::BTreeMap;
use std::sync::Arc;

/// E-mail addresses and ids that are taken.
#[derive(Default)]
struct Taken {
    emails: BTreeMap<String, Claim>,
    ids: BTreeMap<AccountId, Claim>,
}

/// Who takes something that only one account can have.
struct Claim {
    /// The account's label.
    label: Arc<str>,
    /// Where the account says so: at its label if its template does.
    span: Span,
}

impl Claim {
    fn new(block: Labelled<'_>, at: Span) -> Self {
        Self {
            label: block.label.text.clone(),
            span: vending::own(at, block),
        }
    }
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
            let before = checker.errors.borrow().len();
            let account = one(checker, *block, each, management, &mut taken);
            vending::name_the_account(checker, *block, before);
            if let Some(account) = account {
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
        .and_then(|written| email(&reader, block, &written, taken));
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
    let id = account_id(&reader, "id").map(|id| unique_id(&reader, block, id, taken));
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
    let expires = expires(&reader);
    let invite = account_id(&reader, "invite").map(|id| unique_id(&reader, block, id, taken));
    check_invitation(&reader);
    let found = vending::Found {
        name: name.as_deref(),
        email: email.as_ref(),
        parent: parent.as_ref(),
        tags: tags.as_ref(),
    };
    vending::hold(&reader, block, &found);
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
        expires,
        invite,
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
fn email(
    reader: &Reader<'_, '_>,
    block: Labelled<'_>,
    written: &Placed<Arc<str>>,
    taken: &mut Taken,
) -> Option<Email> {
    let Ok(email) = written.value.parse::<Email>() else {
        reader.error(bad_email(&written.value, written.span));
        return None;
    };
    let claim = Claim::new(block, written.span);
    let span = claim.span;
    if let Some(first) = taken.emails.insert(email.key(), claim) {
        let error = if *first.label == *block.label.text {
            let message = format!("two accounts have the e-mail address `{email}`");
            SpecDiagnostic::new(Code::DuplicateEmail, written.span, message)
                .here("the same for each element")
                .help("put `each.key` into it")
        } else {
            let message = format!(
                "`account.{}` and `account.{}` have the same e-mail address `{email}`",
                first.label, block.label.text
            );
            let error = SpecDiagnostic::new(Code::DuplicateEmail, span, message)
                .here(format!("`account.{}`", block.label.text))
                .also(first.span, format!("`account.{}`", first.label));
            if span == written.span {
                error.help("AWS wants it to be unique; put a `+word` before the `@`")
            } else {
                error.also(written.span, "written here").help(
                    "AWS wants it to be unique; correct what the template makes it of, or give one of them an `email` of its own",
                )
            }
        };
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

/// Reads the last day of the account.
fn expires(reader: &Reader<'_, '_>) -> Option<Date> {
    let written = reader.known("expires")?;
    match written.value.parse() {
        Ok(date) => Some(date),
        Err(error) => {
            let message = format!("`{}` is not a day: {error}", written.value);
            reader.error(
                SpecDiagnostic::new(Code::BadValue, written.span, message)
                    .help("write year, month and day, such as `2027-01-31`"),
            );
            None
        }
    }
}

/// An invited account exists already: its id is the invitation's, and AWS makes no role in it.
fn check_invitation(reader: &Reader<'_, '_>) {
    if !reader.is_given("invite") {
        return;
    }
    for name in ["id", "role_name", "iam_user_access_to_billing"] {
        if let Some(attribute) = reader.attribute(name).filter(|_| reader.is_given(name)) {
            let message = format!("`{name}` and `invite` exclude each other");
            reader.error(
                SpecDiagnostic::new(Code::BadValue, attribute.name.span, message)
                    .here("only for an account that AWS Organizations makes")
                    .help(format!("take `{name}` out: an invited account brings its own")),
            );
        }
    }
}

fn unique_id(
    reader: &Reader<'_, '_>,
    block: Labelled<'_>,
    id: Placed<AccountId>,
    taken: &mut Taken,
) -> AccountId {
    let claim = Claim::new(block, id.span);
    let span = claim.span;
    if let Some(first) = taken.ids.insert(id.value.clone(), claim) {
        let error = SpecDiagnostic::new(
            Code::DuplicateId,
            span,
            format!("two blocks claim `{}`", id.value),
        )
        .here("here")
        .also(first.span, "and here");
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
