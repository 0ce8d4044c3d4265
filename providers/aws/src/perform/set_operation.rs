//! Operations of stack sets: each carries an id, so that it is one operation however often it is sent.

use crate::classify::misdirected;
use crate::connection::Connection;
use crate::operation::Operation;
use crate::perform::stack_set::{Present, redefined};
use crate::perform::template::{sdk_parameters, template};
use crate::read;
use crate::site::Stacks;
use aws_sdk_cloudformation::types::{
    AccountFilterType, ConcurrencyMode as SdkConcurrencyMode, DeploymentTargets, RegionConcurrencyType,
    StackSetOperationPreferences,
};
use lz_model::id::AccountId;
use lz_model::stack::{Amount, ConcurrencyMode, Pace, RegionConcurrency};
use lz_provider::{
    Created, Kind, OperationStatus, ProviderError, SetDefinition, SetFilter, SetHandle, SetOperation,
    SetTargets, SetWork, TagList,
};
use std::collections::BTreeMap;

/// Starts an operation. Returns its id.
///
/// # Errors
/// Why AWS has not started it, or that nobody knows.
pub(super) async fn start(
    connection: &Connection,
    wanted: &SetOperation,
) -> Result<Option<Created>, ProviderError> {
    let stacks = &Stacks::of_set(connection, &wanted.set).await;
    let order = &Order::of(wanted);
    let sent = match &wanted.work {
        SetWork::Create { overrides } => {
            order.check(Operation::CreateInstances)?;
            create(stacks, order, overrides).await
        }
        SetWork::Update { definition } => {
            order.check_update()?;
            match definition {
                Some(definition) => update(stacks, order, definition).await,
                None => update_again(stacks, order).await,
            }
        }
        SetWork::Override { overrides } => {
            order.check(Operation::UpdateInstances)?;
            give_values(stacks, order, overrides).await
        }
        SetWork::Delete { retain } => {
            order.check(Operation::DeleteInstances)?;
            delete(stacks, order, *retain).await
        }
        SetWork::DetectDrift => detect_drift(stacks, order).await,
    };
    begun(stacks, order.name, order.token, sent).await
}

/// Returns the operation that a call has started, now or when it was sent before. AWS answers a repeated call with
/// the operation's existence, or with the operation itself being in the way (aws-facts section 3.3).
///
/// # Errors
/// What AWS has answered, if there is no such operation.
pub(super) async fn begun(
    stacks: &Stacks<'_>,
    name: &str,
    token: &str,
    sent: Result<Option<String>, ProviderError>,
) -> Result<Option<Created>, ProviderError> {
    let id = match sent {
        Ok(Some(id)) if !id.is_empty() => id,
        Ok(_) => return Ok(None),
        Err(error) if error.kind == Kind::AlreadySo => token.to_owned(),
        Err(error) if error.kind == Kind::Conflict => {
            match read::describe_operation(stacks, name, token).await {
                Ok(Some(_)) => token.to_owned(),
                Ok(None) | Err(_) => return Err(error),
            }
        }
        Err(error) => return Err(error),
    };
    Ok(Some(Created {
        id,
        arn: None,
        tags: TagList::new(),
    }))
}

