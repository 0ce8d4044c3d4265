//! `lz policy pack`: as few documents as fit.

use super::files::policies;
use crate::answer::Answer;
use crate::args::Pack as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::policies::Packed;
use crate::problem::{Failure, Problem};
use lz_policy::language::Kind;
use lz_policy::limits::Limits;
use lz_policy::pack::pack;

/// Prints the documents.
///
/// # Errors
/// Files that cannot be read, and policies that are none or can't be packed.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let found = policies(&args.paths)?;
    let before = match &args.before {
        Some(path) => policies(std::slice::from_ref(path))?,
        None => Vec::new(),
    };
    let kind = found.first().map_or(Kind::Scp, |policy| policy.kind);
    let limit = args
        .limit
        .unwrap_or_else(|| Limits::current().of(kind.policy_type()).characters);
    let packed = pack(&found, limit, &before).map_err(|error| {
        Failure::of(
            Exit::Error,
            Problem::new("lz::cli::not_packed", error.to_string()),
        )
    })?;
    let parsed = packed
        .documents
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok());
    context.answer(&Answer::Packed(&Packed {
        documents: parsed.collect(),
        sizes: packed.documents.iter().map(|text| text.chars().count()).collect(),
        characters: packed.characters,
        limit,
        bound: packed.bound.literals,
        bound_with_statements: packed.bound.statements,
        texts: packed.documents,
    }))?;
    Ok(Exit::Done)
}
