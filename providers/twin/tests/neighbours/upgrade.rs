//! From 3.3 to 4.0, and what follows (aws-facts R33, R34, 4.4).

use crate::kit::*;
use crate::tower::*;

fn upgrading(tower: &Tower) -> Value {
    let mut manifest = tower.manifest();
    manifest["governedRegions"] = json!(["us-east-1"]);
    json!({"version": "4.0", "manifest": manifest, "landingZoneIdentifier": tower.zone_arn()})
}

fn registered_3(tower: &Tower, unit: &str) -> String {
    let mut input = tower.enabling(unit);
    input["baselineVersion"] = json!("4.0");
    let made = tower.ok("enable-baseline", input);
    tower.world.wait(HOUR);
    text(&made, "/arn")
}

#[test]
fn baselines_are_updated_after_the_landing_zone_parents_first() {
    let tower = Tower::running_3();
    let unit = tower.world.ou(&tower.root, "Workloads");
    let prod = tower.world.ou(&unit, "Prod");
    let (above, below) = (registered_3(&tower, &unit), registered_3(&tower, &prod));
    let update =
        |arn: &str, version: &str| json!({"enabledBaselineIdentifier": arn, "baselineVersion": version});
    tower.no(
        "update-enabled-baseline",
        update(&above, "5.0"),
        INVALID,
        "takes 4.0",
    );
    tower.ok("update-landingzone", upgrading(&tower));
    tower.world.wait(HOUR);
    assert_eq!(text(&tower.zone(), "/version"), "4.0");
    tower.no(
        "update-enabled-baseline",
        update(&below, "5.0"),
        INVALID,
        "before OU",
    );
    for arn in [&above, &below] {
        tower.ok("update-enabled-baseline", update(arn, "5.0"));
        tower.world.wait(HOUR);
    }
    let shown = tower.ok(
        "get-enabled-baseline",
        json!({"enabledBaselineIdentifier": below}),
    );
    assert_eq!(text(&shown, "/enabledBaselineDetails/baselineVersion"), "5.0");
    tower.no(
        "update-enabled-baseline",
        update(&below, "4.0"),
        INVALID,
        "takes 5.0",
    );
}

#[test]
fn an_ou_that_needs_an_update_accepts_no_accounts() {
    let tower = Tower::ready();
    tower.set_up("3.3", tower.manifest_3(), true);
    let unit = tower.world.ou(&tower.root, "Workloads");
    let arn = registered_3(&tower, &unit);
    let mut upgrade = upgrading(&tower);
    upgrade["remediationTypes"] = json!(["INHERITANCE_DRIFT"]);
    tower.ok("update-landingzone", upgrade);
    tower.world.wait(HOUR);
    relocate(&tower.world, &tower.world.account("a"), &tower.root, &unit);
    tower.world.wait(1500);
    let filter = json!({"includeChildren": true, "filter": {"parentIdentifiers": [arn]}});
    assert_eq!(
        text(&tower.enabled_baselines(filter)[0], "/statusSummary/status"),
        "FAILED"
    );
}

#[test]
fn nothing_is_switched_off_in_the_upgrade() {
    let tower = Tower::running_3();
    let mut input = upgrading(&tower);
    input["manifest"]["centralizedLogging"] = json!({"enabled": false});
    tower.no("update-landingzone", input, INVALID, "can't be switched off");
}

#[test]
fn the_upgrade_leaves_the_accounts_where_3_3_gathered_them() {
    let tower = Tower::running_3();
    tower.ok("update-landingzone", upgrading(&tower));
    tower.world.wait(HOUR);
    let zone = tower.zone();
    assert_eq!(text(&zone, "/driftStatus/status"), "IN_SYNC");
    assert_eq!(text(&zone, "/latestAvailableVersion"), "4.0");
}
