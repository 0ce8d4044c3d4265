//! Operators.

use super::Scope;
use super::expression::{Evaluator, Failure, known_later};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::number::Number;
use crate::source::Span;
use crate::syntax::{BinaryOperator, Expr, UnaryOperator};
use crate::value::{self, Type, Value};

pub(super) fn unary(
    evaluator: &Evaluator<'_>,
    operator: UnaryOperator,
    operand: &Expr,
    scope: &Scope<'_>,
) -> Result<Value, Failure> {
    match operator {
        UnaryOperator::Not => Ok(Value::Bool(!evaluator.condition(operand, scope)?)),
        UnaryOperator::Negate => Ok(Value::Number(number(evaluator, operand, scope)?.neg())),
    }
}

pub(super) fn binary(
    evaluator: &Evaluator<'_>,
    operator: BinaryOperator,
    left: &Expr,
    right: &Expr,
    span: Span,
    scope: &Scope<'_>,
) -> Result<Value, Failure> {
    match operator {
        BinaryOperator::And => Ok(Value::Bool(
            evaluator.condition(left, scope)? && evaluator.condition(right, scope)?,
        )),
        BinaryOperator::Or => Ok(Value::Bool(
            evaluator.condition(left, scope)? || evaluator.condition(right, scope)?,
        )),
        BinaryOperator::Equal => equal(evaluator, left, right, scope).map(Value::Bool),
        BinaryOperator::NotEqual => equal(evaluator, left, right, scope).map(|equal| Value::Bool(!equal)),
        BinaryOperator::Less
        | BinaryOperator::LessEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterEqual
        | BinaryOperator::Add
        | BinaryOperator::Subtract
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Remainder => {
            let left = number(evaluator, left, scope);
            let right = number(evaluator, right, scope);
            match (left, right) {
                (Ok(left), Ok(right)) => arithmetic(operator, &left, &right, span),
                (Err(mut left), Err(right)) => {
                    left.0.extend(right.0);
                    Err(left)
                }
                (Err(failure), Ok(_)) | (Ok(_), Err(failure)) => Err(failure),
            }
        }
    }
}

fn number(evaluator: &Evaluator<'_>, expression: &Expr, scope: &Scope<'_>) -> Result<Number, Failure> {
    let value = evaluator.value(expression, scope)?;
    if let Some(hole) = value.hole() {
        return Err(known_later(hole, expression.span, "be computed with").into());
    }
    match value::convert(&value, &Type::Number) {
        Ok(Value::Number(number)) => Ok(number),
        Ok(_) => Err(
            SpecDiagnostic::new(Code::NullValue, expression.span, "null cannot be computed with")
                .help("give it a value: `coalesce(..., 0)`")
                .into(),
        ),
        Err(mismatch) => Err(SpecDiagnostic::new(Code::Type, expression.span, mismatch.to_string()).into()),
    }
}

fn arithmetic(operator: BinaryOperator, left: &Number, right: &Number, span: Span) -> Result<Value, Failure> {
    let too_large = || SpecDiagnostic::new(Code::TooMuch, span, "the result is too large");
    let by_zero = || {
        SpecDiagnostic::new(Code::DivisionByZero, span, "this divides by zero")
            .help("handle that case with a condition: `... == 0 ? 0 : ...`")
    };
    let number = match operator {
        BinaryOperator::Less => return Ok(Value::Bool(left < right)),
        BinaryOperator::LessEqual => return Ok(Value::Bool(left <= right)),
        BinaryOperator::Greater => return Ok(Value::Bool(left > right)),
        BinaryOperator::GreaterEqual => return Ok(Value::Bool(left >= right)),
        BinaryOperator::Add => left.add(right),
        BinaryOperator::Subtract => left.sub(right),
        BinaryOperator::Multiply => left.mul(right).ok_or_else(too_large)?,
        BinaryOperator::Divide => left.div(right).ok_or_else(by_zero)?,
        BinaryOperator::Remainder => left.rem(right).ok_or_else(by_zero)?,
        BinaryOperator::Equal | BinaryOperator::NotEqual | BinaryOperator::And | BinaryOperator::Or => {
            return Err(Failure::reported());
        }
    };
    Ok(Value::Number(number))
}

/// Values of different types are not equal. A text that is known later is known not to be null, and nothing more.
fn equal(evaluator: &Evaluator<'_>, left: &Expr, right: &Expr, scope: &Scope<'_>) -> Result<bool, Failure> {
    let left_value = evaluator.value(left, scope)?;
    let right_value = evaluator.value(right, scope)?;
    if left_value.is_null() || right_value.is_null() {
        return Ok(left_value.is_null() && right_value.is_null());
    }
    for (value, expression) in [(&left_value, left), (&right_value, right)] {
        if let Some(hole) = value.hole() {
            return Err(known_later(hole, expression.span, "be compared").into());
        }
    }
    Ok(left_value == right_value)
}
