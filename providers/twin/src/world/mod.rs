//! Everything that exists: accounts, organizations, handshakes, sessions.

mod account;
mod arn;
mod id;
mod invitation;
mod pass_time;
mod state_file;
mod tags;
mod timer;
mod whole;

pub(crate) use account::{Account, AccountState, Contact, ContactKind, RegionChange};
pub(crate) use arn::{AccountArn, Arns};
pub(crate) use id::{
    AccountId, HandshakeId, Mint, OrganizationId, ParentId, PolicyId, RequestId, ResourcePolicyId, RootId,
    TargetId, UnitId, mix,
};
pub(crate) use pass_time::DAY;
pub use state_file::StateError;
pub(crate) use tags::{TagIndex, Tags};
pub(crate) use timer::{Timer, Timers};
pub(crate) use whole::{Session, World};
