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

#[test]
fn an_apply_makes_each_grant_once_and_a_plan_counts_its_accounts() {
    runtime().block_on(async {
        let world = organized().await;
        let plan = world.plan(&with(ACCESS)).await.unwrap();
        assert_eq!(
            ids(&plan),
            [
                "permission_set.admin:create",
                "permission_set.read:create",
                "assignment.auditors:grant group auditors",
                "assignment.auditors:grant user eve",
                "assignment.platform:grant group platform",
            ]
        );
        assert!(plan.notes.is_empty(), "{:#?}", plan.notes);
    });
}

#[test]
fn a_change_reaches_the_accounts_and_what_is_left_out_is_taken_away() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let changed = ACCESS
            .replace("\"deny-data\", ", "")
            .replace(
                "  boundary          = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"\n",
                "",
            )
            .replace("aws-portal:*", "aws-portal:View*")
            .replace("\"8h\"", "\"4h\"")
            .replace("\"Everything\"", "\"All of it\"");
        let desired = with(&changed);
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(
            ids(&plan),
            [
                "permission_set.admin:update",
                "permission_set.admin:provision",
                "permission_set.read:update",
                "permission_set.read:provision",
            ]
        );
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
        let live = identity(&world, &desired).await;
        for set in live.sets.values() {
            let content = set.content.as_ref().unwrap();
            assert!(content.outdated.is_empty() && content.boundary.is_none());
        }
    });
}

#[test]
fn a_description_alone_is_not_provisioned() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let plan = world
            .plan(&with(&ACCESS.replace("\"Everything\"", "\"All\"")))
            .await
            .unwrap();
        assert_eq!(ids(&plan), ["permission_set.admin:update"]);
    });
}

#[test]
fn accounts_to_come_get_access_once_they_are_in_their_place() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let more = format!(
            "{ACCESS}\naccount \"till\" {{\n  name = \"Till\"\n  email = \"aws+till@example.com\"\n  ou = ou.workloads.prod\n}}\n"
        );
        let desired = with(&more);
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(
            ids(&plan),
            [
                "account.till:create",
                "account.till:move",
                "assignment.platform:grant group platform account.till",
            ]
        );
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
    });
}

#[test]
fn a_set_that_left_the_spec_is_taken_from_everybody_and_goes() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let (kept, _) = ACCESS.split_once("permission_set \"read\"").unwrap();
        let rest = format!(
            "{kept}assignment \"platform\" {{\n  permission_set = permission_set.admin\n  groups = [\"platform\"]\n  ous = [ou.workloads]\n}}\n"
        );
        let desired = with(&rest);
        let plan = world.plan(&desired).await.unwrap();
        let last = plan.steps.last().unwrap();
        assert_eq!(last.id.as_str(), "permission_set.read:delete read");
        assert_eq!(plan.steps.len(), 3, "{:#?}", ids(&plan));
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
        assert_eq!(identity(&world, &desired).await.sets.len(), 1);
    });
}

#[test]
fn a_forgotten_set_stays_with_all_who_have_it() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let forgotten = "identity_center {}\n\
            removed {\n  from = permission_set.admin\n  action = \"forget\"\n}\n\
            removed {\n  from = permission_set.read\n  action = \"forget\"\n}\n";
        let desired = with(forgotten);
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(
            ids(&plan),
            ["permission_set.admin:forget", "permission_set.read:forget"]
        );
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&with("identity_center {}")).await;
        assert_eq!(identity(&world, &desired).await.sets.len(), 2);
    });
}

#[test]
fn a_set_of_the_same_name_is_adopted_in_one_visible_step() {
    runtime().block_on(async {
        let world = organized().await;
        let (instance, _) = instance(&world).await;
        let input =
            json!({"InstanceArn": instance, "Name": "AdministratorAccess", "SessionDuration": "PT1H"});
        by_hand(&world, "SWBExternalService.CreatePermissionSet", input).await;
        let desired = with(ACCESS);
        let plan = world.plan(&desired).await.unwrap();
        let step = plan
            .steps
            .iter()
            .find(|step| step.id.as_str() == "permission_set.admin:update");
        assert!(format!("{:?}", step.unwrap().reason).contains("Adopted"));
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
    });
}

/// Gives a group a set in an account, past the engine.
async fn assign_by_hand(world: &World, desired: &Desired, set: &str, name: &str) {
    let live = world.read(desired).await.unwrap().organization.unwrap();
    let account = live
        .accounts
        .values()
        .find(|account| account.name == "Audit")
        .unwrap();
    let identity = live.identity.as_ref().unwrap();
    let (arn, _) = identity.sets.iter().find(|(_, found)| found.name == set).unwrap();
    let input = json!({
        "InstanceArn": identity.center.instance, "PermissionSetArn": arn, "TargetId": account.id,
        "TargetType": "AWS_ACCOUNT", "PrincipalType": "GROUP", "PrincipalId": group(world, name).await,
    });
    by_hand(world, "SWBExternalService.CreateAccountAssignment", input).await;
}

