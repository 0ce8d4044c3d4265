//! What must hold between two waves.

use crate::check::attributes::{Placed, Reader};
use crate::check::zone;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::suggest;
use crate::syntax::Block;
use crate::value::{self, Type, Value};
use lz_model::id::Region;
use lz_model::stack::Gate;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a gate has behind it.
const FIELDS: &[&str] = &["command", "alarm", "region", "approval"];

/// The parts of a gate, each with its place.
type Fields = BTreeMap<Arc<str>, Placed<Value>>;

/// Reads the attribute or the block `gate` of a wave, and returns its place with it.
pub(super) fn gate(wave: &Reader<'_, '_>, home: Option<&Region>) -> Option<(Option<Gate>, Span)> {
    let inner = wave.body.blocks.iter().find(|block| &*block.kind.text == "gate");
    match (wave.attribute("gate"), inner) {
        (None, None) => None,
        (Some(attribute), Some(block)) => {
            wave.error(
                SpecDiagnostic::new(Code::Gate, attribute.name.span, "the wave has two gates")
                    .here("here")
                    .also(block.header, "and here")
                    .help("keep one of the two"),
            );
            Some((None, attribute.name.span))
        }
        (Some(attribute), None) => {
            let span = attribute.value.span;
            let fields = from_object(wave)?;
            Some((read(wave, &fields, span, home), span))
        }
        (None, Some(block)) => {
            let fields = from_block(wave, block)?;
            Some((read(wave, &fields, block.header, home), block.header))
        }
    }
}

fn from_object(wave: &Reader<'_, '_>) -> Option<Fields> {
    let Placed { value, span } = wave.value("gate")?;
    let Some(given) = value.fields() else {
        let message = format!("`gate` takes an object, this is {}", value.described());
        wave.error(
            SpecDiagnostic::new(Code::Type, span, message)
                .help("write `gate = { command = [\"./check\"] }`, or with `alarm` or `approval`"),
        );
        return None;
    };
    let mut fields = Fields::new();
    let mut whole = true;
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        let at = wave.key_place("gate", name).unwrap_or(span);
        if FIELDS.contains(&&**name) {
            let value = value.clone();
            fields.insert(Arc::clone(name), Placed { value, span: at });
        } else {
            whole = false;
            let message = format!("`gate` has no attribute `{name}`");
            wave.error(
                SpecDiagnostic::new(Code::UnknownAttribute, at, message)
                    .maybe_help(suggest::help(name, FIELDS)),
            );
        }
    }
    whole.then_some(fields)
}

fn from_block(wave: &Reader<'_, '_>, block: &Block) -> Option<Fields> {
    let kind = SPEC
        .block("stack_set")?
        .block("rollout")?
        .block("wave")?
        .block("gate")?;
    let reader = wave.checker.reader(kind, &block.body, wave.each);
    let field = |name: &&str| Some((Arc::from(*name), reader.value(name)?));
    Some(FIELDS.iter().filter_map(field).collect())
}

fn read(wave: &Reader<'_, '_>, fields: &Fields, span: Span, home: Option<&Region>) -> Option<Gate> {
    let error = |at: Span, message: String| {
        wave.error(
            SpecDiagnostic::new(Code::Gate, at, message)
                .help("a gate has one of `command`, `alarm` and `approval`"),
        );
    };
    let conditions: Vec<&Arc<str>> = fields.keys().filter(|name| &***name != "region").collect();
    let [condition] = conditions.as_slice() else {
        let words = match conditions.as_slice() {
            [] => "the gate has no condition".to_owned(),
            more => format!("the gate has {} conditions", more.len()),
        };
        error(span, words);
        return None;
    };
    let found = fields.get(&***condition)?;
    if let Some(region) = fields.get("region").filter(|_| &***condition != "alarm") {
        error(region.span, "only an alarm has a Region".to_owned());
    }
    match &***condition {
        "command" => command(wave, found),
        "alarm" => Some(Gate::Alarm {
            name: text(wave, "alarm", found)?,
            region: alarm_region(wave, fields, home, found.span)?,
        }),
        _ => Some(Gate::Approval {
            question: text(wave, "approval", found)?,
        }),
    }
}

fn text(wave: &Reader<'_, '_>, name: &str, found: &Placed<Value>) -> Option<String> {
    match value::convert(&found.value, &Type::String) {
        Ok(Value::String(text)) if !text.trim().is_empty() => Some(text.to_string()),
        Ok(_) | Err(_) => {
            let message = format!("`{name}` of a gate is a text that is known now");
            wave.error(SpecDiagnostic::new(Code::Gate, found.span, message));
            None
        }
    }
}

fn command(wave: &Reader<'_, '_>, found: &Placed<Value>) -> Option<Gate> {
    let items = found.value.elements().unwrap_or_default();
    let words: Option<Vec<String>> = items
        .iter()
        .map(|item| match value::convert(item, &Type::String) {
            Ok(Value::String(text)) => Some(text.to_string()),
            Ok(_) | Err(_) => None,
        })
        .collect();
    match words {
        Some(command) if command.first().is_some_and(|program| !program.is_empty()) => {
            Some(Gate::Command { command })
        }
        Some(_) | None => {
            let message = "`command` of a gate is a list: a program and its arguments, known now";
            wave.error(
                SpecDiagnostic::new(Code::Gate, found.span, message)
                    .help("such as `command = [\"./check-canary\", \"--strict\"]`; no shell reads it"),
            );
            None
        }
    }
}

fn alarm_region(wave: &Reader<'_, '_>, fields: &Fields, home: Option<&Region>, span: Span) -> Option<Region> {
    match fields.get("region") {
        None => {
            if home.is_none() {
                wave.error(
                    SpecDiagnostic::new(Code::Gate, span, "the alarm has no Region")
                        .help("add `region = \"...\"`"),
                );
            }
            home.cloned()
        }
        Some(found) => {
            let value = text(wave, "region", found)?.into();
            let span = found.span;
            zone::region(wave, &Placed { value, span })
        }
    }
}
