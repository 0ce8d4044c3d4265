//! Steps about Identity Center and account settings.

use super::{LowerError, Results};
use lz_model::id::Arn;
use lz_model::identity::Center;
use lz_model::plan::{Access, Change, IdentityWork, SetContent, SettingsWork};
use lz_model::text::Text;
use lz_provider::{
    AssignmentCall, Call, IdentityCall, IdentityChange, SetBasics, SetPolicy, SettingsCall, TagList,
};
use std::collections::BTreeSet;

/// Calls about Identity Center.
#[derive(Debug)]
pub(crate) enum IdentityTask {
    /// A set that is made, and then given what it grants.
    Make {
        center: Center,
        create: Box<Call>,
        grants: Box<Grants>,
    },
    /// Calls one after the other.
    InOrder(Vec<Call>),
    /// Calls side by side, with what people call each.
    Together(Vec<(String, Call)>),
}

/// What a permission set grants, with every id filled in.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Grants {
    policies: BTreeSet<SetPolicy>,
    inline: Option<String>,
    boundary: Option<lz_model::identity::Boundary>,
}

/// Returns the calls of a step about Identity Center.
pub(super) fn identity(work: &IdentityWork, results: &Results) -> Result<IdentityTask, LowerError> {
    Ok(match work {
        IdentityWork::CreateSet { center, content } => {
            let change = IdentityChange::CreateSet {
                name: content.name.clone(),
                basics: basics(content),
                tags: results.tags(&content.tags)?,
            };
            IdentityTask::Make {
                center: center.clone(),
                create: Box::new(call(center, change)),
                grants: Box::new(grants(content, results)?),
            }
        }
        IdentityWork::UpdateSet { center, set, content } => {
            IdentityTask::InOrder(update(center, set, content, results)?)
        }
        IdentityWork::ProvisionSet { center, set, .. } => {
            let change = IdentityChange::Provision(results.id(&set.id)?);
            IdentityTask::InOrder(vec![call(center, change)])
        }
        IdentityWork::DeleteSet { center, set } => {
            let change = IdentityChange::DeleteSet(results.id(&set.id)?);
            IdentityTask::InOrder(vec![call(center, change)])
        }
        IdentityWork::Grant(access) => {
            IdentityTask::Together(assignments(access, results, IdentityChange::Assign)?)
        }
        IdentityWork::Revoke(access) => {
            IdentityTask::Together(assignments(access, results, IdentityChange::Unassign)?)
        }
    })
}

fn call(center: &Center, change: IdentityChange) -> Call {
    Call::Identity(Box::new(IdentityCall {
        center: center.clone(),
        change,
    }))
}

fn basics(content: &SetContent) -> SetBasics {
    SetBasics {
        description: content.description.clone(),
        session_seconds: content.session_seconds,
        relay_state: content.relay_state.clone(),
    }
}

fn grants(content: &SetContent, results: &Results) -> Result<Grants, LowerError> {
    let managed = content.managed.iter().cloned().map(SetPolicy::Managed);
    let customer = content.customer.iter().cloned().map(SetPolicy::Customer);
    Ok(Grants {
        policies: managed.chain(customer).collect(),
        inline: content
            .inline
            .as_ref()
            .map(|text| results.text(text))
            .transpose()?,
        boundary: content.boundary.clone(),
    })
}

/// Returns the calls that bring a set from what it grants to what it is to grant. A boundary comes first and goes
/// last; policies come before others go.
pub(crate) fn regrant(center: &Center, set: &Arn, before: &Grants, after: &Grants) -> Vec<Call> {
    let mut changes = Vec::new();
    if before.boundary != after.boundary && after.boundary.is_some() {
        changes.push(IdentityChange::Boundary(set.clone(), after.boundary.clone()));
    }
    let new = after.policies.difference(&before.policies);
    changes.extend(new.map(|policy| IdentityChange::AttachPolicy(set.clone(), policy.clone())));
    if before.inline != after.inline {
        changes.push(IdentityChange::Inline(set.clone(), after.inline.clone()));
    }
    let old = before.policies.difference(&after.policies);
    changes.extend(old.map(|policy| IdentityChange::DetachPolicy(set.clone(), policy.clone())));
    if before.boundary.is_some() && after.boundary.is_none() {
        changes.push(IdentityChange::Boundary(set.clone(), None));
    }
    changes.into_iter().map(|change| call(center, change)).collect()
}

fn update(
    center: &Center,
    set: &Arn,
    content: &Change<SetContent>,
    results: &Results,
) -> Result<Vec<Call>, LowerError> {
    let (before, after) = (&content.before, &content.after);
    let mut calls = Vec::new();
    // What lz recognizes a set by comes first: what follows is done in its name.
    let tags = results.tags(&after.tags)?;
    let new: TagList = tags
        .iter()
        .filter(|(key, value)| before.tags.get(*key).and_then(Text::known) != Some(value.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let gone: BTreeSet<String> = before
        .tags
        .keys()
        .filter(|key| !tags.contains_key(*key))
        .cloned()
        .collect();
    if !new.is_empty() {
        calls.push(call(center, IdentityChange::Tag(set.clone(), new)));
    }
    if basics(before) != basics(after) {
        calls.push(call(
            center,
            IdentityChange::UpdateSet(set.clone(), basics(after)),
        ));
    }
    let (granted, wanted) = (grants(before, results)?, grants(after, results)?);
    calls.extend(regrant(center, set, &granted, &wanted));
    if !gone.is_empty() {
        calls.push(call(center, IdentityChange::Untag(set.clone(), gone)));
    }
    Ok(calls)
}

fn assignments(
    access: &Access,
    results: &Results,
    change: fn(AssignmentCall) -> IdentityChange,
) -> Result<Vec<(String, Call)>, LowerError> {
    let set: Arn = results.id(&access.set.id)?;
    let one = |member: &lz_model::plan::Ref<lz_model::id::AccountId>| {
        let account = results.id(&member.id)?;
        let shown = format!("{account} {}", member.name);
        let assignment = AssignmentCall {
            set: set.clone(),
            kind: access.principal.kind,
            principal: access.principal_id.clone(),
            account,
        };
        Ok((shown, call(&access.center, change(assignment))))
    };
    access.members.iter().map(one).collect()
}

/// Returns the call of a step about an account's settings; nothing where there is nothing to set.
pub(super) fn settings(work: &SettingsWork, results: &Results) -> Result<Option<Call>, LowerError> {
    let account = results.id(&work.account().id)?;
    let call = match work {
        SettingsWork::PutContact { kind, contact, .. } => contact
            .after
            .clone()
            .map(|contact| SettingsCall::PutContact(account, *kind, contact)),
        SettingsWork::PutPrimaryContact { contact, .. } => contact
            .after
            .clone()
            .map(|contact| SettingsCall::PutPrimaryContact(account, contact)),
        SettingsWork::EnableRegion { region, .. } => {
            Some(SettingsCall::EnableRegion(account, region.clone()))
        }
    };
    Ok(call.map(|call| Call::Settings(Box::new(call))))
}
