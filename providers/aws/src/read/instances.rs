//! The stacks of a stack set: tens of thousands in a large organization, so each page is made small as it comes.

use crate::classify::nonsense;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::read::progress::Progress;
use crate::read::stack_sets::{PAGE, parameters};
use crate::read::tree::IN_FLIGHT;
use crate::site::Stacks;
use aws_sdk_cloudformation::types::{
    StackDriftStatus, StackInstanceDetailedStatus, StackInstanceFilter, StackInstanceFilterName,
    StackInstanceStatus, StackInstanceSummary,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::id::AccountId;
use lz_model::live::{InstanceStatus, LiveStackInstance};
use lz_provider::ProviderError;

const LIST: Operation = Operation::ListStackInstances;

/// Which instances of a set are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OfSet<'a> {
    /// All of the set with this name.
    All(&'a str),
    /// Those in one account.
    In(&'a str, &'a AccountId),
    /// Those that drifted, by the last detection.
    Drifted(&'a str),
}

impl<'a> OfSet<'a> {
    const fn name(self) -> &'a str {
        match self {
            Self::All(name) | Self::In(name, _) | Self::Drifted(name) => name,
        }
    }

    fn account(self) -> Option<String> {
        match self {
            Self::In(_, account) => Some(account.as_str().to_owned()),
            Self::All(_) | Self::Drifted(_) => None,
        }
    }

    fn filters(self) -> Option<Vec<StackInstanceFilter>> {
        match self {
            Self::Drifted(_) => Some(vec![
                StackInstanceFilter::builder()
                    .name(StackInstanceFilterName::DriftStatus)
                    .values(StackDriftStatus::Drifted.as_str())
                    .build(),
            ]),
            Self::All(_) | Self::In(..) => None,
        }
    }

    /// Returns whether an instance is wanted. Other implementations of the API leave the filters out.
    fn wants(self, instance: &StackInstanceSummary) -> bool {
        match self {
            Self::All(_) => true,
            Self::In(_, account) => instance.account() == Some(account.as_str()),
            Self::Drifted(_) => instance.drift_status == Some(StackDriftStatus::Drifted),
        }
    }
}

/// Returns instances of a set, sorted by account and Region, without their own values of parameters. `on_page`
/// is called for each answer.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn list(
    stacks: &Stacks<'_>,
    wanted: OfSet<'_>,
    on_page: impl Fn(),
) -> Result<Vec<LiveStackInstance>, ProviderError> {
    let instances = stacks
        .list(
            LIST,
            |token| {
                let request = stacks.client().list_stack_instances();
                request
                    .stack_set_name(wanted.name())
                    .max_results(PAGE)
                    .set_stack_instance_account(wanted.account())
                    .set_filters(wanted.filters())
                    .set_call_as(stacks.call_as())
                    .set_next_token(token)
                    .send()
            },
            |answer| {
                on_page();
                let page = answer.summaries.unwrap_or_default().into_iter();
                let page = page.filter(|instance| wanted.wants(instance)).map(live);
                (Some(page.collect()), answer.next_token)
            },
        )
        .await?;
    let mut instances: Vec<LiveStackInstance> = instances.into_iter().collect::<Result<_, _>>()?;
    instances.sort_unstable();
    Ok(instances)
}

fn live(instance: StackInstanceSummary) -> Result<LiveStackInstance, ProviderError> {
    let detail = instance
        .stack_instance_status
        .and_then(|status| status.detailed_status);
    Ok(LiveStackInstance {
        status: status(instance.status.as_ref(), detail.as_ref())?,
        account: id(LIST, "Account", instance.account)?,
        region: id(LIST, "Region", instance.region)?,
        // A self-managed set's instances have none, which some endpoints write as an empty text.
        ou: instance
            .organizational_unit_id
            .filter(|ou| !ou.is_empty())
            .map(|ou| id(LIST, "OrganizationalUnitId", Some(ou)))
            .transpose()?,
        reason: instance.status_reason.filter(|reason| !reason.is_empty()),
        overrides: None,
    })
}

/// Returns whether a stack is what its set says. The detail tells an account that AWS passes over, and a stack
/// that only an operation that retains it takes out of the set (aws-facts sections 3.3 and 3.4).
fn status(
    status: Option<&StackInstanceStatus>,
    detail: Option<&StackInstanceDetailedStatus>,
) -> Result<InstanceStatus, ProviderError> {
    match (status, detail) {
        (_, Some(StackInstanceDetailedStatus::SkippedSuspendedAccount)) => Ok(InstanceStatus::Suspended),
        (Some(StackInstanceStatus::Inoperable), _)
        | (_, Some(StackInstanceDetailedStatus::Inoperable | StackInstanceDetailedStatus::FailedImport)) => {
            Ok(InstanceStatus::Inoperable)
        }
        (Some(StackInstanceStatus::Current), _) => Ok(InstanceStatus::Current),
        (Some(StackInstanceStatus::Outdated), _) => Ok(InstanceStatus::Outdated),
        _ => Err(nonsense(LIST, "a stack instance is in no state that lz knows")),
    }
}

/// Returns instances with their own values of parameters, which only a call for each of them shows.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(super) async fn with_overrides(
    stacks: &Stacks<'_>,
    name: &str,
    instances: Vec<LiveStackInstance>,
    progress: &Progress<'_>,
) -> Result<Vec<LiveStackInstance>, ProviderError> {
    let operation = Operation::DescribeStackInstance;
    let asked = stream::iter(instances).map(|instance| async move {
        let answer = stacks
            .send(operation, || {
                let request = stacks.client().describe_stack_instance();
                request
                    .stack_set_name(name)
                    .stack_instance_account(instance.account.as_str())
                    .stack_instance_region(instance.region.as_str())
                    .set_call_as(stacks.call_as())
                    .send()
            })
            .await?;
        progress.on("stack instances");
        let described = required(operation, "StackInstance", answer.stack_instance)?;
        Ok::<_, ProviderError>(LiveStackInstance {
            overrides: Some(parameters(described.parameter_overrides)),
            ..instance
        })
    });
    asked.buffered(IN_FLIGHT).try_collect().await
}
