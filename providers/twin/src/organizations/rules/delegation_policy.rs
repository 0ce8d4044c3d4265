//! What the resource policy grants to member accounts (aws-facts 6, rules: policy management).

use serde_json::Value;

use crate::organizations::Organization;
use crate::organizations::wire::{InputProblem, invalid};
use crate::wire::Refusal;
use crate::world::AccountId;

/// Returns whether the resource policy lets a member account call an operation.
///
/// A statement with a condition grants nothing here, except one on the policy type: it grants the call, whatever
/// the type. A denial counts with any condition.
pub(crate) fn grants(org: &Organization, caller: &AccountId, operation: &str) -> bool {
    let Some(policy) = &org.resource_policy else {
        return false;
    };
    let Ok(document) = serde_json::from_str::<Value>(&policy.content) else {
        return false;
    };
    let fits = |statement: &&Value| names_account(statement, caller) && names_action(statement, operation);
    let statements: Vec<&Value> = statements(&document).into_iter().filter(fits).collect();
    let effect =
        |statement: &&&Value, wanted| statement.get("Effect").and_then(Value::as_str) == Some(wanted);
    let denied = statements.iter().any(|statement| effect(&statement, "Deny"));
    let allowed = statements
        .iter()
        .any(|statement| effect(&statement, "Allow") && has_only_type_conditions(statement));
    allowed && !denied
}

/// Returns the statements of a document, one or a list.
fn statements(document: &Value) -> Vec<&Value> {
    match document.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

/// Returns the texts of a member, one or a list.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        Some(_) | None => Vec::new(),
    }
}

fn names_account(statement: &Value, caller: &AccountId) -> bool {
    let principal = statement.get("Principal");
    let aws = principal.and_then(|principal| principal.get("AWS"));
    let named = |text: &str| {
        text == "*" || text == caller.as_str() || text.split(':').nth(4) == Some(caller.as_str())
    };
    texts(principal).into_iter().chain(texts(aws)).any(named)
}

fn names_action(statement: &Value, operation: &str) -> bool {
    let full = format!("organizations:{operation}");
    let fits = |pattern: &str| matches_pattern(&pattern.to_ascii_lowercase(), &full.to_ascii_lowercase());
    texts(statement.get("Action")).into_iter().any(fits)
}

fn has_only_type_conditions(statement: &Value) -> bool {
    let Some(Value::Object(operators)) = statement.get("Condition") else {
        return true;
    };
    let about_type = |keys: &Value| {
        keys.as_object().is_some_and(|keys| {
            keys.keys()
                .all(|key| key.eq_ignore_ascii_case("organizations:policytype"))
        })
    };
    operators.values().all(about_type)
}

/// Returns whether a text fits a pattern with `*` and `?`.
pub(crate) fn matches_pattern(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for wanted in pattern {
        let mut next = vec![false; text.len() + 1];
        let mut any = false;
        for (at, slot) in next.iter_mut().enumerate() {
            let here = reached.get(at).copied().unwrap_or(false);
            let before = at
                .checked_sub(1)
                .and_then(|i| reached.get(i))
                .copied()
                .unwrap_or(false);
            let last = at.checked_sub(1).and_then(|i| text.get(i)).copied();
            any |= here;
            *slot = match wanted {
                '*' => any,
                '?' => before,
                exact => before && last == Some(exact),
            };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// A resource policy must be JSON with statements that have effect, principal and actions of Organizations
/// (aws-facts 1.5; INVALID_RESOURCE_POLICY_JSON, INVALID_PRINCIPAL, UNSUPPORTED_ACTION_IN_RESOURCE_POLICY).
pub(crate) fn refuse_unusable(content: &str) -> Result<(), Refusal> {
    let broken = |message: &str| invalid(InputProblem::InvalidResourcePolicyJson, message);
    let document: Value =
        serde_json::from_str(content).map_err(|error| broken(&format!("the policy is not JSON: {error}")))?;
    let statements = statements(&document);
    if statements.is_empty() {
        return Err(broken("the policy has no `Statement`"));
    }
    for statement in statements {
        if !matches!(
            statement.get("Effect").and_then(Value::as_str),
            Some("Allow" | "Deny")
        ) {
            return Err(broken("a statement's `Effect` is Allow or Deny"));
        }
        let Some(principal) = statement.get("Principal") else {
            return Err(invalid(
                InputProblem::InvalidPrincipal,
                "a statement needs a `Principal`",
            ));
        };
        if texts(Some(principal)).is_empty() && texts(principal.get("AWS")).is_empty() {
            return Err(invalid(
                InputProblem::InvalidPrincipal,
                "`Principal` names accounts under `AWS`",
            ));
        }
        let actions = texts(statement.get("Action"));
        if actions.is_empty() {
            return Err(broken("a statement needs an `Action`"));
        }
        if let Some(action) = actions
            .iter()
            .find(|action| !action.to_ascii_lowercase().starts_with("organizations:"))
        {
            let message = format!("`{action}` is not an action of Organizations");
            return Err(invalid(InputProblem::UnsupportedActionInResourcePolicy, message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_stars_and_question_marks() {
        assert!(matches_pattern("organizations:list*", "organizations:listroots"));
        assert!(matches_pattern(
            "*:describe?olicy",
            "organizations:describepolicy"
        ));
        assert!(!matches_pattern("organizations:list", "organizations:listroots"));
        assert!(matches_pattern("*", ""));
    }
}
