//! Controls on OUs (aws-facts R32, R37, 4.3, 4.5).

use crate::kit::*;
use crate::tower::*;

const VOLUMES: &str = "AWS-GR_ENCRYPTED_VOLUMES";
const ROOT_USER: &str = "AWS-GR_RESTRICT_ROOT_USER";
const REGIONS: &str = "CT.MULTISERVICE.PV.1";

fn registered() -> (Tower, String) {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.register(&unit);
    (tower, unit)
}

fn number(number: usize) -> String {
    format!("CT.LIMITS.PR.{number}")
}

#[test]
fn a_control_is_listed_at_once_and_done_in_its_time() {
    let (tower, unit) = registered();
    let made = tower.ok("enable-control", tower.controlling(VOLUMES, &unit));
    let listed = tower.enabled_controls(json!({"targetIdentifier": tower.ou_arn(&unit)}));
    assert_eq!(text(&listed[0], "/statusSummary/status"), "UNDER_CHANGE");
    assert_eq!(listed[0]["arn"], made["arn"]);
    tower.world.wait(89);
    tower.assert_control(&made, "IN_PROGRESS");
    tower.world.wait(1);
    tower.assert_control(&made, "SUCCEEDED");
    let shown = tower.ok(
        "get-enabled-control",
        json!({"enabledControlIdentifier": made["arn"]}),
    );
    assert_eq!(
        text(&shown, "/enabledControlDetails/statusSummary/status"),
        "SUCCEEDED"
    );
    assert_eq!(
        text(&shown, "/enabledControlDetails/targetRegions/0/name"),
        "us-east-1"
    );
}

#[test]
fn a_failed_control_stays_listed() {
    let tower = Tower::running_with(|settings| {
        settings.control_tower.faults = vec![lz_twin::OperationFault {
            operation: "ENABLE_CONTROL".to_owned(),
            target: None,
            times: None,
            message: "no".to_owned(),
        }];
    });
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.register(&unit);
    let made = tower.ok("enable-control", tower.controlling(VOLUMES, &unit));
    tower.world.wait(90);
    tower.assert_control(&made, "FAILED");
    let listed = tower.enabled_controls(json!({"filter": {"statuses": ["FAILED"]}}));
    assert_eq!(listed.len(), 1);
}

#[test]
fn mandatory_controls_and_the_region_deny_are_not_for_this_call() {
    let (tower, unit) = registered();
    let mandatory = tower.controlling("AWS-GR_CLOUDTRAIL_ENABLED", &unit);
    tower.no("enable-control", mandatory.clone(), INVALID, "mandatory");
    tower.no("disable-control", mandatory, INVALID, "mandatory");
    let deny = tower.controlling("AWS-GR_REGION_DENY", &unit);
    tower.no("enable-control", deny, INVALID, "Region deny");
}

#[test]
fn controls_must_exist_and_be_of_this_region() {
    let (tower, unit) = registered();
    tower.no(
        "enable-control",
        tower.controlling("MAGIC", &unit),
        MISSING,
        "no control",
    );
    let mut input = tower.controlling(VOLUMES, &unit);
    input["controlIdentifier"] = json!("arn:aws:controltower:eu-west-1::control/AWS-GR_ENCRYPTED_VOLUMES");
    tower.no("enable-control", input.clone(), INVALID, "us-east-1");
    input["controlIdentifier"] = json!("arn:aws:controlcatalog:::control/497wrm2xnk1wxlf4obrdo7mej");
    tower.ok("enable-control", input);
    let tower = Tower::running_with(|settings| {
        settings.control_tower.missing_controls.insert(VOLUMES.to_owned());
    });
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.register(&unit);
    tower.no(
        "enable-control",
        tower.controlling(VOLUMES, &unit),
        MISSING,
        "no control",
    );
    tower.control("SH.S3.4", &unit);
}

#[test]
fn an_alias_with_dots_is_no_identifier() {
    let (tower, unit) = registered();
    for name in [REGIONS, "SH.S3.4", "CONFIG.S3.DT.1"] {
        let mut input = tower.controlling(VOLUMES, &unit);
        input["controlIdentifier"] = json!(Tower::control_arn(name));
        for call in ["enable-control", "disable-control"] {
            tower.no(call, input.clone(), INVALID, "does not fit");
        }
        input["controlIdentifier"] = json!(name);
        tower.no("enable-control", input, INVALID, "does not fit");
    }
}

