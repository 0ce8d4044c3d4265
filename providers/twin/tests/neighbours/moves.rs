//! What the moves of accounts cause (aws-facts R35, 4.5).

use crate::kit::*;
use crate::tower::*;

fn children(tower: &Tower, parent: &str) -> Vec<Value> {
    tower.enabled_baselines(json!({"includeChildren": true, "filter": {"parentIdentifiers": [parent]}}))
}

fn without_enrolment() -> Tower {
    let tower = Tower::ready();
    tower.set_up("4.0", tower.manifest(), false);
    tower
}

#[test]
fn a_moved_account_is_enrolled_by_itself() {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    let arn = tower.register(&unit);
    let account = tower.world.account("a");
    relocate(&tower.world, &account, &tower.root, &unit);
    let rows = children(&tower, &arn);
    assert_eq!(text(&rows[0], "/statusSummary/status"), "UNDER_CHANGE");
    assert_eq!(tower.inheritance_of(&arn), "IN_SYNC");
    tower.world.wait(1500);
    assert_eq!(
        text(&children(&tower, &arn)[0], "/statusSummary/status"),
        "SUCCEEDED"
    );
    let other = tower.world.ou(&tower.root, "Other");
    relocate(&tower.world, &account, &unit, &other);
    assert!(children(&tower, &arn).is_empty());
}

#[test]
fn one_account_is_enrolled_at_a_time_in_an_ou() {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    let arn = tower.register(&unit);
    for name in ["a", "b"] {
        relocate(&tower.world, &tower.world.account(name), &tower.root, &unit);
    }
    let done = || {
        let rows = children(&tower, &arn);
        rows.iter()
            .filter(|row| row["statusSummary"]["status"] == "SUCCEEDED")
            .count()
    };
    assert_eq!(children(&tower, &arn).len(), 1);
    tower.world.wait(1500);
    assert_eq!(done(), 1);
    tower.world.wait(1500);
    assert_eq!(done(), 2);
}

#[test]
fn only_so_many_enrolments_run_at_once() {
    let tower = Tower::running_with(|settings| settings.control_tower.enrolments_running = 1);
    let (one, two) = (
        tower.world.ou(&tower.root, "one"),
        tower.world.ou(&tower.root, "two"),
    );
    let (first, second) = (tower.register(&one), tower.register(&two));
    let (a, b) = (tower.world.account("a"), tower.world.account("b"));
    relocate(&tower.world, &a, &tower.root, &one);
    relocate(&tower.world, &b, &tower.root, &two);
    assert_eq!(
        (children(&tower, &first).len(), children(&tower, &second).len()),
        (1, 0)
    );
    tower.world.wait(1500);
    assert_eq!(children(&tower, &second).len(), 1);
}

#[test]
fn enrolments_wait_for_controls() {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    let arn = tower.register(&unit);
    let account = tower.world.account("a");
    tower.ok(
        "enable-control",
        tower.controlling("AWS-GR_ENCRYPTED_VOLUMES", &unit),
    );
    relocate(&tower.world, &account, &tower.root, &unit);
    assert!(children(&tower, &arn).is_empty());
    tower.world.wait(90);
    assert_eq!(children(&tower, &arn).len(), 1);
}

#[test]
fn without_auto_enrolment_the_ou_drifts_until_it_is_reset() {
    let tower = without_enrolment();
    let unit = tower.world.ou(&tower.root, "Workloads");
    let arn = tower.register(&unit);
    let account = tower.world.account("a");
    relocate(&tower.world, &account, &tower.root, &unit);
    assert_eq!(tower.inheritance_of(&arn), "DRIFTED");
    assert!(children(&tower, &arn).is_empty());
    let drifted = tower.enabled_baselines(json!({"filter": {"inheritanceDriftStatuses": ["DRIFTED"]}}));
    assert_eq!(drifted.len(), 1);
    tower.ok(
        "reset-enabled-baseline",
        json!({"enabledBaselineIdentifier": arn}),
    );
    tower.world.wait(HOUR);
    assert_eq!(tower.inheritance_of(&arn), "IN_SYNC");
    assert_eq!(children(&tower, &arn).len(), 1);
    relocate(&tower.world, &account, &unit, &tower.root);
    assert_eq!(tower.inheritance_of(&arn), "DRIFTED");
}

#[test]
fn a_control_that_an_account_kept_is_taken_away_by_its_own_arn() {
    let tower = without_enrolment();
    let unit = tower.world.ou(&tower.root, "Workloads");
    let account = tower.world.account("a");
    relocate(&tower.world, &account, &tower.root, &unit);
    tower.register(&unit);
    tower.control("AWS-GR_ENCRYPTED_VOLUMES", &unit);
    relocate(&tower.world, &account, &unit, &tower.root);
    let drifted = || {
        let filter = json!({"inheritanceDriftStatuses": ["DRIFTED"]});
        tower.enabled_controls(json!({"includeChildren": true, "filter": filter}))
    };
    let kept = drifted();
    assert_eq!(kept.len(), 1);
    assert!(text(&kept[0], "/targetIdentifier").ends_with(&account));
    tower.ok(
        "disable-control",
        json!({"enabledControlIdentifier": kept[0]["arn"]}),
    );
    tower.world.wait(90);
    assert!(drifted().is_empty());
    assert_eq!(tower.enabled_controls(json!({})).len(), 1);
}

#[test]
fn an_account_that_leaves_the_organization_leaves_its_baselines() {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    let arn = tower.register(&unit);
    let account = tower.world.account("a");
    relocate(&tower.world, &account, &tower.root, &unit);
    tower.world.wait(5 * DAY);
    assert_eq!(children(&tower, &arn).len(), 1);
    tower
        .world
        .ok("RemoveAccountFromOrganization", json!({"AccountId": account}));
    assert!(children(&tower, &arn).is_empty());
    assert_eq!(tower.inheritance_of(&arn), "IN_SYNC");
}

#[test]
fn a_drifted_landing_zone_fails_enrolments() {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    let arn = tower.register(&unit);
    let account = tower.world.account("a");
    let principal = json!({"ServicePrincipal": "controltower.amazonaws.com"});
    tower.world.ok("DisableAWSServiceAccess", principal);
    relocate(&tower.world, &account, &tower.root, &unit);
    tower.world.wait(1500);
    assert_eq!(
        text(&children(&tower, &arn)[0], "/statusSummary/status"),
        "FAILED"
    );
}
