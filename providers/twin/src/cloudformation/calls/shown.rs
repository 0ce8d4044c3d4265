//! Stacks of one account and Region, its own and those of sets, as that account sees them.

use crate::clock::AwsTime;
use crate::cloudformation::rules::{home_region, unknown_stack};
use crate::cloudformation::state::{
    DetailedStatus, Instance, InstanceStatus, Place, Stack, StackContent, StackSet, StackStatus, Work,
    effective,
};
use crate::wire::{Call, Refusal};
use crate::world::World;

/// A stack as its account sees it.
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: StackStatus,
    pub(crate) reason: Option<String>,
    pub(crate) content: StackContent,
    pub(crate) created_at: AwsTime,
    pub(crate) updated_at: Option<AwsTime>,
    pub(crate) deleted_at: Option<AwsTime>,
    pub(crate) protected: bool,
    pub(crate) disable_rollback: bool,
    pub(crate) timeout_minutes: Option<u64>,
}

impl Shown {
    fn own(id: &str, stack: &Stack) -> Shown {
        Shown {
            id: id.to_owned(),
            name: stack.name.clone(),
            status: stack.status,
            reason: stack.reason.clone(),
            content: stack.content.clone(),
            created_at: stack.created_at,
            updated_at: stack.updated_at,
            deleted_at: stack.deleted_at,
            protected: stack.protected,
            disable_rollback: stack.disable_rollback,
            timeout_minutes: stack.timeout_minutes,
        }
    }

    fn of_set(set: &StackSet, place: &Place, instance: &Instance, partition: &str) -> Option<Shown> {
        if instance.imported.is_some() && instance.revision.is_none() {
            // Its import has not succeeded, so it is still a stack of its account's own.
            return None;
        }
        let id = instance.stack_id(set.name(), place, partition)?;
        let number = instance.revision.unwrap_or(set.revision);
        let revision = set.revisions.get(&number)?;
        let content = StackContent {
            template: revision.template.clone(),
            parameters: effective(&revision.parameters, instance.overrides.as_deref()),
            hidden: revision.hidden.clone(),
            capabilities: revision.capabilities.clone(),
            tags: revision.tags.clone(),
            ..StackContent::default()
        };
        Some(Shown {
            id,
            name: instance.stack_name(set.name())?,
            status: status_of(set, instance),
            reason: instance.reason.as_deref().map(str::to_owned),
            content,
            created_at: instance.created_at.unwrap_or(AwsTime::from_millis(0)),
            updated_at: instance.updated_at,
            deleted_at: None,
            protected: instance.protected,
            disable_rollback: false,
            timeout_minutes: None,
        })
    }
}

/// Returns the status of an instance's stack.
fn status_of(set: &StackSet, instance: &Instance) -> StackStatus {
    let work = instance
        .operation
        .as_ref()
        .and_then(|operation| set.operation(operation))
        .map(|operation| &operation.work);
    let exists = instance.revision.is_some();
    match (instance.detailed, work) {
        (DetailedStatus::Running, Some(Work::Delete { .. })) => StackStatus::DeleteInProgress,
        (DetailedStatus::Running, _) if exists => StackStatus::UpdateInProgress,
        (DetailedStatus::Running, _) => StackStatus::CreateInProgress,
        (DetailedStatus::Failed, _) if exists => StackStatus::UpdateRollbackComplete,
        (DetailedStatus::Failed, _) => StackStatus::RollbackComplete,
        _ if instance.status == InstanceStatus::Inoperable => StackStatus::DeleteFailed,
        _ if instance.updated_at.is_some() => StackStatus::UpdateComplete,
        _ => StackStatus::CreateComplete,
    }
}

/// Returns where the caller is.
pub(crate) fn place_of(call: &Call<'_>) -> Place {
    Place {
        account: call.caller.clone(),
        region: home_region(call),
    }
}

/// Returns what the ids of the caller's stacks begin with.
pub(crate) fn prefix(call: &Call<'_>) -> String {
    let Place { account, region } = place_of(call);
    let partition = call.settings.partition.as_str();
    format!("arn:{partition}:cloudformation:{region}:{account}:stack/")
}

/// Returns every stack of the caller in its Region, by id.
pub(crate) fn all(world: &World, call: &Call<'_>) -> Vec<Shown> {
    let (place, prefix) = (place_of(call), prefix(call));
    let partition = call.settings.partition.as_str();
    let own = world
        .cloudformation
        .stacks
        .range(prefix.clone()..)
        .take_while(|(id, _)| id.starts_with(&prefix))
        .map(|(id, stack)| Shown::own(id, stack));
    let of_sets = world.cloudformation.sets.values().filter_map(|set| {
        let instance = set.instances.get(&place)?;
        Shown::of_set(set, &place, instance, partition)
    });
    let mut all: Vec<Shown> = own.chain(of_sets).collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all
}

/// Returns the stack that a name or an id names; by name only one that is not deleted.
pub(crate) fn find(world: &World, call: &Call<'_>, name: &str) -> Result<Shown, Refusal> {
    let found = all(world, call)
        .into_iter()
        .find(|stack| stack.id == name || stack.name == name && stack.status != StackStatus::DeleteComplete);
    found.ok_or_else(|| unknown_stack(name))
}
