//! Text for people: results on standard output, progress and messages on standard error.

use super::progress::Progress;
use super::{Pace, View};
use crate::answer::{Answer, AppliedAnswer, Fold, PlanAnswer};
use crate::exit::Exit;
use crate::problem::{Level, Problem};
use crate::render::explain::explain_page;
use crate::render::outputs::outputs as outputs_page;
use crate::render::page::{Line, Page, Role};
use crate::render::plan::{Shown, plan_page};
use crate::render::standing::standing_page;
use crate::render::tested::tested_page;
use crate::render::title::Titles;
use crate::render::{answer as pages, report, words};
use crate::render::{root, run};
use crate::term::Terminal;
use lz_model::event::{Event, Stamped};
use lz_model::plan::{Plan, StepId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

/// The view for people.
#[derive(Debug)]
pub(crate) struct Human<'a> {
    terminal: &'a Terminal,
    verbose: bool,
    run: RefCell<Run>,
}

/// What the view remembers of a run.
#[derive(Debug, Default)]
struct Run {
    titles: Titles,
    estimate_seconds: f64,
    /// When the present work began, on AWS's clock.
    began_at: f64,
    finished: usize,
    running: Vec<StepId>,
    operations: BTreeMap<StepId, Progressed>,
    /// For how many seconds each long operation has run.
    ages: BTreeMap<StepId, u64>,
    progress: Option<Progress>,
}

/// How far an operation on many stacks is.
#[derive(Debug, Clone, Copy)]
struct Progressed {
    done: usize,
    failed: usize,
    total: usize,
}

impl<'a> Human<'a> {
    /// Returns the view on a terminal.
    pub(crate) fn on(terminal: &'a Terminal, verbose: bool) -> Self {
        Self {
            terminal,
            verbose,
            run: RefCell::default(),
        }
    }

    fn say(&self, run: &Run, line: &Line) {
        let mut page = Page::default();
        page.push_wrapped(line, 2, self.terminal.message_columns());
        match &run.progress {
            Some(progress) => progress.above(|| self.terminal.message(&page)),
            None => self.terminal.message(&page),
        }
    }

    fn start(&self, run: &mut Run, at: f64, total: Option<usize>) {
        run.began_at = at;
        run.finished = 0;
        run.running.clear();
        run.operations.clear();
        run.ages.clear();
        run.progress = Some(Progress::start(self.terminal, total));
    }

    fn end_step(&self, run: &mut Run, step: &StepId, at: f64, outcome: Option<Line>) {
        run.running.retain(|running| running != step);
        run.finished += 1;
        if let Some(outcome) = outcome {
            let total = words::number(run.titles.len() as u64);
            let place = format!("[{:>width$}/{total}] ", run.finished, width = total.len());
            let mut line = Line::of(Role::Muted, place);
            line.append(outcome);
            self.say(run, &line);
        }
        update(run, at);
    }
}

/// Brings the display up to date.
fn update(run: &Run, at: f64) {
    let Some(progress) = &run.progress else { return };
    progress.set(run.finished);
    let mut words = match run.running.as_slice() {
        [] => String::new(),
        [one] => format!("{}{}", run.titles.line(one).to_plain(), progressed(run, one)),
        [one, more @ ..] => format!("{} and {} more", run.titles.line(one).to_plain(), more.len()),
    };
    let left = run.estimate_seconds - (at - run.began_at);
    if left >= 10.0 {
        words = format!("{} left  {words}", words::about(left as u64));
    }
    progress.say(words);
}

/// Returns `: 120 of 2,417 stacks, 3 failed` for an operation on many stacks.
fn progressed(run: &Run, step: &StepId) -> String {
    let Some(progressed) = run.operations.get(step) else {
        let age = run.ages.get(step);
        return age.map_or_else(String::new, |seconds| {
            format!(": {} so far", words::about(*seconds))
        });
    };
    let mut words = format!(
        ": {} of {}",
        words::number(progressed.done as u64),
        words::count(progressed.total, "stack")
    );
    if progressed.failed > 0 {
        words.push_str(&format!(", {} failed", words::number(progressed.failed as u64)));
    }
    words
}

