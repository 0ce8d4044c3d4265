//! Names that an expression brings along: the variables of `for`, `each`, and those of a template.

use crate::value::Value;

/// One frame of names; inner frames hide outer ones.
pub(crate) struct Scope<'a> {
    outer: Option<&'a Scope<'a>>,
    names: &'a [(&'a str, Value)],
    /// A template file sees its own names only.
    closed: bool,
}

impl<'a> Scope<'a> {
    pub(crate) const EMPTY: Scope<'static> = Scope {
        outer: None,
        names: &[],
        closed: false,
    };

    pub(crate) const fn top(names: &'a [(&'a str, Value)]) -> Self {
        Self {
            outer: None,
            names,
            closed: false,
        }
    }

    pub(crate) const fn closed(names: &'a [(&'a str, Value)]) -> Self {
        Self {
            outer: None,
            names,
            closed: true,
        }
    }

    pub(crate) const fn inner(&'a self, names: &'a [(&'a str, Value)]) -> Self {
        Self {
            outer: Some(self),
            names,
            closed: false,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.names
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
            .or_else(|| self.outer.and_then(|outer| outer.get(name)))
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed || self.outer.is_some_and(Self::is_closed)
    }

    /// Returns all names, for suggestions.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.names.iter().map(|(name, _)| *name).collect();
        if let Some(outer) = self.outer {
            all.extend(outer.names());
        }
        all
    }
}
