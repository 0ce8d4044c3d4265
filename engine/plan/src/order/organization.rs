//! Rules about the organization, trusted access and administrators.

use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::service;
use lz_model::id::ServicePrincipal;
use lz_model::plan::Action;
use lz_model::policy_type::PolicyType;
use lz_model::rule::Rule;

/// R1: an organization before everything that lives in it.
pub(super) fn organization_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let creates = |action: &Action| matches!(action, Action::CreateOrganization {}).then_some(());
    for (first, ..) in steps.picked(creates) {
        edges.extend(
            steps
                .iter()
                .map(|(then, _)| (first, then, Rule::OrganizationFirst)),
        );
    }
}

/// R14, R16: trusted access before an administrator is registered, a policy type of the service is switched
/// on, or Account Management renames a member.
pub(super) fn trusted_access_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let enabled = |action: &Action| enabled_service(action).cloned();
    for (first, _, service) in steps.picked(enabled) {
        for (then, draft) in steps.iter() {
            if needs(&draft.step.action, &service) {
                edges.insert((first, then, Rule::TrustedAccessFirst));
            }
        }
    }
}

fn enabled_service(action: &Action) -> Option<&ServicePrincipal> {
    if let Action::EnableTrustedService { service } = action {
        Some(service)
    } else {
        None
    }
}

fn needs(action: &Action, trusted: &ServicePrincipal) -> bool {
    if let Action::RegisterAdmin { service, .. } = action {
        return service::trusted_principal(service) == *trusted;
    }
    if let Action::EnablePolicyType { policy_type, .. } = action {
        return service_of(*policy_type) == Some(trusted.as_str());
    }
    matches!(action, Action::RenameAccount { .. }) && trusted.as_str() == "account.amazonaws.com"
}

/// Returns the service whose trusted access a policy type needs or may need (R16; only Security Hub's is
/// confirmed, the others are ordered all the same because it costs nothing).
fn service_of(policy_type: PolicyType) -> Option<&'static str> {
    match policy_type {
        PolicyType::SecurityHub => Some("securityhub.amazonaws.com"),
        PolicyType::Inspector => Some("inspector2.amazonaws.com"),
        PolicyType::Backup => Some("backup.amazonaws.com"),
        PolicyType::Chat => Some("chatbot.amazonaws.com"),
        PolicyType::Ec2 => Some("ec2.amazonaws.com"),
        PolicyType::Bedrock => Some("bedrock.amazonaws.com"),
        PolicyType::NetworkSecurityDirector => Some("network-security-director.amazonaws.com"),
        PolicyType::Tag => Some("tagpolicies.tag.amazonaws.com"),
        PolicyType::Scp
        | PolicyType::Rcp
        | PolicyType::AiOptOut
        | PolicyType::UpgradeRollout
        | PolicyType::S3 => None,
    }
}

/// R15: administrators and policy types of a service go before its trusted access.
pub(super) fn dependents_before_trust(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let disabled = |action: &Action| disabled_service(action).cloned();
    for (then, _, trusted) in steps.picked(disabled) {
        for (first, draft) in steps.iter() {
            let depends = if let Action::DeregisterAdmin { service, .. } = &draft.step.action {
                service::trusted_principal(service) == trusted
            } else if let Action::DisablePolicyType { policy_type, .. } = &draft.step.action {
                service_of(*policy_type) == Some(trusted.as_str())
            } else {
                false
            };
            if depends {
                edges.insert((first, then, Rule::DependentsBeforeTrust));
            }
        }
    }
}

fn disabled_service(action: &Action) -> Option<&ServicePrincipal> {
    if let Action::DisableTrustedService { service } = action {
        Some(service)
    } else {
        None
    }
}

/// A service that takes one administrator loses the old one first; another gets the new one first.
pub(super) fn administrators_in_turn(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let registered = |action: &Action| {
        if let Action::RegisterAdmin { service, regions, .. } = action {
            Some((service.clone(), service::has_one_seat(service, regions)))
        } else {
            None
        }
    };
    for (register, _, (service, one)) in steps.picked(registered) {
        for (deregister, draft) in steps.iter() {
            let Action::DeregisterAdmin { service: other, .. } = &draft.step.action else {
                continue;
            };
            if *other != service {
                continue;
            }
            edges.insert(if one {
                (deregister, register, Rule::OneAdministrator)
            } else {
                (register, deregister, Rule::RegisterBeforeDeregister)
            });
        }
    }
}
