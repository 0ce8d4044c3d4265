//! What is planned and what is refused in Control Tower.

use crate::build::*;
use crate::tower_kit::{known, manifest};
use lz_model::desired::Exclusive;
use lz_model::id::AccountId;
use lz_model::live::LandingZoneStatus;
use lz_model::plan::{Action, Lane, TowerStep, TowerWork};
use lz_model::tower::Behaviour;
use lz_model::tower::OuBaseline::{Backup, Config, ControlTower};
use serde_json::{Value, json};

const BOTH: [&str; 2] = ["workloads", "workloads.prod"];

fn spec() -> Spec {
    Spec::new().tower("4.0").baseline(ControlTower, &BOTH)
}

fn org() -> Org {
    Org::new().tower("4.0").baseline(ControlTower, "5.0", &BOTH)
}

/// The codes of the problems that keep a spec from being planned.
fn refusals(spec: &Spec, org: Org) -> Vec<&'static str> {
    let refusal = lz_plan::plan(&spec.0, &org.live()).expect_err("a refusal");
    refusal.problems.iter().map(|problem| problem.code).collect()
}

fn set_zone(spec: Spec, edit: impl FnOnce(&mut lz_model::desired::DesiredControlTower)) -> Spec {
    spec.edit(|spec| edit(spec.tower.zone.as_mut().unwrap()))
}

fn ids(spec: Spec, org: Org) -> Vec<String> {
    plan(spec, org.live())
        .steps
        .iter()
        .map(|step| step.id.to_string())
        .collect()
}

#[test]
fn what_is_so_needs_nothing() {
    assert!(ids(spec(), org()).is_empty());
    let old = Org::new().tower("3.3").baseline(ControlTower, "4.0", &BOTH);
    assert!(ids(Spec::new().tower("3.3").baseline(ControlTower, &BOTH), old).is_empty());
}

#[test]
fn a_manifest_that_says_the_same_in_other_words_is_no_change() {
    let org = org().tower_edit(|tower| {
        let zone = tower.landing_zone.as_mut().unwrap();
        zone.manifest["governedRegions"] = json!([AWAY, HOME]);
        zone.manifest["centralizedLogging"]["configurations"] =
            json!({"loggingBucket": {"retentionDays": "365"}});
        zone.manifest["somethingNew"] = json!({"enabled": true});
    });
    let spec = set_zone(spec(), |zone| zone.access_management = Some(true));
    assert!(ids(spec, org).is_empty());
}

fn updated(plan: &lz_model::plan::Plan) -> Value {
    let found = plan.steps.iter().find_map(|step| match &step.action {
        Action::Tower(TowerStep {
            work: TowerWork::UpdateZone { manifest, .. },
            ..
        }) => manifest.after.known(),
        _ => None,
    });
    serde_json::from_str(found.expect("an update")).unwrap()
}

#[test]
fn an_update_keeps_what_the_spec_does_not_speak_of() {
    let org = org().tower_edit(|tower| {
        tower.landing_zone.as_mut().unwrap().manifest["somethingNew"] = json!(1);
    });
    let spec = set_zone(spec(), |zone| zone.log_retention_days = Some(90));
    let after = updated(&plan(spec, org.live()));
    assert_eq!(after["somethingNew"], json!(1));
    let days = "/centralizedLogging/configurations/loggingBucket/retentionDays";
    assert_eq!(after.pointer(days), Some(&json!(90)));
}

#[test]
fn an_upgrade_to_4_0_brings_the_manifest_into_its_form_with_everything_on() {
    let org = Org::new().tower("3.3").baseline(ControlTower, "4.0", &BOTH);
    let after = updated(&plan(spec(), org.live()));
    assert_eq!(after, manifest("4.0"));
}

