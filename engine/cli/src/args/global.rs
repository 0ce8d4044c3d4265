//! Options that every command takes, and the types that their texts become.

use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;

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
    /// Leave account requests that are wrong out and go on with the rest; the exit code still tells
    #[arg(long, global = true)]
    pub(crate) keep_going: bool,
    /// Tell nobody: leave the `notify` blocks of the spec alone; also LZ_NO_NOTICES in the environment
    #[arg(long, global = true)]
    pub(crate) no_notices: bool,
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

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Aws => f.write_str("aws"),
            Self::Twin(_) => f.write_str("twin"),
            Self::Url(url) => f.write_str(url.as_str()),
        }
    }
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
pub(crate) struct EndpointUrl(pub(super) String);

impl EndpointUrl {
    /// Returns whether the address is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // What stands before an `@` is a user's name, whatever it looks like.
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
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
            _ => Err("expected a name, `=` and a value, such as `owner=ann`".to_owned()),
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
