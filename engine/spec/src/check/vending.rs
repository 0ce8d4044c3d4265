//! Holds accounts against the rules of their template.

use super::attributes::{Checker, Placed, Reader};
use super::declared::Labelled;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::known_later;
use crate::schema::{BlockKind, SPEC};
use crate::source::Span;
use crate::suggest;
use crate::syntax::Block;
use crate::value::{self, Thing, Type, Value};
use lz_model::address::OuAddress;
use lz_model::desired::{DesiredParent, Tags};
use lz_model::id::Email;
use lz_model::text::Text;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known of an account when it is held against its template.
pub(super) struct Found<'f> {
    pub(super) name: Option<&'f str>,
    pub(super) email: Option<&'f Email>,
    pub(super) parent: Option<&'f DesiredParent>,
    pub(super) tags: Option<&'f Tags>,
}

/// Checks each template by itself, used or not: its patterns, its values and the OUs that it names.
pub(super) fn check_templates(checker: &Checker<'_>) -> Vec<TemplateInfo> {
    let mut infos = Vec::new();
    let Some(kind) = SPEC.block("account_template") else {
        return infos;
    };
    for template in checker.world.declared.account_templates.values() {
        let reader = checker.reader(kind, template.body, None);
        pattern(&reader, "name_pattern");
        pattern(&reader, "email_pattern");
        reader.references("ous");
        let mut info = TemplateInfo {
            label: template.label.text.to_string(),
            gives: BTreeSet::new(),
            required_tags: owned(reader.texts("required_tags")),
            fields: Vec::new(),
        };
        let given = template.body.attributes.iter();
        info.gives
            .extend(given.map(|attribute| attribute.name.text.to_string()));
        for block in fields(template) {
            let (Some(reader), Some(label)) = (field_reader(checker, kind, block), block.labels.first())
            else {
                continue;
            };
            let wanted = pattern(&reader, "pattern");
            info.fields.push(FieldInfo {
                name: label.text.to_string(),
                description: reader.known("description").map(|text| text.value.to_string()),
                required: block.body.attribute("default").is_none(),
                values: owned(reader.texts("values")),
                pattern: wanted.map(|pattern| pattern.written.to_string()),
            });
        }
        infos.push(info);
    }
    infos
}

fn owned(texts: Option<Vec<Placed<Arc<str>>>>) -> Vec<String> {
    let texts = texts.unwrap_or_default().into_iter();
    texts.map(|text| text.value.to_string()).collect()
}

/// What a person who requests an account must know of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateInfo {
    /// Its label.
    pub label: String,
    /// The attributes that it gives.
    pub gives: BTreeSet<String>,
    /// Keys of tags that every account must have.
    pub required_tags: Vec<String>,
    /// Its fields, in the order of the spec.
    pub fields: Vec<FieldInfo>,
}

/// Something that a request gives to its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldInfo {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it must be given.
    pub required: bool,
    /// The values that are allowed; any if there are none.
    pub values: Vec<String>,
    /// The regular expression that a whole value fits.
    pub pattern: Option<String>,
}

impl FieldInfo {
    /// Returns why a value cannot be the field's, `None` if it can.
    #[must_use]
    pub fn why_not(&self, value: &str) -> Option<String> {
        if !self.values.is_empty() && !self.values.iter().any(|allowed| allowed == value) {
            return Some(format!("`{value}` is not one of {}", self.values.join(", ")));
        }
        let pattern = self.pattern.as_deref()?;
        let fits = whole(pattern).is_ok_and(|regex| regex.is_match(value));
        (!fits).then(|| format!("`{value}` does not fit `{pattern}` as a whole"))
    }
}

/// Returns the regular expression that matches what a pattern matches from beginning to end.
fn whole(pattern: &str) -> Result<Regex, regex::Error> {
    regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(1 << 20)
        .build()
}

/// Says which account an error is about that stands in its template.
pub(super) fn name_the_account(checker: &Checker<'_>, block: Labelled<'_>, before: usize) {
    if block.body.attribute("template").is_none() {
        return;
    }
    checker.errors.borrow_mut().change_from(before, |error| {
        let told = error
            .labels
            .iter()
            .any(|label| label.span.file == block.label.span.file);
        if !told {
            error.labels.push(crate::diagnostic::Label {
                span: block.label.span,
                text: format!("for `account.{}`", block.label.text),
            });
        }
    });
}

