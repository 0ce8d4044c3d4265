//! The accounts of a spec as a page.

use super::page::{Line, Page, Role};
use super::words;
use crate::outputs::{AccountOutput, Outputs};

/// Returns the accounts, one block each.
pub(crate) fn outputs(outputs: &Outputs, columns: usize) -> Page {
    let mut page = Page::default();
    for (address, account) in &outputs.accounts {
        one(&mut page, address, account, columns);
    }
    if !outputs.missing.is_empty() {
        let words = format!(
            "{} not there yet: {}",
            words::count(outputs.missing.len(), "account"),
            words::list(&outputs.missing)
        );
        page.push_wrapped(&Line::of(Role::Warning, words), 2, columns);
    }
    if outputs.accounts.is_empty() && outputs.missing.is_empty() {
        page.push(Line::of(Role::Plain, "The spec declares no accounts."));
    }
    page
}

fn one(page: &mut Page, address: &str, account: &AccountOutput, columns: usize) {
    let new = if account.created {
        "  created by this run"
    } else {
        ""
    };
    page.push(Line::of(Role::Strong, address).with(Role::Create, new));
    let mut row = |name: &str, role: Role, value: &str| {
        let line = Line::of(Role::Muted, format!("  {name:<7} ")).with(role, value);
        page.push_wrapped(&line, 10, columns);
    };
    row("id", Role::Id, &account.id);
    row("name", Role::Plain, &account.name);
    row("email", Role::Plain, &account.email);
    row("ou", Role::Plain, &account.ou);
    row("arn", Role::Id, &account.arn);
    if let Some(role) = &account.role_arn {
        row("role", Role::Id, role);
    }
    if let Some(expires) = &account.expires {
        row("expires", Role::Plain, expires);
    }
}
