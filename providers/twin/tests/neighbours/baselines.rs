//! Baselines on OUs (aws-facts R29 to R31, 4.3 to 4.5).

use crate::kit::*;
use crate::tower::*;

fn workloads() -> (Tower, String) {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    (tower, unit)
}

#[test]
fn registering_an_ou_takes_longer_with_every_account() {
    let (tower, unit) = workloads();
    for name in ["a", "b"] {
        relocate(&tower.world, &tower.world.account(name), &tower.root, &unit);
    }
    let made = tower.ok("enable-baseline", tower.enabling(&unit));
    tower.world.wait(600 + 240 - 1);
    tower.assert_baseline(&made, "IN_PROGRESS");
    tower.world.wait(1);
    tower.assert_baseline(&made, "SUCCEEDED");
    let rows = tower
        .enabled_baselines(json!({"includeChildren": true, "filter": {"parentIdentifiers": [made["arn"]]}}));
    assert_eq!(rows.len(), 2);
    assert!(
        rows.iter()
            .all(|row| row["statusSummary"]["status"] == "SUCCEEDED")
    );
    assert_eq!(tower.inheritance_of(&text(&made, "/arn")), "IN_SYNC");
}

#[test]
fn what_an_account_inherits_can_not_be_changed_there() {
    let (tower, unit) = workloads();
    relocate(&tower.world, &tower.world.account("a"), &tower.root, &unit);
    let arn = tower.register(&unit);
    let rows =
        tower.enabled_baselines(json!({"includeChildren": true, "filter": {"parentIdentifiers": [arn]}}));
    let child = json!({"enabledBaselineIdentifier": rows[0]["arn"]});
    for path in ["disable-baseline", "reset-enabled-baseline"] {
        tower.no(path, child.clone(), INVALID, "inherited");
    }
    assert_eq!(
        at(
            &tower.ok("get-enabled-baseline", child),
            "/enabledBaselineDetails/parentIdentifier"
        ),
        &json!(arn)
    );
}

#[test]
fn the_landing_zone_keeps_its_own_baselines() {
    let (tower, unit) = workloads();
    let mut input = tower.enabling(&unit);
    input["baselineIdentifier"] = json!(tower.baseline_arn("AuditBaseline"));
    tower.no("enable-baseline", input, INVALID, "belongs to the landing zone");
    let shared = tower.enabled_baselines(json!({}));
    let input = json!({"enabledBaselineIdentifier": shared[0]["arn"]});
    tower.no("disable-baseline", input, INVALID, "belongs to the landing zone");
}

#[test]
fn baselines_and_targets_must_exist() {
    let (tower, unit) = workloads();
    let mut input = tower.enabling(&unit);
    input["baselineIdentifier"] = json!("arn:aws:controltower:us-east-1::baseline/AAAAAAAAAAAAAAAA");
    tower.no("enable-baseline", input, MISSING, "no baseline");
    let mut input = tower.enabling(&unit);
    input["targetIdentifier"] = json!(tower.ou_arn(&unit).replace(&unit, "ou-abcd-00000000"));
    tower.no("enable-baseline", input, MISSING, "no OU");
    let mut input = tower.enabling(&unit);
    input["targetIdentifier"] =
        json!("arn:aws:organizations::111122223333:account/o-aaaaaaaaaa/111122223333");
    tower.no("enable-baseline", input, INVALID, "ARN of an OU");
}

#[test]
fn a_landing_zone_comes_first() {
    let tower = Tower::ready();
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.no(
        "enable-baseline",
        tower.enabling(&unit),
        INVALID,
        "no landing zone",
    );
    tower.ok(
        "create-landingzone",
        json!({"version": "4.0", "manifest": tower.manifest()}),
    );
    tower.no(
        "enable-baseline",
        tower.enabling(&unit),
        CONFLICT,
        "being changed",
    );
}

#[test]
fn parents_are_registered_before_their_children() {
    let (tower, unit) = workloads();
    let prod = tower.world.ou(&unit, "Prod");
    tower.no(
        "enable-baseline",
        tower.enabling(&prod),
        INVALID,
        "register it first",
    );
    tower.register(&unit);
    tower.register(&prod);
}

#[test]
fn parents_are_disabled_after_their_children() {
    let (tower, unit) = workloads();
    let prod = tower.world.ou(&unit, "Prod");
    let (above, below) = (tower.register(&unit), tower.register(&prod));
    let disable = |arn: &str| {
        let made = tower.ok("disable-baseline", json!({"enabledBaselineIdentifier": arn}));
        tower.world.wait(HOUR);
        let input = json!({"operationIdentifier": made["operationIdentifier"]});
        at(&tower.ok("get-baseline-operation", input), "/baselineOperation").clone()
    };
    let failed = disable(&above);
    assert_eq!(text(&failed, "/status"), "FAILED");
    assert!(text(&failed, "/statusMessage").contains("governed child OUs"));
    assert_eq!(text(&disable(&below), "/status"), "SUCCEEDED");
    assert_eq!(text(&disable(&above), "/status"), "SUCCEEDED");
    tower.no(
        "get-enabled-baseline",
        json!({"enabledBaselineIdentifier": above}),
        MISSING,
        "no enabled baseline",
    );
}

