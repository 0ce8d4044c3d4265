//! How a value of one type becomes a value of another, and which type several have in common.

use crate::number::Number;
use crate::value::{Field, Type, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Returns the type that values of all these types can take on, if there is one.
pub(crate) fn unify(types: &[Type]) -> Option<Type> {
    let mut kinds = types.iter().filter(|ty| **ty != Type::Any);
    let Some(first) = kinds.next() else {
        return Some(Type::Any);
    };
    if kinds.clone().all(|ty| ty == first) {
        return Some(first.clone());
    }
    let all: Vec<&Type> = std::iter::once(first).chain(kinds).collect();
    if all
        .iter()
        .all(|ty| matches!(ty, Type::Bool | Type::Number | Type::String))
    {
        // Numbers and bools have a text, and nothing else in common.
        return all.iter().any(|ty| **ty == Type::String).then_some(Type::String);
    }
    if all.iter().all(|ty| matches!(ty, Type::Object(_) | Type::Map(_))) {
        return unify_named(&all);
    }
    if all
        .iter()
        .all(|ty| matches!(ty, Type::Tuple(_) | Type::List(_) | Type::Set(_)))
    {
        return unify_listed(&all);
    }
    None
}

fn unify_named(types: &[&Type]) -> Option<Type> {
    let fields: Vec<_> = types
        .iter()
        .filter_map(|ty| if let Type::Object(f) = ty { Some(f) } else { None })
        .collect();
    if fields.len() == types.len()
        && let Some((first, others)) = fields.split_first()
        && others.iter().all(|other| other.keys().eq(first.keys()))
    {
        let unified = first.keys().map(|name| {
            let column: Vec<Type> = fields
                .iter()
                .filter_map(|f| f.get(name))
                .map(|f| f.ty.clone())
                .collect();
            Some((Arc::clone(name), Field::required(unify(&column)?)))
        });
        if let Some(unified) = unified.collect() {
            return Some(Type::Object(unified));
        }
    }
    let mut elements = Vec::new();
    for ty in types {
        match ty {
            Type::Object(fields) => elements.extend(fields.values().map(|field| field.ty.clone())),
            Type::Map(of) => elements.push((**of).clone()),
            Type::Any
            | Type::Bool
            | Type::Number
            | Type::String
            | Type::List(_)
            | Type::Set(_)
            | Type::Tuple(_)
            | Type::Thing(_) => return None,
        }
    }
    Some(Type::Map(Box::new(unify(&elements)?)))
}

fn unify_listed(types: &[&Type]) -> Option<Type> {
    let tuples: Vec<_> = types
        .iter()
        .filter_map(|ty| if let Type::Tuple(t) = ty { Some(t) } else { None })
        .collect();
    if tuples.len() == types.len()
        && let Some((first, others)) = tuples.split_first()
        && others.iter().all(|other| other.len() == first.len())
    {
        let unified = (0..first.len()).map(|at| {
            let column: Vec<Type> = tuples.iter().filter_map(|t| t.get(at)).cloned().collect();
            unify(&column)
        });
        if let Some(unified) = unified.collect() {
            return Some(Type::Tuple(unified));
        }
    }
    let mut elements = Vec::new();
    for ty in types {
        match ty {
            Type::Tuple(of) => elements.extend(of.iter().cloned()),
            Type::List(of) | Type::Set(of) => elements.push((**of).clone()),
            Type::Any
            | Type::Bool
            | Type::Number
            | Type::String
            | Type::Map(_)
            | Type::Object(_)
            | Type::Thing(_) => {
                return None;
            }
        }
    }
    let element = Box::new(unify(&elements)?);
    let all_sets = types.iter().all(|ty| matches!(ty, Type::Set(_)));
    Some(if all_sets {
        Type::Set(element)
    } else {
        Type::List(element)
    })
}

/// Why a value cannot be of a type: the path into it, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    pub(crate) path: String,
    pub(crate) message: String,
}

impl Mismatch {
    fn new(message: impl Into<String>) -> Self {
        Self {
            path: String::new(),
            message: message.into(),
        }
    }

    fn below(mut self, step: &str) -> Self {
        self.path.insert_str(0, step);
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{} at `{}`", self.message, self.path.trim_start_matches('.'))
        }
    }
}

/// Makes a value be of a type.
///
/// # Errors
///
/// Returns where in the value it cannot be done, and why.
pub(crate) fn convert(value: &Value, ty: &Type) -> Result<Value, Mismatch> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    match ty {
        Type::Any => Ok(value.clone()),
        Type::String => to_text(value),
        Type::Number => to_number(value).map(Value::Number),
        Type::Bool => to_bool(value).map(Value::Bool),
        Type::List(of) => Ok(Value::list(convert_elements(value, of)?)),
        Type::Set(of) => {
            let items = convert_elements(value, of)?;
            if let Some(hole) = items.iter().find_map(Value::hole) {
                return Err(Mismatch::new(format!(
                    "a set compares its elements, and `{hole}` is known only after apply"
                )));
            }
            Ok(Value::Set(Arc::new(items.into_iter().collect())))
        }
        Type::Map(of) => convert_map(value, of),
        Type::Tuple(types) => convert_tuple(value, types),
        Type::Object(fields) => convert_object(value, fields),
        Type::Thing(kind) => {
            if matches!(value, Value::Thing(thing) if thing.kind() == *kind) {
                return Ok(value.clone());
            }
            Err(Mismatch::new(format!(
                "{kind} wanted, this is {}",
                value.described()
            )))
        }
    }
}

