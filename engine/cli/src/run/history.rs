//! Runs that are over: what each was asked to do, by whom, from which revision, and what became of it.
//!
//! Each run has a folder whose name begins with its time: `run.json` (this record, written at the beginning and again at
//! the end), `plan.json` and `events.jsonl`. A record without an outcome is one of a run that goes on, or that died.

use super::git::GitRevision;
use crate::consent::World;
use crate::engine;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use crate::report::Report;
use crate::session::Session;
use crate::world;
use lz_model::desired::ObjectPlace;
use lz_provider::{Condition, Objects, ProviderError};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The version of the record. It rises with the first new field.
pub(super) const FORMAT: u32 = 1;
/// How many runs are kept beside a spec without a `history` block.
const KEPT: usize = 20;

/// What is known of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct RunRecord {
    /// The version of the format.
    pub(crate) format: u32,
    /// Its name, which begins with its time.
    pub(crate) run: String,
    /// The command line, without values of variables.
    pub(crate) command: String,
    /// The landing zone.
    pub(crate) zone: String,
    /// The organization's id; `None` where there was none, or nobody looked.
    pub(crate) organization: Option<String>,
    /// What was changed: `aws`, `twin` or a URL.
    pub(crate) target: String,
    /// When it began: `2026-11-22T07:06:18Z`, by the clock of the machine that ran it.
    pub(crate) began: String,
    /// When it ended.
    pub(crate) ended: Option<String>,
    /// The caller's ARN; `None` where AWS was not asked.
    pub(crate) caller: Option<String>,
    /// `user@host`.
    pub(crate) user: String,
    /// Where a pipeline shows the run.
    pub(crate) pipeline: Option<String>,
    /// The revision of git that the spec was at.
    pub(crate) revision: Option<GitRevision>,
    /// The digest of the spec.
    pub(crate) spec_digest: String,
    /// The digest of the saved plan that was applied.
    pub(crate) plan_digest: Option<String>,
    /// The version of lz.
    pub(crate) lz: String,
    /// How it ended; `None` if it goes on, or died.
    pub(crate) outcome: Option<Outcome>,
    /// Steps of the plan; `None` if there was no plan.
    pub(crate) steps: Option<usize>,
    /// What became of the steps; `None` if none was carried out.
    pub(crate) report: Option<Report>,
    /// What was wrong.
    pub(crate) problems: Vec<String>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Outcome {
    /// The exit code.
    pub(crate) code: u8,
    /// Its name.
    pub(crate) name: String,
}

impl Outcome {
    pub(crate) fn of(exit: Exit) -> Self {
        Self {
            code: exit.code(),
            name: exit.name().to_owned(),
        }
    }
}

/// Where runs are kept.
#[derive(Debug, Clone)]
pub(crate) enum Archive {
    /// A folder beside the spec.
    Beside(PathBuf),
    /// Under a prefix in S3.
    Bucket(ObjectPlace),
}

impl std::fmt::Display for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Beside(folder) => write!(f, "{}", folder.display()),
            Self::Bucket(place) => place.fmt(f),
        }
    }
}

/// The files of a run.
const RECORD: &str = "run.json";
const PLAN: &str = "plan.json";
const EVENTS: &str = "events.jsonl";

impl Archive {
    /// Returns where the runs of a spec are kept.
    pub(crate) fn of(directory: &Path, place: Option<&ObjectPlace>) -> Self {
        match place {
            Some(place) => Self::Bucket(place.clone()),
            None => Self::beside(directory),
        }
    }

    /// Returns the folder beside a spec.
    pub(super) fn beside(directory: &Path) -> Self {
        Self::Beside(directory.join(".lz").join("history"))
    }

    /// Writes the record of a run, over an earlier one of the same run.
    ///
    /// # Errors
    /// What kept it from being written.
    pub(super) fn keep_record(&self, session: &Session<'_>, record: &RunRecord) -> Result<(), String> {
        let text = serde_json::to_string_pretty(record).map_err(|error| error.to_string())?;
        self.keep(session, &record.run, RECORD, &(text + "\n"))
    }

    /// Writes the plan of a run.
    ///
    /// # Errors
    /// What kept it from being written.
    pub(super) fn keep_plan(&self, session: &Session<'_>, run: &str, plan: &str) -> Result<(), String> {
        self.keep(session, run, PLAN, plan)
    }

    /// Writes the events of a run, one a line.
    ///
    /// # Errors
    /// What kept them from being written.
    pub(super) fn keep_events(&self, session: &Session<'_>, run: &str, lines: &str) -> Result<(), String> {
        self.keep(session, run, EVENTS, lines)
    }

