//! `lz plan`: what `lz apply` would do.

use super::review::{self, Shown};
use crate::args::Plan as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::lint;
use crate::map::Outline;
use crate::next::{self, Repeat};
use crate::problem::Failure;
use crate::render::words;
use crate::run::{News, Reading, reading};
use crate::saved::Saved;
use crate::session::Session;
use crate::{base, spec};
use lz_model::desired::{Desired, Occasion};

/// Makes the plan, saves it where asked, and shows it.
///
/// # Errors
/// Whatever keeps the plan from being made or saved.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    review::check(args.format, &args.review)?;
    let desired = spec::load(context, &args.dir)?;
    let base = match &args.base {
        Some(revision) => Some(base::Spec::load(context, &args.dir, revision)?),
        None => None,
    };
    let what = Reading {
        verb: "plan",
        target: &context.global.target(),
        directory: &args.dir,
        desired: &desired,
        records: args.records.clone(),
    };
    reading(context, what, |session, news| {
        made(context, args, (&desired, base.as_ref()), session, news)
    })
}

fn made(
    context: &Context<'_>,
    args: &Args,
    (desired, base): (&Desired, Option<&base::Spec>),
    session: &Session<'_>,
    news: &mut News<'_>,
) -> Result<Exit, Failure> {
    let planned = match base {
        Some(base) => base.plan(session, desired),
        None => session.plan(desired),
    };
    session.close()?;
    let planned = planned?;
    let (outline, plan) = (Outline::of(&planned.live, &planned.plan), planned.plan);
    lint::check_plan(context, desired, &plan)?;
    if !plan.is_empty() {
        news.occasions.insert(Occasion::Plan);
        news.summary = Some(format!("{} to take", words::count(plan.steps.len(), "step")));
    }
    let saved = Saved {
        plan,
        directory: Some(args.dir.clone()),
        twin: session.twin_file().map(ToOwned::to_owned),
        outline,
    };
    let mut digest = None;
    let next = match &args.out {
        Some(file) => {
            digest = Some(saved.write(file)?);
            (
                "To apply exactly this",
                next::command(context.global, "apply", file, Repeat::SavedTwin),
            )
        }
        None => (
            "To apply this",
            next::command(context.global, "apply", &args.dir, Repeat::Always),
        ),
    };
    let shown = Shown {
        plan: &saved.plan,
        outline: saved.outline.as_ref(),
        file: args.out.as_deref(),
        digest,
        next: vec![next],
        all: args.all,
    };
    review::show(context, args.format, &args.review, shown)?;
    Ok(if args.detailed_exitcode && !saved.plan.is_empty() {
        Exit::Changes
    } else {
        Exit::Done
    })
}
