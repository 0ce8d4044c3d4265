//! Whatever fails at whichever moment, one more apply ends in the wanted access, and nothing is given twice.

use crate::access::{ACCESS, BASE, organized, with};
use crate::harness::Case;
use crate::settings::SETTINGS;
use lz_tests::people::spec;
use lz_tests::runtime;
use lz_twin::Fault;

/// From nobody's access to everybody's, and settings of an account.
fn arrival() -> Case {
    let state = runtime().block_on(async { organized().await.twin.state_json() });
    let base = BASE.replace("[\"sso\"]", "[\"sso\", \"account\"]");
    Case::on(state, spec(&format!("{base}{ACCESS}{SETTINGS}")))
}

/// A set changes, another goes with all who have it, a third comes.
fn change() -> Case {
    let state = runtime().block_on(async {
        let world = organized().await;
        world.converge(&with(ACCESS)).await;
        world.twin.state_json()
    });
    let wanted = r#"
permission_set "admin" {
  name             = "AdministratorAccess"
  session_duration = "4h"
  managed_policies = ["arn:aws:iam::aws:policy/PowerUserAccess"]
  inline_policy    = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "iam:*", Resource = "*" }] })
}
permission_set "bill" {
  managed_policies = ["arn:aws:iam::aws:policy/job-function/Billing"]
}
assignment "platform" {
  permission_set = permission_set.admin
  groups         = ["platform"]
  ous            = [ou.workloads]
}
assignment "bill" {
  permission_set = permission_set.bill
  groups         = ["auditors"]
  accounts       = [account.audit]
}
"#;
    Case::on(state, with(wanted))
}

#[test]
fn arrival_survives_a_crash_before_a_call() {
    arrival().survives_each(3, &Fault::Crash);
}

#[test]
fn arrival_survives_a_crash_after_any_call() {
    arrival().survives(&Fault::CrashAfter);
}

#[test]
fn arrival_survives_a_lost_reply_to_any_call() {
    arrival().survives(&Fault::LoseReply);
}

#[test]
fn arrival_survives_a_failure_of_a_call() {
    arrival().survives_each(
        3,
        &Fault::Fail {
            code: "InternalServerException".to_owned(),
            status: 500,
        },
    );
}

#[test]
fn arrival_survives_throttling_of_a_call() {
    arrival().survives_each(5, &Fault::Throttle);
}

#[test]
fn change_survives_a_crash_after_any_call() {
    change().survives(&Fault::CrashAfter);
}

#[test]
fn change_survives_a_lost_reply_to_any_call() {
    change().survives(&Fault::LoseReply);
}

#[test]
fn change_survives_a_failure_of_a_call() {
    change().survives_each(
        3,
        &Fault::Fail {
            code: "InternalServerException".to_owned(),
            status: 500,
        },
    );
}
