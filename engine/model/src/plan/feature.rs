//! Steps on settings that an organization has once.

use crate::desired::Tags;
use crate::root_access::RootFeature;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// What is done to a setting of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "work", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeatureWork {
    /// Switches a feature of central root access on.
    EnableRootFeature {
        /// The feature.
        feature: RootFeature,
    },
    /// Switches a feature of central root access off.
    DisableRootFeature {
        /// The feature.
        feature: RootFeature,
    },
    /// Creates or replaces the resource policy.
    PutResourcePolicy {
        /// The document that is there; `None` for the first.
        before: Option<Text>,
        /// The document to come.
        after: Text,
        /// lz's own tags; AWS takes them with the first document only.
        tags: Tags,
    },
    /// Deletes the resource policy.
    DeleteResourcePolicy {
        /// The document that goes.
        before: Text,
    },
}

impl FeatureWork {
    /// Returns every text that may have holes.
    pub(super) fn texts(&self) -> Vec<&Text> {
        match self {
            Self::PutResourcePolicy { after, tags, .. } => tags.values().chain([after]).collect(),
            Self::EnableRootFeature { .. }
            | Self::DisableRootFeature { .. }
            | Self::DeleteResourcePolicy { .. } => Vec::new(),
        }
    }

    /// Applies `fill` to every text that [`Self::texts`] returns.
    pub(super) fn map_texts(&mut self, fill: impl Fn(&Text) -> Text) {
        match self {
            Self::PutResourcePolicy { after, tags, .. } => {
                tags.values_mut()
                    .chain([after])
                    .for_each(|text| *text = fill(text));
            }
            Self::EnableRootFeature { .. }
            | Self::DisableRootFeature { .. }
            | Self::DeleteResourcePolicy { .. } => {}
        }
    }
}
