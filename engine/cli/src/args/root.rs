//! What `lz root` takes.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Root {
    #[command(subcommand)]
    pub(crate) command: RootCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RootCommand {
    /// List the member accounts whose root user has credentials
    ///
    /// Looks into every active member account by a short root session that may only read. Needs central root access
    /// (`root_access { credentials_management = true }` in the spec). An account that cannot be looked at is
    /// reported, and the others go on; the exit code is 7 then.
    #[command(after_long_help = "\
Examples:
  lz root audit
  lz root audit --detailed-exitcode   exit code 2 if a root user has credentials
  lz root audit --json                for programs")]
    Audit(RootAudit),
    /// Take the credentials of one member account's root user away
    ///
    /// Shows the password, access keys, certificates and MFA devices that will go, and asks for a `yes`. Nobody can
    /// sign in as this root user afterwards; what takes one is done by root sessions.
    #[command(after_long_help = "\
Examples:
  lz root remove 222222222222
  lz root remove account.audit        an account of the spec in this directory
  lz root remove 222222222222 --auto-approve")]
    Remove(RootRemove),
}

#[derive(Debug, Args)]
pub(crate) struct RootAudit {
    /// The directory of the spec, where the embedded twin is kept
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Exit with 2 if a root user has credentials
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RootRemove {
    /// The account: its id, or its address in the spec
    #[arg(value_name = "ACCOUNT")]
    pub(crate) account: String,
    /// The directory of the spec
    #[arg(long, default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Do not ask
    #[arg(long)]
    pub(crate) auto_approve: bool,
}
