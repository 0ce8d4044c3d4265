//! GetResources of the tagging API.

use crate::kit::*;

pub fn ask(world: &World, who: &str, region: &str, input: &Value) -> Result<Value, No> {
    let target = "ResourceGroupsTaggingAPI_20170126.GetResources";
    read(&send(&world.twin, json_request(who, region, target, input)).unwrap())
}

pub fn arns(world: &World, input: Value) -> Vec<String> {
    let answer = ask(world, MANAGEMENT, "us-east-1", &input).unwrap();
    let list = at(&answer, "/ResourceTagMappingList").as_array().unwrap();
    list.iter().map(|item| text(item, "/ResourceARN")).collect()
}

fn tag(world: &World, id: &str, key: &str, value: &str) {
    world.ok(
        "TagResource",
        json!({"ResourceId": id, "Tags": [{"Key": key, "Value": value}]}),
    );
}

#[test]
fn tagged_resources_of_every_kind_are_found() {
    let world = World::new();
    let root = world.root();
    let ou = world.ou(&root, "a");
    let policy = world.policy(SCP, "p", ALLOW);
    for id in [&root, &ou, &policy, MANAGEMENT] {
        tag(&world, id, "team", "x");
    }
    assert_eq!(arns(&world, json!({})).len(), 4);
    let only = arns(&world, json!({"ResourceTypeFilters": ["organizations:ou"]}));
    assert_eq!(only.len(), 1);
    assert!(only[0].ends_with(&ou), "{only:?}");
    let one = arns(&world, json!({"ResourceARNList": only}));
    assert_eq!(one, only);
}

#[test]
fn tag_filters_narrow_by_key_and_value() {
    let world = World::new();
    let (a, b) = (world.ou(&world.root(), "a"), world.ou(&world.root(), "b"));
    tag(&world, &a, "team", "x");
    tag(&world, &b, "team", "y");
    let count = |filter: Value| arns(&world, json!({"TagFilters": [filter]})).len();
    assert_eq!(count(json!({"Key": "team"})), 2);
    assert_eq!(count(json!({"Key": "team", "Values": ["x", "z"]})), 1);
    assert_eq!(count(json!({"Key": "other"})), 0);
}

#[test]
fn pages_follow_one_another() {
    let world = World::new();
    for n in 0..5 {
        let ou = world.ou(&world.root(), &format!("a{n}"));
        tag(&world, &ou, "team", "x");
    }
    let (mut found, mut token) = (0, String::new());
    loop {
        let input = json!({"ResourcesPerPage": 2, "PaginationToken": token});
        let answer = ask(&world, MANAGEMENT, "us-east-1", &input).unwrap();
        found += at(&answer, "/ResourceTagMappingList").as_array().unwrap().len();
        token = text(&answer, "/PaginationToken");
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(found, 5);
    let no = ask(
        &world,
        MANAGEMENT,
        "us-east-1",
        &json!({"PaginationToken": "made up"}),
    )
    .unwrap_err();
    assert_eq!(no.brief(), "PaginationTokenExpired");
}

#[test]
fn only_the_management_account_sees_them_and_only_at_home() {
    let world = World::new();
    let account = world.account("a");
    tag(&world, &account, "team", "x");
    let seen = |who: &str, region: &str| {
        let answer = ask(&world, who, region, &json!({})).unwrap();
        at(&answer, "/ResourceTagMappingList").as_array().unwrap().len()
    };
    assert_eq!(seen(MANAGEMENT, "us-east-1"), 1);
    assert_eq!(seen(MANAGEMENT, "eu-west-1"), 0);
    assert_eq!(seen(&account, "us-east-1"), 0);
}

#[test]
fn the_index_can_lag_behind() {
    let world = World::set(|settings| settings.tagging_delay_seconds = lz_twin::Seconds::new(30));
    tag(&world, MANAGEMENT, "team", "x");
    world.wait(29);
    assert_eq!(arns(&world, json!({})).len(), 0);
    world.wait(1);
    assert_eq!(arns(&world, json!({})).len(), 1);
}

#[test]
fn members_out_of_range_are_refused() {
    let world = World::new();
    for input in [
        json!({"ResourcesPerPage": 0}),
        json!({"ResourcesPerPage": 101}),
        json!({"TagsPerPage": 150}),
        json!({"TagFilters": [{"Key": ""}]}),
        json!({"ResourceARNList": []}),
        json!({"ResourceARNList": ["arn"], "ResourcesPerPage": 5}),
    ] {
        let no = ask(&world, MANAGEMENT, "us-east-1", &input).unwrap_err();
        assert_eq!(no.brief(), "InvalidParameter", "{input}");
    }
}

#[test]
fn the_tagging_api_can_be_absent() {
    let world = World::set(|settings| settings.tagging_api = false);
    assert!(ask(&world, MANAGEMENT, "us-east-1", &json!({})).is_err());
}
