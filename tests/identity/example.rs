//! The example in `examples/sign-in`.

use lz_tests::people::arrive;
use lz_tests::{World, example, runtime};
use lz_twin::{FaultScript, Settings};

#[test]
fn people_of_the_example_get_what_it_says_and_nothing_is_left_to_do() {
    runtime().block_on(async {
        let desired = example("sign-in");
        let world = World::new(Settings::default(), FaultScript::none()).await;
        // Identity Center is enabled, and its groups are there, before the spec speaks of people.
        let mut before = desired.clone();
        before.identity = None;
        for account in before.accounts.values_mut() {
            account.settings = lz_model::desired::DesiredSettings::default();
        }
        world.converge(&before).await;
        let groups = [
            "developers",
            "operators",
            "partners",
            "auditors",
            "finance",
            "break-glass",
        ];
        arrive(&world, &groups, &[]).await;
        let plan = world.plan(&desired).await.unwrap();
        let sentence = format!("{:?}", plan.notes);
        assert!(plan.notes.is_empty(), "{sentence}");
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
        let live = world.read(&desired).await.unwrap().organization.unwrap();
        // 1 + 2 + 3 + 1 + 6 + 1 + 6
        assert_eq!(live.identity.unwrap().assignments.len(), 20);
        assert_eq!(live.settings.len(), 3);
    });
}
