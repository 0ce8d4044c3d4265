//! What stands on top: what needs consent, what cannot be undone, warnings, and what the plan means.

use super::budget::{Block, counted};
use super::escape::{code, cut, line, prose, sentence};
use crate::map::Map;
use crate::render::page::{Line, Role};
use crate::render::plan::impact::{self, Meaning};
use crate::render::plan::{Detail, ends, sign, verb, what};
use crate::render::{safe, words};
use lz_model::id::AccountId;
use lz_model::plan::{Note, Plan, Severity};

/// Items of each list; the steps and the notes below tell the others.
const SHOWN: usize = 12;
/// The longest item, in characters.
const LONGEST: usize = 600;
/// Accounts that are named before they are counted.
const NAMED: usize = 3;

/// Returns the lists on top, most pressing first.
pub(super) fn alerts(plan: &Plan) -> Vec<Block> {
    let noted = |severity| -> Vec<String> {
        let notes = plan.notes.iter().filter(|note| note.severity == severity);
        notes.map(noted).collect()
    };
    let irreversible: Vec<String> = ends(plan)
        .map(|step| {
            let mut told =
                Line::of(Role::Strong, step.address.to_string()).plain(format!(" {} ", verb(&step.action)));
            told.append(what(&step.action, Detail::Brief));
            format!("{} {}", code(sign(step).text()), line(&short(&told)))
        })
        .collect();
    vec![
        alert(
            "CAUTION",
            "Needs consent",
            "moment that needs consent",
            noted(Severity::Consent),
            0,
        ),
        alert(
            "CAUTION",
            "Cannot be undone",
            "step that cannot be undone",
            irreversible,
            1,
        ),
        alert("WARNING", "Warnings", "warning", noted(Severity::Warning), 2),
    ]
}

/// Returns what accounts lose and gain.
pub(super) fn meaning(plan: &Plan, map: &Map) -> Block {
    let items = impact::merged(plan).into_iter();
    let items = items.map(|meaning| format!("- {}\n", told(&meaning, map)));
    Block {
        open: "**What it means**\n\n".to_owned(),
        items: shortened(items.collect(), "loss or gain", "- "),
        close: "\n".to_owned(),
        noun: "loss or gain",
        rank: 3,
    }
}

/// Returns the notes that are good to know.
pub(super) fn good_to_know(plan: &Plan) -> Block {
    let notes = plan.notes.iter().filter(|note| note.severity == Severity::Info);
    let items = notes.map(|note| format!("- {}\n", noted(note)));
    Block {
        open: super::fence::folded("Good to know", ""),
        items: items.collect(),
        close: "\n</details>\n\n".to_owned(),
        noun: "note",
        rank: 8,
    }
}

fn alert(kind: &str, title: &str, noun: &'static str, items: Vec<String>, rank: u8) -> Block {
    let items: Vec<String> = items.iter().map(|item| format!("> - {item}\n")).collect();
    Block {
        open: format!("> [!{kind}]\n> **{title}**\n>\n"),
        items: shortened(items, noun, "> - "),
        close: "\n".to_owned(),
        noun,
        rank,
    }
}

/// A list that nobody would read to its end says how long it is.
fn shortened(mut items: Vec<String>, noun: &str, bullet: &str) -> Vec<String> {
    if items.len() > SHOWN + 2 {
        let more = counted(items.len() - SHOWN, noun);
        items.truncate(SHOWN);
        items.push(format!("{bullet}… and {more} more; `lz show --all` tells them\n"));
    }
    items
}

fn noted(note: &Note) -> String {
    let address = note.address.as_ref();
    let address = address.map(|address| format!("{}: ", code(&safe::escape(&address.to_string()))));
    format!(
        "{}{} ({})",
        address.unwrap_or_default(),
        sentence(&safe::escape(&cut(&note.text, LONGEST))),
        code(&safe::escape(&note.code))
    )
}

/// Returns `Shop and Lab lose`, in bold, and the rest as code.
fn told(meaning: &Meaning<'_>, map: &Map) -> String {
    let (verb, what) = meaning.sentence.split_once(' ').unwrap_or((meaning.sentence, ""));
    let (maybe, verb, what) = match (verb, what.split_once(' ')) {
        ("possibly", Some((verb, what))) => ("possibly ", verb, what),
        _ => ("", verb, what),
    };
    let verb = match meaning.accounts.as_slice() {
        [_] => format!("{verb}s"),
        _ => verb.to_owned(),
    };
    let who = escaped_names(meaning, map);
    format!(
        "{who} {maybe}**{}** {}",
        prose(&verb),
        code(&cut(&safe::escape(what), LONGEST))
    )
}

fn escaped_names(meaning: &Meaning<'_>, map: &Map) -> String {
    if meaning.accounts.len() > NAMED {
        return words::count(meaning.accounts.len(), "account");
    }
    let name = |id: &&AccountId| code(&safe::escape(map.account(id).unwrap_or(id.as_str())));
    words::list(&meaning.accounts.iter().map(name).collect::<Vec<_>>())
}

/// A text that fills the screen is cut; every other view has it whole.
fn short(line: &Line) -> Line {
    let mut left = LONGEST;
    let mut short = Line::default();
    for span in line.spans() {
        let text = cut(span.text(), left.max(1));
        left = left.saturating_sub(text.chars().count());
        short = short.with(span.role(), &text);
        if left == 0 {
            break;
        }
    }
    short
}
