//! A display of long work: it appears after a moment, on a terminal only, and leaves no trace.

use crate::term::Terminal;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Work that ends before this is not worth a display.
const PATIENCE: Duration = Duration::from_millis(250);
const TICK: Duration = Duration::from_millis(120);

/// A display that is up as long as this value lives.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    /// Dropped to call off a display that is not up yet.
    call_off: Option<Sender<()>>,
    showing: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts a display of work without a known end, or of `total` steps.
    pub(super) fn start(terminal: &Terminal, total: Option<usize>) -> Self {
        let bar = terminal.progress();
        let template = match total {
            Some(total) => {
                bar.set_length(total as u64);
                "{spinner} [{bar:24}] {pos}/{len} {wide_msg}"
            }
            None => "{spinner} {wide_msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> ").tick_chars("-\\|/ "));
        }
        if !terminal.is_interactive() {
            return Self {
                bar,
                call_off: None,
                showing: None,
            };
        }
        let (call_off, called_off) = channel();
        let (shown, target) = (bar.clone(), terminal.progress_target());
        let showing = std::thread::spawn(move || {
            if called_off.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(target);
                shown.enable_steady_tick(TICK);
            }
        });
        Self {
            bar,
            call_off: Some(call_off),
            showing: Some(showing),
        }
    }

    /// Says what goes on.
    pub(super) fn say(&self, words: String) {
        self.bar.set_message(words);
    }

    /// Counts finished steps.
    pub(super) fn set(&self, finished: usize) {
        self.bar.set_position(finished as u64);
    }

    /// Prints something above the display.
    pub(super) fn above(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.call_off = None;
        if let Some(showing) = self.showing.take() {
            // A display that broke has nothing to clear.
            let _ = showing.join();
        }
        self.bar.finish_and_clear();
    }
}
