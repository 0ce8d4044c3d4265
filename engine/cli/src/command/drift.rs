//! `lz drift`: what differs from the spec, and what the spec does not mention.

use crate::answer::{Answer, Drift, Fold};
use crate::args::{Drift as Args, Records};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use crate::render::words;
use crate::run::{News, Reading, reading};
use crate::session::Session;
use crate::spec;
use lz_model::desired::{Desired, Occasion};

/// Compares and shows.
///
/// # Errors
/// Whatever keeps the organization from being compared with the spec.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.dir)?;
    let target = context.global.target();
    let what = Reading {
        verb: "drift",
        target: &target,
        directory: &args.dir,
        desired: &desired,
        records: Records::default(),
    };
    reading(context, what, |session, news| {
        compared(context, args, &desired, session, news)
    })
}

fn compared(
    context: &Context<'_>,
    args: &Args,
    desired: &Desired,
    session: &Session<'_>,
    news: &mut News<'_>,
) -> Result<Exit, Failure> {
    let planned = session.plan(desired)?;
    let stack_sets = if args.stack_sets {
        Some(session.detect_drift(desired, &planned.live)?)
    } else {
        None
    };
    let drift = Drift {
        plan: planned.plan,
        stack_sets,
    };
    if drift.is_any() {
        news.occasions.insert(Occasion::Drift);
        let steps = words::count(drift.plan.steps.len(), "step");
        news.summary = Some(format!("{steps} away from the spec"));
    }
    context.answer(&Answer::Drift(&drift, Fold::unless(args.all)))?;
    Ok(if args.detailed_exitcode && drift.is_any() {
        Exit::Changes
    } else {
        Exit::Done
    })
}
