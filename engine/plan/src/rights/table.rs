//! Which operation needs which right (Service Authorization Reference, "Actions, resources, and condition keys for AWS
//! services"; operations as `lz --stats` counts them).

use super::feature::Feature;
use Feature as F;
use Role::{Apply, Plan};

/// Who needs a right. Whoever applies plans first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The role that plans, compares and reads the history.
    Plan,
    /// The role that applies.
    Apply,
}

/// What a right is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// Everything: the service names no resources for the action, or they are not known before.
    Everything,
    /// Everything in the Regions in which the spec administers stack sets and stacks.
    Regions,
    /// The stacks of the management account that the spec declares.
    Stacks,
    /// The role in an account that administers stack sets.
    AdministratorRoles,
    /// Administration roles of stack sets.
    AdministrationRoles,
    /// The buckets that lz keeps long templates in.
    TemplateBuckets,
    /// What is in them.
    Templates,
    /// The roles that Control Tower works by.
    TowerRoles,
    /// Service-linked roles of the services that the spec switches on.
    ServiceLinkedRoles,
    /// The lock.
    Lock,
    /// The lock's bucket, as far as the lock.
    LockBucket,
    /// The objects of the history.
    History,
    /// The history's bucket, as far as the history.
    HistoryBucket,
    /// Topics that notices go to.
    Topics,
}

/// A right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    /// What uses it.
    pub feature: Feature,
    /// Who needs it.
    pub role: Role,
    /// The operation that lz calls, as it counts calls.
    pub operation: &'static str,
    /// The action that allows it.
    pub action: &'static str,
    /// What it is for.
    pub on: On,
}

macro_rules! rights {
    ($($feature:expr, $role:ident, $on:ident: $($operation:literal $(=> $action:literal)?),+ ;)+) => {
        &[$($(Right {
            feature: $feature,
            role: $role,
            operation: $operation,
            action: rights!(@action $operation $(=> $action)?),
            on: On::$on,
        },)+)+]
    };
    (@action $operation:literal => $action:literal) => { $action };
    (@action $operation:literal) => { $operation };
}

/// Operations that need no right (STS API Reference, "GetCallerIdentity").
pub const WITHOUT_RIGHT: &[&str] = &["sts:GetCallerIdentity"];

/// Actions that no operation of lz is named after, each with the reason why it is needed all the same.
pub const WITHOUT_CALL: &[(&str, &str)] = &[
    (
        "s3:ListBucket",
        "S3 tells a missing object apart from a forbidden one only to who may list (S3 API Reference, GetObject)",
    ),
    (
        "s3:GetObject",
        "CloudFormation reads a long template with the caller's rights (CloudFormation API Reference, CreateStackSet)",
    ),
    (
        "iam:PassRole",
        "roles are handed over to Control Tower and to stack sets (IAM User Guide, passing a role to a service)",
    ),
    (
        "iam:CreateServiceLinkedRole",
        "services make their own role when they are switched on (aws-facts section 6; IAM User Guide, service-linked roles)",
    ),
    (
        "cloudformation:TagResource",
        "CreateStackSet with tags is refused without it (CloudFormation API Reference, CreateStackSet)",
    ),
    (
        "cloudformation:UntagResource",
        "UpdateStackSet that takes tags away is refused without it (CloudFormation API Reference, UpdateStackSet)",
    ),
];

