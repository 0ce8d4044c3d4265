//! From a policy to its shortest text.

use super::canonical::{Body, CanonicalCondition};
use super::policy::{Item, Kind, Policy, Scope, Statement};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

impl Policy {
    /// Returns the policy as JSON without needless characters: lists of one are scalars, order is kept.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.to_value().to_string()
    }

    /// Returns the policy as JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut document = Map::new();
        if let Some(version) = &self.version {
            document.insert("Version".to_owned(), json!(version));
        }
        if let Some(id) = &self.id {
            document.insert("Id".to_owned(), json!(id));
        }
        let statements: Vec<Value> = self
            .statements
            .iter()
            .map(|statement| statement_value(self.kind, statement))
            .collect();
        document.insert("Statement".to_owned(), one_or_list(statements));
        Value::Object(document)
    }
}

fn statement_value(kind: Kind, statement: &Statement) -> Value {
    let texts = |items: &Vec<Item>| items.iter().map(|item| item.text.clone()).collect::<Vec<_>>();
    let mut out = Map::new();
    if let Some(sid) = &statement.sid {
        out.insert("Sid".to_owned(), json!(sid));
    }
    out.insert("Effect".to_owned(), json!(statement.effect.to_string()));
    if kind == Kind::Rcp {
        out.insert("Principal".to_owned(), json!("*"));
    }
    scope(&mut out, "Action", statement.actions.map(texts));
    scope(&mut out, "Resource", statement.resources.map(texts));
    let mut conditions = Map::new();
    for condition in &statement.conditions {
        let values = texts(&condition.values);
        put_condition(
            &mut conditions,
            &condition.operator.to_string(),
            &condition.key,
            values,
        );
    }
    if !conditions.is_empty() {
        out.insert("Condition".to_owned(), Value::Object(conditions));
    }
    Value::Object(out)
}

impl Body {
    /// Returns the statement as JSON, without a name.
    pub(crate) fn to_value(&self, kind: Kind) -> Value {
        let texts = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
        let mut out = Map::new();
        out.insert("Effect".to_owned(), json!(self.effect.to_string()));
        if kind == Kind::Rcp {
            out.insert("Principal".to_owned(), json!("*"));
        }
        scope(&mut out, "Action", self.actions.map(texts));
        scope(&mut out, "Resource", self.resources.map(texts));
        let mut conditions = Map::new();
        for CanonicalCondition {
            key,
            operator,
            values,
        } in &self.conditions
        {
            let values = values.iter().cloned().collect();
            let mut name = operator.to_string();
            // `ArnEquals` means what `ArnLike` means, so two lists for one key can stand side by side.
            if conditions.get(&name).is_some_and(|keys| keys.get(key).is_some()) {
                name = name.replace("Like", "Equals");
            }
            put_condition(&mut conditions, &name, key, values);
        }
        if !conditions.is_empty() {
            out.insert("Condition".to_owned(), Value::Object(conditions));
        }
        Value::Object(out)
    }
}

fn scope(out: &mut Map<String, Value>, name: &str, scope: Scope<Vec<String>>) {
    let (name, list) = match scope {
        Scope::Of(list) => (name.to_owned(), list),
        Scope::Except(list) => (format!("Not{name}"), list),
    };
    out.insert(name, one_or_list(list.into_iter().map(Value::String).collect()));
}

fn put_condition(out: &mut Map<String, Value>, operator: &str, key: &str, values: Vec<String>) {
    let keys = out.entry(operator).or_insert_with(|| json!({}));
    if let Some(keys) = keys.as_object_mut() {
        let values = values.into_iter().map(Value::String).collect();
        keys.insert(key.to_owned(), one_or_list(values));
    }
}

fn one_or_list(mut values: Vec<Value>) -> Value {
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            values.push(last);
            Value::Array(values)
        }
        (None, _) => Value::Array(values),
    }
}
