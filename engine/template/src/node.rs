//! The tree that both languages are read into. Every node knows its line.

use crate::template::TemplateError;
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;

/// The deepest nesting of lists and maps.
pub(crate) const MAX_DEPTH: usize = 100;

/// The most nodes after aliases are put in. A template of 1 MiB has far fewer unless aliases multiply them.
pub(crate) const MAX_NODES: usize = 600_000;

/// A value of a template. A value in a map has the line of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

/// Named values.
pub(crate) type Fields = BTreeMap<String, Node>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    /// A number as it is written, without what only YAML knows: underscores, bases, a plus sign.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Fields),
}

impl Node {
    pub(crate) const fn new(line: usize, kind: Kind) -> Self {
        Self { line, kind }
    }

    pub(crate) fn text(line: usize, text: impl Into<String>) -> Self {
        Self::new(line, Kind::Text(text.into()))
    }

    pub(crate) const fn fields(&self) -> Option<&Fields> {
        if let Kind::Map(fields) = &self.kind {
            Some(fields)
        } else {
            None
        }
    }

    pub(crate) fn items(&self) -> Option<&[Self]> {
        if let Kind::List(items) = &self.kind {
            Some(items)
        } else {
            None
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.fields()?.get(name)
    }

    /// Returns name and argument if the node is one call of a function, such as `Fn::Sub` or `Ref`.
    pub(crate) fn call(&self) -> Option<(&str, &Self)> {
        let fields = self.fields().filter(|fields| fields.len() == 1)?;
        let (name, argument) = fields.first_key_value()?;
        let is_function = name == "Ref"
            || (name == "Condition" && argument.as_text().is_some())
            || (name.starts_with("Fn::") && !name.starts_with("Fn::ForEach"));
        is_function.then_some((name.as_str(), argument))
    }

    /// Visits the node and everything below it.
    pub(crate) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match &self.kind {
            Kind::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Kind::Map(fields) => fields.values().for_each(|value| value.walk(visit)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {}
        }
    }

    /// Returns whether a key stands anywhere in the tree.
    pub(crate) fn mentions(&self, key: impl Fn(&str) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |node| {
            found = found
                || node
                    .fields()
                    .is_some_and(|fields| fields.keys().any(|name| key(name)));
        });
        found
    }

    /// Returns how many nodes the tree has.
    pub(crate) fn size(&self) -> usize {
        let mut size = 0;
        self.walk(&mut |_| size += 1);
        size
    }

    pub(crate) fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(text) => number(text),
            Kind::Text(text) => Value::String(text.clone()),
            Kind::List(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Kind::Map(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(name, node)| (name.clone(), node.to_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

/// A number that a machine cannot hold exactly is compared as it is written.
fn number(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let exact = (digits <= 15)
        .then(|| text.parse::<f64>().ok())
        .flatten()
        .and_then(Number::from_f64);
    exact.map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

/// Adds a named value; the same name twice is an error.
pub(crate) fn insert(
    fields: &mut Fields,
    line: usize,
    name: String,
    mut value: Node,
) -> Result<(), TemplateError> {
    if fields.contains_key(&name) {
        return Err(TemplateError {
            line,
            message: format!("the key `{name}` stands twice in one map"),
        });
    }
    value.line = line;
    fields.insert(name, value);
    Ok(())
}
