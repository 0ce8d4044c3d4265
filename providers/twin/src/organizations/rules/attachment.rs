//! What AWS refuses about attaching and detaching, enabling and disabling.

use crate::organizations::wire::{Constraint, InputProblem, constraint, invalid};
use crate::organizations::{Code, FeatureSet, Organization, default_policy};
use crate::settings::{PolicyType, Settings};
use crate::wire::Refusal;
use crate::world::{PolicyId, RootId, TargetId};

use super::policy::limit_of;

/// While a type is being switched, its policies can't change (aws-facts 1.4, PolicyChangesInProgressException).
pub(crate) fn refuse_while_changing(org: &Organization, kind: PolicyType) -> Result<(), Refusal> {
    if !org.is_changing(kind) {
        return Ok(());
    }
    Err(Code::PolicyChangesInProgress.because(format!(
        "policy type {} is being switched on or off",
        kind.as_str()
    )))
}

/// Attaching takes an enabled type (aws-facts R2, PolicyTypeNotEnabledException).
pub(crate) fn refuse_type_off(org: &Organization, kind: PolicyType) -> Result<(), Refusal> {
    if org.has_enabled(kind) {
        return Ok(());
    }
    Err(Code::PolicyTypeNotEnabled.because(format!(
        "policy type {} is not enabled in the root",
        kind.as_str()
    )))
}

/// A policy is attached to a target once (aws-facts 1.5, DuplicatePolicyAttachmentException).
pub(crate) fn refuse_attached(org: &Organization, id: &PolicyId, target: &TargetId) -> Result<(), Refusal> {
    if !org.attached_to(target).contains(id) {
        return Ok(());
    }
    Err(Code::DuplicatePolicyAttachment.because(format!("policy `{id}` is already attached to `{target}`")))
}

/// A target holds only so many policies of a type (aws-facts 1.5 and 5, MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED).
pub(crate) fn refuse_full(
    org: &Organization,
    target: &TargetId,
    kind: PolicyType,
    settings: &Settings,
) -> Result<(), Refusal> {
    if org.count_attached(target, kind) < limit_of(kind, settings).per_target {
        return Ok(());
    }
    let message = "You have attached the maximum number of policies to the specified target.";
    Err(constraint(Constraint::MaxAttachments, message))
}

/// Only what is attached can be detached (aws-facts 1.5, PolicyNotAttachedException).
pub(crate) fn refuse_not_attached(
    org: &Organization,
    id: &PolicyId,
    target: &TargetId,
) -> Result<(), Refusal> {
    if org.attached_to(target).contains(id) {
        return Ok(());
    }
    Err(Code::PolicyNotAttached.because(format!("policy `{id}` is not attached to `{target}`")))
}

/// RCPFullAWSAccess stays wherever it is (aws-facts R5, NON_DETACHABLE_POLICY).
pub(crate) fn refuse_non_detachable(id: &PolicyId, settings: &Settings) -> Result<(), Refusal> {
    if default_policy(PolicyType::ResourceControlPolicy, settings).as_ref() != Some(id) {
        return Ok(());
    }
    Err(invalid(
        InputProblem::NonDetachablePolicy,
        format!("policy `{id}` can't be detached"),
    ))
}

/// While SCPs are on, every target keeps at least one (aws-facts R4, MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED).
pub(crate) fn refuse_last(
    org: &Organization,
    target: &TargetId,
    kind: PolicyType,
    settings: &Settings,
) -> Result<(), Refusal> {
    let least = limit_of(kind, settings).least_per_target;
    if !org.has_enabled(kind) || org.count_attached(target, kind) > least {
        return Ok(());
    }
    let message = format!(
        "`{target}` must keep at least {least} policies of type {}",
        kind.as_str()
    );
    Err(constraint(Constraint::MinAttachments, message))
}

/// The root must be the organization's (aws-facts 1.3, RootNotFoundException).
pub(crate) fn refuse_unknown_root(org: &Organization, root: &RootId) -> Result<(), Refusal> {
    if org.root == *root {
        return Ok(());
    }
    Err(Code::RootNotFound.because(format!("there is no root `{root}`")))
}

/// A type is enabled once (aws-facts 1.5, PolicyTypeAlreadyEnabledException).
pub(crate) fn refuse_type_on(org: &Organization, kind: PolicyType) -> Result<(), Refusal> {
    if !org.has_enabled(kind) {
        return Ok(());
    }
    Err(Code::PolicyTypeAlreadyEnabled.because(format!("policy type {} is already enabled", kind.as_str())))
}

/// Policy types take all features (aws-facts 1.5, PolicyTypeNotAvailableForOrganizationException).
pub(crate) fn refuse_type_unavailable(org: &Organization, kind: PolicyType) -> Result<(), Refusal> {
    match org.feature_set {
        FeatureSet::All => Ok(()),
        FeatureSet::ConsolidatedBilling => Err(Code::PolicyTypeNotAvailable.because(format!(
            "policy type {} takes an organization with all features enabled",
            kind.as_str()
        ))),
    }
}

/// Some types need trusted access of their service first (aws-facts R16, SERVICE_ACCESS_NOT_ENABLED).
pub(crate) fn refuse_type_without_service(
    org: &Organization,
    kind: PolicyType,
    settings: &Settings,
) -> Result<(), Refusal> {
    match settings.policy_type_services.get(&kind) {
        Some(principal) if !org.services.contains_key(principal) => {
            let message = format!(
                "policy type {} takes trusted access of `{principal}` first",
                kind.as_str()
            );
            Err(constraint(Constraint::ServiceAccessNotEnabled, message))
        }
        Some(_) | None => Ok(()),
    }
}
