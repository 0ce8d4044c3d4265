//! Plans for reviewers: comments, and a branch against its base.

use crate::run::Folder;
use serde_json::Value;
use std::process::Command;

/// A folder with a git repository in which the starter lies in `zones/acme`, applied to its twin.
fn repository() -> Folder {
    let folder = Folder::new();
    folder.lz("init zones/acme").ok();
    folder.lz("apply --target twin zones/acme").ok();
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder, "as it is");
    folder
}

fn git(folder: &Folder, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder.path())
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn commit(folder: &Folder, subject: &str) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "--quiet", "-m", subject]);
}

/// The repository, its main ahead of the organization, and a branch with one more change and one less.
fn branch() -> Folder {
    let folder = repository();
    let main = folder.read("zones/acme/main.hcl");
    folder.write(
        "zones/acme/main.hcl",
        &format!("{main}\nou \"late\" {{ name = \"Late\" }}\nou \"undone\" {{ name = \"Undone\" }}\n"),
    );
    commit(&folder, "two OUs that nobody applied");
    git(&folder, &["checkout", "--quiet", "-b", "work"]);
    folder.write(
        "zones/acme/main.hcl",
        &format!("{main}\nou \"late\" {{ name = \"Late\" }}\nou \"mine\" {{ name = \"Mine\" }}\n"),
    );
    folder
}

fn plan(folder: &Folder, options: &str) -> Value {
    let ran = folder.lz(&format!("plan zones/acme --target twin --format json {options}"));
    serde_json::from_str(ran.ok()).unwrap()
}

#[test]
fn a_branchs_steps_are_told_from_what_was_drifting_already() {
    let folder = branch();
    folder.write(".gitignore", "*.json\n");
    let before = git(&folder, &["status", "--porcelain"]);
    let plan = plan(&folder, "--base main --stats with.json");
    let base = &plan["base"];
    assert_eq!(base["sides"]["ou.late:create"], "drifting");
    assert_eq!(base["sides"]["ou.mine:create"], "branch");
    assert_eq!(base["withdrawn"][0]["id"], "ou.undone:create");
    assert_eq!(base["subject"], "two OUs that nobody applied");
    assert_eq!(
        git(&folder, &["status", "--porcelain"]),
        before,
        "the working tree stays as it is"
    );
    self::plan(&folder, "--stats without.json");
    assert_eq!(
        folder.json("with.json")["calls"],
        folder.json("without.json")["calls"],
        "the organization is read once"
    );
}

#[test]
fn every_format_tells_the_sides_apart() {
    let folder = branch();
    let human = folder.lz("plan zones/acme --target twin --base main --out plan.lz");
    assert!(
        human.ok().contains("\"Late\" in Root [already drifting]"),
        "{}",
        human.stdout
    );
    assert!(
        human.stdout.contains("\"Mine\" in Root [this branch]"),
        "{}",
        human.stdout
    );
    assert!(
        human
            .stdout
            .contains("Taken away by this branch:\n  + ou.undone  create"),
        "{}",
        human.stdout
    );
    let comment = folder.lz("show plan.lz --format markdown");
    assert!(
        comment
            .ok()
            .contains("1 step is this branch's, 1 was drifting already; it takes 1 step away."),
        "{}",
        comment.stdout
    );
    assert!(comment.stdout.contains("\"Late\" in Root  [already drifting]\n"));
    assert!(comment.stdout.contains("1 step that this branch takes away"));
    folder.lz("apply plan.lz").ok();
}

#[test]
fn a_base_that_cannot_be_planned_says_whose_fault_it_is() {
    let folder = branch();
    let line = "plan zones/acme --target twin --base";
    let unknown = folder.lz(&format!("{line} nowhere"));
    unknown.code(1);
    assert!(
        unknown.stderr.contains("there is no revision `nowhere`"),
        "{}",
        unknown.stderr
    );
    let mine = folder.read("zones/acme/main.hcl");
    folder.write("zones/acme/main.hcl", "ou \"x\" { parent = 1 }\n");
    commit(&folder, "broken");
    folder.write("zones/acme/main.hcl", &mine);
    let wrong = folder.lz(&format!("{line} HEAD"));
    wrong.code(3);
    assert!(
        wrong.stderr.contains(":zones/acme/main.hcl:1:"),
        "{}",
        wrong.stderr
    );
    assert!(
        wrong.stderr.contains("this is about the base, revision"),
        "{}",
        wrong.stderr
    );
    let outside = Folder::with_starter();
    let outside = outside.lz("plan --target twin --base main");
    outside.code(1);
    assert!(
        outside.stderr.contains("the spec must lie in a git repository"),
        "{}",
        outside.stderr
    );
}

#[test]
fn a_comment_is_found_again_and_says_what_changed() {
    let folder = Folder::with_starter();
    folder.lz("plan --target twin --out first.lz").ok();
    let comment = folder.lz("show first.lz --format markdown");
    assert!(comment.ok().starts_with("<!-- lz plan "), "{}", comment.stdout);
    assert_eq!(
        comment.stdout,
        folder.lz("show first.lz --format markdown").stdout
    );
    let same = folder.lz("plan --target twin --format markdown --since first.lz");
    assert!(
        same.ok()
            .contains("**Since the former plan:** nothing has changed."),
        "{}",
        same.stdout
    );
    let short =
        folder.lz("plan --target twin --format markdown --max-chars 4000 --link https://ci.example/1");
    assert!(short.ok().chars().count() <= 4000);
    assert!(
        short.stdout.contains("[The whole plan](https://ci.example/1)"),
        "{}",
        short.stdout
    );
}

#[test]
fn options_without_effect_are_refused() {
    let folder = Folder::with_starter();
    folder.lz("plan --target twin --out plan.lz").ok();
    for line in [
        "plan --target twin --max-chars 9000",
        "show plan.lz --link https://ci.example",
        "show --target twin --format markdown",
        "show plan.lz --format markdown --max-chars 10",
        "show plan.lz --format markdown --link javascript:alert(1)",
        "show plan.lz --format markdown --since main.hcl",
    ] {
        let ran = folder.lz(line);
        assert_eq!(ran.code, 1, "{line}: {}", ran.stderr);
    }
}
