//! `lz test`: does the spec keep what its tests promise?

use crate::answer::{Answer, Fold};
use crate::args::Test as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use crate::tested::Tested;
use crate::{engine, junit, spec};
use lz_plan::future::Future;
use lz_plan::testing;

/// Judges the tests on the organization that the spec describes, without a look at AWS.
///
/// # Errors
/// What is wrong with the spec, a filter that no test fits, a report that cannot be written.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.dir)?;
    let desired = engine::expand(&desired, None)?;
    let filter = args.filter.as_deref().unwrap_or_default();
    let outcomes = testing::run(&desired, &Future::of_spec(&desired), filter);
    if outcomes.is_empty() && !desired.tests.is_empty() {
        let message = format!("no test has `{filter}` in its name");
        return Err(Failure::of(
            Exit::Error,
            Problem::new("lz::cli::no_such_test", message).help("`lz test` without --filter lists all"),
        ));
    }
    let tested = Tested::of(&desired.zone.name, &outcomes);
    if let Some(file) = &args.junit {
        std::fs::write(file, junit::report(&tested)).map_err(|error| Failure::file("write", file, &error))?;
    }
    context.answer(&Answer::Tested(&tested, Fold::unless(args.all)))?;
    Ok(if tested.failed == 0 {
        Exit::Done
    } else {
        Exit::TestsFailed
    })
}
