//! The spec of a git revision, planned on the same organization as the branch's.

use crate::context::Context;
use crate::problem::{Failure, Level, Problem};
use crate::revision::Revision;
use crate::session::{Planned, Session};
use crate::{engine, spec};
use lz_model::desired::Desired;
use std::path::Path;

/// The spec as a git revision has it.
pub(crate) struct Spec {
    name: String,
    revision: Revision,
    desired: Desired,
}

impl Spec {
    /// Returns the spec of a directory as a revision has it. The working tree and git's index stay as they are.
    ///
    /// # Errors
    /// There is no such revision, or the spec is wrong there.
    pub(crate) fn load(context: &Context<'_>, directory: &Path, name: &str) -> Result<Self, Failure> {
        let revision = Revision::open(directory, name).map_err(|failure| of_base(failure, name))?;
        let desired =
            spec::load_quietly(context, &revision.directory).map_err(|failure| wrong(failure, &revision))?;
        Ok(Self {
            name: name.to_owned(),
            revision,
            desired,
        })
    }

    /// Returns the plan of the branch's spec with each step's side. The organization is read once, for both specs.
    ///
    /// # Errors
    /// As [`Session::plan`]; and if there is no plan of the base.
    pub(crate) fn plan(&self, session: &Session<'_>, desired: &Desired) -> Result<Planned, Failure> {
        let planned = session.plan_beside(desired, &self.desired)?;
        let base =
            engine::plan(&self.desired, &planned.live).map_err(|failure| wrong(failure, &self.revision))?;
        let plan = lz_plan::compare::against(
            &base,
            planned.plan,
            &self.name,
            &self.revision.commit,
            &self.revision.subject,
        );
        Ok(Planned { plan, ..planned })
    }
}

/// Help of git's errors names the option of this command.
fn of_base(mut failure: Failure, name: &str) -> Failure {
    for problem in &mut failure.problems {
        if let Some(help) = &mut problem.help {
            *help = help.replace("`--to`", "`--base`");
        }
        problem.message = format!("the base `{name}`: {}", problem.message);
    }
    failure
}

/// Names files as git does, and says at the end whose problems these are.
fn wrong(mut failure: Failure, revision: &Revision) -> Failure {
    for problem in &mut failure.problems {
        if let Some(place) = &problem.place {
            problem.is_in(&revision.file(&place.file));
        }
    }
    let message = format!("this is about the base, {}", revision.in_words());
    let advice = "plan without `--base`, or name a revision whose spec can be planned";
    failure.problems.push(Problem {
        level: Level::Advice,
        ..Problem::new("lz::cli::base", message).help(advice)
    });
    failure
}
