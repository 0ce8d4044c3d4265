//! What is wrong, on the lines of a change: SARIF, annotations, code quality.

use crate::run::Folder;
use serde_json::Value;
use std::process::Command;

const WRONG: &str = "landing_zone \"acme\" {}\nou \"a\" { name = \"A\" }\naccount \"x\" {\n  name  = \"X\"\n  \
                     email = \"x@example.com\"\n  ou    = ou.b\n}\n";

/// A repository whose spec lies below its top.
fn repository(spec: &str) -> Folder {
    let folder = Folder::new();
    folder.write("zones/acme/main.hcl", spec);
    let made = Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(folder.path())
        .status()
        .unwrap();
    assert!(made.success());
    folder
}

fn sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    log["runs"][0].clone()
}

#[test]
fn an_error_of_the_spec_is_on_its_exact_characters_and_the_exit_code_stays_true() {
    let folder = repository(WRONG);
    for (chdir, dir) in [
        (".", "zones/acme"),
        ("zones", "acme"),
        ("zones/acme", "../../zones/acme"),
    ] {
        let ran = folder.lz(&format!("--chdir {chdir} validate {dir} --format sarif"));
        let run = sarif(ran.code(3));
        let place = &run["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "zones/acme/main.hcl");
        let region = serde_json::json!({ "startLine": 6, "startColumn": 14, "endLine": 6, "endColumn": 15 });
        assert_eq!(place["region"], region, "{run:#}");
        assert_eq!(run["results"][0]["ruleId"], "lz::spec::unknown_ou");
        assert_eq!(run["invocations"][0]["exitCode"], 3);
        assert!(
            ran.stderr.contains("main.hcl:6:14"),
            "people read it in the log: {}",
            ran.stderr
        );
    }
}

#[test]
fn annotations_and_code_quality_name_the_same_line() {
    let folder = repository(WRONG);
    let github = folder.lz("validate zones/acme --format github");
    assert!(
        github.code(3).starts_with(
            "::error file=zones/acme/main.hcl,line=6,col=14,endColumn=14,title=lz%3A%3Aspec%3A%3Aunknown_ou::"
        ),
        "{}",
        github.stdout
    );
    assert_eq!(github.stdout.lines().count(), 1);
    let gitlab = folder.lz("validate zones/acme --format gitlab");
    let report: Value = serde_json::from_str(gitlab.code(3)).unwrap();
    assert_eq!(report[0]["location"]["lines"]["begin"], 6);
    assert_eq!(report[0]["location"]["path"], "zones/acme/main.hcl");
}

#[test]
fn a_right_spec_is_an_empty_report() {
    let folder = Folder::with_starter();
    assert_eq!(
        sarif(folder.lz("validate --format sarif").ok())["results"],
        serde_json::json!([])
    );
    assert_eq!(folder.lz("validate --format github").ok(), "");
    assert_eq!(folder.lz("validate --format gitlab").ok().trim(), "[]");
}

#[test]
fn a_plan_tells_its_warnings_and_refusals_where_objects_are_declared() {
    let folder = Folder::with_starter();
    folder.lz("apply --target twin").ok();
    let clean = folder.lz("plan --target twin --format sarif");
    assert_eq!(sarif(clean.ok())["results"], serde_json::json!([]));
    folder.replace("main.hcl", "account \"audit\"", "account \"other\"");
    let refused = folder.lz("plan --target twin --format sarif");
    let run = sarif(&refused.stdout);
    refused.code(4);
    assert_eq!(
        run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "main.hcl",
        "{run:#}"
    );
    assert_eq!(run["invocations"][0]["exitCode"], refused.code);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let out = folder.lz("plan --target http://127.0.0.1:1 --format github");
    assert!(
        out.code(7).is_empty() || out.stdout.starts_with("::error title="),
        "{}",
        out.stdout
    );
    folder.lz("show main.hcl --format sarif").code(1);
}

#[test]
fn lint_findings_are_in_the_policy_files() {
    let folder = repository("");
    folder.write(
        "policies/deny.json",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    { \"Effect\": \"Deny\", \"Action\": \"s3:GetObjekt\", \"Resource\": \"*\" }\n  ]\n}\n",
    );
    let ran = folder.lz("policy lint policies --format sarif");
    let run = sarif(&ran.stdout);
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "lz::policy::unknown_action", "{run:#}");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "policies/deny.json");
    assert_eq!(place["region"]["startLine"], 4);
    assert_eq!(ran.code, folder.lz("policy lint policies").code);
    let rules = &run["tool"]["driver"]["rules"];
    assert_eq!(rules[0].get("helpUri"), None);
    let mut command = folder.command("policy lint policies --format sarif");
    let with_docs = crate::run::Ran::of(command.env("LZ_DOCS_URL", "https://docs.example/lz"));
    let rules = &sarif(&with_docs.stdout)["tool"]["driver"]["rules"];
    assert_eq!(rules[0]["helpUri"], "https://docs.example/lz/policy.md#lint");
}
