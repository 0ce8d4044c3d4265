//! Who holds a lock.

use super::{identity, moment};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of what a lock holds.
const FORMAT: u32 = 1;

/// Who holds a lock, as the lock itself says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Holder {
    /// The version of the format.
    pub(crate) format: u32,
    /// A name of this lock alone, which `lz unlock --force` takes.
    pub(crate) id: String,
    /// The caller's ARN; `None` where nobody asked AWS.
    pub(crate) caller: Option<String>,
    /// `user@host`.
    pub(crate) user: String,
    /// The process.
    pub(crate) pid: u32,
    /// Where a pipeline shows the run.
    pub(crate) pipeline: Option<String>,
    /// The command line, without values of variables.
    pub(crate) command: String,
    /// When it was taken: `2026-11-22T07:06:18Z`.
    pub(crate) started: String,
    /// The same in seconds since 1970 UTC.
    pub(crate) started_seconds: f64,
    /// The digest of the spec.
    pub(crate) spec_digest: String,
    /// The version of lz.
    pub(crate) lz: String,
}

impl Holder {
    /// Returns the present run.
    pub(super) fn of(context: &Context<'_>, caller: Option<String>, digest: &str, now: f64) -> Self {
        let user = identity::user(context.environment);
        let pid = std::process::id();
        let unique = Sha256::digest(format!(
            "{user} {pid} {}",
            crate::measure::now_seconds().to_bits()
        ));
        Self {
            format: FORMAT,
            id: unique.iter().take(6).map(|byte| format!("{byte:02x}")).collect(),
            caller,
            user,
            pid,
            pipeline: context.environment.pipeline.clone(),
            command: identity::command_line(),
            started: moment::written(now),
            started_seconds: now,
            spec_digest: digest.to_owned(),
            lz: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Returns what the lock holds.
    pub(super) fn to_text(&self) -> String {
        // Text keys and finite numbers: this cannot fail, and an empty lock is one of nobody.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Returns who holds a lock with this text. One that lz did not write is somebody's all the same.
    pub(super) fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| Self {
            format: FORMAT,
            id: "unknown".to_owned(),
            caller: None,
            user: "somebody unknown".to_owned(),
            pid: 0,
            pipeline: None,
            command: "unknown".to_owned(),
            started: "unknown".to_owned(),
            started_seconds: 0.0,
            spec_digest: String::new(),
            lz: "unknown".to_owned(),
        })
    }

    /// Returns whether the lock does not say who holds it: its run has not written it yet, or it is not lz's.
    pub(crate) fn is_unknown(&self) -> bool {
        self.pid == 0
    }

    /// Returns who it is, in words.
    pub(crate) fn in_words(&self) -> String {
        let who = match &self.caller {
            Some(caller) => format!("{caller} ({})", self.user),
            None => self.user.clone(),
        };
        match &self.pipeline {
            Some(pipeline) => format!("{who}, {pipeline}"),
            None if self.is_unknown() => who,
            None => format!("{who}, process {}", self.pid),
        }
    }
}

/// Returns the failure that somebody else holds the lock.
pub(super) fn held(lock: &str, holder: &Holder, now: f64, help: String) -> Failure {
    if holder.is_unknown() {
        let message = format!("the landing zone is locked: {lock} is held, and does not say by whom");
        return Failure::of(Exit::Locked, Problem::new("lz::cli::locked", message).help(help));
    }
    let message = format!(
        "the landing zone is locked: `{}` of {} has held {lock} for {} (lock {})",
        holder.command,
        holder.in_words(),
        moment::age(holder.started_seconds, now),
        holder.id
    );
    Failure::of(Exit::Locked, Problem::new("lz::cli::locked", message).help(help))
}
