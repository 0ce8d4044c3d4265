//! TagResource, UntagResource, ListTagsForResource, and tag policies.

use crate::kit::*;

fn tags(id: &str, pairs: &[(&str, &str)]) -> Value {
    let tags: Vec<_> = pairs
        .iter()
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    json!({"ResourceId": id, "Tags": tags})
}

fn listed(world: &World, id: &str) -> Value {
    at(
        &world.ok("ListTagsForResource", json!({"ResourceId": id})),
        "/Tags",
    )
    .clone()
}

#[test]
fn every_kind_of_resource_carries_tags() {
    let world = World::new();
    let root = world.root();
    let (ou, policy) = (world.ou(&root, "a"), world.policy(SCP, "p", ALLOW));
    for id in [&root, &ou, &policy, MANAGEMENT] {
        world.ok("TagResource", tags(id, &[("b", "1"), ("a", "")]));
        world.ok("TagResource", tags(id, &[("b", "2")]));
        assert_eq!(
            listed(&world, id),
            json!([{"Key": "a", "Value": ""}, {"Key": "b", "Value": "2"}])
        );
        world.ok(
            "UntagResource",
            json!({"ResourceId": id, "TagKeys": ["a", "never there"]}),
        );
        assert_eq!(listed(&world, id), json!([{"Key": "b", "Value": "2"}]));
    }
}

#[test]
fn tags_come_with_creation() {
    let world = World::new();
    let input = json!({"ParentId": world.root(), "Name": "a", "Tags": [{"Key": "k", "Value": "v"}]});
    let ou = text(
        &world.ok("CreateOrganizationalUnit", input),
        "/OrganizationalUnit/Id",
    );
    assert_eq!(listed(&world, &ou), json!([{"Key": "k", "Value": "v"}]));
    let input = json!({"Type": SCP, "Name": "p", "Description": "", "Content": ALLOW, "Tags": [{"Key": "k", "Value": "v"}]});
    let policy = text(&world.ok("CreatePolicy", input), "/Policy/PolicySummary/Id");
    assert_eq!(listed(&world, &policy), json!([{"Key": "k", "Value": "v"}]));
}

#[test]
fn a_resource_holds_fifty_tags_and_a_call_works_whole_or_not_at_all() {
    let world = World::new();
    let keys: Vec<String> = (0..51).map(|n| format!("k{n:02}")).collect();
    let pairs: Vec<_> = keys.iter().map(|key| (key.as_str(), "v")).collect();
    let reason = "ConstraintViolation/MAX_TAG_LIMIT_EXCEEDED";
    world.no("TagResource", tags(MANAGEMENT, &pairs), reason);
    assert_eq!(listed(&world, MANAGEMENT), json!([]));
    world.ok("TagResource", tags(MANAGEMENT, &pairs[..50]));
    world.no("TagResource", tags(MANAGEMENT, &pairs[50..]), reason);
    world.ok("TagResource", tags(MANAGEMENT, &[("k00", "other")]));
}

#[test]
fn odd_tags_fail_the_whole_call() {
    let world = World::new();
    for (pairs, reason) in [
        (vec![("a", "1"), ("aws:b", "1")], "INVALID_SYSTEM_TAGS_PARAMETER"),
        (vec![("a", "1"), ("AWS:b", "1")], "INVALID_SYSTEM_TAGS_PARAMETER"),
        (vec![("a", "1"), ("a", "2")], "DUPLICATE_TAG_KEY"),
        (vec![("", "1")], "MIN_LENGTH_EXCEEDED"),
        (vec![(&*"k".repeat(129), "1")], "MAX_LENGTH_EXCEEDED"),
        (vec![("a", &*"v".repeat(257))], "MAX_LENGTH_EXCEEDED"),
        (vec![("a#", "1")], "INVALID_PATTERN"),
        (vec![("a", "1;")], "INVALID_PATTERN"),
    ] {
        world.no(
            "TagResource",
            tags(MANAGEMENT, &pairs),
            &format!("InvalidInput/{reason}"),
        );
    }
    assert_eq!(listed(&world, MANAGEMENT), json!([]));
    world.ok("TagResource", tags(MANAGEMENT, &[("Grüße_.:/=+-@ 1", "ö")]));
    let system = json!({"ResourceId": MANAGEMENT, "TagKeys": ["aws:x"]});
    world.no(
        "UntagResource",
        system,
        "InvalidInput/INVALID_SYSTEM_TAGS_PARAMETER",
    );
}

