//! Condition operators (IAM User Guide, "IAM JSON policy elements: Condition operators").

use std::fmt;

/// A condition operator, such as `ForAnyValue:StringNotLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// How the values of a key with several values count.
    pub quantifier: Quantifier,
    /// Whether values must or must not compare.
    pub sense: Sense,
    /// How one value of the request is compared with one of the policy.
    pub comparison: Comparison,
    /// Whether the condition holds when the key is missing (`...IfExists`).
    pub if_exists: bool,
}

/// How the values of a key count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// The key has one value.
    One,
    /// `ForAnyValue:`: at least one value must fit.
    Any,
    /// `ForAllValues:`: every value must fit; no value at all fits.
    All,
}

/// Whether a value must or must not compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sense {
    /// It must compare with one of the policy's values.
    Is,
    /// It must compare with none of them.
    IsNot,
}

/// How one value of the request is compared with one of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as the IAM User Guide names it")]
pub enum Comparison {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    NumericEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    ArnEquals,
    ArnLike,
    Null,
}

impl Comparison {
    /// Every comparison, with its name and the name of its negation.
    const TABLE: [(Self, &'static str, Option<&'static str>); 19] = [
        (Self::StringEquals, "StringEquals", Some("StringNotEquals")),
        (
            Self::StringEqualsIgnoreCase,
            "StringEqualsIgnoreCase",
            Some("StringNotEqualsIgnoreCase"),
        ),
        (Self::StringLike, "StringLike", Some("StringNotLike")),
        (Self::NumericEquals, "NumericEquals", Some("NumericNotEquals")),
        (Self::NumericLessThan, "NumericLessThan", None),
        (Self::NumericLessThanEquals, "NumericLessThanEquals", None),
        (Self::NumericGreaterThan, "NumericGreaterThan", None),
        (Self::NumericGreaterThanEquals, "NumericGreaterThanEquals", None),
        (Self::DateEquals, "DateEquals", Some("DateNotEquals")),
        (Self::DateLessThan, "DateLessThan", None),
        (Self::DateLessThanEquals, "DateLessThanEquals", None),
        (Self::DateGreaterThan, "DateGreaterThan", None),
        (Self::DateGreaterThanEquals, "DateGreaterThanEquals", None),
        (Self::Bool, "Bool", None),
        (Self::BinaryEquals, "BinaryEquals", None),
        (Self::IpAddress, "IpAddress", Some("NotIpAddress")),
        (Self::ArnEquals, "ArnEquals", Some("ArnNotEquals")),
        (Self::ArnLike, "ArnLike", Some("ArnNotLike")),
        (Self::Null, "Null", None),
    ];

    /// Returns the name with this sense. Comparisons without a negation of their own keep their name.
    #[must_use]
    pub fn name(self, sense: Sense) -> &'static str {
        let row = Self::TABLE.iter().find(|(comparison, _, _)| *comparison == self);
        row.map_or("", |(_, plain, negated)| match sense {
            Sense::Is => plain,
            Sense::IsNot => negated.unwrap_or(plain),
        })
    }

    /// Returns whether `*` and `?` are wildcards in values (IAM User Guide, "Condition operators").
    #[must_use]
    pub const fn has_wildcards(self) -> bool {
        matches!(self, Self::StringLike | Self::ArnLike | Self::ArnEquals)
    }

    /// Returns whether values may hold policy variables (IAM User Guide, "Condition operators": strings, ARNs,
    /// booleans and binary values do; numbers, dates and addresses do not).
    #[must_use]
    pub const fn has_variables(self) -> bool {
        matches!(
            self,
            Self::StringEquals
                | Self::StringEqualsIgnoreCase
                | Self::StringLike
                | Self::Bool
                | Self::BinaryEquals
                | Self::ArnEquals
                | Self::ArnLike
        )
    }
}

impl Operator {
    /// Returns the operator with this name. Case does not count: AWS's own samples spell `Stringlike`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (quantifier, rest) = if let Some(rest) = lower.strip_prefix("foranyvalue:") {
            (Quantifier::Any, rest)
        } else if let Some(rest) = lower.strip_prefix("forallvalues:") {
            (Quantifier::All, rest)
        } else {
            (Quantifier::One, lower.as_str())
        };
        let (base, if_exists) = match rest.strip_suffix("ifexists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let (comparison, sense) = Comparison::TABLE
            .iter()
            .find_map(|(comparison, plain, negated)| {
                if base.eq_ignore_ascii_case(plain) {
                    return Some((*comparison, Sense::Is));
                }
                let named = negated.filter(|name| base.eq_ignore_ascii_case(name));
                named.map(|_| (*comparison, Sense::IsNot))
            })?;
        if comparison == Comparison::Null && (if_exists || quantifier != Quantifier::One) {
            return None;
        }
        Some(Self {
            quantifier,
            sense,
            comparison,
            if_exists,
        })
    }

    /// Returns the names of all operators without quantifier and suffix, in the order of the documentation.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Comparison::TABLE
            .iter()
            .flat_map(|(_, plain, negated)| std::iter::once(*plain).chain(*negated))
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.quantifier {
            Quantifier::One => "",
            Quantifier::Any => "ForAnyValue:",
            Quantifier::All => "ForAllValues:",
        })?;
        f.write_str(self.comparison.name(self.sense))?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_reads_back_from_its_name_in_any_case() {
        for name in Operator::names().filter(|name| *name != "Null") {
            for written in [
                name.to_owned(),
                format!("{name}IfExists"),
                format!("ForAnyValue:{name}"),
                format!("ForAllValues:{name}IfExists"),
            ] {
                let operator = Operator::from_name(&written).unwrap();
                assert_eq!(operator.to_string(), written);
                assert_eq!(Operator::from_name(&written.to_lowercase()), Some(operator));
            }
        }
        assert!(Operator::from_name("Null").is_some());
    }

    #[test]
    fn operators_that_do_not_exist_are_refused() {
        for name in [
            "",
            "NullIfExists",
            "ForAnyValue:Null",
            "NumericNotLessThan",
            "StringEqual",
            "ForAny:Bool",
        ] {
            assert_eq!(Operator::from_name(name), None, "{name}");
        }
    }
}