/// Holds an account against its template, if it names one.
pub(super) fn hold(reader: &Reader<'_, '_>, block: Labelled<'_>, found: &Found<'_>) {
    let checker = reader.checker;
    let label = reader
        .attribute("template")
        .and_then(|template| template.value.literal());
    let template = label.and_then(|label| checker.world.declared.account_templates.get(label));
    let (Some(template), Some(kind)) = (template, SPEC.block("account_template")) else {
        return;
    };
    let rules = checker.reader(kind, template.body, None);
    hold_fields(reader, block, template, kind);
    hold_pattern(reader, &rules, "name", found.name, block);
    let email = found.email.map(ToString::to_string);
    hold_pattern(reader, &rules, "email", email.as_deref(), block);
    hold_place(reader, &rules, found.parent, block);
    for key in rules.texts("required_tags").unwrap_or_default() {
        // Tags that have no value have their own error.
        let lost = found.tags.is_none() && reader.attribute("tags").is_some();
        let value = found.tags.and_then(|tags| tags.get(&*key.value));
        if !lost && value.is_none_or(is_blank) {
            let (what, help) = match value {
                None => ("has no tag", format!("add `{}` to `tags`", key.value)),
                Some(_) => (
                    "has no value for the tag",
                    format!("give `{}` in `tags` a value", key.value),
                ),
            };
            let at = reader
                .attribute("tags")
                .map_or(block.label.span, |tags| tags.value.span);
            reader.error(
                SpecDiagnostic::new(
                    Code::Request,
                    own(at, block),
                    format!("`account.{}` {what} `{}`", block.label.text, key.value),
                )
                .also(key.span, "its template asks for it")
                .help(help),
            );
        }
    }
}

/// A tag without a value says nothing of what is asked for.
fn is_blank(value: &Text) -> bool {
    value.known().is_some_and(|text| text.trim().is_empty())
}

/// An error stands where the account is: what comes from the template is named at the account's label.
pub(super) fn own(at: Span, block: Labelled<'_>) -> Span {
    if at.file == block.body.span.file && at.start >= block.body.span.start && at.end <= block.body.span.end {
        at
    } else {
        block.label.span
    }
}

fn fields<'t>(template: &Labelled<'t>) -> impl Iterator<Item = &'t Block> + use<'t> {
    template
        .body
        .blocks
        .iter()
        .filter(|block| &*block.kind.text == "field")
}

fn field_reader<'r, 'a>(
    checker: &'r Checker<'a>,
    template: &'static BlockKind,
    block: &'r Block,
) -> Option<Reader<'r, 'a>> {
    Some(checker.reader(template.block("field")?, &block.body, None))
}

/// Holds what the account gives against what its template asks for.
fn hold_fields(
    reader: &Reader<'_, '_>,
    block: Labelled<'_>,
    template: &Labelled<'_>,
    kind: &'static BlockKind,
) {
    let given = match reader.value("fields") {
        None if reader.is_given("fields") => return,
        None => Arc::default(),
        Some(Placed { value, span }) => match value.fields() {
            Some(given) => Arc::clone(given),
            None => {
                let message = format!("`fields` takes a map, this is {}", value.described());
                reader.error(SpecDiagnostic::new(Code::Type, span, message));
                return;
            }
        },
    };
    let at = reader
        .attribute("fields")
        .map_or(block.label.span, |fields| fields.value.span);
    let known: BTreeMap<&str, &Block> = fields(template)
        .filter_map(|field| Some((&*field.labels.first()?.text, field)))
        .collect();
    for key in given.keys().filter(|key| !known.contains_key(&***key)) {
        let names: Vec<&str> = known.keys().copied().collect();
        reader.error(
            SpecDiagnostic::new(
                Code::Request,
                reader.key_place("fields", key).unwrap_or(at),
                format!("template `{}` has no field `{key}`", template.label.text),
            )
            .maybe_help(suggest::help(key, &names)),
        );
    }
    for (name, field) in known {
        let span = reader.key_place("fields", name).unwrap_or(at);
        match given.get(name).filter(|value| !value.is_null()) {
            Some(value) => {
                if let Some(rules) = field_reader(reader.checker, kind, field) {
                    hold_field(reader, name, value, span, &rules);
                }
            }
            None if field.body.attribute("default").is_some() => {}
            None => reader.error(missing(block, template, field, name, at)),
        }
    }
}

fn missing(
    block: Labelled<'_>,
    template: &Labelled<'_>,
    field: &Block,
    name: &str,
    at: Span,
) -> SpecDiagnostic {
    let message = format!("`account.{}` does not give the field `{name}`", block.label.text);
    let described = field
        .body
        .attribute("description")
        .and_then(|text| text.value.literal());
    SpecDiagnostic::new(Code::Request, at, message)
        .here("missing in here")
        .also(
            field.header,
            format!("template `{}` asks for it", template.label.text),
        )
        .help(match described {
            Some(described) => format!("add `{name}` to `fields`: {described}"),
            None => format!("add `{name}` to `fields`"),
        })
}

