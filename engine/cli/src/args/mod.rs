//! The command line. Definitions and help only.

mod cli;
mod global;
mod options;
mod policy;
mod root;
mod run;
#[cfg(test)]
mod tests;
mod twin;

pub(crate) use cli::{Cli, Command};
pub(crate) use global::{ColorChoice, Global, Target};
pub(crate) use options::{
    Apply, Completions, Dir, Drift, Explain, Fmt, Graph, GraphFormat, IamRole, Init, Plan, PlanFormat,
    Records, Rollback, Schema, SchemaKind, Show, Test,
};
pub(crate) use policy::{Diff, Lint, Pack, Policy, PolicyCommand};
pub(crate) use root::{Root, RootAudit, RootCommand, RootRemove};
pub(crate) use run::{History, Unlock};
pub(crate) use twin::{Serve, Twin, TwinCommand};
