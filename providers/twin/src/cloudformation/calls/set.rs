//! Stack sets: creating, reading, deleting.

use crate::cloudformation::rules::{
    EXECUTION_ROLE, Home, auto_deployment, capabilities, find_live, find_set, home, organization_of_home,
    refuse_composed, refuse_missing_capabilities, refuse_not_empty, refuse_other_owner_parts,
    refuse_taken_name, refuse_too_many_sets, refuse_without_access, template_source,
};
use crate::cloudformation::state::{Parameters, PermissionModel, Region, Revision, SetId, StackSet};
use crate::cloudformation::template::{Template, read};
use crate::cloudformation::wire::{
    Code, answer, boolean, invalid, object, pager, parameters, set_name, set_summary, set_view, tags, text,
};
use crate::wire::{Answer, Call, Input, Refusal, Xml};
use crate::world::{DAY, Timer, World};

/// Returns the permission model of a request (SELF_MANAGED unless it says otherwise; botocore model).
pub(super) fn model_of(input: &Input) -> Result<Option<PermissionModel>, Refusal> {
    text(input, "PermissionModel")?
        .map(|text| {
            PermissionModel::parse(text).ok_or_else(|| invalid(format!("`{text}` is not a PermissionModel")))
        })
        .transpose()
}

/// Returns the description of a request, 1 to 1,024 characters.
pub(super) fn description_of(input: &Input) -> Result<Option<String>, Refusal> {
    let Some(text) = text(input, "Description")?.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > 1024 {
        return Err(invalid("Description has 1 to 1024 characters"));
    }
    Ok(Some(text.to_owned()))
}

/// Returns whether a request asks for managed execution.
pub(super) fn execution_of(input: &Input) -> Result<Option<bool>, Refusal> {
    match object(input, "ManagedExecution")? {
        None => Ok(None),
        Some(execution) => boolean(&execution, "Active"),
    }
}

/// CreateStackSet.
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let name = set_name(call.input)?;
    let home = home(world, call)?;
    if let Some(id) = refuse_taken_name(world, call, &home, name)? {
        return answer(call, Xml::default().text("StackSetId", &id));
    }
    let model = model_of(call.input)?.unwrap_or(PermissionModel::SelfManaged);
    refuse_other_owner_parts(model, &home, call.input)?;
    if model == PermissionModel::ServiceManaged {
        refuse_without_access(world, organization_of_home(world, &home)?, call.settings)?;
    }
    let (text_of_template, template) = template_or_stack(world, call, &home)?;
    let auto = auto_deployment(world, &home, call.input, None, call.settings)?;
    if model == PermissionModel::ServiceManaged {
        refuse_composed(&template)?;
        refuse_no_auto_deployment(auto.is_some())?;
    }
    let given = parameters(call.input, "Parameters")?.unwrap_or_default();
    let values = template.values(&given, &Parameters::new()).map_err(invalid)?;
    let capabilities = capabilities(call.input)?.unwrap_or_default();
    refuse_missing_capabilities(&template, &capabilities)?;
    let tags = tags(call.input, call.settings)?.unwrap_or_default();
    refuse_too_many_sets(world, &home, call.settings)?;

    let id = SetId::of(name, world.mint.number());
    let mut set = StackSet::new(id.clone(), home.admin.clone(), home.region, model);
    set.description = description_of(call.input)?;
    set.auto = auto;
    set.managed_execution = execution_of(call.input)?.unwrap_or(false);
    if model == PermissionModel::SelfManaged {
        let partition = call.settings.partition.as_str();
        let default = format!(
            "arn:{partition}:iam::{}:role/AWSCloudFormationStackSetAdministrationRole",
            home.admin
        );
        let administration = text(call.input, "AdministrationRoleARN")?;
        set.administration_role = Some(administration.map_or(default, str::to_owned));
        let execution = text(call.input, "ExecutionRoleName")?;
        set.execution_role = Some(execution.unwrap_or(EXECUTION_ROLE).to_owned());
    }
    let token = text(call.input, "ClientRequestToken")?;
    set.created_by = token.map(|token| (token.to_owned(), call.input.digest()));
    let revision = Revision {
        template: text_of_template,
        parameters: values,
        hidden: template.hidden(),
        capabilities,
        tags,
    };
    set.revisions.insert(set.revision, revision);
    world.cloudformation.add(set);
    answer(call, Xml::default().text("StackSetId", id.as_str()))
}

