//! Stack sets, instances and operations as answers show them.

use std::collections::BTreeSet;

use super::preferences::written;
use crate::cloudformation::state::{
    AutoDeployment, DriftDetails, DriftStatus, GivenTargets, Instance, Operation, OperationStatus, Outcome,
    OutcomeState, Parameters, PermissionModel, Place, StackSet, Work,
};
use crate::settings::Settings;
use crate::wire::{Answer, Body, Call, Xml};
use crate::world::{ParentId, Tags};

/// Answers with a result; the protocol wraps the response around it.
pub(crate) fn answer(call: &Call<'_>, result: Xml) -> Answer {
    let body = Xml::default().inside(&format!("{}Result", call.operation), result);
    Ok(Body::new(body.into_bytes()))
}

/// Writes parameters; a hidden value shows as asterisks.
pub(crate) fn parameters_view(
    xml: Xml,
    name: &str,
    parameters: &Parameters,
    hidden: &BTreeSet<String>,
) -> Xml {
    xml.list(
        name,
        parameters.iter().map(|(key, value)| {
            let shown = if hidden.contains(key) { "****" } else { value };
            Xml::default()
                .text("ParameterKey", key)
                .text("ParameterValue", shown)
        }),
    )
}

/// Writes tags.
pub(crate) fn tags_view(xml: Xml, tags: &Tags) -> Xml {
    xml.list(
        "Tags",
        tags.iter()
            .map(|(key, value)| Xml::default().text("Key", key).text("Value", value)),
    )
}

fn auto_view(xml: Xml, auto: Option<&AutoDeployment>) -> Xml {
    let Some(auto) = auto else {
        return xml;
    };
    let mut inner = Xml::default().truth("Enabled", auto.enabled);
    if let Some(retain) = auto.retain {
        inner = inner.truth("RetainStacksOnAccountRemoval", retain);
    }
    if !auto.depends_on.is_empty() {
        inner = inner.texts("DependsOn", auto.depends_on.iter().map(String::as_str));
    }
    xml.inside("AutoDeployment", inner)
}

fn status_of(set: &StackSet) -> &'static str {
    match set.deleted_at {
        None => "ACTIVE",
        Some(_) => "DELETED",
    }
}

/// Writes a set of a list.
pub(crate) fn set_summary(set: &StackSet) -> Xml {
    let xml = Xml::default()
        .text("StackSetName", set.name())
        .text("StackSetId", set.id.as_str())
        .maybe("Description", set.description.as_deref())
        .text("Status", status_of(set));
    let xml = auto_view(xml, set.auto.as_ref()).text("PermissionModel", set.model.as_str());
    let drift = set.drift.as_ref();
    let xml = xml.text(
        "DriftStatus",
        drift
            .map_or(DriftStatus::NotChecked, |drift| drift.drift)
            .as_str(),
    );
    let at = drift.map(|drift| drift.at.iso8601());
    xml.maybe("LastDriftCheckTimestamp", at.as_deref()).inside(
        "ManagedExecution",
        Xml::default().truth("Active", set.managed_execution),
    )
}

/// Writes a set in full.
pub(crate) fn set_view(set: &StackSet, settings: &Settings) -> Xml {
    let xml = Xml::default()
        .text("StackSetName", set.name())
        .text("StackSetId", set.id.as_str())
        .text("StackSetARN", &set.arn(settings.partition.as_str()))
        .maybe("Description", set.description.as_deref())
        .text("Status", status_of(set))
        .maybe("AdministrationRoleARN", set.administration_role.as_deref())
        .maybe("ExecutionRoleName", set.execution_role.as_deref())
        .text("PermissionModel", set.model.as_str());
    let mut xml = auto_view(xml, set.auto.as_ref()).inside(
        "ManagedExecution",
        Xml::default().truth("Active", set.managed_execution),
    );
    if let Some(now) = set.now() {
        xml = xml
            .text("TemplateBody", &now.template)
            .texts("Capabilities", now.capabilities.iter().map(String::as_str));
        xml = parameters_view(xml, "Parameters", &now.parameters, &now.hidden);
        xml = tags_view(xml, &now.tags);
    }
    if set.model == PermissionModel::ServiceManaged {
        xml = xml.texts("OrganizationalUnitIds", set.targets.keys().map(ParentId::as_str));
    }
    xml = xml.texts("Regions", set.instances.regions().map(|region| region.as_str()));
    let never = DriftDetails::never(set.instances.len());
    xml.inside(
        "StackSetDriftDetectionDetails",
        drift_view(set.drift.as_ref().unwrap_or(&never), set.drift.is_some()),
    )
}

/// Writes what drift detection found on a set.
pub(crate) fn drift_view(details: &DriftDetails, checked: bool) -> Xml {
    let mut xml = Xml::default().text("DriftStatus", details.drift.as_str());
    if checked {
        xml = xml
            .text("DriftDetectionStatus", details.detection.as_str())
            .text("LastDriftCheckTimestamp", &details.at.iso8601());
    }
    xml.text("TotalStackInstancesCount", &details.total.to_string())
        .text("DriftedStackInstancesCount", &details.drifted.to_string())
        .text("InSyncStackInstancesCount", &details.in_sync.to_string())
        .text("InProgressStackInstancesCount", &details.in_progress.to_string())
        .text("FailedStackInstancesCount", &details.failed.to_string())
}