#[test]
fn what_others_give_by_hand_is_told_and_left() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let desired = with(ACCESS);
        assign_by_hand(&world, &desired, "AdministratorAccess", "guests").await;
        let plan = world.plan(&desired).await.unwrap();
        assert!(plan.is_empty(), "{:#?}", ids(&plan));
        assert_eq!(codes(&plan), ["other_assignments"]);
        assign_by_hand(&world, &desired, "AdministratorAccess", "platform").await;
        let plan = world.plan(&desired).await.unwrap();
        assert!(plan.is_empty(), "{:#?}", ids(&plan));
        assert_eq!(codes(&plan), ["extra_assignments"]);
    });
}

#[test]
fn a_claimed_list_takes_access_from_whom_the_spec_does_not_name() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        assign_by_hand(&world, &with(ACCESS), "AdministratorAccess", "guests").await;
        let claimed = format!(
            "{}{ACCESS}",
            BASE.replace("[\"sso\"]", "[\"sso\"]\n  exclusive = [\"assignments\"]")
        );
        let desired = spec(&claimed);
        let plan = world.plan(&desired).await.unwrap();
        assert_eq!(plan.steps.len(), 1, "{:#?}", ids(&plan));
        assert!(
            plan.steps[0]
                .id
                .as_str()
                .starts_with("permission_set.admin:revoke")
        );
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&desired).await;
        // A group that leaves the spec loses what it had.
        let fewer = spec(&claimed.replace("  users          = [\"eve\"]\n", ""));
        let plan = world.plan(&fewer).await.unwrap();
        assert_eq!(plan.steps.len(), 1, "{:#?}", ids(&plan));
        assert!(world.apply(plan).await.is_complete());
        world.assert_settled(&fewer).await;
    });
}

#[test]
fn a_group_that_nobody_has_made_is_refused_before_anything_is_done() {
    runtime().block_on(async {
        let world = organized().await;
        let desired = with(&ACCESS.replace("\"auditors\"]", "\"auditors\", \"ghosts\"]"));
        let refusal = world.plan(&desired).await.unwrap_err();
        assert_eq!(refusal.problems.len(), 1);
        assert_eq!(refusal.problems[0].code, "principal_missing");
        assert!(refusal.problems[0].text.contains("ghosts"));
    });
}

#[test]
fn identity_center_elsewhere_is_refused_with_the_place() {
    runtime().block_on(async {
        let world = organized().await;
        let desired = with(&format!("identity_center {{ region = \"eu-west-1\" }}\n{ACCESS}"));
        let refusal = world.plan(&desired).await.unwrap_err();
        assert_eq!(refusal.problems[0].code, "identity_center_off");
    });
}

#[test]
fn a_changed_name_and_anothers_set_are_refused() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let refusal = world
            .plan(&with(&ACCESS.replace("\"AdministratorAccess\"\n", "\"Admin\"\n")))
            .await
            .unwrap_err();
        assert_eq!(refusal.problems[0].code, "permission_set_renamed");
        let other = format!("{BASE}{ACCESS}").replace("\"acme\"", "\"other\"");
        let refusal = world.plan(&spec(&other)).await.unwrap_err();
        assert!(
            refusal
                .problems
                .iter()
                .any(|problem| problem.code == "foreign_zone"),
            "{:#?}",
            refusal.problems
        );
    });
}

#[test]
fn access_to_the_management_account_is_pointed_out() {
    runtime().block_on(async {
        let world = organized().await;
        let plan = world
            .plan(&with(
                &ACCESS.replace("ous            = [ou.workloads]", "ous = [root]"),
            ))
            .await
            .unwrap();
        assert_eq!(codes(&plan), ["management_access"]);
    });
}

#[test]
fn a_spec_without_identity_center_asks_it_nothing() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let before = world.provider.stats().calls;
        world.plan(&spec(BASE)).await.unwrap();
        let after = world.provider.stats().calls;
        for (call, count) in after {
            let asked = call.starts_with("sso:") || call.starts_with("identitystore:");
            assert!(!asked || before.get(&call) == Some(&count), "{call}");
        }
    });
}

#[test]
fn reading_costs_two_calls_a_set_and_six_more_for_a_declared_one() {
    runtime().block_on(async {
        let world = converged(ACCESS).await;
        let sum = |world: &World| -> u64 {
            let calls = world.provider.stats().calls;
            let ours = |call: &str| call.starts_with("sso:") || call.starts_with("identitystore:");
            calls
                .iter()
                .filter(|(call, _)| ours(call))
                .map(|(_, count)| count)
                .sum()
        };
        let before = sum(&world);
        world.plan(&with(ACCESS)).await.unwrap();
        // The instance, three lists of requests, the list of sets; two and six for each of two sets; two for each of
        // three principals.
        assert_eq!(sum(&world) - before, 5 + 2 * 8 + 3 * 2);
    });
}

#[test]
fn a_saved_plan_goes_on_after_half_of_it() {
    runtime().block_on(async {
        let world = organized().await;
        let desired = with(ACCESS);
        let saved = world.plan(&desired).await.unwrap();
        let mut half = saved.clone();
        half.steps.retain(|step| {
            step.id.as_str().starts_with("permission_set") || step.id.as_str().contains("eve")
        });
        assert!(world.apply(half).await.is_complete());
        let live = world.read(&desired).await.unwrap();
        let fresh = lz_plan::plan(&desired, &live).unwrap();
        assert_eq!(fresh.steps.len(), 2);
        let rest = lz_plan::file::remaining(&saved, fresh, &desired, &live).unwrap();
        assert!(world.apply(rest).await.is_complete());
        world.assert_settled(&desired).await;
    });
}
