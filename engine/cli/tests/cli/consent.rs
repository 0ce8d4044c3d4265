//! A real organization is changed after a `yes` only.

use crate::run::{Folder, Served, kill};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read as _, Write as _};

const SPEC: &str = r#"
landing_zone "small" { management_account = "111122223333" }
organization {}
"#;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", SPEC);
    folder
}

#[test]
fn without_a_terminal_nothing_is_changed_and_the_way_is_told() {
    let folder = folder();
    let served = Served::start(&folder, "");
    let refused = folder.lz(&format!("apply --target {}", served.url));
    refused.code(9);
    let words = refused.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains(&format!("lz apply --target {} --auto-approve", served.url)),
        "{words}"
    );
    folder
        .lz(&format!("plan --detailed-exitcode --target {}", served.url))
        .code(2);
    folder
        .lz(&format!("apply --auto-approve --target {}", served.url))
        .ok();
    folder
        .lz(&format!("plan --detailed-exitcode --target {}", served.url))
        .ok();
}

#[test]
fn an_unsafe_moment_is_accepted_by_name_and_only_with_approval() {
    let folder = folder();
    folder.lz("apply --target twin --accept unguarded_moment").code(1);
}

/// What somebody does when the question appears.
enum Reply<'a> {
    Type(&'a str),
    Interrupt,
}

/// Runs `lz apply` on a terminal, replies, and returns the exit code and what the terminal showed.
fn answer(folder: &Folder, url: &str, reply: Reply<'_>) -> (Option<i32>, String) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = || File::options().read(true).write(true).open(&name).unwrap();
    let mut command = folder.command(&format!("apply --color never --target {url}"));
    command.stdin(theirs()).stdout(theirs()).stderr(theirs());
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut terminal = File::from(ours);
    let mut shown = Vec::new();
    let mut replied = false;
    let mut buffer = [0; 4096];
    // The terminal hangs up when the process has ended.
    while let Ok(count @ 1..) = terminal.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..count]);
        if !replied && String::from_utf8_lossy(&shown).contains("Only `yes` applies:") {
            match reply {
                Reply::Type(text) => terminal.write_all(format!("{text}\n").as_bytes()).unwrap(),
                Reply::Interrupt => kill(&child, rustix::process::Signal::INT),
            }
            replied = true;
        }
    }
    (
        child.wait().unwrap().code(),
        String::from_utf8_lossy(&shown).into_owned(),
    )
}

#[test]
fn the_question_can_be_left_with_ctrl_c() {
    let folder = folder();
    let served = Served::start(&folder, "");
    let (code, shown) = answer(&folder, &served.url, Reply::Interrupt);
    assert_eq!(code, Some(130), "{shown}");
    assert!(shown.contains("interrupted; nothing was changed"), "{shown}");
}

#[test]
fn the_question_names_the_organization_and_takes_nothing_but_yes() {
    let folder = folder();
    let served = Served::start(&folder, "");
    for no in ["no", "y", "Yes", ""] {
        let (code, shown) = answer(&folder, &served.url, Reply::Type(no));
        assert_eq!(code, Some(9), "{shown}");
        assert!(
            shown.contains("Apply 1 step in a new organization of 111122223333?"),
            "{shown}"
        );
        assert!(shown.contains("nothing was changed"), "{shown}");
    }
    let (code, shown) = answer(&folder, &served.url, Reply::Type("yes"));
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("Applied: 1 created"), "{shown}");
}
