//! The `permission_set` blocks.

use crate::check::attributes::{Checker, Placed, Reader};
use crate::check::declared::Labelled;
use crate::check::document::{content, documented};
use crate::check::stacks::{for_each_object, seconds};
use crate::check::tags::{known_characters, tags};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::Block;
use crate::value::Value;
use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredGrants, DesiredPermissionSet, Origin};
use lz_model::id::Arn;
use lz_model::identity::{Boundary, CustomerPolicy};
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most policies that a permission set refers to (IAM Identity Center User Guide, "Quotas", read in 2026).
const MAX_POLICIES: usize = 20;
/// Most characters of an inline policy, white space not counted (the same page).
const MAX_INLINE: usize = 10_240;

/// Reads all permission sets.
pub(super) fn sets(
    checker: &Checker<'_>,
    origins: &mut BTreeMap<Address, Origin>,
) -> BTreeMap<Name, DesiredPermissionSet> {
    let mut sets = BTreeMap::new();
    let mut taken = BTreeMap::new();
    for_each_object(checker, "permission_set", |block, address, each| {
        if let Some(set) = one(checker, block, address, each, &mut taken) {
            let origin = checker.origin(block.header);
            origins.insert(Address::PermissionSet(address.clone()), origin);
            sets.insert(address.clone(), set);
        }
    });
    sets
}

fn one(
    checker: &Checker<'_>,
    block: Labelled<'_>,
    address: &Name,
    each: Option<&Value>,
    taken: &mut BTreeMap<String, Span>,
) -> Option<DesiredPermissionSet> {
    let reader = checker.reader(SPEC.block("permission_set")?, block.body, each);
    let name = name(&reader, block, address, taken);
    Some(DesiredPermissionSet {
        name: name?,
        description: sized(&reader, "description", 700),
        session_seconds: session(&reader),
        relay_state: sized(&reader, "relay_state", 240),
        grants: grants(&reader, block),
        tags: tags(&reader),
    })
}

