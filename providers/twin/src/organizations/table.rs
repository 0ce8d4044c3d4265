//! Every operation of Organizations that the twin has, with its caller and its buckets.
//!
//! Left out: CreateGovCloudAccount and the responsibility transfers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::calls::{
    account, creation, delegation, effective, handshake, organization, policy, policy_type, resource_policy,
    service, tag, target, unit,
};
use crate::settings::Rate;
use crate::wire::Access::{Management, ManagementOrDelegate, ManagementOrGranted, Member};
use crate::wire::Run::{self, OrgRead, OrgWrite, Read, Write};
use crate::wire::{Operation, Service, bucket, buckets};

/// What `X-Amz-Target` begins with.
pub(crate) const TARGET: &str = "AWSOrganizationsV20161128";

/// Writes one row: name, how it runs, buckets (aws-facts 1.3), and the first API of its row on AWS's page.
macro_rules! operation {
    ($name:literal, $run:expr, $rate:expr, $row:literal) => {
        Operation {
            service: Service::Organizations,
            name: $name,
            full_name: concat!("organizations:", $name),
            run: $run,
            rate: $rate,
            row: concat!("organizations:", $row),
        }
    };
    ($name:literal, $run:expr, $rate:expr) => {
        operation!($name, $run, $rate, $name)
    };
}

/// No bucket is published (aws-facts 1.3: UNCONFIRMED).
const UNKNOWN: Option<Rate> = None;

