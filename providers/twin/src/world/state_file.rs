//! The state as text: one JSON object, sorted and indented, that a person can read and change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Account, AccountId, HandshakeId, Mint, OrganizationId, Session, Timers, World};
use crate::clock::AwsTime;
use crate::cloudformation::CloudFormation;
use crate::cloudwatch::Alarm;
use crate::neighbour::Neighbours;
use crate::organizations::{Handshake, Organization};
use crate::s3::Bucket;
use crate::settings::Settings;

/// The format that this version writes and reads.
const FORMAT: u32 = 1;

/// Why a state can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file can't be read.
    #[error("the state file can't be read: {0}")]
    Io(#[from] std::io::Error),
    /// The text is no state.
    #[error("the state is not usable: {0}")]
    Json(#[from] serde_json::Error),
    /// It was written by another version.
    #[error("the state has format {found}, but this version reads format {FORMAT}")]
    Format {
        /// The format of the state.
        found: u32,
    },
    /// Its parts do not fit together.
    #[error("the state contradicts itself: {0}")]
    Broken(String),
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    now: AwsTime,
    ids: &'a Mint,
    accounts: &'a BTreeMap<AccountId, Account>,
    organizations: &'a BTreeMap<OrganizationId, Organization>,
    handshakes: &'a BTreeMap<HandshakeId, Handshake>,
    sessions: &'a BTreeMap<String, Session>,
    #[serde(skip_serializing_if = "CloudFormation::is_empty")]
    cloudformation: &'a CloudFormation,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    buckets: &'a BTreeMap<String, Bucket>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    alarms: &'a BTreeMap<String, Alarm>,
    #[serde(skip_serializing_if = "Neighbours::is_empty")]
    neighbours: &'a Neighbours,
}

#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[expect(dead_code, reason = "checked before the rest is read")]
    format: u32,
    now: AwsTime,
    ids: Mint,
    accounts: BTreeMap<AccountId, Account>,
    organizations: BTreeMap<OrganizationId, Organization>,
    #[serde(default)]
    handshakes: BTreeMap<HandshakeId, Handshake>,
    #[serde(default)]
    sessions: BTreeMap<String, Session>,
    #[serde(default)]
    cloudformation: CloudFormation,
    #[serde(default)]
    buckets: BTreeMap<String, Bucket>,
    #[serde(default)]
    alarms: BTreeMap<String, Alarm>,
    #[serde(default)]
    neighbours: Neighbours,
}

impl World {
    /// Returns the world as text, at the moment `now`.
    pub(crate) fn write(&self, now: AwsTime) -> String {
        let written = Written {
            format: FORMAT,
            now,
            ids: &self.mint,
            accounts: &self.accounts,
            organizations: &self.organizations,
            handshakes: &self.handshakes,
            sessions: &self.sessions,
            cloudformation: &self.cloudformation,
            buckets: &self.buckets,
            alarms: &self.alarms,
            neighbours: &self.neighbours,
        };
        // Every map has text keys and no member can fail, so this is never empty.
        let mut text = serde_json::to_string_pretty(&written).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Returns the world that a text describes, and the moment at which it stopped.
    ///
    /// # Errors
    /// See [`StateError`].
    pub(crate) fn read(text: &str, settings: &Settings) -> Result<(World, AwsTime), StateError> {
        let FormatOnly { format } = serde_json::from_str(text)?;
        if format != FORMAT {
            return Err(StateError::Format { found: format });
        }
        let read: Read = serde_json::from_str(text)?;
        let mut world = World {
            mint: read.ids,
            accounts: BTreeMap::new(),
            organizations: read.organizations,
            handshakes: read.handshakes,
            sessions: read.sessions,
            cloudformation: read.cloudformation,
            buckets: read.buckets,
            alarms: read.alarms,
            neighbours: read.neighbours,
            emails: BTreeMap::new(),
            timers: Timers::default(),
        };
        for (id, account) in read.accounts {
            if let Some(other) = world.account_by_email(&account.email) {
                return Err(StateError::Broken(format!(
                    "accounts `{other}` and `{id}` have one e-mail address"
                )));
            }
            world.add_account(id, account);
        }
        for organization in world.organizations.values_mut() {
            organization.reindex().map_err(StateError::Broken)?;
            organization.rebuild_tag_index(settings);
        }
        world.check_members()?;
        world.set_timers(read.now, settings);
        Ok((world, read.now))
    }

    fn check_members(&self) -> Result<(), StateError> {
        for (id, organization) in &self.organizations {
            if organization.member(&organization.management).is_none() {
                return Err(StateError::Broken(format!(
                    "organization `{id}` does not hold its management account"
                )));
            }
            let stray = organization.members().keys().find(|member| {
                self.accounts
                    .get(*member)
                    .and_then(|account| account.organization.as_ref())
                    != Some(id)
            });
            if let Some(member) = stray {
                return Err(StateError::Broken(format!(
                    "account `{member}` is listed in organization `{id}`, but does not belong to it"
                )));
            }
        }
        let stray = self.accounts.iter().find(|(id, account)| {
            account.organization.as_ref().is_some_and(|org| {
                self.organizations
                    .get(org)
                    .is_none_or(|organization| organization.member(id).is_none())
            })
        });
        match stray {
            Some((id, _)) => Err(StateError::Broken(format!(
                "account `{id}` names an organization that does not list it"
            ))),
            None => Ok(()),
        }
    }
}
