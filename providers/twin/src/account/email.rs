//! The primary e-mail address: its change takes a one-time code (aws-facts 1.7).

use serde::Serialize;

use super::refusal::{conflict, invalid, not_found, unreadable};
use super::subject::required_subject;
use crate::organizations::is_email;
use crate::wire::{Answer, Call, Refusal, json};
use crate::world::World;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EmailAnswer<'a> {
    primary_email: &'a str,
}

/// GetPrimaryEmail.
pub(crate) fn get(world: &World, call: &Call<'_>) -> Answer {
    json(&EmailAnswer {
        primary_email: &required_subject(world, call)?.1.email,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatusAnswer {
    status: &'static str,
}

fn address<'a>(call: &'a Call<'_>) -> Result<&'a str, Refusal> {
    let email = call.input.required_text("PrimaryEmail").map_err(unreadable)?;
    if (5..=64).contains(&email.chars().count()) && is_email(email) {
        return Ok(email);
    }
    Err(invalid(
        "PrimaryEmail",
        "must be an e-mail address of 5 to 64 characters",
    ))
}

/// An address belongs to one account (ConflictException).
fn refuse_taken(world: &World, email: &str) -> Result<(), Refusal> {
    match world.account_by_email(email) {
        Some(_) => Err(conflict("the e-mail address is already in use")),
        None => Ok(()),
    }
}

/// StartPrimaryEmailUpdate: sends a code to the new address.
pub(crate) fn start(world: &mut World, call: &Call<'_>) -> Answer {
    let email = address(call)?;
    let id = required_subject(world, call)?.0.clone();
    refuse_taken(world, email)?;
    if let Some(account) = world.accounts.get_mut(&id) {
        account.pending_email = Some(email.to_owned());
    }
    json(&StatusAnswer { status: "PENDING" })
}

/// AcceptPrimaryEmailUpdate: takes the code and changes the address.
pub(crate) fn accept(world: &mut World, call: &Call<'_>) -> Answer {
    let email = address(call)?;
    let code = call.input.required_text("Otp").map_err(unreadable)?;
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(invalid("Otp", "must be 6 letters or digits"));
    }
    let (id, account) = required_subject(world, call)?;
    if account.pending_email.as_deref() != Some(email) {
        return Err(not_found("no change to this e-mail address has been started"));
    }
    if code != call.settings.one_time_code {
        return Err(invalid("Otp", "is not the code that was sent"));
    }
    let id = id.clone();
    refuse_taken(world, email)?;
    world.change_email(&id, email);
    if let Some(account) = world.accounts.get_mut(&id) {
        account.pending_email = None;
    }
    json(&StatusAnswer { status: "ACCEPTED" })
}
