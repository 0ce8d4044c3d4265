//! The `delegated_admin` blocks.

use super::attributes::{Checker, Placed, Reader};
use super::organization::service;
use super::services::{Purpose, trust_needed};
use super::zone;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::value::Thing;
use lz_model::address::{Address, Name};
use lz_model::administration;
use lz_model::desired::{DesiredAccount, DesiredAdmin, DesiredOrganization, Origin};
use lz_model::id::{AccountId, Region, ServicePrincipal};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reads all delegated administrators.
pub(super) fn admins(
    checker: &Checker<'_>,
    organization: Option<&DesiredOrganization>,
    accounts: &BTreeMap<Name, DesiredAccount>,
    management: Option<&AccountId>,
    origins: &mut BTreeMap<Address, Origin>,
) -> BTreeMap<ServicePrincipal, DesiredAdmin> {
    let mut admins = BTreeMap::new();
    let mut places: BTreeMap<ServicePrincipal, Span> = BTreeMap::new();
    let mut trusting = Vec::new();
    let Some(kind) = SPEC.block("delegated_admin") else {
        return admins;
    };
    for block in &checker.world.declared.admins {
        let reader = checker.reader(kind, block.body, None);
        let label = Placed {
            value: Arc::clone(&block.label.text),
            span: block.label.span,
        };
        let service = service(&reader, &label, Purpose::Delegation);
        let found = reader.reference("account");
        let (Some(service), Some(found)) = (service, found) else {
            continue;
        };
        let Thing::Account(account) = &*found.value else {
            continue;
        };
        if let Some(first) = places.insert(service.clone(), label.span) {
            checker.error(
                SpecDiagnostic::new(
                    Code::DuplicateLabel,
                    label.span,
                    format!("`{service}` has two delegated administrators"),
                )
                .here("again here")
                .also(first, "first here")
                .help("keep one of them"),
            );
            continue;
        }
        if !administration::trust_comes_with_administrator(&service) {
            trusting.push((trust_needed(&service), label.span));
        }
        let regions = regions(&reader, &service);
        if let (Some(id), Some(management)) = (
            accounts.get(account).and_then(|account| account.id.as_ref()),
            management,
        ) && id == management
        {
            checker.error(management_refused(found.span));
        }
        origins.insert(
            Address::DelegatedAdmin(service.clone()),
            checker.origin(block.header),
        );
        admins.insert(
            service,
            DesiredAdmin {
                account: account.clone(),
                regions,
            },
        );
    }
    need_trust(checker, &trusting, "a delegated administrator", organization);
    admins
}

/// Reads the Regions of an administrator: only some services have one in each (aws-facts section 6).
fn regions(reader: &Reader<'_, '_>, service: &ServicePrincipal) -> Vec<Region> {
    let regions = zone::regions(reader, "regions");
    let given = reader.attribute("regions").filter(|_| reader.is_given("regions"));
    if let (Some(given), false) = (given, administration::is_regional(service)) {
        let message = format!("`{service}` has no administrators in single Regions");
        reader
            .error(SpecDiagnostic::new(Code::BadValue, given.name.span, message).help("leave `regions` out"));
    }
    regions
}

/// Notes that services lack trusted access (rule R14), if the spec lists those that have it: all of them at once, at the
/// first that needs it.
pub(super) fn need_trust(
    checker: &Checker<'_>,
    needed: &[(ServicePrincipal, Span)],
    who: &str,
    organization: Option<&DesiredOrganization>,
) {
    let Some(organization) = organization else { return };
    let listed = checker
        .world
        .declared
        .organization
        .and_then(|block| block.body.attribute("trusted_services"));
    let Some(listed) = listed else { return };
    let lacking = || {
        let needed = needed.iter();
        needed.filter(|(service, _)| !organization.trusted_services.contains(service))
    };
    let Some((_, first)) = lacking().next() else {
        return;
    };
    let names: BTreeSet<&str> = lacking().map(|(service, _)| service.as_str()).collect();
    let quoted = |quote: &str| {
        let names: Vec<String> = names.iter().map(|name| format!("{quote}{name}{quote}")).collect();
        names.join(", ")
    };
    let verb = if names.len() == 1 { "has" } else { "have" };
    checker.error(
        SpecDiagnostic::new(
            Code::NoTrustedAccess,
            *first,
            format!("{} {verb} no trusted access", quoted("`")),
        )
        .here(format!("{who} needs it"))
        .also(listed.value.span, "not in this list")
        .help(format!(
            "add {} to `trusted_services` of `organization`",
            quoted("\"")
        )),
    );
}

/// The management account cannot be a delegated administrator (rule R14).
fn management_refused(span: Span) -> SpecDiagnostic {
    SpecDiagnostic::new(
        Code::ManagementAccount,
        span,
        "the management account cannot be a delegated administrator",
    )
    .help("name a member account; the management account has the right anyway")
}
