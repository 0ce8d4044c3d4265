//! Account templates: an account that names one gets from it what it does not say itself, before anything is read.

use super::spec::Read;
use super::substitute::substitute;
use crate::codes::Code;
use crate::diagnostic::{Errors, SpecDiagnostic};
use crate::schema::SPEC;
use crate::source::Span;
use crate::suggest;
use crate::syntax::{Attribute, Block, Body, Expr, ExprKind, Word};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Stands for a field that a request should give and does not. No spec can write this name.
pub(super) const MISSING: &str = "a missing field";

/// What `request` has behind it without a `field` block: the account's label, and its own name, else the label.
const OWN: [&str; 2] = ["label", "name"];

/// Attributes of a template that speak about accounts, and do not become theirs.
const RULES: [&str; 4] = ["ous", "required_tags", "name_pattern", "email_pattern"];

/// The templates of a spec by label; the first of each counts.
type Templates<'r> = BTreeMap<&'r str, &'r Block>;

/// Returns the spec with every account that names a template filled from it.
pub(super) fn expand<'r>(read: &'r Read, errors: &mut Errors) -> Cow<'r, Read> {
    let mut templates = Templates::new();
    let blocks = || read.bodies.iter().flat_map(|body| &body.blocks);
    for block in blocks().filter(|block| &*block.kind.text == "account_template") {
        check_names(block, errors);
        if let Some(label) = block.labels.first() {
            templates.entry(&label.text).or_insert(block);
        }
    }
    let named = blocks()
        .filter(|block| is_account(block))
        .map(|block| &block.body);
    let mut named = named.chain(read.requests.iter().map(|(_, body)| body));
    if !named.any(|body| body.attribute("template").is_some() || body.attribute("fields").is_some()) {
        return Cow::Borrowed(read);
    }
    let mut filled = read.clone();
    for block in filled.bodies.iter_mut().flat_map(|body| &mut body.blocks) {
        if let (true, Some(label)) = (is_account(block), block.labels.first().cloned()) {
            fill(&mut block.body, &label, &templates, errors);
        }
    }
    for (label, body) in &mut filled.requests {
        fill(body, label, &templates, errors);
    }
    Cow::Owned(filled)
}

fn is_account(block: &Block) -> bool {
    &*block.kind.text == "account"
}

/// A name that means something without a `field` block cannot be the name of one, and `request.x` needs one.
fn check_names(template: &Block, errors: &mut Errors) {
    let fields = || {
        template
            .body
            .blocks
            .iter()
            .filter(|block| &*block.kind.text == "field")
    };
    let mut known: Vec<&str> = OWN.to_vec();
    for label in fields().filter_map(|field| field.labels.first()) {
        if known.contains(&&*label.text) {
            let message = if OWN.contains(&&*label.text) {
                format!("`request.{}` has a meaning of its own", label.text)
            } else {
                format!("the field `{}` stands twice", label.text)
            };
            errors.push(
                SpecDiagnostic::new(Code::AccountTemplate, label.span, message).help("choose another name"),
            );
        }
        known.push(&label.text);
    }
    let inner = template
        .body
        .blocks
        .iter()
        .filter(|block| &*block.kind.text != "field");
    let inner = inner.flat_map(|block| &block.body.attributes);
    for attribute in template.body.attributes.iter().chain(inner) {
        substitute(&attribute.value, &mut |name| {
            if !known.contains(&&*name.text) {
                let message = format!("the template has no field `{}`", name.text);
                let help = suggest::help(&name.text, &known)
                    .unwrap_or_else(|| format!("declare it: `field \"{}\" {{}}`", name.text));
                errors.push(SpecDiagnostic::new(Code::AccountTemplate, name.span, message).help(help));
            }
            missing(name.span)
        });
    }
}

fn missing(span: Span) -> Expr {
    Expr {
        kind: ExprKind::Variable(Arc::from(MISSING)),
        span,
    }
}

/// Fills one account. One whose template is not there keeps what it says; what is left out has no value.
fn fill(body: &mut Body, label: &Word, templates: &Templates<'_>, errors: &mut Errors) {
    let Some(template) = body.attribute("template") else {
        if let Some(fields) = body.attribute("fields") {
            let message = "`fields` belong to a template, and none is named";
            errors.push(
                SpecDiagnostic::new(Code::UnknownTemplate, fields.name.span, message)
                    .help("add `template`, or write tags and attributes out"),
            );
        }
        return;
    };
    let span = template.value.span;
    let found = template.value.literal().and_then(|name| templates.get(name));
    let Some(found) = found else {
        errors.push(unknown(template, templates));
        let email = missing(span);
        set(body, "email", span, |own| own.unwrap_or(email));
        return;
    };
    let given = Given {
        label: label.clone(),
        name: body.attribute("name").map(|attribute| attribute.value.clone()),
        fields: body.attribute("fields").map(|attribute| attribute.value.clone()),
        template: found,
    };
    let known = SPEC.block("account");
    for attribute in &found.body.attributes {
        let name = &*attribute.name.text;
        if RULES.contains(&name) || known.is_some_and(|account| account.attribute(name).is_none()) {
            continue;
        }
        let value = substitute(&attribute.value, &mut |field| given.value(field));
        set(body, name, attribute.name.span, |own| match own {
            Some(own) if name == "tags" => merged(value, own),
            Some(own) => own,
            None => value,
        });
    }
    let has = |block: &Block, body: &Body| {
        let label = |block: &Block| block.labels.first().map(|label| Arc::clone(&label.text));
        let same = |other: &&Block| other.kind.text == block.kind.text && label(other) == label(block);
        body.blocks.iter().any(|other| same(&other))
    };
    for block in found
        .body
        .blocks
        .iter()
        .filter(|block| &*block.kind.text != "field")
    {
        if !has(block, body) {
            body.blocks.push(block_of(block, &given));
        }
    }
}

