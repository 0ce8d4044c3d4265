//! What happens in which OU.

use super::budget::Block;
use super::escape::code;
use crate::map::{Map, Spot};
use crate::render::plan::row::Row;
use crate::render::plan::{Sign, sign, verb};
use crate::render::{safe, words};
use lz_model::plan::{Action, Step};
use std::collections::{BTreeMap, BTreeSet};

/// Objects of one sign that are named before the rest is counted.
const NAMED: usize = 3;
/// The longest name in the table, in columns.
const WIDEST: usize = 60;

/// What happens in one place: the objects by what is done to them, in order.
#[derive(Debug, Default)]
struct Cell {
    done: BTreeMap<(Sign, &'static str), Vec<String>>,
}

/// Returns the table: what concerns the organization as a whole first, then the OUs by their paths.
pub(super) fn by_unit(map: &Map, rows: &[Row<'_>]) -> Block {
    let mut whole = Cell::default();
    let mut units: BTreeMap<String, Cell> = BTreeMap::new();
    for row in rows {
        for step in row.steps.iter().filter(|step| !passes_through(row, step)) {
            let places = places(map, step);
            if places.is_empty() && !is_told(map, row) {
                whole.add(row, sign(step), verb(&step.action));
            }
            for (unit, verb) in places {
                units
                    .entry(map.path(unit))
                    .or_default()
                    .add(row, sign(step), verb);
            }
        }
    }
    let mut items = Vec::new();
    if !whole.done.is_empty() {
        items.push(format!("| _the organization_ | {} |\n", whole.told()));
    }
    for (path, cell) in &units {
        let path = safe::cut_middle(&safe::escape(path), WIDEST);
        items.push(format!("| {} | {} |\n", code(&path), cell.told()));
    }
    Block {
        open: "| where | what |\n|:--|:--|\n".to_owned(),
        items,
        close: "\n".to_owned(),
        noun: "place of the table",
        rank: 4,
    }
}

/// A new account's way through the root is told with its creation.
fn passes_through(row: &Row<'_>, step: &Step) -> bool {
    let is_first = row.steps.first().is_some_and(|first| first.id == step.id);
    !is_first && matches!(step.action, Action::MoveAccount { .. })
}

/// A step without a place of its own stands beside those of its row that have one.
fn is_told(map: &Map, row: &Row<'_>) -> bool {
    !map.spots(row.steps.iter().map(|step| &step.id)).is_empty()
}

/// Returns the units that a step is about, each with a verb: what moves away leaves its old one.
fn places<'a>(map: &'a Map, step: &'a Step) -> BTreeSet<(&'a Spot, &'static str)> {
    let spots = map.spots([&step.id]);
    let at = spots.iter().map(|spot| (map.unit(spot), verb(&step.action)));
    let mut places: BTreeSet<_> = at.collect();
    if matches!(step.action, Action::MoveAccount { .. }) {
        let moved = spots.iter().filter_map(|spot| map.get(spot));
        places.extend(moved.filter_map(|entity| Some((entity.former_parent.as_ref()?, "move out"))));
    }
    places
}

impl Cell {
    fn add(&mut self, row: &Row<'_>, sign: Sign, verb: &'static str) {
        let names = self.done.entry((sign, verb)).or_default();
        if !names.contains(&row.address) {
            names.push(row.address.clone());
        }
    }

    fn told(&self) -> String {
        let told = self.done.iter().map(|((sign, verb), names)| {
            let shown = if names.len() <= NAMED + 1 {
                names.len()
            } else {
                NAMED
            };
            let mut list: Vec<String> = names
                .iter()
                .take(shown)
                .map(|name| code(&safe::cut_middle(&safe::escape(name), WIDEST)))
                .collect();
            if shown < names.len() {
                list.push(format!("{} more", words::number((names.len() - shown) as u64)));
            }
            format!("{} {verb} {}", code(sign.text()), words::list(&list))
        });
        told.collect::<Vec<_>>().join("<br>")
    }
}
