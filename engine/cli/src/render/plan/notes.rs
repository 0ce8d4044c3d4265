//! What a reviewer should know about a plan.

use crate::render::page::{Line, Page, Role};
use lz_model::plan::{Note, Severity};

/// Returns the notes that must be read before the steps: moments that need consent, then warnings.
pub(super) fn before_steps(notes: &[Note], columns: usize) -> Page {
    let mut page = of(notes, Severity::Consent, columns);
    page.append(of(notes, Severity::Warning, columns));
    page
}

/// Returns the notes that are good to know.
pub(super) fn after_steps(notes: &[Note], columns: usize) -> Page {
    of(notes, Severity::Info, columns)
}

fn of(notes: &[Note], severity: Severity, columns: usize) -> Page {
    let mut page = Page::default();
    for note in notes.iter().filter(|note| note.severity == severity) {
        let (label, role) = match severity {
            Severity::Consent => ("consent needed", Role::Irreversible),
            Severity::Warning => ("warning", Role::Warning),
            Severity::Info => ("note", Role::Muted),
        };
        let mut line = Line::of(role, label).plain(": ");
        line.append(told(note));
        page.push_wrapped(&line, 2, columns);
    }
    page
}

/// Returns a note without the word for how serious it is.
pub(crate) fn told(note: &Note) -> Line {
    let line = match &note.address {
        Some(address) => Line::of(Role::Strong, address.to_string()).plain(": "),
        None => Line::default(),
    };
    line.plain(&note.text)
        .with(Role::Muted, format!(" [{}]", note.code))
}
