//! From a directory, or texts in memory, to the whole spec or everything that is wrong with it.

use crate::check::{Checked, Read, TemplateInfo, check};
use crate::codes::Code;
use crate::data::{DirectoryData, plain};
use crate::diagnostic::{Errors, SpecDiagnostic, SpecErrors};
use crate::left_out::{Gaps, LeftOut, label_of};
use crate::read::{hcl, yaml};
use crate::source::{FileId, SourceFile, SourceKind, Sources, Span};
use crate::syntax::{Body, Word};
use lz_model::address::Address;
use lz_model::desired::Desired;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The most bytes of one file of a spec.
const MAX_FILE: usize = 16 * 1024 * 1024;

/// Stack of the thread that reads a spec: deep nesting is refused long before it is used up.
const STACK: usize = 256 * 1024 * 1024;

/// What a spec is given from outside.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// `--var name=value`, in order; the last one of a name wins.
    pub vars: Vec<(String, String)>,
    /// Variables of the environment whose names begin with `LZ_VAR_`, without that prefix.
    pub env: Vec<(String, String)>,
    /// `--var-file`, in order; later files win.
    pub var_files: Vec<PathBuf>,
    /// Whether account requests that are wrong are left out, so that the rest can go on.
    pub keep_going: bool,
}

/// A spec that is right.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it wants.
    pub desired: Desired,
    /// Its texts.
    pub sources: Sources,
    /// The other files that its functions read, relative to its directory.
    pub files: Vec<String>,
    /// What is probably not meant.
    pub warnings: Vec<SpecDiagnostic>,
    /// Account requests that are wrong and were left out, by file; none unless the inputs allow it.
    pub left_out: Vec<LeftOut>,
    /// The account templates, by label.
    pub templates: Vec<TemplateInfo>,
    /// SHA-256 over everything that the result depends on, in hexadecimal.
    pub digest: String,
}

/// Reads the spec in a directory: every `*.hcl` and `*.lz.yaml` directly in it, and `accounts/*.yaml`.
///
/// Values of variables come from `lz.lzvars` and `*.auto.lzvars` in the directory, and from `inputs`.
///
/// # Errors
///
/// Returns everything that is wrong with the spec.
pub fn load_dir(directory: &Path, inputs: &Inputs) -> Result<Loaded, SpecErrors> {
    load_dir_with(directory, inputs, None)
}

/// Reads the spec in a directory as [`load_dir`] does, with one account request (its name, such as
/// `accounts/shop.yaml`, and its text) in the place of the one that is there, or beside those that are.
///
/// # Errors
///
/// Returns everything that is wrong with the spec.
pub fn load_dir_with(
    directory: &Path,
    inputs: &Inputs,
    request: Option<(&str, &str)>,
) -> Result<Loaded, SpecErrors> {
    let mut found = Found::default();
    if let Some((name, text)) = request {
        found.instead = Some((name.to_owned(), text.to_owned()));
    }
    found.directory(directory, inputs);
    finish(found, inputs)
}

/// Reads a spec from texts in memory. `inputs.var_files` name files among `sources`.
///
/// # Errors
///
/// Returns everything that is wrong with the spec.
pub fn load(sources: Sources, inputs: &Inputs) -> Result<Loaded, SpecErrors> {
    finish(
        Found {
            sources,
            errors: Errors::new(),
            instead: None,
        },
        inputs,
    )
}

/// The files of a spec, and those that could not be read.
#[derive(Default)]
struct Found {
    sources: Sources,
    errors: Errors,
    /// The name and text of an account request that is not, or not so, in the directory.
    instead: Option<(String, String)>,
}

impl Found {
    fn unreadable(&mut self, name: &str, error: &std::io::Error) {
        let message = format!("cannot read `{name}`: {}", plain(error));
        self.errors
            .push(SpecDiagnostic::without_place(Code::Unreadable, message));
    }

