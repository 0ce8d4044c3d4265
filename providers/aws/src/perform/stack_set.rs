//! Stack sets: made, configured, taken away.

use crate::classify::unknown;
use crate::connection::Connection;
use crate::fields::required;
use crate::operation::Operation;
use crate::perform::set_operation::{begun, preferences};
use crate::perform::template::{Template, sdk_capabilities, sdk_parameters, sdk_stack_tags, template};
use crate::read;
use crate::site::Stacks;
use aws_sdk_cloudformation::operation::update_stack_set::builders::UpdateStackSetFluentBuilder;
use aws_sdk_cloudformation::types::{
    AutoDeployment, ManagedExecution, Parameter, PermissionModels, StackSet,
};
use lz_model::stack::Pace;
use lz_provider::{Created, ProviderError, SetConduct, SetDefinition, SetHandle, SetPermissions};

/// Makes a stack set.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn create(
    connection: &Connection,
    set: &SetHandle,
    definition: &SetDefinition,
    conduct: &SetConduct,
    token: &str,
) -> Result<Created, ProviderError> {
    let operation = Operation::CreateStackSet;
    let stacks = &Stacks::of_set(connection, set).await;
    let Template { body, url } = template(stacks, &definition.template).await?;
    let (model, administration_role, execution_role) = permissions(definition);
    let managed = conduct.managed_execution.then(|| execution(true));
    let answer = stacks
        .send(operation, || {
            let request = stacks.client().create_stack_set();
            request
                .stack_set_name(&set.key.name)
                .set_description(description(definition))
                .set_template_body(body.clone())
                .set_template_url(url.clone())
                .set_parameters(Some(sdk_parameters(&definition.parameters)))
                .set_capabilities(Some(sdk_capabilities(&definition.capabilities)))
                .set_tags(Some(sdk_stack_tags(&definition.tags)))
                .permission_model(model.clone())
                .set_administration_role_arn(administration_role.clone())
                .set_execution_role_name(execution_role.clone())
                .set_auto_deployment(auto_deployment(conduct))
                .set_managed_execution(managed.clone())
                .set_call_as(stacks.call_as())
                .client_request_token(token)
                .send()
        })
        .await?;
    let described = read::describe_set(stacks, &set.key.name).await.map_err(unknown)?;
    Ok(Created {
        id: required(operation, "StackSetId", answer.stack_set_id)?,
        arn: described.and_then(|set| set.stack_set_arn),
        tags: definition.tags.clone(),
    })
}

/// Changes what happens by itself. Returns the operation's id, if AWS starts one: it goes through every stack, with
/// nothing to change in those that are current, so it goes as wide as AWS allows.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn configure(
    connection: &Connection,
    set: &SetHandle,
    conduct: &SetConduct,
    with_auto_deployment: bool,
    token: &str,
) -> Result<Option<Created>, ProviderError> {
    let operation = Operation::UpdateStackSet;
    let stacks = &Stacks::of_set(connection, set).await;
    let present = Present::of(stacks, &set.key.name).await?;
    let auto = with_auto_deployment.then(|| auto_deployment(conduct)).flatten();
    let sent = stacks
        .send(operation, || {
            // Neither targets nor Regions may be named beside automatic deployment (aws-facts section 2, rule R25).
            let request = stacks.client().update_stack_set().stack_set_name(&set.key.name);
            present
                .kept(request)
                .set_auto_deployment(auto.clone())
                .managed_execution(execution(conduct.managed_execution))
                .operation_preferences(preferences(Pace::WIDEST, &[]))
                .set_call_as(stacks.call_as())
                .operation_id(token)
                .send()
        })
        .await;
    let sent = sent.map(|answer| answer.operation_id);
    begun(stacks, &set.key.name, token, sent).await
}

