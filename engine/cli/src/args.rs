//! The command line. Definitions and help only.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;

const EXIT_CODES: &str = "\
Exit codes:
  0  done, or nothing to change          6  apply incomplete
  1  error                               7  AWS refused, or cannot be reached
  2  changes (with --detailed-exitcode)  8  not supported yet
  3  spec wrong                          9  consent missing
  4  plan refused                        70 a bug in lz
  5  plan stale                          130 interrupted";

const TARGETS: &str = "\
Targets (--target):
  aws          AWS itself, with the credentials that the AWS CLI would use (the default)
  twin         an AWS organization inside this process, kept in .lz/twin.json beside the spec:
               no account, no credentials, no waiting
  twin:FILE    the same, kept in FILE
  http://...   anything that speaks AWS's protocols there, such as `lz twin serve`";

/// Plans and applies AWS landing zones.
#[derive(Debug, Parser)]
#[command(
    name = "lz",
    version,
    about = "Plans and applies AWS landing zones",
    long_about = "Plans and applies AWS landing zones.\n\nA spec says what the organization should be. `lz plan` \
                  compares it with the live organization and shows every change in the order in which it will \
                  happen. `lz apply` makes exactly those changes. There is no state file: the organization is \
                  the state.",
    after_help = "Try it without an AWS account:\n  lz init demo && lz apply --target twin demo\n\n\
                  `lz help COMMAND` shows examples. `lz --help` lists targets and exit codes.",
    after_long_help = format!(
        "Examples:\n  lz init demo                      write a small landing zone\n  \
         lz apply --target twin demo       bring it up on the embedded twin\n  \
         lz plan --out plan.lz             save a plan of the spec in this directory\n  \
         lz apply plan.lz                  apply exactly that plan\n\n{TARGETS}\n\n{EXIT_CODES}"
    ),
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Run as if started in this directory
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) chdir: Option<PathBuf>,
    /// What to plan against and change: aws (the default), twin, twin:FILE or a URL
    #[arg(id = "target", long = "target", global = true, value_name = "TARGET")]
    pub(crate) given_target: Option<Target>,
    /// The same as --target URL
    #[arg(long, global = true, value_name = "URL", conflicts_with = "target")]
    pub(crate) endpoint_url: Option<EndpointUrl>,
    /// The profile in the AWS configuration files
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// A role to assume first
    #[arg(long, global = true, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// The Region to sign for; decides the partition
    #[arg(long, global = true, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Set a variable of the spec; also LZ_VAR_name in the environment
    #[arg(long = "var", global = true, value_name = "NAME=VALUE")]
    pub(crate) vars: Vec<Variable>,
    /// Read variables from a file
    #[arg(long = "var-file", global = true, value_name = "FILE")]
    pub(crate) var_files: Vec<PathBuf>,
    /// Print one JSON object a line instead of text (`lz schema output`)
    #[arg(long, global = true, conflicts_with = "quiet")]
    pub(crate) json: bool,
    /// Print results and errors only
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Say more about what goes on; twice for even more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

impl Global {
    /// Returns what was asked for, AWS by default.
    pub(crate) fn target(&self) -> Target {
        self.asked_target().unwrap_or(Target::Aws)
    }

    /// Returns what was asked for, if anything was.
    pub(crate) fn asked_target(&self) -> Option<Target> {
        let url = self.endpoint_url.clone().map(Target::Url);
        url.or_else(|| self.given_target.clone())
    }
}

/// What a run reads and changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// AWS.
    Aws,
    /// The embedded twin, kept in this file or beside the spec.
    Twin(Option<PathBuf>),
    /// Something at an address that speaks AWS's protocols.
    Url(EndpointUrl),
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "aws" => Ok(Self::Aws),
            None if text == "twin" => Ok(Self::Twin(None)),
            Some(("twin", file)) if !file.is_empty() => Ok(Self::Twin(Some(file.into()))),
            Some(("http" | "https", _)) => text.parse().map(Self::Url),
            _ => Err("expected `aws`, `twin`, `twin:FILE` or a URL".to_owned()),
        }
    }
}

/// An `http` or `https` address with a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointUrl(String);

impl EndpointUrl {
    /// Returns whether the address is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        matches!(host, "127.0.0.1" | "localhost" | "[::1]")
    }

    /// Returns the address as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EndpointUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rest = text
            .strip_prefix("http://")
            .or_else(|| text.strip_prefix("https://"));
        let host = rest
            .and_then(|rest| rest.split(['/', '?', '#']).next())
            .unwrap_or_default();
        let legal = text.chars().all(|c| c.is_ascii_graphic()) && !host.starts_with(':');
        if host.is_empty() || !legal {
            return Err("expected a URL such as http://127.0.0.1:4600".to_owned());
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }
}

