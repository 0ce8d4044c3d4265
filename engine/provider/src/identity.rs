//! IAM Identity Center and account settings through the port: what is read, and what is asked for.

use crate::call::TagList;
use lz_model::address::Address;
use lz_model::desired::{Desired, Exclusive};
use lz_model::id::{AccountId, Arn, Email, Region};
use lz_model::identity::{Boundary, Center, CustomerPolicy, Principal, PrincipalKind};
use lz_model::settings::{Contact, ContactKind, PrimaryContact};
use std::collections::BTreeSet;

/// What a read is to bring of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityScope {
    /// The Region of the instance.
    pub region: Region,
    /// The instance's ARN; `None` for the only one there is.
    pub instance: Option<Arn>,
    /// The landing zone's name: sets with this value of the tag `lz:zone` are brought with their content.
    pub zone: String,
    /// Names of the sets that the spec declares, which are brought with their content.
    pub sets: BTreeSet<String>,
    /// Addresses that the spec declares, as tags hold them: sets of the landing zone under other addresses are on
    /// their way out, so everybody who has them is brought.
    pub addresses: BTreeSet<String>,
    /// Users and groups whose ids and assignments are wanted.
    pub principals: BTreeSet<Principal>,
    /// Whether everybody who has a declared set is wanted: a call for each account that has it.
    pub everybody: bool,
}

impl IdentityScope {
    /// Returns what must be read of Identity Center to plan a spec; `None` if nothing.
    #[must_use]
    pub fn of(desired: &Desired) -> Option<Self> {
        let identity = desired.identity.as_ref()?;
        let claims = |organization: &lz_model::desired::DesiredOrganization| {
            organization.exclusive.contains(&Exclusive::Assignments)
        };
        let former = desired.moved.iter().map(|moved| moved.from.to_tag());
        let declared = identity.sets.keys().cloned().map(Address::PermissionSet);
        Some(Self {
            region: identity.region.clone(),
            instance: identity.instance.clone(),
            zone: desired.zone.name.clone(),
            sets: identity.sets.values().map(|set| set.name.clone()).collect(),
            addresses: declared.map(|address| address.to_tag()).chain(former).collect(),
            principals: identity
                .assignments
                .values()
                .flat_map(|assignment| assignment.principals.iter().cloned())
                .collect(),
            everybody: desired.organization.as_ref().is_some_and(claims),
        })
    }
}

/// What a read is to bring of one account's settings: a call for each contact, the primary contact and each Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsScope {
    /// The account's address as the tag `lz:address` holds it.
    pub address: String,
    /// Its e-mail address, by which it is found where it has no tags.
    pub email: Email,
    /// Its id, where the spec pins it.
    pub id: Option<AccountId>,
    /// The alternate contacts.
    pub contacts: BTreeSet<ContactKind>,
    /// Whether the primary contact is wanted.
    pub primary_contact: bool,
    /// Regions whose state is wanted.
    pub regions: BTreeSet<Region>,
}

impl SettingsScope {
    /// Returns what must be read of the settings of accounts to plan a spec.
    #[must_use]
    pub fn of(desired: &Desired) -> Vec<Self> {
        let declared = desired
            .accounts
            .iter()
            .filter(|(_, account)| !account.settings.is_empty());
        declared
            .map(|(name, account)| Self {
                address: Address::Account(name.clone()).to_tag(),
                email: account.email.clone(),
                id: account.id.clone(),
                contacts: account.settings.contacts.keys().copied().collect(),
                primary_contact: account.settings.primary_contact.is_some(),
                regions: account.settings.enabled_regions.clone(),
            })
            .collect()
    }
}

/// A change of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCall {
    /// The instance.
    pub center: Center,
    /// What is done.
    pub change: IdentityChange,
}

/// What is done to IAM Identity Center: one API operation each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityChange {
    /// `sso:CreatePermissionSet`. Creates: the set's ARN, as id and as ARN.
    CreateSet {
        /// The name.
        name: String,
        /// What it is, and how sessions go.
        basics: SetBasics,
        /// Its tags.
        tags: TagList,
    },
    /// `sso:UpdatePermissionSet`.
    UpdateSet(Arn, SetBasics),
    /// `sso:DeletePermissionSet`.
    DeleteSet(Arn),
    /// `sso:AttachManagedPolicyToPermissionSet` or its kin for policies of the accounts.
    AttachPolicy(Arn, SetPolicy),
    /// `sso:DetachManagedPolicyFromPermissionSet` or its kin.
    DetachPolicy(Arn, SetPolicy),
    /// `sso:PutInlinePolicyToPermissionSet`; `None` deletes it.
    Inline(Arn, Option<String>),
    /// `sso:PutPermissionsBoundaryToPermissionSet`; `None` deletes it.
    Boundary(Arn, Option<Boundary>),
    /// `sso:TagResource`.
    Tag(Arn, TagList),
    /// `sso:UntagResource`.
    Untag(Arn, BTreeSet<String>),
    /// `sso:ProvisionPermissionSet` for every account that has it, until all have its present state.
    Provision(Arn),
    /// `sso:CreateAccountAssignment`, until it holds.
    Assign(AssignmentCall),
    /// `sso:DeleteAccountAssignment`, until it is gone.
    Unassign(AssignmentCall),
}

/// What a permission set is beside what it grants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetBasics {
    /// The description.
    pub description: Option<String>,
    /// How long a session lasts, in seconds.
    pub session_seconds: Option<u32>,
    /// Where a person lands after signing in.
    pub relay_state: Option<String>,
}

/// A policy that a permission set refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetPolicy {
    /// AWS's own.
    Managed(Arn),
    /// Each account's own.
    Customer(CustomerPolicy),
}

/// Somebody, a permission set, and an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentCall {
    /// The permission set.
    pub set: Arn,
    /// User or group.
    pub kind: PrincipalKind,
    /// The principal's id in the identity store.
    pub principal: String,
    /// The account.
    pub account: AccountId,
}

/// A change of an account's settings, asked for by the management account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsCall {
    /// `account:PutAlternateContact`.
    PutContact(AccountId, ContactKind, Contact),
    /// `account:PutContactInformation`.
    PutPrimaryContact(AccountId, PrimaryContact),
    /// `account:EnableRegion`, until the Region is on.
    EnableRegion(AccountId, Region),
}
