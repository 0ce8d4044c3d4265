//! What a plan does with IAM Identity Center.

use super::{Change, Ref};
use crate::desired::Tags;
use crate::id::{AccountId, Arn};
use crate::identity::{Boundary, Center, CustomerPolicy, Principal};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Everything about a permission set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetContent {
    /// The name.
    pub name: String,
    /// The description.
    pub description: Option<String>,
    /// How long a session lasts, in seconds; `None` for AWS's default.
    pub session_seconds: Option<u32>,
    /// Where a person lands after signing in.
    pub relay_state: Option<String>,
    /// Policies of AWS's own.
    pub managed: BTreeSet<Arn>,
    /// Policies that each account has by itself.
    pub customer: BTreeSet<CustomerPolicy>,
    /// The inline policy.
    pub inline: Option<Text>,
    /// The boundary.
    pub boundary: Option<Boundary>,
    /// Tags, lz's own included.
    pub tags: Tags,
}

/// Who gains or loses a permission set, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The instance.
    pub center: Center,
    /// The permission set.
    pub set: Ref<Arn>,
    /// Who.
    pub principal: Principal,
    /// Who, by the id in the identity store.
    pub principal_id: String,
    /// In which accounts; never empty.
    pub members: Vec<Ref<AccountId>>,
}

/// What is done to IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "work", rename_all = "snake_case", deny_unknown_fields)]
pub enum IdentityWork {
    /// Creates a permission set. No account has it yet.
    CreateSet {
        /// The instance.
        center: Center,
        /// The set.
        content: Box<SetContent>,
    },
    /// Changes a permission set. Accounts that have it keep its former state until it is provisioned.
    UpdateSet {
        /// The instance.
        center: Center,
        /// The set.
        set: Arn,
        /// What changes.
        content: Box<Change<SetContent>>,
    },
    /// Brings the present state of a permission set to every account that has it.
    ProvisionSet {
        /// The instance.
        center: Center,
        /// The set.
        set: Ref<Arn>,
        /// How many accounts have it.
        accounts: usize,
    },
    /// Deletes a permission set that nobody has.
    DeleteSet {
        /// The instance.
        center: Center,
        /// The set.
        set: Ref<Arn>,
    },
    /// Gives somebody a permission set in accounts.
    Grant(Access),
    /// Takes a permission set from somebody in accounts.
    Revoke(Access),
}

impl IdentityWork {
    /// Returns every text that may have holes.
    #[must_use]
    pub fn texts(&self) -> Vec<&Text> {
        match self {
            Self::CreateSet { content, .. } => of_content(content),
            Self::UpdateSet { content, .. } => of_content(&content.after),
            Self::ProvisionSet { .. } | Self::DeleteSet { .. } | Self::Grant(_) | Self::Revoke(_) => {
                Vec::new()
            }
        }
    }

    /// Applies `fill` to every text that [`IdentityWork::texts`] returns.
    pub fn map_texts(&mut self, fill: &impl Fn(&Text) -> Text) {
        let content = match self {
            Self::CreateSet { content, .. } => content.as_mut(),
            Self::UpdateSet { content, .. } => &mut content.after,
            Self::ProvisionSet { .. } | Self::DeleteSet { .. } | Self::Grant(_) | Self::Revoke(_) => return,
        };
        let texts = content.tags.values_mut().chain(content.inline.as_mut());
        texts.for_each(|text| *text = fill(text));
    }
}

fn of_content(content: &SetContent) -> Vec<&Text> {
    content.tags.values().chain(content.inline.as_ref()).collect()
}
