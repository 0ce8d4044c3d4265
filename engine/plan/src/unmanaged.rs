//! What the spec does not manage, once the plan is done: what a step takes away is not left over.

use lz_model::plan::{Action, Step, TowerWork, Unmanaged};
use std::collections::BTreeSet;

/// Takes out of the lists what the steps take away.
pub(crate) fn without_removed(mut unmanaged: Unmanaged, steps: &[Step]) -> Unmanaged {
    let gone: BTreeSet<String> = steps.iter().filter_map(|step| gone(&step.action)).collect();
    let lists = [
        &mut unmanaged.accounts,
        &mut unmanaged.trusted_services,
        &mut unmanaged.delegated_admins,
        &mut unmanaged.baselines,
        &mut unmanaged.controls,
    ];
    for list in lists {
        list.retain(|name| !gone.contains(name));
    }
    unmanaged
}

/// Returns what a step takes away, as [`Unmanaged`] names it.
fn gone(action: &Action) -> Option<String> {
    if let Action::DisableTrustedService { service } = action {
        return Some(service.to_string());
    }
    if let Action::DeregisterAdmin { service, account, .. } = action {
        return account.id.now().map(|id| format!("{service} {id}"));
    }
    if let Action::CloseAccount { account } | Action::ReleaseAccount { account } = action {
        return account.id.now().map(|id| format!("{id} {}", account.name));
    }
    let Action::Tower(step) = action else { return None };
    if let TowerWork::DisableBaseline { baseline, target, .. } = &step.work {
        return Some(format!("{baseline} {}", target.name));
    }
    if let TowerWork::DisableControl { control, target, .. } = &step.work {
        return Some(format!("{control} {}", target.name));
    }
    None
}
