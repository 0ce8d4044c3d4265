//! The book's page about commands is what the definitions say, and every example in them can be typed.

use super::Cli;
use clap::{Arg, Command, CommandFactory as _};
use std::fmt::Write as _;

const HEAD: &str = "\
# Commands

Every command with its arguments, options and examples, as `lz help COMMAND` prints them. How a command ends is in
[exit codes](../exit-codes.md). This page is generated from the definitions of the command line.
";

#[test]
#[expect(clippy::disallowed_methods, reason = "a developer's switch")]
fn the_page_of_commands_is_what_the_definitions_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/commands.md");
    let text = page();
    if std::env::var("LZ_UPDATE_DOCS").is_ok() {
        std::fs::write(path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        stored == text,
        "docs/reference/commands.md is out of date: LZ_UPDATE_DOCS=1 cargo test -p lz reference"
    );
}

#[test]
fn every_example_of_the_help_can_be_typed() {
    let mut count = 0;
    each_command(&definitions(), &mut |command| {
        let help = command.get_after_long_help().map(ToString::to_string);
        for line in help.unwrap_or_default().lines().filter_map(example) {
            count += 1;
            let words = line.split_whitespace().map(|word| word.trim_matches('\''));
            let parsed = Cli::command().try_get_matches_from(words);
            assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
        }
    });
    assert!(count > 40, "only {count} examples");
}

/// Returns the lz command of a line of examples, without the words beside it and without what follows a `|` or `<`.
fn example(line: &str) -> Option<String> {
    let line = line.strip_prefix("  ")?;
    let command = line
        .split("  ")
        .next()?
        .split([';', '|', '<', '>', '&'])
        .next()?
        .trim();
    command.starts_with("lz ").then(|| command.to_owned())
}

fn definitions() -> Command {
    let mut command = Cli::command().disable_help_subcommand(true).version("");
    command.build();
    command
}

fn each_command(command: &Command, see: &mut impl FnMut(&Command)) {
    see(command);
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        each_command(inner, see);
    }
}

fn page() -> String {
    let root = definitions();
    let mut text = HEAD.to_owned();
    text += "\n| command | what it does |\n|---|---|\n";
    each_command(&root, &mut |command| {
        let name = name(command);
        let anchor = name.replace(' ', "-");
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(text, "| [`{name}`](#{anchor}) | {} |", cell(&about)).unwrap();
    });
    each_command(&root, &mut |command| write_command(&mut text, command));
    text
}

fn name(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    name.to_owned()
}

fn write_command(text: &mut String, command: &Command) {
    let about = command.get_long_about().or_else(|| command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    writeln!(text, "\n## {}\n\n{about}\n\n```text\n{usage}\n```", name(command)).unwrap();
    let root = command.get_name() == "lz";
    let arguments: Vec<&Arg> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set() && argument.is_global_set() == root)
        .filter(|argument| !matches!(argument.get_id().as_str(), "help" | "version"))
        .collect();
    if !arguments.is_empty() {
        let title = if root {
            "option of every command"
        } else {
            "argument or option"
        };
        writeln!(text, "\n| {title} | meaning |\n|---|---|").unwrap();
    }
    for argument in arguments {
        writeln!(text, "| {} | {} |", spelled(argument), meaning(argument)).unwrap();
    }
    if let Some(notes) = command.get_after_long_help() {
        writeln!(text, "\n```text\n{}\n```", notes.to_string().trim_end()).unwrap();
    }
}

fn spelled(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default().first();
    let value = names.filter(|_| argument.get_action().takes_values());
    let value = value.map(ToString::to_string).unwrap_or_default();
    let Some(long) = argument.get_long() else {
        return format!("`{value}`");
    };
    let short = argument
        .get_short()
        .map(|short| format!("`-{short}`, "))
        .unwrap_or_default();
    let value = if value.is_empty() {
        value
    } else {
        format!(" {value}")
    };
    format!("{short}`--{long}{}`", cell(&value))
}

fn meaning(argument: &Arg) -> String {
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let mut text = cell(&help.map(ToString::to_string).unwrap_or_default())
        .replace("\n\n", "<br>")
        .replace('\n', " ");
    let values = argument.get_possible_values();
    if argument.get_action().takes_values() && !values.is_empty() {
        let words: Vec<String> = values
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(|value| format!("`{}`", value.get_name()))
            .collect();
        write!(text, ": {}", words.join(", ")).unwrap();
    }
    let defaults: Vec<_> = argument
        .get_default_values()
        .iter()
        .filter_map(|value| value.to_str())
        .collect();
    if argument.get_action().takes_values() && !defaults.is_empty() {
        write!(text, " (default `{}`)", defaults.join(", ")).unwrap();
    }
    text
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
