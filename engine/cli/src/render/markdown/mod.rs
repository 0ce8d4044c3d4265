//! A plan as a comment on a pull request: what a reviewer reads in a minute, the rest folded, never too long.

mod budget;
mod comment;
mod escape;
mod fence;
mod head;
mod since;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use comment::{Comment, comment};
