//! What a test is made of: the attributes of its block, those of a case before them, or the columns of a row.

use super::attributes::{Placed, Reader};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::source::Span;
use crate::suggest;
use crate::value::{self, Thing, Type, Value};
use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredTarget, TestPrincipal};
use lz_model::text::{Piece, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Values by attribute or column; what is null, or empty in a table, is not there.
#[derive(Clone)]
pub(super) struct Row {
    fields: BTreeMap<Arc<str>, Placed<Value>>,
    /// Whether the values come from a table, where objects can only be named by text.
    in_table: BTreeSet<Arc<str>>,
}

impl Row {
    /// Reads the attributes of a block.
    pub(super) fn of_body(reader: &Reader<'_, '_>) -> Self {
        let mut fields = BTreeMap::new();
        for attribute in &reader.body.attributes {
            let name = &attribute.name.text;
            if !matches!(&**name, "cases" | "for_each")
                && let Some(value) = reader.value(name)
            {
                fields.insert(Arc::clone(name), value);
            }
        }
        Self {
            fields,
            in_table: BTreeSet::new(),
        }
    }

    /// Takes the columns of a row.
    pub(super) fn of_table(columns: &BTreeMap<Arc<str>, Value>, span: Span) -> Self {
        let given = |value: &Value| !value.is_null() && value.as_str() != Some("");
        let fields: BTreeMap<_, _> = columns
            .iter()
            .filter(|(_, value)| given(value))
            .map(|(name, value)| {
                let value = value.clone();
                (Arc::clone(name), Placed { value, span })
            })
            .collect();
        Self {
            in_table: fields.keys().cloned().collect(),
            fields,
        }
    }

    /// Returns the row with what it leaves out taken from another. `account` and `ou` are one question.
    pub(super) fn or(mut self, other: &Self) -> Self {
        let placed = ["account", "ou"]
            .iter()
            .any(|name| self.fields.contains_key(*name));
        for (name, value) in &other.fields {
            if !(placed && matches!(&**name, "account" | "ou")) {
                self.fields
                    .entry(Arc::clone(name))
                    .or_insert_with(|| value.clone());
            }
        }
        self
    }

    /// Returns a value as text, or notes that it is none.
    pub(super) fn text(&self, reader: &Reader<'_, '_>, name: &str) -> Option<Arc<str>> {
        let Placed { value, span } = self.fields.get(name)?;
        match value::convert(value, &Type::String) {
            Ok(Value::String(text)) => Some(text),
            Ok(_) | Err(_) => {
                reader.error(not_text(name, value, *span));
                None
            }
        }
    }
}

fn not_text(name: &str, value: &Value, span: Span) -> SpecDiagnostic {
    let message = format!("`{name}` takes text, this is {}", value.described());
    SpecDiagnostic::new(Code::Type, span, message)
}

/// Reads the values of one test. Each answer is `None` where something is wrong and noted.
pub(super) struct Table<'t, 'r, 'a> {
    pub(super) reader: &'t Reader<'r, 'a>,
    pub(super) row: &'t Row,
    pub(super) header: Span,
}

