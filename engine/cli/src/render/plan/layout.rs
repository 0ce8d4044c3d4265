//! Rows to lines: columns where there is room, one below the other where there is not.

use super::base;
use super::describe::Detail;
use super::document;
use super::row::{DocumentKind, Row, rows};
use crate::render::page::{Line, Page, Role, Span};
use crate::render::{safe, words};
use lz_model::plan::Plan;

/// Rows of one kind in a run that are shown at least before the rest is folded.
const SHOWN: usize = 8;
/// Continuations of one row, or lines of one document, that are shown before the rest is folded.
const SHOWN_PARTS: usize = 8;
const SHOWN_DOCUMENT: usize = 40;
/// Blanks before a sign.
const MARGIN: usize = 2;
/// Where an address begins: after margin, sign and blank.
const ADDRESS: usize = MARGIN + 2;
/// Where a detail begins that stands below its address.
const BELOW: usize = ADDRESS + 2;
/// Terminals with fewer columns get each detail below its address.
const NARROW: usize = 60;
/// The widest verb that widens its column; details of longer verbs begin later.
const VERB: usize = 8;

/// How much is shown, and in how many columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) columns: usize,
    pub(super) all: bool,
    address: usize,
    verb: usize,
}

impl Layout {
    /// Returns the layout that fits the rows: as much of the line for addresses as they need, at most 45 %.
    fn fitting(rows: &[Row<'_>], columns: usize, all: bool) -> Self {
        let most = if columns < NARROW {
            0
        } else {
            columns * 45 / 100 - ADDRESS
        };
        let widths = rows
            .iter()
            .map(|row| safe::width(&row.address))
            .filter(|width| *width <= most);
        let verbs = rows
            .iter()
            .flat_map(|row| &row.parts)
            .map(|part| part.verb.len().min(VERB));
        Self {
            columns,
            all,
            address: widths.max().unwrap_or(0),
            verb: verbs.max().unwrap_or(0),
        }
    }

    /// Returns the column of verbs beside an address.
    const fn beside(&self) -> usize {
        ADDRESS + self.address + 2
    }
}

/// Returns the rows of a plan as lines.
pub(crate) fn steps(plan: &Plan, columns: usize, all: bool) -> Page {
    let rows = rows(plan, if all { Detail::Full } else { Detail::Brief });
    let layout = Layout::fitting(&rows, columns, all);
    let mut page = Page::default();
    let mut rest = rows.as_slice();
    while let Some(first) = rest.first() {
        let run = rest.iter().take_while(|row| row.is_like(first)).count();
        // Folding two rows into a line that says so saves one line and hides two.
        let shown = if all || run <= SHOWN + 2 { run } else { SHOWN };
        rest.iter()
            .take(shown)
            .for_each(|row| page.append(row_lines(row, &layout)));
        if shown < run {
            page.push(fold(first, run - shown));
        }
        rest = rest.get(run..).unwrap_or_default();
    }
    page
}

fn fold(row: &Row<'_>, hidden: usize) -> Line {
    Line::of(Role::Plain, " ".repeat(MARGIN))
        .with(row.sign.role(), row.sign.text())
        .with(
            Role::Muted,
            format!(" ... and {} to {}", more(hidden, row.noun), row.verb()),
        )
        .with(Role::Hint, " (--all shows them)")
}

fn more(hidden: usize, noun: &str) -> String {
    format!(
        "{} more {}",
        words::number(hidden as u64),
        words::noun(hidden, noun)
    )
}

fn row_lines(row: &Row<'_>, layout: &Layout) -> Page {
    let mut page = Page::default();
    let mut head = Line::of(Role::Plain, " ".repeat(MARGIN))
        .with(row.sign.role(), row.sign.text())
        .plain(" ");
    let beside = safe::width(&row.address) <= layout.address;
    let column = if beside { layout.beside() } else { BELOW };
    let room = layout.columns.saturating_sub(ADDRESS);
    head.push(Span::new(
        Role::Strong,
        safe::cut_middle(&safe::escape(&row.address), room),
    ));
    if !beside {
        page.push(std::mem::take(&mut head));
    }
    let shown = if layout.all || row.parts.len() <= SHOWN_PARTS + 2 {
        row.parts.len()
    } else {
        SHOWN_PARTS
    };
    for (at, part) in row.parts.iter().take(shown).enumerate() {
        let mut line = std::mem::take(&mut head);
        line.pad_to(column);
        line = line.with(row.sign.role(), part.verb);
        let detail = column + layout.verb.max(part.verb.len()) + 2;
        line.pad_to(detail);
        let told = base::marked(&part.detail, row.side.filter(|_| at == 0));
        let mut wrapped = told.wrap(detail, detail, layout.columns).into_iter();
        line.append(wrapped.next().unwrap_or_default());
        page.push(line);
        wrapped.for_each(|line| page.push(line));
    }
    if shown < row.parts.len() {
        let mut line = Line::default();
        line.pad_to(column);
        page.push(line.with(
            Role::Muted,
            format!("... and {}", more(row.parts.len() - shown, "step")),
        ));
    }
    row.documents
        .iter()
        .for_each(|document| page.append(document_lines(document, layout)));
    page
}

fn document_lines(document: &super::row::Document<'_>, layout: &Layout) -> Page {
    let after = document.after.to_string();
    let page = match (document.before.map(ToString::to_string), document.kind) {
        (Some(before), DocumentKind::Policy) => document::difference(&before, &after, BELOW, layout.columns),
        (Some(before), DocumentKind::Template) => {
            document::template_difference(&before, &after, BELOW, layout.columns)
        }
        // A new document is in the spec; only its size is shown unless everything is wanted.
        (None, _) if layout.all => document::whole(&after, BELOW, layout.columns),
        (None, _) => Page::default(),
    };
    let lines = page.lines().len();
    if layout.all || lines <= SHOWN_DOCUMENT {
        return page;
    }
    let mut cut: Page = page.lines().iter().take(SHOWN_DOCUMENT).cloned().collect();
    let more = format!(
        "{}... and {}",
        " ".repeat(BELOW),
        more(lines - SHOWN_DOCUMENT, "line")
    );
    cut.push(Line::of(Role::Muted, more).with(Role::Hint, " (--all shows them)"));
    cut
}
