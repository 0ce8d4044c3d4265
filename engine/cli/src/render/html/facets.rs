//! What changes can be filtered by: kind, OU, tag and side. Elements carry numbers, so no foreign text gets into scripts.

use crate::map::{Kind, Map, Spot};
use crate::render::plan::row::Row;
use std::collections::{BTreeMap, BTreeSet};

/// Tag keys by which people tell teams apart; they are offered first.
const TEAMS: [&str; 3] = ["team", "owner", "squad"];

/// The values of each filter, and their numbers.
pub(super) struct Facets<'a> {
    map: &'a Map,
    /// OUs and the root in the order of the map, with their depth.
    pub(super) units: Vec<(&'a Spot, usize)>,
    numbers: BTreeMap<&'a Spot, usize>,
    /// Tags by key.
    pub(super) tags: Vec<(&'a str, &'a str)>,
    tag_numbers: BTreeMap<(&'a str, &'a str), usize>,
    /// Kinds of objects.
    pub(super) kinds: Vec<String>,
    /// The tags of everything below each unit.
    below: BTreeMap<&'a Spot, BTreeSet<usize>>,
}

impl<'a> Facets<'a> {
    pub(super) fn of(map: &'a Map, rows: &[Row<'_>]) -> Self {
        let units = units(map);
        let numbers = units
            .iter()
            .enumerate()
            .map(|(at, (spot, _))| (*spot, at))
            .collect();
        let mut tags: Vec<(&str, &str)> = map
            .entities()
            .flat_map(|(_, entity)| &entity.tags)
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        tags.sort_by_key(|(key, value)| (team(key), *key, *value));
        let tag_numbers = tags.iter().enumerate().map(|(at, tag)| (*tag, at)).collect();
        let kinds: BTreeSet<String> = rows.iter().map(|row| kind(&row.address)).collect();
        let mut facets = Self {
            map,
            units,
            numbers,
            tags,
            tag_numbers,
            kinds: kinds.into_iter().collect(),
            below: BTreeMap::new(),
        };
        for (spot, _) in map.entities() {
            let own = facets.tags_of(spot);
            for unit in map.way_up(spot) {
                facets.below.entry(unit).or_default().extend(&own);
            }
        }
        facets
    }

    /// Returns the number of an OU.
    pub(super) fn unit(&self, spot: &Spot) -> Option<usize> {
        self.numbers.get(spot).copied()
    }

    /// Returns the numbers of an entity's own tags.
    pub(super) fn tags_of(&self, spot: &Spot) -> BTreeSet<usize> {
        let tags = self.map.get(spot).into_iter().flat_map(|entity| &entity.tags);
        tags.filter_map(|(key, value)| self.tag_numbers.get(&(key.as_str(), value.as_str())).copied())
            .collect()
    }

    /// Returns the number of a row's kind.
    pub(super) fn kind(&self, row: &Row<'_>) -> usize {
        let kind = kind(&row.address);
        self.kinds.iter().position(|known| *known == kind).unwrap_or(0)
    }

    /// Returns the OUs that a row is about, and those around them.
    pub(super) fn units_of(&self, spots: &BTreeSet<&Spot>) -> BTreeSet<usize> {
        let around = spots.iter().flat_map(|spot| {
            let former = self
                .map
                .get(spot)
                .and_then(|entity| entity.former_parent.as_ref());
            let former = former.map(|spot| self.map.way_up(spot)).unwrap_or_default();
            self.map.way_up(spot).into_iter().chain(former)
        });
        around.filter_map(|spot| self.unit(spot)).collect()
    }

    /// Returns the tags of everything that a row is about.
    pub(super) fn tags_below(&self, spots: &BTreeSet<&Spot>) -> BTreeSet<usize> {
        let below = spots.iter().filter_map(|spot| self.below.get(*spot));
        below.flatten().copied().collect()
    }
}

/// Returns numbers for an attribute.
pub(super) fn list(numbers: &BTreeSet<usize>) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(" ")
}

fn team(key: &str) -> usize {
    let key = key.to_lowercase();
    TEAMS.iter().position(|team| *team == key).unwrap_or(TEAMS.len())
}

/// Returns what an address names: `OU`, `account`, `stack set`.
pub(super) fn kind(address: &str) -> String {
    let kind = address.split(['.', '[']).next().unwrap_or_default();
    match kind {
        "ou" => "OU".to_owned(),
        "delegated_admin" => "delegated administrator".to_owned(),
        kind => kind.replace('_', " "),
    }
}

/// Returns the OUs as the map has them, the root first.
fn units(map: &Map) -> Vec<(&Spot, usize)> {
    let children = map.children();
    let mut units = Vec::new();
    let mut open = vec![(&Spot::Root, 0)];
    while let Some((spot, depth)) = open.pop() {
        units.push((spot, depth));
        let below = children.get(spot).into_iter().flatten();
        let below = below.filter(|spot| map.get(spot).is_some_and(|entity| entity.kind == Kind::Ou));
        let below: Vec<_> = below.map(|spot| (*spot, depth + 1)).collect();
        open.extend(below.into_iter().rev());
    }
    units
}
