//! A spec as it was in an earlier revision of git.

use crate::exit::Exit;
use crate::problem::{Failure, Problem};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The files of a revision in a folder of their own, which goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Revision {
    /// The commit's full id.
    pub(crate) commit: String,
    /// The commit's first line.
    pub(crate) subject: String,
    /// The spec's directory in that revision.
    pub(crate) directory: PathBuf,
    /// The same below the top of the repository; empty, or ended with `/`.
    inner: String,
    _files: TempDir,
}

impl Revision {
    /// Returns the revision in words: the beginning of the commit's id and its first line.
    pub(crate) fn in_words(&self) -> String {
        let id = self.commit.get(..12).unwrap_or(&self.commit);
        format!("revision {id} \"{}\"", self.subject)
    }

    /// Returns the files of a revision. The working tree and git's index stay as they are.
    ///
    /// # Errors
    /// The directory is not in a git repository, there is no such revision, or it has no such directory.
    pub(crate) fn open(directory: &Path, revision: &str) -> Result<Self, Failure> {
        let top = PathBuf::from(git(directory, None, &["rev-parse", "--show-toplevel"])?);
        let inner = git(directory, None, &["rev-parse", "--show-prefix"])?;
        let commit = commit(directory, revision)?;
        let files = TempDir::new()?;
        let index = files.path().join("index");
        let tree = files.path().join("tree");
        git(&top, Some(&index), &["read-tree", &commit])?;
        let mut prefix = tree.clone().into_os_string();
        prefix.push("/");
        let mut to = std::ffi::OsString::from("--prefix=");
        to.push(prefix);
        run(
            &top,
            Some(&index),
            &[OsStr::new("checkout-index"), OsStr::new("-a"), &to],
        )?;
        // What a spec may read ends at the repository, and this is one.
        std::fs::write(tree.join(".git"), "")?;
        let directory = tree.join(&inner);
        if !directory.is_dir() {
            let message = format!(
                "revision {} has no directory of this spec",
                commit.get(..12).unwrap_or(&commit)
            );
            return Err(failure(&message, "name a later revision with `--to`"));
        }
        Ok(Self {
            subject: git(&top, None, &["log", "-1", "--format=%s", &commit])?,
            commit,
            directory,
            inner,
            _files: files,
        })
    }

    /// Returns the name of one of the spec's files as git writes it: `0123456789ab:zones/acme/main.hcl`.
    pub(crate) fn file(&self, name: &str) -> String {
        let id = self.commit.get(..12).unwrap_or(&self.commit);
        format!("{id}:{}{name}", self.inner)
    }
}

fn commit(directory: &Path, revision: &str) -> Result<String, Failure> {
    if revision.starts_with('-') {
        return Err(no_revision(revision));
    }
    let wanted = format!("{revision}^{{commit}}");
    git(directory, None, &["rev-parse", "--verify", "--quiet", &wanted]).map_err(|_| no_revision(revision))
}

fn no_revision(revision: &str) -> Failure {
    failure(
        &format!("there is no revision `{revision}`"),
        "name a commit, a tag or a branch that `git log` knows",
    )
}

/// Returns the newest commit and those before it that changed the spec's directory or one of the files (relative to the
/// directory), newest first, along the branch itself: what merged branches did in between was never the spec.
///
/// # Errors
/// The directory is not in a git repository, or nothing is committed.
pub(crate) fn history(directory: &Path, files: &[String], limit: usize) -> Result<Vec<String>, Failure> {
    let newest = git(directory, None, &["rev-parse", "--verify", "HEAD^{commit}"])?;
    let limit = format!("--max-count={limit}");
    let mut arguments = vec!["log", "--first-parent", "--format=%H", &limit, "--", "."];
    let outside = files.iter().filter(|file| file.starts_with("../"));
    arguments.extend(outside.map(String::as_str));
    let changes = git(directory, None, &arguments)?;
    let older = changes.lines().filter(|commit| *commit != newest);
    Ok(std::iter::once(newest.as_str())
        .chain(older)
        .map(str::to_owned)
        .collect())
}

fn git(directory: &Path, index: Option<&Path>, arguments: &[&str]) -> Result<String, Failure> {
    let arguments: Vec<&OsStr> = arguments.iter().map(|argument| OsStr::new(*argument)).collect();
    run(directory, index, &arguments)
}

