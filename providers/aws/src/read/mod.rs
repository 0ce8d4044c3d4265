//! Reads an organization in as few calls as AWS allows (aws-facts section 7).

mod accounts;
mod delegation;
mod doubt;
mod organization;
mod policies;
mod progress;
mod tags;
mod tree;

pub(crate) use accounts::{list as list_accounts, parent_of, state};
pub(crate) use organization::{creations, describe, policy_types, read, root};
pub(crate) use policies::list as list_policies;
pub(crate) use tags::list_tags;
pub(crate) use tree::children;
