//! Reading stacks: their own account sees them, whoever made them.

use super::shown::{Shown, all, find};
use super::stack_resource_id;
use crate::clock::AwsTime;
use crate::cloudformation::rules::unknown_stack;
use crate::cloudformation::state::{StackEvent, StackStatus};
use crate::cloudformation::template::{Scope, Template, read};
use crate::cloudformation::wire::{
    answer, invalid, pager, parameters_view, required, tags_view, text, texts,
};
use crate::wire::{Answer, Call, Refusal, Xml};
use crate::world::{DAY, World};

fn template_of(stack: &Shown) -> Template {
    // It was read when the stack was made, so it can be read again.
    read(&stack.content.template).unwrap_or_default()
}

fn outputs_view(xml: Xml, stack: &Shown, call: &Call<'_>) -> Xml {
    if matches!(
        stack.status,
        StackStatus::CreateInProgress | StackStatus::RollbackComplete | StackStatus::CreateFailed
    ) {
        return xml;
    }
    let physical = |name: &str| stack_resource_id(&stack.id, name);
    let scope = Scope {
        parameters: &stack.content.parameters,
        account: call.caller.as_str(),
        region: call.region,
        partition: call.settings.partition.as_str(),
        stack_id: &stack.id,
        stack_name: &stack.name,
        physical: &physical,
    };
    let outputs = template_of(stack).values_of_outputs(&scope);
    xml.list(
        "Outputs",
        outputs.into_iter().map(|output| {
            Xml::default()
                .text("OutputKey", &output.key)
                .text("OutputValue", &output.value)
                .maybe("Description", output.description.as_deref())
                .maybe("ExportName", output.export.as_deref())
        }),
    )
}

fn stack_view(stack: &Shown, call: &Call<'_>) -> Xml {
    let content = &stack.content;
    let moment = |at: Option<AwsTime>| at.map(AwsTime::iso8601);
    let mut xml = Xml::default()
        .text("StackId", &stack.id)
        .text("StackName", &stack.name)
        .maybe("Description", template_of(stack).description.as_deref());
    xml = parameters_view(xml, "Parameters", &content.parameters, &content.hidden);
    xml = xml
        .text("CreationTime", &stack.created_at.iso8601())
        .maybe("LastUpdatedTime", moment(stack.updated_at).as_deref())
        .maybe("DeletionTime", moment(stack.deleted_at).as_deref())
        .text("StackStatus", stack.status.as_str())
        .maybe("StackStatusReason", stack.reason.as_deref())
        .truth("DisableRollback", stack.disable_rollback)
        .texts(
            "NotificationARNs",
            content.notifications.iter().map(String::as_str),
        )
        .texts("Capabilities", content.capabilities.iter().map(String::as_str))
        .maybe("RoleARN", content.role.as_deref())
        .truth("EnableTerminationProtection", stack.protected);
    if let Some(minutes) = stack.timeout_minutes {
        xml = xml.text("TimeoutInMinutes", &minutes.to_string());
    }
    let xml = tags_view(outputs_view(xml, stack, call), &content.tags);
    xml.inside(
        "DriftInformation",
        Xml::default().text("StackDriftStatus", "NOT_CHECKED"),
    )
}

/// DescribeStacks: one, or all that are not deleted.
pub(crate) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let name = text(call.input, "StackName")?.filter(|name| !name.is_empty());
    let pager = pager(call, &[name.unwrap_or_default()])?;
    let found = match name {
        Some(name) => vec![find(world, call, name)?],
        None => {
            let mut all = all(world, call);
            all.retain(|stack| stack.status != StackStatus::DeleteComplete);
            all
        }
    };
    let rest = found
        .into_iter()
        .filter(|stack| stack.id.as_str() > pager.after());
    let page = pager.take(rest, |stack| stack.id.clone());
    let xml = Xml::default().list("Stacks", page.items.iter().map(|stack| stack_view(stack, call)));
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}

/// ListStacks: deleted ones too, for 90 days.
pub(crate) fn list(world: &World, call: &Call<'_>) -> Answer {
    let statuses = texts(call.input, "StackStatusFilter")?.filter(|list| !list.is_empty());
    let scope = statuses.as_deref().unwrap_or_default().join(" ");
    let pager = pager(call, &[&scope])?;
    let oldest = call.now.before(DAY * 90);
    let rest = all(world, call).into_iter().filter(|stack| {
        stack.id.as_str() > pager.after()
            && stack.deleted_at.is_none_or(|at| at >= oldest)
            && statuses
                .as_ref()
                .is_none_or(|wanted| wanted.iter().any(|wanted| wanted == stack.status.as_str()))
    });
    let page = pager.take(rest, |stack| stack.id.clone());
    let summaries = page.items.iter().map(|stack| {
        let moment = |at: Option<AwsTime>| at.map(AwsTime::iso8601);
        Xml::default()
            .text("StackId", &stack.id)
            .text("StackName", &stack.name)
            .maybe("TemplateDescription", template_of(stack).description.as_deref())
            .text("CreationTime", &stack.created_at.iso8601())
            .maybe("LastUpdatedTime", moment(stack.updated_at).as_deref())
            .maybe("DeletionTime", moment(stack.deleted_at).as_deref())
            .text("StackStatus", stack.status.as_str())
            .maybe("StackStatusReason", stack.reason.as_deref())
            .inside(
                "DriftInformation",
                Xml::default().text("StackDriftStatus", "NOT_CHECKED"),
            )
    });
    let xml = Xml::default().list("StackSummaries", summaries);
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}

