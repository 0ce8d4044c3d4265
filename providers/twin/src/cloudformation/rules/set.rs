//! What CloudFormation refuses about sets.

use super::access::Home;
use crate::cloudformation::state::{AutoDeployment, PermissionModel, StackSet};
use crate::cloudformation::wire::{Code, boolean, invalid, object, text, texts};
use crate::settings::Settings;
use crate::wire::{Call, Input, Refusal};
use crate::world::World;

/// A name is unique in its account and Region (aws-facts 3.1). The same request with the same token is answered as
/// before, unless the set has changed meanwhile (CreatedButModified 409). Returns the set that is there already.
pub(crate) fn refuse_taken_name(
    world: &World,
    call: &Call<'_>,
    home: &Home,
    name: &str,
) -> Result<Option<String>, Refusal> {
    let Some(set) = world.cloudformation.find(&home.admin, &home.region, name) else {
        return Ok(None);
    };
    let token = text(call.input, "ClientRequestToken")?;
    let known = set
        .created_by
        .as_ref()
        .filter(|(held, digest)| Some(held.as_str()) == token && *digest == call.input.digest());
    match known {
        Some(_) if set.changed => Err(Code::CreatedButModified.because(format!(
            "StackSet {name} was created by this request and has been modified since"
        ))),
        Some(_) => Ok(Some(set.id.to_string())),
        None => Err(Code::NameAlreadyExists.because(format!("StackSet {name} already exists"))),
    }
}

/// An account has so many sets at most (aws-facts 3.3, quotas).
pub(crate) fn refuse_too_many_sets(world: &World, home: &Home, settings: &Settings) -> Result<(), Refusal> {
    let ids = world.cloudformation.ids_of(&home.admin);
    let active = ids.iter().filter_map(|id| world.cloudformation.sets.get(id));
    if active.filter(|set| set.deleted_at.is_none()).count() < settings.stack_sets {
        return Ok(());
    }
    let message = format!(
        "The account has {} stack sets, which is the limit",
        settings.stack_sets
    );
    Err(Code::LimitExceeded.because(message))
}

/// A set has so many instances at most (aws-facts 3.3, quotas).
pub(crate) fn refuse_too_many_instances(
    set: &StackSet,
    new: usize,
    settings: &Settings,
) -> Result<(), Refusal> {
    if set.instances.len() + new <= settings.stack_instances {
        return Ok(());
    }
    let message = format!(
        "StackSet {} would have more than {} stack instances, which is the limit",
        set.name(),
        settings.stack_instances
    );
    Err(Code::LimitExceeded.because(message))
}

/// A set goes only when it has no instances and no running operation (aws-facts R23).
pub(crate) fn refuse_not_empty(set: &StackSet, settings: &Settings) -> Result<(), Refusal> {
    if let Some(open) = set.open_operations().next() {
        let arn = set.arn(settings.partition.as_str());
        return Err(Code::OperationInProgress.because(format!(
            "Another Operation on StackSet {arn} is in progress: {}",
            open.id
        )));
    }
    if set.instances.is_empty() {
        return Ok(());
    }
    Err(Code::StackSetNotEmpty.because(format!("StackSet {} is not empty", set.name())))
}

/// Roles belong to SELF_MANAGED, auto-deployment and delegated administrators to SERVICE_MANAGED (botocore model,
/// CreateStackSetInput).
pub(crate) fn refuse_other_owner_parts(
    model: PermissionModel,
    home: &Home,
    input: &Input,
) -> Result<(), Refusal> {
    match model {
        PermissionModel::ServiceManaged => {
            for name in ["AdministrationRoleARN", "ExecutionRoleName"] {
                if text(input, name)?.is_some() {
                    return Err(invalid(format!(
                        "{name} can't be specified with the permission model SERVICE_MANAGED"
                    )));
                }
            }
            Ok(())
        }
        PermissionModel::SelfManaged if home.delegated => Err(invalid(
            "CallAs DELEGATED_ADMIN can't be used with the permission model SELF_MANAGED",
        )),
        PermissionModel::SelfManaged => match object(input, "AutoDeployment")? {
            Some(_) => Err(invalid(
                "AutoDeployment can't be specified with the permission model SELF_MANAGED",
            )),
            None => Ok(()),
        },
    }
}

