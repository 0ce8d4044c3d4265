//! Landing zones: life, prerequisites (aws-facts R28), drift.

use crate::kit::*;
use crate::tower::*;

fn creating(tower: &Tower) -> Value {
    json!({"version": "4.0", "manifest": tower.manifest()})
}

fn no_zone(tower: &Tower, word: &str) {
    tower.no("create-landingzone", creating(tower), INVALID, word);
    let listed = tower.ok("list-landingzones", json!({}));
    assert_eq!(listed, json!({"landingZones": []}));
}

#[test]
fn a_landing_zone_takes_half_an_hour() {
    let tower = Tower::ready();
    let made = tower.ok("create-landingzone", creating(&tower));
    assert_eq!(text(&tower.zone(), "/status"), "PROCESSING");
    let operation = || {
        let input = json!({"operationIdentifier": made["operationIdentifier"]});
        at(&tower.ok("get-landingzone-operation", input), "/operationDetails").clone()
    };
    tower.world.wait(1799);
    assert_eq!(text(&operation(), "/status"), "IN_PROGRESS");
    assert!(operation().get("endTime").is_none());
    tower.world.wait(1);
    assert_eq!(text(&operation(), "/status"), "SUCCEEDED");
    assert_eq!(text(&operation(), "/operationType"), "CREATE");
    assert_eq!(text(&operation(), "/endTime"), text(&operation(), "/endTime"));
    let zone = tower.zone();
    assert_eq!(text(&zone, "/status"), "ACTIVE");
    assert_eq!(text(&zone, "/driftStatus/status"), "IN_SYNC");
    assert_eq!(at(&zone, "/manifest"), &tower.manifest());
    let listed = tower.ok(
        "list-landingzone-operations",
        json!({"filter": {"types": ["CREATE"]}}),
    );
    assert_eq!(at(&listed, "/landingZoneOperations").as_array().unwrap().len(), 1);
}

#[test]
fn a_landing_zone_of_3_3_makes_its_units_and_gathers_the_shared_accounts() {
    let tower = Tower::running_3();
    let listed = tower.world.ok(
        "ListOrganizationalUnitsForParent",
        json!({"ParentId": tower.root}),
    );
    let units = at(&listed, "/OrganizationalUnits").as_array().unwrap();
    let named = |name: &str| text(units.iter().find(|unit| unit["Name"] == name).unwrap(), "/Id");
    let inside = tower
        .world
        .ok("ListAccountsForParent", json!({"ParentId": named("Security")}));
    assert_eq!(at(&inside, "/Accounts").as_array().unwrap().len(), 2);
    let sandbox = tower.ou_arn(&named("Sandbox"));
    let registered = tower.enabled_baselines(json!({"filter": {"targetIdentifiers": [sandbox]}}));
    assert_eq!(registered.len(), 1);
    assert_eq!(text(&registered[0], "/baselineVersion"), "4.0");
}

#[test]
fn shared_baselines_follow_the_manifest() {
    let names = |tower: &Tower| {
        let all = tower.ok("list-baselines", json!({}));
        let all = at(&all, "/baselines").as_array().unwrap().clone();
        let rows = tower.enabled_baselines(json!({}));
        let mut names: Vec<String> = rows
            .iter()
            .map(|row| {
                text(
                    all.iter()
                        .find(|b| b["arn"] == row["baselineIdentifier"])
                        .unwrap(),
                    "/name",
                )
            })
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names(&Tower::running()),
        [
            "CentralConfigBaseline",
            "CentralSecurityRolesBaseline",
            "LogArchiveBaseline"
        ]
    );
    assert_eq!(
        names(&Tower::running_3()),
        ["AWSControlTowerBaseline", "AuditBaseline", "LogArchiveBaseline"]
    );
}

#[test]
fn only_the_management_account_may_call() {
    let tower = Tower::ready();
    let place = (tower.log.as_str(), HOME, "controltower");
    let no = rest(&tower.world, place, ("POST", "/list-landingzones"), &json!({})).unwrap_err();
    assert_eq!((no.status, no.brief().as_str()), DENIED);
}

#[test]
fn a_landing_zone_is_seen_in_its_home_region_only() {
    let tower = Tower::running();
    let place = (MANAGEMENT, "eu-west-1", "controltower");
    let listed = rest(&tower.world, place, ("POST", "/list-landingzones"), &json!({}));
    assert_eq!(listed, Ok(json!({"landingZones": []})));
    let again = rest(
        &tower.world,
        place,
        ("POST", "/create-landingzone"),
        &creating(&tower),
    )
    .unwrap_err();
    assert_eq!((again.status, again.brief().as_str()), CONFLICT);
}

