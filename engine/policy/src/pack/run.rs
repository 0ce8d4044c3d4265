//! From policies to fewer.

use super::bound::Bound;
use super::merge::{self, Order};
use super::spelling::Spelling;
use super::{bins, bound};
use crate::compare::{Comparer, TooComplex};
use crate::language::{Body, Effect, Kind, Policy, Problems};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The result of packing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// The documents, minified.
    pub documents: Vec<String>,
    /// For each document, which document of the last time it goes on from; `None` for a new one.
    pub homes: Vec<Option<usize>>,
    /// Their characters in all.
    pub characters: usize,
    /// The characters that what is left needs at least.
    pub bound: Bound,
}

/// Policies that can't be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// There is nothing to pack.
    #[error("there is no policy to pack")]
    Nothing,
    /// Policies of two types can't be in one document.
    #[error("service control policies and resource control policies can't be packed together")]
    Mixed,
    /// Some policies have variables and others don't, for want of `Version`.
    #[error("some policies have a `Version` and others have none, so they can't be packed together")]
    Versions,
    /// A statement can't be made short enough.
    #[error("one statement alone needs {characters} characters; {limit} is the limit")]
    StatementTooLong {
        /// The characters of a document with this statement alone.
        characters: usize,
        /// The limit.
        limit: usize,
    },
    /// It can't be proven that the result means the same.
    #[error("it can't be proven that the packed policies mean the same")]
    Unproven(#[source] Option<TooComplex>),
    /// What was made can't be read back.
    #[error("the packed policies can't be read back; this is a bug in lz")]
    Unreadable(#[source] Problems),
}

/// The most statements for which every one is tried left out.
const MOST: usize = 150;

/// Packs policies of one target into the fewest documents of at most `limit` characters. `before` are the documents
/// of the last time: statements stay where they were.
///
/// # Errors
/// The policies can't be put together, a statement is too long, or equality with the original can't be proven.
pub fn pack(policies: &[Policy], limit: usize, before: &[Policy]) -> Result<Packed, PackError> {
    let first = policies.first().ok_or(PackError::Nothing)?;
    let (kind, variables) = (first.kind, first.has_variables());
    if policies.iter().any(|policy| policy.kind != kind) {
        return Err(PackError::Mixed);
    }
    if policies.iter().any(|policy| policy.has_variables() != variables) {
        return Err(PackError::Versions);
    }
    let bodies = bodies_of(policies);
    let orders = [Order::ActionsFirst, Order::ResourcesFirst];
    let merged = orders.map(|order| merge::merge(bodies.clone(), variables, order));
    let shortest = merged
        .into_iter()
        .min_by_key(|bodies| length(bodies, kind))
        .unwrap_or_default();
    let needed = without_redundant(shortest, kind, variables)?;
    let bound = bound::of(&needed, kind);
    let held: Vec<BTreeSet<Body>> = before
        .iter()
        .map(|p| bodies_of(std::slice::from_ref(p)))
        .collect();
    let filled = bins::fill(needed, kind, limit, &held)?;
    let spelling = Spelling::of(policies);
    let documents: Vec<String> = filled
        .iter()
        .map(|bin| spelling.restore(&document(bin.bodies.iter(), kind, variables)))
        .collect();
    let read: Vec<Policy> = documents
        .iter()
        .map(|text| Policy::parse(kind, text).map_err(PackError::Unreadable))
        .collect::<Result<_, _>>()?;
    prove(policies, &read)?;
    Ok(Packed {
        homes: filled.iter().map(|bin| bin.home).collect(),
        characters: documents.iter().map(|text| text.chars().count()).sum(),
        documents,
        bound,
    })
}

/// Returns the characters of one document with statements merged whose action lists alone differ: what plain merging
/// reaches, for comparison.
#[must_use]
pub fn merge_plainly(policies: &[Policy]) -> usize {
    let kind = policies.first().map_or(Kind::Scp, |policy| policy.kind);
    length(&merge::merge_plainly(bodies_of(policies)), kind)
}

fn bodies_of(policies: &[Policy]) -> BTreeSet<Body> {
    let statements = policies
        .iter()
        .flat_map(|p| p.statements.iter().map(move |s| p.body(s)));
    statements.collect()
}

fn length(bodies: &BTreeSet<Body>, kind: Kind) -> usize {
    document(bodies.iter(), kind, true).chars().count()
}

fn document<'b>(bodies: impl Iterator<Item = &'b Body>, kind: Kind, variables: bool) -> String {
    let statements: Vec<Value> = bodies.map(|body| body.to_value(kind)).collect();
    let statements = match <[Value; 1]>::try_from(statements) {
        Ok([only]) => only,
        Err(all) => Value::Array(all),
    };
    if variables {
        json!({"Version": "2012-10-17", "Statement": statements}).to_string()
    } else {
        json!({"Statement": statements}).to_string()
    }
}

/// Leaves out statements that change nothing.
fn without_redundant(
    bodies: BTreeSet<Body>,
    kind: Kind,
    variables: bool,
) -> Result<BTreeSet<Body>, PackError> {
    if bodies.len() < 2 || bodies.len() > MOST {
        return Ok(bodies);
    }
    let each: Vec<Body> = bodies.into_iter().collect();
    let mut policies: Vec<Policy> = each
        .iter()
        .map(|body| {
            Policy::parse(kind, &document([body].into_iter(), kind, variables)).map_err(PackError::Unreadable)
        })
        .collect::<Result<_, _>>()?;
    let full = policies.len();
    policies.push(full_access()?);
    let beside = beside(&each, kind, full);
    let mut comparer = Comparer::new(policies);
    let mut kept: Vec<usize> = (0..each.len()).collect();
    for index in 0..each.len() {
        let less: Vec<usize> = kept.iter().copied().filter(|n| *n != index).collect();
        let level = |numbers: &[usize]| vec![numbers.iter().chain(&beside).copied().collect::<Vec<_>>()];
        if comparer
            .compare(&level(&kept), &level(&less))
            .is_ok_and(|difference| difference.is_equal())
        {
            kept = less;
        }
    }
    Ok(kept
        .into_iter()
        .filter_map(|index| each.get(index).cloned())
        .collect())
}

/// Denials show only beside something that allows.
fn beside(bodies: &[Body], kind: Kind, full: usize) -> Vec<usize> {
    let allows = kind == Kind::Scp && bodies.iter().any(|body| body.effect == Effect::Allow);
    if allows { Vec::new() } else { vec![full] }
}

fn full_access() -> Result<Policy, PackError> {
    Policy::parse(Kind::Scp, Kind::Scp.full_access()).map_err(PackError::Unreadable)
}

/// Compares both sides as policies of one target: as they are, and beside full access.
fn prove(before: &[Policy], after: &[Policy]) -> Result<(), PackError> {
    let mut policies: Vec<Policy> = before.iter().chain(after).cloned().collect();
    let full = policies.len();
    policies.push(full_access()?);
    let mut comparer = Comparer::new(policies);
    for beside in [&[full][..], &[][..]] {
        let side =
            |numbers: std::ops::Range<usize>| vec![numbers.chain(beside.iter().copied()).collect::<Vec<_>>()];
        let (old, new) = (side(0..before.len()), side(before.len()..full));
        let difference = comparer
            .compare(&old, &new)
            .map_err(|error| PackError::Unproven(Some(error)))?;
        if !difference.is_equal() {
            return Err(PackError::Unproven(None));
        }
    }
    Ok(())
}
