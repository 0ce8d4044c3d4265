//! What others need to know of the accounts of a spec: id, ARN, place and role.

use lz_model::address::{ADDRESS_TAG, Address, Name, ZONE_TAG};
use lz_model::desired::{Desired, DesiredAccount};
use lz_model::live::{AccountState, Live, LiveAccount, LiveOrganization};
use lz_model::plan::{Action, Plan, StepId};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The version of the format. It rises with the first new field.
pub(crate) const FORMAT: u32 = 1;

/// The role that AWS makes in a new account unless the spec names another (aws-facts section 1.2).
const DEFAULT_ROLE: &str = "OrganizationAccountAccessRole";

/// The accounts of a spec as AWS has them, by address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Outputs {
    /// The version of the format.
    pub(crate) format: u32,
    /// The landing zone's name.
    pub(crate) zone: String,
    /// The organization's id; `None` while there is none.
    pub(crate) organization: Option<String>,
    /// The accounts that are there, by address.
    pub(crate) accounts: BTreeMap<String, AccountOutput>,
    /// Addresses of accounts that the spec declares and AWS does not have yet.
    pub(crate) missing: Vec<String>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct AccountOutput {
    /// Its id.
    pub(crate) id: String,
    /// Its ARN.
    pub(crate) arn: String,
    /// Its name.
    pub(crate) name: String,
    /// The root user's e-mail address.
    pub(crate) email: String,
    /// Where it is: the names of its OUs with `/` between them, `Root` for the root.
    pub(crate) ou: String,
    /// Its state: active, pending_activation, suspended, pending_closure or closed.
    pub(crate) state: &'static str,
    /// The role that the management account enters it by; `None` for an account that Organizations did not make.
    pub(crate) role_arn: Option<String>,
    /// The last day, if the spec gives one.
    pub(crate) expires: Option<String>,
    /// Whether this run made it.
    pub(crate) created: bool,
}

impl Outputs {
    /// Returns what is there; `created` holds the addresses of accounts that this run made.
    pub(crate) fn of(desired: &Desired, live: &Live, created: &BTreeSet<Address>) -> Self {
        let organization = live.organization.as_ref();
        let mut outputs = Self {
            format: FORMAT,
            zone: desired.zone.name.clone(),
            organization: organization.map(|live| live.id.to_string()),
            accounts: BTreeMap::new(),
            missing: Vec::new(),
        };
        for (name, wanted) in &desired.accounts {
            let address = Address::Account(name.clone());
            let found = organization.and_then(|live| Some((live, find(desired, live, name, wanted)?)));
            match found {
                Some((live, account)) => {
                    let output = account_of(live, account, wanted, created.contains(&address));
                    outputs.accounts.insert(address.to_string(), output);
                }
                None => outputs.missing.push(address.to_string()),
            }
        }
        outputs
    }

    /// Returns the outputs of one account alone.
    pub(crate) fn only(mut self, address: &str) -> Self {
        self.accounts.retain(|known, _| known == address);
        self.missing.retain(|known| known == address);
        self
    }

    /// Returns the one document, ended.
    pub(crate) fn document(&self) -> String {
        // Maps have text keys, so this cannot fail; an empty document would say so.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        text + "\n"
    }
}

/// Returns the addresses of the accounts that a run has made.
pub(crate) fn created(plan: &Plan, done: &[StepId]) -> BTreeSet<Address> {
    let done: BTreeSet<&StepId> = done.iter().collect();
    let made = plan
        .steps
        .iter()
        .filter(|step| matches!(step.action, Action::CreateAccount { .. }) && done.contains(&step.id));
    made.map(|step| step.address.clone()).collect()
}

/// An account is found as a plan finds it: by its id, its tags, or its e-mail address.
fn find<'l>(
    desired: &Desired,
    live: &'l LiveOrganization,
    name: &Name,
    wanted: &DesiredAccount,
) -> Option<&'l LiveAccount> {
    if let Some(id) = wanted.id.as_ref().or(wanted.invite.as_ref()) {
        return live.accounts.get(id);
    }
    let tag = Address::Account(name.clone()).to_tag();
    let is = |account: &&LiveAccount, key: &str, value: &str| {
        account.tags.get(key).is_some_and(|found| found == value)
    };
    let ours =
        |account: &&LiveAccount| is(account, ZONE_TAG, &desired.zone.name) && is(account, ADDRESS_TAG, &tag);
    let same = |account: &&LiveAccount| account.email.key() == wanted.email.key();
    let mut accounts = live.accounts.values();
    accounts.find(ours).or_else(|| live.accounts.values().find(same))
}

const fn state(state: AccountState) -> &'static str {
    match state {
        AccountState::PendingActivation => "pending_activation",
        AccountState::Active => "active",
        AccountState::Suspended => "suspended",
        AccountState::PendingClosure => "pending_closure",
        AccountState::Closed => "closed",
    }
}

fn account_of(
    live: &LiveOrganization,
    account: &LiveAccount,
    wanted: &DesiredAccount,
    created: bool,
) -> AccountOutput {
    let arn = account.arn.to_string();
    let partition = arn.split(':').nth(1).unwrap_or("aws");
    let role = wanted.role_name.as_deref().unwrap_or(DEFAULT_ROLE);
    let has_role = account.created && account.id != live.management_account;
    let role_arn = has_role.then(|| format!("arn:{partition}:iam::{}:role/{role}", account.id));
    AccountOutput {
        id: account.id.to_string(),
        name: account.name.clone(),
        email: account.email.as_str().to_owned(),
        ou: live.path(&account.parent),
        state: state(account.state),
        role_arn,
        expires: wanted.expires.map(|expires| expires.to_string()),
        created,
        arn,
    }
}
