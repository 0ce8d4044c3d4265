//! `lz plan`: what `lz apply` would do.

use super::review::{self, Shown};
use crate::args::Plan as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::lint;
use crate::map::Outline;
use crate::next::{self, Repeat};
use crate::problem::Failure;
use crate::saved::Saved;
use crate::session::Session;
use crate::{base, spec};

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
    let session = Session::open(
        context,
        &context.global.target(),
        &args.dir,
        Some(&desired),
        args.records.clone(),
    )?;
    let planned = match &base {
        Some(base) => base.plan(&session, &desired),
        None => session.plan(&desired),
    };
    session.close()?;
    let planned = planned?;
    let (outline, plan) = (Outline::of(&planned.live, &planned.plan), planned.plan);
    lint::check_plan(context, &desired, &plan)?;
    let saved = Saved {
        plan,
        directory: Some(args.dir.clone()),
        twin: session.twin_file().map(ToOwned::to_owned),
        outline,
    };
    let next = match &args.out {
        Some(file) => {
            saved.write(file)?;
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
