//! `lz init`: a small spec to start from.

use crate::answer::{Answer, Files, FilesWhat};
use crate::args::Init as Args;
use crate::context::Context;
use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// The files of the starter, by name.
const STARTER: [(&str, &str); 3] = [
    ("main.hcl", include_str!("../starter/main.hcl")),
    ("policies.hcl", include_str!("../starter/policies.hcl")),
    (".gitignore", ".lz/\nplan.lz\n"),
];

/// Writes the starter. Checks every name before it writes the first file.
///
/// # Errors
/// A file is there already, or one cannot be written.
pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    std::fs::create_dir_all(&args.dir).map_err(|error| Failure::file("create", &args.dir, &error))?;
    if crate::spec::is_there(&args.dir) {
        return Err(occupied(&args.dir));
    }
    let mut paths = Vec::new();
    for (name, text) in STARTER {
        let path = args.dir.join(name);
        // A repository's own .gitignore is worth more than ours.
        if name == ".gitignore" && path.exists() {
            continue;
        }
        let mut file = File::create_new(&path).map_err(|error| Failure::file("create", &path, &error))?;
        file.write_all(text.as_bytes())
            .map_err(|error| Failure::file("write", &path, &error))?;
        paths.push(path.to_string_lossy().into_owned());
    }
    let command = match args.dir.to_string_lossy() {
        here if here == "." => "lz apply --target twin".to_owned(),
        dir => format!("lz apply --target twin {dir}"),
    };
    let next = Some(("To bring it up on the embedded twin".to_owned(), command));
    context.answer(&Answer::Files(&Files {
        what: FilesWhat::Written,
        paths,
        next,
    }))?;
    Ok(Exit::Done)
}

fn occupied(dir: &Path) -> Failure {
    let problem = Problem::new(
        "lz::cli::occupied",
        format!("`{}` holds a spec already", dir.display()),
    );
    Failure::of(Exit::Error, problem.help("name another directory: lz init DIR"))
}