/// Asks AWS to stop an operation. One that is over is left as it is.
///
/// # Errors
/// Whatever keeps AWS from doing it.
pub(crate) async fn stop(connection: &Connection, set: &SetHandle, id: &str) -> Result<(), ProviderError> {
    let stacks = &Stacks::of_set(connection, set).await;
    let sent = stacks
        .send(Operation::StopOperationOfSet, || {
            let request = stacks.client().stop_stack_set_operation();
            request
                .stack_set_name(&set.key.name)
                .operation_id(id)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await;
    let Err(error) = sent else { return Ok(()) };
    match read::operation_state(stacks, &set.key.name, id).await {
        Ok(state) if state.status.is_over() || state.status == OperationStatus::Stopping => Ok(()),
        Ok(_) | Err(_) => Err(error),
    }
}

/// What every operation says.
struct Order<'a> {
    name: &'a str,
    token: &'a str,
    accounts: Option<Vec<String>>,
    targets: Option<DeploymentTargets>,
    regions: Vec<String>,
    preferences: StackSetOperationPreferences,
}

impl<'a> Order<'a> {
    fn of(wanted: &'a SetOperation) -> Self {
        let (accounts, targets) = match &wanted.targets {
            SetTargets::Named(accounts) => (Some(texts(accounts)).filter(|all| !all.is_empty()), None),
            SetTargets::Ous { ous, .. } if ous.is_empty() => (None, None),
            SetTargets::Ous { ous, filter } => {
                let ous = ous.iter().map(|ou| ou.as_str().to_owned()).collect();
                (None, Some(deployment_targets(ous, filter)))
            }
        };
        let regions: Vec<String> = wanted
            .regions
            .iter()
            .map(|region| region.as_str().to_owned())
            .collect();
        Self {
            name: &wanted.set.key.name,
            token: &wanted.token,
            accounts,
            targets,
            preferences: preferences(wanted.pace, &regions),
            regions,
        }
    }

    fn has_targets(&self) -> bool {
        self.accounts.is_some() || self.targets.is_some()
    }

    /// Refuses an operation on the stacks of nobody or nowhere.
    fn check(&self, operation: Operation) -> Result<(), ProviderError> {
        if self.has_targets() && !self.regions.is_empty() {
            return Ok(());
        }
        Err(misdirected(
            operation,
            "an operation without accounts or without Regions",
        ))
    }

    /// Refuses an update that names only a half of its targets: AWS would take the rest to be everything. One that
    /// names none is an update of the whole set (aws-facts section 3.3).
    fn check_update(&self) -> Result<(), ProviderError> {
        if self.has_targets() != self.regions.is_empty() {
            return Ok(());
        }
        Err(misdirected(
            Operation::UpdateStackSet,
            "an update with accounts and without Regions, or the other way round",
        ))
    }

    fn regions(&self) -> Option<Vec<String>> {
        (!self.regions.is_empty()).then(|| self.regions.clone())
    }
}

async fn create(
    stacks: &Stacks<'_>,
    order: &Order<'_>,
    overrides: &BTreeMap<String, String>,
) -> Result<Option<String>, ProviderError> {
    let answer = stacks
        .send(Operation::CreateInstances, || {
            let request = stacks.client().create_stack_instances();
            request
                .stack_set_name(order.name)
                .set_accounts(order.accounts.clone())
                .set_deployment_targets(order.targets.clone())
                .set_regions(order.regions())
                .set_parameter_overrides((!overrides.is_empty()).then(|| sdk_parameters(overrides)))
                .operation_preferences(order.preferences.clone())
                .operation_id(order.token)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await?;
    Ok(answer.operation_id)
}

async fn update(
    stacks: &Stacks<'_>,
    order: &Order<'_>,
    definition: &SetDefinition,
) -> Result<Option<String>, ProviderError> {
    let template = template(stacks, &definition.template).await?;
    let answer = stacks
        .send(Operation::UpdateStackSet, || {
            let request = stacks.client().update_stack_set().stack_set_name(order.name);
            redefined(request, definition, &template)
                .set_accounts(order.accounts.clone())
                .set_deployment_targets(order.targets.clone())
                .set_regions(order.regions())
                .operation_preferences(order.preferences.clone())
                .operation_id(order.token)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await?;
    Ok(answer.operation_id)
}

async fn update_again(stacks: &Stacks<'_>, order: &Order<'_>) -> Result<Option<String>, ProviderError> {
    let present = Present::of(stacks, order.name).await?;
    let answer = stacks
        .send(Operation::UpdateStackSet, || {
            let request = stacks.client().update_stack_set().stack_set_name(order.name);
            present
                .kept(request)
                .set_accounts(order.accounts.clone())
                .set_deployment_targets(order.targets.clone())
                .set_regions(order.regions())
                .operation_preferences(order.preferences.clone())
                .operation_id(order.token)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await?;
    Ok(answer.operation_id)
}

/// An empty list of values is sent too: it takes every value of the instances' own away (CloudFormation API
/// Reference, "UpdateStackInstances").
async fn give_values(
    stacks: &Stacks<'_>,
    order: &Order<'_>,
    overrides: &BTreeMap<String, String>,
) -> Result<Option<String>, ProviderError> {
    let answer = stacks
        .send(Operation::UpdateInstances, || {
            let request = stacks.client().update_stack_instances();
            request
                .stack_set_name(order.name)
                .set_accounts(order.accounts.clone())
                .set_deployment_targets(order.targets.clone())
                .set_regions(order.regions())
                .set_parameter_overrides(Some(sdk_parameters(overrides)))
                .operation_preferences(order.preferences.clone())
                .operation_id(order.token)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await?;
    Ok(answer.operation_id)
}

async fn delete(
    stacks: &Stacks<'_>,
    order: &Order<'_>,
    retain: bool,
) -> Result<Option<String>, ProviderError> {
    let answer = stacks
        .send(Operation::DeleteInstances, || {
            let request = stacks.client().delete_stack_instances();
            request
                .stack_set_name(order.name)
                .set_accounts(order.accounts.clone())
                .set_deployment_targets(order.targets.clone())
                .set_regions(order.regions())
                .retain_stacks(retain)
                .operation_preferences(order.preferences.clone())
                .operation_id(order.token)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await?;
    Ok(answer.operation_id)
}

async fn detect_drift(stacks: &Stacks<'_>, order: &Order<'_>) -> Result<Option<String>, ProviderError> {
    let answer = stacks
        .send(Operation::DetectDrift, || {
            let request = stacks.client().detect_stack_set_drift();
            request
                .stack_set_name(order.name)
                .operation_preferences(order.preferences.clone())
                .operation_id(order.token)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await?;
    Ok(answer.operation_id)
}

/// Returns the accounts below OUs. The filter is always said, since AWS's default means another thing for each
/// operation (aws-facts section 3.3).
fn deployment_targets(ous: Vec<String>, filter: &SetFilter) -> DeploymentTargets {
    let targets = DeploymentTargets::builder().set_organizational_unit_ids(Some(ous));
    let targets = match filter {
        SetFilter::All => targets.account_filter_type(AccountFilterType::None),
        SetFilter::Only(accounts) => targets
            .account_filter_type(AccountFilterType::Intersection)
            .set_accounts(Some(texts(accounts))),
        SetFilter::Except(accounts) => targets
            .account_filter_type(AccountFilterType::Difference)
            .set_accounts(Some(texts(accounts))),
    };
    targets.build()
}

fn texts(accounts: &[AccountId]) -> Vec<String> {
    accounts
        .iter()
        .map(|account| account.as_str().to_owned())
        .collect()
}

/// Returns how fast an operation goes as AWS takes it: at least one account at a time (aws-facts section 3.3), and
/// an order of Regions only where they come one after another.
pub(super) fn preferences(pace: Pace, regions: &[String]) -> StackSetOperationPreferences {
    let wanted = StackSetOperationPreferences::builder();
    let wanted = match pace.max_concurrent {
        Amount::Count(count) => wanted.max_concurrent_count(whole(count.max(1))),
        Amount::Percent(percent) => wanted.max_concurrent_percentage(i32::from(percent.max(1))),
    };
    let wanted = match pace.failure_tolerance {
        Amount::Count(count) => wanted.failure_tolerance_count(whole(count)),
        Amount::Percent(percent) => wanted.failure_tolerance_percentage(i32::from(percent)),
    };
    let wanted = match pace.mode {
        ConcurrencyMode::Strict => wanted.concurrency_mode(SdkConcurrencyMode::StrictFailureTolerance),
        ConcurrencyMode::Soft => wanted.concurrency_mode(SdkConcurrencyMode::SoftFailureTolerance),
    };
    let wanted = match pace.regions {
        RegionConcurrency::Sequential => wanted
            .region_concurrency_type(RegionConcurrencyType::Sequential)
            .set_region_order((!regions.is_empty()).then(|| regions.to_vec())),
        RegionConcurrency::Parallel => wanted.region_concurrency_type(RegionConcurrencyType::Parallel),
    };
    wanted.build()
}

fn whole(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
