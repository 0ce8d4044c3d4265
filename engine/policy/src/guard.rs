//! What a change of a guardrail does to those it binds, told from its statements.
//!
//! Policies on one level unite and levels intersect (Organizations User Guide, "SCP evaluation"): a Deny only
//! takes away, an Allow only gives. So the order of changes can be chosen before anyone evaluates a request.

use crate::document::Document;
use std::collections::BTreeSet;

/// The effect of a change on those whom it binds, in the order that keeps every moment safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Takes something away by a Deny and gives nothing.
    Tighten,
    /// Gives by an Allow.
    Widen,
    /// Gives and takes at once.
    Mixed,
    /// Takes an Allow away and gives nothing.
    Narrow,
    /// Takes a Deny away.
    Loosen,
}

impl Effect {
    /// Returns whether the change can take rights away and gives none.
    #[must_use]
    pub const fn protects(self) -> bool {
        matches!(self, Self::Tighten | Self::Narrow)
    }
}

/// Returns the effect of attaching a document.
#[must_use]
pub fn of_attaching(document: &Document) -> Effect {
    if allows(document).is_empty() {
        Effect::Tighten
    } else {
        Effect::Widen
    }
}

/// Returns the effect of detaching a document.
#[must_use]
pub fn of_detaching(document: &Document) -> Effect {
    if allows(document).is_empty() {
        Effect::Loosen
    } else {
        Effect::Narrow
    }
}

/// Returns the effect of replacing one document by another; `None` if no statement differs.
#[must_use]
pub fn of_updating(before: &Document, after: &Document) -> Option<Effect> {
    let (denied, denies) = (denies(before), denies(after));
    let (allowed, allows) = (allows(before), allows(after));
    let takes = !denies.is_subset(&denied) || !allowed.is_subset(&allows);
    let gives = !denied.is_subset(&denies) || !allows.is_subset(&allowed);
    match (takes, gives) {
        (false, false) => None,
        (true, false) if denies.is_subset(&denied) => Some(Effect::Narrow),
        (true, false) => Some(Effect::Tighten),
        (false, true) if denied.is_subset(&denies) => Some(Effect::Widen),
        (false, true) => Some(Effect::Loosen),
        (true, true) => Some(Effect::Mixed),
    }
}

/// Returns the text of a document that denies all that either of two documents denies, so that a change from one
/// to the other can be made in two steps, each of which only takes or only gives. Statements stay as written.
///
/// `None` where their Allow statements differ: what both allow together may be more than either.
#[must_use]
pub fn union(before: &Document, after: &Document) -> Option<String> {
    if allows(before) != allows(after) {
        return None;
    }
    let (denied, kept) = (denies(before), denies(after));
    let missing = before
        .statements()
        .iter()
        .zip(before.written_statements())
        .filter(|(statement, _)| {
            let text = without_sid(statement).to_string();
            denied.contains(&text) && !kept.contains(&text)
        });
    // Sids must be unique within a document; the borrowed statements go without.
    Some(after.text_with(missing.map(|(_, written)| without_sid(written))))
}

fn allows(document: &Document) -> BTreeSet<String> {
    statements_with(document, "Allow")
}

fn denies(document: &Document) -> BTreeSet<String> {
    statements_with(document, "Deny")
}

/// The statements of one effect without their names, which mean nothing.
fn statements_with(document: &Document, effect: &str) -> BTreeSet<String> {
    let of_effect = |statement: &&serde_json::Value| {
        statement.get("Effect").and_then(serde_json::Value::as_str) == Some(effect)
    };
    document
        .statements()
        .iter()
        .filter(of_effect)
        .map(|statement| without_sid(statement).to_string())
        .collect()
}

fn without_sid(statement: &serde_json::Value) -> serde_json::Value {
    let mut statement = statement.clone();
    if let Some(elements) = statement.as_object_mut() {
        elements.remove("Sid");
    }
    statement
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::policy_type::PolicyType;

    fn scp(statements: &[(&str, &str)]) -> Document {
        let list: Vec<String> = statements
            .iter()
            .map(|(effect, action)| format!(r#"{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}"#))
            .collect();
        Document::parse(
            PolicyType::Scp,
            &format!(r#"{{"Statement":[{}]}}"#, list.join(",")),
        )
        .unwrap()
    }

    #[test]
    fn attaching_a_deny_tightens_and_attaching_an_allow_widens() {
        assert_eq!(of_attaching(&scp(&[("Deny", "s3:*")])), Effect::Tighten);
        assert_eq!(
            of_attaching(&scp(&[("Deny", "s3:*"), ("Allow", "*")])),
            Effect::Widen
        );
        assert_eq!(of_detaching(&scp(&[("Deny", "s3:*")])), Effect::Loosen);
        assert_eq!(of_detaching(&scp(&[("Allow", "*")])), Effect::Narrow);
    }

    #[test]
    fn an_update_is_told_by_the_statements_that_come_and_go() {
        let one = scp(&[("Deny", "s3:*")]);
        let two = scp(&[("Deny", "s3:*"), ("Deny", "iam:*")]);
        let other = scp(&[("Deny", "iam:*")]);
        assert_eq!(of_updating(&one, &two), Some(Effect::Tighten));
        assert_eq!(of_updating(&two, &one), Some(Effect::Loosen));
        assert_eq!(of_updating(&one, &other), Some(Effect::Mixed));
        assert_eq!(of_updating(&one, &one), None);
        let both = Document::parse(PolicyType::Scp, &union(&one, &other).unwrap()).unwrap();
        assert_eq!(of_updating(&one, &both), Some(Effect::Tighten));
        assert_eq!(of_updating(&both, &other), Some(Effect::Loosen));
        let allow = scp(&[("Deny", "s3:*"), ("Allow", "ec2:*")]);
        assert_eq!(union(&one, &allow), None);
        assert_eq!(of_updating(&one, &allow), Some(Effect::Widen));
        assert_eq!(of_updating(&allow, &one), Some(Effect::Narrow));
    }

    #[test]
    fn a_union_keeps_statements_as_they_were_written() {
        let rcp = |action: &str| {
            let text = format!(
                r#"{{"Statement":{{"Effect":"Deny","Principal":"*","Action":"{action}","Resource":"*"}}}}"#
            );
            Document::parse(PolicyType::Rcp, &text).unwrap()
        };
        let both = union(&rcp("S3:*"), &rcp("sts:*")).unwrap();
        assert_eq!(both.matches(r#""Principal":"*""#).count(), 2);
        assert!(both.contains("S3:*") && both.contains("sts:*"));
    }
}
