//! Policies with their targets and, where wanted, their documents.

use crate::connection::Connection;
use crate::fields::{id, required};
use crate::operation::Operation;
use crate::read::doubt;
use crate::read::organization::PAGE;
use crate::read::progress::Progress;
use crate::read::tags::{self, Known};
use crate::read::tree::IN_FLIGHT;
use futures_util::future::{try_join, try_join_all};
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::id::{PolicyId, ResourceId, TargetId};
use lz_model::live::{LiveOrganization, LivePolicy, LiveRoot, PolicyText};
use lz_model::policy_type::PolicyType;
use lz_provider::{Kind, ProviderError, Scope, Texts, ZONE_TAG};
use std::collections::{BTreeMap, BTreeSet};

/// Returns whether AWS attaches the policy to everything as long as RCPs are on, and lets nobody detach it
/// (aws-facts section 2, R5). So its targets are known without asking. Its id is undocumented, its name is
/// not ("RCP syntax").
fn is_everywhere(policy: &LivePolicy) -> bool {
    policy.aws_managed && policy.policy_type == PolicyType::Rcp && policy.name == "RCPFullAWSAccess"
}

type Policies = BTreeMap<PolicyId, LivePolicy>;

/// Reads the policies of every type that is on or wanted, without their tags, and the tags that are known
/// by then: they say whose documents are wanted.
///
/// # Errors
/// The first call that fails for good.
pub(crate) async fn read(
    connection: &Connection,
    scope: &Scope,
    root: &LiveRoot,
    progress: &Progress<'_>,
) -> Result<(Policies, Known), ProviderError> {
    let types: BTreeSet<PolicyType> = root
        .policy_types
        .keys()
        .chain(&scope.policy_types)
        .copied()
        .collect();
    // All lists come before the first target: they share a bucket, and documents wait for the lists.
    let lists = try_join_all(types.into_iter().map(|of| list(connection, of)));
    let (lists, mut tags) = try_join(lists, tags::index(connection, progress)).await?;
    let listed = lists.into_iter().flatten();
    let mut policies: Policies = listed.map(|policy| (policy.id.clone(), policy)).collect();
    let on = policies
        .values()
        .filter(|policy| root.policy_types.contains_key(&policy.policy_type));
    // Switching a type off detaches its policies everywhere (aws-facts section 2, R6).
    let asked: Vec<PolicyId> = on
        .filter(|policy| !is_everywhere(policy))
        .map(|policy| policy.id.clone())
        .collect();
    let (targets, texts) = try_join(
        each(asked, |policy| targets(connection, policy), progress),
        texts(connection, scope, &policies, &mut tags, progress),
    )
    .await?;
    fill(&mut policies, targets, |policy, targets| policy.targets = targets);
    fill(&mut policies, texts, |policy, text| {
        policy.content = PolicyText::Read(text)
    });
    Ok((policies, tags))
}

/// Makes the targets fit the entities: the policy that is everywhere is on each of them, and what is no
/// entity any more is no target. A list of targets can still show an OU that was deleted a moment ago
/// (aws-facts section 1.1).
pub(crate) fn fit_targets(organization: &mut LiveOrganization) {
    let root = TargetId::Root(organization.root.id.clone());
    let ous = organization.ous.keys().cloned().map(TargetId::Ou);
    let accounts = organization.accounts.keys().cloned().map(TargetId::Account);
    let entities: BTreeSet<TargetId> = std::iter::once(root).chain(ous).chain(accounts).collect();
    let rcps_are_on = organization.root.policy_types.contains_key(&PolicyType::Rcp);
    for policy in organization.policies.values_mut() {
        if is_everywhere(policy) && rcps_are_on {
            policy.targets.clone_from(&entities);
        } else {
            policy.targets.retain(|target| entities.contains(target));
        }
    }
}