impl View for Human<'_> {
    fn begin(&self, plan: &Plan, pace: Pace) {
        let mut run = self.run.borrow_mut();
        run.titles = Titles::of(plan);
        run.estimate_seconds = match pace {
            Pace::Real => plan.estimate_seconds as f64,
            Pace::Virtual => 0.0,
        };
    }

    fn event(&self, stamped: &Stamped) {
        let run = &mut *self.run.borrow_mut();
        let at = stamped.at_seconds;
        match &stamped.event {
            Event::ReadStarted {} => {
                self.start(run, at, None);
                tell(run, "Reading the organization".to_owned());
            }
            Event::ReadProgress { part, calls } => {
                tell(
                    run,
                    format!(
                        "Reading the organization: {part}, {}",
                        words::count(*calls as usize, "call")
                    ),
                );
            }
            Event::ReadFinished { calls } => {
                let calls = words::count(*calls as usize, "call");
                let words = format!(
                    "Read the organization: {calls}, {}",
                    words::took(at - run.began_at)
                );
                run.progress = None;
                self.say(run, &Line::of(Role::Muted, words));
            }
            Event::AwaitingCreations { names } => {
                let words = format!("Waiting for {} that AWS is still creating", words::list(names));
                run.progress
                    .get_or_insert_with(|| Progress::start(self.terminal, None));
                self.say(run, &Line::of(Role::Plain, words));
            }
            Event::AwaitingOperations { names } => {
                let words = format!("Waiting for operations of {}", words::list(names));
                run.progress
                    .get_or_insert_with(|| Progress::start(self.terminal, None));
                self.say(run, &Line::of(Role::Plain, words));
            }
            Event::AwaitingControlTower { seconds } => {
                let words = match seconds {
                    0 => "Waiting for what Control Tower has under way".to_owned(),
                    seconds => format!("Waiting for Control Tower: {} so far", words::about(*seconds)),
                };
                run.progress
                    .get_or_insert_with(|| Progress::start(self.terminal, None));
                if *seconds == 0 {
                    self.say(run, &Line::of(Role::Plain, words));
                } else {
                    tell(run, words);
                }
            }
            Event::DetectingDrift { names } => {
                self.start(run, at, None);
                tell(
                    run,
                    format!("Comparing stacks of {} with their templates", words::list(names)),
                );
            }
            Event::DriftDetected { .. } => {
                let words = format!(
                    "Compared stacks with their templates: {}",
                    words::took(at - run.began_at)
                );
                run.progress = None;
                self.say(run, &Line::of(Role::Muted, words));
            }
            Event::ApplyStarted { steps } => self.start(run, at, Some(*steps)),
            Event::StepStarted { step } => {
                run.running.push(step.clone());
                update(run, at);
            }
            Event::StepRetrying {
                step,
                because,
                wait_milliseconds,
            } => {
                if self.verbose {
                    let line = retrying(&run.titles, step, because, *wait_milliseconds);
                    self.say(run, &line);
                }
            }
            Event::OperationProgress {
                step,
                done,
                failed,
                total,
            } => {
                run.operations.insert(
                    step.clone(),
                    Progressed {
                        done: *done,
                        failed: *failed,
                        total: *total,
                    },
                );
                update(run, at);
            }
            Event::OperationRunning { step, seconds, .. } => {
                run.ages.insert(step.clone(), *seconds);
                update(run, at);
            }
            Event::InstanceFailed {
                step,
                account,
                region,
                reason,
            } => {
                let mut line = Line::of(Role::Warning, format!("{account} {region}: {reason} "));
                line.append(run.titles.words(step));
                self.say(run, &line);
            }
            Event::Baking { step, seconds } => {
                let mut line = Line::of(Role::Plain, format!("waiting {}: ", words::about(*seconds)));
                line.append(run.titles.words(step));
                self.say(run, &line);
            }
            Event::AskingGate { gate, .. } => {
                self.say(
                    run,
                    &Line::of(Role::Plain, format!("before the next wave: {gate}")),
                );
            }
            Event::StepFinished { step, created } => {
                let outcome =
                    (!self.terminal.is_interactive()).then(|| done(&run.titles, step, created.as_deref()));
                self.end_step(run, step, at, outcome);
            }
            Event::StepFailed { step, error } => {
                let outcome = failed(&run.titles, step, error);
                self.end_step(run, step, at, Some(outcome));
            }
            Event::StepSkipped { step, .. } => self.end_step(run, step, at, None),
            Event::Stopping {} => {
                let running = words::count(run.running.len(), "running step");
                let words = format!("Finishing {running}; press Ctrl-C again to leave at once");
                self.say(run, &Line::of(Role::Warning, words));
            }
            Event::ApplyFinished { .. } => run.progress = None,
        }
    }

    fn answer(&self, answer: &Answer<'_>) -> io::Result<()> {
        self.run.borrow_mut().progress = None;
        let columns = self.terminal.columns();
        match answer {
            Answer::Plan(shown) => self.terminal.result(&plan(shown, columns)),
            Answer::Applied(shown) => self.terminal.result(&applied(shown, columns)),
            Answer::Drift(drift, fold) => self.terminal.result(&pages::drift(drift, *fold, columns)),
            Answer::Tree(tree, fold) => self.terminal.result(&pages::tree(tree, *fold, columns)),
            Answer::Explained(plan, address, fold) => {
                self.terminal.result(&explain_page(plan, address, *fold, columns))
            }
            Answer::Standing(standing, plan, fold) => {
                let mut page = standing_page(standing, *fold, columns);
                if let Some(plan) = plan {
                    page.gap();
                    page.push(Line::of(Role::Strong, "What the plan does to it:"));
                    page.append(explain_page(plan, &standing.address, *fold, columns));
                }
                self.terminal.result(&page)
            }
            Answer::Checked(checked) => self.terminal.result(&pages::checked(checked, columns)),
            Answer::Tested(tested, fold) => self.terminal.result(&tested_page(tested, *fold, columns)),
            Answer::PolicyDiff(difference) => self.terminal.text(&pages::policy_diff(difference)),
            Answer::Packed(packed) => self.terminal.text(&pages::packed(packed)),
            Answer::Files(files) => self.terminal.result(&pages::files(files, columns)),
            Answer::RootAudit(audit) => self.terminal.result(&root::audit(audit, columns)),
            Answer::RootRemoval(removal) => self.terminal.result(&root::removal(removal, columns)),
            Answer::Outputs(outputs) => self.terminal.result(&outputs_page(outputs, columns)),
            Answer::Lock(state) => self.terminal.result(&run::lock(state, columns)),
            Answer::Runs(runs, total, place) => {
                self.terminal.result(&run::runs(runs, *total, place, columns))
            }
            Answer::Run(shown) => self.terminal.result(&run::run(shown, columns)),
            Answer::Text(text) => self.terminal.text(text),
        }
    }

    fn problems(&self, problems: &[Problem]) -> io::Result<()> {
        self.run.borrow_mut().progress = None;
        for (at, problem) in problems.iter().enumerate() {
            if at > 0 {
                self.terminal.message(&[Line::default()].into_iter().collect());
            }
            self.terminal.problem(problem);
        }
        let errors = problems
            .iter()
            .filter(|problem| problem.level == Level::Error)
            .count();
        if errors > 1 {
            let line = Line::of(Role::Error, words::count(errors, "error"));
            self.terminal
                .message(&[Line::default(), line].into_iter().collect());
        }
        Ok(())
    }

    fn end(&self, _exit: Exit) -> io::Result<()> {
        self.run.borrow_mut().progress = None;
        Ok(())
    }
}

