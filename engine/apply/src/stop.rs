//! How a user stops a run: first gently, then at once.

use tokio::sync::watch;

/// A handle to stop a run. Clones share one state.
#[derive(Debug, Clone)]
pub struct Stop {
    level: watch::Sender<Level>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Run,
    Drain,
    Leave,
}

impl Default for Stop {
    fn default() -> Self {
        Self {
            level: watch::Sender::new(Level::Run),
        }
    }
}

impl Stop {
    /// Asks to stop. The first time nothing new starts and what runs is finished; the second time the run
    /// ends at once. Returns whether this was the first time.
    pub fn request(&self) -> bool {
        let mut first = false;
        self.level.send_modify(|level| {
            first = *level == Level::Run;
            *level = if first { Level::Drain } else { Level::Leave };
        });
        first
    }

    /// Returns whether nothing new may start.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.level.borrow() >= Level::Drain
    }

    /// Waits until nothing new may start.
    pub(crate) async fn draining(&self) {
        self.reached(Level::Drain).await;
    }

    /// Waits until the run must end at once.
    pub(crate) async fn leaving(&self) {
        self.reached(Level::Leave).await;
    }

    async fn reached(&self, wanted: Level) {
        // The sender lives in `self`, so the channel cannot close while this waits.
        let _ = self.level.subscribe().wait_for(|level| *level >= wanted).await;
    }
}
