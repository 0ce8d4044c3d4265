//! What of a plan is a branch's own, and what its base would do, too.

use super::{Step, StepId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whose a step is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The branch brings it, or makes it do something else.
    Branch,
    /// The base's spec brings it just so: the organization differs from it already.
    Drifting,
}

/// The base that a branch's plan was compared with. Both plans were made of the same organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// The revision as it was asked for.
    pub revision: String,
    /// The commit's full id.
    pub commit: String,
    /// The commit's first line.
    pub subject: String,
    /// Whose each step of the plan is.
    pub sides: BTreeMap<StepId, Side>,
    /// Steps of the base's plan that the branch takes away, in their order.
    pub withdrawn: Vec<Step>,
}

impl Base {
    /// Returns how many steps are on a side.
    #[must_use]
    pub fn count(&self, side: Side) -> usize {
        self.sides.values().filter(|found| **found == side).count()
    }
}
