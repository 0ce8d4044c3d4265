//! `statement` and `condition` blocks.

use super::attributes::{Placed, Reader};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::syntax::Block;
use crate::value::{self, Type, Value};
use lz_model::policy_type::PolicyType;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Returns the document that the statements of a policy make.
pub(super) fn from_statements(
    reader: &Reader<'_, '_>,
    statements: &[&Block],
    policy_type: PolicyType,
) -> Option<Value> {
    if !policy_type.guards() {
        let at = statements.first()?.header;
        let message = format!("a policy of type `{policy_type}` has no statements");
        reader.error(
            SpecDiagnostic::new(Code::PolicyStatement, at, message)
                .help("write its document with `content = jsonencode({...})` or `content = file(\"...\")`"),
        );
        return None;
    }
    let mut sids: BTreeMap<&str, Span> = BTreeMap::new();
    let mut written = Vec::new();
    for block in statements {
        if let Some(sid) = block.labels.first()
            && let Some(first) = sids.insert(&sid.text, sid.span)
        {
            reader.error(
                SpecDiagnostic::new(
                    Code::DuplicateLabel,
                    sid.span,
                    format!("two statements have the sid `{}`", sid.text),
                )
                .here("again here")
                .also(first, "first here"),
            );
        }
        written.extend(statement(reader, block, policy_type));
    }
    let document = [
        ("Version".into(), Value::string("2012-10-17")),
        ("Statement".into(), Value::tuple(written)),
    ];
    Some(Value::object(document.into()))
}

fn statement(policy: &Reader<'_, '_>, block: &Block, policy_type: PolicyType) -> Option<Value> {
    let kind = SPEC.block("policy")?.block("statement")?;
    let reader = policy.checker.reader(kind, &block.body, policy.each);
    let mut fields: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    if let Some(sid) = block.labels.first() {
        check_sid(&reader, &sid.text, sid.span);
        fields.insert("Sid".into(), Value::String(Arc::clone(&sid.text)));
    }
    let effect = reader.choice("effect");
    // Guardrails deny; who wants a list of what is allowed says so.
    if effect.is_none() && !reader.is_given("effect") {
        fields.insert("Effect".into(), Value::string("Deny"));
    }
    if let Some(effect) = &effect {
        fields.insert("Effect".into(), Value::String(Arc::clone(&effect.value)));
        if policy_type == PolicyType::Rcp && &*effect.value != "Deny" {
            let message = "a statement of a resource control policy can only deny";
            reader.error(
                SpecDiagnostic::new(Code::PolicyStatement, effect.span, message)
                    .help("write `effect = \"Deny\"`"),
            );
        }
    }
    either(
        &reader,
        block,
        ["actions", "not_actions"],
        ["Action", "NotAction"],
        None,
        &mut fields,
    );
    either(
        &reader,
        block,
        ["resources", "not_resources"],
        ["Resource", "NotResource"],
        Some("*"),
        &mut fields,
    );
    principals(&reader, policy_type, &mut fields);
    if let Some(conditions) = conditions(&reader, block) {
        fields.insert("Condition".into(), conditions);
    }
    Some(Value::object(fields))
}

/// A sid has letters and digits only (IAM User Guide, "IAM JSON policy elements: Sid").
fn check_sid(reader: &Reader<'_, '_>, sid: &str, span: Span) {
    if !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let message = format!("a sid has letters and digits only, not `{sid}`");
        reader.error(
            SpecDiagnostic::new(Code::PolicyStatement, span, message).help("leave other characters out"),
        );
    }
}

