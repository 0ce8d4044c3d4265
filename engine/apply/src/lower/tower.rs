//! Steps in Control Tower become calls.

use super::{Enrol, LowerError, Results, Task};
use lz_model::plan::{TowerStep, TowerWork};
use lz_provider::{Call, TowerCall, TowerRequest};

/// Returns what is to be done for a step in Control Tower.
pub(super) fn tower(step: &TowerStep, results: &Results) -> Result<Task, LowerError> {
    let region = step.region.clone();
    let request = match &step.work {
        TowerWork::MakeRoles { version } => {
            return Ok(Task::Calls(vec![Call::MakeTowerRoles(region, *version)]));
        }
        TowerWork::AwaitEnrolment { account, target: _ } => {
            return Ok(Task::Enrol(Box::new(Enrol {
                region,
                account: results.id(&account.id)?,
            })));
        }
        TowerWork::CreateZone {
            version,
            manifest,
            enrols_moved,
        } => TowerRequest::CreateZone {
            version: *version,
            manifest: results.text(manifest)?,
            enrols_moved: *enrols_moved,
        },
        TowerWork::UpdateZone {
            landing_zone,
            version,
            manifest,
            enrols_moved,
        } => TowerRequest::UpdateZone {
            landing_zone: landing_zone.clone(),
            version: version.after,
            manifest: results.text(&manifest.after)?,
            enrols_moved: enrols_moved.after,
        },
        TowerWork::ResetZone { landing_zone, .. } => TowerRequest::ResetZone {
            landing_zone: landing_zone.clone(),
        },
        TowerWork::EnableBaseline {
            baseline,
            version,
            target,
            identity_center,
            ..
        } => TowerRequest::EnableBaseline {
            baseline: *baseline,
            version: version.clone(),
            target: results.text(&target.arn)?,
            identity_center: *identity_center,
        },
        TowerWork::UpdateBaseline {
            enabled,
            version,
            identity_center,
            ..
        } => TowerRequest::UpdateBaseline {
            enabled: enabled.clone(),
            before: version.before.clone(),
            version: version.after.clone(),
            identity_center: *identity_center,
        },
        TowerWork::ResetBaseline { enabled, .. } => TowerRequest::ResetBaseline {
            enabled: enabled.clone(),
        },
        TowerWork::DisableBaseline { enabled, .. } => TowerRequest::DisableBaseline {
            enabled: enabled.clone(),
        },
        TowerWork::EnableControl {
            control,
            arn,
            target,
            parameters,
        } => TowerRequest::EnableControl {
            control: control.clone(),
            arn: arn.clone(),
            target: results.text(&target.arn)?,
            parameters: parameters.clone(),
        },
        TowerWork::UpdateControl {
            control,
            enabled,
            parameters,
            ..
        } => TowerRequest::UpdateControl {
            control: control.clone(),
            enabled: enabled.clone(),
            parameters: parameters.after.clone(),
        },
        TowerWork::ResetControl { enabled, .. } => TowerRequest::ResetControl {
            enabled: enabled.clone(),
        },
        TowerWork::DisableControl { enabled, .. } => TowerRequest::DisableControl {
            enabled: enabled.clone(),
        },
    };
    Ok(Task::Tower(Box::new(TowerCall { region, request })))
}
