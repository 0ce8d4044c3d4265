//! The way of a command that only looks, and tells whom the spec names.

use super::notice::{News, tell};
use crate::args::{Records, Target};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use crate::session::Session;
use lz_model::desired::Desired;
use std::collections::BTreeSet;
use std::path::Path;

/// What a command is about to look at.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    /// The command's name.
    pub(crate) verb: &'a str,
    /// What is read.
    pub(crate) target: &'a Target,
    /// The spec's directory.
    pub(crate) directory: &'a Path,
    /// The spec.
    pub(crate) desired: &'a Desired,
    /// Files that the run leaves behind.
    pub(crate) records: Records,
}

/// Does the work and tells whom the spec names.
///
/// # Errors
/// Whatever keeps the work from being done.
pub(crate) fn reading(
    context: &Context<'_>,
    what: Reading<'_>,
    work: impl FnOnce(&Session<'_>, &mut News<'_>) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let Reading {
        verb,
        target,
        directory,
        desired,
        records,
    } = what;
    let mut session = Session::open(context, target, directory, Some(desired), records)?;
    if !desired.pipeline.notices.is_empty() {
        session.keep_events();
    }
    let mut news = News {
        occasions: BTreeSet::new(),
        summary: None,
        verb,
        target: target.to_string(),
        run: None,
    };
    let ended = work(&session, &mut news);
    tell(context, directory, desired, Some(&session), news, ended)
}
