//! Whatever fails at whichever moment, running `lz apply` again is right: at every single call of an apply the
//! caller crashes after it or its reply is lost; at every third one, the caller crashes before it, it fails, AWS
//! throttles. One more apply ends in the wanted organization, and nothing is made twice.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail"
)]

mod harness;

use harness::Case;
use lz_model::address::{Address, Name};
use lz_model::desired::{Desired, DesiredParent, DesiredStack, DesiredTarget, Template};
use lz_model::text::Text;
use lz_tests::organization;
use lz_tests::zone::{self, set, waves, with};
use lz_twin::Fault;
use std::collections::{BTreeMap, BTreeSet};

fn startup() -> Case {
    Case::from_nothing(organization("startup"))
}

/// A year later: an OU is renamed and another moved, an account moves, one joins, guardrails change.
fn upgrade() -> Case {
    Case::from(organization("startup"), upgraded(organization("startup")))
}

/// A roll-out: a template goes out in waves, an account moves in, another joins, one Region is given up, an OU
/// gets a second set, a stack of the management account comes.
fn rollout() -> Case {
    let mut first = set();
    first.deploy[0].targets = [zone::ou(&["workloads"])].into();
    let before = with(zone::zone(1, 2), first.clone());
    let mut later = first;
    later.rollout.waves = waves();
    later.rollout.retries = 1;
    later.template = Template::Body(Text::literal(zone::TEMPLATE.replace("SIX_HOURS", "ONE_HOUR")));
    later.deploy[0].regions.pop();
    let mut wanted = with(zone::zone(1, 3), later.clone());
    for account in wanted.accounts.values_mut() {
        account.parent = Some(DesiredParent::Ou(ou("workloads.prod")));
    }
    let mut second = later;
    second.name = "second".to_owned();
    second.deploy[0].targets = [zone::ou(&["workloads", "prod"])].into();
    second.depends_on = [Name::new("detection")].into();
    wanted.stack_sets.insert(Name::new("second"), second);
    wanted.stacks.insert(
        Name::new("own"),
        DesiredStack {
            name: "own".to_owned(),
            region: "eu-west-1".parse().unwrap(),
            template: Template::Body(Text::literal(zone::TEMPLATE)),
            parameters: BTreeMap::new(),
            capabilities: BTreeSet::new(),
            tags: None,
            termination_protection: Some(true),
            depends_on: BTreeSet::new(),
        },
    );
    Case::from(before, wanted)
}

/// Everything that CloudFormation holds goes.
fn retreat() -> Case {
    let mut set = set();
    set.rollout.waves = waves();
    Case::from(with(zone::zone(1, 2), set), zone::zone(1, 2))
}

fn ou(path: &str) -> lz_model::address::OuAddress {
    let Address::Ou(ou) = format!("ou.{path}").parse().unwrap() else {
        panic!("{path} is no OU")
    };
    ou
}

fn upgraded(mut spec: Desired) -> Desired {
    spec.ous.get_mut(&ou("people")).unwrap().name = "Humans".to_owned();
    // `dev` moves out of `workloads`, which AWS has no call for.
    let dev = spec.ous.remove(&ou("workloads.dev")).unwrap();
    spec.ous.insert(ou("dev"), dev);
    spec.moved.push(lz_model::desired::Moved {
        from: Address::Ou(ou("workloads.dev")),
        to: Address::Ou(ou("dev")),
    });
    for (name, account) in &mut spec.accounts {
        if name.key.as_deref() == Some("development") {
            account.parent = Some(DesiredParent::Ou(ou("dev")));
        }
        if name.key.as_deref() == Some("staging") {
            account.parent = Some(DesiredParent::Ou(ou("workloads.prod")));
            account.name = "Rehearsal".to_owned();
        }
    }
    let mut partner = spec.accounts.get(&Name::new("jump")).unwrap().clone();
    partner.name = "Partner".to_owned();
    partner.email = "aws+partner@aws.example.com".parse().unwrap();
    spec.accounts.insert(Name::new("partner"), partner);
    let mut moved = spec.policies.remove(&Name::new("iam_by_machines")).unwrap();
    moved.name = "IamByMachinesOnly".to_owned();
    moved.attach = Some(BTreeSet::from([
        DesiredTarget::Ou(ou("workloads")),
        DesiredTarget::Ou(ou("dev")),
    ]));
    spec.policies.insert(Name::new("iam_by_machines_only"), moved);
    let protect = spec.policies.get_mut(&Name::new("protect_guardrails")).unwrap();
    let text = protect
        .content
        .known()
        .unwrap()
        .replace("config:StopConfigurationRecorder", "config:Stop*");
    protect.content = Text::literal(text);
    let sso: lz_model::id::ServicePrincipal = "sso.amazonaws.com".parse().unwrap();
    spec.delegated_admins.insert(
        sso,
        lz_model::desired::DesiredAdmin {
            account: Name::new("partner"),
            regions: Vec::new(),
        },
    );
    let guardduty: lz_model::id::ServicePrincipal = "guardduty.amazonaws.com".parse().unwrap();
    spec.delegated_admins.get_mut(&guardduty).unwrap().account = Name::new("log_archive");
    spec
}

