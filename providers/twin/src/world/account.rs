//! An AWS account, inside an organization or on its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::OrganizationId;
use crate::clock::AwsTime;

/// The stage of an account's life (aws-facts 1.2, account states).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum AccountState {
    /// In use.
    Active,
    /// Suspended by AWS.
    Suspended,
    /// Its closure runs until then.
    PendingClosure { until: AwsTime },
    /// Closed since then.
    Closed { since: AwsTime },
}

impl AccountState {
    /// Returns the member `State`.
    pub(crate) fn state(self) -> &'static str {
        match self {
            AccountState::Active => "ACTIVE",
            AccountState::Suspended => "SUSPENDED",
            AccountState::PendingClosure { .. } => "PENDING_CLOSURE",
            AccountState::Closed { .. } => "CLOSED",
        }
    }

    /// Returns the old member `Status`, in which a closed account is suspended.
    pub(crate) fn status(self) -> &'static str {
        match self {
            AccountState::Active => "ACTIVE",
            AccountState::PendingClosure { .. } => "PENDING_CLOSURE",
            AccountState::Suspended | AccountState::Closed { .. } => "SUSPENDED",
        }
    }
}

/// The purpose of an alternate contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ContactKind {
    /// BILLING.
    Billing,
    /// OPERATIONS.
    Operations,
    /// SECURITY.
    Security,
}

impl ContactKind {
    /// Returns the kind that the API's text names.
    pub(crate) fn parse(text: &str) -> Option<ContactKind> {
        match text {
            "BILLING" => Some(ContactKind::Billing),
            "OPERATIONS" => Some(ContactKind::Operations),
            "SECURITY" => Some(ContactKind::Security),
            _ => None,
        }
    }
}

/// An alternate contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Contact {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) email_address: String,
    pub(crate) phone_number: String,
}

/// A Region that differs from what every account starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum RegionChange {
    /// Being switched on until then.
    Enabling { until: AwsTime },
    /// Switched on.
    Enabled,
    /// Being switched off until then.
    Disabling { until: AwsTime },
}

/// An account of the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) created_at: AwsTime,
    pub(crate) state: AccountState,
    /// The organization that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<OrganizationId>,
    /// The role that CreateAccount made for the management account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) access_role: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) contacts: BTreeMap<ContactKind, Contact>,
    /// The primary contact, member by member as the API names them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) contact_information: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) regions: BTreeMap<String, RegionChange>,
    /// A new primary e-mail address that waits for its one-time code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pending_email: Option<String>,
}

impl Account {
    /// Returns an active account that belongs to no organization.
    pub(crate) fn new(name: String, email: String, created_at: AwsTime) -> Account {
        Account {
            name,
            email,
            created_at,
            state: AccountState::Active,
            organization: None,
            access_role: None,
            contacts: BTreeMap::new(),
            contact_information: BTreeMap::new(),
            regions: BTreeMap::new(),
            pending_email: None,
        }
    }

    /// Returns how many Region changes are running.
    pub(crate) fn regions_in_change(&self) -> usize {
        self.regions
            .values()
            .filter(|change| {
                matches!(
                    change,
                    RegionChange::Enabling { .. } | RegionChange::Disabling { .. }
                )
            })
            .count()
    }
}
