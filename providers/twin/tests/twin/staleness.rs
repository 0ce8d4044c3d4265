//! Reads that lag behind writes.

use lz_twin::Seconds;

use crate::kit::*;

#[test]
fn reads_lag_within_the_window_and_agree_after_it() {
    let world = World::set(|settings| settings.staleness_seconds = Seconds::new(2));
    world.wait(10);
    let root = world.root();
    world.ou(&root, "a");
    world.hands.advance(std::time::Duration::from_millis(1000));
    let sees = || {
        let answer = world.ok("ListOrganizationalUnitsForParent", json!({"ParentId": root}));
        ids(&answer, "/OrganizationalUnits").len()
    };
    let seen: Vec<usize> = (0..50).map(|_| sees()).collect();
    assert!(
        seen.contains(&0) && seen.contains(&1),
        "each read draws its own lag: {seen:?}"
    );
    world.wait(2);
    assert!((0..50).all(|_| sees() == 1), "the window is over");
}

#[test]
fn writes_see_the_truth() {
    let world = World::set(|settings| settings.staleness_seconds = Seconds::new(2));
    world.wait(10);
    let root = world.root();
    world.ou(&root, "a");
    for _ in 0..20 {
        world.no(
            "CreateOrganizationalUnit",
            json!({"ParentId": root, "Name": "a"}),
            "DuplicateOrganizationalUnit",
        );
    }
}
