//! What `lz twin` takes.

use clap::{Args, Subcommand};
use lz_model::id::AccountId;
use std::path::PathBuf;

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
    #[arg(long, value_name = "N", default_value = "1", value_parser = time_scale)]
    pub(crate) time_scale: f64,
    /// Settings and quotas that differ from AWS's, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) limits: Option<PathBuf>,
    /// A script of faults, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// The management account [default: 111122223333]
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<AccountId>,
}

fn time_scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(scale) if scale.is_finite() && scale > 0.0 => Ok(scale),
        Ok(_) | Err(_) => Err("expected a number above 0".to_owned()),
    }
}
