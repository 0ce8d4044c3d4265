//! AWS Organizations: state, rules, wire format, operations (aws-facts section 1).

mod calls;
mod gate;
mod rules;
mod state;
mod table;
mod wire;

pub(crate) use gate::admit;
pub(crate) use rules::{deregister, most_delegates};
pub(crate) use state::{
    Action, CreateRequest, CreationState, Failure, FeatureSet, Handshake, HandshakeState, Joined, Member,
    Organization, Party, PartyKind, Policy, ResourcePolicy, TypeStatus, Unit, default_policy,
};
pub(crate) use table::{TARGET, find};
pub(crate) use wire::{Code, is_email};
