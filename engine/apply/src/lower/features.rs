//! Steps on settings that an organization has once.

use super::{LowerError, Results};
use lz_model::plan::FeatureWork;
use lz_provider::Call;

/// Returns the call of a step on a setting.
pub(super) fn call(work: &FeatureWork, results: &Results) -> Result<Call, LowerError> {
    Ok(match work {
        FeatureWork::EnableRootFeature { feature } => Call::SwitchRootFeature(*feature, true),
        FeatureWork::DisableRootFeature { feature } => Call::SwitchRootFeature(*feature, false),
        FeatureWork::PutResourcePolicy { after, tags, .. } => {
            Call::PutResourcePolicy(results.text(after)?, results.tags(tags)?)
        }
        FeatureWork::DeleteResourcePolicy { .. } => Call::DeleteResourcePolicy,
    })
}
