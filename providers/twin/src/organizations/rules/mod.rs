//! What AWS refuses. Each rule is one function that names its source in aws-facts.

pub(super) mod account;
pub(super) mod attachment;
pub(super) mod creation;
pub(super) mod delegation;
pub(super) mod delegation_policy;
pub(super) mod document;
pub(super) mod effective;
pub(super) mod handshake;
pub(super) mod policy;
pub(super) mod principals;
pub(super) mod tag;
pub(super) mod tag_policy;
pub(super) mod unit;

pub(crate) use delegation::deregister;
pub(crate) use principals::most_delegates;
