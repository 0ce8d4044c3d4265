//! Tag policies that are enforced for resources of Organizations.

use serde_json::Value;

use super::delegation_policy::matches_pattern;
use super::effective::effective;
use crate::organizations::Organization;
use crate::organizations::wire::{Constraint, constraint};
use crate::settings::PolicyType;
use crate::wire::Refusal;
use crate::world::Tags;

/// Tags follow the tag policy where it is enforced (aws-facts 1.5, TAG_POLICY_VIOLATION). The resources belong to
/// the management account, so its effective policy counts.
///
/// `kind` is the resource type as ARNs write it.
pub(crate) fn refuse_noncompliant(org: &Organization, kind: &str, tags: &Tags) -> Result<(), Refusal> {
    if tags.is_empty() || !org.has_enabled(PolicyType::TagPolicy) {
        return Ok(());
    }
    let Some(policy) = effective(org, &org.management, PolicyType::TagPolicy) else {
        return Ok(());
    };
    let document: Value = serde_json::from_str(&policy.content).unwrap_or_default();
    let rules = document
        .get("tags")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (name, rule) in rules.filter(|(_, rule)| is_enforced(rule, kind)) {
        let key = rule.get("tag_key").and_then(Value::as_str).unwrap_or(name);
        for (given, value) in tags.iter().filter(|(given, _)| given.eq_ignore_ascii_case(key)) {
            if given != key || !allows(rule, value) {
                let message =
                    format!("tag `{given}` with value `{value}` is not compliant with the tag policy");
                return Err(constraint(Constraint::TagPolicyViolation, message));
            }
        }
    }
    Ok(())
}

fn texts<'a>(rule: &'a Value, member: &str) -> Vec<&'a str> {
    rule.get(member)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn is_enforced(rule: &Value, kind: &str) -> bool {
    let full = format!("organizations:{kind}");
    texts(rule, "enforced_for")
        .into_iter()
        .any(|wanted| wanted == full || wanted == "organizations:*")
}

/// A rule without values allows any.
fn allows(rule: &Value, value: &str) -> bool {
    let values = texts(rule, "tag_value");
    values.is_empty() || values.into_iter().any(|pattern| matches_pattern(pattern, value))
}