/// A variable given on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: String,
    /// Its value, as typed.
    pub(crate) value: String,
}

impl FromStr for Variable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok(Self {
                name: name.trim().to_owned(),
                value: value.to_owned(),
            }),
            _ => Err("expected NAME=VALUE".to_owned()),
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a small landing zone to start from
    ///
    /// Writes a spec that plans and applies on the twin at once. Existing files are never overwritten.
    #[command(after_long_help = "\
Examples:
  lz init                           into this directory
  lz init demo                      into ./demo
  lz apply --target twin demo       then bring it up, no AWS account needed")]
    Init(Init),
    /// Check the spec offline
    ///
    /// Reads the spec, resolves variables and references and reports every mistake in one go, without any
    /// call to AWS. Exit code 3 if the spec is wrong.
    #[command(after_long_help = "\
Examples:
  lz validate
  lz validate examples/startup --var mail_domain=aws.example.com
  lz validate --json                one JSON object for each mistake")]
    Validate(Dir),
    /// Format HCL files; comments stay
    ///
    /// Formats `*.hcl` files in place. A directory stands for the files directly in it.
    #[command(after_long_help = "\
Examples:
  lz fmt                            this directory
  lz fmt main.hcl accounts.hcl
  lz fmt --check                    change nothing, exit code 1 if a file is not formatted")]
    Fmt(Fmt),
    /// Show every change that `apply` would make, in order
    ///
    /// Compares the spec with the live organization. Nothing is changed.
    #[command(after_long_help = "\
Examples:
  lz plan                           the spec in this directory against AWS
  lz plan --target twin demo        against the embedded twin
  lz plan --out plan.lz             save it, for `lz apply plan.lz`
  lz plan --format json             the plan as one document (`lz schema plan`)
  lz plan --detailed-exitcode       exit code 2 if there are changes, 0 if there are none

Signs: + comes, ~ changes in place, > moves, - goes, ! cannot be undone.
Exit codes: 0 done, 2 changes (with --detailed-exitcode), 3 spec wrong, 4 plan refused, \
7 AWS refused or cannot be reached.")]
    Plan(Plan),
    /// Make the changes
    ///
    /// Takes a directory with a spec, or a saved plan. A saved plan is refused (exit code 5) if the spec or
    /// the organization has changed in a part that it touches.
    ///
    /// Asks for a `yes` before it changes a real organization; every target but the twin counts as real.
    /// Without a terminal it refuses (exit code 9) unless --auto-approve is given. Moments where guards are
    /// down, which the plan marks `consent needed`, are part of the question; with --auto-approve each kind
    /// needs its own --accept CODE.
    ///
    /// Ctrl-C once: starts nothing new and finishes what runs. Twice: leaves, and says what is unknown.
    #[command(after_long_help = "\
Examples:
  lz apply --target twin demo       the spec in ./demo, on the embedded twin
  lz apply plan.lz                  exactly the saved plan
  lz apply plan.lz --auto-approve   in a pipeline, after the plan was reviewed

Exit codes: 0 done, 3 spec wrong, 4 plan refused, 5 plan stale, 6 incomplete (the report says what is \
left; run it again), 7 AWS refused or cannot be reached, 9 consent missing, 130 interrupted.")]
    Apply(Apply),
    /// Compare the organization with the spec: what differs, what is not managed
    ///
    /// Lists what differs from the spec and what the spec does not mention. Changes nothing.
    #[command(after_long_help = "\
Examples:
  lz drift
  lz drift --detailed-exitcode      exit code 2 if something differs
  lz drift --all                    every unmanaged object, not only the first of each kind")]
    Drift(Drift),
    /// Show a saved plan, or the live organization as a tree
    #[command(after_long_help = "\
Examples:
  lz show plan.lz                   a saved plan
  lz show plan.lz --all             with nothing folded
  lz show --target twin demo        the live organization; * marks what the spec manages")]
    Show(Show),
    /// Draw a plan's order, or the organization of the spec
    #[command(after_long_help = "\
Examples:
  lz graph | dot -Tsvg > plan.svg   the order of the plan's steps and the rule of each edge
  lz graph plan.lz                  of a saved plan
  lz graph --spec --format mermaid  the OUs, accounts and policies of the spec")]
    Graph(Graph),
    /// Say why a step of the plan is where it is
    #[command(after_long_help = "\
Examples:
  lz explain policy.regions         the steps of this object, what they wait for and by which rule
  lz explain account.audit plan.lz  in a saved plan")]
    Explain(Explain),
    /// Print a JSON Schema
    #[command(after_long_help = "\
