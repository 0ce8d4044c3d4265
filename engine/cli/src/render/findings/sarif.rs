//! SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format").

use super::finding::{Finding, Spot, fingerprints};
use crate::exit::Exit;
use crate::problem::Level;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Returns the log of a run. Findings without a place are notifications of the run: a result needs a file to be shown on.
pub(crate) fn sarif(findings: &[Finding], exit: Exit, docs: Option<&str>) -> String {
    let (placed, others): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| finding.spot.is_some());
    let placed: Vec<Finding> = placed.into_iter().cloned().collect();
    let rules: BTreeMap<&str, usize> = numbered(&placed);
    let prints = fingerprints(&placed);
    let results: Vec<Value> = placed
        .iter()
        .zip(&prints)
        .map(|(finding, print)| result(finding, print, &rules))
        .collect();
    let notifications: Vec<Value> = others
        .iter()
        .map(|finding| {
            json!({
                "descriptor": { "id": finding.code },
                "level": level(finding.level),
                "message": { "text": finding.words() },
            })
        })
        .collect();
    let mut invocation = json!({
        "executionSuccessful": exit == Exit::Done || exit == Exit::Changes,
        "exitCode": exit.code(),
        "exitCodeDescription": exit.name(),
    });
    if let (false, Some(invocation)) = (notifications.is_empty(), invocation.as_object_mut()) {
        invocation.insert(
            "toolExecutionNotifications".to_owned(),
            Value::Array(notifications),
        );
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "lz",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.keys().map(|code| rule(code, docs)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// Rules in the order of their names.
fn numbered(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut rules: BTreeMap<&str, usize> = findings
        .iter()
        .map(|finding| (finding.code.as_str(), 0))
        .collect();
    rules
        .values_mut()
        .enumerate()
        .for_each(|(at, number)| *number = at);
    rules
}

fn rule(code: &str, docs: Option<&str>) -> Value {
    let page = page(code);
    let name = code.rsplit("::").next().unwrap_or(code);
    let summary = match code.strip_prefix("lz::spec::") {
        Some(name) => lz_spec::error_codes()
            .iter()
            .find(|info| info.name == name)
            .map(|info| info.summary),
        None => None,
    };
    let summary = summary.map_or_else(|| name.replace('_', " "), str::to_owned);
    let mut rule = json!({
        "id": code,
        "shortDescription": { "text": summary },
        "help": { "text": format!("{summary} See docs/{page} of lz.") },
    });
    if let (Some(docs), Some(rule)) = (docs, rule.as_object_mut()) {
        let uri = format!("{}/{page}", docs.trim_end_matches('/'));
        rule.insert("helpUri".to_owned(), Value::String(uri));
    }
    rule
}

/// Returns the page of the documentation about a code.
fn page(code: &str) -> String {
    match code.strip_prefix("lz::").and_then(|rest| rest.split_once("::")) {
        Some(("spec", name)) => format!("errors/{name}.md"),
        Some(("plan", name)) => format!("refused-plans.md#{name}"),
        Some(("policy", _)) => "policy.md#lint".to_owned(),
        Some(_) | None => "exit-codes.md".to_owned(),
    }
}

fn result(finding: &Finding, print: &str, rules: &BTreeMap<&str, usize>) -> Value {
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rules.get(finding.code.as_str()),
        "level": level(finding.level),
        "message": { "text": finding.words() },
        "locations": finding.spot.iter().map(|spot| json!({ "physicalLocation": physical(spot) })).collect::<Vec<_>>(),
        "partialFingerprints": { "lz/v1": print },
    });
    if let (false, Some(result)) = (finding.related.is_empty(), result.as_object_mut()) {
        let related = finding.related.iter().enumerate().map(|(at, (words, spot))| {
            json!({ "id": at + 1, "message": { "text": words }, "physicalLocation": physical(spot) })
        });
        result.insert("relatedLocations".to_owned(), Value::Array(related.collect()));
    }
    result
}

fn physical(spot: &Spot) -> Value {
    let mut region = Map::new();
    region.insert("startLine".to_owned(), spot.line.into());
    region.insert("startColumn".to_owned(), spot.column.into());
    if let Some((line, column)) = spot.end {
        region.insert("endLine".to_owned(), line.into());
        region.insert("endColumn".to_owned(), column.into());
    }
    json!({
        "artifactLocation": { "uri": uri(&spot.path), "uriBaseId": "%SRCROOT%" },
        "region": region,
    })
}

/// Returns a path as a relative reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        let kept = byte.is_ascii_alphanumeric() || b"-._~/@+,=".contains(&byte);
        if kept {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "note",
    }
}
