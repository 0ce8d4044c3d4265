//! Alternate contacts and the primary contact.

use std::collections::BTreeMap;

use serde::Serialize;

use super::refusal::{invalid, not_found, unreadable};
use super::subject::subject;
use crate::wire::{Answer, Call, Input, Refusal, empty, json};
use crate::world::{Contact, ContactKind, World};

/// Returns a required text whose length in characters lies between 1 and `most`.
fn text(input: &Input, name: &'static str, most: usize) -> Result<String, Refusal> {
    let text = input.required_text(name).map_err(unreadable)?;
    if (1..=most).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(invalid(name, &format!("must have 1 to {most} characters")))
}

fn kind(input: &Input) -> Result<ContactKind, Refusal> {
    let text = input.required_text("AlternateContactType").map_err(unreadable)?;
    ContactKind::parse(text)
        .ok_or_else(|| invalid("AlternateContactType", "must be BILLING, OPERATIONS or SECURITY"))
}

/// An alternate contact's address: `[\w+=.#|!&-]+@[\w.-]+\.[\w]+`, blanks around it allowed.
fn is_address(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let Some((local, domain)) = text.trim().split_once('@') else {
        return false;
    };
    let Some((host, end)) = domain.rsplit_once('.') else {
        return false;
    };
    let local_fits = !local.is_empty() && local.chars().all(|c| word(c) || "+=.#|!&-".contains(c));
    local_fits
        && !host.is_empty()
        && host.chars().all(|c| word(c) || ".-".contains(c))
        && !end.is_empty()
        && end.chars().all(word)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AlternateView<'a> {
    name: &'a str,
    title: &'a str,
    email_address: &'a str,
    phone_number: &'a str,
    alternate_contact_type: ContactKind,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AlternateAnswer<'a> {
    alternate_contact: AlternateView<'a>,
}

fn none_of(kind: ContactKind) -> Refusal {
    not_found(format!("the account has no alternate contact of type {kind:?}"))
}

/// GetAlternateContact.
pub(crate) fn get_alternate(world: &World, call: &Call<'_>) -> Answer {
    let kind = kind(call.input)?;
    let (_, account) = subject(world, call)?;
    let contact = account.contacts.get(&kind).ok_or_else(|| none_of(kind))?;
    json(&AlternateAnswer {
        alternate_contact: AlternateView {
            name: &contact.name,
            title: &contact.title,
            email_address: &contact.email_address,
            phone_number: &contact.phone_number,
            alternate_contact_type: kind,
        },
    })
}

/// PutAlternateContact.
pub(crate) fn put_alternate(world: &mut World, call: &Call<'_>) -> Answer {
    let input = call.input;
    let kind = kind(input)?;
    let contact = Contact {
        name: text(input, "Name", 64)?,
        title: text(input, "Title", 50)?,
        email_address: text(input, "EmailAddress", 254)?,
        phone_number: text(input, "PhoneNumber", 25)?,
    };
    if !is_address(&contact.email_address) {
        return Err(invalid("EmailAddress", "must be an e-mail address"));
    }
    if !contact
        .phone_number
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || "()+-".contains(c))
    {
        return Err(invalid("PhoneNumber", "takes digits, blanks and ( ) + -"));
    }
    let id = subject(world, call)?.0.clone();
    if let Some(account) = world.accounts.get_mut(&id) {
        account.contacts.insert(kind, contact);
    }
    empty()
}

/// DeleteAlternateContact.
pub(crate) fn delete_alternate(world: &mut World, call: &Call<'_>) -> Answer {
    let kind = kind(call.input)?;
    let id = subject(world, call)?.0.clone();
    let removed = world
        .accounts
        .get_mut(&id)
        .and_then(|account| account.contacts.remove(&kind));
    removed.ok_or_else(|| none_of(kind))?;
    empty()
}

/// The members of the primary contact: name, most characters, whether it is required.
const MEMBERS: [(&str, usize, bool); 12] = [
    ("FullName", 50, true),
    ("AddressLine1", 60, true),
    ("AddressLine2", 60, false),
    ("AddressLine3", 60, false),
    ("City", 50, true),
    ("StateOrRegion", 50, false),
    ("DistrictOrCounty", 50, false),
    ("PostalCode", 20, true),
    ("CountryCode", 2, true),
    ("PhoneNumber", 20, true),
    ("CompanyName", 50, false),
    ("WebsiteUrl", 256, false),
];

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InformationAnswer<'a> {
    contact_information: &'a BTreeMap<String, String>,
}

/// GetContactInformation.
pub(crate) fn get_information(world: &World, call: &Call<'_>) -> Answer {
    let (_, account) = subject(world, call)?;
    if account.contact_information.is_empty() {
        return Err(not_found("the account has no contact information"));
    }
    json(&InformationAnswer {
        contact_information: &account.contact_information,
    })
}

/// PutContactInformation: replaces the primary contact as a whole.
pub(crate) fn put_information(world: &mut World, call: &Call<'_>) -> Answer {
    let given = call.input.object("ContactInformation").map_err(unreadable)?;
    let given = given.ok_or_else(|| invalid("ContactInformation", "is required"))?;
    let mut information = BTreeMap::new();
    for (name, most, required) in MEMBERS {
        if required || given.text(name).map_err(unreadable)?.is_some() {
            information.insert(name.to_owned(), text(&given, name, most)?);
        }
    }
    let member = |name: &str| information.get(name).map(String::as_str).unwrap_or_default();
    if member("CountryCode").chars().count() != 2 {
        return Err(invalid("CountryCode", "must have 2 characters"));
    }
    let digits = |c: char| c.is_ascii_digit() || c.is_whitespace() || "()-".contains(c);
    if !member("PhoneNumber")
        .strip_prefix('+')
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(digits))
    {
        return Err(invalid(
            "PhoneNumber",
            "begins with + and takes digits, blanks and ( ) -",
        ));
    }
    let id = subject(world, call)?.0.clone();
    if let Some(account) = world.accounts.get_mut(&id) {
        account.contact_information = information;
    }
    empty()
}
