//! One run against one world: reads, plans and applies, writes the event log and the costs.

use crate::answer::SetDrift;
use crate::args::{Records, Target};
use crate::consent;
use crate::context::Context;
use crate::engine;
use crate::gatekeeper::Gatekeeper;
use crate::interrupt::Interrupts;
use crate::measure::{self, Stats};
use crate::outputs;
use crate::problem::Failure;
use crate::render::page::Line;
use crate::report::{Failed, NotStarted, Report, Tolerated};
use crate::run::RemoteLock;
use crate::term;
use crate::view::Pace;
use crate::watch::Watch;
use crate::world::World;
use lz_apply::{RootAudit, Stop};
use lz_aws::AwsProvider;
use lz_model::address::Address;
use lz_model::date::Date;
use lz_model::desired::Desired;
use lz_model::event::{Event, Observer as _, Stamped};
use lz_model::id::AccountId;
use lz_model::live::Live;
use lz_model::plan::Plan;
use lz_plan::approve::ApprovedPlan;
use lz_provider::{Callers as _, Member, ProviderError, RootCredentials, RootUsers as _};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// A run against a world.
pub(crate) struct Session<'a> {
    context: &'a Context<'a>,
    world: World,
    records: Records,
    /// Listens from the beginning, so that no signal is lost between two pieces of work.
    interrupts: RefCell<Interrupts>,
    /// Seconds that passed on AWS's clock while lz read and wrote.
    aws_seconds: Cell<f64>,
    /// Accounts that this run has made.
    created: RefCell<BTreeSet<Address>>,
    /// Events that the history and notices want, if any.
    kept: Option<RefCell<Vec<Stamped>>>,
}

/// A plan, and what it was made from.
pub(crate) struct Planned {
    /// The plan.
    pub(crate) plan: Plan,
    /// The organization.
    pub(crate) live: Live,
}

impl<'a> Session<'a> {
    /// Opens the world that a target names, for a spec in `directory`.
    ///
    /// # Errors
    /// What keeps the world from being opened.
    pub(crate) fn open(
        context: &'a Context<'a>,
        target: &Target,
        directory: &Path,
        desired: Option<&Desired>,
        records: Records,
    ) -> Result<Self, Failure> {
        let account = desired.and_then(|desired| desired.zone.management_account.as_ref());
        let world = World::open(context.global, context.environment, target, directory, account)?;
        let interrupts = world.block_on(async { Interrupts::listen() })?;
        Ok(Self {
            context,
            world,
            records,
            interrupts: RefCell::new(interrupts),
            aws_seconds: Cell::new(0.0),
            created: RefCell::default(),
            kept: None,
        })
    }

    /// Keeps events from now on.
    pub(crate) fn keep_events(&mut self) {
        self.kept = Some(RefCell::default());
    }

    /// Returns the events that were kept.
    pub(crate) fn kept_events(&self) -> Vec<Stamped> {
        self.kept
            .as_ref()
            .map_or_else(Vec::new, |kept| kept.borrow().clone())
    }

    /// Returns the provider.
    pub(crate) const fn provider(&self) -> &AwsProvider {
        self.world.provider()
    }

    /// Returns the time on AWS's clock, in seconds since 1970 UTC.
    pub(crate) fn now(&self) -> f64 {
        self.world.now()
    }

