//! The revision of git that a spec is at.

use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::Command;

/// A revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct GitRevision {
    /// The commit's full id.
    pub(crate) commit: String,
    /// Its first line.
    pub(crate) subject: String,
    /// The branch, if one is checked out.
    pub(crate) branch: Option<String>,
    /// Whether files of the spec differ from the commit.
    pub(crate) changed: bool,
}

/// Returns the revision of a directory; `None` outside of git.
pub(super) fn revision(directory: &Path) -> Option<GitRevision> {
    let head = git(directory, &["log", "-1", "--format=%H %s"])?;
    let (commit, subject) = head.split_once(' ').unwrap_or((head.as_str(), ""));
    Some(GitRevision {
        commit: commit.to_owned(),
        subject: subject.to_owned(),
        branch: git(directory, &["symbolic-ref", "--quiet", "--short", "HEAD"]),
        changed: git(directory, &["status", "--porcelain", "--", "."]).is_none_or(|list| !list.is_empty()),
    })
}

fn git(directory: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(directory).args(arguments);
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}
