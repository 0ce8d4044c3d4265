//! The ordering rules about Control Tower: each has a plan that breaks without it.

use crate::build::*;
use lz_model::desired::Exclusive;
use lz_model::rule::Rule;
use lz_model::tower::OuBaseline::{Backup, Config, ControlTower};

const BASE: &str = "baseline[\"AWSControlTowerBaseline\"]";
const VOLUMES: &str = "control[\"AWS-GR_ENCRYPTED_VOLUMES\"]";
const ROOT: &str = "control[\"AWS-GR_RESTRICT_ROOT_USER\"]";
const BOTH: [&str; 2] = ["workloads", "workloads.prod"];

fn spec() -> Spec {
    Spec::new().tower("4.0").baseline(ControlTower, &BOTH)
}

fn org() -> Org {
    Org::new().tower("4.0").baseline(ControlTower, "5.0", &BOTH)
}

fn backed(spec: Spec) -> Spec {
    spec.edit(|spec| {
        let backup = lz_model::desired::DesiredBackup {
            admin: lz_model::address::Name::new("log"),
            vault: lz_model::address::Name::new("audit"),
            kms_key: "arn:aws:kms:x".to_owned(),
        };
        spec.tower.zone.as_mut().unwrap().backup = Some(backup);
    })
}

fn of(address: &str, rest: &str) -> String {
    format!("{address}:{rest}")
}

#[test]
fn the_landing_zone_comes_after_what_it_is_made_from() {
    let plan = plan(
        spec(),
        Org::new().ou("security").account("log", "root").no_tower().live(),
    );
    for first in [
        "control_tower:make roles",
        "account.log:move",
        "account.audit:move",
    ] {
        assert_edge(&plan, first, "control_tower:create", Rule::PreparedZone);
    }
}

#[test]
fn an_ou_that_the_landing_zone_would_make_is_there_before() {
    let spec = Spec::new().tower("3.3");
    let plan = plan(spec, Org::new().no_tower().live());
    assert_edge(
        &plan,
        "ou.security:create",
        "control_tower:create",
        Rule::PreparedZone,
    );
}

#[test]
fn trusted_access_of_config_goes_before_the_landing_zone_comes() {
    let spec = spec().exclusive(Exclusive::TrustedServices);
    let plan = plan(spec, Org::new().tower_accounts().trusted("config").live());
    assert_edge(
        &plan,
        "organization.trusted_services[\"config.amazonaws.com\"]:disable",
        "control_tower:create",
        Rule::PreparedZone,
    );
}

#[test]
fn the_landing_zone_comes_before_baselines_and_controls() {
    let spec = spec().control("AWS-GR_ENCRYPTED_VOLUMES", &BOTH);
    let plan = plan(spec, Org::new().tower_accounts().live());
    for then in [
        of(BASE, "enable ou.workloads"),
        of(VOLUMES, "enable ou.workloads"),
    ] {
        assert_edge(&plan, "control_tower:create", &then, Rule::LandingZoneFirst);
    }
}

#[test]
fn a_parent_is_registered_and_updated_before_its_child() {
    let (outer, inner) = ("ou.workloads", "ou.workloads.prod");
    let new = plan(spec(), Org::new().tower("4.0").live());
    let then = of(BASE, &format!("enable {inner}"));
    assert_edge(
        &new,
        &of(BASE, &format!("enable {outer}")),
        &then,
        Rule::ParentBaselineFirst,
    );
    let old = Org::new().tower("3.3").baseline(ControlTower, "4.0", &BOTH);
    let upgrade = plan(spec(), old.live());
    let then = of(BASE, &format!("update {inner}"));
    assert_edge(
        &upgrade,
        &of(BASE, &format!("update {outer}")),
        &then,
        Rule::ParentBaselineFirst,
    );
}

#[test]
fn a_baseline_goes_from_inner_ous_first() {
    let spec = Spec::new().tower("4.0").exclusive(Exclusive::Baselines);
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        &of(BASE, "disable ou.workloads.prod"),
        &of(BASE, "disable ou.workloads"),
        Rule::ChildBaselinesGoFirst,
    );
}

#[test]
fn an_ou_is_registered_before_it_gets_backup() {
    let spec = backed(spec()).baseline(Backup, &["workloads"]);
    let plan = plan(spec, Org::new().tower_accounts().live());
    assert_edge(
        &plan,
        &of(BASE, "enable ou.workloads"),
        "baseline[\"BackupBaseline\"]:enable ou.workloads",
        Rule::BaselineBeforeBackup,
    );
}

