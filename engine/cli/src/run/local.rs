//! The lock beside a spec: a file that the operating system frees when its process ends, however it ends.

use super::holder::{Holder, held};
use crate::context::Context;
use crate::measure;
use crate::problem::{Failure, Level, Problem};
use crate::world;
use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a lock that somebody holds is tried again.
const STEP: Duration = Duration::from_millis(250);

/// A lock that this process holds as long as the value lives.
#[derive(Debug)]
pub(super) struct LocalLock(File);

impl Drop for LocalLock {
    fn drop(&mut self) {
        // The lock goes with the file's last handle; what it says would only mislead.
        let _ = self.0.set_len(0);
    }
}

/// Returns the lock's file for a spec in a directory.
pub(crate) fn path(directory: &Path) -> PathBuf {
    directory.join(".lz").join("lock")
}

/// Takes the lock of a spec, within `patience`. Returns `None`, with a warning, where no file can be written.
///
/// # Errors
/// Another process holds it.
pub(super) fn take(
    context: &Context<'_>,
    directory: &Path,
    digest: &str,
    patience: Duration,
) -> Result<Option<LocalLock>, Failure> {
    let path = path(directory);
    let mut file = match open(&path) {
        Ok(file) => file,
        Err(error) => {
            context.warn(&[unprotected(&path, &error)])?;
            return Ok(None);
        }
    };
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if waited < patience => {
                let step = STEP.min(patience - waited);
                std::thread::sleep(step);
                waited += step;
            }
            Err(TryLockError::WouldBlock) => {
                let holder = Holder::parse(&read(&mut file));
                let help = "wait for it with `--lock-timeout 10m`; it goes with its process".to_owned();
                let lock = format!("`{}`", path.display());
                return Err(held(&lock, &holder, measure::now_seconds(), help));
            }
            Err(TryLockError::Error(error)) => {
                context.warn(&[unprotected(&path, &error)])?;
                return Ok(None);
            }
        }
    }
    let holder = Holder::of(context, None, digest, measure::now_seconds());
    // Whoever meets the lock reads it; that it cannot be told who holds it does not open it.
    let _ = file
        .set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| file.write_all(holder.to_text().as_bytes()));
    Ok(Some(LocalLock(file)))
}

/// Returns who holds the lock of a spec; `None` if nobody does.
pub(crate) fn look(directory: &Path) -> Option<Holder> {
    let mut file = File::options()
        .read(true)
        .write(true)
        .open(path(directory))
        .ok()?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Some(Holder::parse(&read(&mut file))),
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    world::prepare(path)?;
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

fn read(file: &mut File) -> String {
    let mut text = String::new();
    let _ = file
        .seek(SeekFrom::Start(0))
        .and_then(|_| file.read_to_string(&mut text));
    text
}

fn unprotected(path: &Path, error: &std::io::Error) -> Problem {
    let message = format!(
        "two runs from this directory are not kept apart: cannot lock `{}`: {error}",
        path.display()
    );
    Problem {
        level: Level::Warning,
        ..Problem::new("lz::cli::unlocked", message)
            .help("give the spec a `lock { s3 = \"bucket/key\" }` block, which keeps all runs apart")
    }
}
