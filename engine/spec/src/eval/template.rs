//! Templates to text.

use super::Scope;
use super::expression::{Evaluator, Failure};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::source::Span;
use crate::syntax::{Expr, Part};
use crate::value::{self, Type, Value};
use lz_model::text::Text;

/// The most bytes of one string.
pub(crate) const MAX_TEXT: usize = 16 * 1024 * 1024;

impl Evaluator<'_> {
    pub(super) fn template(&self, parts: &[Part], scope: &Scope<'_>, span: Span) -> Result<Text, Failure> {
        let mut text = Text::default();
        let mut length = 0;
        self.parts(parts, scope, span, &mut text, &mut length)?;
        Ok(text)
    }

    fn parts(
        &self,
        parts: &[Part],
        scope: &Scope<'_>,
        span: Span,
        text: &mut Text,
        length: &mut usize,
    ) -> Result<(), Failure> {
        let mut failure: Option<Failure> = None;
        for part in parts {
            self.spend(1, span)?;
            let done = match part {
                Part::Literal(literal) => {
                    text.push_str(literal);
                    self.grow(length, literal.len(), span)
                }
                Part::Value(expression) => self.insert(expression, scope, text, length),
                Part::If { condition, yes, no } => self
                    .condition(condition, scope)
                    .and_then(|holds| self.parts(if holds { yes } else { no }, scope, span, text, length)),
                Part::For {
                    key_name,
                    value_name,
                    collection,
                    body,
                } => {
                    let key_name = key_name.as_ref().map_or("", |name| &*name.text);
                    self.iterate(collection, scope).and_then(|pairs| {
                        for (key, value) in pairs {
                            let names = [(&*value_name.text, value), (key_name, key)];
                            self.parts(body, &scope.inner(&names), span, text, length)?;
                        }
                        Ok(())
                    })
                }
            };
            if let Err(error) = done {
                failure.get_or_insert_default().0.extend(error.0);
            }
        }
        failure.map_or(Ok(()), Err)
    }

    fn insert(
        &self,
        expression: &Expr,
        scope: &Scope<'_>,
        text: &mut Text,
        length: &mut usize,
    ) -> Result<(), Failure> {
        let value = self.value(expression, scope)?;
        if value.is_null() {
            let message = "null cannot be put into a string";
            return Err(SpecDiagnostic::new(Code::NullValue, expression.span, message)
                .help("give it a value: `coalesce(..., \"\")`")
                .into());
        }
        match value::convert(&value, &Type::String) {
            Ok(Value::String(inserted)) => {
                text.push_str(&inserted);
                self.grow(length, inserted.len(), expression.span)
            }
            Ok(Value::Later(inserted)) => {
                text.push_text((*inserted).clone());
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(mismatch) => {
                let message = format!("this cannot be put into a string: {mismatch}");
                Err(SpecDiagnostic::new(Code::Type, expression.span, message).into())
            }
        }
    }

    fn grow(&self, length: &mut usize, by: usize, span: Span) -> Result<(), Failure> {
        *length = length.saturating_add(by);
        if *length > MAX_TEXT {
            return Err(SpecDiagnostic::new(Code::TooMuch, span, "a string has at most 16 MiB").into());
        }
        self.spend(by / 64, span)
    }
}
