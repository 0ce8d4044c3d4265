//! A landing zone with a stack set, to be rolled out on the twin.

use lz_model::address::{Name, OuAddress};
use lz_model::desired::{
    AutoDeployment, Desired, DesiredDeployment, DesiredStackSet, Permissions, Rollout, StackTarget, Template,
    Wave,
};
use lz_model::stack::{Amount, ConcurrencyMode, Pace, RegionConcurrency};
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Regions that the set is deployed to.
pub const REGIONS: [&str; 3] = ["eu-west-1", "us-east-1", "ap-northeast-1"];

/// A template with one parameter.
pub const TEMPLATE: &str = "
Parameters:
  Frequency:
    Type: String
    Default: SIX_HOURS
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Ref Frequency
";

/// Returns a zone with `canaries` accounts in Sandbox and `others` in Workloads/Prod, and no stack set.
#[must_use]
pub fn zone(canaries: usize, others: usize) -> Desired {
    let mut spec = r#"
landing_zone "acme" {
  home_region = "eu-west-1"
  regions     = ["eu-west-1", "us-east-1", "ap-northeast-1"]
}
organization {
  policy_types     = ["scp"]
  trusted_services = ["stacksets.cloudformation.amazonaws.com"]
}
ou "sandbox" { name = "Sandbox" }
ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
}
"#
    .to_owned();
    let accounts = (0..canaries)
        .map(|number| (format!("canary{number}"), "ou.sandbox"))
        .chain((0..others).map(|number| (format!("prod{number}"), "ou.workloads.prod")));
    for (name, ou) in accounts {
        spec.push_str(&format!(
            "account \"{name}\" {{\n  name = \"{name}\"\n  email = \"aws+{name}@example.com\"\n  ou = {ou}\n}}\n"
        ));
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.hcl"), spec).unwrap();
    let loaded = lz_spec::load_dir(folder.path(), &lz_spec::Inputs::default());
    loaded.unwrap_or_else(|errors| panic!("{errors:?}")).desired
}

/// Returns an OU as a target, by its labels from the top.
#[must_use]
pub fn ou(names: &[&str]) -> StackTarget {
    let mut names = names.iter().map(|name| Name::new(*name));
    let top = OuAddress::top(names.next().unwrap());
    StackTarget::Ou(names.fold(top, |ou, name| ou.child(name)))
}

/// Returns a service-managed set on both OUs in all Regions.
#[must_use]
pub fn set() -> DesiredStackSet {
    DesiredStackSet {
        name: "detection".to_owned(),
        region: "eu-west-1".parse().unwrap(),
        administrator: None,
        description: Some("Finds things".to_owned()),
        template: Template::Body(Text::literal(TEMPLATE)),
        parameters: BTreeMap::new(),
        capabilities: BTreeSet::new(),
        tags: None,
        permissions: Permissions::Service {
            auto_deployment: Some(AutoDeployment { retain_stacks: false }),
        },
        managed_execution: false,
        deploy: vec![DesiredDeployment {
            targets: BTreeSet::from([ou(&["sandbox"]), ou(&["workloads"])]),
            regions: REGIONS.iter().map(|region| region.parse().unwrap()).collect(),
        }],
        except: BTreeSet::new(),
        overrides: Vec::new(),
        rollout: Rollout {
            pace: pace(),
            retries: 0,
            waves: Vec::new(),
        },
        retain_stacks: false,
        depends_on: BTreeSet::new(),
    }
}

/// Returns a pace that is fast and tolerates nothing.
#[must_use]
pub const fn pace() -> Pace {
    Pace {
        max_concurrent: Amount::Percent(100),
        failure_tolerance: Amount::Count(0),
        mode: ConcurrencyMode::Soft,
        regions: RegionConcurrency::Parallel,
    }
}

/// Returns waves: the sandbox first, then a bake of ten minutes, then the rest.
#[must_use]
pub fn waves() -> Vec<Wave> {
    vec![
        Wave {
            name: "canary".to_owned(),
            targets: BTreeSet::from([ou(&["sandbox"])]),
            pace: pace(),
            bake_seconds: 600,
            gate: None,
        },
        Wave {
            name: "rest".to_owned(),
            targets: BTreeSet::new(),
            pace: pace(),
            bake_seconds: 0,
            gate: None,
        },
    ]
}

/// Puts the set into the zone.
#[must_use]
pub fn with(mut zone: Desired, set: DesiredStackSet) -> Desired {
    zone.stack_sets.insert(Name::new("detection"), set);
    zone
}
