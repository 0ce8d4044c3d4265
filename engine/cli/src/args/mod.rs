//! The command line. Definitions and help only.

mod cli;
mod findings;
mod global;
mod options;
mod policy;
#[cfg(test)]
mod reference;
mod review;
mod root;
mod run;
#[cfg(test)]
mod tests;
mod twin;
mod vend;

pub(crate) use cli::{Cli, Command};
pub(crate) use findings::{FindingsFormat, Validate};
pub(crate) use global::{ColorChoice, EndpointUrl, Global, Target, Variable};
pub(crate) use options::{
    Apply, Completions, Drift, Explain, Fmt, Graph, GraphFormat, IamRole, Init, Man, Plan, PlanFormat,
    Records, Rollback, Schema, SchemaKind, Show, Test,
};
pub(crate) use policy::{Diff, Lint, Pack, Policy, PolicyCommand};
pub(crate) use review::Review;
pub(crate) use root::{Root, RootAudit, RootCommand, RootRemove};
pub(crate) use run::{History, Unlock};
pub(crate) use twin::{Serve, Twin, TwinCommand};
pub(crate) use vend::{Output, Vend};
