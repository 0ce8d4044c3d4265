//! Statements into documents.

use super::bound::FRAME;
use super::run::PackError;
use crate::language::{Body, Kind, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// A statement ready to be placed.
#[derive(Debug, Clone)]
struct Piece {
    body: Body,
    size: usize,
}

/// Statements that go into one document, and the document of the last time that it goes on from.
#[derive(Debug)]
pub(super) struct Bin {
    pub(super) bodies: Vec<Body>,
    pub(super) home: Option<usize>,
}

/// Puts statements into the fewest documents found.
///
/// A statement stays in the document that held it before, or one that differs from it in its lists only, if it fits;
/// others go in order into the first with room. Only if that needs more documents than placing the largest first, the
/// latter is taken.
pub(super) fn fill(
    bodies: BTreeSet<Body>,
    kind: Kind,
    limit: usize,
    before: &[BTreeSet<Body>],
) -> Result<Vec<Bin>, PackError> {
    let mut pieces = Vec::new();
    for body in bodies {
        split(body, kind, limit, &mut pieces)?;
    }
    let kept = place(&pieces, limit, before);
    let mut largest_first = pieces;
    largest_first.sort_by(|a, b| (b.size, &a.body).cmp(&(a.size, &b.body)));
    let mut tight = place(&largest_first, limit, &[]);
    let mut chosen = if tight.len() < kept.len() {
        settle(&mut tight, before);
        tight
    } else {
        kept
    };
    chosen.iter_mut().for_each(|bin| bin.bodies.sort());
    chosen.sort_by_key(|bin| (bin.home.is_none(), bin.home));
    Ok(chosen)
}

/// Gives each document the one of the last time that it shares most statements with.
fn settle(bins: &mut [Bin], before: &[BTreeSet<Body>]) {
    let mut free: BTreeSet<usize> = (0..before.len()).collect();
    for bin in bins {
        let shared = |index: &usize| {
            let held = before.get(*index);
            held.map_or(0, |held| {
                bin.bodies.iter().filter(|body| held.contains(body)).count()
            })
        };
        let best = free
            .iter()
            .copied()
            .max_by_key(|index| (shared(index), std::cmp::Reverse(*index)));
        bin.home = best.filter(|index| shared(index) > 0);
        if let Some(home) = bin.home {
            free.remove(&home);
        }
    }
}

/// What stays the same when a guardrail is added to a statement or taken out of it.
fn kinship(body: &Body) -> Body {
    let mut kin = body.clone();
    kin.actions = kin.actions.map(|_| BTreeSet::new());
    kin.resources = kin.resources.map(|_| BTreeSet::new());
    kin
}

fn place(pieces: &[Piece], limit: usize, before: &[BTreeSet<Body>]) -> Vec<Bin> {
    let mut bins: Vec<(Vec<Body>, usize)> = before.iter().map(|_| (Vec::new(), FRAME)).collect();
    let home: BTreeMap<&Body, usize> = before
        .iter()
        .enumerate()
        .flat_map(|(index, held)| held.iter().map(move |body| (body, index)))
        .collect();
    let kin: BTreeMap<Body, usize> = home
        .iter()
        .rev()
        .map(|(body, index)| (kinship(body), *index))
        .collect();
    let rank = |piece: &Piece| match (
        home.contains_key(&piece.body),
        kin.contains_key(&kinship(&piece.body)),
    ) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    };
    let mut ordered: Vec<&Piece> = pieces.iter().collect();
    ordered.sort_by_key(|piece| rank(piece));
    for piece in ordered {
        let room = |bin: &(Vec<Body>, usize)| bin.1 + piece.size < limit + 1 + usize::from(bin.0.is_empty());
        let wanted = home
            .get(&piece.body)
            .or_else(|| kin.get(&kinship(&piece.body)))
            .copied()
            .filter(|index| bins.get(*index).is_some_and(&room));
        let index = wanted
            .or_else(|| bins.iter().position(&room))
            .unwrap_or(bins.len());
        if index == bins.len() {
            bins.push((Vec::new(), FRAME));
        }
        if let Some(bin) = bins.get_mut(index) {
            bin.0.push(piece.body.clone());
            bin.1 += piece.size;
        }
    }
    let known = before.len();
    bins.into_iter()
        .enumerate()
        .map(|(index, (bodies, _))| Bin {
            bodies,
            home: Some(index).filter(|index| *index < known),
        })
        .filter(|bin| !bin.bodies.is_empty())
        .collect()
}

/// The characters of a statement and the comma before it.
fn size(body: &Body, kind: Kind) -> usize {
    body.to_value(kind).to_string().chars().count() + 1
}

/// Halves a statement until it fits into a document of its own: a list of what is named can be halved, because the
/// halves unite.
fn split(body: Body, kind: Kind, limit: usize, pieces: &mut Vec<Piece>) -> Result<(), PackError> {
    let size = size(&body, kind);
    if FRAME + size - 1 <= limit {
        pieces.push(Piece { body, size });
        return Ok(());
    }
    let halves = |list: &BTreeSet<String>| {
        let middle = list.len() / 2;
        let first: BTreeSet<String> = list.iter().take(middle).cloned().collect();
        let second: BTreeSet<String> = list.iter().skip(middle).cloned().collect();
        (first, second)
    };
    let length = |list: &BTreeSet<String>| -> usize {
        if list.len() < 2 {
            0
        } else {
            list.iter().map(String::len).sum()
        }
    };
    let named = |scope: &Scope<BTreeSet<String>>| match scope {
        Scope::Of(list) => length(list),
        Scope::Except(_) => 0,
    };
    let (actions, resources) = (named(&body.actions), named(&body.resources));
    if actions == 0 && resources == 0 {
        return Err(PackError::StatementTooLong {
            characters: FRAME + size - 1,
            limit,
        });
    }
    let (mut first, mut second) = (body.clone(), body.clone());
    if actions >= resources {
        let (a, b) = halves(body.actions.list());
        (first.actions, second.actions) = (Scope::Of(a), Scope::Of(b));
    } else {
        let (a, b) = halves(body.resources.list());
        (first.resources, second.resources) = (Scope::Of(a), Scope::Of(b));
    }
    split(first, kind, limit, pieces)?;
    split(second, kind, limit, pieces)
}
