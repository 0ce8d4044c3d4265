//! Accounts whose last day has come or comes soon. The day is given: the planner has no clock.

use lz_model::address::Address;
use lz_model::date::Date;
use lz_model::desired::Desired;
use lz_model::id::AccountId;
use lz_model::live::{LiveAccount, LiveOrganization, LiveTags};
use lz_model::plan::{Note, Severity};
use std::collections::BTreeMap;

/// The tag that gives the last day of an account whose declaration does not.
pub const EXPIRES_TAG: &str = "expires";

/// How many days ahead the end of an account is told.
pub const TOLD_AHEAD_DAYS: i64 = 30;

/// Returns a note for every account that should not be there any more, or will not from soon on: by `expires` in the
/// spec, else by the tag `expires` in AWS. An account that is closed is over.
#[must_use]
pub fn notes(desired: &Desired, live: Option<&LiveOrganization>, today: Date) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut told: BTreeMap<String, Date> = BTreeMap::new();
    for (name, wanted) in &desired.accounts {
        if let Some(expires) = wanted.expires {
            let address = Address::Account(name.clone());
            told.insert(address.to_string(), expires);
            notes.extend(note(Some(&address), &wanted.name, expires, today));
        }
    }
    let open = live.into_iter().flat_map(|live| live.accounts.values());
    for account in open.filter(|account| !account.state.is_leaving()) {
        let address = declared(desired, account);
        let is_told = address
            .as_ref()
            .is_some_and(|address| told.contains_key(&address.to_string()));
        if let Some(expires) = tagged(&account.tags).filter(|_| !is_told) {
            let shown = shown(&account.id, &account.name);
            notes.extend(note(address.as_ref(), &shown, expires, today));
        }
    }
    notes.sort_by(|a, b| (std::cmp::Reverse(a.severity), a).cmp(&(std::cmp::Reverse(b.severity), b)));
    notes
}

fn shown(id: &AccountId, name: &str) -> String {
    format!("{name} ({id})")
}

fn tagged(tags: &LiveTags) -> Option<Date> {
    tags.get(EXPIRES_TAG)?.parse().ok()
}

/// Returns the declaration of a live account: that which its tags name, else that with its e-mail address.
fn declared(desired: &Desired, account: &LiveAccount) -> Option<Address> {
    let tagged = account.tags.get(lz_model::address::ADDRESS_TAG);
    if let Some(address) = tagged.and_then(|tag| Address::from_tag(tag)) {
        return Some(address);
    }
    let mut all = desired.accounts.iter();
    let found = all.find(|(_, wanted)| wanted.email.key() == account.email.key());
    found.map(|(name, _)| Address::Account(name.clone()))
}

/// The words hold no number of days, so that they stay the same from one day to the next.
fn note(address: Option<&Address>, shown: &str, expires: Date, today: Date) -> Option<Note> {
    let days = expires.days_since(today);
    let (severity, code, text) = if days < 0 {
        let text = format!(
            "the last day of account {shown} was {expires}; extend `expires`, or say in a `removed` block what becomes of it"
        );
        (Severity::Warning, "account_expired", text)
    } else if days <= TOLD_AHEAD_DAYS {
        let text = format!("the last day of account {shown} is {expires}");
        (Severity::Info, "account_expires_soon", text)
    } else {
        return None;
    };
    Some(Note {
        severity,
        code: code.to_owned(),
        address: address.cloned(),
        text,
    })
}
