//! Policies that lock out lz itself.

use super::finding::{Finding, LintCode};
use crate::evaluate::{Compiled, Decision, Level, Member, Path, Request};
use crate::language::{Effect, Kind, Policy, Statement};
use std::sync::Arc;

/// The role that lz runs under in an account that policies bind, and what it must be able to do there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The ARN of the role, such as `arn:aws:iam::111122223333:role/lz-admin`.
    pub arn: String,
    /// The actions that it needs.
    pub actions: Vec<String>,
}

/// What lz calls when it runs as a delegated administrator, and to get there.
const ACTIONS: [&str; 12] = [
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListPolicies",
    "organizations:DescribePolicy",
    "organizations:CreatePolicy",
    "organizations:UpdatePolicy",
    "organizations:AttachPolicy",
    "organizations:DetachPolicy",
    "organizations:TagResource",
    "cloudformation:CreateStackSet",
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
];

impl Role {
    /// Returns a role with what lz needs.
    #[must_use]
    pub fn new(arn: impl Into<String>) -> Self {
        Self {
            arn: arn.into(),
            actions: ACTIONS.map(str::to_owned).into(),
        }
    }

    pub(super) fn check(&self, policy: &Policy, findings: &mut Vec<Finding>) {
        for statement in policy.statements.iter().filter(|s| s.effect == Effect::Deny) {
            let caught = self.caught(policy, statement);
            if let Some(first) = caught.first() {
                let message = format!("this Deny keeps `{}` from {first}{}", self.arn, more(&caught));
                let suggestion = "add a condition `ArnNotLike` on `aws:PrincipalArn` with the role of lz";
                findings.push(Finding::new(
                    LintCode::DeniesLz,
                    &statement.place,
                    message,
                    suggestion,
                ));
            }
        }
        let allows = policy.statements.iter().find(|s| s.effect == Effect::Allow);
        if let (Some(allow), Kind::Scp) = (allows, policy.kind) {
            let shut: Vec<&str> = self.decided(policy, |decision| decision == Decision::Deny);
            let denied = self.decided_without_allows(policy);
            let shut: Vec<&str> = shut.into_iter().filter(|a| !denied.contains(a)).collect();
            if let Some(first) = shut.first() {
                let message = format!(
                    "this Allow list leaves out {first}{}, which lz needs",
                    more(&shut)
                );
                let suggestion = "add the actions of lz, or attach `FullAWSAccess` beside this policy";
                findings.push(Finding::new(
                    LintCode::ShutsOutLz,
                    &allow.place,
                    message,
                    suggestion,
                ));
            }
        }
    }

    /// The needed actions that a Deny takes if only its conditions on the caller count: what else it asks for can
    /// come true.
    fn caught(&self, policy: &Policy, statement: &Statement) -> Vec<&str> {
        let mut alone = statement.clone();
        alone
            .conditions
            .retain(|condition| condition.lower_key() == "aws:principalarn");
        self.denied_by(policy, vec![alone])
    }

    fn decided_without_allows(&self, policy: &Policy) -> Vec<&str> {
        let denies = policy
            .statements
            .iter()
            .filter(|s| s.effect == Effect::Deny)
            .cloned();
        self.denied_by(policy, denies.collect())
    }

    fn denied_by(&self, policy: &Policy, statements: Vec<Statement>) -> Vec<&str> {
        let mut open = policy.clone();
        open.statements = statements;
        let mut path = vec![Arc::new(Compiled::new(&open))];
        path.extend(super::meaning::full_access().map(|p| Arc::new(Compiled::new(&p))));
        self.ask(path, |decision| decision == Decision::Deny)
    }

    fn decided(&self, policy: &Policy, wanted: impl Fn(Decision) -> bool) -> Vec<&str> {
        self.ask(vec![Arc::new(Compiled::new(policy))], wanted)
    }

    fn ask(&self, policies: Vec<Arc<Compiled>>, wanted: impl Fn(Decision) -> bool) -> Vec<&str> {
        let level = Level {
            name: String::new(),
            policies,
        };
        let path = Path::new(vec![level], Member::Ordinary);
        let decision = |action: &str| {
            let none: [(&str, [&str; 0]); 0] = [];
            let request = Request::new(self.arn.as_str(), action, "*", none).ok()?;
            Some(path.evaluate(&request).decision())
        };
        let actions = self.actions.iter().map(String::as_str);
        actions
            .filter(|action| decision(action).is_some_and(&wanted))
            .collect()
    }
}

fn more(actions: &[&str]) -> String {
    match actions.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    }
}
