//! CloudWatch alarms, in the three protocols that clients speak.

use bytes::Bytes;
use http::Request;

use crate::kit::*;
use crate::stack_kit::*;

const QUERY: (&str, &str) = ("monitoring", "2010-08-01");

fn wanted() -> Value {
    json!({
        "AlarmName": "gate", "MetricName": "Errors", "Namespace": "App", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 2, "ComparisonOperator": "GreaterThanThreshold",
        "Dimensions": [{"Name": "a", "Value": "b"}],
    })
}

fn query(world: &World, action: &str, input: Value) -> (u16, String) {
    let request = form_request(MANAGEMENT, HOME, QUERY, action, &input);
    let response = send(&world.twin, request).unwrap();
    let body = String::from_utf8(response.body().to_vec()).unwrap();
    (response.status().as_u16(), body)
}

fn ok(world: &World, action: &str, input: Value) -> String {
    let (status, body) = query(world, action, input);
    assert_eq!(status, 200, "{body}");
    body
}

#[test]
fn an_alarm_shows_the_state_that_was_set() {
    let world = World::alone();
    ok(&world, "PutMetricAlarm", wanted());
    let shown = ok(&world, "DescribeAlarms", json!({"AlarmNames": ["gate"]}));
    for (name, value) in [
        ("StateValue", "INSUFFICIENT_DATA"),
        ("Threshold", "2.0"),
        ("ActionsEnabled", "true"),
        (
            "AlarmArn",
            &format!("arn:aws:cloudwatch:us-east-1:{MANAGEMENT}:alarm:gate"),
        ),
        ("StateUpdatedTimestamp", "2026-01-01T00:00:00Z"),
    ] {
        assert_eq!(one(&shown, name), value, "{name}");
    }
    world.wait(60);
    let set = json!({"AlarmName": "gate", "StateValue": "ALARM", "StateReason": "by hand"});
    ok(&world, "SetAlarmState", set);
    ok(&world, "PutMetricAlarm", wanted());
    let shown = ok(&world, "DescribeAlarms", json!({"StateValue": "ALARM"}));
    assert_eq!(
        (one(&shown, "StateValue"), one(&shown, "StateReason")),
        ("ALARM".into(), "by hand".into())
    );
    assert_eq!(one(&shown, "StateTransitionedTimestamp"), "2026-01-01T00:01:00Z");
    ok(&world, "DeleteAlarms", json!({"AlarmNames": ["gate"]}));
    assert_eq!(maybe(&ok(&world, "DescribeAlarms", json!({})), "AlarmName"), None);
}

#[test]
fn alarms_are_found_by_prefix_and_in_pages() {
    let world = World::alone();
    for name in ["a-1", "a-2", "b-1"] {
        let mut input = wanted();
        input["AlarmName"] = json!(name);
        ok(&world, "PutMetricAlarm", input);
    }
    let found = ok(
        &world,
        "DescribeAlarms",
        json!({"AlarmNamePrefix": "a-", "MaxRecords": 1}),
    );
    assert_eq!(one(&found, "AlarmName"), "a-1");
    let token = one(&found, "NextToken");
    let next = json!({"AlarmNamePrefix": "a-", "MaxRecords": 1, "NextToken": token});
    assert_eq!(one(&ok(&world, "DescribeAlarms", next), "AlarmName"), "a-2");
    let other = form_request("444455556666", HOME, QUERY, "DescribeAlarms", &json!({}));
    let other = String::from_utf8(send(&world.twin, other).unwrap().body().to_vec()).unwrap();
    assert_eq!(maybe(&other, "AlarmName"), None, "an account sees its own");
}

