//! `lz graph`: drawings for other programs.

use crate::answer::Answer;
use crate::args::Graph as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use crate::render::graph;
use crate::{saved, spec};

/// Draws.
///
/// # Errors
/// What keeps the spec or the plan from being read.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let text = if args.spec {
        graph::of_spec(&spec::load(context, &args.from)?, args.format)
    } else {
        graph::of_plan(&saved::plan_of(context, &args.from)?, args.format)
    };
    context.answer(&Answer::Text(&text))?;
    Ok(Exit::Done)
}
