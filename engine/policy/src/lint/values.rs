//! Values that compare with nothing.

use super::finding::{Finding, LintCode};
use crate::evaluate::Matcher;
use crate::language::{Comparison, Policy};

pub(super) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for statement in &policy.statements {
        for condition in &statement.conditions {
            let comparison = condition.operator.comparison;
            for item in &condition.values {
                let value = policy.value(condition, &item.text);
                if Matcher::new(comparison, &value).is_never() {
                    let message = format!(
                        "`{}` is {}, so it compares with nothing",
                        item.text,
                        wanted(comparison)
                    );
                    findings.push(Finding::new(
                        LintCode::BadValue,
                        &item.place,
                        message,
                        example(comparison),
                    ));
                }
            }
        }
    }
}

const fn wanted(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike => "no text",
        Comparison::NumericEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals => "no number",
        Comparison::DateEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals => "no date",
        Comparison::Bool | Comparison::Null => "neither true nor false",
        Comparison::BinaryEquals => "not in base 64",
        Comparison::IpAddress => "no address and no network",
        Comparison::ArnEquals | Comparison::ArnLike => "no ARN: it has fewer than six parts",
    }
}

const fn example(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike => {
            "write a text"
        }
        Comparison::NumericEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals => "write a number, such as `3600`",
        Comparison::DateEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals => "write a date, such as `2027-01-01T00:00:00Z`",
        Comparison::Bool | Comparison::Null => "write `true` or `false`",
        Comparison::BinaryEquals => "write the bytes in base 64",
        Comparison::IpAddress => "write a network, such as `203.0.113.0/24` or `2001:db8::/32`",
        Comparison::ArnEquals | Comparison::ArnLike => {
            "write all six parts, such as `arn:aws:iam::*:role/admin`"
        }
    }
}
