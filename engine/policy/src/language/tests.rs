use super::*;
use proptest::prelude::*;
use serde_json::json;

fn faults(text: &str) -> Vec<(Code, String)> {
    let problems = Policy::detect(text).unwrap_err();
    let of = |p: &Problem| (p.code, p.place.pointer.clone());
    problems.list().iter().map(of).collect()
}

fn statement(extra: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny"{extra}}}}}"#)
}

fn with_condition(condition: &str) -> String {
    statement(&format!(
        r#","Action":"s3:*","Resource":"*","Condition":{condition}"#
    ))
}

fn at(code: Code, pointer: &str) -> (Code, String) {
    (code, pointer.to_owned())
}

#[test]
fn every_element_is_read() {
    let policy = Policy::detect(
        r#"{"Version":"2012-10-17","Id":"i","Statement":[
            {"Sid":"A","Effect":"Deny","NotAction":["iam:*","STS:*"],"NotResource":"arn:aws:s3:::a",
             "Condition":{"ForAllValues:StringNotLikeIfExists":{"aws:TagKeys":["a*",true,5]}}},
            {"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    )
    .unwrap();
    assert_eq!((policy.kind, policy.id.as_deref()), (Kind::Scp, Some("i")));
    let first = &policy.statements[0];
    assert_eq!(first.sid.as_deref(), Some("A"));
    assert!(first.actions.is_except() && first.resources.is_except());
    assert_eq!(first.actions.list()[1].place.pointer, "/Statement/0/NotAction/1");
    let condition = &first.conditions[0];
    assert_eq!(
        condition.operator.to_string(),
        "ForAllValues:StringNotLikeIfExists"
    );
    let values: Vec<&str> = condition.values.iter().map(|v| v.text.as_str()).collect();
    assert_eq!(values, ["a*", "true", "5"]);
    assert_eq!(policy.statements[1].effect, Effect::Allow);
}

#[test]
fn places_point_at_the_bytes() {
    let text = with_condition(r#"{"StringEqual":{"a":"b"}}"#);
    let problems = Policy::detect(&text).unwrap_err();
    let problem = &problems.list()[0];
    assert_eq!(text.get(problem.place.span()).unwrap(), r#""StringEqual""#);
    assert_eq!(problem.help.as_deref(), Some("did you mean `StringEquals`?"));
}

#[test]
fn each_rule_of_the_grammar_has_its_code_and_place() {
    let cases = [
        ("{", at(Code::NotJson, "")),
        ("[]", at(Code::WrongType, "")),
        (r#"{"Version":"2012-10-17"}"#, at(Code::MissingElement, "")),
        (
            r#"{"Version":"2008-10-17","Statement":[]}"#,
            at(Code::Version, "/Version"),
        ),
        (
            r#"{"Statement":[],"statement":[]}"#,
            at(Code::UnknownElement, "/statement"),
        ),
        (
            r#"{"Statement":[],"Statement":[]}"#,
            at(Code::Duplicate, "/Statement"),
        ),
        (r#"{"Statement":"x"}"#, at(Code::WrongType, "/Statement")),
        (
            r#"{"Statement":{"Effect":"deny","Action":"*","Resource":"*"}}"#,
            at(Code::Effect, "/Statement/Effect"),
        ),
        (
            r#"{"Statement":[{"Action":"*","Resource":"*"}]}"#,
            at(Code::MissingElement, "/Statement/0"),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(faults(text), [expected], "{text}");
    }
    let cases = [
        (r#","Resource":"*""#, at(Code::MissingElement, "/Statement")),
        (r#","Action":"*""#, at(Code::MissingElement, "/Statement")),
        (
            r#","Action":[],"Resource":"*""#,
            at(Code::Empty, "/Statement/Action"),
        ),
        (
            r#","Action":["s3"],"Resource":"*""#,
            at(Code::Action, "/Statement/Action/0"),
        ),
        (
            r#","Action":"s3:","Resource":"*""#,
            at(Code::Action, "/Statement/Action"),
        ),
        (
            r#","Action":"s3:Gét","Resource":"*""#,
            at(Code::Action, "/Statement/Action"),
        ),
        (
            r#","Action":"*","NotAction":"*","Resource":"*""#,
            at(Code::Conflict, "/Statement/NotAction"),
        ),
        (
            r#","Action":"*","Resource":["bucket"]"#,
            at(Code::Resource, "/Statement/Resource/0"),
        ),
        (
            r#","Action":"*","Resource":5"#,
            at(Code::WrongType, "/Statement/Resource"),
        ),
        (
            r#","Action":"*","Resource":"*","Condition":[]"#,
            at(Code::WrongType, "/Statement/Condition"),
        ),
    ];
    for (extra, expected) in cases {
        assert_eq!(faults(&statement(extra)), [expected], "{extra}");
    }
    let cases = [
        (
            r#"{"Bool":"x"}"#,
            at(Code::WrongType, "/Statement/Condition/Bool"),
        ),
        (
            r#"{"Bool":{"":"true"}}"#,
            at(Code::Key, "/Statement/Condition/Bool/"),
        ),
        (
            r#"{"Bool":{"a":null}}"#,
            at(Code::WrongType, "/Statement/Condition/Bool/a"),
        ),
        (
            r#"{"Bool":{"a":1,"A":2}}"#,
            at(Code::Duplicate, "/Statement/Condition/Bool/A"),
        ),
        (
            r#"{"Bool":{},"bool":{}}"#,
            at(Code::Duplicate, "/Statement/Condition/bool"),
        ),
    ];
    for (condition, expected) in cases {
        assert_eq!(faults(&with_condition(condition)), [expected], "{condition}");
    }
}

#[test]
fn a_service_control_policy_has_no_principal() {
    let text = statement(r#","Principal":"*","Action":"s3:*","Resource":"*""#);
    let problems = Policy::parse(Kind::Scp, &text).unwrap_err();
    assert_eq!(problems.list()[0].code, Code::ForbiddenElement);
    assert!(Policy::parse(Kind::Rcp, &text).is_ok());
}

#[test]
fn a_resource_control_policy_denies_named_services_to_everybody() {
    let cases = [
        (
            r#","Principal":{"AWS":"*"},"Action":"s3:*","Resource":"*""#,
            at(Code::Principal, "/Statement/Principal"),
        ),
        (
            r#","NotPrincipal":"*","Principal":"*","Action":"s3:*","Resource":"*""#,
            at(Code::ForbiddenElement, "/Statement/NotPrincipal"),
        ),
        (
            r#","Principal":"*","Action":"*","Resource":"*""#,
            at(Code::Action, "/Statement"),
        ),
        (
            r#","Principal":"*","NotAction":"s3:*","Resource":"*""#,
            at(Code::ForbiddenElement, "/Statement"),
        ),
    ];
    for (extra, expected) in cases {
        assert_eq!(faults(&statement(extra)), [expected], "{extra}");
    }
    let allow = |action: &str| {
        format!(r#"{{"Statement":{{"Effect":"Allow","Principal":"*","Action":"{action}","Resource":"*"}}}}"#)
    };
    assert!(Policy::detect(&allow("*")).is_ok());
    assert_eq!(faults(&allow("s3:*")), [at(Code::Effect, "/Statement")]);
}

#[test]
fn all_faults_are_told_at_once() {
    let text = r#"{"Statement":[{"Effect":"No","Action":"x","Resource":"y"},{"Foo":1}]}"#;
    assert_eq!(faults(text).len(), 7);
}

#[test]
fn spelling_is_no_difference() {
    let form = |text: &str| Policy::detect(text).unwrap().canonical();
    let one = form(
        r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Deny","Action":["s3:Get*","iam:*"],"Resource":"*",
             "Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:root"},"Bool":{"aws:SecureTransport":false}}},
            {"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    );
    let other = form(
        r#"{"Statement":[{"Resource":["*"],"Action":["*"],"Effect":"Allow"},
            {"Effect":"Deny","Resource":["*","*"],"Action":["IAM:*","S3:get*"],
             "Condition":{"bool":{"AWS:securetransport":["False"]},"ArnLike":{"aws:principalarn":["arn:aws:iam::*:root"]}}}],
            "Version":"2012-10-17"}"#,
    );
    assert_eq!(one, other);
    let without_version = form(r#"{"Statement":[{"Resource":"*","Action":"*","Effect":"Allow"}]}"#);
    let with =
        form(r#"{"Version":"2012-10-17","Statement":[{"Resource":"*","Action":"*","Effect":"Allow"}]}"#);
    assert_ne!(without_version, with, "only with the version are there variables");
}

#[test]
fn resources_tell_case() {
    let form = |resource: &str| {
        let text = statement(&format!(r#","Action":"*","Resource":"{resource}""#));
        Policy::detect(&text).unwrap().canonical()
    };
    assert_ne!(form("arn:aws:s3:::A"), form("arn:aws:s3:::a"));
}

#[test]
fn the_written_policy_reads_back_the_same() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Principal":"*","Action":["s3:*","sts:*"],"NotResource":"arn:aws:s3:::*","Condition":{"Null":{"a":"true"},"StringLike":{"b":["x*","y"]}}}]}"#;
    let policy = Policy::detect(text).unwrap();
    let again = Policy::detect(&policy.to_text()).unwrap();
    assert_eq!(again.canonical(), policy.canonical());
    assert!(policy.to_text().len() <= text.len());
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|b| json!(b)),
        any::<i32>().prop_map(|n| json!(n)),
        "[a-zA-Z0-9:*?${}'., é\u{200d}\u{1f600}]{0,12}".prop_map(|s| json!(s)),
    ];
    let name = prop_oneof![
        Just("Statement".to_owned()),
        Just("Effect".to_owned()),
        Just("Action".to_owned()),
        Just("NotAction".to_owned()),
        Just("Resource".to_owned()),
        Just("Condition".to_owned()),
        Just("Principal".to_owned()),
        Just("StringLike".to_owned()),
        ".{0,4}",
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::Array),
            prop::collection::btree_map(name.clone(), inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_gives_a_policy_or_faults_with_places_inside_the_text(value in json_value()) {
        let text = value.to_string();
        if let Err(problems) = Policy::detect(&text) {
            prop_assert!(!problems.list().is_empty());
            for problem in problems.list() {
                prop_assert!(text.get(problem.place.span()).is_some());
            }
        }
    }

    #[test]
    fn any_text_gives_an_answer(text in ".{0,200}") {
        let _answer = Policy::detect(&text);
    }
}
