//! Tags: at once through the tagging index, one by one where the index cannot be believed.
//!
//! The index is the only bulk way to tags, and AWS does not say how far it lags behind the objects nor
//! promise that it shows OUs and policies (aws-facts sections 7 and 9). A wrong plan is worse than a slow
//! one, so an index that shows nothing of a kind is not believed about that kind.

use crate::connection::Connection;
use crate::operation::Operation;
use crate::read::progress::Progress;
use crate::read::tree::IN_FLIGHT;
use aws_sdk_resourcegroupstagging::types::ResourceTagMapping;
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::id::{ResourceId, TargetId};
use lz_model::limits::TAGGING_PAGE;
use lz_model::live::{LiveOrganization, LiveTags};
use lz_provider::{Kind, ProviderError};
use std::collections::{BTreeMap, BTreeSet};

const TYPES: [&str; 4] = [
    "organizations:account",
    "organizations:ou",
    "organizations:policy",
    "organizations:root",
];

/// Tags as far as they are known.
#[derive(Debug)]
pub(crate) struct Known {
    index: BTreeMap<ResourceId, LiveTags>,
    /// Read from the object itself; `None` where the object is gone.
    sure: BTreeMap<ResourceId, Option<LiveTags>>,
}

/// A kind of object, as far as the index goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kinds {
    Root,
    Ou,
    Account,
    Policy,
}

fn kind(resource: &ResourceId) -> Kinds {
    match resource {
        ResourceId::Target(TargetId::Root(_)) => Kinds::Root,
        ResourceId::Target(TargetId::Ou(_)) => Kinds::Ou,
        ResourceId::Target(TargetId::Account(_)) => Kinds::Account,
        ResourceId::Policy(_) => Kinds::Policy,
    }
}

impl Known {
    /// Returns what an index shows.
    pub(crate) fn of_index(index: BTreeMap<ResourceId, LiveTags>) -> Self {
        Self {
            index,
            sure: BTreeMap::new(),
        }
    }

    /// Returns an object's tags, or `None` if it has none that are known.
    pub(crate) fn of(&self, resource: &ResourceId) -> Option<&LiveTags> {
        match self.sure.get(resource) {
            Some(tags) => tags.as_ref(),
            None => self.index.get(resource),
        }
    }

    /// Returns whether the tags come from the object itself.
    pub(crate) fn is_sure(&self, resource: &ResourceId) -> bool {
        self.sure.contains_key(resource)
    }

    /// Returns whether the index shows the object at all: it does from its first tag on.
    pub(crate) fn is_indexed(&self, resource: &ResourceId) -> bool {
        self.index.contains_key(resource)
    }

    /// Reads the tags of those of the objects whose kind the index does not show.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    pub(crate) async fn complete(
        &mut self,
        connection: &Connection,
        resources: &BTreeSet<ResourceId>,
        progress: &Progress<'_>,
    ) -> Result<(), ProviderError> {
        let shown: BTreeSet<Kinds> = self.index.keys().map(kind).collect();
        let unseen = resources.iter().filter(|resource| match kind(resource) {
            Kinds::Ou | Kinds::Policy => !shown.contains(&kind(resource)),
            // Accounts are seen in the index in public use, and most organizations tag no root.
            Kinds::Account | Kinds::Root => shown.is_empty(),
        });
        let unseen = unseen.cloned().collect();
        self.confirm(connection, &unseen, progress).await
    }

    /// Reads the objects' own tags, unless that has been done.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    pub(crate) async fn confirm(
        &mut self,
        connection: &Connection,
        resources: &BTreeSet<ResourceId>,
        progress: &Progress<'_>,
    ) -> Result<(), ProviderError> {
        let asked: Vec<ResourceId> = resources
            .iter()
            .filter(|resource| !self.is_sure(resource))
            .cloned()
            .collect();
        let answers: Vec<(ResourceId, Option<LiveTags>)> = stream::iter(asked)
            .map(|resource| async move {
                match list_tags(connection, &resource).await {
                    Ok(tags) => Ok((resource, Some(tags))),
                    Err(error) if error.kind == Kind::NotFound => Ok((resource, None)),
                    Err(error) => Err(error),
                }
            })
            .buffer_unordered(IN_FLIGHT)
            .inspect(|_| progress.on("tags"))
            .try_collect()
            .await?;
        self.sure.extend(answers);
        Ok(())
    }

    /// Puts the tags onto the objects.
    pub(crate) fn put(&self, organization: &mut LiveOrganization) {
        let of = |resource| self.of(&resource).cloned().unwrap_or_default();
        let root = TargetId::Root(organization.root.id.clone());
        organization.root.tags = of(ResourceId::Target(root));
        for ou in organization.ous.values_mut() {
            ou.tags = of(ResourceId::Target(TargetId::Ou(ou.id.clone())));
        }
        for account in organization.accounts.values_mut() {
            account.tags = of(ResourceId::Target(TargetId::Account(account.id.clone())));
        }
        for policy in organization.policies.values_mut() {
            policy.tags = of(ResourceId::Policy(policy.id.clone()));
        }
    }
}

/// Returns the root, the OUs and the accounts.
pub(crate) fn entities(organization: &LiveOrganization) -> BTreeSet<ResourceId> {
    let root = TargetId::Root(organization.root.id.clone());
    let ous = organization.ous.keys().cloned().map(TargetId::Ou);
    let accounts = organization.accounts.keys().cloned().map(TargetId::Account);
    let all = std::iter::once(root).chain(ous).chain(accounts);
    all.map(ResourceId::Target).collect()
}

/// Reads the index. One that refuses or fails shows nothing, and each object is asked instead: rights for
/// it may be missing, and other implementations of Organizations do not have it.
pub(crate) async fn index(connection: &Connection, progress: &Progress<'_>) -> Result<Known, ProviderError> {
    let mappings = connection
        .list(
            Operation::GetResources,
            |token| {
                let request = connection.clients.tagging.get_resources();
                request
                    .set_resource_type_filters(Some(TYPES.map(str::to_owned).into()))
                    .resources_per_page(TAGGING_PAGE as i32)
                    .set_pagination_token(token)
                    .send()
            },
            |answer| {
                progress.on("tags");
                (answer.resource_tag_mapping_list, answer.pagination_token)
            },
        )
        .await;
    let index = mappings
        .unwrap_or_default()
        .into_iter()
        .filter_map(entry)
        .collect();
    Ok(Known::of_index(index))
}

/// Returns an object and its tags. The ARN ends with the id (aws-facts section 1.2); objects of kinds
/// that lz does not tag are left out.
fn entry(mapping: ResourceTagMapping) -> Option<(ResourceId, LiveTags)> {
    let arn = mapping.resource_arn?;
    let (_, id) = arn.rsplit_once('/')?;
    let tags = mapping.tags.unwrap_or_default();
    let tags = tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
    Some((ResourceId::try_from(id.to_owned()).ok()?, tags))
}

/// Returns an object's own tags.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn list_tags(
    connection: &Connection,
    resource: &ResourceId,
) -> Result<LiveTags, ProviderError> {
    let operation = Operation::ListTags;
    // This list has a token but takes no page size (aws-facts section 1.1).
    let tags = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_tags_for_resource();
                request
                    .resource_id(resource.as_str())
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.tags, answer.next_token),
        )
        .await?;
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}
