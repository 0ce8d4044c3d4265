//! What becomes of a landing zone over the years.

use super::kit::*;
use lz_model::address::Address;
use lz_model::id::{OuId, ParentId, TargetId};
use lz_model::plan::TowerWork;
use lz_provider::{Call, TowerCall, TowerRequest};
use lz_tests::runtime;
use std::collections::BTreeMap;
use std::time::Duration;

#[test]
fn a_landing_zone_comes_up_from_nothing_and_settles() {
    runtime().block_on(async {
        for version in ["3.1", "3.3", "4.0"] {
            let text = small(version);
            let world = settled(&text).await;
            let tower = tower(&world, &spec(&text)).await;
            assert_eq!(tower.landing_zone.unwrap().version.to_string(), version);
            assert_eq!(tower.controls.len(), 2);
        }
    });
}

#[test]
fn without_a_block_nothing_of_control_tower_is_asked() {
    runtime().block_on(async {
        let world = settled(&[HEAD, ACCOUNTS].concat()).await;
        let stats = world.provider.stats();
        let asked: Vec<_> = stats
            .calls
            .keys()
            .filter(|key| key.starts_with("controltower"))
            .collect();
        assert!(asked.is_empty(), "{asked:?}");
    });
}

#[test]
fn an_upgrade_to_4_0_updates_baselines_parents_first_and_then_resets_controls() {
    runtime().block_on(async {
        let world = settled(&small("3.3")).await;
        let desired = spec(&small("4.0"));
        let plan = world.plan(&desired).await.unwrap();
        let order = tower_steps(&plan);
        let zone = place(&order, "control_tower:update");
        assert!(place(&order, "control_tower:make roles") < zone, "{order:#?}");
        let outer = place(
            &order,
            "baseline[\"AWSControlTowerBaseline\"]:update ou.workloads",
        );
        let inner = place(
            &order,
            "baseline[\"AWSControlTowerBaseline\"]:update ou.workloads.prod",
        );
        let control = place(
            &order,
            "control[\"AWS-GR_ENCRYPTED_VOLUMES\"]:reset ou.workloads.prod",
        );
        assert!(zone < outer && outer < inner && inner < control, "{order:#?}");
        assert_eq!(
            order.len(),
            5,
            "a control that is a policy cannot be reset: {order:#?}"
        );
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
        let tower = tower(&world, &desired).await;
        let versions: Vec<_> = tower
            .baselines
            .iter()
            .filter(|one| one.baseline.is_some())
            .collect();
        assert!(
            versions.iter().all(|one| one.version.as_deref() == Some("5.0")),
            "{versions:#?}"
        );
    });
}

