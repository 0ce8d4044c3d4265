//! Grow before shrink: for every account and every prefix of the plan, what is allowed lies between
//! what was allowed before and after, as far as the kinds of change can tell (design, idea 3).

use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::draft::{Draft, Guard};
use crate::entity::Entity;
use lz_model::plan::{Action, StepId};
use lz_model::rule::Rule;
use lz_policy::guard::Effect;
use std::collections::{BTreeMap, BTreeSet};

/// The guards by the targets that they work through. Steps that make room on a full target stand apart.
fn guards<'a>(steps: &Steps<'a>) -> BTreeMap<&'a Entity, Vec<(usize, &'a Draft, &'a Guard)>> {
    let mut guards: BTreeMap<&Entity, Vec<_>> = BTreeMap::new();
    for (index, draft) in steps.iter() {
        let Some(guard) = draft
            .guard
            .as_ref()
            .filter(|_| !steps.makers.contains_key(&draft.step.id))
        else {
            continue;
        };
        for target in &guard.targets {
            guards.entry(target).or_default().push((index, draft, guard));
        }
    }
    guards
}

/// For the same accounts: what denies more first, what denies less last, and in between what allows more
/// before what allows less.
pub(super) fn tighten_before_loosen(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let guards = guards(steps);
    for (target, here) in &guards {
        let mut above: BTreeSet<Entity> = context.trees.path_before(target).into_iter().collect();
        above.extend(context.trees.path_after(target));
        for (index, draft, guard) in here {
            let others = above.iter().filter_map(|entity| guards.get(entity)).flatten();
            for (other, other_draft, other_guard) in others {
                if is_settled_by_update(draft, other_draft) {
                    continue;
                }
                if guard.effect < other_guard.effect {
                    edges.insert((*index, *other, Rule::TightenBeforeLoosen));
                } else if other_guard.effect < guard.effect {
                    edges.insert((*other, *index, Rule::TightenBeforeLoosen));
                }
            }
        }
    }
}

/// An update and an attachment or detachment of the same policy have rules of their own.
fn is_settled_by_update(one: &Draft, other: &Draft) -> bool {
    let updates = |draft: &Draft| matches!(draft.step.action, Action::UpdatePolicy { .. });
    one.policy.is_some() && one.policy == other.policy && (updates(one) || updates(other))
}

/// R12 and its mirror: a destination is guarded before the account arrives, and the account has left before
/// its old place is guarded less.
pub(super) fn around_moves(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let guards = guards(steps);
    let arrives = |action: &Action| {
        matches!(
            action,
            Action::MoveAccount { .. } | Action::CreateAccount { .. } | Action::InviteAccount { .. }
        )
        .then_some(())
    };
    for (at, draft, ()) in steps.picked(arrives) {
        let Some(account) = &draft.entity else { continue };
        let (before, after) = paths(context, draft, account);
        for (index, sides) in touching(&guards, &before, &after) {
            if steps
                .list
                .get(index)
                .is_some_and(|guard| is_on_the_account(steps, guard, at))
            {
                continue;
            }
            edges.extend(edges_around(at, index, sides));
        }
    }
}

/// A new account appears in the root; a move takes it, or another one, to its place.
fn paths(context: &Context<'_>, draft: &Draft, account: &Entity) -> (BTreeSet<Entity>, BTreeSet<Entity>) {
    if matches!(
        draft.step.action,
        Action::CreateAccount { .. } | Action::InviteAccount { .. }
    ) {
        return (BTreeSet::new(), BTreeSet::from([Entity::Root]));
    }
    let existed = context.trees.existed(account);
    let before = if existed {
        context.trees.path_before(account).into_iter().collect()
    } else {
        BTreeSet::new()
    };
    (before, context.trees.path_after(account).into_iter().collect())
}

/// A guard on the very account that is being created cannot come before the creation.
fn is_on_the_account(steps: &Steps<'_>, guard: &Draft, at: usize) -> bool {
    guard.to.as_ref().and_then(|target| steps.creator(target)) == Some(at)
}

#[derive(Debug, Clone, Copy)]
struct Sides {
    effect: Effect,
    before: bool,
    after: bool,
}

fn touching(
    guards: &BTreeMap<&Entity, Vec<(usize, &Draft, &Guard)>>,
    before: &BTreeSet<Entity>,
    after: &BTreeSet<Entity>,
) -> BTreeMap<usize, Sides> {
    let mut found: BTreeMap<usize, Sides> = BTreeMap::new();
    for entity in before.union(after) {
        for (index, _, guard) in guards.get(entity).into_iter().flatten() {
            let sides = found.entry(*index).or_insert(Sides {
                effect: guard.effect,
                before: false,
                after: false,
            });
            sides.before |= before.contains(entity);
            sides.after |= after.contains(entity);
        }
    }
    found
}

/// What a guard that changes means for an account that goes from one place to another, by whether the guard
/// binds the account before the move and after it.
fn edges_around(at: usize, guard: usize, sides: Sides) -> Vec<(usize, usize, Rule)> {
    let guarded = (guard, at, Rule::GuardBeforeArrival);
    let left = (at, guard, Rule::LeaveBeforeLoosen);
    match (sides.effect, sides.before, sides.after) {
        // What denies more anywhere on the new path stands in for what the old path denied.
        (Effect::Tighten | Effect::Narrow, _, true) | (Effect::Mixed | Effect::Widen, false, true) => {
            vec![guarded]
        }
        // What denies less anywhere on the old path goes once the new path denies it.
        (Effect::Loosen, true, _) | (Effect::Mixed, true, false) => vec![left],
        // Both at once: there is no safe order, and the circle says so.
        (Effect::Mixed, true, true) => vec![guarded, left],
        (Effect::Loosen, false, true) => vec![(guard, at, Rule::LoosenBeforeArrival)],
        (Effect::Tighten | Effect::Narrow, true, false) => vec![(at, guard, Rule::LeaveBeforeTighten)],
        (Effect::Widen, true, _) | (_, false, false) => Vec::new(),
    }
}

/// Returns the steps that are less safe than the rules want because their target is full, for the notes.
pub(crate) fn unguarded_moments<'a>(steps: &'a Steps<'a>) -> impl Iterator<Item = (&'a Draft, &'a [StepId])> {
    steps.iter().filter_map(|(_, draft)| {
        let waiting = steps.makers.get(&draft.step.id)?;
        draft.guard.as_ref().map(|_| (draft, waiting.as_slice()))
    })
}
