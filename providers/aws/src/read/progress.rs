//! Tells the observer how far a read is, now and then.

use crate::connection::Connection;
use lz_model::event::{Event, Observer};
use std::sync::atomic::{AtomicU64, Ordering};

/// Calls between two events.
const STRIDE: u64 = 25;

/// Reports progress, at most once for every [`STRIDE`] calls.
pub(crate) struct Progress<'a> {
    connection: &'a Connection,
    observer: &'a dyn Observer,
    before: u64,
    next: AtomicU64,
}

impl<'a> Progress<'a> {
    /// Returns a report that counts from now.
    pub(crate) fn new(connection: &'a Connection, observer: &'a dyn Observer) -> Self {
        Self {
            connection,
            observer,
            before: connection.calls(),
            next: AtomicU64::new(1),
        }
    }

    /// Takes notice that a part of the organization has come a call further.
    pub(crate) fn on(&self, part: &str) {
        let calls = self.connection.calls() - self.before;
        if calls < self.next.load(Ordering::Relaxed) {
            return;
        }
        self.next.store(calls + STRIDE, Ordering::Relaxed);
        self.observer.on(Event::ReadProgress {
            part: part.to_owned(),
            calls,
        });
    }
}