/// The operations by name.
pub(crate) static OPERATIONS: &[Operation] = &[
    operation!(
        "AcceptHandshake",
        Write(handshake::accept),
        buckets(1.0, 2.0, 5.0, 5.0)
    ),
    operation!(
        "AttachPolicy",
        granted(policy::attach),
        bucket(2.0, 3.0),
        "CreatePolicy"
    ),
    operation!("CancelHandshake", Write(handshake::cancel), bucket(2.0, 3.0)),
    operation!("CloseAccount", managed(account::close), bucket(0.05, 1.0)),
    operation!("CreateAccount", managed(creation::create), bucket(0.1, 3.0)),
    operation!(
        "CreateOrganization",
        Write(organization::create),
        bucket(1.0, 1.0)
    ),
    operation!(
        "CreateOrganizationalUnit",
        managed(unit::create),
        bucket(1.0, 2.0)
    ),
    operation!("CreatePolicy", granted(policy::create), bucket(2.0, 3.0)),
    operation!(
        "DeclineHandshake",
        Write(handshake::decline),
        buckets(1.0, 1.0, 5.0, 5.0)
    ),
    operation!(
        "DeleteOrganization",
        Write(organization::delete),
        bucket(1.0, 1.0),
        "CreateOrganization"
    ),
    operation!(
        "DeleteOrganizationalUnit",
        managed(unit::delete),
        bucket(2.0, 3.0),
        "MoveAccount"
    ),
    operation!(
        "DeletePolicy",
        granted(policy::delete),
        bucket(2.0, 3.0),
        "CreatePolicy"
    ),
    operation!("DeleteResourcePolicy", managed(resource_policy::delete), UNKNOWN),
    operation!(
        "DeregisterDelegatedAdministrator",
        managed(delegation::deregister),
        bucket(1.0, 2.0),
        "RegisterDelegatedAdministrator"
    ),
    operation!(
        "DescribeAccount",
        read(account::describe),
        buckets(20.0, 30.0, 24.0, 36.0)
    ),
    operation!(
        "DescribeCreateAccountStatus",
        read(creation::describe),
        buckets(2.0, 2.0, 2.0, 3.0)
    ),
    operation!(
        "DescribeEffectivePolicy",
        OrgRead(Member, effective::describe),
        UNKNOWN
    ),
    operation!(
        "DescribeHandshake",
        Read(handshake::describe),
        buckets(1.0, 2.0, 6.0, 10.0)
    ),
    operation!(
        "DescribeOrganization",
        OrgRead(Member, organization::describe),
        bucket(1.0, 2.0),
        "CreateOrganizationalUnit"
    ),
    operation!(
        "DescribeOrganizationalUnit",
        read(unit::describe),
        buckets(2.0, 2.0, 2.0, 3.0)
    ),
    operation!(
        "DescribePolicy",
        read(policy::describe),
        buckets(2.0, 2.0, 2.0, 3.0)
    ),
    operation!("DescribeResourcePolicy", read(resource_policy::describe), UNKNOWN),
    operation!(
        "DetachPolicy",
        granted(policy::detach),
        bucket(2.0, 3.0),
        "CreatePolicy"
    ),
    operation!(
        "DisableAWSServiceAccess",
        managed(service::disable),
        bucket(1.0, 2.0),
        "EnableAWSServiceAccess"
    ),
    operation!(
        "DisablePolicyType",
        granted(policy_type::disable),
        bucket(1.0, 1.0)
    ),
    operation!(
        "EnableAWSServiceAccess",
        managed(service::enable),
        bucket(1.0, 2.0)
    ),
    operation!(
        "EnableAllFeatures",
        managed(handshake::enable_all_features),
        bucket(1.0, 1.0),
        "CreateOrganization"
    ),
    operation!(
        "EnablePolicyType",
        granted(policy_type::enable),
        bucket(1.0, 1.0),
        "DisablePolicyType"
    ),
    operation!(
        "InviteAccountToOrganization",
        managed(handshake::invite),
        bucket(3.0, 5.0)
    ),
    operation!(
        "LeaveOrganization",
        OrgWrite(Member, account::leave),
        bucket(1.0, 1.0)
    ),
    operation!(
        "ListAWSServiceAccessForOrganization",
        read(service::list),
        buckets(1.0, 3.0, 1.0, 4.0)
    ),
    operation!("ListAccounts", read(account::list), buckets(8.0, 12.0, 9.0, 15.0)),
    operation!(
        "ListAccountsForParent",
        read(account::list_for_parent),
        buckets(5.0, 8.0, 6.0, 10.0),
        "ListParents"
    ),
    operation!(
        "ListAccountsWithInvalidEffectivePolicy",
        read(effective::list_invalid_accounts),
        UNKNOWN
    ),
    operation!(
        "ListChildren",
        read(target::list_children),
        buckets(6.0, 10.0, 7.0, 12.0)
    ),
    operation!(
        "ListCreateAccountStatus",
        read(creation::list),
        buckets(5.0, 8.0, 6.0, 10.0)
    ),
    operation!(
        "ListDelegatedAdministrators",
        read(delegation::list),
        buckets(5.0, 8.0, 6.0, 10.0)
    ),
    operation!(
        "ListDelegatedServicesForAccount",
        read(delegation::list_services),
        buckets(1.0, 3.0, 1.0, 4.0),
        "ListAWSServiceAccessForOrganization"
    ),
    operation!(
        "ListEffectivePolicyValidationErrors",
        read(effective::list_errors),
        UNKNOWN
    ),
    operation!(
        "ListHandshakesForAccount",
        Read(handshake::list_for_account),
        buckets(5.0, 8.0, 6.0, 10.0)
    ),
    operation!(
        "ListHandshakesForOrganization",
        read(handshake::list_for_organization),
        buckets(5.0, 8.0, 6.0, 10.0),
        "ListHandshakesForAccount"
    ),
    operation!(
        "ListOrganizationalUnitsForParent",
        read(unit::list_for_parent),
        buckets(5.0, 8.0, 6.0, 10.0),
        "ListParents"
    ),
    operation!(
        "ListParents",
        read(target::list_parents),
        buckets(5.0, 8.0, 6.0, 10.0)
    ),
    operation!("ListPolicies", read(policy::list), buckets(5.0, 8.0, 6.0, 10.0)),
    operation!(
        "ListPoliciesForTarget",
        read(policy::list_for_target),
        buckets(5.0, 8.0, 6.0, 10.0),
        "ListPolicies"
    ),
    operation!(
        "ListRoots",
        read(organization::list_roots),
        buckets(1.0, 2.0, 1.0, 3.0)
    ),
    operation!(
        "ListTagsForResource",
        read(tag::list),
        buckets(10.0, 15.0, 12.0, 18.0)
    ),
    operation!(
        "ListTargetsForPolicy",
        read(policy::list_targets),
        buckets(5.0, 8.0, 6.0, 10.0),
        "ListPolicies"
    ),
    operation!("MoveAccount", managed(account::relocate), bucket(2.0, 3.0)),
    operation!("PutResourcePolicy", managed(resource_policy::put), UNKNOWN),
    operation!(
        "RegisterDelegatedAdministrator",
        managed(delegation::register),
        bucket(1.0, 2.0)
    ),
    operation!(
        "RemoveAccountFromOrganization",
        managed(account::remove),
        bucket(2.0, 2.0)
    ),
    operation!("TagResource", granted(tag::put), bucket(4.0, 6.0)),
    operation!(
        "UntagResource",
        granted(tag::remove),
        bucket(4.0, 6.0),
        "TagResource"
    ),
    operation!(
        "UpdateOrganizationalUnit",
        managed(unit::update),
        bucket(2.0, 3.0),
        "MoveAccount"
    ),
    operation!("UpdatePolicy", granted(policy::update), bucket(2.0, 3.0)),
];

