//! What lz knows of services that work with Organizations (aws-facts section 6).

use lz_model::administration::{self, Most};
use lz_model::id::{Region, ServicePrincipal};

/// Services that take one delegated administrator (aws-facts section 6; those marked unconfirmed there
/// are not listed: a second administrator is then AWS's to refuse).
const ONE_ADMIN: [&str; 6] = [
    "account.amazonaws.com",
    "detective.amazonaws.com",
    "guardduty.amazonaws.com",
    "macie.amazonaws.com",
    "securityhub.amazonaws.com",
    "sso.amazonaws.com",
];

/// Returns whether a service takes only one delegated administrator.
pub(crate) fn takes_one_admin(service: &ServicePrincipal) -> bool {
    ONE_ADMIN.contains(&service.as_str())
}

/// Returns whether the old administrator goes before the new one comes: where the service's own call names one
/// administrator (in `regions`), or where Organizations takes one only.
pub(crate) fn has_one_seat(service: &ServicePrincipal, regions: &[Region]) -> bool {
    match administration::own(service) {
        Some(own) if !regions.is_empty() => own.most != Most::Several,
        Some(_) | None => takes_one_admin(service),
    }
}

/// Returns the principal that needs trusted access before an administrator is registered for `service`.
///
/// StackSets delegates under a member name of its own (rule R22).
pub(crate) fn trusted_principal(service: &ServicePrincipal) -> ServicePrincipal {
    let name = service
        .as_str()
        .strip_prefix("member.org.")
        .unwrap_or(service.as_str());
    name.parse().unwrap_or_else(|_| service.clone())
}

/// Returns whether a service is CloudFormation StackSets, under either of its names (rules R21 and R22).
pub(crate) fn is_stack_sets(service: &ServicePrincipal) -> bool {
    trusted_principal(service).as_str() == "stacksets.cloudformation.amazonaws.com"
}
