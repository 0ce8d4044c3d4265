//! Other legal orders of the same plan.

use lz_model::event::Observer;
use lz_model::id::{AccountId, Region};
use lz_model::live::{Live, LiveOperation, LiveStackInstance, LiveTower};
use lz_model::plan::{Lane, Plan, StepId, TowerKind};
use lz_provider::{
    Call, ControlTower, Created, InstanceDrift, InstanceResult, Natural, OperationState, Provider,
    ProviderError, Scope, SetHandle, StackSets, TowerProgress, TowerScope,
};
use std::collections::BTreeSet;

/// Returns the plan with its steps in another order that respects every edge.
pub(crate) fn legally(mut plan: Plan, seed: u64) -> Plan {
    let mut left = std::mem::take(&mut plan.steps);
    let mut done: BTreeSet<StepId> = BTreeSet::new();
    let mut state = seed | 1;
    while !left.is_empty() {
        let free: Vec<usize> = left
            .iter()
            .enumerate()
            .filter(|(_, step)| step.after.iter().all(|edge| done.contains(&edge.step)))
            .map(|(index, _)| index)
            .collect();
        // An xorshift generator: the seed is the test's, so a failure can be run again.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let choice = usize::try_from(state % free.len() as u64).unwrap();
        let step = left.remove(free[choice]);
        done.insert(step.id.clone());
        plan.steps.push(step);
    }
    plan
}

/// A provider that bears one step at a time in each lane, so that the order of the plan is the order of events.
pub(crate) struct OneByOne<'a, P>(pub(crate) &'a P);

impl<P: Provider> Provider for OneByOne<'_, P> {
    async fn read(&self, scope: &Scope, observer: &dyn Observer) -> Result<Live, ProviderError> {
        self.0.read(scope, observer).await
    }

    async fn perform(&self, call: &Call) -> Result<Option<Created>, ProviderError> {
        self.0.perform(call).await
    }

    async fn find(&self, natural: &Natural) -> Result<Option<Created>, ProviderError> {
        self.0.find(natural).await
    }

    fn width(&self, _: Lane) -> usize {
        1
    }
}

impl<P: Provider> StackSets for OneByOne<'_, P> {
    async fn operation(&self, set: &SetHandle, id: &str) -> Result<OperationState, ProviderError> {
        self.0.operation(set, id).await
    }

    async fn results(&self, set: &SetHandle, id: &str) -> Result<Vec<InstanceResult>, ProviderError> {
        self.0.results(set, id).await
    }

    async fn stop(&self, set: &SetHandle, id: &str) -> Result<(), ProviderError> {
        self.0.stop(set, id).await
    }

    async fn running(&self, set: &SetHandle) -> Result<Vec<LiveOperation>, ProviderError> {
        self.0.running(set).await
    }

    async fn instances(
        &self,
        set: &SetHandle,
        account: Option<&AccountId>,
    ) -> Result<Vec<LiveStackInstance>, ProviderError> {
        self.0.instances(set, account).await
    }

    async fn drift(&self, set: &SetHandle, detection: &str) -> Result<Vec<InstanceDrift>, ProviderError> {
        self.0.drift(set, detection).await
    }

    async fn alarm(&self, region: &Region, name: &str) -> Result<Option<bool>, ProviderError> {
        self.0.alarm(region, name).await
    }
}

impl<P: Provider> ControlTower for OneByOne<'_, P> {
    async fn control_tower(&self, scope: &TowerScope) -> Result<LiveTower, ProviderError> {
        self.0.control_tower(scope).await
    }

    async fn tower_operation(
        &self,
        region: &Region,
        kind: TowerKind,
        id: &str,
    ) -> Result<TowerProgress, ProviderError> {
        self.0.tower_operation(region, kind, id).await
    }

    async fn zone_operation(&self, region: &Region) -> Result<Option<String>, ProviderError> {
        self.0.zone_operation(region).await
    }
}
