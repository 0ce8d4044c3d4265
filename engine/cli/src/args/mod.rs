//! The command line. Definitions and help only.

mod cli;
mod global;
mod options;
mod policy;
#[cfg(test)]
mod reference;
mod root;
#[cfg(test)]
mod tests;
mod twin;
mod vend;

pub(crate) use cli::{Cli, Command};
pub(crate) use global::{ColorChoice, Global, Target, Variable};
pub(crate) use options::{
    Apply, Completions, Dir, Drift, Explain, Fmt, Graph, GraphFormat, Init, Man, Plan, PlanFormat, Records,
    Rollback, Schema, SchemaKind, Show, Test,
};
pub(crate) use policy::{Diff, Lint, Pack, Policy, PolicyCommand};
pub(crate) use root::{Root, RootAudit, RootCommand, RootRemove};
pub(crate) use twin::{Serve, Twin, TwinCommand};
pub(crate) use vend::{Output, Vend};
