//! What looks wrong in a policy although it can be read.

mod attach;
mod document;
mod finding;
mod meaning;
mod names;
mod region;
mod role;
mod values;

pub use attach::{Attached, attachments};
pub use document::{Options, lint};
pub use finding::{Finding, LintCode, Severity};
pub use role::Role;

#[cfg(test)]
mod tests;
