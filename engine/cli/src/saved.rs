//! A saved plan with the directory of its spec, so that `lz apply plan.lz` needs no more words.

use crate::args::Records;
use crate::context::Context;
use crate::exit::Exit;
use crate::map::Outline;
use crate::problem::{Failure, Problem};
use crate::session::Session;
use crate::spec;
use lz_model::plan::Plan;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Component, Path, PathBuf};

/// The version of the envelope. It rises with the first new field.
const FORMAT: u32 = 1;

/// A plan and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Saved {
    /// The plan.
    pub(crate) plan: Plan,
    /// The directory of the spec; `None` in a bare plan.
    pub(crate) directory: Option<PathBuf>,
    /// The state file of the twin that it was made on.
    pub(crate) twin: Option<PathBuf>,
    /// The organization as it was, for a map; `None` in a bare plan and where there was none.
    pub(crate) outline: Option<Outline>,
}

impl Saved {
    /// Writes the plan and returns the digest of the file. Directories are kept relative to the file, so that both can move together.
    ///
    /// # Errors
    /// What keeps the file from being written.
    pub(crate) fn write(&self, file: &Path) -> Result<String, Failure> {
        let failed = |error: &std::io::Error| Failure::file("write", file, error);
        let base = folder(file).canonicalize().map_err(|error| failed(&error))?;
        let near = |path: &PathBuf| resolved(path).map(|path| text(&relative(&base, &path)));
        let envelope = serde_json::json!({
            "lz": FORMAT,
            "directory": self.directory.as_ref().and_then(near),
            "twin": self.twin.as_ref().and_then(near),
            "plan": self.plan,
            "outline": self.outline,
        });
        let text = format!("{envelope:#}\n");
        std::fs::write(file, &text).map_err(|error| failed(&error))?;
        Ok(digest_of(text.as_bytes()))
    }

    /// Reads a saved plan, or the output of `lz plan --format json`.
    ///
    /// # Errors
    /// What keeps the file from being read, or why it is not a plan of this version.
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let written = std::fs::read_to_string(file).map_err(|error| Failure::file("read", file, &error))?;
        let not_a_plan = |error: &dyn std::fmt::Display| {
            let message = format!("`{}`: {error}", file.display());
            let problem = Problem::new("lz::cli::not_a_plan", message);
            Failure::of(
                Exit::Error,
                problem.help("expected a file that `lz plan --out` wrote, or a directory"),
            )
        };
        let envelope: Value = serde_json::from_str(&written).map_err(|error| not_a_plan(&error))?;
        if envelope
            .get("lz")
            .is_some_and(|format| format.as_u64() != Some(u64::from(FORMAT)))
        {
            return Err(not_a_plan(
                &"the plan was saved by another version; run `lz plan` again",
            ));
        }
        let plan = envelope.get("plan").map_or(written, Value::to_string);
        let outline = envelope.get("outline").cloned().unwrap_or_default();
        let near = |key: &str| {
            let path = envelope.get(key).and_then(Value::as_str)?;
            Some(folder(file).join(path))
        };
        Ok(Self {
            plan: lz_plan::file::load(&plan).map_err(|error| not_a_plan(&error))?,
            directory: near("directory"),
            twin: near("twin"),
            outline: serde_json::from_value(outline).map_err(|error| not_a_plan(&error))?,
        })
    }
}

/// Returns the digest of a saved plan's file: `sha256:` and 64 hexadecimal digits, as `sha256sum` has them.
///
/// # Errors
/// What keeps the file from being read.
pub(crate) fn digest(file: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(file).map_err(|error| Failure::file("read", file, &error))?;
    Ok(digest_of(&bytes))
}

fn digest_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