fn run(directory: &Path, index: Option<&Path>, arguments: &[&OsStr]) -> Result<String, Failure> {
    let mut command = Command::new("git");
    command.arg("-C").arg(directory).args(arguments);
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let output = command.output().map_err(|error| {
        failure(
            &format!("git cannot be run: {error}"),
            "an earlier spec comes out of git; install it",
        )
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("fatal: ");
        return Err(failure(
            &format!("git: {said}"),
            "the spec must lie in a git repository",
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

fn failure(message: &str, help: &str) -> Failure {
    Failure::of(Exit::Error, Problem::new("lz::cli::revision", message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Repository(TempDir);

    impl Repository {
        fn new() -> Self {
            let repository = Self(TempDir::new().unwrap());
            repository.git(&["init", "--quiet"]);
            repository
        }

        fn git(&self, arguments: &[&str]) {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
            let status = Command::new("git")
                .arg("-C")
                .arg(self.0.path())
                .args(identity)
                .args(arguments)
                .status()
                .unwrap();
            assert!(status.success());
        }

        fn commit(&self, file: &str, text: &str) {
            let path = self.0.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
            self.git(&["add", "-A"]);
            self.git(&["commit", "--quiet", "-m", text]);
        }

        fn spec(&self) -> PathBuf {
            self.0.path().join("zone")
        }
    }

    fn text(revision: &Revision) -> String {
        std::fs::read_to_string(revision.directory.join("main.hcl")).unwrap()
    }

    fn message(failure: &Failure) -> String {
        failure.problems[0].message.clone()
    }

    #[test]
    fn the_history_of_a_spec_is_that_of_its_directory_and_of_the_files_that_it_reads_elsewhere() {
        let repository = Repository::new();
        repository.commit("zone/main.hcl", "one");
        repository.commit("templates/a.yaml", "two");
        repository.commit("elsewhere", "three");
        repository.commit("zone/main.hcl", "four");
        repository.commit("elsewhere", "five");
        let files = ["../templates/a.yaml".to_owned(), "inside.yaml".to_owned()];
        let subjects = |limit| -> Vec<String> {
            let commits = history(&repository.spec(), &files, limit).unwrap();
            let open = |commit: &String| Revision::open(&repository.spec(), commit).unwrap().subject;
            commits.iter().map(open).collect()
        };
        assert_eq!(subjects(9), ["five", "four", "two", "one"]);
        assert_eq!(subjects(1), ["five", "four"], "the newest, and as many changes");
    }

    #[test]
    fn a_revision_is_opened_beside_the_working_tree() {
        let repository = Repository::new();
        repository.commit("zone/main.hcl", "one");
        repository.commit("zone/main.hcl", "two");
        std::fs::write(repository.spec().join("main.hcl"), "not committed").unwrap();
        let revision = Revision::open(&repository.spec(), "HEAD^").unwrap();
        assert_eq!(
            (text(&revision).as_str(), revision.subject.as_str()),
            ("one", "one")
        );
        let named = Revision::open(&repository.spec(), "HEAD").unwrap();
        assert!(named.file("main.hcl").ends_with(":zone/main.hcl"));
        assert!(
            named.directory.parent().unwrap().join(".git").exists(),
            "a spec may read what is beside it"
        );
        assert_eq!(text(&named), "two");
        let now = std::fs::read_to_string(repository.spec().join("main.hcl")).unwrap();
        assert_eq!(now, "not committed", "the working tree stays as it is");
        let files = named.directory.clone();
        drop(named);
        assert!(!files.exists());
    }

    #[test]
    fn what_cannot_be_found_is_named() {
        let repository = Repository::new();
        repository.commit("elsewhere", "nothing");
        repository.commit("zone/main.hcl", "one");
        let first = Revision::open(&repository.spec(), "HEAD^").unwrap_err();
        assert!(message(&first).contains("has no directory"), "{first:?}");
        let unknown = Revision::open(&repository.spec(), "v9").unwrap_err();
        assert!(message(&unknown).contains("`v9`"));
        let option = Revision::open(&repository.spec(), "--exec=rm").unwrap_err();
        assert!(message(&option).contains("there is no revision"));
        let outside = TempDir::new().unwrap();
        let outside = Revision::open(outside.path(), "HEAD").unwrap_err();
        assert!(message(&outside).contains("git"), "{outside:?}");
    }
}
