//! `lz rollback`: takes one stack set back to what an earlier revision of the spec says, fast.

use super::carry::{self, Orders};
use super::earlier::{self, Earlier};
use crate::answer::{Answer, Fold, PlanAnswer};
use crate::args::Rollback as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::next::{self, Repeat};
use crate::problem::{Failure, Level, Problem};
use crate::revision::Revision;
use crate::run::{Changing, Run, changing};
use crate::session::Session;
use crate::spec;
use lz_model::address::{Address, Name};
use lz_model::desired::{Desired, DesiredStackSet};
use lz_plan::rollback::{self, Waves};
use std::path::Path;

/// Plans the one set, asks, carries out and reports.
///
/// # Errors
/// Whatever keeps the plan from being made or agreed to. What fails afterwards is in the report.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let address = address(&args.address)?;
    let Address::StackSet(name) = &address else {
        return Err(not_a_set(&address.to_string()));
    };
    let whole = spec::load_whole(context, &args.dir)?;
    let Earlier { revision, set } = match &args.to {
        Some(revision) => earlier::named(context, &args.dir, name, revision)?,
        None => earlier::last_other(context, &args.dir, name, &whole)?,
    };
    let spec::Whole {
        mut desired, digest, ..
    } = whole;
    let waves = if args.in_waves { Waves::Kept } else { Waves::AtOnce };
    put_back(&mut desired, name, set, waves)?;
    let what = Changing {
        verb: "rollback",
        target: &context.global.target(),
        directory: &args.dir,
        desired: &desired,
        digest: &digest,
        plan_digest: None,
        records: &args.records,
        patience: args.lock.patience(),
    };
    changing(context, &what, |session, run| {
        carry_out(context, args, session, run, &desired, &address, &revision)
    })
}

fn carry_out(
    context: &Context<'_>,
    args: &Args,
    session: &Session<'_>,
    run: &Run,
    desired: &Desired,
    address: &Address,
    revision: &Revision,
) -> Result<Exit, Failure> {
    let plan = session.plan_only(desired, address)?;
    context.warn(&[told(&format!("{address} goes back to {}", revision.in_words()))])?;
    context.answer(&Answer::Plan(PlanAnswer {
        plan: &plan,
        fold: Fold::unless(args.all),
        saved: None,
        digest: None,
        next: Vec::new(),
    }))?;
    if plan.is_empty() || args.plan_only {
        return Ok(Exit::Done);
    }
    let again = next::command(
        context.global,
        "rollback",
        Path::new(&args.address),
        Repeat::Always,
    );
    let orders = Orders {
        auto_approve: args.auto_approve,
        accept: &args.accept,
        all: args.all,
        directory: &args.dir,
        unasked: again.clone(),
        again,
    };
    let approved = carry::agree(session, plan, &orders)?;
    let exit = carry::carry_out(context, session, run, &approved, orders)?;
    let reminder = "the spec still says what was taken back";
    context.warn(&[told(reminder).help("revert it in git, or the next `lz apply` brings it again")])?;
    Ok(exit)
}

fn told(message: &str) -> Problem {
    Problem {
        level: Level::Warning,
        ..Problem::new("lz::cli::rollback", message)
    }
}

/// Puts the set's earlier declaration into the spec of today, at the widest safe pace.
fn put_back(
    desired: &mut Desired,
    name: &Name,
    mut set: DesiredStackSet,
    waves: Waves,
) -> Result<(), Failure> {
    rollback::widest(&mut set, waves);
    check_targets(desired, name, &set)?;
    desired.stack_sets.insert(name.clone(), set);
    Ok(())
}

/// What the earlier spec deploys to must still be declared: its ids come from the spec of today.
fn check_targets(desired: &Desired, name: &Name, set: &DesiredStackSet) -> Result<(), Failure> {
    let missing = rollback::missing_targets(desired, set);
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<String> = missing.iter().map(|address| format!("`{address}`")).collect();
    Err(failure(
        &format!(
            "stack_set.{name} was deployed to {}, which the spec does not declare any more",
            missing.join(", ")
        ),
        "name a later revision with `--to`, or change the spec and run `lz apply`",
    ))
}

fn address(text: &str) -> Result<Address, Failure> {
    match text.parse() {
        Ok(address @ Address::StackSet(_)) => Ok(address),
        Ok(_) | Err(_) => Err(not_a_set(text)),
    }
}

fn not_a_set(text: &str) -> Failure {
    failure(
        &format!("`{text}` is not the address of a stack set"),
        "name one as `stack_set.detection`; everything else goes back by reverting the spec and applying it",
    )
}

pub(super) fn failure(message: &str, help: &str) -> Failure {
    Failure::of(Exit::Error, Problem::new("lz::cli::rollback", message).help(help))
}
