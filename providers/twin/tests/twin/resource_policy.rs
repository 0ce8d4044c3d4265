//! The resource policy.

use crate::kit::*;

fn content(action: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": action, "Resource": "*",
    }]})
    .to_string()
}

#[test]
fn it_is_put_replaced_read_and_deleted() {
    let world = World::new();
    world.no("DescribeResourcePolicy", json!({}), "ResourcePolicyNotFound");
    world.no("DeleteResourcePolicy", json!({}), "ResourcePolicyNotFound");
    let tags = json!([{"Key": "a", "Value": "b"}]);
    let put = world.ok(
        "PutResourcePolicy",
        json!({"Content": content("organizations:List*"), "Tags": tags}),
    );
    let id = text(&put, "/ResourcePolicy/ResourcePolicySummary/Id");
    let organization = text(&world.ok("DescribeOrganization", json!({})), "/Organization/Id");
    assert_eq!(
        text(&put, "/ResourcePolicy/ResourcePolicySummary/Arn"),
        format!("arn:aws:organizations::{MANAGEMENT}:resourcepolicy/{organization}/{id}")
    );
    assert_eq!(
        world.ok("ListTagsForResource", json!({"ResourceId": id})),
        json!({"Tags": tags})
    );
    world.ok(
        "PutResourcePolicy",
        json!({"Content": content("organizations:Describe*")}),
    );
    let shown = world.ok("DescribeResourcePolicy", json!({}));
    assert_eq!(text(&shown, "/ResourcePolicy/ResourcePolicySummary/Id"), id);
    assert_eq!(
        text(&shown, "/ResourcePolicy/Content"),
        content("organizations:Describe*")
    );
    world.ok("DeleteResourcePolicy", json!({}));
    world.no("DescribeResourcePolicy", json!({}), "ResourcePolicyNotFound");
    world.no("ListTagsForResource", json!({"ResourceId": id}), "TargetNotFound");
}

#[test]
fn content_that_grants_nothing_sensible_is_refused() {
    let world = World::new();
    for (content, reason) in [
        ("{".to_owned(), "INVALID_RESOURCE_POLICY_JSON"),
        ("{}".to_owned(), "INVALID_RESOURCE_POLICY_JSON"),
        (ALLOW.to_owned(), "INVALID_PRINCIPAL"),
        (content("s3:GetObject"), "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
        (" ".repeat(40_001), "MAX_LENGTH_EXCEEDED"),
        (String::new(), "MIN_LENGTH_EXCEEDED"),
    ] {
        world.no(
            "PutResourcePolicy",
            json!({"Content": content}),
            &format!("InvalidInput/{reason}"),
        );
    }
}
