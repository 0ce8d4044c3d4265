//! The policy language of AWS organizations, pure: no I/O, no clock. `docs/policy.md` tells what everything means.
//!
//! Where to start:
//!
//! - [`language`] reads service and resource control policies in full, every fault with its place; [`json`] is the
//!   reader beneath it that knows places. [`inherit`] reads all other types and merges them down the tree.
//! - [`evaluate`] answers whether a request is allowed, and by which statement; [`line`] does so one JSON line at a time.
//! - [`compare`] tells what a change takes and gives, exactly, with a witness each, for one path or for very many.
//! - [`lint`] finds what looks wrong, against [`limits`] and the [`catalogue`] of actions and condition keys.
//! - [`pack`] puts policies into as few documents as fit, and proves with [`compare`] that they mean the same.
//! - [`document`] brings a document of any type into canonical form, so that reordered or re-spaced JSON is no change;
//!   [`guard`] tells from the statements alone whether a change of a guardrail tightens or loosens.
//!
//! What it must not do: read files, the clock or the environment, or depend on the order of a hash.

pub mod catalogue;
pub mod compare;
pub mod document;
pub mod evaluate;
pub mod guard;
pub mod inherit;
pub mod json;
pub mod language;
pub mod limits;
pub mod line;
pub mod lint;
pub mod pack;
mod pattern;
