//! Two applies are kept apart, and a lock that is left behind can be seen and taken away.

use crate::run::{Folder, Served, kill};
use rustix::process::Signal;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

const SPEC: &str = r#"
landing_zone "small" {
  management_account = "111122223333"
  home_region        = "eu-west-1"
}
organization {}
ou "one" { name = "One" }
"#;

const LOCK: &str = "lock { s3 = \"acme-lz/lock\" }\n";

fn folder(more: &str) -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", &format!("{SPEC}{more}"));
    folder
}

/// Makes the bucket of a served twin by a request that nobody signs.
pub(crate) fn make_bucket(served: &Served, name: &str) {
    let body = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                <LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    let answer = ask(served, "PUT", &format!("/{name}"), body);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Sends a request and returns the whole answer.
pub(crate) fn ask(served: &Served, method: &str, path: &str, body: &str) -> String {
    use std::io::{Read as _, Write as _};
    let address = served.url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let service = if body.starts_with("Action=") { "sns" } else { "s3" };
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=111122223333/20260101/eu-west-1/{service}/aws4_request, SignedHeaders=host, \
         Signature=0"
    );
    let form = if body.starts_with("Action=") {
        "content-type: application/x-www-form-urlencoded\r\n"
    } else {
        ""
    };
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: {authorization}\r\n{form}content-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Starts an apply that cannot end soon and returns once a step runs.
fn long_apply(folder: &Folder, url: &str) -> std::process::Child {
    let line = format!("apply --json --auto-approve --target {url}");
    let mut child = folder
        .command(&line)
        .env("USER", "alice")
        .env("CI_JOB_URL", "https://ci.example.com/7")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let rows = stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let mut started = rows.filter(|row| row["record"]["event"]["kind"] == "step_started");
    started.next().unwrap();
    child
}

#[test]
fn two_applies_from_one_directory_are_kept_apart_by_a_file_that_goes_with_its_process() {
    let folder = folder("");
    folder.write("limits.json", r#"{ "write_seconds": 3600 }"#);
    let served = Served::start(&folder, "--limits limits.json");
    let mut first = long_apply(&folder, &served.url);
    let refused = folder.lz(&format!("apply --auto-approve --target {}", served.url));
    refused.code(11);
    assert!(refused.stderr.contains("alice@"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--lock-timeout"), "{}", refused.stderr);
    let seen = folder.lz(&format!("unlock --target {}", served.url));
    seen.code(11);
    assert!(seen.stderr.contains("runs on this machine"), "{}", seen.stderr);
    kill(&first, Signal::KILL);
    first.wait().unwrap();
    folder.lz("unlock").ok();
    drop(served);
    let free = folder.lz("apply --target twin");
    free.ok();
}

#[test]
fn a_lock_in_s3_keeps_runs_of_different_checkouts_apart_until_somebody_takes_it_away() {
    let (here, there) = (folder(LOCK), folder(LOCK));
    here.write(
        "faults.json",
        r#"{ "rules": [{ "at": { "operation": { "name": "CreateOrganization", "nth": 1 } },
             "fault": { "delay": { "seconds": 3600 } } }] }"#,
    );
    let served = Served::start(&here, "--faults faults.json");
    make_bucket(&served, "acme-lz");
    let mut first = long_apply(&here, &served.url);
    let apply = format!("apply --auto-approve --target {}", served.url);
    let refused = there.lz(&apply);
    refused.code(11);
    for words in [
        "111122223333",
        "alice@",
        "https://ci.example.com/7",
        "lz apply",
        &format!("lz unlock --target {} --force", served.url),
    ] {
        let said: String = refused
            .stderr
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '│')
            .collect();
        let wanted: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(said.contains(&wanted), "{words}: {}", refused.stderr);
    }
    kill(&first, Signal::KILL);
    first.wait().unwrap();
    there.lz(&apply).code(11);
    let unasked = there.lz(&format!("unlock --json --target {}", served.url));
    unasked.code(9);
    let held = unasked.rows().remove(0);
    let id = held["record"]["lock"]["holder"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    there
        .lz(&format!("unlock --force 000000 --target {}", served.url))
        .code(1);
    let freed = there.lz(&format!("unlock --force {id} --target {}", served.url));
    assert!(freed.ok().contains("was taken away from"), "{}", freed.stdout);
    let nobody = there.lz(&format!("unlock --target {}", served.url));
    assert!(nobody.ok().contains("Nobody holds"), "{}", nobody.stdout);
}

#[test]
fn a_lock_in_s3_is_given_back_after_success_failure_and_an_interrupt() {
    let folder = folder(LOCK);
    folder.write("limits.json", r#"{ "write_seconds": 1 }"#);
    folder.write(
        "faults.json",
        r#"{ "rules": [{ "at": { "operation": { "name": "CreateOrganizationalUnit", "nth": 1 } },
             "fault": { "fail": { "code": "AccessDeniedException", "status": 400 } } }] }"#,
    );
    let served = Served::start(&folder, "--limits limits.json --faults faults.json");
    make_bucket(&served, "acme-lz");
    let free = || {
        let answer = folder.lz(&format!("unlock --target {}", served.url));
        assert!(answer.ok().contains("Nobody holds"), "{}", answer.stdout);
    };
    let mut first = long_apply(&folder, &served.url);
    kill(&first, Signal::INT);
    assert_eq!(first.wait().unwrap().code(), Some(130));
    free();
    let apply = format!("apply --auto-approve --target {}", served.url);
    folder.lz(&apply).code(6);
    free();
    folder.lz(&apply).ok();
    free();
    folder.lz(&apply).ok();
}

