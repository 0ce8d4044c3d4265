//! `lz show`: a saved plan, or the live organization.

use crate::answer::{Answer, Fold, PlanAnswer};
use crate::args::{Records, Show as Args};
use crate::context::Context;
use crate::exit::Exit;
use crate::next::{self, Repeat};
use crate::problem::Failure;
use crate::saved::{self, Saved};
use crate::session::Session;
use crate::{spec, tree};

/// Shows one of both.
///
/// # Errors
/// What keeps the plan or the organization from being read.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let fold = Fold::unless(args.all);
    if args.from.is_file() {
        let saved = Saved::read(&args.from)?;
        let digest = saved::digest(&args.from)?;
        let next = next::command(context.global, "apply", &args.from, Repeat::SavedTwin);
        context.answer(&Answer::Plan(PlanAnswer {
            plan: &saved.plan,
            fold,
            saved: Some(args.from.to_string_lossy().into_owned()),
            next: vec![
                ("The digest of the plan", digest.clone()),
                ("To apply exactly this", next),
            ],
            digest: Some(digest),
        }))?;
        return Ok(Exit::Done);
    }
    let desired = if spec::is_there(&args.from) {
        Some(spec::load(context, &args.from)?)
    } else {
        None
    };
    let target = context.global.target();
    let session = Session::open(context, &target, &args.from, desired.as_ref(), Records::default())?;
    let live = session.look()?;
    let zone = desired.as_ref().map(|desired| desired.zone.name.as_str());
    context.answer(&Answer::Tree(&tree::tree(&live, zone), fold))?;
    Ok(Exit::Done)
}
