//! Applying a plan to a provider whose answers a test decides.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that cannot go on must fail"
)]

mod identity;
mod sets;
mod stage;

use lz_apply::Stop;
use lz_model::event::Event;
use lz_provider::{Call, Kind};
use stage::{Answer, Script, plan, run, run_until};

const CHAIN: &str = "a: ou; b: ou < a; c: ou < b; d: ou";

#[test]
fn steps_run_in_an_order_that_respects_every_edge() {
    let outcome = run(&plan(CHAIN), Script::default());
    assert!(outcome.report.is_complete());
    assert_eq!(outcome.calls, ["a", "b", "c", "d"]);
}

#[test]
fn a_failed_step_stops_only_what_depends_on_it() {
    let outcome = run(&plan(CHAIN), Script::of(&[("b", Answer::Err(Kind::Denied))]));
    assert_eq!(stage::names(&outcome.report.done), ["a", "d"]);
    assert_eq!(outcome.report.failed.len(), 1);
    assert_eq!(outcome.report.failed[0].1.kind, Kind::Denied);
    let skipped: Vec<_> = outcome
        .report
        .not_started
        .iter()
        .map(|(step, needs)| (step.as_str(), needs.is_some()))
        .collect();
    assert_eq!(skipped, [("ou.c:create", true)]);
}

#[test]
fn an_id_that_a_step_brings_reaches_the_step_that_needs_it() {
    let outcome = run(&plan("a: ou; b: ou < a"), Script::default());
    let Call::CreateOu { parent, .. } = &outcome.performed[1] else {
        panic!("{:?}", outcome.performed)
    };
    assert_eq!(parent.as_str(), stage::ou_id("a"));
}

#[test]
fn creations_fill_their_lane_and_no_more() {
    let many: Vec<String> = (0..12).map(|n| format!("n{n}: account")).collect();
    let outcome = run(&plan(&many.join("; ")), Script::default());
    assert!(outcome.report.is_complete());
    assert_eq!(outcome.most_at_once, 5);
    let outcome = run(&plan("a: ou; b: ou; c: ou"), Script::default());
    assert_eq!(outcome.most_at_once, 1);
}

#[test]
fn a_lost_reply_is_looked_up_before_anything_is_made_twice() {
    let script = Script::of(&[("a", Answer::Lost), ("b", Answer::Lost)]);
    let outcome = run(&plan("a: ou; b: account"), script);
    assert!(outcome.report.is_complete(), "{:?}", outcome.report);
    assert_eq!(outcome.made("a"), 1);
    assert_eq!(outcome.made("b"), 1);
}

#[test]
fn a_call_that_never_arrived_is_made_again() {
    let outcome = run(&plan("a: ou"), Script::of(&[("a", Answer::NeverArrived)]));
    assert!(outcome.report.is_complete());
    assert_eq!(outcome.made("a"), 1);
    assert!(
        outcome
            .events
            .iter()
            .any(|event| matches!(event, Event::StepRetrying { .. }))
    );
}

#[test]
fn what_somebody_else_made_meanwhile_is_not_taken_over() {
    let outcome = run(&plan("a: ou"), Script::of(&[("a", Answer::Foreign)]));
    assert_eq!(outcome.report.failed[0].1.kind, Kind::AlreadySo);
}

#[test]
fn an_attachment_that_is_there_already_is_done() {
    let outcome = run(
        &plan("a: attach"),
        Script::of(&[("a", Answer::Err(Kind::AlreadySo))]),
    );
    assert!(outcome.report.is_complete());
}

#[test]
fn what_is_not_visible_yet_is_waited_for_and_no_longer_than_a_minute() {
    let outcome = run(&plan("a: attach"), Script::of(&[("a", Answer::Missing(3))]));
    assert!(outcome.report.is_complete());
    let outcome = run(&plan("a: attach"), Script::of(&[("a", Answer::Missing(99))]));
    assert_eq!(outcome.report.failed[0].1.kind, Kind::NotFound);
    assert!(outcome.seconds < 60.0, "{}", outcome.seconds);
}

#[test]
fn the_first_stop_finishes_what_runs_and_starts_nothing_new() {
    let stop = Stop::default();
    let outcome = run_until(&plan(CHAIN), Script::default(), &stop, |calls| calls == 1);
    assert_eq!(stage::names(&outcome.report.done), ["a"]);
    assert_eq!(outcome.report.not_started.len(), 3);
    assert!(outcome.events.contains(&Event::Stopping {}));
}

#[test]
fn the_second_stop_leaves_and_says_what_is_unknown() {
    let stop = Stop::default();
    stop.request();
    let outcome = run(&plan("a: ou"), Script::of(&[("a", Answer::Hang)]));
    assert_eq!(stage::names(&outcome.report.unknown), ["a"]);
}

#[test]
fn the_events_tell_the_whole_story() {
    let outcome = run(
        &plan("a: ou; b: ou < a"),
        Script::of(&[("b", Answer::Err(Kind::LimitReached))]),
    );
    let kinds: Vec<String> = outcome.events.iter().map(|event| format!("{event:?}")).collect();
    let starts = |prefix: &str| kinds.iter().filter(|kind| kind.starts_with(prefix)).count();
    assert_eq!(
        (
            starts("ApplyStarted"),
            starts("StepStarted"),
            starts("StepFinished")
        ),
        (1, 2, 1)
    );
    assert_eq!((starts("StepFailed"), starts("ApplyFinished")), (1, 1));
}
