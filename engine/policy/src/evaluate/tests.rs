use super::*;
use crate::language::Policy;
use serde_json::{Value, json};
use std::sync::Arc;

const FULL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

fn compiled(text: &str) -> Arc<Compiled> {
    Arc::new(Compiled::new(&Policy::detect(text).unwrap()))
}

fn path(levels: &[&[&str]]) -> Path {
    let level = |(index, texts): (usize, &&[&str])| Level {
        name: format!("level {index}"),
        policies: texts.iter().map(|text| compiled(text)).collect(),
    };
    Path::new(levels.iter().enumerate().map(level).collect(), Member::Ordinary)
}

fn request(action: &str, resource: &str, context: &Value) -> Request {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let texts = |value: &Value| match value.as_array() {
        Some(items) => items.iter().map(text).collect(),
        None => vec![text(value)],
    };
    let context = context.as_object().unwrap().iter().map(|(k, v)| (k, texts(v)));
    let principal = "arn:aws:iam::111122223333:role/dev";
    Request::new(principal, action, resource, context).unwrap()
}

/// Whether a Deny with this condition denies a request with this context.
fn holds(condition: Value, context: Value) -> bool {
    let deny = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}]});
    let verdict = path(&[&[FULL, &deny.to_string()]]).evaluate(&request("s3:GetObject", "*", &context));
    verdict.decision() == Decision::Deny
}

fn deny(fields: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"No","Effect":"Deny",{fields}}}]}}"#)
}

fn denied(fields: &str, action: &str, resource: &str) -> bool {
    let path = path(&[&[FULL, &deny(fields)]]);
    path.evaluate(&request(action, resource, &json!({}))).decision() == Decision::Deny
}

#[test]
fn every_level_must_allow_and_policies_of_one_level_unite() {
    let s3 = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    let ec2 = r#"{"Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}"#;
    let open = path(&[&[FULL], &[s3, ec2]]);
    let empty = json!({});
    assert_eq!(
        open.evaluate(&request("ec2:RunInstances", "*", &empty))
            .decision(),
        Decision::Allow
    );
    let verdict = open.evaluate(&request("iam:CreateUser", "*", &empty));
    assert_eq!(verdict.decision(), Decision::Deny);
    let outcomes: Vec<Outcome> = verdict.levels.iter().map(|level| level.outcome).collect();
    assert_eq!(outcomes, [Outcome::Allow, Outcome::ImplicitDeny]);
    let nothing = path(&[&[FULL], &[], &[FULL]]).evaluate(&request("s3:GetObject", "*", &empty));
    assert_eq!(
        nothing.deciding().unwrap().0,
        1,
        "a level without policies allows nothing"
    );
}

