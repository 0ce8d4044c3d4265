//! Carries out changes: one function per call.

mod account;
mod dispatch;
mod organization;
mod ou;
mod policy;
mod services;
mod tags;

pub(crate) use account::{Creation, await_creation, describe_account};
pub(crate) use dispatch::perform;
