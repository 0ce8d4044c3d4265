//! Request members, which are text in one protocol and typed in the others.

use serde_json::{Map, Number, Value};

use crate::wire::{Input, Refusal};

/// Returns the refusal of a call beyond the bucket.
pub(crate) fn throttled(message: &str) -> Refusal {
    Refusal::new("Throttling", 400, message)
}

/// Returns a `ValidationError`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", 400, message)
}

/// Returns a text.
pub(super) fn text<'a>(input: &'a Input, name: &'static str) -> Result<Option<&'a str>, Refusal> {
    input
        .text(name)
        .map_err(|_| invalid(format!("`{name}` is not a text")))
}

/// Returns a text that must be there.
pub(super) fn required<'a>(input: &'a Input, name: &'static str) -> Result<&'a str, Refusal> {
    text(input, name)?
        .filter(|text| !text.is_empty())
        .ok_or_else(|| invalid(format!("The parameter {name} is required.")))
}

/// Returns a list of texts; an empty value is an empty list.
pub(super) fn texts(input: &Input, name: &'static str) -> Result<Vec<String>, Refusal> {
    if input.text(name).ok().flatten() == Some("") {
        return Ok(Vec::new());
    }
    let texts = input
        .texts(name)
        .map_err(|_| invalid(format!("`{name}` is not a list of texts")))?;
    Ok(texts.unwrap_or_default().into_iter().map(str::to_owned).collect())
}

const WHOLE: [&str; 3] = ["DatapointsToAlarm", "EvaluationPeriods", "Period"];
const TRUTHS: [&str; 2] = ["ActionsEnabled", "ReturnData"];

/// Returns a member with the type that the model gives it (botocore model, PutMetricAlarmInput).
pub(super) fn typed(name: &str, value: &Value) -> Result<Value, Refusal> {
    let odd = || invalid(format!("`{name}` has a value that it can't have"));
    match value {
        Value::String(text) if WHOLE.contains(&name) => {
            text.parse::<i64>().map(Value::from).map_err(|_| odd())
        }
        Value::String(text) if TRUTHS.contains(&name) => {
            text.parse::<bool>().map(Value::from).map_err(|_| odd())
        }
        Value::String(text) if name == "Threshold" => {
            let number = text.parse::<f64>().ok().and_then(Number::from_f64);
            number.map(Value::Number).ok_or_else(odd)
        }
        // A whole threshold is still a fraction in the model.
        Value::Number(number) if name == "Threshold" => {
            let number = number.as_f64().and_then(Number::from_f64);
            number.map(Value::Number).ok_or_else(odd)
        }
        Value::Object(members) => {
            let typed = members
                .iter()
                .map(|(name, value)| Ok((name.clone(), typed(name, value)?)));
            typed.collect::<Result<Map<_, _>, Refusal>>().map(Value::Object)
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| typed(name, item));
            items.collect::<Result<Vec<_>, Refusal>>().map(Value::Array)
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => Ok(other.clone()),
    }
}
