//! `lz apply`: makes the changes.

use super::carry::{self, Orders};
use crate::answer::{Answer, Fold, PlanAnswer};
use crate::args::{Apply as Args, Target};
use crate::context::Context;
use crate::engine;
use crate::exit::Exit;
use crate::lint;
use crate::next::{self, Repeat};
use crate::outputs::Outputs;
use crate::problem::{Failure, Problem};
use crate::run::{Changing, changing};
use crate::saved::{self, Saved};
use crate::session::Session;
use crate::spec;
use lz_model::desired::Desired;
use lz_model::plan::Plan;
use lz_plan::approve::ApprovedPlan;
use std::path::{Path, PathBuf};

/// Plans, asks, carries out and reports.
///
/// # Errors
/// Whatever keeps the plan from being made or agreed to. What fails afterwards is in the report.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let source = Source::of(context, args)?;
    let spec::Whole { desired, digest, .. } = spec::load_whole(context, &source.directory)?;
    let what = Changing {
        verb: "apply",
        target: &source.target,
        directory: &source.directory,
        desired: &desired,
        digest: &digest,
        plan_digest: source.digest.as_deref(),
        records: &args.records,
        patience: args.lock.patience(),
    };
    changing(context, &what, |session, run| {
        let ended = agreed(context, args, &source, session, &desired).and_then(|plan| match plan {
            None => Ok(Exit::Done),
            Some(plan) => carry::carry_out(context, session, run, &plan, orders(context, args, &source)),
        });
        if let (Some(file), Ok(_)) = (&args.outputs, &ended) {
            write_outputs(session, &desired, file)?;
        }
        if ended.is_ok() && !desired.left_out.is_empty() {
            context.warn(&[spec::still_left_out(desired.left_out.len())])?;
        }
        ended
    })
}

/// Writes what others need to know of the accounts, also where the run could not do everything.
fn write_outputs(session: &Session<'_>, desired: &Desired, file: &Path) -> Result<(), Failure> {
    let outputs = Outputs::of(desired, &session.look()?, &session.created());
    std::fs::write(file, outputs.document()).map_err(|error| Failure::file("write", file, &error))
}

/// What is applied, and to what.
struct Source {
    directory: PathBuf,
    saved: Option<Plan>,
    digest: Option<String>,
    target: Target,
}

impl Source {
    fn of(context: &Context<'_>, args: &Args) -> Result<Self, Failure> {
        if !args.from.is_file() {
            if args.digest.is_some() {
                let message = format!("`{}` is no saved plan, so it has no digest", args.from.display());
                let problem = Problem::new("lz::cli::digest", message);
                let help = "name the file that `lz plan --out` wrote";
                return Err(Failure::of(Exit::Error, problem.help(help)));
            }
            return Ok(Self {
                directory: args.from.clone(),
                saved: None,
                digest: None,
                target: context.global.target(),
            });
        }
        let digest = saved::digest(&args.from)?;
        if let Some(reviewed) = &args.digest {
            saved::check_digest(&args.from, &digest, reviewed)?;
        }
        let saved = Saved::read(&args.from)?;
        let asked = context.global.asked_target();
        let twin = saved.twin.map(|file| Target::Twin(Some(file)));
        Ok(Self {
            directory: args
                .spec
                .clone()
                .or(saved.directory)
                .unwrap_or_else(|| PathBuf::from(".")),
            saved: Some(saved.plan),
            digest: Some(digest),
            target: asked.or(twin).unwrap_or(Target::Aws),
        })
    }
}

/// Returns the plan once it is agreed to; `None` if there is nothing to do.
fn agreed(
    context: &Context<'_>,
    args: &Args,
    source: &Source,
    session: &Session<'_>,
    desired: &lz_model::desired::Desired,
) -> Result<Option<ApprovedPlan>, Failure> {
    let planned = session.plan(desired)?;
    let plan = match &source.saved {
        Some(saved) => {
            let fresh = planned.plan.clone();
            match engine::remaining(saved, fresh, desired, &planned.live) {
                Ok(plan) => plan,
                Err(stale) => {
                    // What would be done now is shown, and nothing of it is done.
                    context.answer(&shown(&planned.plan, args))?;
                    return Err(stale);
                }
            }
        }
        None => planned.plan,
    };
    lint::check_plan(context, desired, &plan)?;
    context.answer(&shown(&plan, args))?;
    if plan.is_empty() {
        return Ok(None);
    }
    carry::agree(session, plan, &orders(context, args, source)).map(Some)
}

fn shown<'a>(plan: &'a Plan, args: &Args) -> Answer<'a> {
    Answer::Plan(PlanAnswer {
        plan,
        fold: Fold::unless(args.all),
        saved: None,
        digest: None,
        next: Vec::new(),
    })
}

fn orders<'a>(context: &Context<'_>, args: &'a Args, source: &'a Source) -> Orders<'a> {
    let repeat = if source.saved.is_some() {
        Repeat::SavedTwin
    } else {
        Repeat::Always
    };
    Orders {
        auto_approve: args.auto_approve,
        accept: &args.accept,
        all: args.all,
        directory: &source.directory,
        unasked: next::command(context.global, "apply", &args.from, Repeat::SavedTwin),
        again: next::command(context.global, "apply", &args.from, repeat),
    }
}
