//! What stands on top: counts, what needs consent, what cannot be undone, warnings, and what the plan means.

use super::cards::badge;
use super::text::{class, code, escape, line, sentence};
use crate::map::Map;
use crate::render::page::{Line, Role};
use crate::render::plan::impact::{self, Meaning};
use crate::render::plan::{Detail, base, counts, ends, outlook, sign, title, verb, what};
use crate::render::title::Titles;
use crate::render::words;
use lz_model::id::AccountId;
use lz_model::plan::{Note, Plan, Severity, Step};
use lz_plan::compare::compare;

/// Items of a list that are shown before the rest is folded.
const SHOWN: usize = 8;
/// Accounts that are named before they are counted.
const NAMED: usize = 4;

/// Returns the title, the counts and the sentence below them.
pub(super) fn header(plan: &Plan) -> String {
    let chips: String = if plan.is_empty() {
        "<li class=\"count create\">no changes</li>".to_owned()
    } else {
        let words = counts(plan).line(crate::render::plan::Tense::Future);
        let spans = words.spans().iter().filter(|span| span.role() != Role::Plain);
        spans
            .map(|span| {
                format!(
                    "<li class=\"count {}\">{}</li>\n",
                    class(span.role()),
                    escape(span.text())
                )
            })
            .collect()
    };
    let mut said = vec![line(&title(plan)) + "."];
    said.push(if plan.is_empty() {
        crate::render::plan::unchanged(plan)
    } else {
        line(&outlook(plan, ""))
    });
    if plan.tests_passed > 0 {
        said.push(format!("{} passed.", words::count(plan.tests_passed, "test")));
    }
    if let Some(base) = &plan.base {
        said.push(line(&base::sentence(base)));
    }
    format!(
        "<header>\n<h1>Plan for <span class=\"zone\">{}</span></h1>\n<ul class=\"counts\">\n{chips}</ul>\n<p>{}</p>\n</header>\n",
        escape(&plan.zone),
        said.join(" ")
    )
}

/// Returns the lists that must be read first.
pub(super) fn alerts(plan: &Plan) -> String {
    let noted = |severity| -> Vec<String> {
        let notes = plan.notes.iter().filter(|note| note.severity == severity);
        notes.map(noted).collect()
    };
    let mut irreversible: Vec<String> = ends(plan).map(ending).collect();
    let created = plan.irreversible().count() - irreversible.len();
    let class = if irreversible.is_empty() {
        "change"
    } else {
        "irreversible"
    };
    if created > 0 {
        irreversible.push(format!(
            "{} to create: an account can only be closed again, which takes 90 days",
            words::count(created, "account")
        ));
    }
    let boxes = [
        alert("Needs consent", "irreversible", &noted(Severity::Consent)),
        alert("Cannot be undone", class, &irreversible),
        alert("Warnings", "change", &noted(Severity::Warning)),
    ];
    boxes.concat()
}

/// Returns what accounts lose and gain.
pub(super) fn meaning(plan: &Plan, map: &Map) -> String {
    let merged = impact::merged(plan);
    let items: Vec<String> = merged.iter().map(|meaning| told(meaning, map)).collect();
    boxed("What it means", "meaning", &items, SHOWN)
}

/// Returns the notes that are good to know, and what the spec does not mention.
pub(super) fn footnotes(plan: &Plan) -> String {
    let notes = plan.notes.iter().filter(|note| note.severity == Severity::Info);
    let notes: Vec<String> = notes.map(noted).collect();
    let unmanaged = &plan.unmanaged;
    let lists = [
        ("OU", &unmanaged.ous),
        ("account", &unmanaged.accounts),
        ("policy", &unmanaged.policies),
        ("trusted service", &unmanaged.trusted_services),
        ("delegated administrator", &unmanaged.delegated_admins),
        ("stack set", &unmanaged.stack_sets),
        ("baseline", &unmanaged.baselines),
        ("control", &unmanaged.controls),
        ("permission set", &unmanaged.permission_sets),
    ];
    let others = lists.iter().flat_map(|(noun, list)| {
        list.iter()
            .map(move |name| format!("{} {}", escape(noun), code(name)))
    });
    let others: Vec<String> = others.collect();
    boxed("Good to know", "notes", &notes, SHOWN)
        + &boxed("Not managed by this spec", "notes", &others, SHOWN)
}

