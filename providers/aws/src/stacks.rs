//! CloudFormation through the port: what becomes of operations.

use crate::provider::AwsProvider;
use crate::read::{self, OfSet};
use crate::site::Stacks;
use crate::{alarm, perform};
use lz_model::id::{AccountId, Region};
use lz_model::live::{LiveOperation, LiveStackInstance};
use lz_provider::{InstanceDrift, InstanceResult, OperationState, ProviderError, SetHandle, StackSets};

impl StackSets for AwsProvider {
    async fn operation(&self, set: &SetHandle, id: &str) -> Result<OperationState, ProviderError> {
        let stacks = Stacks::of_set(&self.connection, set).await;
        read::operation_state(&stacks, &set.key.name, id).await
    }

    async fn results(&self, set: &SetHandle, id: &str) -> Result<Vec<InstanceResult>, ProviderError> {
        let stacks = Stacks::of_set(&self.connection, set).await;
        read::results(&stacks, &set.key.name, id).await
    }

    async fn stop(&self, set: &SetHandle, id: &str) -> Result<(), ProviderError> {
        perform::stop(&self.connection, set, id).await
    }

    async fn running(&self, set: &SetHandle) -> Result<Vec<LiveOperation>, ProviderError> {
        let stacks = Stacks::of_set(&self.connection, set).await;
        let newest = read::newest_operations(&stacks, &set.key.name).await?;
        Ok(newest.running)
    }

    async fn instances(
        &self,
        set: &SetHandle,
        account: Option<&AccountId>,
    ) -> Result<Vec<LiveStackInstance>, ProviderError> {
        let stacks = Stacks::of_set(&self.connection, set).await;
        let name = &set.key.name;
        let wanted = account.map_or(OfSet::All(name), |account| OfSet::In(name, account));
        read::list_instances(&stacks, wanted, || ()).await
    }

    async fn drift(&self, set: &SetHandle, detection: &str) -> Result<Vec<InstanceDrift>, ProviderError> {
        let stacks = Stacks::of_set(&self.connection, set).await;
        read::drift(&stacks, &set.key.name, detection).await
    }

    async fn alarm(&self, region: &Region, name: &str) -> Result<Option<bool>, ProviderError> {
        alarm::is_ringing(&self.connection, region, name).await
    }
}
