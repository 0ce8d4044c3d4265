//! Settings of accounts: only what the spec declares, a call each.

use crate::connection::Connection;
use crate::fields::required;
use crate::operation::Operation;
use crate::read::progress::Progress;
use crate::read::tree::IN_FLIGHT;
use aws_sdk_account::types::{AlternateContactType, ContactInformation, RegionOptStatus};
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::address::{ADDRESS_TAG, ZONE_TAG};
use lz_model::id::{AccountId, Region};
use lz_model::live::{LiveOrganization, LiveSettings};
use lz_model::settings::{Contact, ContactKind, PrimaryContact, PrimaryMember, RegionState};
use lz_provider::{Kind, ProviderError, SettingsScope};
use std::collections::BTreeMap;

/// The service whose trusted access lets the management account look into its members (aws-facts section 1.7).
const ACCOUNT_MANAGEMENT: &str = "account.amazonaws.com";

/// Reads what the scope asks for of the accounts that the organization has. Members are left out as long as the
/// management account has no access to them.
///
/// # Errors
/// The first call that fails for good.
pub(crate) async fn read(
    connection: &Connection,
    (zone, scope): (&str, &[SettingsScope]),
    organization: &LiveOrganization,
    progress: &Progress<'_>,
) -> Result<BTreeMap<AccountId, LiveSettings>, ProviderError> {
    let trusted = organization
        .trusted_services
        .iter()
        .any(|service| service.as_str() == ACCOUNT_MANAGEMENT);
    let wanted = scope.iter().flat_map(|wanted| {
        let found = organization
            .accounts
            .values()
            .filter(move |account| is_it(zone, wanted, account))
            .filter(|account| trusted || account.id == organization.management_account)
            .filter(|account| !account.state.is_leaving());
        found.map(move |account| (wanted, &account.id))
    });
    let found: Vec<(AccountId, LiveSettings)> = stream::iter(wanted)
        .map(|(wanted, account)| async move {
            let own = *account == organization.management_account;
            let subject = Subject {
                connection,
                account: (!own).then(|| account.as_str().to_owned()),
            };
            let settings = subject.read(wanted).await?;
            progress.on("account settings");
            Ok::<_, ProviderError>((account.clone(), settings))
        })
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await?;
    Ok(found.into_iter().collect())
}

/// Returns whether an account may be the one that a declaration means: the planner decides, so this is generous.
fn is_it(zone: &str, wanted: &SettingsScope, account: &lz_model::live::LiveAccount) -> bool {
    let tag = |key: &str| account.tags.get(key).map(String::as_str);
    wanted.id.as_ref() == Some(&account.id)
        || wanted.email == account.email
        || (tag(ZONE_TAG) == Some(zone) && tag(ADDRESS_TAG) == Some(wanted.address.as_str()))
}

struct Subject<'a> {
    connection: &'a Connection,
    /// The member; `None` for the caller's own account, which must not be named (aws-facts section 1.7).
    account: Option<String>,
}

impl Subject<'_> {
    async fn read(&self, wanted: &SettingsScope) -> Result<LiveSettings, ProviderError> {
        let mut settings = LiveSettings::default();
        for kind in &wanted.contacts {
            settings.contacts.insert(*kind, self.contact(*kind).await?);
        }
        if wanted.primary_contact {
            settings.primary_contact = self.primary_contact().await?;
        }
        for region in &wanted.regions {
            settings
                .regions
                .insert(region.clone(), self.region(region).await?);
        }
        Ok(settings)
    }

    async fn contact(&self, kind: ContactKind) -> Result<Option<Contact>, ProviderError> {
        let operation = Operation::GetAlternateContact;
        let answer = self
            .connection
            .send(operation, || {
                let request = self.connection.clients.account.get_alternate_contact();
                request
                    .alternate_contact_type(contact_type(kind))
                    .set_account_id(self.account.clone())
                    .send()
            })
            .await;
        let contact = match answer {
            Err(error) if error.kind == Kind::NotFound => return Ok(None),
            answer => required(operation, "AlternateContact", answer?.alternate_contact)?,
        };
        Ok(Some(Contact {
            name: required(operation, "Name", contact.name)?,
            title: required(operation, "Title", contact.title)?,
            email: required(operation, "EmailAddress", contact.email_address)?,
            phone: required(operation, "PhoneNumber", contact.phone_number)?,
        }))
    }

    async fn primary_contact(&self) -> Result<Option<PrimaryContact>, ProviderError> {
        let operation = Operation::GetContactInformation;
        let answer = self
            .connection
            .send(operation, || {
                let request = self.connection.clients.account.get_contact_information();
                request.set_account_id(self.account.clone()).send()
            })
            .await;
        let information = match answer {
            Err(error) if error.kind == Kind::NotFound => return Ok(None),
            answer => required(operation, "ContactInformation", answer?.contact_information)?,
        };
        Ok(Some(primary_contact(information)))
    }

    async fn region(&self, region: &Region) -> Result<RegionState, ProviderError> {
        region_state(self.connection, self.account.clone(), region).await
    }
}

/// Returns how far a Region is switched on. `account` is the member; `None` for the caller's own account.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn region_state(
    connection: &Connection,
    account: Option<String>,
    region: &Region,
) -> Result<RegionState, ProviderError> {
    let operation = Operation::GetRegionOptStatus;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.account.get_region_opt_status();
            request
                .region_name(region.as_str())
                .set_account_id(account.clone())
                .send()
        })
        .await?;
    Ok(
        match required(operation, "RegionOptStatus", answer.region_opt_status)? {
            RegionOptStatus::Enabled | RegionOptStatus::EnabledByDefault => RegionState::On,
            RegionOptStatus::Enabling => RegionState::Enabling,
            RegionOptStatus::Disabling => RegionState::Disabling,
            // What is neither on nor on its way is off.
            RegionOptStatus::Disabled | _ => RegionState::Off,
        },
    )
}

/// Returns AWS's word for a kind of contact.
pub(crate) const fn contact_type(kind: ContactKind) -> AlternateContactType {
    match kind {
        ContactKind::Billing => AlternateContactType::Billing,
        ContactKind::Operations => AlternateContactType::Operations,
        ContactKind::Security => AlternateContactType::Security,
    }
}

fn primary_contact(information: ContactInformation) -> PrimaryContact {
    let ContactInformation {
        full_name,
        address_line1,
        address_line2,
        address_line3,
        city,
        state_or_region,
        district_or_county,
        postal_code,
        country_code,
        phone_number,
        company_name,
        website_url,
        ..
    } = information;
    let members = [
        (PrimaryMember::FullName, Some(full_name)),
        (PrimaryMember::AddressLine1, Some(address_line1)),
        (PrimaryMember::AddressLine2, address_line2),
        (PrimaryMember::AddressLine3, address_line3),
        (PrimaryMember::City, Some(city)),
        (PrimaryMember::StateOrRegion, state_or_region),
        (PrimaryMember::DistrictOrCounty, district_or_county),
        (PrimaryMember::PostalCode, Some(postal_code)),
        (PrimaryMember::CountryCode, Some(country_code)),
        (PrimaryMember::PhoneNumber, Some(phone_number)),
        (PrimaryMember::CompanyName, company_name),
        (PrimaryMember::WebsiteUrl, website_url),
    ];
    PrimaryContact {
        members: members
            .into_iter()
            .filter_map(|(member, value)| Some((member, value?)))
            .filter(|(_, value)| !value.is_empty())
            .collect(),
    }
}
