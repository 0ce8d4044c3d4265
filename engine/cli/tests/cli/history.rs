//! Runs are remembered, whatever became of them.

use crate::locks::{ask, make_bucket};
use crate::run::{Folder, Served};
use std::process::Command;

const SPEC: &str = r#"
landing_zone "small" {
  management_account = "111122223333"
  home_region        = "eu-west-1"
}
organization {}
ou "one" { name = "One" }
"#;

const HISTORY: &str = "history { s3 = \"acme-lz/runs\" }\n";

fn folder(more: &str) -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", &format!("{SPEC}{more}"));
    folder
}

fn git(folder: &Folder, arguments: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    let status = Command::new("git")
        .arg("-C")
        .arg(folder.path())
        .args(identity)
        .args(arguments)
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn without_a_block_the_last_runs_are_kept_beside_the_spec() {
    let folder = folder("");
    assert!(folder.lz("history").ok().contains("No run is kept"));
    git(&folder, &["init", "--quiet"]);
    git(&folder, &["add", "main.hcl"]);
    git(&folder, &["commit", "--quiet", "-m", "First zone"]);
    let mut apply = folder.command("apply --target twin --var-file vars.lzvars");
    folder.write("vars.lzvars", "");
    apply
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("USER", "alice");
    crate::run::Ran::of(&mut apply).ok();
    folder.lz("apply --target twin").ok();
    let list = folder.lz("history --json");
    let runs = &list.rows()[0]["record"];
    assert_eq!(runs["total"], 2);
    let (last, first) = (&runs["runs"][0], &runs["runs"][1]);
    assert_eq!(last["steps"], serde_json::Value::Null, "nothing was left to do");
    assert_eq!(last["outcome"]["name"], "done");
    assert_eq!(first["revision"]["subject"], "First zone");
    assert_eq!(first["revision"]["changed"], true, "vars.lzvars is not committed");
    assert!(first["user"].as_str().unwrap().starts_with("alice@"));
    assert_eq!(first["caller"], "arn:aws:iam::111122223333:user/twin");
    assert_eq!(first["target"], "twin");
    let shown = folder.lz(&format!("history {} --json", first["run"].as_str().unwrap()));
    let record = &shown.rows()[0]["record"];
    assert_eq!(record["plan"]["steps"].as_array().unwrap().len(), 2);
    assert_eq!(record["run"]["report"]["done"].as_array().unwrap().len(), 2);
    let kinds: Vec<&str> = record["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event"]["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"read_started") && kinds.contains(&"apply_finished"),
        "{kinds:?}"
    );
    assert!(folder.lz("history last").ok().contains("nothing to do"));
    folder.lz("history 19").code(1);
}

#[test]
fn only_the_last_runs_stay_beside_the_spec() {
    let folder = folder("");
    for _ in 0..23 {
        folder.lz("apply --target twin").ok();
    }
    assert_eq!(folder.lz("history --json").rows()[0]["record"]["total"], 20);
}

#[test]
fn a_history_in_s3_is_written_also_when_the_apply_fails() {
    let folder = folder(HISTORY);
    folder.write(
        "faults.json",
        r#"{ "rules": [{ "at": { "operation": { "name": "CreateOrganizationalUnit", "nth": 1 } },
             "fault": { "fail": { "code": "AccessDeniedException", "status": 400 } } }] }"#,
    );
    let served = Served::start(&folder, "--faults faults.json");
    make_bucket(&served, "acme-lz");
    let target = format!("--target {}", served.url);
    folder.lz(&format!("apply --auto-approve {target}")).code(6);
    folder.lz(&format!("apply --auto-approve {target}")).ok();
    let other = self::folder(HISTORY);
    let list = other.lz(&format!("history --json {target}"));
    let runs = &list.rows()[0]["record"]["runs"];
    assert_eq!(runs[0]["outcome"]["name"], "done");
    assert_eq!(runs[1]["outcome"]["name"], "apply_incomplete");
    let page = other.lz(&format!("history {} {target}", runs[1]["run"].as_str().unwrap()));
    assert!(page.ok().contains("AccessDenied"), "{}", page.stdout);
    assert!(!folder.file(".lz/history").exists(), "nothing is kept twice");
    let listed = ask(&served, "GET", "/acme-lz?list-type=2&prefix=runs%2F", "");
    let mut keys: Vec<&str> = listed
        .split("<Key>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap())
        .collect();
    let written = keys.clone();
    keys.sort_unstable();
    assert_eq!(written, keys);
    assert_eq!(keys.len(), 6, "{keys:?}");
}

#[test]
fn a_history_that_cannot_be_written_is_told_and_kept_here() {
    let folder = folder(HISTORY);
    let served = Served::start(&folder, "");
    let applied = folder.lz(&format!("apply --auto-approve --target {}", served.url));
    applied.ok();
    assert!(
        applied
            .stderr
            .contains("the history of this run is not in s3://acme-lz/runs"),
        "{}",
        applied.stderr
    );
    assert!(applied.stderr.contains("NoSuchBucket"), "{}", applied.stderr);
    let kept: Vec<_> = std::fs::read_dir(folder.file(".lz/history")).unwrap().collect();
    let run = kept
        .into_iter()
        .flatten()
        .find(|entry| entry.path().is_dir())
        .unwrap()
        .path();
    for name in ["run.json", "plan.json", "events.jsonl"] {
        assert!(run.join(name).is_file(), "{name}");
    }
}

#[test]
fn no_value_of_a_variable_is_remembered() {
    let folder = folder("variable \"token\" { default = \"\" }\nlocals { used = var.token }\n");
    folder.lz("apply --target twin --var token=s3cret").ok();
    let mut texts = Vec::new();
    for run in std::fs::read_dir(folder.file(".lz/history")).unwrap().flatten() {
        for file in std::fs::read_dir(run.path()).into_iter().flatten().flatten() {
            texts.push(std::fs::read_to_string(file.path()).unwrap());
        }
    }
    assert_eq!(texts.len(), 3);
    assert!(texts.iter().all(|text| !text.contains("s3cret")));
    assert!(texts.iter().any(|text| text.contains("--var token=...")));
}
