//! OUs that automatic deployment knows: AWS learns of one when stacks are created in it as a whole or in part, and
//! forgets it when stacks are deleted from it as a whole.

use super::operate;
use super::steps::Steps;
use crate::draft::Drafts;
use crate::entity::Entity;
use crate::stacks::cells::Cells;
use crate::stacks::reach::Tree;
use crate::stacks::work::{Kind, Manner, Slot};
use crate::stacks::{Phase, Turn};
use lz_model::desired::DesiredStackSet;
use lz_model::id::Region;
use lz_model::limits::OUS_PER_OPERATION;
use lz_model::live::LiveStackSet;
use lz_model::plan::{Severity, Work};
use std::collections::{BTreeMap, BTreeSet};

type Ous = BTreeMap<Entity, BTreeSet<Region>>;

/// Adds operations that tell AWS of declared OUs in which there is nothing to deploy yet.
pub(super) fn register(
    steps: &mut Steps<'_, '_>,
    cells: &Cells<'_>,
    wanted: &DesiredStackSet,
    live: Option<&LiveStackSet>,
) {
    if !cells.learns {
        return;
    }
    let homes = homes(cells);
    let mut known = live.map(registered).unwrap_or_default();
    for told in &steps.told {
        for ou in &told.ous {
            let regions = known.entry(ou.clone()).or_default();
            if told.creates {
                regions.extend(told.regions.iter().cloned());
            } else if told.whole {
                regions.retain(|region| !told.regions.contains(region));
            }
        }
    }
    let mut missing: BTreeMap<Vec<Region>, Vec<Entity>> = BTreeMap::new();
    for (home, regions) in &homes {
        let above = steps.scene.context.trees.above_after(home);
        let covered = |region: &Region| {
            above.iter().any(|above| has(&homes, above, region))
                || std::iter::once(home)
                    .chain(&above)
                    .any(|place| has(&known, place, region))
        };
        let new: Vec<Region> = cells
            .regions
            .iter()
            .filter(|region| regions.contains(region) && !covered(region))
            .cloned()
            .collect();
        if !new.is_empty() {
            missing.entry(new).or_default().push(home.clone());
        }
    }
    let slot = Slot {
        phase: Phase::Deploy,
        wave: wanted.rollout.waves.len().saturating_sub(1),
        kind: Kind::Create(0),
    };
    for (regions, ous) in missing {
        let work = Work::Create {
            overrides: BTreeMap::new(),
        };
        on_whole(steps, cells, wanted, slot, &regions, &ous, &work);
    }
}

/// Adds operations that make AWS forget OUs which the spec does not deploy to any more.
pub(super) fn deregister(
    steps: &mut Steps<'_, '_>,
    cells: &Cells<'_>,
    wanted: &DesiredStackSet,
    live: Option<&LiveStackSet>,
    drafts: &mut Drafts,
) {
    let Some(live) = live.filter(|_| cells.learns) else {
        return;
    };
    let homes = homes(cells);
    let mut surplus: BTreeMap<Vec<Region>, Vec<Entity>> = BTreeMap::new();
    for (ou, regions) in registered(live) {
        if !steps.scene.context.trees.existed(&ou) {
            continue;
        }
        if steps.scene.dying.contains(&ou) {
            // Nothing comes to it any more, and stacks of accounts that move on may stay with them.
            continue;
        }
        let above = steps.scene.context.trees.above_after(&ou);
        let is_wanted = |region: &Region| {
            has(&homes, &ou, region) || above.iter().any(|above| has(&homes, above, region))
        };
        let left: Vec<Region> = regions
            .iter()
            .filter(|region| !is_wanted(region))
            .cloned()
            .collect();
        let inner: Vec<&Region> = left
            .iter()
            .filter(|region| has_wants(steps, cells, &ou, region))
            .collect();
        if !inner.is_empty() {
            drafts.note(
                Severity::Warning,
                "auto_deployment_wider",
                steps.address.clone(),
                format!(
                    "AWS goes on deploying to accounts that come to `{}`, of which the spec wants a part: it forgets an \
                     OU only when every stack in it is deleted",
                    steps.scene.context.shown(&ou)
                ),
            );
        }
        let told = steps.told.iter().filter(|told| !told.creates && told.whole);
        let told: BTreeSet<&Region> = told
            .filter(|told| told.ous.contains(&ou))
            .flat_map(|told| &told.regions)
            .collect();
        let rest = left
            .iter()
            .filter(|region| !told.contains(region) && !inner.contains(region));
        let rest: Vec<Region> = rest.cloned().collect();
        if !rest.is_empty() {
            surplus.entry(rest).or_default().push(ou);
        }
    }
    for (regions, ous) in surplus {
        let retain = wanted.retain_stacks;
        let slot = Slot {
            phase: Phase::Remove,
            wave: wanted.rollout.waves.len().saturating_sub(1),
            kind: Kind::Delete { retain },
        };
        on_whole(
            steps,
            cells,
            wanted,
            slot,
            &regions,
            &ous,
            &Work::Delete { retain },
        );
    }
}

