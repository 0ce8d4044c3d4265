//! What a stack set was in an earlier revision of the spec.

use super::rollback::failure;
use crate::context::Context;
use crate::problem::Failure;
use crate::revision::{self, Revision};
use crate::spec::{self, Whole};
use lz_model::address::{Address, Name};
use lz_model::desired::DesiredStackSet;
use lz_plan::rollback;
use std::path::Path;

/// How many changes of the spec are looked through for the last one of a set.
const LIMIT: usize = 100;

/// A stack set as a revision declares it.
pub(super) struct Earlier {
    pub(super) revision: Revision,
    pub(super) set: DesiredStackSet,
}

/// Returns the set as the revision declares it that a person names.
///
/// # Errors
/// There is no such revision, its spec is wrong, or it has no such set.
pub(super) fn named(
    context: &Context<'_>,
    directory: &Path,
    name: &Name,
    revision: &str,
) -> Result<Earlier, Failure> {
    let revision = Revision::open(directory, revision)?;
    let mut desired = spec::load(context, &revision.directory)?;
    match desired.stack_sets.remove(name) {
        Some(set) => Ok(Earlier { revision, set }),
        None => {
            let message = format!(
                "the spec of {} has no `{}`",
                revision.in_words(),
                Address::StackSet(name.clone())
            );
            let help = "name a revision that has it with `--to`; to take its stacks away, remove the block and apply";
            Err(failure(&message, help))
        }
    }
}

/// Returns the set of the newest revision that declares other stacks of it than the spec of today.
/// Revisions whose spec is wrong were never applied, so they are passed over.
///
/// # Errors
/// The spec of today has no such set, it is not in a git repository, or no revision declares the set otherwise.
pub(super) fn last_other(
    context: &Context<'_>,
    directory: &Path,
    name: &Name,
    today: &Whole,
) -> Result<Earlier, Failure> {
    let address = Address::StackSet(name.clone());
    let Some(now) = today.desired.stack_sets.get(name) else {
        let message = format!("the spec has no `{address}`");
        return Err(failure(&message, "name a revision that has it with `--to`"));
    };
    for commit in revision::history(directory, &today.files, LIMIT)? {
        // Before this one the spec was elsewhere, or nowhere.
        let Ok(revision) = Revision::open(directory, &commit) else {
            break;
        };
        let Ok(mut desired) = spec::load_quietly(context, &revision.directory) else {
            continue;
        };
        match desired.stack_sets.remove(name) {
            Some(set) if rollback::means_the_same(&set, now) => {}
            Some(set) => return Ok(Earlier { revision, set }),
            None => break,
        }
    }
    Err(failure(
        &format!("no revision of the spec declares `{address}` otherwise, so there is none to go back to"),
        "name a revision with `--to`",
    ))
}
