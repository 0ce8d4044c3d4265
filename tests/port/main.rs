//! The port to AWS on the twin: how few calls it takes, that it is never throttled, and that it brings the
//! same organization whatever the other side lacks or delays.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod life;
mod stacks;

use lz_aws::Stats;
use lz_model::address::{Name, OuAddress};
use lz_model::desired::{Desired, DesiredOu, DesiredTarget};
use lz_model::event::Silent;
use lz_model::id::TargetId;
use lz_model::live::Live;
use lz_provider::{Declared, Provider, Scope, ServiceScope, StackScope, Texts};
use lz_tests::{World, organization, runtime};
use lz_twin::seed::{Size, even};
use lz_twin::{Clock, FaultScript, Seconds, Settings, Twin};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn start() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

fn seeded(settings: Settings, size: Size) -> Twin {
    even(settings, size, start()).build(FaultScript::none(), Clock::virtual_time(start()))
}

/// Everything, with tags as the index shows them.
fn everything() -> Scope {
    Scope {
        texts: Texts::All,
        policy_types: BTreeSet::new(),
        declared: Declared::default(),
        stacks: StackScope::default(),
        services: ServiceScope::default(),
        tower: None,
        identity: None,
        settings: Vec::new(),
    }
}

fn read(settings: Settings, size: Size) -> (Live, Stats) {
    runtime().block_on(async {
        let world = World::over(seeded(settings, size)).await;
        let live = world.provider.read(&everything(), &Silent).await.unwrap();
        (live, world.provider.stats())
    })
}

const SMALL: Size = Size {
    accounts: 60,
    units: 25,
    policies: 22,
};

type Lack = fn(&mut Settings);

#[test]
fn the_same_organization_is_read_whatever_the_other_side_lacks() {
    let (expected, _) = read(Settings::default(), SMALL);
    let organization = expected.organization.as_ref().unwrap();
    assert_eq!((organization.accounts.len(), organization.ous.len()), (61, 25));
    assert!(
        organization
            .ous
            .values()
            .all(|ou| ou.tags.contains_key("lz:address"))
    );
    let lacking: [(&str, Lack); 6] = [
        ("paths", |settings| settings.paths = false),
        ("the old status", |settings| settings.status = false),
        ("the tagging API", |settings| settings.tagging_api = false),
        ("OUs and policies in the tag index", |settings| {
            settings.tagging_types = BTreeSet::from(["account".to_owned()]);
        }),
        ("anything on first pages", |settings| {
            settings.empty_first_page = true
        }),
        ("several tags on one page", |settings| settings.tags_page_size = 1),
    ];
    for (what, lack) in lacking {
        let mut settings = Settings::default();
        lack(&mut settings);
        assert_eq!(read(settings, SMALL).0, expected, "without {what}");
    }
}

#[test]
fn a_read_takes_the_calls_that_aws_makes_necessary_and_is_never_throttled() {
    let settings = Settings {
        strict_buckets: true,
        accounts: 1_000,
        ..Settings::default()
    };
    let size = Size {
        accounts: 303,
        units: 40,
        policies: 45,
    };
    let (live, stats) = read(settings, size);
    let organization = live.organization.unwrap();
    let pages = |objects: usize, size: usize| objects.div_ceil(size) as u64;
    let deepest = organization
        .ous
        .values()
        .filter(|ou| organization.ancestry(&TargetId::Ou(ou.id.clone())).len() == 6);
    let deepest = deepest.count() as u64;
    let targets: u64 = organization
        .policies
        .values()
        .map(|policy| pages(policy.targets.len(), 20).max(1))
        .sum();
    let tagged = 303 + 40 + 45;
    let expected = [
        ("sts:GetCallerIdentity", 1),
        ("organizations:DescribeOrganization", 1),
        ("organizations:ListRoots", 1),
        ("organizations:ListAccounts", pages(304, 20)),
        ("organizations:ListOrganizationalUnitsForParent", 1 + 40 - deepest),
        ("organizations:ListPolicies", pages(46, 20)),
        ("organizations:ListTargetsForPolicy", targets),
        ("organizations:DescribePolicy", 45),
        ("tag:GetResources", pages(tagged, 100)),
        ("organizations:ListAWSServiceAccessForOrganization", 1),
        ("organizations:ListDelegatedAdministrators", 1),
        ("organizations:ListCreateAccountStatus", 1),
    ];
    let expected: BTreeMap<String, u64> = expected
        .into_iter()
        .map(|(operation, calls)| (operation.to_owned(), calls))
        .collect();
    assert_eq!(stats.calls, expected);
    assert_eq!(stats.throttled, 0);
}

