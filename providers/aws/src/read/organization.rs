//! The whole organization: which calls, in which order, side by side where their buckets differ.

use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::read::progress::Progress;
use crate::read::{
    beside, catalogue, doubt, identity, policies, settings, stack_sets, stacks, tags, tower, tree,
};
use aws_sdk_organizations::types::{CreateAccountState, OrganizationFeatureSet, Root};
use futures_util::future::{try_join, try_join4, try_join5};
use lz_model::event::Observer;
use lz_model::id::{AccountId, Arn, OrganizationId};
use lz_model::limits::ORGANIZATIONS_PAGE;
use lz_model::live::{Live, LiveCreation, LiveOrganization, LiveRoot, LiveTower, PolicyTypeStatus};
use lz_model::policy_type::PolicyType;
use lz_provider::{Kind, ProviderError, Scope};
use std::collections::BTreeMap;

/// The most that Organizations gives at a time. Always sent, since the default is undocumented.
pub(crate) const PAGE: i32 = ORGANIZATIONS_PAGE as i32;

/// Reads what the scope asks for.
///
/// # Errors
/// The first call that fails for good.
pub(crate) async fn read(
    connection: &Connection,
    scope: &Scope,
    observer: &dyn Observer,
) -> Result<Live, ProviderError> {
    let progress = Progress::new(connection, observer);
    let (caller, described) = try_join(connection.caller(), describe(connection)).await?;
    let mut organization = match described {
        // Boxed: what reads everything at once is too large for the stacks of small threads.
        Some(described) => Some(Box::pin(organization(connection, scope, described, &progress)).await?),
        None => None,
    };
    let catalogue = Box::pin(catalogue::read(connection, scope, organization.as_mut())).await?;
    Ok(Live {
        caller: caller.clone(),
        organization,
        catalogue,
    })
}

/// What DescribeOrganization says.
pub(crate) struct Described {
    id: OrganizationId,
    arn: Arn,
    all_features: bool,
    pub(crate) management_account: AccountId,
}

/// Returns the caller's organization, or `None` where its account stands alone.
///
/// # Errors
/// Whatever else keeps AWS from answering.
pub(crate) async fn describe(connection: &Connection) -> Result<Option<Described>, ProviderError> {
    let operation = Operation::DescribeOrganization;
    let answer = connection
        .send(operation, || {
            connection.clients.organizations.describe_organization().send()
        })
        .await;
    let answer = match answer {
        Err(error) if error.kind == Kind::NotFound => return Ok(None),
        other => required(operation, "Organization", other?.organization)?,
    };
    Ok(Some(Described {
        id: id(operation, "Id", answer.id)?,
        arn: id(operation, "Arn", answer.arn)?,
        all_features: answer.feature_set == Some(OrganizationFeatureSet::All),
        management_account: id(operation, "MasterAccountId", answer.master_account_id)?,
    }))
}

async fn organization(
    connection: &Connection,
    scope: &Scope,
    described: Described,
    progress: &Progress<'_>,
) -> Result<LiveOrganization, ProviderError> {
    let root = root(connection).await?;
    let (
        entities,
        (policies, mut tags),
        (delegation, beside),
        creating,
        (stack_sets, stacks, tower, identity),
    ) = try_join5(
        Box::pin(tree::read(connection, &root.id, progress)),
        Box::pin(policies::read(connection, scope, &root, progress)),
        Box::pin(beside::read(
            connection,
            &scope.services,
            described.all_features,
            progress,
        )),
        creations(connection),
        try_join4(
            Box::pin(stack_sets::read(connection, &scope.stacks, progress)),
            Box::pin(stacks::read(connection, &scope.stacks, progress)),
            Box::pin(control_tower(connection, scope)),
            Box::pin(identity::read(connection, scope.identity.as_ref(), progress)),
        ),
    )
    .await?;
    let mut organization = LiveOrganization {
        id: described.id,
        arn: described.arn,
        all_features: described.all_features,
        management_account: described.management_account,
        root,
        ous: entities.ous,
        accounts: entities.accounts,
        policies,
        trusted_services: delegation.trusted_services,
        delegated_admins: delegation.delegated_admins,
        administrators: beside.administrators,
        regions_off: beside.regions_off,
        root_access: beside.root_access,
        resource_policy: beside.resource_policy,
        invitations: beside.invitations,
        creating,
        stack_sets,
        stacks,
        tower,
        identity,
        settings: BTreeMap::new(),
    };
    policies::fit_targets(&mut organization);
    tags.complete(connection, &tags::entities(&organization), progress)
        .await?;
    let doubtful = doubt::entities(&organization, &scope.declared, &tags);
    tags.confirm(connection, &doubtful, progress).await?;
    tags.put(&mut organization);
    let wanted = (scope.declared.zone.as_str(), scope.settings.as_slice());
    organization.settings = settings::read(connection, wanted, &organization, progress).await?;
    Ok(organization)
}

/// Returns Control Tower, where the scope asks for it.
async fn control_tower(connection: &Connection, scope: &Scope) -> Result<Option<LiveTower>, ProviderError> {
    match &scope.tower {
        Some(scope) => tower::read(connection, scope).await.map(Some),
        None => Ok(None),
    }
}

/// Returns the organization's one root.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn root(connection: &Connection) -> Result<LiveRoot, ProviderError> {
    let operation = Operation::ListRoots;
    let roots = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_roots();
                request.max_results(PAGE).set_next_token(token).send()
            },
            |answer| (answer.roots, answer.next_token),
        )
        .await?;
    let root = required(operation, "Roots", roots.into_iter().next())?;
    Ok(LiveRoot {
        policy_types: policy_types(&root),
        id: id(operation, "Id", root.id)?,
        arn: id(operation, "Arn", root.arn)?,
        tags: BTreeMap::new(),
    })
}

/// Returns the policy types that a root shows. A type that lz has no name for is none of its business.
pub(crate) fn policy_types(root: &Root) -> BTreeMap<PolicyType, PolicyTypeStatus> {
    let known = root.policy_types().iter().filter_map(|summary| {
        let policy_type = PolicyType::from_name(summary.r#type()?.as_str())?;
        let status = match summary.status()?.as_str() {
            "ENABLED" => PolicyTypeStatus::Enabled,
            "PENDING_ENABLE" => PolicyTypeStatus::PendingEnable,
            "PENDING_DISABLE" => PolicyTypeStatus::PendingDisable,
            _ => return None,
        };
        Some((policy_type, status))
    });
    known.collect()
}

/// Returns the accounts that AWS is still creating.
pub(crate) async fn creations(connection: &Connection) -> Result<Vec<LiveCreation>, ProviderError> {
    let operation = Operation::ListCreateAccountStatus;
    let statuses = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_create_account_status();
                request
                    .states(CreateAccountState::InProgress)
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.create_account_statuses, answer.next_token),
        )
        .await?;
    let creations: Result<Vec<LiveCreation>, ProviderError> = statuses
        .into_iter()
        // Other implementations of the API leave the filter out.
        .filter(|status| status.state == Some(CreateAccountState::InProgress))
        .map(|status| {
            Ok(LiveCreation {
                request_id: required(operation, "Id", status.id)?,
                name: required(operation, "AccountName", status.account_name)?,
            })
        })
        .collect();
    let mut creations = creations?;
    creations.sort_by(|a, b| (&a.name, &a.request_id).cmp(&(&b.name, &b.request_id)));
    Ok(creations)
}