fn to_text(value: &Value) -> Result<Value, Mismatch> {
    match value {
        Value::String(_) | Value::Later(_) => Ok(value.clone()),
        Value::Number(number) => Ok(Value::string(number.to_string())),
        Value::Bool(value) => Ok(Value::string(if *value { "true" } else { "false" })),
        Value::Thing(thing) => {
            let perhaps = thing.address().map(|address| format!("; perhaps `{address}.id`"));
            Err(Mismatch::new(format!(
                "a string wanted, this is {}{}",
                value.described(),
                perhaps.unwrap_or_default()
            )))
        }
        Value::Null | Value::Tuple(_) | Value::List(_) | Value::Set(_) | Value::Object(_) | Value::Map(_) => {
            Err(Mismatch::new(format!(
                "a string wanted, this is {}",
                value.described()
            )))
        }
    }
}

fn to_number(value: &Value) -> Result<Number, Mismatch> {
    let wrong = || Mismatch::new(format!("a number wanted, this is {}", value.described()));
    match value {
        Value::Number(number) => Ok(number.clone()),
        Value::String(text) => Number::parse(text).ok_or_else(wrong),
        Value::Null
        | Value::Bool(_)
        | Value::Later(_)
        | Value::Tuple(_)
        | Value::List(_)
        | Value::Set(_)
        | Value::Object(_)
        | Value::Map(_)
        | Value::Thing(_) => Err(wrong()),
    }
}

fn to_bool(value: &Value) -> Result<bool, Mismatch> {
    match (value.as_bool(), value.as_str()) {
        (Some(value), _) => Ok(value),
        (None, Some("true" | "1")) => Ok(true),
        (None, Some("false" | "0")) => Ok(false),
        (None, _) => Err(Mismatch::new(format!(
            "a bool wanted, this is {}",
            value.described()
        ))),
    }
}

fn convert_elements(value: &Value, of: &Type) -> Result<Vec<Value>, Mismatch> {
    let items = value
        .elements()
        .ok_or_else(|| Mismatch::new(format!("a list or set wanted, this is {}", value.described())))?;
    let of = wanted_or_common(of, items.iter())?;
    items
        .iter()
        .enumerate()
        .map(|(at, item)| convert(item, &of).map_err(|e| e.below(&format!("[{at}]"))))
        .collect()
}

/// Returns the wanted type of elements or, where any will do, the one that they have in common.
fn wanted_or_common<'v>(wanted: &Type, items: impl Iterator<Item = &'v Value>) -> Result<Type, Mismatch> {
    if *wanted != Type::Any {
        return Ok(wanted.clone());
    }
    unify(&items.map(Value::type_of).collect::<Vec<_>>())
        .ok_or_else(|| Mismatch::new("all elements must be of one type"))
}

fn convert_map(value: &Value, of: &Type) -> Result<Value, Mismatch> {
    let fields = value
        .fields()
        .ok_or_else(|| Mismatch::new(format!("a map wanted, this is {}", value.described())))?;
    let of = wanted_or_common(of, fields.values())?;
    let converted = fields.iter().map(|(name, value)| {
        Ok((
            Arc::clone(name),
            convert(value, &of).map_err(|e| e.below(&format!(".{name}")))?,
        ))
    });
    Ok(Value::map(converted.collect::<Result<_, Mismatch>>()?))
}

fn convert_tuple(value: &Value, types: &[Type]) -> Result<Value, Mismatch> {
    let (Value::Tuple(items) | Value::List(items)) = value else {
        return Err(Mismatch::new(format!(
            "a tuple wanted, this is {}",
            value.described()
        )));
    };
    if items.len() != types.len() {
        return Err(Mismatch::new(format!(
            "{} elements wanted, there are {}",
            types.len(),
            items.len()
        )));
    }
    let converted = items.iter().zip(types).enumerate();
    converted
        .map(|(at, (item, ty))| convert(item, ty).map_err(|e| e.below(&format!("[{at}]"))))
        .collect::<Result<_, _>>()
        .map(Value::tuple)
}

fn convert_object(value: &Value, wanted: &BTreeMap<Arc<str>, Field>) -> Result<Value, Mismatch> {
    let fields = value
        .fields()
        .ok_or_else(|| Mismatch::new(format!("an object wanted, this is {}", value.described())))?;
    let mut result = BTreeMap::new();
    for (name, field) in wanted {
        let given = fields
            .get(name)
            .filter(|given| !(given.is_null() && field.default.is_some()));
        let value = match given {
            Some(given) => convert(given, &field.ty).map_err(|e| e.below(&format!(".{name}")))?,
            None if !field.optional => {
                return Err(Mismatch::new(format!("the attribute `{name}` is missing")));
            }
            None => field.default.clone().unwrap_or(Value::Null),
        };
        result.insert(Arc::clone(name), value);
    }
    Ok(Value::object(result))
}