#[test]
fn an_ou_loses_backup_before_it_is_let_go() {
    let spec = Spec::new().tower("4.0").exclusive(Exclusive::Baselines);
    let org = org().baseline(Backup, "1.0", &["workloads"]);
    assert_edge(
        &plan(spec, org.live()),
        "baseline[\"BackupBaseline\"]:disable ou.workloads",
        &of(BASE, "disable ou.workloads"),
        Rule::BaselineBeforeBackup,
    );
}

#[test]
fn an_ou_is_registered_before_it_gets_controls_and_loses_them_first() {
    let come = plan(
        spec().control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"]),
        Org::new().tower("4.0").live(),
    );
    let (base, control) = (
        of(BASE, "enable ou.workloads"),
        of(VOLUMES, "enable ou.workloads"),
    );
    assert_edge(&come, &base, &control, Rule::BaselineBeforeControl);
    let claimed = Spec::new()
        .tower("4.0")
        .exclusive(Exclusive::Baselines)
        .exclusive(Exclusive::Controls);
    let go = plan(
        claimed,
        org().control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"]).live(),
    );
    let (base, control) = (
        of(BASE, "disable ou.workloads"),
        of(VOLUMES, "disable ou.workloads"),
    );
    assert_edge(&go, &control, &base, Rule::BaselineBeforeControl);
}

#[test]
fn controls_are_reset_after_their_ous_baseline_is_updated() {
    let old = Org::new()
        .tower("3.3")
        .baseline(ControlTower, "4.0", &BOTH)
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"]);
    let plan = plan(
        spec().control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"]),
        old.live(),
    );
    let (base, control) = (of(BASE, "update ou.workloads"), of(VOLUMES, "reset ou.workloads"));
    assert_edge(&plan, &base, &control, Rule::BaselineBeforeControl);
    assert_edge(&plan, "control_tower:update", &control, Rule::LandingZoneFirst);
}

#[test]
fn a_control_that_cannot_be_reset_is_disabled_before_it_is_enabled_again() {
    let org = org()
        .control("AWS-GR_RESTRICT_ROOT_USER", &["workloads"])
        .tower_edit(|tower| {
            tower.controls[0].status = lz_model::live::Enablement::Failed;
        });
    let plan = plan(
        spec().control("AWS-GR_RESTRICT_ROOT_USER", &["workloads"]),
        org.live(),
    );
    assert_edge(
        &plan,
        &of(ROOT, "disable ou.workloads"),
        &of(ROOT, "enable ou.workloads"),
        Rule::EnableAfterDisable,
    );
    let consent = plan.notes.iter().find(|note| note.code == "unguarded_moment");
    assert!(
        consent
            .unwrap()
            .text
            .contains("AWS-GR_RESTRICT_ROOT_USER on `Workloads`")
    );
}

#[test]
fn accounts_arrive_before_their_ou_is_registered() {
    let spec = spec().account("shop", "workloads.prod");
    let org = Org::new().tower("4.0").account("shop", "root");
    let plan = plan(spec, org.live());
    let then = of(BASE, "enable ou.workloads.prod");
    assert_edge(&plan, "account.shop:move", &then, Rule::ArriveBeforeBaseline);
}

#[test]
fn an_ou_is_up_to_date_before_an_account_arrives_that_is_enrolled_by_itself() {
    let spec = spec().account("shop", "workloads.prod");
    let old = Org::new()
        .tower("3.3")
        .baseline(ControlTower, "4.0", &BOTH)
        .account("shop", "root");
    let plan = plan(spec, old.live());
    let update = of(BASE, "update ou.workloads.prod");
    assert_edge(&plan, &update, "account.shop:move", Rule::BaselineBeforeArrival);
    assert_edge(
        &plan,
        "control_tower:update",
        "account.shop:move",
        Rule::BaselineBeforeArrival,
    );
}

#[test]
fn an_ou_is_up_to_date_before_an_account_leaves_that_is_let_go_by_itself() {
    let spec = spec().account("shop", "root");
    let old = Org::new()
        .tower("3.3")
        .baseline(ControlTower, "4.0", &BOTH)
        .account("shop", "workloads.prod");
    let plan = plan(spec, old.live());
    for first in ["control_tower:update", &of(BASE, "update ou.workloads.prod")] {
        assert_edge(&plan, first, "account.shop:move", Rule::BaselineBeforeDeparture);
    }
}

