//! Settings of accounts: contacts and Regions.

use crate::classify::{still_running, unknown, unsendable};
use crate::connection::Connection;
use crate::operation::Operation;
use crate::read::{contact_type, region_state};
use aws_sdk_account::types::ContactInformation;
use lz_model::id::{AccountId, Region};
use lz_model::settings::{Contact, ContactKind, PrimaryContact, PrimaryMember, RegionState};
use lz_provider::{ProviderError, SettingsCall};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The first pause between two looks at a Region that is being switched on; each is half as long again as the one
/// before.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause: one look a second is what AWS allows an account.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How long a Region is followed: "a few minutes to several hours" (Account Management Reference Guide, "Enable or
/// disable AWS Regions in your account").
const FOLLOWED: Duration = Duration::from_secs(6 * 60 * 60);

/// Carries out a change of an account's settings and waits until AWS has finished it.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn perform(connection: &Connection, call: &SettingsCall) -> Result<(), ProviderError> {
    match call {
        SettingsCall::PutContact(account, kind, contact) => {
            put_contact(connection, other(connection, account).await?, *kind, contact).await
        }
        SettingsCall::PutPrimaryContact(account, contact) => {
            put_primary(connection, other(connection, account).await?, contact).await
        }
        SettingsCall::EnableRegion(account, region) => {
            enable(connection, other(connection, account).await?, region).await
        }
    }
}

/// Returns how a call names an account: the caller's own must not be named (aws-facts section 1.7).
async fn other(connection: &Connection, account: &AccountId) -> Result<Option<String>, ProviderError> {
    let own = connection.caller().await?.account == *account;
    Ok((!own).then(|| account.as_str().to_owned()))
}

async fn put_contact(
    connection: &Connection,
    account: Option<String>,
    kind: ContactKind,
    contact: &Contact,
) -> Result<(), ProviderError> {
    connection
        .send(Operation::PutAlternateContact, || {
            let request = connection.clients.account.put_alternate_contact();
            request
                .alternate_contact_type(contact_type(kind))
                .name(&contact.name)
                .title(&contact.title)
                .email_address(&contact.email)
                .phone_number(&contact.phone)
                .set_account_id(account.clone())
                .send()
        })
        .await
        .map(drop)
}

async fn put_primary(
    connection: &Connection,
    account: Option<String>,
    contact: &PrimaryContact,
) -> Result<(), ProviderError> {
    let operation = Operation::PutContactInformation;
    let member = |member: PrimaryMember| contact.members.get(&member).cloned();
    let information = ContactInformation::builder()
        .set_full_name(member(PrimaryMember::FullName))
        .set_address_line1(member(PrimaryMember::AddressLine1))
        .set_address_line2(member(PrimaryMember::AddressLine2))
        .set_address_line3(member(PrimaryMember::AddressLine3))
        .set_city(member(PrimaryMember::City))
        .set_state_or_region(member(PrimaryMember::StateOrRegion))
        .set_district_or_county(member(PrimaryMember::DistrictOrCounty))
        .set_postal_code(member(PrimaryMember::PostalCode))
        .set_country_code(member(PrimaryMember::CountryCode))
        .set_phone_number(member(PrimaryMember::PhoneNumber))
        .set_company_name(member(PrimaryMember::CompanyName))
        .set_website_url(member(PrimaryMember::WebsiteUrl))
        .build()
        .map_err(|error| unsendable(operation, error))?;
    connection
        .send(operation, || {
            let request = connection.clients.account.put_contact_information();
            request
                .contact_information(information.clone())
                .set_account_id(account.clone())
                .send()
        })
        .await
        .map(drop)
}

/// Switches a Region on and waits until it is. One that is on, or on its way, is left to it.
async fn enable(
    connection: &Connection,
    account: Option<String>,
    region: &Region,
) -> Result<(), ProviderError> {
    let operation = Operation::EnableRegion;
    let state = region_state(connection, account.clone(), region).await?;
    if matches!(state, RegionState::Off | RegionState::Disabling) {
        connection
            .send(operation, || {
                let request = connection.clients.account.enable_region();
                request
                    .region_name(region.as_str())
                    .set_account_id(account.clone())
                    .send()
            })
            .await?;
    }
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        // From here on AWS is at work, whatever keeps us from watching.
        let state = region_state(connection, account.clone(), region)
            .await
            .map_err(unknown)?;
        if state == RegionState::On {
            return Ok(());
        }
        if begun.elapsed() > FOLLOWED {
            return Err(still_running(
                operation,
                format!("AWS is still switching `{region}` on"),
            ));
        }
        sleep(pause).await;
        pause = (pause + pause / 2).min(LONGEST_PAUSE);
    }
}