#[test]
fn a_control_is_enabled_by_each_form_of_its_arn_and_shown_by_that() {
    let (tower, unit) = registered();
    let regional = lz_twin::regional_control_arn("CT.S3.PR.2", HOME).unwrap();
    let global = tower.global_arn("CT.S3.PR.1");
    for arn in [&Tower::control_arn(VOLUMES), &regional, &global] {
        let mut input = tower.controlling(VOLUMES, &unit);
        input["controlIdentifier"] = json!(arn);
        let made = tower.ok("enable-control", input);
        tower.world.wait(90);
        let input = json!({"enabledControlIdentifier": made["arn"]});
        let shown = tower.ok("get-enabled-control", input);
        assert_eq!(text(&shown, "/enabledControlDetails/controlIdentifier"), *arn);
    }
    let mut input = tower.controlling(VOLUMES, &unit);
    let elsewhere = lz_twin::regional_control_arn("CT.S3.PR.2", "eu-west-1").unwrap();
    input["controlIdentifier"] = json!(elsewhere.replace("eu-west-1", HOME));
    tower.no("enable-control", input, MISSING, "no control");
    assert_eq!(lz_twin::regional_control_arn("CONFIG.S3.DT.1", HOME), None);
}

#[test]
fn another_form_is_no_other_control() {
    let enable_twice = |tower: &Tower| {
        let unit = tower.world.ou(&tower.root, "Workloads");
        tower.register(&unit);
        tower.control(REGIONS, &unit);
        let mut input = tower.controlling(REGIONS, &unit);
        input["controlIdentifier"] = json!(lz_twin::regional_control_arn(REGIONS, HOME).unwrap());
        input
    };
    let tower = Tower::running();
    let input = enable_twice(&tower);
    tower.no("enable-control", input.clone(), CONFLICT, "already");
    tower.ok("disable-control", input);
    let tower = Tower::running_with(|settings| settings.control_tower.forms_apart = true);
    let input = enable_twice(&tower);
    tower.ok("enable-control", input);
}

#[test]
fn up_to_3_3_a_control_takes_a_registered_ou() {
    let tower = Tower::running_3();
    let unit = tower.world.ou(&tower.root, "Workloads");
    for control in [VOLUMES, ROOT_USER] {
        let input = tower.controlling(control, &unit);
        tower.no(
            "enable-control",
            input,
            MISSING,
            "is not registered with AWS Control Tower.",
        );
    }
}

#[test]
fn from_4_0_only_detective_controls_take_a_baseline() {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.no(
        "enable-control",
        tower.controlling(VOLUMES, &unit),
        INVALID,
        "Config recording",
    );
    tower.control(ROOT_USER, &unit);
    tower.control("CT.S3.PR.1", &unit);
    tower.register(&unit);
    tower.control(VOLUMES, &unit);
}

#[test]
fn a_control_is_enabled_once() {
    let (tower, unit) = registered();
    tower.control(VOLUMES, &unit);
    tower.no(
        "enable-control",
        tower.controlling(VOLUMES, &unit),
        CONFLICT,
        "already",
    );
}

#[test]
fn ten_controls_run_and_a_hundred_are_accepted() {
    let tower = Tower::running_with(|settings| {
        settings.control_tower.more_controls = (0..=100).map(number).collect();
    });
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.register(&unit);
    let made: Vec<Value> = (0..100)
        .map(|n| tower.ok("enable-control", tower.controlling(&number(n), &unit)))
        .collect();
    tower.no(
        "enable-control",
        tower.controlling(&number(100), &unit),
        QUOTA,
        "100 operations",
    );
    let done = || {
        let listed = tower.ok(
            "list-control-operations",
            json!({"filter": {"statuses": ["SUCCEEDED"]}}),
        );
        at(&listed, "/controlOperations").as_array().unwrap().len()
    };
    tower.world.wait(90);
    assert_eq!(done(), 10);
    tower.ok("enable-control", tower.controlling(&number(100), &unit));
    tower.world.wait(90);
    assert_eq!(done(), 20);
    tower.world.wait(900);
    tower.assert_control(&made[99], "SUCCEEDED");
    let rest = tower.ok(
        "list-control-operations",
        json!({"filter": {"statuses": ["IN_PROGRESS"]}}),
    );
    assert_eq!(at(&rest, "/controlOperations"), &json!([]));
}

#[test]
fn controls_and_baselines_wait_for_each_other() {
    let (tower, unit) = registered();
    let other = tower.world.ou(&tower.root, "Other");
    tower.ok("enable-control", tower.controlling(VOLUMES, &unit));
    tower.no(
        "enable-baseline",
        tower.enabling(&other),
        CONFLICT,
        "one at a time",
    );
    tower.world.wait(90);
    tower.ok("enable-baseline", tower.enabling(&other));
    tower.no(
        "enable-control",
        tower.controlling(ROOT_USER, &unit),
        CONFLICT,
        "one at a time",
    );
}

