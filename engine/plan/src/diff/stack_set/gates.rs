//! Gates between waves: bake, then a command, an alarm or a person's yes.

use super::steps::Steps;
use crate::stacks::cells::{Cell, Cells, Have};
use crate::stacks::work::Manner;
use crate::stacks::{Phase, Turn};
use lz_model::desired::DesiredStackSet;
use lz_model::live::InstanceStatus;
use lz_model::plan::StackSetWork;
use std::collections::BTreeSet;

/// Adds a gate after each wave that another follows.
pub(super) fn gates(
    steps: &mut Steps<'_, '_>,
    cells: &Cells<'_>,
    wanted: &DesiredStackSet,
    manner: &Manner<'_>,
) {
    let mut phase = Phase::Deploy;
    let mut busy = busy(steps, phase);
    if busy.is_empty() {
        phase = Phase::Remove;
        busy = self::busy(steps, phase);
    }
    let Some(last) = busy.last().copied() else { return };
    let mut gated: BTreeSet<usize> = busy.iter().copied().filter(|wave| *wave < last).collect();
    if let Some(first) = busy.first().copied()
        && !manner.redefined
        && !has_current(steps, cells, manner, first)
    {
        let before = wanted.rollout.waves.iter().enumerate().take(first);
        let mut owed = before
            .filter(|(index, wave)| has_gate(wave) && has_current(steps, cells, manner, *index))
            .map(|(index, _)| index);
        gated.extend(owed.next_back());
    }
    for index in gated {
        let Some(wave) = wanted.rollout.waves.get(index).filter(|wave| has_gate(wave)) else {
            continue;
        };
        let work = StackSetWork::PassGate {
            set: steps.set.clone(),
            wave: wave.name.clone(),
            bake_seconds: wave.bake_seconds,
            gate: wave.gate.clone(),
        };
        let verb = format!("gate {}", wave.name);
        steps.push(&verb, work, (phase, index, Turn::Gate), Vec::new(), Vec::new());
    }
}

const fn has_gate(wave: &lz_model::desired::Wave) -> bool {
    wave.bake_seconds > 0 || wave.gate.is_some()
}

fn busy(steps: &Steps<'_, '_>, phase: Phase) -> BTreeSet<usize> {
    let places = steps.drafts.iter().filter_map(|draft| draft.stack.as_ref());
    places
        .filter(|place| place.phase == phase)
        .map(|place| place.wave)
        .collect()
}

/// Returns whether a wave has a stack that is what the set says. A wave without any was not reached yet: a
/// roll-out that was interrupted between two waves still owes the gate of the first.
fn has_current(steps: &Steps<'_, '_>, cells: &Cells<'_>, manner: &Manner<'_>, wave: usize) -> bool {
    let is_current = |cell: &Cell<'_>| {
        cell.want.is_some()
            && matches!(cell.have, Have::Stack(stack) if stack.status == InstanceStatus::Current)
    };
    let mut rows = cells.rows(&steps.scene.roster);
    rows.any(|(index, _, row)| manner.waves.get(index) == Some(&wave) && row.iter().any(is_current))
}
