//! What a map needs to know of the organization as it was when the plan was made. Kept with a saved plan.

use lz_model::address::Address;
use lz_model::id::{AccountId, OuId, ParentId, PolicyId, ResourceId, RootId, TargetId};
use lz_model::live::{Live, LiveTags};
use lz_model::plan::{Action, Known, Plan};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The OUs and accounts of an organization, and where the policies are attached that a plan touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outline {
    pub(super) root: RootId,
    pub(super) ous: BTreeMap<OuId, Unit>,
    pub(super) accounts: BTreeMap<AccountId, Unit>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) attached: BTreeMap<PolicyId, BTreeSet<TargetId>>,
}

/// An OU or an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unit {
    pub(super) name: String,
    pub(super) parent: ParentId,
    /// The address that the landing zone's tags tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    /// Tags, without lz's own and AWS's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) tags: LiveTags,
    /// Whether the account has ended or is about to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) leaving: bool,
}

impl Outline {
    /// Returns what a map of this plan needs; `None` where there is no organization yet.
    pub(crate) fn of(live: &Live, plan: &Plan) -> Option<Self> {
        let live = live.organization.as_ref()?;
        let unit = |name: &str, parent: &ParentId, tags: &LiveTags, leaving| Unit {
            name: name.to_owned(),
            parent: parent.clone(),
            address: address(tags, &plan.zone),
            tags: tags
                .iter()
                .filter(|(key, _)| is_shown(key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            leaving,
        };
        let ous = live
            .ous
            .iter()
            .map(|(id, ou)| (id.clone(), unit(&ou.name, &ou.parent, &ou.tags, false)));
        let accounts = live.accounts.iter().map(|(id, account)| {
            let leaving = account.state.is_leaving();
            (
                id.clone(),
                unit(&account.name, &account.parent, &account.tags, leaving),
            )
        });
        let touched: BTreeSet<&PolicyId> = plan
            .steps
            .iter()
            .filter_map(|step| policy(&step.action))
            .collect();
        let attached = touched.into_iter().filter_map(|id| {
            let policy = live.policies.get(id)?;
            Some((id.clone(), policy.targets.clone()))
        });
        Some(Self {
            root: live.root.id.clone(),
            ous: ous.collect(),
            accounts: accounts.collect(),
            attached: attached.collect(),
        })
    }
}

/// Returns whether a tag is somebody's, and neither lz's nor AWS's.
pub(super) fn is_shown(key: &str) -> bool {
    !key.starts_with("lz:") && !key.starts_with("aws:")
}

fn address(tags: &LiveTags, zone: &str) -> Option<String> {
    if tags.get(lz_plan::ZONE_TAG)? != zone {
        return None;
    }
    Some(Address::from_tag(tags.get(lz_plan::ADDRESS_TAG)?)?.to_string())
}

/// Returns the policy that an action changes wherever it is attached.
pub(super) const fn policy(action: &Action) -> Option<&PolicyId> {
    if let Action::UpdatePolicy { policy, .. } = action {
        return Some(policy);
    }
    if let Action::DeletePolicy { policy, .. } = action {
        return policy.id.now();
    }
    if let Action::SetTags { resource, .. } = action
        && let Known::Now(ResourceId::Policy(id)) = &resource.id
    {
        return Some(id);
    }
    None
}
