//! Passes events on: to the view, and to the event log.

use crate::problem::{Failure, Level, Problem};
use crate::view::View;
use lz_model::event::{Event, FORMAT, Observer, Stamped};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Stamps events with AWS's clock and passes them on.
pub(crate) struct Watch<'a> {
    view: &'a dyn View,
    clock: &'a dyn Fn() -> f64,
    log: RefCell<Option<Log>>,
    kept: Option<&'a RefCell<Vec<Stamped>>>,
}

/// The event log: append-only, written line by line, never read back.
#[derive(Debug)]
struct Log {
    path: PathBuf,
    file: File,
    broken: Option<io::Error>,
}

impl<'a> Watch<'a> {
    /// Returns a watch that shows events on a view and appends them to a file, if one is named.
    ///
    /// # Errors
    /// What keeps the file from being opened.
    pub(crate) fn new(
        view: &'a dyn View,
        clock: &'a dyn Fn() -> f64,
        events: Option<&Path>,
    ) -> Result<Self, Failure> {
        let log = events.map(Log::open).transpose()?;
        Ok(Self {
            view,
            clock,
            log: RefCell::new(log),
            kept: None,
        })
    }

    /// Keeps events in a list, too.
    #[must_use]
    pub(crate) const fn keeping(mut self, kept: Option<&'a RefCell<Vec<Stamped>>>) -> Self {
        self.kept = kept;
        self
    }

    /// Returns the time on AWS's clock, in seconds since 1970 UTC.
    pub(crate) fn now(&self) -> f64 {
        (self.clock)()
    }

    /// Returns what kept the event log from being complete.
    pub(crate) fn complaint(&self) -> Option<Problem> {
        let log = self.log.borrow();
        let log = log.as_ref()?;
        let error = log.broken.as_ref()?;
        let message = format!("the event log `{}` is incomplete: {error}", log.path.display());
        Some(Problem {
            level: Level::Warning,
            ..Problem::new("lz::cli::events", message)
        })
    }
}

impl Observer for Watch<'_> {
    fn on(&self, event: Event) {
        let stamped = Stamped {
            format: FORMAT,
            at_seconds: self.now(),
            event,
        };
        if let Some(log) = &mut *self.log.borrow_mut() {
            log.write(&stamped);
        }
        self.view.event(&stamped);
        if let Some(kept) = self.kept {
            kept.borrow_mut().push(stamped);
        }
    }
}

impl Log {
    fn open(path: &Path) -> Result<Self, Failure> {
        let file = File::options().create(true).append(true).open(path);
        let file = file.map_err(|error| Failure::file("write", path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            broken: None,
        })
    }

    /// A log that breaks does not end an apply; the first error is told at the end.
    fn write(&mut self, stamped: &Stamped) {
        let written = serde_json::to_string(stamped)
            .map_err(io::Error::from)
            .and_then(|line| self.file.write_all(format!("{line}\n").as_bytes()));
        if let (Err(error), None) = (written, &self.broken) {
            self.broken = Some(error);
        }
    }
}
