//! Which statements speak of an action: most name services or actions, so most need not be looked at.

use crate::pattern::Glob;
use std::collections::{HashMap, HashSet};

/// From actions to the numbers of the statements that name them.
#[derive(Debug, Clone, Default)]
pub(crate) struct ActionIndex {
    /// Statements that name every action.
    every: Vec<u32>,
    exact: HashMap<String, Vec<u32>>,
    by_service: HashMap<String, Vec<(Glob, u32)>>,
    other: Vec<(Glob, u32)>,
}

/// A set of actions, for statements that name what they leave out.
#[derive(Debug, Clone, Default)]
pub(crate) struct ActionSet {
    every: bool,
    exact: HashSet<String>,
    by_service: HashMap<String, Vec<Glob>>,
    other: Vec<Glob>,
}

/// A pattern of actions, by what decides it.
enum Named {
    Every,
    Exact(String),
    Service(String, Glob),
    Other(Glob),
}

/// Sorts a pattern; actions ignore case (IAM User Guide, "IAM JSON policy elements: Action").
fn sort(pattern: &str) -> Named {
    let lower = pattern.to_ascii_lowercase();
    let glob = Glob::of_text(&lower);
    let has_wildcards = |text: &str| text.contains(['*', '?']);
    match lower.split_once(':') {
        _ if lower.bytes().all(|b| b == b'*') => Named::Every,
        Some(("*", "*")) => Named::Every,
        Some((service, _)) if !has_wildcards(service) => {
            if has_wildcards(&lower) {
                Named::Service(service.to_owned(), glob)
            } else {
                Named::Exact(lower)
            }
        }
        Some(_) | None => Named::Other(glob),
    }
}

fn service(action: &str) -> &str {
    action.split_once(':').map_or(action, |(service, _)| service)
}

impl ActionIndex {
    pub(crate) fn add(&mut self, pattern: &str, statement: u32) {
        match sort(pattern) {
            Named::Every => self.every.push(statement),
            Named::Exact(action) => self.exact.entry(action).or_default().push(statement),
            Named::Service(service, glob) => self
                .by_service
                .entry(service)
                .or_default()
                .push((glob, statement)),
            Named::Other(glob) => self.other.push((glob, statement)),
        }
    }

    /// Calls `visit` with each statement that names the action, in no order, perhaps more than once.
    pub(crate) fn visit(&self, action: &str, mut visit: impl FnMut(u32)) {
        self.every.iter().for_each(|statement| visit(*statement));
        for statement in self.exact.get(action).into_iter().flatten() {
            visit(*statement);
        }
        let of_service = self.by_service.get(service(action)).into_iter().flatten();
        for (glob, statement) in of_service.chain(&self.other) {
            if glob.matches(action) {
                visit(*statement);
            }
        }
    }
}

impl ActionSet {
    pub(crate) fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let mut set = Self::default();
        for pattern in patterns {
            match sort(pattern) {
                Named::Every => set.every = true,
                Named::Exact(action) => {
                    set.exact.insert(action);
                }
                Named::Service(service, glob) => set.by_service.entry(service).or_default().push(glob),
                Named::Other(glob) => set.other.push(glob),
            }
        }
        set
    }

    /// Returns whether an action in lower case is in the set.
    pub(crate) fn contains(&self, action: &str) -> bool {
        let of_service = || self.by_service.get(service(action)).into_iter().flatten();
        self.every
            || self.exact.contains(action)
            || of_service().chain(&self.other).any(|glob| glob.matches(action))
    }
}
