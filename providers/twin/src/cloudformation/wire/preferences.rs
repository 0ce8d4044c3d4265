//! OperationPreferences, in and out.

use super::{invalid, number, object, regions, text};
use crate::cloudformation::state::{Amount, ConcurrencyMode, Preferences, RegionConcurrency};
use crate::settings::Settings;
use crate::wire::{Input, Refusal, Xml};

fn amount(
    input: &Input,
    (count, percent): (&'static str, &'static str),
    least: u32,
) -> Result<Option<Amount>, Refusal> {
    let counted = number(input, count, least, u32::MAX)?;
    let share = number(input, percent, least, 100)?;
    match (counted, share) {
        (Some(_), Some(_)) => Err(invalid(format!(
            "Either {count} or {percent} can be specified, but not both"
        ))),
        (Some(count), None) => Ok(Some(Amount::Count(count))),
        (None, Some(share)) => Ok(Some(Amount::Percent(share))),
        (None, None) => Ok(None),
    }
}

/// Returns how an operation is to proceed (botocore model, StackSetOperationPreferences).
pub(crate) fn preferences(input: &Input, settings: &Settings) -> Result<Preferences, Refusal> {
    let Some(input) = object(input, "OperationPreferences")? else {
        return Ok(Preferences::default());
    };
    let mode = match text(&input, "ConcurrencyMode")? {
        None => None,
        Some("STRICT_FAILURE_TOLERANCE") => Some(ConcurrencyMode::StrictFailureTolerance),
        Some("SOFT_FAILURE_TOLERANCE") => Some(ConcurrencyMode::SoftFailureTolerance),
        Some(other) => return Err(invalid(format!("`{other}` is not a ConcurrencyMode"))),
    };
    let kind = match text(&input, "RegionConcurrencyType")? {
        None => None,
        Some("SEQUENTIAL") => Some(RegionConcurrency::Sequential),
        Some("PARALLEL") => Some(RegionConcurrency::Parallel),
        Some(other) => return Err(invalid(format!("`{other}` is not a RegionConcurrencyType"))),
    };
    // MaxConcurrentCount beyond FailureToleranceCount + 1 is not refused under the strict mode, it has no effect.
    Ok(Preferences {
        regions: kind,
        order: regions(&input, "RegionOrder", settings)?.unwrap_or_default(),
        tolerance: amount(&input, ("FailureToleranceCount", "FailureTolerancePercentage"), 0)?,
        concurrent: amount(&input, ("MaxConcurrentCount", "MaxConcurrentPercentage"), 1)?,
        mode,
    })
}

/// Writes preferences as the request gave them.
pub(super) fn written(preferences: &Preferences) -> Xml {
    let mut xml = Xml::default();
    if let Some(kind) = preferences.regions {
        xml = xml.text("RegionConcurrencyType", kind.as_str());
    }
    xml = xml.texts(
        "RegionOrder",
        preferences.order.iter().map(|region| region.as_str()),
    );
    xml = match preferences.tolerance {
        None => xml,
        Some(Amount::Count(count)) => xml.text("FailureToleranceCount", &count.to_string()),
        Some(Amount::Percent(share)) => xml.text("FailureTolerancePercentage", &share.to_string()),
    };
    xml = match preferences.concurrent {
        None => xml,
        Some(Amount::Count(count)) => xml.text("MaxConcurrentCount", &count.to_string()),
        Some(Amount::Percent(share)) => xml.text("MaxConcurrentPercentage", &share.to_string()),
    };
    match preferences.mode {
        None => xml,
        Some(mode) => xml.text("ConcurrencyMode", mode.as_str()),
    }
}