/// Every right.
pub const TABLE: &[Right] = rights! {
    F::Reading, Plan, Everything:
        "organizations:DescribeOrganization", "organizations:DescribeAccount", "organizations:DescribePolicy",
        "organizations:DescribeCreateAccountStatus", "organizations:ListAWSServiceAccessForOrganization",
        "organizations:ListAccounts", "organizations:ListAccountsForParent",
        "organizations:ListCreateAccountStatus", "organizations:ListDelegatedAdministrators",
        "organizations:ListDelegatedServicesForAccount", "organizations:ListOrganizationalUnitsForParent",
        "organizations:ListParents", "organizations:ListPolicies", "organizations:ListRoots",
        "organizations:ListTagsForResource", "organizations:ListTargetsForPolicy", "tag:GetResources";
    F::Organization, Apply, Everything:
        "organizations:CreateOrganization", "organizations:EnablePolicyType", "organizations:DisablePolicyType",
        "organizations:EnableAWSServiceAccess", "organizations:DisableAWSServiceAccess";
    F::Organization, Apply, ServiceLinkedRoles:
        "organizations:CreateOrganization" => "iam:CreateServiceLinkedRole";
    F::Organization, Apply, Regions:
        "cloudformation:ActivateOrganizationsAccess", "cloudformation:DeactivateOrganizationsAccess",
        "cloudformation:DescribeOrganizationsAccess";
    F::Ous, Apply, Everything:
        "organizations:CreateOrganizationalUnit", "organizations:DeleteOrganizationalUnit",
        "organizations:UpdateOrganizationalUnit", "organizations:MoveAccount", "organizations:TagResource",
        "organizations:UntagResource", "organizations:AttachPolicy", "organizations:DetachPolicy";
    F::Accounts, Apply, Everything:
        "organizations:CreateAccount", "organizations:MoveAccount", "organizations:TagResource",
        "organizations:UntagResource", "organizations:AttachPolicy", "organizations:DetachPolicy",
        "account:PutAccountName";
    F::Invitations, Plan, Everything:
        "organizations:ListHandshakesForOrganization", "organizations:DescribeHandshake";
    F::Invitations, Apply, Everything: "organizations:InviteAccountToOrganization", "organizations:TagResource";
    F::Closing, Apply, Everything: "organizations:CloseAccount", "organizations:UntagResource";
    F::Releasing, Apply, Everything:
        "organizations:RemoveAccountFromOrganization", "organizations:UntagResource";
    F::Policies, Apply, Everything:
        "organizations:CreatePolicy", "organizations:UpdatePolicy", "organizations:DeletePolicy",
        "organizations:AttachPolicy", "organizations:DetachPolicy", "organizations:TagResource",
        "organizations:UntagResource";
    F::Administrators, Apply, Everything:
        "organizations:RegisterDelegatedAdministrator", "organizations:DeregisterDelegatedAdministrator",
        "organizations:EnableAWSServiceAccess", "organizations:DisableAWSServiceAccess";
    F::RegionalAdministrators, Plan, Everything: "account:ListRegions";
    F::ResourcePolicy, Plan, Everything: "organizations:DescribeResourcePolicy";
    F::ResourcePolicy, Apply, Everything:
        "organizations:PutResourcePolicy", "organizations:DeleteResourcePolicy", "organizations:TagResource",
        "organizations:UntagResource";
    F::RootAccess, Plan, Everything: "iam:ListOrganizationsFeatures";
    F::RootAccess, Apply, Everything:
        "iam:EnableOrganizationsRootCredentialsManagement", "iam:DisableOrganizationsRootCredentialsManagement",
        "iam:EnableOrganizationsRootSessions", "iam:DisableOrganizationsRootSessions";

    F::Service("auditmanager.amazonaws.com"), Plan, Everything: "auditmanager:GetOrganizationAdminAccount";
    F::Service("auditmanager.amazonaws.com"), Apply, Everything:
        "auditmanager:RegisterOrganizationAdminAccount", "auditmanager:DeregisterOrganizationAdminAccount";
    F::Service("cloudtrail.amazonaws.com"), Apply, Everything:
        "cloudtrail:RegisterOrganizationDelegatedAdmin", "cloudtrail:DeregisterOrganizationDelegatedAdmin";
    F::Service("cloudtrail.amazonaws.com"), Apply, ServiceLinkedRoles:
        "cloudtrail:RegisterOrganizationDelegatedAdmin" => "iam:CreateServiceLinkedRole";
    F::Service("detective.amazonaws.com"), Plan, Everything: "detective:ListOrganizationAdminAccounts";
    F::Service("detective.amazonaws.com"), Apply, Everything:
        "detective:EnableOrganizationAdminAccount", "detective:DisableOrganizationAdminAccount";
    F::Service("fms.amazonaws.com"), Plan, Everything: "fms:GetAdminAccount";
    F::Service("fms.amazonaws.com"), Apply, Everything:
        "fms:AssociateAdminAccount", "fms:DisassociateAdminAccount";
    F::Service("guardduty.amazonaws.com"), Plan, Everything: "guardduty:ListOrganizationAdminAccounts";
    F::Service("guardduty.amazonaws.com"), Apply, Everything:
        "guardduty:EnableOrganizationAdminAccount", "guardduty:DisableOrganizationAdminAccount";
    F::Service("inspector2.amazonaws.com"), Plan, Everything: "inspector2:ListDelegatedAdminAccounts";
    F::Service("inspector2.amazonaws.com"), Apply, Everything:
        "inspector2:EnableDelegatedAdminAccount", "inspector2:DisableDelegatedAdminAccount";
    F::Service("ipam.amazonaws.com"), Apply, Everything:
        "ec2:EnableIpamOrganizationAdminAccount", "ec2:DisableIpamOrganizationAdminAccount";
    F::Service("macie.amazonaws.com"), Plan, Everything: "macie2:ListOrganizationAdminAccounts";
    F::Service("macie.amazonaws.com"), Apply, Everything:
        "macie2:EnableOrganizationAdminAccount", "macie2:DisableOrganizationAdminAccount";
    F::Service("securityhub.amazonaws.com"), Plan, Everything: "securityhub:ListOrganizationAdminAccounts";
    F::Service("securityhub.amazonaws.com"), Apply, Everything:
        "securityhub:EnableOrganizationAdminAccount", "securityhub:DisableOrganizationAdminAccount";
    F::Service("ram.amazonaws.com"), Apply, Everything: "ram:EnableSharingWithAwsOrganization";
    F::Service("ram.amazonaws.com"), Apply, ServiceLinkedRoles:
        "ram:EnableSharingWithAwsOrganization" => "iam:CreateServiceLinkedRole";
    F::Service("servicecatalog.amazonaws.com"), Apply, Everything:
        "servicecatalog:GetAWSOrganizationsAccessStatus", "servicecatalog:EnableAWSOrganizationsAccess",
        "servicecatalog:DisableAWSOrganizationsAccess";

    F::CloudFormation, Plan, Regions:
        "cloudformation:ListStackSets", "cloudformation:DescribeStackSet", "cloudformation:ListStackInstances",
        "cloudformation:DescribeStackInstance", "cloudformation:ListStackSetAutoDeploymentTargets",
        "cloudformation:ListStackSetOperations", "cloudformation:DescribeStackSetOperation",
        "cloudformation:ListStackSetOperationResults", "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate";
    F::StackSets, Plan, Regions:
        "cloudformation:DetectStackSetDrift", "cloudformation:ListStackInstanceResourceDrifts";
    F::StackSets, Apply, Regions:
        "cloudformation:CreateStackSet", "cloudformation:UpdateStackSet", "cloudformation:DeleteStackSet",
        "cloudformation:CreateStackInstances", "cloudformation:UpdateStackInstances",
        "cloudformation:DeleteStackInstances", "cloudformation:StopStackSetOperation";
    F::StackSets, Apply, Regions:
        "cloudformation:CreateStackSet" => "cloudformation:TagResource",
        "cloudformation:UpdateStackSet" => "cloudformation:UntagResource";
    F::AsAdministrator, Plan, AdministratorRoles: "sts:AssumeRole";
    F::AdministrationRoles, Apply, AdministrationRoles: "cloudformation:CreateStackSet" => "iam:PassRole";
    F::Stacks, Apply, Stacks:
        "cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack",
        "cloudformation:UpdateTerminationProtection", "cloudformation:DescribeStackEvents";
    F::LongTemplates, Apply, TemplateBuckets:
        "s3:CreateBucket", "s3:PutPublicAccessBlock" => "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketEncryption" => "s3:PutEncryptionConfiguration", "s3:PutBucketVersioning";
    F::LongTemplates, Apply, Templates: "s3:PutObject", "s3:GetObject";
    F::Alarms, Apply, Everything: "monitoring:DescribeAlarms" => "cloudwatch:DescribeAlarms";

    F::TowerReading, Plan, Everything:
        "controltower:ListLandingZones", "controltower:GetLandingZone",
        "controltower:ListLandingZoneOperations", "controltower:GetLandingZoneOperation",
        "controltower:ListBaselines", "controltower:ListEnabledBaselines", "controltower:GetBaselineOperation",
        "controltower:ListEnabledControls", "controltower:GetEnabledControl",
        "controltower:GetControlOperation", "account:ListRegions";
    F::LandingZone, Apply, Everything:
        "controltower:CreateLandingZone", "controltower:UpdateLandingZone", "controltower:ResetLandingZone";
    F::LandingZone, Apply, TowerRoles:
        "iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy",
        "controltower:CreateLandingZone" => "iam:PassRole";
    F::Baselines, Apply, Everything:
        "controltower:EnableBaseline", "controltower:DisableBaseline", "controltower:UpdateEnabledBaseline",
        "controltower:ResetEnabledBaseline";
    F::Controls, Plan, Everything: "controlcatalog:GetControl", "controlcatalog:ListControls";
    F::Controls, Apply, Everything:
        "controltower:EnableControl", "controltower:DisableControl", "controltower:UpdateEnabledControl",
        "controltower:ResetEnabledControl";

    F::Identity, Plan, Everything:
        "sso:ListInstances", "sso:ListPermissionSets", "sso:DescribePermissionSet",
        "sso:GetInlinePolicyForPermissionSet", "sso:GetPermissionsBoundaryForPermissionSet",
        "sso:ListManagedPoliciesInPermissionSet", "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
        "sso:ListTagsForResource", "sso:ListAccountAssignments", "sso:ListAccountAssignmentsForPrincipal",
        "sso:ListAccountsForProvisionedPermissionSet", "sso:ListAccountAssignmentCreationStatus",
        "sso:ListAccountAssignmentDeletionStatus", "sso:DescribeAccountAssignmentCreationStatus",
        "sso:DescribeAccountAssignmentDeletionStatus", "sso:ListPermissionSetProvisioningStatus",
        "sso:DescribePermissionSetProvisioningStatus", "identitystore:GetGroupId", "identitystore:GetUserId",
        "identitystore:DescribeGroup", "identitystore:DescribeUser";
    F::Identity, Apply, Everything:
        "sso:CreatePermissionSet", "sso:UpdatePermissionSet", "sso:DeletePermissionSet",
        "sso:PutInlinePolicyToPermissionSet", "sso:DeleteInlinePolicyFromPermissionSet",
        "sso:PutPermissionsBoundaryToPermissionSet", "sso:DeletePermissionsBoundaryFromPermissionSet",
        "sso:AttachManagedPolicyToPermissionSet", "sso:DetachManagedPolicyFromPermissionSet",
        "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
        "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet", "sso:TagResource", "sso:UntagResource",
        "sso:ProvisionPermissionSet", "sso:CreateAccountAssignment", "sso:DeleteAccountAssignment";
    F::Contacts, Plan, Everything: "account:GetAlternateContact";
    F::Contacts, Apply, Everything: "account:PutAlternateContact";
    F::PrimaryContacts, Plan, Everything: "account:GetContactInformation";
    F::PrimaryContacts, Apply, Everything: "account:PutContactInformation";
    F::AccountRegions, Plan, Everything: "account:ListRegions", "account:GetRegionOptStatus";
    F::AccountRegions, Apply, Everything: "account:EnableRegion";

    F::Lock, Apply, Lock: "s3:GetObject", "s3:PutObject", "s3:DeleteObject";
    F::Lock, Apply, LockBucket: "s3:GetObject" => "s3:ListBucket";
    F::History, Plan, History: "s3:GetObject";
    F::History, Plan, HistoryBucket: "s3:ListObjectsV2" => "s3:ListBucket";
    F::History, Apply, History: "s3:PutObject";
    F::Topics, Plan, Topics: "sns:Publish";
};
