//! The organization as a map: what stays, comes, changes, moves and goes.

use super::cards::badge;
use super::facets::{Facets, list};
use super::text::{class, escape};
use crate::map::{Entity, Kind, Map, Spot};
use crate::render::plan::Sign;
use crate::render::plan::row::Row;
use crate::render::words;
use lz_model::plan::{Action, Step};
use std::collections::{BTreeMap, BTreeSet};

/// Changes that are named beside one entity.
const CHIPS: usize = 3;
/// Accounts without a change that are shown one by one.
const PLAIN: usize = 3;

/// Returns the section of the map.
pub(super) fn section(map: &Map, rows: &[Row<'_>], facets: &Facets<'_>) -> String {
    let tree = Tree {
        map,
        facets,
        rows,
        children: map.children(),
        ghosts: ghosts(map),
        touched: touched(map, rows),
    };
    let words = if map.is_whole() {
        String::new()
    } else {
        "<p class=\"muted\">Only what the plan names: the plan was saved without the rest of the \
         organization.</p>\n"
            .to_owned()
    };
    format!(
        "<section id=\"map\" aria-labelledby=\"map-title\">\n<h2 id=\"map-title\">The organization afterwards</h2>\n\
         {words}<ul class=\"tree\">\n{}</ul>\n</section>\n",
        tree.node(&Spot::Root)
    )
}

struct Tree<'a> {
    map: &'a Map,
    facets: &'a Facets<'a>,
    rows: &'a [Row<'a>],
    children: BTreeMap<&'a Spot, Vec<&'a Spot>>,
    /// What moves away, by where it is now.
    ghosts: BTreeMap<&'a Spot, Vec<&'a Spot>>,
    /// The rows that are about each entity, and what each does there.
    touched: BTreeMap<&'a Spot, BTreeMap<usize, (Sign, &'static str)>>,
}

fn ghosts(map: &Map) -> BTreeMap<&Spot, Vec<&Spot>> {
    let mut ghosts: BTreeMap<&Spot, Vec<&Spot>> = BTreeMap::new();
    for (spot, entity) in map.entities() {
        if let Some(former) = &entity.former_parent {
            ghosts.entry(former).or_default().push(spot);
        }
    }
    ghosts
}

fn touched<'a>(
    map: &'a Map,
    rows: &'a [Row<'a>],
) -> BTreeMap<&'a Spot, BTreeMap<usize, (Sign, &'static str)>> {
    let mut touched: BTreeMap<&Spot, BTreeMap<usize, (Sign, &'static str)>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for step in &row.steps {
            let done = (
                crate::render::plan::sign(step),
                crate::render::plan::verb(&step.action),
            );
            for spot in map.spots([&step.id]) {
                touched.entry(spot).or_default().entry(at).or_insert(done);
            }
        }
    }
    touched
}

