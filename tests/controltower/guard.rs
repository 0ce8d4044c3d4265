//! What a landing zone stands on, and what a spec asks for that AWS would refuse on the way.

use super::kit::*;
use lz_model::desired::Desired;
use lz_model::id::TargetId;
use lz_provider::Call;
use lz_tests::{World, runtime};

async fn refused(world: &World, desired: &Desired) -> Vec<&'static str> {
    let refusal = world.plan(desired).await.unwrap_err();
    refusal.problems.iter().map(|problem| problem.code).collect()
}

const CLAIMED: &str = "policy_types = [\"scp\"]\n  exclusive = [\"baselines\"]";

/// A spec that says which baselines there are, and no more.
fn claimed(text: &str) -> String {
    text.replace(
        "organization { policy_types = [\"scp\"] }",
        &format!("organization {{\n  {CLAIMED}\n}}"),
    )
}

#[test]
fn the_accounts_and_the_ou_of_a_landing_zone_stay() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        let closed = small("4.0")
            .replace(&zone("4.0", "auto_enroll = true"), "")
            .replace(
                "account \"log\" {\n  name  = \"Log\"\n  email = \"log@example.com\"\n  ou    = ou.security\n}",
                "removed {\n  from   = account.log\n  action = \"close\"\n}",
            );
        assert_eq!(refused(&world, &spec(&closed)).await, ["shared_account_stays"]);
        let moved = small("4.0")
            .replace("ou = ou.security", "ou = ou.core")
            .replace("ou    = ou.security", "ou    = ou.core")
            .replace("ou \"security\" { name = \"Security\" }", "ou \"core\" { name = \"Core\" }");
        let codes = refused(&world, &spec(&moved)).await;
        assert!(codes.contains(&"shared_account_stays"), "{codes:?}");
        assert!(codes.contains(&"security_ou_stays"), "{codes:?}");
    });
}

#[test]
fn an_ou_changes_from_one_baseline_to_the_other_and_back() {
    runtime().block_on(async {
        let with = |kind: &str| {
            let baselines =
                format!("baseline \"{kind}\" {{ targets = [ou.workloads, ou.workloads.prod] }}\n");
            claimed(&small("4.0")).replace(BASELINES, &baselines)
        };
        let world = settled(&with("ConfigBaseline")).await;
        for kind in ["AWSControlTowerBaseline", "ConfigBaseline"] {
            let desired = spec(&with(kind));
            world.converge(&desired).await;
            world.assert_settled(&desired).await;
        }
        let unclaimed = small("4.0");
        assert_eq!(
            refused(&world, &spec(&unclaimed)).await,
            ["two_baselines", "two_baselines"]
        );
    });
}

#[test]
fn access_management_is_switched_off_and_on_again() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        for on in [false, true] {
            let more = format!("auto_enroll = true\n  access_management = {on}");
            let desired = spec(&small("4.0").replace("auto_enroll = true", &more));
            world.converge(&desired).await;
            world.assert_settled(&desired).await;
        }
    });
}

#[test]
fn what_control_tower_governs_keeps_full_access() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        let narrow = small("4.0").replace(
            "ou \"prod\" { name = \"Prod\" }",
            "ou \"prod\" {\n    name = \"Prod\"\n    full_access = false\n  }",
        );
        assert_eq!(refused(&world, &spec(&narrow)).await, ["full_access_stays"]);
    });
}

#[test]
fn a_sandbox_ou_is_registered_by_the_landing_zone_and_stays_so() {
    runtime().block_on(async {
        let text = small("3.3")
            .replace(
                "auto_enroll = true",
                "auto_enroll = true\n  sandbox_ou = \"Sandbox\"",
            )
            .replace(
                "ou \"security\"",
                "ou \"sandbox\" {\n  name = \"Sandbox\"\n}\nou \"security\"",
            )
            .replace(
                "RESTRICT_ROOT_USER\" { targets = [",
                "RESTRICT_ROOT_USER\" { targets = [ou.sandbox, ",
            );
        let world = settled(&claimed(&text)).await;
        let desired = spec(&claimed(&text));
        let live = organization(&world, &desired).await;
        let sandbox = ou(&live, "Sandbox");
        assert!(live.tower.unwrap().registration(&sandbox).is_some());
    });
}

#[test]
fn a_control_without_such_a_parameter_is_refused() {
    runtime().block_on(async {
        let with = |name: &str| {
            format!(
                "{}control \"CT.MULTISERVICE.PV.1\" {{\n  targets = [ou.workloads]\n  parameters = {{ AllowedRegions = [\"us-east-1\"]{name} }}\n}}\n",
                small("4.0")
            )
        };
        let world = settled(&with("")).await;
        assert_eq!(
            refused(&world, &spec(&with(", Foo = 1"))).await,
            ["unknown_parameter"]
        );
    });
}

#[test]
fn an_ou_is_renamed_to_what_the_landing_zone_takes_before_it_comes() {
    runtime().block_on(async {
        let world = world().await;
        let before = [HEAD, ACCOUNTS].concat().replace("\"Security\"", "\"Sec\"");
        world.converge(&spec(&before)).await;
        let desired = spec(&small("3.3"));
        let plan = world.plan(&desired).await.unwrap();
        let order = steps(&plan);
        assert!(
            place(&order, "ou.security:rename") < place(&order, "control_tower:create"),
            "{order:#?}"
        );
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn a_policy_of_everybodys_that_was_detached_by_hand_does_not_stand_in_the_way() {
    runtime().block_on(async {
        let world = settled(&small("4.0")).await;
        let desired = spec(&small("4.0"));
        let live = organization(&world, &desired).await;
        let prod = TargetId::Ou(ou(&live, "Workloads/Prod"));
        let full = "p-FullAWSAccess".parse().unwrap();
        by_hand(&world, Call::DetachPolicy(full, prod)).await;
        world.plan(&desired).await.unwrap();
    });
}
