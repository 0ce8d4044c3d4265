//! Looks for one object by what identifies it apart from its id. Used after a lost answer: nothing may be
//! made twice.

use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::perform::{Creation, await_creation, describe_account, settled};
use crate::read;
use crate::read::{
    children, creations, describe, describe_set, describe_stack, is_busy, list_accounts, list_policies,
    list_tags, parent_of, root, stack_id, stack_tags,
};
use crate::site::Stacks;
use aws_sdk_organizations::types::Account;
use lz_model::id::{AccountId, Email, ParentId, Region, ResourceId, TargetId};
use lz_model::identity::Center;
use lz_model::policy_type::PolicyType;
use lz_provider::{Created, Natural, ProviderError, SetHandle, TagList};

/// Returns an object by its natural key, or `None` if AWS does not have it.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn find(
    connection: &Connection,
    natural: &Natural,
) -> Result<Option<Created>, ProviderError> {
    match natural {
        Natural::Organization => organization(connection).await,
        Natural::Ou(parent, name) => ou(connection, parent, name).await,
        Natural::Account(email, name) => account(connection, email, name).await,
        Natural::Policy(policy_type, name) => policy(connection, *policy_type, name).await,
        Natural::Placement(account, parent) => placement(connection, account, parent).await,
        Natural::Creation(request_id) => creation(connection, request_id).await,
        Natural::StackSet(set) => stack_set(connection, set).await,
        Natural::Stack(region, name) => stack(connection, region, name).await,
        Natural::PermissionSet(center, name) => permission_set(connection, center, name).await,
    }
}

async fn organization(connection: &Connection) -> Result<Option<Created>, ProviderError> {
    if describe(connection).await?.is_none() {
        return Ok(None);
    }
    let root = root(connection).await?;
    Ok(Some(Created {
        id: root.id.into(),
        arn: Some(root.arn.into()),
        tags: TagList::new(),
    }))
}

async fn ou(
    connection: &Connection,
    parent: &ParentId,
    name: &str,
) -> Result<Option<Created>, ProviderError> {
    let siblings = children(connection, parent).await?;
    let Some(ou) = siblings.into_iter().find(|ou| ou.name == name) else {
        return Ok(None);
    };
    let resource = ResourceId::Target(TargetId::Ou(ou.id.clone()));
    Ok(Some(Created {
        tags: list_tags(connection, &resource).await?,
        id: ou.id.into(),
        arn: Some(ou.arn.into()),
    }))
}

/// AWS shows no e-mail address of an account in creation, so one with the right name is awaited and then
/// recognized by its address, as any other account is.
async fn account(
    connection: &Connection,
    email: &Email,
    name: &str,
) -> Result<Option<Created>, ProviderError> {
    let is_it = |account: &Account| {
        account
            .email()
            .is_some_and(|one| one.eq_ignore_ascii_case(email.as_str()))
    };
    for creation in creations(connection).await? {
        if creation.name != name {
            continue;
        }
        match await_creation(connection, &creation.request_id).await? {
            Creation::Made(made) => {
                let described = describe_account(connection, &made).await?;
                if is_it(&described) {
                    return with_tags(connection, described).await.map(Some);
                }
            }
            Creation::Failed(_) => {}
        }
    }
    let accounts = list_accounts(connection).await?;
    match accounts.into_iter().find(is_it) {
        Some(account) => with_tags(connection, account).await.map(Some),
        None => Ok(None),
    }
}

async fn with_tags(connection: &Connection, account: Account) -> Result<Created, ProviderError> {
    let account_id: AccountId = id(Operation::ListAccounts, "Id", account.id)?;
    let resource = ResourceId::Target(TargetId::Account(account_id.clone()));
    Ok(Created {
        tags: list_tags(connection, &resource).await?,
        id: account_id.into(),
        arn: account.arn,
    })
}

async fn placement(
    connection: &Connection,
    account: &AccountId,
    parent: &ParentId,
) -> Result<Option<Created>, ProviderError> {
    let at = parent_of(connection, account).await?;
    Ok((at.as_ref() == Some(parent)).then(|| Created {
        id: account.as_str().to_owned(),
        arn: None,
        tags: TagList::new(),
    }))
}

async fn creation(connection: &Connection, request_id: &str) -> Result<Option<Created>, ProviderError> {
    match await_creation(connection, request_id).await? {
        Creation::Made(account) => {
            let described = describe_account(connection, &account).await?;
            with_tags(connection, described).await.map(Some)
        }
        Creation::Failed(_) => Ok(None),
    }
}

async fn policy(
    connection: &Connection,
    policy_type: PolicyType,
    name: &str,
) -> Result<Option<Created>, ProviderError> {
    let policies = list_policies(connection, policy_type).await?;
    let Some(policy) = policies.into_iter().find(|policy| policy.name == name) else {
        return Ok(None);
    };
    Ok(Some(Created {
        tags: list_tags(connection, &ResourceId::Policy(policy.id.clone())).await?,
        id: policy.id.into(),
        arn: Some(policy.arn.into()),
    }))
}

async fn permission_set(
    connection: &Connection,
    center: &Center,
    name: &str,
) -> Result<Option<Created>, ProviderError> {
    let site = Stacks::of(connection, &center.region).await;
    let Some(arn) = read::permission_set(&site, center, name).await? else {
        return Ok(None);
    };
    Ok(Some(Created {
        tags: read::set_tags(&site, &center.instance, &arn).await?,
        id: arn.to_string(),
        arn: Some(arn.into()),
    }))
}

async fn stack_set(connection: &Connection, set: &SetHandle) -> Result<Option<Created>, ProviderError> {
    let operation = Operation::DescribeStackSet;
    let stacks = Stacks::of_set(connection, set).await;
    let Some(found) = describe_set(&stacks, &set.key.name).await? else {
        return Ok(None);
    };
    Ok(Some(Created {
        id: required(operation, "StackSetId", found.stack_set_id)?,
        arn: found.stack_set_arn,
        tags: stack_tags(found.tags),
    }))
}

/// A stack that AWS is working on is awaited: it may be on its way out.
async fn stack(
    connection: &Connection,
    region: &Region,
    name: &str,
) -> Result<Option<Created>, ProviderError> {
    let stacks = Stacks::of(connection, region).await;
    let mut found = describe_stack(&stacks, name).await?;
    if let Some(stack) = &found
        && stack.stack_status().is_some_and(is_busy)
    {
        found = settled(&stacks, Operation::DescribeStacks, &stack_id(stack)?).await?;
    }
    let Some(found) = found else { return Ok(None) };
    let id = stack_id(&found)?;
    Ok(Some(Created {
        arn: Some(id.clone()),
        id,
        tags: stack_tags(found.tags),
    }))
}
