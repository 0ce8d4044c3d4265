//! From nothing to an organization, and on.

use crate::run::Folder;

const TWIN: &str = "--target twin";

#[test]
fn a_starter_comes_up_on_the_twin_and_the_next_plan_is_empty() {
    let folder = Folder::new();
    let written = folder.lz("init demo");
    assert!(
        written.ok().contains("lz apply --target twin demo"),
        "{}",
        written.stdout
    );
    assert_eq!(
        folder.lz("validate demo").ok(),
        "The spec is right. Landing zone starter: 4 OUs, 4 accounts and 1 policy.\n"
    );
    let plan = folder.lz("plan demo --target twin");
    assert!(plan.ok().contains("+ organization "), "{}", plan.stdout);
    assert!(!folder.file("demo/.lz").exists(), "a plan leaves nothing behind");
    let applied = folder.lz("apply demo --target twin");
    assert!(
        applied
            .ok()
            .contains("Applied: 10 created, 2 enabled, 1 attached."),
        "{}",
        applied.stdout
    );
    assert!(
        folder
            .lz("plan demo --target twin --detailed-exitcode")
            .ok()
            .contains("No changes.")
    );
    assert_eq!(folder.read("demo/.lz/.gitignore"), "*\n");
}

#[test]
fn a_changed_line_gives_a_plan_of_that_change_alone() {
    let folder = Folder::with_starter();
    folder.lz("apply --target twin").ok();
    folder.replace(
        "policies.hcl",
        "\"cloudtrail:StopLogging\"",
        "\"cloudtrail:UpdateTrail\"",
    );
    folder.replace("main.hcl", "name = \"Prod\"", "name = \"Production\"");
    let plan = folder.lz("plan --target twin --detailed-exitcode");
    insta::assert_snapshot!(plan.code(2));
    folder.lz("apply --target twin").ok();
    folder.lz("plan --target twin --detailed-exitcode").ok();
}

#[test]
fn a_saved_plan_is_applied_exactly_and_only_once() {
    let folder = Folder::new();
    folder.lz("init specs/demo").ok();
    let plan = folder.lz("plan specs/demo --target twin --out plan.lz");
    assert!(
        plan.ok().ends_with("To apply exactly this: lz apply plan.lz\n"),
        "{}",
        plan.stdout
    );
    let shown = folder.lz("show plan.lz");
    assert_eq!(shown.ok(), plan.stdout);
    assert!(folder.lz("apply plan.lz").ok().contains("Applied: 10 created"));
    assert!(
        folder.lz("apply plan.lz").ok().contains("No changes."),
        "what is done is not done again"
    );
}

#[test]
fn a_plan_is_stale_once_the_spec_says_something_else() {
    let folder = Folder::with_starter();
    folder.lz("plan --target twin --out plan.lz").ok();
    folder.replace("main.hcl", "name = \"SDLC\"", "name = \"Development\"");
    let stale = folder.lz("apply plan.lz");
    stale.code(5);
    assert!(stale.stderr.contains("ou.workloads.sdlc"), "{}", stale.stderr);
    assert!(stale.stderr.contains("run `lz plan` again"), "{}", stale.stderr);
}

#[test]
fn a_plan_is_stale_once_the_organization_is_different() {
    let folder = Folder::with_starter();
    folder.lz("apply --target twin").ok();
    folder.replace("main.hcl", "name = \"SDLC\"", "name = \"Development\"");
    folder.lz("plan --target twin --out plan.lz").ok();
    let spec = folder.read("main.hcl");
    folder.replace("main.hcl", "name = \"Development\"", "name = \"Elsewhere\"");
    folder.lz("apply --target twin").ok();
    folder.write("main.hcl", &spec);
    folder.lz("apply plan.lz").code(5);
}

#[test]
fn another_twin_is_another_world() {
    let folder = Folder::with_starter();
    folder.lz("apply --target twin:worlds/one.json").ok();
    assert!(folder.file("worlds/one.json").exists());
    folder
        .lz("plan --target twin:worlds/one.json --detailed-exitcode")
        .ok();
    folder
        .lz("plan --target twin:worlds/two.json --detailed-exitcode")
        .code(2);
}

#[test]
fn drift_lists_what_differs_and_what_is_not_managed() {
    let folder = Folder::with_starter();
    folder.lz(&format!("apply {TWIN}")).ok();
    folder.lz(&format!("drift {TWIN} --detailed-exitcode")).ok();
    folder.replace("main.hcl", "name = \"SDLC\"", "name = \"Development\"");
    let drift = folder.lz(&format!("drift {TWIN} --detailed-exitcode"));
    insta::assert_snapshot!(drift.code(2));
}

#[test]
fn the_live_organization_is_shown_as_a_tree() {
    let folder = Folder::with_starter();
    assert_eq!(
        folder.lz("show --target twin").ok(),
        "Account 111122223333 has no organization.\n"
    );
    folder.lz("apply --target twin").ok();
    insta::assert_snapshot!(redacted(folder.lz("show --target twin").ok()));
}

/// Puts words in the place of ids, which are the twin's own affair.
fn redacted(text: &str) -> String {
    let word = |word: &str| match word.split_once('-') {
        Some(("r" | "ou" | "o", _)) => "[id]".to_owned(),
        _ if word.len() == 12 && word.chars().all(|c| c.is_ascii_digit()) => "[account]".to_owned(),
        _ => word.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn variables_come_from_options_files_and_the_environment() {
    let folder = Folder::with_starter();
    let emails = |line: &str, env: Option<&str>| {
        let mut command = folder.command(&format!("plan --target twin {line}"));
        if let Some(value) = env {
            command.env("LZ_VAR_mail_domain", value);
        }
        crate::run::Ran::of(&mut command).ok().to_owned()
    };
    folder.write("other.lzvars", "mail_domain = \"file.example.com\"\n");
    assert!(emails("", None).contains("aws+audit@aws.example.com"));
    assert!(emails("", Some("env.example.com")).contains("aws+audit@env.example.com"));
    assert!(emails("--var-file other.lzvars", None).contains("aws+audit@file.example.com"));
    let shown = emails("--var mail_domain=option.example.com", Some("env.example.com"));
    assert!(shown.contains("aws+audit@option.example.com"));
    assert!(shown.ends_with("To apply this: lz apply --target twin --var mail_domain=option.example.com\n"));
}
