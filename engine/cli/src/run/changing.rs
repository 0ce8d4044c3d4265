//! The way of a command that changes the organization: lock, work, unlock, history.

use super::git;
use super::history::{Archive, FORMAT, Outcome, RunRecord};
use super::holder::Holder;
use super::notice::{News, tell};
use super::remote::RemoteLock;
use super::{identity, local, moment};
use crate::args::{Records, Target};
use crate::context::Context;
use crate::exit::Exit;
use crate::measure;
use crate::next::{self, Repeat};
use crate::problem::{Failure, Level, Problem};
use crate::render::words;
use crate::report::Report;
use crate::session::Session;
use lz_model::desired::{Desired, Occasion};
use lz_model::event::Stamped;
use lz_model::plan::Plan;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// What a command is about to change, and how.
#[derive(Debug)]
pub(crate) struct Changing<'a> {
    /// The command's name.
    pub(crate) verb: &'a str,
    /// What is changed.
    pub(crate) target: &'a Target,
    /// The spec's directory.
    pub(crate) directory: &'a Path,
    /// The spec.
    pub(crate) desired: &'a Desired,
    /// The spec's digest.
    pub(crate) digest: &'a str,
    /// The digest of the saved plan that is applied.
    pub(crate) plan_digest: Option<&'a str>,
    /// Files that the run leaves behind.
    pub(crate) records: &'a Records,
    /// How long to wait for the lock.
    pub(crate) patience: Duration,
}

/// A run under its lock.
#[derive(Debug)]
pub(crate) struct Run {
    lock: Option<RemoteLock>,
    record: RefCell<RunRecord>,
    archive: Archive,
    /// The plan's text, kept until the history has it.
    plan: RefCell<Option<String>>,
    /// Whether the history has taken everything so far.
    kept: Cell<bool>,
    /// What kept the history from being written.
    lost: RefCell<Option<String>>,
}

