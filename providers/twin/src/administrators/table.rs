//! The operations of these services. No rate is published, so there are no buckets.

use super::{analyzer, backup, cloudtrail, firewall, ipam, regional, sharing};
use crate::neighbour::{operation, route};
use crate::wire::Run::{Read, Write};
use crate::wire::{Field, Operation, Route};

const PAGE: &[Field] = &[Field::Number("maxResults"), Field::Text("nextToken")];

/// GuardDuty.
pub(crate) static GUARDDUTY: &[Route] = &[
    route!(
        GuardDuty,
        "guardduty",
        "POST",
        "/admin/enable",
        &[],
        "EnableOrganizationAdminAccount",
        Write(regional::guardduty_enable)
    ),
    route!(
        GuardDuty,
        "guardduty",
        "POST",
        "/admin/disable",
        &[],
        "DisableOrganizationAdminAccount",
        Write(regional::guardduty_disable)
    ),
    route!(
        GuardDuty,
        "guardduty",
        "GET",
        "/admin",
        PAGE,
        "ListOrganizationAdminAccounts",
        Read(regional::guardduty_list)
    ),
];

/// Security Hub.
pub(crate) static SECURITYHUB: &[Route] = &[
    route!(
        SecurityHub,
        "securityhub",
        "POST",
        "/organization/admin/enable",
        &[],
        "EnableOrganizationAdminAccount",
        Write(regional::securityhub_enable)
    ),
    route!(
        SecurityHub,
        "securityhub",
        "POST",
        "/organization/admin/disable",
        &[],
        "DisableOrganizationAdminAccount",
        Write(regional::securityhub_disable)
    ),
    route!(
        SecurityHub,
        "securityhub",
        "GET",
        "/organization/admin",
        &[
            Field::Number("MaxResults"),
            Field::Text("NextToken"),
            Field::Text("Feature")
        ],
        "ListOrganizationAdminAccounts",
        Read(regional::securityhub_list)
    ),
];

/// Macie.
pub(crate) static MACIE: &[Route] = &[
    route!(
        Macie,
        "macie2",
        "POST",
        "/admin",
        &[],
        "EnableOrganizationAdminAccount",
        Write(regional::macie_enable)
    ),
    route!(
        Macie,
        "macie2",
        "DELETE",
        "/admin",
        &[Field::Text("adminAccountId")],
        "DisableOrganizationAdminAccount",
        Write(regional::macie_disable)
    ),
    route!(
        Macie,
        "macie2",
        "GET",
        "/admin",
        PAGE,
        "ListOrganizationAdminAccounts",
        Read(regional::macie_list)
    ),
];

/// Detective.
pub(crate) static DETECTIVE: &[Route] = &[
    route!(
        Detective,
        "detective",
        "POST",
        "/orgs/enableAdminAccount",
        &[],
        "EnableOrganizationAdminAccount",
        Write(regional::detective_enable)
    ),
    route!(
        Detective,
        "detective",
        "POST",
        "/orgs/disableAdminAccount",
        &[],
        "DisableOrganizationAdminAccount",
        Write(regional::detective_disable)
    ),
    route!(
        Detective,
        "detective",
        "POST",
        "/orgs/adminAccountslist",
        &[],
        "ListOrganizationAdminAccounts",
        Read(regional::detective_list)
    ),
];

/// Inspector.
pub(crate) static INSPECTOR: &[Route] = &[
    route!(
        Inspector,
        "inspector2",
        "POST",
        "/delegatedadminaccounts/enable",
        &[],
        "EnableDelegatedAdminAccount",
        Write(regional::inspector_enable)
    ),
    route!(
        Inspector,
        "inspector2",
        "POST",
        "/delegatedadminaccounts/disable",
        &[],
        "DisableDelegatedAdminAccount",
        Write(regional::inspector_disable)
    ),
    route!(
        Inspector,
        "inspector2",
        "POST",
        "/delegatedadminaccounts/list",
        &[],
        "ListDelegatedAdminAccounts",
        Read(regional::inspector_list)
    ),
    route!(
        Inspector,
        "inspector2",
        "POST",
        "/delegatedadminaccounts/get",
        &[],
        "GetDelegatedAdminAccount",
        Read(regional::inspector_get)
    ),
];