#[test]
fn an_update_between_versions_of_one_baseline_resets_it() {
    runtime().block_on(async {
        let world = settled(&small("3.2")).await;
        let desired = spec(&small("3.3"));
        let plan = world.plan(&desired).await.unwrap();
        let baseline: Address = "baseline[\"AWSControlTowerBaseline\"]".parse().unwrap();
        assert!(has_work(&plan, &baseline, |work| matches!(
            work,
            TowerWork::ResetBaseline { .. }
        )));
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

/// Sets the small landing zone up as somebody in the console would, without a tag of lz's.
async fn set_up_by_hand(world: &lz_tests::World) {
    by_hand(world, Call::CreateOrganization).await;
    let desired = spec(HEAD);
    let root = ParentId::Root(organization(world, &desired).await.root.id);
    let make_ou = async |parent: &ParentId, name: &str| {
        let call = Call::CreateOu {
            parent: parent.clone(),
            name: name.to_owned(),
            tags: BTreeMap::new(),
        };
        let id: OuId = by_hand(world, call).await.parse().unwrap();
        ParentId::Ou(id)
    };
    let security = make_ou(&root, "Security").await;
    let workloads = make_ou(&root, "Workloads").await;
    let prod = make_ou(&workloads, "Prod").await;
    for (name, place) in [("Log", &security), ("Audit", &security), ("Shop", &prod)] {
        let call = Call::CreateAccount {
            name: name.to_owned(),
            email: format!("{}@example.com", name.to_lowercase()).parse().unwrap(),
            role_name: None,
            iam_user_access_to_billing: None,
            tags: BTreeMap::new(),
        };
        let id = by_hand(world, call).await.parse().unwrap();
        let (from, to) = (root.clone(), (*place).clone());
        by_hand(
            world,
            Call::MoveAccount {
                account: id,
                from,
                to,
            },
        )
        .await;
    }
    let live = organization(world, &desired).await;
    let region: lz_model::id::Region = "us-east-1".parse().unwrap();
    let version = "4.0".parse().unwrap();
    by_hand(world, Call::MakeTowerRoles(region.clone(), version)).await;
    let manifest = format!(
        r#"{{"securityRoles":{{"enabled":true,"accountId":"{audit}"}},"governedRegions":["us-east-1"],
            "config":{{"enabled":true,"accountId":"{audit}"}},"backup":{{"enabled":false}},
            "centralizedLogging":{{"enabled":true,"accountId":"{log}",
              "configurations":{{"loggingBucket":{{"retentionDays":"365"}}}}}},
            "accessManagement":{{"enabled":true}}}}"#,
        audit = account(&live, "Audit"),
        log = account(&live, "Log"),
    );
    let begin = async |request| {
        let call = TowerCall {
            region: region.clone(),
            request,
        };
        by_hand(world, Call::Tower(Box::new(call))).await;
        tokio::time::sleep(Duration::from_secs(7_200)).await;
    };
    begin(TowerRequest::CreateZone {
        version,
        manifest,
        enrols_moved: true,
    })
    .await;
    for path in ["Workloads", "Workloads/Prod"] {
        begin(TowerRequest::EnableBaseline {
            baseline: lz_model::tower::OuBaseline::ControlTower,
            version: "5.0".to_owned(),
            target: live.ous.get(&ou(&live, path)).unwrap().arn.to_string(),
            identity_center: true,
        })
        .await;
    }
    for name in ["AWS-GR_ENCRYPTED_VOLUMES", "AWS-GR_RESTRICT_ROOT_USER"] {
        let control: lz_model::tower::ControlName = name.parse().unwrap();
        begin(TowerRequest::EnableControl {
            arn: control.arn("aws", &region).unwrap(),
            control,
            target: live
                .ous
                .get(&ou(&live, "Workloads/Prod"))
                .unwrap()
                .arn
                .to_string(),
            parameters: BTreeMap::new(),
        })
        .await;
    }
}

#[test]
fn what_was_set_up_by_hand_is_adopted_without_touching_control_tower() {
    runtime().block_on(async {
        let world = world().await;
        set_up_by_hand(&world).await;
        let desired = spec(&small("4.0"));
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(tower_steps(&plan), Vec::<String>::new(), "{:#?}", steps(&plan));
        assert!(!plan.steps.is_empty(), "OUs and accounts get lz's tags");
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn a_spec_with_less_leaves_the_rest_alone_unless_it_claims_the_list() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        let fewer = [HEAD, ACCOUNTS, &zone("4.0", "auto_enroll = true")].concat();
        let plan = world.plan(&spec(&fewer)).await.unwrap();
        assert_eq!(steps(&plan), Vec::<String>::new());
        assert_eq!(plan.unmanaged.baselines.len(), 2, "{:?}", plan.unmanaged);
        assert_eq!(plan.unmanaged.controls.len(), 2);

        let claimed = fewer
            .replace(
                "policy_types = [\"scp\"]",
                "policy_types = [\"scp\"]\nexclusive = [\"controls\", \"baselines\"]",
            )
            .replace("organization {", "organization {\n")
            .replace("] }", "]\n}");
        let desired = spec(&claimed);
        let plan = world.plan(&desired).await.unwrap();
        let order = tower_steps(&plan);
        let control = place(
            &order,
            "control[\"AWS-GR_RESTRICT_ROOT_USER\"]:disable ou.workloads.prod",
        );
        let inner = place(
            &order,
            "baseline[\"AWSControlTowerBaseline\"]:disable ou.workloads.prod",
        );
        let outer = place(
            &order,
            "baseline[\"AWSControlTowerBaseline\"]:disable ou.workloads",
        );
        assert!(control < inner && inner < outer, "{order:#?}");
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
        assert!(tower(&world, &desired).await.controls.is_empty());
    });
}

#[test]
fn a_registered_ou_is_let_go_before_it_is_deleted() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        let text = small("4.0")
            .replace("  ou \"prod\" { name = \"Prod\" }\n", "")
            .replace("ou.workloads.prod", "ou.workloads")
            .replace(
                "targets = [ou.workloads, ou.workloads]",
                "targets = [ou.workloads]",
            );
        let desired = spec(&text);
        let plan = world.plan(&desired).await.unwrap();
        let order = steps(&plan);
        let moved = order
            .iter()
            .position(|step| step.starts_with("account.shop:move"))
            .unwrap();
        let deleted = order
            .iter()
            .position(|step| step.starts_with("ou.workloads.prod:delete"))
            .unwrap();
        let gone = order
            .iter()
            .position(|step| step.starts_with("baseline[\"AWSControlTowerBaseline\"]:disable"))
            .unwrap();
        assert!(moved < gone && gone < deleted, "{order:#?}");
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn accounts_that_come_into_a_registered_ou_are_enrolled_one_after_another() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        let more = ["a", "b"].map(|name| {
            format!("account \"{name}\" {{\n  name = \"{name}\"\n  email = \"{name}@example.com\"\n  ou = ou.workloads.prod\n}}\n")
        });
        let desired = spec(&[small("4.0"), more.concat()].concat());
        let plan = world.plan(&desired).await.unwrap();
        let order = steps(&plan);
        let second = order.iter().position(|step| step.starts_with("account.b:move")).unwrap();
        assert!(place(&order, "account.a:enrol account.a") < second, "{order:#?}");
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
        let live = organization(&world, &desired).await;
        let enrolled = live.tower.unwrap().baselines.len();
        assert!(enrolled >= 5, "two OUs and three accounts, {enrolled}");
    });
}

