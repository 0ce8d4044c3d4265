//! Stack sets from the command line: rolled out in waves, compared with their templates, taken back.

use crate::run::Folder;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

const SPEC: &str = r#"
landing_zone "acme" {
  home_region = "eu-west-1"
  regions     = ["eu-west-1", "us-east-1"]
}
organization {
  policy_types     = ["scp"]
  trusted_services = ["stacksets.cloudformation.amazonaws.com"]
}
ou "sandbox" { name = "Sandbox" }
ou "workloads" { name = "Workloads" }
account "play" {
  name  = "Play"
  email = "aws+play@example.com"
  ou    = ou.sandbox
}
account "shop" {
  name  = "Shop"
  email = "aws+shop@example.com"
  ou    = ou.workloads
}
stack_set "alerts" {
  template = file("alerts.yaml")
  deploy { targets = [ou.sandbox, ou.workloads] }
  rollout {
    wave "canary" {
      targets = [ou.sandbox]
      bake    = "30m"
    }
    wave "rest" {}
  }
}
"#;

const TEMPLATE: &str = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", SPEC);
    folder.write("alerts.yaml", TEMPLATE);
    folder
}

fn commit(folder: &Folder, words: &str) {
    let git = |arguments: &[&str]| {
        let status = Command::new("git")
            .arg("-C")
            .arg(folder.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
            .args(arguments)
            .status()
            .unwrap();
        assert!(status.success());
    };
    if !folder.file(".git").exists() {
        git(&["init", "--quiet"]);
    }
    git(&["add", "--all", "--", ".", ":!.lz"]);
    git(&["commit", "--quiet", "-m", words]);
}

/// The zone on the twin, its template changed and rolled out, each state a commit.
fn changed() -> Folder {
    let folder = folder();
    commit(&folder, "one topic");
    folder.lz("apply --target twin").ok();
    folder.replace(
        "alerts.yaml",
        "AWS::SNS::Topic\n",
        "AWS::SNS::Topic\n    DeletionPolicy: Retain\n",
    );
    commit(&folder, "keep the topic");
    folder
}

#[test]
fn a_new_template_goes_out_in_waves_that_the_plan_shows() {
    let folder = changed();
    let plan = folder.lz("plan --target twin");
    let shown = plan.ok();
    for words in [
        "~ stack_set.alerts  update  4 stacks, 2 Regions, 2 waves, about",
        "wave canary, new template",
        "wait    after wave canary: about 30 min",
        "+ DeletionPolicy: Retain",
        "Plan: 1 to change.",
    ] {
        assert!(shown.contains(words), "no `{words}` in\n{shown}");
    }
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    let applied = folder.lz("apply --target twin");
    assert!(
        applied.ok().contains("Applied: 1 changed. AWS took 3"),
        "{}",
        applied.stdout
    );
    let settled = folder.lz("plan --target twin --detailed-exitcode");
    assert!(settled.ok().contains("No changes."), "{}", settled.stdout);
}

#[test]
fn a_stack_set_goes_back_to_the_revision_before_the_change() {
    let folder = changed();
    folder.lz("apply --target twin").ok();
    let shown = folder.lz("rollback stack_set.alerts --target twin --plan-only");
    assert!(
        shown.ok().contains("- DeletionPolicy: Retain"),
        "{}",
        shown.stdout
    );
    assert!(
        !shown.stdout.contains("wait"),
        "no bake on the way back: {}",
        shown.stdout
    );
    let back = folder.lz("rollback stack_set.alerts --target twin");
    assert!(back.ok().contains("Applied: 1 changed."), "{}", back.stdout);
    assert!(back.stderr.contains("\"one topic\""), "{}", back.stderr);
    assert!(back.stderr.contains("revert it in git"), "{}", back.stderr);
    let again = folder.lz("rollback stack_set.alerts --to HEAD~1 --target twin");
    assert!(again.ok().contains("No changes."), "{}", again.stdout);
    let forth = folder.lz("plan --target twin");
    assert!(
        forth.ok().contains("+ DeletionPolicy: Retain"),
        "{}",
        forth.stdout
    );
}

#[test]
fn a_stack_set_goes_back_over_revisions_that_leave_it_alone() {
    let folder = changed();
    folder.lz("apply --target twin").ok();
    folder.replace("main.hcl", "\"alerts\" {", "\"alerts\" {\n  depends_on = []\n");
    commit(&folder, "nothing that matters to its stacks");
    folder.write("other.hcl", "ou \"later\" {}\n");
    commit(&folder, "another OU");
    folder.replace("other.hcl", "{}", "{");
    commit(&folder, "a spec that is wrong");
    folder.replace("other.hcl", "{", "{}");
    folder.lz("apply --target twin").ok();
    let shown = folder.lz("rollback stack_set.alerts --target twin --plan-only");
    assert!(shown.stderr.contains("\"one topic\""), "{}", shown.stderr);
    assert!(
        shown.ok().contains("- DeletionPolicy: Retain"),
        "{}",
        shown.stdout
    );
}

#[test]
fn a_template_that_lies_beside_the_spec_goes_back_too() {
    let folder = folder();
    let zone = folder.file("zone");
    std::fs::create_dir(&zone).unwrap();
    std::fs::rename(folder.file("main.hcl"), zone.join("main.hcl")).unwrap();
    folder.replace("zone/main.hcl", "\"alerts.yaml\"", "\"../alerts.yaml\"");
    commit(&folder, "one topic");
    folder.lz("apply --target twin zone").ok();
    let retained = "AWS::SNS::Topic\n    DeletionPolicy: Retain\n";
    folder.replace("alerts.yaml", "AWS::SNS::Topic\n", retained);
    commit(&folder, "keep the topic");
    folder.write("notes", "nothing of the spec");
    commit(&folder, "notes");
    folder.lz("apply --target twin zone").ok();
    let back = folder.lz("rollback stack_set.alerts --target twin zone --plan-only");
    assert!(back.ok().contains("- DeletionPolicy: Retain"), "{}", back.stdout);
}

#[test]
fn what_cannot_go_back_is_refused_with_a_way_out() {
    let folder = changed();
    for (command, words) in [
        (
            "rollback account.shop --target twin",
            "not the address of a stack set",
        ),
        (
            "rollback stack_set.other --target twin",
            "has no `stack_set.other`",
        ),
        (
            "rollback stack_set.alerts --to v9 --target twin",
            "no revision `v9`",
        ),
    ] {
        let refused = folder.lz(command);
        refused.code(1);
        assert!(refused.stderr.contains(words), "{command}: {}", refused.stderr);
        assert!(refused.stderr.contains("help: "), "{command}: {}", refused.stderr);
    }
}

#[test]
fn stacks_are_compared_with_their_templates_on_request() {
    let folder = folder();
    folder.lz("apply --target twin").ok();
    let drift = folder.lz("drift --stack-sets --target twin");
    assert!(
        drift
            .ok()
            .contains("Stack set alerts in eu-west-1: 4 stacks compared, none differs"),
        "{}",
        drift.stdout
    );
}

#[test]
fn cfn_lint_has_a_say_where_it_is_installed() {
    let folder = folder();
    folder.write(
        "bin/cfn-lint",
        "#!/bin/sh\nfor last; do :; done\nprintf '[{\"Filename\":\"%s\",\"Level\":\"Error\",\"Message\":\"no such property\",\
         \"Rule\":{\"Id\":\"E3002\"},\"Location\":{\"Start\":{\"LineNumber\":3,\"ColumnNumber\":5}}}]' \"$last\"\n",
    );
    let program = folder.file("bin/cfn-lint");
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = folder.command("validate");
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.file("bin").display()));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.contains("E3002") && said.contains("no such property"),
        "{said}"
    );
    folder.lz("validate").ok();
}
