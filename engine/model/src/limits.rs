//! Service limits as data: value, unit, source. AWS changes them, so nothing else hard-codes them.
//!
//! Sources: Organizations User Guide, "Quotas and service limits for AWS Organizations" (read in 2026,
//! aws-facts sections 1.3 and 1.6); Account Management Reference Guide, "Quotas for AWS Account Management".

/// Most levels of OUs below the root.
pub const OU_DEPTH: usize = 5;
/// Most OUs in an organization.
pub const OUS: usize = 2_000;
/// Most tags on one resource.
pub const TAGS: usize = 50;
/// Most account creations in flight.
pub const CREATIONS_IN_FLIGHT: usize = 5;
/// Most account closures in flight.
pub const CLOSURES_IN_FLIGHT: usize = 3;
/// Most characters of the organization's resource policy.
pub const RESOURCE_POLICY_CHARACTERS: usize = 40_000;
/// Days before a created account may leave the organization.
pub const RELEASE_AFTER_DAYS: i64 = 4;
/// Most account assignments of Identity Center under way (IAM Identity Center User Guide, "Quotas", read in 2026).
pub const ASSIGNMENTS_IN_FLIGHT: usize = 10;
/// Seconds until an assignment or a provisioning of Identity Center holds, as seen in practice; nothing is published.
pub const ASSIGNMENT_SECONDS: f64 = 5.0;
/// Most objects in one page of an Organizations list call.
pub const ORGANIZATIONS_PAGE: usize = 20;
/// Most resources in one page of `tag:GetResources`.
pub const TAGGING_PAGE: usize = 100;

/// Most stack sets of one administrator account (aws-facts section 3.3).
pub const STACK_SETS: usize = 1_000;
/// Most stacks of one stack set (aws-facts section 3.3).
pub const STACKS_PER_SET: usize = 100_000;
/// Most operations on stacks at once in one Region for one administrator account (aws-facts section 3.3).
pub const STACK_OPERATIONS_PER_REGION: usize = 10_000;
/// Most OUs in one operation (aws-facts section 3.3).
pub const OUS_PER_OPERATION: usize = 50;
/// Most bytes of a template in a call (aws-facts section 3.3).
pub const TEMPLATE_INLINE_BYTES: usize = 51_200;
/// Most bytes of a template in S3 (aws-facts section 3.3).
pub const TEMPLATE_BYTES: usize = 1_048_576;
/// Most resources in a template (CloudFormation User Guide, "Understand CloudFormation quotas").
pub const TEMPLATE_RESOURCES: usize = 500;
/// Most parameters in a template (CloudFormation User Guide, "Understand CloudFormation quotas").
pub const TEMPLATE_PARAMETERS: usize = 200;
/// Seconds that AWS works on one stack of an operation: the least, the most. Nothing is published; documentation
/// samples lie between (aws-facts section 3.4).
pub const STACK_SECONDS: (f64, f64) = (20.0, 60.0);
/// Seconds between two looks at an operation of a stack set: the least, the most (aws-facts section 3.4).
pub const LOOK_SECONDS: (f64, f64) = (5.0, 30.0);
/// Part of the time that has passed after which the next look follows: the end of an operation is noticed after
/// an eighth of its own time at most.
pub const LOOK_SHARE: f64 = 8.0;
/// Most objects in one page of a CloudFormation list call (aws-facts section 3.2).
pub const STACKS_PAGE: usize = 100;

/// Most operations on controls that Control Tower accepts at a time, running ones included (aws-facts section 4.5).
pub const CONTROLS_IN_FLIGHT: usize = 100;
/// Operations on controls that Control Tower runs at a time (aws-facts section 4.5).
pub const CONTROLS_RUNNING: usize = 10;
/// Most accounts in one registered OU (aws-facts section 4.5).
pub const ACCOUNTS_PER_REGISTERED_OU: usize = 1_000;
/// Most accounts of one registered OU times governed Regions: 1,000 accounts in 15 Regions (aws-facts section 4.5).
pub const ACCOUNT_REGIONS_PER_OU: usize = 15_000;
/// Most governed accounts times governed Regions (aws-facts section 4.5).
pub const ACCOUNT_REGIONS: usize = 150_000;
/// Seconds that an operation on the landing zone takes; 30 minutes are documented (aws-facts section 4.5).
pub const LANDING_ZONE_SECONDS: f64 = 1_800.0;
/// Seconds that an operation on an OU's baseline takes: at least, and for each account (aws-facts section 4.5).
pub const BASELINE_SECONDS: (f64, f64) = (600.0, 120.0);
/// Seconds that an operation on a control takes, in a sample (aws-facts section 4.5).
pub const CONTROL_SECONDS: f64 = 90.0;
/// Seconds that the enrolment of an account takes; 20 to 30 minutes are unconfirmed (aws-facts section 4.5).
pub const ENROLMENT_SECONDS: f64 = 1_500.0;
/// Seconds between two looks at an operation of Control Tower: the least, the most (aws-facts section 4.5).
pub const TOWER_LOOK_SECONDS: (f64, f64) = (15.0, 60.0);
/// Most objects in one page of Control Tower's list calls: enabled baselines, enabled controls (aws-facts 4.1).
pub const TOWER_PAGES: (usize, usize) = (100, 200);

/// A token bucket of AWS: `per_second` tokens are added each second, `burst` is the most that it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// The calls that share the bucket, as `service:Operation`. Whether a documented row of several
    /// calls is one bucket is unconfirmed (aws-facts section 1.3); the engine assumes that it is.
    pub calls: &'static [&'static str],
    /// Tokens a second for one calling account.
    pub per_second: f64,
    /// Most tokens.
    pub burst: f64,
}

