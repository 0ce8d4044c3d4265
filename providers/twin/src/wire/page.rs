//! Pages of a list and the tokens between them.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::Bound;

/// Returns a number for one listing: its operation and what it was asked to list. A token only fits its own.
pub(crate) fn scope_of(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// Where a page begins and how long it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pager {
    scope: u64,
    size: usize,
    after: String,
    /// Whether this page stays empty, because AWS says that pages may.
    hollow: bool,
}

/// A page: its items and the token of the next one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// Returns the page with every item changed.
    pub(crate) fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}

impl Pager {
    /// Returns the pager of a request, or nothing if its token belongs to another listing or is made up.
    /// `hollow_start` leaves the first page empty.
    pub(crate) fn new(scope: u64, size: usize, token: Option<&str>, hollow_start: bool) -> Option<Pager> {
        match token {
            None => Some(Pager {
                scope,
                size,
                after: String::new(),
                hollow: hollow_start,
            }),
            Some(token) => {
                let after = read_token(scope, token)?;
                Some(Pager {
                    scope,
                    size,
                    after,
                    hollow: false,
                })
            }
        }
    }

    /// Returns the key after which this page begins; empty at the start.
    pub(crate) fn after(&self) -> &str {
        &self.after
    }

    /// Returns the page of a sorted set.
    pub(crate) fn slice<'a, K: Ord + Borrow<str>>(&self, set: &'a BTreeSet<K>) -> Page<&'a K> {
        let from: Bound<&str> = if self.after.is_empty() {
            Bound::Unbounded
        } else {
            Bound::Excluded(&self.after)
        };
        self.take(set.range::<str, _>((from, Bound::Unbounded)), |key| {
            (*key).borrow().to_owned()
        })
    }

    /// Returns the page of items that already begin after [`Pager::after`]; `key` tells where to go on.
    pub(crate) fn take<T>(&self, items: impl Iterator<Item = T>, key: impl Fn(&T) -> String) -> Page<T> {
        let mut items = items.take(self.size + 1).collect::<Vec<_>>();
        if self.hollow && !items.is_empty() {
            return Page {
                items: Vec::new(),
                next: Some(self.token("")),
            };
        }
        if items.len() <= self.size {
            return Page { items, next: None };
        }
        items.truncate(self.size);
        let next = items.last().map(|last| self.token(&key(last)));
        Page { items, next }
    }

    fn token(&self, after: &str) -> String {
        let hex: String = after.bytes().map(|byte| format!("{:02x}", byte ^ 0x5a)).collect();
        format!("{:016x}{hex}", self.scope)
    }
}

fn read_token(scope: u64, token: &str) -> Option<String> {
    let hex = token.strip_prefix(&format!("{scope:016x}"))?;
    let bytes = hex.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok().map(|byte| byte ^ 0x5a)
    });
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> BTreeSet<String> {
        (0..7).map(|n| format!("k{n}")).collect()
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_repetition() {
        let (set, scope) = (set(), scope_of(&["List"]));
        let (mut seen, mut token) = (Vec::new(), None);
        loop {
            let page = Pager::new(scope, 3, token.as_deref(), false).unwrap().slice(&set);
            seen.extend(page.items.into_iter().cloned());
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, set.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn the_last_full_page_has_no_token() {
        let page = Pager::new(1, 7, None, false).unwrap().slice(&set()).next;
        assert_eq!(page, None);
    }

    #[test]
    fn a_token_of_another_listing_does_not_fit() {
        let set = set();
        let token = Pager::new(scope_of(&["A"]), 2, None, false)
            .unwrap()
            .slice(&set)
            .next
            .unwrap();
        assert!(Pager::new(scope_of(&["A"]), 2, Some(&token), false).is_some());
        assert!(Pager::new(scope_of(&["B"]), 2, Some(&token), false).is_none());
        assert!(Pager::new(scope_of(&["A"]), 2, Some("made up"), false).is_none());
        assert!(Pager::new(scope_of(&["A"]), 2, Some(&format!("{token}é")), false).is_none());
    }

    #[test]
    fn a_hollow_start_gives_an_empty_page_and_then_everything() {
        let set = set();
        let page = Pager::new(5, 20, None, true).unwrap().slice(&set);
        assert!(page.items.is_empty());
        let page = Pager::new(5, 20, page.next.as_deref(), true).unwrap().slice(&set);
        assert_eq!(page.items.len(), 7);
    }
}
