//! Ctrl-C and SIGTERM.

use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use lz_apply::Stop;
use std::future::Future;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The two signals that ask to stop.
pub(crate) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
}

impl Interrupts {
    /// Listens from now on. Needs a runtime.
    ///
    /// # Errors
    /// The operating system does not let us.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let listen = |kind| {
            signal(kind).map_err(|error| {
                let message = format!("cannot listen for Ctrl-C: {error}");
                Failure::of(Exit::Error, Problem::new("lz::cli::signal", message))
            })
        };
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Returns what the work brings, unless the user stops it first. Only for work that changes nothing.
    ///
    /// # Errors
    /// The user stopped it, or the work's own.
    pub(crate) async fn or<T>(
        &mut self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            result = work => result,
            () = self.next() => {
                let problem = Problem::new("lz::cli::interrupted", "interrupted; nothing was changed");
                Err(Failure::of(Exit::Interrupted, problem))
            }
        }
    }

    /// Returns what the work brings; passes every signal on to it.
    pub(crate) async fn passed_on<T>(&mut self, stop: &Stop, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                () = self.next() => { stop.request(); }
                result = &mut work => return result,
            }
        }
    }
}
