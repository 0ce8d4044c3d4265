//! Leaves wrong account requests out of a spec, so that the rest can go on.

use crate::diagnostic::{Errors, SpecDiagnostic};
use crate::source::{FileId, SourceKind, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// A request that is wrong and was left out.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// The label of its account.
    pub label: String,
    /// Its file.
    pub file: String,
    /// What is wrong with it.
    pub diagnostics: Vec<SpecDiagnostic>,
}

/// The requests that were left out so far, with what is wrong with them.
#[derive(Default)]
pub(crate) struct Gaps {
    requests: BTreeMap<FileId, Errors>,
}

impl Gaps {
    pub(crate) fn contains(&self, file: FileId) -> bool {
        self.requests.contains_key(&file)
    }

    /// Takes over what is wrong, if all of it is wrong with requests and nothing else is.
    ///
    /// An error that several requests share leaves all of them out: which of them is meant nobody knows.
    pub(crate) fn take(&mut self, errors: &mut Errors, sources: &Sources) -> bool {
        let is_request = |file: FileId| {
            sources
                .file(file)
                .is_some_and(|file| file.kind() == SourceKind::AccountRequest)
        };
        let Some(found) = errors.blame(is_request) else {
            return false;
        };
        for (file, diagnostics) in found {
            self.requests.entry(file).or_default().extend(diagnostics);
        }
        true
    }

    pub(crate) fn labels(&self, sources: &Sources) -> BTreeSet<String> {
        let files = self.requests.keys().filter_map(|file| sources.file(*file));
        files.map(|file| label_of(file.name()).to_owned()).collect()
    }

    /// Returns everything that is wrong with the requests.
    pub(crate) fn errors(self) -> Errors {
        let mut all = Errors::new();
        for mut errors in self.requests.into_values() {
            all.append(&mut errors);
        }
        all
    }

    pub(crate) fn left_out(self, sources: &Sources) -> Vec<LeftOut> {
        let requests = self.requests.into_iter();
        requests
            .filter_map(|(file, errors)| {
                let name = sources.file(file)?.name().to_owned();
                Some(LeftOut {
                    label: label_of(&name).to_owned(),
                    file: name,
                    diagnostics: errors.attached(sources),
                })
            })
            .collect()
    }
}

/// Returns the label that the name of a request's file gives.
pub(crate) fn label_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".yaml").unwrap_or(name)
}
