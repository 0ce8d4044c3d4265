//! Reads attributes as the types that the table of the language promises. What is wrong is noted, not returned.

use super::world::{World, with_each};
use crate::codes::Code;
use crate::diagnostic::{Errors, SpecDiagnostic};
use crate::eval::{Evaluator, Failure, known_later};
use crate::schema::{BlockKind, ValueKind};
use crate::source::{Sources, Span};
use crate::suggest;
use crate::syntax::{Attribute, Body, Expr, ExprKind};
use crate::value::{self, Thing, Type, Value};
use lz_model::desired::Origin;
use lz_model::text::Text;
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// What all checks of one spec share.
pub(super) struct Checker<'a> {
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) world: &'a World<'a>,
    pub(super) sources: &'a Sources,
    pub(super) errors: RefCell<Errors>,
    /// Whether something had no value for a reason that should have been noted before.
    pub(super) lost: Cell<bool>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(evaluator: &'a Evaluator<'a>, world: &'a World<'a>, sources: &'a Sources) -> Self {
        Self {
            evaluator,
            world,
            sources,
            errors: RefCell::default(),
            lost: Cell::new(false),
        }
    }

    pub(super) fn error(&self, error: SpecDiagnostic) {
        self.errors.borrow_mut().push(error);
    }

    pub(super) fn fail(&self, failure: Failure) {
        if failure.0.is_empty() {
            self.lost.set(true);
        }
        self.errors.borrow_mut().extend(failure.0);
    }

    /// Returns the value, or notes why there is none.
    pub(super) fn noted<T>(&self, result: Result<T, Failure>) -> Option<T> {
        result.map_err(|failure| self.fail(failure)).ok()
    }

    pub(super) fn origin(&self, span: Span) -> Origin {
        let Some(file) = self.sources.file(span.file) else {
            return Origin {
                file: String::new(),
                line: 1,
                column: 1,
            };
        };
        let (line, column) = file.line_column(span.start as usize);
        Origin {
            file: file.name().to_owned(),
            line,
            column,
        }
    }

    pub(super) fn reader<'r>(
        &'r self,
        kind: &'static BlockKind,
        body: &'r Body,
        each: Option<&'r Value>,
    ) -> Reader<'r, 'a> {
        Reader {
            checker: self,
            kind,
            body,
            each,
        }
    }
}

/// Reads the attributes of one block, for one element of its `for_each`.
pub(super) struct Reader<'r, 'a> {
    pub(super) checker: &'r Checker<'a>,
    kind: &'static BlockKind,
    pub(super) body: &'r Body,
    pub(super) each: Option<&'r Value>,
}

/// A value with the place that it comes from.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

