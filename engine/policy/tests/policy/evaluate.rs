//! The evaluator against a second one that is slow, obvious and shares nothing with it.

use crate::generate::{ACTIONS, PRINCIPALS, RESOURCES, context, levels, pick};
use crate::slow;
use fastrand::Rng;
use lz_policy::evaluate::{Compiled, Decision, Level, Member, Path, Request};
use lz_policy::language::Policy;
use serde_json::{Value, json};
use std::sync::Arc;

const PATHS: u64 = 2_000;
const REQUESTS: usize = 51;

#[test]
fn a_second_evaluator_gives_the_same_answers() {
    let mut decided = [0_u32; 2];
    for seed in 0..PATHS {
        let mut rng = Rng::with_seed(seed);
        let documents = levels(&mut rng);
        let level = |(index, policies): (usize, &Vec<Value>)| Level {
            name: index.to_string(),
            policies: policies
                .iter()
                .map(|document| Arc::new(Compiled::new(&Policy::detect(&document.to_string()).unwrap())))
                .collect(),
        };
        let path = Path::new(
            documents.iter().enumerate().map(level).collect(),
            Member::Ordinary,
        );
        for _ in 0..REQUESTS {
            let principal = pick(&mut rng, PRINCIPALS);
            let (action, resource) = (pick(&mut rng, ACTIONS), pick(&mut rng, RESOURCES));
            let context = context(&mut rng);
            let request = Request::new(principal, action, resource, context.clone()).unwrap();
            let verdict = path.evaluate(&request);
            let names: Vec<&str> = verdict.levels.iter().map(|l| l.outcome.name()).collect();
            let expected = slow::levels(&documents, principal, action, resource, &context);
            assert_eq!(
                names,
                expected,
                "seed {seed}: {action} {resource} {context:?} {}",
                json!(documents)
            );
            decided[usize::from(verdict.decision() == Decision::Allow)] += 1;
        }
    }
    assert!(decided.iter().sum::<u32>() >= 100_000);
    assert!(
        decided.iter().all(|count| *count > 10_000),
        "both answers occur: {decided:?}"
    );
}
