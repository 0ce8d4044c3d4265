//! Organizational units.

use crate::connection::Connection;
use crate::fields::required;
use crate::operation::Operation;
use crate::perform::tags::sdk_tags;
use lz_model::id::{OuId, ParentId};
use lz_provider::{Created, ProviderError, TagList};

/// Creates an OU.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn create(
    connection: &Connection,
    parent: &ParentId,
    name: &str,
    tags: &TagList,
) -> Result<Created, ProviderError> {
    let operation = Operation::CreateOu;
    let tags_to_send = sdk_tags(operation, tags)?;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.create_organizational_unit();
            request
                .parent_id(parent.as_str())
                .name(name)
                .set_tags(tags_to_send.clone())
                .send()
        })
        .await?;
    let ou = required(operation, "OrganizationalUnit", answer.organizational_unit)?;
    Ok(Created {
        id: required(operation, "Id", ou.id)?,
        arn: ou.arn,
        tags: tags.clone(),
    })
}

/// Renames an OU.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn rename(connection: &Connection, ou: &OuId, name: &str) -> Result<(), ProviderError> {
    connection
        .send(Operation::UpdateOu, || {
            let request = connection.clients.organizations.update_organizational_unit();
            request.organizational_unit_id(ou.as_str()).name(name).send()
        })
        .await
        .map(drop)
}

/// Deletes an OU that is empty.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn delete(connection: &Connection, ou: &OuId) -> Result<(), ProviderError> {
    connection
        .send(Operation::DeleteOu, || {
            let request = connection.clients.organizations.delete_organizational_unit();
            request.organizational_unit_id(ou.as_str()).send()
        })
        .await
        .map(drop)
}