impl<'r> Reader<'r, '_> {
    pub(super) fn error(&self, error: SpecDiagnostic) {
        self.checker.error(error);
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&'r Attribute> {
        self.body.attribute(name)
    }

    /// Returns whether an attribute is there and not null. One that has no value is there.
    pub(super) fn is_given(&self, name: &str) -> bool {
        let value =
            |expression| with_each(self.each, |scope| self.checker.evaluator.value(expression, scope));
        self.attribute(name)
            .is_some_and(|attribute| !matches!(value(&attribute.value), Ok(Value::Null)))
    }

    /// Returns where a key stands, if the map is written out.
    pub(super) fn key_place(&self, name: &str, key: &str) -> Option<Span> {
        let ExprKind::Object(items) = &self.attribute(name)?.value.kind else {
            return None;
        };
        items
            .iter()
            .find(|(written, _)| written.literal() == Some(key))
            .map(|(written, _)| written.span)
    }

    /// Returns the value of an attribute; null counts as left out, which one that must be there cannot be.
    pub(super) fn value(&self, name: &str) -> Option<Placed<Value>> {
        let attribute = self.attribute(name)?;
        let span = attribute.value.span;
        let value = self.evaluate(&attribute.value)?;
        if !value.is_null() {
            return Some(Placed { value, span });
        }
        if self
            .kind
            .attribute(name)
            .is_some_and(|attribute| attribute.required)
        {
            let message = format!("`{name}` of `{}` is null", self.kind.name);
            self.error(SpecDiagnostic::new(Code::NullValue, span, message).help("give it a value"));
        }
        None
    }

    pub(super) fn evaluate(&self, expression: &Expr) -> Option<Value> {
        let value = with_each(self.each, |scope| self.checker.evaluator.value(expression, scope));
        self.checker.noted(value)
    }

    fn converted(&self, name: &str, ty: &Type) -> Option<Placed<Value>> {
        let Placed { value, span } = self.value(name)?;
        match value::convert(&value, ty) {
            Ok(value) => Some(Placed { value, span }),
            Err(mismatch) => {
                let mut error = SpecDiagnostic::new(Code::Type, span, format!("`{name}`: {mismatch}"));
                if matches!(value, Value::Thing(_)) && *ty == Type::String {
                    error = error.help("add `.id` or `.name`");
                }
                self.error(error);
                None
            }
        }
    }

    /// Returns text that may be known only after apply.
    pub(super) fn text(&self, name: &str) -> Option<Placed<Text>> {
        let Placed { value, span } = self.converted(name, &Type::String)?;
        Some(Placed {
            value: value.as_text()?,
            span,
        })
    }

    /// Returns text that is known now.
    pub(super) fn known(&self, name: &str) -> Option<Placed<Arc<str>>> {
        let Placed { value, span } = self.converted(name, &Type::String)?;
        self.must_be_known(&value, span, name)?;
        let Value::String(value) = value else { return None };
        Some(Placed { value, span })
    }

    fn must_be_known(&self, value: &Value, span: Span, name: &str) -> Option<()> {
        let Some(hole) = value.hole() else { return Some(()) };
        self.error(
            known_later(hole, span, &format!("be the `{name}`"))
                .here("wanted now")
                .help(format!("write the `{name}` out")),
        );
        None
    }

    /// Returns a known text that must be one of a few.
    pub(super) fn choice(&self, name: &str) -> Option<Placed<Arc<str>>> {
        let found = self.known(name)?;
        self.check_choice(name, &found.value, found.span).then_some(found)
    }

    fn choices_of(&self, name: &str) -> &'static [&'static str] {
        match self.kind.attribute(name).map(|attribute| attribute.value) {
            Some(ValueKind::Choice(choices) | ValueKind::Choices(choices)) => choices,
            Some(_) | None => &[],
        }
    }

    fn check_choice(&self, name: &str, given: &str, span: Span) -> bool {
        let choices = self.choices_of(name);
        if choices.contains(&given) {
            return true;
        }
        let help = suggest::nearest(given, choices).map_or_else(
            || format!("it is one of {}", choices.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        self.error(
            SpecDiagnostic::new(
                Code::BadValue,
                span,
                format!("`{given}` is not a value of `{name}`"),
            )
            .help(help),
        );
        false
    }

    pub(super) fn bool(&self, name: &str) -> Option<bool> {
        self.converted(name, &Type::Bool)?.value.as_bool()
    }

    /// Returns a whole number that is not negative.
    pub(super) fn count(&self, name: &str) -> Option<u32> {
        let Placed { value, span } = self.converted(name, &Type::Number)?;
        let Value::Number(number) = value else { return None };
        let count = number.to_i64().and_then(|number| u32::try_from(number).ok());
        if count.is_none() {
            let message = format!("`{name}` is a whole number, zero or more");
            self.error(SpecDiagnostic::new(Code::BadValue, span, message));
        }
        count
    }

    /// Returns the elements of a list or set, each with the place that is known for it.
    pub(super) fn elements(&self, name: &str) -> Option<Vec<Placed<Value>>> {
        if let Some(ExprKind::List(items)) = self.attribute(name).map(|attribute| &attribute.value.kind) {
            // Written out, each element is read by itself, so that one error does not hide the next.
            let read = items.iter().filter_map(|item| {
                Some(Placed {
                    value: self.evaluate(item)?,
                    span: item.span,
                })
            });
            return Some(read.collect());
        }
        let Placed { value, span } = self.value(name)?;
        let Some(items) = value.elements() else {
            let message = format!("`{name}` takes a list, this is {}", value.described());
            self.error(
                SpecDiagnostic::new(Code::Type, span, message).help(format!("write `{name} = [...]`")),
            );
            return None;
        };
        Some(items.into_iter().map(|value| Placed { value, span }).collect())
    }

    /// Returns a list of known texts.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<Placed<Arc<str>>>> {
        let mut texts = Vec::new();
        for Placed { value, span } in self.elements(name)? {
            match value::convert(&value, &Type::String) {
                Ok(Value::String(value)) => texts.push(Placed { value, span }),
                Ok(later) if later.hole().is_some() => {
                    self.must_be_known(&later, span, name);
                }
                Ok(_) => self.error(SpecDiagnostic::new(
                    Code::NullValue,
                    span,
                    format!("an element of `{name}` is null"),
                )),
                Err(mismatch) => self.error(SpecDiagnostic::new(
                    Code::Type,
                    span,
                    format!("`{name}`: {mismatch}"),
                )),
            }
        }
        Some(texts)
    }

    /// Returns a list of known texts out of a few.
    pub(super) fn choices(&self, name: &str) -> Option<Vec<Placed<Arc<str>>>> {
        let texts = self.texts(name)?;
        Some(
            texts
                .into_iter()
                .filter(|text| self.check_choice(name, &text.value, text.span))
                .collect(),
        )
    }

    /// Returns the object that an attribute refers to.
    pub(super) fn reference(&self, name: &str) -> Option<Placed<Arc<Thing>>> {
        let Placed { value, span } = self.value(name)?;
        self.thing(name, &value, span).map(|value| Placed { value, span })
    }

    /// Returns the objects that an attribute refers to; lists inside the list are opened.
    pub(super) fn references(&self, name: &str) -> Option<Vec<Placed<Arc<Thing>>>> {
        let mut things = Vec::new();
        for Placed { value, span } in self.elements(name)? {
            self.collect_things(name, &value, span, &mut things);
        }
        Some(things)
    }

    /// `account.team` with `for_each` is a map of accounts: all of them are meant.
    pub(super) fn collect_things(
        &self,
        name: &str,
        value: &Value,
        span: Span,
        things: &mut Vec<Placed<Arc<Thing>>>,
    ) {
        let inner = match (value.elements(), value.fields()) {
            (Some(items), _) => items,
            (None, Some(fields)) => fields.values().cloned().collect(),
            (None, None) => {
                things.extend(self.thing(name, value, span).map(|value| Placed { value, span }));
                return;
            }
        };
        for item in inner {
            self.collect_things(name, &item, span, things);
        }
    }

    fn thing(&self, name: &str, value: &Value, span: Span) -> Option<Arc<Thing>> {
        let kinds = match self.kind.attribute(name).map(|attribute| attribute.value) {
            Some(ValueKind::Reference(kinds) | ValueKind::References(kinds)) => kinds,
            Some(_) | None => &[],
        };
        let wanted = any_of(kinds);
        if let Value::Thing(thing) = value {
            if let Some(thing) = of_kind(thing, kinds) {
                return Some(thing);
            }
            let message = format!("`{name}` refers to {wanted}, this is {}", value.described());
            self.error(SpecDiagnostic::new(Code::WrongReference, span, message));
            return None;
        }
        let message = format!("`{name}` refers to {wanted}, this is {}", value.described());
        let mut error = SpecDiagnostic::new(Code::WrongReference, span, message);
        if value.is_null() {
            error = error.help("leave the element out");
        } else if let Some(text) = value.as_str() {
            let looks = kinds
                .iter()
                .any(|kind| text == *kind || text.starts_with(&format!("{kind}.")));
            error = error.help(if looks {
                format!("write it without quotes: `{text}` (in YAML `${{{text}}}`)")
            } else {
                "write a reference, such as `ou.security` (in YAML `${ou.security}`)".to_owned()
            });
        } else if value.hole().is_some() {
            error = error.help("name the object itself: leave `.id` or `.arn` out");
        } else if value.fields().is_some() {
            error = error.help("the block has `for_each`: choose one with `[\"key\"]`");
        }
        self.error(error);
        None
    }
}

/// The organization stands for its root where a root is wanted.
fn of_kind(thing: &Arc<Thing>, kinds: &[&str]) -> Option<Arc<Thing>> {
    if kinds.contains(&thing.kind()) {
        return Some(Arc::clone(thing));
    }
    None
}

/// Returns "an account", or "an organizational unit, an account or the root".
fn any_of(kinds: &[&str]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| described(kind)).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => "an object".to_owned(),
    }
}

fn described(kind: &str) -> &'static str {
    match kind {
        "ou" => "an organizational unit",
        "account" => "an account",
        "policy" => "a policy",
        "root" => "the root",
        "stack_set" => "a stack set",
        "stack" => "a stack",
        "permission_set" => "a permission set",
        "tag" => "accounts with a tag",
        _ => "an object",
    }
}
