//! `lz explain --iam`: the least rights that a role needs.

use crate::answer::Answer;
use crate::args::IamRole;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Level, Problem};
use crate::spec;
use lz_plan::rights::{self, Feature, Role};
use serde_json::Value;
use std::path::Path;

/// Prints the policy of a role; a list of policies where one would be longer than IAM takes.
///
/// # Errors
/// What is wrong with the spec.
pub(super) fn run(context: &Context<'_>, role: IamRole, directory: &Path) -> Result<Exit, Failure> {
    let desired = spec::load(context, directory)?;
    let role = match role {
        IamRole::Plan => Role::Plan,
        IamRole::Apply => Role::Apply,
    };
    let policies = rights::policies(&desired, role);
    let features = rights::features(&desired);
    let mut notes = Vec::new();
    if role == Role::Apply && features.contains(&Feature::Stacks) {
        notes.push(told(
            "what the templates of `stack` blocks create needs rights of its own",
            "CloudFormation works with the rights of the caller there",
        ));
    }
    if role == Role::Apply && features.contains(&Feature::LandingZone) {
        notes.push(told(
            "setting up Control Tower needs more rights, which AWS lists",
            "Control Tower User Guide, \"Prerequisite: Automated pre-launch checks for your management account\"",
        ));
    }
    if desired.zone.management_account.is_none() {
        notes.push(told(
            "the policy names no account, because the spec does not",
            "add `management_account` to the landing zone",
        ));
    }
    if policies.len() > 1 {
        notes.push(told(
            &format!(
                "one policy would be too long for IAM; these are {}, attach all of them",
                policies.len()
            ),
            "a role takes 10 managed policies",
        ));
    }
    if !notes.is_empty() {
        context.warn(&notes)?;
    }
    let printed = match policies.as_slice() {
        [one] => format!("{one:#}\n"),
        several => format!("{:#}\n", Value::from(several)),
    };
    context.answer(&Answer::Text(&printed))?;
    Ok(Exit::Done)
}

fn told(message: &str, help: &str) -> Problem {
    Problem {
        level: Level::Advice,
        ..Problem::new("lz::cli::rights", message).help(help)
    }
}
