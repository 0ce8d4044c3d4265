//! Waits until Control Tower has nothing under way: a plan made meanwhile would be wrong when it is read.

use super::operate::{Waits, whole};
use lz_model::event::{Event, Observer};
use lz_model::live::Live;
use lz_provider::{Provider, ProviderError, TowerScope};

/// Awaits the operations of Control Tower that an earlier run, or somebody else, began. Returns whether there were
/// any.
pub(crate) async fn settle<P: Provider>(
    provider: &P,
    live: &Live,
    observer: &dyn Observer,
) -> Result<bool, ProviderError> {
    let tower = live.organization.as_ref().and_then(|live| live.tower.as_ref());
    let Some(tower) = tower.filter(|tower| tower.is_busy()) else {
        return Ok(false);
    };
    let scope = TowerScope::plain(tower.region.clone());
    let mut waits = Waits::default();
    loop {
        observer.on(Event::AwaitingControlTower {
            seconds: whole(waits.elapsed),
        });
        waits.wait().await;
        if !provider.control_tower(&scope).await?.is_busy() {
            return Ok(true);
        }
    }
}