#[test]
fn an_ou_is_let_go_before_an_account_comes_and_nobody_waits_for_its_enrolment() {
    let spec = Spec::new()
        .tower("4.0")
        .baseline(ControlTower, &["workloads"])
        .exclusive(Exclusive::Baselines)
        .account("shop", "workloads.prod");
    let plan = plan(spec, org().account("shop", "root").live());
    assert_edge(
        &plan,
        &of(BASE, "disable ou.workloads.prod"),
        "account.shop:move",
        Rule::LetGoBeforeArrival,
    );
    let steps: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
    assert!(!steps.iter().any(|step| step.contains(":enrol")), "{steps:?}");
}

#[test]
fn an_account_goes_on_to_another_registered_ou_before_its_old_one_is_let_go() {
    let spec = Spec::new()
        .tower("4.0")
        .baseline(ControlTower, &["workloads"])
        .exclusive(Exclusive::Baselines)
        .account("shop", "workloads");
    let plan = plan(spec, org().account("shop", "workloads.prod").live());
    let then = of(BASE, "disable ou.workloads.prod");
    assert_edge(&plan, "account.shop:move", &then, Rule::ArriveBeforeBaseline);
}

#[test]
fn an_ou_enrols_one_account_after_the_other() {
    let spec = spec()
        .account("a", "workloads.prod")
        .account("b", "workloads.prod");
    let org = org().account("a", "root").account("b", "root");
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        "account.a:move",
        "account.a:enrol account.a",
        Rule::EnrolInTurn,
    );
    assert_edge(
        &plan,
        "account.a:enrol account.a",
        "account.b:move",
        Rule::EnrolInTurn,
    );
}

/// `shop` goes from the registered `workloads` to `workloads.prod`, which this plan registers and guards.
fn governed() -> Spec {
    spec()
        .account("shop", "workloads.prod")
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads.prod"])
        .exclusive(Exclusive::Controls)
}

fn governed_org() -> Org {
    Org::new()
        .tower("4.0")
        .baseline(ControlTower, "5.0", &["workloads"])
        .account("shop", "workloads")
}

#[test]
fn an_account_that_is_governed_finds_its_new_ou_registered_and_guarded() {
    let plan = plan(governed(), governed_org().live());
    let baseline = of(BASE, "enable ou.workloads.prod");
    assert_edge(&plan, &baseline, "account.shop:move", Rule::BaselineBeforeArrival);
    let control = of(VOLUMES, "enable ou.workloads.prod");
    assert_edge(&plan, &control, "account.shop:move", Rule::GuardBeforeArrival);
    assert_edge(
        &plan,
        "account.shop:move",
        "account.shop:enrol account.shop",
        Rule::EnrolInTurn,
    );
}

#[test]
fn an_account_that_is_governed_leaves_before_its_old_ou_loses_controls() {
    let spec = spec().account("shop", "workloads").exclusive(Exclusive::Controls);
    let org = org()
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads.prod"])
        .account("shop", "workloads.prod");
    let plan = plan(spec, org.live());
    let then = of(VOLUMES, "disable ou.workloads.prod");
    assert_edge(&plan, "account.shop:move", &then, Rule::LeaveBeforeLoosen);
}

#[test]
fn nobody_is_enrolled_while_a_control_is_being_enabled_elsewhere() {
    let new = spec()
        .account("shop", "workloads.prod")
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"]);
    let control = of(VOLUMES, "enable ou.workloads");
    let arrives = plan(new, org().account("shop", "root").live());
    let wait = "account.shop:enrol account.shop";
    assert_edge(&arrives, wait, &control, Rule::EnrolBeforeControl);
    let back = spec()
        .account("shop", "workloads")
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads.prod"]);
    let control = of(VOLUMES, "enable ou.workloads.prod");
    let moves_on = plan(back, org().account("shop", "workloads.prod").live());
    assert_edge(
        &moves_on,
        &control,
        "account.shop:move",
        Rule::ControlBeforeEnrolment,
    );
}

#[test]
fn a_control_is_on_before_the_one_whose_place_it_takes_goes() {
    for (before, after) in [("workloads", "workloads.prod"), ("workloads.prod", "workloads")] {
        let spec = spec()
            .control("AWS-GR_RESTRICT_ROOT_USER", &[after])
            .exclusive(Exclusive::Controls);
        let plan = plan(spec, org().control("AWS-GR_RESTRICT_ROOT_USER", &[before]).live());
        assert_edge(
            &plan,
            &of(ROOT, &format!("enable ou.{after}")),
            &of(ROOT, &format!("disable ou.{before}")),
            Rule::EnableBeforeDisable,
        );
    }
}

