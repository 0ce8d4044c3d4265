//! What Identity Center keeps for a management account.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::clock::AwsTime;
use crate::identitystore::Directory;
use crate::settings::Settings;
use crate::world::{AccountId, AccountState, Tags, World};

/// A reference to a policy that every account must have under that path and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyName {
    pub(crate) path: String,
    pub(crate) name: String,
}

/// What bounds the permissions of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Boundary {
    /// A policy of AWS's own.
    Managed(String),
    /// A policy of the account.
    Customer(PolicyName),
}

/// A permission set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PermissionSet {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    pub(crate) session: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) relay: Option<String>,
    pub(crate) created_at: AwsTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) inline: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) managed: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) customer: BTreeSet<PolicyName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) boundary: Option<Boundary>,
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
    /// Rises with every change that accounts must be given.
    pub(crate) revision: u64,
    /// The revision that each account has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) provisioned: BTreeMap<AccountId, u64>,
}

/// Who is assigned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Principal {
    /// USER or GROUP.
    pub(crate) kind: String,
    pub(crate) id: String,
}

/// Someone may use a permission set in an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assignment {
    pub(crate) set: String,
    pub(crate) account: AccountId,
    pub(crate) principal: Principal,
}

/// What a request does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Work {
    Assign(Assignment),
    Unassign(Assignment),
    /// Gives a set to one account, or to all that have it.
    Provision {
        set: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<AccountId>,
    },
}

/// How far a request is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Progress {
    Running { until: AwsTime },
    Succeeded,
    Failed { reason: String },
}

impl Progress {
    /// Returns the member `Status`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Progress::Running { .. } => "IN_PROGRESS",
            Progress::Succeeded => "SUCCEEDED",
            Progress::Failed { .. } => "FAILED",
        }
    }
}

/// A request that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) work: Work,
    pub(crate) created_at: AwsTime,
    pub(crate) progress: Progress,
}

/// Everything that Identity Center keeps for a management account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct IdentityCenter {
    /// Permission sets by the last part of their ARN.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) sets: BTreeMap<String, PermissionSet>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) assignments: BTreeSet<Assignment>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) requests: BTreeMap<String, Request>,
    #[serde(skip_serializing_if = "Directory::is_empty")]
    pub(crate) directory: Directory,
    #[serde(skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}

impl IdentityCenter {
    /// Returns the moments at which requests end.
    pub(crate) fn due(&self) -> impl Iterator<Item = AwsTime> {
        self.requests
            .values()
            .filter_map(|request| match request.progress {
                Progress::Running { until } => Some(until),
                Progress::Succeeded | Progress::Failed { .. } => None,
            })
    }

    fn end(&mut self, work: &Work, usable: impl Fn(&AccountId) -> bool) -> Result<(), String> {
        match work {
            Work::Assign(assignment) => {
                if !self
                    .directory
                    .has(&assignment.principal.kind, &assignment.principal.id)
                {
                    let id = &assignment.principal.id;
                    return Err(format!("the identity store has no principal {id}"));
                }
                self.provision(&assignment.set, &assignment.account, &usable)?;
                self.assignments.insert(assignment.clone());
                Ok(())
            }
            Work::Unassign(assignment) => {
                self.assignments.remove(assignment);
                let same =
                    |other: &Assignment| other.set == assignment.set && other.account == assignment.account;
                if !self.assignments.iter().any(same)
                    && let Some(set) = self.sets.get_mut(&assignment.set)
                {
                    set.provisioned.remove(&assignment.account);
                }
                Ok(())
            }
            Work::Provision { set, account } => {
                let all = self
                    .sets
                    .get(set)
                    .map(|set| set.provisioned.keys().cloned().collect());
                let accounts: Vec<AccountId> = match account {
                    Some(account) => vec![account.clone()],
                    None => all.unwrap_or_default(),
                };
                for account in accounts {
                    self.provision(set, &account, &usable)?;
                }
                Ok(())
            }
        }
    }

    fn provision(
        &mut self,
        set: &str,
        account: &AccountId,
        usable: impl Fn(&AccountId) -> bool,
    ) -> Result<(), String> {
        if !usable(account) {
            return Err(format!("account {account} can't be reached"));
        }
        let Some(set) = self.sets.get_mut(set) else {
            return Err("the permission set is gone".to_owned());
        };
        set.provisioned.insert(account.clone(), set.revision);
        Ok(())
    }
}

/// Lets every request end that is due.
pub(crate) fn pass_time(world: &mut World, at: AwsTime, _: &Settings) {
    let accounts = &world.accounts;
    let usable = |id: &AccountId| {
        accounts
            .get(id)
            .is_some_and(|account| account.state == AccountState::Active)
    };
    for center in world.neighbours.identity_centers.values_mut() {
        let due = |request: &Request| matches!(request.progress, Progress::Running { until } if until <= at);
        let mut ended: Vec<(AwsTime, String)> = center
            .requests
            .iter()
            .filter(|(_, request)| due(request))
            .map(|(id, request)| (request.created_at, id.clone()))
            .collect();
        ended.sort();
        for (_, id) in ended {
            let Some(work) = center.requests.get(&id).map(|request| request.work.clone()) else {
                continue;
            };
            let progress = match center.end(&work, usable) {
                Ok(()) => Progress::Succeeded,
                Err(reason) => Progress::Failed { reason },
            };
            if let Some(request) = center.requests.get_mut(&id) {
                request.progress = progress;
            }
        }
    }
}
