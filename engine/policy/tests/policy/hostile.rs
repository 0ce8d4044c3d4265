//! Bad input: an error or an answer, never a panic, in bounded time.

use lz_model::policy_type::PolicyType;
use lz_policy::compare::Comparer;
use lz_policy::evaluate::{Compiled, Level, Member, Path, Request};
use lz_policy::inherit::Settings;
use lz_policy::language::Policy;
use lz_policy::line::Lines;
use serde_json::json;
use std::sync::Arc;

fn read(text: &str) {
    let _policy = Policy::detect(text);
    let _settings = Settings::parse(PolicyType::Tag, text);
    let _answer = Lines::new().answer(text);
}

#[test]
fn every_cut_and_every_changed_byte_of_a_document_is_answered() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Sid":"\u00e9","Effect":"Deny","NotAction":["s3:*"],"Resource":"arn:aws:s3:::${aws:x, 'd'}/*","Condition":{"ForAllValues:StringNotLikeIfExists":{"aws:TagKeys":["a*",true,5]}}}]}"#;
    for end in 0..text.len() {
        read(text.get(..end).unwrap_or_default());
    }
    for at in 0..text.len() {
        for byte in [b'"', b'{', b'}', b'[', b']', b'\\', b'0', b' ', 0x80, 0] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            read(&String::from_utf8_lossy(&bytes));
        }
    }
}

/// Replays what a fuzzer found, or may begin with.
#[test]
fn every_text_of_the_corpus_is_answered() {
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/policy");
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        read(&String::from_utf8_lossy(&bytes));
        count += 1;
    }
    assert!(count > 3);
}

#[test]
fn deep_nesting_is_refused() {
    for open in ["[", "{\"a\":", "{\"Statement\":[", "[{\"Condition\":"] {
        read(&open.repeat(100_000));
    }
}

#[test]
fn exotic_unicode_is_text_like_any_other() {
    let texts = [
        "\u{0}",
        "\u{202e}abc",
        "e\u{301}",
        "\u{1f468}\u{200d}\u{1f469}",
        "\u{feff}",
        "\u{10ffff}",
        "İıſK",
    ];
    for text in texts {
        let document = json!({"Statement": {"Sid": text, "Effect": "Deny", "Action": "*", "Resource": format!("arn:aws:s3:::{text}*"),
            "Condition": {"StringEqualsIgnoreCase": {format!("k{text}"): text}, "StringLike": {"k": format!("?{text}*")}}}});
        read(&document.to_string());
        read(text);
        if let Ok(policy) = Policy::detect(&document.to_string()) {
            let path = Path::new(
                vec![Level {
                    name: text.to_owned(),
                    policies: vec![Arc::new(Compiled::new(&policy))],
                }],
                Member::Ordinary,
            );
            let context = [(format!("K{text}"), vec![text.to_owned()])];
            let request =
                Request::new(text, "s3:GetObject", format!("arn:aws:s3:::{text}x"), context).unwrap();
            let _verdict = path.evaluate(&request);
        }
    }
}

fn many_statements(count: usize) -> Policy {
    let statement = |n: usize| {
        json!({"Effect": "Deny", "Action": [format!("s3:Get{n}*"), "iam:*"], "Resource": format!("arn:aws:s3:::b{n}/*"),
            "Condition": {"StringNotLike": {format!("aws:PrincipalTag/t{}", n % 50): format!("*{n}*x?")}}})
    };
    let statements: Vec<_> = (0..count).map(statement).collect();
    Policy::detect(&json!({"Version": "2012-10-17", "Statement": statements}).to_string()).unwrap()
}

#[test]
fn ten_thousand_statements_are_answered() {
    let policy = many_statements(10_000);
    let path = Path::new(
        vec![Level {
            name: "root".to_owned(),
            policies: vec![Arc::new(Compiled::new(&policy))],
        }],
        Member::Ordinary,
    );
    let none: [(&str, [&str; 0]); 0] = [];
    let request = Request::new(
        "arn:aws:iam::111122223333:role/x",
        "iam:CreateUser",
        "arn:aws:s3:::b7/x",
        none,
    )
    .unwrap();
    assert_eq!(path.evaluate(&request).levels.len(), 1);
    assert!(policy.canonical() == policy.canonical());
}

#[test]
fn comparing_very_many_statements_ends() {
    let full = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let mut comparer = Comparer::new(vec![
        Policy::detect(full).unwrap(),
        many_statements(300),
        many_statements(301),
    ]);
    let difference = comparer.compare(&vec![vec![0, 1]], &vec![vec![0, 2]]).unwrap();
    assert!(difference.gains_nothing() && !difference.loses_nothing());
}

#[test]
fn patterns_that_are_hard_to_match_end() {
    let hard = "a*".repeat(2_000);
    let document = json!({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": format!("arn:*a*b*:{hard}b"),
        "Condition": {"StringLike": {"k": format!("{hard}b")}}}});
    let policy = Policy::detect(&document.to_string()).unwrap();
    let path = Path::new(
        vec![Level {
            name: String::new(),
            policies: vec![Arc::new(Compiled::new(&policy))],
        }],
        Member::Ordinary,
    );
    let long = "a".repeat(10_000);
    let request = Request::new("p", "s3:x", format!("arn:{long}"), [("k", [long.as_str()])]).unwrap();
    let _verdict = path.evaluate(&request);
}

/// Pieces of policies, so that generated texts get far into the parser.
const PIECES: [&str; 46] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "1e999",
    "-0",
    " ",
    "\n",
    "/*",
    "\"Version\"",
    "\"2012-10-17\"",
    "\"Statement\"",
    "\"Sid\"",
    "\"Effect\"",
    "\"Allow\"",
    "\"Deny\"",
    "\"Action\"",
    "\"NotAction\"",
    "\"Resource\"",
    "\"NotResource\"",
    "\"Principal\"",
    "\"Condition\"",
    "\"*\"",
    "\"s3:Get*\"",
    "\"arn:aws:s3:::${aws:PrincipalTag/a, 'b'}/?*\"",
    "\"StringLike\"",
    "\"ForAllValues:StringEqualsIfExists\"",
    "\"NumericLessThan\"",
    "\"DateGreaterThan\"",
    "\"IpAddress\"",
    "\"Null\"",
    "\"BinaryEquals\"",
    "\"aws:SourceIp\"",
    "\"::/129\"",
    "\"tags\"",
    "\"@@assign\"",
    "\"@@append\"",
    "\"@@operators_allowed_for_child_policies\"",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        ..proptest::prelude::ProptestConfig::default()
    })]

    #[test]
    fn no_text_made_of_pieces_of_policies_makes_the_reader_panic(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..60),
    ) {
        read(&pieces.concat());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in proptest::prelude::any::<String>()) {
        read(&text);
    }

    /// Well-formed JSON in the shape of a policy, with anything where a text may stand.
    #[test]
    fn what_is_read_is_written_and_read_again_with_the_same_meaning(
        effect in proptest::sample::select(vec!["Allow", "Deny"]),
        action in ".{0,12}",
        operator in proptest::sample::select(vec![
            "StringEquals", "StringNotLike", "ArnLike", "NumericEquals", "DateLessThan", "Bool", "IpAddress",
            "NotIpAddress", "Null", "BinaryEquals", "ForAnyValue:StringLike", "StringEqualsIfExists",
        ]),
        key in ".{0,12}",
        value in ".{0,24}",
        resource in ".{0,24}",
    ) {
        let text = json!({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": ["s3:Get*", action],
            "Resource": resource, "Condition": {operator: {key: [value]}}}]}).to_string();
        read(&text);
        let _findings = lz_policy::lint::lint(PolicyType::Scp, &text, &lz_policy::lint::Options::default());
        if let Ok(policy) = Policy::detect(&text) {
            let again = Policy::parse(policy.kind, &policy.to_text());
            proptest::prop_assert_eq!(again.unwrap().canonical(), policy.canonical());
        }
    }
}
