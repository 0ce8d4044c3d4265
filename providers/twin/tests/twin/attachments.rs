//! Policy types, attaching and detaching.

use crate::kit::*;

const FULL: &str = "p-FullAWSAccess";
const RCP_FULL: &str = "p-RCPFullAWSAccess";

fn attach(policy: &str, target: &str) -> Value {
    json!({"PolicyId": policy, "TargetId": target})
}

#[test]
fn enabling_scps_attaches_full_access_everywhere_and_to_what_comes_later() {
    let world = World::new();
    let root = world.root();
    let before = world.ou(&root, "before");
    let answer = world.ok("EnablePolicyType", json!({"RootId": root, "PolicyType": SCP}));
    assert_eq!(
        at(&answer, "/Root/PolicyTypes"),
        &json!([{"Type": SCP, "Status": "ENABLED"}])
    );
    let after = world.ou(&root, "after");
    let account = world.account("a");
    for target in [&root, &before, &after, MANAGEMENT, &account] {
        assert_eq!(world.attached(target, SCP), [FULL], "{target}");
    }
    let targets = world.ok("ListTargetsForPolicy", json!({"PolicyId": FULL}));
    assert_eq!(at(&targets, "/Targets").as_array().unwrap().len(), 5);
    let shown = world.ok("DescribePolicy", json!({"PolicyId": FULL}));
    assert_eq!(
        text(&shown, "/Policy/PolicySummary/Arn"),
        format!("arn:aws:organizations::aws:policy/service_control_policy/{FULL}")
    );
    assert_eq!(at(&shown, "/Policy/PolicySummary/AwsManaged"), &json!(true));
}

#[test]
fn rcp_full_access_is_attached_counts_and_never_leaves() {
    let world = World::new();
    world.enable(RCP);
    let root = world.root();
    assert_eq!(world.attached(&root, RCP), [RCP_FULL]);
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}"#;
    for n in 0..4 {
        let policy = world.policy(RCP, &format!("p{n}"), deny);
        world.ok("AttachPolicy", attach(&policy, &root));
    }
    let fifth = world.policy(RCP, "p4", deny);
    let reason = "ConstraintViolation/MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED";
    world.no("AttachPolicy", attach(&fifth, &root), reason);
    world.no(
        "DetachPolicy",
        attach(RCP_FULL, &root),
        "InvalidInput/NON_DETACHABLE_POLICY",
    );
}

#[test]
fn a_target_keeps_one_scp() {
    let world = World::new();
    world.enable(SCP);
    let root = world.root();
    let reason = "ConstraintViolation/MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED";
    world.no("DetachPolicy", attach(FULL, &root), reason);
    let policy = world.policy(SCP, "p", ALLOW);
    world.ok("AttachPolicy", attach(&policy, &root));
    world.ok("DetachPolicy", attach(FULL, &root));
    world.no("DetachPolicy", attach(&policy, &root), reason);
    assert_eq!(world.attached(&root, SCP), [policy]);
}

#[test]
fn a_target_holds_ten_scps() {
    let world = World::new();
    world.enable(SCP);
    let root = world.root();
    let policies: Vec<_> = (0..10)
        .map(|n| world.policy(SCP, &format!("p{n}"), ALLOW))
        .collect();
    for policy in &policies[..9] {
        world.ok("AttachPolicy", attach(policy, &root));
    }
    let reason = "ConstraintViolation/MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED";
    world.no("AttachPolicy", attach(&policies[9], &root), reason);
}

#[test]
fn attaching_needs_an_enabled_type_and_two_ends() {
    let world = World::new();
    let root = world.root();
    let policy = world.policy(SCP, "p", ALLOW);
    world.no("AttachPolicy", attach(&policy, &root), "PolicyTypeNotEnabled");
    world.enable(SCP);
    world.ok("AttachPolicy", attach(&policy, &root));
    world.no(
        "AttachPolicy",
        attach(&policy, &root),
        "DuplicatePolicyAttachment",
    );
    for operation in ["AttachPolicy", "DetachPolicy"] {
        world.no(operation, attach(NO_POLICY, &root), "PolicyNotFound");
        for target in [NO_OU, NO_ACCOUNT, "r-zzzz"] {
            world.no(operation, attach(&policy, target), "TargetNotFound");
        }
        world.no(
            operation,
            attach("x", &root),
            "InvalidInput/INVALID_SYNTAX_POLICY_ID",
        );
        world.no(
            operation,
            attach(&policy, "x"),
            "InvalidInput/INVALID_PATTERN_TARGET_ID",
        );
    }
    world.no("DetachPolicy", attach(&policy, MANAGEMENT), "PolicyNotAttached");
}