impl Table<'_, '_, '_> {
    /// Returns a text that is known now; `Some(None)` where there is none.
    pub(super) fn known(&self, name: &str) -> Option<Option<Placed<Arc<str>>>> {
        let Some(Placed { value, span }) = self.row.fields.get(name) else {
            return Some(None);
        };
        let text = self.row.text(self.reader, name)?;
        let _ = value;
        Some(Some(Placed {
            value: text,
            span: *span,
        }))
    }

    /// Returns a text or a list of texts, maybe with holes; `Some(None)` where there is none.
    pub(super) fn texts(&self, name: &str) -> Option<Option<Vec<Text>>> {
        let Some(Placed { value, span }) = self.row.fields.get(name) else {
            return Some(None);
        };
        self.as_texts(name, value, *span).map(Some)
    }

    fn as_texts(&self, name: &str, value: &Value, span: Span) -> Option<Vec<Text>> {
        let items = value.elements().unwrap_or_else(|| vec![value.clone()]);
        let mut texts = Vec::new();
        for item in items {
            let text = value::convert(&item, &Type::String)
                .ok()
                .and_then(|text| text.as_text());
            match text {
                Some(text) => texts.push(text),
                None => {
                    self.reader.error(not_text(name, &item, span));
                    return None;
                }
            }
        }
        Some(texts)
    }

    /// Returns the actions; a table separates them by blanks.
    pub(super) fn actions(&self) -> Option<Vec<String>> {
        let Some(Placed { value, span }) = self.row.fields.get("action") else {
            return Some(Vec::new());
        };
        let texts = self.as_texts("action", value, *span)?;
        let mut actions = Vec::new();
        for text in texts {
            let Some(known) = text.known() else {
                self.reader.error(not_text("action", value, *span));
                return None;
            };
            for action in known.split_whitespace() {
                if let Some(error) = bad_action(action, *span) {
                    self.reader.error(error);
                    return None;
                }
                actions.push(action.to_owned());
            }
        }
        Some(actions)
    }

    /// Returns who asks.
    pub(super) fn principal(&self) -> Option<TestPrincipal> {
        let Some(Placed { value, span }) = self.row.fields.get("principal") else {
            return Some(TestPrincipal::Own("role/anyone".to_owned()));
        };
        let text = value::convert(value, &Type::String)
            .ok()
            .and_then(|text| text.as_text());
        let Some(text) = text else {
            self.reader.error(not_text("principal", value, *span));
            return None;
        };
        let begins = match text.pieces().first() {
            Some(Piece::Literal(literal)) => literal.as_str(),
            Some(Piece::Hole(_)) | None => "",
        };
        if begins.starts_with("arn:") {
            return Some(TestPrincipal::Arn(text));
        }
        let own = text.known().filter(|known| {
            let named = |prefix: &str| known.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
            *known == "root" || named("role/") || named("user/")
        });
        if own.is_none() {
            let message = format!("`{text}` is nobody who can ask");
            self.reader.error(
                SpecDiagnostic::new(Code::BadValue, *span, message)
                    .help("write `role/NAME`, `user/NAME` or `root` of the account, or a whole ARN"),
            );
        }
        own.map(|own| TestPrincipal::Own(own.to_owned()))
    }

    /// Returns the context: the map, and columns that are condition keys.
    pub(super) fn context(&self) -> Option<BTreeMap<String, Vec<Text>>> {
        let mut context = BTreeMap::new();
        if let Some(Placed { value, span }) = self.row.fields.get("context") {
            let Some(fields) = value.fields() else {
                let message = format!("`context` takes a map, this is {}", value.described());
                self.reader.error(SpecDiagnostic::new(Code::Type, *span, message));
                return None;
            };
            for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                context.insert(key.to_string(), self.as_texts(key, value, *span)?);
            }
        }
        for (key, Placed { value, span }) in self.row.fields.iter().filter(|(key, _)| key.contains(':')) {
            context.insert(key.to_string(), self.as_texts(key, value, *span)?);
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = context.keys().find(|key| !seen.insert(key.to_ascii_lowercase())) {
            let message = format!("the condition key `{twice}` stands twice; keys ignore case");
            self.reader
                .error(SpecDiagnostic::new(Code::BadValue, self.header, message));
            return None;
        }
        Some(context)
    }

    /// Returns the accounts and OUs.
    pub(super) fn targets(&self) -> Option<BTreeSet<DesiredTarget>> {
        let mut targets = BTreeSet::new();
        for name in ["account", "ou"] {
            let Some(Placed { value, span }) = self.row.fields.get(name) else {
                continue;
            };
            if self.row.in_table.contains(name) && value.as_str().is_some() {
                targets.insert(self.named(name, value.as_str().unwrap_or_default(), *span)?);
                continue;
            }
            let mut things = Vec::new();
            self.reader.collect_things(name, value, *span, &mut things);
            if things.is_empty() {
                if value.elements().is_some_and(|items| items.is_empty()) {
                    let message = format!("`{name}` is empty");
                    self.reader
                        .error(SpecDiagnostic::new(Code::BadValue, *span, message));
                }
                return None;
            }
            targets.extend(things.iter().filter_map(|thing| target(&thing.value)));
        }
        Some(targets)
    }

    /// Returns what an address in a table names; the block's own word may be left out.
    fn named(&self, kind: &str, text: &str, span: Span) -> Option<DesiredTarget> {
        let full = if text == "root" || text.starts_with(&format!("{kind}.")) {
            text.to_owned()
        } else {
            format!("{kind}.{text}")
        };
        let address: Option<Address> = full.parse().ok();
        let world = self.reader.checker.world;
        let found = match &address {
            Some(Address::Account(name)) => self
                .has("account", name)
                .then(|| DesiredTarget::Account(name.clone())),
            Some(Address::Ou(ou)) => world.ou_block(ou).map(|_| DesiredTarget::Ou(ou.clone())),
            Some(Address::Root) if kind == "ou" => Some(DesiredTarget::Root),
            Some(_) | None => None,
        };
        if found.is_none() {
            let (code, known) = match kind {
                "account" => (
                    Code::UnknownAccount,
                    world.declared.accounts.keys().copied().collect(),
                ),
                _ => (
                    Code::UnknownOu,
                    world.declared.ous.keys().copied().collect::<Vec<_>>(),
                ),
            };
            let message = format!("`{full}` is not declared");
            let error = SpecDiagnostic::new(code, span, message);
            self.reader.error(error.maybe_help(suggest::help(text, &known)));
        }
        found
    }

    fn has(&self, kind: &'static str, name: &Name) -> bool {
        let world = self.reader.checker.world;
        let found = world.labelled_each(self.reader.checker.evaluator, kind, name);
        found.is_ok_and(|(block, each)| {
            block.body.attribute("for_each").is_some() == (name.key.is_some() && each.is_some())
        })
    }
}

fn target(thing: &Thing) -> Option<DesiredTarget> {
    match thing {
        Thing::Root => Some(DesiredTarget::Root),
        Thing::Ou(ou) => Some(DesiredTarget::Ou(ou.clone())),
        Thing::Account(name) => Some(DesiredTarget::Account(name.clone())),
        Thing::Organization
        | Thing::Policy(_)
        | Thing::PermissionSet(_)
        | Thing::StackSet(_)
        | Thing::Stack(_)
        | Thing::Tagged { .. } => None,
    }
}

/// A request has one action, written out (IAM User Guide, "Policy evaluation logic").
fn bad_action(action: &str, span: Span) -> Option<SpecDiagnostic> {
    let parts = action.split_once(':');
    let whole = parts.is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
    let pattern = action.contains(['*', '?']);
    (!whole || pattern).then(|| {
        let message = if pattern {
            format!("`{action}` is a pattern; a test asks for actions by their whole names")
        } else {
            format!("`{action}` is no action")
        };
        SpecDiagnostic::new(Code::BadValue, span, message)
            .help("write `service:Name`, such as `s3:GetObject`")
    })
}
