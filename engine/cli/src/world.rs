//! What a run reads and changes: AWS, something at a URL, or the embedded twin.

use crate::args::{Global, Target};
use crate::consent;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::measure;
use crate::problem::{Failure, Problem};
use lz_aws::{AwsProvider, Credentials, Options, Role, Stats};
use lz_model::id::{AccountId, Region};
use lz_twin::connector::TwinHttpClient;
use lz_twin::{AwsTime, Clock, FaultScript, Settings, StateError, Twin, Usage};
use std::future::Future;
use std::path::{Path, PathBuf};
use tokio::runtime::{Builder, Runtime};

/// The folder beside a spec that holds what lz keeps for itself.
const FOLDER: &str = ".lz";
/// Accounts that the embedded twin may hold: what AWS grants on request, not the 10 that it starts with.
const TWIN_ACCOUNTS: usize = 50_000;

/// A world, and the runtime in which it is reached.
pub(crate) struct World {
    runtime: Runtime,
    provider: AwsProvider,
    twin: Option<Embedded>,
}

/// The embedded twin and the file that keeps its state.
struct Embedded {
    twin: Twin,
    file: PathBuf,
}

impl World {
    /// Opens the world that a target names, for a spec in `directory` of this management account.
    ///
    /// # Errors
    /// Options that contradict the target, or a state file that cannot be read.
    pub(crate) fn open(
        global: &Global,
        environment: &Environment,
        target: &Target,
        directory: &Path,
        account: Option<&AccountId>,
    ) -> Result<Self, Failure> {
        match target {
            Target::Twin(file) => {
                let file = file
                    .clone()
                    .unwrap_or_else(|| directory.join(FOLDER).join("twin.json"));
                Self::embedded(file, account)
            }
            Target::Aws => Self::connected(global, None, Credentials::Chain),
            Target::Url(url) => {
                let anybody = url.is_loopback() && !environment.aws_credentials;
                let credentials = match account {
                    Some(account) if anybody => local(account.as_str()),
                    None if anybody => local("lz"),
                    Some(_) | None => Credentials::Chain,
                };
                Self::connected(global, Some(url.as_str().to_owned()), credentials)
            }
        }
    }

    fn connected(global: &Global, endpoint_url: Option<String>, found: Credentials) -> Result<Self, Failure> {
        let region: Option<Region> = global
            .region
            .as_ref()
            .map(|text| text.parse())
            .transpose()
            .map_err(|error: lz_model::id::IdError| {
                Failure::of(Exit::Error, Problem::new("lz::cli::region", error.to_string()))
            })?;
        let options = Options {
            endpoint_url,
            region,
            credentials: global.profile.clone().map_or(found, Credentials::Profile),
            role: global.role_arn.clone().map(|arn| Role {
                arn,
                session_name: None,
                external_id: None,
            }),
            // Runs that begin at the same moment should not wait in step.
            seed: measure::now_seconds().to_bits(),
            ..Options::default()
        };
        let runtime = runtime(Builder::new_current_thread().enable_all())?;
        let provider = runtime.block_on(AwsProvider::connect(&options));
        Ok(Self {
            runtime,
            provider,
            twin: None,
        })
    }

    fn embedded(file: PathBuf, account: Option<&AccountId>) -> Result<Self, Failure> {
        // Time is virtual: it jumps to whatever is awaited.
        let runtime = runtime(Builder::new_current_thread().enable_all().start_paused(true))?;
        let mut settings = Settings {
            accounts: TWIN_ACCOUNTS,
            ..Settings::default()
        };
        if let Some(account) = account {
            settings.default_account = account.as_str().to_owned();
        }
        let clock = Clock::virtual_time(AwsTime::EXAMPLE);
        let twin = Twin::open(&file, settings.clone(), FaultScript::none(), clock)
            .map_err(|error| bad_state(&file, &error))?;
        let caller: AccountId =
            settings
                .default_account
                .parse()
                .map_err(|error: lz_model::id::IdError| {
                    Failure::of(Exit::Bug, Problem::new("lz::twin::account", error.to_string()))
                })?;
        let options = Options::in_process(TwinHttpClient::new(twin.clone()), &caller);
        let provider = runtime.block_on(AwsProvider::connect(&options));
        Ok(Self {
            runtime,
            provider,
            twin: Some(Embedded { twin, file }),
        })
    }

    /// Returns whether somebody must agree before it is changed.
    pub(crate) const fn kind(&self) -> consent::World {
        match self.twin {
            Some(_) => consent::World::Twin,
            None => consent::World::Real,
        }
    }

    /// Returns the provider.
    pub(crate) const fn provider(&self) -> &AwsProvider {
        &self.provider
    }

    /// Returns what the work brings.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Returns the time on AWS's clock, in seconds since 1970 UTC.
    pub(crate) fn now(&self) -> f64 {
        match &self.twin {
            Some(embedded) => {
                let _virtual_time = self.runtime.enter();
                embedded.twin.now().epoch_seconds()
            }
            None => measure::now_seconds(),
        }
    }

    /// Returns the file that keeps the embedded twin's state.
    pub(crate) fn twin_file(&self) -> Option<&Path> {
        self.twin.as_ref().map(|embedded| embedded.file.as_path())
    }

    /// Returns what has been asked of AWS so far.
    pub(crate) fn stats(&self) -> Stats {
        self.provider.stats()
    }

    /// Returns what the embedded twin has cost so far.
    pub(crate) fn usage(&self) -> Option<Usage> {
        let _virtual_time = self.runtime.enter();
        self.twin.as_ref().map(|embedded| embedded.twin.usage())
    }

    /// Keeps the embedded twin's state for the next run.
    ///
    /// # Errors
    /// What keeps the file from being written.
    pub(crate) fn save(&self) -> Result<(), Failure> {
        let Some(Embedded { twin, file }) = &self.twin else {
            return Ok(());
        };
        let _virtual_time = self.runtime.enter();
        prepare(file)
            .and_then(|()| twin.save(file))
            .map_err(|error| Failure::file("write", file, &error))
    }
}

/// Makes the folder of a state file; git ignores one of lz's own.
pub(crate) fn prepare(file: &Path) -> std::io::Result<()> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder)?;
    let ignore = folder.join(".gitignore");
    if folder.file_name().is_some_and(|name| name == FOLDER) && !ignore.exists() {
        std::fs::write(ignore, "*\n")?;
    }
    Ok(())
}

/// Returns credentials that a twin or a mock on this machine takes; a twin reads the account from the key.
fn local(access_key: &str) -> Credentials {
    Credentials::Static {
        access_key: access_key.to_owned(),
        secret_key: "local".to_owned(),
    }
}

fn runtime(builder: &mut Builder) -> Result<Runtime, Failure> {
    builder.build().map_err(|error| {
        let message = format!("cannot start: {error}");
        Failure::of(Exit::Error, Problem::new("lz::cli::runtime", message))
    })
}

fn bad_state(file: &Path, error: &StateError) -> Failure {
    let message = format!("cannot read the twin's state `{}`: {error}", file.display());
    let problem = Problem::new("lz::twin::state", message);
    Failure::of(
        Exit::Error,
        problem.help("remove the file to begin with an empty twin"),
    )
}
