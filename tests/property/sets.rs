//! Stack sets at random: service-managed ones, on any part of a generated organization.

use lz_model::address::{Name, OuAddress};
use lz_model::desired::{
    AutoDeployment, DesiredDeployment, DesiredOverride, DesiredStackSet, Permissions, StackTarget, Template,
    Wave,
};
use lz_model::stack::Pace;
use lz_model::text::Text;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What stack sets need from the organization.
pub(crate) const SERVICE: &str = "stacksets.cloudformation.amazonaws.com";
const LABELS: [&str; 2] = ["k", "l"];
const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];
/// What the template makes, by its variant.
const TYPES: [&str; 2] = ["AWS::SNS::Topic", "AWS::SQS::Queue"];

/// One stack set in numbers.
#[derive(Debug, Clone)]
pub(crate) struct SetNumbers {
    declared: bool,
    /// Bits: which of the root, the OUs and the accounts are targets, and which are left out.
    targets: u16,
    except: u16,
    both_regions: bool,
    /// Which account has a value of its own.
    overridden: Option<usize>,
    variant: bool,
    automatic: bool,
    managed: bool,
    canary: bool,
}

pub(crate) fn numbers() -> impl Strategy<Value = Vec<SetNumbers>> {
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    let one = (
        proptest::bool::weighted(0.4),
        any::<u16>(),
        // Few are left out.
        (any::<u16>(), any::<u16>(), any::<u16>()).prop_map(|(a, b, c)| a & b & c),
        proptest::option::weighted(0.3, any::<usize>()),
        flags,
    );
    let one = one.prop_map(|(declared, targets, except, overridden, flags)| SetNumbers {
        declared,
        targets,
        except,
        both_regions: flags.0,
        overridden,
        variant: flags.1,
        automatic: flags.2,
        managed: flags.3,
        canary: flags.4,
    });
    proptest::collection::vec(one, LABELS.len())
}

pub(crate) fn sets(
    numbers: &[SetNumbers],
    places: &[OuAddress],
    accounts: &[Name],
) -> BTreeMap<Name, DesiredStackSet> {
    let targets: Vec<StackTarget> = std::iter::once(StackTarget::Root)
        .chain(places.iter().cloned().map(StackTarget::Ou))
        .chain(accounts.iter().cloned().map(StackTarget::Account))
        .collect();
    let declared = LABELS.iter().zip(numbers).filter(|(_, set)| set.declared);
    declared
        .map(|(label, numbers)| (Name::new(*label), set(label, numbers, &targets, accounts)))
        .collect()
}

fn some(targets: &[StackTarget], bits: u16) -> BTreeSet<StackTarget> {
    let targets = targets.iter().enumerate();
    let chosen = targets.filter(|(bit, _)| bits & (1 << (bit % 16)) != 0);
    chosen.map(|(_, target)| target.clone()).collect()
}

fn set(label: &str, numbers: &SetNumbers, targets: &[StackTarget], accounts: &[Name]) -> DesiredStackSet {
    let kind = TYPES[usize::from(numbers.variant)];
    let body = format!(
        r#"{{"Parameters":{{"Mode":{{"Type":"String","Default":"low"}}}},"Resources":{{"It":{{"Type":"{kind}"}}}}}}"#
    );
    let regions = &REGIONS[..1 + usize::from(numbers.both_regions)];
    let wanted = some(targets, numbers.targets);
    let mut set = DesiredStackSet::new(
        label,
        REGIONS[0].parse().unwrap(),
        Template::Body(Text::literal(body)),
    );
    set.permissions = Permissions::Service {
        auto_deployment: numbers
            .automatic
            .then_some(AutoDeployment { retain_stacks: false }),
    };
    set.managed_execution = numbers.managed;
    if !wanted.is_empty() {
        set.deploy.push(DesiredDeployment {
            targets: wanted,
            regions: regions.iter().map(|region| region.parse().unwrap()).collect(),
        });
    }
    set.except = some(targets, numbers.except)
        .into_iter()
        .filter(|target| *target != StackTarget::Root)
        .collect();
    if let Some(account) = numbers
        .overridden
        .and_then(|number| crate::generate::pick(accounts, number))
    {
        set.overrides.push(DesiredOverride {
            targets: BTreeSet::from([StackTarget::Account(account.clone())]),
            regions: BTreeSet::new(),
            parameters: BTreeMap::from([("Mode".to_owned(), Text::literal("high"))]),
        });
    }
    if numbers.canary && !accounts.is_empty() {
        set.rollout.waves = vec![
            wave(
                "canary",
                accounts
                    .iter()
                    .take(1)
                    .cloned()
                    .map(StackTarget::Account)
                    .collect(),
            ),
            wave("rest", BTreeSet::new()),
        ];
    }
    set
}

fn wave(name: &str, targets: BTreeSet<StackTarget>) -> Wave {
    Wave {
        name: name.to_owned(),
        targets,
        pace: Pace::default(),
        bake_seconds: 0,
        gate: None,
    }
}
