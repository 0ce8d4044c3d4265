//! Expressions to values.

mod expression;
mod json;
mod operators;
mod scope;
mod splat;
mod template;

pub(crate) use expression::{Evaluator, Failure, Names, known_later};
pub(crate) use json::{json_text, parse_json, value_from_json};
pub(crate) use scope::Scope;
pub(crate) use template::MAX_TEXT;