#[test]
fn controls_are_reset_with_a_baseline_that_an_earlier_run_left_behind() {
    let spec = spec().control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads.prod"]);
    let org = Org::new()
        .tower("4.0")
        .baseline(ControlTower, "4.0", &BOTH)
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads.prod"]);
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        &of(BASE, "update ou.workloads.prod"),
        &of(VOLUMES, "reset ou.workloads.prod"),
        Rule::BaselineBeforeControl,
    );
}

#[test]
fn accounts_are_enrolled_before_controls_of_their_ou_change() {
    let spec = spec()
        .account("shop", "workloads.prod")
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads.prod"]);
    let plan = plan(spec, org().account("shop", "root").live());
    let control = of(VOLUMES, "enable ou.workloads.prod");
    assert_edge(
        &plan,
        "account.shop:enrol account.shop",
        &control,
        Rule::EnrolBeforeControl,
    );
}

#[test]
fn an_ou_is_let_go_before_it_is_deleted() {
    let spec = Spec::new()
        .tower("4.0")
        .baseline(ControlTower, &["workloads"])
        .edit(|spec| {
            spec.ous.remove(&ou("workloads.prod"));
        });
    let plan = plan(
        spec,
        org()
            .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads.prod"])
            .live(),
    );
    let delete = format!("ou.workloads.prod:delete {}", ou_id("workloads.prod"));
    let label = ou_id("workloads.prod");
    for first in [
        of(BASE, &format!("disable {label}")),
        of(VOLUMES, &format!("disable {label}")),
    ] {
        assert_edge(&plan, &first, &delete, Rule::UnregisterBeforeDelete);
    }
}

#[test]
fn an_ou_that_takes_the_name_of_the_landing_zones_does_so_before() {
    let org = Org::new().tower_accounts().edit(|org| {
        org.ous.get_mut(&ou_id("security")).unwrap().name = "Sec".to_owned();
    });
    let plan = plan(Spec::new().tower("3.3"), org.live());
    assert_edge(
        &plan,
        "ou.security:rename",
        "control_tower:create",
        Rule::PreparedZone,
    );
}

#[test]
fn an_ou_loses_one_baseline_before_it_gets_the_other_and_controls_follow() {
    let spec = Spec::new()
        .tower("4.0")
        .baseline(ControlTower, &["workloads"])
        .control("AWS-GR_ENCRYPTED_VOLUMES", &["workloads"])
        .exclusive(Exclusive::Baselines)
        .account("shop", "workloads");
    let org = Org::new()
        .tower("4.0")
        .baseline(Config, "1.0", &["workloads"])
        .account("shop", "root");
    let plan = plan(spec, org.live());
    let old = "baseline[\"ConfigBaseline\"]:disable ou.workloads";
    let new = of(BASE, "enable ou.workloads");
    assert_edge(&plan, old, &new, Rule::OneBaseline);
    let control = of(VOLUMES, "enable ou.workloads");
    assert_edge(&plan, &new, &control, Rule::BaselineBeforeControl);
    assert_edge(&plan, "account.shop:move", &new, Rule::ArriveBeforeBaseline);
    let steps: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
    assert!(
        !steps.iter().any(|step| step.contains(":enrol")),
        "the new baseline enrols it: {steps:?}"
    );
}

#[test]
fn an_ou_that_changes_its_baseline_loses_backup_before() {
    let spec = Spec::new()
        .tower("4.0")
        .baseline(Config, &["workloads"])
        .exclusive(Exclusive::Baselines);
    let org = Org::new()
        .tower("4.0")
        .baseline(ControlTower, "5.0", &["workloads"])
        .baseline(Backup, "1.0", &["workloads"]);
    let plan = plan(spec, org.live());
    let old = of(BASE, "disable ou.workloads");
    let backup = "baseline[\"BackupBaseline\"]:disable ou.workloads";
    assert_edge(&plan, backup, &old, Rule::BaselineBeforeBackup);
    let new = "baseline[\"ConfigBaseline\"]:enable ou.workloads";
    assert_edge(&plan, &old, new, Rule::OneBaseline);
}