#[test]
fn startup_survives_a_crash_before_a_call() {
    startup().survives_each(3, &Fault::Crash);
}

#[test]
fn startup_survives_a_crash_after_any_call() {
    startup().survives(&Fault::CrashAfter);
}

#[test]
fn startup_survives_a_lost_reply_to_any_call() {
    startup().survives(&Fault::LoseReply);
}

#[test]
fn startup_survives_a_failure_of_a_call() {
    startup().survives_each(
        3,
        &Fault::Fail {
            code: "ServiceException".to_owned(),
            status: 500,
        },
    );
}

#[test]
fn startup_survives_a_conflict_at_a_call() {
    startup().survives_each(
        3,
        &Fault::Fail {
            code: "ConcurrentModificationException".to_owned(),
            status: 400,
        },
    );
}

#[test]
fn startup_survives_throttling_of_a_call() {
    startup().survives_each(3, &Fault::Throttle);
}

#[test]
fn upgrade_survives_a_crash_before_a_call() {
    upgrade().survives_each(3, &Fault::Crash);
}

#[test]
fn upgrade_survives_a_crash_after_any_call() {
    upgrade().survives(&Fault::CrashAfter);
}

#[test]
fn upgrade_survives_a_lost_reply_to_any_call() {
    upgrade().survives(&Fault::LoseReply);
}

#[test]
fn upgrade_survives_a_failure_of_a_call() {
    upgrade().survives_each(
        3,
        &Fault::Fail {
            code: "ServiceException".to_owned(),
            status: 500,
        },
    );
}

#[test]
fn upgrade_survives_throttling_of_a_call() {
    upgrade().survives_each(3, &Fault::Throttle);
}

#[test]
fn rollout_survives_a_crash_before_a_call() {
    rollout().survives_each(3, &Fault::Crash);
}

#[test]
fn rollout_survives_a_crash_after_any_call() {
    rollout().survives(&Fault::CrashAfter);
}

#[test]
fn rollout_survives_a_lost_reply_to_any_call() {
    rollout().survives(&Fault::LoseReply);
}

#[test]
fn rollout_survives_a_failure_of_a_call() {
    rollout().survives_each(
        3,
        &Fault::Fail {
            code: "InternalFailure".to_owned(),
            status: 500,
        },
    );
}

#[test]
fn rollout_survives_throttling_of_a_call() {
    rollout().survives_each(5, &Fault::Throttle);
}

#[test]
fn retreat_survives_a_crash_before_a_call() {
    retreat().survives_each(3, &Fault::Crash);
}

#[test]
fn retreat_survives_a_crash_after_any_call() {
    retreat().survives(&Fault::CrashAfter);
}

#[test]
fn retreat_survives_a_lost_reply_to_any_call() {
    retreat().survives(&Fault::LoseReply);
}

#[test]
fn retreat_survives_a_failure_of_a_call() {
    retreat().survives_each(
        3,
        &Fault::Fail {
            code: "InternalFailure".to_owned(),
            status: 500,
        },
    );
}

#[test]
fn retreat_survives_throttling_of_a_call() {
    retreat().survives_each(5, &Fault::Throttle);
}
