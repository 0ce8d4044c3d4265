//! Documents as people spell them.

use crate::language::Policy;
use serde_json::Value;
use std::collections::BTreeMap;

/// Actions and condition keys as they were first written: both ignore case, people don't.
pub(super) struct Spelling(BTreeMap<String, String>);

impl Spelling {
    pub(super) fn of(policies: &[Policy]) -> Self {
        let mut known = BTreeMap::new();
        let statements = policies.iter().flat_map(|policy| &policy.statements);
        for statement in statements {
            let actions = statement.actions.list().iter().map(|item| &item.text);
            let keys = statement.conditions.iter().map(|condition| &condition.key);
            for written in actions.chain(keys) {
                known
                    .entry(written.to_ascii_lowercase())
                    .or_insert_with(|| written.clone());
            }
        }
        Self(known)
    }

    /// Returns a document with its actions and keys spelled again.
    pub(super) fn restore(&self, text: &str) -> String {
        let Ok(mut document) = serde_json::from_str::<Value>(text) else {
            return text.to_owned();
        };
        match document.get_mut("Statement") {
            Some(Value::Array(list)) => list.iter_mut().for_each(|statement| self.statement(statement)),
            Some(one) => self.statement(one),
            None => {}
        }
        document.to_string()
    }

    fn statement(&self, statement: &mut Value) {
        for element in ["Action", "NotAction"] {
            match statement.get_mut(element) {
                Some(Value::Array(list)) => list.iter_mut().for_each(|text| self.text(text)),
                Some(one) => self.text(one),
                None => {}
            }
        }
        let operators = statement.get_mut("Condition").and_then(Value::as_object_mut);
        for keys in operators.into_iter().flat_map(|operators| operators.values_mut()) {
            if let Some(keys) = keys.as_object_mut() {
                let spelled = std::mem::take(keys).into_iter().map(|(key, values)| {
                    let key = self.0.get(&key).cloned().unwrap_or(key);
                    (key, values)
                });
                *keys = spelled.collect();
            }
        }
    }

    fn text(&self, value: &mut Value) {
        if let Some(written) = value.as_str().and_then(|text| self.0.get(text)) {
            *value = Value::String(written.clone());
        }
    }
}
