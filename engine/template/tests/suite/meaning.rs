//! What a template means, whatever the language.

use lz_model::stack::Capability;
use lz_template::{Template, same};
use serde_json::{Value, json};

fn value(text: &str) -> Value {
    match Template::parse(text) {
        Ok(template) => template.value().clone(),
        Err(error) => panic!("{error}\n{text}"),
    }
}

fn error(text: &str) -> String {
    Template::parse(text).unwrap_err().to_string()
}

/// Returns what a property of one resource means.
fn property(written: &str) -> Value {
    value(&format!(
        "Resources:\n  A:\n    Type: T::A\n    Properties:\n      P: {written}\n"
    ))["Resources"]["A"]["Properties"]["P"]
        .clone()
}

#[test]
fn short_forms_are_the_long_forms() {
    let cases = [
        ("!Ref X", json!({"Ref": "X"})),
        ("!Ref 5", json!({"Ref": "5"})),
        ("!Sub '${A}-x'", json!({"Fn::Sub": "${A}-x"})),
        (
            "!Sub ['${a}', {a: !Ref B}]",
            json!({"Fn::Sub": ["${a}", {"a": {"Ref": "B"}}]}),
        ),
        ("!GetAtt Bucket.Arn", json!({"Fn::GetAtt": ["Bucket", "Arn"]})),
        (
            "!GetAtt Stack.Outputs.X",
            json!({"Fn::GetAtt": ["Stack", "Outputs.X"]}),
        ),
        ("!GetAtt [Bucket, Arn]", json!({"Fn::GetAtt": ["Bucket", "Arn"]})),
        (
            "{'Fn::GetAtt': Bucket.Arn}",
            json!({"Fn::GetAtt": ["Bucket", "Arn"]}),
        ),
        (
            "!If [C, 5, !Ref 'AWS::NoValue']",
            json!({"Fn::If": ["C", 5, {"Ref": "AWS::NoValue"}]}),
        ),
        ("!Join ['', [a, 1]]", json!({"Fn::Join": ["", ["a", 1]]})),
        (
            "!Select [0, !GetAZs '']",
            json!({"Fn::Select": ["0", {"Fn::GetAZs": ""}]}),
        ),
        ("!Split [',', 'a,b']", json!({"Fn::Split": [",", "a,b"]})),
        ("!FindInMap [M, 1, v]", json!({"Fn::FindInMap": ["M", "1", "v"]})),
        ("!Base64 x", json!({"Fn::Base64": "x"})),
        (
            "!Cidr [10.0.0.0/16, 4, 8]",
            json!({"Fn::Cidr": ["10.0.0.0/16", "4", "8"]}),
        ),
        ("!ImportValue x", json!({"Fn::ImportValue": "x"})),
        (
            "!Transform {Name: M, Parameters: {A: 1}}",
            json!({"Fn::Transform": {"Name": "M", "Parameters": {"A": 1}}}),
        ),
        ("!Not [!Condition C]", json!({"Fn::Not": [{"Condition": "C"}]})),
        (
            "!And [!Equals [1, '1'], !Or [!Condition A, !Condition B]]",
            json!({"Fn::And": [{"Fn::Equals": ["1", "1"]}, {"Fn::Or": [{"Condition": "A"}, {"Condition": "B"}]}]}),
        ),
    ];
    for (short, long) in cases {
        assert_eq!(property(short), long, "{short}");
    }
    assert_eq!(
        error("Resources: {A: !Foo x}"),
        "line 1: `!Foo` is no function of CloudFormation"
    );
}

#[test]
fn scalars_are_those_of_yaml_1_1() {
    let cases = [
        ("5", json!(5)),
        ("'5'", json!("5")),
        ("\"yes\"", json!("yes")),
        ("yes", json!(true)),
        ("Off", json!(false)),
        ("y", json!("y")),
        ("2012-10-17", json!("2012-10-17")),
        ("012345678901", json!("012345678901")),
        ("0755", json!(493)),
        ("0x1F", json!(31)),
        ("0b101", json!(5)),
        ("1_000", json!(1000)),
        ("+7", json!(7)),
        ("-7", json!(-7)),
        ("1.50", json!(1.5)),
        ("1e3", json!(1000.0)),
        ("12e345678", json!("12e345678")),
        ("111122223333", json!(111_122_223_333_i64)),
        ("22:80", json!("22:80")),
        ("10.0.0.0/16", json!("10.0.0.0/16")),
        ("1.2.3", json!("1.2.3")),
        (".", json!(".")),
        (".5", json!(0.5)),
        (".inf", json!(".inf")),
        ("99999999999999999999", json!("99999999999999999999")),
        ("~", Value::Null),
        ("", Value::Null),
        ("!!str 5", json!("5")),
        ("! 5", json!("5")),
        ("|\n        a\n        b", json!("a\nb\n")),
    ];
    for (written, meant) in cases {
        assert_eq!(property(written), meant, "{written}");
    }
}

