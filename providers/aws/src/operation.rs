//! The API operations that lz uses, and whether they change something.

/// What an operation does to AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: it can be repeated at will.
    Reads,
    /// It changes the organization; AWS refuses two such calls at a time.
    WritesOrganization,
    /// It changes an account's settings.
    WritesAccount,
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
        DescribeOrganization = "organizations:DescribeOrganization",
        DescribePolicy = "organizations:DescribePolicy",
        ListAccounts = "organizations:ListAccounts",
        ListAccountsForParent = "organizations:ListAccountsForParent",
        ListAwsServiceAccess = "organizations:ListAWSServiceAccessForOrganization",
        ListCreateAccountStatus = "organizations:ListCreateAccountStatus",
        ListDelegatedAdministrators = "organizations:ListDelegatedAdministrators",
        ListDelegatedServices = "organizations:ListDelegatedServicesForAccount",
        ListOus = "organizations:ListOrganizationalUnitsForParent",
        ListParents = "organizations:ListParents",
        ListPolicies = "organizations:ListPolicies",
        ListRoots = "organizations:ListRoots",
        ListTags = "organizations:ListTagsForResource",
        ListTargets = "organizations:ListTargetsForPolicy";
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
        MoveAccount = "organizations:MoveAccount",
        RegisterAdmin = "organizations:RegisterDelegatedAdministrator",
        RemoveAccount = "organizations:RemoveAccountFromOrganization",
        TagResource = "organizations:TagResource",
        UntagResource = "organizations:UntagResource",
        UpdateOu = "organizations:UpdateOrganizationalUnit",
        UpdatePolicy = "organizations:UpdatePolicy";
    WritesAccount:
        PutAccountName = "account:PutAccountName";
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::limits;

    #[test]
    fn every_operation_but_the_callers_identity_has_a_published_bucket() {
        for operation in Operation::ALL {
            assert_eq!(
                limits::rate(operation.key()).is_none(),
                *operation == Operation::GetCallerIdentity,
                "{}",
                operation.key()
            );
        }
    }
}
