//! What services beside Organizations tell of an organization: their administrators, central root access, and the
//! resource policy. Only what the spec declares is asked for.

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::fields::required;
use crate::operation::Operation;
use crate::own::{Iam, api, seat};
use crate::read::delegation::{self, Delegation};
use crate::read::invitations::invitations;
use crate::read::progress::Progress;
use crate::read::tower::regions_off;
use crate::read::tree::IN_FLIGHT;
use aws_smithy_xml::decode::Document;
use futures_util::future::try_join3;
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::id::{AccountId, Region, ServicePrincipal};
use lz_model::live::{LiveInvitation, LiveResourcePolicy};
use lz_model::root_access::RootFeature;
use lz_provider::{Kind, ProviderError, ServiceScope};
use std::collections::{BTreeMap, BTreeSet};

/// The service whose trusted access central root access needs (aws-facts R39).
const ROOT_SERVICE: &str = "iam.amazonaws.com";

/// Administrators of a service by Region.
type ByRegion = BTreeMap<Region, AccountId>;

/// What was asked for beside Organizations.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(crate) administrators: BTreeMap<ServicePrincipal, ByRegion>,
    pub(crate) regions_off: BTreeSet<Region>,
    pub(crate) root_access: Option<BTreeSet<RootFeature>>,
    pub(crate) resource_policy: LiveResourcePolicy,
    pub(crate) invitations: BTreeMap<AccountId, LiveInvitation>,
}

/// Reads trusted access and delegated administrators, and then what these leave open.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn read(
    connection: &Connection,
    scope: &ServiceScope,
    all_features: bool,
    progress: &Progress<'_>,
) -> Result<(Delegation, Beside), ProviderError> {
    let delegation = delegation::read(connection, all_features, progress).await?;
    let invitations = sent(connection, scope).await?;
    if !all_features {
        let beside = Beside {
            invitations,
            ..Beside::default()
        };
        return Ok((delegation, beside));
    }
    let regions_off = regions_off(connection, &scope.regions).await?;
    let (administrators, root_access, resource_policy) = try_join3(
        administrators(connection, scope, (&delegation, &regions_off), progress),
        root_access(connection, scope, &delegation),
        resource_policy(connection, scope),
    )
    .await?;
    let beside = Beside {
        administrators,
        regions_off,
        root_access,
        resource_policy,
        invitations,
    };
    Ok((delegation, beside))
}

/// Returns the invitations of the accounts that the scope names, and the open ones of others, which nobody awaits.
async fn sent(
    connection: &Connection,
    scope: &ServiceScope,
) -> Result<BTreeMap<AccountId, LiveInvitation>, ProviderError> {
    if scope.invitations.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sent = invitations(connection).await?;
    sent.retain(|account, invitation| scope.invitations.contains(account) || invitation.stage.is_open());
    Ok(sent)
}

/// A service that nobody administers by Organizations' list has no administrator in any Region: the services' own
/// calls register the account there (aws-facts section 6).
async fn administrators(
    connection: &Connection,
    scope: &ServiceScope,
    (delegation, off): (&Delegation, &BTreeSet<Region>),
    progress: &Progress<'_>,
) -> Result<BTreeMap<ServicePrincipal, ByRegion>, ProviderError> {
    let asked = scope.administrators.iter();
    let asked = asked.filter(|(service, _)| delegation.delegated_admins.contains_key(*service));
    let places = asked.flat_map(|(service, regions)| regions.iter().map(move |region| (service, region)));
    // A Region that is off takes no calls.
    let places = places.filter(|(_, region)| !off.contains(*region));
    let found: Vec<(ServicePrincipal, Region, Option<AccountId>)> = stream::iter(places)
        .map(|(service, region)| async move {
            let account = administrator(connection, service, region).await?;
            Ok::<_, ProviderError>((service.clone(), region.clone(), account))
        })
        .buffer_unordered(IN_FLIGHT)
        .inspect(|_| progress.on("administrators of services"))
        .try_collect()
        .await?;
    let mut administrators: BTreeMap<ServicePrincipal, ByRegion> = BTreeMap::new();
    for (service, region, account) in found {
        if let Some(account) = account {
            administrators.entry(service).or_default().insert(region, account);
        }
    }
    Ok(administrators)
}

