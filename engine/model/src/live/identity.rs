//! IAM Identity Center as it was found.

use super::LiveTags;
use super::pairs;
use crate::id::{AccountId, Arn};
use crate::identity::{Boundary, Center, CustomerPolicy, Principal, PrincipalKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The instance, its permission sets, and who has them where, as far as the spec is about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveIdentity {
    /// The instance.
    pub center: Center,
    /// Every permission set, by ARN.
    pub sets: BTreeMap<Arn, LivePermissionSet>,
    /// The ids of the principals that the spec names; one that is missing here is not in the identity store.
    #[serde(with = "pairs")]
    pub principals: BTreeMap<Principal, String>,
    /// Who has which set where, as far as it was read: everything about a set whose `holders` is
    /// [`Holders::All`], and everything about the principals that the spec names.
    pub assignments: BTreeSet<LiveAssignment>,
}

/// A permission set as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePermissionSet {
    /// The name.
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// How long a session lasts, in seconds.
    pub session_seconds: Option<u32>,
    /// Where a person lands after signing in.
    pub relay_state: Option<String>,
    /// Tags.
    pub tags: LiveTags,
    /// What only sets that concern the spec are asked for.
    pub content: Option<LiveSetContent>,
}

/// What a permission set grants, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveSetContent {
    /// Policies of AWS's own.
    pub managed: BTreeSet<Arn>,
    /// Policies that each account has by itself.
    pub customer: BTreeSet<CustomerPolicy>,
    /// The inline policy.
    pub inline: Option<String>,
    /// The boundary.
    pub boundary: Option<Boundary>,
    /// Accounts that have the set.
    pub provisioned: BTreeSet<AccountId>,
    /// Those among them that have an earlier state of it.
    pub outdated: BTreeSet<AccountId>,
    /// How much of who has it was read.
    pub holders: Holders,
}

/// How much was read of who has a permission set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holders {
    /// Everybody.
    All,
    /// The principals that the spec names.
    Named,
}

/// Somebody may use a permission set in an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LiveAssignment {
    /// The permission set.
    pub set: Arn,
    /// User or group.
    pub kind: PrincipalKind,
    /// The principal's id in the identity store.
    pub principal: String,
    /// The account.
    pub account: AccountId,
}
