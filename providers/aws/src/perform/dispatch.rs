//! Which function carries out which call.

use crate::connection::Connection;
use crate::perform::{
    account, administrators, invitation, organization, ou, policy, resource_policy, root_access, services,
    set_operation, stack, stack_set, tags, tower, tower_roles,
};
use lz_provider::{Call, Created, ProviderError};

/// Carries out a call and waits until AWS has finished it. Returns what it created.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(crate) async fn perform(connection: &Connection, call: &Call) -> Result<Option<Created>, ProviderError> {
    match call {
        Call::CreateOrganization => return organization::create(connection).await.map(Some),
        Call::CreateOu { parent, name, tags } => {
            return ou::create(connection, parent, name, tags).await.map(Some);
        }
        Call::CreateAccount {
            name,
            email,
            role_name,
            iam_user_access_to_billing,
            tags,
        } => {
            let wanted = account::Wanted {
                name,
                email,
                role_name: role_name.as_deref(),
                billing: *iam_user_access_to_billing,
                tags,
            };
            return account::create(connection, &wanted).await.map(Some);
        }
        Call::CreatePolicy {
            policy_type,
            name,
            description,
            content,
            tags,
        } => {
            let wanted = policy::Wanted {
                policy_type: *policy_type,
                name,
                description,
                content,
                tags,
            };
            return policy::create(connection, &wanted).await.map(Some);
        }
        Call::InviteAccount { account, sent, tags } => {
            return invitation::invite(connection, account, sent.as_deref(), tags)
                .await
                .map(Some);
        }
        Call::EnableTrustedService(principal) => services::enable(connection, principal).await?,
        Call::DisableTrustedService(principal) => services::disable(connection, principal).await?,
        Call::EnablePolicyType(root, of) => organization::enable_type(connection, root, *of).await?,
        Call::DisablePolicyType(root, of) => organization::disable_type(connection, root, *of).await?,
        Call::RenameOu(ou, name) => ou::rename(connection, ou, name).await?,
        Call::DeleteOu(ou) => ou::delete(connection, ou).await?,
        Call::MoveAccount { account, from, to } => account::relocate(connection, account, from, to).await?,
        Call::RenameAccount(account, name) => account::rename(connection, account, name).await?,
        Call::CloseAccount(account) => account::close(connection, account).await?,
        Call::ReleaseAccount(account) => account::release(connection, account).await?,
        Call::UpdatePolicy {
            policy,
            name,
            description,
            content,
        } => {
            let change = policy::Change {
                name: name.as_deref(),
                description: description.as_deref(),
                content: content.as_deref(),
            };
            policy::update(connection, policy, &change).await?;
        }
        Call::DeletePolicy(policy) => policy::delete(connection, policy).await?,
        Call::AttachPolicy(policy, target) => policy::attach(connection, policy, target).await?,
        Call::DetachPolicy(policy, target) => policy::detach(connection, policy, target).await?,
        Call::Tag(resource, tags) => tags::set(connection, resource, tags).await?,
        Call::Untag(resource, keys) => tags::remove(connection, resource, keys).await?,
        Call::RegisterAdmin(principal, account) => {
            services::register(connection, principal, account).await?;
        }
        Call::DeregisterAdmin(principal, account) => {
            services::deregister(connection, principal, account).await?;
        }
        Call::EnableAdmin {
            service,
            account,
            region,
        } => administrators::enable(connection, service, account, region).await?,
        Call::DisableAdmin {
            service,
            account,
            region,
        } => administrators::disable(connection, service, account, region).await?,
        Call::SwitchRootFeature(feature, on) => root_access::switch(connection, *feature, *on).await?,
        Call::PutResourcePolicy(content, tags) => resource_policy::put(connection, content, tags).await?,
        Call::DeleteResourcePolicy => resource_policy::delete(connection).await?,
        Call::CreateStackSet {
            set,
            definition,
            conduct,
            token,
        } => {
            let created = stack_set::create(connection, set, definition, conduct, token).await?;
            return Ok(Some(created));
        }
        Call::ConfigureStackSet {
            set,
            conduct,
            auto_deployment,
            token,
        } => return stack_set::configure(connection, set, conduct, *auto_deployment, token).await,
        Call::StackSetOperation(operation) => return set_operation::start(connection, operation).await,
        Call::DeleteStackSet(set) => stack_set::delete(connection, set).await?,
        Call::CreateStack(stack) => return stack::create(connection, stack).await.map(Some),
        Call::UpdateStack(stack) => stack::update(connection, stack).await?,
        Call::DeleteStack(region, name) => stack::delete(connection, region, name).await?,
        Call::MakeTowerRoles(region, version) => tower_roles::make(connection, region, *version).await?,
        Call::Tower(call) => return tower::start(connection, call).await.map(Some),
    }
    Ok(None)
}