#[test]
fn a_number_and_its_text_are_one_where_only_text_is_known() {
    let one = "Parameters:\n  P: {Type: Number, Default: 5, MinValue: 1, NoEcho: true}\nMappings:\n  M: {a: {b: 1}}\nConditions:\n  C: !Equals [!Ref P, 5]\nResources:\n  A: {Type: T::A, Properties: {P: 5}}\n";
    let two = r#"{"Parameters": {"P": {"Type": "Number", "Default": "5", "MinValue": "1", "NoEcho": "true"}},
        "Mappings": {"M": {"a": {"b": "1"}}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "5"]}},
        "Resources": {"A": {"Type": "T::A", "Properties": {"P": 5}}}}"#;
    assert!(same(one, two));
    let property_as_text = two.replace("\"P\": 5}}}", "\"P\": \"5\"}}}");
    assert_ne!(two, property_as_text);
    assert!(
        !same(one, &property_as_text),
        "a property may be a document in which the two differ"
    );
}

#[test]
fn order_comments_and_language_do_not_count() {
    let one = "# c\nResources:\n  B:\n    Type: T::B\n    DependsOn: [A, C]\n  A: {Type: T::A, DependsOn: B}\nTransform: X\n";
    let two = r#"{"Transform": ["X"], "Resources": {"A": {"DependsOn": ["B"], "Type": "T::A"}, "B": {"DependsOn": ["C", "A"], "Type": "T::B"}}}"#;
    assert!(same(one, two));
    assert!(same("not: [a template", "not: [a template"));
    assert!(!same("not: [a template", "not: [another"));
    assert!(!same(
        "Resources: {A: {Type: T::A}}",
        "Resources: {B: {Type: T::A}}"
    ));
}

#[test]
fn json_that_only_yaml_takes_is_yaml() {
    assert!(same(
        "{Resources: {A: {Type: 'T::A'}}}",
        "{\"Resources\": {\"A\": {\"Type\": \"T::A\"}}}"
    ));
}

#[test]
fn json_texts_keep_every_character() {
    let text =
        r#"{"Resources": {"A": {"Type": "T::A", "Properties": {"P": "\u00e9\ud83d\ude00\/\\\"\n\t"}}}}"#;
    assert_eq!(
        value(text)["Resources"]["A"]["Properties"]["P"],
        json!("é😀/\\\"\n\t")
    );
}

#[test]
fn keys_are_text_whatever_they_look_like() {
    let meant = property("{on: 1, 2012: 2, 010: 3, null: 4, 'x': 5}");
    assert_eq!(meant, json!({"on": 1, "2012": 2, "010": 3, "null": 4, "x": 5}));
    assert_eq!(error("a:\n  : x\n"), "line 2: a key is empty");
}

#[test]
fn merge_keys_bring_what_the_map_does_not_have() {
    let text = "Metadata:\n  base: &base {a: 1, b: 2}\nResources:\n  A:\n    Type: T::A\n    Properties:\n      <<: *base\n      b: 3\n";
    assert_eq!(
        value(text)["Resources"]["A"]["Properties"],
        json!({"a": 1, "b": 3})
    );
}

