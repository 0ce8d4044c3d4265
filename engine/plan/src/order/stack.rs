//! Rules about stack sets and stacks.

use super::{EdgeSet, Steps};
use crate::context::Context;
use crate::draft::Draft;
use crate::entity::Entity;
use crate::service;
use crate::stacks::{Phase, Place, Turn};
use lz_model::address::Address;
use lz_model::desired::StackDependency;
use lz_model::id::Region;
use lz_model::live::LivePermissions;
use lz_model::plan::{Action, StackWork};
use lz_model::rule::Rule;
use lz_model::stack::StackSetKey;
use std::collections::{BTreeMap, BTreeSet};

type Placed<'a> = (usize, &'a Place);

/// Returns the steps of each stack set in the order in which they are done.
fn by_set<'a>(steps: &Steps<'a>) -> BTreeMap<&'a StackSetKey, Vec<Placed<'a>>> {
    let mut sets: BTreeMap<&StackSetKey, Vec<Placed<'_>>> = BTreeMap::new();
    for (index, draft) in steps.iter() {
        if let Some(place) = &draft.stack {
            sets.entry(&place.set).or_default().push((index, place));
        }
    }
    for list in sets.values_mut() {
        list.sort_by_key(|(index, place)| (place.key(), *index));
    }
    sets
}

/// R23: a stack set exists before anything is done with it.
pub(super) fn stack_set_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for list in by_set(steps).values() {
        for (first, _) in list.iter().filter(|(_, place)| place.phase == Phase::Found) {
            edges.extend(list.iter().map(|(then, _)| (*first, *then, Rule::StackSetFirst)));
        }
    }
}

/// R23: a stack set has no stacks before it is deleted.
pub(super) fn empty_before_delete_set(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for list in by_set(steps).values() {
        for (then, _) in list.iter().filter(|(_, place)| place.phase == Phase::End) {
            edges.extend(
                list.iter()
                    .map(|(first, _)| (*first, *then, Rule::EmptyBeforeDeleteSet)),
            );
        }
    }
}

/// Steps of one set that nothing but a gate or a new phase separates.
struct Block<'a> {
    phase: Phase,
    steps: Vec<Placed<'a>>,
    /// The gate before it.
    gate: Option<usize>,
}

fn blocks<'a>(list: &[Placed<'a>]) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut gate = None;
    for (index, place) in list {
        if matches!(place.phase, Phase::Found | Phase::End) {
            continue;
        }
        if place.turn == Turn::Gate {
            gate = Some(*index);
            continue;
        }
        let fits = |block: &&mut Block<'_>| {
            let last = block.steps.last();
            last.is_some_and(|(_, last)| last.phase == place.phase && last.wave == place.wave)
        };
        match blocks.last_mut().filter(fits) {
            Some(block) => block.steps.push((*index, place)),
            None => blocks.push(Block {
                phase: place.phase,
                steps: vec![(*index, place)],
                gate: gate.take(),
            }),
        }
    }
    blocks
}

/// A stack set does one operation at a time; with managed execution it does those of one wave together, once
/// its definition is what it should be (aws-facts section 3.3). Deletions stay in turn: a later one may name an OU
/// as a whole because an earlier one has emptied the rest of it.
pub(super) fn one_operation(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for list in by_set(steps).values() {
        let blocks = blocks(list);
        for block in &blocks {
            for pair in block.steps.windows(2) {
                if let [(first, place), (then, next)] = pair
                    && (!place.managed_execution || (place.turn, next.turn) == (Turn::Delete, Turn::Delete))
                {
                    edges.insert((*first, *then, Rule::OneOperation));
                }
            }
            for (first, _) in block.steps.iter().filter(|(_, place)| place.turn == Turn::Define) {
                let others = block.steps.iter().filter(|(_, place)| place.turn != Turn::Define);
                edges.extend(others.map(|(then, _)| (*first, *then, Rule::OneOperation)));
            }
        }
        for pair in blocks.windows(2) {
            if let [before, after] = pair
                && before.phase != after.phase
                && after.gate.is_none()
            {
                between(&before.steps, &after.steps, Rule::OneOperation, edges);
            }
        }
    }
}

/// A wave has ended, has baked and has passed its gate before the next begins.
pub(super) fn wave_in_turn(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for list in by_set(steps).values() {
        let blocks = blocks(list);
        for (position, block) in blocks.iter().enumerate() {
            let before = position.checked_sub(1).and_then(|before| blocks.get(before));
            if let Some(gate) = block.gate {
                let ended = before.into_iter().flat_map(|before| &before.steps);
                edges.extend(ended.map(|(first, _)| (*first, gate, Rule::WaveInTurn)));
                edges.extend(
                    block
                        .steps
                        .iter()
                        .map(|(then, _)| (gate, *then, Rule::WaveInTurn)),
                );
            } else if let Some(before) = before.filter(|before| before.phase == block.phase) {
                between(&before.steps, &block.steps, Rule::WaveInTurn, edges);
            }
        }
    }
}

