//! `lz apply`: makes the changes.

use super::carry::{self, Orders};
use crate::answer::{Answer, Fold, PlanAnswer};
use crate::args::{Apply as Args, Target};
use crate::context::Context;
use crate::engine;
use crate::exit::Exit;
use crate::lint;
use crate::next::{self, Repeat};
use crate::problem::Failure;
use crate::run::{Changing, changing};
use crate::saved::Saved;
use crate::session::Session;
use crate::spec;
use lz_model::plan::Plan;
use lz_plan::approve::ApprovedPlan;
use std::path::PathBuf;

/// Plans, asks, carries out and reports.
///
/// # Errors
/// Whatever keeps the plan from being made or agreed to. What fails afterwards is in the report.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let source = Source::of(context, args)?;
    let (desired, digest) = spec::load_whole(context, &source.directory)?;
    let what = Changing {
        verb: "apply",
        target: &source.target,
        directory: &source.directory,
        desired: &desired,
        digest: &digest,
        plan_digest: None,
        records: &args.records,
        patience: args.lock.patience(),
    };
    changing(context, &what, |session, run| {
        match agreed(context, args, &source, session, &desired)? {
            None => Ok(Exit::Done),
            Some(plan) => carry::carry_out(context, session, run, &plan, orders(context, args, &source)),
        }
    })
}

/// What is applied, and to what.
struct Source {
    directory: PathBuf,
    saved: Option<Plan>,
    target: Target,
}

impl Source {
    fn of(context: &Context<'_>, args: &Args) -> Result<Self, Failure> {
        if !args.from.is_file() {
            return Ok(Self {
                directory: args.from.clone(),
                saved: None,
                target: context.global.target(),
            });
        }
        let saved = Saved::read(&args.from)?;
        let asked = context.global.asked_target();
        let twin = saved.twin.map(|file| Target::Twin(Some(file)));
        Ok(Self {
            directory: saved.directory.unwrap_or_else(|| PathBuf::from(".")),
            saved: Some(saved.plan),
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
        Some(saved) => engine::remaining(saved, planned.plan, desired, &planned.live)?,
        None => planned.plan,
    };
    lint::check_plan(context, desired, &plan)?;
    let fold = Fold::unless(args.all);
    context.answer(&Answer::Plan(PlanAnswer {
        plan: &plan,
        fold,
        saved: None,
        next: Vec::new(),
    }))?;
    if plan.is_empty() {
        return Ok(None);
    }
    carry::agree(session, plan, &orders(context, args, source)).map(Some)
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
