//! Runs tell commands, webhooks and topics what they did.

use crate::locks::ask;
use crate::run::{Folder, Ran, Served};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

const SPEC: &str = r#"
landing_zone "small" {
  management_account = "111122223333"
  home_region        = "eu-west-1"
}
organization {}
ou "one" { name = "One" }
"#;

fn folder(more: &str) -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", &format!("{SPEC}{more}"));
    folder
}

/// A webhook that answers with these statuses, one after the other, and tells what it was posted.
fn webhook(statuses: &'static [u16]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/services/T0/SECRET", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut chunk = [0_u8; 4096];
            loop {
                let count = stream.read(&mut chunk).unwrap();
                request.extend_from_slice(&chunk[..count]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head.lines().find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length: ")
                        .map(str::to_owned)
                });
                if body.len() >= length.unwrap().trim().parse().unwrap() {
                    let _ = tell.send(body.to_owned());
                    break;
                }
            }
            write!(
                stream,
                "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            .unwrap();
        }
    });
    (address, told)
}

fn lines(folder: &Folder, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.file(name)).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

const TELL: &str = "notify \"team\" {\n  command = [\"/bin/sh\", \"-c\", \"/bin/cat >> told.jsonl\"]\n  on = [\"plan\", \"apply\", \"drift\", \"failure\"]\n}\n";

#[test]
fn a_command_reads_what_happened_as_json() {
    let folder = folder(TELL);
    folder.lz("plan --target twin").ok();
    folder.lz("drift --target twin").ok();
    folder.lz("apply --target twin").ok();
    folder.lz("plan --target twin").ok();
    folder.lz("apply --target twin").ok();
    let told = lines(&folder, "told.jsonl");
    let occasions: Vec<&str> = told
        .iter()
        .map(|line| line["occasion"].as_str().unwrap())
        .collect();
    assert_eq!(
        occasions,
        ["plan", "drift", "apply"],
        "nothing is told where nothing happened"
    );
    assert_eq!(told[2]["summary"], "[twin] lz apply of small: 2 steps done");
    assert_eq!(told[2]["outcome"]["name"], "done");
    let kinds: Vec<&str> = told[2]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["event"]["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"step_finished"), "{kinds:?}");
    let run = told[2]["run"].as_str().unwrap();
    folder.lz(&format!("history {run}")).ok();
}

#[test]
fn a_failure_is_told_with_its_problems() {
    let folder = folder(TELL);
    folder.write(
        "faults.json",
        r#"{ "rules": [{ "at": { "operation": { "name": "CreateOrganizationalUnit", "nth": 1 } },
             "fault": { "fail": { "code": "AccessDeniedException", "status": 400 } } }] }"#,
    );
    let served = Served::start(&folder, "--faults faults.json");
    folder
        .lz(&format!("apply --auto-approve --target {}", served.url))
        .code(6);
    folder.lz(&format!("apply --target {} --role-arn nonsense", served.url));
    let told = lines(&folder, "told.jsonl");
    assert_eq!(told[0]["occasion"], "failure");
    assert_eq!(told[0]["outcome"]["name"], "apply_incomplete");
    assert_eq!(
        told[0]["summary"],
        "lz apply of small: 1 of 2 steps done, 1 failed"
    );
    assert!(told[1]["problems"][0].as_str().unwrap().len() > 5, "{}", told[1]);
}

#[test]
fn a_webhook_is_posted_to_in_the_shape_of_slack_and_tried_again() {
    let (url, told) = webhook(&[503, 200]);
    let folder = folder("notify \"chat\" { webhook = \"env:CHAT_URL\" }\n");
    let mut command = folder.command("apply --target twin");
    let ran = Ran::of(command.env("CHAT_URL", &url));
    ran.ok();
    assert!(!ran.stderr.contains("notice"), "{}", ran.stderr);
    let (first, second) = (told.recv().unwrap(), told.recv().unwrap());
    assert_eq!(first, second);
    let message: Value = serde_json::from_str(&second).unwrap();
    assert_eq!(
        message["text"],
        ":white_check_mark: [twin] lz apply of small: 2 steps done"
    );
    assert_eq!(message["blocks"][0]["type"], "section");
}

