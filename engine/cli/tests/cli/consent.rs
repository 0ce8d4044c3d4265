//! A real organization is changed after a `yes` only.

use crate::run::{Folder, Served};
use crate::terminal::{Reply, on_terminal};

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

/// The question of an apply, and what somebody does when it appears.
fn answer(folder: &Folder, url: &str, reply: Reply<'_>) -> (Option<i32>, String) {
    let line = format!("apply --color never --target {url}");
    on_terminal(folder, &line, &[("Only `yes` applies:", reply)])
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
