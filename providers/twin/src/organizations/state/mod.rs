//! What an organization consists of.

mod defaults;
mod handshake;
mod index;
mod organization;
mod part;
mod tree;

pub(crate) use defaults::default_policy;
pub(crate) use handshake::{Action, Handshake, HandshakeState, Party, PartyKind};
pub(crate) use organization::{FeatureSet, Organization, TypeStatus};
pub(crate) use part::{CreateRequest, CreationState, Failure, Joined, Member, Policy, ResourcePolicy, Unit};
