//! Functions over lists, sets and maps.

use super::call::{Call, Function, Later, MAX_ELEMENTS, Parameter, Wrong};
use crate::codes::Code;
use crate::number::Number;
use crate::value::{self, Type, Value};
use std::collections::BTreeSet;
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

const fn looks(
    name: &'static str,
    parameters: &'static [Parameter],
    rest: Option<Parameter>,
    run: fn(&Call<'_>) -> Result<Value, Wrong>,
) -> Function {
    Function {
        name,
        parameters,
        rest,
        later: Later::Refused,
        run,
    }
}

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

use Parameter::{Any, Elements, Nullable, Number as Numeric, Texts};

pub(super) const FUNCTIONS: &[Function] = &[
    looks("alltrue", &[Elements], None, |call| all_or_any(call, true)),
    looks("anytrue", &[Elements], None, |call| all_or_any(call, false)),
    passes("chunklist", &[Elements, Numeric], None, chunklist),
    passes("coalesce", &[Nullable], Some(Nullable), coalesce),
    passes("coalescelist", &[Any], Some(Any), coalescelist),
    passes("compact", &[Elements], None, compact),
    passes("concat", &[Elements], Some(Elements), concat),
    looks("contains", &[Elements, Nullable], None, |call| {
        Ok(Value::Bool(position(call).is_some()))
    }),
    looks("distinct", &[Elements], None, distinct),
    passes("element", &[Elements, Numeric], None, element),
    passes("flatten", &[Elements], None, flatten),
    looks("index", &[Elements, Any], None, index),
    passes("length", &[Any], None, length),
    looks("matchkeys", &[Elements, Elements, Elements], None, matchkeys),
    passes("one", &[Elements], None, one),
    looks("range", &[Numeric], Some(Numeric), range),
    passes("reverse", &[Elements], None, reverse),
    looks("setintersection", &[Elements], Some(Elements), |call| {
        sets(call, |a, b| a.intersection(b).cloned().collect())
    }),
    looks("setsubtract", &[Elements, Elements], None, |call| {
        sets(call, |a, b| a.difference(b).cloned().collect())
    }),
    looks("setunion", &[Elements], Some(Elements), |call| {
        sets(call, |a, b| a.union(b).cloned().collect())
    }),
    passes("setproduct", &[Elements], Some(Elements), setproduct),
    passes("slice", &[Elements, Numeric, Numeric], None, slice),
    looks("sort", &[Texts], None, sort),
];

/// Wraps elements as a list if they stem from one, else as a tuple.
fn like(original: &Value, items: Vec<Value>) -> Value {
    if matches!(original, Value::List(_) | Value::Set(_)) {
        Value::list(items)
    } else {
        Value::tuple(items)
    }
}

fn unified(items: Vec<Value>) -> Result<Vec<Value>, Wrong> {
    let types: Vec<Type> = items.iter().map(Value::type_of).collect();
    let ty = value::unify(&types).ok_or_else(|| Wrong::new("all elements must be of one type"))?;
    items
        .iter()
        .map(|item| value::convert(item, &ty).map_err(|mismatch| Wrong::new(mismatch.to_string())))
        .collect()
}

fn all_or_any(call: &Call<'_>, all: bool) -> Result<Value, Wrong> {
    let mut result = all;
    for item in call.elements(0) {
        let holds = match value::convert(&item, &Type::Bool) {
            Ok(Value::Bool(holds)) => holds,
            Ok(_) => false,
            Err(mismatch) => return Err(Wrong::argument(0, mismatch.to_string())),
        };
        if holds != all {
            result = !all;
        }
    }
    Ok(Value::Bool(result))
}

fn chunklist(call: &Call<'_>) -> Result<Value, Wrong> {
    let items = call.elements(0);
    let size =
        usize::try_from(call.integer(1)?).map_err(|_| Wrong::argument(1, "it must not be negative"))?;
    let size = if size == 0 { items.len().max(1) } else { size };
    Ok(Value::list(
        items
            .chunks(size)
            .map(|chunk| Value::list(chunk.to_vec()))
            .collect(),
    ))
}

fn coalesce(call: &Call<'_>) -> Result<Value, Wrong> {
    let types: Vec<Type> = call.arguments.iter().map(Value::type_of).collect();
    let ty = value::unify(&types).ok_or_else(|| Wrong::new("all arguments must be of one type"))?;
    for (at, argument) in call.arguments.iter().enumerate() {
        let argument =
            value::convert(argument, &ty).map_err(|mismatch| Wrong::argument(at, mismatch.to_string()))?;
        if !argument.is_null() && argument.as_str() != Some("") {
            return Ok(argument);
        }
    }
    Err(Wrong::new("every argument is null or an empty string"))
}

fn coalescelist(call: &Call<'_>) -> Result<Value, Wrong> {
    for (at, argument) in call.arguments.iter().enumerate() {
        let (Value::List(items) | Value::Tuple(items)) = argument else {
            return Err(Wrong::argument(
                at,
                format!("a list is wanted, this is {}", argument.described()),
            ));
        };
        if !items.is_empty() {
            return Ok(argument.clone());
        }
    }
    Err(Wrong::new("every list is empty"))
}

fn compact(call: &Call<'_>) -> Result<Value, Wrong> {
    let mut kept = Vec::new();
    for item in call.elements(0) {
        let text = value::convert(&item, &Type::String)
            .map_err(|mismatch| Wrong::argument(0, mismatch.to_string()))?;
        if !text.is_null() && text.as_str() != Some("") {
            kept.push(text);
        }
    }
    Ok(Value::list(kept))
}

fn concat(call: &Call<'_>) -> Result<Value, Wrong> {
    if let Some(at) = call
        .arguments
        .iter()
        .position(|list| matches!(list, Value::Set(_)))
    {
        return Err(Wrong::argument(at, "a list or tuple is wanted, this is a set"));
    }
    let items: Vec<Value> = call
        .arguments
        .iter()
        .flat_map(|list| list.elements().unwrap_or_default())
        .collect();
    let lists = call.arguments.iter().all(|list| matches!(list, Value::List(_)));
    if lists {
        unified(items).map(Value::list)
    } else {
        Ok(Value::tuple(items))
    }
}

/// Looks for the second argument; the text `"1"` is not the number 1.
fn position(call: &Call<'_>) -> Option<usize> {
    call.elements(0).iter().position(|item| item == call.value(1))
}

fn distinct(call: &Call<'_>) -> Result<Value, Wrong> {
    let mut seen = BTreeSet::new();
    let items = unified(call.elements(0))?;
    Ok(Value::list(
        items
            .into_iter()
            .filter(|item| seen.insert(item.clone()))
            .collect(),
    ))
}

/// An index beyond the end wraps around.
fn element(call: &Call<'_>) -> Result<Value, Wrong> {
    if let Value::Set(_) = call.value(0) {
        return Err(Wrong::argument(0, "the elements of a set have no order").help("use `tolist(...)` first"));
    }
    let items = call.elements(0);
    let size = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if size == 0 {
        return Err(Wrong::argument(0, "an empty list has no elements"));
    }
    let index = call.integer(1)?;
    if index < 0 {
        return Err(Wrong::argument(1, "it must not be negative"));
    }
    let at = usize::try_from(index % size).unwrap_or(0);
    items
        .get(at)
        .cloned()
        .ok_or_else(|| Wrong::argument(1, "there is no such element"))
}

fn flatten(call: &Call<'_>) -> Result<Value, Wrong> {
    let mut flat = Vec::new();
    flatten_into(call.value(0), &mut flat)?;
    Ok(Value::tuple(flat))
}

fn flatten_into(value: &Value, flat: &mut Vec<Value>) -> Result<(), Wrong> {
    for item in value.elements().unwrap_or_default() {
        if item.elements().is_some() {
            flatten_into(&item, flat)?;
        } else if flat.len() < MAX_ELEMENTS {
            flat.push(item);
        } else {
            return Err(Wrong::new("the result is too large").code(Code::TooMuch));
        }
    }
    Ok(())
}

fn index(call: &Call<'_>) -> Result<Value, Wrong> {
    let at = position(call).ok_or_else(|| Wrong::argument(1, "the list has no such element"))?;
    Ok(Value::Number(Number::from_usize(at)))
}

fn length(call: &Call<'_>) -> Result<Value, Wrong> {
    let value = call.value(0);
    let size = match value {
        Value::String(text) => text.graphemes(true).count(),
        Value::Tuple(items) | Value::List(items) => items.len(),
        Value::Set(items) => items.len(),
        Value::Object(fields) | Value::Map(fields) => fields.len(),
        Value::Later(text) => {
            let hole = text.holes().next().map(ToString::to_string).unwrap_or_default();
            return Err(Wrong::argument(
                0,
                format!("`{hole}` is known only after apply, so it has no length yet"),
            )
            .code(Code::KnownAfterApply));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Thing(_) => {
            return Err(Wrong::argument(0, format!("{} has no length", value.described())));
        }
    };
    Ok(Value::Number(Number::from_usize(size)))
}

fn matchkeys(call: &Call<'_>) -> Result<Value, Wrong> {
    let (items, keys, wanted) = (call.elements(0), call.elements(1), call.elements(2));
    if items.len() != keys.len() {
        return Err(Wrong::new("the first two lists must be of one length"));
    }
    let kept = items
        .into_iter()
        .zip(&keys)
        .filter(|(_, key)| wanted.contains(key))
        .map(|(item, _)| item);
    Ok(Value::list(kept.collect()))
}

fn one(call: &Call<'_>) -> Result<Value, Wrong> {
    match call.elements(0).as_slice() {
        [] => Ok(Value::Null),
        [only] => Ok(only.clone()),
        more => Err(Wrong::argument(
            0,
            format!("it takes no more than one element, there are {}", more.len()),
        )),
    }
}

fn range(call: &Call<'_>) -> Result<Value, Wrong> {
    let (start, limit, step) = match call.arguments.len() {
        1 => (Number::ZERO, call.number(0), None),
        2 => (call.number(0), call.number(1), None),
        3 => (call.number(0), call.number(1), Some(call.number(2))),
        _ => return Err(Wrong::new("it takes 1 to 3 arguments")),
    };
    let down = limit < start;
    let step = step.unwrap_or_else(|| Number::from(if down { -1i64 } else { 1i64 }));
    if step.is_zero() || (start != limit && step.is_negative() != down) {
        return Err(Wrong::argument(
            2,
            "the step must lead from the start to the limit",
        ));
    }
    let mut items = Vec::new();
    let mut at = start;
    while if down { at > limit } else { at < limit } {
        if items.len() >= 1024 {
            return Err(Wrong::new("it makes at most 1024 elements"));
        }
        items.push(Value::Number(at.clone()));
        at = at.add(&step);
    }
    Ok(Value::list(items))
}

fn reverse(call: &Call<'_>) -> Result<Value, Wrong> {
    let mut items = call.elements(0);
    items.reverse();
    Ok(like(call.value(0), items))
}

fn sets(
    call: &Call<'_>,
    combine: fn(&BTreeSet<Value>, &BTreeSet<Value>) -> BTreeSet<Value>,
) -> Result<Value, Wrong> {
    let all: Vec<Value> = call
        .arguments
        .iter()
        .flat_map(|set| set.elements().unwrap_or_default())
        .collect();
    let ty = value::unify(&all.iter().map(Value::type_of).collect::<Vec<_>>())
        .ok_or_else(|| Wrong::new("all elements must be of one type"))?;
    let mut result: Option<BTreeSet<Value>> = None;
    for argument in &call.arguments {
        let items = argument.elements().unwrap_or_default();
        let set = items
            .iter()
            .map(|item| value::convert(item, &ty).map_err(|mismatch| Wrong::new(mismatch.to_string())))
            .collect::<Result<BTreeSet<_>, _>>()?;
        result = Some(result.map_or_else(|| set.clone(), |before| combine(&before, &set)));
    }
    Ok(Value::Set(Arc::new(result.unwrap_or_default())))
}

fn setproduct(call: &Call<'_>) -> Result<Value, Wrong> {
    if call.arguments.len() < 2 {
        return Err(Wrong::new("it takes at least 2 arguments"));
    }
    let sizes = call
        .arguments
        .iter()
        .map(|set| set.elements().map_or(0, |items| items.len()));
    if sizes.fold(1usize, usize::saturating_mul) > 1_000_000 {
        return Err(Wrong::new("the product has more than 1000000 elements").code(Code::TooMuch));
    }
    let mut product = vec![Vec::new()];
    for set in &call.arguments {
        let items = set.elements().unwrap_or_default();
        product = product
            .iter()
            .flat_map(|row| {
                items
                    .iter()
                    .map(move |item| [row.as_slice(), std::slice::from_ref(item)].concat())
            })
            .collect();
    }
    let rows: Vec<Value> = product.into_iter().map(Value::tuple).collect();
    let all_sets = call.arguments.iter().all(|set| matches!(set, Value::Set(_)));
    Ok(if all_sets {
        Value::Set(Arc::new(rows.into_iter().collect()))
    } else {
        Value::list(rows)
    })
}

fn slice(call: &Call<'_>) -> Result<Value, Wrong> {
    if let Value::Set(_) = call.value(0) {
        return Err(Wrong::argument(0, "the elements of a set have no order").help("use `tolist(...)` first"));
    }
    let items = call.elements(0);
    let start =
        usize::try_from(call.integer(1)?).map_err(|_| Wrong::argument(1, "it must not be negative"))?;
    let end = usize::try_from(call.integer(2)?).map_err(|_| Wrong::argument(2, "it must not be negative"))?;
    if start > end {
        return Err(Wrong::argument(1, "the start lies behind the end"));
    }
    let size = items.len();
    let part = items
        .get(start..end)
        .ok_or_else(|| Wrong::argument(2, format!("the list has {size} elements only")))?;
    Ok(like(call.value(0), part.to_vec()))
}

fn sort(call: &Call<'_>) -> Result<Value, Wrong> {
    let mut items = call.elements(0);
    if items.iter().any(Value::is_null) {
        return Err(Wrong::argument(0, "an element is null"));
    }
    items.sort();
    Ok(Value::list(items))
}
