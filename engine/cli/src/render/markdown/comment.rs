//! The comment as a whole.

use super::budget::{Block, LeftOut, counted, fit, length};
use super::escape::{code, line, prose};
use super::{fence, head, since, table};
use crate::map::Map;
use crate::render::page::Line;
use crate::render::plan::{Detail, Tense, base, counts, ends, outlook, row};
use crate::render::{safe, words};
use lz_model::plan::Plan;

/// The longest comment that GitHub takes, in characters (GitHub REST API, "Create an issue comment"; GitLab's limit of
/// a note is 1,000,000, "GitLab application limits"). Checked 2026-11.
pub(crate) const LONGEST: usize = 65_536;
/// Kept for what is always told: counts and what was left out.
const RESERVED: usize = 1_500;

/// How a comment is written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Comment<'a> {
    /// The most characters.
    pub(crate) longest: Option<usize>,
    /// Where the whole plan can be read.
    pub(crate) link: Option<&'a str>,
    /// The plan that the last comment was about.
    pub(crate) since: Option<&'a Plan>,
    /// What to type next, as words and a command.
    pub(crate) next: &'a [(&'static str, String)],
}

/// Returns the comment. The same plan gives the same bytes.
pub(crate) fn comment(plan: &Plan, map: &Map, how: &Comment<'_>) -> String {
    let rows = row::rows(plan, Detail::Brief);
    let former = how.since.map(|former| since::since(former, plan));
    let top = top(plan, former.as_ref().map(|(sentence, _)| sentence.as_str()));
    let bottom = bottom(plan, how);
    let mut blocks = head::alerts(plan);
    if !plan.impact.is_empty() {
        blocks.push(head::meaning(plan, map));
    }
    if !plan.is_empty() {
        blocks.push(table::by_unit(map, &rows));
    }
    blocks.extend(former.and_then(|(_, block)| block));
    blocks.extend(withdrawn(plan));
    if !plan.is_empty() {
        blocks.push(fence::steps(&rows, plan.steps.len()));
        blocks.push(fence::documents(&rows));
    }
    blocks.push(head::good_to_know(plan));
    blocks.retain(|block| !block.items.is_empty());
    let longest = how.longest.unwrap_or(LONGEST);
    let fixed = length(&top) + length(&bottom) + length(how.link.unwrap_or_default());
    let (texts, left_out) = fit(&blocks, longest.saturating_sub(fixed + RESERVED));
    let missing = missing(&left_out, longest, how.link);
    let text = format!("{top}{missing}{}{bottom}", texts.concat());
    text.trim_end().to_owned() + "\n"
}

/// The marker by which a pipeline finds its own comment again, and the summary.
fn top(plan: &Plan, since: Option<&str>) -> String {
    let zone = marker(&plan.zone);
    let counts = if plan.is_empty() {
        "no changes".to_owned()
    } else {
        counts(plan).line(Tense::Future).to_plain()
    };
    let mut text = format!(
        "<!-- lz plan {zone} -->\n### {}: {counts}\n\n",
        code(&safe::escape(&plan.zone))
    );
    text.push_str(&context(plan));
    text.push_str("\n\n");
    if let Some(base) = &plan.base {
        text.push_str(&line(&base::sentence(base)));
        text.push_str("\n\n");
    }
    if let Some(since) = since {
        text.push_str(since);
        text.push_str("\n\n");
    }
    text
}

/// A comment of HTML ends at `-->`, and `--` may not stand in it.
fn marker(zone: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let kept = zone.chars().map(|c| if plain(c) { c } else { '_' });
    kept.collect()
}

fn context(plan: &Plan) -> String {
    let mut said = vec![line(&crate::render::plan::title(plan)) + "."];
    if plan.is_empty() {
        said.push(crate::render::plan::unchanged(plan));
    } else {
        said.push(line(&outlook(plan, "")));
    }
    let created = plan.irreversible().count() - ends(plan).count();
    if created > 0 {
        let many = if created == 1 { "it" } else { "they" };
        said.push(format!(
            "{} to create: {many} can only be closed again, which takes 90 days.",
            words::count(created, "account")
        ));
    }
    if plan.tests_passed > 0 {
        said.push(format!("{} passed.", words::count(plan.tests_passed, "test")));
    }
    let unmanaged = plan.unmanaged.count();
    if unmanaged > 0 {
        let verb = if unmanaged == 1 { "is" } else { "are" };
        said.push(format!(
            "{} {verb} not managed by this spec.",
            words::count(unmanaged, "object")
        ));
    }
    said.join(" ")
}

fn withdrawn(plan: &Plan) -> Option<Block> {
    let base = plan.base.as_ref()?;
    let items: Vec<String> = base::withdrawn(base)
        .iter()
        .map(|line: &Line| line.to_plain() + "\n")
        .collect();
    let fence = fence::fence(&items);
    let title = format!(
        "{} that this branch takes away",
        words::count(items.len(), "step")
    );
    Some(Block {
        open: fence::folded(&title, &format!("{fence}diff\n")),
        items,
        close: format!("{fence}\n\n</details>\n\n"),
        noun: "step taken away",
        rank: 5,
    })
}

fn missing(left_out: &[LeftOut], longest: usize, link: Option<&str>) -> String {
    if left_out.is_empty() {
        return String::new();
    }
    let parts: Vec<String> = left_out
        .iter()
        .map(|left| match left.missing == left.of {
            true => format!("all {}", counted(left.of, left.noun)),
            false => format!(
                "{} of {}",
                words::number(left.missing as u64),
                counted(left.of, left.noun)
            ),
        })
        .collect();
    let place = match link {
        Some(link) => format!("[the whole plan]({})", destination(link)),
        None => "`lz show --all` of the saved plan, or `--format html`".to_owned(),
    };
    format!(
        "> [!NOTE]\n> Left out to stay under {} characters: {}. See {place}.\n\n",
        words::number(longest as u64),
        words::list(&parts)
    )
}

fn bottom(plan: &Plan, how: &Comment<'_>) -> String {
    let mut text = String::new();
    if let Some(link) = how.link {
        text.push_str(&format!("[The whole plan]({})\n\n", destination(link)));
    }
    if !plan.is_empty() {
        for (words, command) in how.next {
            text.push_str(&format!("{}: {}\n\n", prose(words), code(&safe::escape(command))));
        }
    }
    text
}

/// Returns an address that cannot leave its brackets.
fn destination(link: &str) -> String {
    let kept = link.chars().map(|c| match c {
        '(' => "%28".to_owned(),
        ')' => "%29".to_owned(),
        '<' => "%3C".to_owned(),
        '>' => "%3E".to_owned(),
        '\\' => "%5C".to_owned(),
        c if c.is_whitespace() || c.is_control() => "%20".to_owned(),
        c => c.to_string(),
    });
    kept.collect()
}