async fn administrator(
    connection: &Connection,
    service: &ServicePrincipal,
    region: &Region,
) -> Result<Option<AccountId>, ProviderError> {
    let Some(api) = api(service) else { return Ok(None) };
    let seat = seat(connection, service, api, region).await?;
    Ok(seat.into_iter().next())
}

/// Without trusted access there is no feature, and IAM refuses to list them.
async fn root_access(
    connection: &Connection,
    scope: &ServiceScope,
    delegation: &Delegation,
) -> Result<Option<BTreeSet<RootFeature>>, ProviderError> {
    if !scope.root_access {
        return Ok(None);
    }
    let mut trusted = delegation.trusted_services.iter();
    if !trusted.any(|service| service.as_str() == ROOT_SERVICE) {
        return Ok(Some(BTreeSet::new()));
    }
    let operation = Operation::ListRootFeatures;
    let answer = Iam::of(connection, operation).await?.send(operation).await?;
    features(&answer)
        .map(Some)
        .ok_or_else(|| nonsense(operation, "the answer is no XML"))
}

/// Returns the features that an answer names. One that lz has no name for is none of its business.
fn features(xml: &str) -> Option<BTreeSet<RootFeature>> {
    let mut document = Document::new(xml);
    let mut root = document.root_element().ok()?;
    let mut found = BTreeSet::new();
    while let Some(mut result) = root.next_tag() {
        while let Some(mut list) = result.next_tag() {
            if !list.start_el().matches("EnabledFeatures") {
                continue;
            }
            while let Some(mut member) = list.next_tag() {
                let name = aws_smithy_xml::decode::try_data(&mut member).ok()?;
                let mut all = RootFeature::ALL.into_iter();
                found.extend(all.find(|feature| feature.aws_name() == name.trim()));
            }
        }
    }
    Some(found)
}

async fn resource_policy(
    connection: &Connection,
    scope: &ServiceScope,
) -> Result<LiveResourcePolicy, ProviderError> {
    if !scope.resource_policy {
        return Ok(LiveResourcePolicy::NotRead);
    }
    let operation = Operation::DescribeResourcePolicy;
    let answer = connection
        .send(operation, || {
            connection.clients.organizations.describe_resource_policy().send()
        })
        .await;
    let answer = match answer {
        Err(error) if error.kind == Kind::NotFound => return Ok(LiveResourcePolicy::Absent),
        other => other?,
    };
    let policy = required(operation, "ResourcePolicy", answer.resource_policy)?;
    let summary = required(operation, "ResourcePolicySummary", policy.resource_policy_summary)?;
    let id = required(operation, "Id", summary.id)?;
    let tags = connection
        .list(
            Operation::ListTags,
            |token| {
                let request = connection.clients.organizations.list_tags_for_resource();
                request.resource_id(&id).set_next_token(token).send()
            },
            |answer| (answer.tags, answer.next_token),
        )
        .await?;
    Ok(LiveResourcePolicy::Present {
        content: required(operation, "Content", policy.content)?,
        tags: tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_read_by_name_and_unknown_ones_left_out() {
        let answer = |members: &str| {
            format!(
                "<ListOrganizationsFeaturesResponse><ListOrganizationsFeaturesResult><OrganizationId>o-1\
                 </OrganizationId><EnabledFeatures>{members}</EnabledFeatures></ListOrganizationsFeaturesResult>\
                 <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ListOrganizationsFeaturesResponse>"
            )
        };
        let both = answer(
            "<member>RootSessions</member><member>New</member><member>RootCredentialsManagement</member>",
        );
        assert_eq!(features(&both), Some(BTreeSet::from(RootFeature::ALL)));
        assert_eq!(features(&answer("")), Some(BTreeSet::new()));
        assert_eq!(features("not XML"), None);
    }
}
