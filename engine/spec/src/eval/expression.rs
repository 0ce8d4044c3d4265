//! One function per form of expression.

use super::scope::Scope;
use super::{operators, splat};
use crate::codes::Code;
use crate::data::DataFiles;
use crate::diagnostic::SpecDiagnostic;
use crate::functions;
use crate::number::Number;
use crate::source::Span;
use crate::suggest;
use crate::syntax::{Expr, ExprKind, For, Reference, ReferenceStep, Word};
use crate::value::{self, Thing, Type, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Steps that one spec may take before it is taken for a runaway.
const STEPS: u64 = 20_000_000;

/// Why an expression has no value. Nothing in it means that the reason has been reported elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Failure(pub(crate) Vec<SpecDiagnostic>);

impl From<SpecDiagnostic> for Failure {
    fn from(diagnostic: SpecDiagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl Failure {
    /// Returns the failure of something whose own failure is reported elsewhere.
    pub(crate) const fn reported() -> Self {
        Self(Vec::new())
    }
}

/// What the names at the top of an expression mean: `var`, `local`, `ou`, `account` and so on.
pub(crate) trait Names {
    /// Returns the value that a reference leads to, and how many of its steps were taken for it.
    fn reference(
        &self,
        evaluator: &Evaluator<'_>,
        reference: &Reference<'_>,
        scope: &Scope<'_>,
    ) -> Result<(Value, usize), Failure>;

    /// Returns an attribute or a child of a declared object.
    fn attribute(&self, evaluator: &Evaluator<'_>, thing: &Thing, name: &Word) -> Result<Value, Failure>;
}

/// Evaluates expressions within one spec.
pub(crate) struct Evaluator<'a> {
    pub(crate) names: &'a dyn Names,
    pub(crate) data: &'a dyn DataFiles,
    /// What functions have read, with the digest of each.
    pub(crate) read: RefCell<BTreeMap<String, Vec<u8>>>,
    steps: Cell<u64>,
}

impl<'a> Evaluator<'a> {
    pub(crate) const fn new(names: &'a dyn Names, data: &'a dyn DataFiles) -> Self {
        Self {
            names,
            data,
            read: RefCell::new(BTreeMap::new()),
            steps: Cell::new(STEPS),
        }
    }

    /// Counts work, and stops what would not end.
    pub(crate) fn spend(&self, steps: usize, span: Span) -> Result<(), Failure> {
        let left = self.steps.get().checked_sub(steps as u64);
        self.steps.set(left.unwrap_or(0));
        if left.is_some() {
            return Ok(());
        }
        Err(
            SpecDiagnostic::new(Code::TooMuch, span, "evaluating this spec takes too many steps")
                .here("the limit was reached here")
                .help("iterate over fewer elements")
                .into(),
        )
    }

    pub(crate) fn value(&self, expression: &Expr, scope: &Scope<'_>) -> Result<Value, Failure> {
        self.spend(1, expression.span)?;
        match &expression.kind {
            ExprKind::Null => Ok(Value::Null),
            ExprKind::Bool(value) => Ok(Value::Bool(*value)),
            ExprKind::Number { value, .. } => Ok(Value::Number(value.clone())),
            ExprKind::String(text) => Ok(Value::String(Arc::clone(text))),
            ExprKind::Template(parts) => self.template(parts, scope, expression.span).map(Value::text),
            ExprKind::Only(inner) => self.value(inner, scope),
            ExprKind::List(items) => self.values(items.iter(), scope).map(Value::tuple),
            ExprKind::Object(items) => self.object(items, scope),
            ExprKind::Variable(_) => self.traversal(expression, scope),
            ExprKind::Attribute { of, name } => {
                if expression.reference().is_some() {
                    return self.traversal(expression, scope);
                }
                let of = self.value(of, scope)?;
                self.attribute(&of, name)
            }
            ExprKind::Index { of, key } => {
                if expression.reference().is_some() {
                    return self.traversal(expression, scope);
                }
                let of = self.value(of, scope)?;
                self.index(&of, key, scope)
            }
            ExprKind::Splat { of, each, full } => splat::splat(self, of, each, *full, scope),
            ExprKind::Call {
                name,
                arguments,
                expand,
            } => functions::call(self, name, arguments, *expand, expression.span, scope),
            ExprKind::Conditional { condition, yes, no } => self.conditional(condition, yes, no, scope),
            ExprKind::Unary { operator, operand } => operators::unary(self, *operator, operand, scope),
            ExprKind::Binary {
                operator,
                left,
                right,
            } => operators::binary(self, *operator, left, right, expression.span, scope),
            ExprKind::For(parsed) => self.for_expression(parsed, expression.span, scope),
        }
    }

    /// Evaluates all and reports what is wrong with each.
    pub(crate) fn values<'e>(
        &self,
        expressions: impl Iterator<Item = &'e Expr>,
        scope: &Scope<'_>,
    ) -> Result<Vec<Value>, Failure> {
        let mut values = Vec::new();
        let mut failure: Option<Failure> = None;
        for expression in expressions {
            match self.value(expression, scope) {
                Ok(value) => values.push(value),
                Err(error) => failure.get_or_insert_default().0.extend(error.0),
            }
        }
        failure.map_or(Ok(values), Err)
    }

    fn object(&self, items: &[(Expr, Expr)], scope: &Scope<'_>) -> Result<Value, Failure> {
        let mut fields = BTreeMap::new();
        let mut failure: Option<Failure> = None;
        for (key, value) in items {
            let pair = self
                .key(key, scope)
                .and_then(|name| Ok((name, self.value(value, scope)?)));
            match pair {
                Ok((name, value)) => {
                    fields.insert(name, value);
                }
                Err(error) => failure.get_or_insert_default().0.extend(error.0),
            }
        }
        failure.map_or(Ok(Value::object(fields)), Err)
    }

    /// Evaluates the key of an object or map.
    fn key(&self, key: &Expr, scope: &Scope<'_>) -> Result<Arc<str>, Failure> {
        let value = self.value(key, scope)?;
        self.key_text(&value, key.span)
    }

    fn key_text(&self, value: &Value, span: Span) -> Result<Arc<str>, Failure> {
        if let Some(hole) = value.hole() {
            return Err(known_later(hole, span, "be a key").into());
        }
        match value::convert(value, &Type::String) {
            Ok(Value::String(text)) => Ok(text),
            Ok(_) => Err(SpecDiagnostic::new(Code::NullValue, span, "a key cannot be null").into()),
            Err(mismatch) => {
                Err(SpecDiagnostic::new(Code::Type, span, format!("a key is text: {mismatch}")).into())
            }
        }
    }

    /// Evaluates a name and the steps behind it.
    fn traversal(&self, expression: &Expr, scope: &Scope<'_>) -> Result<Value, Failure> {
        let Some(reference) = expression.reference() else {
            return Err(Failure::reported());
        };
        let (mut value, taken) = match scope.get(reference.root) {
            Some(value) => (value.clone(), 0),
            None if scope.is_closed() => {
                return Err(unknown_in_template(&reference, scope).into());
            }
            None => self.names.reference(self, &reference, scope)?,
        };
        for step in reference.steps.iter().skip(taken) {
            value = match step {
                ReferenceStep::Name(name) => self.attribute(&value, name)?,
                ReferenceStep::Key(key) => self.index(&value, key, scope)?,
            };
        }
        Ok(value)
    }

    /// Evaluates `value.name`.
    pub(crate) fn attribute(&self, of: &Value, name: &Word) -> Result<Value, Failure> {
        match of {
            Value::Object(fields) | Value::Map(fields) => fields.get(&name.text).cloned().ok_or_else(|| {
                let known: Vec<&str> = fields.keys().map(|key| &**key).collect();
                let what = if matches!(of, Value::Map(_)) {
                    "element"
                } else {
                    "attribute"
                };
                SpecDiagnostic::new(
                    Code::NoSuchElement,
                    name.span,
                    format!("there is no {what} `{}`", name.text),
                )
                .maybe_help(suggest::help(&name.text, &known))
                .into()
            }),
            Value::Thing(thing) => self.names.attribute(self, thing, name),
            Value::List(_) | Value::Tuple(_) if name.text.bytes().all(|b| b.is_ascii_digit()) => {
                let index = Number::parse(&name.text).map_or(Value::Null, Value::Number);
                element(of, &index, name.span).map_err(Failure::from)
            }
            Value::Null => {
                let message = format!("null has no attribute `{}`", name.text);
                Err(SpecDiagnostic::new(Code::NullValue, name.span, message).into())
            }
            Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Later(_)
            | Value::Tuple(_)
            | Value::List(_)
            | Value::Set(_) => {
                let message = format!("{} has no attribute `{}`", of.described(), name.text);
                Err(SpecDiagnostic::new(Code::NoSuchElement, name.span, message).into())
            }
        }
    }

    /// Evaluates `value[key]`.
    pub(crate) fn index(&self, of: &Value, key: &Expr, scope: &Scope<'_>) -> Result<Value, Failure> {
        let index = self.value(key, scope)?;
        if let Some(hole) = index.hole() {
            return Err(known_later(hole, key.span, "be an index").into());
        }
        if let (Value::Thing(thing), Some(name)) = (of, index.as_str()) {
            return self.names.attribute(self, thing, &Word::new(name, key.span));
        }
        element(of, &index, key.span).map_err(Failure::from)
    }

    /// Evaluates a condition to true or false.
    pub(crate) fn condition(&self, expression: &Expr, scope: &Scope<'_>) -> Result<bool, Failure> {
        let value = self.value(expression, scope)?;
        if let Some(hole) = value.hole() {
            return Err(known_later(hole, expression.span, "be a condition").into());
        }
        match value::convert(&value, &Type::Bool) {
            Ok(Value::Bool(value)) => Ok(value),
            Ok(_) => Err(
                SpecDiagnostic::new(Code::NullValue, expression.span, "a condition cannot be null").into(),
            ),
            Err(mismatch) => {
                let message = format!("a condition is true or false: {mismatch}");
                Err(SpecDiagnostic::new(Code::Type, expression.span, message).into())
            }
        }
    }

    /// Both results take on one type, as Terraform has it; only the chosen one must have a value.
    fn conditional(
        &self,
        condition: &Expr,
        yes: &Expr,
        no: &Expr,
        scope: &Scope<'_>,
    ) -> Result<Value, Failure> {
        let chosen = self.condition(condition, scope)?;
        let (first, second) = if chosen { (yes, no) } else { (no, yes) };
        let value = self.value(first, scope)?;
        let Ok(other) = self.value(second, scope) else {
            return Ok(value);
        };
        let Some(ty) = value::unify(&[value.type_of(), other.type_of()]) else {
            let message = format!(
                "the two results of a condition must be of one type, these are {} and {}",
                if chosen {
                    value.described()
                } else {
                    other.described()
                },
                if chosen {
                    other.described()
                } else {
                    value.described()
                },
            );
            let error = SpecDiagnostic::new(Code::Type, yes.span, message)
                .here("if true")
                .also(no.span, "if false");
            return Err(error.into());
        };
        value::convert(&value, &ty)
            .map_err(|mismatch| SpecDiagnostic::new(Code::Type, first.span, mismatch.to_string()).into())
    }

    fn for_expression(&self, parsed: &For, span: Span, scope: &Scope<'_>) -> Result<Value, Failure> {
        let pairs = self.iterate(&parsed.collection, scope)?;
        let value_name = &*parsed.value_name.text;
        let key_name = parsed.key_name.as_ref().map_or("", |name| &*name.text);
        let mut items = Vec::new();
        let mut fields: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        let mut groups: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
        for (key, value) in pairs {
            self.spend(1, span)?;
            let names = [(value_name, value), (key_name, key)];
            let inner = scope.inner(&names);
            if let Some(condition) = &parsed.condition
                && !self.condition(condition, &inner)?
            {
                continue;
            }
            let Some(key) = &parsed.key else {
                items.push(self.value(&parsed.value, &inner)?);
                continue;
            };
            let name = self.key(key, &inner)?;
            let value = self.value(&parsed.value, &inner)?;
            if parsed.group {
                groups.entry(name).or_default().push(value);
            } else if fields.insert(Arc::clone(&name), value).is_some() {
                let message = format!("two elements have the key `{name}`");
                return Err(SpecDiagnostic::new(Code::DuplicateKey, key.span, message)
                    .help("make the key unique, or group with `...` after the value")
                    .into());
            }
        }
        if parsed.key.is_none() {
            return Ok(Value::tuple(items));
        }
        if parsed.group {
            fields = groups
                .into_iter()
                .map(|(name, values)| (name, Value::tuple(values)))
                .collect();
        }
        Ok(Value::object(fields))
    }

    /// Returns keys and values of something that can be iterated over.
    pub(crate) fn iterate(
        &self,
        collection: &Expr,
        scope: &Scope<'_>,
    ) -> Result<Vec<(Value, Value)>, Failure> {
        let value = self.value(collection, scope)?;
        match &value {
            Value::Tuple(items) | Value::List(items) => {
                let numbered = items.iter().enumerate();
                Ok(numbered
                    .map(|(at, item)| (Value::Number(Number::from_usize(at)), item.clone()))
                    .collect())
            }
            Value::Set(items) => Ok(items.iter().map(|item| (item.clone(), item.clone())).collect()),
            Value::Object(fields) | Value::Map(fields) => Ok(fields
                .iter()
                .map(|(name, value)| (Value::String(Arc::clone(name)), value.clone()))
                .collect()),
            Value::Later(text) => Err(text.holes().next().map_or_else(Failure::reported, |hole| {
                known_later(hole, collection.span, "be iterated over").into()
            })),
            Value::Null => {
                Err(
                    SpecDiagnostic::new(Code::NullValue, collection.span, "null cannot be iterated over")
                        .into(),
                )
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Thing(_) => {
                let message = format!("{} cannot be iterated over", value.described());
                Err(SpecDiagnostic::new(Code::Type, collection.span, message)
                    .here("a list, set, map or object is wanted here")
                    .into())
            }
        }
    }
}

/// Returns one element of a collection.
pub(crate) fn element(of: &Value, index: &Value, span: Span) -> Result<Value, SpecDiagnostic> {
    match of {
        Value::Tuple(items) | Value::List(items) => {
            let number = value::convert(index, &Type::Number).map_err(|mismatch| {
                SpecDiagnostic::new(Code::Type, span, format!("the index of a list: {mismatch}"))
            })?;
            let at = number
                .as_number()
                .and_then(Number::to_i64)
                .and_then(|at| usize::try_from(at).ok());
            at.and_then(|at| items.get(at)).cloned().ok_or_else(|| {
                let size = items.len();
                let message = format!("there is no such element, the list has {size}");
                SpecDiagnostic::new(Code::NoSuchElement, span, message)
            })
        }
        Value::Object(fields) | Value::Map(fields) => {
            let key = value::convert(index, &Type::String).map_err(|mismatch| {
                SpecDiagnostic::new(Code::Type, span, format!("the key of a map: {mismatch}"))
            })?;
            let key = key.as_str().unwrap_or_default();
            fields.get(key).cloned().ok_or_else(|| {
                let known: Vec<&str> = fields.keys().map(|key| &**key).collect();
                SpecDiagnostic::new(Code::NoSuchElement, span, format!("there is no element `{key}`"))
                    .maybe_help(suggest::help(key, &known))
            })
        }
        Value::Set(_) => Err(
            SpecDiagnostic::new(Code::Type, span, "the elements of a set have no index").help(
                "turn the set into a list with `tolist(...)`, or look for the element with `contains(...)`",
            ),
        ),
        Value::Null => Err(SpecDiagnostic::new(Code::NullValue, span, "null has no elements")),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Later(_) | Value::Thing(_) => Err(
            SpecDiagnostic::new(Code::Type, span, format!("{} has no elements", of.described())),
        ),
    }
}

/// Returns the error for computing with a value that AWS has yet to assign.
pub(crate) fn known_later(hole: &lz_model::text::Hole, span: Span, what: &str) -> SpecDiagnostic {
    SpecDiagnostic::new(
        Code::KnownAfterApply,
        span,
        format!(
            "`{}.{}` is known only after apply, so it cannot {what}",
            hole.address, hole.attribute
        ),
    )
    .here("computes with it")
    .help("use it whole or inside a string; compute with names and labels instead")
}

fn unknown_in_template(reference: &Reference<'_>, scope: &Scope<'_>) -> SpecDiagnostic {
    let message = format!("the template is not given a variable `{}`", reference.root);
    SpecDiagnostic::new(Code::UnknownName, reference.root_span, message)
        .maybe_help(suggest::help(reference.root, &scope.names()))
}
