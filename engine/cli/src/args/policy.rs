//! What `lz policy` takes.

use super::findings::FindingsFormat;
use clap::{Args, Subcommand};
use lz_model::policy_type::PolicyType;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Policy {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Say what looks wrong in policy documents
    ///
    /// Grammar, size, names that do not exist, statements without effect, denials that catch global services or
    /// lock out a role. A directory stands for all `*.json` files below it. Exit code 1 if AWS would refuse a
    /// document or a role is locked out.
    #[command(after_long_help = "\
Examples:
  lz policy lint policies/
  lz policy lint deny.json --role arn:aws:iam::111122223333:role/lz-admin
  lz policy lint tags.json --type tag")]
    Lint(Lint),
    /// Answer requests: allowed or not, and by which statement
    ///
    /// Reads JSON lines on stdin, one request a line, and answers each with a line on stdout, in the same order.
    /// A bad line answers with its `id` and an `error`, and the rest goes on.
    #[command(after_long_help = "\
Examples:
  lz policy eval < questions.jsonl

A question: {\"id\", \"levels\": [{\"name\", \"policies\": [DOCUMENT, ...]}, ...],
             \"request\": {\"principal\", \"action\", \"resource\", \"context\": {KEY: TEXT or [TEXT]}}}
An answer:  {\"id\", \"decision\": \"allow\" or \"deny\", \"levels\": [...], \"by\": {...}}")]
    Eval,
    /// Say what a change of policies takes and gives
    ///
    /// Compares two files, or two directories, as policies of one target. Exit code 2 if access is gained.
    #[command(after_long_help = "\
Examples:
  lz policy diff old.json new.json
  lz policy diff main/policies branch/policies
  lz policy diff --json old.json new.json     with a witness for every loss and gain")]
    Diff(Diff),
    /// Put policies into as few documents as fit
    ///
    /// Prints the documents, one a line. Names of statements are not kept; the meaning is, and that is proven.
    #[command(after_long_help = "\
Examples:
  lz policy pack policies/
  lz policy pack policies/ --limit 5120
  lz policy pack policies/ --before packed/   move as little as possible")]
    Pack(Pack),
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Files, or directories whose `*.json` files are meant
    #[arg(required = true, value_name = "FILES")]
    pub(crate) paths: Vec<PathBuf>,
    /// The type of the documents [default: told by what they hold]
    #[arg(long = "type", value_name = "TYPE", value_parser = policy_type)]
    pub(crate) policy_type: Option<PolicyType>,
    /// A role that must not be locked out
    #[arg(long, value_name = "ARN")]
    pub(crate) role: Option<String>,
    /// How to print what is found
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: FindingsFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The policies as they are
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The policies as they shall be
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Pack {
    /// Files, or directories whose `*.json` files are meant
    #[arg(required = true, value_name = "FILES")]
    pub(crate) paths: Vec<PathBuf>,
    /// The most characters of a document [default: AWS's limit]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// The documents of the last time: statements stay where they were
    #[arg(long, value_name = "PATH")]
    pub(crate) before: Option<PathBuf>,
}

fn policy_type(text: &str) -> Result<PolicyType, String> {
    PolicyType::from_name(text).ok_or_else(|| "expected a policy type, such as scp or tag".to_owned())
}