/// SERVICE_MANAGED says at creation whether it deploys by itself (aws-facts 3.3).
fn refuse_no_auto_deployment(given: bool) -> Result<(), Refusal> {
    if given {
        return Ok(());
    }
    Err(invalid(
        "AutoDeployment must be specified with the permission model SERVICE_MANAGED",
    ))
}

/// Returns the template of a request, or that of the stack which `StackId` names.
fn template_or_stack(
    world: &World,
    call: &Call<'_>,
    home: &Home,
) -> Result<(std::sync::Arc<str>, Template), Refusal> {
    let source = template_source(world, call)?;
    let stack = text(call.input, "StackId")?;
    match (source, stack) {
        (Some(source), None) => Ok(source),
        (None, Some(id)) => {
            let begins = format!(
                "arn:{}:cloudformation:{}:{}:stack/",
                call.settings.partition.as_str(),
                home.region,
                call.caller
            );
            let stack = world.cloudformation.stacks.get(id);
            let stack = stack.filter(|_| id.starts_with(&begins));
            let stack = stack.ok_or_else(|| Code::StackNotFound.because(format!("Stack {id} not found")))?;
            let template = read(&stack.content.template).map_err(invalid)?;
            Ok((stack.content.template.clone(), template))
        }
        (Some(_), Some(_)) => Err(invalid("StackId goes with neither TemplateBody nor TemplateURL")),
        (None, None) => Err(invalid(
            "Either TemplateBody, TemplateURL or StackId must be specified",
        )),
    }
}

/// DescribeStackSet.
pub(crate) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_set(world, call, &home)?;
    answer(
        call,
        Xml::default().inside("StackSet", set_view(set, call.settings)),
    )
}

/// ListStackSets: deleted ones too unless filtered (aws-facts 3.1). A delegated administrator sees all that belong
/// to the organization (aws-facts 3.2).
pub(crate) fn list(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let status = text(call.input, "Status")?;
    if let Some(odd) = status.filter(|status| !matches!(*status, "ACTIVE" | "DELETED")) {
        return Err(invalid(format!("`{odd}` is not a status of a stack set")));
    }
    let called = if home.delegated { "delegated" } else { "self" };
    let pager = pager(call, &[status.unwrap_or_default(), called])?;
    let sets = world.cloudformation.of_home(&home.admin, &home.region);
    let fitting = sets.filter(|set| {
        let deleted = set.deleted_at.is_some();
        set.id.as_str() > pager.after()
            && (!home.delegated || set.model == PermissionModel::ServiceManaged)
            && status.is_none_or(|status| (status == "DELETED") == deleted)
    });
    let page = pager.take(fitting, |set| set.id.to_string());
    let summaries = page.items.iter().map(|set| set_summary(set));
    let xml = Xml::default().list("Summaries", summaries);
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}

/// DeleteStackSet (aws-facts R23). It stays listed as DELETED for a while (aws-facts 3.1).
pub(crate) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let id = match find_live(world, call, &home) {
        Ok(set) => {
            refuse_not_empty(set, call.settings)?;
            set.id.clone()
        }
        // Its model has no StackSetNotFound: what is gone is gone (botocore model, DeleteStackSet).
        Err(refusal) if refusal.status == 404 => return answer(call, Xml::default()),
        Err(refusal) => return Err(refusal),
    };
    if let Some(set) = world.cloudformation.get_mut(&id) {
        set.deleted_at = Some(call.now);
        set.targets.clear();
    }
    let gone = call.now.after(DAY * call.settings.deleted_stack_set_days);
    world.timers.set(gone, Timer::StackSetGone(id));
    answer(call, Xml::default())
}

/// ListStackSetAutoDeploymentTargets: the OUs that the set deploys to, with their Regions. What it says while
/// auto-deployment is off is UNCONFIRMED; the same.
pub(crate) fn list_targets(world: &World, call: &Call<'_>) -> Answer {
    let home = home(world, call)?;
    let set = find_live(world, call, &home)?;
    let pager = pager(call, &[set.id.as_str()])?;
    let rest = set
        .targets
        .iter()
        .filter(|(unit, _)| unit.as_str() > pager.after());
    let page = pager.take(rest, |(unit, _)| unit.as_str().to_owned());
    let summaries = page.items.iter().map(|(unit, regions)| {
        Xml::default()
            .text("OrganizationalUnitId", unit.as_str())
            .texts("Regions", regions.iter().map(Region::as_str))
    });
    let xml = Xml::default().list("Summaries", summaries);
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}
