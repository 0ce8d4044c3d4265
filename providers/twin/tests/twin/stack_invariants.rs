//! What holds at every moment of any operation, whatever its preferences and whoever fails.

use std::collections::BTreeMap;

use lz_twin::StackFault;

use crate::kit::*;
use crate::stack_kit::*;

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-northeast-1"];

/// Numbers that look drawn and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// What was drawn, as the operation must keep it.
struct Drawn {
    preferences: Value,
    tolerance: usize,
    most: usize,
    strict: bool,
    parallel: bool,
}

fn draw(dice: &mut Dice, accounts: u64) -> Drawn {
    let (tolerance, most) = (dice.below(accounts), 1 + dice.below(accounts + 1));
    let (strict, parallel) = (dice.below(2) == 0, dice.below(2) == 0);
    let preferences = json!({
        "FailureToleranceCount": tolerance,
        "MaxConcurrentCount": most,
        "ConcurrencyMode": if strict { "STRICT_FAILURE_TOLERANCE" } else { "SOFT_FAILURE_TOLERANCE" },
        "RegionConcurrencyType": if parallel { "PARALLEL" } else { "SEQUENTIAL" },
    });
    Drawn {
        preferences,
        tolerance: usize::try_from(tolerance).unwrap(),
        most: usize::try_from(most).unwrap(),
        strict,
        parallel,
    }
}

/// How many results each Region has of each status.
fn tally(world: &World, operation: &str) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut tally: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for row in world.results("base", operation) {
        let words: Vec<&str> = row.split(' ').collect();
        *tally
            .entry(words[1].to_owned())
            .or_default()
            .entry(words[2].to_owned())
            .or_default() += 1;
    }
    tally
}

fn check(drawn: &Drawn, tally: &BTreeMap<String, BTreeMap<String, usize>>, story: &str) {
    let of = |region: &BTreeMap<String, usize>, status: &str| region.get(status).copied().unwrap_or(0);
    let busy = tally.values().filter(|region| of(region, "RUNNING") > 0).count();
    assert!(
        drawn.parallel || busy <= 1,
        "regions take turns: {story} {tally:?}"
    );
    for region in tally.values() {
        let (running, failed) = (of(region, "RUNNING"), of(region, "FAILED"));
        assert!(
            running <= drawn.most,
            "no more at once than wanted: {story} {tally:?}"
        );
        if drawn.strict {
            let bound = drawn.tolerance + 1;
            assert!(
                running + failed <= bound.max(failed),
                "strict mode slows down: {story} {tally:?}"
            );
            assert!(
                failed <= bound,
                "strict mode never fails by more than one beyond: {story} {tally:?}"
            );
        }
    }
}

#[test]
fn an_operation_keeps_its_preferences_at_every_moment() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let accounts = 1 + dice.below(7);
        let fleet = Fleet::set(usize::try_from(accounts).unwrap(), |settings| {
            settings.seed = seed
        });
        let world = &fleet.world;
        world.stack_set("base");
        for account in &fleet.accounts {
            if dice.below(4) == 0 {
                world.twin.add_stack_fault(&StackFault::of_account(account, "no"));
            }
        }
        let drawn = draw(&mut dice, accounts);
        let story = format!("seed {seed} {}", drawn.preferences);
        let more = json!({"OperationPreferences": drawn.preferences});
        let operation = world.begin("CreateStackInstances", fleet.targets("base", &REGIONS, more));
        let mut moments = 0;
        while world.operation_status("base", &operation) == "RUNNING" {
            check(&drawn, &tally(world, &operation), &story);
            world.wait(5);
            moments += 1;
            assert!(moments < 1000, "it ends: {story}");
        }
        let last = tally(world, &operation);
        let count = |status: &str| -> usize { last.values().filter_map(|region| region.get(status)).sum() };
        let beyond = last
            .values()
            .any(|region| region.get("FAILED").copied().unwrap_or(0) > drawn.tolerance);
        let wanted = if beyond { "FAILED" } else { "SUCCEEDED" };
        assert_eq!(world.operation_status("base", &operation), wanted, "{story}");
        assert_eq!(count("RUNNING") + count("PENDING"), 0, "{story}");
        assert!(
            beyond || count("CANCELLED") == 0,
            "only a failure cancels: {story} {last:?}"
        );
        let current = world
            .instances("base")
            .iter()
            .filter(|row| row.contains(" CURRENT "))
            .count();
        assert_eq!(current, count("SUCCEEDED"), "{story}");
        world.twin.clear_stack_faults();
        let again = fleet.deploy("base", &REGIONS, json!({}));
        assert_eq!(world.operation_status("base", &again), "SUCCEEDED", "{story}");
        let behind = world
            .instances("base")
            .iter()
            .filter(|row| !row.ends_with("CURRENT SUCCEEDED"))
            .count();
        assert_eq!(behind, 0, "a new operation catches up: {story}");
    }
}
