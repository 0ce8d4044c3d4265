//! Reads the organization once nothing of an earlier run is under way any more.

use crate::stacks;
use crate::tower;
use lz_model::event::{Event, Observer};
use lz_model::live::Live;
use lz_provider::{Natural, Provider, ProviderError, Scope, SetHandle};

/// Returns the live organization after what an earlier run, or AWS itself, has under way has ended: AWS does not
/// show the e-mail address of an account in creation, so planning beside one could make it twice, and a stack set
/// takes one operation at a time.
///
/// # Errors
/// Whatever keeps the organization from being read.
pub async fn read<P: Provider>(
    provider: &P,
    scope: &Scope,
    observer: &dyn Observer,
) -> Result<Live, ProviderError> {
    let live = provider.read(scope, observer).await?;
    let creating = creations(provider, &live, observer).await?;
    let operating = operations(provider, &live, observer).await?;
    let building = tower::settle(provider, &live, observer).await?;
    if creating || operating || building {
        return provider.read(scope, observer).await;
    }
    Ok(live)
}

/// Awaits the account creations of an earlier run. Returns whether there were any.
async fn creations<P: Provider>(
    provider: &P,
    live: &Live,
    observer: &dyn Observer,
) -> Result<bool, ProviderError> {
    let creating = live.organization.as_ref().map(|live| live.creating.as_slice());
    let creating = creating.unwrap_or_default();
    if creating.is_empty() {
        return Ok(false);
    }
    observer.on(Event::AwaitingCreations {
        names: creating.iter().map(|c| c.name.clone()).collect(),
    });
    for creation in creating {
        provider
            .find(&Natural::Creation(creation.request_id.clone()))
            .await?;
    }
    Ok(true)
}

/// Awaits the operations of stack sets that are under way. Returns whether there were any.
async fn operations<P: Provider>(
    provider: &P,
    live: &Live,
    observer: &dyn Observer,
) -> Result<bool, ProviderError> {
    let sets = live.organization.iter().flat_map(|live| &live.stack_sets);
    let busy: Vec<_> = sets.filter(|(_, set)| !set.running.is_empty()).collect();
    if busy.is_empty() {
        return Ok(false);
    }
    observer.on(Event::AwaitingOperations {
        names: busy.iter().map(|(key, _)| key.name.clone()).collect(),
    });
    for (key, _) in busy {
        stacks::settle(provider, &SetHandle::own(key.clone())).await?;
    }
    Ok(true)
}
