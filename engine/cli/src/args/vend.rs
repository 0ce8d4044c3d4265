//! What `lz vend` and `lz output` take.

use super::global::Variable;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Vend {
    /// The account's label: its request is accounts/LABEL.yaml, its address account.LABEL
    #[arg(value_name = "LABEL")]
    pub(crate) label: Option<String>,
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// The `account_template` that gives what is left out
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) template: Option<String>,
    /// The account's name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The root user's e-mail address
    #[arg(long, value_name = "EMAIL")]
    pub(crate) email: Option<String>,
    /// The OU: workloads.prod, ou.workloads.prod or root
    #[arg(long, value_name = "OU")]
    pub(crate) ou: Option<String>,
    /// The last day, such as 2027-01-31
    #[arg(long, value_name = "DAY")]
    pub(crate) expires: Option<String>,
    /// Invite this account of another organization instead of making one
    #[arg(long, value_name = "ID")]
    pub(crate) invite: Option<String>,
    /// Set a tag
    #[arg(long = "tag", value_name = "KEY=VALUE")]
    pub(crate) tags: Vec<Variable>,
    /// Set a field of the template
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<Variable>,
    /// Read answers from a YAML file: label, template, name, email, ou, expires, invite, fields, tags
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
    /// Change a request that is there, in place: comments and order stay
    #[arg(long)]
    pub(crate) edit: bool,
    /// Print the file and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Output {
    /// The address of an account, such as account.shop; left out, all accounts of the spec
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: Option<String>,
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Print one JSON document (`lz schema outputs`)
    #[arg(long)]
    pub(crate) document: bool,
}
