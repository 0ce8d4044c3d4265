//! Permission sets and assignments.

use lz_model::desired::Desired;
use lz_model::live::LiveIdentity;
use lz_model::plan::Plan;
use lz_tests::people::{arrive, by_hand, group, instance, spec};
use lz_tests::{World, runtime};
use lz_twin::{FaultScript, Settings};
use serde_json::json;

/// An organization of two accounts.
pub(crate) const BASE: &str = r#"
landing_zone "acme" { home_region = "us-east-1" }
organization {
  policy_types     = ["scp"]
  trusted_services = ["sso"]
}
ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
}
account "shop" {
  name  = "Shop"
  email = "aws+shop@example.com"
  ou    = ou.workloads.prod
}
account "audit" {
  name  = "Audit"
  email = "aws+audit@example.com"
}
"#;

/// What people may do, and where.
pub(crate) const ACCESS: &str = r#"
permission_set "admin" {
  name             = "AdministratorAccess"
  description      = "Everything"
  session_duration = "8h"
  managed_policies = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  tags             = { owner = "platform" }
}
permission_set "read" {
  managed_policies  = ["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]
  customer_policies = ["deny-data", { name = "extra", path = "/ops/" }]
  boundary          = "arn:aws:iam::aws:policy/ReadOnlyAccess"
  statement "Bill" {
    effect    = "Deny"
    actions   = ["aws-portal:*"]
  }
}
assignment "platform" {
  permission_set = permission_set.admin
  groups         = ["platform"]
  ous            = [ou.workloads]
}
assignment "auditors" {
  permission_set = permission_set.read
  groups         = ["auditors"]
  users          = ["eve"]
  accounts       = [account.audit, account.shop]
}
"#;

pub(crate) async fn organized() -> World {
    let world = World::new(Settings::default(), FaultScript::none()).await;
    world.converge(&spec(BASE)).await;
    arrive(&world, &["platform", "auditors", "guests"], &["eve"]).await;
    world
}

pub(crate) fn with(text: &str) -> Desired {
    spec(&format!("{BASE}{text}"))
}

fn ids(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.notes.iter().map(|note| note.code.as_str()).collect()
}

async fn identity(world: &World, desired: &Desired) -> LiveIdentity {
    world
        .read(desired)
        .await
        .unwrap()
        .organization
        .unwrap()
        .identity
        .unwrap()
}

async fn converged(text: &str) -> World {
    let world = organized().await;
    let desired = with(text);
    world.converge(&desired).await;
    world.assert_settled(&desired).await;
    world
}

#[test]
fn access_is_given_from_nothing_and_then_nothing_is_left_to_do() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let live = identity(&world, &with(ACCESS)).await;
        assert_eq!(live.sets.len(), 2);
        assert_eq!(live.assignments.len(), 1 + 2 * 2);
        let read = live.sets.values().find(|set| set.name == "read").unwrap();
        let content = read.content.as_ref().unwrap();
        assert_eq!(content.customer.len(), 2);
        assert!(content.boundary.is_some() && content.inline.as_ref().unwrap().contains("aws-portal"));
        assert!(content.outdated.is_empty());
    });
}