#[test]
fn a_second_landing_zone_is_refused() {
    let tower = Tower::running();
    tower.no("create-landingzone", creating(&tower), CONFLICT, "already");
}

#[test]
fn all_features_come_first() {
    let tower = Tower::ready();
    let world = World::alone();
    world.ok(
        "CreateOrganization",
        json!({"FeatureSet": "CONSOLIDATED_BILLING"}),
    );
    let place = (MANAGEMENT, HOME, "controltower");
    let input = json!({"version": "4.0"});
    let no = rest(&world, place, ("POST", "/create-landingzone"), &input).unwrap_err();
    assert_eq!(no.status, 400);
    assert!(text(&no.body, "/message").contains("all features"));
    tower.ok("create-landingzone", creating(&tower));
}

#[test]
fn trusted_access_of_config_is_in_the_way() {
    let tower = Tower::ready();
    tower.world.trust("config.amazonaws.com");
    no_zone(&tower, "config.amazonaws.com");
}

#[test]
fn the_shared_accounts_must_be_active_members() {
    let mut tower = Tower::ready();
    let log = std::mem::replace(&mut tower.log, NO_ACCOUNT.to_owned());
    no_zone(&tower, NO_ACCOUNT);
    tower.log = MANAGEMENT.to_owned();
    no_zone(&tower, "management account");
    tower.log = log;
    tower.world.ok("CloseAccount", json!({"AccountId": tower.log}));
    no_zone(&tower, "not an active account");
}

#[test]
fn log_archive_and_audit_are_two_accounts() {
    let mut tower = Tower::ready();
    tower.log = tower.audit.clone();
    no_zone(&tower, "both");
}

#[test]
fn the_accounts_of_4_0_are_in_one_unit_below_the_root() {
    let tower = Tower::ready();
    let parents = tower.world.ok("ListParents", json!({"ChildId": tower.log}));
    let shared = text(&parents, "/Parents/0/Id");
    let (other, deep) = (
        tower.world.ou(&tower.root, "Other"),
        tower.world.ou(&shared, "Deep"),
    );
    relocate(&tower.world, &tower.log, &shared, &other);
    no_zone(&tower, "in one OU");
    relocate(&tower.world, &tower.log, &other, &deep);
    no_zone(&tower, "right below the root");
    relocate(&tower.world, &tower.log, &deep, &tower.root);
    no_zone(&tower, "right below the root");
}

#[test]
fn a_config_recorder_in_a_shared_account_is_in_the_way() {
    let tower = Tower::set(|settings| settings.seed = 1);
    let log = tower.log.clone();
    let tower = Tower::set(|settings| {
        settings.seed = 1;
        settings.control_tower.config_recorders.insert(log.clone());
    });
    assert_eq!(tower.log, log, "the same seed makes the same ids");
    no_zone(&tower, "Config recorder");
}

#[test]
fn governed_regions_are_on_in_the_management_account() {
    let tower = Tower::ready();
    for (region, word) in [("eu-south-2", "not enabled"), ("mars-north-1", "no Region")] {
        let mut manifest = tower.manifest();
        manifest["governedRegions"] = json!([HOME, region]);
        let input = json!({"version": "4.0", "manifest": manifest});
        tower.no("create-landingzone", input, INVALID, word);
    }
}

#[test]
fn identity_center_decides_the_home_region() {
    let tower = Tower::set(|settings| settings.identity_center.region = Some("eu-west-1".to_owned()));
    let mut manifest = tower.manifest();
    manifest["accessManagement"] = json!({"enabled": true});
    let input = json!({"version": "4.0", "manifest": manifest});
    tower.no("create-landingzone", input.clone(), INVALID, "eu-west-1");
    let place = (MANAGEMENT, "eu-west-1", "controltower");
    assert!(rest(&tower.world, place, ("POST", "/create-landingzone"), &input).is_ok());
}

#[test]
fn groups_of_control_tower_come_with_access_management() {
    let groups = |tower: &Tower| -> Vec<String> {
        let listed = call(
            &tower.world,
            MANAGEMENT,
            "SWBExternalService.ListInstances",
            &json!({}),
        )
        .unwrap();
        let store = json!({"IdentityStoreId": text(&listed, "/Instances/0/IdentityStoreId")});
        let listed = call(&tower.world, MANAGEMENT, "AWSIdentityStore.ListGroups", &store).unwrap();
        let groups = listed["Groups"].as_array().unwrap().iter();
        let mut names: Vec<String> = groups.map(|group| text(group, "/DisplayName")).collect();
        names.sort();
        names
    };
    let tower = Tower::ready();
    let mut manifest = tower.manifest();
    manifest["accessManagement"] = json!({"enabled": true});
    tower.set_up("4.0", manifest, true);
    let all = groups(&tower);
    assert_eq!(all.len(), 8);
    assert!(all.contains(&"AWSSecurityAuditors".to_owned()));
    assert_eq!(groups(&Tower::running()), Vec::<String>::new());
}

