//! Effective policies of management types.

use crate::kit::*;

const TAG: &str = "TAG_POLICY";

/// A tag policy at the root, and one on an account in an OU below.
fn two_levels(world: &World) -> String {
    world.enable(TAG);
    let root = world.root();
    let (ou, account) = (world.ou(&root, "a"), world.account("x"));
    let into = json!({"AccountId": account, "SourceParentId": root, "DestinationParentId": ou});
    world.ok("MoveAccount", into);
    let values =
        |operator: &str, list: Value| json!({"tags": {"team": {"tag_value": {operator: list}}}}).to_string();
    let upper = world.policy(TAG, "upper", &values("@@assign", json!(["a"])));
    let lower = world.policy(TAG, "lower", &values("@@append", json!(["b"])));
    world.ok("AttachPolicy", json!({"PolicyId": upper, "TargetId": root}));
    world.ok("AttachPolicy", json!({"PolicyId": lower, "TargetId": ou}));
    account
}

#[test]
fn levels_merge_from_the_root_down() {
    let world = World::new();
    let account = two_levels(&world);
    let asked = json!({"PolicyType": TAG, "TargetId": account});
    let found = world.ok("DescribeEffectivePolicy", asked);
    let content: Value = serde_json::from_str(&text(&found, "/EffectivePolicy/PolicyContent")).unwrap();
    assert_eq!(content, json!({"tags": {"team": {"tag_value": ["a", "b"]}}}));
    assert_eq!(text(&found, "/EffectivePolicy/TargetId"), account);
    let own = world.ok_as(&account, "DescribeEffectivePolicy", json!({"PolicyType": TAG}));
    assert_eq!(own, found);
    let other = json!({"PolicyType": TAG, "TargetId": MANAGEMENT});
    world.no_as(&account, "DescribeEffectivePolicy", other, "AccessDenied");
}

#[test]
fn the_resource_policy_lets_an_account_see_the_effective_policy_of_others() {
    let world = World::new();
    let account = two_levels(&world);
    let reader = world.account("reader");
    let asked = json!({"PolicyType": TAG, "TargetId": account});
    world.no_as(&reader, "DescribeEffectivePolicy", asked.clone(), "AccessDenied");
    let content = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": reader},
        "Action": "organizations:DescribeEffectivePolicy", "Resource": "*",
    }]});
    world.ok("PutResourcePolicy", json!({"Content": content.to_string()}));
    world.ok_as(&reader, "DescribeEffectivePolicy", asked);
}

#[test]
fn what_has_no_effective_policy_is_refused() {
    let world = World::new();
    let ask = |kind: &str, target: &str| json!({"PolicyType": kind, "TargetId": target});
    let operation = "DescribeEffectivePolicy";
    world.no(operation, ask(TAG, MANAGEMENT), "EffectivePolicyNotFound");
    world.no(
        operation,
        ask(SCP, MANAGEMENT),
        "InvalidInput/INVALID_ENUM_POLICY_TYPE",
    );
    world.no(operation, ask(TAG, NO_ACCOUNT), "TargetNotFound");
    world.no(
        operation,
        ask(TAG, &world.root()),
        "InvalidInput/TARGET_NOT_SUPPORTED",
    );
}

#[test]
fn an_effective_policy_that_is_too_long_is_reported() {
    let world = World::set(|settings| {
        let kind = lz_twin::PolicyType::TagPolicy;
        let limit = lz_twin::PolicyLimit {
            characters: 55,
            ..kind.limit()
        };
        settings.policy_limits.insert(kind, limit);
    });
    world.enable(TAG);
    for name in ["a", "b"] {
        let content = json!({"tags": {name: {"tag_key": {"@@assign": "0123456789012"}}}}).to_string();
        let policy = world.policy(TAG, name, &content);
        world.ok(
            "AttachPolicy",
            json!({"PolicyId": policy, "TargetId": MANAGEMENT}),
        );
    }
    world.account("x");
    let asked = json!({"AccountId": MANAGEMENT, "PolicyType": TAG});
    let errors = world.ok("ListEffectivePolicyValidationErrors", asked);
    assert_eq!(
        text(&errors, "/EffectivePolicyValidationErrors/0/ErrorCode"),
        "ELEMENTS_TOO_MANY"
    );
    let contributing = at(&errors, "/EffectivePolicyValidationErrors/0/ContributingPolicies");
    assert_eq!(contributing.as_array().unwrap().len(), 2);
    let accounts = world.ok(
        "ListAccountsWithInvalidEffectivePolicy",
        json!({"PolicyType": TAG}),
    );
    assert_eq!(ids(&accounts, "/Accounts"), [MANAGEMENT]);
    assert_eq!(text(&accounts, "/PolicyType"), TAG);
}

#[test]
fn a_sound_effective_policy_has_no_errors() {
    let world = World::new();
    let account = two_levels(&world);
    let asked = json!({"AccountId": account, "PolicyType": TAG});
    let errors = world.ok("ListEffectivePolicyValidationErrors", asked);
    assert_eq!(at(&errors, "/EffectivePolicyValidationErrors"), &json!([]));
    assert!(text(&errors, "/Path").ends_with(&format!("/{account}/")));
    let unknown = json!({"AccountId": NO_ACCOUNT, "PolicyType": TAG});
    world.no("ListEffectivePolicyValidationErrors", unknown, "AccountNotFound");
    let none = json!({"AccountId": account, "PolicyType": "BACKUP_POLICY"});
    world.no(
        "ListEffectivePolicyValidationErrors",
        none,
        "EffectivePolicyNotFound",
    );
    let scp = json!({"PolicyType": SCP});
    world.no(
        "ListAccountsWithInvalidEffectivePolicy",
        scp,
        "InvalidInput/INVALID_ENUM_POLICY_TYPE",
    );
}