#[test]
fn whether_controls_wait_for_baselines_is_a_setting() {
    let tower = Tower::running_with(|settings| settings.control_tower.controls_beside_baselines = true);
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.register(&unit);
    let other = tower.world.ou(&tower.root, "Other");
    tower.ok("enable-control", tower.controlling(VOLUMES, &unit));
    tower.ok("enable-baseline", tower.enabling(&other));
    tower.ok("enable-control", tower.controlling(ROOT_USER, &unit));
}

#[test]
fn parameters_are_kept_and_updated() {
    let (tower, unit) = registered();
    let regions = |list: Value| json!([{"key": "AllowedRegions", "value": list}]);
    let mut input = tower.controlling(REGIONS, &unit);
    input["parameters"] = regions(json!(["us-east-1"]));
    let made = tower.ok("enable-control", input);
    tower.world.wait(90);
    let which = json!({"enabledControlIdentifier": made["arn"]});
    let shown = || {
        at(
            &tower.ok("get-enabled-control", which.clone()),
            "/enabledControlDetails/parameters",
        )
        .clone()
    };
    assert_eq!(shown(), regions(json!(["us-east-1"])));
    let update = |list: Value| json!({"enabledControlIdentifier": made["arn"], "parameters": regions(list)});
    tower.no(
        "update-enabled-control",
        update(json!(["us-east-1"])),
        INVALID,
        "already",
    );
    tower.ok("update-enabled-control", update(json!(["eu-west-1"])));
    tower.no(
        "update-enabled-control",
        update(json!(["eu-west-2"])),
        CONFLICT,
        "being changed",
    );
    tower.world.wait(90);
    assert_eq!(shown(), regions(json!(["eu-west-1"])));
}

#[test]
fn a_parameter_is_given_once_and_to_a_control_that_has_some() {
    let (tower, unit) = registered();
    let mut input = tower.controlling(VOLUMES, &unit);
    input["parameters"] = json!([{"key": "X", "value": "1"}]);
    tower.no("enable-control", input, INVALID, "no parameter");
    let mut input = tower.controlling(REGIONS, &unit);
    input["parameters"] = json!([{"key": "X", "value": "1"}, {"key": "X", "value": "2"}]);
    tower.no("enable-control", input, INVALID, "`X`");
}

#[test]
fn a_control_is_disabled_by_its_arn_or_by_its_target() {
    let (tower, unit) = registered();
    let arn = tower.control(VOLUMES, &unit);
    tower.ok("disable-control", json!({"enabledControlIdentifier": arn}));
    tower.world.wait(90);
    tower.no(
        "get-enabled-control",
        json!({"enabledControlIdentifier": arn}),
        MISSING,
        "no enabled control",
    );
    tower.control(VOLUMES, &unit);
    tower.ok("disable-control", tower.controlling(VOLUMES, &unit));
    tower.world.wait(90);
    tower.no(
        "disable-control",
        tower.controlling(VOLUMES, &unit),
        MISSING,
        "not enabled",
    );
    tower.no("disable-control", json!({}), INVALID, "controlIdentifier");
}

#[test]
fn preventive_controls_are_statements_of_the_ous_own_scp() {
    let (tower, unit) = registered();
    let own = || {
        let attached = tower.world.attached(&unit, SCP);
        let shown = attached
            .iter()
            .map(|id| tower.world.ok("DescribePolicy", json!({"PolicyId": id})));
        let found: Vec<Value> = shown
            .filter(|p| text(p, "/Policy/PolicySummary/Name").starts_with("aws-guardrails-"))
            .collect();
        assert_eq!(found.len(), 1);
        (
            text(&found[0], "/Policy/PolicySummary/Id"),
            text(&found[0], "/Policy/Content"),
        )
    };
    assert!(!own().1.contains(ROOT_USER));
    let arn = tower.control(ROOT_USER, &unit);
    assert!(own().1.contains(ROOT_USER));
    let which = json!({"enabledControlIdentifier": arn});
    let drift = || {
        let shown = tower.ok("get-enabled-control", which.clone());
        text(&shown, "/enabledControlDetails/driftStatusSummary/driftStatus")
    };
    assert_eq!(drift(), "IN_SYNC");
    tower
        .world
        .ok("UpdatePolicy", json!({"PolicyId": own().0, "Content": ALLOW}));
    assert_eq!(drift(), "DRIFTED");
    tower.no("reset-enabled-control", which.clone(), INVALID, "is an SCP");
    tower.no(
        "update-enabled-control",
        json!({"enabledControlIdentifier": arn, "parameters": []}),
        INVALID,
        "drifted",
    );
    tower.ok("disable-control", which);
    tower.world.wait(90);
    assert!(!own().1.contains(ROOT_USER));
}

