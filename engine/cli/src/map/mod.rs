//! The organization before and after a plan, in one tree: what stays, comes, changes, moves and goes.

mod build;
mod outline;
mod place;
#[cfg(test)]
mod tests;
mod tree;

pub(crate) use outline::Outline;
pub(crate) use tree::{Entity, Kind, Map, Spot};
