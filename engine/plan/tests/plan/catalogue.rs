//! Controls under each of their names, and those that Control Catalog does not have.

use crate::build::*;
use crate::tower_kit::{global_arn, known};
use lz_model::desired::Exclusive;
use lz_model::live::Live;
use lz_model::plan::{Action, TowerStep, TowerWork};
use lz_model::tower::Behaviour::{self, Detective, Preventive, Unknown};
use lz_model::tower::OuBaseline::ControlTower;

const ALIAS: &str = "CT.S3.PR.1";
const REGIONAL: &str = "WTDSMKDKDNLE";
const LEGACY: &str = "AWS-GR_ENCRYPTED_VOLUMES";

fn spec(control: &str) -> Spec {
    Spec::new()
        .tower("4.0")
        .baseline(ControlTower, &["workloads"])
        .control(control, &["workloads"])
}

fn org() -> Org {
    Org::new()
        .tower("4.0")
        .baseline(ControlTower, "5.0", &["workloads"])
}

fn asked(org: Org, name: &str, others: &[&str], behaviour: Behaviour) -> Live {
    known(org.live(), name, others, behaviour)
}

/// The ids of the steps, and the ARN of the control that is enabled.
fn steps(spec: Spec, live: Live) -> (Vec<String>, Option<String>) {
    let plan = plan(spec, live);
    let ids = plan.steps.iter().map(|step| step.id.to_string()).collect();
    let arn = plan.steps.iter().find_map(|step| match &step.action {
        Action::Tower(TowerStep {
            work: TowerWork::EnableControl { arn, .. },
            ..
        }) => Some(arn.clone()),
        _ => None,
    });
    (ids, arn)
}

/// The codes, texts and helps of the problems.
fn refusals(spec: &Spec, live: &Live) -> Vec<(&'static str, String, String)> {
    let refusal = lz_plan::plan(&spec.0, live).expect_err("a refusal");
    let told = refusal.problems.into_iter();
    told.map(|problem| (problem.code, problem.text, problem.help))
        .collect()
}

#[test]
fn an_alias_is_enabled_by_its_global_arn() {
    let (ids, arn) = steps(spec(ALIAS), asked(org(), ALIAS, &[], Behaviour::Proactive));
    assert_eq!(ids, ["control[\"CT.S3.PR.1\"]:enable ou.workloads"]);
    assert_eq!(arn, Some(global_arn(ALIAS)));
}

#[test]
fn an_id_of_the_region_is_enabled_by_the_global_arn_too() {
    let live = asked(org(), ALIAS, &[REGIONAL], Behaviour::Proactive);
    assert_eq!(steps(spec(REGIONAL), live).1, Some(global_arn(ALIAS)));
}

#[test]
fn a_control_of_the_first_generation_keeps_the_arn_with_its_name() {
    let name = Some(format!("arn:aws:controltower:{HOME}::control/{LEGACY}"));
    assert_eq!(steps(spec(LEGACY), org().live()).1, name);
    assert_eq!(steps(spec(LEGACY), asked(org(), LEGACY, &[], Detective)).1, name);
}

#[test]
fn a_control_that_is_enabled_by_another_name_is_not_enabled_again() {
    let all = [ALIAS, REGIONAL, &global_arn(ALIAS)].map(str::to_owned);
    for declared in &all {
        for found in &all {
            let org = org().control(found, &["workloads"]);
            let live = asked(org, ALIAS, &[REGIONAL], Behaviour::Proactive);
            let claimed = spec(declared).exclusive(Exclusive::Controls);
            assert!(steps(claimed, live).0.is_empty(), "{declared} {found}");
        }
    }
}

#[test]
fn what_a_catalogue_shows_as_declared_is_not_unmanaged() {
    let org = org()
        .control(REGIONAL, &["workloads"])
        .control("LPDSRMKDKDNL", &["workloads"]);
    let plan = plan(spec(ALIAS), asked(org, ALIAS, &[REGIONAL], Behaviour::Proactive));
    assert_eq!(plan.unmanaged.controls, ["LPDSRMKDKDNL Workloads"]);
}

#[test]
fn a_control_that_does_not_exist_is_refused_with_names_that_do() {
    for org in [org(), Org::new().tower_accounts()] {
        let mut live = org.live();
        let unknown = &mut live.catalogue.unknown;
        unknown.insert(
            ALIAS.parse().unwrap(),
            vec!["CT.S3.PR.2".to_owned(), "CT.S3.PV.1".to_owned()],
        );
        let refused = refusals(&spec(ALIAS), &live);
        let [(code, text, help)] = refused.as_slice() else {
            panic!("{refused:?}")
        };
        assert_eq!(*code, "unknown_control");
        assert!(text.contains("`CT.S3.PR.1`") && text.contains("R32"), "{text}");
        assert_eq!(help, "did you mean `CT.S3.PR.2` or `CT.S3.PV.1`?");
    }
}

#[test]
fn without_an_organization_a_control_must_exist_all_the_same() {
    let mut live = nothing();
    live.catalogue.unknown.insert(LEGACY.parse().unwrap(), Vec::new());
    let refused = refusals(&spec(LEGACY), &live);
    assert!(
        refused
            .iter()
            .any(|(code, _, help)| *code == "unknown_control" && help.contains("list-controls")),
        "{refused:?}"
    );
}

#[test]
fn a_control_that_nobody_looked_up_is_not_guessed() {
    assert_eq!(refusals(&spec(ALIAS), &org().live())[0].0, "not_read");
}

#[test]
fn a_mandatory_control_is_refused_under_its_other_names() {
    let live = asked(org(), "AWS-GR_CLOUDTRAIL_ENABLED", &[], Preventive);
    let id = global_arn("AWS-GR_CLOUDTRAIL_ENABLED");
    assert_eq!(refusals(&spec(&id), &live)[0].0, "mandatory_control");
}

#[test]
fn two_names_of_one_control_are_not_both_declared_on_an_ou() {
    let live = || asked(org(), ALIAS, &[], Behaviour::Proactive);
    let both = spec(ALIAS).control(&global_arn(ALIAS), &["workloads"]);
    let refused = refusals(&both, &live());
    assert_eq!(refused[0].0, "control_twice");
    assert!(
        refused[0].1.contains("`CT.S3.PR.1`") && refused[0].1.contains("Workloads"),
        "{}",
        refused[0].1
    );
    let apart = spec(ALIAS).control(&global_arn(ALIAS), &["workloads.prod"]);
    assert_eq!(steps(apart, live()).0.len(), 2);
}

#[test]
fn how_a_control_works_is_the_catalogues_word() {
    // By its name it is detective, so it would need a registered OU and could be reset.
    let name = "SH.S3.4";
    let bare = || Org::new().tower("4.0");
    let spec = || Spec::new().tower("4.0").control(name, &["workloads"]);
    assert_eq!(steps(spec(), asked(bare(), name, &[], Preventive)).0.len(), 1);
    for guessed in [Detective, Unknown] {
        assert_eq!(
            refusals(&spec(), &asked(bare(), name, &[], guessed))[0].0,
            "ou_not_registered"
        );
    }
    let failed = || {
        bare().control(name, &["workloads"]).tower_edit(|tower| {
            tower.controls[0].status = lz_model::live::Enablement::Failed;
        })
    };
    assert_eq!(
        steps(spec(), asked(failed(), name, &[], Preventive)).0,
        [
            "control[\"SH.S3.4\"]:disable ou.workloads",
            "control[\"SH.S3.4\"]:enable ou.workloads"
        ]
    );
}