/// Checks that a saved plan's file is the one that was reviewed. The word before the digits may be left out.
///
/// # Errors
/// It is another one, or what was given is no digest.
pub(crate) fn check_digest(file: &Path, found: &str, reviewed: &str) -> Result<(), Failure> {
    let wanted = reviewed.trim().to_ascii_lowercase();
    let wanted = wanted.strip_prefix("sha256:").unwrap_or(&wanted);
    if wanted.len() != 64 || !wanted.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = format!("`{reviewed}` is not a digest: `sha256:` and 64 hexadecimal digits");
        let problem = Problem::new("lz::cli::digest", message);
        return Err(Failure::of(Exit::Error, problem.help("`lz show PLAN` prints it")));
    }
    if found.strip_prefix("sha256:") == Some(wanted) {
        return Ok(());
    }
    let message = format!(
        "`{}` is not the plan that was reviewed: it is {found}",
        file.display()
    );
    let problem = Problem::new("lz::plan::digest", message);
    let help = format!("apply the file whose digest is sha256:{wanted}, or have this one reviewed");
    Err(Failure::of(Exit::PlanStale, problem.help(help)))
}

/// Returns a saved plan, or the plan of the spec in a directory.
///
/// # Errors
/// Whatever keeps the plan from being read or made.
pub(crate) fn plan_of(context: &Context<'_>, from: &Path) -> Result<Plan, Failure> {
    if from.is_file() {
        return Ok(Saved::read(from)?.plan);
    }
    let desired = spec::load(context, from)?;
    let target = context.global.target();
    let session = Session::open(context, &target, from, Some(&desired), Records::default())?;
    Ok(session.plan(&desired)?.plan)
}

/// Returns the directory that a file lies in.
fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Returns the absolute path of something that need not be there yet.
fn resolved(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let (there, real) = path
        .ancestors()
        .find_map(|there| Some((there, there.canonicalize().ok()?)))?;
    Some(real.join(path.strip_prefix(there).ok()?))
}

/// Returns the way from one absolute directory to another.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(shared).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(to.into_iter().skip(shared)).collect();
    if path.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        path
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_saved_plan_is_read_back_and_finds_its_spec_wherever_both_lie() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("specs/acme");
        std::fs::create_dir_all(&spec).unwrap();
        let file = folder.path().join("plan.lz");
        let saved = Saved {
            plan: fixture::everything(),
            directory: Some(spec.clone()),
            twin: Some(spec.join(".lz/twin.json")),
            outline: None,
        };
        saved.write(&file).unwrap();
        let read = Saved::read(&file).unwrap();
        assert_eq!(read.plan, saved.plan);
        assert_eq!(
            read.directory.unwrap().canonicalize().unwrap(),
            spec.canonicalize().unwrap()
        );
        let kept = std::fs::read_to_string(&file).unwrap();
        assert!(kept.contains("\"directory\": \"specs/acme\""), "{kept}");
        assert!(kept.contains("\"twin\": \"specs/acme/.lz/twin.json\""), "{kept}");
    }

    #[test]
    fn the_json_of_a_plan_is_a_saved_plan_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.json");
        std::fs::write(&file, serde_json::to_string(&fixture::everything()).unwrap()).unwrap();
        assert_eq!(Saved::read(&file).unwrap().plan, fixture::everything());
    }

    #[test]
    fn what_is_no_plan_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.lz");
        for text in [
            "",
            "{}",
            "{\"lz\": 9}",
            "\u{0}",
            "{\"lz\":1,\"plan\":{\"format\":99}}",
        ] {
            std::fs::write(&file, text).unwrap();
            let failure = Saved::read(&file).unwrap_err();
            assert_eq!(failure.exit, Exit::Error);
            assert_eq!(failure.problems[0].code, "lz::cli::not_a_plan", "{text}");
        }
    }

    #[test]
    fn the_way_between_two_directories() {
        let way = |from: &str, to: &str| text(&relative(Path::new(from), Path::new(to)));
        assert_eq!(way("/a/b", "/a/c/d"), "../c/d");
        assert_eq!(way("/a", "/a"), ".");
        assert_eq!(way("/a/b", "/a"), "..");
    }
}