#[test]
fn what_is_no_template_is_refused_with_its_line() {
    let deep = format!("{{\"a\": {}1{}}}", "[".repeat(200), "]".repeat(200));
    let deep_yaml = format!("a: {}1{}", "[".repeat(200), "]".repeat(200));
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..9 {
        let before = format!("*a{}", at - 1);
        bomb.push_str(&format!("a{at}: &a{at} [{}]\n", [before.as_str(); 10].join(", ")));
    }
    let anchors: String = (0..90).map(|at| format!("&b{at} [")).collect();
    let copies = format!("a: {anchors}{}1{}\n", "1,".repeat(100_000), "]".repeat(90));
    let large = format!("Description: {}\n", "x".repeat(1_048_576));
    let cases = [
        ("", "line 1: the text is empty"),
        ("- a\n", "line 1: a template is a map of sections, this is a list"),
        ("a: 1\na: 2\n", "line 2: the key `a` stands twice in one map"),
        (
            "{\"a\": 1,\n \"a\": 2}",
            "line 2: the key `a` stands twice in one map",
        ),
        (
            "{\"a\": 1,
}",
            "line 2: `}` stands where a key in double quotes is expected",
        ),
        ("{\"a\": 01}", "line 1: `01` is not a number"),
        (
            "{\"a\": \"x\n\"}",
            "line 2: a line break or control character stands in a text; write `\\n`",
        ),
        (
            "{\"a\": 1} x",
            "line 1: there is more text behind the end of the template",
        ),
        (
            "{\"a\": \"\\ud800\"}",
            "line 1: half of a character stands alone in `\\u`",
        ),
        ("{\"a\":", "line 1: the text ends where a value is expected"),
        (
            "a: 1\n---\nb: 2\n",
            "line 2: a template is one YAML document, this begins another",
        ),
        ("a: &a [*a]\n", "line 1: this alias stands inside its own anchor"),
        ("a: 1\n[x]: 2\n", "line 2: a key is a list or map, not text"),
        (
            "a: !!timestamp 2012-10-17\n",
            "line 1: CloudFormation does not know the YAML tag `!!timestamp`",
        ),
        (&deep, "line 1: lists and maps are nested deeper than 100 levels"),
        (
            &deep_yaml,
            "line 1: lists and maps are nested deeper than 100 levels",
        ),
        (
            &bomb,
            "line 6: with its aliases put in, the template has more than 600000 nodes",
        ),
        (
            &copies,
            "line 1: with its aliases put in, the template has more than 600000 nodes",
        ),
        (
            &large,
            "line 1: the template has 1048590 bytes, AWS takes 1048576",
        ),
    ];
    for (text, message) in cases {
        let shown: String = text.chars().take(60).collect();
        assert_eq!(error(text), message, "{shown}");
    }
}

#[test]
fn parameters_and_resources_are_listed() {
    let text = "Parameters:\n  Kind:\n    Type: String\n    Default: a\n    AllowedValues: [a, 5, true]\n  Token: {Type: String, NoEcho: true}\nResources:\n  A: {Type: 'AWS::S3::Bucket'}\n";
    let template = Template::parse(text).unwrap();
    let parameters = template.parameters();
    assert_eq!(parameters["Kind"].allowed_values, ["a", "5", "true"]);
    assert_eq!(parameters["Kind"].default.as_deref(), Some("a"));
    assert!(parameters["Token"].no_echo && !parameters["Kind"].no_echo);
    assert_eq!(template.resources()["A"], "AWS::S3::Bucket");
}

#[test]
fn a_template_needs_what_its_resources_need() {
    let needs = |resources: &str| {
        let template = Template::parse(&format!("Resources:\n{resources}")).unwrap();
        template.needs().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(needs("  A: {Type: 'AWS::S3::Bucket'}\n"), []);
    for kind in [
        "AccessKey",
        "Group",
        "InstanceProfile",
        "ManagedPolicy",
        "Policy",
        "Role",
        "User",
        "UserToGroupAddition",
    ] {
        assert_eq!(
            needs(&format!("  A: {{Type: 'AWS::IAM::{kind}'}}\n")),
            [Capability::Iam],
            "{kind}"
        );
    }
    let named = "  A: {Type: 'AWS::IAM::Role', Properties: {RoleName: x}}\n  B: {Type: 'AWS::IAM::Policy'}\n";
    assert_eq!(needs(named), [Capability::NamedIam]);
    assert_eq!(
        needs("  A: {Type: 'AWS::IAM::Policy', Properties: {PolicyName: x}}\n"),
        [Capability::Iam]
    );
    assert_eq!(
        needs("  A: {Type: T::A, Properties: !Transform {Name: X}}\n"),
        [Capability::AutoExpand]
    );
    assert_eq!(
        needs("  A: {Type: 'Mine::Own::Thing::MODULE'}\n"),
        [Capability::AutoExpand]
    );
    assert_eq!(
        needs("  A: {Type: T::A}\nTransform: AWS::Serverless-2016-10-31\n"),
        [Capability::AutoExpand]
    );
}

#[test]
fn service_managed_sets_take_no_macros_and_no_nested_stacks() {
    let fits = |text: &str| Template::parse(text).unwrap().fits_service_managed();
    assert!(fits("Resources: {A: {Type: 'AWS::S3::Bucket'}}"));
    assert!(!fits("Resources: {A: {Type: 'AWS::CloudFormation::Stack'}}"));
    assert!(!fits("Transform: X\nResources: {A: {Type: 'AWS::S3::Bucket'}}"));
    assert!(!fits(
        "Resources: {A: {Type: T::A, Properties: {P: ['Fn::Transform': {Name: X}]}}}"
    ));
}
