//! CreatePolicy, UpdatePolicy, DeletePolicy, and what they accept as a document.

use lz_twin::{PolicyLimit, PolicyType};

use crate::kit::*;

fn wanted(kind: &str, name: &str, content: &str) -> Value {
    json!({"Type": kind, "Name": name, "Description": "d", "Content": content})
}

/// A document of a type that is exactly so long.
fn long(kind: PolicyType, length: usize) -> String {
    let start = match kind {
        PolicyType::ServiceControlPolicy => ALLOW,
        PolicyType::ResourceControlPolicy => {
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}"#
        }
        PolicyType::TagPolicy => r#"{"tags":{}}"#,
        PolicyType::BackupPolicy => r#"{"plans":{}}"#,
        PolicyType::AiservicesOptOutPolicy => r#"{"services":{}}"#,
        PolicyType::DeclarativePolicyEc2 => r#"{"ec2_attributes":{}}"#,
        PolicyType::ChatbotPolicy
        | PolicyType::SecurityhubPolicy
        | PolicyType::InspectorPolicy
        | PolicyType::UpgradeRolloutPolicy
        | PolicyType::BedrockPolicy
        | PolicyType::S3Policy
        | PolicyType::NetworkSecurityDirectorPolicy => r#"{"x":{}}"#,
    };
    format!("{start}{}", " ".repeat(length - start.len()))
}

#[test]
fn a_policy_reads_back_as_it_was_sent() {
    let world = World::new();
    let content = "{ \"Version\": \"2012-10-17\",\n \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"} }";
    let made = world.ok("CreatePolicy", wanted(SCP, "p", content));
    let id = text(&made, "/Policy/PolicySummary/Id");
    let organization = text(&world.ok("DescribeOrganization", json!({})), "/Organization/Id");
    assert_eq!(
        at(&made, "/Policy/PolicySummary"),
        &json!({
            "Id": id,
            "Arn": format!("arn:aws:organizations::{MANAGEMENT}:policy/{organization}/service_control_policy/{id}"),
            "Name": "p", "Description": "d", "Type": SCP, "AwsManaged": false,
        })
    );
    assert_eq!(text(&made, "/Policy/Content"), content);
    assert_eq!(world.ok("DescribePolicy", json!({"PolicyId": id})), made);
    let listed = world.ok("ListPolicies", json!({"Filter": SCP}));
    assert!(ids(&listed, "/Policies").contains(&id));
    let others = world.ok("ListPolicies", json!({"Filter": "TAG_POLICY"}));
    assert_eq!(others, json!({"Policies": []}));
}

#[test]
fn every_type_has_its_published_size() {
    let sizes = [
        (PolicyType::ServiceControlPolicy, 10_240),
        (PolicyType::ResourceControlPolicy, 5_120),
        (PolicyType::AiservicesOptOutPolicy, 2_500),
        (PolicyType::TagPolicy, 10_000),
        (PolicyType::BackupPolicy, 10_000),
        (PolicyType::ChatbotPolicy, 10_000),
        (PolicyType::DeclarativePolicyEc2, 10_000),
        (PolicyType::SecurityhubPolicy, 10_000),
        (PolicyType::InspectorPolicy, 10_000),
        (PolicyType::BedrockPolicy, 10_000),
        (PolicyType::UpgradeRolloutPolicy, 10_000),
        (PolicyType::S3Policy, 10_000),
    ];
    let world = World::new();
    for (kind, most) in sizes {
        let name = kind.as_str();
        world.ok("CreatePolicy", wanted(name, "fits", &long(kind, most)));
        let over = wanted(name, "over", &long(kind, most + 1));
        world.no(
            "CreatePolicy",
            over,
            "ConstraintViolation/POLICY_CONTENT_LIMIT_EXCEEDED",
        );
    }
}

#[test]
fn size_counts_characters_or_bytes_as_set() {
    let content = r#"{"tags":{"é":{}}}"#;
    for (length, fits) in [
        (lz_twin::PolicyLength::Characters, true),
        (lz_twin::PolicyLength::Bytes, false),
    ] {
        let world = World::set(|settings| {
            settings.policy_length = length;
            let limit = PolicyLimit {
                characters: content.chars().count(),
                ..PolicyType::TagPolicy.limit()
            };
            settings.policy_limits.insert(PolicyType::TagPolicy, limit);
        });
        let answer = world.try_as(MANAGEMENT, "CreatePolicy", wanted("TAG_POLICY", "t", content));
        assert_eq!(answer.is_ok(), fits);
    }
}

