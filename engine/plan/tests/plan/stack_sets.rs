//! Stack sets: what is created, updated and taken away, and how AWS is told.

use crate::build::*;
use lz_model::plan::{AccountFilter, StackTargets, Work};

fn zone() -> (Spec, Org) {
    let spec = Spec::new()
        .ou("work")
        .ou("work.prod")
        .account("shop", "work.prod")
        .account("blog", "work");
    let org = Org::new()
        .ou("work")
        .ou("work.prod")
        .account("shop", "work.prod")
        .account("blog", "work");
    (spec, org)
}

fn with_set() -> (Spec, Org) {
    let (spec, org) = zone();
    (
        spec.stack_set("base", &["ou.work"]),
        org.stack_set("base", &["ou.work"]),
    )
}

#[test]
fn what_is_as_declared_needs_nothing() {
    let (spec, org) = with_set();
    let plan = plan(spec, org.live());
    assert!(plan.is_empty(), "{:#?}", ids(&plan));
}

#[test]
fn a_new_set_is_created_and_deployed_to_whole_ous() {
    let (spec, org) = zone();
    let org = org.trusted("stacksets.cloudformation");
    let plan = plan(spec.stack_set("base", &["ou.work"]), org.live());
    assert_eq!(ids(&plan), ["stack_set.base:create", "stack_set.base:deploy"]);
    let (work, reach, wave) = operation(&plan, "stack_set.base:deploy");
    assert!(matches!(work, Work::Create { overrides } if overrides.is_empty()));
    assert_eq!((reach.accounts, reach.instances, wave), (2, 4, None));
    assert!(
        matches!(&reach.targets, StackTargets::Ous { ous, filter: AccountFilter::All {} } if ous.len() == 1)
    );
}