impl Tree<'_> {
    fn node(&self, spot: &Spot) -> String {
        let Some(entity) = self.map.get(spot) else {
            return String::new();
        };
        match entity.kind {
            Kind::Root | Kind::Ou => self.unit(spot, entity),
            Kind::Account => format!(
                "{}{}</li>\n",
                self.open(spot, entity, "account"),
                self.label(spot, entity)
            ),
        }
    }

    fn unit(&self, spot: &Spot, entity: &Entity) -> String {
        let children = self.children.get(spot).map(Vec::as_slice).unwrap_or_default();
        let ghosts = self.ghosts.get(spot).map(Vec::as_slice).unwrap_or_default();
        let label = self.label(spot, entity);
        let kind = if entity.kind == Kind::Root { "root" } else { "ou" };
        if children.is_empty() && ghosts.is_empty() {
            return format!("{}{label}</li>\n", self.open(spot, entity, kind));
        }
        let mut inner = String::new();
        let (quiet, loud): (Vec<&Spot>, Vec<&Spot>) =
            children.iter().partition(|child| self.is_quiet_account(child));
        for child in loud {
            inner.push_str(&self.node(child));
        }
        for ghost in ghosts {
            inner.push_str(&self.ghost(ghost));
        }
        let plain: String = quiet.iter().map(|child| self.node(child)).collect();
        if quiet.len() <= PLAIN {
            inner.push_str(&plain);
        } else {
            let stay = words::count(quiet.len(), "account");
            inner.push_str(&format!(
                "<li class=\"rest\"><details><summary>{stay} without a change of their own</summary><ul>\n{plain}</ul></details></li>\n"
            ));
        }
        let open = if self.is_touched_below(spot) { " open" } else { "" };
        format!(
            "{}<details{open}><summary>{label}</summary>\n<ul>\n{inner}</ul></details></li>\n",
            self.open(spot, entity, kind)
        )
    }

    fn open(&self, spot: &Spot, entity: &Entity, kind: &str) -> String {
        let around: BTreeSet<usize> = self
            .map
            .way_up(spot)
            .into_iter()
            .filter_map(|spot| self.facets.unit(spot))
            .collect();
        let rows = self
            .touched
            .get(spot)
            .into_iter()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        let fate = entity.fate.map_or("stays", |sign| class(sign.role()));
        format!(
            "<li class=\"node {kind} {fate}\" data-units=\"{}\" data-tags=\"{}\" data-cards=\"{}\">",
            list(&around),
            list(&self.facets.tags_of(spot)),
            list(&rows),
        )
    }

    fn label(&self, spot: &Spot, entity: &Entity) -> String {
        let mut html = entity.fate.map(badge).unwrap_or_default();
        html.push_str(&format!("<span class=\"name\">{}</span>", escape(&entity.name)));
        let fate = self.fate(entity);
        match (&fate, self.own_card(spot)) {
            (Some(words), Some(at)) => {
                html.push_str(&format!(" <a class=\"fate\" href=\"#c{at}\">{words}</a>"));
            }
            (Some(words), None) => html.push_str(&format!(" <span class=\"fate\">{words}</span>")),
            (None, _) => {}
        }
        if entity.leaving {
            html.push_str(" <span class=\"muted\">closed or suspended</span>");
        }
        html.push_str(&self.chips(spot, fate.is_some()));
        html
    }

    /// Returns the card that tells of the entity itself.
    fn own_card(&self, spot: &Spot) -> Option<usize> {
        let mut rows = self.touched.get(spot)?.keys();
        rows.find(|at| self.rows.get(**at).is_some_and(is_own)).copied()
    }

    /// Returns what becomes of the entity itself.
    fn fate(&self, entity: &Entity) -> Option<String> {
        let mut words = Vec::new();
        match entity.fate? {
            Sign::Create => words.push("new".to_owned()),
            Sign::Move => {
                let from = entity.former_parent.as_ref().map(|spot| self.map.path(spot));
                words.push(format!("moves here from {}", escape(&from.unwrap_or_default())));
            }
            Sign::Remove => words.push("goes".to_owned()),
            Sign::Irreversible => words.push("ends for good".to_owned()),
            Sign::Change => {}
        }
        if let Some(former) = &entity.former_name {
            words.push(format!("was {}", escape(former)));
        }
        (!words.is_empty()).then(|| words.join(", "))
    }

    fn ghost(&self, spot: &Spot) -> String {
        let Some(entity) = self.map.get(spot) else {
            return String::new();
        };
        let to = entity
            .parent
            .as_ref()
            .map(|parent| self.map.path(parent))
            .unwrap_or_default();
        let rows = self
            .touched
            .get(spot)
            .into_iter()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        let former = entity.former_parent.as_ref();
        let around = former.map(|spot| self.map.way_up(spot)).unwrap_or_default();
        let units = around
            .into_iter()
            .filter_map(|spot| self.facets.unit(spot))
            .collect();
        format!(
            "<li class=\"node account ghost\" data-units=\"{}\" data-tags=\"{}\" data-cards=\"{}\">{}\
             <span class=\"name\">{}</span> <span class=\"fate\">moves to {}</span></li>\n",
            list(&units),
            list(&self.facets.tags_of(spot)),
            list(&rows),
            badge(Sign::Move),
            escape(entity.former_name.as_deref().unwrap_or(&entity.name)),
            escape(&to),
        )
    }

    /// Returns what else happens there; what the fate tells is told once.
    fn chips(&self, spot: &Spot, fate_is_told: bool) -> String {
        let Some(rows) = self.touched.get(spot) else {
            return String::new();
        };
        let chips: Vec<String> = rows
            .iter()
            .filter_map(|(at, (sign, verb))| {
                let row = self.rows.get(*at)?;
                let own = is_own(row);
                let is_told = own && *verb != "tag";
                if fate_is_told && is_told {
                    return None;
                }
                let what = if own { String::new() } else { format!(" {}", escape(&row.address)) };
                Some(format!(
                    "<a class=\"chip {}\" href=\"#c{at}\"><span aria-hidden=\"true\">{}</span> {verb}{what}</a>",
                    class(sign.role()),
                    escape(sign.text()),
                ))
            })
            .collect();
        let shown = if chips.len() <= CHIPS + 1 {
            chips.len()
        } else {
            CHIPS
        };
        if chips.is_empty() {
            return String::new();
        }
        let mut html: String = chips.iter().take(shown).map(|chip| format!(" {chip}")).collect();
        if shown < chips.len() {
            html.push_str(&format!(
                " <span class=\"muted\">and {} more</span>",
                chips.len() - shown
            ));
        }
        format!("<span class=\"chips\">{html}</span>")
    }

    fn is_quiet_account(&self, spot: &Spot) -> bool {
        let account = self.map.get(spot).filter(|entity| entity.kind == Kind::Account);
        account.is_some_and(|entity| entity.fate.is_none()) && !self.touched.contains_key(spot)
    }

    fn is_touched_below(&self, spot: &Spot) -> bool {
        let children = || self.children.get(spot).into_iter().flatten();
        self.touched.contains_key(spot)
            || self.ghosts.contains_key(spot)
            || *spot == Spot::Root
            || children().any(|child| self.is_touched_below(child))
    }
}

/// Returns whether a row tells of the OU or the account itself: its address is known from where it stands.
fn is_own(row: &Row<'_>) -> bool {
    let is_own = |step: &Step| {
        matches!(
            step.action,
            Action::CreateOu { .. }
                | Action::RenameOu { .. }
                | Action::DeleteOu { .. }
                | Action::CreateAccount { .. }
                | Action::InviteAccount { .. }
                | Action::MoveAccount { .. }
                | Action::RenameAccount { .. }
                | Action::CloseAccount { .. }
                | Action::ReleaseAccount { .. }
                | Action::SetTags { .. }
        )
    };
    row.steps.iter().any(|step| is_own(step))
}
