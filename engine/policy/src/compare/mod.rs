//! What a change of guardrails takes and gives: in actions, resources and conditions, exactly, with a witness each.
//!
//! How it works. Actions that the same statements name are one class ([`classes`](self)). For one class a statement
//! is a formula of single facts: the resource fits a pattern, a key has a value that compares. Formulas become shared
//! boolean functions, so what is lost is "before and not after", and equal losses of several classes or paths are the
//! same function. Each function is written as few conjunctions of facts; a conjunction counts if a request exists in
//! which it holds, and that request is put to [`crate::evaluate`] before and after.
//!
//! What is exact and what is not. Facts that compare a key with another key (policy variables) are taken as free of
//! each other: where no witness is found, a loss or gain is [`Certainty::Possible`]. Actions are the catalogue's,
//! those that policies name, and made-up ones for every pattern, so that unknown actions count too.

mod actions;
mod atoms;
mod bdd;
mod comparer;
mod data;
mod difference;
mod solve;
mod strings;
mod value;
mod words;

pub use comparer::{Comparer, Group, Levels, TooComplex, compare_lists};
pub use data::to_value;
pub use difference::{Access, Actions, Certainty, Difference, Fact, Literal, Term};
pub(crate) use strings::{Found, Steps, find};
pub use words::sentences;

#[cfg(test)]
mod tests;
