//! What may start now: pure, tested without a runtime.

use lz_model::plan::{Lane, Step, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// The state of each step of a plan.
#[derive(Debug)]
pub(crate) struct Schedule<'a> {
    steps: &'a [Step],
    index: BTreeMap<&'a StepId, usize>,
    followers: Vec<Vec<usize>>,
    waiting_for: Vec<usize>,
    state: Vec<State>,
    ready: BTreeMap<Lane, BTreeSet<usize>>,
    running: BTreeMap<Lane, usize>,
}

/// R37: Control Tower does one operation at a time, except that controls do not mind each other. Landing zone and
/// baselines go first; controls come when nothing of those is left to start.
fn is_held_up(lane: Lane, running: &BTreeMap<Lane, usize>, tower_waits: bool) -> bool {
    let runs = |lane| running.get(&lane).is_some_and(|count| *count > 0);
    match lane {
        Lane::ControlTower => runs(Lane::Controls),
        Lane::Controls => tower_waits || runs(Lane::ControlTower),
        Lane::Organization
        | Lane::AccountCreation
        | Lane::AccountClosure
        | Lane::AccountSettings
        | Lane::Stacks
        | Lane::Identity
        | Lane::Enrolments => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Running,
    Ended,
    Skipped,
}

impl<'a> Schedule<'a> {
    pub(crate) fn new(steps: &'a [Step]) -> Self {
        let index: BTreeMap<&StepId, usize> =
            steps.iter().enumerate().map(|(i, step)| (&step.id, i)).collect();
        let mut followers = vec![Vec::new(); steps.len()];
        let mut waiting_for = vec![0; steps.len()];
        for (then, step) in steps.iter().enumerate() {
            let needs: BTreeSet<usize> = step
                .after
                .iter()
                .filter_map(|edge| index.get(&edge.step).copied())
                .collect();
            if let Some(count) = waiting_for.get_mut(then) {
                *count = needs.len();
            }
            for first in needs {
                if let Some(list) = followers.get_mut(first) {
                    list.push(then);
                }
            }
        }
        let mut schedule = Self {
            steps,
            index,
            followers,
            waiting_for,
            state: vec![State::Waiting; steps.len()],
            ready: BTreeMap::new(),
            running: BTreeMap::new(),
        };
        for at in 0..steps.len() {
            schedule.ready_if_free(at);
        }
        schedule
    }

    /// Returns the steps that may start, in the order of the plan, and counts them as running.
    pub(crate) fn start(&mut self, width: impl Fn(Lane) -> usize) -> Vec<&'a Step> {
        let mut started = Vec::new();
        let tower_waits = self
            .ready
            .get(&Lane::ControlTower)
            .is_some_and(|ready| !ready.is_empty());
        for (lane, ready) in &mut self.ready {
            if is_held_up(*lane, &self.running, tower_waits) {
                continue;
            }
            let running = self.running.entry(*lane).or_default();
            while *running < width(*lane).max(1) {
                let Some(at) = ready.pop_first() else { break };
                *running += 1;
                started.push(at);
            }
        }
        started.sort_unstable();
        for at in &started {
            self.set(*at, State::Running);
        }
        started.into_iter().filter_map(|at| self.steps.get(at)).collect()
    }

    /// Takes note that a step is done.
    pub(crate) fn done(&mut self, id: &StepId) {
        let Some(at) = self.end(id) else { return };
        for then in self.followers.get(at).cloned().unwrap_or_default() {
            if let Some(count) = self.waiting_for.get_mut(then) {
                *count = count.saturating_sub(1);
            }
            self.ready_if_free(then);
        }
    }

    /// Takes note that a step did not succeed; returns every step that cannot start any more, with the step
    /// that it needed.
    pub(crate) fn failed(&mut self, id: &StepId) -> Vec<(StepId, StepId)> {
        let mut skipped = Vec::new();
        let mut ended: Vec<usize> = self.end(id).into_iter().collect();
        while let Some(at) = ended.pop() {
            let Some(because) = self.steps.get(at).map(|step| step.id.clone()) else {
                continue;
            };
            for then in self.followers.get(at).cloned().unwrap_or_default() {
                if self.state.get(then) != Some(&State::Waiting) {
                    continue;
                }
                self.set(then, State::Skipped);
                ended.push(then);
                skipped.extend(
                    self.steps
                        .get(then)
                        .map(|step| (step.id.clone(), because.clone())),
                );
            }
        }
        skipped.sort();
        skipped
    }

    /// Returns the steps that have neither started nor been skipped.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &'a StepId> {
        let waiting = self
            .steps
            .iter()
            .zip(&self.state)
            .filter(|(_, state)| **state == State::Waiting);
        waiting.map(|(step, _)| &step.id)
    }

    /// Returns the steps that run.
    pub(crate) fn running(&self) -> impl Iterator<Item = &'a StepId> {
        let running = self
            .steps
            .iter()
            .zip(&self.state)
            .filter(|(_, state)| **state == State::Running);
        running.map(|(step, _)| &step.id)
    }

    fn end(&mut self, id: &StepId) -> Option<usize> {
        let at = self.index.get(id).copied()?;
        self.set(at, State::Ended);
        let lane = self.steps.get(at)?.lane;
        let running = self.running.entry(lane).or_default();
        *running = running.saturating_sub(1);
        Some(at)
    }

    fn ready_if_free(&mut self, at: usize) {
        let free = self.waiting_for.get(at) == Some(&0) && self.state.get(at) == Some(&State::Waiting);
        if let (true, Some(step)) = (free, self.steps.get(at)) {
            self.ready.entry(step.lane).or_default().insert(at);
        }
    }

    fn set(&mut self, at: usize, state: State) {
        if let Some(slot) = self.state.get_mut(at) {
            *slot = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_tower_does_one_operation_at_a_time_except_among_controls() {
        let running = |lane, count| BTreeMap::from([(lane, count)]);
        let (tower, controls) = (Lane::ControlTower, Lane::Controls);
        assert!(is_held_up(controls, &running(tower, 1), false));
        assert!(is_held_up(controls, &BTreeMap::new(), true), "baselines go first");
        assert!(!is_held_up(controls, &running(controls, 40), false));
        assert!(is_held_up(tower, &running(controls, 1), true));
        assert!(!is_held_up(tower, &BTreeMap::new(), true));
        assert!(!is_held_up(Lane::Organization, &running(tower, 1), true));
    }
}
