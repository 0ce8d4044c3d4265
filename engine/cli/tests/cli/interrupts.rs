//! Ctrl-C once, twice, and SIGTERM.

use crate::run::{Folder, Served, kill};
use rustix::process::Signal;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Stdio};

const SPEC: &str = r#"
landing_zone "small" { management_account = "111122223333" }
organization {}
ou "one" { name = "One" }
"#;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", SPEC);
    folder
}

fn start(folder: &Folder, line: &str) -> (Child, BufReader<ChildStdout>) {
    let mut command = folder.command(line);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    (child, stdout)
}

/// Reads rows until one satisfies.
fn until(rows: &mut impl Iterator<Item = Value>, wanted: impl Fn(&Value) -> bool) -> Value {
    rows.find(wanted).expect("the run ended before")
}

fn is_event(row: &Value, kind: &str) -> bool {
    row["record"]["event"]["kind"] == kind
}

fn rows(stdout: BufReader<ChildStdout>) -> impl Iterator<Item = Value> {
    stdout
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

#[test]
fn an_interrupted_reading_changes_nothing() {
    let folder = folder();
    folder.write("limits.json", r#"{ "read_seconds": 3600 }"#);
    let served = Served::start(&folder, "--limits limits.json");
    let (mut child, stdout) = start(&folder, &format!("plan --json --target {}", served.url));
    let mut rows = rows(stdout);
    until(&mut rows, |row| is_event(row, "read_started"));
    kill(&child, Signal::INT);
    let problem = until(&mut rows, |row| row["record"]["kind"] == "problem");
    assert_eq!(
        problem["record"]["problem"]["message"],
        "interrupted; nothing was changed"
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn the_second_interrupt_leaves_and_says_what_is_unknown() {
    let folder = folder();
    folder.write("limits.json", r#"{ "write_seconds": 3600 }"#);
    let served = Served::start(&folder, "--limits limits.json");
    let line = format!("apply --json --auto-approve --target {}", served.url);
    let (mut child, stdout) = start(&folder, &line);
    let mut rows = rows(stdout);
    until(&mut rows, |row| is_event(row, "step_started"));
    kill(&child, Signal::TERM);
    until(&mut rows, |row| is_event(row, "stopping"));
    kill(&child, Signal::INT);
    let applied = until(&mut rows, |row| row["record"]["kind"] == "applied");
    let report = &applied["record"]["report"];
    assert_eq!(report["unknown"], serde_json::json!(["organization:create"]));
    assert_eq!(report["not_started"][0]["step"], "ou.one:create");
    assert_eq!(report["interrupted"], true);
    let exit = until(&mut rows, |row| row["record"]["kind"] == "exit");
    assert_eq!(exit["record"]["name"], "interrupted");
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn the_first_interrupt_finishes_what_runs_and_starts_nothing_new() {
    let folder = folder();
    folder.write("limits.json", r#"{ "write_seconds": 1 }"#);
    let served = Served::start(&folder, "--limits limits.json");
    let line = format!("apply --json --auto-approve --target {}", served.url);
    let (mut child, stdout) = start(&folder, &line);
    let mut rows = rows(stdout);
    until(&mut rows, |row| is_event(row, "step_started"));
    kill(&child, Signal::INT);
    let applied = until(&mut rows, |row| row["record"]["kind"] == "applied");
    assert_eq!(
        applied["record"]["report"]["done"],
        serde_json::json!(["organization:create"])
    );
    assert_eq!(applied["record"]["report"]["unknown"], serde_json::json!([]));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    folder
        .lz(&format!("apply --auto-approve --target {}", served.url))
        .ok();
}

#[test]
fn a_served_twin_keeps_its_state_when_it_is_told_to_end() {
    for signal in [Signal::INT, Signal::TERM] {
        let folder = folder();
        let served = Served::start(&folder, "--state world.json");
        folder
            .lz(&format!("apply --auto-approve --target {}", served.url))
            .ok();
        assert_eq!(served.end(signal), (0, String::new()));
        let served = Served::start(&folder, "--state world.json");
        folder
            .lz(&format!("plan --detailed-exitcode --target {}", served.url))
            .ok();
    }
}
