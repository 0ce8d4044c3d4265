//! The `organization` block.

use super::attributes::{Checker, Placed, Reader};
use super::features;
use super::services::{Purpose, principal, short_names};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::suggest;
use lz_model::address::Address;
use lz_model::desired::{DesiredOrganization, Exclusive, Origin};
use lz_model::id::ServicePrincipal;
use lz_model::policy_type::PolicyType;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads the `organization` block.
pub(super) fn organization(
    checker: &Checker<'_>,
    origins: &mut BTreeMap<Address, Origin>,
) -> Option<DesiredOrganization> {
    let block = checker.world.declared.organization?;
    origins.insert(Address::Organization, checker.origin(block.header));
    let reader = checker.reader(SPEC.block("organization")?, &block.body, None);
    reader.choice("feature_set");
    let mut organization = DesiredOrganization::default();
    for written in reader.choices("policy_types").unwrap_or_default() {
        let Some(policy_type) = PolicyType::from_name(&written.value) else {
            continue;
        };
        if !organization.policy_types.insert(policy_type) {
            twice(&reader, &written);
        }
        origins.insert(Address::PolicyType(policy_type), checker.origin(written.span));
    }
    for written in reader.texts("trusted_services").unwrap_or_default() {
        let Some(service) = service(&reader, &written, Purpose::TrustedAccess) else {
            continue;
        };
        if !organization.trusted_services.insert(service.clone()) {
            twice(&reader, &written);
        }
        origins.insert(Address::TrustedService(service), checker.origin(written.span));
    }
    for written in reader.choices("exclusive").unwrap_or_default() {
        organization.exclusive.extend(exclusive(&written.value));
    }
    organization.root_access = features::root_access(&reader);
    Some(organization)
}

fn exclusive(name: &str) -> Option<Exclusive> {
    match name {
        "trusted_services" => Some(Exclusive::TrustedServices),
        "delegated_admins" => Some(Exclusive::DelegatedAdmins),
        "attachments" => Some(Exclusive::Attachments),
        "policy_types" => Some(Exclusive::PolicyTypes),
        "resource_policy" => Some(Exclusive::ResourcePolicy),
        "baselines" => Some(Exclusive::Baselines),
        "controls" => Some(Exclusive::Controls),
        "assignments" => Some(Exclusive::Assignments),
        _ => None,
    }
}

fn twice(reader: &Reader<'_, '_>, written: &Placed<Arc<str>>) {
    let message = format!("`{}` stands twice", written.value);
    reader.error(SpecDiagnostic::new(Code::BadValue, written.span, message).help("leave one of them out"));
}

/// Reads a service principal or its short name.
pub(super) fn service(
    reader: &Reader<'_, '_>,
    written: &Placed<Arc<str>>,
    purpose: Purpose,
) -> Option<ServicePrincipal> {
    let found = principal(&written.value, purpose);
    if found.is_none() {
        let message = format!("`{}` is not a service principal", written.value);
        let help = suggest::nearest(&written.value, &short_names()).map_or_else(
            || "write the principal, such as `guardduty.amazonaws.com`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        reader.error(SpecDiagnostic::new(Code::BadService, written.span, message).help(help));
    }
    found
}
