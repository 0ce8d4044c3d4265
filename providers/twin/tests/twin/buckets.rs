//! Token buckets, and writes that collide.

use lz_twin::{Fault, FaultScript, Rate, Seconds, Settings};

use crate::kit::*;

/// A throttled organization whose buckets are full.
fn world(change: impl FnOnce(&mut Settings)) -> World {
    let mut settings = Settings::default();
    change(&mut settings);
    let world = World::with(settings);
    world.ok("CreateOrganization", json!({}));
    world.wait(60);
    world
}

/// How many calls in a row are let through at this moment.
fn burst(world: &World, who: &str, operation: &str, input: &Value) -> usize {
    (0..100)
        .take_while(|_| match world.try_as(who, operation, input.clone()) {
            Ok(_) => true,
            Err(no) => no.code != "TooManyRequestsException",
        })
        .count()
}

#[test]
fn every_operation_has_its_published_burst() {
    let world = world(|_| ());
    let account = json!({"AccountId": MANAGEMENT});
    for (operation, input, wanted) in [
        ("AttachPolicy", json!({}), 3),
        ("CloseAccount", account.clone(), 1),
        ("CreateAccount", json!({}), 3),
        ("CreateOrganizationalUnit", json!({}), 2),
        ("DescribeAccount", account.clone(), 30),
        ("DescribeCreateAccountStatus", json!({}), 2),
        ("DescribeOrganization", json!({}), 2),
        ("EnablePolicyType", json!({}), 1),
        ("InviteAccountToOrganization", json!({}), 5),
        ("ListAccounts", json!({}), 12),
        ("ListAccountsForParent", json!({}), 8),
        ("ListChildren", json!({}), 10),
        ("ListPolicies", json!({}), 8),
        ("ListRoots", json!({}), 2),
        ("ListTagsForResource", json!({}), 15),
        ("MoveAccount", json!({}), 3),
        ("TagResource", json!({}), 6),
    ] {
        assert_eq!(
            burst(&world, MANAGEMENT, operation, &input),
            wanted,
            "{operation}"
        );
    }
}

#[test]
fn a_refused_call_says_so_and_the_bucket_fills_at_its_rate() {
    let world = world(|_| ());
    assert_eq!(burst(&world, MANAGEMENT, "ListAccounts", &json!({})), 12);
    let no = world.try_as(MANAGEMENT, "ListAccounts", json!({})).unwrap_err();
    assert_eq!((no.status, no.brief().as_str()), (400, "TooManyRequests"));
    assert_eq!(text(&no.body, "/Type"), "RATE_LIMIT");
    world.wait(1);
    assert_eq!(burst(&world, MANAGEMENT, "ListAccounts", &json!({})), 8);
    assert_eq!(world.twin.usage().throttled, 3);
}

#[test]
fn slow_rates_count_in_fractions() {
    let world = world(|_| ());
    let close = json!({"AccountId": MANAGEMENT});
    assert_eq!(burst(&world, MANAGEMENT, "CloseAccount", &close), 1);
    world.wait(19);
    assert_eq!(burst(&world, MANAGEMENT, "CloseAccount", &close), 0);
    world.wait(1);
    assert_eq!(burst(&world, MANAGEMENT, "CloseAccount", &close), 1);
}

#[test]
fn an_organization_has_a_bucket_of_its_own() {
    let world = world(|_| ());
    world.ok(
        "EnableAWSServiceAccess",
        json!({"ServicePrincipal": "sso.amazonaws.com"}),
    );
    let account = world.account("a");
    let register = json!({"AccountId": account, "ServicePrincipal": "sso.amazonaws.com"});
    world.ok("RegisterDelegatedAdministrator", register);
    world.wait(60);
    assert_eq!(burst(&world, MANAGEMENT, "ListAccounts", &json!({})), 12);
    assert_eq!(
        burst(&world, &account, "ListAccounts", &json!({})),
        3,
        "15 for the organization"
    );
}

#[test]
fn strict_mode_shares_a_bucket_among_the_apis_of_a_row() {
    for (strict, left) in [(false, 8), (true, 0)] {
        let world = world(|settings| settings.strict_buckets = strict);
        assert_eq!(burst(&world, MANAGEMENT, "ListPolicies", &json!({})), 8);
        assert_eq!(
            burst(&world, MANAGEMENT, "ListTargetsForPolicy", &json!({})),
            left
        );
    }
}

#[test]
fn buckets_can_be_replaced() {
    let rate = Rate {
        rate: 1.0,
        burst: 1.0,
        organization_rate: None,
        organization_burst: None,
    };
    let world = world(|settings| {
        settings
            .rates
            .insert("organizations:PutResourcePolicy".to_owned(), rate);
    });
    assert_eq!(burst(&world, MANAGEMENT, "PutResourcePolicy", &json!({})), 1);
    assert_eq!(
        burst(&world, MANAGEMENT, "DeleteResourcePolicy", &json!({})),
        100,
        "none is published"
    );
}

#[test]
fn a_write_shortly_after_another_one_may_conflict() {
    let world = World::set(|settings| settings.conflict_seconds = Seconds::new(2));
    world.wait(10);
    world.ou(&world.root(), "a");
    let second = json!({"ParentId": world.root(), "Name": "b"});
    world.no(
        "CreateOrganizationalUnit",
        second.clone(),
        "ConcurrentModification",
    );
    world.ok("ListAccounts", json!({}));
    world.wait(2);
    world.ok("CreateOrganizationalUnit", second);
}

#[test]
fn a_write_that_a_fault_refuses_keeps_nobody_waiting() {
    for fault in [
        Fault::Throttle,
        Fault::Crash,
        Fault::Fail {
            code: "ServiceException".to_owned(),
            status: 500,
        },
    ] {
        let world = World::set(|settings| settings.conflict_seconds = Seconds::new(2));
        world.wait(10);
        let root = world.root();
        world.twin.set_faults(FaultScript::at_call(1, fault));
        let make = json!({"ParentId": root, "Name": "a"});
        let target = "AWSOrganizationsV20161128.CreateOrganizationalUnit";
        let lost = send(&world.twin, json_request(MANAGEMENT, "us-east-1", target, &make));
        assert!(lost.is_err() || read(&lost.unwrap()).is_err());
        world.ok("CreateOrganizationalUnit", make);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_caller_stops_waiting_keeps_nobody_waiting() {
    let clock = lz_twin::Clock::virtual_time(lz_twin::AwsTime::EXAMPLE);
    let settings = Settings {
        write_seconds: Seconds::new(5),
        ..Settings::unthrottled()
    };
    let twin = lz_twin::Twin::new(settings, FaultScript::none(), clock);
    let call = |operation: &str, input: &Value| {
        let target = format!("AWSOrganizationsV20161128.{operation}");
        twin.handle(json_request(MANAGEMENT, "us-east-1", &target, input))
    };
    read(&call("CreateOrganization", &json!({})).await.unwrap()).unwrap();
    let trust = json!({"ServicePrincipal": "sso.amazonaws.com"});
    let second = std::time::Duration::from_secs(1);
    let given_up = tokio::time::timeout(second, call("EnableAWSServiceAccess", &trust)).await;
    assert!(given_up.is_err(), "the call takes five seconds");
    let (one, two) = tokio::join!(
        call("EnableAWSServiceAccess", &trust),
        call("EnableAWSServiceAccess", &trust)
    );
    assert_eq!(read(&one.unwrap()), Ok(Value::Null));
    assert_eq!(read(&two.unwrap()).unwrap_err().brief(), "ConcurrentModification");
}
