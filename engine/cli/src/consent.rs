//! Whether a plan may be carried out: on the twin always, elsewhere after a `yes`.

use crate::problem::Problem;
use crate::render::page::{Line, Role};
use crate::render::plan::ends;
use crate::render::words;
use lz_model::plan::{Note, Plan, Severity};
use std::collections::BTreeSet;

/// What a plan would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum World {
    /// The embedded twin.
    Twin,
    /// Anything else: AWS, or something at a URL.
    Real,
}

/// What the command line agrees to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Given<'a> {
    /// Nothing: somebody is asked.
    Nothing,
    /// The plan, and the less safe moments with these codes.
    Approval(&'a [String]),
}

/// What is missing before a plan may be carried out.
#[derive(Debug)]
pub(crate) enum Missing {
    /// Nothing.
    Nothing,
    /// The answer to a question.
    Answer(Line),
    /// Words on the command line.
    Words(Box<Problem>),
}

/// Returns what is missing before the plan may be carried out.
pub(crate) fn missing(plan: &Plan, world: World, given: Given<'_>) -> Missing {
    match (world, given) {
        (World::Twin, _) => Missing::Nothing,
        (World::Real, Given::Nothing) => Missing::Answer(question(plan)),
        (World::Real, Given::Approval(accepted)) => {
            let open: BTreeSet<&str> = unsafe_moments(plan)
                .map(|note| note.code.as_str())
                .filter(|code| !accepted.iter().any(|accepted| accepted == code))
                .collect();
            if open.is_empty() {
                Missing::Nothing
            } else {
                Missing::Words(Box::new(not_accepted(&open)))
            }
        }
    }
}

fn unsafe_moments(plan: &Plan) -> impl Iterator<Item = &Note> {
    plan.notes
        .iter()
        .filter(|note| note.severity == Severity::Consent)
}

fn question(plan: &Plan) -> Line {
    let mut line = Line::of(
        Role::Strong,
        format!("Apply {}", words::count(plan.steps.len(), "step")),
    );
    line = match &plan.organization {
        Some(id) => line.plain(" to ").with(Role::Id, id.as_str()),
        None => line.plain(" in a new organization"),
    };
    line = line
        .plain(" of ")
        .with(Role::Id, plan.management_account.as_str());
    let irreversible = ends(plan).count();
    if irreversible > 0 {
        line = line
            .plain(", ")
            .with(Role::Irreversible, format!("{irreversible} of them irreversible"));
    }
    let moments = unsafe_moments(plan).count();
    if moments > 0 {
        let words = format!("{} where guards are down", words::count(moments, "moment"));
        line = line.plain(", with ").with(Role::Irreversible, words);
    }
    line.plain("? Only `yes` applies:")
}

fn not_accepted(open: &BTreeSet<&str>) -> Problem {
    let options: Vec<String> = open.iter().map(|code| format!("--accept {code}")).collect();
    let codes: Vec<String> = open.iter().map(|code| format!("`{code}`")).collect();
    Problem::new(
        "lz::cli::consent_missing",
        format!("the plan has moments that need consent: {}", words::list(&codes)),
    )
    .help(format!(
        "after reading the plan's notes, add {}",
        options.join(" ")
    ))
}

/// Returns the problem that nobody is there to answer.
pub(crate) fn nobody(command: &str) -> Problem {
    Problem::new(
        "lz::cli::consent_missing",
        "this changes a real organization, and there is no terminal to ask on",
    )
    .help(format!("to apply without a question: {command} --auto-approve"))
}

/// Returns the problem that somebody said no.
pub(crate) fn declined() -> Problem {
    Problem::new(
        "lz::cli::consent_missing",
        "the answer was not `yes`; nothing was changed",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn nothing_is_asked_on_the_twin() {
        let missing = missing(&fixture::everything(), World::Twin, Given::Nothing);
        assert!(matches!(missing, Missing::Nothing));
    }

    #[test]
    fn a_real_organization_is_changed_after_a_question_that_names_it() {
        let Missing::Answer(line) = missing(&fixture::everything(), World::Real, Given::Nothing) else {
            panic!("no question")
        };
        assert_eq!(
            line.to_plain(),
            "Apply 43 steps to o-exampleorgid of 111122223333, 5 of them irreversible, with 1 moment where guards \
             are down? Only `yes` applies:"
        );
    }

    #[test]
    fn a_pipeline_accepts_each_less_safe_moment_by_its_code() {
        let plan = fixture::everything();
        let Missing::Words(problem) = missing(&plan, World::Real, Given::Approval(&[])) else {
            panic!("accepted without words")
        };
        assert!(problem.help.unwrap().contains("--accept unguarded_moment"));
        let accepted = ["unguarded_moment".to_owned()];
        assert!(matches!(
            missing(&plan, World::Real, Given::Approval(&accepted)),
            Missing::Nothing
        ));
    }
}
