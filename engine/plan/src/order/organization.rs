//! Rules about the organization, trusted access and administrators.

use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::entity::Entity;
use crate::service;
use lz_model::id::ServicePrincipal;
use lz_model::plan::{Action, SettingsWork};
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

/// A service is called in a Region that is on: in the management account, which calls, and in the account that it names
/// (Account Management Reference Guide, "Enable or disable AWS Regions in your account").
pub(super) fn region_first(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let enabled = |action: &Action| {
        if let Action::Settings(SettingsWork::EnableRegion { region, .. }) = action {
            Some(region.clone())
        } else {
            None
        }
    };
    let management = context
        .live
        .map(|live| Entity::Account(live.management_account.clone()));
    for (first, of, region) in steps.picked(enabled) {
        for (then, draft) in steps.iter() {
            let Action::RegisterAdmin { regions, .. } = &draft.step.action else {
                continue;
            };
            let concerns = of.entity == draft.entity || of.entity == management;
            if concerns && regions.contains(&region) {
                edges.insert((first, then, Rule::RegionFirst));
            }
        }
    }
}

/// Where a service loses its administrator before it gets the next, whatever the next waits for is done before:
/// if its account cannot be made, say, the old administrator stays.
pub(super) fn successor_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let handed_over: Vec<(usize, usize)> = edges
        .iter()
        .filter(|(_, _, rule)| *rule == Rule::OneAdministrator)
        .map(|(deregister, register, _)| (*deregister, *register))
        .collect();
    for (deregister, register) in handed_over {
        let awaited: Vec<usize> = edges
            .iter()
            .filter(|(_, then, rule)| *then == register && *rule != Rule::OneAdministrator)
            .map(|(first, ..)| *first)
            .collect();
        let successor = steps.list.get(register).and_then(|draft| draft.entity.as_ref());
        let moves = steps.iter().filter(|(_, draft)| {
            matches!(draft.step.action, Action::MoveAccount { .. }) && draft.entity.as_ref() == successor
        });
        let before = awaited.into_iter().chain(moves.map(|(index, _)| index));
        edges.extend(before.map(|first| (first, deregister, Rule::SuccessorFirst)));
    }
}
