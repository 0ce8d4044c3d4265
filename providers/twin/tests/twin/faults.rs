//! Calls that go wrong on demand.

use lz_twin::{ConnectionLost, Fault, FaultScript, Rule, Seconds, When};

use crate::kit::*;

/// An organization whose next calls follow the script.
fn world(at: When, fault: Fault) -> World {
    let world = World::new();
    world.twin.set_faults(FaultScript {
        rules: vec![Rule { at, fault }],
        ..FaultScript::none()
    });
    world
}

fn trust(world: &World) -> Result<Result<Value, No>, ConnectionLost> {
    let input = json!({"ServicePrincipal": "sso.amazonaws.com"});
    let target = "AWSOrganizationsV20161128.EnableAWSServiceAccess";
    send(&world.twin, json_request(MANAGEMENT, "us-east-1", target, &input)).map(|response| read(&response))
}

fn trusted(world: &World) -> usize {
    let listed = world.ok("ListAWSServiceAccessForOrganization", json!({}));
    at(&listed, "/EnabledServicePrincipals").as_array().unwrap().len()
}

#[test]
fn a_throttled_call_has_no_effect() {
    let world = world(When::Call(1), Fault::Throttle);
    assert_eq!(trust(&world).unwrap().unwrap_err().brief(), "TooManyRequests");
    assert_eq!(trusted(&world), 0);
    assert_eq!(world.twin.usage().throttled, 1);
}

#[test]
fn a_failed_call_answers_what_the_script_says() {
    let fault = Fault::Fail {
        code: "ServiceException".to_owned(),
        status: 500,
    };
    let world = world(When::Call(1), fault);
    let no = trust(&world).unwrap().unwrap_err();
    assert_eq!((no.status, no.brief().as_str()), (500, "Service"));
    assert_eq!(trusted(&world), 0);
}

#[test]
fn a_lost_reply_comes_after_the_effect() {
    let world = world(When::Call(1), Fault::LoseReply);
    assert_eq!(trust(&world).unwrap_err(), ConnectionLost::Reply);
    assert_eq!(trusted(&world), 1);
}

#[test]
fn a_crash_comes_before_the_effect_or_after_it() {
    for (fault, effect) in [(Fault::Crash, 0), (Fault::CrashAfter, 1)] {
        let world = world(When::Call(1), fault);
        assert_eq!(trust(&world).unwrap_err(), ConnectionLost::Crashed);
        assert_eq!(trusted(&world), effect);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delayed_call_takes_longer() {
    let clock = lz_twin::Clock::virtual_time(lz_twin::AwsTime::EXAMPLE);
    let faults = FaultScript::at_call(
        1,
        Fault::Delay {
            seconds: Seconds::new(7),
        },
    );
    let twin = lz_twin::Twin::new(lz_twin::Settings::unthrottled(), faults, clock);
    let began = twin.now();
    let target = "AWSOrganizationsV20161128.CreateOrganization";
    let answer = twin
        .handle(json_request(MANAGEMENT, "us-east-1", target, &json!({})))
        .await;
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(twin.now().since(began).as_secs(), 7);
}

#[test]
fn calls_are_counted_in_all_by_operation_and_in_steps() {
    let fits = |at: When| {
        let world = world(at, Fault::Throttle);
        let operations = ["ListRoots", "ListAccounts", "ListRoots", "ListAccounts"];
        operations.map(|operation| world.try_as(MANAGEMENT, operation, json!({})).is_err())
    };
    assert_eq!(fits(When::Call(3)), [false, false, true, false]);
    assert_eq!(fits(When::Every(2)), [false, true, false, true]);
    let second = |name: &str| When::Operation {
        name: name.to_owned(),
        nth: 2,
    };
    assert_eq!(fits(second("ListAccounts")), [false, false, false, true]);
    assert_eq!(
        fits(second("organizations:ListRoots")),
        [false, false, true, false]
    );
    assert_eq!(fits(When::Every(0)), [false; 4]);
}

#[test]
fn a_new_script_counts_from_one() {
    let world = World::new();
    world.twin.set_faults(FaultScript::at_call(2, Fault::Throttle));
    world.ok("ListRoots", json!({}));
    world.twin.set_faults(FaultScript::at_call(2, Fault::Throttle));
    world.ok("ListRoots", json!({}));
    world.no("ListRoots", json!({}), "TooManyRequests");
    world.ok("ListRoots", json!({}));
}
