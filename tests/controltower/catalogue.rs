//! Controls under each of their names, from the spec to AWS and back, and what that costs in calls.

use super::kit::*;
use lz_model::desired::Desired;
use lz_provider::{Call, Kind, TowerCall, TowerRequest};
use lz_tests::{World, runtime};
use lz_twin::{Fault, FaultScript, Rule, When, regional_control_arn};

const LIST: &str = "controlcatalog:ListControls";
const GET: &str = "controlcatalog:GetControl";
const REGION: &str = "us-east-1";

fn control(name: &str) -> String {
    format!("control \"{name}\" {{ targets = [ou.workloads] }}\n")
}

/// The small landing zone with more controls.
fn with(names: &[&str]) -> String {
    let more = names.iter().map(|name| control(name));
    std::iter::once(small("4.0")).chain(more).collect()
}

/// How many calls to Control Catalog a plan of a spec makes: for the list, and for single controls.
async fn asked(world: &World, desired: &Desired) -> (u64, u64) {
    let counts = || (calls(world, LIST), calls(world, GET));
    let before = counts();
    world.read(desired).await.unwrap();
    let after = counts();
    (after.0 - before.0, after.1 - before.1)
}

/// Enables a control on Workloads as the console or another tool does, and waits for its end.
async fn enable_by_hand(world: &World, desired: &Desired, arns: &[String]) {
    let live = organization(world, desired).await;
    let unit = ou(&live, "Workloads");
    for arn in arns {
        let request = TowerRequest::EnableControl {
            control: "AWS-GR_ENCRYPTED_VOLUMES".parse().unwrap(),
            arn: arn.clone(),
            target: live.ous.get(&unit).unwrap().arn.to_string(),
            parameters: Default::default(),
        };
        let region = REGION.parse().unwrap();
        by_hand(world, Call::Tower(Box::new(TowerCall { region, request }))).await;
    }
    world.read(desired).await.unwrap();
}

/// The names by which controls are enabled on Workloads.
async fn enabled(world: &World, desired: &Desired) -> Vec<String> {
    let live = organization(world, desired).await;
    let unit = ou(&live, "Workloads");
    let controls = live.tower.unwrap().controls;
    let there = controls.iter().filter(|found| found.ou == unit);
    there.map(|found| found.control.to_string()).collect()
}

async fn global_arn(world: &World, alias: &str) -> String {
    let live = world.read(&spec(&with(&[alias]))).await.unwrap();
    live.catalogue.find(&alias.parse().unwrap()).unwrap().arn.clone()
}

#[test]
fn controls_of_the_first_generation_ask_nothing_of_the_catalogue_once_they_are_on() {
    runtime().block_on(async {
        let desired = spec(&small("4.0"));
        let world = world().await;
        assert_eq!(
            asked(&world, &desired).await,
            (0, 2),
            "whether each of the two exists"
        );
        world.converge(&desired).await;
        assert_eq!(asked(&world, &desired).await, (0, 0));
        let more = spec(&with(&["AWS-GR_ENCRYPTED_VOLUMES"]));
        assert_eq!(
            asked(&world, &more).await,
            (0, 0),
            "it is on elsewhere, so it exists"
        );
    });
}

#[test]
fn an_alias_is_enabled_by_its_global_arn_and_costs_a_call_once_it_is_on() {
    runtime().block_on(async {
        let desired = spec(&with(&["CT.S3.PR.1"]));
        let world = settled(&small("4.0")).await;
        let (pages, single) = asked(&world, &desired).await;
        assert!((1..=5).contains(&pages) && single == 0, "{pages} {single}");
        world.converge(&desired).await;
        let arn = global_arn(&world, "CT.S3.PR.1").await;
        assert_eq!(enabled(&world, &desired).await, [arn.rsplit('/').next().unwrap()]);
        world.assert_settled(&desired).await;
        assert_eq!(asked(&world, &desired).await, (0, 1));
        let by_arn = spec(&with(&[&arn]));
        world.assert_settled(&by_arn).await;
        assert_eq!(asked(&world, &by_arn).await, (0, 1));
    });
}

#[test]
fn the_list_is_read_no_further_than_the_last_alias() {
    runtime().block_on(async {
        let world = settled(HEAD).await;
        let mut pages = Vec::new();
        for number in 1..=6 {
            let name = format!("CT.EC2.PR.{number}");
            pages.push(asked(&world, &spec(&with(&[&name]))).await.0);
        }
        assert!(pages.iter().min() < pages.iter().max(), "{pages:?}");
    });
}

