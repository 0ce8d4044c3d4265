//! Formats of findings, and which commands print them.

use super::cli::Command;
use super::options::PlanFormat;
use super::policy::{Policy, PolicyCommand};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Validate {
    /// The directory of the spec
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// How to print what is wrong
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: FindingsFormat,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
    /// For people.
    Human,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A code-quality report of GitLab.
    Gitlab,
}

impl PlanFormat {
    /// Returns the format of findings that this one is.
    pub(crate) const fn findings(self) -> Option<FindingsFormat> {
        match self {
            Self::Human | Self::Json | Self::Markdown | Self::Html => None,
            Self::Sarif => Some(FindingsFormat::Sarif),
            Self::Github => Some(FindingsFormat::Github),
            Self::Gitlab => Some(FindingsFormat::Gitlab),
        }
    }
}

impl Command {
    /// Returns the format of findings that a command was asked for, and where it looks for files.
    pub(crate) fn findings(&self) -> Option<(FindingsFormat, &Path)> {
        let (format, directory) = if let Self::Validate(args) = self {
            (args.format, args.dir.as_path())
        } else if let Self::Plan(args) = self {
            (args.format.findings()?, args.dir.as_path())
        } else if let Self::Policy(Policy {
            command: PolicyCommand::Lint(args),
        }) = self
        {
            (args.format, Path::new("."))
        } else {
            return None;
        };
        (format != FindingsFormat::Human).then_some((format, directory))
    }
}
