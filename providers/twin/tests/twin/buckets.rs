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

/// Operation, tokens a second and burst of one account, as table 1.3 of aws-facts gives them.
const PUBLISHED: [(&str, f64, usize); 49] = [
    ("AcceptHandshake", 1.0, 2),
    ("AttachPolicy", 2.0, 3),
    ("CancelHandshake", 2.0, 3),
    ("CloseAccount", 0.05, 1),
    ("CreateAccount", 0.1, 3),
    ("CreateOrganization", 1.0, 1),
    ("CreateOrganizationalUnit", 1.0, 2),
    ("CreatePolicy", 2.0, 3),
    ("DeclineHandshake", 1.0, 1),
    ("DeleteOrganizationalUnit", 2.0, 3),
    ("DeletePolicy", 2.0, 3),
    ("DeregisterDelegatedAdministrator", 1.0, 2),
    ("DescribeAccount", 20.0, 30),
    ("DescribeCreateAccountStatus", 2.0, 2),
    ("DescribeHandshake", 1.0, 2),
    ("DescribeOrganization", 1.0, 2),
    ("DescribeOrganizationalUnit", 2.0, 2),
    ("DescribePolicy", 2.0, 2),
    ("DetachPolicy", 2.0, 3),
    ("DisableAWSServiceAccess", 1.0, 2),
    ("DisablePolicyType", 1.0, 1),
    ("EnableAWSServiceAccess", 1.0, 2),
    ("EnableAllFeatures", 1.0, 1),
    ("EnablePolicyType", 1.0, 1),
    ("InviteAccountToOrganization", 3.0, 5),
    ("LeaveOrganization", 1.0, 1),
    ("ListAWSServiceAccessForOrganization", 1.0, 3),
    ("ListAccounts", 8.0, 12),
    ("ListAccountsForParent", 5.0, 8),
    ("ListChildren", 6.0, 10),
    ("ListCreateAccountStatus", 5.0, 8),
    ("ListDelegatedAdministrators", 5.0, 8),
    ("ListDelegatedServicesForAccount", 1.0, 3),
    ("ListHandshakesForAccount", 5.0, 8),
    ("ListHandshakesForOrganization", 5.0, 8),
    ("ListOrganizationalUnitsForParent", 5.0, 8),
    ("ListParents", 5.0, 8),
    ("ListPolicies", 5.0, 8),
    ("ListPoliciesForTarget", 5.0, 8),
    ("ListRoots", 1.0, 2),
    ("ListTagsForResource", 10.0, 15),
    ("ListTargetsForPolicy", 5.0, 8),
    ("MoveAccount", 2.0, 3),
    ("RegisterDelegatedAdministrator", 1.0, 2),
    ("RemoveAccountFromOrganization", 2.0, 2),
    ("TagResource", 4.0, 6),
    ("UntagResource", 4.0, 6),
    ("UpdateOrganizationalUnit", 2.0, 3),
    ("UpdatePolicy", 2.0, 3),
];

#[test]
fn every_operation_has_its_published_burst_and_rate() {
    let world = world(|_| ());
    for (operation, rate, wanted) in PUBLISHED {
        assert_eq!(
            burst(&world, MANAGEMENT, operation, &json!({})),
            wanted,
            "{operation}"
        );
        let one_token = (1000.0 / rate).ceil();
        world
            .hands
            .advance(std::time::Duration::from_millis(one_token as u64 - 1));
        assert_eq!(burst(&world, MANAGEMENT, operation, &json!({})), 0, "{operation}");
        world.hands.advance(std::time::Duration::from_millis(1));
        assert_eq!(burst(&world, MANAGEMENT, operation, &json!({})), 1, "{operation}");
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
