//! `lz drift`: what differs from the spec, and what the spec does not mention.

use crate::answer::{Answer, Drift, Fold};
use crate::args::{Drift as Args, Records};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use crate::session::Session;
use crate::spec;

/// Compares and shows.
///
/// # Errors
/// Whatever keeps the organization from being compared with the spec.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.dir)?;
    let target = context.global.target();
    let session = Session::open(context, &target, &args.dir, Some(&desired), Records::default())?;
    let planned = session.plan(&desired)?;
    let stack_sets = if args.stack_sets {
        Some(session.detect_drift(&desired, &planned.live)?)
    } else {
        None
    };
    let drift = Drift {
        plan: planned.plan,
        stack_sets,
    };
    context.answer(&Answer::Drift(&drift, Fold::unless(args.all)))?;
    Ok(if args.detailed_exitcode && drift.is_any() {
        Exit::Changes
    } else {
        Exit::Done
    })
}
