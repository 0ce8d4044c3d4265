//! Parameters of a template, and the values that they take (CloudFormation User Guide, "Parameters").

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::Value;

use super::check::Template;

/// What a template says about one parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ParameterRule {
    pub(crate) kind: String,
    pub(crate) default: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) no_echo: bool,
    pub(crate) allowed: Vec<String>,
    pattern: Option<String>,
    constraint: Option<String>,
    lengths: (Option<usize>, Option<usize>),
    values: (Option<f64>, Option<f64>),
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl ParameterRule {
    /// Reads the declaration of a parameter.
    ///
    /// # Errors
    /// When it has no type, or an unknown member.
    pub(super) fn read(name: &str, value: &Value) -> Result<ParameterRule, String> {
        const KNOWN: [&str; 11] = [
            "AllowedPattern",
            "AllowedValues",
            "ConstraintDescription",
            "Default",
            "Description",
            "MaxLength",
            "MaxValue",
            "MinLength",
            "MinValue",
            "NoEcho",
            "Type",
        ];
        let members = value.as_object().ok_or_else(|| {
            format!("Template format error: [/Parameters/{name}] Every Parameters object must be an object.")
        })?;
        if let Some(odd) = members.keys().find(|key| !KNOWN.contains(&key.as_str())) {
            return Err(format!(
                "Invalid template parameter property '{odd}' of parameter '{name}'"
            ));
        }
        let member = |key: &str| members.get(key).and_then(text);
        let kind = member("Type").ok_or_else(|| {
            format!(
                "Template format error: [/Parameters/{name}] Every Parameters object must contain a Type member."
            )
        })?;
        let number = |key: &str| member(key).and_then(|text| text.parse::<f64>().ok());
        let length = |key: &str| member(key).and_then(|text| text.parse::<usize>().ok());
        let allowed = members.get("AllowedValues").and_then(Value::as_array);
        Ok(ParameterRule {
            kind,
            default: member("Default"),
            description: member("Description"),
            no_echo: member("NoEcho").is_some_and(|text| text.eq_ignore_ascii_case("true")),
            allowed: allowed.into_iter().flatten().filter_map(text).collect(),
            pattern: member("AllowedPattern"),
            constraint: member("ConstraintDescription"),
            lengths: (length("MinLength"), length("MaxLength")),
            values: (number("MinValue"), number("MaxValue")),
        })
    }

    /// Returns what AWS says about a value that the parameter does not take.
    pub(crate) fn refuse(&self, name: &str, value: &str) -> Result<(), String> {
        let because = |rule: String| {
            let rule = self.constraint.clone().unwrap_or(rule);
            Err(format!("Parameter {name} failed to satisfy constraint: {rule}"))
        };
        let list = self.kind == "CommaDelimitedList" || self.kind.starts_with("List<");
        let items: Vec<&str> = match list {
            true => value.split(',').map(str::trim).collect(),
            false => vec![value],
        };
        if !self.allowed.is_empty() && items.iter().any(|item| !self.allowed.iter().any(|a| a == item)) {
            let rule = self.constraint.clone().map(|rule| format!(" ({rule})"));
            return Err(format!(
                "Parameter '{name}' must be one of AllowedValues{}",
                rule.unwrap_or_default()
            ));
        }
        if self.kind == "Number" || self.kind == "List<Number>" {
            for item in &items {
                let Ok(number) = item.parse::<f64>() else {
                    return Err(format!("Parameter '{name}' must be a number."));
                };
                if self.values.0.is_some_and(|least| number < least)
                    || self.values.1.is_some_and(|most| number > most)
                {
                    return because("value is out of the range of MinValue and MaxValue".to_owned());
                }
            }
        }
        let length = value.chars().count();
        if self.lengths.0.is_some_and(|least| length < least) {
            return because(format!(
                "Member must have length greater than or equal to {}",
                self.lengths.0.unwrap_or_default()
            ));
        }
        if self.lengths.1.is_some_and(|most| length > most) {
            return because(format!(
                "Member must have length less than or equal to {}",
                self.lengths.1.unwrap_or_default()
            ));
        }
        match self.pattern.as_ref() {
            None => Ok(()),
            // Patterns of another dialect than this one can't be judged, so they let everything pass.
            Some(pattern) => match Regex::new(&format!("^(?:{pattern})$")) {
                Ok(regex) if !items.iter().all(|item| regex.is_match(item)) => because(format!(
                    "Member must satisfy regular expression pattern: {pattern}"
                )),
                Ok(_) | Err(_) => Ok(()),
            },
        }
    }
}

/// A value of a request: given, or the one that is there already.
pub(crate) type GivenParameters = BTreeMap<String, Option<String>>;

impl Template {
    /// Returns the value of every parameter after a request.
    ///
    /// # Errors
    /// What AWS says about parameters that are unknown, lack a value or have one that they don't take.
    pub(crate) fn values(
        &self,
        given: &GivenParameters,
        before: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, String> {
        let unknown: Vec<&str> = given
            .keys()
            .filter(|name| !self.parameters.contains_key(*name))
            .map(String::as_str)
            .collect();
        if !unknown.is_empty() {
            return Err(format!(
                "Parameters: [{}] do not exist in the template",
                unknown.join(", ")
            ));
        }
        let mut values = BTreeMap::new();
        let mut missing = Vec::new();
        for (name, rule) in &self.parameters {
            let value = match given.get(name) {
                Some(Some(value)) => Some(value),
                Some(None) => before.get(name),
                None => rule.default.as_ref(),
            };
            match value {
                None => missing.push(name.as_str()),
                Some(value) => {
                    rule.refuse(name, value)?;
                    values.insert(name.clone(), value.clone());
                }
            }
        }
        if missing.is_empty() {
            return Ok(values);
        }
        Err(format!("Parameters: [{}] must have values", missing.join(", ")))
    }
}
