//! `lz fmt`: HCL in one layout.

use crate::answer::{Answer, Files, FilesWhat};
use crate::args::Fmt as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use std::path::{Path, PathBuf};

/// Formats files, or names those that are not formatted.
///
/// # Errors
/// Files that cannot be read, parsed or written; the others are formatted all the same.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let mut problems = Vec::new();
    let mut changed = Vec::new();
    let mut exit = Exit::Error;
    for file in files(&args.paths)? {
        match format(&file, args.check) {
            Ok(true) => changed.push(file.to_string_lossy().into_owned()),
            Ok(false) => {}
            Err(failure) => {
                exit = failure.exit;
                problems.extend(failure.problems);
            }
        }
    }
    let what = if args.check {
        FilesWhat::Unformatted
    } else {
        FilesWhat::Formatted
    };
    let found = !changed.is_empty();
    context.answer(&Answer::Files(&Files {
        what,
        paths: changed,
        next: None,
    }))?;
    if !problems.is_empty() {
        return Err(Failure { exit, problems });
    }
    Ok(if args.check && found {
        Exit::Error
    } else {
        Exit::Done
    })
}

/// Formats one file and returns whether that changes it.
fn format(path: &Path, check: bool) -> Result<bool, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))?;
    let formatted = crate::spec::format(path, &text)?;
    if formatted == text {
        return Ok(false);
    }
    if !check {
        std::fs::write(path, formatted).map_err(|error| Failure::file("write", path, &error))?;
    }
    Ok(true)
}

/// Returns the files that paths mean, sorted: a directory stands for the `*.hcl` files directly in it.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            if !is_formattable(path) {
                let message = format!(
                    "`{}` is neither a directory nor an `.hcl` or `.lzvars` file",
                    path.display()
                );
                return Err(Failure::of(
                    Exit::Error,
                    Problem::new("lz::cli::not_hcl", message),
                ));
            }
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|error| Failure::file("read", path, &error))?;
        let inside = entries.flatten().map(|entry| entry.path());
        files.extend(inside.filter(|path| is_formattable(path) && path.is_file()));
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn is_formattable(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "hcl" || extension == "lzvars")
}