/// GetTemplate: as it was given.
pub(crate) fn template(world: &World, call: &Call<'_>) -> Answer {
    if text(call.input, "ChangeSetName")?.is_some() {
        return Err(Refusal::unknown_operation(
            "cloudformation",
            "GetTemplate with ChangeSetName",
        ));
    }
    let stack = find(world, call, required(call.input, "StackName")?)?;
    let xml = Xml::default()
        .text("TemplateBody", &stack.content.template)
        .texts("StagesAvailable", ["Original", "Processed"]);
    answer(call, xml)
}

fn event_view(stack: &Shown, event: &StackEvent) -> Xml {
    let (logical, physical, kind) = match &event.resource {
        None => (
            stack.name.clone(),
            stack.id.clone(),
            "AWS::CloudFormation::Stack".to_owned(),
        ),
        Some((name, kind)) => (name.clone(), stack_resource_id(&stack.id, name), kind.clone()),
    };
    let number = crate::wire::scope_of(&[&stack.id, &event.number.to_string()]);
    Xml::default()
        .text("StackId", &stack.id)
        .text("EventId", &crate::cloudformation::state::uuid(number))
        .text("StackName", &stack.name)
        .text("LogicalResourceId", &logical)
        .text("PhysicalResourceId", &physical)
        .text("ResourceType", &kind)
        .text("Timestamp", &event.at.iso8601())
        .text("ResourceStatus", &event.status)
        .maybe("ResourceStatusReason", event.reason.as_deref())
}

/// DescribeStackEvents: the latest first. Stacks of sets show none, because the twin keeps none of theirs.
pub(crate) fn events(world: &World, call: &Call<'_>) -> Answer {
    let stack = find(world, call, required(call.input, "StackName")?)?;
    let pager = pager(call, &[&stack.id])?;
    let known = world.cloudformation.stacks.get(&stack.id);
    let before = pager.after().parse::<u64>().unwrap_or(u64::MAX);
    let rest = known
        .into_iter()
        .flat_map(|stack| stack.events.iter().rev())
        .filter(|event| event.number < before);
    let page = pager.take(rest, |event| event.number.to_string());
    let xml = Xml::default().list(
        "StackEvents",
        page.items.iter().map(|event| event_view(&stack, event)),
    );
    answer(call, xml.maybe("NextToken", page.next.as_deref()))
}

/// Returns the status of the resources of a stack, which is that of the stack.
fn resource_status(status: StackStatus) -> &'static str {
    match status {
        StackStatus::CreateInProgress => "CREATE_IN_PROGRESS",
        StackStatus::CreateComplete => "CREATE_COMPLETE",
        StackStatus::CreateFailed => "CREATE_FAILED",
        StackStatus::UpdateInProgress => "UPDATE_IN_PROGRESS",
        StackStatus::UpdateComplete | StackStatus::UpdateRollbackComplete => "UPDATE_COMPLETE",
        StackStatus::DeleteInProgress => "DELETE_IN_PROGRESS",
        StackStatus::RollbackComplete | StackStatus::DeleteComplete => "DELETE_COMPLETE",
        StackStatus::DeleteFailed => "DELETE_FAILED",
    }
}

/// DescribeStackResources.
pub(crate) fn resources(world: &World, call: &Call<'_>) -> Answer {
    let name = text(call.input, "StackName")?;
    let physical = text(call.input, "PhysicalResourceId")?;
    let stack = match (name, physical) {
        (Some(name), None) => find(world, call, name)?,
        (None, Some(physical)) => by_resource(world, call, physical)?,
        (Some(_), Some(_)) | (None, None) => {
            return Err(invalid(
                "Either StackName or PhysicalResourceId must be specified, and not both",
            ));
        }
    };
    let logical = text(call.input, "LogicalResourceId")?;
    let at = stack.updated_at.unwrap_or(stack.created_at).iso8601();
    let resources = template_of(&stack).resources;
    let fitting = resources
        .iter()
        .filter(|(name, _)| logical.is_none_or(|wanted| wanted == name.as_str()));
    let views = fitting.map(|(name, kind)| {
        Xml::default()
            .text("StackName", &stack.name)
            .text("StackId", &stack.id)
            .text("LogicalResourceId", name)
            .text("PhysicalResourceId", &stack_resource_id(&stack.id, name))
            .text("ResourceType", kind)
            .text("Timestamp", &at)
            .text("ResourceStatus", resource_status(stack.status))
            .inside(
                "DriftInformation",
                Xml::default().text("StackResourceDriftStatus", "NOT_CHECKED"),
            )
    });
    answer(call, Xml::default().list("StackResources", views))
}

fn by_resource(world: &World, call: &Call<'_>, physical: &str) -> Result<Shown, Refusal> {
    let found = all(world, call).into_iter().find(|stack| {
        let resources = template_of(stack).resources;
        resources
            .keys()
            .any(|name| stack_resource_id(&stack.id, name) == physical)
    });
    found.ok_or_else(|| unknown_stack(physical))
}