Examples:
  lz schema                         of a spec in YAML, for editors
  lz schema account                 of a file in accounts/
  lz schema plan                    of `lz plan --format json` and of saved plans
  lz schema events                  of --events FILE
  lz schema output                  of --json")]
    Schema(Schema),
    /// Print a completion script
    #[command(after_long_help = "\
Examples:
  lz completions bash > /etc/bash_completion.d/lz
  lz completions zsh > ~/.zfunc/_lz
  lz completions fish > ~/.config/fish/completions/lz.fish")]
    Completions(Completions),
    /// Run the twin: an AWS organization in a process
    Twin(Twin),
    /// Check what accounts may do against the spec's `test` blocks
    #[command(hide = true)]
    Test(Later),
    /// Write a spec for an organization that exists
    #[command(hide = true)]
    Import(Later),
    /// Turn another tool's configuration into a spec
    #[command(hide = true)]
    Convert(Later),
    /// Request an account
    #[command(hide = true)]
    Vend(Later),
    /// Apply a plan to a twin of the organization first
    #[command(hide = true)]
    Rehearse(Later),
    /// Go back to an earlier spec
    #[command(hide = true)]
    Rollback(Later),
}

/// A directory with a spec.
#[derive(Debug, Args)]
pub(crate) struct Dir {
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
}

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
    /// Exit with 2 if there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) records: Records,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people.
    Human,
    /// One JSON document.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The directory of the spec, or a saved plan
    #[arg(default_value = ".", value_name = "DIR|PLAN")]
    pub(crate) from: PathBuf,
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
    pub(crate) records: Records,
}

#[derive(Debug, Args)]
pub(crate) struct Drift {
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
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
    /// The address of an object, such as policy.regions
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: String,
    /// The directory of the spec, or a saved plan
    #[arg(default_value = ".", value_name = "DIR|PLAN")]
    pub(crate) from: PathBuf,
    /// Fold nothing
    #[arg(long)]
    pub(crate) all: bool,
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
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Twin {
    #[command(subcommand)]
    pub(crate) command: TwinCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TwinCommand {
    /// Serve the twin over HTTP, for the AWS CLI, boto3, Terraform or lz itself
    ///
    /// The first line on stdout is `listening on http://127.0.0.1:PORT`. Any credentials are taken; an access
    /// key of 12 digits names the calling account. Starts as a management account without an organization.
    /// SIGINT and SIGTERM save the state and end the server.
    #[command(after_long_help = "\
Examples:
  lz twin serve --port 4600 --state world.json
  lz twin serve --time-scale 60     one minute of AWS in each second
  aws --endpoint-url http://127.0.0.1:4600 organizations describe-organization
  lz plan --target http://127.0.0.1:4600")]
    Serve(Serve),
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The port; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Keep the state in this file; without it, it is lost at the end
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Seconds that pass in AWS while one second passes here
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub(crate) time_scale: f64,
    /// Settings and quotas that differ from AWS's, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) limits: Option<PathBuf>,
    /// A script of faults, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// The management account
    #[arg(long, value_name = "ID", default_value = "111122223333")]
    pub(crate) account: lz_model::id::AccountId,
}

/// Whatever is typed after the name of a command that comes later.
#[derive(Debug, Args)]
pub(crate) struct Later {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub(crate) rest: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn targets_are_read_and_everything_else_is_refused() {
        assert_eq!("aws".parse(), Ok(Target::Aws));
        assert_eq!("twin".parse(), Ok(Target::Twin(None)));
        assert_eq!("twin:a/b.json".parse(), Ok(Target::Twin(Some("a/b.json".into()))));
        assert_eq!(
            "http://127.0.0.1:4600/".parse(),
            Ok(Target::Url(EndpointUrl("http://127.0.0.1:4600".into())))
        );
        for bad in [
            "",
            "AWS",
            "twin:",
            "http://",
            "https:///x",
            "ftp://x",
            "http://a b",
            "http://:80",
        ] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_command_explains_itself_with_examples() {
        for command in Cli::command()
            .get_subcommands()
            .filter(|command| !command.is_hide_set())
        {
            let described = |c: &clap::Command| {
                c.get_after_long_help()
                    .is_some_and(|help| help.to_string().contains("Examples:"))
            };
            let nested = command.get_subcommands().next().is_some_and(described);
            assert!(described(command) || nested, "{}", command.get_name());
        }
    }

    #[test]
    fn a_variable_keeps_equal_signs_in_its_value() {
        let variable: Variable = "a=b=c".parse().unwrap();
        assert_eq!((variable.name.as_str(), variable.value.as_str()), ("a", "b=c"));
        assert!("=b".parse::<Variable>().is_err());
    }
}