fn between(before: &[Placed<'_>], after: &[Placed<'_>], rule: Rule, edges: &mut EdgeSet) {
    for (first, _) in before {
        edges.extend(after.iter().map(|(then, _)| (*first, *then, rule)));
    }
}

/// R24: accounts and OUs are in their place before stacks are deployed to the place.
pub(super) fn arrive_before_deploy(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let mut arrivals: BTreeMap<&Entity, usize> = BTreeMap::new();
    for (index, draft) in steps.iter() {
        let Some(entity) = &draft.entity else { continue };
        if matches!(draft.step.action, Action::MoveAccount { .. }) {
            // Where an account moves to its place, its creation comes before that anyway.
            arrivals.insert(entity, index);
        } else if matches!(
            draft.step.action,
            Action::CreateOu { .. } | Action::CreateAccount { .. } | Action::InviteAccount { .. }
        ) {
            arrivals.entry(entity).or_insert(index);
        }
    }
    for (then, draft) in steps.iter() {
        let awaited = draft.stack.iter().flat_map(|place| &place.awaits);
        for first in awaited.filter_map(|entity| arrivals.get(entity)) {
            edges.insert((*first, then, Rule::ArriveBeforeDeploy));
        }
    }
}

/// R24: stacks leave an account or OU while it can be reached, and a set that goes is emptied before accounts come
/// that it would deploy to.
pub(super) fn undeploy_before_leaving(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let mut ends: BTreeMap<&Entity, Vec<usize>> = BTreeMap::new();
    let mut moves: BTreeMap<&Entity, Vec<usize>> = BTreeMap::new();
    for (index, draft) in steps.iter() {
        let ending = matches!(
            draft.step.action,
            Action::CloseAccount { .. } | Action::ReleaseAccount { .. } | Action::DeleteOu { .. }
        );
        let moving = matches!(
            draft.step.action,
            Action::CreateAccount { .. } | Action::InviteAccount { .. } | Action::MoveAccount { .. }
        );
        match &draft.entity {
            Some(entity) if ending => ends.entry(entity).or_default().push(index),
            Some(entity) if moving => moves.entry(entity).or_default().push(index),
            Some(_) | None => {}
        }
    }
    for (first, draft) in steps.iter() {
        for (place, entity) in draft
            .stack
            .iter()
            .flat_map(|place| place.frees.iter().map(move |e| (place, e)))
        {
            let ends = ends.get(entity).into_iter().flatten();
            // What is done later in the set is done where the accounts are by then.
            let early = place.phase == Phase::Depart;
            let moves = moves.get(entity).filter(|_| early).into_iter().flatten();
            edges.extend(
                ends.chain(moves)
                    .map(|then| (first, *then, Rule::UndeployBeforeLeaving)),
            );
        }
    }
}

/// R21, R22: StackSets has trusted access, and its administrator is registered, before a set is touched.
pub(super) fn trusted_access_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (first, draft) in steps.iter() {
        let enables = matches!(&draft.step.action,
            Action::EnableTrustedService { service } if service::is_stack_sets(service));
        let registers = matches!(&draft.step.action,
            Action::RegisterAdmin { service, .. } if service::is_stack_sets(service));
        if !enables && !registers {
            continue;
        }
        for (then, other) in steps.iter() {
            let needs = other.stack.as_ref().is_some_and(|place| place.service)
                && (enables || administers(draft, other));
            if needs {
                edges.insert((first, then, Rule::TrustedAccessFirst));
            }
        }
    }
}

fn administers(registration: &Draft, step: &Draft) -> bool {
    if let (Action::RegisterAdmin { account, .. }, Action::StackSet(work)) =
        (&registration.step.action, &step.step.action)
    {
        let administrator = work.set().administrator.as_ref();
        administrator.is_some_and(|administrator| administrator.account.id == account.id)
    } else {
        false
    }
}

/// R15: service-managed sets go before the trusted access of StackSets.
pub(super) fn dependents_before_trust(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let disabled = |action: &Action| {
        matches!(action, Action::DisableTrustedService { service } if service::is_stack_sets(service))
            .then_some(())
    };
    for (then, ..) in steps.picked(disabled) {
        for (first, draft) in steps.iter() {
            if draft.stack.as_ref().is_some_and(|place| place.service) {
                edges.insert((first, then, Rule::DependentsBeforeTrust));
            }
        }
    }
}

/// A stack whose creation failed is gone before it is made again under its name.
pub(super) fn names_freed_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    type Key = (Region, String);
    fn deleted(action: &Action) -> Option<Key> {
        if let Action::Stack(StackWork::Delete { name, region }) = action {
            Some((region.clone(), name.clone()))
        } else {
            None
        }
    }
    fn created(action: &Action) -> Option<Key> {
        if let Action::Stack(StackWork::Create { name, region, .. }) = action {
            Some((region.clone(), name.clone()))
        } else {
            None
        }
    }
    let freed: BTreeMap<_, usize> = steps
        .picked(deleted)
        .map(|(index, _, key)| (key, index))
        .collect();
    for (then, _, key) in steps.picked(created) {
        edges.extend(freed.get(&key).map(|first| (*first, then, Rule::NameFreedFirst)));
    }
}

