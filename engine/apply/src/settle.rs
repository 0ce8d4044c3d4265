//! Reads the organization once nothing of an earlier run is under way any more.

use lz_model::event::{Event, Observer};
use lz_model::live::Live;
use lz_provider::{Natural, Provider, ProviderError, Scope};

/// Returns the live organization after the account creations of an earlier run, if any, have ended: AWS does
/// not show the e-mail address of an account in creation, so planning beside one could make it twice.
///
/// # Errors
/// Whatever keeps the organization from being read.
pub async fn read<P: Provider>(
    provider: &P,
    scope: &Scope,
    observer: &dyn Observer,
) -> Result<Live, ProviderError> {
    let live = provider.read(scope, observer).await?;
    let creating = live
        .organization
        .as_ref()
        .map(|live| live.creating.clone())
        .unwrap_or_default();
    if creating.is_empty() {
        return Ok(live);
    }
    observer.on(Event::AwaitingCreations {
        names: creating.iter().map(|c| c.name.clone()).collect(),
    });
    for creation in creating {
        provider.find(&Natural::Creation(creation.request_id)).await?;
    }
    provider.read(scope, observer).await
}
