//! The operations of IAM that the twin plays. No rate is published, so there are no buckets.

use super::{feature, role, role_policy, root_user};
use crate::neighbour::operation;
use crate::wire::Operation;
use crate::wire::Run::{Read, Write};

/// The version of the query API.
pub(crate) const VERSION: &str = "2010-05-08";

/// The namespace of its answers.
pub(crate) const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// The operations of IAM.
pub(crate) static OPERATIONS: &[Operation] = &[
    operation!(Iam, "iam", "AttachRolePolicy", Write(role_policy::attach)),
    operation!(
        Iam,
        "iam",
        "CreateLoginProfile",
        Write(root_user::create_login_profile)
    ),
    operation!(Iam, "iam", "CreateRole", Write(role::create)),
    operation!(
        Iam,
        "iam",
        "DeactivateMFADevice",
        Write(root_user::deactivate_mfa_device)
    ),
    operation!(Iam, "iam", "DeleteAccessKey", Write(root_user::delete_access_key)),
    operation!(
        Iam,
        "iam",
        "DeleteLoginProfile",
        Write(root_user::delete_login_profile)
    ),
    operation!(Iam, "iam", "DeleteRole", Write(role::delete)),
    operation!(Iam, "iam", "DeleteRolePolicy", Write(role_policy::delete)),
    operation!(
        Iam,
        "iam",
        "DeleteSigningCertificate",
        Write(root_user::delete_certificate)
    ),
    operation!(Iam, "iam", "DetachRolePolicy", Write(role_policy::detach)),
    operation!(
        Iam,
        "iam",
        "DisableOrganizationsRootCredentialsManagement",
        Write(feature::disable_credentials)
    ),
    operation!(
        Iam,
        "iam",
        "DisableOrganizationsRootSessions",
        Write(feature::disable_sessions)
    ),
    operation!(
        Iam,
        "iam",
        "EnableOrganizationsRootCredentialsManagement",
        Write(feature::enable_credentials)
    ),
    operation!(
        Iam,
        "iam",
        "EnableOrganizationsRootSessions",
        Write(feature::enable_sessions)
    ),
    operation!(Iam, "iam", "GetAccountSummary", Read(root_user::summary)),
    operation!(Iam, "iam", "GetLoginProfile", Read(root_user::login_profile)),
    operation!(Iam, "iam", "GetRole", Read(role::get)),
    operation!(Iam, "iam", "GetRolePolicy", Read(role_policy::get)),
    operation!(Iam, "iam", "ListAccessKeys", Read(root_user::access_keys)),
    operation!(
        Iam,
        "iam",
        "ListAttachedRolePolicies",
        Read(role_policy::attached)
    ),
    operation!(
        Iam,
        "iam",
        "ListInstanceProfilesForRole",
        Read(role::instance_profiles)
    ),
    operation!(Iam, "iam", "ListMFADevices", Read(root_user::mfa_devices)),
    operation!(Iam, "iam", "ListOrganizationsFeatures", Read(feature::list)),
    operation!(Iam, "iam", "ListRolePolicies", Read(role_policy::list)),
    operation!(Iam, "iam", "ListRoles", Read(role::list)),
    operation!(
        Iam,
        "iam",
        "ListSigningCertificates",
        Read(root_user::certificates)
    ),
    operation!(Iam, "iam", "PutRolePolicy", Write(role_policy::put)),
    operation!(Iam, "iam", "UpdateAssumeRolePolicy", Write(role::update_trust)),
];