    /// Keeps the embedded twin's state for the next run.
    ///
    /// # Errors
    /// What keeps the file from being written.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        self.world.save()
    }

    /// Returns what the work brings, whatever the user asks for: it is short and must not be left half done.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.world.block_on(work)
    }

    /// Returns what the work brings, unless the user stops it first. Only for work that changes nothing lasting.
    ///
    /// # Errors
    /// The user stopped it, or the work's own.
    pub(crate) fn unless_interrupted<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.world.block_on(self.interrupts.borrow_mut().or(work))
    }

    /// Returns the caller's ARN.
    ///
    /// # Errors
    /// AWS refused, or the user stopped it.
    pub(crate) fn caller(&self) -> Result<String, Failure> {
        self.asking(async |provider| Ok(provider.caller().await?.arn))
    }

    /// Returns whether somebody must agree before the world is changed.
    pub(crate) const fn world(&self) -> consent::World {
        self.world.kind()
    }

    /// Returns the file that keeps the embedded twin's state.
    pub(crate) fn twin_file(&self) -> Option<&Path> {
        self.world.twin_file()
    }

    /// Reads what the spec needs to know and returns the plan.
    ///
    /// # Errors
    /// AWS refused, no plan may be made, or the user stopped it.
    pub(crate) fn plan(&self, desired: &Desired) -> Result<Planned, Failure> {
        let live = self.reading(async |watch| engine::read(self.world.provider(), desired, watch).await)?;
        let mut plan = engine::plan(desired, &live)?;
        engine::check_waits(&plan, desired, &live, self.now())?;
        if let Some(today) = self.today() {
            engine::note_expiry(&mut plan, desired, &live, today);
        }
        Ok(Planned { plan, live })
    }

    /// Returns the day of AWS's clock, in UTC.
    fn today(&self) -> Option<Date> {
        let now = self.world.now();
        Date::of_unix_seconds(Duration::try_from_secs_f64(now).ok()?.as_secs())
    }

    /// Reads what both specs need to know, once, and returns the plan of the first.
    ///
    /// # Errors
    /// As [`Self::plan`].
    pub(crate) fn plan_beside(&self, desired: &Desired, base: &Desired) -> Result<Planned, Failure> {
        let live = self.reading(async |watch| {
            engine::read_for_both(self.world.provider(), desired, base, watch).await
        })?;
        let plan = engine::plan(desired, &live)?;
        engine::check_waits(&plan, desired, &live, self.now())?;
        Ok(Planned { plan, live })
    }

    /// Reads what the spec needs to know and every policy document, and returns the plan, or why there is none.
    ///
    /// # Errors
    /// AWS refused, or the user stopped it.
    pub(crate) fn plan_with_all_texts(
        &self,
        desired: &Desired,
    ) -> Result<(Live, Result<Plan, Failure>), Failure> {
        let live =
            self.reading(async |watch| engine::read_all_texts(self.world.provider(), desired, watch).await)?;
        let plan = engine::plan(desired, &live);
        Ok((live, plan))
    }

    /// Returns the plan of one stack set alone.
    ///
    /// # Errors
    /// AWS refused, no plan may be made, or the user stopped it.
    pub(crate) fn plan_only(&self, desired: &Desired, address: &Address) -> Result<Plan, Failure> {
        let live = self.reading(async |watch| engine::read(self.world.provider(), desired, watch).await)?;
        engine::plan_only(desired, &live, address)
    }

    /// Has AWS compare the stacks of the spec's stack sets with their templates and returns what differs.
    ///
    /// # Errors
    /// AWS refused, or the user stopped it.
    pub(crate) fn detect_drift(&self, desired: &Desired, live: &Live) -> Result<Vec<SetDrift>, Failure> {
        let organization = live.organization.as_ref();
        let sets: Vec<_> = desired
            .stack_sets
            .values()
            .filter_map(|set| organization?.stack_sets.get_key_value(&set.key()))
            .collect();
        let stop = Stop::default();
        let found = self.watched(|watch| {
            let mut interrupts = self.interrupts.borrow_mut();
            let work = lz_apply::detect_drift(self.world.provider(), &sets, watch, &stop);
            Ok(self.world.block_on(interrupts.passed_on(&stop, work)))
        });
        self.world.save()?;
        let found = found?.map_err(|failure| engine::refused_failure(&failure))?;
        Ok(found.into_iter().map(SetDrift::from).collect())
    }

    /// Reads the organization without policy documents.
    ///
    /// # Errors
    /// AWS refused, or the user stopped it.
    pub(crate) fn look(&self) -> Result<Live, Failure> {
        self.reading(async |watch| engine::look(self.world.provider(), watch).await)
    }

    /// Returns what the root users of all member accounts can sign in with.
    ///
    /// # Errors
    /// The accounts cannot be listed, or the user stopped it.
    pub(crate) fn audit_root_users(&self) -> Result<Vec<RootAudit>, Failure> {
        self.watched(|watch| {
            watch.on(Event::ReadStarted {});
            let before = self.world.stats().total();
            let mut interrupts = self.interrupts.borrow_mut();
            let work = async {
                let audit = lz_apply::audit_root_users(self.world.provider(), watch).await;
                audit.map_err(engine::refused)
            };
            let audit = self.world.block_on(interrupts.or(work))?;
            watch.on(Event::ReadFinished {
                calls: self.world.stats().total() - before,
            });
            Ok(audit)
        })
    }

    /// Returns the active member accounts.
    ///
    /// # Errors
    /// AWS refused, or the user stopped it.
    pub(crate) fn members(&self) -> Result<Vec<Member>, Failure> {
        self.asking(async |provider| provider.members().await)
    }

    /// Returns what a member's root user can sign in with, one by one.
    ///
    /// # Errors
    /// AWS refused, or the user stopped it.
    pub(crate) fn root_credentials(&self, account: &AccountId) -> Result<RootCredentials, Failure> {
        self.asking(async |provider| provider.root_credentials(account).await)
    }

    /// Takes credentials of a member's root user away. The embedded twin's state is kept.
    ///
    /// # Errors
    /// AWS refused, or a file cannot be written.
    pub(crate) fn remove_root_credentials(
        &self,
        account: &AccountId,
        held: &RootCredentials,
    ) -> Result<(), Failure> {
        let removed = self.asking(async |provider| provider.remove_root_credentials(account, held).await);
        self.world.save()?;
        removed
    }

    fn asking<T>(
        &self,
        ask: impl AsyncFnOnce(&AwsProvider) -> Result<T, ProviderError>,
    ) -> Result<T, Failure> {
        let work = async { ask(self.world.provider()).await.map_err(engine::refused) };
        self.world.block_on(self.interrupts.borrow_mut().or(work))
    }

    fn reading(&self, read: impl AsyncFnOnce(&Watch<'_>) -> Result<Live, Failure>) -> Result<Live, Failure> {
        self.watched(|watch| {
            watch.on(Event::ReadStarted {});
            let before = self.world.stats().total();
            let mut interrupts = self.interrupts.borrow_mut();
            let live = self.world.block_on(interrupts.or(read(watch)))?;
            watch.on(Event::ReadFinished {
                calls: self.world.stats().total() - before,
            });
            Ok(live)
        })
    }

    /// Asks on the terminal and returns the answer.
    ///
    /// # Errors
    /// The user stopped it.
    pub(crate) fn ask(&self, question: Line) -> Result<term::Answer, Failure> {
        let terminal = self.context.terminal.clone();
        // A thread of its own: a read of the keyboard cannot be called off.
        let (tell, told) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || tell.send(terminal.ask(&question)));
        let answer = async { Ok(told.await.unwrap_or(term::Answer::No)) };
        self.world.block_on(self.interrupts.borrow_mut().or(answer))
    }

    /// Carries the plan out and returns what became of it; `gates` answers between waves. The embedded twin's state is kept.
    ///
    /// # Errors
    /// Signals cannot be listened for, or a file cannot be written.
    pub(crate) fn apply(
        &self,
        plan: &ApprovedPlan,
        gates: &Gatekeeper,
        lock: Option<&RemoteLock>,
    ) -> Result<Report, Failure> {
        let pace = match self.world() {
            consent::World::Twin => Pace::Virtual,
            consent::World::Real => Pace::Real,
        };
        self.context.view.begin(plan.plan(), pace);
        let before = self.aws_seconds.get();
        let stop = Stop::default();
        let applied = self.watched(|watch| {
            let mut interrupts = self.interrupts.borrow_mut();
            let provider = self.world.provider();
            let work = lz_apply::apply(plan, provider, gates, watch, &stop);
            let work = under_lock(lock, provider, &stop, work);
            Ok(self.world.block_on(interrupts.passed_on(&stop, work)))
        });
        self.world.save()?;
        let applied = applied?;
        *self.created.borrow_mut() = outputs::created(plan.plan(), &applied.done);
        let lost = lock.is_some_and(RemoteLock::is_lost);
        Ok(report(
            applied,
            stop.is_draining() && !lost,
            measure::rounded(self.aws_seconds.get() - before),
        ))
    }

    /// Returns the addresses of the accounts that this run has made.
    pub(crate) fn created(&self) -> BTreeSet<Address> {
        self.created.borrow().clone()
    }

    /// Gives events to the view and to the event log, and counts AWS's time.
    fn watched<T>(&self, work: impl FnOnce(&Watch<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
        let clock = || self.world.now();
        let watch = Watch::new(self.context.view, &clock, self.records.events.as_deref())?;
        let watch = watch.keeping(self.kept.as_ref());
        let began_at = watch.now();
        let result = work(&watch);
        self.aws_seconds
            .set(self.aws_seconds.get() + (watch.now() - began_at));
        if let Some(complaint) = watch.complaint() {
            self.context.warn(&[complaint])?;
        }
        result
    }

    /// Writes what the run cost, if asked.
    ///
    /// # Errors
    /// What keeps the file from being written.
    pub(crate) fn close(&self) -> Result<(), Failure> {
        let Some(file) = &self.records.stats else {
            return Ok(());
        };
        let text = serde_json::to_string_pretty(&self.stats()).map_err(std::io::Error::from);
        text.and_then(|text| std::fs::write(file, text + "\n"))
            .map_err(|error| Failure::file("write", file, &error))
    }

    fn stats(&self) -> Stats {
        let calls = self.world.stats();
        let twin_cpu_seconds = self.world.usage().map_or(0.0, |usage| usage.cpu_seconds);
        Stats {
            calls_total: calls.total(),
            calls: calls.calls,
            throttled: calls.throttled,
            aws_seconds: measure::rounded(self.aws_seconds.get()),
            cpu_seconds: measure::rounded((measure::cpu_seconds() - twin_cpu_seconds).max(0.0)),
            twin_cpu_seconds: measure::rounded(twin_cpu_seconds),
            peak_memory_bytes: measure::peak_memory_bytes(),
            wall_seconds: measure::rounded(self.context.stopwatch.wall_seconds()),
        }
    }
}

