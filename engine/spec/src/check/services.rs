//! Services that take trusted access or a delegated administrator, by their short names.

use lz_model::id::ServicePrincipal;

/// A service: its short name, its principal for trusted access, and for delegation where that differs.
struct Service {
    short: &'static str,
    trusted: &'static str,
    delegate: &'static str,
}

const fn service(short: &'static str, trusted: &'static str) -> Service {
    Service {
        short,
        trusted,
        delegate: trusted,
    }
}

/// aws-facts section 6.
const SERVICES: &[Service] = &[
    service("access-analyzer", "access-analyzer.amazonaws.com"),
    service("account", "account.amazonaws.com"),
    service("auditmanager", "auditmanager.amazonaws.com"),
    service("backup", "backup.amazonaws.com"),
    service("cloudtrail", "cloudtrail.amazonaws.com"),
    service("config", "config.amazonaws.com"),
    service(
        "config-multiaccountsetup",
        "config-multiaccountsetup.amazonaws.com",
    ),
    service("controltower", "controltower.amazonaws.com"),
    service("detective", "detective.amazonaws.com"),
    service("fms", "fms.amazonaws.com"),
    service("guardduty", "guardduty.amazonaws.com"),
    service("iam", "iam.amazonaws.com"),
    service("inspector2", "inspector2.amazonaws.com"),
    service("ipam", "ipam.amazonaws.com"),
    service("macie", "macie.amazonaws.com"),
    service("ram", "ram.amazonaws.com"),
    service("securityhub", "securityhub.amazonaws.com"),
    service("servicecatalog", "servicecatalog.amazonaws.com"),
    service("sso", "sso.amazonaws.com"),
    Service {
        short: "stacksets",
        trusted: "stacksets.cloudformation.amazonaws.com",
        delegate: "member.org.stacksets.cloudformation.amazonaws.com",
    },
];

/// What a principal is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    TrustedAccess,
    Delegation,
}

/// Returns all short names.
pub(super) fn short_names() -> Vec<&'static str> {
    SERVICES.iter().map(|service| service.short).collect()
}

/// Returns the principal of a short name, or of a principal itself. A service that goes by two names may be given by
/// either: AWS lists its trusted access under the one and its administrators under the other.
pub(super) fn principal(written: &str, purpose: Purpose) -> Option<ServicePrincipal> {
    let known = SERVICES
        .iter()
        .find(|service| [service.short, service.trusted, service.delegate].contains(&written));
    let full = known.map_or(written, |service| match purpose {
        Purpose::TrustedAccess => service.trusted,
        Purpose::Delegation => service.delegate,
    });
    full.parse().ok()
}

/// Returns the principal whose trusted access a delegated administrator of this service needs (rule R14).
pub(super) fn trust_needed(delegate: &ServicePrincipal) -> ServicePrincipal {
    SERVICES
        .iter()
        .find(|service| service.delegate == delegate.as_str())
        .and_then(|service| service.trusted.parse().ok())
        .unwrap_or_else(|| delegate.clone())
}
