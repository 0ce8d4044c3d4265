//! What AWS refuses about the text of a policy (aws-facts section 5).

use serde_json::{Map, Value};

use super::policy::limit_of;
use crate::organizations::Code;
use crate::organizations::wire::{Constraint, constraint};
use crate::settings::{PolicyLength, PolicyType, Settings};
use crate::wire::Refusal;

mod condition;

/// A policy has a maximum size; every character counts (aws-facts 5, POLICY_CONTENT_LIMIT_EXCEEDED).
pub(crate) fn refuse_too_long(kind: PolicyType, content: &str, settings: &Settings) -> Result<(), Refusal> {
    let length = match settings.policy_length {
        PolicyLength::Characters => content.chars().count(),
        PolicyLength::Bytes => content.len(),
    };
    let most = limit_of(kind, settings).characters;
    if length <= most {
        return Ok(());
    }
    let message = format!(
        "the policy has {length} characters, but {} allows {most}",
        kind.as_str()
    );
    Err(constraint(Constraint::PolicyContentLimit, message))
}

/// A policy follows the grammar of its type (aws-facts 5, MalformedPolicyDocumentException).
pub(crate) fn refuse_malformed(kind: PolicyType, content: &str, settings: &Settings) -> Result<(), Refusal> {
    check(kind, content, settings).map_err(|problem| Code::MalformedPolicyDocument.because(problem))
}

type Checked = Result<(), String>;

fn check(kind: PolicyType, content: &str, settings: &Settings) -> Checked {
    let document: Value =
        serde_json::from_str(content).map_err(|error| format!("the policy document is not JSON: {error}"))?;
    let Value::Object(document) = document else {
        return Err("the policy document is not a JSON object".to_owned());
    };
    match kind {
        PolicyType::ServiceControlPolicy => statements(&document, settings, &service_control),
        PolicyType::ResourceControlPolicy => statements(&document, settings, &resource_control),
        PolicyType::TagPolicy => management(&document, Some("tags")),
        PolicyType::BackupPolicy => management(&document, Some("plans")),
        PolicyType::AiservicesOptOutPolicy => management(&document, Some("services")),
        PolicyType::DeclarativePolicyEc2 => management(&document, Some("ec2_attributes")),
        PolicyType::ChatbotPolicy
        | PolicyType::SecurityhubPolicy
        | PolicyType::InspectorPolicy
        | PolicyType::UpgradeRolloutPolicy
        | PolicyType::BedrockPolicy
        | PolicyType::S3Policy
        | PolicyType::NetworkSecurityDirectorPolicy => management(&document, None),
    }
}

fn only(object: &Map<String, Value>, known: &[&str], what: &str) -> Checked {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("{what} has the unknown element `{key}`")),
        None => Ok(()),
    }
}

/// SCPs and RCPs: a version and statements.
fn statements(
    document: &Map<String, Value>,
    settings: &Settings,
    rules: &dyn Fn(&Map<String, Value>) -> Checked,
) -> Checked {
    only(document, &["Version", "Id", "Statement"], "the policy document")?;
    match document.get("Version") {
        Some(Value::String(version)) if version == "2012-10-17" => {}
        None if !settings.policy_version_required => {}
        Some(_) | None => return Err("`Version` must be \"2012-10-17\"".to_owned()),
    }
    let statements = match document.get("Statement") {
        Some(Value::Array(list)) if !list.is_empty() => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        Some(_) | None => return Err("`Statement` must be an object or a list that is not empty".to_owned()),
    };
    for statement in statements {
        let Value::Object(statement) = statement else {
            return Err("a statement must be an object".to_owned());
        };
        if !matches!(statement.get("Sid"), None | Some(Value::String(_))) {
            return Err("`Sid` must be text".to_owned());
        }
        rules(statement)?;
        condition::check(statement.get("Condition"))?;
    }
    Ok(())
}

/// SCP statements (aws-facts 5, SCP elements).
fn service_control(statement: &Map<String, Value>) -> Checked {
    let known = [
        "Sid",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    ];
    only(statement, &known, "an SCP statement")?;
    effect(statement, &["Allow", "Deny"])?;
    let actions = either(statement, "Action", "NotAction")?;
    actions.iter().try_for_each(|action| known_action(action, true))?;
    resources(statement)
}

