//! The answer of a comparison.

use crate::evaluate::Request;
use crate::language::Comparison;

/// What a change takes and gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// What was allowed and is no more.
    pub lost: Vec<Access>,
    /// What is allowed and was not.
    pub gained: Vec<Access>,
}

/// Actions that are lost or gained under the same circumstances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The actions.
    pub actions: Actions,
    /// Under which circumstances: one of these.
    pub terms: Vec<Term>,
    /// Whether the terms are all; there are more when they are very many.
    pub complete: bool,
}

/// A set of actions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Actions {
    /// Patterns that name them, or those that are left out if `except` is set.
    pub patterns: Vec<String>,
    /// Whether the patterns name what is left out.
    pub except: bool,
    /// How many actions of the catalogue these are.
    pub count: usize,
}

/// Circumstances: all of these facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The facts.
    pub literals: Vec<Literal>,
    /// A request that is lost or gained under these circumstances, as the evaluator has confirmed.
    pub witness: Option<Request>,
    /// Whether there is such a request.
    pub certainty: Certainty,
}

/// Whether a request is known that makes the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It is, and the evaluator confirms it.
    Certain,
    /// The facts relate two keys, or the search was given up.
    Possible,
}

/// A fact, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Literal {
    /// The fact.
    pub fact: Fact,
    /// Whether it holds.
    pub holds: bool,
}

/// A fact about a request. Keys are in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// The resource fits a pattern.
    Resource(String),
    /// A key is there.
    Present(String),
    /// A key has exactly one value.
    Single(String),
    /// A value of a key compares.
    Compares {
        /// The key.
        key: String,
        /// How.
        comparison: Comparison,
        /// With what.
        value: String,
    },
    /// A value of a key compares with none of these.
    Outside {
        /// The key.
        key: String,
        /// How.
        comparison: Comparison,
        /// With what.
        values: Vec<String>,
    },
}

impl Difference {
    /// Returns whether nothing is lost or gained: both sides mean the same.
    #[must_use]
    pub const fn is_equal(&self) -> bool {
        self.lost.is_empty() && self.gained.is_empty()
    }

    /// Returns whether nothing is gained: there is no new access.
    #[must_use]
    pub const fn gains_nothing(&self) -> bool {
        self.gained.is_empty()
    }

    /// Returns whether nothing is lost: all that was allowed still is.
    #[must_use]
    pub const fn loses_nothing(&self) -> bool {
        self.lost.is_empty()
    }
}