    fn keep(&self, session: &Session<'_>, run: &str, name: &str, text: &str) -> Result<(), String> {
        match self {
            Self::Beside(folder) => {
                let file = folder.join(run).join(name);
                let written = world::prepare(folder)
                    .and_then(|()| world::prepare(&file))
                    .and_then(|()| std::fs::write(&file, text));
                written.map_err(|error| error.to_string())
            }
            Self::Bucket(place) => session.block_on(async {
                let put = put(session, &below(place, run, name), text).await;
                put.map_err(|error| error.to_string())
            }),
        }
    }

    /// Takes the oldest runs away, so that a folder beside a spec does not grow for ever. A bucket has rules of its own.
    pub(super) fn prune(&self) {
        let Self::Beside(folder) = self else { return };
        let runs = folders(folder);
        let many = runs.len().saturating_sub(KEPT);
        for run in runs.iter().take(many) {
            // One that cannot be taken away is tried again after the next run.
            let _ = std::fs::remove_dir_all(folder.join(run));
        }
    }

    /// Returns the names of the runs, the oldest first.
    ///
    /// # Errors
    /// AWS refused, or the user stopped it.
    pub(crate) fn runs(&self, session: Option<&Session<'_>>) -> Result<Vec<String>, Failure> {
        match (self, session) {
            (Self::Beside(folder), _) => Ok(folders(folder)),
            (Self::Bucket(_), None) => Ok(Vec::new()),
            (Self::Bucket(place), Some(session)) => session.unless_interrupted(async {
                match session.provider().names_below(place).await {
                    // The embedded twin makes buckets when they are first written to.
                    Err(error) if error.code == "NoSuchBucket" && session.world() == World::Twin => {
                        Ok(Vec::new())
                    }
                    names => names.map_err(engine::refused),
                }
            }),
        }
    }

    /// Returns the record of a run; `None` if it has none.
    ///
    /// # Errors
    /// AWS refused, the user stopped it, or the record is none of this version.
    pub(crate) fn record(
        &self,
        session: Option<&Session<'_>>,
        run: &str,
    ) -> Result<Option<RunRecord>, Failure> {
        let Some(text) = self.read(session, run, RECORD)? else {
            return Ok(None);
        };
        let record = serde_json::from_str(&text).map_err(|error| {
            let message = format!("the record of the run `{run}` in {self} cannot be read: {error}");
            let problem = Problem::new("lz::cli::history", message);
            Failure::of(Exit::Error, problem.help("it may be of another version of lz"))
        })?;
        Ok(Some(record))
    }

    /// Returns the plan and the events of a run, as they were written.
    ///
    /// # Errors
    /// AWS refused, or the user stopped it.
    pub(crate) fn rest(
        &self,
        session: Option<&Session<'_>>,
        run: &str,
    ) -> Result<(Option<String>, Option<String>), Failure> {
        Ok((self.read(session, run, PLAN)?, self.read(session, run, EVENTS)?))
    }

    fn read(&self, session: Option<&Session<'_>>, run: &str, name: &str) -> Result<Option<String>, Failure> {
        match (self, session) {
            (Self::Beside(folder), _) => {
                let file = folder.join(run).join(name);
                match std::fs::read_to_string(&file) {
                    Ok(text) => Ok(Some(text)),
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(Failure::file("read", &file, &error)),
                }
            }
            (Self::Bucket(_), None) => Ok(None),
            (Self::Bucket(place), Some(session)) => session.unless_interrupted(async {
                let found = session.provider().object(&below(place, run, name)).await;
                found
                    .map(|found| found.map(|object| object.text))
                    .map_err(engine::refused)
            }),
        }
    }
}

fn below(place: &ObjectPlace, run: &str, name: &str) -> ObjectPlace {
    ObjectPlace {
        key: format!("{}/{run}/{name}", place.key),
        ..place.clone()
    }
}

async fn put(session: &Session<'_>, place: &ObjectPlace, text: &str) -> Result<(), ProviderError> {
    let objects = session.provider();
    match objects.put_object(place, text, &Condition::Always).await {
        // The embedded twin has no buckets of its own; AWS's are somebody's to make.
        Err(error) if error.code == "NoSuchBucket" && session.world() == World::Twin => {
            objects.make_bucket(place).await?;
            objects
                .put_object(place, text, &Condition::Always)
                .await
                .map(drop)
        }
        put => put.map(drop),
    }
}

fn folders(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
