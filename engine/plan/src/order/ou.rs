//! Rules about OUs.

use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::entity::Entity;
use lz_model::plan::Action;
use lz_model::rule::Rule;
use std::collections::BTreeMap;

/// A parent exists before an OU is created in it or an account moves there.
pub(super) fn parent_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let placed = |action: &Action| {
        matches!(action, Action::CreateOu { .. } | Action::MoveAccount { .. }).then_some(())
    };
    for (then, draft, ()) in steps.picked(placed) {
        let creator = draft.to.as_ref().and_then(|parent| steps.creator(parent));
        edges.extend(creator.map(|first| (first, then, Rule::ParentFirst)));
    }
}

fn deletions<'a>(steps: &Steps<'a>) -> BTreeMap<&'a Entity, usize> {
    let deleted = steps.picked(|action| matches!(action, Action::DeleteOu { .. }).then_some(()));
    deleted
        .filter_map(|(index, draft, ())| draft.entity.as_ref().map(|ou| (ou, index)))
        .collect()
}

/// R9: accounts have left before their OU is deleted.
pub(super) fn empty_before_delete(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let deletions = deletions(steps);
    for (first, draft) in steps.iter() {
        let then = draft.from.as_ref().and_then(|from| deletions.get(from));
        edges.extend(then.map(|then| (first, *then, Rule::EmptyBeforeDelete)));
        let released = matches!(draft.step.action, Action::ReleaseAccount { .. });
        if let (true, Some(Entity::Account(_))) = (released, &draft.entity) {
            // A released account leaves the OU that it lies in.
            edges.extend(
                deletions
                    .values()
                    .map(|then| (first, *then, Rule::EmptyBeforeDelete)),
            );
        }
    }
}

/// R9: inner OUs are deleted before outer ones.
pub(super) fn children_before_parent(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let deletions = deletions(steps);
    for (ou, first) in &deletions {
        let parent = context.trees.path_before(ou).get(1).cloned();
        let then = parent.as_ref().and_then(|parent| deletions.get(parent));
        edges.extend(then.map(|then| (*first, *then, Rule::ChildrenBeforeParent)));
    }
}

/// A name is free beside its siblings before another OU takes it.
pub(super) fn names_freed_first(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let Some(live) = context.live else { return };
    let mut freed: BTreeMap<(Entity, String), usize> = BTreeMap::new();
    for (index, draft) in steps.iter() {
        let ends = matches!(
            draft.step.action,
            Action::RenameOu { .. } | Action::DeleteOu { .. }
        );
        if let (true, Some(Entity::Ou(id))) = (ends, &draft.entity)
            && let Some(ou) = live.ous.get(id)
        {
            freed.insert((Entity::of_parent(&ou.parent), ou.name.clone()), index);
        }
    }
    for (then, draft) in steps.iter() {
        let taken = if let (Action::CreateOu { name, .. }, Some(parent)) = (&draft.step.action, &draft.to) {
            Some((parent.clone(), name.clone()))
        } else if let (Action::RenameOu { name, .. }, Some(Entity::Ou(id))) =
            (&draft.step.action, &draft.entity)
        {
            live.ous
                .get(id)
                .map(|ou| (Entity::of_parent(&ou.parent), name.after.clone()))
        } else {
            None
        };
        let first = taken.and_then(|taken| freed.get(&taken));
        edges.extend(first.map(|first| (*first, then, Rule::NameFreedFirst)));
    }
}
