//! Whatever fails at whichever call, one more apply is right.

use crate::harness::Case;
use crate::spec::{SERVICES, admins, zone};
use lz_twin::Fault;

const SETTINGS: &str = "root_access {\n    credentials_management = true\n    sessions = true\n  }";
const POLICY: &str = r#"
resource_policy {
  content = { Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "organizations:List*", Resource = "*" }] }
}
"#;

/// Everything of this suite comes to an organization that has its accounts.
fn arrival() -> Case {
    let wanted = format!("{}{POLICY}", admins("audit", &SERVICES));
    Case::from(zone("", ""), zone(SETTINGS, &wanted))
}

/// Every administrator changes.
fn swap() -> Case {
    Case::from(
        zone("", &admins("audit", &SERVICES)),
        zone("", &admins("tooling", &SERVICES)),
    )
}

#[test]
fn a_new_organization_survives_a_crash_after_a_call() {
    let wanted = format!("{}{POLICY}", admins("audit", &SERVICES));
    Case::from_nothing(zone(SETTINGS, &wanted)).survives_each(3, &Fault::CrashAfter);
}

#[test]
fn arrival_survives_a_crash_before_a_call() {
    arrival().survives_each(3, &Fault::Crash);
}

#[test]
fn arrival_survives_a_lost_reply_to_any_call() {
    arrival().survives(&Fault::LoseReply);
}

#[test]
fn arrival_survives_throttling_of_a_call() {
    arrival().survives_each(3, &Fault::Throttle);
}

#[test]
fn swap_survives_a_crash_after_any_call() {
    swap().survives(&Fault::CrashAfter);
}

#[test]
fn swap_survives_a_lost_reply_to_any_call() {
    swap().survives(&Fault::LoseReply);
}

#[test]
fn swap_survives_a_failure_of_a_call() {
    swap().survives_each(
        3,
        &Fault::Fail {
            code: "InternalServerException".to_owned(),
            status: 500,
        },
    );
}
