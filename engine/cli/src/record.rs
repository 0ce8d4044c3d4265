//! What `--json` prints: one object a line. The same data that the human view shows.

use crate::answer::{Checked, Drift, Files, LockState, Tree};
use crate::exit::Exit;
use crate::outputs::Outputs;
use crate::policies::{Packed, PolicyDiff};
use crate::problem::Problem;
use crate::render::plan::Counts;
use crate::render::safe;
use crate::report::Report;
use crate::root::{RootAudit, RootRemoval};
use crate::run::RunRecord;
use crate::standing::Standing;
use crate::tested::Tested;
use lz_model::address::Address;
use lz_model::event::{Event, Stamped};
use lz_model::plan::{Plan, Step};
use serde::Serialize;

/// The version of the format of `--json`. It rises with the first new field.
pub(crate) const FORMAT: u32 = 1;

/// A line of `--json`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Row<'a> {
    /// The version of the format.
    format: u32,
    /// What the line tells.
    record: Record<'a>,
}

/// What a line tells. The last line of a run is always `exit`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Record<'a> {
    /// Something happened.
    Event {
        /// Seconds since 1970 UTC, of AWS's clock (virtual on the twin).
        at_seconds: f64,
        /// What.
        event: &'a Event,
    },
    /// A plan, with its counts.
    Plan {
        /// The plan.
        plan: &'a Plan,
        /// How many objects it touches in which way.
        counts: Counts,
        /// Where it was saved.
        saved: Option<String>,
        /// The digest of that file.
        #[serde(skip_serializing_if = "Option::is_none")]
        digest: Option<String>,
    },
    /// How an apply ended.
    Applied {
        /// What became of the steps.
        report: &'a Report,
    },
    /// What differs from the spec and what the spec does not mention.
    Drift {
        /// Both.
        drift: &'a Drift,
    },
    /// The live organization.
    Organization {
        /// Its tree.
        tree: &'a Tree,
    },
    /// The steps of one object, with what each waits for.
    Explained {
        /// The object.
        address: &'a Address,
        /// Its steps.
        steps: Vec<&'a Step>,
    },
    /// Where an account or an OU stands.
    Standing {
        /// Its path, policies, denials, room, duties and tests.
        standing: &'a Standing,
        /// The plan's steps that change it.
        steps: Vec<&'a Step>,
    },
    /// A spec without mistakes.
    Checked {
        /// What it declares.
        checked: &'a Checked,
    },
    /// How the tests of a spec came out.
    Tested {
        /// Each of them.
        tested: &'a Tested,
    },
    /// What a change of policies takes and gives.
    PolicyDiff {
        /// Both, in words and as data.
        difference: &'a PolicyDiff,
    },
    /// Policies in as few documents as fit.
    Packed {
        /// The documents and their sizes.
        packed: &'a Packed,
    },
    /// Files that were written, or that would be.
    Files {
        /// Which.
        files: &'a Files,
    },
    /// What members' root users can sign in with.
    RootAudit {
        /// What was found.
        audit: &'a RootAudit,
    },
    /// What goes of one root user, or what has gone.
    RootRemoval {
        /// The credentials.
        removal: &'a RootRemoval,
    },
    /// The spec's accounts as AWS has them.
    Outputs {
        /// By address.
        outputs: &'a Outputs,
    },
    /// Who holds the lock.
    Lock {
        /// The lock.
        lock: &'a LockState,
    },
    /// Runs that changed the organization, the newest first.
    Runs {
        /// Which.
        runs: &'a [RunRecord],
        /// How many there are in all.
        total: usize,
        /// Where they are kept.
        place: &'a str,
    },
    /// A run that changed the organization.
    Run {
        /// What is known of it.
        run: &'a RunRecord,
        /// Its plan; `None` if it had none, or one of another format.
        plan: Option<&'a Plan>,
        /// Its events.
        events: &'a [Stamped],
    },
    /// Text for another program.
    Text {
        /// The text.
        text: &'a str,
    },
    /// Something is wrong.
    Problem {
        /// What.
        problem: &'a Problem,
    },
    /// The run is over.
    Exit {
        /// The exit code.
        code: u8,
        /// Its name.
        name: &'a str,
    },
}

impl Row<'_> {
    /// Returns the line that tells how the process ends.
    pub(crate) const fn exit(exit: Exit) -> Row<'static> {
        Row::of(Record::Exit {
            code: exit.code(),
            name: exit.name(),
        })
    }
}

impl<'a> Row<'a> {
    /// Returns the line that tells this.
    pub(crate) const fn of(record: Record<'a>) -> Self {
        Self {
            format: FORMAT,
            record,
        }
    }

    /// Returns the line as text, ended.
    pub(crate) fn to_text(&self) -> String {
        // Maps have text keys and numbers are finite, so this cannot fail; an empty line would say so.
        let mut text = safe::json(&serde_json::to_string(self).unwrap_or_default());
        text.push('\n');
        text
    }
}
