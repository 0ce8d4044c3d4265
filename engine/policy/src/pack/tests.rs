use super::*;
use crate::language::Policy;
use serde_json::{Value, json};

fn policies(statements: &[Value]) -> Vec<Policy> {
    statements
        .iter()
        .map(|s| Policy::detect(&json!({"Version": "2012-10-17", "Statement": s}).to_string()).unwrap())
        .collect()
}

fn packed(statements: &[Value]) -> Vec<Value> {
    let packed = pack(&policies(statements), 10_240, &[]).unwrap();
    assert_eq!(packed.documents.len(), 1);
    let document: Value = serde_json::from_str(&packed.documents[0]).unwrap();
    let statements = &document["Statement"];
    statements
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![statements.clone()])
}

fn deny(actions: Value, extra: Value) -> Value {
    let mut statement = json!({"Effect": "Deny", "Action": actions, "Resource": "*"});
    for (name, value) in extra.as_object().unwrap() {
        statement[name] = value.clone();
    }
    statement
}

fn not_action(actions: Value) -> Value {
    json!({"Effect": "Deny", "NotAction": actions, "Resource": "*"})
}

#[test]
fn lists_that_alone_differ_become_one() {
    let merged = packed(&[
        deny(json!("s3:a"), json!({})),
        deny(json!(["s3:b", "s3:A"]), json!({})),
    ]);
    assert_eq!(merged, [deny(json!(["s3:a", "s3:b"]), json!({}))]);
    let on = |resource: &str| deny(json!("s3:a"), json!({"Resource": resource}));
    let merged = packed(&[on("arn:aws:s3:::x"), on("arn:aws:s3:::y")]);
    assert_eq!(
        merged,
        [deny(
            json!("s3:a"),
            json!({"Resource": ["arn:aws:s3:::x", "arn:aws:s3:::y"]})
        )]
    );
    let when = |region: &str| {
        deny(
            json!("s3:a"),
            json!({"Condition": {"StringEquals": {"aws:RequestedRegion": region}}}),
        )
    };
    let merged = packed(&[when("a"), when("b")]);
    assert_eq!(
        merged[0]["Condition"]["StringEquals"]["aws:RequestedRegion"],
        json!(["a", "b"])
    );
}

#[test]
fn entries_that_others_cover_go() {
    let merged = packed(&[deny(
        json!(["s3:Get*", "s3:GetObject", "s3:*"]),
        json!({"Resource": ["arn:aws:s3:::a*", "arn:aws:s3:::ab"]}),
    )]);
    assert_eq!(
        merged,
        [deny(json!("s3:*"), json!({"Resource": "arn:aws:s3:::a*"}))]
    );
}

#[test]
fn what_is_left_out_intersects() {
    let merged = packed(&[
        not_action(json!(["iam:*", "sts:*"])),
        not_action(json!(["iam:Get*", "s3:*"])),
    ]);
    assert_eq!(merged, [not_action(json!("iam:Get*"))]);
    let merged = packed(&[
        not_action(json!(["iam:*", "sts:*"])),
        deny(json!("iam:*"), json!({})),
    ]);
    assert_eq!(merged, [not_action(json!("sts:*"))]);
    let apart = packed(&[not_action(json!(["iam:*"])), not_action(json!(["sts:*"]))]);
    assert_eq!(
        apart,
        [deny(json!("*"), json!({}))],
        "what neither leaves out is everything"
    );
}

#[test]
fn values_that_must_not_be_intersect() {
    let unless = |regions: Value| {
        deny(
            json!("*"),
            json!({"Condition": {"StringNotEquals": {"aws:RequestedRegion": regions}}}),
        )
    };
    let merged = packed(&[unless(json!(["a", "b"])), unless(json!(["b", "c"]))]);
    assert_eq!(
        merged[0]["Condition"]["StringNotEquals"]["aws:RequestedRegion"],
        json!("b")
    );
}

