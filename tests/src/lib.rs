//! What the suites share: the engine against the twin, in process, on virtual time.
//!
//! The suites themselves are integration tests; each is one binary, listed in `Cargo.toml`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on must fail"
)]

pub mod people;
pub mod picture;
pub mod zone;

use lz_apply::{Gates, Report, Stop};
use lz_aws::{AwsProvider, Options};
use lz_model::desired::Desired;
use lz_model::event::Silent;
use lz_model::id::AccountId;
use lz_model::live::Live;
use lz_model::plan::Plan;
use lz_plan::Refusal;
use lz_plan::approve::{Consent, approve};
use lz_plan::check::check;
use lz_provider::{Provider, Scope};
use lz_twin::connector::TwinHttpClient;
use lz_twin::{Clock, FaultScript, Settings, Twin};
use std::time::{Duration, UNIX_EPOCH};

/// The management account of every test organization.
pub const MANAGEMENT: &str = "111122223333";

/// Returns a runtime whose clock is virtual: it passes hours in a moment.
#[must_use]
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}

/// Says yes at every gate.
struct Yes;

impl Gates for Yes {
    async fn command(&self, _: &[String]) -> Result<bool, String> {
        Ok(true)
    }

    async fn approval(&self, _: &str) -> Result<bool, String> {
        Ok(true)
    }
}

/// The engine and the AWS that it works on.
pub struct World {
    /// AWS.
    pub twin: Twin,
    /// The port to it.
    pub provider: AwsProvider,
}

impl World {
    /// Returns a fresh account in no organization. Call it within a runtime.
    pub async fn new(settings: Settings, faults: FaultScript) -> Self {
        let twin = Twin::new(
            settings,
            faults,
            Clock::virtual_time(UNIX_EPOCH + Duration::from_secs(1_800_000_000)),
        );
        Self::over(twin).await
    }

    /// Returns the engine before an AWS that exists.
    pub async fn over(twin: Twin) -> Self {
        let account: AccountId = MANAGEMENT.parse().unwrap();
        let options = Options::in_process(TwinHttpClient::new(twin.clone()), &account);
        let provider = AwsProvider::connect(&options).await;
        Self { twin, provider }
    }

    /// Returns the organization as a plan for this spec reads it.
    pub async fn read(&self, desired: &Desired) -> Result<Live, lz_provider::ProviderError> {
        lz_apply::read(&self.provider, &Scope::of(desired), &Silent).await
    }

    /// Returns the plan for a spec.
    pub async fn plan(&self, desired: &Desired) -> Result<Plan, Refusal> {
        let live = self.read(desired).await.unwrap_or_else(|error| panic!("{error}"));
        lz_plan::plan(desired, &live)
    }

    /// Carries a plan out, unsafe moments included.
    pub async fn apply(&self, plan: Plan) -> Report {
        apply_with(&self.provider, plan).await
    }

    /// Plans and applies a spec and asserts that all of it was done.
    pub async fn converge(&self, desired: &Desired) {
        let plan = self
            .plan(desired)
            .await
            .unwrap_or_else(|refusal| panic!("{:#?}", refusal.problems));
        let report = self.apply(plan).await;
        assert!(report.is_complete(), "{report:#?}");
    }

    /// Asserts that nothing is left to do.
    pub async fn assert_settled(&self, desired: &Desired) {
        let plan = self
            .plan(desired)
            .await
            .unwrap_or_else(|refusal| panic!("{:#?}", refusal.problems));
        let left: Vec<&str> = plan.steps.iter().map(|step| step.id.as_str()).collect();
        assert!(left.is_empty(), "left to do: {left:#?}");
    }
}

/// Carries a plan out through any provider.
pub async fn apply_with<P: Provider>(provider: &P, plan: Plan) -> Report {
    let checked = check(plan).unwrap_or_else(|error| panic!("{error}"));
    let approved = approve(checked, Consent::StepsAndUnsafeMoments).unwrap_or_else(|error| panic!("{error}"));
    lz_apply::apply(&approved, provider, &Yes, &Silent, &Stop::default()).await
}

/// Returns the spec in a folder of `examples/`.
#[must_use]
pub fn example(name: &str) -> Desired {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples")
        .join(name);
    let loaded = lz_spec::load_dir(&folder, &lz_spec::Inputs::default());
    loaded.unwrap_or_else(|errors| panic!("{errors:?}")).desired
}

/// Returns the spec in a folder of `examples/` without its stack sets and stacks: what is about the organization alone
/// takes far fewer calls. Without its tests too: suites take policies out and put others in.
#[must_use]
pub fn organization(name: &str) -> Desired {
    let mut spec = example(name);
    spec.tests.clear();
    spec.stack_sets.clear();
    spec.stacks.clear();
    spec
}
