//! CreateAccount: asynchronous, with its limits.

use lz_twin::CreationOverLimit;

use crate::kit::*;

fn wanted(name: &str) -> Value {
    json!({"Email": format!("{name}@example.com"), "AccountName": name})
}

fn status(world: &World, id: &str) -> Value {
    at(
        &world.ok(
            "DescribeCreateAccountStatus",
            json!({"CreateAccountRequestId": id}),
        ),
        "/CreateAccountStatus",
    )
    .clone()
}

#[test]
fn a_creation_runs_and_ends_in_the_root() {
    let world = World::new();
    let asked = world.ok("CreateAccount", wanted("a"));
    let id = text(&asked, "/CreateAccountStatus/Id");
    assert!(id.starts_with("car-"), "{id}");
    assert_eq!(text(&asked, "/CreateAccountStatus/State"), "IN_PROGRESS");
    world.wait(59);
    assert_eq!(text(&status(&world, &id), "/State"), "IN_PROGRESS");
    world.wait(1);
    let done = status(&world, &id);
    assert_eq!(text(&done, "/State"), "SUCCEEDED");
    assert_eq!(text(&done, "/AccountName"), "a");
    assert_eq!(at(&done, "/CompletedTimestamp").as_f64(), Some(1_767_225_660.0));
    let account = text(&done, "/AccountId");
    let parents = world.ok("ListParents", json!({"ChildId": account}));
    assert_eq!(ids(&parents, "/Parents"), [world.root()]);
}

#[test]
fn a_taken_address_fails_later_and_whatever_its_case() {
    let world = World::new();
    world.account("a");
    let again = json!({"Email": "A@Example.com", "AccountName": "b"});
    let id = text(&world.ok("CreateAccount", again), "/CreateAccountStatus/Id");
    world.wait(60);
    let failed = status(&world, &id);
    assert_eq!(
        (text(&failed, "/State"), text(&failed, "/FailureReason")),
        ("FAILED".into(), "EMAIL_ALREADY_EXISTS".into())
    );
    assert_eq!(failed.get("AccountId"), None);
}

