//! Accounts: reading, moving, removing, leaving.

use crate::kit::*;

fn moved(account: &str, from: &str, to: &str) -> Value {
    json!({"AccountId": account, "SourceParentId": from, "DestinationParentId": to})
}

#[test]
fn an_account_reads_the_same_through_every_call() {
    let world = World::new();
    let root = world.root();
    let ou = world.ou(&root, "a");
    let account = world.account("audit");
    world.ok("MoveAccount", moved(&account, &root, &ou));
    let shown = at(
        &world.ok("DescribeAccount", json!({"AccountId": account})),
        "/Account",
    )
    .clone();
    let organization = text(&world.ok("DescribeOrganization", json!({})), "/Organization/Id");
    assert_eq!(
        text(&shown, "/Arn"),
        format!("arn:aws:organizations::{MANAGEMENT}:account/{organization}/{account}")
    );
    assert_eq!(
        text(&shown, "/Paths/0"),
        format!("{organization}/{root}/{ou}/{account}/")
    );
    assert_eq!(
        (text(&shown, "/Email").as_str(), text(&shown, "/Name").as_str()),
        ("audit@example.com", "audit")
    );
    assert_eq!(
        (text(&shown, "/State"), text(&shown, "/Status")),
        ("ACTIVE".into(), "ACTIVE".into())
    );
    assert_eq!(text(&shown, "/JoinedMethod"), "CREATED");
    assert_eq!(at(&shown, "/JoinedTimestamp").as_f64(), Some(1_767_225_660.0));
    let under = world.ok("ListAccountsForParent", json!({"ParentId": ou}));
    assert_eq!(under, json!({"Accounts": [shown]}));
    let all = world.ok("ListAccounts", json!({}));
    assert!(at(&all, "/Accounts").as_array().unwrap().contains(&shown));
}

#[test]
fn the_old_status_can_be_withheld() {
    let world = World::set(|settings| settings.status = false);
    let shown = world.ok("DescribeAccount", json!({"AccountId": MANAGEMENT}));
    assert_eq!(shown.pointer("/Account/Status"), None);
    assert_eq!(text(&shown, "/Account/State"), "ACTIVE");
}

#[test]
fn the_management_account_shows_as_invited() {
    let shown = World::new().ok("DescribeAccount", json!({"AccountId": MANAGEMENT}));
    assert_eq!(text(&shown, "/Account/JoinedMethod"), "INVITED");
}

#[test]
fn an_account_moves_once_and_from_where_it_is() {
    let world = World::new();
    let root = world.root();
    let (a, b) = (world.ou(&root, "a"), world.ou(&root, "b"));
    let account = world.account("x");
    world.ok("MoveAccount", moved(&account, &root, &a));
    world.no("MoveAccount", moved(&account, &b, &root), "SourceParentNotFound");
    world.no(
        "MoveAccount",
        moved(&account, NO_OU, &root),
        "SourceParentNotFound",
    );
    world.no(
        "MoveAccount",
        moved(&account, &a, NO_OU),
        "DestinationParentNotFound",
    );
    world.no("MoveAccount", moved(&account, &a, &a), "DuplicateAccount");
    world.no("MoveAccount", moved(NO_ACCOUNT, &a, &b), "AccountNotFound");
    let elsewhere = moved(&account, &a, "r-zzzz");
    world.no(
        "MoveAccount",
        elsewhere,
        "InvalidInput/MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS",
    );
    let parents = world.ok("ListParents", json!({"ChildId": account}));
    assert_eq!(ids(&parents, "/Parents"), [a]);
}

#[test]
fn what_a_wrong_source_is_called_is_a_setting() {
    let world = World::set(|settings| settings.wrong_source = lz_twin::WrongSource::AccountNotFound);
    let root = world.root();
    let (a, account) = (world.ou(&root, "a"), world.account("x"));
    world.no("MoveAccount", moved(&account, &a, &root), "AccountNotFound");
    world.no("MoveAccount", moved(&account, NO_OU, &a), "SourceParentNotFound");
}

#[test]
fn a_created_account_stays_four_days() {
    let world = World::new();
    let account = world.account("x");
    let remove = json!({"AccountId": account});
    world.wait(4 * DAY - 1);
    world.no(
        "RemoveAccountFromOrganization",
        remove.clone(),
        "ConstraintViolation/WAIT_PERIOD_ACTIVE",
    );
    world.no_as(
        &account,
        "LeaveOrganization",
        json!({}),
        "ConstraintViolation/WAIT_PERIOD_ACTIVE",
    );
    world.wait(1);
    world.ok("RemoveAccountFromOrganization", remove.clone());
    world.no("RemoveAccountFromOrganization", remove, "AccountNotFound");
    world.no_as(
        &account,
        "DescribeOrganization",
        json!({}),
        "AWSOrganizationsNotInUse",
    );
}

#[test]
fn an_invited_account_leaves_whenever_it_likes_and_loses_its_tags_and_policies() {
    let world = World::new();
    world.enable(SCP);
    world.invite("444455556666");
    let policy = world.policy(SCP, "p", ALLOW);
    world.ok(
        "AttachPolicy",
        json!({"PolicyId": policy, "TargetId": "444455556666"}),
    );
    let tags = json!({"ResourceId": "444455556666", "Tags": [{"Key": "a", "Value": "b"}]});
    world.ok("TagResource", tags);
    world.ok_as("444455556666", "LeaveOrganization", json!({}));
    world.no(
        "ListTagsForResource",
        json!({"ResourceId": "444455556666"}),
        "TargetNotFound",
    );
    world.invite("444455556666");
    assert_eq!(world.attached("444455556666", SCP), ["p-FullAWSAccess"]);
    let tags = world.ok("ListTagsForResource", json!({"ResourceId": "444455556666"}));
    assert_eq!(tags, json!({"Tags": []}));
}

#[test]
fn the_management_account_never_leaves() {
    let world = World::new();
    let own = json!({"AccountId": MANAGEMENT});
    world.no(
        "RemoveAccountFromOrganization",
        own,
        "MasterCannotLeaveOrganization",
    );
    world.no("LeaveOrganization", json!({}), "MasterCannotLeaveOrganization");
}

#[test]
fn a_delegated_administrator_is_deregistered_before_it_leaves() {
    let world = World::new();
    let account = world.account("x");
    world.delegate(&account, "guardduty.amazonaws.com");
    world.wait(4 * DAY);
    let reason = "ConstraintViolation/CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG";
    world.no(
        "RemoveAccountFromOrganization",
        json!({"AccountId": account}),
        reason,
    );
    world.no_as(&account, "LeaveOrganization", json!({}), reason);
}

#[test]
fn an_account_without_payment_data_stays() {
    let world = World::set(|settings| settings.members_have_payment_data = false);
    let account = world.account("x");
    world.wait(4 * DAY);
    let reason = "ConstraintViolation/MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED";
    world.no(
        "RemoveAccountFromOrganization",
        json!({"AccountId": account}),
        reason,
    );
}

#[test]
fn ids_out_of_shape_are_refused() {
    let world = World::new();
    for operation in ["DescribeAccount", "CloseAccount", "RemoveAccountFromOrganization"] {
        world.no(
            operation,
            json!({"AccountId": "12345678901"}),
            "InvalidInput/INVALID_PATTERN",
        );
        world.no(operation, json!({"AccountId": NO_ACCOUNT}), "AccountNotFound");
    }
}
