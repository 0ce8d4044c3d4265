//! From edges to an order: circles are broken where a rule may yield, the rest is sorted.

use crate::draft::Draft;
use crate::order::EdgeSet;
use lz_model::plan::{Action, Edge, FeatureWork, IdentityWork, StackSetWork, StackWork, Step, TowerKind};
use lz_model::rule::{Rule, Strength};
use petgraph::graphmap::DiGraphMap;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// An order of all steps, and the rules that had to yield for it.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) steps: Vec<Step>,
    pub(crate) yielded: Vec<(usize, usize, Rule)>,
}

/// Steps that wait for one another, each rule of which AWS enforces.
#[derive(Debug)]
pub(crate) struct Circle {
    pub(crate) steps: Vec<usize>,
}

/// Returns the steps in an order that respects every edge that did not have to yield. Among steps that are
/// free at the same time the order is by phase, then by address.
pub(crate) fn order(drafts: &[Draft], mut edges: EdgeSet) -> Result<Order, Circle> {
    let yielded = break_circles(&mut edges)?;
    let positions = sort(drafts, &edges);
    let mut incoming: BTreeMap<usize, BTreeMap<usize, Rule>> = BTreeMap::new();
    for (first, then, rule) in &edges {
        // Several rules may demand the same edge; the first by name speaks for them.
        incoming.entry(*then).or_default().entry(*first).or_insert(*rule);
    }
    let mut steps = Vec::with_capacity(drafts.len());
    for position in positions {
        let Some(draft) = drafts.get(position) else {
            continue;
        };
        let mut step = draft.step.clone();
        let before = incoming.remove(&position).unwrap_or_default();
        step.after = before
            .into_iter()
            .filter_map(|(first, rule)| {
                drafts.get(first).map(|first| Edge {
                    step: first.step.id.clone(),
                    rule,
                })
            })
            .collect();
        step.after.sort();
        steps.push(step);
    }
    Ok(Order { steps, yielded })
}

fn break_circles(edges: &mut EdgeSet) -> Result<Vec<(usize, usize, Rule)>, Circle> {
    let mut yielded = Vec::new();
    loop {
        let circles = circles(edges);
        if circles.is_empty() {
            return Ok(yielded);
        }
        for circle in circles {
            let mut inside: Vec<_> = edges
                .iter()
                .filter(|(first, then, rule)| {
                    rule.strength() != Strength::Service && circle.contains(first) && circle.contains(then)
                })
                .copied()
                .collect();
            inside.sort_by_key(|(first, then, rule)| (rule.strength(), *rule, *first, *then));
            let Some(weakest) = inside.first().copied() else {
                return Err(Circle {
                    steps: circle.into_iter().collect(),
                });
            };
            edges.remove(&weakest);
            yielded.push(weakest);
        }
    }
}

fn circles(edges: &EdgeSet) -> Vec<BTreeSet<usize>> {
    let graph: DiGraphMap<usize, ()> = edges.iter().map(|(first, then, _)| (*first, *then)).collect();
    let components = petgraph::algo::tarjan_scc(&graph);
    let mut circles: Vec<BTreeSet<usize>> = components
        .into_iter()
        .filter(|c| c.len() > 1)
        .map(|c| c.into_iter().collect())
        .collect();
    circles.sort();
    circles
}

fn sort(drafts: &[Draft], edges: &EdgeSet) -> Vec<usize> {
    let mut waiting: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut following: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (first, then, _) in edges {
        waiting.entry(*then).or_default().insert(*first);
        following.entry(*first).or_default().insert(*then);
    }
    let key = |index: usize| {
        let phase = drafts.get(index).map_or(0, |draft| phase(&draft.step.action));
        Reverse((phase, index))
    };
    let free = (0..drafts.len()).filter(|index| !waiting.contains_key(index));
    let mut heap: BinaryHeap<_> = free.map(key).collect();
    let mut order = Vec::with_capacity(drafts.len());
    while let Some(Reverse((_, index))) = heap.pop() {
        order.push(index);
        for then in following.remove(&index).unwrap_or_default() {
            let Some(left) = waiting.get_mut(&then) else {
                continue;
            };
            left.remove(&index);
            if left.is_empty() {
                waiting.remove(&then);
                heap.push(key(then));
            }
        }
    }
    order
}

/// The order in which people expect a landing zone to grow, and then to shrink.
fn phase(action: &Action) -> u8 {
    match action {
        Action::CreateOrganization {} => 0,
        Action::EnableTrustedService { .. } => 1,
        Action::EnablePolicyType { .. } => 2,
        Action::SetTags { .. } => 3,
        Action::RenameOu { .. } => 4,
        Action::CreateOu { .. } => 5,
        Action::CreatePolicy { .. } => 6,
        Action::UpdatePolicy { .. } => 7,
        Action::AttachPolicy { .. } => 8,
        Action::CreateAccount { .. } => 9,
        Action::RenameAccount { .. } => 10,
        Action::MoveAccount { .. } => 11,
        Action::RegisterAdmin { .. } => 12,
        Action::Feature(FeatureWork::EnableRootFeature { .. } | FeatureWork::PutResourcePolicy { .. }) => 12,
        Action::Feature(
            FeatureWork::DisableRootFeature { .. } | FeatureWork::DeleteResourcePolicy { .. },
        ) => 16,
        Action::Tower(step) => match step.work.kind() {
            TowerKind::Enrolment => 11,
            TowerKind::Zone | TowerKind::Baseline | TowerKind::Control => 12,
        },
        Action::StackSet(
            StackSetWork::Create { .. }
            | StackSetWork::Configure { .. }
            | StackSetWork::Operate { .. }
            | StackSetWork::PassGate { .. }
            | StackSetWork::Await { .. },
        )
        | Action::Stack(StackWork::Create { .. } | StackWork::Update { .. }) => 13,
        Action::Settings(_)
        | Action::Identity(
            IdentityWork::CreateSet { .. }
            | IdentityWork::UpdateSet { .. }
            | IdentityWork::ProvisionSet { .. }
            | IdentityWork::Grant(_),
        ) => 13,
        Action::DetachPolicy { .. } => 14,
        Action::DeletePolicy { .. } => 15,
        Action::DeregisterAdmin { .. } => 16,
        Action::StackSet(StackSetWork::Delete { .. })
        | Action::Stack(StackWork::Delete { .. })
        | Action::Identity(IdentityWork::Revoke(_) | IdentityWork::DeleteSet { .. }) => 17,
        Action::DisablePolicyType { .. } => 18,
        Action::DisableTrustedService { .. } => 19,
        Action::DeleteOu { .. } => 20,
        Action::ReleaseAccount { .. } => 21,
        Action::CloseAccount { .. } => 22,
    }
}
