//! Stack sets and stacks: what the spec says is what is wanted.

use crate::support::{codes, desired, load_files, rendered};
use lz_model::address::{Name, OuAddress};
use lz_model::desired::{
    AutoDeployment, Desired, DesiredOverride, DesiredStackSet, Permissions, StackDependency, StackTarget,
    Template, Wave,
};
use lz_model::stack::{Amount, Capability, ConcurrencyMode, Gate, Pace, RegionConcurrency};
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A template with a parameter of each sort that matters.
const TEMPLATE: &str = "Parameters:\n  Admin: {Type: String, Default: ''}\n  Frequency: {Type: String, Default: DAILY}\n  Emails: {Type: CommaDelimitedList, Default: ''}\n  Days: {Type: Number, Default: 1}\n  On: {Type: String, Default: 'false'}\n  Hook: {Type: String, NoEcho: true, Default: ''}\nResources:\n  Detector:\n    Type: AWS::GuardDuty::Detector\n    Properties: {Enable: true, FindingPublishingFrequency: !Ref Frequency}\n";

const ZONE: &str = r#"
landing_zone "test" {
  management_account     = "111122223333"
  home_region            = "ap-northeast-1"
  regions                = ["ap-northeast-1", "us-east-1"]
  administration_regions = ["eu-west-1"]
}
ou "workloads" {
  name = "Workloads"
  ou "prod" {}
}
ou "sandbox" {}
account "management" {
  email = "root@example.com"
  id    = "111122223333"
  ou    = root
}
account "audit" {
  email     = "audit@example.com"
  role_name = "Landing"
}
account "legacy" {
  email = "legacy@example.com"
  ou    = ou.workloads
}
account "team" {
  for_each = { shop = { channel = "C1", env = "prod" }, blog = { channel = "C2", env = "test" } }
  email    = "${each.key}@example.com"
  name     = "Team ${each.key}"
  ou       = ou.workloads.prod
  tags     = { channel = each.value.channel, environment = each.value.env, cost = null }
}
"#;

fn spec(text: &str) -> Desired {
    desired(&[("zone.hcl", ZONE), ("main.hcl", text), ("t.yaml", TEMPLATE)])
}

fn set(inside: &str) -> DesiredStackSet {
    let text = format!("stack_set \"detection\" {{\n  template = file(\"t.yaml\")\n{inside}\n}}\n");
    spec(&text).stack_sets.remove(&Name::new("detection")).unwrap()
}

/// Returns a set that is deployed to one OU, with more inside.
fn deployed(inside: &str) -> DesiredStackSet {
    set(&format!("  deploy {{ targets = [ou.workloads] }}\n{inside}"))
}

/// Returns codes and messages of a set that is wrong.
fn wrong(inside: &str) -> Vec<String> {
    let text = format!("stack_set \"detection\" {{\n{inside}\n}}\n");
    found(&text)
}

fn found(text: &str) -> Vec<String> {
    let files = [("zone.hcl", ZONE), ("main.hcl", text), ("t.yaml", TEMPLATE)];
    let diagnostics = match load_files(&files) {
        Ok(loaded) => loaded.warnings,
        Err(errors) => errors.diagnostics().to_vec(),
    };
    diagnostics
        .iter()
        .map(|one| format!("{}: {}", one.code().name(), one.message()))
        .collect()
}

fn account(label: &str) -> StackTarget {
    StackTarget::Account(Name::new(label))
}

fn team(key: &str) -> StackTarget {
    StackTarget::Account(Name::keyed("team", key))
}

fn workloads() -> StackTarget {
    StackTarget::Ou(OuAddress::top(Name::new("workloads")))
}

fn sandbox() -> StackTarget {
    StackTarget::Ou(OuAddress::top(Name::new("sandbox")))
}

#[test]
fn a_set_that_says_little_has_safe_defaults() {
    let set = deployed("");
    assert_eq!(set.name, "detection");
    assert_eq!(set.region.as_str(), "ap-northeast-1");
    assert_eq!(set.template, Template::Body(Text::literal(TEMPLATE)));
    assert_eq!(
        set.permissions,
        Permissions::Service {
            auto_deployment: Some(AutoDeployment { retain_stacks: false })
        }
    );
    let regions: Vec<&str> = set.deploy[0]
        .regions
        .iter()
        .map(|region| region.as_str())
        .collect();
    assert_eq!(regions, ["ap-northeast-1", "us-east-1"]);
    assert_eq!(
        set.rollout.pace,
        Pace {
            max_concurrent: Amount::Percent(25),
            failure_tolerance: Amount::Count(0),
            mode: ConcurrencyMode::Soft,
            regions: RegionConcurrency::Sequential,
        }
    );
    assert!(!set.managed_execution && !set.retain_stacks && set.rollout.waves.is_empty());
    assert_eq!((set.tags, set.description, set.administrator), (None, None, None));
}

#[test]
fn parameters_become_the_text_that_cloudformation_wants() {
    let set = deployed(
        "  parameters = {\n    Admin = account.audit.id\n    Emails = [account.team[\"shop\"].email, \"b@example.com\"]\n    Days = 7\n    On = true\n    Frequency = null\n  }\n",
    );
    let shown: BTreeMap<&str, String> = set
        .parameters
        .iter()
        .map(|(name, text)| (name.as_str(), text.to_string()))
        .collect();
    assert_eq!(
        shown,
        BTreeMap::from([
            ("Admin", "${account.audit.id}".to_owned()),
            ("Days", "7".to_owned()),
            ("Emails", "shop@example.com,b@example.com".to_owned()),
            ("On", "true".to_owned()),
        ])
    );
}
