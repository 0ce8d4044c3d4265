//! Central root access and the resource policy.

use crate::spec::zone;
use crate::{calls_since, converged, steps};
use lz_model::live::LiveResourcePolicy;
use lz_model::root_access::RootFeature;
use lz_tests::runtime;

const ROOT_ACCESS: &str = "root_access {\n    credentials_management = true\n    sessions = true\n  }";

const POLICY: &str = r#"
resource_policy {
  content = {
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AuditReads"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${account.audit.id}:root" }
      Action    = ["organizations:DescribePolicy", "organizations:ListPolicies"]
      Resource  = "*"
    }]
  }
}
"#;

#[test]
fn root_access_is_switched_on_in_order_and_off_again() {
    runtime().block_on(async {
        let world = converged(&zone("", "")).await;
        let on = zone(ROOT_ACCESS, "");
        let plan = world.plan(&on).await.unwrap();
        assert_eq!(
            steps(&plan),
            [
                "organization:enable root credentials_management",
                "organization:enable root sessions"
            ]
        );
        world.converge(&on).await;
        world.assert_settled(&on).await;
        let live = world.read(&on).await.unwrap().organization.unwrap();
        assert_eq!(live.root_access, Some(RootFeature::ALL.into()));
        let off = zone(
            "root_access {\n    credentials_management = false\n    sessions = false\n  }",
            "",
        );
        let plan = world.plan(&off).await.unwrap();
        assert_eq!(
            steps(&plan),
            [
                "organization:disable root sessions",
                "organization:disable root credentials_management"
            ]
        );
        world.converge(&off).await;
        world.assert_settled(&off).await;
    });
}

#[test]
fn root_access_comes_up_with_the_organization() {
    runtime().block_on(async {
        converged(&zone(
            ROOT_ACCESS,
            "delegated_admin \"iam\" { account = account.audit }",
        ))
        .await;
    });
}

#[test]
fn a_resource_policy_names_accounts_that_come_with_it_and_settles() {
    runtime().block_on(async {
        let desired = zone("", POLICY);
        let world = converged(&desired).await;
        let live = world.read(&desired).await.unwrap().organization.unwrap();
        let LiveResourcePolicy::Present { content, tags } = live.resource_policy else {
            panic!("there is none")
        };
        assert!(content.contains("AuditReads"), "{content}");
        assert_eq!(tags["lz:zone"], "acme");
    });
}

#[test]
fn a_reordered_resource_policy_is_no_change_and_another_word_is() {
    runtime().block_on(async {
        let world = converged(&zone("", POLICY)).await;
        let reordered = POLICY.replace(
            r#"["organizations:DescribePolicy", "organizations:ListPolicies"]"#,
            r#"["organizations:ListPolicies", "organizations:DescribePolicy"]"#,
        );
        world.assert_settled(&zone("", &reordered)).await;
        let changed = zone("", &POLICY.replace("ListPolicies", "DescribeOrganization"));
        let plan = world.plan(&changed).await.unwrap();
        assert_eq!(steps(&plan), ["organization:put resource policy"]);
        world.converge(&changed).await;
        world.assert_settled(&changed).await;
    });
}

#[test]
fn a_resource_policy_goes_only_where_the_spec_claims_it() {
    runtime().block_on(async {
        let world = converged(&zone("", POLICY)).await;
        world.assert_settled(&zone("", "")).await;
        let claimed = zone(r#"exclusive = ["resource_policy"]"#, "");
        let plan = world.plan(&claimed).await.unwrap();
        assert_eq!(steps(&plan), ["organization:delete resource policy"]);
        world.converge(&claimed).await;
        world.assert_settled(&claimed).await;
    });
}

#[test]
fn the_resource_policy_of_another_landing_zone_is_not_taken_over() {
    runtime().block_on(async {
        let world = converged(&zone("", POLICY)).await;
        let mut other = zone("", POLICY);
        other.zone.name = "other".to_owned();
        let refusal = world.plan(&other).await.unwrap_err();
        let codes: Vec<&str> = refusal.problems.iter().map(|problem| problem.code).collect();
        assert!(codes.contains(&"resource_policy_of_another"), "{codes:?}");
    });
}

#[test]
fn neither_is_asked_for_unless_the_spec_is_about_it() {
    runtime().block_on(async {
        let none = zone("", "");
        let world = converged(&none).await;
        let before = world.provider.stats().calls;
        world.read(&none).await.unwrap();
        let plain = calls_since(&world, &before);
        let before = world.provider.stats().calls;
        world.read(&zone(ROOT_ACCESS, POLICY)).await.unwrap();
        let mut expected = plain;
        expected.insert("iam:ListOrganizationsFeatures".to_owned(), 1);
        expected.insert("organizations:DescribeResourcePolicy".to_owned(), 1);
        assert_eq!(calls_since(&world, &before), expected);
    });
}
