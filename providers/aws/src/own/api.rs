//! The calls by which services name their administrators (aws-facts section 6; paths and members: service models).

use crate::operation::Operation;
use lz_model::id::ServicePrincipal;

/// Where a service is found and what its signatures are for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Host {
    /// What the name of the endpoint begins with.
    pub(crate) prefix: &'static str,
    /// The name in signatures.
    pub(crate) signing: &'static str,
    /// Whether the partition has one endpoint for all Regions.
    pub(crate) is_global: bool,
}

const fn host(name: &'static str) -> Host {
    Host {
        prefix: name,
        signing: name,
        is_global: false,
    }
}

/// How a service wants to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    /// JSON, by path and method.
    Rest,
    /// JSON 1.1, by this prefix of the target.
    Json(&'static str),
    /// The Query protocol, by this version of the API.
    Query(&'static str),
}

/// Where a call holds the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// In the body, as this member.
    Body(&'static str),
    /// In the path, as this parameter.
    Path(&'static str),
    /// Nowhere.
    None,
}

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) operation: Operation,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) account: Slot,
}

/// How the administrator of a Region is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// A list with a member for the account, and one for its state where only `ENABLED` counts.
    List {
        route: Route,
        list: &'static str,
        account: &'static str,
        status: Option<&'static str>,
    },
    /// One account, or the refusal that there is none.
    One { route: Route, account: &'static str },
    /// The list of Organizations.
    Organizations,
}

/// A service's calls.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) principal: &'static str,
    pub(crate) host: Host,
    pub(crate) speech: Speech,
    pub(crate) enable: Route,
    pub(crate) disable: Route,
    pub(crate) look: Look,
}

const fn route(operation: Operation, method: &'static str, path: &'static str, account: Slot) -> Route {
    Route {
        operation,
        method,
        path,
        account,
    }
}

const fn post(operation: Operation, path: &'static str, account: Slot) -> Route {
    route(operation, "POST", path, account)
}

const fn list(route: Route, list: &'static str, account: &'static str, status: Option<&'static str>) -> Look {
    Look::List {
        route,
        list,
        account,
        status,
    }
}

