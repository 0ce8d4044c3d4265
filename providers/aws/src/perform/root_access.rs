//! Central root access: its two features (aws-facts R39).

use crate::connection::Connection;
use crate::operation::Operation;
use crate::own::Iam;
use lz_model::root_access::RootFeature;
use lz_provider::ProviderError;

/// Switches a feature on or off; twice is harmless.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn switch(
    connection: &Connection,
    feature: RootFeature,
    on: bool,
) -> Result<(), ProviderError> {
    let operation = match (feature, on) {
        (RootFeature::CredentialsManagement, true) => Operation::EnableRootCredentials,
        (RootFeature::CredentialsManagement, false) => Operation::DisableRootCredentials,
        (RootFeature::Sessions, true) => Operation::EnableRootSessions,
        (RootFeature::Sessions, false) => Operation::DisableRootSessions,
    };
    let iam = Iam::of(connection, operation).await?;
    iam.send(operation).await.map(drop)
}
