//! Stack sets of the administration Regions: those of the spec in full, of the others what a plan must know to
//! leave them alone.

use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::read::instances::{self, OfSet};
use crate::read::progress::Progress;
use crate::read::set_operations;
use crate::read::tree::IN_FLIGHT;
use crate::site::{Stacks, partition};
use aws_sdk_cloudformation::types::{
    AutoDeployment, Capability as SdkCapability, ManagedExecution, Parameter, PermissionModels, StackSet,
    StackSetStatus, StackSetSummary, Tag,
};
use futures_util::future::try_join3;
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::id::{ParentId, Region};
use lz_model::limits::STACKS_PAGE;
use lz_model::live::{LivePermissions, LiveStackSet, LiveTags};
use lz_model::stack::{Capability, StackSetKey};
use lz_provider::{Kind, ProviderError, StackScope, ZONE_TAG};
use std::collections::{BTreeMap, BTreeSet};

/// The most that CloudFormation gives at a time. Always sent, since the default is undocumented.
pub(crate) const PAGE: i32 = STACKS_PAGE as i32;

/// Returns whether Control Tower owns a stack set: its sets are never touched (aws-facts section 2, rule R38), so
/// nothing more is asked about them unless the spec names one.
fn is_control_towers(name: &str) -> bool {
    name.starts_with("AWSControlTower")
}

/// Returns the active stack sets of every Region of the scope.
///
/// # Errors
/// The first call that fails for good.
pub(super) async fn read(
    connection: &Connection,
    scope: &StackScope,
    progress: &Progress<'_>,
) -> Result<BTreeMap<StackSetKey, LiveStackSet>, ProviderError> {
    let regions = stream::iter(&scope.regions).map(|region| of_region(connection, scope, region, progress));
    regions
        .buffer_unordered(IN_FLIGHT)
        .try_fold(BTreeMap::new(), |mut all, sets| async move {
            all.extend(sets);
            Ok(all)
        })
        .await
}

async fn of_region(
    connection: &Connection,
    scope: &StackScope,
    region: &Region,
    progress: &Progress<'_>,
) -> Result<Vec<(StackSetKey, LiveStackSet)>, ProviderError> {
    let stacks = &Stacks::of(connection, region).await;
    let summaries = list(stacks).await?;
    progress.on("stack sets");
    let sets = stream::iter(summaries).map(|summary| async move {
        let name = required(
            Operation::ListStackSets,
            "StackSetName",
            summary.stack_set_name.clone(),
        )?;
        let key = StackSetKey {
            region: region.clone(),
            name,
        };
        let set = one(stacks, scope, &key, summary, progress).await?;
        Ok::<_, ProviderError>(set.map(|set| (key, set)))
    });
    sets.buffer_unordered(IN_FLIGHT)
        .try_filter_map(|set| async move { Ok(set) })
        .try_collect()
        .await
}

async fn list(stacks: &Stacks<'_>) -> Result<Vec<StackSetSummary>, ProviderError> {
    let listed = stacks
        .list(
            Operation::ListStackSets,
            |token| {
                let request = stacks.client().list_stack_sets();
                request
                    .status(StackSetStatus::Active)
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.summaries, answer.next_token),
        )
        .await?;
    // Other implementations of the API leave the filter out.
    let active = listed
        .into_iter()
        .filter(|set| set.status != Some(StackSetStatus::Deleted));
    Ok(active.collect())
}

