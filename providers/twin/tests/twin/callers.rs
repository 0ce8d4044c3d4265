//! Who may call what.

use crate::kit::*;

const READS: [&str; 9] = [
    "ListAccounts",
    "ListRoots",
    "ListCreateAccountStatus",
    "ListDelegatedAdministrators",
    "ListAWSServiceAccessForOrganization",
    "ListHandshakesForOrganization",
    "ListPolicies",
    "ListTagsForResource",
    "DescribeAccount",
];

const WRITES: [&str; 20] = [
    "AttachPolicy",
    "CloseAccount",
    "CreateAccount",
    "CreateOrganizationalUnit",
    "CreatePolicy",
    "DeleteOrganization",
    "DeleteResourcePolicy",
    "DetachPolicy",
    "DisableAWSServiceAccess",
    "DisablePolicyType",
    "EnableAWSServiceAccess",
    "EnableAllFeatures",
    "EnablePolicyType",
    "InviteAccountToOrganization",
    "MoveAccount",
    "PutResourcePolicy",
    "RegisterDelegatedAdministrator",
    "RemoveAccountFromOrganization",
    "TagResource",
    "UpdatePolicy",
];

fn input() -> Value {
    json!({"Filter": SCP, "ResourceId": MANAGEMENT, "AccountId": MANAGEMENT})
}

/// ListHandshakesForOrganization has a filter of another shape.
fn input_of(operation: &str) -> Value {
    match operation {
        "ListHandshakesForOrganization" => json!({}),
        _ => input(),
    }
}

#[test]
fn an_account_without_organization_is_told_so() {
    let world = World::alone();
    for operation in READS.iter().chain(&WRITES).chain(&[
        "DescribeOrganization",
        "LeaveOrganization",
        "DescribeEffectivePolicy",
    ]) {
        world.no(operation, input_of(operation), "AWSOrganizationsNotInUse");
    }
    world.ok("ListHandshakesForAccount", json!({}));
    world.no(
        "DescribeHandshake",
        json!({"HandshakeId": NO_HANDSHAKE}),
        "HandshakeNotFound",
    );
}

#[test]
fn a_member_account_neither_reads_nor_writes() {
    let world = World::new();
    let member = world.account("a");
    for operation in READS.iter().chain(&WRITES) {
        world.no_as(&member, operation, input_of(operation), "AccessDenied");
    }
    world.ok_as(&member, "DescribeOrganization", json!({}));
}

#[test]
fn a_delegated_administrator_reads_and_does_not_write() {
    let world = World::new();
    let member = world.account("a");
    world.delegate(&member, "guardduty.amazonaws.com");
    for operation in READS {
        world.ok_as(&member, operation, input_of(operation));
    }
    for operation in WRITES {
        world.no_as(&member, operation, input_of(operation), "AccessDenied");
    }
}

#[test]
fn the_resource_policy_grants_policy_management() {
    let world = World::new();
    let (member, other) = (world.account("a"), world.account("b"));
    let statement = json!({
        "Sid": "a", "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{member}:root")},
        "Action": ["organizations:CreatePolicy", "organizations:Describe*"], "Resource": "*",
    });
    let content = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    world.ok("PutResourcePolicy", json!({"Content": content}));
    let policy = json!({"Type": SCP, "Name": "p", "Description": "", "Content": ALLOW});
    let made = world.ok_as(&member, "CreatePolicy", policy.clone());
    let id = json!({"PolicyId": text(&made, "/Policy/PolicySummary/Id")});
    world.ok_as(&member, "DescribePolicy", id.clone());
    world.no_as(&member, "DeletePolicy", id, "AccessDenied");
    world.no_as(&member, "ListAccounts", json!({}), "AccessDenied");
    world.no_as(&other, "CreatePolicy", policy, "AccessDenied");
}

#[test]
fn a_denial_in_the_resource_policy_wins() {
    let world = World::new();
    let member = world.account("a");
    let statement = |effect: &str| json!({"Effect": effect, "Principal": {"AWS": member}, "Action": "organizations:*", "Resource": "*"});
    let content = json!({"Version": "2012-10-17", "Statement": [statement("Allow"), statement("Deny")]});
    world.ok("PutResourcePolicy", json!({"Content": content.to_string()}));
    world.no_as(&member, "ListAccounts", json!({}), "AccessDenied");
}

#[test]
fn an_unknown_key_is_the_default_account() {
    let world = World::new();
    let answer = world.ok_as("AKIAEXAMPLE", "DescribeOrganization", json!({}));
    assert_eq!(text(&answer, "/Organization/MasterAccountId"), MANAGEMENT);
}