    fn directory(&mut self, directory: &Path, inputs: &Inputs) {
        match DirectoryData::new(directory) {
            Ok(data) => self.sources = std::mem::take(&mut self.sources).with_data(data),
            Err(error) => return self.unreadable(&directory.display().to_string(), &error),
        }
        let names = match file_names(directory) {
            Ok(names) => names,
            Err(error) => return self.unreadable(&directory.display().to_string(), &error),
        };
        for name in &names {
            if let Some(kind) = kind_of(name) {
                self.file(&directory.join(name), name, kind);
            } else if name.ends_with(".lz.yml") {
                self.ignored(name, "rename it to end in `.lz.yaml`");
            }
        }
        let accounts = directory.join("accounts");
        if accounts.is_dir() {
            match file_names(&accounts) {
                Ok(names) => names.iter().for_each(|name| self.request(&accounts, name)),
                Err(error) => self.unreadable("accounts", &error),
            }
            let mut below = Vec::new();
            if let Err(error) = requests_below(&accounts, "accounts", &mut below) {
                self.unreadable("accounts", &error);
            }
            for name in &below {
                self.ignored(
                    name,
                    "move it to `accounts/`: requests in folders below it are not read",
                );
            }
        }
        if let Some((name, text)) = self.instead.take() {
            self.sources
                .add(&name, SourceKind::AccountRequest, text.into_bytes());
        }
        if self.sources.files().next().is_none() && self.errors.is_empty() {
            let message = format!("`{}` holds no spec", directory.display());
            self.errors.push(
                SpecDiagnostic::without_place(Code::NoSpec, message)
                    .help("a spec is files that end in `.hcl` or `.lz.yaml`; `lz init` writes one"),
            );
        }
        for name in names.iter().filter(|name| *name == "lz.lzvars") {
            self.file(&directory.join(name), name, SourceKind::Variables);
        }
        for name in names.iter().filter(|name| name.ends_with(".auto.lzvars")) {
            self.file(&directory.join(name), name, SourceKind::Variables);
        }
        for path in &inputs.var_files {
            self.file(path, &path.display().to_string(), SourceKind::Variables);
        }
    }

    fn request(&mut self, folder: &Path, name: &str) {
        let shown = format!("accounts/{name}");
        if self
            .instead
            .as_ref()
            .is_some_and(|(instead, _)| *instead == shown)
        {
            return;
        }
        if name.ends_with(".yaml") {
            self.file(&folder.join(name), &shown, SourceKind::AccountRequest);
        } else if name.ends_with(".yml") {
            self.ignored(&shown, "rename it to end in `.yaml`");
        }
    }

    fn ignored(&mut self, name: &str, help: &str) {
        let message = format!("`{name}` is not read");
        self.errors.push(
            SpecDiagnostic::without_place(Code::Ignored, message)
                .help(help)
                .warning(),
        );
    }

    fn file(&mut self, path: &Path, name: &str, kind: SourceKind) {
        match std::fs::read(path) {
            Ok(bytes) => self.sources.add(name, kind, bytes),
            Err(error) => self.unreadable(name, &error),
        }
    }
}

fn kind_of(name: &str) -> Option<SourceKind> {
    if name.starts_with('.') {
        None
    } else if name.ends_with(".hcl") {
        Some(SourceKind::Hcl)
    } else if name.ends_with(".lz.yaml") {
        Some(SourceKind::Yaml)
    } else {
        None
    }
}

/// Returns the names of the files in a folder, sorted.
fn file_names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().is_file()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Finds what looks like requests in the folders inside `folder`, by their names in the spec, sorted.
fn requests_below(folder: &Path, shown: &str, found: &mut Vec<String>) -> std::io::Result<()> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A link could lead in a circle.
        if entry.file_type()?.is_dir()
            && let Ok(name) = entry.file_name().into_string()
            && !name.starts_with('.')
        {
            folders.push(name);
        }
    }
    folders.sort_unstable();
    for name in folders {
        let (inside, shown) = (folder.join(&name), format!("{shown}/{name}"));
        let names = file_names(&inside)?;
        let requests = names
            .iter()
            .filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"));
        found.extend(requests.map(|name| format!("{shown}/{name}")));
        requests_below(&inside, &shown, found)?;
    }
    Ok(())
}