#[test]
fn versions_must_exist_and_do_not_go_back() {
    let tower = Tower::ready();
    for version in ["2.7", "5.0", "4"] {
        let input = json!({"version": version, "manifest": tower.manifest()});
        tower.no("create-landingzone", input, INVALID, "not available");
    }
    let tower = Tower::running();
    let input = json!({
        "version": "3.3", "manifest": tower.manifest_3(), "landingZoneIdentifier": tower.zone_arn(),
    });
    tower.no("update-landingzone", input, INVALID, "go back");
}

#[test]
fn one_operation_runs_at_a_time() {
    let tower = Tower::ready();
    tower.ok("create-landingzone", creating(&tower));
    let which = json!({"landingZoneIdentifier": tower.zone_arn()});
    tower.no("reset-landingzone", which.clone(), CONFLICT, "one at a time");
    tower.no("delete-landingzone", which.clone(), CONFLICT, "one at a time");
    tower.world.wait(HOUR);
    tower.ok("reset-landingzone", which);
}

#[test]
fn shared_accounts_stay_who_they_are() {
    let tower = Tower::running();
    let mut manifest = tower.manifest();
    manifest["centralizedLogging"]["accountId"] = json!(tower.world.account("new-log"));
    let input = json!({
        "version": "4.0", "manifest": manifest, "landingZoneIdentifier": tower.zone_arn(),
    });
    tower.no("update-landingzone", input, INVALID, "can't change its account");
}

#[test]
fn an_update_changes_the_manifest_when_it_ends() {
    let tower = Tower::running();
    let mut manifest = tower.manifest();
    manifest["governedRegions"] = json!(["us-east-1"]);
    let input = json!({
        "version": "4.0", "manifest": manifest, "landingZoneIdentifier": tower.zone_arn(),
    });
    tower.ok("update-landingzone", input);
    assert_eq!(at(&tower.zone(), "/manifest"), &tower.manifest());
    tower.world.wait(HOUR);
    assert_eq!(at(&tower.zone(), "/manifest"), &manifest);
    assert_eq!(at(&tower.zone(), "/remediationTypes"), &json!([]));
}

#[test]
fn drift_is_seen_and_reset_repairs_it() {
    let tower = Tower::running();
    let status = || text(&tower.zone(), "/driftStatus/status");
    let reset = || {
        tower.ok(
            "reset-landingzone",
            json!({"landingZoneIdentifier": tower.zone_arn()}),
        );
        tower.world.wait(HOUR);
        assert_eq!(status(), "IN_SYNC");
    };
    let principal = json!({"ServicePrincipal": "controltower.amazonaws.com"});
    tower.world.ok("DisableAWSServiceAccess", principal);
    assert_eq!(status(), "DRIFTED");
    reset();
    let parents = tower.world.ok("ListParents", json!({"ChildId": tower.log}));
    let shared = text(&parents, "/Parents/0/Id");
    relocate(&tower.world, &tower.log, &shared, &tower.root);
    assert_eq!(status(), "DRIFTED");
    reset();
    let guardrail = |policy: &String| {
        let shown = tower.world.ok("DescribePolicy", json!({"PolicyId": policy}));
        text(&shown, "/Policy/PolicySummary/Name").starts_with("aws-guardrails-")
    };
    let owned = tower
        .world
        .attached(&shared, SCP)
        .into_iter()
        .find(guardrail)
        .unwrap();
    tower
        .world
        .ok("DetachPolicy", json!({"PolicyId": owned, "TargetId": shared}));
    assert_eq!(status(), "DRIFTED");
    reset();
    tower
        .world
        .ok("UpdatePolicy", json!({"PolicyId": owned, "Content": ALLOW}));
    assert_eq!(status(), "DRIFTED");
    reset();
}

#[test]
fn a_failed_operation_leaves_the_landing_zone_failed_until_it_is_reset() {
    let tower = Tower::set(|settings| {
        settings.control_tower.faults = vec![lz_twin::OperationFault {
            operation: "CREATE".to_owned(),
            target: None,
            times: Some(1),
            message: "a stack failed".to_owned(),
        }];
    });
    let made = tower.ok("create-landingzone", creating(&tower));
    tower.world.wait(HOUR);
    assert_eq!(text(&tower.zone(), "/status"), "FAILED");
    let input = json!({"operationIdentifier": made["operationIdentifier"]});
    let operation = tower.ok("get-landingzone-operation", input);
    assert_eq!(
        text(&operation, "/operationDetails/statusMessage"),
        "a stack failed"
    );
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.no("enable-baseline", tower.enabling(&unit), INVALID, "failed");
    tower.ok(
        "reset-landingzone",
        json!({"landingZoneIdentifier": tower.zone_arn()}),
    );
    tower.world.wait(HOUR);
    assert_eq!(text(&tower.zone(), "/status"), "ACTIVE");
}

