//! How many policies a target has.

use super::finding::{Finding, LintCode};
use crate::language::Place;
use crate::limits::Limits;
use lz_model::policy_type::PolicyType;

/// The policies of one type on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// What the target is called.
    pub target: String,
    /// The type.
    pub policy_type: PolicyType,
    /// The names of all policies of this type on it: those of the spec, `FullAWSAccess`, and those that AWS Control
    /// Tower or others have attached.
    pub policies: Vec<String>,
}

/// Returns a finding for each target with more policies than AWS takes. Every policy counts, `FullAWSAccess` and those
/// of AWS Control Tower too (aws-facts section 5).
#[must_use]
pub fn attachments(targets: &[Attached], limits: &Limits) -> Vec<Finding> {
    let too_many = |target: &&Attached| target.policies.len() > limits.of(target.policy_type).per_target;
    let finding = |target: &Attached| {
        let (count, most) = (target.policies.len(), limits.of(target.policy_type).per_target);
        let others = target.policies.iter().filter(|name| is_foreign(name)).count();
        let foreign = if others > 0 {
            format!(", {others} of them `FullAWSAccess` or AWS Control Tower's")
        } else {
            String::new()
        };
        Finding::new(
            LintCode::TooManyAttached,
            &Place::default(),
            format!(
                "`{}` has {count} policies of type {}{foreign}; {most} is the limit",
                target.target, target.policy_type
            ),
            "attach some of them higher up, or put them into one policy pack",
        )
    };
    targets.iter().filter(too_many).map(finding).collect()
}

fn is_foreign(name: &str) -> bool {
    matches!(name, "FullAWSAccess" | "RCPFullAWSAccess") || name.starts_with("aws-guardrails-")
}
