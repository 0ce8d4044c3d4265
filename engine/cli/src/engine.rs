//! The engine's calls in the order in which every command needs them, its errors as problems.

use crate::exit::Exit;
use crate::problem::{Failure, Place, Problem};
use crate::watch::Watch;
use lz_model::address::Address;
use lz_model::date::Date;
use lz_model::desired::{Desired, Origin};
use lz_model::live::{Live, LiveOrganization};
use lz_model::plan::Plan;
use lz_plan::check::CheckedPlan;
use lz_provider::{Declared, Kind, Provider, ProviderError, Scope, ServiceScope, StackScope, Texts};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

/// Returns the organization as far as a plan of this spec needs it, once nothing of an earlier run goes on.
///
/// # Errors
/// AWS refused, or cannot be reached.
pub(crate) async fn read<P: Provider>(
    provider: &P,
    desired: &Desired,
    watch: &Watch<'_>,
) -> Result<Live, Failure> {
    let scope = Scope::of(desired);
    lz_apply::read(provider, &scope, watch).await.map_err(refused)
}

/// Returns the organization as far as plans of both specs need it, in one read.
///
/// # Errors
/// AWS refused, or cannot be reached.
pub(crate) async fn read_for_both<P: Provider>(
    provider: &P,
    desired: &Desired,
    base: &Desired,
    watch: &Watch<'_>,
) -> Result<Live, Failure> {
    let scope = Scope::of(desired).and(Scope::of(base));
    lz_apply::read(provider, &scope, watch).await.map_err(refused)
}

/// Returns the organization as far as a plan of this spec needs it, with every policy document.
///
/// # Errors
/// AWS refused, or cannot be reached.
pub(crate) async fn read_all_texts<P: Provider>(
    provider: &P,
    desired: &Desired,
    watch: &Watch<'_>,
) -> Result<Live, Failure> {
    let scope = Scope {
        texts: Texts::All,
        ..Scope::of(desired)
    };
    lz_apply::read(provider, &scope, watch).await.map_err(refused)
}

/// Returns the organization without any policy document.
///
/// # Errors
/// AWS refused, or cannot be reached.
pub(crate) async fn look<P: Provider>(provider: &P, watch: &Watch<'_>) -> Result<Live, Failure> {
    let texts = Texts::Of {
        zone: String::new(),
        names: BTreeSet::new(),
        ids: BTreeSet::new(),
    };
    let scope = Scope {
        texts,
        policy_types: BTreeSet::new(),
        declared: Declared::default(),
        stacks: StackScope::default(),
        services: ServiceScope::default(),
        tower: None,
        identity: None,
        settings: Vec::new(),
    };
    provider.read(&scope, watch).await.map_err(refused)
}

/// Returns the plan.
///
/// # Errors
/// No plan may be made, with every reason.
pub(crate) fn plan(desired: &Desired, live: &Live) -> Result<Plan, Failure> {
    lz_plan::plan(desired, live).map_err(refused_plan)
}

/// Adds what is to be said about the last days of accounts.
pub(crate) fn note_expiry(plan: &mut Plan, desired: &Desired, live: &Live, today: Date) {
    let notes = lz_plan::expiry::notes(desired, live.organization.as_ref(), today);
    plan.notes.extend(notes);
    plan.notes
        .sort_by(|a, b| (std::cmp::Reverse(a.severity), a).cmp(&(std::cmp::Reverse(b.severity), b)));
}

/// Refuses what AWS does not allow yet; `now` is AWS's clock, in seconds since 1970 UTC.
///
/// # Errors
/// The plan releases an account that must wait.
pub(crate) fn check_waits(plan: &Plan, desired: &Desired, live: &Live, now: f64) -> Result<(), Failure> {
    let now = Duration::try_from_secs_f64(now).unwrap_or_default().as_secs();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    lz_plan::waiting::check(desired, live.organization.as_ref(), plan, now).map_err(refused_plan)
}

