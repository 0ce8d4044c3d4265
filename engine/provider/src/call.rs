//! The calls that change something: one per API operation, all ids known.

use crate::identity::{IdentityCall, SettingsCall};
use crate::stacks::{SetConduct, SetDefinition, SetHandle, SetOperation, StackCall};
use crate::tower::TowerCall;
use lz_model::id::{
    AccountId, Email, OuId, ParentId, PolicyId, Region, ResourceId, RootId, ServicePrincipal, TargetId,
};
use lz_model::identity::Center;
use lz_model::policy_type::PolicyType;
use lz_model::root_access::RootFeature;
use lz_model::tower::TowerVersion;
use std::collections::{BTreeMap, BTreeSet};

/// Tags to set.
pub type TagList = BTreeMap<String, String>;

/// A change that AWS is asked to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `organizations:CreateOrganization` with all features. Creates: the root's id.
    CreateOrganization,
    /// `organizations:EnableAWSServiceAccess`.
    EnableTrustedService(ServicePrincipal),
    /// `organizations:DisableAWSServiceAccess`.
    DisableTrustedService(ServicePrincipal),
    /// `organizations:EnablePolicyType`, until the type is on.
    EnablePolicyType(RootId, PolicyType),
    /// `organizations:DisablePolicyType`, until the type is off.
    DisablePolicyType(RootId, PolicyType),
    /// `organizations:CreateOrganizationalUnit`.
    CreateOu {
        /// What it lies in.
        parent: ParentId,
        /// Its name.
        name: String,
        /// Its tags.
        tags: TagList,
    },
    /// `organizations:UpdateOrganizationalUnit`.
    RenameOu(OuId, String),
    /// `organizations:DeleteOrganizationalUnit`.
    DeleteOu(OuId),
    /// `organizations:CreateAccount`, until the account is active.
    CreateAccount {
        /// Its name.
        name: String,
        /// The root user's e-mail address.
        email: Email,
        /// The role that AWS makes in it.
        role_name: Option<String>,
        /// Whether IAM users may see billing.
        iam_user_access_to_billing: Option<bool>,
        /// Its tags.
        tags: TagList,
    },
    /// `organizations:MoveAccount`.
    MoveAccount {
        /// The account.
        account: AccountId,
        /// Where it is.
        from: ParentId,
        /// Where it will be.
        to: ParentId,
    },
    /// `account:PutAccountName`.
    RenameAccount(AccountId, String),
    /// `organizations:CloseAccount`, until the account is no longer active.
    CloseAccount(AccountId),
    /// `organizations:RemoveAccountFromOrganization`.
    ReleaseAccount(AccountId),
    /// `organizations:CreatePolicy`.
    CreatePolicy {
        /// Its type.
        policy_type: PolicyType,
        /// Its name.
        name: String,
        /// Its description.
        description: String,
        /// Its document.
        content: String,
        /// Its tags.
        tags: TagList,
    },
    /// `organizations:UpdatePolicy`.
    UpdatePolicy {
        /// The policy.
        policy: PolicyId,
        /// The new name.
        name: Option<String>,
        /// The new description.
        description: Option<String>,
        /// The new document.
        content: Option<String>,
    },
    /// `organizations:DeletePolicy`.
    DeletePolicy(PolicyId),
    /// `organizations:AttachPolicy`.
    AttachPolicy(PolicyId, TargetId),
    /// `organizations:DetachPolicy`.
    DetachPolicy(PolicyId, TargetId),
    /// `organizations:TagResource`.
    Tag(ResourceId, TagList),
    /// `organizations:UntagResource`.
    Untag(ResourceId, BTreeSet<String>),
    /// `organizations:RegisterDelegatedAdministrator`.
    RegisterAdmin(ServicePrincipal, AccountId),
    /// `organizations:DeregisterDelegatedAdministrator`.
    DeregisterAdmin(ServicePrincipal, AccountId),
    /// The service's own call that makes an account its administrator in a Region.
    EnableAdmin {
        /// The service.
        service: ServicePrincipal,
        /// The account.
        account: AccountId,
        /// The Region.
        region: Region,
    },
    /// The service's own call that ends an account's being its administrator in a Region.
    DisableAdmin {
        /// The service.
        service: ServicePrincipal,
        /// The account.
        account: AccountId,
        /// The Region.
        region: Region,
    },
    /// `iam:EnableOrganizationsRootCredentialsManagement` and its kin: a feature, and whether it is to be on.
    SwitchRootFeature(RootFeature, bool),
    /// `organizations:PutResourcePolicy`: the document, and the tags of the first one.
    PutResourcePolicy(String, TagList),
    /// `organizations:DeleteResourcePolicy`.
    DeleteResourcePolicy,
    /// `cloudformation:CreateStackSet`. Creates: the set's id and ARN.
    CreateStackSet {
        /// The set.
        set: SetHandle,
        /// What its stacks are made from.
        definition: Box<SetDefinition>,
        /// What happens by itself.
        conduct: SetConduct,
        /// Makes a repeated call one (`ClientRequestToken`).
        token: String,
    },
    /// `cloudformation:UpdateStackSet` of what happens by itself. Creates: the operation's id, if AWS starts one.
    ConfigureStackSet {
        /// The set.
        set: SetHandle,
        /// What changes: automatic deployment and its kin, managed execution, or both.
        conduct: SetConduct,
        /// Whether automatic deployment changes.
        auto_deployment: bool,
        /// The id of the operation.
        token: String,
    },
    /// Starts an operation. Creates: its id. It is followed with [`crate::StackSets`], not awaited.
    StackSetOperation(Box<SetOperation>),
    /// `cloudformation:DeleteStackSet`.
    DeleteStackSet(SetHandle),
    /// `cloudformation:CreateStack`, until it is made. Creates: the stack's id, which is its ARN.
    CreateStack(Box<StackCall>),
    /// `cloudformation:UpdateStack`, until it is done.
    UpdateStack(Box<StackCall>),
    /// `cloudformation:DeleteStack`, until it is gone.
    DeleteStack(Region, String),
    /// Makes the roles that Control Tower works by, as far as they are missing: `iam:CreateRole` and its kin.
    MakeTowerRoles(Region, TowerVersion),
    /// Starts an operation of Control Tower. Creates: its id. It is followed with [`crate::ControlTower`], not awaited.
    Tower(Box<TowerCall>),
    /// A change of IAM Identity Center.
    Identity(Box<IdentityCall>),
    /// A change of an account's settings.
    Settings(Box<SettingsCall>),
}

/// What a call made, or what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The id.
    pub id: String,
    /// The ARN, where the answer holds it.
    pub arn: Option<String>,
    /// The tags, where they were read.
    pub tags: TagList,
}

/// What identifies an object apart from its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Natural {
    /// The organization of the caller's account. Found: the root's id.
    Organization,
    /// An OU by its parent and name.
    Ou(ParentId, String),
    /// An account by its e-mail address; its name tells a creation in flight.
    Account(Email, String),
    /// A policy by its type and name.
    Policy(PolicyType, String),
    /// An account if it lies in this parent.
    Placement(AccountId, ParentId),
    /// An account that AWS is creating, by the request's id; awaited. Found: the account, if it succeeds.
    Creation(String),
    /// A stack set. Found: its id, ARN and tags.
    StackSet(SetHandle),
    /// A stack of the caller's account by Region and name. Found: its id and tags.
    Stack(Region, String),
    /// A permission set by its name. Found: its ARN and tags.
    PermissionSet(Center, String),
}
