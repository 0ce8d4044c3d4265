use super::*;
use crate::evaluate::{Compiled, Decision, Level, Member, Path};
use crate::language::Policy;
use serde_json::{Value, json};
use std::sync::Arc;

const FULL: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

fn policy(document: &Value) -> Policy {
    Policy::detect(&document.to_string()).unwrap()
}

fn deny(fields: Value) -> Value {
    let mut statement = json!({"Effect": "Deny", "Resource": "*"});
    for (name, value) in fields.as_object().unwrap() {
        if name == "NotResource" {
            statement.as_object_mut().unwrap().remove("Resource");
        }
        statement[name] = value.clone();
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// The difference between two documents on one level, beside full access.
fn difference(before: &[Value], after: &[Value]) -> Difference {
    let mut policies = vec![Policy::detect(FULL).unwrap()];
    policies.extend(before.iter().chain(after).map(policy));
    let old: Vec<usize> = (0..=before.len()).collect();
    let new: Vec<usize> = std::iter::once(0)
        .chain(before.len() + 1..policies.len())
        .collect();
    let mut comparer = Comparer::new(policies);
    let difference = comparer.compare(&vec![old.clone()], &vec![new.clone()]).unwrap();
    confirmed(&comparer, &old, &new, &difference);
    difference
}

/// Every certain term has a witness that the evaluator answers as told.
fn confirmed(comparer: &Comparer, old: &[usize], new: &[usize], difference: &Difference) {
    let path = |level: &[usize]| {
        let compiled = level
            .iter()
            .map(|n| Arc::new(Compiled::new(&comparer.policies()[*n])));
        Path::new(
            vec![Level {
                name: String::new(),
                policies: compiled.collect(),
            }],
            Member::Ordinary,
        )
    };
    let (before, after) = (path(old), path(new));
    for (accesses, open, shut) in [
        (&difference.lost, &before, &after),
        (&difference.gained, &after, &before),
    ] {
        for term in accesses.iter().flat_map(|access| &access.terms) {
            let Some(witness) = &term.witness else {
                assert_eq!(term.certainty, Certainty::Possible);
                continue;
            };
            assert_eq!(open.evaluate(witness).decision(), Decision::Allow);
            assert_eq!(shut.evaluate(witness).decision(), Decision::Deny);
        }
    }
}

fn words(before: &[Value], after: &[Value]) -> Vec<String> {
    sentences(&difference(before, after))
}

#[test]
fn a_new_deny_with_an_exception_is_told_in_words() {
    let guard = deny(json!({"Action": "s3:PutBucketPolicy",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/lz-*"}}}));
    assert_eq!(
        words(&[], std::slice::from_ref(&guard)),
        ["lose s3:PutBucketPolicy on * unless the caller matches role/lz-*"]
    );
    assert_eq!(
        words(&[guard], &[]),
        ["gain s3:PutBucketPolicy on * unless the caller matches role/lz-*"]
    );
}

#[test]
fn spelling_and_order_make_no_difference() {
    let one = deny(
        json!({"Action": ["s3:Get*", "s3:GetObject"], "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::a/b"]}),
    );
    let other = deny(json!({"Action": "S3:get*", "Resource": "arn:aws:s3:::a/*"}));
    assert!(difference(&[one], &[other]).is_equal());
}

#[test]
fn two_statements_can_mean_what_one_means() {
    let secure =
        |value: &str| deny(json!({"Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": value}}}));
    let missing = deny(json!({"Action": "s3:*", "Condition": {"Null": {"aws:SecureTransport": "true"}}}));
    let present = deny(json!({"Action": "s3:*", "Condition": {"Null": {"aws:SecureTransport": "false"}}}));
    let all = deny(json!({"Action": "s3:*"}));
    assert!(difference(&[missing.clone(), present], std::slice::from_ref(&all)).is_equal());
    let nearly = difference(&[missing, secure("true"), secure("false")], &[all]);
    assert!(
        nearly.gains_nothing() && !nearly.loses_nothing(),
        "a value can be neither true nor false"
    );
}

#[test]
fn what_lies_within_an_exception_is_no_difference() {
    let inner = deny(
        json!({"Action": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}}),
    );
    let wider = deny(
        json!({"Action": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}}),
    );
    assert_eq!(
        words(std::slice::from_ref(&inner), std::slice::from_ref(&wider)),
        ["lose * on * when the region is eu-central-1"]
    );
    assert!(
        difference(std::slice::from_ref(&wider), &[wider.clone(), inner]).is_equal(),
        "the wider denies it all already"
    );
}

#[test]
fn not_action_and_not_resource_are_told_as_what_they_leave_out() {
    let regional = deny(json!({"NotAction": ["iam:*", "sts:*"], "NotResource": "arn:aws:s3:::logs/*"}));
    let mut regional = regional;
    regional["Statement"][0].as_object_mut().unwrap().remove("Action");
    assert_eq!(
        words(&[], &[regional]),
        ["lose all actions except iam:*, sts:* on all but arn:aws:s3:::logs/*"]
    );
}

#[test]
fn an_allow_list_loses_all_else() {
    let list = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:*", "ec2:Describe*"], "Resource": "*"}});
    let mut comparer = Comparer::new(vec![Policy::detect(FULL).unwrap(), policy(&list)]);
    let difference = comparer.compare(&vec![vec![0]], &vec![vec![1]]).unwrap();
    assert_eq!(
        sentences(&difference),
        ["lose all actions except ec2:Describe*, s3:* on *"]
    );
    let back = comparer.compare(&vec![vec![1]], &vec![vec![0, 1]]).unwrap();
    assert!(back.loses_nothing() && !back.gains_nothing());
}