#[test]
fn of_two_creations_with_one_address_the_second_fails() {
    let world = World::new();
    let first = text(&world.ok("CreateAccount", wanted("a")), "/CreateAccountStatus/Id");
    world.wait(1);
    let second = text(&world.ok("CreateAccount", wanted("a")), "/CreateAccountStatus/Id");
    world.wait(60);
    assert_eq!(text(&status(&world, &first), "/State"), "SUCCEEDED");
    assert_eq!(text(&status(&world, &second), "/State"), "FAILED");
    assert_eq!(
        at(&world.ok("ListAccounts", json!({})), "/Accounts")
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn five_creations_run_at_once() {
    for (choice, refusal) in [
        (CreationOverLimit::TooManyRequests, "TooManyRequests"),
        (
            CreationOverLimit::ConstraintViolation,
            "ConstraintViolation/ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
        ),
        (
            CreationOverLimit::ConcurrentModification,
            "ConcurrentModification",
        ),
    ] {
        let world = World::set(|settings| settings.creation_over_limit = choice);
        for n in 0..5 {
            world.ask_account(&format!("a{n}"));
        }
        world.no("CreateAccount", wanted("a5"), refusal);
        world.wait(60);
        world.ask_account("a5");
    }
}

#[test]
fn requests_are_listed_by_state() {
    let world = World::new();
    world.account("a");
    world.ok("CreateAccount", wanted("a"));
    world.wait(60);
    let running = world.ask_account("b");
    let listed = |states: Value| {
        let answer = world.ok("ListCreateAccountStatus", json!({"States": states}));
        at(&answer, "/CreateAccountStatuses").as_array().unwrap().len()
    };
    let one = world.ok("ListCreateAccountStatus", json!({"States": ["IN_PROGRESS"]}));
    assert_eq!(ids(&one, "/CreateAccountStatuses"), [running]);
    assert_eq!(listed(json!(["SUCCEEDED"])), 1);
    assert_eq!(listed(json!(["FAILED", "IN_PROGRESS"])), 2);
    assert_eq!(listed(json!([])), 3);
    world.no(
        "ListCreateAccountStatus",
        json!({"States": ["DONE"]}),
        "InvalidInput/INVALID_ENUM",
    );
}

#[test]
fn an_unknown_request_is_not_found() {
    let world = World::new();
    let unknown = json!({"CreateAccountRequestId": "car-00000000"});
    world.no(
        "DescribeCreateAccountStatus",
        unknown,
        "CreateAccountStatusNotFound",
    );
    let odd = json!({"CreateAccountRequestId": "car-X"});
    world.no("DescribeCreateAccountStatus", odd, "InvalidInput/INVALID_PATTERN");
}

#[test]
fn running_creations_and_invitations_count_against_the_account_quota() {
    let world = World::set(|settings| settings.accounts = 3);
    world.ask_account("a");
    let invite = json!({"Target": {"Id": "444455556666", "Type": "ACCOUNT"}});
    world.ok("InviteAccountToOrganization", invite);
    world.no(
        "CreateAccount",
        wanted("b"),
        "ConstraintViolation/ACCOUNT_NUMBER_LIMIT_EXCEEDED",
    );
    let invite = json!({"Target": {"Id": "777788889999", "Type": "ACCOUNT"}});
    let refusal = "HandshakeConstraintViolation/ACCOUNT_NUMBER_LIMIT_EXCEEDED";
    world.no("InviteAccountToOrganization", invite, refusal);
}

#[test]
fn a_daily_limit_can_be_set() {
    let world = World::set(|settings| settings.creations_per_day = Some(1));
    world.account("a");
    let reason = "ConstraintViolation/ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED";
    world.no("CreateAccount", wanted("b"), reason);
    world.wait(DAY);
    world.account("b");
}

#[test]
fn a_new_organization_may_still_be_finalizing() {
    let world = World::set(|settings| settings.finalizing_seconds = lz_twin::Seconds::new(3600));
    world.no("CreateAccount", wanted("a"), "FinalizingOrganization");
    let invite = json!({"Target": {"Id": "444455556666", "Type": "ACCOUNT"}});
    world.no("InviteAccountToOrganization", invite, "FinalizingOrganization");
    world.wait(3600);
    world.account("a");
}

#[test]
fn members_out_of_shape_are_refused() {
    let world = World::new();
    let with = |name: &str, value: &str| {
        let mut input = wanted("a");
        input[name] = json!(value);
        input
    };
    for (name, value, reason) in [
        ("Email", "a@b.c", "MIN_LENGTH_EXCEEDED"),
        ("Email", "nobody.example.com", "INVALID_PATTERN"),
        (
            "Email",
            &format!("{}@example.com", "a".repeat(60)),
            "MAX_LENGTH_EXCEEDED",
        ),
        ("AccountName", "", "MIN_LENGTH_EXCEEDED"),
        ("AccountName", &"a".repeat(51), "MAX_LENGTH_EXCEEDED"),
        ("AccountName", "Prüfung", "INVALID_PATTERN"),
        ("RoleName", "a role", "INVALID_PATTERN"),
        ("RoleName", "AWSServiceRoleForMe", "INVALID_ROLE_NAME"),
        ("IamUserAccessToBilling", "MAYBE", "INVALID_ENUM"),
    ] {
        world.no(
            "CreateAccount",
            with(name, value),
            &format!("InvalidInput/{reason}"),
        );
    }
    world.ok("CreateAccount", with("AccountName", &"~".repeat(50)));
}

#[test]
fn a_created_account_brings_its_tags_and_default_policies() {
    let world = World::new();
    world.enable(SCP);
    let mut input = wanted("a");
    input["Tags"] = json!([{"Key": "team", "Value": "x"}]);
    let id = text(&world.ok("CreateAccount", input), "/CreateAccountStatus/Id");
    world.wait(60);
    let account = text(&status(&world, &id), "/AccountId");
    assert_eq!(world.attached(&account, SCP), ["p-FullAWSAccess"]);
    let tags = world.ok("ListTagsForResource", json!({"ResourceId": account}));
    assert_eq!(tags, json!({"Tags": [{"Key": "team", "Value": "x"}]}));
}