#[test]
fn a_policy_without_minimum_can_be_detached_altogether() {
    let world = World::new();
    world.enable("TAG_POLICY");
    let policy = world.policy(
        "TAG_POLICY",
        "t",
        r#"{"tags":{"a":{"tag_key":{"@@assign":"A"}}}}"#,
    );
    world.ok("AttachPolicy", attach(&policy, MANAGEMENT));
    world.ok("DetachPolicy", attach(&policy, MANAGEMENT));
    assert_eq!(world.attached(MANAGEMENT, "TAG_POLICY"), Vec::<String>::new());
}

#[test]
fn disabling_a_type_detaches_and_enabling_it_again_brings_back_full_access_only() {
    let world = World::new();
    world.enable(SCP);
    let root = world.root();
    let policy = world.policy(SCP, "p", ALLOW);
    world.ok("AttachPolicy", attach(&policy, &root));
    let switch = json!({"RootId": root, "PolicyType": SCP});
    let answer = world.ok("DisablePolicyType", switch.clone());
    assert_eq!(at(&answer, "/Root/PolicyTypes"), &json!([]));
    assert_eq!(world.attached(&root, SCP), Vec::<String>::new());
    world.ok("DescribePolicy", json!({"PolicyId": policy}));
    world.no("DisablePolicyType", switch.clone(), "PolicyTypeNotEnabled");
    world.ok("EnablePolicyType", switch.clone());
    world.no("EnablePolicyType", switch, "PolicyTypeAlreadyEnabled");
    assert_eq!(world.attached(&root, SCP), [FULL]);
}

#[test]
fn roots_and_types_that_do_not_exist_are_refused() {
    let world = World::new();
    for operation in ["EnablePolicyType", "DisablePolicyType"] {
        world.no(
            operation,
            json!({"RootId": "r-zzzz", "PolicyType": SCP}),
            "RootNotFound",
        );
        let odd = json!({"RootId": world.root(), "PolicyType": "SCP"});
        world.no(operation, odd, "InvalidInput/INVALID_ENUM_POLICY_TYPE");
    }
}

#[test]
fn some_types_need_trusted_access_first_and_keep_it() {
    let world = World::new();
    let switch = json!({"RootId": world.root(), "PolicyType": "SECURITYHUB_POLICY"});
    world.no(
        "EnablePolicyType",
        switch.clone(),
        "ConstraintViolation/SERVICE_ACCESS_NOT_ENABLED",
    );
    world.trust("securityhub.amazonaws.com");
    world.ok("EnablePolicyType", switch.clone());
    let access = json!({"ServicePrincipal": "securityhub.amazonaws.com"});
    let reason = "ConstraintViolation/POLICY_TYPE_ENABLED_FOR_THIS_SERVICE";
    world.no("DisableAWSServiceAccess", access.clone(), reason);
    world.ok("DisablePolicyType", switch);
    world.ok("DisableAWSServiceAccess", access);
}

#[test]
fn while_a_type_is_being_switched_its_policies_do_not_change() {
    let world = World::set(|settings| settings.policy_type_seconds = lz_twin::Seconds::new(30));
    let policy = world.policy(SCP, "p", ALLOW);
    let switch = json!({"RootId": world.root(), "PolicyType": SCP});
    let pending = world.ok("EnablePolicyType", switch.clone());
    assert_eq!(text(&pending, "/Root/PolicyTypes/0/Status"), "PENDING_ENABLE");
    let busy = "PolicyChangesInProgress";
    world.no("AttachPolicy", attach(&policy, &world.root()), busy);
    world.no("DetachPolicy", attach(FULL, &world.root()), busy);
    world.no("UpdatePolicy", json!({"PolicyId": policy, "Name": "q"}), busy);
    world.no("EnablePolicyType", switch.clone(), busy);
    world.no("DisablePolicyType", switch.clone(), busy);
    world.wait(30);
    assert_eq!(
        text(&world.ok("ListRoots", json!({})), "/Roots/0/PolicyTypes/0/Status"),
        "ENABLED"
    );
    let pending = world.ok("DisablePolicyType", switch);
    assert_eq!(text(&pending, "/Root/PolicyTypes/0/Status"), "PENDING_DISABLE");
    world.wait(30);
    assert_eq!(
        at(&world.ok("ListRoots", json!({})), "/Roots/0/PolicyTypes"),
        &json!([])
    );
}
