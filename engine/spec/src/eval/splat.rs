//! `list[*].name` and `list.*.name`.

use super::Scope;
use super::expression::{Evaluator, Failure};
use crate::syntax::{Expr, Step};
use crate::value::Value;

/// Does the steps to every element. What is not a list counts as a list of one, null as an empty one.
pub(super) fn splat(
    evaluator: &Evaluator<'_>,
    of: &Expr,
    each: &[Step],
    _full: bool,
    scope: &Scope<'_>,
) -> Result<Value, Failure> {
    let value = evaluator.value(of, scope)?;
    over(evaluator, &value, each, scope)
}

fn over(
    evaluator: &Evaluator<'_>,
    value: &Value,
    each: &[Step],
    scope: &Scope<'_>,
) -> Result<Value, Failure> {
    let items = match value.elements() {
        Some(items) => items,
        None if value.is_null() => Vec::new(),
        None => vec![value.clone()],
    };
    let stepped = items.iter().map(|item| steps(evaluator, item, each, scope));
    stepped.collect::<Result<_, _>>().map(Value::tuple)
}

fn steps(
    evaluator: &Evaluator<'_>,
    item: &Value,
    each: &[Step],
    scope: &Scope<'_>,
) -> Result<Value, Failure> {
    let mut value = item.clone();
    for (at, step) in each.iter().enumerate() {
        value = match step {
            Step::Attribute(name) => evaluator.attribute(&value, name)?,
            Step::Index(key) => evaluator.index(&value, key, scope)?,
            Step::Splat { span, .. } => {
                evaluator.spend(1, *span)?;
                return over(evaluator, &value, each.get(at + 1..).unwrap_or_default(), scope);
            }
        };
    }
    Ok(value)
}
