//! JSON Schemas of the YAML form, so that editors complete and check it. Made from the table of the language.

use crate::schema::{AttributeKind, Attributes, BlockKind, Labels, Repeat, SPEC, Support, ValueKind};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Returns the JSON Schema (draft 2020-12) of a `*.lz.yaml` file.
#[must_use]
pub fn yaml_schema() -> Value {
    document("A spec of lz in YAML", &SPEC)
}

/// Returns the JSON Schema (draft 2020-12) of an account request in `accounts/*.yaml`.
#[must_use]
pub fn account_request_schema() -> Value {
    SPEC.block("account").map_or(Value::Null, |account| {
        document("An account request of lz", account)
    })
}

fn document(title: &str, kind: &'static BlockKind) -> Value {
    let mut definitions = BTreeMap::new();
    let mut schema = body(kind, &mut definitions);
    if let Value::Object(fields) = &mut schema {
        fields.insert(
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        fields.insert("title".to_owned(), json!(title));
        fields.insert(
            "$defs".to_owned(),
            definitions.into_iter().collect::<Map<_, _>>().into(),
        );
    }
    schema
}

/// Bodies go into definitions, since an `ou` holds `ou` blocks.
fn body_reference(kind: &'static BlockKind, definitions: &mut BTreeMap<String, Value>) -> Value {
    if !definitions.contains_key(kind.name) {
        definitions.insert(kind.name.to_owned(), Value::Null);
        let schema = body(kind, definitions);
        definitions.insert(kind.name.to_owned(), schema);
    }
    json!({ "$ref": format!("#/$defs/{}", kind.name) })
}

fn body(kind: &'static BlockKind, definitions: &mut BTreeMap<String, Value>) -> Value {
    let Attributes::Known(attributes) = kind.attributes else {
        return json!({ "type": "object", "description": kind.doc });
    };
    let mut properties = Map::new();
    for block in kind.blocks.iter().filter(|block| block.support == Support::Ready) {
        properties.insert(block.name.to_owned(), block_property(block, definitions));
    }
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.support == Support::Ready)
    {
        properties.insert(attribute.name.to_owned(), attribute_property(attribute));
    }
    let required: Vec<&str> = attributes
        .iter()
        .filter(|attribute| attribute.required)
        .map(|attribute| attribute.name)
        .collect();
    let nullable = if required.is_empty() && kind.name != "spec" {
        json!(["object", "null"])
    } else {
        json!("object")
    };
    let mut schema = json!({
        "type": nullable,
        "description": kind.doc,
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty()
        && let Value::Object(fields) = &mut schema
    {
        fields.insert("required".to_owned(), json!(required));
    }
    schema
}

fn block_property(kind: &'static BlockKind, definitions: &mut BTreeMap<String, Value>) -> Value {
    let body = body_reference(kind, definitions);
    let labelled = |names: &str, inner: Value| json!({ "type": "object", "description": format!("{} Keys: the {names}.", kind.doc), "additionalProperties": inner });
    match (kind.labels, kind.repeat) {
        (Labels::None, Repeat::Once) => body,
        (Labels::None, Repeat::Many) => json!({ "anyOf": [body, { "type": "array", "items": body }] }),
        (Labels::One(label), _) => labelled(label, body),
        (Labels::Optional(label), _) => {
            json!({ "anyOf": [labelled(label, body.clone()), { "type": "array", "items": body }] })
        }
        (Labels::Two(first, second), _) => labelled(first, labelled(second, body)),
    }
}

/// Any attribute may be an expression in a string.
fn attribute_property(attribute: &AttributeKind) -> Value {
    let expression = json!({ "type": "string", "pattern": "\\$\\{" });
    let text = json!({ "type": ["string", "number"] });
    let value = match attribute.value {
        ValueKind::Text => text,
        ValueKind::Choice(choices) => json!({ "anyOf": [{ "enum": choices }, expression] }),
        ValueKind::Bool => json!({ "anyOf": [{ "type": "boolean" }, expression] }),
        ValueKind::Count => json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, expression] }),
        ValueKind::Texts => json!({ "anyOf": [{ "type": "array", "items": text }, expression] }),
        ValueKind::TextOrTexts => json!({ "anyOf": [text, { "type": "array", "items": text }] }),
        ValueKind::Choices(choices) => json!({ "anyOf": [
            { "type": "array", "items": { "anyOf": [{ "enum": choices }, expression] } },
            expression,
        ] }),
        ValueKind::TextMap => json!({ "anyOf": [
            { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean", "null"] } },
            expression,
        ] }),
        ValueKind::Parameters => json!({ "anyOf": [
            { "type": "object", "additionalProperties": { "type": ["string", "number", "boolean", "array", "null"] } },
            expression,
        ] }),
        ValueKind::Reference(kinds) => reference(kinds),
        ValueKind::References(kinds) => {
            json!({ "anyOf": [{ "type": "array", "items": reference(kinds) }, expression] })
        }
        ValueKind::Address => {
            json!({ "type": "string", "pattern": "^(\\$\\{ *)?(ou|account|policy|stack_set|stack|permission_set)\\." })
        }
        ValueKind::Type => json!({ "type": "string", "examples": ["string", "list(string)", "map(any)"] }),
        ValueKind::ForEach => json!({ "anyOf": [{ "type": "object" }, expression] }),
        ValueKind::Any => json!({}),
    };
    with_description(value, attribute.doc)
}

fn reference(kinds: &[&str]) -> Value {
    json!({ "type": "string", "pattern": "\\$\\{", "examples": examples(kinds) })
}

fn examples(kinds: &[&str]) -> Vec<String> {
    kinds
        .iter()
        .map(|kind| match *kind {
            "root" => "${root}".to_owned(),
            "tag" => "${tag(\"key\", \"value\")}".to_owned(),
            kind => format!("${{{kind}.label}}"),
        })
        .collect()
}

fn with_description(mut schema: Value, doc: &str) -> Value {
    if let Value::Object(fields) = &mut schema {
        fields.insert("description".to_owned(), json!(doc));
    }
    schema
}
