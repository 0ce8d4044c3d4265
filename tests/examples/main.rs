//! Every landing zone under `examples/` comes up on the twin until nothing is left to do.

use lz_tests::{World, example, runtime};
use lz_twin::{FaultScript, Settings};

fn comes_up(name: &str) -> World {
    let desired = example(name);
    runtime().block_on(async {
        let mut settings = Settings::default();
        settings.accounts = 1_000;
        let world = World::new(settings, FaultScript::none()).await;
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
        world
    })
}

#[test]
fn the_start_up_comes_up_and_settles() {
    comes_up("startup");
}

#[test]
fn the_media_group_comes_up_and_settles() {
    comes_up("media-group");
}
