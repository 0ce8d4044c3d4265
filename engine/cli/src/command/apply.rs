//! `lz apply`: makes the changes.

use crate::answer::{Answer, AppliedAnswer, Fold, PlanAnswer};
use crate::args::{Apply as Args, Target};
use crate::consent::{self, Given, Missing};
use crate::context::Context;
use crate::engine;
use crate::exit::Exit;
use crate::gatekeeper::{self, Gatekeeper};
use crate::next::{self, Repeat};
use crate::problem::Failure;
use crate::report::Report;
use crate::saved::Saved;
use crate::session::Session;
use crate::spec;
use crate::term;
use lz_model::plan::Plan;
use lz_plan::approve::{ApprovedPlan, Consent, approve};
use std::path::PathBuf;

/// Plans, asks, carries out and reports.
///
/// # Errors
/// Whatever keeps the plan from being made or agreed to. What fails afterwards is in the report.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let source = Source::of(context, args)?;
    let desired = spec::load(context, &source.directory)?;
    let session = Session::open(
        context,
        &source.target,
        &source.directory,
        Some(&desired),
        args.records.clone(),
    )?;
    let ended = agreed(context, args, &source, &session, &desired).and_then(|plan| match plan {
        None => Ok(Exit::Done),
        Some(plan) => carry_out(context, args, &source, &session, &plan),
    });
    session.close()?;
    ended
}

/// What is applied, and to what.
struct Source {
    directory: PathBuf,
    saved: Option<Plan>,
    target: Target,
}

impl Source {
    fn of(context: &Context<'_>, args: &Args) -> Result<Self, Failure> {
        if !args.from.is_file() {
            return Ok(Self {
                directory: args.from.clone(),
                saved: None,
                target: context.global.target(),
            });
        }
        let saved = Saved::read(&args.from)?;
        let asked = context.global.asked_target();
        let twin = saved.twin.map(|file| Target::Twin(Some(file)));
        Ok(Self {
            directory: saved.directory.unwrap_or_else(|| PathBuf::from(".")),
            saved: Some(saved.plan),
            target: asked.or(twin).unwrap_or(Target::Aws),
        })
    }
}

/// Returns the plan once it is agreed to; `None` if there is nothing to do.
fn agreed(
    context: &Context<'_>,
    args: &Args,
    source: &Source,
    session: &Session<'_>,
    desired: &lz_model::desired::Desired,
) -> Result<Option<ApprovedPlan>, Failure> {
    let planned = session.plan(desired)?;
    let plan = match &source.saved {
        Some(saved) => engine::remaining(saved, planned.plan, desired, &planned.live)?,
        None => planned.plan,
    };
    let fold = Fold::unless(args.all);
    context.answer(&Answer::Plan(PlanAnswer {
        plan: &plan,
        fold,
        saved: None,
        next: Vec::new(),
    }))?;
    if plan.is_empty() {
        return Ok(None);
    }
    ask(context, args, session, &plan)?;
    let checked = engine::check(plan)?;
    approve(checked, Consent::StepsAndUnsafeMoments)
        .map(Some)
        .map_err(engine::not_approved)
}

fn ask(context: &Context<'_>, args: &Args, session: &Session<'_>, plan: &Plan) -> Result<(), Failure> {
    let given = if args.auto_approve {
        Given::Approval(&args.accept)
    } else {
        Given::Nothing
    };
    let refusal = match consent::missing(plan, session.world(), given) {
        Missing::Nothing => return Ok(()),
        Missing::Words(problem) => *problem,
        Missing::Answer(question) => match session.ask(question)? {
            term::Answer::Yes => return Ok(()),
            term::Answer::No => consent::declined(),
            term::Answer::Nobody => consent::nobody(&next::command(
                context.global,
                "apply",
                &args.from,
                Repeat::SavedTwin,
            )),
        },
    };
    Err(Failure::of(Exit::ConsentMissing, refusal))
}

fn carry_out(
    context: &Context<'_>,
    args: &Args,
    source: &Source,
    session: &Session<'_>,
    plan: &ApprovedPlan,
) -> Result<Exit, Failure> {
    let gates = Gatekeeper {
        world: session.world(),
        accepted: args.accept.iter().any(|code| code == gatekeeper::ACCEPT),
        directory: source.directory.clone(),
        terminal: context.terminal.clone(),
    };
    let report = session.apply(plan, &gates)?;
    let repeat = if source.saved.is_some() {
        Repeat::SavedTwin
    } else {
        Repeat::Always
    };
    let answer = AppliedAnswer {
        plan: plan.plan(),
        report: &report,
        fold: Fold::unless(args.all),
        next: next::command(context.global, "apply", &args.from, repeat),
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
