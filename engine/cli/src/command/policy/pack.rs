//! `lz policy pack`: as few documents as fit.

use super::files::policies;
use crate::args::Pack as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use lz_policy::language::Kind;
use lz_policy::limits::Limits;
use lz_policy::pack::pack;
use serde_json::json;

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
    let text = if context.global.json {
        let documents: Vec<serde_json::Value> = packed
            .documents
            .iter()
            .filter_map(|text| serde_json::from_str(text).ok())
            .collect();
        let sizes: Vec<usize> = packed.documents.iter().map(|text| text.chars().count()).collect();
        let value = json!({
            "documents": documents,
            "sizes": sizes,
            "characters": packed.characters,
            "limit": limit,
            "bound": packed.bound.literals,
            "bound_with_statements": packed.bound.statements,
        });
        format!("{value}\n")
    } else {
        packed.documents.iter().map(|text| format!("{text}\n")).collect()
    };
    context.raw(&text)?;
    Ok(Exit::Done)
}
