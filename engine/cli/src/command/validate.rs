//! `lz validate`: is the spec right?

use crate::answer::{Answer, Checked};
use crate::args::Validate as Args;
use crate::cfn_lint;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Level};
use crate::{engine, lint, spec};

/// Checks the spec offline.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.dir)?;
    lint::check(context, &desired)?;
    // A pack that does not fit is a fault of the spec, though only packing shows it.
    let expanded = engine::expand(&desired, None).map_err(|failure| Failure {
        exit: Exit::SpecWrong,
        ..failure
    })?;
    if let Some(findings) = cfn_lint::findings(&desired)? {
        let (errors, others): (Vec<_>, Vec<_>) = findings
            .into_iter()
            .partition(|finding| finding.level == Level::Error);
        if !others.is_empty() {
            context.warn(&others)?;
        }
        if !errors.is_empty() {
            return Err(Failure {
                exit: Exit::SpecWrong,
                problems: errors,
            });
        }
    }
    let checked = Checked {
        zone: desired.zone.name.clone(),
        ous: desired.ous.len(),
        accounts: desired.accounts.len(),
        policies: expanded.policies.len(),
        delegated_admins: desired.delegated_admins.len(),
        stack_sets: desired.stack_sets.len(),
        stacks: desired.stacks.len(),
        tests: desired.tests.len(),
        permission_sets: desired
            .identity
            .as_ref()
            .map_or(0, |identity| identity.sets.len()),
        assignments: desired
            .identity
            .as_ref()
            .map_or(0, |identity| identity.assignments.len()),
        left_out: desired.left_out.len(),
    };
    context.answer(&Answer::Checked(&checked))?;
    Ok(Exit::Done)
}
