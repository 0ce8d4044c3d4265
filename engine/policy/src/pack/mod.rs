//! The fewest policies that say what some policies say, by exact rewrites only.
//!
//! Policies on one target unite, so their statements can be put together in any way. Rewrites: statements that agree in
//! all but one list become one, lists lose what other entries cover, statements that change nothing go. The result is
//! compared with the original before it is given out.

mod bins;
mod bound;
mod cover;
mod merge;
mod run;
mod spelling;

pub use bound::{Bound, lower_bound};
pub use run::{PackError, Packed, merge_plainly, pack};

#[cfg(test)]
mod tests;
