//! CloudFormation through the port on the twin: how few calls a read takes.

use crate::{everything, start};
use lz_aws::Stats;
use lz_model::event::Silent;
use lz_model::id::{ParentId, Region};
use lz_model::live::{InstanceStatus, LivePermissions};
use lz_provider::{Provider, Scope, StackScope};
use lz_tests::{World, runtime};
use lz_twin::seed::{Size, StackSetSeed, even};
use lz_twin::{Clock, FaultScript, Settings};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const HOME: &str = "eu-central-1";
const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
pub(crate) const TEMPLATE: &str = "Parameters:\n  Mode:\n    Type: String\n    Default: 'on'\nResources:\n  Topic:\n    \
                        Type: AWS::SNS::Topic\n";

pub(crate) fn region(text: &str) -> Region {
    text.parse().unwrap()
}

pub(crate) fn regions(all: &[&str]) -> Vec<Region> {
    all.iter().map(|text| region(text)).collect()
}

pub(crate) fn stack_scope() -> Scope {
    Scope {
        stacks: StackScope {
            regions: BTreeSet::from([region(HOME)]),
            zone: "acme".to_owned(),
            ..StackScope::default()
        },
        ..everything()
    }
}

/// An organization of `accounts` with `sets` stack sets of landing zone `acme` in all of them.
pub(crate) async fn deployed(accounts: usize, sets: usize) -> World {
    let settings = Settings {
        accounts: 10_000,
        ..Settings::default()
    };
    deployed_with(settings, accounts, sets).await
}

pub(crate) async fn deployed_with(settings: Settings, accounts: usize, sets: usize) -> World {
    let size = Size {
        accounts,
        units: 20,
        policies: 1,
    };
    let mut builder = even(settings, size, start());
    let root = builder.root();
    for n in 0..sets {
        builder.stack_set(&StackSetSeed {
            name: &format!("baseline-{n}"),
            description: None,
            template: TEMPLATE,
            parameters: &[("Mode", "on")],
            capabilities: &[],
            tags: &[
                ("lz:zone", "acme"),
                ("lz:address", &format!("stack_set.baseline-{n}")),
            ],
            home: HOME,
            targets: std::slice::from_ref(&root),
            regions: &REGIONS,
            auto_deployment: Some(true),
            managed_execution: true,
        });
    }
    World::over(builder.build(FaultScript::none(), Clock::virtual_time(start()))).await
}

fn of_cloudformation(stats: &Stats) -> BTreeMap<&str, u64> {
    let calls = stats.calls.iter();
    calls
        .filter_map(|(key, count)| Some((key.strip_prefix("cloudformation:")?, *count)))
        .collect()
}

#[test]
fn thirty_thousand_instances_are_read_with_the_calls_that_aws_makes_necessary() {
    runtime().block_on(async {
        let world = deployed(303, 6).await;
        let live = world.provider.read(&stack_scope(), &Silent).await.unwrap();
        let organization = live.organization.unwrap();
        let instances = organization.stack_sets.values().map(|set| set.instances.len());
        assert_eq!(instances.sum::<usize>(), 303 * 17 * 6);
        let stats = world.provider.stats();
        let minimum = BTreeMap::from([
            ("ListStackSets", 1),
            ("DescribeStackSet", 6),
            ("ListStackInstances", 6 * (303 * 17_u64).div_ceil(100)),
            ("ListStackSetOperations", 6),
            ("ListStackSetAutoDeploymentTargets", 6),
            ("DescribeStacks", 1),
        ]);
        let mut made = of_cloudformation(&stats);
        // AWS publishes no rate, so how many calls it bears is found out by being refused some.
        *made.entry("ListStackInstances").or_default() -= stats.throttled;
        assert_eq!(made, minimum);
        assert!(
            stats.throttled * 20 < minimum.values().sum(),
            "{} refused",
            stats.throttled
        );
        let set = organization.stack_sets.values().next().unwrap();
        assert!(set.instances.is_sorted());
        assert!(
            set.instances
                .iter()
                .all(|one| one.status == InstanceStatus::Current)
        );
        let root = ParentId::Root(organization.root.id.clone());
        assert_eq!(set.ous[&root].len(), 17);
        assert!(matches!(
            set.permissions,
            LivePermissions::Service {
                auto_deployment: true,
                ..
            }
        ));
    });
}

#[test]
fn nothing_is_asked_of_cloudformation_where_the_spec_has_none_of_it() {
    runtime().block_on(async {
        let world = deployed(5, 1).await;
        world.provider.read(&everything(), &Silent).await.unwrap();
        assert_eq!(of_cloudformation(&world.provider.stats()), BTreeMap::new());
    });
}