/// Does the work under the lock of a landing zone, and remembers it.
///
/// # Errors
/// The lock is held by somebody else, or whatever keeps the work from being done.
pub(crate) fn changing(
    context: &Context<'_>,
    what: &Changing<'_>,
    work: impl FnOnce(&Session<'_>, &Run) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let embedded = matches!(what.target, Target::Twin(_));
    // The embedded twin's state is a file, and two runs would each write their own over it.
    let _local = if what.desired.pipeline.lock.is_none() || embedded {
        local::take(context, what.directory, what.digest, what.patience)?
    } else {
        None
    };
    let mut session = Session::open(
        context,
        what.target,
        what.directory,
        Some(what.desired),
        what.records.clone(),
    )?;
    session.keep_events();
    let mut news = News {
        occasions: BTreeSet::new(),
        summary: None,
        verb: what.verb,
        target: what.target.to_string(),
        run: None,
    };
    let ended = Run::begin(context, what, &session).and_then(|run| {
        let ended = work(&session, &run);
        let ended = run.end(context, what, &session, ended);
        run.put_into(&mut news);
        ended
    });
    let ended = tell(context, what.directory, what.desired, Some(&session), news, ended);
    session.save()?;
    session.close()?;
    ended
}

impl Run {
    fn begin(context: &Context<'_>, what: &Changing<'_>, session: &Session<'_>) -> Result<Self, Failure> {
        let (now, began) = (session.now(), measure::now_seconds());
        let pipeline = &what.desired.pipeline;
        let lock = match &pipeline.lock {
            None => None,
            Some(place) => {
                let caller = session.caller()?;
                let holder = Holder::of(context, Some(caller), what.digest, now);
                let unlock = next::command(context.global, "unlock", what.directory, Repeat::Always);
                Some(RemoteLock::take(session, place, holder, what.patience, unlock)?)
            }
        };
        let unique = Holder::of(context, None, what.digest, now).id;
        let unique = unique.get(..6).unwrap_or_default();
        let record = RunRecord {
            format: FORMAT,
            run: format!("{}-{unique}", moment::key(began)),
            command: identity::command_line(),
            zone: what.desired.zone.name.clone(),
            organization: None,
            target: what.target.to_string(),
            began: moment::written(began),
            ended: None,
            caller: None,
            user: identity::user(context.environment),
            pipeline: context.environment.pipeline.clone(),
            revision: git::revision(what.directory),
            spec_digest: what.digest.to_owned(),
            plan_digest: what.plan_digest.map(str::to_owned),
            lz: env!("CARGO_PKG_VERSION").to_owned(),
            outcome: None,
            steps: None,
            report: None,
            problems: Vec::new(),
        };
        Ok(Self {
            lock,
            record: RefCell::new(record),
            archive: Archive::of(what.directory, pipeline.history.as_ref()),
            plan: RefCell::default(),
            kept: Cell::new(true),
            lost: RefCell::default(),
        })
    }

    /// Takes notice of the plan that is about to be carried out. The history has it before anything happens, so that a
    /// run that dies leaves a trace.
    ///
    /// # Errors
    /// The lock was lost meanwhile: nothing must begin.
    pub(crate) fn begins(&self, session: &Session<'_>, plan: &Plan) -> Result<(), Failure> {
        if let Some(lock) = &self.lock
            && !session.block_on(lock.is_held(session.provider()))
        {
            let problem = Problem {
                level: Level::Error,
                ..lock.was_lost()
            };
            return Err(Failure::of(Exit::Locked, problem));
        }
        {
            let mut record = self.record.borrow_mut();
            record.organization = plan.organization.as_ref().map(ToString::to_string);
            record.steps = Some(plan.steps.len());
            record.caller = session.caller().ok();
        }
        let text = serde_json::to_string(plan).unwrap_or_default() + "\n";
        let run = self.record.borrow().run.clone();
        let kept = self
            .archive
            .keep_record(session, &self.record.borrow())
            .and_then(|()| self.archive.keep_plan(session, &run, &text));
        self.note(kept);
        *self.plan.borrow_mut() = Some(text);
        Ok(())
    }

    /// Returns the lock that must hold while steps are carried out.
    pub(crate) const fn lock(&self) -> Option<&RemoteLock> {
        self.lock.as_ref()
    }

    /// Takes notice of what became of the steps.
    pub(crate) fn reported(&self, report: &Report) {
        self.record.borrow_mut().report = Some(report.clone());
    }

    /// Says what became of the steps, for notices.
    fn put_into(&self, news: &mut News<'_>) {
        let record = self.record.borrow();
        news.run = Some(record.run.clone());
        if let Some(report) = &record.report {
            news.occasions.insert(Occasion::Apply);
            let (done, steps) = (report.done.len(), words::count(report.steps(), "step"));
            news.summary = Some(if report.is_complete() {
                format!("{steps} done")
            } else {
                format!("{done} of {steps} done, {} failed", report.failed.len())
            });
        }
    }

    fn note(&self, kept: Result<(), String>) {
        if let Err(error) = kept {
            self.kept.set(false);
            self.lost.borrow_mut().get_or_insert(error);
        }
    }

    fn end(
        &self,
        context: &Context<'_>,
        what: &Changing<'_>,
        session: &Session<'_>,
        ended: Result<Exit, Failure>,
    ) -> Result<Exit, Failure> {
        let mut warnings = Vec::new();
        let lost = self.lock.as_ref().is_some_and(RemoteLock::is_lost);
        if let Some(lock) = &self.lock {
            warnings.extend(lock.release(session));
        }
        let exit = ended.as_ref().map_or_else(|failure| failure.exit, |exit| *exit);
        {
            let mut record = self.record.borrow_mut();
            record.ended = Some(moment::written(measure::now_seconds()));
            record.outcome = Some(Outcome::of(exit));
            let problems = ended
                .as_ref()
                .err()
                .into_iter()
                .flat_map(|failure| &failure.problems);
            record.problems = problems.map(ToString::to_string).collect();
            record.problems.extend(warnings.iter().map(ToString::to_string));
        }
        warnings.extend(self.keep(what, session));
        // A lock that is lost before the first step ends the run with words of its own.
        if lost && ended.is_err() {
            warnings.retain(|warning| warning.code != "lz::cli::lock_lost");
        }
        if !warnings.is_empty() {
            context.warn(&warnings)?;
        }
        session.save()?;
        ended
    }

    /// Writes the history, here if not where it belongs. Returns what somebody should know about it.
    fn keep(&self, what: &Changing<'_>, session: &Session<'_>) -> Option<Problem> {
        let run = self.record.borrow().run.clone();
        let events = lines(&session.kept_events());
        let kept = self
            .archive
            .keep_record(session, &self.record.borrow())
            .and_then(|()| self.archive.keep_events(session, &run, &events));
        self.note(kept);
        if self.kept.get() {
            self.archive.prune();
            return None;
        }
        let error = self.lost.borrow().clone().unwrap_or_default();
        let message = format!("the history of this run is not in {}: {error}", self.archive);
        let problem = Problem {
            level: Level::Warning,
            ..Problem::new("lz::cli::history_lost", message)
        };
        if let Archive::Beside(_) = self.archive {
            return Some(problem.help("what the run did is in the report alone"));
        }
        let beside = Archive::beside(what.directory);
        let copied = beside
            .keep_record(session, &self.record.borrow())
            .and_then(|()| {
                self.plan
                    .borrow()
                    .as_ref()
                    .map_or(Ok(()), |plan| beside.keep_plan(session, &run, plan))
            })
            .and_then(|()| beside.keep_events(session, &run, &events));
        Some(match copied {
            Ok(()) => problem.help(format!(
                "record, plan and events of the run are in `{beside}/{run}`; copy them to {}/{run}",
                self.archive
            )),
            Err(error) => problem.help(format!("nor could a copy be kept in `{beside}`: {error}")),
        })
    }
}

fn lines(events: &[Stamped]) -> String {
    let line = |event: &Stamped| serde_json::to_string(event).ok();
    events.iter().filter_map(line).map(|line| line + "\n").collect()
}