#[test]
fn accounts_that_do_not_exist_yet_are_holes_of_the_manifest() {
    let plan = plan(spec(), Org::new().no_tower().live());
    let found = plan.steps.iter().find_map(|step| match &step.action {
        Action::Tower(TowerStep {
            work: TowerWork::CreateZone { manifest, .. },
            ..
        }) => Some(manifest.to_string()),
        _ => None,
    });
    let text = found.expect("a creation");
    assert!(text.contains("\"accountId\":\"${account.log.id}\""), "{text}");
    assert!(
        text.contains("\"governedRegions\":[\""),
        "the home Region stands in it too: {text}"
    );
}

#[test]
fn a_landing_zone_that_has_drifted_or_failed_is_reset() {
    for edit in [
        |zone: &mut lz_model::live::LiveLandingZone| zone.drifted = true,
        |zone: &mut lz_model::live::LiveLandingZone| zone.status = LandingZoneStatus::Failed,
    ] {
        let org = org().tower_edit(|tower| edit(tower.landing_zone.as_mut().unwrap()));
        assert_eq!(
            ids(spec(), org),
            ["control_tower:make roles", "control_tower:reset"],
            "a role may be what is missing"
        );
    }
}

#[test]
fn controls_have_a_lane_beside_that_of_landing_zone_and_baselines() {
    let spec = spec().control("AWS-GR_ENCRYPTED_VOLUMES", &BOTH);
    let plan = plan(spec, Org::new().tower_accounts().live());
    let lane = |id: &str| step(&plan, id).lane;
    assert_eq!(lane("control_tower:create"), Lane::ControlTower);
    assert_eq!(
        lane("baseline[\"AWSControlTowerBaseline\"]:enable ou.workloads"),
        Lane::ControlTower
    );
    assert_eq!(
        lane("control[\"AWS-GR_ENCRYPTED_VOLUMES\"]:enable ou.workloads"),
        Lane::Controls
    );
}

#[test]
fn what_an_update_leaves_behind_is_told() {
    let old = Org::new()
        .tower("3.3")
        .baseline(ControlTower, "4.0", &BOTH)
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"]);
    let plan = plan(Spec::new().tower("4.0"), old.live());
    let codes: Vec<&str> = plan.notes.iter().map(|note| note.code.as_str()).collect();
    assert!(
        codes.contains(&"baselines_left_behind") && codes.contains(&"controls_left_behind"),
        "{codes:?}"
    );
    assert_eq!(plan.unmanaged.baselines.len(), 2);
}

#[test]
fn controls_and_baselines_that_go_are_not_counted_as_left_alone() {
    let old = || {
        Org::new()
            .tower("4.0")
            .baseline(ControlTower, "5.0", &["workloads"])
            .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"])
    };
    let spec = || Spec::new().tower("4.0");
    let left = plan(spec(), old().live()).unmanaged;
    assert_eq!((left.baselines.len(), left.controls.len()), (1, 1));
    let claimed = spec()
        .exclusive(Exclusive::Baselines)
        .exclusive(Exclusive::Controls);
    let gone = plan(claimed, old().live()).unmanaged;
    assert_eq!((gone.baselines.len(), gone.controls.len()), (0, 0));
}

#[test]
fn an_arrival_in_an_ou_that_nobody_resets_is_told() {
    let org = org().account("shop", "root").tower_edit(|tower| {
        tower.landing_zone.as_mut().unwrap().enrols_moved = false;
    });
    let spec = set_zone(
        Spec::new().tower("4.0").account("shop", "workloads.prod"),
        |zone| {
            zone.auto_enroll = None;
        },
    );
    let plan = plan(spec, org.live());
    assert!(
        plan.notes.iter().any(|note| note.code == "not_enrolled"),
        "{:?}",
        plan.notes
    );
}

#[test]
fn trusted_access_that_control_tower_gave_is_never_taken() {
    let org = org().trusted("controltower").trusted("sso").trusted("macie");
    let left = ids(spec().exclusive(Exclusive::TrustedServices), org);
    assert_eq!(
        left,
        ["organization.trusted_services[\"macie.amazonaws.com\"]:disable"]
    );
}

#[test]
fn baselines_need_a_landing_zone() {
    let bare = spec().edit(|spec| spec.tower.zone = None);
    assert_eq!(refusals(&bare, Org::new().tower_accounts()), ["no_landing_zone"]);
}