/// Does the work in a thread with a stack of its own, so that the caller's does not matter.
fn finish(found: Found, inputs: &Inputs) -> Result<Loaded, SpecErrors> {
    let work = || read_and_check(found, inputs);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("spec".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => {
                let message = format!("cannot start a thread: {error}");
                let mut errors = Errors::new();
                errors.push(SpecDiagnostic::without_place(Code::Unreadable, message));
                Err(SpecErrors::new(errors, &Sources::new()))
            }
        }
    })
}

fn read_and_check(found: Found, inputs: &Inputs) -> Result<Loaded, SpecErrors> {
    let Found {
        sources,
        errors,
        instead: _,
    } = found;
    let mut gaps = Gaps::default();
    let (mut errors, checked) = loop {
        let mut round = errors.clone();
        let checked = check_once(&sources, inputs, &gaps, &mut round);
        // Each round leaves one more request out at least, so this ends.
        if round.are_warnings() || !inputs.keep_going || !gaps.take(&mut round, &sources) {
            break (round, checked);
        }
    };
    match checked.desired.filter(|_| errors.are_warnings()) {
        Some(mut desired) => {
            let digest = digest(&sources, inputs, &checked.data);
            desired.left_out = gaps.labels(&sources);
            keep_left_out(&mut desired);
            let left_out = gaps.left_out(&sources);
            let warnings = errors.attached(&sources);
            Ok(Loaded {
                desired,
                sources,
                files: checked.data.into_keys().collect(),
                warnings,
                left_out,
                templates: checked.templates,
                digest,
            })
        }
        None => {
            errors.append(&mut gaps.errors());
            Err(SpecErrors::new(errors, &sources))
        }
    }
}

/// A request that is left out still declares its account: a `removed` block must not end it.
fn keep_left_out(desired: &mut Desired) {
    let left_out = &desired.left_out;
    desired.removed.retain(|removed| match &removed.from {
        Address::Account(name) => !left_out.contains(&name.label),
        Address::Organization
        | Address::Root
        | Address::Ou(_)
        | Address::Policy(_)
        | Address::PolicyType(_)
        | Address::TrustedService(_)
        | Address::DelegatedAdmin(_)
        | Address::StackSet(_)
        | Address::Stack(_)
        | Address::PermissionSet(_)
        | Address::Assignment(_)
        | Address::ControlTower
        | Address::Baseline(_)
        | Address::Control(_) => true,
    });
}

/// Reads and checks everything but the requests that are left out.
fn check_once(sources: &Sources, inputs: &Inputs, gaps: &Gaps, errors: &mut Errors) -> Checked {
    let (read, missing) = read_all(sources, inputs, gaps, errors);
    let mut checked = check(&read, sources, inputs);
    match missing {
        Missing::Nothing => {}
        Missing::Requests => checked.diagnostics.forget(may_come_from_a_missing_account),
        Missing::Anything => checked.diagnostics.forget(may_come_from_a_gap),
    }
    errors.append(&mut checked.diagnostics);
    checked
}

/// What of the spec could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Missing {
    Nothing,
    /// Account requests and nothing else: what is wrong with others can still be told.
    Requests,
    Anything,
}

/// Returns whether an error may only say that the account of a request that could not be read is missing.
const fn may_come_from_a_missing_account(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownAccount | Code::Moved | Code::Bug | Code::Unused
    )
}

