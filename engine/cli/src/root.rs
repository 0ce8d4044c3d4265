//! Members' root users as the views show them.

use lz_provider::{Member, RootCredentials, RootSummary};
use serde::Serialize;

/// What the root users of all member accounts can sign in with.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub(crate) struct RootAudit {
    /// Member accounts that were looked at.
    pub(crate) looked_at: usize,
    /// Accounts whose root user has credentials.
    pub(crate) with_credentials: Vec<RootFound>,
    /// Accounts that could not be looked at.
    pub(crate) unknown: Vec<RootUnknown>,
}

/// An account whose root user has credentials.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct RootFound {
    /// The account.
    pub(crate) account: String,
    /// Its name.
    pub(crate) name: String,
    /// The sorts of credentials: `password`, `access keys`, `certificates`, `MFA`.
    pub(crate) has: Vec<&'static str>,
}

/// An account that could not be looked at.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct RootUnknown {
    /// The account.
    pub(crate) account: String,
    /// Its name.
    pub(crate) name: String,
    /// Why.
    pub(crate) error: String,
}

impl RootAudit {
    /// Returns what was found, sorted out.
    pub(crate) fn of(audits: Vec<lz_apply::RootAudit>) -> Self {
        let mut sorted = Self::default();
        for lz_apply::RootAudit { member, found } in audits {
            let account = member.id.to_string();
            let name = member.name;
            match found {
                Ok(summary) => {
                    sorted.looked_at += 1;
                    let has = sorts(summary);
                    if summary.is_any() {
                        sorted.with_credentials.push(RootFound { account, name, has });
                    }
                }
                Err(error) => sorted.unknown.push(RootUnknown {
                    account,
                    name,
                    error: error.to_string(),
                }),
            }
        }
        sorted
    }
}

fn sorts(summary: RootSummary) -> Vec<&'static str> {
    let sorts = [
        (summary.password, "password"),
        (summary.access_keys, "access keys"),
        (summary.certificates, "certificates"),
        (summary.mfa, "MFA"),
    ];
    sorts
        .into_iter()
        .filter_map(|(there, sort)| there.then_some(sort))
        .collect()
}

/// The credentials of one root user, before or after they are taken away.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct RootRemoval {
    /// The account.
    pub(crate) account: String,
    /// Its name.
    pub(crate) name: String,
    /// What there was, one by one: `password`, `access key AKIA...`.
    pub(crate) credentials: Vec<String>,
    /// Whether it was taken away; false where there was nothing.
    pub(crate) removed: bool,
}

impl RootRemoval {
    /// Returns what an account's root user has.
    pub(crate) fn of(member: &Member, held: &RootCredentials) -> Self {
        let each = |sort: &'static str, ids: &[String]| -> Vec<String> {
            ids.iter().map(|id| format!("{sort} {id}")).collect()
        };
        let password = held.password.then(|| "password".to_owned());
        let credentials = password
            .into_iter()
            .chain(each("access key", &held.access_keys))
            .chain(each("certificate", &held.certificates))
            .chain(each("MFA device", &held.mfa_devices));
        Self {
            account: member.id.to_string(),
            name: member.name.clone(),
            credentials: credentials.collect(),
            removed: false,
        }
    }
}
