//! IAM Identity Center: permission sets, and who has them where.

mod access;
mod notes;
mod set;

use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::plan::{Action, IdentityWork, Reason, Severity, TowerWork};

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let Some(wanted) = &context.desired.identity else {
        return;
    };
    let live = context.live.and_then(|live| live.identity.as_ref());
    if comes_with_the_plan(context, drafts) {
        drafts.note(
            Severity::Warning,
            "identity_center_waits",
            None,
            "permission sets and assignments wait for the next plan: Identity Center comes when this one is carried out",
        );
        return;
    }
    let Some(live) = live else {
        // In another Region nothing of Identity Center is to be expected.
        if problems.has("home_region_differs") {
            return;
        }
        let help = format!(
            "enable IAM Identity Center in {} (console, or Control Tower), or set `region` of `identity_center`; \
             until then take its blocks out",
            wanted.region
        );
        problems.add(
            "identity_center_off",
            None,
            format!("IAM Identity Center has no instance in {}", wanted.region),
            help,
        );
        return;
    };
    set::diff(context, wanted, live, drafts);
    access::diff(context, wanted, live, drafts, problems);
}

/// Identity Center belongs to an organization: where the plan makes that, it can only come afterwards. Control Tower
/// sets it up with a landing zone that has access management, or puts its own groups into the one that is there (AWS
/// Control Tower User Guide, "IAM Identity Center Groups for AWS Control Tower").
fn comes_with_the_plan(context: &Context<'_>, drafts: &Drafts) -> bool {
    let Some(live) = context.live else { return true };
    let zone = context.desired.tower.zone.as_ref();
    let with_access = zone.is_some_and(|zone| zone.access_management.unwrap_or(zone.audit.is_some()));
    let brings_it = |work: &TowerWork| {
        let comes = matches!(work, TowerWork::CreateZone { .. });
        comes || live.identity.is_none() && matches!(work, TowerWork::UpdateZone { .. })
    };
    let mut drafts = drafts.list.iter();
    with_access
        && drafts.any(|draft| matches!(&draft.step.action, Action::Tower(step) if brings_it(&step.work)))
}

fn push(
    context: &Context<'_>,
    drafts: &mut Drafts,
    address: &Address,
    verb: &str,
    work: IdentityWork,
    reason: Reason,
) {
    let action = Action::Identity(work);
    drafts.push(Draft::new(context.desired, address.clone(), verb, action, reason));
}
