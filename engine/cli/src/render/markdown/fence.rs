//! Fenced code, in which nothing is interpreted: the steps in order, and documents before and after.

use super::budget::Block;
use super::escape::{code, cut};
use crate::render::page::Page;
use crate::render::plan::row::{Document, DocumentKind, Row};
use crate::render::plan::{base, document};
use crate::render::{safe, words};
use lz_model::plan::Side;

/// Columns that a comment shows without scrolling.
const COLUMNS: usize = 108;
/// The widest address that widens the column of addresses.
const ADDRESS: usize = 38;
/// Lines of one document.
const LINES: usize = 120;
/// The longest line of a document, in characters.
const LONGEST: usize = 400;

/// Returns the steps, in the order of execution.
pub(super) fn steps(rows: &[Row<'_>], steps: usize) -> Block {
    let widths = rows.iter().map(|row| safe::width(&row.address));
    let address = widths.filter(|width| *width <= ADDRESS).max().unwrap_or(0);
    let verbs = rows.iter().flat_map(|row| &row.parts).map(|part| part.verb.len());
    let verb = verbs.max().unwrap_or(0).min(9);
    let items: Vec<String> = rows.iter().map(|row| lines(row, address, verb)).collect();
    let fence = fence(&items);
    let title = match steps {
        1 => "1 step".to_owned(),
        many => format!("{}, in order", words::count(many, "step")),
    };
    Block {
        open: folded(&title, &format!("{fence}diff\n")),
        items,
        close: format!("{fence}\n\n</details>\n\n"),
        noun: "row of steps",
        rank: 6,
    }
}

/// Returns the documents that change, each as a difference.
pub(super) fn documents(rows: &[Row<'_>]) -> Block {
    let changed = rows
        .iter()
        .flat_map(|row| row.documents.iter().map(move |document| (row, document)));
    let items: Vec<String> = changed
        .filter_map(|(row, document)| difference(row, document))
        .collect();
    let title = format!("Before and after of {}", words::count(items.len(), "document"));
    Block {
        open: folded(&title, ""),
        items,
        close: "</details>\n\n".to_owned(),
        noun: "document",
        rank: 7,
    }
}

/// Returns the beginning of a fold. The blank line lets markdown begin again.
pub(super) fn folded(title: &str, then: &str) -> String {
    format!("<details>\n<summary>{title}</summary>\n\n{then}")
}

/// Returns a fence that no line of the texts can close.
pub(super) fn fence(texts: &[String]) -> String {
    let longest = texts.iter().map(|text| run_of_ticks(text)).max().unwrap_or(0);
    "`".repeat(longest.saturating_add(1).max(3))
}

fn run_of_ticks(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

fn lines(row: &Row<'_>, address: usize, verb: usize) -> String {
    let mut text = String::new();
    let name = safe::escape(&row.address);
    let mut head = format!("{} {name}", row.sign.text());
    let wide = safe::width(&name) > address;
    if wide {
        text.push_str(&head);
        text.push('\n');
        head = row.sign.text().to_owned();
    }
    let column = 2 + address + 2;
    for (at, part) in row.parts.iter().enumerate() {
        if at > 0 {
            head = row.sign.text().to_owned();
        }
        let filled = column.saturating_sub(safe::width(&head));
        let detail = column + verb.max(part.verb.len()) + 2;
        let mut lines = part
            .detail
            .wrap(0, 0, COLUMNS.saturating_sub(detail).max(40))
            .into_iter();
        let first = lines.next().unwrap_or_default().to_plain();
        let mark = match row.side.filter(|_| at == 0) {
            Some(side @ Side::Drifting) => format!("  [{}]", base::word(side)),
            Some(Side::Branch) | None => String::new(),
        };
        let line = format!("{head}{}{:verb$}  {first}{mark}", " ".repeat(filled), part.verb);
        text.push_str(line.trim_end());
        text.push('\n');
        for line in lines {
            let line = format!("{}{}", " ".repeat(detail), line.to_plain());
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

fn difference(row: &Row<'_>, document: &Document<'_>) -> Option<String> {
    let before = document.before?.to_string();
    let after = document.after.to_string();
    let page = match document.kind {
        DocumentKind::Policy => document::difference(&before, &after, 0, usize::MAX),
        DocumentKind::Template => document::template_difference(&before, &after, 0, usize::MAX),
    };
    let lines = plain(&page);
    if lines.is_empty() {
        return None;
    }
    let fence = fence(&lines);
    let mut text = format!("{}\n\n{fence}diff\n", code(&safe::escape(&row.address)));
    lines.iter().take(LINES).for_each(|line| text.push_str(line));
    text.push_str(&format!("{fence}\n\n"));
    if lines.len() > LINES {
        let more = words::count(lines.len() - LINES, "more line");
        text.push_str(&format!("… and {more} of this document.\n\n"));
    }
    Some(text)
}

fn plain(page: &Page) -> Vec<String> {
    let lines = page
        .lines()
        .iter()
        .map(|line| cut(&line.to_plain(), LONGEST) + "\n");
    lines.collect()
}