fn tell(run: &Run, words: String) {
    if let Some(progress) = &run.progress {
        progress.say(words);
    }
}

fn done(titles: &Titles, step: &StepId, created: Option<&str>) -> Line {
    let mut line = Line::of(Role::Success, "done ");
    line.append(titles.line(step));
    match created {
        Some(id) => line.plain(" (").with(Role::Id, id).plain(")"),
        None => line,
    }
}

fn failed(titles: &Titles, step: &StepId, error: &str) -> Line {
    let mut line = Line::of(Role::Error, "failed ");
    line.append(titles.line(step));
    line.plain(": ").with(Role::Error, error)
}

fn retrying(titles: &Titles, step: &StepId, because: &str, wait_milliseconds: u64) -> Line {
    let wait = words::took(wait_milliseconds as f64 / 1_000.0);
    let mut line = Line::of(Role::Muted, format!("again in {wait} ({because}): "));
    line.append(titles.line(step));
    line
}

fn plan(shown: &PlanAnswer<'_>, columns: usize) -> Page {
    let how = Shown {
        columns,
        all: shown.fold == Fold::Nothing,
        next: shown.next.clone(),
    };
    plan_page(shown.plan, &how)
}

fn applied(shown: &AppliedAnswer<'_>, columns: usize) -> Page {
    report::report_page(
        shown.plan,
        shown.report,
        &shown.next,
        columns,
        shown.fold == Fold::Nothing,
    )
}
