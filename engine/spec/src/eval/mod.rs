//! Expressions to values.

mod expression;
mod json;
mod json_read;
mod operators;
mod scope;
mod splat;
mod template;

pub(crate) use expression::{Evaluator, Failure, Names, known_later};
pub(crate) use json::json_text;
pub(crate) use json_read::{Duplicates, read_json};
pub(crate) use scope::Scope;
pub(crate) use template::MAX_TEXT;