/// A call that reads, for the management account and delegated administrators.
const fn read(run: fn(&crate::wire::Seen<'_>) -> crate::wire::Answer) -> Run {
    OrgRead(ManagementOrDelegate, run)
}

/// A call that changes, for the management account.
const fn managed(run: fn(&mut crate::wire::Change<'_>) -> crate::wire::Answer) -> Run {
    OrgWrite(Management, run)
}

/// A call that changes, for the management account and whom the resource policy names.
const fn granted(run: fn(&mut crate::wire::Change<'_>) -> crate::wire::Answer) -> Run {
    OrgWrite(ManagementOrGranted, run)
}

/// Returns the operation of that name.
pub(crate) fn find(name: &str) -> Option<&'static Operation> {
    static BY_NAME: LazyLock<BTreeMap<&'static str, &'static Operation>> = LazyLock::new(|| {
        OPERATIONS
            .iter()
            .map(|operation| (operation.name, operation))
            .collect()
    });
    BY_NAME.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation of table 1.3 of aws-facts; CreateGovCloudAccount and the responsibility transfers are not in it.
    const TABLE: [&str; 56] = [
        "AcceptHandshake",
        "AttachPolicy",
        "CancelHandshake",
        "CloseAccount",
        "CreateAccount",
        "CreateOrganization",
        "CreateOrganizationalUnit",
        "CreatePolicy",
        "DeclineHandshake",
        "DeleteOrganization",
        "DeleteOrganizationalUnit",
        "DeletePolicy",
        "DeleteResourcePolicy",
        "DeregisterDelegatedAdministrator",
        "DescribeAccount",
        "DescribeCreateAccountStatus",
        "DescribeEffectivePolicy",
        "DescribeHandshake",
        "DescribeOrganization",
        "DescribeOrganizationalUnit",
        "DescribePolicy",
        "DescribeResourcePolicy",
        "DetachPolicy",
        "DisableAWSServiceAccess",
        "DisablePolicyType",
        "EnableAWSServiceAccess",
        "EnableAllFeatures",
        "EnablePolicyType",
        "InviteAccountToOrganization",
        "LeaveOrganization",
        "ListAWSServiceAccessForOrganization",
        "ListAccounts",
        "ListAccountsForParent",
        "ListAccountsWithInvalidEffectivePolicy",
        "ListChildren",
        "ListCreateAccountStatus",
        "ListDelegatedAdministrators",
        "ListDelegatedServicesForAccount",
        "ListEffectivePolicyValidationErrors",
        "ListHandshakesForAccount",
        "ListHandshakesForOrganization",
        "ListOrganizationalUnitsForParent",
        "ListParents",
        "ListPolicies",
        "ListPoliciesForTarget",
        "ListRoots",
        "ListTagsForResource",
        "ListTargetsForPolicy",
        "MoveAccount",
        "PutResourcePolicy",
        "RegisterDelegatedAdministrator",
        "RemoveAccountFromOrganization",
        "TagResource",
        "UntagResource",
        "UpdateOrganizationalUnit",
        "UpdatePolicy",
    ];

    #[test]
    fn the_twin_has_every_operation_of_the_table_and_no_other() {
        let names: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        assert_eq!(names, TABLE);
        for name in names {
            assert!(
                find(name).is_some_and(|operation| operation.name == name),
                "{name}"
            );
        }
    }
}