fn block_of(block: &Block, given: &Given<'_>) -> Block {
    let mut filled = block.clone();
    for attribute in &mut filled.body.attributes {
        attribute.value = substitute(&attribute.value, &mut |field| given.value(field));
    }
    filled
}

fn unknown(template: &Attribute, templates: &Templates<'_>) -> SpecDiagnostic {
    let known: Vec<&str> = templates.keys().copied().collect();
    match template.value.literal() {
        Some(name) => SpecDiagnostic::new(
            Code::UnknownTemplate,
            template.value.span,
            format!("account template `{name}` is not declared"),
        )
        .here("used here")
        .maybe_help(suggest::help(name, &known)),
        None => SpecDiagnostic::new(
            Code::UnknownTemplate,
            template.value.span,
            "`template` is the label of an account template, written out",
        )
        .help("such as `template = \"workload\"`"),
    }
}

/// Sets an attribute from what it was.
fn set(body: &mut Body, name: &str, span: Span, make: impl FnOnce(Option<Expr>) -> Expr) {
    match body
        .attributes
        .iter_mut()
        .find(|attribute| &*attribute.name.text == name)
    {
        Some(attribute) => attribute.value = make(Some(attribute.value.clone())),
        None => body.attributes.push(Attribute {
            name: Word::new(name, span),
            value: make(None),
        }),
    }
}

/// Both maps of tags in one; those of the account win. Maps that are written out stay so, with their places.
fn merged(template: Expr, own: Expr) -> Expr {
    let span = own.span;
    let kind = match (template.kind, own.kind) {
        (ExprKind::Object(first), ExprKind::Object(second)) => {
            let replaced = |key: &Expr| {
                key.literal().is_some() && second.iter().any(|(other, _)| other.literal() == key.literal())
            };
            let kept: Vec<(Expr, Expr)> = first.into_iter().filter(|(key, _)| !replaced(key)).collect();
            ExprKind::Object(kept.into_iter().chain(second).collect())
        }
        (first, second) => ExprKind::Call {
            name: Word::new("merge", span),
            arguments: vec![
                Expr {
                    kind: first,
                    span: template.span,
                },
                Expr { kind: second, span },
            ],
            expand: false,
        },
    };
    Expr { kind, span }
}

/// What one account gives its template.
struct Given<'t> {
    label: Word,
    name: Option<Expr>,
    fields: Option<Expr>,
    template: &'t Block,
}

impl Given<'_> {
    /// Returns what stands in the place of `request.<field>`.
    fn value(&self, field: &Word) -> Expr {
        match &*field.text {
            "label" => Expr {
                kind: ExprKind::String(Arc::clone(&self.label.text)),
                span: self.label.span,
            },
            "name" => self.name.clone().unwrap_or_else(|| Expr {
                kind: ExprKind::String(Arc::clone(&self.label.text)),
                span: self.label.span,
            }),
            name => {
                let default = self.default(name).unwrap_or_else(|| missing(field.span));
                match &self.fields {
                    Some(fields) => of_map(fields, name, default),
                    None => default,
                }
            }
        }
    }

    fn default(&self, name: &str) -> Option<Expr> {
        let is_field = |block: &&Block| {
            &*block.kind.text == "field" && block.labels.first().is_some_and(|label| &*label.text == name)
        };
        let block = self.template.body.blocks.iter().find(is_field)?;
        Some(block.body.attribute("default")?.value.clone())
    }
}

/// Returns the value of a key; of a map that is written out the expression itself.
fn of_map(fields: &Expr, name: &str, default: Expr) -> Expr {
    if let ExprKind::Object(items) = &fields.kind
        && items.iter().all(|(key, _)| key.literal().is_some())
    {
        let found = items.iter().rev().find(|(key, _)| key.literal() == Some(name));
        return match found {
            Some((_, value)) if value.kind != ExprKind::Null => value.clone(),
            Some(_) | None => default,
        };
    }
    let span = fields.span;
    let key = Expr {
        kind: ExprKind::String(Arc::from(name)),
        span,
    };
    let element = Expr {
        kind: ExprKind::Index {
            of: Box::new(fields.clone()),
            key: Box::new(key),
        },
        span,
    };
    Expr {
        kind: ExprKind::Call {
            name: Word::new("try", span),
            arguments: vec![element, default],
            expand: false,
        },
        span,
    }
}
