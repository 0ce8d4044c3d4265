//! Comparison against evaluation: what is said to be lost or gained is, and nothing else.

use crate::generate::{ACTIONS, PRINCIPALS, RESOURCES, context, document, pick};
use fastrand::Rng;
use lz_policy::compare::{Access, Certainty, Comparer, Difference};
use lz_policy::evaluate::{Compiled, Decision, Level, Member, Path, Request};
use lz_policy::language::{Kind, Policy};
use serde_json::{Value, json};
use std::sync::Arc;

const WORLDS: u64 = 4;
const PAIRS: usize = 20;
const REQUESTS: usize = 150;

fn named(access: &Access, action: &str) -> bool {
    let fits = |pattern: &String| {
        like(
            pattern.to_lowercase().as_bytes(),
            action.to_lowercase().as_bytes(),
        )
    };
    access.actions.patterns.iter().any(fits) != access.actions.except
}

fn like(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|n| like(rest, &text[n..])),
        Some((c, rest)) => text
            .split_first()
            .is_some_and(|(t, behind)| (c == t || *c == b'?') && like(rest, behind)),
    }
}

fn path(policies: &[Policy], level: &[usize]) -> Path {
    let compiled = level.iter().map(|n| Arc::new(Compiled::new(&policies[*n])));
    let level = Level {
        name: String::new(),
        policies: compiled.collect(),
    };
    Path::new(vec![level], Member::Ordinary)
}

/// A comparer of full access and a few generated documents, some of which are edits of others.
fn world(rng: &mut Rng) -> (Vec<Value>, Comparer) {
    let full =
        json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    let mut documents = vec![full];
    for _ in 0..5 {
        let first = document(rng);
        let mut edited = first.clone();
        edited["Statement"][0]["Resource"] = json!("arn:aws:s3:::logs/*");
        if let Some(statement) = edited["Statement"][0].as_object_mut() {
            statement.remove("NotResource");
        }
        documents.extend([first, edited]);
    }
    let policies = documents.iter().map(|d| Policy::detect(&d.to_string()).unwrap());
    let comparer = Comparer::new(policies.collect());
    (documents, comparer)
}

#[test]
fn requests_that_change_their_answer_are_told_and_no_others() {
    let (mut changed, mut equal, mut possible, mut told) = (0, 0, 0, 0);
    for seed in 0..WORLDS {
        let mut rng = Rng::with_seed(seed);
        let (documents, mut comparer) = world(&mut rng);
        for _ in 0..PAIRS {
            let mut any = || rng.usize(1..documents.len());
            let (kept, old, new) = (any(), any(), any());
            let (before, after) = (vec![0, kept, old], vec![0, kept, new]);
            let difference = comparer
                .compare(&vec![before.clone()], &vec![after.clone()])
                .unwrap();
            let terms = || {
                difference
                    .lost
                    .iter()
                    .chain(&difference.gained)
                    .flat_map(|a| &a.terms)
            };
            told += terms().count();
            let has_variables = documents.iter().any(|d| d.to_string().contains("${"));
            for term in terms().filter(|term| term.certainty == Certainty::Possible) {
                possible += 1;
                assert!(has_variables, "seed {seed}: {term:?} {}", json!(documents));
            }
            changed += check(&mut rng, &comparer, &before, &after, &difference);
            equal += u32::from(difference.is_equal());
        }
    }
    assert!(
        changed > 300 && equal > 2,
        "the cases are too tame: {changed} {equal}"
    );
    assert!(
        possible * 4 < told,
        "most terms have a witness: {possible} of {told} have none"
    );
}

/// Puts requests to both sides; returns how many change their answer.
fn check(
    rng: &mut Rng,
    comparer: &Comparer,
    before: &[usize],
    after: &[usize],
    difference: &Difference,
) -> u32 {
    let (old, new) = (
        path(comparer.policies(), before),
        path(comparer.policies(), after),
    );
    let mut changed = 0;
    for _ in 0..REQUESTS {
        let principal = pick(rng, &PRINCIPALS[..2]);
        let (action, resource) = (pick(rng, ACTIONS), pick(rng, RESOURCES));
        let request = Request::new(principal, action, resource, context(rng)).unwrap();
        let answers = (
            old.evaluate(&request).decision(),
            new.evaluate(&request).decision(),
        );
        let told = match answers {
            (Decision::Allow, Decision::Deny) => &difference.lost,
            (Decision::Deny, Decision::Allow) => &difference.gained,
            (Decision::Allow, Decision::Allow) | (Decision::Deny, Decision::Deny) => continue,
        };
        changed += 1;
        assert!(
            told.iter().any(|access| named(access, action)),
            "{request:?} {answers:?} is not told: {difference:#?}"
        );
    }
    changed
}

#[test]
fn a_policy_equals_itself_however_it_is_written() {
    let full = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let mut policies = vec![Policy::parse(Kind::Scp, full).unwrap()];
    let mut rng = Rng::with_seed(1);
    for _ in 0..40 {
        let policy = Policy::detect(&document(&mut rng).to_string()).unwrap();
        let again = Policy::parse(policy.kind, &policy.to_text()).unwrap();
        policies.extend([policy, again]);
    }
    let count = policies.len();
    let mut comparer = Comparer::new(policies);
    for number in (1..count).step_by(2) {
        let difference = comparer
            .compare(&vec![vec![0, number]], &vec![vec![0, number + 1]])
            .unwrap();
        assert!(difference.is_equal(), "{:?}", comparer.policies()[number]);
    }
}
