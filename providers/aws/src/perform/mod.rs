//! Carries out changes: one function per call.

mod access;
mod account;
mod administrators;
mod dispatch;
mod identity;
mod organization;
mod ou;
mod policy;
mod resource_policy;
mod root_access;
mod services;
mod set_operation;
mod settings;
mod stack;
mod stack_set;
mod tags;
mod template;
mod tower;
mod tower_roles;

pub(crate) use account::{Creation, await_creation, describe_account};
pub(crate) use dispatch::perform;
pub(crate) use set_operation::stop;
pub(crate) use stack::settled;
