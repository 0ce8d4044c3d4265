//! The harness: one change of an organization, one fault, every call.

use lz_model::desired::Desired;
use lz_tests::picture::picture;
use lz_tests::{World, runtime};
use lz_twin::{Clock, Fault, FaultScript, Settings, Twin};
use std::time::{Duration, UNIX_EPOCH};

/// A change: from an organization that a spec made, or from nothing, to what another spec wants.
pub(crate) struct Case {
    state: Option<String>,
    wanted: Desired,
    settled: Vec<String>,
    calls: u64,
}

impl Case {
    pub(crate) fn from_nothing(wanted: Desired) -> Self {
        Self::new(None, wanted)
    }

    /// Returns a change of an AWS that was prepared in a way of its own.
    pub(crate) fn on(state: String, wanted: Desired) -> Self {
        Self::new(Some(state), wanted)
    }

    pub(crate) fn from(first: Desired, wanted: Desired) -> Self {
        let state = runtime().block_on(async {
            let world = World::over(twin(None)).await;
            world.converge(&first).await;
            world.twin.state_json()
        });
        Self::on(state, wanted)
    }

    /// Makes the change once without a fault: how it ends, and how many calls it takes.
    fn new(state: Option<String>, wanted: Desired) -> Self {
        let (settled, calls) = runtime().block_on(async {
            let world = World::over(twin(state.as_deref())).await;
            let before = world.twin.usage().total_calls();
            world.converge(&wanted).await;
            let calls = world.twin.usage().total_calls() - before;
            world.assert_settled(&wanted).await;
            (look(&world, &wanted).await, calls)
        });
        Self {
            state,
            wanted,
            settled,
            calls,
        }
    }

    /// Makes the change with the fault at each of its calls in turn, and once more without.
    pub(crate) fn survives(&self, fault: &Fault) {
        self.survives_each(1, fault);
    }

    /// Makes the change with the fault at every so many-th of its calls in turn, and once more without. For faults
    /// that look alike from call to call, where a change takes many.
    pub(crate) fn survives_each(&self, step: usize, fault: &Fault) {
        assert!(self.calls > 20, "a change of {} calls shows nothing", self.calls);
        for call in (1..=self.calls).step_by(step) {
            if let Err(difference) = self.run(call, fault) {
                panic!(
                    "with {fault:?} at call {call} of {}, one more apply does not end as it should:\n{difference}",
                    self.calls
                );
            }
        }
    }

    fn run(&self, call: u64, fault: &Fault) -> Result<(), String> {
        runtime().block_on(async {
            let world = World::over(twin(self.state.as_deref())).await;
            world.twin.set_faults(FaultScript::at_call(call, fault.clone()));
            tokio::select! {
                biased;
                () = world.twin.crashed() => {}
                () = attempt(&world, &self.wanted) => {}
            }
            world.twin.set_faults(FaultScript::none());
            // The caller is new; AWS is the same.
            let world = World::over(world.twin).await;
            world.converge(&self.wanted).await;
            world.assert_settled(&self.wanted).await;
            compare(&self.settled, &look(&world, &self.wanted).await)
        })
    }
}

/// Errors may come; what counts is what the next apply finds.
async fn attempt(world: &World, wanted: &Desired) {
    let Ok(live) = world.read(wanted).await else {
        return;
    };
    let Ok(plan) = lz_plan::plan(wanted, &live) else {
        return;
    };
    world.apply(plan).await;
}

async fn look(world: &World, wanted: &Desired) -> Vec<String> {
    let live = world.read(wanted).await.unwrap();
    picture(&live.organization.unwrap())
}

fn compare(expected: &[String], found: &[String]) -> Result<(), String> {
    let missing = expected
        .iter()
        .filter(|line| !found.contains(line))
        .map(|line| format!("- {line}\n"));
    let extra = found
        .iter()
        .filter(|line| !expected.contains(line))
        .map(|line| format!("+ {line}\n"));
    let difference: String = missing.chain(extra).collect();
    if difference.is_empty() && expected.len() == found.len() {
        Ok(())
    } else {
        Err(difference)
    }
}

fn twin(state: Option<&str>) -> Twin {
    let settings = Settings {
        accounts: 50,
        ..Settings::default()
    };
    let clock = Clock::virtual_time(UNIX_EPOCH + Duration::from_secs(1_800_000_000));
    match state {
        None => Twin::new(settings, FaultScript::none(), clock),
        Some(state) => Twin::load(state, settings, FaultScript::none(), clock).unwrap(),
    }
}

#[test]
fn the_harness_sees_what_is_missing_and_what_is_made_twice() {
    let settled: Vec<String> = ["ou A", "ou B"].map(str::to_owned).to_vec();
    assert!(compare(&settled, &settled).is_ok());
    assert_eq!(compare(&settled, &settled[..1]).unwrap_err(), "- ou B\n");
    let extra = [settled.clone(), vec!["ou C".to_owned()]].concat();
    assert_eq!(compare(&settled, &extra).unwrap_err(), "+ ou C\n");
    let twice = [settled.clone(), settled.clone()].concat();
    assert!(compare(&settled, &twice).is_err());
}
