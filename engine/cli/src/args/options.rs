//! What each command takes.

use super::review::Review;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Where to write the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Files, or directories whose `*.hcl` files are meant
    #[arg(default_value = ".", value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing; name the files that are not formatted and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
}

/// Files that a run leaves behind.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Records {
    /// Write what the run cost as JSON: calls, throttling, times, memory
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,
    /// Write every event as a line of JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Save the plan
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How to print the plan
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: PlanFormat,
    /// Tell this branch's changes from those that the spec of this git revision would bring, too
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// Exit with 2 if there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) records: Records,
    // Its heading holds for what comes after it, so nothing does.
    #[command(flatten)]
    pub(crate) review: Review,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people.
    Human,
    /// One JSON document.
    Json,
    /// A comment for a pull request.
    Markdown,
    /// A page for a browser.
    Html,
    /// Findings as SARIF 2.1.0, for code scanning.
    Sarif,
    /// Findings as annotations of GitHub Actions.
    Github,
    /// Findings as a code-quality report of GitLab.
    Gitlab,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The directory of the spec, or a saved plan
    #[arg(default_value = ".", value_name = "DIR|PLAN")]
    pub(crate) from: PathBuf,
    /// Refuse a saved plan whose file has another digest than this one, which was reviewed
    #[arg(long, value_name = "SHA256")]
    pub(crate) digest: Option<String>,
    /// The directory of the spec, where a saved plan does not lie beside it any more
    #[arg(long, value_name = "DIR")]
    pub(crate) spec: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub(crate) auto_approve: bool,
    /// With --auto-approve: consent to the moments with this code in the plan's notes, or to `gate`s between waves
    #[arg(long, value_name = "CODE", requires = "auto_approve")]
    pub(crate) accept: Vec<String>,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
    /// Write id, ARN, OU and role of the spec's accounts as JSON (`lz schema outputs`)
    #[arg(long, value_name = "FILE")]
    pub(crate) outputs: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) lock: super::run::Lock,
    #[command(flatten)]
    pub(crate) records: Records,
}

#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// The address of a stack set, such as stack_set.hardening
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: String,
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// The git revision to go back to; left out, the newest that declares other stacks
    #[arg(long, value_name = "REV")]
    pub(crate) to: Option<String>,
    /// Wave by wave, in their order, without their gates
    #[arg(long)]
    pub(crate) in_waves: bool,
    /// Only show the plan
    #[arg(long)]
    pub(crate) plan_only: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) auto_approve: bool,
    /// With --auto-approve: consent to the moments with this code in the plan's notes
    #[arg(long, value_name = "CODE", requires = "auto_approve")]
    pub(crate) accept: Vec<String>,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) lock: super::run::Lock,
    #[command(flatten)]
    pub(crate) records: Records,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Have AWS compare every stack of the spec's stack sets with its template; takes minutes
    #[arg(long)]
    pub(crate) stack_sets: bool,
    /// Exit with 2 if something differs
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A saved plan, or the directory of the spec
    #[arg(default_value = ".", value_name = "PLAN|DIR")]
    pub(crate) from: PathBuf,
    /// How to print a saved plan
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: PlanFormat,
    #[command(flatten)]
    pub(crate) review: Review,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// The directory of the spec, or a saved plan
    #[arg(default_value = ".", value_name = "DIR|PLAN")]
    pub(crate) from: PathBuf,
    /// The language of the drawing
    #[arg(long, value_name = "FORMAT", default_value = "dot")]
    pub(crate) format: GraphFormat,
    /// Draw the organization of the spec instead of the plan's order; no call to AWS
    #[arg(long)]
    pub(crate) spec: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid, as GitHub draws it in markdown.
    Mermaid,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The address of an object, such as policy.regions; with --iam the directory of the spec
    #[arg(value_name = "ADDRESS", required_unless_present = "iam")]
    pub(crate) address: Option<String>,
    /// The directory of the spec, or a saved plan
    #[arg(default_value = ".", value_name = "DIR|PLAN", conflicts_with = "iam")]
    pub(crate) from: PathBuf,
    /// Print the IAM policy that a role needs to plan or to apply this spec; no call to AWS
    #[arg(long, value_name = "ROLE", conflicts_with = "offline")]
    pub(crate) iam: Option<IamRole>,
    /// Explain an account or an OU from the spec alone; no call to AWS
    #[arg(long)]
    pub(crate) offline: bool,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
}

/// A role that runs lz.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IamRole {
    /// The role that plans, compares and reads the history.
    Plan,
    /// The role that applies.
    Apply,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of what
    #[arg(default_value = "spec", value_name = "KIND")]
    pub(crate) kind: SchemaKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaKind {
    /// A spec in YAML.
    Spec,
    /// An account request in `accounts/*.yaml`.
    Account,
    /// A plan.
    Plan,
    /// A line of --events FILE.
    Events,
    /// A line of --json.
    Output,
    /// `lz output --document` and --outputs FILE.
    Outputs,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Only tests with this text in their names
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Write a report in JUnit XML
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Where to write the pages
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// Whatever is typed after the name of a command that comes later.
#[derive(Debug, Args)]
pub(crate) struct Later {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub(crate) rest: Vec<String>,
}
