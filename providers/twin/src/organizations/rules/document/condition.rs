//! The `Condition` element (IAM User Guide, "IAM JSON policy elements: Condition operators").

use serde_json::Value;

const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// Checks operators, keys and values; absent is fine.
pub(super) fn check(condition: Option<&Value>) -> Result<(), String> {
    let Some(condition) = condition else { return Ok(()) };
    let Value::Object(operators) = condition else {
        return Err("`Condition` must be an object".to_owned());
    };
    for (operator, keys) in operators {
        if !is_operator(operator) {
            return Err(format!("`{operator}` is not a condition operator"));
        }
        let Value::Object(keys) = keys else {
            return Err(format!("condition `{operator}` must be an object"));
        };
        for (key, values) in keys {
            let plain = |value: &Value| value.is_string() || value.is_boolean() || value.is_number();
            let fits = values
                .as_array()
                .map_or_else(|| plain(values), |values| values.iter().all(plain));
            if !fits {
                return Err(format!("condition key `{key}` takes a text or a list of texts"));
            }
        }
    }
    Ok(())
}

fn is_operator(text: &str) -> bool {
    let text = text
        .strip_prefix("ForAllValues:")
        .or_else(|| text.strip_prefix("ForAnyValue:"))
        .unwrap_or(text);
    OPERATORS.contains(&text.strip_suffix("IfExists").unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn set_operators_and_if_exists_are_known() {
        for operator in [
            "StringEquals",
            "ForAnyValue:StringLike",
            "BoolIfExists",
            "ForAllValues:ArnLikeIfExists",
        ] {
            assert_eq!(
                check(Some(&json!({operator: {"aws:x": ["a", true, 1]}}))),
                Ok(()),
                "{operator}"
            );
        }
        assert!(check(Some(&json!({"StringEquals": {"aws:x": {}}}))).is_err());
        assert!(check(Some(&json!({"StringEquals": "x"}))).is_err());
        assert!(check(Some(&json!("x"))).is_err());
    }
}