/// Returns a set as far as the scope wants it, or `None` if it has gone since it was listed.
async fn one(
    stacks: &Stacks<'_>,
    scope: &StackScope,
    key: &StackSetKey,
    summary: StackSetSummary,
    progress: &Progress<'_>,
) -> Result<Option<LiveStackSet>, ProviderError> {
    let declared = scope.sets.contains(key);
    if is_control_towers(&key.name) && !declared {
        return in_outline(stacks, summary).await.map(Some);
    }
    let Some(described) = describe(stacks, &key.name).await? else {
        return Ok(None);
    };
    progress.on("stack sets");
    let ous = of_the_whole_set(&described)?;
    let mut set = live(described)?;
    if !declared && set.tags.get(ZONE_TAG) != Some(&scope.zone) {
        return Ok(Some(set));
    }
    let name = &key.name;
    let overrides = scope.overrides.contains(key);
    let read = try_join3(
        async {
            let instances =
                instances::list(stacks, OfSet::All(name), || progress.on("stack instances")).await?;
            if overrides {
                return instances::with_overrides(stacks, name, instances, progress).await;
            }
            Ok(instances)
        },
        set_operations::newest(stacks, name),
        async {
            match set.permissions {
                LivePermissions::Service { .. } => targets(stacks, name, ous).await,
                LivePermissions::OwnRoles { .. } => Ok(BTreeMap::new()),
            }
        },
    );
    let (instances, newest, ous) = match read.await {
        Err(error) if error.kind == Kind::NotFound => return Ok(None),
        read => read?,
    };
    set.instances = instances;
    set.running = newest.running;
    set.last_operation = newest.last;
    set.ous = ous;
    Ok(Some(set))
}

/// Returns a set's description, or `None` if AWS does not have it.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn describe(stacks: &Stacks<'_>, name: &str) -> Result<Option<StackSet>, ProviderError> {
    let operation = Operation::DescribeStackSet;
    let answer = stacks
        .send(operation, || {
            let request = stacks.client().describe_stack_set().stack_set_name(name);
            request.set_call_as(stacks.call_as()).send()
        })
        .await;
    let set = match answer {
        Err(error) if error.kind == Kind::NotFound => return Ok(None),
        answer => required(operation, "StackSet", answer?.stack_set)?,
    };
    Ok((set.status != Some(StackSetStatus::Deleted)).then_some(set))
}

/// Returns the OUs that a service-managed set is deployed to, each with its Regions. Where AWS lists no targets,
/// which may be so while automatic deployment is off (UNCONFIRMED, aws-facts section 7), those of the description.
async fn targets(
    stacks: &Stacks<'_>,
    name: &str,
    of_the_whole_set: BTreeMap<ParentId, BTreeSet<Region>>,
) -> Result<BTreeMap<ParentId, BTreeSet<Region>>, ProviderError> {
    let operation = Operation::ListAutoDeploymentTargets;
    let listed = stacks
        .list(
            operation,
            |token| {
                let request = stacks.client().list_stack_set_auto_deployment_targets();
                request
                    .stack_set_name(name)
                    .max_results(PAGE)
                    .set_call_as(stacks.call_as())
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.summaries, answer.next_token),
        )
        .await;
    let listed = match listed {
        // AWS does not list them for this set, or does not have the operation in this partition.
        Err(error) if error.kind == Kind::Invalid => return Ok(of_the_whole_set),
        listed => listed?,
    };
    if listed.is_empty() {
        return Ok(of_the_whole_set);
    }
    let mut targets: BTreeMap<ParentId, BTreeSet<Region>> = BTreeMap::new();
    for target in listed {
        let ou = id(operation, "OrganizationalUnitId", target.organizational_unit_id)?;
        let regions = target.regions.unwrap_or_default();
        targets
            .entry(ou)
            .or_default()
            .extend(parse(operation, "Regions", regions)?);
    }
    Ok(targets)
}

/// Returns the OUs of a description, each with every Region of the set: it does not tell them apart.
fn of_the_whole_set(set: &StackSet) -> Result<BTreeMap<ParentId, BTreeSet<Region>>, ProviderError> {
    let operation = Operation::DescribeStackSet;
    let regions = parse(operation, "Regions", set.regions().to_vec())?;
    let ous = set.organizational_unit_ids().iter().map(|ou| {
        let ou = id(operation, "OrganizationalUnitIds", Some(ou.clone()))?;
        Ok((ou, regions.clone()))
    });
    ous.collect()
}