macro_rules! rates {
    ($($per_second:literal / $burst:literal : $($service:literal $($operation:ident)+),+ ;)+) => {
        &[$(Rate {
            calls: &[$($(concat!($service, ":", stringify!($operation))),+),+],
            per_second: $per_second,
            burst: $burst,
        }),+]
    };
}

/// The published buckets of every call that lz makes.
pub const RATES: &[Rate] = rates! {
    2.0 / 3.0: "organizations" CreatePolicy DeletePolicy AttachPolicy DetachPolicy;
    2.0 / 3.0: "organizations" UpdatePolicy;
    2.0 / 2.0: "organizations" DescribePolicy;
    0.05 / 1.0: "organizations" CloseAccount;
    0.1 / 3.0: "organizations" CreateAccount;
    1.0 / 1.0: "organizations" CreateOrganization;
    1.0 / 2.0: "organizations" CreateOrganizationalUnit DescribeOrganization;
    2.0 / 3.0: "organizations" UpdateOrganizationalUnit DeleteOrganizationalUnit MoveAccount;
    1.0 / 2.0: "organizations" RegisterDelegatedAdministrator DeregisterDelegatedAdministrator;
    1.0 / 2.0: "organizations" EnableAWSServiceAccess DisableAWSServiceAccess;
    1.0 / 1.0: "organizations" EnablePolicyType DisablePolicyType;
    2.0 / 2.0: "organizations" RemoveAccountFromOrganization;
    4.0 / 6.0: "organizations" TagResource UntagResource;
    20.0 / 30.0: "organizations" DescribeAccount;
    2.0 / 2.0: "organizations" DescribeCreateAccountStatus;
    1.0 / 3.0: "organizations" ListAWSServiceAccessForOrganization ListDelegatedServicesForAccount;
    8.0 / 12.0: "organizations" ListAccounts;
    5.0 / 8.0: "organizations" ListParents ListAccountsForParent ListOrganizationalUnitsForParent;
    5.0 / 8.0: "organizations" ListCreateAccountStatus;
    5.0 / 8.0: "organizations" ListDelegatedAdministrators;
    5.0 / 8.0: "organizations" ListPolicies ListPoliciesForTarget ListTargetsForPolicy;
    1.0 / 2.0: "organizations" ListRoots;
    10.0 / 15.0: "organizations" ListTagsForResource;
    15.0 / 15.0: "tag" GetResources;
    1.0 / 1.0: "account" PutAccountName;
    5.0 / 5.0: "account" ListRegions;
    5.0 / 8.0: "account" PutAlternateContact;
    5.0 / 8.0: "account" PutContactInformation;
    10.0 / 15.0: "account" GetAlternateContact;
    10.0 / 15.0: "account" GetContactInformation;
    5.0 / 5.0: "account" GetRegionOptStatus;
    1.0 / 1.0: "account" EnableRegion;
    20.0 / 20.0: "sso" ListInstances ListPermissionSets DescribePermissionSet ListTagsForResource
        ListManagedPoliciesInPermissionSet ListCustomerManagedPolicyReferencesInPermissionSet
        GetInlinePolicyForPermissionSet GetPermissionsBoundaryForPermissionSet
        ListAccountsForProvisionedPermissionSet ListAccountAssignments ListAccountAssignmentsForPrincipal
        ListAccountAssignmentCreationStatus ListAccountAssignmentDeletionStatus
        ListPermissionSetProvisioningStatus DescribeAccountAssignmentCreationStatus
        DescribeAccountAssignmentDeletionStatus DescribePermissionSetProvisioningStatus CreatePermissionSet
        UpdatePermissionSet DeletePermissionSet AttachManagedPolicyToPermissionSet
        AttachCustomerManagedPolicyReferenceToPermissionSet DetachManagedPolicyFromPermissionSet
        DetachCustomerManagedPolicyReferenceFromPermissionSet PutInlinePolicyToPermissionSet
        DeleteInlinePolicyFromPermissionSet PutPermissionsBoundaryToPermissionSet
        DeletePermissionsBoundaryFromPermissionSet TagResource UntagResource ProvisionPermissionSet
        CreateAccountAssignment DeleteAccountAssignment;
};

/// Returns the seconds until the next look at an operation that has run for so many seconds.
#[must_use]
pub const fn next_look(elapsed_seconds: f64) -> f64 {
    (elapsed_seconds / LOOK_SHARE).clamp(LOOK_SECONDS.0, LOOK_SECONDS.1)
}

/// Returns the seconds until the next look at an operation of Control Tower that has run for so many seconds.
#[must_use]
pub const fn next_tower_look(elapsed_seconds: f64) -> f64 {
    (elapsed_seconds / LOOK_SHARE).clamp(TOWER_LOOK_SECONDS.0, TOWER_LOOK_SECONDS.1)
}

/// Returns the bucket of a call such as `organizations:AttachPolicy`; `None` where AWS publishes none.
#[must_use]
pub fn rate(call: &str) -> Option<&'static Rate> {
    RATES.iter().find(|rate| rate.calls.contains(&call))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_call_has_one_bucket() {
        let mut seen = BTreeSet::new();
        for rate in RATES {
            assert!(rate.per_second > 0.0 && rate.burst >= 1.0);
            for call in rate.calls {
                assert!(seen.insert(*call), "{call} twice");
            }
        }
        assert!((rate("organizations:AttachPolicy").unwrap().per_second - 2.0).abs() < 1e-9);
        assert!(rate("organizations:Unknown").is_none());
    }
}
