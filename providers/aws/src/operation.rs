//! The API operations that lz uses, and whether they change something.

/// What an operation does to AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: it can be repeated at will.
    Reads,
    /// It changes the organization; AWS refuses two such calls at a time.
    WritesOrganization,
    /// It changes an account's settings, or something in one of its Regions.
    WritesAccount,
    /// It changes something in a Region, and says it in a way (a token, a whole value) that makes it one change
    /// however often it is sent.
    WritesOnce,
}

macro_rules! operations {
    ($($effect:ident: $($operation:ident = $key:literal),+ ;)+) => {
        /// An API operation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Operation { $($($operation),+),+ }

        impl Operation {
            /// Every operation.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$($(Self::$operation),+),+];

            /// Returns the name as `service:Operation`.
            pub(crate) const fn key(self) -> &'static str {
                match self { $($(Self::$operation => $key),+),+ }
            }

            /// Returns what the operation does to AWS.
            pub(crate) const fn effect(self) -> Effect {
                match self { $($(Self::$operation)|+ => Effect::$effect),+ }
            }
        }
    };
}

operations! {
    Reads:
        GetCallerIdentity = "sts:GetCallerIdentity",
        GetResources = "tag:GetResources",
        DescribeAccount = "organizations:DescribeAccount",
        DescribeCreateAccountStatus = "organizations:DescribeCreateAccountStatus",
        DescribeHandshake = "organizations:DescribeHandshake",
        DescribeOrganization = "organizations:DescribeOrganization",
        DescribePolicy = "organizations:DescribePolicy",
        ListAccounts = "organizations:ListAccounts",
        ListAccountsForParent = "organizations:ListAccountsForParent",
        ListAwsServiceAccess = "organizations:ListAWSServiceAccessForOrganization",
        ListCreateAccountStatus = "organizations:ListCreateAccountStatus",
        ListDelegatedAdministrators = "organizations:ListDelegatedAdministrators",
        ListDelegatedServices = "organizations:ListDelegatedServicesForAccount",
        ListHandshakes = "organizations:ListHandshakesForOrganization",
        ListOus = "organizations:ListOrganizationalUnitsForParent",
        ListParents = "organizations:ListParents",
        ListPolicies = "organizations:ListPolicies",
        ListRoots = "organizations:ListRoots",
        ListTags = "organizations:ListTagsForResource",
        ListTargets = "organizations:ListTargetsForPolicy",
        ListRegions = "account:ListRegions",
        GetObject = "s3:GetObject",
        ListObjects = "s3:ListObjectsV2",
        DescribeAlarms = "monitoring:DescribeAlarms",
        DescribeOrganizationsAccess = "cloudformation:DescribeOrganizationsAccess",
        DescribeStackEvents = "cloudformation:DescribeStackEvents",
        DescribeStackInstance = "cloudformation:DescribeStackInstance",
        DescribeStackSet = "cloudformation:DescribeStackSet",
        DescribeOperationOfSet = "cloudformation:DescribeStackSetOperation",
        DescribeStacks = "cloudformation:DescribeStacks",
        GetTemplate = "cloudformation:GetTemplate",
        ListAutoDeploymentTargets = "cloudformation:ListStackSetAutoDeploymentTargets",
        ListInstanceDrifts = "cloudformation:ListStackInstanceResourceDrifts",
        ListStackInstances = "cloudformation:ListStackInstances",
        ListOperationResults = "cloudformation:ListStackSetOperationResults",
        ListStackSetOperations = "cloudformation:ListStackSetOperations",
        ListStackSets = "cloudformation:ListStackSets",
        AuditManagerLook = "auditmanager:GetOrganizationAdminAccount",
        CatalogLook = "servicecatalog:GetAWSOrganizationsAccessStatus",
        DescribeResourcePolicy = "organizations:DescribeResourcePolicy",
        DetectiveLook = "detective:ListOrganizationAdminAccounts",
        FirewallLook = "fms:GetAdminAccount",
        GuardDutyLook = "guardduty:ListOrganizationAdminAccounts",
        InspectorLook = "inspector2:ListDelegatedAdminAccounts",
        MacieLook = "macie2:ListOrganizationAdminAccounts",
        SecurityHubLook = "securityhub:ListOrganizationAdminAccounts",
        ListRootFeatures = "iam:ListOrganizationsFeatures",
        AssumeRoot = "sts:AssumeRoot",
        GetAccountSummary = "iam:GetAccountSummary",
        GetLoginProfile = "iam:GetLoginProfile",
        ListAccessKeys = "iam:ListAccessKeys",
        ListMfaDevices = "iam:ListMFADevices",
        ListSigningCertificates = "iam:ListSigningCertificates",
        GetControl = "controlcatalog:GetControl",
        ListControls = "controlcatalog:ListControls",
        GetOperationOfBaseline = "controltower:GetBaselineOperation",
        GetOperationOfControl = "controltower:GetControlOperation",
        GetEnabledControl = "controltower:GetEnabledControl",
        GetLandingZone = "controltower:GetLandingZone",
        GetOperationOfZone = "controltower:GetLandingZoneOperation",
        ListBaselines = "controltower:ListBaselines",
        ListEnabledBaselines = "controltower:ListEnabledBaselines",
        ListEnabledControls = "controltower:ListEnabledControls",
        ListLandingZoneOperations = "controltower:ListLandingZoneOperations",
        ListLandingZones = "controltower:ListLandingZones",
        DescribeAssignmentCreation = "sso:DescribeAccountAssignmentCreationStatus",
        DescribeAssignmentDeletion = "sso:DescribeAccountAssignmentDeletionStatus",
        DescribePermissionSet = "sso:DescribePermissionSet",
        DescribeProvisioning = "sso:DescribePermissionSetProvisioningStatus",
        GetBoundary = "sso:GetPermissionsBoundaryForPermissionSet",
        GetInlinePolicy = "sso:GetInlinePolicyForPermissionSet",
        ListAssignmentCreations = "sso:ListAccountAssignmentCreationStatus",
        ListAssignmentDeletions = "sso:ListAccountAssignmentDeletionStatus",
        ListAssignments = "sso:ListAccountAssignments",
        ListAssignmentsForPrincipal = "sso:ListAccountAssignmentsForPrincipal",
        ListCustomerPolicies = "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
        ListInstances = "sso:ListInstances",
        ListManagedPolicies = "sso:ListManagedPoliciesInPermissionSet",
        ListPermissionSets = "sso:ListPermissionSets",
        ListProvisionedAccounts = "sso:ListAccountsForProvisionedPermissionSet",
        ListProvisionings = "sso:ListPermissionSetProvisioningStatus",
        ListSetTags = "sso:ListTagsForResource",
        DescribeGroup = "identitystore:DescribeGroup",
        DescribeUser = "identitystore:DescribeUser",
        GetGroupId = "identitystore:GetGroupId",
        GetUserId = "identitystore:GetUserId",
        GetAlternateContact = "account:GetAlternateContact",
        GetContactInformation = "account:GetContactInformation",
        GetRegionOptStatus = "account:GetRegionOptStatus";
    WritesOrganization:
        AttachPolicy = "organizations:AttachPolicy",
        CloseAccount = "organizations:CloseAccount",
        CreateAccount = "organizations:CreateAccount",
        CreateOrganization = "organizations:CreateOrganization",
        CreateOu = "organizations:CreateOrganizationalUnit",
        CreatePolicy = "organizations:CreatePolicy",
        DeleteOu = "organizations:DeleteOrganizationalUnit",
        DeletePolicy = "organizations:DeletePolicy",
        DeregisterAdmin = "organizations:DeregisterDelegatedAdministrator",
        DetachPolicy = "organizations:DetachPolicy",
        DisablePolicyType = "organizations:DisablePolicyType",
        DisableService = "organizations:DisableAWSServiceAccess",
        EnablePolicyType = "organizations:EnablePolicyType",
        EnableService = "organizations:EnableAWSServiceAccess",
        InviteAccount = "organizations:InviteAccountToOrganization",
        MoveAccount = "organizations:MoveAccount",
        RegisterAdmin = "organizations:RegisterDelegatedAdministrator",
        RemoveAccount = "organizations:RemoveAccountFromOrganization",
        TagResource = "organizations:TagResource",
        UntagResource = "organizations:UntagResource",
        UpdateOu = "organizations:UpdateOrganizationalUnit",
        UpdatePolicy = "organizations:UpdatePolicy",
        AuditManagerDisable = "auditmanager:DeregisterOrganizationAdminAccount",
        AuditManagerEnable = "auditmanager:RegisterOrganizationAdminAccount",
        CatalogDisable = "servicecatalog:DisableAWSOrganizationsAccess",
        CatalogEnable = "servicecatalog:EnableAWSOrganizationsAccess",
        CloudTrailDisable = "cloudtrail:DeregisterOrganizationDelegatedAdmin",
        CloudTrailEnable = "cloudtrail:RegisterOrganizationDelegatedAdmin",
        DeleteResourcePolicy = "organizations:DeleteResourcePolicy",
        DetectiveDisable = "detective:DisableOrganizationAdminAccount",
        DetectiveEnable = "detective:EnableOrganizationAdminAccount",
        DisableRootCredentials = "iam:DisableOrganizationsRootCredentialsManagement",
        DisableRootSessions = "iam:DisableOrganizationsRootSessions",
        EnableRootCredentials = "iam:EnableOrganizationsRootCredentialsManagement",
        EnableRootSessions = "iam:EnableOrganizationsRootSessions",
        FirewallDisable = "fms:DisassociateAdminAccount",
        FirewallEnable = "fms:AssociateAdminAccount",
        GuardDutyDisable = "guardduty:DisableOrganizationAdminAccount",
        GuardDutyEnable = "guardduty:EnableOrganizationAdminAccount",
        InspectorDisable = "inspector2:DisableDelegatedAdminAccount",
        InspectorEnable = "inspector2:EnableDelegatedAdminAccount",
        IpamDisable = "ec2:DisableIpamOrganizationAdminAccount",
        IpamEnable = "ec2:EnableIpamOrganizationAdminAccount",
        MacieDisable = "macie2:DisableOrganizationAdminAccount",
        MacieEnable = "macie2:EnableOrganizationAdminAccount",
        PutResourcePolicy = "organizations:PutResourcePolicy",
        SecurityHubDisable = "securityhub:DisableOrganizationAdminAccount",
        SecurityHubEnable = "securityhub:EnableOrganizationAdminAccount",
        ShareResources = "ram:EnableSharingWithAwsOrganization";
    WritesAccount:
        PutAccountName = "account:PutAccountName",
        CreatePermissionSet = "sso:CreatePermissionSet",
        ActivateAccess = "cloudformation:ActivateOrganizationsAccess",
        DeactivateAccess = "cloudformation:DeactivateOrganizationsAccess",
        DeleteStackSet = "cloudformation:DeleteStackSet",
        ProtectStack = "cloudformation:UpdateTerminationProtection",
        StopOperationOfSet = "cloudformation:StopStackSetOperation",
        CreateLandingZone = "controltower:CreateLandingZone",
        DisableBaseline = "controltower:DisableBaseline",
        DisableControl = "controltower:DisableControl",
        EnableBaseline = "controltower:EnableBaseline",
        EnableControl = "controltower:EnableControl",
        ResetEnabledBaseline = "controltower:ResetEnabledBaseline",
        ResetEnabledControl = "controltower:ResetEnabledControl",
        ResetLandingZone = "controltower:ResetLandingZone",
        UpdateEnabledBaseline = "controltower:UpdateEnabledBaseline",
        UpdateEnabledControl = "controltower:UpdateEnabledControl",
        UpdateLandingZone = "controltower:UpdateLandingZone",
        CreateRole = "iam:CreateRole";
    WritesOnce:
        DeleteObject = "s3:DeleteObject",
        PublishMessage = "sns:Publish",
        DeactivateMfaDevice = "iam:DeactivateMFADevice",
        DeleteAccessKey = "iam:DeleteAccessKey",
        DeleteCertificate = "iam:DeleteSigningCertificate",
        DeleteLoginProfile = "iam:DeleteLoginProfile",
        CreateBucket = "s3:CreateBucket",
        CreateInstances = "cloudformation:CreateStackInstances",
        CreateStack = "cloudformation:CreateStack",
        CreateStackSet = "cloudformation:CreateStackSet",
        DeleteInstances = "cloudformation:DeleteStackInstances",
        DeleteStack = "cloudformation:DeleteStack",
        DetectDrift = "cloudformation:DetectStackSetDrift",
        AttachRolePolicy = "iam:AttachRolePolicy",
        PutRolePolicy = "iam:PutRolePolicy",
        PutAccessBlock = "s3:PutPublicAccessBlock",
        PutEncryption = "s3:PutBucketEncryption",
        PutObject = "s3:PutObject",
        PutVersioning = "s3:PutBucketVersioning",
        UpdateInstances = "cloudformation:UpdateStackInstances",
        UpdateStack = "cloudformation:UpdateStack",
        UpdateStackSet = "cloudformation:UpdateStackSet",
        AttachCustomerPolicy = "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
        AttachManagedPolicy = "sso:AttachManagedPolicyToPermissionSet",
        CreateAssignment = "sso:CreateAccountAssignment",
        DeleteAssignment = "sso:DeleteAccountAssignment",
        DeleteBoundary = "sso:DeletePermissionsBoundaryFromPermissionSet",
        DeleteInlinePolicy = "sso:DeleteInlinePolicyFromPermissionSet",
        DeletePermissionSet = "sso:DeletePermissionSet",
        DetachCustomerPolicy = "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet",
        DetachManagedPolicy = "sso:DetachManagedPolicyFromPermissionSet",
        ProvisionPermissionSet = "sso:ProvisionPermissionSet",
        PutBoundary = "sso:PutPermissionsBoundaryToPermissionSet",
        PutInlinePolicy = "sso:PutInlinePolicyToPermissionSet",
        TagPermissionSet = "sso:TagResource",
        UntagPermissionSet = "sso:UntagResource",
        UpdatePermissionSet = "sso:UpdatePermissionSet",
        EnableRegion = "account:EnableRegion",
        PutAlternateContact = "account:PutAlternateContact",
        PutContactInformation = "account:PutContactInformation";
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::limits;

    #[test]
    fn every_operation_on_the_organization_has_a_published_bucket() {
        // The page of quotas has no row for them (aws-facts section 1.3).
        let unpublished = [
            Operation::DescribeResourcePolicy,
            Operation::PutResourcePolicy,
            Operation::DeleteResourcePolicy,
        ];
        for operation in Operation::ALL {
            let (service, _) = operation.key().split_once(':').unwrap();
            assert_eq!(
                limits::rate(operation.key()).is_some(),
                matches!(service, "organizations" | "account" | "tag" | "sso")
                    && !unpublished.contains(operation),
                "{}",
                operation.key()
            );
        }
    }
}
