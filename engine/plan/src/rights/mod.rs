//! The rights that a role needs to plan or to apply a spec: for exactly the features that the spec uses.
//!
//! [`feature`](features) says which features those are, [`table`](TABLE) which operations of AWS each of them calls and
//! which IAM action allows each operation, [`document`](policies) writes policies that fit IAM's limits.

mod document;
mod feature;
mod table;

pub use document::{POLICY_CHARACTERS, policies};
pub use feature::{Feature, features};
pub use table::{On, Right, Role, TABLE, WITHOUT_CALL, WITHOUT_RIGHT};

#[cfg(test)]
mod tests;
