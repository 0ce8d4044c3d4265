//! More ways to read the members of a request: truths, maps, documents.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Input, InputError};

impl Input {
    /// Returns a truth value, if present; the query protocols write it as text.
    pub(crate) fn truth(&self, name: &'static str) -> Result<Option<bool>, InputError> {
        match self.member(name) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(*truth)),
            Some(Value::String(text)) if text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(InputError::WrongType(name)),
        }
    }

    /// Returns a map of texts, if present.
    pub(crate) fn text_map(
        &self,
        name: &'static str,
    ) -> Result<Option<BTreeMap<String, String>>, InputError> {
        let Some(value) = self.member(name) else {
            return Ok(None);
        };
        let members = value.as_object().ok_or(InputError::WrongType(name))?;
        let pairs = members.iter().map(|(key, value)| {
            let text = value.as_str().ok_or(InputError::WrongType(name))?;
            Ok((key.clone(), text.to_owned()))
        });
        pairs.collect::<Result<_, _>>().map(Some)
    }

    /// Returns a member of any type, if present: a document.
    pub(crate) fn document(&self, name: &str) -> Option<&Value> {
        self.member(name)
    }
}
