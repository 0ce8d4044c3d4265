//! What happens by itself when its time comes.

use std::collections::BTreeSet;

use super::{AccountId, HandshakeId, OrganizationId, RequestId};
use crate::clock::AwsTime;
use crate::cloudformation::{OperationId, Place as StackPlace, SetId};
use crate::settings::PolicyType;

/// Something that is due at a moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// An account creation ends.
    CreationEnds(OrganizationId, RequestId),
    /// An account closure ends.
    ClosureEnds(AccountId),
    /// A closed account disappears.
    AccountGone(AccountId),
    /// A Region change ends.
    RegionSettles(AccountId, String),
    /// An invited account answers by itself.
    InvitationAnswered(HandshakeId),
    /// An unanswered handshake expires.
    HandshakeExpires(HandshakeId),
    /// An answered handshake disappears.
    HandshakeGone(HandshakeId),
    /// A policy type is on or off.
    PolicyTypeSettles(OrganizationId, PolicyType),
    /// The tagging index takes over a change.
    TagsVisible(OrganizationId),
    /// What an operation does at one place ends.
    InstanceEnds(SetId, OperationId, StackPlace),
    /// A stack set looks whether an operation can go on.
    StackSetWakes(SetId),
    /// A deleted stack set disappears.
    StackSetGone(SetId),
    /// What a stack of an account's own is doing ends.
    StackEnds(String),
    /// Something that a neighbour of Organizations is doing ends.
    NeighbourDue,
}

/// The timers that have not gone off, by time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timers {
    due: BTreeSet<(AwsTime, Timer)>,
}

impl Timers {
    /// Sets a timer.
    pub(crate) fn set(&mut self, at: AwsTime, timer: Timer) {
        self.due.insert((at, timer));
    }

    /// Removes and returns the earliest timer that is due at `now`, with its moment.
    pub(crate) fn pop(&mut self, now: AwsTime) -> Option<(AwsTime, Timer)> {
        if self.due.first().is_some_and(|(at, _)| *at <= now) {
            self.due.pop_first()
        } else {
            None
        }
    }
}
