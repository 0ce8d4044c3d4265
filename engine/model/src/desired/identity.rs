//! What the spec wants of IAM Identity Center: permission sets, and who has them where.

use super::Tags;
use crate::address::{Name, OuAddress};
use crate::id::{Arn, Region};
use crate::identity::{Boundary, CustomerPolicy, Principal};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the spec wants of IAM Identity Center. There is none where the spec has no such block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredIdentity {
    /// The Region that the instance lives in.
    pub region: Region,
    /// The instance's ARN, where the account sees several.
    pub instance: Option<Arn>,
    /// The permission sets.
    pub sets: BTreeMap<Name, DesiredPermissionSet>,
    /// The assignments.
    pub assignments: BTreeMap<Name, DesiredAssignment>,
}

/// A `permission_set` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredPermissionSet {
    /// The name in AWS, 1 to 32 characters. It cannot change.
    pub name: String,
    /// The description, 1 to 700 characters; `None` leaves it alone.
    pub description: Option<String>,
    /// How long a session lasts, in seconds, 3,600 to 43,200; `None` leaves it alone.
    pub session_seconds: Option<u32>,
    /// Where a person lands after signing in; `None` leaves it alone.
    pub relay_state: Option<String>,
    /// What the set grants: all of it.
    pub grants: DesiredGrants,
    /// Tags; `None` leaves them alone.
    pub tags: Option<Tags>,
}

/// What a permission set grants. The spec is the whole truth: what it leaves out is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredGrants {
    /// Policies of AWS's own.
    pub managed: BTreeSet<Arn>,
    /// Policies that each account has by itself.
    pub customer: BTreeSet<CustomerPolicy>,
    /// The inline policy: JSON without needless white space.
    pub inline: Option<Text>,
    /// The boundary.
    pub boundary: Option<Boundary>,
}

/// An `assignment` block: these people have this permission set in these accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredAssignment {
    /// The permission set; declared.
    pub set: Name,
    /// Who; never empty.
    pub principals: BTreeSet<Principal>,
    /// Accounts by name.
    pub accounts: BTreeSet<Name>,
    /// OUs, or the root, whose accounts at any depth are meant.
    pub units: BTreeSet<AccessUnit>,
}

/// What an assignment names beside accounts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessUnit {
    /// The whole organization, the management account included.
    Root,
    /// A declared OU.
    Ou(OuAddress),
}
