//! What `lz policy diff` and `lz policy pack` answer.

use serde::Serialize;
use serde_json::Value;

/// What a change of policies takes and gives.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct PolicyDiff {
    /// In words, shortest first: `lose s3:PutBucketPolicy on *`.
    pub(crate) sentences: Vec<String>,
    /// What is lost, each with actions, circumstances and a request that shows it.
    pub(crate) lost: Vec<Value>,
    /// What is gained, in the same form.
    pub(crate) gained: Vec<Value>,
}

impl PolicyDiff {
    /// Returns the difference as data.
    pub(crate) fn of(difference: &lz_policy::compare::Difference) -> Self {
        let mut value = lz_policy::compare::to_value(difference);
        let mut list = |name: &str| match value.get_mut(name).map(Value::take) {
            Some(Value::Array(list)) => list,
            Some(_) | None => Vec::new(),
        };
        Self {
            lost: list("lost"),
            gained: list("gained"),
            sentences: lz_policy::compare::sentences(difference),
        }
    }
}

/// Policies in as few documents as fit.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub(crate) struct Packed {
    /// The documents.
    pub(crate) documents: Vec<Value>,
    /// Characters of each document, without white space.
    pub(crate) sizes: Vec<usize>,
    /// Characters of all documents.
    pub(crate) characters: usize,
    /// The most characters of a document.
    pub(crate) limit: usize,
    /// The characters needed at least: each distinct action, resource and condition once.
    pub(crate) bound: usize,
    /// The same with a statement around each distinct list of conditions.
    pub(crate) bound_with_statements: usize,
    /// The documents as text.
    #[serde(skip)]
    pub(crate) texts: Vec<String>,
}
