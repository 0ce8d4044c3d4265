//! Control Tower from the command line: what a plan shows, and what is refused before anything happens.

use crate::run::Folder;

const SPEC: &str = r#"
landing_zone "acme" {
  management_account = "111122223333"
  home_region        = "us-east-1"
  regions            = ["us-east-1"]
}
organization { policy_types = ["scp"] }
ou "security" { name = "Security" }
ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
}
account "log" {
  name  = "Log"
  email = "log@example.com"
  ou    = ou.security
}
account "audit" {
  name  = "Audit"
  email = "audit@example.com"
  ou    = ou.security
}
account "shop" {
  name  = "Shop"
  email = "shop@example.com"
  ou    = ou.workloads.prod
}
control_tower {
  version     = "3.3"
  log_archive = account.log
  audit       = account.audit
}
baseline "AWSControlTowerBaseline" { targets = [ou.workloads, ou.workloads.prod] }
control "AWS-GR_ENCRYPTED_VOLUMES" { targets = [ou.workloads.prod] }
"#;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", SPEC);
    folder
}

/// Ids are drawn by the twin.
fn redacted(text: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let id = digits.len() == 12 && digits != "111122223333";
        out.push_str(if id { "<account>   " } else { &digits });
        digits.clear();
        out.push(c);
    }
    let lines = out.lines().map(|line| match line.split_once(" in o-") {
        Some((before, after)) => {
            let rest = after.split_once(',').map_or("", |(_, rest)| rest);
            format!("{before} in <organization>,{rest}\n")
        }
        None => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn a_new_landing_zone_is_shown_with_what_it_brings() {
    let folder = folder();
    let plan = folder.lz("plan --target twin");
    insta::assert_snapshot!(redacted(plan.ok()));
}

#[test]
fn an_upgrade_is_shown_with_what_follows_it_and_settles() {
    let folder = folder();
    let applied = folder.lz("apply --target twin");
    assert!(applied.ok().contains("AWS took"), "{}", applied.stdout);
    assert!(
        applied
            .stderr
            .contains("baseline[\"AWSControlTowerBaseline\"] enable on Workloads/Prod"),
        "{}",
        applied.stderr
    );
    folder.replace("main.hcl", "\"3.3\"", "\"4.0\"\n  auto_enroll = true");
    insta::assert_snapshot!(redacted(folder.lz("plan --target twin").ok()));
    folder.lz("apply --target twin").ok();
    assert!(folder.lz("plan --target twin").ok().contains("No changes."));
}

#[test]
fn what_nobody_can_switch_is_refused_with_its_place() {
    let folder = folder();
    folder.replace(
        "main.hcl",
        "AWS-GR_ENCRYPTED_VOLUMES",
        "AWS-GR_CLOUDTRAIL_ENABLED",
    );
    let refused = folder.lz("validate");
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("lz::spec::control"), "{}", refused.stderr);
}
