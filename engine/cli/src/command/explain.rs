//! `lz explain`: where an account or an OU stands, and why the steps of an object are where they are.

use super::iam;
use crate::answer::{Answer, Fold};
use crate::args::{Explain as Args, Records};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use crate::session::Session;
use crate::standing::{Basis, Standing};
use crate::{engine, saved, spec};
use lz_model::address::Address;
use lz_model::desired::Desired;
use lz_model::live::LiveOrganization;
use lz_model::plan::Plan;
use lz_plan::future::Future;
use lz_plan::standing;
use std::path::Path;

/// Explains.
///
/// # Errors
/// What keeps the spec or the plan from being read, or an address that neither knows.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let written = args.address.as_deref().unwrap_or(".");
    if let Some(role) = args.iam {
        return iam::run(context, role, Path::new(written));
    }
    let address: Address = written
        .parse()
        .map_err(|error: lz_model::address::AddressError| {
            Failure::of(Exit::Error, Problem::new("lz::cli::address", error.to_string()))
        })?;
    let stands = matches!(address, Address::Account(_) | Address::Ou(_) | Address::Root);
    if args.offline && !stands {
        let message = format!("`{address}` cannot be explained from the spec alone");
        let problem = Problem::new("lz::cli::offline", message);
        return Err(Failure::of(
            Exit::Error,
            problem.help("leave --offline out, or name an account or an OU"),
        ));
    }
    if stands && !args.from.is_file() {
        return standing_of(context, args, &address);
    }
    let plan = saved::plan_of(context, &args.from)?;
    if !touches(&plan, &address) {
        let problem = Problem::new(
            "lz::cli::not_in_plan",
            format!("the plan does not touch `{address}`"),
        );
        return Err(Failure::of(
            Exit::Error,
            problem.help("`lz plan --all` lists what it touches"),
        ));
    }
    context.answer(&Answer::Explained(&plan, &address, Fold::unless(args.all)))?;
    Ok(Exit::Done)
}

fn touches(plan: &Plan, address: &Address) -> bool {
    plan.steps.iter().any(|step| step.address == *address)
}

/// Explains where an account or an OU stands.
fn standing_of(context: &Context<'_>, args: &Args, address: &Address) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.from)?;
    let (live, plan) = if args.offline {
        (None, None)
    } else {
        let target = context.global.target();
        let session = Session::open(context, &target, &args.from, Some(&desired), Records::default())?;
        let (live, plan) = session.plan_with_all_texts(&desired)?;
        (live.organization, Some(plan))
    };
    let expanded = engine::expand(&desired, live.as_ref())?;
    let (basis, plan) = match plan {
        None => (Basis::Spec, None),
        Some(Ok(plan)) if plan.is_empty() => (Basis::Organization, None),
        Some(Ok(plan)) => (Basis::Plan, Some(plan)),
        Some(Err(_)) => (Basis::OrganizationAsItIs, None),
    };
    let future = future(&expanded, live.as_ref(), plan.as_ref());
    let Some(found) = standing::of(&expanded, &future, live.as_ref(), address) else {
        let message = format!("the spec does not declare `{address}`");
        let problem = Problem::new("lz::cli::not_declared", message);
        return Err(Failure::of(
            Exit::Error,
            problem.help("`lz graph --spec` draws what it declares"),
        ));
    };
    let zone = &expanded.zone.name;
    let standing = Standing::of(zone, address, expanded.origin(address), basis, found);
    let plan = plan.as_ref().filter(|plan| touches(plan, address));
    context.answer(&Answer::Standing(&standing, plan, Fold::unless(args.all)))?;
    Ok(Exit::Done)
}

/// Returns the organization as the spec or the plan leaves it.
fn future(desired: &Desired, live: Option<&LiveOrganization>, plan: Option<&Plan>) -> Future {
    match live {
        Some(live) => Future::after(desired, live, plan.map_or(&[], |plan| plan.steps.as_slice())),
        None => Future::of_spec(desired),
    }
}
