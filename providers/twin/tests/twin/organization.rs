//! CreateOrganization, DescribeOrganization, DeleteOrganization, ListRoots, and two organizations at once.

use crate::kit::*;

const OTHER: &str = "444455556666";

#[test]
fn an_organization_has_the_ids_and_arns_of_the_model() {
    let world = World::alone();
    let made = world.ok("CreateOrganization", json!({}));
    let id = text(&made, "/Organization/Id");
    assert!(id.starts_with("o-") && id.len() == 12, "{id}");
    assert_eq!(
        text(&made, "/Organization/Arn"),
        format!("arn:aws:organizations::{MANAGEMENT}:organization/{id}")
    );
    assert_eq!(text(&made, "/Organization/FeatureSet"), "ALL");
    assert_eq!(text(&made, "/Organization/MasterAccountId"), MANAGEMENT);
    assert_eq!(
        text(&made, "/Organization/MasterAccountArn"),
        format!("arn:aws:organizations::{MANAGEMENT}:account/{id}/{MANAGEMENT}")
    );
    assert_eq!(world.ok("DescribeOrganization", json!({})), made);
    let roots = world.ok("ListRoots", json!({}));
    let root = text(&roots, "/Roots/0/Id");
    assert_eq!(
        text(&roots, "/Roots/0/Arn"),
        format!("arn:aws:organizations::{MANAGEMENT}:root/{id}/{root}")
    );
    assert_eq!(
        at(&roots, "/Roots/0/PolicyTypes"),
        &json!([]),
        "one made by API has no types on"
    );
}

#[test]
fn other_partitions_have_their_own_arns() {
    let world = World::set(|settings| settings.partition = lz_twin::Partition::China);
    let arn = text(&world.ok("DescribeOrganization", json!({})), "/Organization/Arn");
    assert!(arn.starts_with("arn:aws-cn:organizations::"), "{arn}");
}

#[test]
fn an_account_creates_one_organization() {
    let world = World::new();
    world.no("CreateOrganization", json!({}), "AlreadyInOrganization");
    let member = world.account("a");
    world.no_as(&member, "CreateOrganization", json!({}), "AlreadyInOrganization");
}

#[test]
fn an_odd_feature_set_is_refused() {
    World::alone().no(
        "CreateOrganization",
        json!({"FeatureSet": "SOME"}),
        "InvalidInput/INVALID_ENUM",
    );
}

#[test]
fn consolidated_billing_has_no_policies_and_no_trusted_access() {
    let world = World::alone();
    world.ok(
        "CreateOrganization",
        json!({"FeatureSet": "CONSOLIDATED_BILLING"}),
    );
    let mode = "ConstraintViolation/ORGANIZATION_NOT_IN_ALL_FEATURES_MODE";
    let type_off = "PolicyTypeNotAvailableForOrganization";
    let policy = json!({"Type": SCP, "Name": "a", "Description": "", "Content": ALLOW});
    world.no("CreatePolicy", policy, type_off);
    world.no(
        "EnablePolicyType",
        json!({"RootId": world.root(), "PolicyType": SCP}),
        type_off,
    );
    world.no(
        "EnableAWSServiceAccess",
        json!({"ServicePrincipal": "ram.amazonaws.com"}),
        mode,
    );
    world.no(
        "DisableAWSServiceAccess",
        json!({"ServicePrincipal": "ram.amazonaws.com"}),
        mode,
    );
    world.no("ListAWSServiceAccessForOrganization", json!({}), mode);
    world.no("ListDelegatedAdministrators", json!({}), mode);
    world.no("PutResourcePolicy", json!({"Content": ALLOW}), mode);
    let account = world.account("a");
    world.no("CloseAccount", json!({"AccountId": account}), mode);
}

#[test]
fn an_organization_with_members_is_not_deleted() {
    let world = World::new();
    let account = world.account("a");
    world.no("DeleteOrganization", json!({}), "OrganizationNotEmpty");
    world.no_as(&account, "DeleteOrganization", json!({}), "AccessDenied");
    world.wait(4 * DAY);
    world.ok("RemoveAccountFromOrganization", json!({"AccountId": account}));
    world.ok("DeleteOrganization", json!({}));
    world.no("DescribeOrganization", json!({}), "AWSOrganizationsNotInUse");
    world.ok("CreateOrganization", json!({}));
}

#[test]
fn two_organizations_in_one_twin_know_nothing_of_each_other() {
    let world = World::new();
    world.ok_as(OTHER, "CreateOrganization", json!({}));
    let theirs = world.ok_as(OTHER, "ListRoots", json!({}));
    assert_ne!(text(&theirs, "/Roots/0/Id"), world.root());
    let own = world.account("a");
    let listed = world.ok_as(OTHER, "ListAccounts", json!({}));
    assert_eq!(ids(&listed, "/Accounts"), [OTHER]);
    world.no_as(
        OTHER,
        "DescribeAccount",
        json!({"AccountId": own}),
        "AccountNotFound",
    );
    let parent = json!({"ParentId": world.root(), "Name": "x"});
    world.no_as(OTHER, "CreateOrganizationalUnit", parent, "ParentNotFound");
    let taken = json!({"Email": "a@example.com", "AccountName": "a"});
    let asked = world.ok_as(OTHER, "CreateAccount", taken);
    world.wait(60);
    let id = json!({"CreateAccountRequestId": text(&asked, "/CreateAccountStatus/Id")});
    let status = world.ok_as(OTHER, "DescribeCreateAccountStatus", id.clone());
    assert_eq!(
        text(&status, "/CreateAccountStatus/FailureReason"),
        "EMAIL_ALREADY_EXISTS"
    );
    world.no("DescribeCreateAccountStatus", id, "CreateAccountStatusNotFound");
}

#[test]
fn the_same_seed_gives_the_same_answers() {
    let tell = |seed| {
        let world = World::set(|settings| settings.seed = seed);
        world.account("a");
        world.twin.state_json()
    };
    assert_eq!(tell(1), tell(1));
    assert_ne!(tell(1), tell(2));
}
