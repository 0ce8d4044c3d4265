//! One step becomes what carries it out, with every id filled in.

use lz_model::address::Address;
use lz_model::desired::Tags;
use lz_model::id::{AccountId, IdError, ParentId, Region, ResourceId, RootId, TargetId};
use lz_model::plan::{Action, Known, Step, StepId};
use lz_model::stack::Gate;
use lz_model::text::{Attribute, Hole, Text};
use lz_provider::{Call, Created, SetHandle, SetOperation, TagList, TowerCall};
use std::collections::BTreeMap;

mod administrators;
mod features;
mod identity;
mod stacks;
mod tower;

pub(crate) use identity::{Grants, IdentityTask, regrant};

/// What the steps of this run have created so far.
#[derive(Debug, Default)]
pub(crate) struct Results {
    by_step: BTreeMap<StepId, Created>,
    by_address: BTreeMap<Address, Created>,
}

impl Results {
    pub(crate) fn add(&mut self, step: StepId, address: Address, created: Created) {
        if address == Address::Organization {
            // What creating an organization brings is its root; the root's ARN names the organization.
            self.by_address.insert(Address::Root, created.clone());
            self.by_address
                .extend(organization_of(&created).map(|organization| (address, organization)));
            self.by_step.insert(step, created);
            return;
        }
        self.by_address.insert(address, created.clone());
        self.by_step.insert(step, created);
    }

    fn id<T: Clone + TryFrom<String, Error = IdError>>(&self, known: &Known<T>) -> Result<T, LowerError> {
        match known {
            Known::Now(id) => Ok(id.clone()),
            Known::After(step) => {
                let created = self
                    .by_step
                    .get(step)
                    .ok_or_else(|| LowerError::NotMade(step.clone()))?;
                T::try_from(created.id.clone()).map_err(|source| LowerError::WrongId {
                    step: step.clone(),
                    source,
                })
            }
        }
    }

    fn parent(&self, known: &Known<ParentId>) -> Result<ParentId, LowerError> {
        self.id(known)
    }

    fn text(&self, text: &Text) -> Result<String, LowerError> {
        let filled = text.fill(|hole| {
            let created = self.by_address.get(&hole.address)?;
            match hole.attribute {
                Attribute::Id => Some(created.id.clone()),
                Attribute::Arn => created.arn.clone(),
            }
        });
        match (filled.known(), filled.holes().next()) {
            (Some(text), _) => Ok(text.to_owned()),
            (None, Some(hole)) => Err(LowerError::Hole(hole.clone())),
            (None, None) => Ok(filled.to_string()),
        }
    }

    fn tags(&self, tags: &Tags) -> Result<TagList, LowerError> {
        tags.iter()
            .map(|(key, value)| self.text(value).map(|value| (key.clone(), value)))
            .collect()
    }
}

/// Returns the organization that a root belongs to: `...:root/<organization>/<root>` (aws-facts section 1.2).
fn organization_of(root: &Created) -> Option<Created> {
    let (prefix, path) = root.arn.as_ref()?.split_once(":root/")?;
    let (organization, _) = path.split_once('/')?;
    Some(Created {
        id: organization.to_owned(),
        arn: Some(format!("{prefix}:organization/{organization}")),
        tags: TagList::new(),
    })
}

/// A step that cannot become calls: a plan that was not checked, or an answer of AWS that is not an id.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LowerError {
    #[error("the step `{0}` has made nothing that this step could use")]
    NotMade(StepId),
    #[error("the step `{step}` brought no usable id")]
    WrongId {
        step: StepId,
        #[source]
        source: IdError,
    },
    #[error("`{0}` is not known")]
    Hole(Hole),
}

/// What is to be done for a step, with every id filled in.
#[derive(Debug)]
pub(crate) enum Task {
    /// These calls, in order.
    Calls(Vec<Call>),
    /// An operation of a stack set, followed to its end.
    Operate(Box<Operate>),
    /// A change of what a stack set does by itself, and the operation that it may start.
    Configure(SetHandle, Box<Call>),
    /// A wait and a question.
    PassGate(u64, Option<Gate>),
    /// What AWS does by itself.
    Await(Box<Await>),
    /// Something about Identity Center.
    Identity(IdentityTask),
    /// An operation of Control Tower, followed to its end.
    Tower(Box<TowerCall>),
    /// An account that Control Tower enrols by itself.
    Enrol(Box<Enrol>),
}

/// An account that comes into a registered OU.
#[derive(Debug)]
pub(crate) struct Enrol {
    pub(crate) region: Region,
    pub(crate) account: AccountId,
}

/// An operation of a stack set.
#[derive(Debug)]
pub(crate) struct Operate {
    pub(crate) operation: SetOperation,
    pub(crate) retries: u32,
    /// How many stacks the plan expects.
    pub(crate) instances: usize,
}

/// Accounts that AWS deploys to, or leaves, by itself.
#[derive(Debug)]
pub(crate) struct Await {
    pub(crate) set: SetHandle,
    pub(crate) gains: Vec<AccountId>,
    pub(crate) loses: Vec<AccountId>,
    pub(crate) regions: Vec<Region>,
}

/// Returns what is to be done for a step. `token` makes a repeated request one.
pub(crate) fn lower(step: &Step, results: &Results, token: String) -> Result<Task, LowerError> {
    if let Action::StackSet(work) = &step.action {
        return stacks::stack_set(work, results, token);
    }
    if let Action::Tower(step) = &step.action {
        return tower::tower(step, results);
    }
    if let Action::Identity(work) = &step.action {
        return identity::identity(work, results).map(Task::Identity);
    }
    calls(&step.action, results, token).map(Task::Calls)
}

