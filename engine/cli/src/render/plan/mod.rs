//! A plan as a page: notes, rows in the order of execution, counts, what cannot be undone, what to type next.

pub(crate) mod base;
mod describe;
pub(crate) mod document;
mod features;
mod identity;
pub(crate) mod impact;
mod layout;
pub(crate) mod notes;
mod page;
pub(crate) mod row;
pub(crate) mod stacks;
mod summary;
#[cfg(test)]
mod tests;
mod texts;
mod tower;

pub(crate) use describe::{Detail, Sign, sign, verb, what};
pub(crate) use features::place as feature_place;
pub(crate) use layout::steps as plan_rows;
pub(crate) use page::{Shown, ends, outlook, plan_page, title, unchanged};
pub(crate) use summary::{Counts, Tense, counts};
