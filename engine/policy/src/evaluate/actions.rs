//! Which statements speak of an action: most name services or actions, so most need not be looked at.

use crate::pattern::Glob;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// From actions to the numbers of the statements that name them.
#[derive(Debug, Clone, Default)]
pub(crate) struct ActionIndex {
    /// Statements that name every action.
    every: Vec<u32>,
    exact: HashMap<String, Vec<u32>, BuildHasherDefault<Quick>>,
    by_service: HashMap<String, Vec<(Glob, u32)>, BuildHasherDefault<Quick>>,
    other: Vec<(Glob, u32)>,
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

/// A hash of short names that is quicker than the standard one. It withstands no attack, and need not: what is stored
/// are the names of a few documents.
#[derive(Debug, Clone, Copy)]
struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(FIRST)
    }
}

const FIRST: u64 = 0xcbf2_9ce4_8422_2325;

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = fingerprint(self.0, bytes);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

fn fingerprint(mut state: u64, bytes: &[u8]) -> u64 {
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let word = <[u8; 8]>::try_from(chunk).map_or(0, u64::from_le_bytes);
        state = (state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(27);
    }
    for byte in chunks.remainder() {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    state ^ (state >> 32)
}

/// Returns a number that tells a name from most others; equal names have equal numbers.
pub(crate) fn print_of(name: &str) -> u64 {
    fingerprint(FIRST, name.as_bytes())
}
