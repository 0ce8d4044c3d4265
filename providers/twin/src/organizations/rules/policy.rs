//! What AWS refuses about policies as such.

use crate::organizations::wire::{Constraint, InputProblem, constraint, invalid};
use crate::organizations::{Code, FeatureSet, Organization, Policy};
use crate::settings::{PolicyLimit, PolicyType, Settings};
use crate::wire::Refusal;
use crate::world::PolicyId;

/// Returns the limits of a policy type, as set or as published.
pub(crate) fn limit_of(kind: PolicyType, settings: &Settings) -> PolicyLimit {
    settings
        .policy_limits
        .get(&kind)
        .copied()
        .unwrap_or_else(|| kind.limit())
}

/// Policies take all features (aws-facts R1, R3; PolicyTypeNotAvailableForOrganizationException).
pub(crate) fn refuse_without_all_features(org: &Organization) -> Result<(), Refusal> {
    match org.feature_set {
        FeatureSet::All => Ok(()),
        FeatureSet::ConsolidatedBilling => {
            Err(Code::PolicyTypeNotAvailable
                .because("policies take an organization with all features enabled"))
        }
    }
}

/// Policies of one type have different names (aws-facts 1.5, DuplicatePolicyException).
pub(crate) fn refuse_taken_name(
    org: &Organization,
    kind: PolicyType,
    name: &str,
    own: Option<&PolicyId>,
) -> Result<(), Refusal> {
    if org.policy_named(kind, name).is_none_or(|id| Some(id) == own) {
        return Ok(());
    }
    Err(Code::DuplicatePolicy.because(format!(
        "a policy of type {} is already called `{name}`",
        kind.as_str()
    )))
}

/// There are only so many policies of a type (aws-facts 1.5 and 1.6, POLICY_NUMBER_LIMIT_EXCEEDED).
pub(crate) fn refuse_too_many(
    org: &Organization,
    kind: PolicyType,
    settings: &Settings,
) -> Result<(), Refusal> {
    let most = limit_of(kind, settings).per_organization;
    let own = org
        .policies_of(kind)
        .iter()
        .filter(|id| org.policy(id).is_some_and(|policy| !policy.aws_managed));
    if org.policies_of(kind).len() < most || own.count() < most {
        return Ok(());
    }
    let message = format!(
        "the organization already has {most} policies of type {}",
        kind.as_str()
    );
    Err(constraint(Constraint::PolicyNumberLimit, message))
}

/// AWS's own policies can't be changed (aws-facts 1.5, IMMUTABLE_POLICY).
pub(crate) fn refuse_immutable(id: &PolicyId, policy: &Policy) -> Result<(), Refusal> {
    if !policy.aws_managed {
        return Ok(());
    }
    Err(invalid(
        InputProblem::ImmutablePolicy,
        format!("policy `{id}` is managed by AWS and can't be changed"),
    ))
}

/// An attached policy can't be deleted (aws-facts R7, PolicyInUseException).
pub(crate) fn refuse_attached(org: &Organization, id: &PolicyId) -> Result<(), Refusal> {
    if org.targets_of(id).is_empty() {
        return Ok(());
    }
    Err(Code::PolicyInUse.because(format!(
        "policy `{id}` is still attached; detach it from every target first"
    )))
}