/// R26: what a stack set or stack depends on is deployed before it, and goes after it. AWS orders automatic
/// deployment only.
pub(super) fn stack_dependency(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let mut by_address: BTreeMap<&Address, Vec<(usize, &Draft)>> = BTreeMap::new();
    for (index, draft) in steps.iter() {
        if matches!(draft.step.action, Action::StackSet(_) | Action::Stack(_)) {
            by_address
                .entry(&draft.step.address)
                .or_default()
                .push((index, draft));
        }
    }
    for (dependent, dependency) in dependencies(context) {
        let (Some(dependent), Some(dependency)) = (by_address.get(&dependent), by_address.get(&dependency))
        else {
            continue;
        };
        for (first, earlier) in dependency {
            for (then, later) in dependent {
                if deploys(earlier) && needs(later) {
                    edges.insert((*first, *then, Rule::StackDependency));
                }
                if goes_first(later, earlier) {
                    edges.insert((*then, *first, Rule::StackDependency));
                }
            }
        }
    }
}

/// Returns pairs of what depends and what it depends on, from the spec and, for sets that go, from AWS.
fn dependencies(context: &Context<'_>) -> BTreeSet<(Address, Address)> {
    let mut pairs = BTreeSet::new();
    for (name, set) in &context.desired.stack_sets {
        for other in &set.depends_on {
            pairs.insert((Address::StackSet(name.clone()), Address::StackSet(other.clone())));
        }
    }
    for (name, stack) in &context.desired.stacks {
        for other in &stack.depends_on {
            let other = match other {
                StackDependency::Stack(other) => Address::Stack(other.clone()),
                StackDependency::StackSet(other) => Address::StackSet(other.clone()),
            };
            pairs.insert((Address::Stack(name.clone()), other));
        }
    }
    let Some(live) = context.live else { return pairs };
    let declared = context.pairs.stack_sets.iter();
    let declared = declared.map(|(name, key)| (key, Address::StackSet(name.clone())));
    let retired = context.pairs.retired_stack_sets.iter();
    let addresses: BTreeMap<&StackSetKey, Address> = declared
        .chain(retired.map(|(key, address)| (key, address.clone())))
        .collect();
    let by_arn: BTreeMap<&str, &Address> = addresses
        .iter()
        .filter_map(|(key, address)| live.stack_sets.get(*key).map(|set| (set.arn.as_str(), address)))
        .collect();
    for (key, address) in &context.pairs.retired_stack_sets {
        let permissions = live.stack_sets.get(key).map(|set| &set.permissions);
        if let Some(LivePermissions::Service { depends_on, .. }) = permissions {
            let others = depends_on.iter().filter_map(|arn| by_arn.get(arn.as_str()));
            pairs.extend(others.map(|other| (address.clone(), (*other).clone())));
        }
    }
    pairs
}

/// Returns whether a step brings what others may depend on.
fn deploys(draft: &Draft) -> bool {
    match &draft.stack {
        Some(place) => match place.phase {
            Phase::Found | Phase::Settle | Phase::Seed | Phase::Deploy => true,
            Phase::Prepare | Phase::Depart | Phase::Clear | Phase::Remove | Phase::Conclude | Phase::End => {
                false
            }
        },
        None => !is_stack_deletion(draft),
    }
}

/// Returns whether a step works only once what it depends on is there.
fn needs(draft: &Draft) -> bool {
    match &draft.stack {
        Some(place) => matches!(place.phase, Phase::Seed | Phase::Deploy),
        None => !is_stack_deletion(draft),
    }
}

fn is_stack_deletion(draft: &Draft) -> bool {
    matches!(draft.step.action, Action::Stack(StackWork::Delete { .. }))
}

/// Returns whether a step that takes stacks away comes before one that takes away what they depend on.
fn goes_first(dependent: &Draft, dependency: &Draft) -> bool {
    let (Some(dependent), Some(dependency)) = (&dependent.stack, &dependency.stack) else {
        return false;
    };
    // What goes early in its set may wait only for what goes as early: deploying comes between.
    let (later, phase) = (dependency.phase, dependent.phase);
    match later {
        Phase::Depart => phase == Phase::Depart,
        Phase::Clear => matches!(phase, Phase::Depart | Phase::Clear),
        Phase::Remove => matches!(phase, Phase::Depart | Phase::Clear | Phase::Remove),
        Phase::End => matches!(phase, Phase::Depart | Phase::Clear | Phase::Remove | Phase::End),
        Phase::Found | Phase::Settle | Phase::Prepare | Phase::Seed | Phase::Deploy | Phase::Conclude => {
            false
        }
    }
}
