//! Rights.

use super::*;
use lz_model::desired::Desired;

#[test]
fn whoever_applies_may_plan() {
    let desired = Desired::nothing("acme");
    let actions = |role| {
        let policies = policies(&desired, role);
        policies[0]["Statement"][0]["Action"].as_array().unwrap().clone()
    };
    let (plan, apply) = (actions(Role::Plan), actions(Role::Apply));
    assert_eq!(plan, apply, "an empty spec changes nothing");
    assert!(plan.contains(&"organizations:ListAccounts".into()));
}