#[test]
fn requests_out_of_shape_are_refused() {
    let world = World::alone();
    let without = |name: &str| {
        let mut input = wanted();
        input.as_object_mut().unwrap().remove(name);
        input
    };
    for name in [
        "AlarmName",
        "MetricName",
        "Namespace",
        "Statistic",
        "EvaluationPeriods",
        "ComparisonOperator",
    ] {
        let (status, body) = query(&world, "PutMetricAlarm", without(name));
        assert_eq!(
            (status, one(&body, "Code").as_str()),
            (400, "ValidationError"),
            "{name}"
        );
    }
    let set = |name: &str, state: &str| json!({"AlarmName": name, "StateValue": state, "StateReason": "x"});
    for (action, input, status, code) in [
        ("SetAlarmState", set("none", "OK"), 404, "ResourceNotFound"),
        ("SetAlarmState", set("none", "GREEN"), 400, "ValidationError"),
        (
            "DeleteAlarms",
            json!({"AlarmNames": ["none"]}),
            404,
            "ResourceNotFound",
        ),
        (
            "DescribeAlarms",
            json!({"NextToken": "x"}),
            400,
            "InvalidNextToken",
        ),
        (
            "DescribeAlarms",
            json!({"MaxRecords": 101}),
            400,
            "ValidationError",
        ),
        ("PutDashboard", json!({}), 400, "UnknownOperationException"),
    ] {
        let (found, body) = query(&world, action, input);
        assert_eq!((found, one(&body, "Code").as_str()), (status, code), "{action}");
    }
}

#[test]
fn json_clients_get_json() {
    let world = World::alone();
    let call = |operation: &str, input: &Value| {
        let target = format!("GraniteServiceVersion20100801.{operation}");
        read(&send(&world.twin, json_request(MANAGEMENT, HOME, &target, input)).unwrap())
    };
    call("PutMetricAlarm", &wanted()).unwrap();
    let shown = call("DescribeAlarms", &json!({})).unwrap();
    assert_eq!(at(&shown, "/MetricAlarms/0/Threshold"), &json!(2.0));
    assert_eq!(
        at(&shown, "/MetricAlarms/0/StateUpdatedTimestamp"),
        &json!(1_767_225_600.0)
    );
    assert_eq!(at(&shown, "/MetricAlarms/0/Period"), &json!(60));
    let no = call("DeleteAlarms", &json!({"AlarmNames": ["x"]})).unwrap_err();
    assert_eq!((no.status, no.code.as_str()), (404, "ResourceNotFound"));
}

#[test]
fn cbor_clients_get_cbor() {
    let world = World::alone();
    ok(&world, "PutMetricAlarm", wanted());
    let call = |operation: &str, body: &'static [u8]| {
        let path = format!("/service/GraniteServiceVersion20100801/operation/{operation}");
        let request = Request::post(path)
            .header("smithy-protocol", "rpc-v2-cbor")
            .header("authorization", authorization(MANAGEMENT, HOME, "monitoring"))
            .body(Bytes::from_static(body))
            .unwrap();
        send(&world.twin, request).unwrap()
    };
    // {"AlarmNames": ["gate"]}
    let shown = call("DescribeAlarms", b"\xa1\x6aAlarmNames\x81\x64gate");
    assert_eq!(shown.status(), 200);
    assert_eq!(shown.headers().get("smithy-protocol").unwrap(), "rpc-v2-cbor");
    let holds = |wanted: &[u8]| shown.body().windows(wanted.len()).any(|part| part == wanted);
    assert!(holds(b"\x69AlarmName\x64gate"), "{:?}", shown.body());
    assert!(
        holds(b"\x69Threshold\xfb\x40\x00\x00\x00\x00\x00\x00\x00"),
        "a fraction stays one"
    );
    assert!(
        holds(b"StateUpdatedTimestamp\xc1\xfb"),
        "a moment is tagged as one"
    );
    let no = call("DeleteAlarms", b"\xa1\x6aAlarmNames\x81\x61x");
    assert_eq!(no.status(), 404);
    assert_eq!(call("DescribeAlarms", b"\x01").status(), 400);
    assert_eq!(call("PutDashboard", b"").status(), 400);
}