fn hold_field(reader: &Reader<'_, '_>, name: &str, value: &Value, span: Span, rules: &Reader<'_, '_>) {
    let allowed = rules.texts("values");
    let wanted = rules.attribute("pattern").is_some();
    if allowed.is_none() && !wanted {
        return;
    }
    let text = match value::convert(value, &Type::String) {
        Ok(Value::String(text)) => text,
        Ok(later) => {
            if let Some(hole) = later.hole() {
                reader.error(known_later(hole, span, &format!("be the field `{name}`")));
            }
            return;
        }
        Err(mismatch) => {
            reader.error(SpecDiagnostic::new(
                Code::Type,
                span,
                format!("the field `{name}`: {mismatch}"),
            ));
            return;
        }
    };
    if let Some(allowed) = allowed
        && !allowed.iter().any(|value| value.value == text)
    {
        let known: Vec<&str> = allowed.iter().map(|value| &*value.value).collect();
        let help = suggest::nearest(&text, &known).map_or_else(
            || format!("it is one of {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("`{text}` is not a value of the field `{name}`");
        reader.error(SpecDiagnostic::new(Code::Request, span, message).help(help));
    }
    if let Some(pattern) = pattern(rules, "pattern")
        && !pattern.regex.is_match(&text)
    {
        reader.error(unfit(span, &format!("the field `{name}`"), &text, &pattern));
    }
}

/// A pattern with the words and place of it.
struct Pattern {
    regex: Regex,
    written: Arc<str>,
    span: Span,
}

/// Reads a regular expression that a whole value fits.
fn pattern(reader: &Reader<'_, '_>, name: &str) -> Option<Pattern> {
    let written = reader.known(name)?;
    match whole(&written.value) {
        Ok(regex) => Some(Pattern {
            regex,
            written: written.value,
            span: written.span,
        }),
        Err(_) => {
            let message = format!("`{}` is not a regular expression", written.value);
            reader.error(
                SpecDiagnostic::new(Code::AccountTemplate, written.span, message)
                    .help("such as `[a-z][a-z0-9-]*`"),
            );
            None
        }
    }
}

fn unfit(at: Span, what: &str, given: &str, pattern: &Pattern) -> SpecDiagnostic {
    let message = format!("{what} does not fit its pattern: `{given}`");
    SpecDiagnostic::new(Code::Request, at, message)
        .also(pattern.span, "the pattern")
        .help(format!("it must fit `{}` as a whole", pattern.written))
}

fn hold_pattern(
    reader: &Reader<'_, '_>,
    rules: &Reader<'_, '_>,
    name: &str,
    given: Option<&str>,
    block: Labelled<'_>,
) {
    let Some(given) = given else { return };
    if let Some(pattern) = pattern(rules, &format!("{name}_pattern"))
        && !pattern.regex.is_match(given)
    {
        let at = reader
            .attribute(name)
            .map_or(block.label.span, |written| written.value.span);
        let what = format!("the {name} of `account.{}`", block.label.text);
        reader.error(unfit(own(at, block), &what, given, &pattern));
    }
}

fn hold_place(
    reader: &Reader<'_, '_>,
    rules: &Reader<'_, '_>,
    parent: Option<&DesiredParent>,
    block: Labelled<'_>,
) {
    let Some(allowed) = rules.references("ous") else {
        return;
    };
    let shown: Vec<String> = allowed.iter().map(|allowed| allowed.value.to_string()).collect();
    let shown = shown.join(", ");
    let message = match parent {
        Some(parent) if allowed.iter().any(|allowed| holds(&allowed.value, parent)) => return,
        Some(parent) => format!(
            "`account.{}` may not be in `{}`",
            block.label.text,
            parent.address()
        ),
        // What has no value for another reason has its own error.
        None if reader.is_given("ou") => return,
        None => format!("`account.{}` names no OU", block.label.text),
    };
    let at = reader
        .attribute("ou")
        .map_or(block.label.span, |ou| ou.value.span);
    let error = SpecDiagnostic::new(Code::Request, own(at, block), message)
        .help(format!("its template allows {shown}, and what is below"));
    let rule = rules.attribute("ous").map(|ous| ous.value.span);
    reader.error(match rule {
        Some(rule) => error.also(rule, "allowed here"),
        None => error,
    });
}

/// Returns whether an account in `parent` is in the place or below it.
fn holds(place: &Thing, parent: &DesiredParent) -> bool {
    match (place, parent) {
        (Thing::Root | Thing::Organization, DesiredParent::Root) => true,
        (Thing::Ou(place), DesiredParent::Ou(ou)) => {
            std::iter::successors(Some(ou.clone()), OuAddress::parent).any(|above| above == *place)
        }
        (
            Thing::Root
            | Thing::Organization
            | Thing::Ou(_)
            | Thing::Account(_)
            | Thing::Policy(_)
            | Thing::PermissionSet(_)
            | Thing::StackSet(_)
            | Thing::Stack(_)
            | Thing::Tagged { .. },
            _,
        ) => false,
    }
}