#[test]
fn resources_that_do_not_exist_are_not_found() {
    let world = World::new();
    for id in [NO_OU, NO_ACCOUNT, NO_POLICY, "r-zzzz", "rp-00000000"] {
        world.no("TagResource", tags(id, &[("a", "b")]), "TargetNotFound");
        world.no(
            "UntagResource",
            json!({"ResourceId": id, "TagKeys": ["a"]}),
            "TargetNotFound",
        );
        world.no("ListTagsForResource", json!({"ResourceId": id}), "TargetNotFound");
    }
    world.no(
        "ListTagsForResource",
        json!({"ResourceId": "x"}),
        "InvalidInput/INVALID_PATTERN",
    );
    let managed = tags("p-FullAWSAccess", &[("a", "b")]);
    world.no("TagResource", managed, "InvalidInput/TARGET_NOT_SUPPORTED");
}

#[test]
fn an_enforced_tag_policy_refuses_other_values_and_spellings() {
    let world = World::new();
    world.enable("TAG_POLICY");
    let content = json!({"tags": {"team": {
        "tag_key": {"@@assign": "Team"},
        "tag_value": {"@@assign": ["core", "data*"]},
        "enforced_for": {"@@assign": ["organizations:ou"]},
    }}});
    let policy = world.policy("TAG_POLICY", "t", &content.to_string());
    world.ok(
        "AttachPolicy",
        json!({"PolicyId": policy, "TargetId": world.root()}),
    );
    let ou = world.ou(&world.root(), "a");
    let reason = "ConstraintViolation/TAG_POLICY_VIOLATION";
    world.no("TagResource", tags(&ou, &[("Team", "other")]), reason);
    world.no("TagResource", tags(&ou, &[("team", "core")]), reason);
    world.ok("TagResource", tags(&ou, &[("Team", "data-lake"), ("Other", "x")]));
    world.ok("TagResource", tags(MANAGEMENT, &[("Team", "other")]));
    let mut create = tags("", &[("Team", "other")]);
    create["ParentId"] = json!(world.root());
    create["Name"] = json!("b");
    world.no("CreateOrganizationalUnit", create, reason);
}

#[test]
fn an_enforced_tag_policy_holds_for_whatever_is_tagged_at_its_creation() {
    let world = World::new();
    world.enable("TAG_POLICY");
    let content = json!({"tags": {"Team": {
        "tag_value": {"@@assign": ["core"]},
        "enforced_for": {"@@assign": ["organizations:*"]},
    }}});
    let policy = world.policy("TAG_POLICY", "t", &content.to_string());
    world.ok(
        "AttachPolicy",
        json!({"PolicyId": policy, "TargetId": world.root()}),
    );
    let statement =
        json!({"Effect": "Allow", "Principal": "*", "Action": "organizations:List*", "Resource": "*"});
    let grant = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    for (operation, mut input) in [
        (
            "CreateAccount",
            json!({"Email": "a@example.com", "AccountName": "a"}),
        ),
        (
            "CreatePolicy",
            json!({"Type": SCP, "Name": "p", "Description": "", "Content": ALLOW}),
        ),
        (
            "InviteAccountToOrganization",
            json!({"Target": {"Id": "444455556666", "Type": "ACCOUNT"}}),
        ),
        ("PutResourcePolicy", json!({"Content": grant})),
    ] {
        let members = input.as_object_mut().unwrap();
        members.insert("Tags".to_owned(), json!([{"Key": "Team", "Value": "other"}]));
        let refused = world.try_as(MANAGEMENT, operation, input.clone()).unwrap_err();
        assert_eq!(
            refused.brief(),
            "ConstraintViolation/TAG_POLICY_VIOLATION",
            "{operation}"
        );
        let members = input.as_object_mut().unwrap();
        members.insert("Tags".to_owned(), json!([{"Key": "Team", "Value": "core"}]));
        world.ok(operation, input);
    }
}