/// Applies a part of an example, waits until the tag index shows it, and applies the rest. So the index
/// knows objects of each kind, but not all of them. Gives what the spec is now.
async fn brought_up(lag: Seconds) -> (World, Desired) {
    let settings = Settings {
        accounts: 100,
        tagging_delay_seconds: lag,
        ..Settings::default()
    };
    let world = World::new(settings, FaultScript::none()).await;
    let mut desired = organization("startup");
    assert!(desired.policies.len() > 1 && desired.accounts.len() > 1);
    let late = desired.policies.pop_last();
    let late_account = desired.accounts.pop_last();
    if let Some((account, _)) = &late_account {
        let gone = DesiredTarget::Account(account.clone());
        desired
            .delegated_admins
            .retain(|_, admin| admin.account != *account);
        desired
            .policies
            .values_mut()
            .filter_map(|policy| policy.attach.as_mut())
            .for_each(|attach| {
                attach.remove(&gone);
            });
    }
    assert!(late.is_some());
    world.converge(&desired).await;
    tokio::time::sleep(2 * lag.duration()).await;
    let mut desired = organization("startup");
    desired.ous.insert(
        OuAddress::top(Name::new("late")),
        DesiredOu {
            name: "Late".to_owned(),
            id: None,
            tags: None,
            full_access: None,
        },
    );
    world.converge(&desired).await;
    (world, desired)
}

#[test]
fn the_plan_after_an_apply_is_empty_though_the_tag_index_lags() {
    runtime().block_on(async {
        let (world, desired) = brought_up(Seconds::new(3_600)).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn what_is_renamed_right_after_it_was_made_is_not_made_twice() {
    runtime().block_on(async {
        let (world, mut desired) = brought_up(Seconds::new(3_600)).await;
        let count = |live: Live| {
            let organization = live.organization.unwrap();
            (
                organization.ous.len(),
                organization.policies.len(),
                organization.accounts.len(),
            )
        };
        let before = count(world.read(&desired).await.unwrap());
        for policy in desired.policies.values_mut() {
            policy.name.push_str(" (new)");
        }
        for ou in desired.ous.values_mut() {
            ou.name.push_str(" (new)");
        }
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
        assert_eq!(count(world.read(&desired).await.unwrap()), before);
    });
}

#[test]
fn what_left_the_spec_right_after_its_tags_changed_is_judged_by_its_own_tags() {
    runtime().block_on(async {
        let (world, mut desired) = brought_up(Seconds::new(3_600)).await;
        for account in desired.accounts.values_mut() {
            let tags = account.tags.get_or_insert_default();
            tags.insert("stage".to_owned(), lz_model::text::Text::literal("new"));
        }
        world.converge(&desired).await;
        world.assert_settled(&desired).await;
    });
}

#[test]
fn asking_for_tags_one_by_one_costs_nothing_when_the_index_agrees() {
    runtime().block_on(async {
        let (world, desired) = brought_up(Seconds::ZERO).await;
        world.read(&desired).await.unwrap();
        let asked = |world: &World| {
            world
                .provider
                .stats()
                .calls
                .get("organizations:ListTagsForResource")
                .copied()
        };
        let before = asked(&world);
        world.assert_settled(&desired).await;
        assert_eq!(asked(&world), before);
    });
}

#[test]
fn an_account_without_organization_is_read_in_two_calls() {
    runtime().block_on(async {
        let world = World::new(Settings::default(), FaultScript::none()).await;
        let live = world.read(&Desired::nothing("acme")).await.unwrap();
        assert_eq!(live.organization, None);
        assert_eq!(world.provider.stats().total(), 2);
    });
}

#[test]
fn an_apply_on_a_slow_and_stale_aws_still_ends_in_an_empty_plan() {
    runtime().block_on(async {
        let settings = Settings {
            accounts: 100,
            strict_buckets: true,
            tagging_delay_seconds: Seconds::new(600),
            staleness_seconds: Seconds::new(2),
            write_seconds: Seconds::new(1),
            conflict_seconds: Seconds::new(1),
            policy_type_seconds: Seconds::new(20),
            create_account_seconds: Seconds::new(240),
            finalizing_seconds: Seconds::new(1_800),
            ..Settings::default()
        };
        let world = World::new(settings, FaultScript::none()).await;
        let desired = organization("startup");
        world.converge(&desired).await;
        tokio::time::sleep(Duration::from_secs(10)).await;
        world.assert_settled(&desired).await;
        assert_eq!(world.provider.stats().throttled, 0);
    });
}
