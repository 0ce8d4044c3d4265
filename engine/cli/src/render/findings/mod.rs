//! What is wrong or doubtful, for programs that show it on the lines of a change: SARIF, GitHub, GitLab.

mod finding;
mod github;
mod gitlab;
mod sarif;
#[cfg(test)]
mod tests;

pub(crate) use finding::Finding;
pub(crate) use github::github;
pub(crate) use gitlab::gitlab;
pub(crate) use sarif::sarif;