static APIS: [Api; 9] = [
    Api {
        principal: "auditmanager.amazonaws.com",
        host: host("auditmanager"),
        speech: Speech::Rest,
        enable: post(
            Operation::AuditManagerEnable,
            "/account/registerOrganizationAdminAccount",
            Slot::Body("adminAccountId"),
        ),
        disable: post(
            Operation::AuditManagerDisable,
            "/account/deregisterOrganizationAdminAccount",
            Slot::Body("adminAccountId"),
        ),
        look: Look::One {
            route: route(
                Operation::AuditManagerLook,
                "GET",
                "/account/organizationAdminAccount",
                Slot::None,
            ),
            account: "adminAccountId",
        },
    },
    Api {
        principal: "cloudtrail.amazonaws.com",
        host: host("cloudtrail"),
        speech: Speech::Json("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"),
        enable: post(Operation::CloudTrailEnable, "/", Slot::Body("MemberAccountId")),
        disable: post(
            Operation::CloudTrailDisable,
            "/",
            Slot::Body("DelegatedAdminAccountId"),
        ),
        look: Look::Organizations,
    },
    Api {
        principal: "detective.amazonaws.com",
        host: Host {
            prefix: "api.detective",
            signing: "detective",
            is_global: false,
        },
        speech: Speech::Rest,
        enable: post(
            Operation::DetectiveEnable,
            "/orgs/enableAdminAccount",
            Slot::Body("AccountId"),
        ),
        disable: post(
            Operation::DetectiveDisable,
            "/orgs/disableAdminAccount",
            Slot::None,
        ),
        look: list(
            post(Operation::DetectiveLook, "/orgs/adminAccountslist", Slot::None),
            "Administrators",
            "AccountId",
            None,
        ),
    },
    Api {
        principal: "fms.amazonaws.com",
        host: host("fms"),
        speech: Speech::Json("AWSFMS_20180101"),
        enable: post(Operation::FirewallEnable, "/", Slot::Body("AdminAccount")),
        disable: post(Operation::FirewallDisable, "/", Slot::None),
        look: Look::One {
            route: post(Operation::FirewallLook, "/", Slot::None),
            account: "AdminAccount",
        },
    },
    Api {
        principal: "guardduty.amazonaws.com",
        host: host("guardduty"),
        speech: Speech::Rest,
        enable: post(
            Operation::GuardDutyEnable,
            "/admin/enable",
            Slot::Body("adminAccountId"),
        ),
        disable: post(
            Operation::GuardDutyDisable,
            "/admin/disable",
            Slot::Body("adminAccountId"),
        ),
        look: list(
            route(Operation::GuardDutyLook, "GET", "/admin", Slot::None),
            "adminAccounts",
            "adminAccountId",
            Some("adminStatus"),
        ),
    },
    Api {
        principal: "inspector2.amazonaws.com",
        host: host("inspector2"),
        speech: Speech::Rest,
        enable: post(
            Operation::InspectorEnable,
            "/delegatedadminaccounts/enable",
            Slot::Body("delegatedAdminAccountId"),
        ),
        disable: post(
            Operation::InspectorDisable,
            "/delegatedadminaccounts/disable",
            Slot::Body("delegatedAdminAccountId"),
        ),
        look: list(
            post(
                Operation::InspectorLook,
                "/delegatedadminaccounts/list",
                Slot::None,
            ),
            "delegatedAdminAccounts",
            "accountId",
            Some("status"),
        ),
    },
    Api {
        principal: "ipam.amazonaws.com",
        host: host("ec2"),
        speech: Speech::Query("2016-11-15"),
        enable: post(Operation::IpamEnable, "/", Slot::Body("DelegatedAdminAccountId")),
        disable: post(Operation::IpamDisable, "/", Slot::Body("DelegatedAdminAccountId")),
        look: Look::Organizations,
    },
    Api {
        principal: "macie.amazonaws.com",
        host: host("macie2"),
        speech: Speech::Rest,
        enable: post(Operation::MacieEnable, "/admin", Slot::Body("adminAccountId")),
        disable: route(
            Operation::MacieDisable,
            "DELETE",
            "/admin",
            Slot::Path("adminAccountId"),
        ),
        look: list(
            route(Operation::MacieLook, "GET", "/admin", Slot::None),
            "adminAccounts",
            "accountId",
            Some("status"),
        ),
    },
    Api {
        principal: "securityhub.amazonaws.com",
        host: host("securityhub"),
        speech: Speech::Rest,
        enable: post(
            Operation::SecurityHubEnable,
            "/organization/admin/enable",
            Slot::Body("AdminAccountId"),
        ),
        disable: post(
            Operation::SecurityHubDisable,
            "/organization/admin/disable",
            Slot::Body("AdminAccountId"),
        ),
        look: list(
            route(
                Operation::SecurityHubLook,
                "GET",
                "/organization/admin",
                Slot::None,
            ),
            "AdminAccounts",
            "AccountId",
            Some("Status"),
        ),
    },
];

impl Api {
    /// Returns whether the service tells of one administrator at most.
    pub(crate) const fn is_single(&self) -> bool {
        match self.look {
            Look::List { .. } | Look::One { .. } => true,
            Look::Organizations => false,
        }
    }
}

/// Returns the calls of a service; `None` where it has none of its own.
pub(crate) fn api(service: &ServicePrincipal) -> Option<&'static Api> {
    APIS.iter().find(|api| api.principal == service.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::administration::{self, Told};

    #[test]
    fn the_calls_are_those_of_the_services_that_the_planner_knows() {
        for api in &APIS {
            let own = administration::own(&api.principal.parse().unwrap()).unwrap();
            let told_by_service = api.look != Look::Organizations;
            assert_eq!(own.told == Told::ByService, told_by_service, "{}", api.principal);
        }
        assert_eq!(APIS.len(), administration::principals().count());
    }
}