fn on_whole(
    steps: &mut Steps<'_, '_>,
    cells: &Cells<'_>,
    wanted: &DesiredStackSet,
    slot: Slot,
    regions: &[Region],
    ous: &[Entity],
    work: &Work,
) {
    let manner = Manner {
        wanted: Some(wanted),
        redefined: false,
        removal: Phase::Remove,
        seed: None,
        waves: &[],
    };
    let creates = matches!(work, Work::Create { .. });
    let (verb, turn) = if creates {
        ("deploy", Turn::Create)
    } else {
        ("undeploy", Turn::Delete)
    };
    let none = BTreeSet::new();
    for ous in ous.chunks(OUS_PER_OPERATION) {
        let others = if creates {
            unwanted(steps, cells, ous, regions)
        } else {
            BTreeSet::new()
        };
        let field = steps.field(Tree::After, regions, false, &none);
        let target = field.nobody_of(ous.to_vec(), &others);
        operate::push(steps, (verb, turn), slot, target, work.clone(), &manner);
    }
}

/// Returns the accounts of OUs that creating stacks would reach and that the spec wants none in.
fn unwanted(steps: &Steps<'_, '_>, cells: &Cells<'_>, ous: &[Entity], regions: &[Region]) -> BTreeSet<usize> {
    let below = ous.iter().flat_map(|ou| steps.scene.roster.below(ou)).copied();
    below
        .filter(|member| operate::is_reached(steps, *member))
        .filter(|member| {
            let row = cells.row(*member).iter().zip(&cells.regions);
            row.into_iter()
                .any(|(cell, region)| cell.want.is_none() && regions.contains(region))
        })
        .collect()
}

fn registered(live: &LiveStackSet) -> Ous {
    live.ous
        .iter()
        .map(|(ou, regions)| (Entity::of_parent(ou), regions.clone()))
        .collect()
}

fn homes(cells: &Cells<'_>) -> Ous {
    cells
        .homes
        .iter()
        .map(|(home, regions)| {
            let regions = regions.iter().filter_map(|region| cells.regions.get(*region));
            (home.clone(), regions.cloned().collect())
        })
        .collect()
}

fn has(ous: &Ous, ou: &Entity, region: &Region) -> bool {
    ous.get(ou).is_some_and(|regions| regions.contains(region))
}

/// Returns whether the spec wants a stack below an OU.
fn has_wants(steps: &Steps<'_, '_>, cells: &Cells<'_>, ou: &Entity, region: &Region) -> bool {
    let Some(region) = cells.regions.iter().position(|known| known == region) else {
        return false;
    };
    let mut below = steps.scene.roster.below(ou).iter();
    below.any(|member| {
        let cell = cells.row(*member).get(region);
        cell.is_some_and(|cell| cell.want.is_some())
    })
}
