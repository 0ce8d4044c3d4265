//! What to type next: commands with the options that this run was given.

use crate::args::{Global, Target};
use std::path::Path;

/// Returns `lz VERB WHAT` with the global options that another run needs to mean the same.
pub(crate) fn command(global: &Global, verb: &str, what: &Path, target: Repeat) -> String {
    let mut words = vec!["lz".to_owned(), verb.to_owned()];
    if what != Path::new(".") {
        words.push(what.to_string_lossy().into_owned());
    }
    let mut option = |name: &str, value: &str| words.extend([name.to_owned(), value.to_owned()]);
    if let Some(dir) = &global.chdir {
        option("--chdir", &dir.to_string_lossy());
    }
    match (global.target(), target) {
        (Target::Aws, _) | (Target::Twin(_), Repeat::SavedTwin) => {}
        (Target::Twin(None), Repeat::Always) => option("--target", "twin"),
        (Target::Twin(Some(file)), Repeat::Always) => option("--target", &format!("twin:{}", file.display())),
        (Target::Url(url), _) => option("--target", url.as_str()),
    }
    let texts = [
        ("--profile", &global.profile),
        ("--role-arn", &global.role_arn),
        ("--region", &global.region),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            option(name, value);
        }
    }
    for variable in &global.vars {
        option("--var", &format!("{}={}", variable.name, variable.value));
    }
    for file in &global.var_files {
        option("--var-file", &file.to_string_lossy());
    }
    if global.keep_going {
        words.push("--keep-going".to_owned());
    }
    words
        .iter()
        .map(|word| quoted(word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether the target is named again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Always.
    Always,
    /// Not the twin: the saved plan knows it.
    SavedTwin,
}

/// Returns a word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser as _;

    fn next(line: &[&str], what: &str, target: Repeat) -> String {
        let cli = Cli::try_parse_from(line).unwrap();
        command(&cli.global, "apply", Path::new(what), target)
    }

    #[test]
    fn the_next_command_means_the_same_world() {
        assert_eq!(next(&["lz", "plan"], ".", Repeat::Always), "lz apply");
        assert_eq!(
            next(&["lz", "plan", "--target", "twin"], "demo", Repeat::Always),
            "lz apply demo --target twin"
        );
        assert_eq!(
            next(&["lz", "plan", "--target", "twin"], "plan.lz", Repeat::SavedTwin),
            "lz apply plan.lz"
        );
        assert_eq!(
            next(
                &[
                    "lz",
                    "plan",
                    "--endpoint-url",
                    "http://127.0.0.1:1",
                    "--var",
                    "a=it's"
                ],
                "x",
                Repeat::SavedTwin
            ),
            "lz apply x --target http://127.0.0.1:1 --var 'a=it'\\''s'"
        );
        assert_eq!(
            next(&["lz", "plan", "--keep-going"], "x", Repeat::Always),
            "lz apply x --keep-going"
        );
    }
}
