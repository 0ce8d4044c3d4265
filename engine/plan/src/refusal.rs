//! Why there is no plan: everything that stands in the way, told at once.

use lz_model::address::Address;
use lz_model::desired::{Desired, Origin};

/// One thing that keeps a spec from being planned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// A stable name such as `account_left_spec`; docs/refused-plans.md explains it.
    pub code: &'static str,
    /// The object.
    pub address: Option<Address>,
    /// What is wrong.
    pub text: String,
    /// What to do about it.
    pub help: String,
    /// Where the object is declared.
    pub origin: Option<Origin>,
}

/// All problems of a spec against a live organization; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the spec cannot be planned: {} problem(s)", problems.len())]
pub struct Refusal {
    /// The problems, sorted by address.
    pub problems: Vec<Problem>,
}

/// Collects problems.
#[derive(Debug)]
pub(crate) struct Problems<'a> {
    desired: &'a Desired,
    list: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub(crate) const fn new(desired: &'a Desired) -> Self {
        Self {
            desired,
            list: Vec::new(),
        }
    }

    pub(crate) fn add(
        &mut self,
        code: &'static str,
        address: impl Into<Option<Address>>,
        text: impl Into<String>,
        help: impl Into<String>,
    ) {
        let address = address.into();
        let origin = address
            .as_ref()
            .and_then(|address| self.desired.origin(address))
            .cloned();
        self.list.push(Problem {
            code,
            address,
            text: text.into(),
            help: help.into(),
            origin,
        });
    }

    /// Adds a problem of something that is no object and stands at a place.
    pub(crate) fn add_at(
        &mut self,
        code: &'static str,
        origin: Option<Origin>,
        text: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.list.push(Problem {
            code,
            address: None,
            text: text.into(),
            help: help.into(),
            origin,
        });
    }

    /// Returns how many problems there are so far.
    pub(crate) const fn count(&self) -> usize {
        self.list.len()
    }

    /// Returns whether there is a problem of this code.
    pub(crate) fn has(&self, code: &str) -> bool {
        self.list.iter().any(|problem| problem.code == code)
    }

    /// Forgets the problems of other objects.
    pub(crate) fn only(&mut self, address: &Address) {
        self.list
            .retain(|problem| problem.address.as_ref().is_none_or(|of| of == address));
    }

    /// Returns an error if there is any problem.
    pub(crate) fn settle(mut self) -> Result<(), Refusal> {
        if self.list.is_empty() {
            return Ok(());
        }
        self.list
            .sort_by(|a, b| (&a.address, a.code, &a.text).cmp(&(&b.address, b.code, &b.text)));
        self.list.dedup();
        Err(Refusal { problems: self.list })
    }
}