#[test]
fn levels_intersect() {
    let guard = policy(&deny(json!({"Action": "s3:*"})));
    let other = policy(&deny(json!({"Action": "s3:Get*"})));
    let mut comparer = Comparer::new(vec![Policy::detect(FULL).unwrap(), guard, other]);
    let moved = comparer
        .compare(&vec![vec![0, 1], vec![0]], &vec![vec![0], vec![0, 1]])
        .unwrap();
    assert!(
        moved.is_equal(),
        "on which level a Deny stands makes no difference"
    );
    let covered = comparer
        .compare(&vec![vec![0, 1], vec![0]], &vec![vec![0, 1], vec![0, 2]])
        .unwrap();
    assert!(covered.is_equal(), "what is denied above can't be lost below");
    let emptied = comparer
        .compare(&vec![vec![0], vec![0]], &vec![vec![0], vec![]])
        .unwrap();
    assert_eq!(sentences(&emptied), ["lose * on *"]);
}

#[test]
fn relations_between_patterns_are_known() {
    let on = |resource: &str| deny(json!({"Action": "s3:*", "Resource": resource}));
    assert!(
        difference(
            &[on("arn:aws:s3:::a*"), on("arn:aws:s3:::ab*")],
            &[on("arn:aws:s3:::a*")]
        )
        .is_equal()
    );
    assert_eq!(
        words(&[on("arn:aws:s3:::ab*")], &[on("arn:aws:s3:::a*")]),
        ["lose s3:* on arn:aws:s3:::a* but not on arn:aws:s3:::ab*"]
    );
    let by_ip =
        |cidr: &str| deny(json!({"Action": "s3:*", "Condition": {"NotIpAddress": {"aws:SourceIp": cidr}}}));
    let narrowed = difference(&[by_ip("10.0.0.0/8")], &[by_ip("10.0.0.0/9")]);
    assert!(narrowed.gains_nothing());
    let witness = narrowed.lost[0].terms[0].witness.clone().unwrap();
    assert_eq!(witness.value("aws:sourceip"), Some("10.128.0.0"));
}

#[test]
fn quantifiers_are_understood() {
    let tags = |operator: &str| {
        deny(json!({"Action": "ec2:*", "Condition": {operator: {"aws:TagKeys": ["a", "b"]}}}))
    };
    let any = tags("ForAnyValue:StringEquals");
    let none = tags("ForAllValues:StringNotEquals");
    let both = difference(&[], &[any.clone(), none.clone()]);
    assert_eq!(
        sentences(&both),
        ["lose ec2:* on *"],
        "one holds exactly when the other doesn't"
    );
    let changed = difference(&[any], &[none]);
    assert!(!changed.gains_nothing() && !changed.loses_nothing());
}

#[test]
fn conditions_that_relate_two_keys_are_possible_or_have_a_witness() {
    let owner = deny(
        json!({"Action": "ec2:*", "Condition": {"StringNotEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}),
    );
    let found = difference(&[], std::slice::from_ref(&owner));
    assert_eq!(found.lost.len(), 1);
    assert!(difference(std::slice::from_ref(&owner), std::slice::from_ref(&owner)).is_equal());
}

#[test]
fn a_deny_that_can_never_match_is_no_difference() {
    let never = deny(json!({"Action": "s3:*", "Condition": {
        "StringEquals": {"aws:RequestedRegion": "eu-west-1"}, "StringLike": {"aws:RequestedRegion": "us-*"}}}));
    assert!(difference(&[], &[never]).is_equal());
}

#[test]
fn accounts_with_equal_answers_stand_together() {
    let guard = policy(&deny(json!({"Action": "s3:*"})));
    let mut comparer = Comparer::new(vec![Policy::detect(FULL).unwrap(), guard]);
    let accounts = (0..10).map(|n| {
        let after = if n % 2 == 0 {
            vec![vec![0], vec![0, 1]]
        } else {
            vec![vec![0], vec![0]]
        };
        (n, vec![vec![0], vec![0]], after)
    });
    let groups = comparer.compare_all(accounts).unwrap();
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0].accounts, [0, 2, 4, 6, 8]);
    assert!(groups[1].difference.is_equal());
}

#[test]
fn resource_control_policies_take_too() {
    let rcp = json!({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": ["s3:*", "kms:*"],
        "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}}});
    let mut comparer = Comparer::new(vec![Policy::detect(FULL).unwrap(), policy(&rcp)]);
    let difference = comparer.compare(&vec![vec![0]], &vec![vec![0, 1]]).unwrap();
    let told = sentences(&difference);
    assert_eq!(told.len(), 1);
    assert!(
        !difference.lost[0].actions.patterns.contains(&"kms:*".to_owned()),
        "kms:RetireGrant stays: {told:?}"
    );
}

#[test]
fn lists_of_denials_are_compared_beside_full_access_and_told_as_data() {
    let guard = policy(&deny(json!({"Action": "s3:PutBucketPolicy",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/lz-*"}}})));
    let difference = compare_lists(&[], &[guard]).unwrap();
    let data = to_value(&difference);
    let lost = &data["lost"][0];
    assert_eq!(
        lost["actions"],
        json!({"patterns": ["s3:PutBucketPolicy"], "except": false, "count": 1})
    );
    assert_eq!(
        lost["terms"][0]["facts"],
        json!([{"fact": "compares", "key": "aws:principalarn", "operator": "ArnLike",
            "values": ["arn:aws:iam::*:role/lz-*"], "holds": false}])
    );
    assert_eq!(lost["terms"][0]["witness"]["action"], json!("s3:putbucketpolicy"));
    assert_eq!(
        data["sentences"][0],
        json!("lose s3:PutBucketPolicy on * unless the caller matches role/lz-*")
    );
}