#[test]
fn a_deleted_landing_zone_takes_everything_with_it() {
    let tower = Tower::running();
    let unit = tower.world.ou(&tower.root, "Workloads");
    tower.register(&unit);
    tower.control("AWS-GR_RESTRICT_ROOT_USER", &unit);
    let arn = tower.zone_arn();
    tower.ok("delete-landingzone", json!({"landingZoneIdentifier": arn}));
    tower.world.wait(HOUR);
    tower.no(
        "get-landingzone",
        json!({"landingZoneIdentifier": arn}),
        MISSING,
        "no landing zone",
    );
    assert!(tower.enabled_baselines(json!({})).is_empty());
    assert!(tower.enabled_controls(json!({})).is_empty());
    assert_eq!(tower.world.attached(&unit, SCP).len(), 1);
    let listed = tower.ok("list-landingzone-operations", json!({}));
    assert_eq!(text(&listed, "/landingZoneOperations/0/operationType"), "DELETE");
    tower.set_up("4.0", tower.manifest(), false);
}

#[test]
fn operations_are_forgotten_after_ninety_days() {
    let tower = Tower::running();
    tower.world.wait(91 * DAY);
    tower.ok(
        "delete-landingzone",
        json!({"landingZoneIdentifier": tower.zone_arn()}),
    );
    tower.world.wait(HOUR);
    tower.ok("create-landingzone", creating(&tower));
    let listed = tower.ok("list-landingzone-operations", json!({}));
    assert_eq!(at(&listed, "/landingZoneOperations").as_array().unwrap().len(), 2);
}

#[test]
fn a_landing_zone_survives_a_save_and_ends_its_operation() {
    let tower = Tower::ready();
    tower.ok("create-landingzone", creating(&tower));
    let saved = tower.world.twin.state_json();
    let (settings, faults) = (lz_twin::Settings::unthrottled(), lz_twin::FaultScript::none());
    let clock = lz_twin::Clock::Manual(tower.world.hands.clone());
    let twin = lz_twin::Twin::load(&saved, settings, faults, clock).unwrap();
    let world = World {
        twin,
        hands: tower.world.hands.clone(),
    };
    let tower = Tower { world, ..tower };
    tower.world.wait(HOUR);
    assert_eq!(text(&tower.zone(), "/status"), "ACTIVE");
}

#[test]
fn the_landing_zone_has_tags() {
    let tower = Tower::running();
    let path = format!(
        "/tags/{}",
        tower.zone_arn().replace(':', "%3A").replace('/', "%2F")
    );
    let place = (MANAGEMENT, HOME, "controltower");
    let tag = |method: &str, path: &str, input: Value| rest(&tower.world, place, (method, path), &input);
    assert_eq!(
        tag("POST", &path, json!({"tags": {"owner": "a b", "stage": "x"}})),
        Ok(Value::Null)
    );
    assert_eq!(
        tag(
            "DELETE",
            &format!("{path}?tagKeys=stage&tagKeys=none"),
            Value::Null
        ),
        Ok(Value::Null)
    );
    assert_eq!(
        tag("GET", &path, Value::Null),
        Ok(json!({"tags": {"owner": "a b"}}))
    );
    for (input, word) in [
        (json!({"tags": {"aws:x": "1"}}), "aws:x"),
        (json!({"tags": {"": "1"}}), "can't"),
        (json!({}), ""),
    ] {
        let given = tag("POST", &path, input.clone());
        if word.is_empty() {
            assert!(given.is_ok());
        } else {
            let no = given.unwrap_err();
            assert_eq!((no.status, no.brief().as_str()), INVALID, "{input}");
        }
    }
    let no = tag("GET", "/tags/arn%3Aaws%3Acontroltower%3Aus-east-1", Value::Null).unwrap_err();
    assert_eq!((no.status, no.brief().as_str()), MISSING);
}

#[test]
fn an_unknown_path_is_refused_by_name() {
    let tower = Tower::ready();
    let no = tower.ask("enable-magic", json!({})).unwrap_err();
    assert_eq!(no.code, "UnknownOperationException");
    assert!(text(&no.body, "/message").contains("enable-magic"), "{}", no.body);
}