#[test]
fn what_others_enabled_by_an_arn_of_the_region_is_adopted() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        let plain = spec(&small("4.0"));
        let regional = regional_control_arn("CT.S3.PR.1", REGION).unwrap();
        enable_by_hand(&world, &plain, std::slice::from_ref(&regional)).await;
        let global = global_arn(&world, "CT.S3.PR.1").await;
        let id = regional.rsplit('/').next().unwrap();
        for name in ["CT.S3.PR.1", &regional, &global, id] {
            let desired = spec(&with(&[name]));
            world.assert_settled(&desired).await;
        }
        assert_eq!(asked(&world, &spec(&with(&["CT.S3.PR.1"]))).await, (0, 1));
        let unmanaged = world.plan(&plain).await.unwrap().unmanaged.controls;
        assert_eq!(unmanaged, [format!("{id} Workloads")]);
    });
}

#[test]
fn a_control_of_the_first_generation_is_adopted_under_its_global_arn() {
    runtime().block_on(async {
        let name = "AWS-GR_RESTRICTED_SSH";
        let world = settled(&small("4.0")).await;
        let arn = global_arn(&world, name).await;
        let desired = spec(&with(&[name]));
        enable_by_hand(&world, &desired, std::slice::from_ref(&arn)).await;
        world.assert_settled(&desired).await;
        assert_eq!(asked(&world, &desired).await, (0, 1));
        // And the other way round: the spec has the id, and the console has enabled it by its name.
        let world = settled(&with(&[name])).await;
        world.assert_settled(&spec(&with(&[&arn]))).await;
    });
}

#[test]
fn where_much_is_enabled_by_ids_the_list_is_the_shorter_way() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        let aliases: Vec<String> = (1..=11).map(|number| format!("CT.EC2.PR.{number}")).collect();
        let regional = aliases
            .iter()
            .map(|alias| regional_control_arn(alias, REGION).unwrap());
        let plain = spec(&small("4.0"));
        enable_by_hand(&world, &plain, &regional.collect::<Vec<_>>()).await;
        let desired = spec(&with(&["CT.EC2.PR.1"]));
        let (pages, single) = asked(&world, &desired).await;
        assert!((1..=5).contains(&pages), "{pages}");
        assert_eq!(single, 11, "ids of the Region stand in no list");
        world.assert_settled(&desired).await;
        let aliases: Vec<&str> = aliases.iter().map(String::as_str).collect();
        world.assert_settled(&spec(&with(&aliases))).await;
    });
}

#[test]
fn parameters_are_compared_whatever_the_name() {
    runtime().block_on(async {
        let with = |regions: &str| {
            format!(
                "{}control \"CT.MULTISERVICE.PV.1\" {{\n targets = [ou.workloads]\n parameters = {{ AllowedRegions = [\"{regions}\"] }}\n}}\n",
                small("4.0")
            )
        };
        let world = settled(&with(REGION)).await;
        let plan = world.plan(&spec(&with("eu-west-1"))).await.unwrap();
        assert_eq!(tower_steps(&plan), ["control[\"CT.MULTISERVICE.PV.1\"]:update ou.workloads"]);
    });
}

#[test]
fn an_unknown_control_is_refused_before_anything_is_made() {
    runtime().block_on(async {
        let world = world().await;
        for (name, near) in [
            ("CT.S3.PR.99", "`CT.S3.PR.9`"),
            ("AWS-GR_ENCRYPT_VOLUMES", "`AWS-GR_ENCRYPTED_VOLUMES`"),
            ("arn:aws:controlcatalog:::control/000000000000000000000000", ""),
            ("arn:aws:controltower:us-east-1::control/WTDSMKDKDNLE", ""),
        ] {
            let refusal = world.plan(&spec(&with(&[name]))).await.unwrap_err();
            let [problem] = refusal.problems.as_slice() else {
                panic!("{refusal:#?}")
            };
            assert_eq!(problem.code, "unknown_control", "{name}");
            assert!(problem.help.contains(near), "{name}: {}", problem.help);
        }
    });
}

#[test]
fn a_caller_that_may_not_ask_the_catalogue_is_told_what_is_missing() {
    runtime().block_on(async {
        let denied = |operation: &str| {
            let world = world();
            let name = operation.to_owned();
            async move {
                let world = world.await;
                let fault = Fault::Fail {
                    code: "AccessDeniedException".to_owned(),
                    status: 403,
                };
                let at = When::Operation { name, nth: 1 };
                world.twin.set_faults(FaultScript {
                    rules: vec![Rule { at, fault }],
                    ..FaultScript::none()
                });
                world
            }
        };
        for (operation, name) in [(LIST, "CT.S3.PR.1"), (GET, "AWS-GR_RESTRICTED_SSH")] {
            let error = denied(operation)
                .await
                .read(&spec(&with(&[name])))
                .await
                .unwrap_err();
            assert_eq!((error.kind, error.operation.as_str()), (Kind::Denied, operation));
            assert!(error.to_string().contains(operation), "{error}");
        }
    });
}