#[test]
fn a_version_goes_up_only_and_only_to_one_that_exists() {
    let back = Spec::new().tower("3.3");
    assert_eq!(refusals(&back, org()), ["landing_zone_version"]);
    let ahead = Org::new().tower("3.2").tower_edit(|tower| {
        tower.landing_zone.as_mut().unwrap().latest = Some("3.3".parse().unwrap());
    });
    assert_eq!(
        refusals(&Spec::new().tower("4.0"), ahead),
        ["landing_zone_version"]
    );
}

#[test]
fn a_governed_region_is_on_in_the_management_account() {
    let spec = set_zone(Spec::new().tower("4.0"), |zone| {
        zone.governed_regions.push(region("af-south-1"))
    });
    let org = Org::new().tower("4.0").tower_edit(|tower| {
        tower.regions_off.insert(region("af-south-1"));
    });
    assert_eq!(refusals(&spec, org), ["region_off"]);
}

#[test]
fn a_home_region_never_changes() {
    let org = Org::new().tower_accounts().trusted("controltower").policy(
        "aws-guardrails-abcdef",
        &deny("a:*"),
        &["ou.workloads"],
    );
    assert_eq!(refusals(&Spec::new().tower("4.0"), org), ["home_region_differs"]);
}

#[test]
fn the_accounts_of_a_landing_zone_are_what_aws_wants() {
    let management = spec().edit(|spec| {
        let audit = spec
            .accounts
            .get_mut(&lz_model::address::Name::new("audit"))
            .unwrap();
        audit.id = Some(MANAGEMENT.parse::<AccountId>().unwrap());
    });
    let bare = Org::new().ou("security").account("log", "security").no_tower();
    assert!(refusals(&management, bare).contains(&"shared_account_is_management"));

    let apart = spec().edit(|spec| {
        let audit = spec
            .accounts
            .get_mut(&lz_model::address::Name::new("audit"))
            .unwrap();
        audit.parent = Some(lz_model::desired::DesiredParent::Ou(ou("workloads")));
    });
    assert_eq!(
        refusals(&apart, Org::new().tower_accounts()),
        ["shared_accounts_apart"]
    );

    let other = set_zone(spec().account("new", "security"), |zone| {
        zone.log_archive = Some(lz_model::address::Name::new("new"));
    });
    assert_eq!(
        refusals(&other, org().account("new", "security")),
        ["shared_account_changed"]
    );
}

#[test]
fn trusted_access_of_config_keeps_a_landing_zone_from_being_set_up() {
    let org = Org::new().tower_accounts().trusted("config");
    assert_eq!(refusals(&spec(), org), ["config_trusted_access"]);
    assert_eq!(
        refusals(&spec().trusted("config"), Org::new().tower_accounts()),
        ["config_trusted_access"]
    );
}

#[test]
fn integrations_are_not_switched_off_with_an_upgrade_nor_without_those_that_need_them() {
    let less = set_zone(Spec::new().tower("4.0"), |zone| {
        zone.access_management = Some(false)
    });
    assert_eq!(refusals(&less, Org::new().tower("3.3")), ["less_in_upgrade"]);
    let loose = set_zone(Spec::new().tower("4.0"), |zone| {
        zone.audit = None;
        zone.access_management = Some(true);
    });
    assert_eq!(
        refusals(&loose, Org::new().tower_accounts()),
        ["integration_needs_another"]
    );
}

