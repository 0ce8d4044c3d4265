//! `lz unlock`: takes the lock of a run that died away.

use crate::answer::{Answer, LockState};
use crate::args::{Records, Unlock as Args};
use crate::consent::{self, World};
use crate::context::Context;
use crate::exit::Exit;
use crate::next::{self, Repeat};
use crate::problem::{Failure, Problem};
use crate::render::run::unlock_question;
use crate::run::{self, Holder};
use crate::session::Session;
use crate::{measure, spec, term};
use lz_model::desired::ObjectPlace;
use std::path::Path;

/// Shows who holds the lock, asks, and takes it away.
///
/// # Errors
/// Nobody agreed, the lock is another one, or AWS refused.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let desired = spec::load(context, &args.dir)?;
    let Some(place) = &desired.pipeline.lock else {
        return beside(context, &args.dir);
    };
    let target = context.global.target();
    let session = Session::open(context, &target, &args.dir, Some(&desired), Records::default())?;
    let found = run::look_at_remote(&session, place)?;
    let mut state = LockState {
        place: place.to_string(),
        holder: None,
        age_seconds: None,
        removed: false,
    };
    let Some((holder, etag)) = found else {
        context.answer(&Answer::Lock(&state))?;
        return Ok(Exit::Done);
    };
    let age = (session.now() - holder.started_seconds).max(0.0);
    state.age_seconds = Some(measure::rounded(age));
    state.holder = Some(holder.clone());
    agree(context, args, &session, place, &holder, &state)?;
    run::break_lock(&session, place, &etag)?;
    state.removed = true;
    context.answer(&Answer::Lock(&state))?;
    Ok(Exit::Done)
}

fn agree(
    context: &Context<'_>,
    args: &Args,
    session: &Session<'_>,
    place: &ObjectPlace,
    holder: &Holder,
    state: &LockState,
) -> Result<(), Failure> {
    if let Some(id) = &args.force {
        if *id == holder.id {
            return Ok(());
        }
        let message = format!(
            "the lock {place} is `{}` of {}, not `{id}`",
            holder.id,
            holder.in_words()
        );
        let problem = Problem::new("lz::cli::lock_changed", message);
        let help = "another run has it by now; look at it with `lz unlock`";
        return Err(Failure::of(Exit::Error, problem.help(help)));
    }
    if session.world() == World::Twin {
        return Ok(());
    }
    context.answer(&Answer::Lock(state))?;
    let refusal = match session.ask(unlock_question(holder))? {
        term::Answer::Yes => return Ok(()),
        term::Answer::No => consent::declined(),
        term::Answer::Nobody => Problem::new(
            "lz::cli::consent_missing",
            "this takes the lock of another run away, and there is no terminal to ask on",
        )
        .help(format!(
            "make sure that the run has ended, then: {} --force {}",
            next::command(context.global, "unlock", &args.dir, Repeat::Always),
            holder.id
        )),
    };
    Err(Failure::of(Exit::ConsentMissing, refusal))
}

/// The lock beside a spec goes with its process; it can only be looked at.
fn beside(context: &Context<'_>, directory: &Path) -> Result<Exit, Failure> {
    let Some(holder) = run::look_at_local(directory) else {
        context.answer(&Answer::Lock(&LockState {
            place: run::local_path(directory).to_string_lossy().into_owned(),
            holder: None,
            age_seconds: None,
            removed: false,
        }))?;
        return Ok(Exit::Done);
    };
    let (message, help) = if holder.is_unknown() {
        let message = "a run on this machine holds the lock beside the spec, and has not said yet which";
        (
            message.to_owned(),
            "it goes with its process: look again in a moment".to_owned(),
        )
    } else {
        let message = format!(
            "`{}` of {} runs on this machine and holds the lock beside the spec",
            holder.command,
            holder.in_words()
        );
        let help = format!(
            "the lock goes with process {}; wait for it, or stop it with Ctrl-C",
            holder.pid
        );
        (message, help)
    };
    let problem = Problem::new("lz::cli::locked", message);
    Err(Failure::of(Exit::Locked, problem.help(help)))
}
