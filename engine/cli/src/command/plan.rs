//! `lz plan`: what `lz apply` would do.

use crate::answer::{Answer, Fold, PlanAnswer};
use crate::args::{Plan as Args, PlanFormat};
use crate::context::Context;
use crate::exit::Exit;
use crate::lint;
use crate::next::{self, Repeat};
use crate::problem::Failure;
use crate::render::{safe, words};
use crate::run::{News, Reading, reading};
use crate::saved::Saved;
use crate::session::Session;
use crate::spec;
use lz_model::desired::{Desired, Occasion};
use lz_model::plan::Plan;

/// Makes the plan, saves it where asked, and shows it.
///
/// # Errors
/// Whatever keeps the plan from being made or saved.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.dir)?;
    let what = Reading {
        verb: "plan",
        target: &context.global.target(),
        directory: &args.dir,
        desired: &desired,
        records: args.records.clone(),
    };
    reading(context, what, |session, news| {
        made(context, args, &desired, session, news)
    })
}

fn made(
    context: &Context<'_>,
    args: &Args,
    desired: &Desired,
    session: &Session<'_>,
    news: &mut News<'_>,
) -> Result<Exit, Failure> {
    let planned = session.plan(desired);
    session.close()?;
    let plan = planned?.plan;
    lint::check_plan(context, desired, &plan)?;
    if !plan.is_empty() {
        news.occasions.insert(Occasion::Plan);
        news.summary = Some(format!("{} to take", words::count(plan.steps.len(), "step")));
    }
    let mut digest = None;
    let next = match &args.out {
        Some(file) => {
            let twin = session.twin_file().map(ToOwned::to_owned);
            let saved = Saved {
                plan: plan.clone(),
                directory: Some(args.dir.clone()),
                twin,
            };
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
    show(context, args, &plan, digest, next)?;
    Ok(if args.detailed_exitcode && !plan.is_empty() {
        Exit::Changes
    } else {
        Exit::Done
    })
}

fn show(
    context: &Context<'_>,
    args: &Args,
    plan: &Plan,
    digest: Option<String>,
    next: (&'static str, String),
) -> Result<(), Failure> {
    match args.format {
        PlanFormat::Human => context.answer(&Answer::Plan(PlanAnswer {
            plan,
            fold: Fold::unless(args.all),
            saved: args.out.as_ref().map(|file| file.to_string_lossy().into_owned()),
            next: digest
                .iter()
                .map(|digest| ("The digest of the plan", digest.clone()))
                .chain([next])
                .collect(),
            digest,
        })),
        PlanFormat::Json => {
            let text = lz_plan::file::save(plan).map_err(std::io::Error::from)?;
            context.raw(&safe::json(&text))
        }
    }
}