#[test]
fn a_deny_wins_on_any_level_and_is_named() {
    let path = path(&[&[FULL, &deny(r#""Action":"s3:*","Resource":"*""#)], &[FULL]]);
    let verdict = path.evaluate(&request("S3:getobject", "*", &json!({})));
    let (level, decided) = verdict.deciding().unwrap();
    assert_eq!((level, decided.outcome), (0, Outcome::ExplicitDeny));
    let by = decided.by.unwrap();
    assert_eq!((by.policy, by.statement, path.sid(by)), (1, 0, Some("No")));
}

#[test]
fn of_several_statements_the_first_is_named() {
    let twice = r#"{"Statement":[{"Effect":"Deny","NotAction":"iam:*","Resource":"*"},
        {"Effect":"Deny","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
    let verdict = path(&[&[FULL, twice]]).evaluate(&request("s3:GetObject", "*", &json!({})));
    assert_eq!(verdict.levels[0].by.unwrap().statement, 0);
}

#[test]
fn actions_match_without_case_and_with_wildcards_anywhere() {
    for (pattern, action) in [
        ("*", "a:b"),
        ("*:*", "a:b"),
        ("s3:GET*", "s3:getobject"),
        ("s?:Get*t", "S3:GetObject"),
        ("*:Describe*", "ec2:DescribeRegions"),
        ("s3:*Object*", "s3:GetObjectAcl"),
    ] {
        assert!(
            denied(&format!(r#""Action":"{pattern}","Resource":"*""#), action, "*"),
            "{pattern}"
        );
        assert!(
            !denied(&format!(r#""NotAction":"{pattern}","Resource":"*""#), action, "*"),
            "{pattern}"
        );
    }
    assert!(!denied(
        r#""Action":"s3:Get*","Resource":"*""#,
        "s3:PutObject",
        "*"
    ));
    assert!(denied(
        r#""NotAction":["iam:*","s3:Get*","sts:A"],"Resource":"*""#,
        "s3:PutObject",
        "*"
    ));
}

#[test]
fn resources_match_with_case_and_not_resource_turns_them_round() {
    let bucket = "arn:aws:s3:::logs/a";
    assert!(denied(
        r#""Action":"*","Resource":"arn:aws:s3:::logs/*""#,
        "s3:GetObject",
        bucket
    ));
    assert!(!denied(
        r#""Action":"*","Resource":"arn:aws:s3:::Logs/*""#,
        "s3:GetObject",
        bucket
    ));
    assert!(!denied(
        r#""Action":"*","NotResource":"arn:aws:s3:::logs/*""#,
        "s3:GetObject",
        bucket
    ));
    assert!(denied(
        r#""Action":"*","NotResource":"arn:aws:s3:::logs/*""#,
        "s3:GetObject",
        "*"
    ));
}

#[test]
fn variables_take_the_one_value_of_their_key() {
    let text = deny(r#""Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/team, 'none'}-*""#);
    let path = path(&[&[FULL, &text]]);
    let decide = |context: Value, resource: &str| {
        path.evaluate(&request("s3:GetObject", resource, &context))
            .decision()
            == Decision::Deny
    };
    assert!(decide(
        json!({"aws:principaltag/TEAM": "red"}),
        "arn:aws:s3:::red-x"
    ));
    assert!(
        !decide(json!({"aws:principaltag/team": "r*d"}), "arn:aws:s3:::red-x"),
        "a value has no wildcards"
    );
    assert!(decide(json!({}), "arn:aws:s3:::none-x"));
    assert!(decide(
        json!({"aws:PrincipalTag/team": ["a", "b"]}),
        "arn:aws:s3:::none-x"
    ));
}

#[test]
fn a_variable_without_value_compares_with_nothing() {
    let like = |operator: &str| json!({operator: {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}});
    let tagged = || json!({"aws:ResourceTag/team": "red"});
    assert!(!holds(like("StringEquals"), tagged()));
    assert!(holds(like("StringNotEquals"), tagged()));
    let both = json!({"aws:ResourceTag/team": "red", "aws:PrincipalTag/team": "red"});
    assert!(holds(like("StringEquals"), both.clone()) && !holds(like("StringNotEquals"), both));
}

#[test]
fn without_the_version_there_are_no_variables() {
    let old = r#"{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*",
        "Condition":{"StringEquals":{"k":"${aws:username}"}}}]}"#;
    let path = path(&[&[FULL, old]]);
    let decide = |context: Value| path.evaluate(&request("a:b", "*", &context)).decision();
    assert_eq!(decide(json!({"k": "me", "aws:username": "me"})), Decision::Allow);
    assert_eq!(decide(json!({"k": "${aws:username}"})), Decision::Deny);
}

#[test]
fn a_missing_key_fails_all_but_negated_operators_and_if_exists() {
    for operator in crate::language::Operator::names().filter(|name| *name != "Null") {
        let negated = operator.contains("Not");
        let with = |name: String| json!({name: {"k": "2024"}});
        assert_eq!(holds(with(operator.to_owned()), json!({})), negated, "{operator}");
        assert_eq!(
            holds(with(operator.to_owned()), json!({"k": []})),
            negated,
            "{operator}, no value"
        );
        assert!(
            holds(with(format!("{operator}IfExists")), json!({})),
            "{operator}IfExists"
        );
        assert!(
            !holds(with(format!("ForAnyValue:{operator}")), json!({})),
            "ForAnyValue:{operator}"
        );
        assert!(
            holds(with(format!("ForAllValues:{operator}")), json!({})),
            "ForAllValues:{operator}"
        );
    }
}

#[test]
fn values_compare_by_the_type_of_the_operator() {
    let cases = [
        ("StringEquals", "a*", "a*", true),
        ("StringEquals", "a*", "ab", false),
        ("StringEquals", "A", "a", false),
        ("StringEqualsIgnoreCase", "ÄB", "äb", true),
        ("StringLike", "a*${*}", "axx*", true),
        ("StringLike", "a*${*}", "axx", false),
        ("StringNotLike", "a*", "abc", false),
        ("NumericEquals", "5", "5.0", true),
        ("NumericNotEquals", "5", "6", true),
        ("NumericLessThan", "1.2", "1.1", true),
        ("NumericLessThanEquals", "10", "10", true),
        ("NumericGreaterThan", "10", "9", false),
        ("NumericGreaterThanEquals", "10", "x", false),
        ("DateEquals", "2024-01-01T00:00:00Z", "1704067200", true),
        (
            "DateLessThan",
            "2024-01-01T00:00:00Z",
            "2023-12-31T23:59:59Z",
            true,
        ),
        (
            "DateGreaterThan",
            "2024-01-01T00:00:00Z",
            "2024-01-01T01:00:00+01:00",
            false,
        ),
        ("Bool", "true", "True", true),
        ("Bool", "false", "yes", false),
        ("BinaryEquals", "aGk=", "aGk", true),
        ("BinaryEquals", "aGk=", "aGs=", false),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", true),
        ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", false),
        ("NotIpAddress", "10.0.0.0/8", "2001:db8::1", true),
        ("IpAddress", "2001:db8::/32", "2001:db8:1::1", true),
        (
            "ArnLike",
            "arn:aws:iam::*:role/lz-*",
            "arn:aws:iam::1:role/lz-x",
            true,
        ),
        (
            "ArnEquals",
            "arn:aws:iam::*:role/lz-*",
            "arn:aws:iam::1:role/lz-x",
            true,
        ),
        (
            "ArnNotLike",
            "arn:aws:iam::*:role/lz-*",
            "arn:aws:iam::1:role/x",
            true,
        ),
        ("ArnLike", "arn:aws:*:role/x", "arn:aws:iam::1:role/x", false),
    ];
    for (operator, value, found, expected) in cases {
        let answer = holds(json!({operator: {"K": value}}), json!({"k": found}));
        assert_eq!(answer, expected, "{operator} {value} {found}");
    }
}

#[test]
fn one_of_several_values_is_enough_and_negation_wants_none() {
    let regions = || json!(["eu-west-1", "eu-central-1"]);
    assert!(holds(
        json!({"StringEquals": {"aws:RequestedRegion": regions()}}),
        json!({"aws:RequestedRegion": "eu-west-1"})
    ));
    assert!(!holds(
        json!({"StringNotEquals": {"aws:RequestedRegion": regions()}}),
        json!({"aws:RequestedRegion": "eu-west-1"})
    ));
    assert!(holds(
        json!({"StringNotEquals": {"aws:RequestedRegion": regions()}}),
        json!({"aws:RequestedRegion": "us-east-1"})
    ));
}

#[test]
fn quantifiers_count_the_values_of_the_request() {
    let tags = |values: &[&str]| json!({"aws:TagKeys": values});
    let any = |operator: &str| json!({format!("ForAnyValue:{operator}"): {"aws:TagKeys": ["a", "b"]}});
    let all = |operator: &str| json!({format!("ForAllValues:{operator}"): {"aws:TagKeys": ["a", "b"]}});
    assert!(holds(any("StringEquals"), tags(&["x", "a"])) && !holds(any("StringEquals"), tags(&["x"])));
    assert!(
        holds(any("StringNotEquals"), tags(&["x", "a"])) && !holds(any("StringNotEquals"), tags(&["b", "a"]))
    );
    assert!(holds(all("StringEquals"), tags(&["b", "a"])) && !holds(all("StringEquals"), tags(&["x", "a"])));
    assert!(
        holds(all("StringNotEquals"), tags(&["x", "y"])) && !holds(all("StringNotEquals"), tags(&["x", "a"]))
    );
}

#[test]
fn a_key_with_several_values_needs_a_quantifier() {
    let two = || json!({"k": ["a", "b"]});
    assert!(!holds(json!({"StringEquals": {"k": "a"}}), two()));
    assert!(!holds(json!({"StringNotEquals": {"k": "x"}}), two()));
    assert!(holds(json!({"StringEquals": {"k": "a"}}), json!({"k": ["a"]})));
}

#[test]
fn null_asks_whether_a_key_is_there() {
    assert!(holds(json!({"Null": {"k": "true"}}), json!({})));
    assert!(holds(json!({"Null": {"k": false}}), json!({"K": "v"})));
    assert!(!holds(json!({"Null": {"k": "true"}}), json!({"k": "v"})));
    assert!(holds(
        json!({"Null": {"k": ["true", "false"]}}),
        json!({"k": "v"})
    ));
}

#[test]
fn all_conditions_must_hold() {
    let both = json!({"StringEquals": {"a": "1", "b": "2"}, "Bool": {"c": "true"}});
    assert!(holds(both.clone(), json!({"a": "1", "b": "2", "c": "true"})));
    assert!(!holds(both.clone(), json!({"a": "1", "b": "2", "c": "false"})));
    assert!(!holds(both, json!({"a": "1", "b": "3", "c": "true"})));
}

#[test]
fn the_principal_fills_what_the_context_leaves_out() {
    let role = json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/dev"}});
    assert!(holds(role.clone(), json!({})));
    assert!(!holds(
        role,
        json!({"aws:PrincipalArn": "arn:aws:iam::111122223333:role/other"})
    ));
    assert!(holds(
        json!({"StringEquals": {"aws:PrincipalAccount": "111122223333"}}),
        json!({})
    ));
}

#[test]
fn no_policy_binds_the_management_account_or_service_linked_roles() {
    let text = deny(r#""Action":"*","Resource":"*""#);
    let levels = vec![Level {
        name: "root".to_owned(),
        policies: vec![compiled(&text)],
    }];
    let ask = |principal: &str, member: Member| {
        let none: [(&str, [&str; 0]); 0] = [];
        let request = Request::new(principal, "s3:GetObject", "*", none).unwrap();
        Path::new(levels.clone(), member).evaluate(&request)
    };
    let dev = "arn:aws:iam::111122223333:role/dev";
    assert_eq!(ask(dev, Member::Ordinary).decision(), Decision::Deny);
    assert_eq!(
        ask(dev, Member::Management).exemption,
        Some(Exemption::ManagementAccount)
    );
    let linked = "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX";
    assert_eq!(
        ask(linked, Member::Ordinary).exemption,
        Some(Exemption::ServiceLinkedRole)
    );
    assert_eq!(ask(linked, Member::Ordinary).decision(), Decision::Allow);
}

#[test]
fn resource_control_policies_only_take_away() {
    let rcp = r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":["s3:*","kms:*"],"Resource":"*"}}"#;
    let full = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}"#;
    let alone = path(&[&[full], &[rcp]]);
    let ask = |path: &Path, action: &str| path.evaluate(&request(action, "*", &json!({}))).decision();
    assert_eq!(ask(&alone, "sqs:SendMessage"), Decision::Allow);
    assert_eq!(ask(&alone, "s3:GetObject"), Decision::Deny);
    assert_eq!(ask(&alone, "kms:RetireGrant"), Decision::Allow);
    let mixed = path(&[&[full, FULL], &[full]]);
    assert_eq!(
        ask(&mixed, "sqs:SendMessage"),
        Decision::Deny,
        "an RCP can't stand in for the SCP that allows"
    );
}

#[test]
fn requests_that_can_not_be_are_refused() {
    let none: [(&str, [&str; 0]); 0] = [];
    assert!(matches!(
        Request::new("p", "s3", "*", none),
        Err(RequestError::Action(_))
    ));
    let twice = [("a", ["1"]), ("A", ["2"])];
    assert!(matches!(
        Request::new("p", "s3:x", "*", twice),
        Err(RequestError::Twice(_))
    ));
    let long = "x".repeat(20_000);
    assert!(matches!(
        Request::new("p", "s3:x", long, none),
        Err(RequestError::TooLong)
    ));
}
