//! Workflow commands of GitHub Actions (GitHub Docs, "Workflow commands for GitHub Actions"): one line a finding.

use super::finding::Finding;
use crate::problem::Level;

/// Returns the lines.
pub(crate) fn github(findings: &[Finding]) -> String {
    findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let kind = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "notice",
    };
    let mut properties = Vec::new();
    if let Some(spot) = &finding.spot {
        properties.push(format!("file={}", property(&spot.path)));
        properties.push(format!("line={}", spot.line));
        // Columns count only where they are of one line.
        match spot.end {
            Some((line, column)) if line == spot.line => {
                properties.push(format!("col={}", spot.column));
                properties.push(format!("endColumn={}", column.saturating_sub(1).max(spot.column)));
            }
            Some((line, _)) => properties.push(format!("endLine={line}")),
            None => properties.push(format!("col={}", spot.column)),
        }
    }
    properties.push(format!("title={}", property(&finding.code)));
    format!(
        "::{kind} {}::{}\n",
        properties.join(","),
        message(&finding.words())
    )
}

fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
