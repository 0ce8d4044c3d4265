//! Code-quality reports of GitLab (GitLab Docs, "Code Quality", report format).

use super::finding::{Finding, fingerprints};
use crate::problem::Level;
use serde_json::{Value, json};

/// Returns the report. What is in no file has no place in it; messages on standard error tell it.
pub(crate) fn gitlab(findings: &[Finding]) -> String {
    let prints = fingerprints(findings);
    let issues: Vec<Value> = findings
        .iter()
        .zip(prints)
        .filter_map(|(finding, print)| {
            let spot = finding.spot.as_ref()?;
            Some(json!({
                "description": finding.words(),
                "check_name": finding.code,
                "fingerprint": print,
                "severity": match finding.level {
                    Level::Error => "critical",
                    Level::Warning => "minor",
                    Level::Advice => "info",
                },
                "location": { "path": spot.path, "lines": { "begin": spot.line } },
            }))
        })
        .collect();
    format!("{:#}\n", Value::Array(issues))
}
