//! Steps on delegated administrators: one call a Region, or one to Organizations.

use super::{LowerError, Results};
use lz_model::administration::is_regional;
use lz_model::id::AccountId;
use lz_model::plan::Action;
use lz_provider::Call;

/// Returns the calls of a step on an administrator, in order; none for another action.
pub(super) fn calls(action: &Action, results: &Results) -> Result<Vec<Call>, LowerError> {
    if let Action::RegisterAdmin {
        service,
        account,
        regions,
    } = action
    {
        let account: AccountId = results.id(&account.id)?;
        if regions.is_empty() {
            return Ok(vec![Call::RegisterAdmin(service.clone(), account)]);
        }
        let enable = regions.iter().map(|region| Call::EnableAdmin {
            service: service.clone(),
            account: account.clone(),
            region: region.clone(),
        });
        return Ok(enable.collect());
    }
    let Action::DeregisterAdmin {
        service,
        account,
        regions,
    } = action
    else {
        return Ok(Vec::new());
    };
    let account: AccountId = results.id(&account.id)?;
    let disable = regions.iter().map(|region| Call::DisableAdmin {
        service: service.clone(),
        account: account.clone(),
        region: region.clone(),
    });
    let mut calls: Vec<Call> = disable.collect();
    // Regions that the spec does not name may have it still, and Detective leaves the registration behind
    // (aws-facts section 6): Organizations ends both.
    if regions.is_empty() || is_regional(service) {
        calls.push(Call::DeregisterAdmin(service.clone(), account));
    }
    Ok(calls)
}
