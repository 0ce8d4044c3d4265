//! The twin plays exactly what it says it plays.

use crate::kit::*;

const LEFT_OUT: [&str; 8] = [
    "CreateGovCloudAccount",
    "DescribeResponsibilityTransfer",
    "InviteOrganizationToTransferResponsibility",
    "ListInboundResponsibilityTransfers",
    "ListOutboundResponsibilityTransfers",
    "TerminateResponsibilityTransfer",
    "UpdateResponsibilityTransfer",
    "MoveOrganizationalUnit",
];

#[test]
fn what_is_left_out_is_refused_by_name() {
    let world = World::new();
    for name in LEFT_OUT {
        let no = world.try_as(MANAGEMENT, name, json!({})).unwrap_err();
        assert_eq!(no.code, "UnknownOperationException");
        let message = text(&no.body, "/Message");
        assert!(
            message.contains(name) && message.contains("organizations"),
            "{message}"
        );
    }
}

#[test]
fn a_service_that_the_twin_does_not_play_is_refused_by_name() {
    let world = World::alone();
    let request = json_request(
        MANAGEMENT,
        "us-east-1",
        "AWSConfigService_20141112.ListRules",
        &json!({}),
    );
    let no = read(&send(&world.twin, request).unwrap()).unwrap_err();
    assert_eq!((no.code.as_str(), no.status), ("UnknownOperationException", 404));
    assert!(text(&no.body, "/Message").contains("AWSConfigService_20141112"));
}

#[test]
fn a_body_that_is_no_json_object_is_refused() {
    let world = World::new();
    for body in [json!([]), json!("x"), json!(1)] {
        world.no("ListRoots", body, "Serialization");
    }
    world.no("ListAccounts", json!({"MaxResults": "ten"}), "Serialization");
}

#[test]
fn a_missing_member_is_named() {
    let world = World::new();
    for (operation, member) in [
        ("AttachPolicy", "PolicyId"),
        ("CloseAccount", "AccountId"),
        ("CreateAccount", "Email"),
        ("CreateOrganizationalUnit", "ParentId"),
        ("CreatePolicy", "Type"),
        ("DescribeHandshake", "HandshakeId"),
        ("EnablePolicyType", "RootId"),
        ("InviteAccountToOrganization", "Target"),
        ("ListChildren", "ParentId"),
        ("ListPolicies", "Filter"),
        ("MoveAccount", "AccountId"),
        ("PutResourcePolicy", "Content"),
        ("RegisterDelegatedAdministrator", "AccountId"),
        ("TagResource", "ResourceId"),
        ("EnableAWSServiceAccess", "ServicePrincipal"),
    ] {
        let no = world.try_as(MANAGEMENT, operation, json!({})).unwrap_err();
        assert_eq!(no.brief(), "InvalidInput/INPUT_REQUIRED", "{operation}");
        assert!(
            text(&no.body, "/Message").contains(member),
            "{operation}: {}",
            no.body
        );
    }
}

#[test]
fn every_answer_has_its_own_request_id() {
    let world = World::new();
    let id = || {
        let request = json_request(
            MANAGEMENT,
            "us-east-1",
            "AWSOrganizationsV20161128.ListRoots",
            &json!({}),
        );
        let response = send(&world.twin, request).unwrap();
        assert_eq!(response.headers()["content-type"], "application/x-amz-json-1.1");
        response.headers()["x-amzn-requestid"].clone()
    };
    assert_ne!(id(), id());
}

#[test]
fn usage_counts_calls_by_operation() {
    let world = World::new();
    world.ok("ListRoots", json!({}));
    world.no(
        "DescribeAccount",
        json!({"AccountId": "1"}),
        "InvalidInput/INVALID_PATTERN",
    );
    let usage = world.twin.usage();
    assert_eq!(usage.calls["organizations:ListRoots"], 1);
    assert_eq!(usage.calls["organizations:DescribeAccount"], 1);
    assert_eq!(usage.total_calls(), 3);
}