#[test]
fn the_security_unit_is_the_landing_zones_own() {
    let (tower, _) = workloads();
    let parents = tower.world.ok("ListParents", json!({"ChildId": tower.log}));
    let shared = text(&parents, "/Parents/0/Id");
    tower.no("enable-baseline", tower.enabling(&shared), INVALID, "Security OU");
    let below = tower.world.ou(&shared, "Below");
    tower.no("enable-baseline", tower.enabling(&below), INVALID, "Security OU");
}

#[test]
fn an_ou_has_one_registering_baseline_once() {
    let (tower, unit) = workloads();
    tower.register(&unit);
    tower.no("enable-baseline", tower.enabling(&unit), CONFLICT, "already");
    let mut input = tower.enabling(&unit);
    input["baselineIdentifier"] = json!(tower.baseline_arn("ConfigBaseline"));
    input["baselineVersion"] = json!("1.0");
    tower.no("enable-baseline", input, INVALID, "can't have ConfigBaseline");
}

#[test]
fn what_is_said_about_an_enabled_baseline_is_a_setting() {
    let tower = Tower::running_with(|settings| {
        settings.control_tower.already_enabled = lz_twin::AlreadyEnabled::Validation;
    });
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.register(&unit);
    tower.no("enable-baseline", tower.enabling(&unit), INVALID, "already");
}

#[test]
fn the_version_fits_the_landing_zone() {
    let (tower, unit) = workloads();
    for version in ["4.0", "3.0", "6.0"] {
        let mut input = tower.enabling(&unit);
        input["baselineVersion"] = json!(version);
        tower.no("enable-baseline", input, INVALID, "takes 5.0");
    }
    let tower = Tower::running_3();
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.no("enable-baseline", tower.enabling(&unit), INVALID, "takes 4.0");
}

#[test]
fn identity_center_under_control_tower_is_a_parameter() {
    let (plain, unit) = workloads();
    let mut odd = plain.enabling(&unit);
    odd["parameters"] = json!([{"key": "IdentityCenterEnabledBaselineArn", "value": "arn:aws:x"}]);
    plain.no("enable-baseline", odd.clone(), INVALID, "does not manage");
    odd["parameters"] = json!([{"key": "Magic", "value": "1"}]);
    plain.no("enable-baseline", odd, INVALID, "Magic");

    let tower = Tower::ready();
    let mut manifest = tower.manifest();
    manifest["accessManagement"] = json!({"enabled": true});
    tower.set_up("4.0", manifest, true);
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.no("enable-baseline", tower.enabling(&unit), INVALID, "must be");
    let filter = json!({"filter": {"baselineIdentifiers": [tower.baseline_arn("IdentityCenterBaseline")]}});
    let own = tower.enabled_baselines(filter);
    let mut input = tower.enabling(&unit);
    input["parameters"] = json!([{"key": "IdentityCenterEnabledBaselineArn", "value": own[0]["arn"]}]);
    let made = tower.ok("enable-baseline", input);
    tower.world.wait(HOUR);
    let shown = tower.ok(
        "get-enabled-baseline",
        json!({"enabledBaselineIdentifier": made["arn"]}),
    );
    assert_eq!(
        at(&shown, "/enabledBaselineDetails/parameters/0/value"),
        &own[0]["arn"]
    );
}

#[test]
fn backup_needs_the_integration_and_the_base() {
    let (tower, unit) = workloads();
    let backup = |tower: &Tower, unit: &str| {
        let mut input = tower.enabling(unit);
        input["baselineIdentifier"] = json!(tower.baseline_arn("BackupBaseline"));
        input["baselineVersion"] = json!("1.0");
        input
    };
    tower.no(
        "enable-baseline",
        backup(&tower, &unit),
        INVALID,
        "Backup integration",
    );
    let tower = Tower::ready();
    let mut manifest = tower.manifest();
    manifest["backup"] = json!({"enabled": true, "configurations": {
        "backupAdmin": {"accountId": tower.audit}, "centralBackup": {"accountId": tower.log},
        "kmsKeyArn": "arn:aws:kms:us-east-1:111122223333:key/x",
    }});
    tower.set_up("4.0", manifest, true);
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.no(
        "enable-baseline",
        backup(&tower, &unit),
        INVALID,
        "AWSControlTowerBaseline",
    );
    tower.register(&unit);
    tower.ok("enable-baseline", backup(&tower, &unit));
}

