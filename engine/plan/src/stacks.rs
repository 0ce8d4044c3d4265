//! Stack sets: which stacks are wanted, which are there, and the fewest operations in between.
//!
//! `roster` holds every account with its place before and after the plan, `cells` one cell for each account and
//! Region of a set, `work` what has to happen to each cell, `reach` the OUs and accounts that say it shortest.

pub(crate) mod cells;
pub(crate) mod definition;
pub(crate) mod reach;
pub(crate) mod roster;
pub(crate) mod work;

use lz_model::stack::StackSetKey;

use crate::entity::Entity;

/// Where a step stands among the steps of its stack set: steps of one set are done in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// The set comes into being.
    Found,
    /// Stacks leave accounts and OUs that go.
    Depart,
    /// AWS deploys to accounts that come, as the set has told it to do so far.
    Settle,
    /// Its conduct changes before anything is deployed.
    Prepare,
    /// Stacks that nobody wants go first, since no other stack takes part in a change of the definition.
    Clear,
    /// A first wave without stacks gets some, so that a change of the definition has something to begin with.
    Seed,
    /// Stacks are deployed, wave by wave.
    Deploy,
    /// Stacks that nobody wants any more go, wave by wave.
    Remove,
    /// Automatic deployment is switched on once everything is in place.
    Conclude,
    /// The set goes.
    End,
}

/// What a step does within a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Turn {
    /// Changes the set, and stacks with it.
    Define,
    /// Brings stacks to what the set says.
    Update,
    /// Gives stacks values of their own.
    Override,
    /// Creates stacks.
    Create,
    /// Takes stacks away, or does something without stacks.
    Delete,
    /// Ends the wave.
    Gate,
}

/// What the ordering rules know of a step that concerns a stack set.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) set: StackSetKey,
    pub(crate) phase: Phase,
    pub(crate) wave: usize,
    pub(crate) turn: Turn,
    /// Whether the set works on several operations at a time.
    pub(crate) managed_execution: bool,
    /// Whether the set is service-managed.
    pub(crate) service: bool,
    /// Accounts and OUs that must be in their place first.
    pub(crate) awaits: Vec<Entity>,
    /// Accounts and OUs that may go or move only afterwards.
    pub(crate) frees: Vec<Entity>,
}

impl Place {
    /// Returns the order of the step within its set.
    pub(crate) const fn key(&self) -> (Phase, usize, Turn) {
        (self.phase, self.wave, self.turn)
    }
}
