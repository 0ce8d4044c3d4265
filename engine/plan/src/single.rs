//! A plan of one object's steps.

use crate::context::Context;
use crate::draft::Drafts;
use crate::order;
use crate::refusal::Problems;
use lz_model::address::Address;
use std::collections::BTreeSet;

/// Keeps the steps and notes of one object; adds a problem if its steps wait for those of others.
pub(crate) fn keep(
    context: &Context<'_>,
    address: &Address,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let steps = order::Steps::new(context, &drafts.list);
    let is_kept = |index: usize| {
        drafts
            .list
            .get(index)
            .is_some_and(|draft| draft.step.address == *address)
    };
    let edges = order::edges(context, &steps);
    let others: BTreeSet<&str> = edges
        .iter()
        .filter(|(first, then, _)| !is_kept(*first) && is_kept(*then))
        .filter_map(|(first, _, _)| drafts.list.get(*first))
        .map(|draft| draft.step.id.as_str())
        .collect();
    if !others.is_empty() {
        let others: Vec<&str> = others.into_iter().collect();
        problems.add(
            "needs_other_steps",
            address.clone(),
            format!(
                "`{address}` cannot change alone: it waits for {}",
                others.join(", ")
            ),
            "apply the whole spec, or bring the rest of it to what the organization is",
        );
    }
    drafts.list.retain(|draft| draft.step.address == *address);
    drafts
        .notes
        .retain(|note| note.address.as_ref().is_none_or(|of| of == address));
}