/// Returns whether an error may only say that what could not be read is missing.
const fn may_come_from_a_gap(code: Code) -> bool {
    matches!(
        code,
        Code::MissingZone
            | Code::UnknownVariable
            | Code::UnknownLocal
            | Code::UnknownOu
            | Code::UnknownAccount
            | Code::UnknownPolicy
            | Code::UnknownStackSet
            | Code::UnknownStack
            | Code::UndeclaredVariable
            | Code::MissingVariable
            | Code::PolicyContent
            | Code::PolicyTypeOff
            | Code::NoTrustedAccess
            | Code::Moved
            | Code::MissingAttribute
            | Code::Bug
            | Code::Unused
    )
}

fn read_all(sources: &Sources, inputs: &Inputs, gaps: &Gaps, errors: &mut Errors) -> (Read, Missing) {
    let mut missing = if errors.are_warnings() {
        Missing::Nothing
    } else {
        Missing::Anything
    };
    let mut read = Read {
        bodies: Vec::new(),
        requests: Vec::new(),
        variables: Vec::new(),
    };
    for (id, file) in sources.files().filter(|(id, _)| !gaps.contains(*id)) {
        let mut found = Errors::new();
        let body = read_file(id, file, &mut found);
        let whole = found.are_warnings();
        errors.append(&mut found);
        if !whole {
            missing = missing.max(match file.kind() {
                SourceKind::AccountRequest => Missing::Requests,
                SourceKind::Hcl | SourceKind::Yaml | SourceKind::Variables => Missing::Anything,
            });
        }
        let Some(body) = body else { continue };
        match file.kind() {
            SourceKind::Hcl | SourceKind::Yaml => read.bodies.push(body),
            SourceKind::Variables => read.variables.push(body),
            // The rest of a broken request says nothing: what it lacks may stand where it is broken.
            SourceKind::AccountRequest if !whole => {}
            SourceKind::AccountRequest => {
                let label = Word::new(label_of(file.name()), Span::new(id, 0, 0));
                read.requests.push((label, body));
            }
        }
    }
    for path in &inputs.var_files {
        let name = path.display().to_string();
        if !sources.files().any(|(_, file)| file.name() == name) && !errors.mention(&name) {
            let message = format!("there is no variable file `{name}`");
            errors.push(SpecDiagnostic::without_place(Code::Unreadable, message));
            missing = Missing::Anything;
        }
    }
    (read, missing)
}

fn read_file(id: FileId, file: &SourceFile, errors: &mut Errors) -> Option<Body> {
    let start = Span::new(id, 0, 0);
    if let Some(at) = file.invalid_at() {
        let message = format!("`{}` is not UTF-8", file.name());
        errors.push(
            SpecDiagnostic::new(Code::NotUtf8, Span::new(id, at, at), message)
                .here("the first byte that is not")
                .help("save the file as UTF-8"),
        );
        return None;
    }
    if file.text().len() > MAX_FILE {
        let message = format!("`{}` has more than 16 MiB", file.name());
        errors.push(SpecDiagnostic::new(Code::TooLarge, start, message).help("split the file"));
        return None;
    }
    let read = match file.kind() {
        SourceKind::Hcl | SourceKind::Variables => hcl::read_body(id, file.text()),
        SourceKind::Yaml => yaml::read_body(id, file.text()),
        SourceKind::AccountRequest => yaml::read_account(id, file.text()),
    };
    let (body, found) = read;
    errors.extend(found);
    Some(body)
}

/// Covers texts, data files and given values: whatever could change the result changes the digest.
fn digest(sources: &Sources, inputs: &Inputs, data: &std::collections::BTreeMap<String, Vec<u8>>) -> String {
    let mut hasher = Sha256::new();
    let mut add = |part: &[u8]| {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    };
    for (_, file) in sources.files() {
        add(file.name().as_bytes());
        add(file.text().as_bytes());
    }
    for (path, digest) in data {
        add(path.as_bytes());
        add(digest);
    }
    for (name, value) in inputs.env.iter().chain(&inputs.vars) {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
