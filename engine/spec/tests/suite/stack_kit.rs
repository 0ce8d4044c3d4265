//! A landing zone with accounts, and short words for the stack sets in it.

use crate::support::{desired, load_files};
use lz_model::address::{Name, OuAddress};
use lz_model::desired::{Desired, DesiredStackSet, StackTarget};

/// A template with a parameter of each sort that matters.
pub(crate) const TEMPLATE: &str = "Parameters:\n  Admin: {Type: String, Default: ''}\n  Frequency: {Type: String, Default: DAILY}\n  Emails: {Type: CommaDelimitedList, Default: ''}\n  Days: {Type: Number, Default: 1}\n  On: {Type: String, Default: 'false'}\n  Hook: {Type: String, NoEcho: true, Default: ''}\nResources:\n  Detector:\n    Type: AWS::GuardDuty::Detector\n    Properties: {Enable: true, FindingPublishingFrequency: !Ref Frequency}\n";

pub(crate) const ZONE: &str = r#"
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

pub(crate) fn spec(text: &str) -> Desired {
    desired(&[("zone.hcl", ZONE), ("main.hcl", text), ("t.yaml", TEMPLATE)])
}

pub(crate) fn set(inside: &str) -> DesiredStackSet {
    let text = format!("stack_set \"detection\" {{\n  template = file(\"t.yaml\")\n{inside}\n}}\n");
    spec(&text).stack_sets.remove(&Name::new("detection")).unwrap()
}

/// Returns a set that is deployed to one OU, with more inside.
pub(crate) fn deployed(inside: &str) -> DesiredStackSet {
    set(&format!("  deploy {{ targets = [ou.workloads] }}\n{inside}"))
}

/// Returns codes and messages of a set that is wrong.
pub(crate) fn wrong(inside: &str) -> Vec<String> {
    let text = format!("stack_set \"detection\" {{\n{inside}\n}}\n");
    found(&text)
}

pub(crate) fn found(text: &str) -> Vec<String> {
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

pub(crate) fn account(label: &str) -> StackTarget {
    StackTarget::Account(Name::new(label))
}

pub(crate) fn team(key: &str) -> StackTarget {
    StackTarget::Account(Name::keyed("team", key))
}

pub(crate) fn workloads() -> StackTarget {
    StackTarget::Ou(OuAddress::top(Name::new("workloads")))
}

pub(crate) fn sandbox() -> StackTarget {
    StackTarget::Ou(OuAddress::top(Name::new("sandbox")))
}
