use super::*;
use crate::limits::{Limits, Row};
use lz_model::policy_type::PolicyType;
use serde_json::{Value, json};

fn scp(statement: Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

fn found(policy_type: PolicyType, text: &str) -> Vec<(LintCode, String)> {
    let options = Options {
        role: Some(Role::new("arn:aws:iam::111122223333:role/lz-admin")),
        ..Options::default()
    };
    let findings = lint(policy_type, text, &options);
    assert!(
        findings
            .iter()
            .all(|f| !f.suggestion.is_empty() && !f.message.is_empty())
    );
    findings.into_iter().map(|f| (f.code, f.place.pointer)).collect()
}

fn codes(statement: Value) -> Vec<LintCode> {
    let found = found(PolicyType::Scp, &scp(statement));
    found.into_iter().map(|(code, _)| code).collect()
}

fn deny(action: &str, condition: Value) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition})
}

#[test]
fn a_sound_policy_has_no_findings() {
    let sound = json!([{"Sid": "KeepTrails", "Effect": "Deny", "Action": ["cloudtrail:StopLogging", "cloudtrail:Delete*"],
        "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/lz-*"}}}]);
    assert_eq!(codes(sound), []);
}

#[test]
fn size_counts_without_white_space_against_the_table() {
    let text = scp(json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}));
    let spaced = text.replace(',', ",          ");
    let limit = |characters: usize| {
        let row = Row {
            characters,
            per_target: 1,
        };
        let options = Options {
            limits: Limits::current().with(PolicyType::Scp, row),
            role: None,
            compare: true,
        };
        let findings = lint(PolicyType::Scp, &spaced, &options);
        findings.into_iter().map(|f| f.code).collect::<Vec<_>>()
    };
    assert_eq!(limit(text.len() - 1), [LintCode::TooLong]);
    assert_eq!(limit(text.len()), [LintCode::NearlyFull]);
    assert_eq!(limit(text.len() * 2), []);
}

#[test]
fn grammar_faults_are_findings_with_their_places() {
    let found = found(
        PolicyType::Scp,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"x","Resource":"*"}}"#,
    );
    assert_eq!(
        found,
        [(
            LintCode::Grammar(crate::language::Code::Action),
            "/Statement/Action".to_owned()
        )]
    );
    let tag = lint(
        PolicyType::Tag,
        r#"{"tags":{"a":{"@@foo":1}}}"#,
        &Options::default(),
    );
    assert_eq!(tag[0].severity, Severity::Error);
}

#[test]
fn unknown_names_are_warnings_with_the_nearest_name() {
    let options = Options::default();
    let text = scp(json!({"Effect": "Deny", "Action": ["s3:GetObjekt", "nosuch:*"], "Resource": "*"}));
    let findings = lint(PolicyType::Scp, &text, &options);
    assert_eq!(findings[0].suggestion, "did you mean `s3:GetObject`?");
    assert_eq!(
        (findings[0].severity, findings[1].code),
        (Severity::Warning, LintCode::UnknownAction)
    );
    let keys = json!({"StringEquals": {"aws:NoSuchKey": "x", "aws:PrincipalTag/team": "${no:such}"}});
    let text = scp(deny("s3:GetObject", keys));
    let places: Vec<_> = lint(PolicyType::Scp, &text, &options)
        .into_iter()
        .map(|f| (f.code, f.place.pointer))
        .collect();
    assert!(places.contains(&(
        LintCode::UnknownKey,
        "/Statement/Condition/StringEquals/aws:NoSuchKey".to_owned()
    )));
    assert_eq!(places.len(), 2);
}

