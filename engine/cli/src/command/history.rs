//! `lz history`: runs that changed the organization.

use crate::answer::{Answer, Fold, RunAnswer};
use crate::args::{History as Args, Records};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Level, Problem};
use crate::run::{Archive, RunRecord};
use crate::session::Session;
use crate::spec;
use lz_model::event::Stamped;
use lz_model::plan::Plan;

/// Lists runs, or shows one.
///
/// # Errors
/// Whatever keeps the history from being read, or a run that it does not have.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.dir)?;
    let place = desired.pipeline.history.as_ref();
    let archive = Archive::of(&args.dir, place);
    let session = match place {
        None => None,
        Some(_) => {
            let target = context.global.target();
            let records = Records::default();
            Some(Session::open(
                context,
                &target,
                &args.dir,
                Some(&desired),
                records,
            )?)
        }
    };
    let session = session.as_ref();
    let names = archive.runs(session)?;
    match &args.run {
        None => list(context, args, &archive, session, &names),
        Some(run) => show(context, args, &archive, session, &chosen(&names, run, &archive)?),
    }
}

fn list(
    context: &Context<'_>,
    args: &Args,
    archive: &Archive,
    session: Option<&Session<'_>>,
    names: &[String],
) -> Result<Exit, Failure> {
    let mut runs: Vec<RunRecord> = Vec::new();
    for name in names.iter().rev().take(args.limit) {
        match archive.record(session, name) {
            Ok(found) => runs.extend(found),
            // One run that cannot be read must not hide the others.
            Err(failure) if failure.exit == Exit::Error => {
                let warning = |problem| Problem {
                    level: Level::Warning,
                    ..problem
                };
                let warnings: Vec<Problem> = failure.problems.into_iter().map(warning).collect();
                context.warn(&warnings)?;
            }
            Err(failure) => return Err(failure),
        }
    }
    let place = archive.to_string();
    context.answer(&Answer::Runs(&runs, names.len(), &place))?;
    Ok(Exit::Done)
}

fn show(
    context: &Context<'_>,
    args: &Args,
    archive: &Archive,
    session: Option<&Session<'_>>,
    name: &str,
) -> Result<Exit, Failure> {
    let Some(record) = archive.record(session, name)? else {
        return Err(unknown(name, archive));
    };
    let (plan, events) = archive.rest(session, name)?;
    let plan: Option<Plan> = match plan.map(|text| lz_plan::file::load(&text)) {
        None => None,
        Some(Ok(plan)) => Some(plan),
        Some(Err(error)) => {
            let message = format!("the plan of the run `{name}` cannot be shown: {error}");
            context.warn(&[Problem {
                level: Level::Warning,
                ..Problem::new("lz::cli::history", message)
            }])?;
            None
        }
    };
    let events: Vec<Stamped> = events
        .unwrap_or_default()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    context.answer(&Answer::Run(RunAnswer {
        record: &record,
        plan: plan.as_ref(),
        events: &events,
        fold: Fold::unless(args.all),
    }))?;
    Ok(Exit::Done)
}

/// Returns the one run that is meant.
fn chosen(names: &[String], wanted: &str, archive: &Archive) -> Result<String, Failure> {
    if wanted == "last" {
        return names.last().cloned().ok_or_else(|| unknown(wanted, archive));
    }
    let fitting: Vec<&String> = names.iter().filter(|name| name.starts_with(wanted)).collect();
    match fitting.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(unknown(wanted, archive)),
        [first, second, ..] => {
            let message =
                format!("`{wanted}` is the beginning of several runs, such as `{first}` and `{second}`");
            Err(failure(&message, "write more of the name"))
        }
    }
}

fn unknown(wanted: &str, archive: &Archive) -> Failure {
    failure(
        &format!("{archive} has no run `{wanted}`"),
        "`lz history` lists the runs",
    )
}

fn failure(message: &str, help: &str) -> Failure {
    Failure::of(Exit::Error, Problem::new("lz::cli::history", message).help(help))
}
