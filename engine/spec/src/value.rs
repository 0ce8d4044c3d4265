//! Values of expressions, and how one type becomes another. The rules are Terraform's.

use crate::number::Number;
use lz_model::address::{Address, Name, OuAddress};
use lz_model::text::{Hole, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A value. Equal values of different types are different: `1` is not `"1"`, `[1]` is not `tolist([1])`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    /// A string with at least one hole: part of it is known only after apply.
    Later(Arc<Text>),
    /// Elements of any types.
    Tuple(Arc<Vec<Value>>),
    /// Elements of one type.
    List(Arc<Vec<Value>>),
    Set(Arc<BTreeSet<Value>>),
    /// Named values of any types.
    Object(Arc<BTreeMap<Arc<str>, Value>>),
    /// Named values of one type.
    Map(Arc<BTreeMap<Arc<str>, Value>>),
    /// A declared object itself, as in `ou = ou.security`.
    Thing(Arc<Thing>),
}

/// A declared object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    Root,
    Organization,
    Ou(OuAddress),
    Account(Name),
    Policy(Name),
}

impl Thing {
    pub(crate) fn address(&self) -> Address {
        match self {
            Self::Root => Address::Root,
            Self::Organization => Address::Organization,
            Self::Ou(ou) => Address::Ou(ou.clone()),
            Self::Account(name) => Address::Account(name.clone()),
            Self::Policy(name) => Address::Policy(name.clone()),
        }
    }

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Organization => "organization",
            Self::Ou(_) => "ou",
            Self::Account(_) => "account",
            Self::Policy(_) => "policy",
        }
    }
}

/// A type, as `type = ...` writes it and as values have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Any,
    Bool,
    Number,
    String,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<Arc<str>, Field>),
    /// A declared object of this kind.
    Thing(&'static str),
}

/// An attribute of an object type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) ty: Type,
    pub(crate) optional: bool,
    pub(crate) default: Option<Value>,
}

impl Field {
    pub(crate) const fn required(ty: Type) -> Self {
        Self {
            ty,
            optional: false,
            default: None,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::List(of) => write!(f, "list({of})"),
            Self::Set(of) => write!(f, "set({of})"),
            Self::Map(of) => write!(f, "map({of})"),
            Self::Tuple(of) => {
                f.write_str("tuple([")?;
                for (at, ty) in of.iter().enumerate() {
                    write!(f, "{}{ty}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("])")
            }
            Self::Object(fields) => {
                f.write_str("object({")?;
                for (at, (name, field)) in fields.iter().enumerate() {
                    write!(f, "{}{name} = {}", if at > 0 { ", " } else { "" }, field.ty)?;
                }
                f.write_str("})")
            }
            Self::Thing(kind) => f.write_str(kind),
        }
    }
}

impl Value {
    pub(crate) fn string(text: impl Into<Arc<str>>) -> Self {
        Self::String(text.into())
    }

    pub(crate) fn tuple(items: Vec<Self>) -> Self {
        Self::Tuple(Arc::new(items))
    }

    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::List(Arc::new(items))
    }

    pub(crate) fn strings<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::list(
            items
                .into_iter()
                .map(|item| Self::string(item.as_ref()))
                .collect(),
        )
    }

    pub(crate) fn object(fields: BTreeMap<Arc<str>, Self>) -> Self {
        Self::Object(Arc::new(fields))
    }

    pub(crate) fn map(fields: BTreeMap<Arc<str>, Self>) -> Self {
        Self::Map(Arc::new(fields))
    }

    /// Returns a text as a value, known or not.
    pub(crate) fn text(text: Text) -> Self {
        match text.known() {
            Some(known) => Self::string(known),
            None => Self::Later(Arc::new(text)),
        }
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }

    pub(crate) fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self {
            Some(number)
        } else {
            None
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    /// Returns a string, known or not.
    pub(crate) fn as_text(&self) -> Option<Text> {
        if let Self::Later(text) = self {
            Some((**text).clone())
        } else {
            self.as_str().map(Text::literal)
        }
    }

    /// Returns the words for the type of this value: "a string", "a list".
    pub(crate) fn described(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Later(_) => "a string known only after apply",
            Self::Tuple(_) | Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Object(_) => "an object",
            Self::Map(_) => "a map",
            Self::Thing(thing) => match **thing {
                Thing::Root => "the root",
                Thing::Organization => "the organization",
                Thing::Ou(_) => "an organizational unit",
                Thing::Account(_) => "an account",
                Thing::Policy(_) => "a policy",
            },
        }
    }

    /// Returns the elements of a list, tuple or set.
    pub(crate) fn elements(&self) -> Option<Vec<Self>> {
        match self {
            Self::Tuple(items) | Self::List(items) => Some(items.to_vec()),
            Self::Set(items) => Some(items.iter().cloned().collect()),
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::String(_)
            | Self::Later(_)
            | Self::Object(_)
            | Self::Map(_)
            | Self::Thing(_) => None,
        }
    }

    /// Returns the named values of an object or map.
    pub(crate) fn fields(&self) -> Option<&Arc<BTreeMap<Arc<str>, Self>>> {
        if let Self::Object(fields) | Self::Map(fields) = self {
            Some(fields)
        } else {
            None
        }
    }

    /// Returns the first hole anywhere in the value.
    pub(crate) fn hole(&self) -> Option<&Hole> {
        match self {
            Self::Later(text) => text.holes().next(),
            Self::Tuple(items) | Self::List(items) => items.iter().find_map(Self::hole),
            Self::Set(items) => items.iter().find_map(Self::hole),
            Self::Object(fields) | Self::Map(fields) => fields.values().find_map(Self::hole),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Thing(_) => None,
        }
    }

    pub(crate) fn type_of(&self) -> Type {
        match self {
            Self::Null => Type::Any,
            Self::Bool(_) => Type::Bool,
            Self::Number(_) => Type::Number,
            Self::String(_) | Self::Later(_) => Type::String,
            Self::Tuple(items) => Type::Tuple(items.iter().map(Self::type_of).collect()),
            Self::List(items) => Type::List(Box::new(element_type(items.iter()))),
            Self::Set(items) => Type::Set(Box::new(element_type(items.iter()))),
            Self::Map(fields) => Type::Map(Box::new(element_type(fields.values()))),
            Self::Object(fields) => Type::Object(
                fields
                    .iter()
                    .map(|(name, value)| (Arc::clone(name), Field::required(value.type_of())))
                    .collect(),
            ),
            Self::Thing(thing) => Type::Thing(thing.kind()),
        }
    }
}

/// All elements of a collection have one type; one that is known for certain tells it.
fn element_type<'a>(mut items: impl Iterator<Item = &'a Value>) -> Type {
    items
        .find(|item| !item.is_null())
        .map_or(Type::Any, Value::type_of)
}

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
            let address = thing.address();
            Err(Mismatch::new(format!(
                "a string wanted, this is {}; perhaps `{address}.id`",
                value.described()
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
