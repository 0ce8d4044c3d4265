//! Accounts that come into registered OUs and leave them (rule R35).

use super::Site;
use crate::context::Context;
use crate::draft::Drafts;
use crate::entity::Entity;
use lz_model::address::Address;
use lz_model::live::BaselineTarget;
use lz_model::plan::{Action, Reason, Severity, TowerStep, TowerWork};
use lz_model::tower::OuBaseline;
use std::collections::BTreeSet;

/// The moves of a plan, as Control Tower sees them.
pub(super) struct Arrivals {
    /// Account, from, to.
    moves: Vec<(Entity, Option<Entity>, Entity)>,
}

impl Arrivals {
    /// Returns whether an account comes into an OU or leaves it.
    pub(super) fn touch(&self, ou: &Entity) -> bool {
        self.moves
            .iter()
            .any(|(_, from, to)| to == ou || from.as_ref() == Some(ou))
    }
}

/// Returns the moves that are planned so far.
pub(super) fn arrivals(drafts: &Drafts) -> Arrivals {
    let moved = drafts.list.iter().filter_map(|draft| {
        let Action::MoveAccount { .. } = draft.step.action else {
            return None;
        };
        Some((draft.entity.clone()?, draft.from.clone(), draft.to.clone()?))
    });
    Arrivals {
        moves: moved.collect(),
    }
}

/// Plans a wait for each account that Control Tower enrols by itself, and tells of drift where it does not.
pub(super) fn diff(site: &Site<'_, '_>, arrivals: &Arrivals, drafts: &mut Drafts) {
    let (before, after) = (registered_before(site.context), site.registered_after());
    for (account, from, to) in &arrivals.moves {
        // Who is governed already moves on to an OU that is registered first, and is enrolled there; a baseline that comes
        // enrols everybody else who is there by then.
        let governed = site.zone.enrols_moved && from.as_ref().is_some_and(|ou| before.contains(ou));
        let stays = before.contains(to) && !comes(drafts, to);
        if !(stays || governed) || !after.contains(to) {
            continue;
        }
        let in_spec = is_in_spec(site, to);
        let why_not = if !site.zone.enrols_moved {
            "accounts are not enrolled by themselves"
        } else if site.zone.upgraded && !in_spec {
            "an OU whose baseline is older than the landing zone enrols nobody"
        } else {
            wait(site, account, to, drafts);
            continue;
        };
        // A baseline of the spec is reset once its accounts have come.
        if !in_spec {
            drafts.note(
                Severity::Warning,
                "not_enrolled",
                site.context.address(account),
                format!(
                    "`{}` comes into `{}`, where Control Tower will show drift: {why_not}, and the spec does not name \
                     the OU's baseline (rule R35)",
                    site.context.shown(account),
                    site.context.shown(to)
                ),
            );
        }
    }
}

/// Returns whether the plan registers an OU, perhaps with another baseline than before.
fn comes(drafts: &Drafts, ou: &Entity) -> bool {
    drafts.list.iter().any(|draft| {
        let registers = matches!(
            &draft.step.action,
            Action::Tower(TowerStep {
                work: TowerWork::EnableBaseline { baseline, .. },
                ..
            }) if baseline.registers()
        );
        registers && draft.entity.as_ref() == Some(ou)
    })
}

/// Returns the OUs that are registered before the plan.
pub(crate) fn registered_before(context: &Context<'_>) -> BTreeSet<Entity> {
    let tower = context.live.and_then(|live| live.tower.as_ref());
    let found = tower.into_iter().flat_map(|tower| &tower.baselines);
    let registering = found.filter(|found| found.baseline.is_some_and(OuBaseline::registers));
    registering
        .filter_map(|found| match &found.target {
            BaselineTarget::Ou(id) => Some(Entity::Ou(id.clone())),
            BaselineTarget::Account(_) => None,
        })
        .collect()
}

fn is_in_spec(site: &Site<'_, '_>, ou: &Entity) -> bool {
    let wanted = &site.context.desired.tower.baselines;
    wanted
        .iter()
        .filter(|(kind, _)| kind.registers())
        .any(|(_, ous)| ous.keys().any(|address| site.ou(address) == *ou))
}

fn wait(site: &Site<'_, '_>, account: &Entity, to: &Entity, drafts: &mut Drafts) {
    let (Some(reference), Some(target)) = (site.context.account_ref(account), site.target(to)) else {
        return;
    };
    let address = site.context.address(account).unwrap_or(Address::ControlTower);
    let verb = format!("enrol {}", site.context.label(account));
    let work = TowerWork::AwaitEnrolment {
        account: reference,
        target,
    };
    let draft = site.draft(address, &verb, work, Reason::Differs {});
    drafts.push(draft.entity(account.clone()).to(to.clone()));
}
