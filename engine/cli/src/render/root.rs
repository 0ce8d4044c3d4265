//! Members' root users as pages.

use super::page::{Line, Page, Role};
use super::words;
use crate::root::{RootAudit, RootRemoval};

/// Returns whose root users have credentials.
pub(crate) fn audit(audit: &RootAudit, columns: usize) -> Page {
    let mut page = Page::default();
    let looked_at = words::count(audit.looked_at, "member account");
    let found = audit.with_credentials.len();
    let line = if found == 0 {
        let words = format!("{looked_at} looked at: no root user has credentials.");
        Line::of(Role::Success, words)
    } else {
        let words = format!(
            "{looked_at} looked at: {} with credentials.",
            words::count(found, "root user")
        );
        Line::of(Role::Strong, words)
    };
    page.push_wrapped(&line, 0, columns);
    for account in &audit.with_credentials {
        let line = Line::of(Role::Plain, "  ")
            .with(Role::Id, &account.account)
            .plain(format!(" {}: ", account.name))
            .with(Role::Warning, account.has.join(", "));
        page.push_wrapped(&line, 4, columns);
    }
    if !audit.unknown.is_empty() {
        page.gap();
        let words = format!("{} not looked at:", words::count(audit.unknown.len(), "account"));
        page.push_wrapped(&Line::of(Role::Strong, words), 0, columns);
    }
    for account in &audit.unknown {
        let line = Line::of(Role::Plain, "  ")
            .with(Role::Id, &account.account)
            .plain(format!(" {}: {}", account.name, account.error));
        page.push_wrapped(&line, 4, columns);
    }
    if let Some(first) = audit.with_credentials.first() {
        page.gap();
        let line = Line::of(Role::Plain, "To take them away, one account at a time: ");
        let command = format!("lz root remove {}", first.account);
        page.push_wrapped(&line.with(Role::Hint, command), 2, columns);
    }
    page
}

/// Returns what goes, or what has gone.
pub(crate) fn removal(removal: &RootRemoval, columns: usize) -> Page {
    let mut page = Page::default();
    let whose = format!("The root user of {} ({})", removal.name, removal.account);
    let words = match (removal.credentials.is_empty(), removal.removed) {
        (true, _) => format!("{whose} has no credentials."),
        (false, true) => format!("{whose} has lost its credentials:"),
        (false, false) => format!("{whose} will lose its credentials:"),
    };
    page.push_wrapped(&Line::of(Role::Strong, words), 0, columns);
    for credential in &removal.credentials {
        let line = Line::of(Role::Remove, "  - ").plain(credential);
        page.push_wrapped(&line, 4, columns);
    }
    page
}

/// Returns the question before it.
pub(crate) fn question(removal: &RootRemoval) -> Line {
    Line::of(Role::Strong, "Take ")
        .plain(words::count(removal.credentials.len(), "credential"))
        .plain(" of the root user of ")
        .with(Role::Id, &removal.account)
        .plain(" away? Only `yes` does:")
}
