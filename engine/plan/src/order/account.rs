//! Rules about accounts.

use super::{EdgeSet, Steps};
use crate::context::Context;
use lz_model::address::Address;
use lz_model::plan::{Action, StepId};
use lz_model::rule::Rule;

/// R13: an account exists before anything is done with it.
pub(super) fn account_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let uses = |action: &Action| {
        matches!(action, Action::MoveAccount { .. } | Action::RegisterAdmin { .. }).then_some(())
    };
    for (then, draft, ()) in steps.picked(uses) {
        let creator = draft.entity.as_ref().and_then(|account| steps.creator(account));
        edges.extend(creator.map(|first| (first, then, Rule::AccountFirst)));
    }
}

fn ends(action: &Action) -> Option<()> {
    matches!(
        action,
        Action::CloseAccount { .. } | Action::ReleaseAccount { .. }
    )
    .then_some(())
}

/// R17, R18: an account gives up its administration before it leaves.
pub(super) fn deregister_before_leaving(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, draft, ()) in steps.picked(ends) {
        for (first, other) in steps.iter() {
            if matches!(other.step.action, Action::DeregisterAdmin { .. }) && other.entity == draft.entity {
                edges.insert((first, then, Rule::DeregisterBeforeLeaving));
            }
        }
    }
}

/// R19: an account leaves an OU that goes before the account is closed.
pub(super) fn move_before_close(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, draft, ()) in steps.picked(ends) {
        for (first, other) in steps.iter() {
            if matches!(other.step.action, Action::MoveAccount { .. }) && other.entity == draft.entity {
                edges.insert((first, then, Rule::MoveBeforeClose));
            }
        }
    }
}

/// An id is known before a text that contains it is written.
pub(super) fn id_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, draft) in steps.iter() {
        for hole in draft
            .step
            .action
            .texts()
            .into_iter()
            .flat_map(|text| text.holes())
        {
            let is_root = hole.address == Address::Root;
            let address = if is_root {
                &Address::Organization
            } else {
                &hole.address
            };
            let first = steps.index(&StepId::new(address, "create"));
            edges.extend(first.map(|first| (first, then, Rule::IdFirst)));
        }
    }
}
