//! `lz output`: ids, ARNs and roles of the spec's accounts, for whoever asked for one.

use crate::answer::Answer;
use crate::args::{Output as Args, Records};
use crate::context::Context;
use crate::exit::Exit;
use crate::outputs::Outputs;
use crate::problem::{Failure, Problem};
use crate::render::safe;
use crate::session::Session;
use crate::spec;
use lz_model::address::Address;
use lz_model::desired::Desired;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Shows them.
///
/// # Errors
/// The spec is wrong, the address names no account, or AWS refused.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let (address, dir) = told_apart(args);
    let desired = spec::load(context, &dir)?;
    if let Some(address) = address {
        check_address(&desired, address)?;
    }
    let target = context.global.target();
    let session = Session::open(context, &target, &dir, Some(&desired), Records::default())?;
    let live = session.look()?;
    let mut outputs = Outputs::of(&desired, &live, &BTreeSet::new());
    if let Some(address) = address {
        outputs = outputs.only(address);
    }
    if args.document {
        context.raw(&safe::json(&outputs.document()))?;
    } else {
        context.answer(&Answer::Outputs(&outputs))?;
    }
    Ok(Exit::Done)
}

/// `lz output demo` means the directory `demo`: an address has a dot in it.
fn told_apart(args: &Args) -> (Option<&str>, PathBuf) {
    match &args.address {
        Some(word) if args.dir == Path::new(".") && !word.starts_with("account.") => (None, word.into()),
        address => (address.as_deref(), args.dir.clone()),
    }
}

fn check_address(desired: &Desired, address: &str) -> Result<(), Failure> {
    let known = |name: &lz_model::address::Name| Address::Account(name.clone()).to_string() == address;
    if desired.accounts.keys().any(known) {
        return Ok(());
    }
    let problem = Problem::new(
        "lz::cli::unknown_address",
        format!("the spec declares no account `{address}`"),
    );
    Err(Failure::of(
        Exit::Error,
        problem.help("`lz output` without an address lists all of them"),
    ))
}
