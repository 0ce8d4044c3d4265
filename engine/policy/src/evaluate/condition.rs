//! Conditions made ready for many requests (IAM User Guide, "IAM JSON policy elements: Condition").

use super::actions::print_of;
use super::request::Request;
use super::value::{Network, Relation, bytes, number, timestamp};
use crate::language::{Comparison, Condition, Operator, Policy, Quantifier, Sense, Template};
use crate::pattern::{ArnPattern, Glob, tokens};
use std::cmp::Ordering;
use std::net::IpAddr;

/// A condition made ready.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    key: String,
    print: u64,
    operator: Operator,
    values: Vec<Matcher>,
}

/// What one value of the request is held against.
#[derive(Debug, Clone)]
pub(crate) enum Matcher {
    /// A value that compares with nothing, such as a date that is none.
    Never,
    /// A text with or without wildcards.
    Text(Glob),
    /// A text in lower case, compared without case.
    Fold(String),
    /// An ARN, part by part.
    Arn(ArnPattern),
    /// A number.
    Number(Relation, f64),
    /// A date, in nanoseconds since 1970.
    Date(Relation, i128),
    /// A truth value; for `Null`, whether the key is missing.
    Truth(bool),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Addresses.
    Network(Network),
    /// A text with variables, known only with the request.
    Variable(Comparison, Template),
}

impl Matcher {
    /// Makes a value of a policy ready.
    pub(crate) fn new(comparison: Comparison, value: &Template) -> Self {
        if value.variables().next().is_some() {
            return Self::Variable(comparison, value.clone());
        }
        Self::of_tokens(comparison, value)
    }

    fn of_tokens(comparison: Comparison, value: &Template) -> Self {
        let pieces = tokens(value.pieces());
        let text = || value.literal().unwrap_or_default();
        let read = || match comparison {
            Comparison::StringEquals | Comparison::StringLike => Some(Self::Text(Glob::new(&pieces))),
            Comparison::StringEqualsIgnoreCase => Some(Self::Fold(text().to_lowercase())),
            Comparison::ArnEquals | Comparison::ArnLike => Some(Self::Arn(ArnPattern::new(&pieces))),
            Comparison::Bool | Comparison::Null => truth(text()).map(Self::Truth),
            Comparison::BinaryEquals => bytes(text()).map(Self::Bytes),
            Comparison::IpAddress => Network::parse(text()).map(Self::Network),
            Comparison::NumericEquals
            | Comparison::NumericLessThan
            | Comparison::NumericLessThanEquals
            | Comparison::NumericGreaterThan
            | Comparison::NumericGreaterThanEquals => {
                number(text()).map(|value| Self::Number(relation(comparison), value))
            }
            Comparison::DateEquals
            | Comparison::DateLessThan
            | Comparison::DateLessThanEquals
            | Comparison::DateGreaterThan
            | Comparison::DateGreaterThanEquals => {
                timestamp(text()).map(|value| Self::Date(relation(comparison), value))
            }
        };
        read().unwrap_or(Self::Never)
    }

    /// Returns whether nothing can compare.
    pub(crate) const fn is_never(&self) -> bool {
        matches!(self, Self::Never | Self::Arn(ArnPattern::Never))
    }