#[test]
fn baselines_are_taken_where_aws_takes_them() {
    let security = spec().ou("security.inner").baseline(ControlTower, &["security"]);
    assert_eq!(refusals(&security, org()), ["security_ou"]);
    let lonely = Spec::new()
        .tower("4.0")
        .baseline(ControlTower, &["workloads.prod"]);
    assert_eq!(
        refusals(&lonely, Org::new().tower("4.0")),
        ["parent_not_registered"]
    );
    let old = spec().edit(|spec| {
        let ous = spec.tower.baselines.get_mut(&ControlTower).unwrap();
        ous.get_mut(&ou("workloads")).unwrap().version = Some("4.0".to_owned());
    });
    assert_eq!(refusals(&old, Org::new().tower("4.0")), ["baseline_version"]);
    let twice = Spec::new().tower("4.0").baseline(Config, &["workloads"]);
    assert_eq!(refusals(&twice, org()), ["two_baselines"]);
    let other_way = Spec::new().tower("4.0").baseline(ControlTower, &["workloads"]);
    let with_config = || Org::new().tower("4.0").baseline(Config, "1.0", &["workloads"]);
    assert_eq!(refusals(&other_way, with_config()), ["two_baselines"]);
    let both = other_way.baseline(Config, &["workloads"]);
    assert_eq!(refusals(&both, with_config()), ["two_baselines"], "told once");
    let backup = Spec::new().tower("4.0").baseline(Backup, &["workloads"]);
    assert_eq!(
        refusals(&backup, Org::new().tower("4.0")),
        ["backup_alone", "no_backup"]
    );
}

#[test]
fn a_parent_keeps_its_baseline_as_long_as_a_child_has_it() {
    let spec = Spec::new()
        .tower("4.0")
        .baseline(ControlTower, &["workloads.prod"])
        .exclusive(Exclusive::Baselines);
    assert!(refusals(&spec, org()).contains(&"governed_children"));
}

#[test]
fn a_baseline_needs_config_recording() {
    let off = org().tower_edit(|tower| {
        tower.landing_zone.as_mut().unwrap().manifest["config"]["enabled"] = json!(false);
    });
    let spec = spec().edit(|spec| spec.tower.zone = None);
    assert_eq!(refusals(&spec, off)[0], "no_config");
}

#[test]
fn controls_need_a_registered_ou_from_4_0_only_where_something_records() {
    let detective = Spec::new()
        .tower("4.0")
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"]);
    assert_eq!(
        refusals(&detective, Org::new().tower("4.0")),
        ["ou_not_registered"]
    );
    let preventive = |version: &str| Spec::new().tower(version).control("CT.S3.PV.2", &["workloads"]);
    let live = |version: &str| {
        known(
            Org::new().tower(version).live(),
            "CT.S3.PV.2",
            &[],
            Behaviour::Preventive,
        )
    };
    assert_eq!(
        plan(preventive("4.0"), live("4.0")).steps[0].id.as_str(),
        "control[\"CT.S3.PV.2\"]:enable ou.workloads"
    );
    let refusal = lz_plan::plan(&preventive("3.3").0, &live("3.3")).expect_err("a refusal");
    assert_eq!(refusal.problems[0].code, "ou_not_registered");
}

#[test]
fn an_ou_has_room_for_a_policy_of_control_towers_own() {
    let full = (0..9).fold(Org::new().tower("4.0"), |org, number| {
        org.policy(&format!("p{number}"), &deny("a:*"), &["ou.workloads"])
    });
    let spec = (0..9).fold(spec(), |spec, number| {
        spec.policy(&format!("p{number}"), &deny("a:*"), &["ou.workloads"])
    });
    assert_eq!(refusals(&spec, full), ["too_many_attachments"]);
}

#[test]
fn control_tower_governs_only_so_many_accounts() {
    let many = |spec: Spec| {
        (0..1_001).fold(spec, |spec, number| {
            spec.account(&format!("a{number}"), "workloads")
        })
    };
    assert_eq!(refusals(&many(spec()), org()), ["too_many_governed"]);
}

#[test]
fn backup_does_not_stay_without_the_baseline_that_it_needs() {
    let spec = Spec::new()
        .tower("4.0")
        .baseline(Config, &["workloads"])
        .baseline(Backup, &["workloads"])
        .exclusive(Exclusive::Baselines);
    let org = Org::new()
        .tower("4.0")
        .baseline(ControlTower, "5.0", &["workloads"])
        .baseline(Backup, "1.0", &["workloads"]);
    assert!(refusals(&spec, org).contains(&"backup_alone"));
}

