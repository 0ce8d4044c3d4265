//! The world: every account and every organization that a twin knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Account, AccountId, HandshakeId, Mint, OrganizationId, Timer, Timers};
use crate::clock::AwsTime;
use crate::cloudformation::CloudFormation;
use crate::cloudwatch::Alarm;
use crate::neighbour::Neighbours;
use crate::organizations::{Handshake, Organization};
use crate::s3::Bucket;
use crate::settings::Settings;

/// Credentials that AssumeRole gave out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Session {
    pub(crate) account: AccountId,
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) role_id: String,
    pub(crate) expires_at: AwsTime,
    /// The task of a root session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) task: Option<String>,
}

/// Everything that exists, without clocks, buckets or faults.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) mint: Mint,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(crate) organizations: BTreeMap<OrganizationId, Organization>,
    pub(crate) handshakes: BTreeMap<HandshakeId, Handshake>,
    /// Sessions by access key.
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) cloudformation: CloudFormation,
    /// Buckets by name, which is unique in the world.
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// Alarms by `account/region/name`.
    pub(crate) alarms: BTreeMap<String, Alarm>,
    /// What the services around Organizations keep.
    pub(crate) neighbours: Neighbours,
    /// Owners of e-mail addresses, by the address in lower case. Derived from the accounts.
    pub(super) emails: BTreeMap<String, AccountId>,
    /// What happens by itself. Derived from everything else.
    pub(crate) timers: Timers,
}

impl World {
    /// Returns a world with nothing in it.
    pub(crate) fn new(seed: u64) -> World {
        World {
            mint: Mint::new(seed),
            accounts: BTreeMap::new(),
            organizations: BTreeMap::new(),
            handshakes: BTreeMap::new(),
            sessions: BTreeMap::new(),
            cloudformation: CloudFormation::default(),
            buckets: BTreeMap::new(),
            alarms: BTreeMap::new(),
            neighbours: Neighbours::default(),
            emails: BTreeMap::new(),
            timers: Timers::default(),
        }
    }

    /// Adds an account.
    pub(crate) fn add_account(&mut self, id: AccountId, account: Account) {
        self.emails.insert(account.email.to_lowercase(), id.clone());
        self.accounts.insert(id, account);
    }

    /// Takes an account out of the world; its e-mail address is free again.
    pub(crate) fn remove_account(&mut self, id: &AccountId) -> Option<Account> {
        let account = self.accounts.remove(id)?;
        self.emails.remove(&account.email.to_lowercase());
        Some(account)
    }

    /// Gives an account another e-mail address.
    pub(crate) fn change_email(&mut self, id: &AccountId, email: &str) {
        if let Some(account) = self.accounts.get_mut(id) {
            let old = std::mem::replace(&mut account.email, email.to_owned());
            self.emails.remove(&old.to_lowercase());
            self.emails.insert(email.to_lowercase(), id.clone());
        }
    }

    /// Returns the account with that e-mail address, whatever its case.
    pub(crate) fn account_by_email(&self, email: &str) -> Option<&AccountId> {
        self.emails.get(&email.to_lowercase())
    }

    /// Returns an account id that no account has.
    pub(crate) fn fresh_account_id(&mut self) -> AccountId {
        loop {
            let id = self.mint.account();
            if !self.accounts.contains_key(&id) {
                return id;
            }
        }
    }

    /// Makes sure that an account exists: one never seen before starts on its own.
    pub(crate) fn meet(&mut self, id: &AccountId, now: AwsTime) {
        if !self.accounts.contains_key(id) {
            let account = Account::new(format!("Account {id}"), format!("aws+{id}@example.com"), now);
            self.add_account(id.clone(), account);
        }
    }

    /// Returns the organization of an account.
    pub(crate) fn organization_of(&self, account: &AccountId) -> Option<&Organization> {
        self.organizations
            .get(self.accounts.get(account)?.organization.as_ref()?)
    }

    /// Sets a timer for when a change of tags reaches the tagging index of an organization.
    pub(crate) fn note_tags(&mut self, organization: &OrganizationId, settings: &Settings, now: AwsTime) {
        let at = now.after(settings.tagging_delay_seconds.duration());
        self.timers.set(at, Timer::TagsVisible(organization.clone()));
    }
}
