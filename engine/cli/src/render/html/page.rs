//! The page as a whole.

use super::facets::Facets;
use super::text::escape;
use super::{cards, digest, head, tree};
use crate::map::Map;
use crate::render::plan::{Detail, base, row};
use crate::render::title::Titles;
use lz_model::plan::{Plan, Side};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Returns the page. The same plan gives the same bytes.
pub(crate) fn page(plan: &Plan, map: &Map, former: Option<&Plan>, next: &[(&'static str, String)]) -> String {
    let rows = row::rows(plan, Detail::Brief);
    let facets = Facets::of(map, &rows);
    let titles = Titles::of(plan);
    let main = if plan.is_empty() {
        format!(
            "<div class=\"columns\">\n{}</div>\n",
            tree::section(map, &rows, &facets)
        )
    } else {
        format!(
            "{}<div class=\"columns\">\n{}{}</div>\n",
            filters(plan, map, &facets),
            tree::section(map, &rows, &facets),
            cards::section(map, &rows, &facets, &titles)
        )
    };
    let body = [
        head::header(plan),
        "<main id=\"main\">\n<div class=\"boxes\">\n".to_owned(),
        head::alerts(plan),
        head::compared(plan, former),
        head::meaning(plan, map),
        "</div>\n".to_owned(),
        main,
        "<div class=\"boxes\">\n".to_owned(),
        head::footnotes(plan),
        "</div>\n</main>\n".to_owned(),
        head::next(plan, next),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>Plan for {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">To the plan</a>\n{}<script>{SCRIPT}</script>\n</body>\n</html>\n",
        policy(),
        escape(&plan.zone),
        body.concat()
    )
}

/// Nothing is loaded; only the page's own style and script take effect.
fn policy() -> String {
    format!(
        "default-src 'none'; img-src data:; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        digest::source(STYLE),
        digest::source(SCRIPT)
    )
}

/// Filters need the script, which shows them.
fn filters(plan: &Plan, map: &Map, facets: &Facets<'_>) -> String {
    let kinds: String = facets
        .kinds
        .iter()
        .enumerate()
        .map(|(at, kind)| option(at, kind))
        .collect();
    let units: String = facets
        .units
        .iter()
        .enumerate()
        .map(|(at, (spot, _))| option(at, &map.path(spot)))
        .collect();
    let sides: String = [Side::Branch, Side::Drifting]
        .into_iter()
        .filter(|_| plan.base.is_some())
        .map(|side| {
            format!(
                "<option value=\"{}\">{}</option>\n",
                cards::side_word(side),
                base::word(side)
            )
        })
        .collect();
    let mut html =
        String::from("<div id=\"filters\" role=\"search\" aria-label=\"Filter the changes\" hidden>\n");
    html.push_str(&select("unit", "OU", "all OUs", &units));
    html.push_str(&select("tag", "Team or tag", "all tags", &tags(facets)));
    html.push_str(&select("kind", "Kind", "all kinds", &kinds));
    html.push_str(&select("side", "Whose", "everybody's", &sides));
    html.push_str(
        "<label for=\"text\">Text<input id=\"text\" type=\"search\" autocomplete=\"off\" placeholder=\"name, action, ...\"></label>\n\
         <button id=\"reset\" type=\"button\">Show all</button>\n<p id=\"shown\" role=\"status\"></p>\n</div>\n",
    );
    html
}

fn tags(facets: &Facets<'_>) -> String {
    let mut html = String::new();
    let mut open: Option<&str> = None;
    for (at, (key, value)) in facets.tags.iter().enumerate() {
        if open != Some(*key) {
            if open.is_some() {
                html.push_str("</optgroup>\n");
            }
            html.push_str(&format!("<optgroup label=\"{}\">\n", escape(key)));
            open = Some(key);
        }
        html.push_str(&option(at, &format!("{key}: {value}")));
    }
    if open.is_some() {
        html.push_str("</optgroup>\n");
    }
    html
}

fn option(at: usize, words: &str) -> String {
    format!("<option value=\"{at}\">{}</option>\n", escape(words))
}

/// A filter without a choice is none.
fn select(id: &str, label: &str, all: &str, options: &str) -> String {
    if options.is_empty() {
        return String::new();
    }
    format!(
        "<label for=\"{id}\">{label}<select id=\"{id}\"><option value=\"\">{all}</option>\n{options}</select></label>\n"
    )
}
