//! The services that work with Organizations (aws-facts section 6; Organizations User Guide,
//! "AWS services that you can use with AWS Organizations").

use crate::organizations::Organization;
use crate::organizations::wire::{InputProblem, invalid};
use crate::settings::Settings;
use crate::wire::Refusal;
use crate::world::AccountId;

/// How many delegated administrators a service takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delegates {
    /// It has none.
    None,
    /// It has at most so many.
    AtMost(usize),
    /// No maximum is known.
    Unbounded,
}

use Delegates::{AtMost, Unbounded};

/// Trusted access of StackSets, and the principal that its delegated administrators are registered for.
const STACKSETS: &str = "stacksets.cloudformation.amazonaws.com";
const MEMBER_STACKSETS: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// Known principals, sorted. Maxima from aws-facts 6; where it says UNCONFIRMED for a maximum of one, one.
static PRINCIPALS: &[(&str, Delegates)] = &[
    ("access-analyzer.amazonaws.com", AtMost(1)),
    ("account.amazonaws.com", AtMost(1)),
    ("agreement-marketplace.amazonaws.com", Unbounded),
    ("artifact.amazonaws.com", Delegates::None),
    ("auditmanager.amazonaws.com", AtMost(1)),
    ("aws-artifact-account-sync.amazonaws.com", Delegates::None),
    ("backup.amazonaws.com", Unbounded),
    ("billing-cost-management.amazonaws.com", Unbounded),
    ("bcm-data-exports.amazonaws.com", Unbounded),
    ("bedrock.amazonaws.com", Unbounded),
    ("chatbot.amazonaws.com", Delegates::None),
    ("cloudtrail.amazonaws.com", AtMost(3)),
    ("compute-optimizer.amazonaws.com", AtMost(1)),
    ("config-multiaccountsetup.amazonaws.com", AtMost(3)),
    ("config.amazonaws.com", AtMost(3)),
    ("controltower.amazonaws.com", Delegates::None),
    ("cost-optimization-hub.bcm.amazonaws.com", AtMost(1)),
    ("detective.amazonaws.com", AtMost(1)),
    ("devops-guru.amazonaws.com", AtMost(1)),
    ("ds.amazonaws.com", Delegates::None),
    ("ec2.amazonaws.com", Unbounded),
    ("fms.amazonaws.com", AtMost(10)),
    ("guardduty.amazonaws.com", AtMost(1)),
    ("health.amazonaws.com", AtMost(5)),
    ("iam.amazonaws.com", Unbounded),
    ("inspector2.amazonaws.com", AtMost(1)),
    ("ipam.amazonaws.com", AtMost(1)),
    ("license-manager.amazonaws.com", AtMost(1)),
    ("license-manager.member-account.amazonaws.com", Unbounded),
    ("license-management.marketplace.amazonaws.com", Unbounded),
    ("macie.amazonaws.com", AtMost(1)),
    ("malware-protection.guardduty.amazonaws.com", Delegates::None),
    ("managed-services.amazonaws.com", Unbounded),
    (MEMBER_STACKSETS, AtMost(5)),
    ("network-security-director.amazonaws.com", Unbounded),
    ("networkmanager.amazonaws.com", AtMost(10)),
    ("observabilityadmin.amazonaws.com", AtMost(1)),
    ("ram.amazonaws.com", Delegates::None),
    ("reachabilityanalyzer.networkinsights.amazonaws.com", AtMost(5)),
    ("reporting.trustedadvisor.amazonaws.com", AtMost(5)),
    ("resource-explorer-2.amazonaws.com", AtMost(1)),
    ("securityhub.amazonaws.com", AtMost(1)),
    ("securitylake.amazonaws.com", AtMost(1)),
    ("security-ir.amazonaws.com", AtMost(1)),
    ("servicecatalog.amazonaws.com", AtMost(50)),
    ("servicequotas.amazonaws.com", Delegates::None),
    ("sso.amazonaws.com", AtMost(1)),
    ("ssm-quicksetup.amazonaws.com", AtMost(1)),
    ("ssm.amazonaws.com", AtMost(1)),
    (STACKSETS, Delegates::None),
    ("storage-lens.s3.amazonaws.com", AtMost(5)),
    ("tagpolicies.tag.amazonaws.com", Unbounded),
    ("upgrade-rollout.amazonaws.com", Unbounded),
    ("user-subscriptions.amazonaws.com", Unbounded),
    ("wellarchitected.amazonaws.com", Delegates::None),
];

fn delegates(principal: &str, settings: &Settings) -> Option<Delegates> {
    if let Some(most) = settings.delegated_administrators.get(principal) {
        return Some(AtMost(*most));
    }
    let known = PRINCIPALS
        .iter()
        .find(|(name, _)| *name == principal)
        .map(|(_, delegates)| *delegates);
    known.or_else(|| {
        settings
            .more_service_principals
            .contains(principal)
            .then_some(Unbounded)
    })
}

fn unrecognized(principal: &str) -> Refusal {
    let message = format!("You specified an unrecognized service principal: `{principal}`");
    invalid(InputProblem::UnrecognizedServicePrincipal, message)
}

/// A principal must be one that works with Organizations (aws-facts 1.5, UNRECOGNIZED_SERVICE_PRINCIPAL).
pub(crate) fn refuse_unknown(principal: &str, settings: &Settings) -> Result<(), Refusal> {
    delegates(principal, settings)
        .map(|_| ())
        .ok_or_else(|| unrecognized(principal))
}

/// Some services switch their access themselves only (aws-facts 6, VPC IPAM).
pub(crate) fn refuse_own_access_only(principal: &str, settings: &Settings) -> Result<(), Refusal> {
    if settings.own_access_only.contains(principal) {
        Err(unrecognized(principal))
    } else {
        Ok(())
    }
}

/// A principal must be one that takes delegated administrators (aws-facts 1.5, UNRECOGNIZED_SERVICE_PRINCIPAL).
pub(crate) fn refuse_undelegable(principal: &str, settings: &Settings) -> Result<(), Refusal> {
    match delegates(principal, settings) {
        Some(AtMost(_) | Unbounded) => Ok(()),
        Some(Delegates::None) | None => Err(unrecognized(principal)),
    }
}

/// Returns the most delegated administrators that a service takes, if there is a maximum.
pub(crate) fn most_delegates(principal: &str, settings: &Settings) -> Option<usize> {
    match delegates(principal, settings) {
        Some(AtMost(most)) => Some(most),
        Some(Unbounded | Delegates::None) | None => None,
    }
}

/// Returns the trusted access of which one must be on before a delegated administrator is registered.
/// StackSets have two names (aws-facts R22).
pub(crate) fn access_for(principal: &str) -> Vec<&str> {
    match principal {
        MEMBER_STACKSETS => vec![STACKSETS, MEMBER_STACKSETS],
        other => vec![other],
    }
}

/// Returns the delegated administrators, with their principals, that need this trusted access.
pub(crate) fn delegates_through(org: &Organization, access: &str) -> Vec<(AccountId, String)> {
    let needs = |principal: &str| {
        let ways = access_for(principal);
        ways.contains(&access)
            && !ways
                .iter()
                .any(|way| *way != access && org.services.contains_key(*way))
    };
    let all = org
        .delegations
        .iter()
        .flat_map(|(id, services)| services.keys().map(move |name| (id, name)));
    all.filter(|(_, name)| needs(name))
        .map(|(id, name)| (id.clone(), name.clone()))
        .collect()
}
