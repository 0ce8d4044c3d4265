//! Canonical form of policy documents: two documents that mean the same by their grammar are equal.

use lz_model::policy_type::PolicyType;
use serde_json::{Map, Value};

/// A policy document. Two documents are equal if their canonical forms are.
#[derive(Debug, Clone)]
pub struct Document {
    canonical: Value,
    written: Value,
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Document {}

/// A text that is not a policy document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The text is not JSON.
    #[error("the policy is not JSON: {0}")]
    Json(#[source] serde_json::Error),
    /// The JSON is not an object.
    #[error("the policy is not a JSON object")]
    NotAnObject,
}

/// Elements of a statement whose value is a string or an unordered list of strings
/// (Organizations User Guide, "SCP syntax").
const SETS: [&str; 6] = [
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
];

impl Document {
    /// Returns the canonical form of a document of this type.
    ///
    /// # Errors
    /// The text is not a JSON object.
    pub fn parse(policy_type: PolicyType, text: &str) -> Result<Self, DocumentError> {
        let written: Value = serde_json::from_str(text).map_err(DocumentError::Json)?;
        let mut canonical = written.clone();
        let Value::Object(document) = &mut canonical else {
            return Err(DocumentError::NotAnObject);
        };
        if policy_type.guards() {
            normalize_statements(document);
        }
        Ok(Self { canonical, written })
    }

    /// Returns the statements of a guardrail in canonical form; none for other policy types.
    #[must_use]
    pub fn statements(&self) -> &[Value] {
        self.canonical
            .get("Statement")
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// Returns the statements as they were written, in the order of [`Self::statements`].
    pub(crate) fn written_statements(&self) -> Vec<&Value> {
        match self.written.get("Statement") {
            Some(Value::Array(statements)) => statements.iter().collect(),
            Some(statement) => vec![statement],
            None => Vec::new(),
        }
    }

    /// Returns the text of the document, as it was written, with more statements after its own.
    pub(crate) fn text_with(&self, more: impl Iterator<Item = Value>) -> String {
        let mut document = self.written.clone();
        let own = self.written_statements().into_iter().cloned();
        if let Some(elements) = document.as_object_mut() {
            elements.insert("Statement".to_owned(), Value::Array(own.chain(more).collect()));
        }
        document.to_string()
    }

    /// Returns the document as indented JSON, for people to compare.
    #[must_use]
    pub fn pretty(&self) -> String {
        serde_json::to_string_pretty(&self.canonical).unwrap_or_default()
    }
}

/// Returns the text without needless white space: all characters count against AWS's limit (aws-facts section 5).
///
/// # Errors
/// The text is not JSON.
pub fn minify(text: &str) -> Result<String, DocumentError> {
    let value: Value = serde_json::from_str(text).map_err(DocumentError::Json)?;
    serde_json::to_string(&value).map_err(DocumentError::Json)
}

fn normalize_statements(document: &mut Map<String, Value>) {
    let Some(statement) = document.get_mut("Statement") else {
        return;
    };
    if statement.is_object() {
        *statement = Value::Array(vec![statement.take()]);
    }
    let Value::Array(statements) = statement else {
        return;
    };
    statements
        .iter_mut()
        .filter_map(Value::as_object_mut)
        .for_each(normalize_statement);
}

fn normalize_statement(statement: &mut Map<String, Value>) {
    for element in SETS {
        if let Some(value) = statement.get_mut(element) {
            normalize_set(value, element.ends_with("Action"));
        }
    }
    let conditions = statement.get_mut("Condition").and_then(Value::as_object_mut);
    for keys in conditions
        .into_iter()
        .flat_map(|operators| operators.values_mut())
    {
        keys.as_object_mut()
            .into_iter()
            .flat_map(|keys| keys.values_mut())
            .for_each(|value| normalize_set(value, false));
    }
}

/// A lone string and a list of one are the same; so are lists in another order. Action names ignore case.
fn normalize_set(value: &mut Value, ignore_case: bool) {
    if value.is_object() {
        value
            .as_object_mut()
            .into_iter()
            .flat_map(|map| map.values_mut())
            .for_each(|v| normalize_set(v, false));
        return;
    }
    if !value.is_array() {
        *value = Value::Array(vec![value.take()]);
    }
    let Value::Array(mut items) = value.take() else {
        return;
    };
    for item in &mut items {
        if let Value::String(text) = item
            && ignore_case
        {
            text.make_ascii_lowercase();
        } else if item.is_boolean() || item.is_number() {
            // Conditions take `true` and `"true"`, `5` and `"5"` alike.
            *item = Value::String(item.to_string());
        }
    }
    items.sort_by_key(ToString::to_string);
    items.dedup();
    *value = Value::Array(items);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scp(text: &str) -> Document {
        Document::parse(PolicyType::Scp, text).unwrap()
    }

    #[test]
    fn order_space_case_and_scalars_are_no_change() {
        let a = scp(
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":["s3:Get*","iam:*"],"Resource":"*"}}"#,
        );
        let b = scp(
            r#"{ "Statement": [ {"Resource": ["*"], "Action": ["IAM:*", "s3:get*"], "Effect": "Deny"} ],
                 "Version": "2012-10-17" }"#,
        );
        assert_eq!(a, b);
    }

    #[test]
    fn conditions_compare_by_meaning() {
        let with = |value: &str| {
            scp(&format!(
                r#"{{"Statement":[{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"Bool":{{"k":{value}}}}}}}]}}"#
            ))
        };
        assert_eq!(with("true"), with(r#"["true"]"#));
        assert_ne!(with("true"), with("false"));
    }

    #[test]
    fn the_order_of_a_list_counts_in_other_policy_types() {
        let tag = |text: &str| Document::parse(PolicyType::Tag, text).unwrap();
        assert_ne!(
            tag(r#"{"tags":{"a":["x","y"]}}"#),
            tag(r#"{"tags":{"a":["y","x"]}}"#)
        );
        assert_eq!(tag(r#"{"a":1,"b":2}"#), tag(r#"{ "b": 2, "a": 1 }"#));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        assert!(matches!(
            Document::parse(PolicyType::Scp, "[]"),
            Err(DocumentError::NotAnObject)
        ));
        assert!(matches!(
            Document::parse(PolicyType::Scp, "{"),
            Err(DocumentError::Json(_))
        ));
    }

    #[test]
    fn minifying_takes_white_space_outside_of_strings_only() {
        assert_eq!(minify("{ \"a\" : \"b  c\" }").unwrap(), r#"{"a":"b  c"}"#);
    }
}