/// Returns what the work brings; starts nothing new once the lock is lost.
async fn under_lock<T>(
    lock: Option<&RemoteLock>,
    provider: &AwsProvider,
    stop: &Stop,
    work: impl Future<Output = T>,
) -> T {
    let Some(lock) = lock else {
        return work.await;
    };
    tokio::pin!(work);
    tokio::select! {
        biased;
        result = &mut work => return result,
        () = lock.lost(provider) => { stop.request(); }
    }
    work.await
}

/// Returns the engine's report in the shape that the views show.
fn report(report: lz_apply::Report, interrupted: bool, aws_seconds: f64) -> Report {
    let failed = |(step, failure): (_, lz_apply::Failure)| Failed {
        step,
        error: match &failure.request_id {
            Some(id) => format!("{failure} (request {id})"),
            None => failure.to_string(),
        },
        help: failure.help().to_owned(),
        details: failure.details.to_vec(),
    };
    let tolerated = |(step, details): (_, Vec<String>)| Tolerated { step, details };
    Report {
        done: report.done,
        tolerated: report.tolerated.into_iter().map(tolerated).collect(),
        failed: report.failed.into_iter().map(failed).collect(),
        not_started: report
            .not_started
            .into_iter()
            .map(|(step, needs)| NotStarted { step, needs })
            .collect(),
        unknown: report.unknown,
        interrupted,
        aws_seconds,
    }
}