#[test]
fn names_are_taken_once_per_type() {
    let world = World::new();
    let p = world.policy(SCP, "p", ALLOW);
    let q = world.policy(SCP, "q", ALLOW);
    world.no("CreatePolicy", wanted(SCP, "p", ALLOW), "DuplicatePolicy");
    world.no(
        "UpdatePolicy",
        json!({"PolicyId": q, "Name": "p"}),
        "DuplicatePolicy",
    );
    world.ok("UpdatePolicy", json!({"PolicyId": p, "Name": "p"}));
    world.policy("TAG_POLICY", "p", r#"{"tags":{}}"#);
    world.ok("UpdatePolicy", json!({"PolicyId": p, "Name": "r"}));
    world.policy(SCP, "p", ALLOW);
}

#[test]
fn there_are_only_so_many_policies_of_a_type() {
    let world = World::set(|settings| {
        let limit = PolicyLimit {
            per_organization: 1,
            ..PolicyType::ServiceControlPolicy.limit()
        };
        settings
            .policy_limits
            .insert(PolicyType::ServiceControlPolicy, limit);
    });
    world.policy(SCP, "p", ALLOW);
    let reason = "ConstraintViolation/POLICY_NUMBER_LIMIT_EXCEEDED";
    world.no("CreatePolicy", wanted(SCP, "q", ALLOW), reason);
}

#[test]
fn an_update_changes_what_it_names_and_keeps_the_rest() {
    let world = World::new();
    let id = world.policy(SCP, "p", ALLOW);
    let updated = world.ok("UpdatePolicy", json!({"PolicyId": id, "Description": "new"}));
    assert_eq!(text(&updated, "/Policy/PolicySummary/Description"), "new");
    assert_eq!(text(&updated, "/Policy/PolicySummary/Name"), "p");
    assert_eq!(text(&updated, "/Policy/Content"), ALLOW);
    world.no(
        "UpdatePolicy",
        json!({"PolicyId": id, "Content": "{"}),
        "MalformedPolicyDocument",
    );
    let long = long(PolicyType::ServiceControlPolicy, 10_241);
    let reason = "ConstraintViolation/POLICY_CONTENT_LIMIT_EXCEEDED";
    world.no("UpdatePolicy", json!({"PolicyId": id, "Content": long}), reason);
}

#[test]
fn an_attached_policy_is_not_deleted() {
    let world = World::new();
    world.enable(SCP);
    let id = world.policy(SCP, "p", ALLOW);
    let both = json!({"PolicyId": id, "TargetId": world.root()});
    world.ok("AttachPolicy", both.clone());
    world.no("DeletePolicy", json!({"PolicyId": id}), "PolicyInUse");
    world.ok("DetachPolicy", both);
    world.ok("DeletePolicy", json!({"PolicyId": id}));
    for operation in [
        "DeletePolicy",
        "DescribePolicy",
        "UpdatePolicy",
        "ListTargetsForPolicy",
    ] {
        world.no(operation, json!({"PolicyId": id}), "PolicyNotFound");
    }
}

#[test]
fn policies_of_aws_do_not_change() {
    let world = World::new();
    for operation in ["DeletePolicy", "UpdatePolicy"] {
        world.no(
            operation,
            json!({"PolicyId": "p-FullAWSAccess"}),
            "InvalidInput/IMMUTABLE_POLICY",
        );
    }
}

#[test]
fn documents_out_of_grammar_are_refused() {
    let world = World::new();
    let scp = |statement: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    for (kind, content) in [
        (SCP, "no json".to_owned()),
        (SCP, "[]".to_owned()),
        (SCP, r#"{"Version":"2008-10-17","Statement":[]}"#.to_owned()),
        (
            SCP,
            scp(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#),
        ),
        (SCP, scp(r#"{"Effect":"Deny","Action":"*"}"#)),
        (SCP, scp(r#"{"Effect":"Deny","Resource":"*"}"#)),
        (RCP, ALLOW.to_owned()),
        (
            RCP,
            scp(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#),
        ),
        (
            RCP,
            scp(r#"{"Effect":"Deny","Principal":"*","NotAction":"s3:*","Resource":"*"}"#),
        ),
        (
            RCP,
            scp(r#"{"Effect":"Deny","Principal":{"AWS":"1"},"Action":"s3:*","Resource":"*"}"#),
        ),
        ("TAG_POLICY", r#"{"plans":{}}"#.to_owned()),
        ("BACKUP_POLICY", r#"{"plans":{"a":{"@@set":1}}}"#.to_owned()),
        ("CHATBOT_POLICY", "{}".to_owned()),
    ] {
        world.no(
            "CreatePolicy",
            wanted(kind, "p", &content),
            "MalformedPolicyDocument",
        );
    }
}

#[test]
fn whether_a_version_is_required_is_a_setting() {
    let content = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    World::new().policy(SCP, "p", content);
    let strict = World::set(|settings| settings.policy_version_required = true);
    strict.no(
        "CreatePolicy",
        wanted(SCP, "p", content),
        "MalformedPolicyDocument",
    );
}

#[test]
fn members_out_of_shape_are_refused() {
    let world = World::new();
    world.no(
        "CreatePolicy",
        wanted("SCP", "p", ALLOW),
        "InvalidInput/INVALID_ENUM_POLICY_TYPE",
    );
    world.no(
        "CreatePolicy",
        wanted(SCP, "", ALLOW),
        "InvalidInput/MIN_LENGTH_EXCEEDED",
    );
    world.no(
        "CreatePolicy",
        wanted(SCP, &"n".repeat(129), ALLOW),
        "InvalidInput/MAX_LENGTH_EXCEEDED",
    );
    world.no(
        "CreatePolicy",
        wanted(SCP, "p", ""),
        "InvalidInput/MIN_LENGTH_EXCEEDED",
    );
    world.no(
        "ListPolicies",
        json!({"Filter": "x"}),
        "InvalidInput/INVALID_ENUM_POLICY_TYPE",
    );
    let nowhere = json!({"TargetId": NO_OU, "Filter": SCP});
    world.no("ListPoliciesForTarget", nowhere, "TargetNotFound");
}
