//! Who runs lz, where and by which words.

use crate::environment::Environment;

/// Options whose values may be secrets.
const HIDDEN: [&str; 1] = ["--var"];

/// Returns `user@host`.
pub(super) fn user(environment: &Environment) -> String {
    let host = rustix::system::uname();
    let host = host.nodename().to_string_lossy();
    let user = environment.user.as_deref().unwrap_or("unknown");
    format!("{user}@{host}")
}

/// Returns the command line without the values of variables.
pub(super) fn command_line() -> String {
    shown(
        std::env::args_os()
            .skip(1)
            .map(|word| word.to_string_lossy().into_owned()),
    )
}

fn shown(words: impl Iterator<Item = String>) -> String {
    let mut line = "lz".to_owned();
    let mut hidden = false;
    for word in words {
        line.push(' ');
        let inner = HIDDEN
            .iter()
            .find_map(|option| Some((*option, word.strip_prefix(option)?.strip_prefix('=')?)));
        match inner {
            _ if hidden => line.push_str(&without_value(&word)),
            Some((option, variable)) => line.push_str(&format!("{option}={}", without_value(variable))),
            None => line.push_str(&word),
        }
        hidden = HIDDEN.contains(&word.as_str());
    }
    line
}

fn without_value(variable: &str) -> String {
    let name = variable.split('=').next().unwrap_or_default();
    format!("{name}=...")
}

/// Returns the place where a pipeline shows the present run, as the services that run pipelines tell it.
pub(crate) fn pipeline(get: impl Fn(&str) -> Option<String>) -> Option<String> {
    let github = || {
        let parts = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"];
        let [server, repository, run] = parts.map(&get);
        Some(format!("{}/{}/actions/runs/{}", server?, repository?, run?))
    };
    let others = ["CI_JOB_URL", "CODEBUILD_BUILD_URL", "BUILD_URL"];
    github().or_else(|| others.iter().find_map(|name| get(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_variables_are_in_no_command_line() {
        let words = ["apply", "--var", "token=s3cret", "--var=key=s3cret", "--quiet"];
        let line = shown(words.iter().map(|word| (*word).to_owned()));
        assert_eq!(line, "lz apply --var token=... --var=key=... --quiet");
    }

    #[test]
    fn a_pipeline_is_known_by_its_address() {
        let of = |known: &[(&str, &str)]| {
            let known: Vec<(String, String)> = known
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            pipeline(|name| {
                known
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| value.clone())
            })
        };
        assert_eq!(
            of(&[
                ("GITHUB_SERVER_URL", "https://github.com"),
                ("GITHUB_REPOSITORY", "acme/lz"),
                ("GITHUB_RUN_ID", "7")
            ])
            .as_deref(),
            Some("https://github.com/acme/lz/actions/runs/7")
        );
        assert_eq!(
            of(&[("CI_JOB_URL", "https://gitlab.example/1")]).as_deref(),
            Some("https://gitlab.example/1")
        );
        assert_eq!(of(&[("GITHUB_RUN_ID", "7")]), None);
    }
}
