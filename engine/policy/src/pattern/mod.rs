//! Patterns of texts: wildcards, and the segments of ARNs.

mod arn;
mod glob;

pub(crate) use arn::{ArnPattern, ResourcePattern};
pub(crate) use glob::{Glob, Token, tokens};
