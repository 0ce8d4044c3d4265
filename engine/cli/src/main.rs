//! `lz`, the command: arguments in, the engine called, a view out, an exit code.
//!
//! Start with [`args`] (what can be typed) and [`command`] (one module each). A command loads what it needs,
//! calls the engine and hands an [`answer`] or a [`problem`] to a [`view`]. [`render`] turns plans and reports
//! into pages without colour; [`term`] alone prints; [`exit`] lists how a run can end.

mod answer;
mod args;
mod base;
mod cfn_lint;
mod command;
mod consent;
mod context;
mod engine;
mod environment;
mod exit;
#[cfg(test)]
mod fixture;
mod gatekeeper;
mod interrupt;
mod junit;
mod lint;
mod map;
mod measure;
mod next;
mod outputs;
mod policies;
mod problem;
mod record;
mod render;
mod report;
mod revision;
mod root;
mod run;
mod saved;
mod session;
mod spec;
mod standing;
mod term;
mod tested;
mod tree;
mod view;
mod watch;
mod world;

use args::Cli;
use clap::Parser as _;
use exit::Exit;
use std::process::ExitCode;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| term::bug(&panic.to_string())));
    let exit = std::panic::catch_unwind(|| match Cli::try_parse() {
        Ok(cli) => context::run(cli),
        Err(error) => term::usage(&error),
    });
    exit.unwrap_or(Exit::Bug).into()
}
