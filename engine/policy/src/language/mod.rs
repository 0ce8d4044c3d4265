//! Service control policies and resource control policies as types.

mod canonical;
mod operator;
mod parse;
mod policy;
mod problem;
mod template;
mod write;

pub use canonical::Canonical;
pub(crate) use canonical::{Body, CanonicalCondition};
pub use operator::{Comparison, Operator, Quantifier, Sense};
pub use policy::{Condition, Effect, Item, Kind, Policy, Scope, Statement};
pub use problem::{Code, Place, Problem, Problems};
pub use template::{Piece, Template, Wildcards};

#[cfg(test)]
mod tests;
