//! From a plan to its report: asks, approves, carries out. Whatever changes the world goes this way.

use crate::answer::{Answer, AppliedAnswer, Fold};
use crate::consent::{self, Given, Missing};
use crate::context::Context;
use crate::engine;
use crate::exit::Exit;
use crate::gatekeeper::{self, Gatekeeper};
use crate::problem::Failure;
use crate::report::Report;
use crate::run::Run;
use crate::session::Session;
use crate::term;
use lz_model::plan::Plan;
use lz_plan::approve::{ApprovedPlan, Consent, approve};
use std::path::Path;

/// What the command line says about carrying out a plan.
pub(super) struct Orders<'a> {
    /// Whether nobody is to be asked.
    pub(super) auto_approve: bool,
    /// The codes of less safe moments that are agreed to.
    pub(super) accept: &'a [String],
    /// Whether nothing is folded in the report.
    pub(super) all: bool,
    /// The spec's directory.
    pub(super) directory: &'a Path,
    /// The command to type where nobody can be asked.
    pub(super) unasked: String,
    /// The command that goes on after an incomplete run.
    pub(super) again: String,
}

/// Returns the plan once it is agreed to.
///
/// # Errors
/// Somebody said no, or nobody could be asked.
pub(super) fn agree(session: &Session<'_>, plan: Plan, orders: &Orders<'_>) -> Result<ApprovedPlan, Failure> {
    let given = if orders.auto_approve {
        Given::Approval(orders.accept)
    } else {
        Given::Nothing
    };
    let refusal = match consent::missing(&plan, session.world(), given) {
        Missing::Nothing => return approved(plan),
        Missing::Words(problem) => *problem,
        Missing::Answer(question) => match session.ask(question)? {
            term::Answer::Yes => return approved(plan),
            term::Answer::No => consent::declined(),
            term::Answer::Nobody => consent::nobody(&orders.unasked),
        },
    };
    Err(Failure::of(Exit::ConsentMissing, refusal))
}

fn approved(plan: Plan) -> Result<ApprovedPlan, Failure> {
    let checked = engine::check(plan)?;
    approve(checked, Consent::StepsAndUnsafeMoments).map_err(engine::not_approved)
}

/// Carries the plan out, shows the report and returns how the process ends.
///
/// # Errors
/// A file cannot be written. What AWS refuses is in the report.
pub(super) fn carry_out(
    context: &Context<'_>,
    session: &Session<'_>,
    run: &Run,
    plan: &ApprovedPlan,
    orders: Orders<'_>,
) -> Result<Exit, Failure> {
    run.begins(session, plan.plan())?;
    let gates = Gatekeeper {
        world: session.world(),
        accepted: orders.accept.iter().any(|code| code == gatekeeper::ACCEPT),
        directory: orders.directory.to_owned(),
        terminal: context.terminal.clone(),
    };
    let report = session.apply(plan, &gates, run.lock())?;
    run.reported(&report);
    let answer = AppliedAnswer {
        plan: plan.plan(),
        report: &report,
        fold: Fold::unless(orders.all),
        next: orders.again,
    };
    context.answer(&Answer::Applied(answer))?;
    Ok(exit(&report))
}

fn exit(report: &Report) -> Exit {
    match (report.is_complete(), report.interrupted) {
        (true, _) => Exit::Done,
        (false, true) => Exit::Interrupted,
        (false, false) => Exit::ApplyIncomplete,
    }
}
