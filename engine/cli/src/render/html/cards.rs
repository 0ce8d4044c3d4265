//! Every change as a card, in the order of execution.

use super::document;
use super::facets::{Facets, list};
use super::text::{class, code, escape, line};
use crate::map::{Map, Spot};
use crate::render::plan::row::Row;
use crate::render::plan::{Sign, base};
use crate::render::title::Titles;
use crate::render::words;
use lz_model::plan::{Side, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// Places that are named on a card before the rest is counted.
const PLACES: usize = 6;
/// Steps that a card says it waits for.
const WAITS: usize = 12;

/// Returns the section of all changes.
pub(super) fn section(map: &Map, rows: &[Row<'_>], facets: &Facets<'_>, titles: &Titles) -> String {
    let cards: BTreeMap<&StepId, usize> = rows
        .iter()
        .enumerate()
        .flat_map(|(at, row)| row.steps.iter().map(move |step| (&step.id, at)))
        .collect();
    let shown: String = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            card(
                at,
                row,
                map,
                facets,
                &Waiting {
                    cards: &cards,
                    titles,
                },
            )
        })
        .collect();
    format!(
        "<section id=\"changes\" aria-labelledby=\"changes-title\">\n<h2 id=\"changes-title\">Changes, in order</h2>\n\
         <p class=\"none\" hidden>No change matches these filters.</p>\n<ol class=\"cards\">\n{shown}</ol>\n</section>\n"
    )
}

/// What tells which cards come first.
struct Waiting<'a> {
    cards: &'a BTreeMap<&'a StepId, usize>,
    titles: &'a Titles,
}

fn card(at: usize, row: &Row<'_>, map: &Map, facets: &Facets<'_>, waiting: &Waiting<'_>) -> String {
    let spots = map.spots(row.steps.iter().map(|step| &step.id));
    let side = row.side.map_or(String::new(), |side| {
        format!(" data-side=\"{}\"", side_word(side))
    });
    let mut html = format!(
        "<li class=\"card {}\" id=\"c{at}\" data-kind=\"{}\" data-units=\"{}\" data-tags=\"{}\"{side}>\n",
        class(row.sign.role()),
        facets.kind(row),
        list(&facets.units_of(&spots)),
        list(&facets.tags_below(&spots)),
    );
    html.push_str(&format!(
        "<h3>{} <span class=\"address\">{}</span>{}</h3>\n",
        badge(row.sign),
        escape(&row.address),
        row.side.map(mark).unwrap_or_default()
    ));
    html.push_str("<ul class=\"parts\">\n");
    for part in &row.parts {
        html.push_str(&format!(
            "<li><span class=\"verb\">{}</span> {}</li>\n",
            escape(part.verb),
            line(&part.detail)
        ));
    }
    html.push_str("</ul>\n");
    html.push_str(&places(map, &spots));
    html.extend(row.documents.iter().map(document::shown));
    html.push_str(&waits(at, row, waiting));
    html.push_str("</li>\n");
    html
}

/// Returns a sign for the eye; the verb says the same.
pub(super) fn badge(sign: Sign) -> String {
    format!(
        "<span class=\"sign {}\" aria-hidden=\"true\">{}</span>",
        class(sign.role()),
        escape(sign.text())
    )
}

pub(super) const fn side_word(side: Side) -> &'static str {
    match side {
        Side::Branch => "branch",
        Side::Drifting => "drifting",
    }
}

fn mark(side: Side) -> String {
    format!(
        " <span class=\"mark {}\">{}</span>",
        side_word(side),
        base::word(side)
    )
}

fn places(map: &Map, spots: &BTreeSet<&Spot>) -> String {
    let paths: BTreeSet<String> = spots.iter().map(|spot| map.path(map.unit(spot))).collect();
    if paths.is_empty() {
        return String::new();
    }
    let shown = if paths.len() <= PLACES + 1 {
        paths.len()
    } else {
        PLACES
    };
    let mut names: Vec<String> = paths.iter().take(shown).map(|path| code(path)).collect();
    if shown < paths.len() {
        names.push(words::count(paths.len() - shown, "more place"));
    }
    format!("<p class=\"places\">in {}</p>\n", words::list(&names))
}

/// Returns what must come first, and why.
fn waits(at: usize, row: &Row<'_>, waiting: &Waiting<'_>) -> String {
    let edges: BTreeSet<_> = row.steps.iter().flat_map(|step| &step.after).collect();
    let others: Vec<_> = edges
        .into_iter()
        .filter_map(|edge| Some((edge, *waiting.cards.get(&edge.step)?)))
        .filter(|(_, card)| *card != at)
        .collect();
    if others.is_empty() {
        return String::new();
    }
    let shown = if others.len() <= WAITS + 2 {
        others.len()
    } else {
        WAITS
    };
    let mut items: String = others
        .iter()
        .take(shown)
        .map(|(edge, card)| {
            let title = escape(&waiting.titles.words(&edge.step).to_plain());
            format!(
                "<li><a href=\"#c{card}\">{title}</a>: {}</li>\n",
                escape(edge.rule.reason())
            )
        })
        .collect();
    if shown < others.len() {
        items.push_str(&format!(
            "<li>and {}</li>\n",
            words::count(others.len() - shown, "more step")
        ));
    }
    format!(
        "<details class=\"waits\"><summary>Waits for {}</summary><ul>\n{items}</ul></details>\n",
        words::count(others.len(), "step")
    )
}
