//! From what was typed to the command that does it.

use super::{
    apply, completions, drift, explain, fmt, graph, history, init, later, man, output, plan, policy,
    rollback, root, schema, show, test, twin, unlock, validate, vend,
};
use crate::args::Command;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;

/// Runs a command and returns how the process ends.
///
/// # Errors
/// Whatever keeps the command from succeeding.
pub(crate) fn run(context: &Context<'_>, command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Schema(args) => schema::run(context, args),
        Command::Completions(args) => completions::run(context, args),
        Command::Man(args) => man::run(context, args),
        Command::Init(args) => init::run(context, args),
        Command::Validate(args) => validate::run(context, args),
        Command::Fmt(args) => fmt::run(context, args),
        Command::Plan(args) => plan::run(context, args),
        Command::Apply(args) => apply::run(context, args),
        Command::Drift(args) => drift::run(context, args),
        Command::Show(args) => show::run(context, args),
        Command::Graph(args) => graph::run(context, args),
        Command::Explain(args) => explain::run(context, args),
        Command::Policy(args) => policy::run(context, args),
        Command::Twin(args) => twin::run(context, args),
        Command::Test(args) => test::run(context, args),
        Command::Import(_) => later::run("import"),
        Command::Convert(_) => later::run("convert"),
        Command::Vend(args) => vend::run(context, args),
        Command::Output(args) => output::run(context, args),
        Command::Rehearse(_) => later::run("rehearse"),
        Command::Rollback(args) => rollback::run(context, args),
        Command::Root(args) => root::run(context, args),
        Command::Unlock(args) => unlock::run(context, args),
        Command::History(args) => history::run(context, args),
    }
}
