//! Shows a plan in the format that was asked for.

use crate::answer::{Answer, Fold, PlanAnswer};
use crate::args::{PlanFormat, Review};
use crate::context::Context;
use crate::exit::Exit;
use crate::map::{Map, Outline};
use crate::problem::{Failure, Problem};
use crate::render::markdown::{Comment, comment};
use crate::render::{html, safe};
use crate::saved::Saved;
use lz_model::plan::Plan;
use std::path::Path;

/// A plan and what is known around it.
pub(super) struct Shown<'a> {
    pub(super) plan: &'a Plan,
    pub(super) outline: Option<&'a Outline>,
    /// Where it is saved.
    pub(super) file: Option<&'a Path>,
    /// The digest of that file.
    pub(super) digest: Option<String>,
    /// What to type next, as words and a command.
    pub(super) next: Vec<(&'static str, String)>,
    pub(super) all: bool,
}

/// Prints the plan.
///
/// # Errors
/// A former plan that cannot be read, or what keeps standard output from being written.
pub(super) fn show(
    context: &Context<'_>,
    format: PlanFormat,
    review: &Review,
    shown: Shown<'_>,
) -> Result<(), Failure> {
    let digest = shown.digest.iter();
    let next: Vec<_> = digest
        .map(|digest| ("The digest of the plan", digest.clone()))
        .chain(shown.next)
        .collect();
    let former = match &review.since {
        Some(file) => Some(former(file, shown.plan)?),
        None => None,
    };
    match format {
        PlanFormat::Human => context.answer(&Answer::Plan(PlanAnswer {
            plan: shown.plan,
            fold: Fold::unless(shown.all),
            saved: shown.file.map(|file| file.to_string_lossy().into_owned()),
            next,
            digest: shown.digest,
        })),
        PlanFormat::Sarif | PlanFormat::Github | PlanFormat::Gitlab => {
            context.answer(&Answer::Plan(PlanAnswer {
                plan: shown.plan,
                fold: Fold::Nothing,
                saved: None,
                next: Vec::new(),
                digest: None,
            }))
        }
        PlanFormat::Json => {
            let text = lz_plan::file::save(shown.plan).map_err(std::io::Error::from)?;
            context.raw(&safe::json(&text))
        }
        PlanFormat::Markdown => {
            let how = Comment {
                longest: review.max_chars,
                link: review.link.as_deref(),
                since: former.as_ref(),
                next: &next,
            };
            let map = Map::of(shown.plan, shown.outline);
            context.raw(&comment(shown.plan, &map, &how))
        }
        PlanFormat::Html => {
            let map = Map::of(shown.plan, shown.outline);
            context.raw(&html::page(shown.plan, &map, former.as_ref(), &next))
        }
    }
}

/// Refuses options that the format would leave without effect.
///
/// # Errors
/// Names the option.
pub(super) fn check(format: PlanFormat, review: &Review) -> Result<(), Failure> {
    let given = [
        (
            "--max-chars",
            review.max_chars.is_some(),
            format == PlanFormat::Markdown,
        ),
        ("--link", review.link.is_some(), format == PlanFormat::Markdown),
        (
            "--since",
            review.since.is_some(),
            matches!(format, PlanFormat::Markdown | PlanFormat::Html),
        ),
    ];
    let idle = given.into_iter().find(|(_, given, takes)| *given && !takes);
    match idle {
        Some((option, ..)) => Err(usage(
            format!("`{option}` has no effect on this format"),
            "add `--format markdown`, or leave the option out",
        )),
        None => Ok(()),
    }
}

/// Refuses formats of findings: a saved plan does not know the lines of its spec any more.
///
/// # Errors
/// Names the command that has them.
pub(super) fn check_saved(format: PlanFormat) -> Result<(), Failure> {
    match format.findings() {
        Some(_) => Err(usage(
            "findings are told of a spec, not of a saved plan".to_owned(),
            "use `lz plan --format`, or `lz validate --format`",
        )),
        None => Ok(()),
    }
}

/// Refuses to show an organization in a format of plans.
///
/// # Errors
/// Says what can be shown.
pub(super) fn check_tree(format: PlanFormat, from: &Path) -> Result<(), Failure> {
    match format {
        PlanFormat::Human => Ok(()),
        PlanFormat::Json
        | PlanFormat::Markdown
        | PlanFormat::Html
        | PlanFormat::Sarif
        | PlanFormat::Github
        | PlanFormat::Gitlab => Err(usage(
            format!(
                "`{}` is no saved plan, and `--format` is for plans",
                from.display()
            ),
            "name a file that `lz plan --out` wrote; for the organization as JSON use `--json`",
        )),
    }
}

fn usage(message: String, help: &str) -> Failure {
    Failure::of(Exit::Error, Problem::new("lz::cli::format", message).help(help))
}

fn former(file: &Path, plan: &Plan) -> Result<Plan, Failure> {
    let former = Saved::read(file)?.plan;
    if former.zone == plan.zone {
        return Ok(former);
    }
    let message = format!(
        "`{}` is a plan of the landing zone `{}`, not of `{}`",
        file.display(),
        former.zone,
        plan.zone
    );
    Err(Failure::of(
        Exit::Error,
        Problem::new("lz::cli::other_zone", message).help("name a plan of this landing zone with `--since`"),
    ))
}
