//! Steps of stack sets and stacks.

use super::{Await, LowerError, Operate, Results, Task};
use lz_model::id::IdError;
use lz_model::plan::{
    AccountFilter, Conduct, Definition, PlannedPermissions, PlannedSet, Reach, Ref, StackDefinition,
    StackSetWork, StackTargets, StackWork, TemplateSource, Work,
};
use lz_model::text::Text;
use lz_provider::{
    Administrator, Call, SetConduct, SetDefinition, SetFilter, SetHandle, SetOperation, SetPermissions,
    SetTargets, SetWork, StackCall, TemplateText,
};
use std::collections::BTreeMap;

pub(super) fn stack_set(work: &StackSetWork, results: &Results, token: String) -> Result<Task, LowerError> {
    let set = handle(work.set(), results)?;
    Ok(match work {
        StackSetWork::Create {
            definition, conduct, ..
        } => Task::Calls(vec![Call::CreateStackSet {
            set,
            definition: Box::new(self::definition(definition, results)?),
            conduct: self::conduct(conduct, results)?,
            token,
        }]),
        StackSetWork::Configure { conduct, .. } => {
            let (before, after) = (&conduct.before, &conduct.after);
            let call = Call::ConfigureStackSet {
                set: set.clone(),
                conduct: self::conduct(after, results)?,
                auto_deployment: (before.auto_deployment, before.retain_stacks, &before.depends_on)
                    != (after.auto_deployment, after.retain_stacks, &after.depends_on),
                token,
            };
            Task::Configure(set, Box::new(call))
        }
        StackSetWork::Operate {
            operation,
            reach,
            pace,
            retries,
            ..
        } => Task::Operate(Box::new(Operate {
            operation: SetOperation {
                set,
                token,
                work: self::work(operation, results)?,
                targets: targets(reach, results)?,
                regions: reach.regions.clone(),
                pace: *pace,
            },
            retries: *retries,
            instances: reach.instances,
        })),
        StackSetWork::PassGate {
            bake_seconds, gate, ..
        } => Task::PassGate(*bake_seconds, gate.clone()),
        StackSetWork::Await {
            gains,
            loses,
            regions,
            ..
        } => Task::Await(Box::new(Await {
            set,
            gains: ids(gains, results)?,
            loses: ids(loses, results)?,
            regions: regions.clone(),
        })),
        StackSetWork::Delete { .. } => Task::Calls(vec![Call::DeleteStackSet(set)]),
    })
}

pub(super) fn stack(work: &StackWork, results: &Results, token: String) -> Result<Call, LowerError> {
    Ok(match work {
        StackWork::Create {
            name,
            region,
            definition,
        } => Call::CreateStack(Box::new(stack_call(name, region, definition, results, token)?)),
        StackWork::Update {
            name,
            region,
            definition,
        } => Call::UpdateStack(Box::new(stack_call(
            name,
            region,
            &definition.after,
            results,
            token,
        )?)),
        StackWork::Delete { name, region } => Call::DeleteStack(region.clone(), name.clone()),
    })
}

fn stack_call(
    name: &str,
    region: &lz_model::id::Region,
    definition: &StackDefinition,
    results: &Results,
    token: String,
) -> Result<StackCall, LowerError> {
    Ok(StackCall {
        name: name.to_owned(),
        region: region.clone(),
        template: template(&definition.template, results)?,
        parameters: texts(&definition.parameters, results)?,
        capabilities: definition.capabilities.clone(),
        tags: results.tags(&definition.tags)?,
        termination_protection: definition.termination_protection,
        token,
    })
}

fn handle(set: &PlannedSet, results: &Results) -> Result<SetHandle, LowerError> {
    let administrator = set.administrator.as_ref().map(|administrator| {
        results
            .id(&administrator.account.id)
            .map(|account| Administrator {
                account,
                role: administrator.role.clone(),
            })
    });
    Ok(SetHandle {
        key: set.key(),
        administrator: administrator.transpose()?,
    })
}

fn definition(definition: &Definition, results: &Results) -> Result<SetDefinition, LowerError> {
    Ok(SetDefinition {
        description: definition.description.clone(),
        template: template(&definition.template, results)?,
        parameters: texts(&definition.parameters, results)?,
        capabilities: definition.capabilities.clone(),
        tags: results.tags(&definition.tags)?,
        permissions: match &definition.permissions {
            PlannedPermissions::Service {} => SetPermissions::Service,
            PlannedPermissions::OwnRoles {
                administration_role,
                execution_role,
            } => SetPermissions::OwnRoles {
                administration_role: administration_role
                    .as_ref()
                    .map(|role| results.text(role))
                    .transpose()?,
                execution_role: execution_role.clone(),
            },
        },
    })
}

fn conduct(conduct: &Conduct, results: &Results) -> Result<SetConduct, LowerError> {
    let depends_on = conduct.depends_on.iter().map(|arn| results.text(arn));
    Ok(SetConduct {
        auto_deployment: conduct.auto_deployment,
        retain_stacks: conduct.retain_stacks,
        depends_on: depends_on.collect::<Result<_, _>>()?,
        managed_execution: conduct.managed_execution,
    })
}

fn work(work: &Work, results: &Results) -> Result<SetWork, LowerError> {
    Ok(match work {
        Work::Create { overrides } => SetWork::Create {
            overrides: texts(overrides, results)?,
        },
        Work::Update { definition: change } => SetWork::Update {
            definition: change
                .as_ref()
                .map(|change| definition(&change.after, results).map(Box::new))
                .transpose()?,
        },
        Work::Override { overrides } => SetWork::Override {
            overrides: texts(overrides, results)?,
        },
        Work::Delete { retain } => SetWork::Delete { retain: *retain },
    })
}

fn targets(reach: &Reach, results: &Results) -> Result<SetTargets, LowerError> {
    Ok(match &reach.targets {
        StackTargets::Named { members } => SetTargets::Named(ids(members, results)?),
        StackTargets::Ous { ous, filter } => SetTargets::Ous {
            ous: ids(ous, results)?,
            filter: match filter {
                AccountFilter::All {} => SetFilter::All,
                AccountFilter::Only { members } => SetFilter::Only(ids(members, results)?),
                AccountFilter::Except { members } => SetFilter::Except(ids(members, results)?),
            },
        },
    })
}

fn ids<T>(references: &[Ref<T>], results: &Results) -> Result<Vec<T>, LowerError>
where
    T: Clone + TryFrom<String, Error = IdError>,
{
    references
        .iter()
        .map(|reference| results.id(&reference.id))
        .collect()
}

fn template(source: &TemplateSource, results: &Results) -> Result<TemplateText, LowerError> {
    Ok(match source {
        TemplateSource::Body(text) => TemplateText::Body(results.text(text)?),
        TemplateSource::Url(url) => TemplateText::Url(url.clone()),
    })
}

fn texts(values: &BTreeMap<String, Text>, results: &Results) -> Result<BTreeMap<String, String>, LowerError> {
    values
        .iter()
        .map(|(name, value)| results.text(value).map(|value| (name.clone(), value)))
        .collect()
}
