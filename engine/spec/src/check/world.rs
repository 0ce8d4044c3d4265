//! What names mean in a spec. Values are found when they are asked for, and a circle is found on the way.

use super::declared::Declared;
use super::objects::first_name;
use super::unknown;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::{Evaluator, Failure, Names, Scope};
use crate::source::Span;
use crate::syntax::{Body, Expr, Reference, Word};
use crate::value::{Thing, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest chain of values that depend on each other.
const MAX_CHAIN: usize = 400;

/// What `landing_zone` has behind it.
pub(super) const ZONE: &[&str] = &[
    "name",
    "management_account",
    "home_region",
    "regions",
    "administration_regions",
];

/// The objects of a block: one, or one for each element of `for_each`.
#[derive(Debug, Clone)]
pub(super) enum Instances {
    Single,
    /// Key to `each.value`.
    Each(Arc<BTreeMap<Arc<str>, Value>>),
}

/// The meaning of all names of one spec.
pub(super) struct World<'a> {
    pub(super) declared: &'a Declared<'a>,
    pub(super) variables: BTreeMap<&'a str, Option<Value>>,
    locals: RefCell<BTreeMap<String, Option<Value>>>,
    instances: RefCell<BTreeMap<String, Option<Instances>>>,
    /// What is being evaluated, and where it was asked for.
    chain: RefCell<Vec<(String, Span)>>,
}

impl<'a> World<'a> {
    pub(super) fn new(declared: &'a Declared<'a>) -> Self {
        Self {
            declared,
            variables: BTreeMap::new(),
            locals: RefCell::default(),
            instances: RefCell::default(),
            chain: RefCell::default(),
        }
    }

    /// Evaluates something that other values may depend on in turn.
    pub(super) fn within<T>(
        &self,
        name: String,
        at: Span,
        evaluate: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let position = self.chain.borrow().iter().position(|(known, _)| *known == name);
        if let Some(position) = position {
            return Err(self.circle(position, at).into());
        }
        if self.chain.borrow().len() >= MAX_CHAIN {
            let message = format!("values depend on each other in a chain longer than {MAX_CHAIN}");
            return Err(SpecDiagnostic::new(Code::TooDeep, at, message).into());
        }
        self.chain.borrow_mut().push((name, at));
        let result = evaluate();
        self.chain.borrow_mut().pop();
        result
    }

    fn circle(&self, position: usize, at: Span) -> SpecDiagnostic {
        let chain = self.chain.borrow();
        let members = chain.get(position..).unwrap_or_default();
        // A circle has no beginning: it is told from the member that comes first by name.
        let mut path: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        let least = path
            .iter()
            .enumerate()
            .min_by_key(|(_, name)| **name)
            .map_or(0, |(at, _)| at);
        path.rotate_left(least);
        path.extend(path.first().copied());
        let mut error = SpecDiagnostic::new(
            Code::Cycle,
            at,
            format!("these values depend on each other: {}", path.join(" -> ")),
        )
        .here("closes the circle")
        .help("break the circle: one of them must not need the others");
        for (name, span) in members.iter().skip(1) {
            error = error.also(*span, format!("`{name}` is needed here"));
        }
        error
    }

    /// Returns a local value.
    pub(super) fn local(&self, evaluator: &Evaluator<'_>, name: &str, at: Span) -> Result<Value, Failure> {
        if let Some(known) = self.locals.borrow().get(name) {
            return known.clone().ok_or_else(Failure::reported);
        }
        let Some(attribute) = self.declared.locals.get(name) else {
            return Err(unknown::local(name, at, self.declared).into());
        };
        let value = self.within(format!("local.{name}"), at, || {
            evaluator.value(&attribute.value, &Scope::EMPTY)
        });
        let value = value.and_then(|value| {
            evaluator.spend(weight(&value), attribute.name.span)?;
            Ok(value)
        });
        self.locals
            .borrow_mut()
            .insert(name.to_owned(), value.as_ref().ok().cloned());
        value
    }

    /// Returns the objects of a block with this name.
    pub(super) fn instances(
        &self,
        evaluator: &Evaluator<'_>,
        name: &str,
        body: &Body,
        scope: &Scope<'_>,
        at: Span,
    ) -> Result<Instances, Failure> {
        if let Some(known) = self.instances.borrow().get(name) {
            return known.clone().ok_or_else(Failure::reported);
        }
        let Some(attribute) = body.attribute("for_each") else {
            return Ok(Instances::Single);
        };
        let instances = self.within(format!("{name}.for_each"), at, || {
            for_each(evaluator, &attribute.value, scope)
        });
        self.instances
            .borrow_mut()
            .insert(name.to_owned(), instances.as_ref().ok().cloned());
        instances
    }

    fn var(&self, name: &Word) -> Result<Value, Failure> {
        match self.variables.get(&*name.text) {
            Some(value) => value.clone().ok_or_else(Failure::reported),
            None => Err(unknown::variable(name, self.declared).into()),
        }
    }