/// Audit Manager.
pub(crate) static AUDIT: &[Route] = &[
    route!(
        AuditManager,
        "auditmanager",
        "POST",
        "/account/registerOrganizationAdminAccount",
        &[],
        "RegisterOrganizationAdminAccount",
        Write(regional::audit_register)
    ),
    route!(
        AuditManager,
        "auditmanager",
        "POST",
        "/account/deregisterOrganizationAdminAccount",
        &[],
        "DeregisterOrganizationAdminAccount",
        Write(regional::audit_deregister)
    ),
    route!(
        AuditManager,
        "auditmanager",
        "GET",
        "/account/organizationAdminAccount",
        &[],
        "GetOrganizationAdminAccount",
        Read(regional::audit_get)
    ),
];

/// Resource Access Manager.
pub(crate) static SHARING: &[Route] = &[route!(
    Ram,
    "ram",
    "POST",
    "/enablesharingwithawsorganization",
    &[],
    "EnableSharingWithAwsOrganization",
    Write(sharing::ram_enable)
)];

/// AWS Backup.
pub(crate) static BACKUP: &[Route] = &[
    route!(
        Backup,
        "backup",
        "PUT",
        "/global-settings",
        &[],
        "UpdateGlobalSettings",
        Write(backup::update)
    ),
    route!(
        Backup,
        "backup",
        "GET",
        "/global-settings",
        &[],
        "DescribeGlobalSettings",
        Read(backup::describe)
    ),
];

/// Access Analyzer.
pub(crate) static ANALYZER: &[Route] = &[
    route!(
        AccessAnalyzer,
        "accessanalyzer",
        "PUT",
        "/analyzer",
        &[],
        "CreateAnalyzer",
        Write(analyzer::create)
    ),
    route!(
        AccessAnalyzer,
        "accessanalyzer",
        "GET",
        "/analyzer/{analyzerName}",
        &[],
        "GetAnalyzer",
        Read(analyzer::get)
    ),
    route!(
        AccessAnalyzer,
        "accessanalyzer",
        "GET",
        "/analyzer",
        &[
            Field::Number("maxResults"),
            Field::Text("nextToken"),
            Field::Text("type")
        ],
        "ListAnalyzers",
        Read(analyzer::list)
    ),
    route!(
        AccessAnalyzer,
        "accessanalyzer",
        "DELETE",
        "/analyzer/{analyzerName}",
        &[],
        "DeleteAnalyzer",
        Write(analyzer::delete)
    ),
];

/// Firewall Manager.
pub(crate) static FIREWALL: &[Operation] = &[
    operation!(
        FirewallManager,
        "fms",
        "AssociateAdminAccount",
        Write(firewall::associate)
    ),
    operation!(
        FirewallManager,
        "fms",
        "DisassociateAdminAccount",
        Write(firewall::disassociate)
    ),
    operation!(FirewallManager, "fms", "GetAdminAccount", Read(firewall::get)),
    operation!(FirewallManager, "fms", "GetAdminScope", Read(firewall::scope)),
    operation!(
        FirewallManager,
        "fms",
        "ListAdminAccountsForOrganization",
        Read(firewall::list)
    ),
    operation!(
        FirewallManager,
        "fms",
        "ListAdminsManagingAccount",
        Read(firewall::managing)
    ),
    operation!(FirewallManager, "fms", "PutAdminAccount", Write(firewall::put)),
];

/// CloudTrail.
pub(crate) static CLOUDTRAIL: &[Operation] = &[
    operation!(
        CloudTrail,
        "cloudtrail",
        "DeregisterOrganizationDelegatedAdmin",
        Write(cloudtrail::deregister)
    ),
    operation!(
        CloudTrail,
        "cloudtrail",
        "RegisterOrganizationDelegatedAdmin",
        Write(cloudtrail::register)
    ),
];

/// Service Catalog.
pub(crate) static CATALOG: &[Operation] = &[
    operation!(
        ServiceCatalog,
        "servicecatalog",
        "DisableAWSOrganizationsAccess",
        Write(sharing::catalog_disable)
    ),
    operation!(
        ServiceCatalog,
        "servicecatalog",
        "EnableAWSOrganizationsAccess",
        Write(sharing::catalog_enable)
    ),
    operation!(
        ServiceCatalog,
        "servicecatalog",
        "GetAWSOrganizationsAccessStatus",
        Read(sharing::catalog_status)
    ),
];

/// EC2.
pub(crate) static EC2: &[Operation] = &[
    operation!(
        Ec2,
        "ec2",
        "DisableIpamOrganizationAdminAccount",
        Write(ipam::disable)
    ),
    operation!(
        Ec2,
        "ec2",
        "EnableIpamOrganizationAdminAccount",
        Write(ipam::enable)
    ),
];
