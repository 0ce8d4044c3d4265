//! The operations: each reads its input, asks the rules, changes or reads the state, answers.

pub(super) mod account;
pub(super) mod creation;
pub(super) mod delegation;
pub(super) mod effective;
pub(super) mod handshake;
pub(super) mod organization;
pub(super) mod policy;
pub(super) mod policy_type;
pub(super) mod resource_policy;
pub(super) mod service;
pub(super) mod tag;
pub(super) mod target;
pub(super) mod unit;
