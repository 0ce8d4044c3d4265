//! The settings inside of an `account` block: contacts and Regions.

use super::attributes::{Placed, Reader};
use super::zone;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::SPEC;
use crate::source::Span;
use crate::suggest;
use crate::syntax::Block;
use lz_model::desired::DesiredSettings;
use lz_model::settings::{Contact, ContactKind, PrimaryContact, PrimaryMember};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reads the settings of an account.
pub(super) fn settings(account: &Reader<'_, '_>) -> DesiredSettings {
    let mut settings = DesiredSettings {
        enabled_regions: zone::regions(account, "enabled_regions")
            .into_iter()
            .collect::<BTreeSet<_>>(),
        ..DesiredSettings::default()
    };
    let mut seen: BTreeMap<ContactKind, Span> = BTreeMap::new();
    for block in &account.body.blocks {
        match &*block.kind.text {
            "contact" => {
                let Some(kind) = kind(account, block) else {
                    continue;
                };
                if let Some(first) = seen.insert(kind, block.header) {
                    account.error(
                        SpecDiagnostic::new(
                            Code::DuplicateBlock,
                            block.header,
                            format!("there are two {} contacts", kind.word()),
                        )
                        .here("again here")
                        .also(first, "first here")
                        .help("keep one of them"),
                    );
                }
                if let Some(contact) = contact(account, block) {
                    settings.contacts.insert(kind, contact);
                }
            }
            "primary_contact" => settings.primary_contact = primary(account, block),
            _ => {}
        }
    }
    settings
}

fn kind(account: &Reader<'_, '_>, block: &Block) -> Option<ContactKind> {
    let label = block.labels.first()?;
    let found = ContactKind::ALL
        .into_iter()
        .find(|kind| kind.word() == &*label.text);
    if found.is_none() {
        let words = ContactKind::ALL.map(ContactKind::word);
        let help = suggest::help(&label.text, &words)
            .unwrap_or_else(|| format!("it is one of {}", words.join(", ")));
        let message = format!("there is no {} contact", label.text);
        account.error(SpecDiagnostic::new(Code::BadValue, label.span, message).help(help));
    }
    found
}

/// Members of an alternate contact (Account Management API Reference, "PutAlternateContact").
fn contact(account: &Reader<'_, '_>, block: &Block) -> Option<Contact> {
    let kind = SPEC.block("account")?.block("contact")?;
    let reader = account.checker.reader(kind, &block.body, account.each);
    let name = member(&reader, "name", 64);
    let title = member(&reader, "title", 50);
    let email = member(&reader, "email", 254);
    if let Some(email) = email.as_ref().filter(|email| !is_address(&email.value)) {
        let message = format!("`{}` is not an e-mail address", email.value);
        reader.error(SpecDiagnostic::new(Code::BadEmail, email.span, message));
    }
    let phone = member(&reader, "phone", 25);
    if let Some(phone) = phone.as_ref().filter(|phone| !is_number(&phone.value)) {
        refuse_phone(&reader, phone, "it has digits, blanks and ( ) + - only");
    }
    Some(Contact {
        name: name?.value.to_string(),
        title: title?.value.to_string(),
        email: email?.value.to_string(),
        phone: phone?.value.to_string(),
    })
}

fn primary(account: &Reader<'_, '_>, block: &Block) -> Option<PrimaryContact> {
    let kind = SPEC.block("account")?.block("primary_contact")?;
    let reader = account.checker.reader(kind, &block.body, account.each);
    let mut members = BTreeMap::new();
    for one in PrimaryMember::ALL {
        let Some(found) = member(&reader, one.word(), one.most()) else {
            continue;
        };
        match one {
            PrimaryMember::CountryCode if !is_country(&found.value) => {
                let message = format!("`{}` is not a country", found.value);
                reader.error(
                    SpecDiagnostic::new(Code::BadValue, found.span, message)
                        .help("write its two letters, such as `JP`"),
                );
            }
            PrimaryMember::PhoneNumber if !is_international(&found.value) => {
                refuse_phone(
                    &reader,
                    &found,
                    "it begins with + and has digits, blanks and ( ) - only",
                );
            }
            PrimaryMember::FullName
            | PrimaryMember::AddressLine1
            | PrimaryMember::AddressLine2
            | PrimaryMember::AddressLine3
            | PrimaryMember::City
            | PrimaryMember::StateOrRegion
            | PrimaryMember::DistrictOrCounty
            | PrimaryMember::PostalCode
            | PrimaryMember::CountryCode
            | PrimaryMember::PhoneNumber
            | PrimaryMember::CompanyName
            | PrimaryMember::WebsiteUrl => {}
        }
        members.insert(one, found.value.to_string());
    }
    Some(PrimaryContact { members })
}

/// Reads a text of 1 to so many characters.
fn member(reader: &Reader<'_, '_>, name: &str, most: usize) -> Option<Placed<Arc<str>>> {
    let found = reader.known(name)?;
    let size = found.value.chars().count();
    if !(1..=most).contains(&size) {
        let message = format!("`{name}` has 1 to {most} characters, this one has {size}");
        reader.error(
            SpecDiagnostic::new(Code::BadValue, found.span, message).help("shorten it, or leave it out"),
        );
    }
    Some(found)
}

fn refuse_phone(reader: &Reader<'_, '_>, phone: &Placed<Arc<str>>, help: &str) {
    let message = format!("AWS refuses the telephone number `{}`", phone.value);
    reader.error(SpecDiagnostic::new(Code::BadValue, phone.span, message).help(help));
}

fn is_address(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let Some((host, end)) = domain.rsplit_once('.') else {
        return false;
    };
    let local_fits = !local.is_empty() && local.chars().all(|c| word(c) || "+=.#|!&-".contains(c));
    let host_fits = !host.is_empty() && host.chars().all(|c| word(c) || ".-".contains(c));
    local_fits && host_fits && !end.is_empty() && end.chars().all(word)
}

fn is_number(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || "()+-".contains(c))
}

fn is_international(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|rest| !rest.is_empty() && !rest.contains('+') && is_number(rest))
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}
