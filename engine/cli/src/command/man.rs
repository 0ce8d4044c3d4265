//! `lz man`: manual pages, made from the same definitions as the help.

use crate::answer::{Answer, Files, FilesWhat};
use crate::args::{Cli, Man as Args};
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::Failure;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::io;
use std::path::Path;

/// When the commit was made that lz was built from; `roff` drops an empty date and shifts what follows it.
const DAY: &str = if env!("LZ_DAY").is_empty() {
    "undated"
} else {
    env!("LZ_DAY")
};

/// Prints the page of lz, or writes all pages into a directory.
///
/// # Errors
/// A file or standard output cannot be written.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let pages = pages()?;
    let Some(dir) = &args.dir else {
        let text = pages.iter().find(|page| page.file == "lz.1");
        context.raw(text.map_or("", |page| &page.text))?;
        return Ok(Exit::Done);
    };
    let paths = write(dir, &pages)?;
    context.answer(&Answer::Files(&Files {
        what: FilesWhat::Written,
        paths,
        next: None,
    }))?;
    Ok(Exit::Done)
}

fn write(dir: &Path, pages: &[Page]) -> Result<Vec<String>, Failure> {
    std::fs::create_dir_all(dir).map_err(|error| Failure::file("create", dir, &error))?;
    let mut paths = Vec::new();
    for page in pages {
        let path = dir.join(&page.file);
        std::fs::write(&path, &page.text).map_err(|error| Failure::file("write", &path, &error))?;
        paths.push(path.to_string_lossy().into_owned());
    }
    Ok(paths)
}

/// A manual page.
struct Page {
    file: String,
    text: String,
}

/// Returns the page of lz and of every command that is not hidden.
fn pages() -> io::Result<Vec<Page>> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add(&command, &mut pages)?;
    Ok(pages)
}

fn add(command: &Command, pages: &mut Vec<Page>) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or("lz").to_owned();
    pages.push(Page {
        file: format!("{name}.1"),
        text: page(command, &name)?,
    });
    command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
        .try_for_each(|inner| add(inner, pages))
}

fn page(command: &Command, name: &str) -> io::Result<String> {
    let man = Man::new(command.clone())
        .title(name)
        .date(DAY)
        .source(concat!("lz ", env!("CARGO_PKG_VERSION")))
        .manual("lz manual");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.get_subcommands().any(|inner| !inner.is_hide_set()) {
        man.render_subcommands_section(&mut out)?;
    }
    if let Some(notes) = command.get_after_long_help() {
        notes_section(&notes.to_string()).to_writer(&mut out)?;
    }
    see_also(name).to_writer(&mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Returns what stands below the options, line by line as it is: columns carry meaning there.
fn notes_section(notes: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["NOTES"]).control("nf", []);
    for line in notes.lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}

fn see_also(name: &str) -> Roff {
    let pages = if name == "lz" {
        "lz-plan(1), lz-apply(1)"
    } else {
        "lz(1)"
    };
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]).text([roman(pages)]);
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_page_for_lz_and_for_each_command_that_is_shown() {
        let files: Vec<String> = pages().unwrap().into_iter().map(|page| page.file).collect();
        for wanted in ["lz.1", "lz-plan.1", "lz-policy.1", "lz-policy-lint.1", "lz-man.1"] {
            assert!(files.iter().any(|file| file == wanted), "{wanted} in {files:?}");
        }
        assert!(!files.iter().any(|file| file.contains("help")), "{files:?}");
    }

    #[test]
    fn a_page_keeps_the_lines_of_examples_and_names_every_option() {
        let pages = pages().unwrap();
        let plan = &pages.iter().find(|page| page.file == "lz-plan.1").unwrap().text;
        assert!(plan.contains("\nExamples:\n"), "{plan}");
        assert!(plan.contains(r"\-\-detailed\-exitcode"), "{plan}");
        assert!(plan.contains(r"\-\-target"), "{plan}");
    }
}
