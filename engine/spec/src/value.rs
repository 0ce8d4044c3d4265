//! Values of expressions and their types. The rules are Terraform's.

pub(crate) use crate::convert::{convert, unify};
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
    StackSet(Name),
    Stack(Name),
    PermissionSet(Name),
    /// All accounts with a tag, as `tag("environment", "prod")`.
    Tagged {
        key: Arc<str>,
        value: Arc<str>,
    },
}

/// Prints what the spec refers to it by.
impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.address()) {
            (Self::Tagged { key, value }, _) => write!(f, "tag({key:?}, {value:?})"),
            (_, Some(address)) => write!(f, "{address}"),
            (_, None) => f.write_str(self.kind()),
        }
    }
}

impl Thing {
    /// Returns the address; accounts with a tag in common have none.
    pub(crate) fn address(&self) -> Option<Address> {
        Some(match self {
            Self::Root => Address::Root,
            Self::Organization => Address::Organization,
            Self::Ou(ou) => Address::Ou(ou.clone()),
            Self::Account(name) => Address::Account(name.clone()),
            Self::Policy(name) => Address::Policy(name.clone()),
            Self::StackSet(name) => Address::StackSet(name.clone()),
            Self::Stack(name) => Address::Stack(name.clone()),
            Self::PermissionSet(name) => Address::PermissionSet(name.clone()),
            Self::Tagged { .. } => return None,
        })
    }

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Organization => "organization",
            Self::Ou(_) => "ou",
            Self::Account(_) => "account",
            Self::Policy(_) => "policy",
            Self::StackSet(_) => "stack_set",
            Self::Stack(_) => "stack",
            Self::PermissionSet(_) => "permission_set",
            Self::Tagged { .. } => "tag",
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
                Thing::StackSet(_) => "a stack set",
                Thing::Stack(_) => "a stack",
                Thing::PermissionSet(_) => "a permission set",
                Thing::Tagged { .. } => "the accounts with a tag",
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
