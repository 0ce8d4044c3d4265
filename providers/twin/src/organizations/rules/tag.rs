//! Tags: what can carry them, and the index behind the tagging API.

use crate::organizations::wire::{InputProblem, invalid};
use crate::organizations::{Code, Organization};
use crate::wire::{Change, Refusal};
use crate::world::{PolicyId, ResourcePolicyId, Tags, TargetId};

/// What can carry tags (aws-facts 1.2): account, root, OU, policy, resource policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Taggable {
    /// Root, OU or account.
    Target(TargetId),
    /// A policy of the organization.
    Policy(PolicyId),
    /// The resource policy.
    ResourcePolicy(ResourcePolicyId),
}

impl Taggable {
    /// Returns the resource that an id names, whether it exists or not.
    pub(crate) fn parse(text: &str) -> Option<Taggable> {
        TargetId::parse(text)
            .map(Taggable::Target)
            .or_else(|| PolicyId::parse(text).map(Taggable::Policy))
            .or_else(|| ResourcePolicyId::parse(text).map(Taggable::ResourcePolicy))
    }

    /// Returns the resource type as ARNs write it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Taggable::Target(TargetId::Root(_)) => "root",
            Taggable::Target(TargetId::Unit(_)) => "ou",
            Taggable::Target(TargetId::Account(_)) => "account",
            Taggable::Policy(_) => "policy",
            Taggable::ResourcePolicy(_) => "resourcepolicy",
        }
    }

    /// Returns its tags, if it exists.
    pub(crate) fn tags<'a>(&self, org: &'a Organization) -> Option<&'a Tags> {
        match self {
            Taggable::Target(id) => org.tags(id),
            Taggable::Policy(id) => org.policy(id).map(|policy| &policy.tags),
            Taggable::ResourcePolicy(id) => org
                .resource_policy
                .as_ref()
                .filter(|policy| policy.id == *id)
                .map(|policy| &policy.tags),
        }
    }

    /// Replaces its tags.
    fn set(&self, org: &mut Organization, tags: Tags) {
        match self {
            Taggable::Target(id) => {
                if let Some(place) = org.tags_mut(id) {
                    *place = tags;
                }
            }
            Taggable::Policy(id) => org.change_policy(id, |policy| policy.tags = tags),
            Taggable::ResourcePolicy(_) => {
                if let Some(policy) = org.resource_policy.as_mut() {
                    policy.tags = tags;
                }
            }
        }
    }

    fn arn(&self, change: &Change<'_>) -> Option<String> {
        let arns = change.org.arns(change.call.settings.partition);
        match self {
            Taggable::Target(id) => Some(arns.target(id)),
            Taggable::Policy(id) => change
                .org
                .policy(id)
                .map(|policy| arns.policy(id, policy.kind, policy.aws_managed)),
            Taggable::ResourcePolicy(id) => Some(arns.resource_policy(id)),
        }
    }
}

/// Returns the tags of a resource that exists (aws-facts 1.3, TargetNotFoundException).
pub(crate) fn tags_or_refuse<'a>(
    org: &'a Organization,
    resource: &Taggable,
    text: &str,
) -> Result<&'a Tags, Refusal> {
    resource
        .tags(org)
        .ok_or_else(|| Code::TargetNotFound.because(format!("there is no resource `{text}`")))
}

/// AWS's own policies belong to no organization and carry no tags (twin default: TARGET_NOT_SUPPORTED).
pub(crate) fn refuse_managed(org: &Organization, resource: &Taggable) -> Result<(), Refusal> {
    match resource {
        Taggable::Policy(id) if org.policy(id).is_some_and(|policy| policy.aws_managed) => Err(invalid(
            InputProblem::TargetNotSupported,
            format!("policy `{id}` is managed by AWS and can't be tagged"),
        )),
        Taggable::Policy(_) | Taggable::Target(_) | Taggable::ResourcePolicy(_) => Ok(()),
    }
}

/// Replaces the tags of a resource and tells the index.
pub(crate) fn replace(change: &mut Change<'_>, resource: &Taggable, tags: Tags) {
    resource.set(change.org, tags.clone());
    tell(change, resource, Some(tags));
}

/// Tells the index about the tags that a new root, OU or account came with.
pub(crate) fn note(change: &mut Change<'_>, target: &TargetId, tags: &Tags) {
    if !tags.is_empty() {
        tell(change, &Taggable::Target(target.clone()), Some(tags.clone()));
    }
}

/// Tells the index that an OU or account is gone.
pub(crate) fn forget(change: &mut Change<'_>, target: &TargetId) {
    tell(change, &Taggable::Target(target.clone()), None);
}

/// Tells the index about a resource: its tags, or that it is gone.
pub(crate) fn tell(change: &mut Change<'_>, resource: &Taggable, tags: Option<Tags>) {
    let Some(arn) = resource.arn(change) else { return };
    let (now, settings) = (change.call.now, change.call.settings);
    change
        .org
        .tag_index
        .note(now.after(settings.tagging_delay_seconds.duration()), arn, tags);
    let id = change.org.id.clone();
    change.world.note_tags(&id, settings, now);
}