#[test]
fn without_enrolment_by_itself_an_arrival_resets_the_ou() {
    runtime().block_on(async {
        let text = small("4.0").replace("auto_enroll = true", "auto_enroll = false");
        let world = settled(&text).await;
        let more =
            "account \"a\" {\n  name = \"a\"\n  email = \"a@example.com\"\n  ou = ou.workloads.prod\n}\n";
        let desired = spec(&[&text, more].concat());
        let plan = world.plan(&desired).await.unwrap();
        let order = steps(&plan);
        let arrival = order
            .iter()
            .position(|step| step.starts_with("account.a:move"))
            .unwrap();
        let reset = place(
            &order,
            "baseline[\"AWSControlTowerBaseline\"]:reset ou.workloads.prod",
        );
        assert!(arrival < reset, "{order:#?}");
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn what_somebody_changed_by_hand_is_repaired() {
    runtime().block_on(async {
        let text = small("4.0").replace("auto_enroll = true", "auto_enroll = false");
        let world = settled(&text).await;
        let desired = spec(&text);
        let live = organization(&world, &desired).await;
        // A guardrail of Control Tower is taken from an OU.
        let prod = TargetId::Ou(ou(&live, "Workloads/Prod"));
        let guardrail = live
            .policies
            .values()
            .find(|policy| policy.name.starts_with("aws-guardrails-") && policy.targets.contains(&prod))
            .unwrap();
        by_hand(&world, Call::DetachPolicy(guardrail.id.clone(), prod)).await;
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(
            tower_steps(&plan),
            ["baseline[\"AWSControlTowerBaseline\"]:reset ou.workloads.prod"],
            "the guard is put back without being off in between"
        );
        world.converge(&desired).await;
        world.assert_settled(&desired).await;

        // A shared account leaves its OU: the account goes back, and the landing zone is in order again.
        move_by_hand(&world, &live, "Audit", "Workloads").await;
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn parameters_of_controls_are_set_and_changed() {
    runtime().block_on(async {
        let with = |regions: &str| {
            format!(
                "{}control \"CT.MULTISERVICE.PV.1\" {{\n  targets = [ou.workloads]\n  parameters = {{ AllowedRegions = {regions} }}\n}}\n",
                small("4.0")
            )
        };
        let world = settled(&with("[\"us-east-1\"]")).await;
        let desired = spec(&with("[\"us-east-1\", \"eu-west-1\"]"));
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(tower_steps(&plan), ["control[\"CT.MULTISERVICE.PV.1\"]:update ou.workloads"]);
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}
