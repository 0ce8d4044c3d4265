//! The port itself: who calls what.

use crate::connect::connect;
use crate::connection::Connection;
use crate::options::Options;
use crate::stats::Stats;
use crate::{find, perform, read, root_users};
use lz_model::event::Observer;
use lz_model::id::AccountId;
use lz_model::limits::{ASSIGNMENTS_IN_FLIGHT, CLOSURES_IN_FLIGHT, CONTROLS_IN_FLIGHT, CREATIONS_IN_FLIGHT};
use lz_model::live::Live;
use lz_model::plan::Lane;
use lz_provider::{
    Call, Created, Member, Natural, Provider, ProviderError, RootCredentials, RootSummary, RootUsers, Scope,
};

/// An AWS organization, or something that answers like one.
#[derive(Debug)]
pub struct AwsProvider {
    pub(crate) connection: Connection,
}

impl AwsProvider {
    /// Returns a provider for what the options say. Nothing is sent yet; a wrong endpoint or missing
    /// credentials show with the first call.
    pub async fn connect(options: &Options) -> Self {
        Self {
            connection: Connection::new(connect(options).await, options.seed, options.transport.slack()),
        }
    }

    /// Returns what has been asked of AWS so far. May be called at any time, also while calls are running.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.connection.stats()
    }
}

impl RootUsers for AwsProvider {
    async fn members(&self) -> Result<Vec<Member>, ProviderError> {
        root_users::members(&self.connection).await
    }

    async fn root_summary(&self, account: &AccountId) -> Result<RootSummary, ProviderError> {
        root_users::summary(&self.connection, account).await
    }

    async fn root_credentials(&self, account: &AccountId) -> Result<RootCredentials, ProviderError> {
        root_users::credentials(&self.connection, account).await
    }

    async fn remove_root_credentials(
        &self,
        account: &AccountId,
        held: &RootCredentials,
    ) -> Result<(), ProviderError> {
        root_users::remove(&self.connection, account, held).await
    }
}

impl Provider for AwsProvider {
    async fn read(&self, scope: &Scope, observer: &dyn Observer) -> Result<Live, ProviderError> {
        // Futures over every call of a service are large; boxed, whoever awaits them needs no more stack for it.
        Box::pin(read::read(&self.connection, scope, observer)).await
    }

    async fn perform(&self, call: &Call) -> Result<Option<Created>, ProviderError> {
        Box::pin(perform::perform(&self.connection, call)).await
    }

    async fn find(&self, natural: &Natural) -> Result<Option<Created>, ProviderError> {
        Box::pin(find::find(&self.connection, natural)).await
    }

    fn width(&self, lane: Lane) -> usize {
        match lane {
            Lane::Organization => 1,
            Lane::AccountCreation => CREATIONS_IN_FLIGHT,
            Lane::AccountClosure => CLOSURES_IN_FLIGHT,
            // PutAccountName is counted per account, so several accounts do not wait for one another.
            Lane::AccountSettings => 4,
            // Each set does one operation at a time by its own order of steps.
            Lane::Stacks => 64,
            Lane::ControlTower => 1,
            Lane::Controls => CONTROLS_IN_FLIGHT,
            // Enrolments are AWS's own; lz only waits for them.
            Lane::Enrolments => 64,
            // Each step keeps to the assignments that AWS bears at a time.
            Lane::Identity => ASSIGNMENTS_IN_FLIGHT,
        }
    }
}
