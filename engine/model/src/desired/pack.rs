//! The `policy_pack` blocks: many guardrails that go into as few policies as AWS's limits allow.

use super::{DesiredTarget, Origin, Tags};
use crate::policy_type::PolicyType;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A `policy_pack` block. The planner makes policies of it: `policy.LABEL["1"]`, `policy.LABEL["2"]` and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesiredPack {
    /// The policy type; one that limits what may be done.
    pub policy_type: PolicyType,
    /// The name in AWS of each policy, before its number: `Name-1`.
    pub name: String,
    /// The description of each policy; `None` leaves it alone.
    pub description: Option<Text>,
    /// The documents that are packed, in the order of the spec: JSON without needless white space. Never empty.
    pub guardrails: Vec<Text>,
    /// Everything that the policies are attached to; `None` leaves attachments alone.
    pub attach: Option<BTreeSet<DesiredTarget>>,
    /// Tags of each policy; `None` leaves them alone.
    pub tags: Option<Tags>,
    /// Where the block stands.
    pub origin: Option<Origin>,
}
