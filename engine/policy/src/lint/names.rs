//! Actions and condition keys that nobody knows.

use super::finding::{Finding, LintCode};
use crate::catalogue::Catalogue;
use crate::language::{Condition, Effect, Kind, Policy, Quantifier};

pub(super) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    let catalogue = Catalogue::built_in();
    for statement in &policy.statements {
        for item in statement.actions.list() {
            if !item.text.contains(':') {
                continue;
            }
            if !catalogue.has_action_like(&item.text) {
                let message = format!("no action of {} fits `{}`", catalogue.date(), item.text);
                let suggestion = match nearest(catalogue, &item.text) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "check the name in the Service Authorization Reference".to_owned(),
                };
                findings.push(Finding::new(
                    LintCode::UnknownAction,
                    &item.place,
                    message,
                    suggestion,
                ));
            } else if policy.kind == Kind::Rcp && statement.effect == Effect::Deny {
                findings.extend(unreached(catalogue, item));
            }
        }
        for condition in &statement.conditions {
            key(catalogue, condition, findings);
            for item in &condition.values {
                variables(catalogue, policy, condition, item, findings);
            }
        }
    }
}

/// Resource control policies reach some services only (Organizations User Guide, "Resource control policies (RCPs)").
fn unreached(catalogue: &Catalogue, item: &crate::language::Item) -> Option<Finding> {
    let prefix = item
        .text
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let service = catalogue.service(&prefix)?;
    (!service.reached_by_rcps).then(|| {
        Finding::new(
            LintCode::UnreachedService,
            &item.place,
            format!("resource control policies do not reach `{prefix}`"),
            "use a service control policy",
        )
    })
}

fn key(catalogue: &Catalogue, condition: &Condition, findings: &mut Vec<Finding>) {
    let Some(kind) = catalogue.key(&condition.lower_key()) else {
        let message = format!(
            "no condition key of {} is called `{}`",
            catalogue.date(),
            condition.key
        );
        let suggestion = "check the name in the Service Authorization Reference";
        findings.push(Finding::new(
            LintCode::UnknownKey,
            &condition.place,
            message,
            suggestion,
        ));
        return;
    };
    let quantified = condition.operator.quantifier != Quantifier::One;
    let is_null = condition.operator.comparison == crate::language::Comparison::Null;
    if kind.several && !quantified && !is_null {
        let message = format!(
            "`{}` can have several values, and then this condition is false",
            condition.key
        );
        let suggestion = format!(
            "write `ForAnyValue:{}` or `ForAllValues:{}`",
            condition.operator, condition.operator
        );
        findings.push(Finding::new(
            LintCode::NeedsQuantifier,
            &condition.place,
            message,
            suggestion,
        ));
    }
    if !kind.several && quantified {
        let message = format!(
            "`{}` has one value: a quantifier only changes what holds without the key",
            condition.key
        );
        let suggestion = "leave out `ForAnyValue:` or `ForAllValues:`";
        findings.push(Finding::new(
            LintCode::NeedlessQuantifier,
            &condition.place,
            message,
            suggestion,
        ));
    }
}

/// A variable is a condition key too.
fn variables(
    catalogue: &Catalogue,
    policy: &Policy,
    condition: &Condition,
    item: &crate::language::Item,
    findings: &mut Vec<Finding>,
) {
    let template = policy.value(condition, &item.text);
    for key in template.variables().filter(|key| catalogue.key(key).is_none()) {
        let message = format!(
            "the variable `${{{key}}}` names no condition key of {}",
            catalogue.date()
        );
        let suggestion = "put in the value, or the name of a key such as `aws:PrincipalAccount`";
        findings.push(Finding::new(
            LintCode::UnknownKey,
            &item.place,
            message,
            suggestion,
        ));
    }
}

/// The known action of the same service that is spelled most alike.
fn nearest(catalogue: &Catalogue, action: &str) -> Option<String> {
    const FAR: usize = 4;
    let (prefix, name) = action.split_once(':')?;
    let service = catalogue.service(&prefix.to_ascii_lowercase())?;
    let name = name.to_ascii_lowercase();
    let distance = |other: &str| distance(&name, &other.to_ascii_lowercase());
    let best = service
        .actions
        .iter()
        .min_by_key(|other| (distance(other), **other))?;
    (distance(best) < FAR).then(|| format!("{}:{best}", service.prefix))
}

/// How many characters must change to make one name of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(128).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, c) in one.chars().take(128).enumerate() {
        let mut next = vec![index + 1];
        for (column, d) in other.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or_default();
            let same = cell(&row, column) + usize::from(c != *d);
            let best = same.min(cell(&row, column + 1) + 1).min(cell(&next, column) + 1);
            next.push(best);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
