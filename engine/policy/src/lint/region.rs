//! Denials of regions that catch services which live in one region.

use super::finding::{Finding, LintCode};
use crate::evaluate::ActionIndex;
use crate::language::{Comparison, Effect, Policy, Scope, Sense, Statement};
use crate::pattern::{Glob, tokens};

/// Services whose requests go to one region, whatever region a caller works in, with an action of each
/// (Organizations User Guide, "Deny access to AWS based on the requested AWS Region").
const GLOBAL: [(&str, &str); 14] = [
    ("budgets", "budgets:viewbudget"),
    ("ce", "ce:getcostandusage"),
    ("cloudfront", "cloudfront:createdistribution"),
    ("globalaccelerator", "globalaccelerator:createaccelerator"),
    ("health", "health:describeevents"),
    ("iam", "iam:createrole"),
    ("networkmanager", "networkmanager:createglobalnetwork"),
    ("organizations", "organizations:describeorganization"),
    ("route53", "route53:createhostedzone"),
    ("route53domains", "route53domains:registerdomain"),
    ("shield", "shield:createprotection"),
    ("sts", "sts:assumerole"),
    ("support", "support:createcase"),
    ("waf", "waf:createwebacl"),
];

/// Where those services live in the commercial partition.
const HOME: &str = "us-east-1";

pub(super) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for statement in &policy.statements {
        if statement.effect != Effect::Deny || !denies_home(policy, statement) {
            continue;
        }
        let mut named = ActionIndex::default();
        statement
            .actions
            .list()
            .iter()
            .for_each(|item| named.add(&item.text, 0));
        let caught = |action: &str| {
            let mut hit = false;
            named.visit(action, |_| hit = true);
            match &statement.actions {
                Scope::Of(_) => hit,
                Scope::Except(_) => !hit,
            }
        };
        let services: Vec<&str> = GLOBAL
            .iter()
            .filter(|(_, action)| caught(action))
            .map(|(service, _)| *service)
            .collect();
        // A statement that names a service or two means them.
        let names_few =
            matches!(&statement.actions, Scope::Of(items) if items.iter().all(|i| i.text.contains(':')));
        if !services.is_empty() && !names_few {
            let message = format!(
                "this denial of regions also catches services that live in {HOME}: {}",
                services.join(", ")
            );
            let left_out: Vec<String> = services.iter().map(|service| format!("{service}:*")).collect();
            let suggestion = format!("add {} to `NotAction`", left_out.join(", "));
            findings.push(Finding::new(
                LintCode::CatchesGlobal,
                &statement.place,
                message,
                suggestion,
            ));
        }
    }
}

/// Returns whether the statement denies what goes to other regions than some, without the home of global services.
fn denies_home(policy: &Policy, statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        let is_text = matches!(
            condition.operator.comparison,
            Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike
        );
        let fits = |text: &str| Glob::new(&tokens(policy.value(condition, text).pieces())).matches(HOME);
        condition.lower_key() == "aws:requestedregion"
            && condition.operator.sense == Sense::IsNot
            && is_text
            && !condition.values.iter().any(|item| fits(&item.text))
    })
}