/// Reads one of two attributes that exclude each other.
fn either(
    reader: &Reader<'_, '_>,
    block: &Block,
    names: [&str; 2],
    elements: [&str; 2],
    default: Option<&str>,
    fields: &mut BTreeMap<Arc<str>, Value>,
) {
    let [first, second] = names;
    let [element, not_element] = elements;
    let given = |name: &str| reader.attribute(name).filter(|_| reader.is_given(name));
    match (given(first), given(second)) {
        (Some(a), Some(b)) => reader.error(
            SpecDiagnostic::new(
                Code::PolicyStatement,
                a.name.span,
                format!("a statement has `{first}` or `{second}`, not both"),
            )
            .here("here")
            .also(b.name.span, "and here"),
        ),
        (Some(_), None) => insert_texts(reader, first, element, fields),
        (None, Some(_)) => insert_texts(reader, second, not_element, fields),
        (None, None) => match default {
            Some(default) => {
                fields.insert(element.into(), Value::string(default));
            }
            None => reader.error(
                SpecDiagnostic::new(
                    Code::MissingAttribute,
                    block.header,
                    format!("the statement has no `{first}`"),
                )
                .help(format!("add `{first} = [...]` or `{second} = [...]`")),
            ),
        },
    }
}

fn insert_texts(reader: &Reader<'_, '_>, name: &str, element: &str, fields: &mut BTreeMap<Arc<str>, Value>) {
    let Some(found) = texts_or_text(reader, name) else {
        return;
    };
    if found.is_empty() {
        let at = reader.attribute(name).map(|attribute| attribute.value.span);
        reader.errors_at(at, Code::PolicyStatement, format!("`{name}` is empty"));
        return;
    }
    fields.insert(element.into(), single_or_list(found));
}

/// One value is written alone: AWS takes both forms, and this one is shorter.
fn single_or_list(mut values: Vec<Value>) -> Value {
    if values.len() == 1 {
        values.pop().unwrap_or(Value::Null)
    } else {
        Value::tuple(values)
    }
}

/// Reads a list of texts, or one text, each maybe known only after apply.
fn texts_or_text(reader: &Reader<'_, '_>, name: &str) -> Option<Vec<Value>> {
    let Placed { value, span } = reader.value(name)?;
    let items = value.elements().unwrap_or_else(|| vec![value.clone()]);
    let mut texts = Vec::new();
    for item in items {
        match value::convert(&item, &Type::String) {
            Ok(Value::Null) => {
                reader.error(SpecDiagnostic::new(
                    Code::NullValue,
                    span,
                    format!("an element of `{name}` is null"),
                ));
            }
            Ok(text) => texts.push(text),
            Err(mismatch) => reader.error(SpecDiagnostic::new(
                Code::Type,
                span,
                format!("`{name}`: {mismatch}"),
            )),
        }
    }
    Some(texts)
}

/// SCPs take no principal, RCPs only `*` (aws-facts section 5).
fn principals(reader: &Reader<'_, '_>, policy_type: PolicyType, fields: &mut BTreeMap<Arc<str>, Value>) {
    let given = texts_or_text(reader, "principals");
    let at = reader
        .attribute("principals")
        .map(|attribute| attribute.value.span);
    if policy_type == PolicyType::Rcp {
        if given.is_some_and(|given| given != [Value::string("*")]) {
            reader.errors_at(
                at,
                Code::PolicyStatement,
                "a resource control policy takes `*` as principal only".to_owned(),
            );
        }
        fields.insert("Principal".into(), Value::string("*"));
    } else if given.is_some() {
        let message =
            "a service control policy takes no principals: it binds everyone in the accounts".to_owned();
        reader.errors_at(at, Code::PolicyStatement, message);
    }
}

