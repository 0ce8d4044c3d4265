//! GetAccountInformation and PutAccountName.

use serde::Serialize;

use super::refusal::{invalid, unreadable};
use super::subject::subject;
use crate::wire::{Answer, Call, empty, json};
use crate::world::{AccountState, World};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InformationAnswer<'a> {
    account_id: &'a str,
    account_name: &'a str,
    account_created_date: String,
    account_state: &'static str,
}

/// GetAccountInformation. The service has no PENDING_CLOSURE: an account is active until it is closed.
pub(crate) fn get(world: &World, call: &Call<'_>) -> Answer {
    let (id, account) = subject(world, call)?;
    let account_state = match account.state {
        AccountState::Active | AccountState::PendingClosure { .. } => "ACTIVE",
        AccountState::Suspended => "SUSPENDED",
        AccountState::Closed { .. } => "CLOSED",
    };
    json(&InformationAnswer {
        account_id: id.as_str(),
        account_name: &account.name,
        account_created_date: account.created_at.iso8601(),
        account_state,
    })
}

/// PutAccountName.
pub(crate) fn put(world: &mut World, call: &Call<'_>) -> Answer {
    let name = call.input.required_text("AccountName").map_err(unreadable)?;
    let fits = (1..=50).contains(&name.chars().count());
    if !fits
        || !name
            .chars()
            .all(|c| (' '..='~').contains(&c) && c != '<' && c != '>')
    {
        return Err(invalid(
            "AccountName",
            "must be 1 to 50 printable ASCII characters without < and >",
        ));
    }
    let id = subject(world, call)?.0.clone();
    if let Some(account) = world.accounts.get_mut(&id) {
        account.name = name.to_owned();
    }
    empty()
}