    /// Returns whether a value of the request compares. A value that is not of the operator's type does not.
    pub(crate) fn matches(&self, value: &str, request: Option<&Request>) -> bool {
        match self {
            Self::Never => false,
            Self::Text(glob) => glob.matches(value),
            Self::Fold(text) => value.to_lowercase() == *text,
            Self::Arn(pattern) => pattern.matches(value),
            Self::Number(relation, wanted) => number(value)
                .and_then(|found| found.partial_cmp(wanted))
                .is_some_and(|order: Ordering| relation.holds(order)),
            Self::Date(relation, wanted) => {
                timestamp(value).is_some_and(|found| relation.holds(found.cmp(wanted)))
            }
            Self::Truth(wanted) => truth(value) == Some(*wanted),
            Self::Bytes(wanted) => bytes(value).is_some_and(|found| found == *wanted),
            Self::Network(network) => {
                let found: Result<IpAddr, _> = value.parse();
                found.is_ok_and(|address| network.contains(address))
            }
            Self::Variable(comparison, template) => request.is_some_and(|request| {
                // A variable without value compares with nothing, so that negated operators hold.
                let resolved = template.resolve(|key| request.value(key));
                resolved.is_some_and(|pieces| {
                    let resolved = Template::from_pieces(pieces);
                    Self::of_tokens(*comparison, &resolved).matches(value, None)
                })
            }),
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

const fn relation(comparison: Comparison) -> Relation {
    match comparison {
        Comparison::NumericLessThan | Comparison::DateLessThan => Relation::Less,
        Comparison::NumericLessThanEquals | Comparison::DateLessThanEquals => Relation::LessOrEquals,
        Comparison::NumericGreaterThan | Comparison::DateGreaterThan => Relation::Greater,
        Comparison::NumericGreaterThanEquals | Comparison::DateGreaterThanEquals => Relation::GreaterOrEquals,
        Comparison::NumericEquals
        | Comparison::DateEquals
        | Comparison::StringEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringLike
        | Comparison::Bool
        | Comparison::BinaryEquals
        | Comparison::IpAddress
        | Comparison::ArnEquals
        | Comparison::ArnLike
        | Comparison::Null => Relation::Equals,
    }
}

impl Test {
    pub(crate) fn new(policy: &Policy, condition: &Condition) -> Self {
        let comparison = condition.operator.comparison;
        let values = condition
            .values
            .iter()
            .map(|item| Matcher::new(comparison, &policy.value(condition, &item.text)));
        let key = condition.lower_key();
        Self {
            print: print_of(&key),
            key,
            operator: condition.operator,
            values: values.collect(),
        }
    }

    /// Returns whether the condition holds.
    pub(crate) fn holds(&self, request: &Request) -> bool {
        let found = request.values_of(self.print, &self.key);
        if self.operator.comparison == Comparison::Null {
            return self.null(found.is_none());
        }
        let Some(values) = found else {
            return self.without_key();
        };
        let fits = |value: &String| {
            let compares = self.values.iter().any(|m| m.matches(value, Some(request)));
            compares == (self.operator.sense == Sense::Is)
        };
        match self.operator.quantifier {
            // A key with several values needs a quantifier, else the condition is false
            // (IAM User Guide, "Single-valued vs. multivalued context keys").
            Quantifier::One => match values {
                [only] => fits(only),
                _ => false,
            },
            Quantifier::Any => values.iter().any(fits),
            Quantifier::All => values.iter().all(fits),
        }
    }

    /// `"true"` asks for a missing key, `"false"` for one that is there (IAM User Guide, "Condition operator to
    /// check existence of condition keys").
    fn null(&self, missing: bool) -> bool {
        self.values.iter().any(|value| match value {
            Matcher::Truth(wanted) => *wanted == missing,
            Matcher::Never
            | Matcher::Text(_)
            | Matcher::Fold(_)
            | Matcher::Arn(_)
            | Matcher::Number(..)
            | Matcher::Date(..)
            | Matcher::Bytes(_)
            | Matcher::Network(_)
            | Matcher::Variable(..) => false,
        })
    }

    /// A missing key fails a condition, but for negated operators, `...IfExists` and `ForAllValues`; it fails
    /// `ForAnyValue` in every case (IAM User Guide, "Condition operators" and "Multivalued context keys").
    const fn without_key(&self) -> bool {
        self.operator.if_exists
            || match self.operator.quantifier {
                Quantifier::One => matches!(self.operator.sense, Sense::IsNot),
                Quantifier::Any => false,
                Quantifier::All => true,
            }
    }
}