/// Takes a stack set away.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn delete(connection: &Connection, set: &SetHandle) -> Result<(), ProviderError> {
    let stacks = &Stacks::of_set(connection, set).await;
    stacks
        .send(Operation::DeleteStackSet, || {
            let request = stacks.client().delete_stack_set();
            request
                .stack_set_name(&set.key.name)
                .set_call_as(stacks.call_as())
                .send()
        })
        .await
        .map(drop)
}

/// What AWS has of a set that an update without changes must send again.
#[derive(Debug)]
pub(super) struct Present(Option<StackSet>);

impl Present {
    /// Returns what AWS has of a set; of one that is not there, AWS says so when it is to be changed.
    ///
    /// # Errors
    /// Whatever keeps AWS from answering.
    pub(super) async fn of(stacks: &Stacks<'_>, name: &str) -> Result<Self, ProviderError> {
        read::describe_set(stacks, name).await.map(Self)
    }

    /// Returns a request that keeps the template, the parameters' values, the description and the roles. A set
    /// with an administration role of its own must be given it with every update (M:cloudformation
    /// `UpdateStackSetInput.AdministrationRoleARN`); tags stay unless others are given.
    pub(super) fn kept(&self, request: UpdateStackSetFluentBuilder) -> UpdateStackSetFluentBuilder {
        let set = self.0.as_ref();
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let parameters = set.into_iter().flat_map(StackSet::parameters).map(|known| {
            Parameter::builder()
                .set_parameter_key(known.parameter_key().map(str::to_owned))
                .use_previous_value(true)
                .build()
        });
        let capabilities = set.map(|set| set.capabilities().to_vec());
        request
            .use_previous_template(true)
            .set_parameters(Some(parameters.collect()))
            .set_capabilities(capabilities)
            .set_description(text(set.and_then(StackSet::description)))
            .set_administration_role_arn(text(set.and_then(StackSet::administration_role_arn)))
            .set_execution_role_name(text(set.and_then(StackSet::execution_role_name)))
    }
}

/// Returns a request that gives a set another definition.
pub(super) fn redefined(
    request: UpdateStackSetFluentBuilder,
    definition: &SetDefinition,
    template: &Template,
) -> UpdateStackSetFluentBuilder {
    let (model, administration_role, execution_role) = permissions(definition);
    request
        .set_description(description(definition))
        .set_template_body(template.body.clone())
        .set_template_url(template.url.clone())
        .set_parameters(Some(sdk_parameters(&definition.parameters)))
        .set_capabilities(Some(sdk_capabilities(&definition.capabilities)))
        .set_tags(Some(sdk_stack_tags(&definition.tags)))
        .permission_model(model)
        .set_administration_role_arn(administration_role)
        .set_execution_role_name(execution_role)
}

fn description(definition: &SetDefinition) -> Option<String> {
    (!definition.description.is_empty()).then(|| definition.description.clone())
}

/// Returns the permission model and the roles: those of the administrator account and of the target accounts.
fn permissions(definition: &SetDefinition) -> (PermissionModels, Option<String>, Option<String>) {
    match &definition.permissions {
        SetPermissions::Service => (PermissionModels::ServiceManaged, None, None),
        SetPermissions::OwnRoles {
            administration_role,
            execution_role,
        } => (
            PermissionModels::SelfManaged,
            administration_role.clone(),
            execution_role.clone(),
        ),
    }
}

/// Returns automatic deployment as AWS takes it: how it behaves may be said only while it is on (CloudFormation API
/// Reference, "AutoDeployment").
fn auto_deployment(conduct: &SetConduct) -> Option<AutoDeployment> {
    let enabled = conduct.auto_deployment?;
    let auto = AutoDeployment::builder().enabled(enabled);
    if !enabled {
        return Some(auto.build());
    }
    let depends_on: Vec<String> = conduct.depends_on.iter().cloned().collect();
    Some(
        auto.retain_stacks_on_account_removal(conduct.retain_stacks)
            .set_depends_on((!depends_on.is_empty()).then_some(depends_on))
            .build(),
    )
}

fn execution(active: bool) -> ManagedExecution {
    ManagedExecution::builder().active(active).build()
}