/// RCP statements (aws-facts 5, RCP elements).
fn resource_control(statement: &Map<String, Value>) -> Checked {
    let known = [
        "Sid",
        "Effect",
        "Principal",
        "Action",
        "Resource",
        "NotResource",
        "Condition",
    ];
    only(statement, &known, "an RCP statement")?;
    effect(statement, &["Deny"])?;
    if statement.get("Principal") != Some(&Value::String("*".to_owned())) {
        return Err("`Principal` of an RCP statement must be \"*\"".to_owned());
    }
    let actions = texts(statement.get("Action")).ok_or("`Action` must be text or a list of texts")?;
    actions
        .iter()
        .try_for_each(|action| known_action(action, false))?;
    resources(statement)
}

fn effect(statement: &Map<String, Value>, allowed: &[&str]) -> Checked {
    match statement.get("Effect").and_then(Value::as_str) {
        Some(effect) if allowed.contains(&effect) => Ok(()),
        Some(_) | None => Err(format!("`Effect` must be {}", allowed.join(" or "))),
    }
}

/// Returns the texts of an element, one or a list that is not empty.
fn texts(value: Option<&Value>) -> Option<Vec<&str>> {
    match value? {
        Value::String(text) => Some(vec![text]),
        Value::Array(list) if !list.is_empty() => list.iter().map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns the texts of one of two elements that exclude each other.
fn either<'a>(statement: &'a Map<String, Value>, one: &str, other: &str) -> Result<Vec<&'a str>, String> {
    let present = match (statement.get(one), statement.get(other)) {
        (Some(value), None) | (None, Some(value)) => value,
        (Some(_), Some(_)) => return Err(format!("a statement has `{one}` or `{other}`, not both")),
        (None, None) => return Err(format!("a statement needs `{one}` or `{other}`")),
    };
    texts(Some(present)).ok_or_else(|| format!("`{one}` and `{other}` are text or a list of texts"))
}

/// An action is `service:Name` with wildcards, or `*` where all actions may be meant.
fn known_action(action: &str, everything: bool) -> Checked {
    if action == "*" && everything {
        return Ok(());
    }
    let wild = |extra: &'static str| move |c: char| c.is_ascii_alphanumeric() || extra.contains(c);
    let fits = action.split_once(':').is_some_and(|(service, name)| {
        !service.is_empty()
            && service.chars().all(wild("-"))
            && !name.is_empty()
            && name.chars().all(wild("-_*?"))
    });
    if fits {
        Ok(())
    } else {
        Err(format!("`{action}` is not an action like `service:Action`"))
    }
}

fn resources(statement: &Map<String, Value>) -> Checked {
    let odd = |text: &&&str| **text != "*" && !text.starts_with("arn:");
    match either(statement, "Resource", "NotResource")?.iter().find(odd) {
        Some(text) => Err(format!("`{text}` is not a resource: it must be \"*\" or an ARN")),
        None => Ok(()),
    }
}

/// Management policies: settings with inheritance operators, under one member that the type knows.
fn management(document: &Map<String, Value>, member: Option<&str>) -> Checked {
    if let Some(member) = member {
        let own = |key: &&String| key.as_str() != member && !key.starts_with("@@");
        if let Some(key) = document.keys().find(own) {
            return Err(format!(
                "the policy document has the unknown element `{key}`; it takes `{member}`"
            ));
        }
    }
    if document.is_empty() {
        return Err("the policy document is empty".to_owned());
    }
    operators(document)
}