/// Writes an instance; a list leaves its overrides out.
pub(crate) fn instance_view(
    set: &StackSet,
    place: &Place,
    instance: &Instance,
    settings: &Settings,
    in_full: bool,
) -> Xml {
    let stack = instance.stack_id(set.name(), place, settings.partition.as_str());
    let checked = instance.checked_at.map(crate::clock::AwsTime::iso8601);
    let mut xml = Xml::default()
        .text("StackSetId", set.id.as_str())
        .text("Region", place.region.as_str())
        .text("Account", place.account.as_str())
        .maybe("StackId", stack.as_deref())
        .text("Status", instance.status.as_str())
        .maybe("StatusReason", instance.reason.as_deref())
        .inside(
            "StackInstanceStatus",
            Xml::default().text("DetailedStatus", instance.detailed.as_str()),
        )
        .maybe(
            "OrganizationalUnitId",
            instance.unit.as_ref().map(ParentId::as_str),
        )
        .text("DriftStatus", instance.drift.as_str())
        .maybe("LastDriftCheckTimestamp", checked.as_deref())
        .maybe(
            "LastOperationId",
            instance.operation.as_ref().map(|operation| operation.as_str()),
        );
    if in_full {
        let none = Parameters::new();
        let hidden = set.now().map(|now| now.hidden.clone()).unwrap_or_default();
        let overrides = instance.overrides.as_deref().unwrap_or(&none);
        xml = parameters_view(xml, "ParameterOverrides", overrides, &hidden);
    }
    xml
}

/// Writes the targets of an operation as its request named them.
pub(crate) fn given_view(given: &GivenTargets) -> Xml {
    let mut xml = Xml::default();
    if !given.accounts.is_empty() {
        xml = xml.texts("Accounts", given.accounts.iter().map(|account| account.as_str()));
    }
    xml = xml.maybe("AccountsUrl", given.accounts_url.as_deref());
    xml = xml.texts("OrganizationalUnitIds", given.units.iter().map(ParentId::as_str));
    match given.filter {
        None => xml,
        Some(filter) => xml.text("AccountFilterType", filter.as_str()),
    }
}

/// Writes an operation; a list leaves out its targets, roles and drift.
pub(crate) fn operation_view(set: &StackSet, operation: &Operation, in_full: bool) -> Xml {
    let ended = operation.ended_at.map(crate::clock::AwsTime::iso8601);
    let mut xml = Xml::default().text("OperationId", operation.id.as_str());
    if in_full {
        xml = xml.text("StackSetId", set.id.as_str());
    }
    xml = xml
        .text("Action", operation.work.action())
        .text("Status", operation.status.as_str())
        .maybe("StatusReason", operation.reason.as_deref())
        .text("CreationTimestamp", &operation.created_at.iso8601())
        .maybe("EndTimestamp", ended.as_deref());
    if !operation.automatic {
        xml = xml.inside("OperationPreferences", written(&operation.preferences));
    }
    let queued = operation.status == OperationStatus::Queued;
    if !queued {
        let failures = operation.failures().to_string();
        xml = xml.inside(
            "StatusDetails",
            Xml::default().text("FailedStackInstancesCount", &failures),
        );
    }
    if !in_full {
        return xml;
    }
    if let Work::Delete { retain } = operation.work {
        xml = xml.truth("RetainStacks", retain);
    }
    if set.model == PermissionModel::SelfManaged {
        xml = xml
            .maybe("AdministrationRoleARN", set.administration_role.as_deref())
            .maybe("ExecutionRoleName", set.execution_role.as_deref());
    } else if let Some(given) = &operation.given {
        xml = xml.inside("DeploymentTargets", given_view(given));
    }
    match &operation.drift {
        None => xml,
        Some(details) => xml.inside("StackSetDriftDetectionDetails", drift_view(details, true)),
    }
}

/// Writes what an operation came to at one place.
pub(crate) fn outcome_view(place: &Place, outcome: &Outcome, partition: &str) -> Xml {
    let (account, region) = (&place.account, &place.region);
    let mut xml = Xml::default()
        .text("Account", account.as_str())
        .text("Region", region.as_str())
        .text("Status", outcome.state.as_str())
        .maybe("StatusReason", outcome.reason.as_deref())
        .maybe(
            "OrganizationalUnitId",
            outcome.unit.as_ref().map(ParentId::as_str),
        );
    // No account of the twin has a gate (CloudFormation User Guide, "Account gating").
    if matches!(
        outcome.state,
        OutcomeState::Running { .. } | OutcomeState::Succeeded | OutcomeState::Failed
    ) {
        let gate = format!(
            "Function not found: arn:{partition}:lambda:{region}:{account}:function:AWSCloudFormationStackSetAccountGate"
        );
        xml = xml.inside(
            "AccountGateResult",
            Xml::default()
                .text("Status", "SKIPPED")
                .text("StatusReason", &gate),
        );
    }
    xml
}
