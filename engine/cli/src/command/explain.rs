//! `lz explain`: why the steps of an object are where they are.

use crate::answer::{Answer, Fold};
use crate::args::Explain as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use crate::saved;
use lz_model::address::Address;

/// Explains.
///
/// # Errors
/// What keeps the plan from being read, or an address that the plan does not touch.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let address: Address = args
        .address
        .parse()
        .map_err(|error: lz_model::address::AddressError| {
            Failure::of(Exit::Error, Problem::new("lz::cli::address", error.to_string()))
        })?;
    let plan = saved::plan_of(context, &args.from)?;
    if !plan.steps.iter().any(|step| step.address == address) {
        let problem = Problem::new(
            "lz::cli::not_in_plan",
            format!("the plan does not touch `{address}`"),
        );
        return Err(Failure::of(
            Exit::Error,
            problem.help("`lz plan --all` lists what it touches"),
        ));
    }
    context.answer(&Answer::Explained(&plan, &address, Fold::unless(args.all)))?;
    Ok(Exit::Done)
}