#[test]
fn an_ou_without_room_for_the_scp_makes_the_operation_fail() {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    for n in 0..9 {
        let policy = tower.world.policy(SCP, &format!("p{n}"), ALLOW);
        tower
            .world
            .ok("AttachPolicy", json!({"PolicyId": policy, "TargetId": unit}));
    }
    let made = tower.ok("enable-control", tower.controlling(ROOT_USER, &unit));
    tower.world.wait(90);
    tower.assert_control(&made, "FAILED");
}

#[test]
fn other_controls_are_reset() {
    let (tower, unit) = registered();
    let arn = tower.control(VOLUMES, &unit);
    let made = tower.ok("reset-enabled-control", json!({"enabledControlIdentifier": arn}));
    tower.world.wait(90);
    let input = json!({"operationIdentifier": made["operationIdentifier"]});
    let operation = tower.ok("get-control-operation", input);
    assert_eq!(
        text(&operation, "/controlOperation/operationType"),
        "RESET_ENABLED_CONTROL"
    );
    assert_eq!(text(&operation, "/controlOperation/status"), "SUCCEEDED");
}

#[test]
fn accounts_inherit_controls() {
    let (tower, unit) = registered();
    let account = tower.world.account("a");
    relocate(&tower.world, &account, &tower.root, &unit);
    tower.world.wait(HOUR);
    let arn = tower.control(VOLUMES, &unit);
    let all =
        tower.enabled_controls(json!({"includeChildren": true, "filter": {"parentIdentifiers": [arn]}}));
    assert_eq!(all.len(), 1);
    assert!(text(&all[0], "/targetIdentifier").ends_with(&account));
    let child = json!({"enabledControlIdentifier": all[0]["arn"]});
    tower.no("disable-control", child.clone(), INVALID, "inherited");
    assert_eq!(
        text(
            &tower.ok("get-enabled-control", child),
            "/enabledControlDetails/parentIdentifier"
        ),
        arn
    );
}

#[test]
fn operations_are_found_by_control_target_and_type() {
    let (tower, unit) = registered();
    let arn = tower.control(VOLUMES, &unit);
    tower.ok("disable-control", json!({"enabledControlIdentifier": arn}));
    let list = |filter: Value| {
        let listed = tower.ok("list-control-operations", json!({"filter": filter}));
        at(&listed, "/controlOperations").as_array().unwrap().clone()
    };
    assert_eq!(list(json!({"enabledControlIdentifiers": [arn]})).len(), 2);
    let both = list(json!({"controlIdentifiers": [Tower::control_arn(VOLUMES)]}));
    assert_eq!(
        text(&both[0], "/operationType"),
        "DISABLE_CONTROL",
        "the latest comes first"
    );
    assert_eq!(
        list(json!({"controlOperationTypes": ["ENABLE_CONTROL"]})).len(),
        1
    );
    assert_eq!(list(json!({"targetIdentifiers": [tower.ou_arn(&unit)]})).len(), 2);
    assert!(list(json!({"statuses": ["FAILED"]})).is_empty());
    let first = tower.ok("list-control-operations", json!({"maxResults": 1}));
    let second = json!({"maxResults": 1, "nextToken": first["nextToken"]});
    assert!(
        tower
            .ok("list-control-operations", second)
            .get("nextToken")
            .is_none()
    );
}

#[test]
fn the_region_deny_control_takes_its_own_parameters_and_not_without_regions() {
    let (tower, unit) = registered();
    let mut input = tower.controlling(REGIONS, &unit);
    let regions = json!({"key": "AllowedRegions", "value": ["us-east-1"]});
    input["parameters"] = json!([regions, {"key": "Foo", "value": 1}]);
    tower.no("enable-control", input.clone(), INVALID, "`Foo`");
    input["parameters"] = json!([]);
    tower.no("enable-control", input.clone(), INVALID, "`AllowedRegions`");
    input["parameters"] = json!([regions]);
    let made = tower.ok("enable-control", input);
    tower.world.wait(90);
    let update = json!({"enabledControlIdentifier": made["arn"], "parameters": [{"key": "Foo", "value": 1}]});
    tower.no("update-enabled-control", update, INVALID, "`Foo`");
}
