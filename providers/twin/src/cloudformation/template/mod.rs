//! Templates: their text, what they declare, and what AWS refuses about them.

mod check;
mod output;
mod parameter;
mod parse;

pub(crate) use check::{Template, read};
pub(crate) use output::Scope;
pub(crate) use parameter::GivenParameters;
