//! A plan as a page: notes, rows in the order of execution, counts, what cannot be undone, what to type next.

mod describe;
mod document;
mod features;
mod identity;
mod impact;
mod layout;
mod notes;
mod page;
mod row;
pub(crate) mod stacks;
mod summary;
#[cfg(test)]
mod tests;
mod tower;

pub(crate) use describe::{Detail, Sign, sign, verb, what};
pub(crate) use layout::steps as plan_rows;
pub(crate) use page::{Shown, ends, plan_page};
pub(crate) use summary::{Counts, Tense, counts};