#[test]
fn a_manifest_that_leaves_out_the_home_region_is_no_change() {
    let found = || {
        org().tower_edit(|tower| {
            tower.landing_zone.as_mut().unwrap().manifest["governedRegions"] = json!([AWAY]);
        })
    };
    assert!(ids(spec(), found()).is_empty());
    let fewer = set_zone(spec(), |zone| zone.governed_regions = vec![region(HOME)]);
    assert_eq!(ids(fewer, found())[0], "control_tower:update");
}

/// A landing zone of 3.3 with a sandbox OU.
fn with_sandbox() -> Spec {
    let spec = Spec::new().tower("3.3").ou("sandbox").ou("sandbox.inner");
    set_zone(spec, |zone| zone.sandbox_ou = Some("Sandbox".to_owned()))
}

#[test]
fn the_sandbox_ou_of_a_landing_zone_is_a_registered_one() {
    let inside = || {
        with_sandbox()
            .baseline(ControlTower, &["sandbox.inner"])
            .control("AWS-GR_ENCRYPTED_VOLUMES", &["sandbox"])
    };
    let new = ids(inside(), Org::new().tower_accounts());
    assert!(
        !new.iter()
            .any(|step| step.ends_with("enable ou.sandbox") && step.starts_with("baseline")),
        "the landing zone does it: {new:?}"
    );
    let there = Org::new()
        .tower("3.3")
        .ou("sandbox")
        .ou("sandbox.inner")
        .baseline(ControlTower, "4.0", &["sandbox", "sandbox.inner"])
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["sandbox"])
        .tower_edit(|tower| {
            let zone = tower.landing_zone.as_mut().unwrap();
            zone.manifest["organizationStructure"]["sandbox"] = json!({"name": "Sandbox"});
        });
    let claimed = inside().exclusive(Exclusive::Baselines);
    assert!(ids(claimed, there).is_empty(), "it stays registered");
}

#[test]
fn another_home_region_is_told_without_what_follows_from_it() {
    let org = Org::new().tower_accounts().trusted("controltower").policy(
        "aws-guardrails-abcdef",
        &deny("a:*"),
        &["ou.workloads"],
    );
    let spec = Spec::new().tower("4.0").edit(|spec| {
        spec.identity = Some(lz_model::desired::DesiredIdentity {
            region: region(HOME),
            instance: None,
            sets: Default::default(),
            assignments: Default::default(),
        });
    });
    assert_eq!(refusals(&spec, org), ["home_region_differs"]);
}

#[test]
fn a_control_takes_the_parameters_that_the_catalogue_has() {
    let spec = |name: &str| {
        spec().control("CT.S3.PV.2", &["workloads"]).edit(|spec| {
            let ous = spec
                .tower
                .controls
                .get_mut(&"CT.S3.PV.2".parse().unwrap())
                .unwrap();
            let wanted = ous.get_mut(&ou("workloads")).unwrap();
            wanted.parameters = Some([(name.to_owned(), json!(["x"]))].into());
        })
    };
    let live = |parameters: Option<&[&str]>| {
        let mut live = known(org().live(), "CT.S3.PV.2", &[], Behaviour::Preventive);
        let control = live.catalogue.controls.values_mut().next().unwrap();
        control.parameters = parameters.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        live
    };
    let refused = |name: &str, live: &lz_model::live::Live| {
        let refusal = lz_plan::plan(&spec(name).0, live).expect_err("a refusal");
        let problems: Vec<_> = refusal
            .problems
            .iter()
            .map(|one| (one.code, one.help.clone()))
            .collect();
        problems
    };
    let names: &[&str] = &["ExemptedPrincipalArns"];
    let help = "it takes `ExemptedPrincipalArns`".to_owned();
    assert_eq!(refused("Foo", &live(Some(names))), [("unknown_parameter", help)]);
    let none = "take it out: the control has no parameters".to_owned();
    assert_eq!(refused("Foo", &live(Some(&[]))), [("unknown_parameter", none)]);
    plan(spec("ExemptedPrincipalArns"), live(Some(names)));
    plan(spec("Foo"), live(None));
}
