//! The members of a request, read by name.

use bytes::Bytes;
use serde_json::{Map, Value};

/// A request member that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InputError {
    /// A required member is absent.
    Missing(&'static str),
    /// A member has another JSON type than the model gives it.
    WrongType(&'static str),
}

/// The members of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Input {
    members: Map<String, Value>,
    /// The body of a request whose protocol leaves it as it is.
    body: Bytes,
}

impl Input {
    /// Returns the input of a JSON body; an empty body is an empty object.
    pub(crate) fn from_json(body: &[u8]) -> Option<Input> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Some(Input::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Some(Input::of(members)),
            Ok(_) | Err(_) => None,
        }
    }

    fn of(members: Map<String, Value>) -> Input {
        Input {
            members,
            body: Bytes::new(),
        }
    }

    /// Returns the input of a REST request: its path and headers by name, its body as it is.
    pub(crate) fn from_rest(members: impl IntoIterator<Item = (String, String)>, body: Bytes) -> Input {
        let members = members
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)));
        Input {
            members: members.collect(),
            body,
        }
    }

    /// Returns the input of a CBOR body; an empty body is an empty object.
    pub(crate) fn from_cbor(body: &[u8]) -> Option<Input> {
        if body.is_empty() {
            return Some(Input::default());
        }
        match super::cbor::read(body) {
            Some(Value::Object(members)) => Some(Input::of(members)),
            Some(_) | None => None,
        }
    }

    /// Returns every member.
    pub(crate) fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// Returns the body of a REST request.
    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the input of a form: every value is text, lists and structures are put together.
    pub(crate) fn from_form(fields: Vec<(String, String)>) -> Input {
        Input::of(super::form::tree(fields))
    }

    /// Returns a number that tells this input from others, whatever the order of its members.
    pub(crate) fn digest(&self) -> u64 {
        let text = serde_json::to_string(&self.members).unwrap_or_default();
        super::page::scope_of(&[&text])
    }

    /// Returns a member of any type, if present and not null.
    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Gives a member a value that does not come from the body.
    pub(super) fn put(&mut self, name: &str, value: Value) {
        self.members.insert(name.to_owned(), value);
    }

    /// Returns a text member, if present.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<&str>, InputError> {
        match self.member(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(InputError::WrongType(name)),
        }
    }

    /// Returns the text members whose names begin so.
    pub(crate) fn texts_beginning<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fitting = self
            .members
            .iter()
            .filter(move |(name, _)| name.starts_with(prefix));
        fitting.filter_map(|(name, value)| value.as_str().map(|value| (name.as_str(), value)))
    }

    /// Returns a text member.
    pub(crate) fn required_text(&self, name: &'static str) -> Result<&str, InputError> {
        self.text(name)?.ok_or(InputError::Missing(name))
    }

    /// Returns a whole number, if present.
    pub(crate) fn number(&self, name: &'static str) -> Result<Option<i64>, InputError> {
        match self.member(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(InputError::WrongType(name)),
        }
    }

    /// Returns a list of texts, if present.
    pub(crate) fn texts(&self, name: &'static str) -> Result<Option<Vec<&str>>, InputError> {
        let Some(value) = self.member(name) else {
            return Ok(None);
        };
        let items = value.as_array().ok_or(InputError::WrongType(name))?;
        let texts = items
            .iter()
            .map(|item| item.as_str().ok_or(InputError::WrongType(name)));
        texts.collect::<Result<_, _>>().map(Some)
    }

    /// Returns a list of objects, if present.
    pub(crate) fn objects(&self, name: &'static str) -> Result<Option<Vec<Input>>, InputError> {
        let Some(value) = self.member(name) else {
            return Ok(None);
        };
        let items = value.as_array().ok_or(InputError::WrongType(name))?;
        let objects = items.iter().map(|item| {
            let members = item.as_object().ok_or(InputError::WrongType(name))?.clone();
            Ok(Input::of(members))
        });
        objects.collect::<Result<_, _>>().map(Some)
    }

    /// Returns an object, if present.
    pub(crate) fn object(&self, name: &'static str) -> Result<Option<Input>, InputError> {
        match self.member(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Input::of(members.clone()))),
            Some(_) => Err(InputError::WrongType(name)),
        }
    }
}
