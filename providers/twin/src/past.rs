//! The world as it was a moment ago, for reads that lag behind writes (aws-facts 1.1, eventual consistency).

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::AwsTime;
use crate::settings::Settings;
use crate::world::World;

/// Former worlds, oldest first; empty unless the settings ask for staleness.
#[derive(Default)]
pub(crate) struct Past {
    worlds: VecDeque<(AwsTime, Arc<World>)>,
}

impl Past {
    pub(crate) fn new(world: &World, settings: &Settings, now: AwsTime) -> Past {
        let mut past = Past::default();
        past.remember(world, settings, now);
        past
    }

    /// Keeps a copy of the world as it is from now on, and drops copies that no read can reach any more.
    pub(crate) fn remember(&mut self, world: &World, settings: &Settings, now: AwsTime) {
        if settings.staleness_seconds.is_zero() {
            return;
        }
        self.worlds.push_back((now, Arc::new(world.clone())));
        let oldest = now.before(settings.staleness_seconds.duration());
        while self.worlds.get(1).is_some_and(|(since, _)| *since <= oldest) {
            self.worlds.pop_front();
        }
    }

    /// Returns the world that a read sees which lags by a part of the longest lag that `draw` chooses.
    pub(crate) fn seen(&self, now: AwsTime, settings: &Settings, draw: u64) -> Option<&World> {
        let longest = settings.staleness_seconds.duration().as_millis();
        let lag = u128::from(draw) % (longest + 1);
        let moment = now.before(Duration::from_millis(u64::try_from(lag).unwrap_or(0)));
        let reached = self.worlds.iter().rev().find(|(since, _)| *since <= moment);
        reached.or_else(|| self.worlds.front()).map(|(_, world)| &**world)
    }
}
