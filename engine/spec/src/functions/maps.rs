//! Functions over maps and objects.

use super::call::{Call, Function, Later, Parameter, Wrong};
use crate::codes::Code;
use crate::value::{self, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

const fn passes(
    name: &'static str,
    parameters: &'static [Parameter],
    rest: Option<Parameter>,
    run: fn(&Call<'_>) -> Result<Value, Wrong>,
) -> Function {
    Function {
        name,
        parameters,
        rest,
        later: Later::Passed,
        run,
    }
}

use Parameter::{Any, Elements, Nullable, Texts};

pub(super) const FUNCTIONS: &[Function] = &[
    passes("keys", &[Any], None, keys),
    passes("lookup", &[Any, Any], Some(Nullable), lookup),
    passes("merge", &[], Some(Nullable), merge),
    Function {
        name: "transpose",
        parameters: &[Any],
        rest: None,
        later: Later::Refused,
        run: transpose,
    },
    passes("values", &[Any], None, values),
    passes("zipmap", &[Texts, Elements], None, zipmap),
];

fn fields<'a>(call: &'a Call<'_>, at: usize) -> Result<&'a Arc<BTreeMap<Arc<str>, Value>>, Wrong> {
    let value = call.value(at);
    value
        .fields()
        .ok_or_else(|| Wrong::argument(at, format!("a map is wanted, this is {}", value.described())))
}

fn keys(call: &Call<'_>) -> Result<Value, Wrong> {
    let keys: Vec<Value> = fields(call, 0)?
        .keys()
        .map(|key| Value::String(Arc::clone(key)))
        .collect();
    Ok(if matches!(call.value(0), Value::Map(_)) {
        Value::list(keys)
    } else {
        Value::tuple(keys)
    })
}

fn values(call: &Call<'_>) -> Result<Value, Wrong> {
    let values: Vec<Value> = fields(call, 0)?.values().cloned().collect();
    Ok(if matches!(call.value(0), Value::Map(_)) {
        Value::list(values)
    } else {
        Value::tuple(values)
    })
}

fn lookup(call: &Call<'_>) -> Result<Value, Wrong> {
    if call.arguments.len() > 3 {
        return Err(Wrong::new("it takes 2 or 3 arguments"));
    }
    let key = value::convert(call.value(1), &Type::String)
        .map_err(|mismatch| Wrong::argument(1, mismatch.to_string()))?;
    if let Some(hole) = key.hole() {
        return Err(
            Wrong::argument(1, format!("`{hole}` is known only after apply")).code(Code::KnownAfterApply)
        );
    }
    let fields = fields(call, 0)?;
    if let Some(found) = key.as_str().and_then(|key| fields.get(key)) {
        return Ok(found.clone());
    }
    match (call.arguments.get(2), call.value(0), fields.values().next()) {
        (None, ..) => Err(Wrong::argument(
            1,
            format!(
                "there is no element `{}`, and no default",
                key.as_str().unwrap_or_default()
            ),
        )),
        (Some(default), Value::Map(_), Some(other)) => value::convert(default, &other.type_of())
            .map_err(|mismatch| Wrong::argument(2, mismatch.to_string())),
        (Some(default), ..) => Ok(default.clone()),
    }
}

/// Later arguments win. Maps of one type make a map, anything else an object.
fn merge(call: &Call<'_>) -> Result<Value, Wrong> {
    let mut merged = BTreeMap::new();
    let mut maps = true;
    for (at, argument) in call.arguments.iter().enumerate() {
        if argument.is_null() {
            continue;
        }
        let Some(fields) = argument.fields() else {
            return Err(Wrong::argument(
                at,
                format!("a map is wanted, this is {}", argument.described()),
            ));
        };
        maps = maps && matches!(argument, Value::Map(_));
        merged.extend(fields.iter().map(|(key, value)| (Arc::clone(key), value.clone())));
    }
    Ok(if maps && !call.arguments.is_empty() {
        Value::map(merged)
    } else {
        Value::object(merged)
    })
}

fn transpose(call: &Call<'_>) -> Result<Value, Wrong> {
    let mut result: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (key, list) in fields(call, 0)?.iter() {
        let items = value::convert(list, &Type::List(Box::new(Type::String)))
            .map_err(|mismatch| Wrong::argument(0, mismatch.to_string()))?;
        for item in items.elements().unwrap_or_default() {
            let Value::String(item) = item else {
                return Err(Wrong::argument(0, "an element is null"));
            };
            result
                .entry(item)
                .or_default()
                .push(Value::String(Arc::clone(key)));
        }
    }
    Ok(Value::map(
        result
            .into_iter()
            .map(|(key, items)| (key, Value::list(items)))
            .collect(),
    ))
}

fn zipmap(call: &Call<'_>) -> Result<Value, Wrong> {
    let keys = call.texts(0);
    let values = call.elements(1);
    if keys.len() != values.len() {
        return Err(Wrong::new(format!(
            "there are {} keys and {} values",
            keys.len(),
            values.len()
        )));
    }
    let list = matches!(call.value(1), Value::List(_));
    let fields: BTreeMap<Arc<str>, Value> = keys.into_iter().zip(values).collect();
    Ok(if list {
        Value::map(fields)
    } else {
        Value::object(fields)
    })
}
