//! The vocabulary of Account Management that the spec, the live organization and the plan share.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an alternate contact is for (Account Management API Reference, `AlternateContactType`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// Invoices and payments.
    Billing,
    /// Availability and changes of service.
    Operations,
    /// Security.
    Security,
}

impl ContactKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Billing, Self::Operations, Self::Security];

    /// Returns the word of the spec.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Billing => "billing",
            Self::Operations => "operations",
            Self::Security => "security",
        }
    }
}

/// An alternate contact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The name, 1 to 64 characters.
    pub name: String,
    /// The title, 1 to 50 characters.
    pub title: String,
    /// The e-mail address.
    pub email: String,
    /// The telephone number.
    pub phone: String,
}

/// The primary contact, by the names that Account Management gives its members (`FullName`, `CountryCode`, ...).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct PrimaryContact {
    /// Member to value; a member without a value is absent.
    pub members: BTreeMap<PrimaryMember, String>,
}

/// A member of the primary contact (Account Management API Reference, `ContactInformation`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PrimaryMember {
    /// The person's or organization's full name.
    FullName,
    /// The first line of the address.
    AddressLine1,
    /// The second line of the address.
    AddressLine2,
    /// The third line of the address.
    AddressLine3,
    /// The city.
    City,
    /// The state or region of the address.
    StateOrRegion,
    /// The district or county.
    DistrictOrCounty,
    /// The postal code.
    PostalCode,
    /// The country, by its two letters (ISO 3166-1).
    CountryCode,
    /// The telephone number, beginning with `+`.
    PhoneNumber,
    /// The company.
    CompanyName,
    /// The web site.
    WebsiteUrl,
}

impl PrimaryMember {
    /// Every member.
    pub const ALL: [Self; 12] = [
        Self::FullName,
        Self::AddressLine1,
        Self::AddressLine2,
        Self::AddressLine3,
        Self::City,
        Self::StateOrRegion,
        Self::DistrictOrCounty,
        Self::PostalCode,
        Self::CountryCode,
        Self::PhoneNumber,
        Self::CompanyName,
        Self::WebsiteUrl,
    ];

    /// Returns the attribute of the spec.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FullName => "full_name",
            Self::AddressLine1 => "address_line_1",
            Self::AddressLine2 => "address_line_2",
            Self::AddressLine3 => "address_line_3",
            Self::City => "city",
            Self::StateOrRegion => "state_or_region",
            Self::DistrictOrCounty => "district_or_county",
            Self::PostalCode => "postal_code",
            Self::CountryCode => "country_code",
            Self::PhoneNumber => "phone",
            Self::CompanyName => "company",
            Self::WebsiteUrl => "website",
        }
    }

    /// Returns the most characters that the value may have (Account Management API Reference, `ContactInformation`).
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::AddressLine1 | Self::AddressLine2 | Self::AddressLine3 => 60,
            Self::FullName
            | Self::City
            | Self::StateOrRegion
            | Self::DistrictOrCounty
            | Self::CompanyName => 50,
            Self::PostalCode | Self::PhoneNumber => 20,
            Self::CountryCode => 2,
            Self::WebsiteUrl => 256,
        }
    }

    /// Returns whether AWS wants a value.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(
            self,
            Self::FullName
                | Self::AddressLine1
                | Self::City
                | Self::PostalCode
                | Self::CountryCode
                | Self::PhoneNumber
        )
    }
}

/// How far a Region is switched on for an account (Account Management API Reference, `RegionOptStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionState {
    /// On.
    On,
    /// On its way.
    Enabling,
    /// On its way out.
    Disabling,
    /// Off.
    Off,
}
