//! Every way to end other than well.

use crate::run::{Folder, Ran, Served};
use std::process::Stdio;

/// A landing zone without accounts: nothing in it takes AWS long.
const SMALL: &str = r#"
landing_zone "small" {
  management_account = "111122223333"
}
organization {
  policy_types = ["scp"]
}
ou "one" { name = "One" }
ou "two" { name = "Two" }
policy "stay" {
  type   = "scp"
  attach = [ou.two]
  statement "Stay" {
    effect    = "Deny"
    actions   = ["organizations:LeaveOrganization"]
    resources = ["*"]
  }
}
"#;

fn small() -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", SMALL);
    folder
}

#[test]
fn wrong_arguments_are_an_error_and_never_mean_changes() {
    let folder = Folder::new();
    folder.lz("plan --no-such-option").code(1);
    folder.lz("plan --target nowhere").code(1);
    folder.lz("plan --quiet --json").code(1);
    folder.lz("").code(1);
    folder.lz("--help").ok();
    assert!(folder.lz("--version").ok().starts_with("lz "));
}

#[test]
fn a_spec_is_never_overwritten() {
    let folder = Folder::with_starter();
    folder.write("main.hcl", "# mine");
    let refused = folder.lz("init");
    refused.code(1);
    assert!(
        refused.stderr.contains("holds a spec already"),
        "{}",
        refused.stderr
    );
    assert_eq!(folder.read("main.hcl"), "# mine");
}

#[test]
fn a_wrong_spec_lists_every_mistake_with_its_place() {
    let folder = small();
    folder.replace("main.hcl", "name = \"One\"", "nam = \"One\"");
    folder.replace("main.hcl", "attach = [ou.two]", "attach = [ou.three]");
    for command in [
        "validate",
        "plan --target twin",
        "apply --target twin",
        "drift",
        "graph --spec",
    ] {
        let wrong = folder.lz(command);
        wrong.code(3);
        assert!(wrong.stderr.contains("main.hcl:8:12"), "{}", wrong.stderr);
        assert!(wrong.stderr.contains("did you mean `name`?"), "{}", wrong.stderr);
        assert!(wrong.stderr.ends_with("errors\n"), "{}", wrong.stderr);
        assert_eq!(wrong.stdout, "");
    }
}

#[test]
fn an_account_that_vanished_from_the_spec_stops_the_plan() {
    let folder = Folder::with_starter();
    folder.lz("apply --target twin").ok();
    folder.replace("main.hcl", "dev  = ou.workloads.sdlc", "");
    let refused = folder.lz("plan --target twin");
    refused.code(4);
    assert!(
        refused.stderr.contains("account.shop[\"dev\"]"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("removed"), "{}", refused.stderr);
}

#[test]
fn another_organization_is_refused() {
    let folder = small();
    let served = Served::start(&folder, "");
    folder.replace("main.hcl", "111122223333", "999988887777");
    let mut command = folder.command(&format!("plan --target {}", served.url));
    command
        .env("AWS_ACCESS_KEY_ID", "111122223333")
        .env("AWS_SECRET_ACCESS_KEY", "x");
    let refused = Ran::of(&mut command);
    refused.code(4);
    assert!(refused.stderr.contains("999988887777"), "{}", refused.stderr);
}

#[test]
fn an_apply_that_does_not_finish_says_what_failed_and_goes_on_later() {
    let folder = small();
    folder.write("limits.json", r#"{ "units": 1 }"#);
    let state = "--state world.json";
    let served = Served::start(&folder, &format!("{state} --limits limits.json"));
    let line = format!("apply --auto-approve --target {}", served.url);
    let incomplete = folder.lz(&line);
    incomplete.code(6);
    let report = incomplete.stdout.split_once("Failed:").unwrap().1;
    assert!(report.contains("+ ou.two create"), "{report}");
    assert!(report.contains("OU_NUMBER_LIMIT_EXCEEDED"), "{report}");
    assert!(
        report.contains("Not started, for they need ou.two create:\n  + policy.stay"),
        "{report}"
    );
    assert!(
        report.contains("To go on from what is really there: lz apply --target"),
        "{report}"
    );
    assert_eq!(served.end(rustix::process::Signal::TERM), (0, String::new()));
    let served = Served::start(&folder, state);
    let line = format!("apply --auto-approve --target {}", served.url);
    assert!(folder.lz(&line).ok().contains("1 created, 1 attached"));
}

#[test]
fn an_aws_that_refuses_to_be_read_is_told_apart_from_a_wrong_spec() {
    let folder = small();
    let fault = r#"{ "fail": { "code": "AccessDenied", "status": 403 } }"#;
    folder.write(
        "faults.json",
        &format!(r#"{{ "rules": [{{ "at": {{ "operation": {{ "name": "GetCallerIdentity", "nth": 1 }} }}, "fault": {fault} }}] }}"#),
    );
    let served = Served::start(&folder, "--faults faults.json");
    let refused = folder.lz(&format!("plan --target {} --stats stats.json", served.url));
    refused.code(7);
    assert!(
        refused.stderr.contains("sts:GetCallerIdentity: AccessDenied"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("help: check whose credentials these are"),
        "{}",
        refused.stderr
    );
    let calls = &folder.json("stats.json")["calls_total"];
    assert!(
        calls.as_u64() >= Some(1),
        "the cost is told all the same: {calls}"
    );
}

#[test]
fn a_command_that_comes_later_says_so() {
    let folder = Folder::new();
    for command in ["import --all", "convert x y", "rehearse plan.lz"] {
        let later = folder.lz(command);
        later.code(8);
        assert!(later.stderr.contains("not supported yet"), "{}", later.stderr);
    }
}

#[test]
fn a_file_that_is_no_plan_is_refused() {
    let folder = small();
    folder.write("plan.lz", "{}");
    for command in ["apply plan.lz", "show plan.lz", "graph plan.lz"] {
        let refused = folder.lz(command);
        refused.code(1);
        assert!(
            refused.stderr.contains("lz::cli::not_a_plan"),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn a_broken_state_of_the_twin_is_an_error_and_stays_as_it_is() {
    let folder = small();
    folder.write(".lz/twin.json", "not a state");
    let refused = folder.lz("apply --target twin");
    refused.code(1);
    assert!(refused.stderr.contains("twin.json"), "{}", refused.stderr);
    assert_eq!(folder.read(".lz/twin.json"), "not a state");
}

#[test]
fn a_reader_who_has_left_is_no_error() {
    let folder = small();
    let mut child = folder
        .command("plan --target twin --all")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_directory_can_be_changed_first() {
    let folder = small();
    folder.lz("--chdir nowhere validate").code(1);
    let inner = Ran::of(folder.command("").args(["--chdir", "."]).arg("validate"));
    inner.ok();
}
