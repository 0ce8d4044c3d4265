//! Access to data files: what `file()` and its kin may read, and nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The most bytes that a data file may have.
pub const MAX_DATA_BYTES: usize = 32 * 1024 * 1024;

/// Why a data file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// There is no such file.
    #[error("no such file")]
    NotFound,
    /// The path leaves the tree that the spec may read.
    #[error("the path leads out of the repository of the spec")]
    Outside,
    /// The file is too large.
    #[error("the file has more than 32 MiB")]
    TooLarge,
    /// The operating system refuses; its words.
    #[error("{0}")]
    Refused(String),
}

/// Reads data files. Paths are relative to the spec's directory, with `/` between folders and `..` only in front.
pub trait DataFiles: Send + Sync {
    /// Returns the bytes of a file.
    ///
    /// # Errors
    ///
    /// Returns why the file cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, DataError>;

    /// Returns the paths of all files below a folder, relative to that folder, sorted.
    ///
    /// # Errors
    ///
    /// Returns why the folder cannot be read.
    fn list(&self, folder: &str) -> Result<Vec<String>, DataError>;
}

/// No data files at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoData;

impl DataFiles for NoData {
    fn read(&self, _path: &str) -> Result<Vec<u8>, DataError> {
        Err(DataError::NotFound)
    }

    fn list(&self, _folder: &str) -> Result<Vec<String>, DataError> {
        Ok(Vec::new())
    }
}

/// Data files held in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryData {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryData {
    /// Returns the set with one more file.
    #[must_use]
    pub fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), bytes.into());
        self
    }
}

impl DataFiles for MemoryData {
    fn read(&self, path: &str) -> Result<Vec<u8>, DataError> {
        if path.starts_with("..") {
            return Err(DataError::Outside);
        }
        self.files.get(path).cloned().ok_or(DataError::NotFound)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, DataError> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        Ok(self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&prefix))
            .map(str::to_owned)
            .collect())
    }
}

/// Data files below a directory. A path may climb to the root of the repository that holds the spec, no further.
#[derive(Debug, Clone)]
pub struct DirectoryData {
    base: PathBuf,
    root: PathBuf,
}

impl DirectoryData {
    /// Returns access for the spec in this directory.
    ///
    /// # Errors
    ///
    /// Returns the operating system's error if the directory cannot be found.
    pub fn new(directory: &Path) -> std::io::Result<Self> {
        let base = directory.canonicalize()?;
        let root = base
            .ancestors()
            .find(|folder| folder.join(".git").exists())
            .unwrap_or(&base)
            .to_owned();
        Ok(Self { base, root })
    }

    /// Follows links before it compares, so that a link cannot lead outside either.
    fn resolve(&self, path: &str) -> Result<PathBuf, DataError> {
        let found = self
            .base
            .join(path)
            .canonicalize()
            .map_err(|error| refused(&error))?;
        if found.starts_with(&self.root) {
            Ok(found)
        } else {
            Err(DataError::Outside)
        }
    }
}

fn refused(error: &std::io::Error) -> DataError {
    if error.kind() == std::io::ErrorKind::NotFound {
        DataError::NotFound
    } else {
        DataError::Refused(plain(error))
    }
}

/// Returns what the operating system says, without its number.
pub(crate) fn plain(error: &std::io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

impl DataFiles for DirectoryData {
    fn read(&self, path: &str) -> Result<Vec<u8>, DataError> {
        let found = self.resolve(path)?;
        let size = std::fs::metadata(&found).map_err(|error| refused(&error))?.len();
        if size > MAX_DATA_BYTES as u64 {
            return Err(DataError::TooLarge);
        }
        std::fs::read(found).map_err(|error| refused(&error))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, DataError> {
        let top = self.resolve(if folder.is_empty() { "." } else { folder })?;
        let mut found = Vec::new();
        let mut open = vec![(top, String::new())];
        while let Some((folder, prefix)) = open.pop() {
            for entry in std::fs::read_dir(folder).map_err(|error| refused(&error))? {
                let entry = entry.map_err(|error| refused(&error))?;
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let kind = entry.file_type().map_err(|error| refused(&error))?;
                if kind.is_dir() {
                    if name != ".git" && name != ".lz" {
                        open.push((entry.path(), format!("{prefix}{name}/")));
                    }
                } else {
                    found.push(format!("{prefix}{name}"));
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

/// Returns the path without `.` and inner `..`, or nothing if it is absolute or names no file.
pub(crate) fn normal_path(path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') || path.contains('\0') || path.get(1..2) == Some(":") {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
