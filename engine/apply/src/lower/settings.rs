//! Steps on settings that an organization has once.

use super::{LowerError, Results};
use lz_model::plan::SettingWork;
use lz_provider::Call;

/// Returns the call of a step on a setting.
pub(super) fn call(work: &SettingWork, results: &Results) -> Result<Call, LowerError> {
    Ok(match work {
        SettingWork::EnableRootFeature { feature } => Call::SwitchRootFeature(*feature, true),
        SettingWork::DisableRootFeature { feature } => Call::SwitchRootFeature(*feature, false),
        SettingWork::PutResourcePolicy { after, tags, .. } => {
            Call::PutResourcePolicy(results.text(after)?, results.tags(tags)?)
        }
        SettingWork::DeleteResourcePolicy { .. } => Call::DeleteResourcePolicy,
    })
}
