//! The organization itself: its existence, trusted access, policy types.

use super::features;
use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::administration;
use lz_model::desired::Exclusive;
use lz_model::id::ServicePrincipal;
use lz_model::live::PolicyTypeStatus;
use lz_model::plan::{Action, Reason, Severity};
use lz_model::policy_type::PolicyType;
use lz_model::root_access::RootFeature;
use lz_policy::guard::Effect;

use crate::entity::Entity;

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    if context.live.is_none() {
        create(context, drafts, problems);
    }
    refuse_without_all_features(context, problems);
    trusted_services(context, drafts, problems);
    features::diff(context, drafts, problems);
    policy_types(context, drafts);
}

fn create(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    if context.desired.organization.is_none() {
        problems.add(
            "no_organization",
            None,
            "the account is in no organization, and the spec does not ask for one",
            "add an `organization {}` block to let lz create it, or use the management account's credentials",
        );
        return;
    }
    let action = Action::CreateOrganization {};
    drafts.push(Draft::new(
        context.desired,
        Address::Organization,
        "create",
        action,
        Reason::Missing {},
    ));
}

/// R1: policies, and closing accounts, need all features (aws-facts section 2).
fn refuse_without_all_features(context: &Context<'_>, problems: &mut Problems<'_>) {
    if context.live.is_some_and(|live| !live.all_features) {
        problems.add(
            "consolidated_billing_only",
            Address::Organization,
            "the organization has consolidated billing only; policies and much else need all features",
            "enable all features in the Organizations console: every invited account must agree (rule R1)",
        );
    }
}

fn trusted_services(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let Some(wanted) = &context.desired.organization else {
        return;
    };
    let has = |service| {
        context
            .live
            .is_some_and(|live| live.trusted_services.contains(service))
    };
    for service in wanted.trusted_services.iter().filter(|service| !has(service)) {
        if administration::trust_comes_with_administrator(service) {
            refuse_without_administrator(context, service, problems);
            continue;
        }
        let action = Action::EnableTrustedService {
            service: service.clone(),
        };
        let address = Address::TrustedService(service.clone());
        drafts.push(Draft::new(
            context.desired,
            address,
            "enable",
            action,
            Reason::Missing {},
        ));
    }
    if !wanted.exclusive.contains(&Exclusive::TrustedServices) {
        return;
    }
    for service in context.live.iter().flat_map(|live| &live.trusted_services) {
        let comes_along = administration::trust_comes_with_administrator(service)
            && context.desired.delegated_admins.contains_key(service);
        if wanted.trusted_services.contains(service) || comes_along || is_control_towers(context, service) {
            continue;
        }
        note_loss(context, service, drafts);
        let action = Action::DisableTrustedService {
            service: service.clone(),
        };
        let address = Address::TrustedService(service.clone());
        drafts.push(Draft::new(
            context.desired,
            address,
            "disable",
            action,
            Reason::NotListed {},
        ));
    }
}

/// Trusted access that Control Tower gives itself and its helpers is its own: without it only a reset repairs the
/// landing zone (rule R38). Config's goes before there is one (rule R28).
fn is_control_towers(context: &Context<'_>, service: &ServicePrincipal) -> bool {
    let tower = context.live.and_then(|live| live.tower.as_ref());
    let has_zone = tower.is_some_and(|tower| tower.landing_zone.is_some());
    service.as_str() == "controltower.amazonaws.com"
        || has_zone
            && matches!(
                service.as_str(),
                "cloudtrail.amazonaws.com"
                    | "config.amazonaws.com"
                    | "sso.amazonaws.com"
                    | "member.org.stacksets.cloudformation.amazonaws.com"
            )
}

/// What some services do when they lose their trusted access is more than to stop (rule R40, and Organizations User
/// Guide, "AWS CloudTrail and AWS Organizations", "AWS IAM Identity Center and AWS Organizations").
fn note_loss(context: &Context<'_>, service: &ServicePrincipal, drafts: &mut Drafts) {
    let features: Vec<&str> = features::unmentioned(context).map(RootFeature::name).collect();
    let root_access = format!(
        "central root access goes too ({}), and with it the right to look after the root users of members",
        features.join(" and ")
    );
    let loss = match service.as_str() {
        features::ROOT_SERVICE if !features.is_empty() => root_access.as_str(),
        "cloudtrail.amazonaws.com" => {
            "AWS deletes the organization's trails in all member accounts (rule R40)"
        }
        "sso.amazonaws.com" => "nobody signs in to member accounts through IAM Identity Center any more",
        _ => return,
    };
    drafts.note(
        Severity::Consent,
        "trusted_access_lost",
        Address::TrustedService(service.clone()),
        format!("with the trusted access of `{service}`, {loss}"),
    );
}

/// Trusted access of VPC IPAM comes with its administrator and in no other way (aws-facts section 6).
fn refuse_without_administrator(
    context: &Context<'_>,
    service: &ServicePrincipal,
    problems: &mut Problems<'_>,
) {
    if context.desired.delegated_admins.contains_key(service) {
        return;
    }
    problems.add(
        "trust_needs_administrator",
        Address::TrustedService(service.clone()),
        format!("`{service}` gets trusted access only together with a delegated administrator"),
        format!("add this block: delegated_admin \"{service}\" {{ account = account.<label> }}"),
    );
}

fn policy_types(context: &Context<'_>, drafts: &mut Drafts) {
    let Some(wanted) = &context.desired.organization else {
        return;
    };
    let status = |t: PolicyType| {
        context
            .live
            .and_then(|live| live.root.policy_types.get(&t))
            .copied()
    };
    for policy_type in &wanted.policy_types {
        match status(*policy_type) {
            Some(PolicyTypeStatus::Enabled) => continue,
            Some(PolicyTypeStatus::PendingEnable) | None => {}
            Some(PolicyTypeStatus::PendingDisable) => drafts.note(
                Severity::Warning,
                "policy_type_pending",
                Address::PolicyType(*policy_type),
                format!(
                    "policy type {policy_type} is being switched off right now; it will be switched on again"
                ),
            ),
        }
        let action = Action::EnablePolicyType {
            policy_type: *policy_type,
            root: context.root(),
        };
        let address = Address::PolicyType(*policy_type);
        drafts.push(Draft::new(
            context.desired,
            address,
            "enable",
            action,
            Reason::Missing {},
        ));
    }
    if !wanted.exclusive.contains(&Exclusive::PolicyTypes) {
        return;
    }
    for policy_type in context.live.iter().flat_map(|live| live.root.policy_types.keys()) {
        if wanted.policy_types.contains(policy_type) {
            continue;
        }
        let action = Action::DisablePolicyType {
            policy_type: *policy_type,
            root: context.root(),
        };
        let address = Address::PolicyType(*policy_type);
        let effect = policy_type.guards().then_some(Effect::Loosen);
        drafts.push(
            Draft::new(context.desired, address, "disable", action, Reason::NotListed {})
                .guard(effect, vec![Entity::Root]),
        );
    }
}
