//! The identity store of IAM Identity Center: users, groups, memberships (service `identitystore`).

mod group;
mod membership;
mod state;
mod store;
mod table;
mod tower;
mod user;

pub(crate) use state::Directory;
pub(crate) use table::OPERATIONS;
pub(crate) use tower::welcome_control_tower;
