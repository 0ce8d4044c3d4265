//! What other programs read: JSON against its schemas, drawings, scripts.

use crate::run::{Folder, Ran};
use serde_json::Value;

fn validator(kind: &str) -> jsonschema::Validator {
    let text = Folder::new().lz(&format!("schema {kind}")).ok().to_owned();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn assert_valid(validator: &jsonschema::Validator, value: &Value) {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{value:#}");
}

/// Asserts that each line is as the schema says and that the last one tells how the run ended.
pub(crate) fn assert_rows(ran: &Ran) {
    let output = validator("output");
    let rows = ran.rows();
    rows.iter().for_each(|row| assert_valid(&output, row));
    let last = rows.last().unwrap();
    assert_eq!(last["record"]["kind"], "exit");
    assert_eq!(last["record"]["code"], ran.code);
}

#[test]
fn every_command_prints_rows_that_fit_the_schema() {
    let folder = Folder::new();
    let lines = [
        "init",
        "validate",
        "fmt",
        "plan --target twin --out plan.lz",
        "show plan.lz",
        "apply --target twin",
        "plan --target twin",
        "show --target twin",
        "drift --target twin",
        "graph plan.lz",
        "explain policy.protect_guardrails plan.lz",
        "schema events",
    ];
    for line in lines {
        let ran = folder.lz(&format!("{line} --json"));
        ran.ok();
        assert_eq!(ran.stderr, "", "{line}");
        assert_rows(&ran);
    }
    folder.write("main.hcl", "ou \"x\" {}\nnonsense {}\n");
    for line in ["validate", "vend", "plan --target http://127.0.0.1:1"] {
        let ran = folder.lz(&format!("{line} --json"));
        assert_ne!(ran.code, 0);
        assert_rows(&ran);
    }
}

#[test]
fn a_plan_as_json_fits_its_schema_and_can_be_applied() {
    let folder = Folder::with_starter();
    let plan = folder.lz("plan --target twin --format json");
    let value: Value = serde_json::from_str(plan.ok()).unwrap();
    assert_valid(&validator("plan"), &value);
    folder.write("plan.json", &plan.stdout);
    folder.lz("apply plan.json --target twin").ok();
    folder.lz("plan --target twin --detailed-exitcode").ok();
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = Folder::with_starter();
    for line in [
        "plan --target twin",
        "plan --target twin --format json",
        "graph --target twin",
    ] {
        assert_eq!(folder.lz(line).ok(), folder.lz(line).ok());
    }
}

#[test]
fn the_event_log_fits_its_schema_and_tells_every_step() {
    let folder = Folder::with_starter();
    let ran = folder.lz("apply --target twin --events events.jsonl --json");
    let events = validator("events");
    let logged: Vec<Value> = folder
        .read("events.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    logged.iter().for_each(|event| assert_valid(&events, event));
    let of = |kind: &str| logged.iter().filter(|row| row["event"]["kind"] == kind).count();
    assert_eq!(of("step_started"), 17);
    assert_eq!(of("step_finished"), 17);
    let shown = ran
        .rows()
        .iter()
        .filter(|row| row["record"]["kind"] == "event")
        .count();
    assert_eq!(shown, logged.len(), "the view and the log know the same");
}

#[test]
fn the_cost_of_a_run_is_written_down() {
    let folder = Folder::with_starter();
    folder.lz("apply --target twin --stats apply.json").ok();
    let apply = folder.json("apply.json");
    assert_eq!(apply["calls"]["organizations:CreateAccount"], 4);
    // Creating four accounts takes longer than a minute at AWS and a moment here.
    assert!(apply["aws_seconds"].as_f64().unwrap() > 30.0, "{apply}");
    assert!(apply["wall_seconds"].as_f64().unwrap() < 30.0, "{apply}");
    folder.lz("plan --target twin --stats plan.json").ok();
    let plan = folder.json("plan.json");
    assert_eq!(plan["calls"]["organizations:ListAccounts"], 1);
    let total: u64 = plan["calls"]
        .as_object()
        .unwrap()
        .values()
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(plan["calls_total"], total);
    assert_eq!(plan["throttled"], 0);
    for key in ["cpu_seconds", "twin_cpu_seconds", "peak_memory_bytes"] {
        assert!(plan[key].as_f64().unwrap() > 0.0, "{key}");
    }
}

#[test]
fn a_spec_in_yaml_fits_the_schema_for_editors() {
    let folder = Folder::new();
    let spec = serde_json::json!({
        "landing_zone": { "yaml": { "management_account": "111122223333" } },
        "organization": {},
        "ou": { "one": { "name": "One" } },
    });
    assert_valid(&validator("spec"), &spec);
    // JSON is YAML.
    folder.write("main.lz.yaml", &spec.to_string());
    folder.lz("validate").ok();
    let wrong = serde_json::json!({ "ou": { "one": { "nam": "One" } } });
    assert!(!validator("spec").is_valid(&wrong));
}

#[test]
fn drawings_are_complete() {
    let folder = Folder::with_starter();
    let dot = folder.lz("graph --target twin");
    assert!(dot.ok().starts_with("digraph lz {\n") && dot.stdout.ends_with("}\n"));
    assert!(
        dot.stdout.contains("[label=\"guard_before_arrival\"]"),
        "{}",
        dot.stdout
    );
    let mermaid = folder.lz("graph --spec --format mermaid");
    insta::assert_snapshot!(mermaid.ok());
}

#[test]
fn shells_complete_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = Folder::new().lz(&format!("completions {shell}"));
        assert!(script.ok().contains("validate"), "{shell}");
    }
}

#[test]
fn files_are_formatted_once_and_comments_stay() {
    let folder = Folder::with_starter();
    assert_eq!(folder.lz("fmt").ok(), "", "the starter is formatted");
    folder.write("odd.hcl", "ou \"a\" { # why\n name=\"A\"\n}\n");
    let check = folder.lz("fmt --check");
    assert_eq!(check.code(1), "not formatted: ./odd.hcl\n");
    assert_eq!(folder.lz("fmt odd.hcl").ok(), "formatted odd.hcl\n");
    assert!(folder.read("odd.hcl").contains("# why"));
    folder.lz("fmt --check").ok();
    folder.write("odd.hcl", "ou {{{");
    let wrong = folder.lz("fmt");
    wrong.code(3);
    assert!(wrong.stderr.contains("odd.hcl:1:"), "{}", wrong.stderr);
}

#[test]
fn quiet_leaves_the_result_and_nothing_else() {
    let folder = Folder::with_starter();
    let quiet = folder.lz("apply --target twin --quiet");
    assert_eq!(quiet.stderr, "");
    assert!(quiet.ok().contains("Applied:"));
}

#[test]
fn without_a_terminal_each_finished_step_is_one_plain_line() {
    let folder = Folder::with_starter();
    let ran = folder.lz("apply --target twin");
    ran.ok();
    assert_eq!(
        ran.stderr.lines().filter(|line| line.contains("] done ")).count(),
        17
    );
    assert!(!ran.stderr.contains('\x1b'), "{}", ran.stderr);
    assert!(
        folder
            .lz("plan --target twin --color always")
            .ok()
            .contains('\x1b')
    );
}
