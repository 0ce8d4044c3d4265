//! Circles among stack sets and stacks.

use crate::check::attributes::{Checker, Placed, Reader};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::source::Span;
use crate::value::Thing;
use lz_model::address::Address;
use lz_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// What each set or stack needs, with the place that says so.
#[derive(Default)]
pub(in crate::check) struct Needs(BTreeMap<Address, Vec<(Address, Span)>>);

impl Needs {
    pub(super) fn add(&mut self, address: Address, needs: Vec<(Address, Span)>) {
        self.0.insert(address, needs);
    }

    /// Notes each circle once.
    pub(in crate::check) fn check(&self, checker: &Checker<'_>) {
        let mut done = BTreeSet::new();
        for start in self.0.keys() {
            let mut path = Vec::new();
            self.follow(checker, start, &mut path, &mut done);
        }
    }

    fn follow<'n>(
        &'n self,
        checker: &Checker<'_>,
        at: &'n Address,
        path: &mut Vec<&'n Address>,
        done: &mut BTreeSet<&'n Address>,
    ) {
        if done.contains(at) {
            return;
        }
        path.push(at);
        for (next, span) in self.0.get(at).into_iter().flatten() {
            match path.iter().position(|known| *known == next) {
                Some(from) => {
                    let members = path.get(from..).unwrap_or_default();
                    let circle: Vec<String> = members.iter().map(ToString::to_string).collect();
                    let message = format!("these wait for each other: {} -> {next}", circle.join(" -> "));
                    checker.error(
                        SpecDiagnostic::new(Code::Cycle, *span, message)
                            .here("closes the circle")
                            .help("take one of them out of `depends_on`"),
                    );
                }
                None => self.follow(checker, next, path, done),
            }
        }
        path.pop();
        done.insert(at);
    }
}

/// Reads `depends_on`.
pub(super) fn depends_on(reader: &Reader<'_, '_>) -> Vec<(Address, Span)> {
    let things = reader.references("depends_on").unwrap_or_default();
    let address = |found: Placed<std::sync::Arc<Thing>>| Some((found.value.address()?, found.span));
    things.into_iter().filter_map(address).collect()
}

/// Returns the sets and stacks whose ids a value holds.
pub(super) fn named_in<'t>(texts: impl Iterator<Item = &'t Text>, span: Span) -> Vec<(Address, Span)> {
    texts
        .flat_map(Text::holes)
        .filter(|hole| matches!(hole.address, Address::StackSet(_) | Address::Stack(_)))
        .map(|hole| (hole.address.clone(), span))
        .collect()
}