/// Returns the plan of one object alone.
///
/// # Errors
/// No plan may be made, with every reason.
pub(crate) fn plan_only(desired: &Desired, live: &Live, address: &Address) -> Result<Plan, Failure> {
    lz_plan::only(desired, live, address).map_err(refused_plan)
}

/// Returns the spec with policies in place of its packs.
///
/// # Errors
/// Guardrails that cannot be packed.
pub(crate) fn expand<'d>(
    desired: &'d Desired,
    live: Option<&LiveOrganization>,
) -> Result<Cow<'d, Desired>, Failure> {
    lz_plan::packs::expand(desired, live).map_err(refused_plan)
}

fn refused_plan(refusal: lz_plan::Refusal) -> Failure {
    Failure {
        exit: Exit::PlanRefused,
        problems: refusal.problems.into_iter().map(refused_by_plan).collect(),
    }
}

/// Returns the failure of work that is no plan.
pub(crate) fn refused_failure(failure: &lz_apply::Failure) -> Failure {
    let problem = Problem::new("lz::aws::refused", failure.to_string()).help(failure.help());
    Failure::of(Exit::AwsRefused, problem)
}

/// Returns what is left of a saved plan.
///
/// # Errors
/// The plan is stale; the changed parts are named.
pub(crate) fn remaining(saved: &Plan, fresh: Plan, desired: &Desired, live: &Live) -> Result<Plan, Failure> {
    lz_plan::file::remaining(saved, fresh, desired, live).map_err(|stale| {
        let problem = |part: String| {
            let message = format!("the plan is stale: {part}");
            Problem::new("lz::plan::stale", message)
        };
        let mut problems: Vec<Problem> = stale.parts.into_iter().map(problem).collect();
        if let Some(last) = problems.last_mut() {
            last.help = Some("run `lz plan` again and have the new plan reviewed".to_owned());
        }
        Failure {
            exit: Exit::PlanStale,
            problems,
        }
    })
}

/// Returns the plan as checked.
///
/// # Errors
/// An invariant does not hold: a bug in lz.
pub(crate) fn check(plan: Plan) -> Result<CheckedPlan, Failure> {
    lz_plan::check::check(plan).map_err(|error| {
        let problem = Problem::new("lz::plan::bug", error.to_string());
        Failure::of(
            Exit::Bug,
            problem.help("this is a bug in lz; please report it with this message"),
        )
    })
}

/// Returns the failure that a plan needs consent that nobody asked for.
pub(crate) fn not_approved(error: lz_plan::approve::NeedsConsent) -> Failure {
    Failure::of(
        Exit::ConsentMissing,
        Problem::new("lz::plan::consent", error.to_string()),
    )
}

fn refused_by_plan(problem: lz_plan::Problem) -> Problem {
    let place = |origin: Origin| Place {
        file: origin.file,
        line: origin.line,
        column: origin.column,
    };
    Problem {
        address: problem.address.map(|address| address.to_string()),
        place: problem.origin.map(place),
        ..Problem::new(&format!("lz::plan::{}", problem.code), problem.text).help(problem.help)
    }
}

/// Returns the failure to read AWS.
pub(crate) fn refused(error: ProviderError) -> Failure {
    let help = match error.kind {
        Kind::Denied => {
            "check whose credentials these are (`aws sts get-caller-identity`) and that they may read"
        }
        Kind::Throttled | Kind::Unavailable | Kind::Conflict => "try again in a few minutes",
        Kind::OutcomeUnknown => "check the network, the credentials and the endpoint",
        Kind::NotFound | Kind::AlreadySo | Kind::Incomplete => {
            "somebody changed the organization meanwhile; try again"
        }
        Kind::Invalid | Kind::LimitReached => "check the target and the credentials",
        Kind::Bug => "this is a bug in lz; please report it with this message",
    };
    let exit = if error.kind == Kind::Bug {
        Exit::Bug
    } else {
        Exit::AwsRefused
    };
    let mut message = error.to_string();
    if let Some(id) = &error.request_id {
        message.push_str(&format!(" (request {id})"));
    }
    Failure::of(exit, Problem::new("lz::aws::refused", message).help(help))
}
