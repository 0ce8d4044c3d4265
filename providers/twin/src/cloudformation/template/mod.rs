//! Templates: their text, what they declare, and what AWS refuses about them.

mod check;
mod parameter;
mod parse;

pub(crate) use check::{Template, read};
pub(crate) use parameter::{GivenParameters, ParameterRule};
