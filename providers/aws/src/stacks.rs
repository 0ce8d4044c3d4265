//! CloudFormation through the port.

use crate::provider::AwsProvider;
use lz_model::id::{AccountId, Region};
use lz_model::live::{LiveOperation, LiveStackInstance};
use lz_provider::{InstanceDrift, InstanceResult, Kind, OperationState, ProviderError, SetHandle, StackSets};

/// Returns the error for what the port cannot do yet.
pub(crate) fn not_yet(operation: &str) -> ProviderError {
    ProviderError {
        kind: Kind::Invalid,
        operation: operation.to_owned(),
        code: "not_supported".to_owned(),
        message: "this version cannot do it yet".to_owned(),
        request_id: None,
        source: None,
    }
}

impl StackSets for AwsProvider {
    async fn operation(&self, _: &SetHandle, _: &str) -> Result<OperationState, ProviderError> {
        Err(not_yet("cloudformation:DescribeStackSetOperation"))
    }

    async fn results(&self, _: &SetHandle, _: &str) -> Result<Vec<InstanceResult>, ProviderError> {
        Err(not_yet("cloudformation:ListStackSetOperationResults"))
    }

    async fn stop(&self, _: &SetHandle, _: &str) -> Result<(), ProviderError> {
        Err(not_yet("cloudformation:StopStackSetOperation"))
    }

    async fn running(&self, _: &SetHandle) -> Result<Vec<LiveOperation>, ProviderError> {
        Err(not_yet("cloudformation:ListStackSetOperations"))
    }

    async fn instances(
        &self,
        _: &SetHandle,
        _: Option<&AccountId>,
    ) -> Result<Vec<LiveStackInstance>, ProviderError> {
        Err(not_yet("cloudformation:ListStackInstances"))
    }

    async fn drift(&self, _: &SetHandle, _: &str) -> Result<Vec<InstanceDrift>, ProviderError> {
        Err(not_yet("cloudformation:ListStackInstanceResourceDrifts"))
    }

    async fn alarm(&self, _: &Region, _: &str) -> Result<Option<bool>, ProviderError> {
        Err(not_yet("monitoring:DescribeAlarms"))
    }
}