#[test]
fn one_baseline_changes_at_a_time() {
    let (tower, unit) = workloads();
    let other = tower.world.ou(&tower.root, "Sandbox");
    tower.ok("enable-baseline", tower.enabling(&unit));
    tower.no(
        "enable-baseline",
        tower.enabling(&other),
        CONFLICT,
        "one at a time",
    );
    let zone = json!({"landingZoneIdentifier": tower.zone_arn()});
    tower.no("reset-landingzone", zone, CONFLICT, "one at a time");
}

#[test]
fn an_ou_holds_only_so_many_accounts() {
    let tower = Tower::running_with(|settings| settings.control_tower.account_regions_per_unit = 3);
    let unit = tower.world.ou(&tower.root, "Workloads");
    relocate(&tower.world, &tower.world.account("a"), &tower.root, &unit);
    tower.register(&unit);
    let more = tower.world.ou(&tower.root, "More");
    for name in ["b", "c"] {
        relocate(&tower.world, &tower.world.account(name), &tower.root, &more);
    }
    tower.no("enable-baseline", tower.enabling(&more), QUOTA, "can hold 1");
}

#[test]
fn accounts_times_regions_have_a_maximum() {
    let tower = Tower::running_with(|settings| settings.control_tower.account_regions = 2);
    let unit = tower.world.ou(&tower.root, "Workloads");
    relocate(&tower.world, &tower.world.account("a"), &tower.root, &unit);
    tower.register(&unit);
    let more = tower.world.ou(&tower.root, "More");
    relocate(&tower.world, &tower.world.account("b"), &tower.root, &more);
    tower.no(
        "enable-baseline",
        tower.enabling(&more),
        QUOTA,
        "2 accounts in 2 Regions",
    );
}

#[test]
fn a_drifted_landing_zone_enrols_nothing() {
    let (tower, unit) = workloads();
    let principal = json!({"ServicePrincipal": "controltower.amazonaws.com"});
    tower.world.ok("DisableAWSServiceAccess", principal);
    tower.no("enable-baseline", tower.enabling(&unit), INVALID, "drifted");
}

#[test]
fn an_account_with_a_recorder_makes_the_registration_fail() {
    let tower = Tower::running_with(|settings| {
        settings
            .control_tower
            .config_recorders
            .insert(NO_ACCOUNT.to_owned());
    });
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.world.invite(NO_ACCOUNT);
    relocate(&tower.world, NO_ACCOUNT, &tower.root, &unit);
    let made = tower.ok("enable-baseline", tower.enabling(&unit));
    tower.world.wait(2 * HOUR);
    tower.assert_baseline(&made, "FAILED");
    let shown = tower.ok(
        "get-enabled-baseline",
        json!({"enabledBaselineIdentifier": made["arn"]}),
    );
    assert_eq!(
        text(&shown, "/enabledBaselineDetails/statusSummary/status"),
        "FAILED"
    );
}

#[test]
fn lists_page_and_filter() {
    let (tower, unit) = workloads();
    for name in ["a", "b", "c", "d"] {
        relocate(&tower.world, &tower.world.account(name), &tower.root, &unit);
    }
    tower.register(&unit);
    let first = tower.ok(
        "list-enabled-baselines",
        json!({"includeChildren": true, "maxResults": 5}),
    );
    assert_eq!(at(&first, "/enabledBaselines").as_array().unwrap().len(), 5);
    let second = json!({"includeChildren": true, "maxResults": 5, "nextToken": first["nextToken"]});
    let second = tower.ok("list-enabled-baselines", second);
    assert_eq!(at(&second, "/enabledBaselines").as_array().unwrap().len(), 3);
    assert!(second.get("nextToken").is_none());
    tower.no(
        "list-enabled-baselines",
        json!({"maxResults": 4}),
        INVALID,
        "5 to 100",
    );
    tower.no(
        "list-enabled-baselines",
        json!({"nextToken": "x"}),
        INVALID,
        "nextToken",
    );
    let failed = tower.enabled_baselines(json!({"filter": {"statuses": ["FAILED"]}}));
    assert!(failed.is_empty());
}

#[test]
fn what_a_deleted_ou_left_behind_can_be_disabled() {
    let (tower, unit) = workloads();
    let arn = tower.register(&unit);
    let control = tower.control("AWS-GR_RESTRICT_ROOT_USER", &unit);
    tower
        .world
        .ok("DeleteOrganizationalUnit", json!({"OrganizationalUnitId": unit}));
    let made = tower.ok("disable-control", json!({"enabledControlIdentifier": control}));
    tower.world.wait(90);
    tower.assert_control(&made, "SUCCEEDED");
    let made = tower.ok("disable-baseline", json!({"enabledBaselineIdentifier": arn}));
    tower.world.wait(HOUR);
    tower.assert_baseline(&made, "SUCCEEDED");
    let policies = tower.world.ok("ListPolicies", json!({"Filter": SCP}));
    let own = policies.to_string().matches("aws-guardrails-").count();
    assert_eq!(own, 1, "that of the shared accounts' OU stays");
}