#[test]
fn quantifiers_fit_their_keys() {
    assert_eq!(
        codes(deny(
            "ec2:CreateTags",
            json!({"StringEquals": {"aws:TagKeys": "a"}})
        )),
        [LintCode::NeedsQuantifier]
    );
    assert_eq!(
        codes(deny(
            "ec2:CreateTags",
            json!({"ForAllValues:StringEquals": {"aws:RequestedRegion": "eu-west-1"}})
        )),
        [LintCode::NeedlessQuantifier]
    );
    assert_eq!(
        codes(deny(
            "ec2:CreateTags",
            json!({"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}})
        )),
        []
    );
}

#[test]
fn values_that_compare_with_nothing_are_told() {
    let wrong = deny(
        "s3:PutObject",
        json!({"NumericLessThan": {"s3:TlsVersion": ["1.2", "[VERSION]"]}}),
    );
    assert_eq!(codes(wrong), [LintCode::BadValue]);
    let arn = deny(
        "s3:PutObject",
        json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::role/x"}}),
    );
    assert_eq!(codes(arn), [LintCode::BadValue]);
}

#[test]
fn statements_that_never_match_and_statements_that_change_nothing_are_told() {
    let both = json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}, "StringLike": {"aws:RequestedRegion": "us-*"}});
    assert_eq!(codes(deny("s3:GetObject", both)), [LintCode::NeverMatches]);
    let wide = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"});
    let narrow = json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"});
    assert_eq!(
        found(PolicyType::Scp, &scp(json!([wide, narrow]))),
        [(LintCode::Redundant, "/Statement/1".to_owned())]
    );
}

#[test]
fn lz_is_not_locked_out() {
    let everything = json!({"Effect": "Deny", "Action": "organizations:*", "Resource": "*"});
    assert_eq!(codes(everything), [LintCode::DeniesLz]);
    let list = json!({"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"});
    assert_eq!(codes(list), [LintCode::ShutsOutLz]);
    let excepted = deny(
        "organizations:*",
        json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/lz-*"}}),
    );
    assert_eq!(codes(excepted), []);
}

#[test]
fn a_denial_of_regions_leaves_out_global_services() {
    let region = |fields: Value, regions: Value| {
        let mut statement = json!({"Effect": "Deny", "Resource": "*", "Condition": {
            "StringNotEquals": {"aws:RequestedRegion": regions}, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/lz-*"}}});
        for (name, value) in fields.as_object().unwrap() {
            statement[name] = value.clone();
        }
        codes(statement)
    };
    assert_eq!(
        region(json!({"Action": "*"}), json!("eu-west-1")),
        [LintCode::CatchesGlobal]
    );
    assert_eq!(
        region(json!({"NotAction": ["iam:*", "sts:*"]}), json!("eu-west-1")),
        [LintCode::CatchesGlobal]
    );
    assert_eq!(
        region(json!({"Action": "*"}), json!(["eu-west-1", "us-east-1"])),
        []
    );
    assert_eq!(
        region(json!({"Action": "ec2:RunInstances"}), json!("eu-west-1")),
        []
    );
}

#[test]
fn names_of_statements_and_the_version_are_checked() {
    let statement =
        |sid: &str| json!({"Sid": sid, "Effect": "Deny", "Action": format!("s3:{sid}*"), "Resource": "*"});
    let found = codes(
        json!([statement("Get"), statement("Get"), {"Sid": "a b", "Effect": "Deny", "Action": "sqs:SendMessage", "Resource": "*"}]),
    );
    assert!(found.contains(&LintCode::DuplicateSid) && found.contains(&LintCode::BadSid));
    let text = r#"{"Statement":{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}}"#;
    assert_eq!(
        lint(PolicyType::Scp, text, &Options::default())[0].code,
        LintCode::NoVersion
    );
}

#[test]
fn resource_control_policies_name_services_that_they_reach() {
    let rcp = |action: &str| {
        let statement = json!({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"});
        let findings = lint(PolicyType::Rcp, &scp(statement), &Options::default());
        findings.into_iter().map(|f| f.code).collect::<Vec<_>>()
    };
    assert_eq!(rcp("ec2:RunInstances"), [LintCode::UnreachedService]);
    assert_eq!(rcp("s3:GetObject"), []);
}

#[test]
fn attachments_count_what_others_attached() {
    let target = |count: usize| Attached {
        target: "ou.workloads".to_owned(),
        policy_type: PolicyType::Scp,
        policies: (0..count)
            .map(|n| format!("p{n}"))
            .chain(["FullAWSAccess".to_owned()])
            .collect(),
    };
    let limits = Limits::current();
    assert!(attachments(&[target(9)], &limits).is_empty());
    let findings = attachments(&[target(10)], &limits);
    assert!(findings[0].message.contains("11 policies") && findings[0].message.contains("1 of them"));
}