/// Reads conditions: blocks, a map of maps, or a list of objects.
fn conditions(reader: &Reader<'_, '_>, block: &Block) -> Option<Value> {
    let mut conditions: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Value>> = BTreeMap::new();
    for inner in block
        .body
        .blocks
        .iter()
        .filter(|inner| &*inner.kind.text == "condition")
    {
        let [operator, key] = inner.labels.as_slice() else {
            continue;
        };
        let Some(kind) = SPEC
            .block("policy")
            .and_then(|k| k.block("statement"))
            .and_then(|k| k.block("condition"))
        else {
            continue;
        };
        let inner_reader = reader.checker.reader(kind, &inner.body, reader.each);
        let Some(values) = texts_or_text(&inner_reader, "values") else {
            continue;
        };
        add_condition(
            reader,
            &mut conditions,
            (&operator.text, &key.text),
            values,
            inner.header,
        );
    }
    if let Some(Placed { value, span }) = reader.value("condition") {
        match (value.fields(), value.elements()) {
            (Some(operators), _) => from_map(reader, operators, span, &mut conditions),
            (None, Some(items)) => {
                items
                    .iter()
                    .for_each(|item| from_object(reader, item, span, &mut conditions));
            }
            (None, None) => {
                let message = format!("`condition` takes a map, this is {}", value.described());
                reader.error(SpecDiagnostic::new(Code::Type, span, message));
            }
        }
    }
    if conditions.is_empty() {
        return None;
    }
    Some(Value::object(
        conditions
            .into_iter()
            .map(|(operator, keys)| (operator, Value::object(keys)))
            .collect(),
    ))
}

type Conditions = BTreeMap<Arc<str>, BTreeMap<Arc<str>, Value>>;

fn add_condition(
    reader: &Reader<'_, '_>,
    conditions: &mut Conditions,
    (operator, key): (&str, &str),
    values: Vec<Value>,
    span: Span,
) {
    let keys = conditions.entry(operator.into()).or_default();
    if keys.insert(key.into(), single_or_list(values)).is_some() {
        let message = format!("the statement has two conditions `{operator}` on `{key}`");
        reader.error(
            SpecDiagnostic::new(Code::PolicyStatement, span, message).help("put the values into one list"),
        );
    }
}

fn from_map(
    reader: &Reader<'_, '_>,
    operators: &BTreeMap<Arc<str>, Value>,
    span: Span,
    conditions: &mut Conditions,
) {
    for (operator, keys) in operators {
        let Some(keys) = keys.fields() else {
            let message = format!("the condition `{operator}` takes a map of keys to values");
            reader.error(SpecDiagnostic::new(Code::Type, span, message));
            continue;
        };
        for (key, values) in keys.iter() {
            if let Some(values) = condition_values(reader, values, span) {
                add_condition(reader, conditions, (operator, key), values, span);
            }
        }
    }
}

/// A condition as `{ test = ..., variable = ..., values = [...] }`, the way of Terraform's policy documents.
fn from_object(reader: &Reader<'_, '_>, item: &Value, span: Span, conditions: &mut Conditions) {
    let field = |name: &str| item.fields().and_then(|fields| fields.get(name));
    let text = |name: &str| field(name).and_then(Value::as_str);
    let (Some(operator), Some(key), Some(values)) = (text("test"), text("variable"), field("values")) else {
        let message = "a condition in a list has `test`, `variable` and `values`";
        reader.error(SpecDiagnostic::new(Code::Type, span, message));
        return;
    };
    if let Some(values) = condition_values(reader, values, span) {
        add_condition(reader, conditions, (operator, key), values, span);
    }
}

fn condition_values(reader: &Reader<'_, '_>, values: &Value, span: Span) -> Option<Vec<Value>> {
    let items = values.elements().unwrap_or_else(|| vec![values.clone()]);
    let converted: Result<Vec<Value>, _> = items
        .iter()
        .map(|item| value::convert(item, &Type::String))
        .collect();
    match converted {
        Ok(values) => Some(values),
        Err(mismatch) => {
            reader.error(SpecDiagnostic::new(
                Code::Type,
                span,
                format!("a value of a condition: {mismatch}"),
            ));
            None
        }
    }
}

impl Reader<'_, '_> {
    fn errors_at(&self, at: Option<Span>, code: Code, message: String) {
        match at {
            Some(at) => self.error(SpecDiagnostic::new(code, at, message)),
            None => self.error(SpecDiagnostic::without_place(code, message)),
        }
    }
}
