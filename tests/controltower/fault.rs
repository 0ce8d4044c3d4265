//! Whatever fails at whichever call of the short path, one more apply ends in the wanted landing zone.

use super::kit::*;
use lz_model::desired::Desired;
use lz_tests::{World, runtime};
use lz_twin::{Clock, Fault, FaultScript, Seconds, Settings, Twin};
use std::time::{Duration, UNIX_EPOCH};

/// From an organization with its accounts to one OU under Control Tower with a control on it.
struct Case {
    state: String,
    wanted: Desired,
    settled: Vec<String>,
    calls: u64,
}

/// Operations are short here: looks at one that runs are all alike.
fn twin(state: &str) -> Twin {
    let clock = Clock::virtual_time(UNIX_EPOCH + Duration::from_secs(1_800_000_000));
    let mut settings = Settings::default();
    settings.control_tower.landing_zone_seconds = Seconds::new(40);
    settings.control_tower.baseline_seconds = Seconds::new(40);
    settings.control_tower.control_seconds = Seconds::new(40);
    Twin::load(state, settings, FaultScript::none(), clock).unwrap()
}

impl Case {
    fn new() -> Self {
        let state = runtime().block_on(async { settled(&[HEAD, ACCOUNTS].concat()).await.twin.state_json() });
        let text = [
            HEAD,
            ACCOUNTS,
            &zone("4.0", ""),
            "baseline \"AWSControlTowerBaseline\" { targets = [ou.workloads] }\n",
            "control \"AWS-GR_RESTRICT_ROOT_USER\" { targets = [ou.workloads] }\n",
        ];
        let wanted = spec(&text.concat());
        let (settled, calls) = runtime().block_on(async {
            let world = World::over(twin(&state)).await;
            world.converge(&wanted).await;
            let calls = world.twin.usage().total_calls();
            world.assert_settled(&wanted).await;
            (picture(&world, &wanted).await, calls)
        });
        Self {
            state,
            wanted,
            settled,
            calls,
        }
    }

    fn survives(&self, fault: &Fault) {
        assert!(self.calls > 30, "{} calls show nothing", self.calls);
        for call in 1..=self.calls {
            let found = runtime().block_on(self.run(call, fault));
            assert_eq!(
                found, self.settled,
                "with {fault:?} at call {call} of {}",
                self.calls
            );
        }
    }

    async fn run(&self, call: u64, fault: &Fault) -> Vec<String> {
        let world = World::over(twin(&self.state)).await;
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
        picture(&world, &self.wanted).await
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
    try_apply(world, plan).await;
}

#[test]
fn the_short_path_survives_a_crash_before_any_call() {
    Case::new().survives(&Fault::Crash);
}

#[test]
fn the_short_path_survives_a_crash_after_any_call() {
    Case::new().survives(&Fault::CrashAfter);
}

#[test]
fn the_short_path_survives_a_lost_reply_to_any_call() {
    Case::new().survives(&Fault::LoseReply);
}

#[test]
fn the_short_path_survives_a_failure_of_any_call() {
    Case::new().survives(&Fault::Fail {
        code: "InternalServerException".to_owned(),
        status: 500,
    });
}

#[test]
fn the_short_path_survives_throttling_of_any_call() {
    Case::new().survives(&Fault::Throttle);
}
