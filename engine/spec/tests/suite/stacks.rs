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

#[test]
fn targets_are_ous_accounts_the_root_and_tags() {
    let set = set(
        "  deploy { targets = [root] }\n  deploy {\n    targets = [ou.workloads, account.audit, account.team, tag(\"environment\", \"prod\")]\n    regions = [\"us-east-1\"]\n  }\n  except = [account.legacy, account.management]\n",
    );
    assert_eq!(set.deploy[0].targets, BTreeSet::from([StackTarget::Root]));
    let tag = StackTarget::Tag {
        key: "environment".to_owned(),
        value: "prod".to_owned(),
    };
    assert_eq!(
        set.deploy[1].targets,
        BTreeSet::from([workloads(), account("audit"), team("shop"), team("blog"), tag])
    );
    assert_eq!(
        set.except,
        BTreeSet::from([account("legacy"), account("management")])
    );
    assert_eq!(set.deploy[1].regions.len(), 1);
    assert_eq!(
        set.permissions,
        Permissions::Service {
            auto_deployment: None
        },
        "it would reach accounts that no one named"
    );
}

#[test]
fn an_override_for_each_account_takes_its_values_from_the_account() {
    let set = deployed(
        "  override {\n    for_each   = account.team\n    targets    = [each.value]\n    parameters = { Admin = \"${each.value.name} ${each.value.tags[\"channel\"]}\" }\n  }\n  override {\n    targets    = [ou.workloads.prod]\n    regions    = [\"us-east-1\"]\n    parameters = { Days = 3 }\n  }\n",
    );
    let values: Vec<(&DesiredOverride, String)> = set
        .overrides
        .iter()
        .map(|one| (one, one.parameters.values().map(ToString::to_string).collect()))
        .collect();
    assert_eq!(values.len(), 3);
    assert_eq!(
        (&values[0].0.targets, values[0].1.as_str()),
        (&BTreeSet::from([team("blog")]), "Team blog C2")
    );
    assert_eq!(values[1].1, "Team shop C1");
    assert_eq!(values[2].1, "3");
    assert_eq!(values[2].0.regions.len(), 1);
}

#[test]
fn targets_are_chosen_by_what_the_spec_says_of_accounts() {
    let set = set(
        "  deploy {\n    targets = [for key, team in account.team : team if team.tags[\"environment\"] == \"prod\"]\n  }\n",
    );
    assert_eq!(set.deploy[0].targets, BTreeSet::from([team("shop")]));
}

