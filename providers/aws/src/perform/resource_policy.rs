//! The organization's resource policy.

use crate::connection::Connection;
use crate::operation::Operation;
use crate::perform::tags::sdk_tags;
use lz_provider::{Kind, ProviderError, TagList};

/// Creates or replaces the policy. AWS takes tags with the first document only.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn put(connection: &Connection, content: &str, tags: &TagList) -> Result<(), ProviderError> {
    let operation = Operation::PutResourcePolicy;
    let tags = if tags.is_empty() {
        None
    } else {
        sdk_tags(operation, tags)?
    };
    connection
        .send(operation, || {
            let request = connection.clients.organizations.put_resource_policy();
            request.content(content).set_tags(tags.clone()).send()
        })
        .await
        .map(drop)
}

/// Deletes the policy; one that is gone is deleted.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn delete(connection: &Connection) -> Result<(), ProviderError> {
    let operation = Operation::DeleteResourcePolicy;
    let sent = connection
        .send(operation, || {
            connection.clients.organizations.delete_resource_policy().send()
        })
        .await;
    match sent {
        Err(error) if error.kind != Kind::NotFound => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}
