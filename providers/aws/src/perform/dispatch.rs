//! Which function carries out which call.

use crate::connection::Connection;
use crate::perform::{
    account, administrators, identity, organization, ou, policy, resource_policy, root_access, services,
    set_operation, settings, stack, stack_set, tags, tower, tower_roles,
};
use futures_util::future::LocalBoxFuture;
use lz_provider::{Call, Created, ProviderError};

/// Carries out a call and waits until AWS has finished it. Returns what it created.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(crate) async fn perform(connection: &Connection, call: &Call) -> Result<Option<Created>, ProviderError> {
    work(connection, call).await
}

type Work<'a> = LocalBoxFuture<'a, Result<Option<Created>, ProviderError>>;

/// A function of its own: what it needs of the stack for every kind of call is free again before the first is sent.
fn work<'a>(connection: &'a Connection, call: &'a Call) -> Work<'a> {
    match call {
        Call::CreateOrganization => one(organization::create(connection)),
        Call::CreateOu { parent, name, tags } => one(ou::create(connection, parent, name, tags)),
        Call::CreateAccount {
            name,
            email,
            role_name,
            iam_user_access_to_billing,
            tags,
        } => one(account::create(
            connection,
            account::Wanted {
                name,
                email,
                role_name: role_name.as_deref(),
                billing: *iam_user_access_to_billing,
                tags,
            },
        )),
        Call::CreatePolicy {
            policy_type,
            name,
            description,
            content,
            tags,
        } => one(policy::create(
            connection,
            policy::Wanted {
                policy_type: *policy_type,
                name,
                description,
                content,
                tags,
            },
        )),
        Call::EnableTrustedService(principal) => none(services::enable(connection, principal)),
        Call::DisableTrustedService(principal) => none(services::disable(connection, principal)),
        Call::EnablePolicyType(root, of) => none(organization::enable_type(connection, root, *of)),
        Call::DisablePolicyType(root, of) => none(organization::disable_type(connection, root, *of)),
        Call::RenameOu(ou, name) => none(ou::rename(connection, ou, name)),
        Call::DeleteOu(ou) => none(ou::delete(connection, ou)),
        Call::MoveAccount { account, from, to } => none(account::relocate(connection, account, from, to)),
        Call::RenameAccount(account, name) => none(account::rename(connection, account, name)),
        Call::CloseAccount(account) => none(account::close(connection, account)),
        Call::ReleaseAccount(account) => none(account::release(connection, account)),
        Call::UpdatePolicy {
            policy,
            name,
            description,
            content,
        } => none(policy::update(
            connection,
            policy,
            policy::Change {
                name: name.as_deref(),
                description: description.as_deref(),
                content: content.as_deref(),
            },
        )),
        Call::DeletePolicy(policy) => none(policy::delete(connection, policy)),
        Call::AttachPolicy(policy, target) => none(policy::attach(connection, policy, target)),
        Call::DetachPolicy(policy, target) => none(policy::detach(connection, policy, target)),
        Call::Tag(resource, tags) => none(tags::set(connection, resource, tags)),
        Call::Untag(resource, keys) => none(tags::remove(connection, resource, keys)),
        Call::RegisterAdmin(principal, account) => none(services::register(connection, principal, account)),
        Call::DeregisterAdmin(principal, account) => {
            none(services::deregister(connection, principal, account))
        }
        Call::EnableAdmin {
            service,
            account,
            region,
        } => none(administrators::enable(connection, service, account, region)),
        Call::DisableAdmin {
            service,
            account,
            region,
        } => none(administrators::disable(connection, service, account, region)),
        Call::SwitchRootFeature(feature, on) => none(root_access::switch(connection, *feature, *on)),
        Call::PutResourcePolicy(content, tags) => none(resource_policy::put(connection, content, tags)),
        Call::DeleteResourcePolicy => none(resource_policy::delete(connection)),
        Call::CreateStackSet {
            set,
            definition,
            conduct,
            token,
        } => one(stack_set::create(connection, set, definition, conduct, token)),
        Call::ConfigureStackSet {
            set,
            conduct,
            auto_deployment,
            token,
        } => Box::pin(stack_set::configure(
            connection,
            set,
            conduct,
            *auto_deployment,
            token,
        )),
        Call::StackSetOperation(operation) => Box::pin(set_operation::start(connection, operation)),
        Call::DeleteStackSet(set) => none(stack_set::delete(connection, set)),
        Call::CreateStack(stack) => one(stack::create(connection, stack)),
        Call::UpdateStack(stack) => none(stack::update(connection, stack)),
        Call::DeleteStack(region, name) => none(stack::delete(connection, region, name)),
        Call::Identity(call) => Box::pin(identity::perform(connection, call)),
        Call::Settings(call) => none(settings::perform(connection, call)),
        Call::MakeTowerRoles(region, version) => none(tower_roles::make(connection, region, *version)),
        Call::Tower(call) => one(tower::start(connection, call)),
    }
}

/// A call that creates something.
fn one<'a>(work: impl Future<Output = Result<Created, ProviderError>> + 'a) -> Work<'a> {
    Box::pin(async { work.await.map(Some) })
}

/// A call that creates nothing.
fn none<'a>(work: impl Future<Output = Result<(), ProviderError>> + 'a) -> Work<'a> {
    Box::pin(async { work.await.map(|()| None) })
}
