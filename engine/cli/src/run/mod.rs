//! What surrounds a run that changes something: its lock before, its history and notices after.
//!
//! [`changing`] is the way of every command that changes the organization. Whatever goes wrong with history or notices is
//! a warning: it never makes a run that is done look undone.

mod changing;
mod git;
mod history;
mod holder;
mod identity;
mod local;
mod moment;
mod notice;
mod reading;
mod remote;

pub(crate) use changing::{Changing, Run, changing};
pub(crate) use history::{Archive, RunRecord};
pub(crate) use holder::Holder;
pub(crate) use identity::pipeline;
pub(crate) use local::{look as look_at_local, path as local_path};
pub(crate) use notice::News;
pub(crate) use reading::{Reading, reading};
pub(crate) use remote::{RemoteLock, break_lock, look as look_at_remote};