#[test]
fn statements_that_change_nothing_go() {
    let narrow = deny(
        json!("s3:GetObject"),
        json!({"Resource": "arn:aws:s3:::a/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}),
    );
    let wide = deny(json!("s3:Get*"), json!({}));
    assert_eq!(packed(&[narrow, wide]), [deny(json!("s3:Get*"), json!({}))]);
}

#[test]
fn documents_keep_the_limit_and_long_lists_are_split() {
    let actions: Vec<String> = (0..200).map(|n| format!("s3:Action{n:04}")).collect();
    let packed = pack(&policies(&[deny(json!(actions), json!({}))]), 1_000, &[]).unwrap();
    assert!(packed.documents.len() > 2);
    assert!(packed.documents.iter().all(|text| text.chars().count() <= 1_000));
    let long = deny(
        json!("s3:a"),
        json!({"Condition": {"StringEquals": {"k": "x".repeat(2_000)}}}),
    );
    assert!(matches!(
        pack(&policies(&[long]), 1_000, &[]),
        Err(PackError::StatementTooLong { .. })
    ));
}

#[test]
fn a_small_edit_moves_little() {
    let statement = |n: usize, tail: &str| {
        deny(
            json!(format!("s3:Action{n}{tail}")),
            json!({"Resource": format!("arn:aws:s3:::bucket-{n}/*")}),
        )
    };
    let old: Vec<Value> = (0..30).map(|n| statement(n, "")).collect();
    let first = pack(&policies(&old), 800, &[]).unwrap();
    let before: Vec<Policy> = first
        .documents
        .iter()
        .map(|t| Policy::detect(t).unwrap())
        .collect();
    let mut new = old;
    new[3] = statement(3, "x");
    let second = pack(&policies(&new), 800, &before).unwrap();
    let changed = first
        .documents
        .iter()
        .filter(|text| !second.documents.contains(text))
        .count();
    assert_eq!((changed, second.documents.len()), (1, first.documents.len()));
    let again = pack(&policies(&new), 800, &before).unwrap();
    assert_eq!(again, second, "packing is the same every time");
}

#[test]
fn what_can_not_be_together_is_refused() {
    assert!(matches!(pack(&[], 100, &[]), Err(PackError::Nothing)));
    let rcp = Policy::detect(r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}"#).unwrap();
    let scp = policies(&[deny(json!("s3:a"), json!({}))]);
    assert!(matches!(
        pack(&[rcp, scp[0].clone()], 100, &[]),
        Err(PackError::Mixed)
    ));
    let old = Policy::detect(r#"{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}"#).unwrap();
    assert!(matches!(
        pack(&[old, scp[0].clone()], 100, &[]),
        Err(PackError::Versions)
    ));
}

#[test]
fn a_statement_that_grows_stays_in_its_document_and_the_others_do_not_move() {
    let guardrail = |number: usize, actions: usize| {
        let actions: Vec<String> = (0..actions).map(|at| format!("s3:Put{number}x{at}")).collect();
        let bucket = format!("arn:aws:s3:::b{number}/*");
        deny(
            json!(actions),
            json!({"Condition": {"StringEquals": {"aws:PrincipalTag/a": bucket}}}),
        )
    };
    let all = |sizes: &[usize]| -> Vec<Value> {
        sizes
            .iter()
            .enumerate()
            .map(|(number, size)| guardrail(number, *size))
            .collect()
    };
    let limit = 2_000;
    let first = pack(&policies(&all(&[40; 8])), limit, &[]).unwrap();
    assert!(first.documents.len() > 2);
    assert!(first.homes.iter().all(Option::is_none));
    let held: Vec<Policy> = first
        .documents
        .iter()
        .map(|text| Policy::detect(text).unwrap())
        .collect();
    let mut sizes = [40; 9];
    sizes[2] = 44;
    let second = pack(&policies(&all(&sizes)), limit, &held).unwrap();
    let changed = second
        .documents
        .iter()
        .zip(&second.homes)
        .filter(|(text, home)| home.is_none_or(|home| first.documents[home] != **text));
    assert!(changed.count() <= 2, "{:?}", second.homes);
}

#[test]
fn a_document_that_is_left_empty_does_not_shift_the_others() {
    let guardrail = |number: usize| {
        let actions: Vec<String> = (0..60).map(|at| format!("s3:Put{number}x{at}")).collect();
        let bucket = format!("arn:aws:s3:::b{number}/*");
        deny(
            json!(actions),
            json!({"Condition": {"StringEquals": {"aws:PrincipalTag/a": bucket}}}),
        )
    };
    let held: Vec<Policy> = policies(&[guardrail(0), guardrail(1), guardrail(2)]);
    let packed = pack(&policies(&[guardrail(0), guardrail(2)]), 1_000, &held).unwrap();
    assert_eq!(packed.homes, [Some(0), Some(2)]);
}
