//! Stack sets and stacks: what the spec says is what is wanted.

use crate::stack_kit::*;
use crate::support::desired;
use lz_model::address::Name;
use lz_model::desired::{
    AutoDeployment, DesiredOverride, Permissions, StackDependency, StackTarget, Template, Wave,
};
use lz_model::stack::{Amount, Capability, ConcurrencyMode, Gate, Pace, RegionConcurrency};
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

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
