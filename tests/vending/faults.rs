//! A pipeline that is killed at any moment and started again makes one account for each request.

use crate::harness::Case;
use crate::spec::{plain, zone};
use lz_model::desired::Desired;
use lz_twin::Fault;

const GUEST: &str =
    "name: Account 444455556666\nemail: aws+444455556666@example.com\ninvite: \"444455556666\"";

/// Two accounts come, one is invited, one is suspended, one is renamed by its request.
fn vending() -> Case {
    Case::from(zone(&plain(["old".to_owned()]), ""), wanted())
}

fn wanted() -> Desired {
    let mut requests = plain(["shop".to_owned(), "blog".to_owned()]);
    requests.push(("guest".to_owned(), GUEST));
    let leaving = "removed {\n  from   = account.old\n  action = \"suspend\"\n  to     = ou.held\n}\n";
    zone(&requests, leaving)
}

#[test]
fn vending_survives_a_crash_before_a_call() {
    vending().survives_each(3, &Fault::Crash);
}

#[test]
fn vending_survives_a_crash_after_any_call() {
    vending().survives(&Fault::CrashAfter);
}

#[test]
fn vending_survives_a_lost_reply_to_any_call() {
    vending().survives(&Fault::LoseReply);
}

#[test]
fn vending_survives_a_failure_of_a_call() {
    vending().survives_each(
        3,
        &Fault::Fail {
            code: "ServiceException".to_owned(),
            status: 500,
        },
    );
}

#[test]
fn vending_survives_throttling_of_a_call() {
    vending().survives_each(5, &Fault::Throttle);
}

#[test]
fn a_new_organization_with_requests_survives_a_crash_after_a_call() {
    let mut requests = plain(["shop".to_owned()]);
    requests.push(("guest".to_owned(), GUEST));
    Case::from_nothing(zone(&requests, "")).survives_each(4, &Fault::CrashAfter);
}
