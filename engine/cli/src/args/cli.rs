//! The commands and their help.

use super::findings::Validate;
use super::global::Global;
use super::options::{
    Apply, Completions, Drift, Explain, Fmt, Graph, Init, Later, Man, Plan, Rollback, Schema, Show, Test,
};
use super::policy::Policy;
use super::root::Root;
use super::run::{History, Unlock};
use super::twin::Twin;
use super::vend::{Output, Vend};
use clap::{Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes:
  0  done, or nothing to change          6  apply incomplete
  1  error                               7  AWS refused, or cannot be reached
  2  changes (with --detailed-exitcode)  8  not supported yet
  3  spec wrong                          9  consent missing
  4  plan refused                        10 a test failed
  5  plan stale                          70 a bug in lz
  11 locked by another run               130 interrupted";

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
    version = env!("LZ_VERSION"),
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
    /// call to AWS. Where cfn-lint is installed, it looks at the CloudFormation templates too. Exit code 3 if the
    /// spec is wrong.
    #[command(after_long_help = "\
Examples:
  lz validate
  lz validate examples/startup --var mail_domain=aws.example.com
  lz validate --json                one JSON object for each mistake
  lz validate --format sarif        for code scanning; also github (annotations) and gitlab (code quality)")]
    Validate(Validate),
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
  lz plan --base main --format markdown     a comment for a pull request: what the branch changes, what
                                    was drifting already
  lz plan --format html > plan.html         one page for a browser, with the organization as a map
  lz plan --detailed-exitcode       exit code 2 if there are changes, 0 if there are none

Signs: + comes, ~ changes in place, > moves, - goes, ! cannot be undone.
Exit codes: 0 done, 2 changes (with --detailed-exitcode), 3 spec wrong, 4 plan refused, \
7 AWS refused or cannot be reached.")]
    Plan(Plan),
    /// Make the changes
    ///
    /// Takes a directory with a spec, or a saved plan. A saved plan is refused (exit code 5) if the spec or
    /// the organization has changed in a part that it touches; what a new plan would do is shown then, and nothing is done.
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
  lz apply plan.lz --digest sha256:2f1c...   only the file that was reviewed
  lz apply --lock-timeout 10m       wait for another run to end

Exit codes: 0 done, 3 spec wrong, 4 plan refused, 5 plan stale, 6 incomplete (the report says what is \
left; run it again), 7 AWS refused or cannot be reached, 9 consent missing, 11 locked by another run, 130 interrupted.")]
    Apply(Apply),
    /// Take the lock of a run that died away
    ///
    /// Shows who holds the lock in S3 (`lock { s3 = ... }` in the spec), since when and by which command, and asks. A run
    /// gives its lock back by itself, also after Ctrl-C; only one that was killed leaves it. Without a `lock` block the
    /// lock is a file, which goes with its process.
    #[command(after_long_help = "\
Examples:
  lz unlock                         look, then ask
  lz unlock --force 3f2a9c01d4e5    do not ask; refused if another run has the lock by now")]
    Unlock(Unlock),
    /// List the runs that changed the organization, or show one
    ///
    /// Reads what `history { s3 = ... }` keeps, or the last runs beside the spec: who ran what, from which revision of
    /// git, with which plan, and what became of it.
    #[command(after_long_help = "\
Examples:
  lz history                        the last 20 runs
  lz history last                   the newest one with its plan and its result
  lz history 20261122T0706 --json   by the beginning of its name, for programs")]
    History(History),
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
    /// Say where an account stands, or why a step of the plan is where it is
    ///
    /// For an account or an OU: its path, every policy on it, what is denied, how much room is left, what it
    /// administers and the tests that speak of it. With --iam: the least rights that a role needs. For every object that the plan touches: its steps, what they wait
    /// for and by which rule.
    #[command(after_long_help = "\
Examples:
  lz explain account.audit          what the account may not do, and by which policy
  lz explain ou.workloads --offline  the same of an OU, from the spec alone
  lz explain policy.regions         the steps of this object, what they wait for and by which rule
  lz explain account.audit plan.lz  in a saved plan
  lz explain --iam plan             the IAM policy of the role that plans this spec
  lz explain --iam apply examples/startup > policy.json")]
    Explain(Explain),
    /// Print a JSON Schema
    #[command(after_long_help = "\
Examples:
  lz schema                         of a spec in YAML, for editors
  lz schema account                 of a file in accounts/
  lz schema plan                    of `lz plan --format json` and of saved plans
  lz schema events                  of --events FILE
  lz schema output                  of --json
  lz schema outputs                 of `lz output --document`")]
    Schema(Schema),
    /// Print a completion script
    #[command(after_long_help = "\
Examples:
  lz completions bash > /etc/bash_completion.d/lz
  lz completions zsh > ~/.zfunc/_lz
  lz completions fish > ~/.config/fish/completions/lz.fish")]
    Completions(Completions),
    /// Write manual pages
    ///
    /// Writes a page for lz and one for each command. Without a directory, prints the page of lz itself.
    #[command(after_long_help = "\
Examples:
  lz man | man -l -
  lz man /usr/local/share/man/man1")]
    Man(Man),
    /// Check, ask, compare and pack policies, without a landing zone
    Policy(Policy),
    /// See and take away what members' root users can sign in with
    Root(Root),
    /// Run the twin: an AWS organization in a process
    Twin(Twin),
    /// Check what accounts may do against the spec's `test` blocks
    ///
    /// Judges every test on the organization that the spec describes, without a look at AWS. `lz plan` and `lz apply`
    /// judge them again, on the organization as it will be, and refuse a plan that breaks one. Exit code 10 if a
    /// test fails.
    #[command(after_long_help = "\
Examples:
  lz test
  lz test examples/startup --filter leave    tests with `leave` in their names
  lz test --junit report.xml                 for a CI server")]
    Test(Test),
    /// Write a spec for an organization that exists
    #[command(hide = true)]
    Import(Later),
    /// Turn another tool's configuration into a spec
    #[command(hide = true)]
    Convert(Later),
    /// Write an account request: accounts/LABEL.yaml
    ///
    /// Takes what the request says from options, from a file of answers, and from questions where somebody sits at
    /// the terminal. Checks it at once together with the whole spec, and writes nothing that is wrong. A request that
    /// is there is changed only with --edit, in place: comments, order and whatever is not named stay.
    #[command(after_long_help = "\
Examples:
  lz vend shop-prod --template workload --set team=shop --set channel=shop-ops
  lz vend shop-prod --answers answers.yaml
  lz vend shop-prod --edit --set channel=shop --dry-run
  lz vend partner --email root@partner.example.com --invite 444455556666

Then `lz plan` and `lz apply`, as for any other change; `lz output account.shop-prod` tells id and role.")]
    Vend(Vend),
    /// Tell id, ARN, OU and role of the spec's accounts
    ///
    /// What whoever asked for an account needs to know. `lz apply --outputs FILE` writes the same after an apply.
    #[command(after_long_help = "\
Examples:
  lz output                         all accounts
  lz output account.shop-prod
  lz output --document > outputs.json")]
    Output(Output),
    /// Apply a plan to a twin of the organization first
    #[command(hide = true)]
    Rehearse(Later),
    /// Take a stack set back to an earlier revision of the spec, fast
    ///
    /// Takes the stack set's block, its template and its parameters from a git revision and brings every stack
    /// back to them: all accounts and Regions at once, whatever the rollout says, because going back is urgent.
    /// Nothing else of the landing zone is touched. Asks for a `yes` as `apply` does.
    #[command(after_long_help = "\
Examples:
  lz rollback stack_set.hardening                   to the revision before the last change of its stacks
  lz rollback stack_set.hardening --to v41          to a tag, a branch or a commit
  lz rollback stack_set.hardening --plan-only       only show what would happen, and how long it takes
  lz rollback stack_set.hardening --in-waves        wave by wave, in their order

Afterwards revert the change in git: the next `lz apply` does what the spec says.")]
    Rollback(Rollback),
}