    /// Returns an attribute of the landing zone.
    fn zone(&self, evaluator: &Evaluator<'_>, reference: &Reference<'_>) -> Result<(Value, usize), Failure> {
        let name = first_name(reference)?;
        let Some(block) = &self.declared.zone else {
            return Err(Failure::reported());
        };
        match &*name.text {
            "name" => Ok((Value::String(Arc::clone(&block.label.text)), 1)),
            known if ZONE.contains(&known) => {
                let Some(attribute) = block.body.attribute(known) else {
                    return Ok((Value::Null, 1));
                };
                let full = format!("landing_zone.{known}");
                let value = self.within(full, name.span, || {
                    evaluator.value(&attribute.value, &Scope::EMPTY)
                })?;
                Ok((value, 1))
            }
            _ => Err(unknown::attribute("landing_zone", name, ZONE).into()),
        }
    }
}

/// Counts values, up to a bound.
fn weight(value: &Value) -> usize {
    match value {
        Value::Tuple(items) | Value::List(items) => items.iter().fold(1, |sum, item| sum + weight(item)),
        Value::Set(items) => items.len() + 1,
        Value::Object(fields) | Value::Map(fields) => fields.values().fold(1, |sum, item| sum + weight(item)),
        Value::String(text) => 1 + text.len() / 64,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Later(_) | Value::Thing(_) => 1,
    }
}

/// Returns `each` as an object.
pub(super) fn each(key: &str, value: &Value) -> Value {
    Value::object(
        [
            ("key".into(), Value::string(key)),
            ("value".into(), value.clone()),
        ]
        .into(),
    )
}

/// Runs with `each` in scope, if there is one.
pub(super) fn with_each<T>(each: Option<&Value>, run: impl FnOnce(&Scope<'_>) -> T) -> T {
    match each {
        Some(each) => run(&Scope::top(&[("each", each.clone())])),
        None => run(&Scope::EMPTY),
    }
}

fn for_each(evaluator: &Evaluator<'_>, expression: &Expr, scope: &Scope<'_>) -> Result<Instances, Failure> {
    let instances = elements(evaluator, expression, scope)?;
    if let Instances::Each(elements) = &instances
        && elements.contains_key("")
    {
        let message = "an element of `for_each` has an empty key";
        return Err(SpecDiagnostic::new(Code::ForEach, expression.span, message)
            .help("give it a key")
            .into());
    }
    Ok(instances)
}

fn elements(evaluator: &Evaluator<'_>, expression: &Expr, scope: &Scope<'_>) -> Result<Instances, Failure> {
    let value = evaluator.value(expression, scope)?;
    let error = |message: String| SpecDiagnostic::new(Code::ForEach, expression.span, message);
    match &value {
        Value::Object(fields) | Value::Map(fields) => Ok(Instances::Each(Arc::clone(fields))),
        Value::Set(items) => {
            let mut elements = BTreeMap::new();
            for item in items.iter() {
                let Value::String(text) = item else {
                    let message = format!(
                        "`for_each` takes a set of strings, this one has {}",
                        item.described()
                    );
                    return Err(error(message).into());
                };
                elements.insert(Arc::clone(text), item.clone());
            }
            Ok(Instances::Each(Arc::new(elements)))
        }
        Value::Tuple(_) | Value::List(_) => Err(error(
            "`for_each` takes a map or a set, this is a list".to_owned(),
        )
        .help("wrap it in `toset(...)`, or make a map with `{ for x in ... : x.name => x }`")
        .into()),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Later(_)
        | Value::Thing(_) => Err(error(format!(
            "`for_each` takes a map or a set of strings, this is {}",
            value.described()
        ))
        .into()),
    }
}

impl Names for World<'_> {
    fn reference(
        &self,
        evaluator: &Evaluator<'_>,
        reference: &Reference<'_>,
        scope: &Scope<'_>,
    ) -> Result<(Value, usize), Failure> {
        match &**reference.root {
            "var" => Ok((self.var(first_name(reference)?)?, 1)),
            "local" => {
                let name = first_name(reference)?;
                Ok((self.local(evaluator, &name.text, name.span)?, 1))
            }
            "ou" => self.ou(evaluator, reference, scope),
            "account" => self.labelled(evaluator, reference, scope, "account"),
            "policy" => self.labelled(evaluator, reference, scope, "policy"),
            "stack_set" => self.labelled(evaluator, reference, scope, "stack_set"),
            "stack" => self.labelled(evaluator, reference, scope, "stack"),
            "permission_set" => self.labelled(evaluator, reference, scope, "permission_set"),
            "landing_zone" => self.zone(evaluator, reference),
            "organization" => Ok((Value::Thing(Arc::new(Thing::Organization)), 0)),
            "root" => Ok((Value::Thing(Arc::new(Thing::Root)), 0)),
            "path" => {
                let here = [
                    ("module".into(), Value::string(".")),
                    ("root".into(), Value::string(".")),
                ];
                Ok((Value::object(here.into()), 0))
            }
            root => Err(unknown::root(
                root,
                reference.root_span,
                reference.steps.is_empty(),
                &scope.names(),
            )
            .into()),
        }
    }

    fn attribute(&self, evaluator: &Evaluator<'_>, thing: &Thing, name: &Word) -> Result<Value, Failure> {
        self.thing_attribute(evaluator, thing, name)
    }
}