#[test]
fn a_notice_that_fails_is_a_warning_that_names_no_secret() {
    let (url, _told) = webhook(&[404]);
    let folder = folder(
        "notify \"chat\" { webhook = \"env:CHAT_URL\" }\nnotify \"file\" { webhook = \"file:nowhere\" }\n\
         notify \"bad\" { command = [\"/bin/false\"] }\nnotify \"none\" { command = [\"no-such-program\"] }\n\
         notify \"topic\" { sns = \"arn:aws:sns:eu-west-1:111122223333:nobody\" }\n",
    );
    let mut command = folder.command("apply --target twin");
    let ran = Ran::of(command.env("CHAT_URL", &url));
    ran.ok();
    for words in ["`chat`", "status 404", "`file`", "`bad`", "`none`", "`topic`"] {
        let said: String = ran
            .stderr
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '│')
            .collect();
        assert!(said.contains(&words.replace(' ', "")), "{words}: {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("SECRET") && !ran.stdout.contains("SECRET"));
    let unset = folder.lz("drift --target twin");
    unset.ok();
    assert!(
        !unset.stderr.contains("notice"),
        "nothing has drifted: {}",
        unset.stderr
    );
}

#[test]
fn a_topic_gets_the_same_as_a_command() {
    let folder = folder("notify \"topic\" { sns = \"arn:aws:sns:eu-west-1:111122223333:landing-zone\" }\n");
    let served = Served::start(&folder, "--state world.json");
    let answer = ask(
        &served,
        "POST",
        "/",
        "Action=CreateTopic&Version=2010-03-31&Name=landing-zone",
    );
    assert!(
        answer.contains("arn:aws:sns:eu-west-1:111122223333:landing-zone"),
        "{answer}"
    );
    let ran = folder.lz(&format!("apply --auto-approve --target {}", served.url));
    ran.ok();
    assert!(!ran.stderr.contains("notice"), "{}", ran.stderr);
    served.end(rustix::process::Signal::TERM);
    let state = folder.read("world.json");
    assert!(
        state.contains("lz apply of small: 2 steps done"),
        "the message is kept"
    );
}

#[test]
fn an_address_that_is_written_out_is_refused_without_being_said_again() {
    let folder = folder("notify \"chat\" {\n  webhook = \"https://hooks.example.com/T0/SECRET\"\n}\n");
    for command in ["validate", "validate --json", "validate --format sarif"] {
        let refused = folder.lz(command);
        refused.code(3);
        let said = format!("{}{}", refused.stdout, refused.stderr);
        assert!(
            said.contains("literal_secret") && said.contains("main.hcl"),
            "{said}"
        );
        assert!(!said.contains("SECRET"), "{said}");
    }
}

#[test]
fn notices_are_turned_off_by_an_option_and_by_the_environment() {
    let folder = folder(TELL);
    folder.lz("plan --target twin --no-notices").ok();
    let mut command = folder.command("plan --target twin");
    Ran::of(command.env("LZ_NO_NOTICES", "1")).ok();
    assert_eq!(lines(&folder, "told.jsonl").len(), 0, "nobody is told");
    let mut command = folder.command("plan --target twin");
    Ran::of(command.env("LZ_NO_NOTICES", "")).ok();
    assert_eq!(
        lines(&folder, "told.jsonl").len(),
        1,
        "an empty variable turns nothing off"
    );
}

#[test]
fn a_webhook_without_encryption_is_not_called() {
    let folder = folder("notify \"chat\" { webhook = \"env:CHAT_URL\" }\n");
    let mut command = folder.command("apply --target twin");
    let ran = Ran::of(command.env("CHAT_URL", "http://hooks.invalid/services/SECRET"));
    ran.ok();
    let said = &ran.stderr;
    assert!(said.contains("`chat`") && said.contains("https://"), "{said}");
    assert!(
        !said.contains("SECRET") && !said.contains("hooks.invalid"),
        "{said}"
    );
}