/// Returns the calls of an action, in order.
fn calls(action: &Action, results: &Results, token: String) -> Result<Vec<Call>, LowerError> {
    if let Action::SetTags { .. } = action {
        return retag(action, results);
    }
    if let Action::Feature(work) = action {
        return Ok(vec![features::call(work, results)?]);
    }
    if let Action::RegisterAdmin { .. } | Action::DeregisterAdmin { .. } = action {
        return administrators::calls(action, results);
    }
    if let Action::Stack(work) = action {
        return Ok(vec![stacks::stack(work, results, token)?]);
    }
    Ok(call(action, results)?.into_iter().collect())
}

/// Returns the one call of an action that is one call.
fn call(action: &Action, results: &Results) -> Result<Option<Call>, LowerError> {
    Ok(Some(match action {
        Action::StackSet(_)
        | Action::Stack(_)
        | Action::Tower(_)
        | Action::Identity(_)
        | Action::SetTags { .. }
        | Action::Feature(_)
        | Action::RegisterAdmin { .. }
        | Action::DeregisterAdmin { .. } => return Ok(None),
        Action::Settings(work) => return identity::settings(work, results),
        Action::CreateOrganization {} => Call::CreateOrganization,
        Action::EnableTrustedService { service } => Call::EnableTrustedService(service.clone()),
        Action::DisableTrustedService { service } => Call::DisableTrustedService(service.clone()),
        Action::EnablePolicyType { policy_type, root } => {
            Call::EnablePolicyType(results.id::<RootId>(root)?, *policy_type)
        }
        Action::DisablePolicyType { policy_type, root } => {
            Call::DisablePolicyType(results.id::<RootId>(root)?, *policy_type)
        }
        Action::CreateOu { name, parent, tags } => Call::CreateOu {
            parent: results.parent(&parent.id)?,
            name: name.clone(),
            tags: results.tags(tags)?,
        },
        Action::RenameOu { ou, name } => Call::RenameOu(ou.clone(), name.after.clone()),
        Action::DeleteOu { ou } => Call::DeleteOu(results.id(&ou.id)?),
        Action::CreateAccount {
            name,
            email,
            role_name,
            iam_user_access_to_billing,
            tags,
        } => Call::CreateAccount {
            name: name.clone(),
            email: email.clone(),
            role_name: role_name.clone(),
            iam_user_access_to_billing: *iam_user_access_to_billing,
            tags: results.tags(tags)?,
        },
        Action::MoveAccount { account, from, to } => Call::MoveAccount {
            account: results.id(&account.id)?,
            from: results.parent(&from.id)?,
            to: results.parent(&to.id)?,
        },
        Action::RenameAccount { account, name } => Call::RenameAccount(account.clone(), name.after.clone()),
        Action::CloseAccount { account } => Call::CloseAccount(results.id(&account.id)?),
        Action::ReleaseAccount { account } => Call::ReleaseAccount(results.id(&account.id)?),
        Action::CreatePolicy {
            policy_type,
            name,
            description,
            content,
            tags,
        } => Call::CreatePolicy {
            policy_type: *policy_type,
            name: name.clone(),
            description: results.text(description)?,
            content: results.text(content)?,
            tags: results.tags(tags)?,
        },
        Action::UpdatePolicy {
            policy,
            name,
            description,
            content,
            ..
        } => Call::UpdatePolicy {
            policy: policy.clone(),
            name: name.as_ref().map(|name| name.after.clone()),
            description: description
                .as_ref()
                .map(|change| results.text(&change.after))
                .transpose()?,
            content: content
                .as_ref()
                .map(|change| results.text(&change.after))
                .transpose()?,
        },
        Action::DeletePolicy { policy, .. } => Call::DeletePolicy(results.id(&policy.id)?),
        Action::AttachPolicy { policy, target, .. } => {
            Call::AttachPolicy(results.id(&policy.id)?, results.id::<TargetId>(&target.id)?)
        }
        Action::DetachPolicy { policy, target, .. } => {
            Call::DetachPolicy(results.id(&policy.id)?, results.id::<TargetId>(&target.id)?)
        }
    }))
}

/// Setting comes before removing, so that an object never lacks lz's tags in between.
fn retag(action: &Action, results: &Results) -> Result<Vec<Call>, LowerError> {
    let Action::SetTags {
        resource,
        set,
        remove,
        ..
    } = action
    else {
        return Ok(Vec::new());
    };
    let resource: ResourceId = results.id(&resource.id)?;
    let mut tags = TagList::new();
    for (key, change) in set {
        if let Some(after) = &change.after {
            tags.insert(key.clone(), results.text(after)?);
        }
    }
    let mut calls = Vec::new();
    if !tags.is_empty() {
        calls.push(Call::Tag(resource.clone(), tags));
    }
    if !remove.is_empty() {
        calls.push(Call::Untag(resource, remove.keys().cloned().collect()));
    }
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organization_is_known_from_its_root() {
        let mut results = Results::default();
        let root = Created {
            id: "r-ab12".to_owned(),
            arn: Some("arn:aws:organizations::111122223333:root/o-abcdefghij/r-ab12".to_owned()),
            tags: TagList::new(),
        };
        results.add(
            StepId::new(&Address::Organization, "create"),
            Address::Organization,
            root,
        );
        let id = Text::hole(Address::Organization, Attribute::Id);
        assert_eq!(results.text(&id).unwrap(), "o-abcdefghij");
        let arn = Text::hole(Address::Organization, Attribute::Arn);
        assert_eq!(
            results.text(&arn).unwrap(),
            "arn:aws:organizations::111122223333:organization/o-abcdefghij"
        );
        let root = Text::hole(Address::Root, Attribute::Id);
        assert_eq!(results.text(&root).unwrap(), "r-ab12");
    }
}
