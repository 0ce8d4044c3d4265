//! Tags, and the SDK's form of what several calls send.

use crate::classify::unsendable;
use crate::connection::Connection;
use crate::operation::Operation;
use aws_sdk_organizations::types::{PolicyType as SdkPolicyType, Tag};
use lz_model::id::ResourceId;
use lz_model::policy_type::PolicyType;
use lz_provider::{ProviderError, TagList};
use std::collections::BTreeSet;

/// Sets tags.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn set(
    connection: &Connection,
    resource: &ResourceId,
    tags: &TagList,
) -> Result<(), ProviderError> {
    let operation = Operation::TagResource;
    let tags = sdk_tags(operation, tags)?;
    connection
        .send(operation, || {
            let request = connection.clients.organizations.tag_resource();
            request
                .resource_id(resource.as_str())
                .set_tags(tags.clone())
                .send()
        })
        .await
        .map(drop)
}

/// Takes tags away.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn remove(
    connection: &Connection,
    resource: &ResourceId,
    keys: &BTreeSet<String>,
) -> Result<(), ProviderError> {
    connection
        .send(Operation::UntagResource, || {
            let request = connection.clients.organizations.untag_resource();
            let keys = keys.iter().cloned().collect();
            request
                .resource_id(resource.as_str())
                .set_tag_keys(Some(keys))
                .send()
        })
        .await
        .map(drop)
}

/// Returns tags as the SDK sends them; `None` where there are none.
///
/// # Errors
/// [`lz_provider::Kind::Bug`] where the SDK refuses one.
pub(super) fn sdk_tags(operation: Operation, tags: &TagList) -> Result<Option<Vec<Tag>>, ProviderError> {
    let tags: Result<Vec<Tag>, _> = tags
        .iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect();
    let tags = tags.map_err(|error| unsendable(operation, error))?;
    Ok((!tags.is_empty()).then_some(tags))
}

/// Returns the SDK's name of a policy type.
pub(crate) fn sdk_type(of: PolicyType) -> SdkPolicyType {
    SdkPolicyType::from(of.api_name())
}
