//! Conversion of types, `try` and `can`, and `tag`, the one function that Terraform does not have.

use super::call::{Call, Function, Later, Parameter, Wrong};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::{Evaluator, Failure, Scope};
use crate::source::Span;
use crate::syntax::Expr;
use crate::value::{self, Thing, Type, Value};
use std::sync::Arc;

const fn conversion(name: &'static str, run: fn(&Call<'_>) -> Result<Value, Wrong>) -> Function {
    Function {
        name,
        parameters: &[Parameter::Nullable],
        rest: None,
        later: Later::Passed,
        run,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    conversion("tostring", |call| converted(call, &Type::String)),
    conversion("tonumber", |call| converted(call, &Type::Number)),
    conversion("tobool", |call| converted(call, &Type::Bool)),
    conversion("tolist", |call| converted(call, &Type::List(Box::new(Type::Any)))),
    conversion("toset", |call| converted(call, &Type::Set(Box::new(Type::Any)))),
    conversion("tomap", |call| converted(call, &Type::Map(Box::new(Type::Any)))),
    conversion("sensitive", |call| Ok(call.value(0).clone())),
    conversion("nonsensitive", |call| Ok(call.value(0).clone())),
    conversion("ephemeralasnull", |call| Ok(call.value(0).clone())),
    conversion("issensitive", |_| Ok(Value::Bool(false))),
    Function {
        name: "tag",
        parameters: &[Parameter::Text, Parameter::Text],
        rest: None,
        later: Later::Refused,
        run: |call| {
            let (key, value) = (call.text(0).into(), call.text(1).into());
            Ok(Value::Thing(Arc::new(Thing::Tagged { key, value })))
        },
    },
];

fn converted(call: &Call<'_>, ty: &Type) -> Result<Value, Wrong> {
    if !matches!(ty, Type::String | Type::List(_) | Type::Map(_))
        && let Some(hole) = call.value(0).hole()
    {
        return Err(
            Wrong::argument(0, format!("`{hole}` is known only after apply")).code(Code::KnownAfterApply)
        );
    }
    value::convert(call.value(0), ty).map_err(|mismatch| Wrong::argument(0, mismatch.to_string()))
}

/// Returns the first argument that has a value.
pub(super) fn try_each(
    evaluator: &Evaluator<'_>,
    arguments: &[Expr],
    span: Span,
    scope: &Scope<'_>,
) -> Result<Value, Failure> {
    let mut last = None;
    for argument in arguments {
        match evaluator.value(argument, scope) {
            Ok(value) => return Ok(value),
            Err(failure) if failure.0.is_empty() || exhausted(&failure) => return Err(failure),
            Err(failure) => last = failure.0.into_iter().next(),
        }
    }
    let Some(last) = last else {
        return Err(
            SpecDiagnostic::new(Code::FunctionArguments, span, "`try` takes at least 1 argument").into(),
        );
    };
    Err(SpecDiagnostic::new(
        Code::FunctionFailed,
        span,
        "none of the arguments of `try` has a value",
    )
    .help(format!("the last one: {}", last.message()))
    .into())
}

/// Returns whether the argument has a value.
pub(super) fn can(
    evaluator: &Evaluator<'_>,
    arguments: &[Expr],
    span: Span,
    scope: &Scope<'_>,
) -> Result<Value, Failure> {
    let [argument] = arguments else {
        let message = format!("`can` takes 1 argument, not {}", arguments.len());
        return Err(SpecDiagnostic::new(Code::FunctionArguments, span, message).into());
    };
    match evaluator.value(argument, scope) {
        Ok(_) => Ok(Value::Bool(true)),
        Err(failure) if failure.0.is_empty() || exhausted(&failure) => Err(failure),
        Err(_) => Ok(Value::Bool(false)),
    }
}

/// What is over a limit must not be tried again.
fn exhausted(failure: &Failure) -> bool {
    failure
        .0
        .iter()
        .any(|diagnostic| diagnostic.code() == Code::TooMuch)
}