/// Returns what changed since a former plan, and what a branch takes away.
pub(super) fn compared(plan: &Plan, former: Option<&Plan>) -> String {
    let mut html = String::new();
    if let Some(base) = &plan.base {
        let items: Vec<String> = base::withdrawn(base).iter().map(line).collect();
        html.push_str(&boxed("This branch takes away", "notes", &items, SHOWN));
    }
    let Some(former) = former else {
        return html;
    };
    let comparison = compare(former, plan);
    let (before, after) = (Titles::of(former), Titles::of(plan));
    let item = |words: &str, class: &str, titles: &Titles, step: &Step| {
        let title = line(&titles.words(&step.id));
        format!("<span class=\"{class}\">{words}</span> {title}")
    };
    let mut items: Vec<String> = Vec::new();
    items.extend(
        comparison
            .new
            .iter()
            .map(|step| item("new", "create", &after, step)),
    );
    let different = comparison.different.iter();
    items.extend(different.map(|(_, step)| item("different", "change", &after, step)));
    items.extend(
        comparison
            .gone
            .iter()
            .map(|step| item("gone", "remove", &before, step)),
    );
    if items.is_empty() {
        items.push("No step has changed.".to_owned());
    }
    html + &boxed("Since the former plan", "notes", &items, SHOWN)
}

/// Returns what to type next.
pub(super) fn next(plan: &Plan, next: &[(&'static str, String)]) -> String {
    if plan.is_empty() {
        return String::new();
    }
    let lines = next.iter();
    let lines: String = lines
        .map(|(words, command)| format!("<p>{}: {}</p>\n", escape(words), code(command)))
        .collect();
    format!("<footer>\n{lines}</footer>\n")
}

fn ending(step: &Step) -> String {
    let mut told =
        Line::of(Role::Strong, step.address.to_string()).plain(format!(" {} ", verb(&step.action)));
    told.append(what(&step.action, Detail::Brief));
    format!("{} {}", badge(sign(step)), line(&told))
}

fn noted(note: &Note) -> String {
    let address = note.address.as_ref();
    let address = address.map(|address| format!("{}: ", code(&address.to_string())));
    format!(
        "{}{} <span class=\"muted\">{}</span>",
        address.unwrap_or_default(),
        sentence(&note.text),
        escape(&note.code)
    )
}

fn told(meaning: &Meaning<'_>, map: &Map) -> String {
    let words: Vec<&str> = meaning.sentence.splitn(3, ' ').collect();
    let (maybe, verb, what) = match words.as_slice() {
        ["possibly", verb, what] => ("possibly ", *verb, (*what).to_owned()),
        [verb, rest @ ..] => ("", *verb, rest.join(" ")),
        [] => ("", "", String::new()),
    };
    let role = if verb == "lose" {
        Role::Remove
    } else {
        Role::Create
    };
    let plural = if meaning.accounts.len() == 1 { "s" } else { "" };
    let who = if meaning.accounts.len() > NAMED {
        words::count(meaning.accounts.len(), "account")
    } else {
        let name = |id: &&AccountId| format!("<b>{}</b>", escape(map.account(id).unwrap_or(id.as_str())));
        words::list(&meaning.accounts.iter().map(name).collect::<Vec<_>>())
    };
    format!(
        "{who} {maybe}<span class=\"{}\">{}{plural}</span> {}",
        class(role),
        escape(verb),
        code(&what)
    )
}

fn alert(title: &str, class: &str, items: &[String]) -> String {
    boxed(title, &format!("alert {class}"), items, SHOWN)
}

fn boxed(title: &str, class: &str, items: &[String], most: usize) -> String {
    if items.is_empty() {
        return String::new();
    }
    let shown = if items.len() <= most + 2 {
        items.len()
    } else {
        most
    };
    let listed =
        |items: &[String]| -> String { items.iter().map(|item| format!("<li>{item}</li>\n")).collect() };
    let (first, rest) = items.split_at(shown.min(items.len()));
    let more = if rest.is_empty() {
        String::new()
    } else {
        format!(
            "<details><summary>and {} more</summary><ul>\n{}</ul></details>\n",
            words::number(rest.len() as u64),
            listed(rest)
        )
    };
    format!(
        "<section class=\"box {class}\">\n<h2>{title}</h2>\n<ul>\n{}</ul>\n{more}</section>\n",
        listed(first)
    )
}
