//! Administrators of services, Region by Region.

use crate::spec::{SERVICES, admins, zone};
use crate::{calls_since, converged, enabled, steps};
use lz_model::plan::Severity;
use lz_tests::{World, runtime};
use lz_twin::Settings;

#[test]
fn every_service_gets_its_administrator_in_one_apply() {
    runtime().block_on(async {
        let desired = zone("", &admins("audit", &SERVICES));
        let world = converged(&desired).await;
        let live = world.read(&desired).await.unwrap().organization.unwrap();
        let regional = [
            "auditmanager",
            "detective",
            "guardduty",
            "inspector2",
            "macie",
            "securityhub",
        ];
        for service in SERVICES {
            let principal = format!("{service}.amazonaws.com").parse().unwrap();
            assert!(
                live.delegated_admins.contains_key(&principal),
                "{service} in Organizations"
            );
            let told = live
                .administrators
                .get(&principal)
                .map_or(0, |regions| regions.len());
            let expected = match service {
                "fms" => 1,
                "cloudtrail" | "ipam" => 0,
                _ => 3,
            };
            assert_eq!(told, expected, "{service}");
            assert_eq!(expected == 3, regional.contains(&service), "{service}");
        }
    });
}

#[test]
fn a_service_is_one_step_for_all_regions() {
    runtime().block_on(async {
        let world = converged(&zone("", "")).await;
        let plan = world
            .plan(&zone("", &admins("audit", &["guardduty", "securityhub"])))
            .await
            .unwrap();
        assert_eq!(
            steps(&plan),
            [
                "delegated_admin[\"guardduty.amazonaws.com\"]:register",
                "delegated_admin[\"securityhub.amazonaws.com\"]:register"
            ]
        );
        assert_eq!(enabled(&plan, "guardduty.amazonaws.com"), Some(3));
    });
}

#[test]
fn one_block_can_name_its_own_regions() {
    runtime().block_on(async {
        let text = r#"delegated_admin "macie" {
  account = account.audit
  regions = ["eu-west-1"]
}"#;
        let world = converged(&zone("", text)).await;
        let plan = world.plan(&zone("", &admins("audit", &["macie"]))).await.unwrap();
        assert_eq!(
            enabled(&plan, "macie.amazonaws.com"),
            Some(2),
            "the two that are missing"
        );
    });
}

#[test]
fn a_region_that_was_left_out_is_mended_alone() {
    runtime().block_on(async {
        let few = zone("", &admins("audit", &["guardduty", "detective", "inspector2"]));
        let mut fewer = few.clone();
        fewer.zone.regions.truncate(1);
        let world = converged(&fewer).await;
        let plan = world.plan(&few).await.unwrap();
        for service in ["guardduty", "detective", "inspector2"] {
            assert_eq!(
                enabled(&plan, &format!("{service}.amazonaws.com")),
                Some(2),
                "{service}"
            );
        }
        let report = world.apply(plan).await;
        assert!(report.is_complete(), "{report:#?}");
        world.assert_settled(&few).await;
    });
}

#[test]
fn another_administrator_takes_over_after_the_old_one_has_gone_everywhere() {
    runtime().block_on(async {
        let world = converged(&zone("", &admins("audit", &SERVICES))).await;
        let desired = zone("", &admins("tooling", &SERVICES));
        let plan = world.plan(&desired).await.unwrap();
        for service in ["detective", "fms", "guardduty", "securityhub"] {
            let at = |verb: &str| {
                let begin = format!("delegated_admin[\"{service}.amazonaws.com\"]:{verb}");
                steps(&plan).iter().position(|id| id.starts_with(&begin)).unwrap()
            };
            assert!(at("deregister") < at("register"), "{service}");
            let gap = plan.notes.iter().find(|note| {
                note.code == "administrator_gap" && note.text.contains(&format!("`{service}.amazonaws.com`"))
            });
            assert_eq!(gap.unwrap().severity, Severity::Warning, "{service}");
        }
        let report = world.apply(plan).await;
        assert!(report.is_complete(), "{report:#?}");
        world.assert_settled(&desired).await;
        let live = world.read(&desired).await.unwrap().organization.unwrap();
        let guardduty = "guardduty.amazonaws.com".parse().unwrap();
        assert_eq!(live.delegated_admins[&guardduty].len(), 1);
    });
}