/// Returns the policies of one type, without targets, document and tags.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn list(connection: &Connection, of: PolicyType) -> Result<Vec<LivePolicy>, ProviderError> {
    let operation = Operation::ListPolicies;
    let summaries = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_policies();
                request
                    .filter(of.api_name().into())
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.policies, answer.next_token),
        )
        .await?;
    summaries
        .into_iter()
        .map(|summary| {
            Ok(LivePolicy {
                id: id(operation, "Id", summary.id)?,
                arn: id(operation, "Arn", summary.arn)?,
                policy_type: of,
                name: required(operation, "Name", summary.name)?,
                description: summary.description.unwrap_or_default(),
                aws_managed: summary.aws_managed,
                content: PolicyText::NotRead,
                targets: BTreeSet::new(),
                tags: BTreeMap::new(),
            })
        })
        .collect()
}

async fn targets(connection: &Connection, policy: PolicyId) -> Result<BTreeSet<TargetId>, ProviderError> {
    let operation = Operation::ListTargets;
    let targets = connection
        .list(
            operation,
            |token| {
                let request = connection.clients.organizations.list_targets_for_policy();
                request
                    .policy_id(policy.as_str())
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.targets, answer.next_token),
        )
        .await?;
    targets
        .into_iter()
        .map(|target| id(operation, "TargetId", target.target_id))
        .collect()
}

/// Reads the documents that are wanted. Before that, the tags that the index cannot show or may show wrongly.
async fn texts(
    connection: &Connection,
    scope: &Scope,
    policies: &Policies,
    tags: &mut Known,
    progress: &Progress<'_>,
) -> Result<Vec<(PolicyId, Option<String>)>, ProviderError> {
    let own: Vec<&LivePolicy> = policies.values().filter(|policy| !policy.aws_managed).collect();
    let resources = own
        .iter()
        .map(|policy| ResourceId::Policy(policy.id.clone()))
        .collect();
    tags.complete(connection, &resources, progress).await?;
    let doubtful = doubt::policies(policies, &scope.declared, tags);
    tags.confirm(connection, &doubtful, progress).await?;
    let wanted = own.into_iter().filter(|policy| match &scope.texts {
        Texts::All => true,
        Texts::Of { zone, names, ids } => {
            let tags = tags.of(&ResourceId::Policy(policy.id.clone()));
            ids.contains(&policy.id)
                || names.contains(&(policy.policy_type, policy.name.clone()))
                || tags.and_then(|tags| tags.get(ZONE_TAG)) == Some(zone)
        }
    });
    let wanted: Vec<PolicyId> = wanted.map(|policy| policy.id.clone()).collect();
    each(wanted, |policy| text(connection, policy), progress).await
}

async fn text(connection: &Connection, policy: PolicyId) -> Result<String, ProviderError> {
    let operation = Operation::DescribePolicy;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.describe_policy();
            request.policy_id(policy.as_str()).send()
        })
        .await?;
    required(
        operation,
        "Content",
        answer.policy.and_then(|policy| policy.content),
    )
}

/// Asks for each policy side by side. `None` is for a policy that has been deleted meanwhile.
async fn each<T, F>(
    policies: Vec<PolicyId>,
    ask: impl Fn(PolicyId) -> F,
    progress: &Progress<'_>,
) -> Result<Vec<(PolicyId, Option<T>)>, ProviderError>
where
    F: Future<Output = Result<T, ProviderError>>,
{
    stream::iter(policies)
        .map(|policy| {
            let answer = ask(policy.clone());
            async move {
                match answer.await {
                    Ok(found) => Ok((policy, Some(found))),
                    Err(error) if error.kind == Kind::NotFound => Ok((policy, None)),
                    Err(error) => Err(error),
                }
            }
        })
        .buffer_unordered(IN_FLIGHT)
        .inspect(|_| progress.on("policies"))
        .try_collect()
        .await
}

fn fill<T>(policies: &mut Policies, found: Vec<(PolicyId, Option<T>)>, put: impl Fn(&mut LivePolicy, T)) {
    for (id, found) in found {
        match found {
            Some(found) => {
                if let Some(policy) = policies.get_mut(&id) {
                    put(policy, found);
                }
            }
            None => {
                policies.remove(&id);
            }
        }
    }
}
