//! Large landing zones: planning stays quick and plans stay short.

use crate::build::*;
use lz_model::desired::{Desired, Template};
use lz_model::live::{InstanceStatus, Live, LiveStackInstance};

/// So many accounts in ten OUs, so many Regions, six stack sets on every OU.
fn large(accounts: usize, regions: usize) -> (Desired, Live) {
    let ous: Vec<String> = (0..10).map(|n| format!("ou{n}")).collect();
    let targets: Vec<String> = ous.iter().map(|ou| format!("ou.{ou}")).collect();
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    let regions: Vec<String> = (0..regions).map(|n| format!("xx-test-{n:02}")).collect();
    let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
    let (mut spec, mut org) = (Spec::new(), Org::new());
    for ou in &ous {
        (spec, org) = (spec.ou(ou), org.ou(ou));
    }
    for n in 0..accounts {
        let (label, parent) = (format!("a{n}"), &ous[n % ous.len()]);
        (spec, org) = (spec.account(&label, parent), org.account(&label, parent));
    }
    for n in 0..6 {
        let label = format!("set{n}");
        spec = spec
            .stack_set(&label, &targets)
            .edit_set(&label, |set| set.deploy = vec![deploy(&targets, &regions)]);
        org = org.stack_set(&label, &targets).edit_set(&label, |set| {
            let mut instances: Vec<LiveStackInstance> = Vec::new();
            let one_each = set.instances.iter().filter(|stack| stack.region == region(HOME));
            for stack in one_each {
                instances.extend(regions.iter().map(|name| LiveStackInstance {
                    region: region(name),
                    ..stack.clone()
                }));
            }
            let known: Vec<_> = set.ous.keys().cloned().collect();
            for ou in known {
                set.ous
                    .insert(ou, regions.iter().map(|name| region(name)).collect());
            }
            set.instances = instances;
        });
    }
    (spec.0, org.live())
}

#[test]
fn nothing_to_do_for_thirty_thousand_stacks_is_found_out_quickly() {
    let (spec, live) = large(303, 17);
    let stacks: usize = live
        .organization
        .iter()
        .flat_map(|live| live.stack_sets.values())
        .map(|set| set.instances.len())
        .sum();
    assert_eq!(stacks, 30_906);
    let plan = lz_plan::plan(&spec, &live).unwrap();
    assert!(plan.is_empty(), "{:#?}", ids(&plan));
}

#[test]
fn a_change_of_every_stack_is_told_by_ous() {
    let (mut spec, live) = large(303, 17);
    for set in spec.stack_sets.values_mut() {
        set.template = Template::Body(OTHER_TEMPLATE.into());
    }
    let plan = lz_plan::plan(&spec, &live).unwrap();
    assert_eq!(plan.steps.len(), 6);
    let text = lz_plan::file::save(&plan).unwrap();
    assert!(text.len() < 60_000, "{} bytes", text.len());
}

#[test]
#[ignore = "measures; run it alone and optimized"]
#[expect(clippy::disallowed_methods, reason = "it measures")]
fn ten_thousand_accounts_are_planned_in_a_moment() {
    let (spec, mut live) = large(10_000, 10);
    let start = std::time::Instant::now();
    assert!(lz_plan::plan(&spec, &live).unwrap().is_empty());
    let unchanged = start.elapsed();
    for set in live.organization.as_mut().unwrap().stack_sets.values_mut() {
        for stack in set.instances.iter_mut().step_by(7) {
            stack.status = InstanceStatus::Outdated;
        }
    }
    let start = std::time::Instant::now();
    let changed = lz_plan::plan(&spec, &live).unwrap();
    let measured = format!(
        "{unchanged:?} without a change, {:?} with {} steps",
        start.elapsed(),
        changed.steps.len()
    );
    assert!(unchanged.as_secs_f64() < 3.0, "{measured}");
}