fn operators(object: &Map<String, Value>) -> Checked {
    for (name, value) in object {
        match name.as_str() {
            "@@assign" | "@@append" | "@@remove" => {}
            "@@operators_allowed_for_child_policies" => {
                let known = ["@@all", "@@none", "@@assign", "@@append", "@@remove"];
                let named =
                    texts(Some(value)).ok_or_else(|| format!("`{name}` must be a list of operators"))?;
                if let Some(odd) = named.iter().find(|operator| !known.contains(*operator)) {
                    return Err(format!("`{odd}` is not an inheritance operator"));
                }
            }
            _ if name.starts_with("@@") => return Err(format!("`{name}` is not an inheritance operator")),
            _ => match value.as_object() {
                Some(inner) => operators(inner)?,
                None => {
                    return Err(format!(
                        "`{name}` takes an object with an inheritance operator like `@@assign`"
                    ));
                }
            },
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use PolicyType::{ResourceControlPolicy as Rcp, ServiceControlPolicy as Scp, TagPolicy};

    fn verdict(kind: PolicyType, content: &str) -> Checked {
        check(kind, content, &Settings::default())
    }

    fn scp(statement: &str) -> String {
        format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)
    }

    #[test]
    fn good_policies_pass() {
        for statement in [
            r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#,
            r#"{"Sid":"A","Effect":"Allow","NotAction":["iam:*","s3:Get*Tag?ing"],"Resource":["arn:aws:s3:::b/*"]}"#,
            r#"{"Effect":"Deny","Action":"*","NotResource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-east-1"]}}}"#,
        ] {
            assert_eq!(verdict(Scp, &scp(statement)), Ok(()), "{statement}");
        }
        assert_eq!(
            verdict(
                Scp,
                r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#
            ),
            Ok(())
        );
        assert_eq!(
            verdict(
                Rcp,
                &scp(r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}"#)
            ),
            Ok(())
        );
        assert_eq!(
            verdict(TagPolicy, r#"{"tags":{"a":{"tag_key":{"@@assign":"A"}}}}"#),
            Ok(())
        );
    }

    #[test]
    fn bad_policies_say_what_is_wrong() {
        for (kind, content, wanted) in [
            (Scp, "{", "not JSON"),
            (Scp, "[]", "not a JSON object"),
            (Scp, r#"{"Version":"2008-10-17","Statement":[{}]}"#, "`Version`"),
            (Scp, r#"{"Version":"2012-10-17","Statement":[]}"#, "`Statement`"),
            (Scp, r#"{"Version":"2012-10-17"}"#, "`Statement`"),
            (
                Scp,
                &scp(r#"{"Effect":"Maybe","Action":"*","Resource":"*"}"#),
                "`Effect`",
            ),
            (
                Scp,
                &scp(r#"{"Effect":"Deny","Resource":"*"}"#),
                "`Action` or `NotAction`",
            ),
            (
                Scp,
                &scp(r#"{"Effect":"Deny","Action":"*","NotAction":"*","Resource":"*"}"#),
                "not both",
            ),
            (
                Scp,
                &scp(r#"{"Effect":"Deny","Action":"*"}"#),
                "`Resource` or `NotResource`",
            ),
            (
                Scp,
                &scp(r#"{"Effect":"Deny","Action":"s3","Resource":"*"}"#),
                "`s3`",
            ),
            (
                Scp,
                &scp(r#"{"Effect":"Deny","Action":"s3:*","Resource":"bucket"}"#),
                "`bucket`",
            ),
            (
                Scp,
                &scp(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#),
                "`Principal`",
            ),
            (
                Scp,
                &scp(r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Sometimes":{}}}"#),
                "`Sometimes`",
            ),
            (
                Rcp,
                &scp(r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}"#),
                "`Effect`",
            ),
            (
                Rcp,
                &scp(r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#),
                "`Principal`",
            ),
            (
                Rcp,
                &scp(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#),
                "`*`",
            ),
            (TagPolicy, r#"{"plans":{}}"#, "`plans`"),
            (
                TagPolicy,
                r#"{"tags":{"a":{"tag_key":{"@@put":"A"}}}}"#,
                "`@@put`",
            ),
            (TagPolicy, r#"{"tags":{"a":{"tag_key":"A"}}}"#, "`tag_key`"),
            (TagPolicy, "{}", "empty"),
        ] {
            let problem = verdict(kind, content).unwrap_err();
            assert!(problem.contains(wanted), "{content}: {problem}");
        }
    }

    #[test]
    fn a_missing_version_is_refused_when_the_settings_say_so() {
        let settings = Settings {
            policy_version_required: true,
            ..Settings::default()
        };
        let content = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        assert!(check(Scp, content, &settings).unwrap_err().contains("`Version`"));
    }
}