#[test]
fn a_run_waits_for_a_lock_as_long_as_it_is_told() {
    let folder = folder(LOCK);
    let served = Served::start(&folder, "--time-scale 1");
    make_bucket(&served, "acme-lz");
    let put = ask(&served, "PUT", "/acme-lz/lock", "not of lz");
    assert!(put.starts_with("HTTP/1.1 200"), "{put}");
    let apply = format!("apply --auto-approve --target {}", served.url);
    let refused = folder.lz(&format!("{apply} --lock-timeout 1s"));
    refused.code(11);
    assert!(
        refused.stderr.contains("does not say by whom"),
        "{}",
        refused.stderr
    );
    let waiting = folder
        .command(&format!("{apply} --lock-timeout 2m"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut waiting = waiting.unwrap();
    let gone = ask(&served, "DELETE", "/acme-lz/lock", "");
    assert!(gone.starts_with("HTTP/1.1 204"), "{gone}");
    assert_eq!(waiting.wait().unwrap().code(), Some(0));
}

#[test]
fn a_lock_that_is_taken_away_meanwhile_is_noticed() {
    let folder = folder(LOCK);
    folder.write("limits.json", r#"{ "write_seconds": 3 }"#);
    let served = Served::start(&folder, "--limits limits.json");
    make_bucket(&served, "acme-lz");
    let line = format!("apply --auto-approve --target {}", served.url);
    let mut command = folder.command(&line);
    let run = command
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    while !ask(&served, "GET", "/acme-lz/lock", "").starts_with("HTTP/1.1 200") {}
    ask(&served, "DELETE", "/acme-lz/lock", "");
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("was taken away while this run held it"), "{said}");
}

#[test]
fn without_a_bucket_or_rights_nothing_begins() {
    let folder = folder(LOCK);
    let served = Served::start(&folder, "");
    let refused = folder.lz(&format!("apply --auto-approve --target {}", served.url));
    refused.code(7);
    assert!(refused.stderr.contains("make the bucket"), "{}", refused.stderr);
}

#[test]
fn the_embedded_twin_rehearses_the_lock() {
    let folder = folder(LOCK);
    folder.lz("apply --target twin").ok();
    folder.lz("apply --target twin").ok();
    assert!(folder.lz("unlock --target twin").ok().contains("Nobody holds"));
}

#[test]
fn a_conflict_of_two_writers_and_a_lost_answer_still_end_in_one_lock() {
    for fault in [
        r#"{ "fail": { "code": "ConditionalRequestConflict", "status": 409 } }"#,
        r#""lose_reply""#,
    ] {
        let folder = folder(LOCK);
        let at = r#"{ "operation": { "name": "PutObject", "nth": 1 } }"#;
        folder.write(
            "faults.json",
            &format!("{{ \"rules\": [{{ \"at\": {at}, \"fault\": {fault} }}] }}"),
        );
        let served = Served::start(&folder, "--faults faults.json");
        make_bucket(&served, "acme-lz");
        folder
            .lz(&format!("apply --auto-approve --target {}", served.url))
            .ok();
        let free = folder.lz(&format!("unlock --target {}", served.url));
        assert!(free.ok().contains("Nobody holds"), "{fault}: {}", free.stdout);
    }
}

#[test]
fn the_rights_of_a_spec_are_printed_without_a_call() {
    let folder = folder(LOCK);
    let printed = folder.lz("explain --iam apply");
    let policy: Value = serde_json::from_str(printed.ok()).unwrap();
    let lock = policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["Sid"] == "Lock")
        .unwrap();
    assert_eq!(lock["Resource"], serde_json::json!(["arn:aws:s3:::acme-lz/lock"]));
    let plan: Value = serde_json::from_str(folder.lz("explain --iam plan .").ok()).unwrap();
    assert!(!plan.to_string().contains("CreateOrganization"));
    folder.lz("explain").code(1);
}

#[test]
fn a_lock_that_does_not_say_who_holds_it_is_told_without_guesses() {
    let folder = folder("");
    folder.write(".lz/lock", "");
    let file = std::fs::File::options()
        .read(true)
        .write(true)
        .open(folder.file(".lz/lock"))
        .unwrap();
    file.lock().unwrap();
    let refused = folder.lz("apply --target twin");
    refused.code(11);
    assert!(
        refused.stderr.contains("does not say by whom"),
        "{}",
        refused.stderr
    );
    let looked = folder.lz("unlock");
    looked.code(11);
    assert!(!looked.stderr.contains("process 0"), "{}", looked.stderr);
}