fn parse(
    operation: Operation,
    member: &str,
    regions: Vec<String>,
) -> Result<BTreeSet<Region>, ProviderError> {
    let regions = regions
        .into_iter()
        .map(|region| id(operation, member, Some(region)));
    regions.collect()
}

/// Returns what the list says of a set, and nothing more.
async fn in_outline(stacks: &Stacks<'_>, summary: StackSetSummary) -> Result<LiveStackSet, ProviderError> {
    let set_id = required(Operation::ListStackSets, "StackSetId", summary.stack_set_id)?;
    let region = stacks.region();
    let account = &stacks.connection.caller().await?.account;
    Ok(LiveStackSet {
        arn: format!(
            "arn:{}:cloudformation:{region}:{account}:stackset/{set_id}",
            partition(region)
        ),
        id: set_id,
        description: summary.description.unwrap_or_default(),
        template: String::new(),
        parameters: BTreeMap::new(),
        capabilities: BTreeSet::new(),
        tags: LiveTags::new(),
        permissions: permissions(summary.permission_model, summary.auto_deployment, None, None),
        managed_execution: is_on(summary.managed_execution),
        ous: BTreeMap::new(),
        instances: Vec::new(),
        running: Vec::new(),
        last_operation: None,
    })
}

fn live(set: StackSet) -> Result<LiveStackSet, ProviderError> {
    let operation = Operation::DescribeStackSet;
    Ok(LiveStackSet {
        id: required(operation, "StackSetId", set.stack_set_id)?,
        arn: required(operation, "StackSetARN", set.stack_set_arn)?,
        description: set.description.unwrap_or_default(),
        template: set.template_body.unwrap_or_default(),
        parameters: parameters(set.parameters),
        capabilities: capabilities(set.capabilities),
        tags: tags(set.tags),
        permissions: permissions(
            set.permission_model,
            set.auto_deployment,
            set.administration_role_arn,
            set.execution_role_name,
        ),
        managed_execution: is_on(set.managed_execution),
        ous: BTreeMap::new(),
        instances: Vec::new(),
        running: Vec::new(),
        last_operation: None,
    })
}

fn is_on(execution: Option<ManagedExecution>) -> bool {
    execution.and_then(|execution| execution.active) == Some(true)
}

/// Returns who may do what. A set without a permission model is older than the choice, and self-managed.
fn permissions(
    model: Option<PermissionModels>,
    auto: Option<AutoDeployment>,
    administration_role: Option<String>,
    execution_role: Option<String>,
) -> LivePermissions {
    if model != Some(PermissionModels::ServiceManaged) {
        return LivePermissions::OwnRoles {
            administration_role,
            execution_role,
        };
    }
    let auto = auto.as_ref();
    LivePermissions::Service {
        auto_deployment: auto.and_then(|auto| auto.enabled) == Some(true),
        retain_stacks: auto.and_then(|auto| auto.retain_stacks_on_account_removal) == Some(true),
        depends_on: auto
            .map(|auto| auto.depends_on().iter().cloned().collect())
            .unwrap_or_default(),
    }
}

/// Returns values of parameters by name.
pub(super) fn parameters(parameters: Option<Vec<Parameter>>) -> BTreeMap<String, String> {
    let parameters = parameters.unwrap_or_default().into_iter();
    let pairs = parameters.filter_map(|parameter| {
        Some((
            parameter.parameter_key?,
            parameter.parameter_value.unwrap_or_default(),
        ))
    });
    pairs.collect()
}

/// Returns the capabilities that lz has a name for.
pub(super) fn capabilities(capabilities: Option<Vec<SdkCapability>>) -> BTreeSet<Capability> {
    let capabilities = capabilities.unwrap_or_default().into_iter();
    capabilities
        .filter_map(|capability| Capability::from_name(capability.as_str()))
        .collect()
}

/// Returns tags by key.
pub(crate) fn tags(tags: Option<Vec<Tag>>) -> LiveTags {
    let tags = tags.unwrap_or_default().into_iter();
    tags.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())))
        .collect()
}
