//! Stack sets and their instances under SERVICE_MANAGED permissions.

use crate::kit::*;
use crate::stack_kit::*;

#[test]
fn a_set_is_deployed_to_every_account_under_its_unit() {
    let fleet = Fleet::new(2);
    let id = fleet.world.stack_set("base");
    assert!(id.starts_with("base:"), "{id}");
    let operation = fleet.world.begin(
        "CreateStackInstances",
        fleet.targets("base", &["us-east-1", "eu-west-1"], json!({})),
    );
    assert_eq!(fleet.world.operation_status("base", &operation), "RUNNING");
    assert_eq!(fleet.world.instances("base").len(), 4);
    fleet.world.wait(4 * 60);
    let done = fleet.world.operation("base", &operation);
    assert_eq!(
        (one(&done, "Status"), one(&done, "Action")),
        ("SUCCEEDED".into(), "CREATE".into())
    );
    for row in fleet.world.instances("base") {
        assert!(row.ends_with("CURRENT SUCCEEDED"), "{row}");
    }
}
