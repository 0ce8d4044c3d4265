//! `lz show`: a saved plan, or the live organization.

use super::review::{self, Shown};
use crate::answer::{Answer, Fold};
use crate::args::{Records, Show as Args};
use crate::context::Context;
use crate::exit::Exit;
use crate::next::{self, Repeat};
use crate::problem::{Failure, Problem};
use crate::saved::{self, Saved};
use crate::session::Session;
use crate::{spec, tree};
use std::path::Path;

/// Shows one of both.
///
/// # Errors
/// What keeps the plan or the organization from being read.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    review::check(args.format, &args.review)?;
    review::check_saved(args.format)?;
    if args.from.is_file() {
        let saved = Saved::read(&args.from)?;
        let digest = saved::digest(&args.from)?;
        let next = next::command(context.global, "apply", &args.from, Repeat::SavedTwin);
        let shown = Shown {
            plan: &saved.plan,
            outline: saved.outline.as_ref(),
            file: Some(&args.from),
            digest: Some(digest),
            next: vec![("To apply exactly this", next)],
            all: args.all,
        };
        review::show(context, args.format, &args.review, shown)?;
        return Ok(Exit::Done);
    }
    review::check_tree(args.format, &args.from)?;
    check_there(&args.from)?;
    let desired = if spec::is_there(&args.from) {
        Some(spec::load(context, &args.from)?)
    } else {
        None
    };
    let target = context.global.target();
    let session = Session::open(context, &target, &args.from, desired.as_ref(), Records::default())?;
    let live = session.look()?;
    let zone = desired.as_ref().map(|desired| desired.zone.name.as_str());
    context.answer(&Answer::Tree(&tree::tree(&live, zone), Fold::unless(args.all)))?;
    Ok(Exit::Done)
}

/// What looks like a saved plan and is not there is no reason to ask AWS.
fn check_there(from: &Path) -> Result<(), Failure> {
    let meant = from.extension().is_some_and(|extension| extension == "lz") || from.components().count() > 1;
    if from.exists() || !meant {
        return Ok(());
    }
    let problem = Problem::new(
        "lz::cli::not_there",
        format!(
            "there is no saved plan `{}`, and no such directory",
            from.display()
        ),
    );
    Err(Failure::of(
        Exit::Error,
        problem.help("`lz plan --out FILE` writes one; `lz show` alone shows the organization"),
    ))
}