#[test]
fn tags_of_accounts_are_read_as_the_spec_gives_them() {
    let spec = spec(
        "stack \"a\" {\n  template = file(\"t.yaml\")\n  parameters = {\n    Admin = jsonencode(account.team[\"shop\"].tags)\n    Frequency = lookup(account.audit.tags, \"none\", \"WEEKLY\")\n    Hook = \"\"\n  }\n}\n",
    );
    let stack = &spec.stacks[&Name::new("a")];
    assert_eq!(
        stack.parameters["Admin"].known(),
        Some(r#"{"channel":"C1","environment":"prod"}"#)
    );
    assert_eq!(stack.parameters["Frequency"].known(), Some("WEEKLY"));
}

#[test]
fn waves_inherit_the_pace_of_the_rollout() {
    let set = set(r#"
  deploy { targets = [ou.workloads, ou.sandbox] }
  rollout {
    max_concurrent     = 10
    region_concurrency = "parallel"
    retries            = 2
    wave "canary" {
      targets           = [ou.sandbox]
      failure_tolerance = "5%"
      concurrency_mode  = "soft"
      bake              = "1h30m"
      gate              = { command = ["./check", "--strict"] }
    }
    wave "alarm" {
      targets = [account.legacy]
      gate {
        alarm  = "errors"
        region = "us-east-1"
      }
    }
    wave "ask" {
      targets = [ou.workloads.prod]
      gate    = { approval = "go on?" }
    }
    wave "rest" {}
  }
"#);
    assert_eq!(set.rollout.retries, 2);
    let base = Pace {
        max_concurrent: Amount::Count(10),
        failure_tolerance: Amount::Count(0),
        mode: ConcurrencyMode::Soft,
        regions: RegionConcurrency::Parallel,
    };
    assert_eq!(set.rollout.pace, base);
    let [canary, alarm, ask, rest] = set.rollout.waves.as_slice() else {
        panic!("{:?}", set.rollout.waves)
    };
    assert_eq!(
        *canary,
        Wave {
            name: "canary".to_owned(),
            targets: BTreeSet::from([sandbox()]),
            pace: Pace {
                failure_tolerance: Amount::Percent(5),
                ..base
            },
            bake_seconds: 5_400,
            gate: Some(Gate::Command {
                command: vec!["./check".to_owned(), "--strict".to_owned()],
            }),
        }
    );
    assert_eq!(
        alarm.gate,
        Some(Gate::Alarm {
            name: "errors".to_owned(),
            region: "us-east-1".parse().unwrap(),
        })
    );
    assert_eq!(
        ask.gate,
        Some(Gate::Approval {
            question: "go on?".to_owned()
        })
    );
    assert_eq!(
        (rest.pace, &rest.targets, rest.bake_seconds),
        (base, &BTreeSet::new(), 0)
    );
}

#[test]
fn an_alarm_without_a_region_is_in_that_of_the_set() {
    let set = set(
        "  region = \"us-east-1\"\n  deploy { targets = [ou.workloads, ou.sandbox] }\n  rollout {\n    wave \"a\" {\n      targets = [ou.sandbox]\n      gate    = { alarm = \"x\" }\n    }\n    wave \"b\" {}\n  }\n",
    );
    let Some(Gate::Alarm { region, .. }) = &set.rollout.waves[0].gate else {
        panic!("{:?}", set.rollout)
    };
    assert_eq!(region.as_str(), "us-east-1");
}

#[test]
fn a_set_says_who_manages_it() {
    let own = deployed(
        "  managed_by          = \"self\"\n  administration_role = \"arn:aws:iam::${account.audit.id}:role/x\"\n  execution_role      = \"Baseline\"\n",
    );
    let Permissions::OwnRoles {
        administration_role,
        execution_role,
    } = own.permissions
    else {
        panic!("{:?}", own.permissions)
    };
    assert_eq!(
        administration_role.unwrap().to_string(),
        "arn:aws:iam::${account.audit.id}:role/x"
    );
    assert_eq!(execution_role.as_deref(), Some("Baseline"));
    let retain = |inside: &str| deployed(inside).permissions;
    let auto = |retain_stacks| Permissions::Service {
        auto_deployment: Some(AutoDeployment { retain_stacks }),
    };
    assert_eq!(
        retain("  auto_deployment = { retain_stacks = true }\n"),
        auto(true)
    );
    assert_eq!(retain("  retain_stacks = true\n"), auto(true));
    assert_eq!(
        retain("  auto_deployment = false\n"),
        Permissions::Service {
            auto_deployment: None
        }
    );
}

#[test]
fn a_delegated_administrator_is_entered_by_its_own_role_unless_another_is_named() {
    let role = |inside: &str| deployed(inside).administrator.unwrap().role;
    assert_eq!(role("  administrator = account.audit\n"), "Landing");
    assert_eq!(
        role("  administrator = account.legacy\n"),
        "OrganizationAccountAccessRole"
    );
    assert_eq!(
        role("  administrator      = account.audit\n  administrator_role = \"StackSets\"\n"),
        "StackSets"
    );
}

#[test]
fn one_block_makes_many_sets_with_names_of_their_own() {
    let spec = spec(
        "stack_set \"log_archive\" {\n  for_each   = toset([\"a_1\", \"b\"])\n  template   = file(\"t.yaml\")\n  parameters = { Frequency = each.key }\n  deploy { targets = [ou.workloads] }\n}\nstack \"names\" {\n  template   = file(\"t.yaml\")\n  parameters = { Admin = stack_set.log_archive[\"b\"].name, Frequency = stack_set.log_archive[\"b\"].id }\n}\n",
    );
    let names: Vec<&str> = spec.stack_sets.values().map(|set| set.name.as_str()).collect();
    assert_eq!(names, ["log-archive-a-1", "log-archive-b"]);
    let stack = &spec.stacks[&Name::new("names")];
    assert_eq!(stack.parameters["Admin"].known(), Some("log-archive-b"));
    assert_eq!(
        stack.parameters["Frequency"].to_string(),
        "${stack_set.log_archive[\"b\"].id}"
    );
}

#[test]
fn a_stack_is_one_of_the_management_account() {
    let spec = spec(
        "stack \"trail\" {\n  name = \"org-trail\"\n  region = \"us-east-1\"\n  template = { Resources = { Role = { Type = \"AWS::IAM::Role\" } } }\n  capabilities = [\"CAPABILITY_IAM\"]\n  tags = { owner = \"audit\" }\n  termination_protection = true\n  depends_on = [stack_set.base, stack.other]\n}\nstack \"other\" {\n  template_url = \"https://x.s3.amazonaws.com/t.json\"\n  parameters = { Any = account.audit.id }\n}\nstack_set \"base\" {\n  template = file(\"t.yaml\")\n  deploy { targets = [ou.sandbox] }\n}\n",
    );
    let stack = &spec.stacks[&Name::new("trail")];
    assert_eq!(
        (stack.name.as_str(), stack.region.as_str()),
        ("org-trail", "us-east-1")
    );
    assert_eq!(
        stack.template,
        Template::Body(Text::literal(
            r#"{"Resources":{"Role":{"Type":"AWS::IAM::Role"}}}"#
        ))
    );
    assert_eq!(stack.capabilities, BTreeSet::from([Capability::Iam]));
    assert_eq!(stack.termination_protection, Some(true));
    assert_eq!(
        stack.depends_on,
        BTreeSet::from([
            StackDependency::Stack(Name::new("other")),
            StackDependency::StackSet(Name::new("base"))
        ])
    );
    let other = &spec.stacks[&Name::new("other")];
    assert_eq!(
        other.template,
        Template::Url("https://x.s3.amazonaws.com/t.json".to_owned())
    );
    assert_eq!(other.termination_protection, None);
}

#[test]
fn a_template_may_hold_ids_that_are_known_later() {
    let set = set(
        "  deploy { targets = [ou.sandbox] }\n}\nstack_set \"detection2\" {\n  deploy { targets = [ou.sandbox] }\n  template = <<-EOT\n    Resources:\n      A:\n        Type: AWS::S3::Bucket\n        Properties:\n          BucketName: logs-${account.audit.id}-$${AWS::Region}\n  EOT\n",
    );
    assert_eq!(set.name, "detection");
    let text = "stack \"a\" {\n  template = <<-EOT\n    Resources:\n      A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: 'logs-${account.audit.id}'}}\n  EOT\n}\n";
    let Template::Body(text) = &spec(text).stacks[&Name::new("a")].template else {
        panic!()
    };
    assert_eq!(text.holes().count(), 1);
}

#[test]
fn regions_of_administration_are_listed() {
    let spec = spec("");
    let regions: Vec<&str> = spec
        .zone
        .administration_regions
        .iter()
        .map(|one| one.as_str())
        .collect();
    assert_eq!(regions, ["eu-west-1"]);
}

#[test]
fn yaml_says_the_same() {
    let hcl = r#"
stack_set "detection" {
  template     = file("t.yaml")
  parameters   = { Admin = account.audit.id, Days = 7, Emails = ["a", "b"] }
  except       = [account.legacy]
  capabilities = ["CAPABILITY_IAM"]
  deploy {
    targets = [ou.workloads, tag("environment", "prod")]
    regions = landing_zone.regions
  }
  deploy { targets = [account.audit] }
  override {
    for_each   = account.team
    targets    = [each.value]
    parameters = { Frequency = each.key }
  }
  rollout {
    max_concurrent = "50%"
    wave "one" {
      targets = [account.audit]
      bake    = "10m"
      gate    = { approval = "ok?" }
    }
    wave "a_rest" {}
  }
}
stack "trail" {
  template   = file("t.yaml")
  depends_on = [stack_set.detection]
}
moved {
  from = stack_set.old
  to   = stack_set.detection
}
removed {
  from   = stack.gone
  action = "forget"
}
"#;
    let yaml = r#"
stack_set:
  detection:
    template: ${file("t.yaml")}
    parameters: { Admin: "${account.audit.id}", Days: 7, Emails: [a, b] }
    except: ["${account.legacy}"]
    capabilities: [CAPABILITY_IAM]
    deploy:
      - targets: ["${ou.workloads}", '${tag("environment", "prod")}']
        regions: ${landing_zone.regions}
      - targets: ["${account.audit}"]
    override:
      for_each: ${account.team}
      targets: ["${each.value}"]
      parameters: { Frequency: "${each.key}" }
    rollout:
      max_concurrent: 50%
      wave:
        one:
          targets: ["${account.audit}"]
          bake: 10m
          gate: { approval: ok? }
        a_rest: {}
stack:
  trail:
    template: ${file("t.yaml")}
    depends_on: ["${stack_set.detection}"]
moved:
  from: stack_set.old
  to: stack_set.detection
removed:
  from: stack.gone
  action: forget
"#;
    let from = |name: &str, text: &str| {
        desired(&[("zone.hcl", ZONE), (name, text), ("t.yaml", TEMPLATE)]).without_origins()
    };
    let read = from("main.hcl", hcl);
    assert_eq!(read, from("main.lz.yaml", yaml));
    assert_eq!(
        read.stack_sets[&Name::new("detection")].rollout.waves[1].name,
        "a_rest"
    );
    assert_eq!(read.moved.len() + read.removed.len(), 2);
}

#[test]
fn a_set_or_stack_is_forgotten_but_never_closed() {
    let text = "removed {\n  from   = stack_set.old\n  action = \"close\"\n}\n";
    assert_eq!(
        found(text),
        ["removed: only an account can be given the action `close`"]
    );
}

/// Each rule by the one thing that breaks it.
#[test]
fn what_aws_would_refuse_is_refused() {
    const T: &str = "template = file(\"t.yaml\")\n";
    const D: &str = "deploy { targets = [ou.workloads] }\n";
    let all = format!("{T}{D}");
    let two = format!("{T}deploy {{ targets = [ou.workloads, ou.sandbox] }}\n");
    let rollout = |inside: &str| format!("{two}rollout {{\n{inside}\n}}\n");
    let canary = |inside: &str| {
        rollout(&format!(
            "wave \"c\" {{\ntargets = [ou.sandbox]\n{inside}\n}}\nwave \"r\" {{}}"
        ))
    };
    let long = "x".repeat(129);
    let cases: Vec<(String, &str)> = vec![
        (
            format!("{all}name = \"1a\""),
            "bad_name: `1a` cannot be the name of a stack set",
        ),
        (
            format!("{all}name = \"a_b\""),
            "bad_name: `a_b` cannot be the name of a stack set",
        ),
        (format!("{all}name = \"{long}\""), "bad_name: `xxxx"),
        (
            format!("{all}name = \"AWSControlTowerX\""),
            "bad_name: the stack set `AWSControlTowerX` belongs to Control Tower",
        ),
        (
            format!("{all}region = \"Tokyo\""),
            "bad_region: `Tokyo` is not a Region",
        ),
        (
            format!("{T}deploy {{\ntargets = [ou.workloads]\nregions = [\"us-east-1\", \"us-east-1\"]\n}}"),
            "bad_region: the Region `us-east-1` stands twice",
        ),
        (
            format!("{T}deploy {{\ntargets = [ou.workloads]\nregions = [\"eu-west-3\"]\n}}"),
            "outside_regions: `eu-west-3` is not among the Regions of the landing zone",
        ),
        (
            format!("{T}deploy {{\ntargets = [ou.workloads]\nregions = []\n}}"),
            "no_deployment: there is no Region to deploy to",
        ),
        (
            format!("{T}deploy {{ targets = [] }}"),
            "no_deployment: `targets` is empty",
        ),
        (
            format!("{T}deploy {{ targets = [ou.nowhere] }}"),
            "unknown_ou: organizational unit `ou.nowhere` is not declared",
        ),
        (
            format!("{T}deploy {{ targets = [\"ou.workloads\"] }}"),
            "wrong_reference: `targets` refers to an organizational unit, an account, the root or accounts with a tag, this is a string",
        ),
        (
            format!("{all}except = [ou.workloads]"),
            "no_deployment: `except` takes away everything that the stack set is deployed to",
        ),
        (
            format!("{all}except = [root]"),
            "no_deployment: `except` takes away everything that the stack set is deployed to",
        ),
        (
            format!("{T}deploy {{ targets = [account.team] }}\nexcept = [ou.workloads.prod]"),
            "no_deployment: `except` takes away everything that the stack set is deployed to",
        ),
        (
            format!(
                "{T}deploy {{ targets = [tag(\"environment\", \"prod\")] }}\nexcept = [account.team[\"shop\"]]"
            ),
            "no_deployment: `except` takes away everything that the stack set is deployed to",
        ),
        (
            format!("{T}deploy {{ targets = [account.management] }}"),
            "management_account: a service-managed stack set never reaches the management account",
        ),
        (
            format!("{T}deploy {{ targets = [root] }}"),
            "management_skipped: `root` has the management account `account.management`, which a service-managed stack set leaves out",
        ),
        (
            format!("{all}managed_by = \"self\"\nadministrator = account.audit"),
            "managed_by: `administrator` has no meaning with `managed_by = \"self\"`",
        ),
        (
            format!("{all}managed_by = \"self\"\nauto_deployment = true"),
            "managed_by: `auto_deployment` has no meaning with `managed_by = \"self\"`",
        ),
        (
            format!("{all}administration_role = \"arn:aws:iam::1:role/x\""),
            "managed_by: `administration_role` has no meaning with `managed_by = \"service\"`",
        ),
        (
            format!("{all}administrator_role = \"x\""),
            "managed_by: `administrator_role` has no meaning without `administrator`",
        ),
        (
            format!("{all}administrator = account.management"),
            "management_account: the management account cannot be a delegated administrator",
        ),
        (
            format!("{T}deploy {{ targets = [account.audit] }}\nauto_deployment = true"),
            "managed_by: automatic deployment reaches every account that comes to the OU, not only those named",
        ),
        (
            format!("{all}auto_deployment = 5"),
            "type: `auto_deployment` is `true`, `false` or an object",
        ),
        (
            format!("{all}description = \"\""),
            "bad_name: the description has 0 characters, AWS takes 1 to 1024",
        ),
        (
            format!("{all}parameters = {{ Nope = 1 }}"),
            "parameter: the template has no parameter `Nope`",
        ),
        (
            format!("{all}parameters = {{ Days = \"x\" }}"),
            "parameter: the parameter `Days` does not take `x`: it takes a number",
        ),
        (
            format!("{all}parameters = {{ Hook = \"x\" }}"),
            "plain_secret: main.hcl:4: the parameter `Hook` is secret, but its value stands in the spec",
        ),
        (
            format!("{all}parameters = {{ Admin = account.audit }}"),
            "type: the parameter `Admin`: a string wanted, this is an account; perhaps `account.audit.id`",
        ),
        (
            format!("{all}parameters = {{ Emails = [\"a,b\"] }}"),
            "type: the parameter `Emails`: an element of the list holds a comma, which would divide it",
        ),
        (
            format!("{all}override {{ parameters = {{ Nope = 1 }} }}"),
            "parameter: the template has no parameter `Nope`",
        ),
        (
            format!("{all}override {{ parameters = {{}} }}"),
            "outside_deployment: the override has no parameters",
        ),
        (
            format!("{all}override {{\ntargets = []\nparameters = {{ Days = 1 }}\n}}"),
            "outside_deployment: the override has no targets",
        ),
        (
            format!("{all}override {{\ntargets = [ou.sandbox]\nparameters = {{ Days = 1 }}\n}}"),
            "outside_deployment: the stack set is not deployed to `ou.sandbox`",
        ),
        (
            format!(
                "{T}deploy {{\ntargets = [ou.workloads]\nregions = [\"us-east-1\"]\n}}\noverride {{\nregions = [\"ap-northeast-1\"]\nparameters = {{ Days = 1 }}\n}}"
            ),
            "outside_deployment: the stack set is not deployed to `ap-northeast-1`",
        ),
        (
            format!(
                "{all}except = [account.legacy]\nrollout {{\nwave \"a\" {{ targets = [account.legacy] }}\nwave \"b\" {{}}\n}}"
            ),
            "outside_deployment: the stack set is not deployed to `account.legacy`",
        ),
        (
            rollout("wave \"a\" {}\nwave \"b\" {}"),
            "wave: the wave has no targets, so it takes all accounts that are left",
        ),
        (
            rollout("wave \"a\" {\ntargets = [ou.sandbox]\n}\nwave \"a\" {}"),
            "duplicate_label: two waves are called `a`",
        ),
        (
            rollout("wave \"a\" {\ngate { approval = \"?\" }\n}"),
            "wave: after the last wave there is nothing to wait for",
        ),
        (
            rollout("max_concurrent = 0"),
            "bad_value: `max_concurrent` is 1 or `1%` at least",
        ),
        (
            rollout("max_concurrent = \"many\""),
            "bad_value: `many` is not a value of `max_concurrent`",
        ),
        (
            rollout("failure_tolerance = \"101%\""),
            "bad_value: `101%` is not a value of `failure_tolerance`",
        ),
        (
            rollout("concurrency_mode = \"hard\""),
            "bad_value: `hard` is not a value of `concurrency_mode`",
        ),
        (rollout("retries = 101"), "bad_value: `retries` is 100 at most"),
        (
            canary("bake = \"soon\""),
            "bad_value: `soon` is not a value of `bake`",
        ),
        (
            canary("bake = \"31d\""),
            "bad_value: `31d` is not a value of `bake`",
        ),
        (
            canary("gate = { comand = [\"x\"] }"),
            "unknown_attribute: `gate` has no attribute `comand`",
        ),
        (
            canary("gate = \"x\""),
            "type: `gate` takes an object, this is a string",
        ),
        (
            canary("gate = { command = \"./x\" }"),
            "gate: `command` of a gate is a list: a program and its arguments, known now",
        ),
        (
            canary("gate = { command = [] }"),
            "gate: `command` of a gate is a list: a program and its arguments, known now",
        ),
        (
            canary("gate = { approval = \"\" }"),
            "gate: `approval` of a gate is a text that is known now",
        ),
        (
            canary("gate = { approval = \"x\", region = \"us-east-1\" }"),
            "gate: only an alarm has a Region",
        ),
        (
            canary("gate = { approval = \"x\" }\ngate { approval = \"y\" }"),
            "gate: the wave has two gates",
        ),
        (
            format!("{D}template = file(\"t.yaml\")\ntemplate_url = \"https://x\""),
            "no_template: there are `template` and `template_url`",
        ),
        (
            format!("{D}template_url = \"s3://x/y\""),
            "bad_value: `s3://x/y` is not the address of a template in S3",
        ),
        (
            format!("{D}template = 5"),
            "type: a template is text or an object, this is a number",
        ),
        (
            format!("{D}template = \"Resources: {{A: {{Type: 'AWS::CloudFormation::Stack'}}}}\""),
            "template: line 1 of the template: `A` is a nested stack, which a service-managed stack set does not take",
        ),
        (
            format!("{D}template = \"Resources: [\""),
            "template: line 1 of the template: ",
        ),
        (
            format!("{D}template = \"Metadata: &a {{}}\\nResources: {{A: {{Type: 'T::A', Metadata: *a}}}}\""),
            "template: line 2 of the template: CloudFormation's documentation says that it takes no YAML aliases and merge keys",
        ),
        (
            format!("{all}depends_on = [stack_set.detection]"),
            "cycle: these wait for each other: stack_set.detection -> stack_set.detection",
        ),
        (
            format!("{all}parameters = {{ Admin = stack_set.detection.id }}"),
            "cycle: these wait for each other: stack_set.detection -> stack_set.detection",
        ),
        (
            format!(
                "{D}template = \"Parameters: {{P: {{Type: String}}}}\\nResources: {{A: {{Type: T::A}}}}\""
            ),
            "parameter: the parameter `P` of the template has no value",
        ),
        (
            format!("{D}template = {{ Resources = {{ A = {{ Type = \"AWS::IAM::Role\" }} }} }}"),
            "capabilities: the template needs CAPABILITY_IAM",
        ),
        (
            format!("{D}template = templatefile(\"t.yaml\", {{ AWS = 1 }})\nparameters = {{ Nope = 1 }}"),
            "parameter: the template has no parameter `Nope`",
        ),
        (
            format!("{all}depends_on = [account.audit]"),
            "wrong_reference: `depends_on` refers to a stack set, this is an account",
        ),
        (
            format!("{all}tags = {{ \"aws:x\" = \"1\" }}"),
            "reserved_tag: the tag key `aws:x` belongs to AWS",
        ),
    ];
    for (inside, expected) in cases {
        let found = wrong(&inside);
        assert!(
            found.len() == 1 && found[0].starts_with(expected),
            "{inside}\nexpected {expected}\nfound {found:#?}"
        );
    }
}

#[test]
fn rules_hold_between_blocks() {
    const S: &str = "template = file(\"t.yaml\")\n";
    let cases = [
        (
            format!("stack_set \"a\" {{\n{S}name = \"x\"\ndeploy {{ targets = [ou.sandbox] }}\n}}\nstack_set \"b\" {{\n{S}name = \"x\"\ndeploy {{ targets = [ou.sandbox] }}\n}}"),
            "duplicate_name: two stack sets in `ap-northeast-1` have the name `x`",
        ),
        (
            format!("stack \"a\" {{\n{S}for_each = toset([\"p\", \"q\"])\nname = \"x\"\n}}"),
            "duplicate_name: two stacks in `ap-northeast-1` have the name `x`",
        ),
        (
            format!("stack_set \"a\" {{\n{S}depends_on = [stack_set.b]\ndeploy {{ targets = [ou.sandbox] }}\n}}\nstack_set \"b\" {{\n{S}depends_on = [stack_set.a]\ndeploy {{ targets = [ou.sandbox] }}\n}}"),
            "cycle: these wait for each other: stack_set.a -> stack_set.b -> stack_set.a",
        ),
        (
            format!("stack \"a\" {{\n{S}depends_on = [stack_set.b]\n}}\nstack_set \"b\" {{\n{S}parameters = {{ Admin = stack.a.id }}\ndeploy {{ targets = [ou.sandbox] }}\n}}"),
            "cycle: these wait for each other: stack_set.b -> stack.a -> stack_set.b",
        ),
        (
            format!("organization {{ trusted_services = [\"account\"] }}\nstack_set \"b\" {{\n{S}deploy {{ targets = [ou.sandbox] }}\n}}"),
            "no_trusted_access: `stacksets.cloudformation.amazonaws.com` has no trusted access",
        ),
        (
            format!("stack \"b\" {{\n{S}parameters = {{ Admin = stack.b.arn }}\n}}"),
            "no_such_element: `stack.b` has no attribute `arn`",
        ),
        (
            "locals { x = tag(\"a\", \"b\").id }\nstack \"b\" {\ntemplate = file(\"t.yaml\")\nparameters = { Admin = local.x }\n}".to_owned(),
            "no_such_element: `tag(\"a\", \"b\")` has no attribute `id`",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(found(&text), [expected], "{text}");
    }
    let other = format!(
        "stack_set \"a\" {{\n{S}name = \"x\"\ndeploy {{ targets = [ou.sandbox] }}\n}}\nstack_set \"b\" {{\n{S}name = \"x\"\nregion = \"us-east-1\"\ndeploy {{ targets = [ou.sandbox] }}\n}}"
    );
    assert_eq!(
        found(&other),
        [] as [&str; 0],
        "names are unique in a Region only"
    );
}

#[test]
fn a_set_needs_a_region_to_live_in() {
    let files = [
        (
            "main.hcl",
            "landing_zone \"x\" {}\nstack \"a\" { template = file(\"t.yaml\") }\n",
        ),
        ("t.yaml", TEMPLATE),
    ];
    let errors = load_files(&files).unwrap_err();
    assert_eq!(codes(&errors), ["missing_attribute"], "{}", rendered(&errors));
}

#[test]
fn the_limits_of_a_set_hold_at_their_border() {
    let text = || {
        let regions: Vec<String> = (0..20).map(|at| format!("\"us-east-{}\"", at + 1)).collect();
        format!(
            "landing_zone \"x\" {{\n  home_region = \"us-east-1\"\n  regions = [{}]\n}}\nou \"all\" {{}}\naccount \"a\" {{\n  for_each = toset(jsondecode(file(\"names.json\")))\n  email = \"${{each.key}}@example.com\"\n  ou = ou.all\n}}\nstack_set \"a\" {{\n  template = file(\"t.yaml\")\n  deploy {{ targets = [ou.all] }}\n  deploy {{ targets = [root] }}\n}}\n",
            regions.join(", ")
        )
    };
    let load = |accounts: usize| {
        let names: Vec<String> = (0..accounts).map(|at| format!("\"n{at}\"")).collect();
        let names = format!("[{}]", names.join(","));
        load_files(&[
            ("main.hcl", text().as_str()),
            ("t.yaml", TEMPLATE),
            ("names.json", names.as_str()),
        ])
    };
    // An account and Region counts once, however many blocks name them.
    if let Err(errors) = load(5_000) {
        panic!("{}", rendered(&errors));
    }
    assert_eq!(codes(&load(5_001).unwrap_err()), ["too_many_stacks"]);
}

#[test]
fn a_template_of_one_mebibyte_is_taken() {
    let fill = |size: usize| format!("{TEMPLATE}# {}", "x".repeat(size - TEMPLATE.len() - 2));
    let text = "stack \"a\" { template = file(\"t.yaml\") }\n";
    let load = |size| {
        load_files(&[
            ("zone.hcl", ZONE),
            ("main.hcl", text),
            ("t.yaml", fill(size).as_str()),
        ])
    };
    assert!(load(1_048_576).is_ok());
    assert_eq!(codes(&load(1_048_577).unwrap_err()), ["template"]);
}

#[test]
fn a_secret_is_not_shown_where_it_is_refused() {
    let text = "stack \"a\" {\n  template   = file(\"t.yaml\")\n  parameters = { Hook = \"hunter2\" }\n}\n";
    let errors = load_files(&[("zone.hcl", ZONE), ("main.hcl", text), ("t.yaml", TEMPLATE)]).unwrap_err();
    assert_eq!(codes(&errors), ["plain_secret"]);
    assert!(!rendered(&errors).contains("hunter2"), "{}", rendered(&errors));
}