#[test]
fn an_administrator_that_the_spec_claims_and_does_not_list_goes_everywhere() {
    runtime().block_on(async {
        let world = converged(&zone("", &admins("audit", &SERVICES))).await;
        let kept = zone("", "");
        let plan = world.plan(&kept).await.unwrap();
        assert!(plan.steps.is_empty(), "what is not claimed stays");
        let claimed = zone(r#"exclusive = ["delegated_admins"]"#, "");
        let plan = world.plan(&claimed).await.unwrap();
        assert_eq!(plan.steps.len(), SERVICES.len(), "{:#?}", steps(&plan));
        let report = world.apply(plan).await;
        assert!(report.is_complete(), "{report:#?}");
        world.assert_settled(&claimed).await;
        // Nothing is left behind in any Region: another account can take every place.
        let desired = zone("", &admins("tooling", &SERVICES));
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn an_account_that_is_closed_gives_up_its_services_first() {
    runtime().block_on(async {
        let world = converged(&zone("", &admins("audit", &["guardduty", "detective"]))).await;
        let text = zone("", "");
        let mut desired = text.clone();
        desired.accounts.retain(|name, _| name.label != "audit");
        desired.removed.push(lz_model::desired::Removed {
            to: None,
            from: "account.audit".parse().unwrap(),
            id: None,
            action: lz_model::desired::Removal::Close,
            origin: None,
        });
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(plan.steps.len(), 3, "{:#?}", steps(&plan));
        assert_eq!(*steps(&plan).last().unwrap(), "account.audit:close");
        let report = world.apply(plan).await;
        assert!(report.is_complete(), "{report:#?}");
    });
}

#[test]
fn only_declared_services_are_asked_and_only_where_somebody_administers_them() {
    runtime().block_on(async {
        let none = zone("", "");
        let world = converged(&none).await;
        let before = world.provider.stats().calls;
        world.read(&none).await.unwrap();
        let plain = calls_since(&world, &before);
        // Nobody administers anything yet, so there is nothing to ask for.
        let declared = zone("", &admins("audit", &["guardduty", "cloudtrail"]));
        let before = world.provider.stats().calls;
        world.read(&declared).await.unwrap();
        assert_eq!(calls_since(&world, &before), plain);
        world.converge(&declared).await;
        let before = world.provider.stats().calls;
        world.read(&declared).await.unwrap();
        let mut expected = plain.clone();
        expected.insert("guardduty:ListOrganizationAdminAccounts".to_owned(), 3);
        // One account administers something now: its services are listed.
        expected.insert("organizations:ListDelegatedServicesForAccount".to_owned(), 1);
        assert_eq!(calls_since(&world, &before), expected);
    });
}

#[test]
fn a_region_that_is_off_is_refused_at_plan_by_one_call_for_all_services() {
    runtime().block_on(async {
        let services = admins("audit", &["guardduty", "macie"]);
        let none = converged(&zone("", "")).await;
        let some = converged(&zone("", &services)).await;
        for world in [none, some] {
            for name in ["eu-south-2", "eu-moon-1"] {
                let mut desired = zone("", &services);
                desired.zone.regions.push(name.parse().unwrap());
                let before = world.provider.stats().calls;
                let refusal = world.plan(&desired).await.unwrap_err();
                let asked = calls_since(&world, &before);
                assert_eq!(asked.get("account:ListRegions"), Some(&1), "{name}");
                let codes: Vec<_> = refusal.problems.iter().map(|problem| problem.code).collect();
                assert_eq!(codes, ["region_off", "region_off"], "{name}");
            }
        }
    });
}

#[test]
fn trusted_access_is_switched_by_the_service_where_aws_prefers_it() {
    runtime().block_on(async {
        let desired = zone("", "");
        let world = converged(&desired).await;
        let calls = world.provider.stats().calls;
        assert_eq!(calls["ram:EnableSharingWithAwsOrganization"], 1);
        assert_eq!(calls["servicecatalog:EnableAWSOrganizationsAccess"], 1);
        let mut without = zone(r#"exclusive = ["trusted_services"]"#, "");
        let listed = &mut without.organization.as_mut().unwrap().trusted_services;
        listed.retain(|service| {
            !["ram.amazonaws.com", "servicecatalog.amazonaws.com"].contains(&service.as_str())
        });
        world.converge(&without).await;
        world.assert_settled(&without).await;
        assert_eq!(
            world.provider.stats().calls["servicecatalog:DisableAWSOrganizationsAccess"],
            1
        );
    });
}

#[test]
fn ipam_gets_trusted_access_with_its_administrator_and_in_no_other_way() {
    runtime().block_on(async {
        let alone = with_ipam("");
        let world = World::new(Settings::default(), lz_twin::FaultScript::none()).await;
        let refused = world.plan(&alone).await.unwrap_err();
        assert_eq!(refused.problems[0].code, "trust_needs_administrator");
        let desired = with_ipam(&admins("audit", &["ipam"]));
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

fn with_ipam(blocks: &str) -> lz_model::desired::Desired {
    let mut desired = zone(r#"exclusive = ["trusted_services"]"#, blocks);
    let listed = &mut desired.organization.as_mut().unwrap().trusted_services;
    listed.insert("ipam.amazonaws.com".parse().unwrap());
    desired
}
