//! The identity store of IAM Identity Center: users, groups, memberships (service `identitystore`).

mod group;
mod membership;
mod state;
mod store;
mod table;
mod user;

pub(crate) use state::Directory;
pub(crate) use table::OPERATIONS;