/// A name has 1 to 32 letters, digits and `_ + = , . @ -` and is unique in the instance (IAM Identity Center API
/// Reference, "CreatePermissionSet").
fn name(
    reader: &Reader<'_, '_>,
    block: Labelled<'_>,
    address: &Name,
    taken: &mut BTreeMap<String, Span>,
) -> Option<String> {
    let (name, span) = match reader.known("name") {
        Some(name) => (name.value.to_string(), name.span),
        None if reader.is_given("name") => return None,
        None => (
            address.key.clone().unwrap_or_else(|| address.label.clone()),
            block.label.span,
        ),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if !(1..=32).contains(&name.chars().count()) || !name.chars().all(legal) {
        reader.error(
            SpecDiagnostic::new(
                Code::BadName,
                span,
                format!("`{name}` cannot be the name of a permission set"),
            )
            .help("use 1 to 32 letters, digits and _ + = , . @ -; set `name`"),
        );
    }
    if let Some(first) = taken.insert(name.clone(), span) {
        let message = format!("two permission sets have the name `{name}`");
        let error = SpecDiagnostic::new(Code::DuplicateName, span, message);
        reader.error(if first == span {
            error
                .here("the same for each element")
                .help("put `each.key` into it")
        } else {
            error
                .here("again here")
                .also(first, "first here")
                .help("give one of them another `name`")
        });
    }
    Some(name)
}

/// Reads a text of 1 to so many characters.
fn sized(reader: &Reader<'_, '_>, name: &str, most: usize) -> Option<String> {
    let written = reader.known(name)?;
    let size = written.value.chars().count();
    if !(1..=most).contains(&size) {
        let message = format!("`{name}` has 1 to {most} characters, this one has {size}");
        reader.error(
            SpecDiagnostic::new(Code::BadValue, written.span, message).help("shorten it, or leave it out"),
        );
    }
    Some(written.value.to_string())
}

/// A session lasts one to twelve hours (IAM Identity Center User Guide, "Set session duration").
fn session(reader: &Reader<'_, '_>) -> Option<u32> {
    let written = reader.known("session_duration")?;
    let found = seconds(&written.value)
        .and_then(|seconds| u32::try_from(seconds).ok())
        .filter(|seconds| (3_600..=43_200).contains(seconds));
    if found.is_none() {
        let message = format!("`{}` is not a value of `session_duration`", written.value);
        reader.error(
            SpecDiagnostic::new(Code::BadValue, written.span, message)
                .help("it is a time from 1 to 12 hours, such as `\"8h\"` or `\"1h30m\"`"),
        );
    }
    found
}

fn grants(reader: &Reader<'_, '_>, block: Labelled<'_>) -> DesiredGrants {
    let mut managed = BTreeSet::new();
    for written in reader.texts("managed_policies").unwrap_or_default() {
        if let Some(found) = managed_policy(reader, &written, "managed_policies")
            && !managed.insert(found)
        {
            twice(reader, &written.value, written.span);
        }
    }
    let mut customer = BTreeSet::new();
    for written in reader.elements("customer_policies").unwrap_or_default() {
        if let Some(found) = customer_policy(reader, &written, "customer_policies")
            && !customer.insert(found.clone())
        {
            twice(reader, &found.to_string(), written.span);
        }
    }
    let count = managed.len() + customer.len();
    if count > MAX_POLICIES {
        let message = format!("the permission set has {count} policies, AWS takes {MAX_POLICIES}");
        reader.error(
            SpecDiagnostic::new(Code::TooManyAttachments, block.header, message)
                .help("merge some of them into `inline_policy`"),
        );
    }
    DesiredGrants {
        managed,
        customer,
        inline: inline(reader, block),
        boundary: reader
            .value("boundary")
            .and_then(|written| boundary(reader, &written)),
    }
}

fn twice(reader: &Reader<'_, '_>, name: &str, span: Span) {
    let message = format!("`{name}` stands twice");
    reader.error(SpecDiagnostic::new(Code::BadValue, span, message).help("leave one of them out"));
}

fn managed_policy(reader: &Reader<'_, '_>, written: &Placed<Arc<str>>, name: &str) -> Option<Arn> {
    arn(reader, written, name, ":iam::aws:policy/")
}

/// Reads an ARN of one sort.
pub(super) fn arn(
    reader: &Reader<'_, '_>,
    written: &Placed<Arc<str>>,
    name: &str,
    sort: &str,
) -> Option<Arn> {
    let found = written
        .value
        .parse()
        .ok()
        .filter(|_| written.value.contains(sort) && written.value.starts_with("arn:"));
    if found.is_none() {
        let message = format!("`{}` is not a value of `{name}`", written.value);
        reader.error(
            SpecDiagnostic::new(Code::BadValue, written.span, message)
                .help(format!("it is an ARN such as `arn:aws{sort}...`")),
        );
    }
    found
}

/// Reads a policy of the accounts' own: its name, or an object with its name and path.
fn customer_policy(reader: &Reader<'_, '_>, written: &Placed<Value>, name: &str) -> Option<CustomerPolicy> {
    let field = |name: &str| match written.value.fields() {
        Some(fields) => fields.get(name).and_then(Value::as_str).map(str::to_owned),
        None => None,
    };
    let only_known = written
        .value
        .fields()
        .is_none_or(|fields| fields.keys().all(|key| matches!(&**key, "name" | "path")));
    let found = match written.value.as_str() {
        Some(text) => Some((text.to_owned(), "/".to_owned())),
        None => field("name").map(|name| (name, field("path").unwrap_or_else(|| "/".to_owned()))),
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let found = found.filter(|(name, path)| {
        let path_fits = path.starts_with('/') && path.ends_with('/') && !path.contains(char::is_whitespace);
        only_known && path_fits && (1..=128).contains(&name.len()) && name.chars().all(legal)
    });
    if found.is_none() {
        let message = format!("`{name}` names a policy that AWS would not know");
        reader.error(SpecDiagnostic::new(Code::BadValue, written.span, message).help(
            "write its name, or `{ name = \"...\", path = \"/team/\" }`; it is the name alone, not an ARN",
        ));
    }
    found.map(|(name, path)| CustomerPolicy { path, name })
}

fn boundary(reader: &Reader<'_, '_>, written: &Placed<Value>) -> Option<Boundary> {
    if let Value::String(text) = &written.value
        && text.starts_with("arn:")
    {
        let text = Placed {
            value: Arc::clone(text),
            span: written.span,
        };
        return managed_policy(reader, &text, "boundary").map(Boundary::Managed);
    }
    customer_policy(reader, written, "boundary").map(Boundary::Customer)
}

/// Reads the inline policy: an attribute, or statements.
fn inline(reader: &Reader<'_, '_>, block: Labelled<'_>) -> Option<Text> {
    let statements: Vec<&Block> = block
        .body
        .blocks
        .iter()
        .filter(|inner| &*inner.kind.text == "statement")
        .collect();
    let given = reader
        .attribute("inline_policy")
        .filter(|_| reader.is_given("inline_policy"));
    let (text, at) = match (given, statements.as_slice()) {
        (None, []) => return None,
        (Some(attribute), [first, ..]) => {
            reader.error(
                SpecDiagnostic::new(
                    Code::PolicyContent,
                    attribute.name.span,
                    "the permission set has `inline_policy` and statements",
                )
                .here("here")
                .also(first.header, "and here")
                .help("keep one of the two"),
            );
            return None;
        }
        (Some(attribute), []) => (content(reader, "inline_policy")?, attribute.value.span),
        (None, statements) => {
            check_effects(reader, statements);
            (documented(reader, statements, block.header)?, block.header)
        }
    };
    let size = known_characters(&text);
    if size > MAX_INLINE {
        let message =
            format!("the inline policy has {size} characters without white space, AWS takes {MAX_INLINE}");
        reader.error(
            SpecDiagnostic::new(Code::PolicySize, at, message)
                .help("use wildcards, or `managed_policies` and `customer_policies`"),
        );
    }
    Some(text)
}

/// What a permission set says is mostly an Allow, what an organization policy says mostly a Deny: neither is guessed.
fn check_effects(reader: &Reader<'_, '_>, statements: &[&Block]) {
    for block in statements {
        if block.body.attribute("effect").is_none() {
            let message = "a statement of a permission set has no `effect`";
            reader.error(
                SpecDiagnostic::new(Code::MissingAttribute, block.header, message)
                    .help("add `effect = \"Allow\"` or `effect = \"Deny\"`"),
            );
        }
    }
}
