//! `lz validate`: is the spec right?

use crate::answer::{Answer, Checked};
use crate::args::Dir;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use crate::spec;

/// Checks the spec offline.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn run(context: &Context<'_>, args: &Dir) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.dir)?;
    let checked = Checked {
        zone: desired.zone.name.clone(),
        ous: desired.ous.len(),
        accounts: desired.accounts.len(),
        policies: desired.policies.len(),
        delegated_admins: desired.delegated_admins.len(),
    };
    context.answer(&Answer::Checked(&checked))?;
    Ok(Exit::Done)
}