/// How many sets one may depend on, and how many dependencies an account may have (aws-facts R26).
const DEPENDENCIES: (usize, usize) = (10, 100);

/// Returns the auto-deployment that a request asks for. A dependency is a SERVICE_MANAGED set of the account, at
/// most 10 for a set and 100 for an account (aws-facts R26).
pub(crate) fn auto_deployment(
    world: &World,
    home: &Home,
    input: &Input,
    own: Option<&StackSet>,
    settings: &Settings,
) -> Result<Option<AutoDeployment>, Refusal> {
    let Some(auto) = object(input, "AutoDeployment")? else {
        return Ok(None);
    };
    let enabled =
        boolean(&auto, "Enabled")?.ok_or_else(|| invalid("AutoDeployment must say whether it is Enabled"))?;
    let retain = boolean(&auto, "RetainStacksOnAccountRemoval")?;
    let depends_on = texts(&auto, "DependsOn")?.unwrap_or_default();
    if !enabled && !depends_on.is_empty() {
        return Err(invalid(
            "DependsOn can only be specified while AutoDeployment is Enabled",
        ));
    }
    if depends_on.len() > DEPENDENCIES.0 {
        return Err(invalid(format!(
            "A stack set can depend on at most {} others",
            DEPENDENCIES.0
        )));
    }
    let partition = settings.partition.as_str();
    let ids = world.cloudformation.ids_of(&home.admin);
    let sets: Vec<_> = ids
        .iter()
        .filter_map(|id| world.cloudformation.sets.get(id))
        .filter(|set| set.deleted_at.is_none())
        .collect();
    for arn in &depends_on {
        let known = sets.iter().any(|set| {
            set.arn(partition) == *arn
                && set.model == PermissionModel::ServiceManaged
                && own.is_none_or(|own| own.id != set.id)
        });
        if !known {
            return Err(invalid(format!(
                "`{arn}` is not a stack set that this one can depend on"
            )));
        }
    }
    let others = sets.iter().filter(|set| own.is_none_or(|own| own.id != set.id));
    let held: usize = others
        .filter_map(|set| set.auto.as_ref())
        .map(|auto| auto.depends_on.len())
        .sum();
    if held + depends_on.len() > DEPENDENCIES.1 {
        return Err(invalid(format!(
            "The stack sets of an account can have at most {} dependencies",
            DEPENDENCIES.1
        )));
    }
    // What happens to stacks is said only while auto-deployment is on.
    Ok(Some(AutoDeployment {
        enabled,
        retain: retain.filter(|_| enabled),
        depends_on,
    }))
}

/// The permission model stays while there are instances (aws-facts R25).
pub(crate) fn refuse_changing_model(set: &StackSet, model: PermissionModel) -> Result<(), Refusal> {
    if set.model == model || set.instances.is_empty() {
        return Ok(());
    }
    Err(invalid(
        "PermissionModel can't be changed while the stack set has stack instances",
    ))
}

/// Managed execution stays while operations run or wait (aws-facts R25).
pub(crate) fn refuse_changing_execution(set: &StackSet, active: bool) -> Result<(), Refusal> {
    if set.managed_execution == active || set.open_operations().next().is_none() {
        return Ok(());
    }
    Err(Code::InvalidOperation
        .because("ManagedExecution can't be changed while operations of the stack set are running or queued"))
}

/// Auto-deployment is changed without targets (aws-facts R25).
pub(crate) fn refuse_retargeting_with_auto(input: &Input) -> Result<(), Refusal> {
    if object(input, "AutoDeployment")?.is_none() {
        return Ok(());
    }
    let regions = texts(input, "Regions")?.is_some_and(|regions| !regions.is_empty());
    if regions || object(input, "DeploymentTargets")?.is_some() {
        return Err(invalid(
            "AutoDeployment can't be changed together with DeploymentTargets or Regions",
        ));
    }
    Ok(())
}
