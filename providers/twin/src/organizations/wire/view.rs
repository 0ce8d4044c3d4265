//! Output shapes, spelled as botocore's model spells them.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::organizations::{
    CreateRequest, CreationState, FeatureSet, Handshake, Organization, Policy, TypeStatus,
};
use crate::settings::{PolicyType, Settings};
use crate::wire::{Seen, Shown};
use crate::world::{
    Account, AccountArn, AccountId, HandshakeId, ParentId, PolicyId, RequestId, Tags, TargetId, UnitId, World,
};

/// Shape `Tag`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TagView<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: &'a str,
}

/// Returns shape `Tags`.
pub(crate) fn tags_view(tags: &Tags) -> impl Iterator<Item = TagView<'_>> {
    tags.iter().map(|(key, value)| TagView { key, value })
}

/// The path of an entity: organization, root, OUs, and last the account, each followed by a slash
/// (aws-facts 1.2).
pub(crate) struct PathOf<'a> {
    org: &'a Organization,
    parent: Cow<'a, ParentId>,
    account: Option<&'a AccountId>,
}

impl<'a> PathOf<'a> {
    /// Returns the path of an account that lies under a parent.
    pub(crate) fn account(org: &'a Organization, parent: &'a ParentId, account: &'a AccountId) -> PathOf<'a> {
        PathOf {
            org,
            parent: Cow::Borrowed(parent),
            account: Some(account),
        }
    }

    /// Returns the path of an OU.
    pub(crate) fn unit(org: &'a Organization, id: &UnitId) -> PathOf<'a> {
        PathOf {
            org,
            parent: Cow::Owned(ParentId::Unit(id.clone())),
            account: None,
        }
    }
}

impl fmt::Display for PathOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn units(org: &Organization, at: &ParentId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            if let ParentId::Unit(id) = at
                && let Some(unit) = org.unit(id)
            {
                units(org, &unit.parent, f)?;
                write!(f, "{id}/")?;
            }
            Ok(())
        }
        write!(f, "{}/{}/", self.org.id, self.org.root)?;
        units(self.org, &self.parent, f)?;
        match self.account {
            Some(account) => write!(f, "{account}/"),
            None => Ok(()),
        }
    }
}

/// Shape `Account`, and `DelegatedAdministrator` when it has a delegation date.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccountView<'a> {
    id: &'a AccountId,
    arn: Shown<AccountArn<'a>>,
    email: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    paths: Option<[Shown<PathOf<'a>>; 1]>,
    joined_method: &'static str,
    joined_timestamp: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    delegation_enabled_date: Option<f64>,
}

impl<'a> AccountView<'a> {
    /// Returns the view of a member account.
    pub(crate) fn of(seen: &Seen<'a>, id: &'a AccountId) -> Option<AccountView<'a>> {
        let (account, member) = (seen.world.accounts.get(id)?, seen.org.member(id)?);
        let settings = seen.call.settings;
        Some(AccountView {
            id,
            arn: Shown(seen.org.arns(settings.partition).account(id)),
            email: &account.email,
            name: &account.name,
            status: settings.status.then(|| account.state.status()),
            state: account.state.state(),
            paths: settings
                .paths
                .then(|| [Shown(PathOf::account(seen.org, &member.parent, id))]),
            joined_method: member.joined.as_str(),
            joined_timestamp: member.joined_at.epoch_seconds(),
            delegation_enabled_date: None,
        })
    }

    /// Returns the view as a delegated administrator, which has no paths.
    pub(crate) fn delegated(self, since: f64) -> AccountView<'a> {
        AccountView {
            paths: None,
            delegation_enabled_date: Some(since),
            ..self
        }
    }
}

/// Shape `OrganizationalUnit`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UnitView<'a> {
    id: &'a UnitId,
    arn: String,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Shown<PathOf<'a>>>,
}

impl<'a> UnitView<'a> {
    /// Returns the view of an OU.
    pub(crate) fn of(org: &'a Organization, settings: &Settings, id: &'a UnitId) -> Option<UnitView<'a>> {
        let unit = org.unit(id)?;
        Some(UnitView {
            id,
            arn: org.arns(settings.partition).unit(id),
            name: &unit.name,
            path: settings.paths.then(|| Shown(PathOf::unit(org, id))),
        })
    }
}

/// Shape `PolicyTypeSummary`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PolicyTypeView {
    r#type: PolicyType,
    status: &'static str,
}

/// Shape `Root`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RootView<'a> {
    id: &'a str,
    arn: String,
    name: &'static str,
    policy_types: Vec<PolicyTypeView>,
}

impl<'a> RootView<'a> {
    /// Returns the view of the root; types that are off are absent.
    pub(crate) fn of(org: &'a Organization, settings: &Settings) -> RootView<'a> {
        let types = org.policy_types.iter();
        RootView {
            id: org.root.as_str(),
            arn: org.arns(settings.partition).root(&org.root),
            name: "Root",
            policy_types: types
                .map(|(kind, status)| PolicyTypeView {
                    r#type: *kind,
                    status: status.as_str(),
                })
                .collect(),
        }
    }
}

/// Shape `Organization`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationView<'a> {
    id: &'a str,
    arn: String,
    feature_set: &'static str,
    master_account_arn: String,
    master_account_id: &'a str,
    master_account_email: &'a str,
    available_policy_types: Vec<PolicyTypeView>,
}

impl<'a> OrganizationView<'a> {
    /// Returns the view of an organization. `AvailablePolicyTypes` is kept for old clients and names SCPs only.
    pub(crate) fn of(world: &'a World, org: &'a Organization, settings: &Settings) -> OrganizationView<'a> {
        let arns = org.arns(settings.partition);
        let email = world
            .accounts
            .get(&org.management)
            .map_or("", |account| account.email.as_str());
        let available = match org.feature_set {
            FeatureSet::All => vec![PolicyTypeView {
                r#type: PolicyType::ServiceControlPolicy,
                status: TypeStatus::Enabled.as_str(),
            }],
            FeatureSet::ConsolidatedBilling => Vec::new(),
        };
        OrganizationView {
            id: org.id.as_str(),
            arn: arns.organization(),
            feature_set: org.feature_set.as_str(),
            master_account_arn: arns.account(&org.management).to_string(),
            master_account_id: org.management.as_str(),
            master_account_email: email,
            available_policy_types: available,
        }
    }
}

/// Shape `PolicySummary`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PolicySummaryView<'a> {
    id: &'a PolicyId,
    arn: String,
    name: &'a str,
    description: &'a str,
    r#type: PolicyType,
    aws_managed: bool,
}

impl<'a> PolicySummaryView<'a> {
    /// Returns the view of a policy.
    pub(crate) fn of(org: &Organization, settings: &Settings, id: &'a PolicyId, policy: &'a Policy) -> Self {
        PolicySummaryView {
            id,
            arn: org
                .arns(settings.partition)
                .policy(id, policy.kind, policy.aws_managed),
            name: &policy.name,
            description: &policy.description,
            r#type: policy.kind,
            aws_managed: policy.aws_managed,
        }
    }
}

/// Shape `PolicyTargetSummary`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TargetView<'a> {
    target_id: &'a str,
    arn: String,
    name: &'a str,
    r#type: &'static str,
}

impl<'a> TargetView<'a> {
    /// Returns the view of a target.
    pub(crate) fn of(seen: &Seen<'a>, id: &'a TargetId) -> Option<TargetView<'a>> {
        let (name, kind) = match id {
            TargetId::Root(_) => ("Root", "ROOT"),
            TargetId::Unit(unit) => (seen.org.unit(unit)?.name.as_str(), "ORGANIZATIONAL_UNIT"),
            TargetId::Account(account) => (seen.world.accounts.get(account)?.name.as_str(), "ACCOUNT"),
        };
        let arn = seen.org.arns(seen.call.settings.partition).target(id);
        Some(TargetView {
            target_id: id.as_str(),
            arn,
            name,
            r#type: kind,
        })
    }
}

/// Shape `CreateAccountStatus`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CreationView<'a> {
    id: &'a RequestId,
    account_name: &'a str,
    state: &'static str,
    requested_timestamp: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_timestamp: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a AccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<&'static str>,
}

impl<'a> CreationView<'a> {
    /// Returns the view of an account creation.
    pub(crate) fn of(id: &'a RequestId, request: &'a CreateRequest) -> CreationView<'a> {
        let (completed, account_id, failure_reason) = match &request.state {
            CreationState::InProgress { .. } => (None, None, None),
            CreationState::Succeeded { account, at } => (Some(at), Some(account), None),
            CreationState::Failed { reason, at } => (Some(at), None, Some(reason.as_str())),
        };
        CreationView {
            id,
            account_name: &request.name,
            state: request.state.as_str(),
            requested_timestamp: request.requested_at.epoch_seconds(),
            completed_timestamp: completed.map(|at| at.epoch_seconds()),
            account_id,
            failure_reason,
        }
    }
}

/// Shape `HandshakeParty`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PartyView<'a> {
    id: &'a str,
    r#type: &'static str,
}

/// Shape `HandshakeResource`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ResourceView<'a> {
    value: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<ResourceView<'a>>,
}

impl<'a> ResourceView<'a> {
    fn leaf(r#type: &'static str, value: &'a str) -> ResourceView<'a> {
        ResourceView {
            value,
            r#type,
            resources: Vec::new(),
        }
    }
}

/// Shape `Handshake`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct HandshakeView<'a> {
    id: &'a HandshakeId,
    arn: String,
    parties: Vec<PartyView<'a>>,
    state: &'static str,
    requested_timestamp: f64,
    expiration_timestamp: f64,
    action: &'static str,
    resources: Vec<ResourceView<'a>>,
}

impl<'a> HandshakeView<'a> {
    /// Returns the view of a handshake; `sender` is the management account behind it, `feature_set` that of its
    /// organization.
    pub(crate) fn of(
        settings: &Settings,
        id: &'a HandshakeId,
        shake: &'a Handshake,
        sender: &'a Account,
        feature_set: Option<FeatureSet>,
    ) -> Self {
        let arns = crate::world::Arns {
            partition: settings.partition,
            management: &shake.sender,
            organization: &shake.organization,
        };
        let organization = shake.organization.as_str();
        let mut master = vec![
            ResourceView::leaf("MASTER_EMAIL", &sender.email),
            ResourceView::leaf("MASTER_NAME", &sender.name),
        ];
        master.extend(feature_set.map(|set| ResourceView::leaf("ORGANIZATION_FEATURE_SET", set.as_str())));
        let mut resources = vec![ResourceView {
            value: organization,
            r#type: "ORGANIZATION",
            resources: master,
        }];
        let mut parties = vec![PartyView {
            id: organization,
            r#type: "ORGANIZATION",
        }];
        if shake.to.id != shake.organization.as_str() {
            parties.push(PartyView {
                id: &shake.to.id,
                r#type: shake.to.kind.as_str(),
            });
            resources.push(ResourceView::leaf(shake.to.kind.as_str(), &shake.to.id));
        }
        resources.extend(
            shake
                .notes
                .as_deref()
                .map(|notes| ResourceView::leaf("NOTES", notes)),
        );
        resources.extend(
            shake
                .parent
                .as_ref()
                .map(|id| ResourceView::leaf("PARENT_HANDSHAKE", id.as_str())),
        );
        HandshakeView {
            id,
            arn: arns.handshake(id, &shake.action.as_str().to_ascii_lowercase()),
            parties,
            state: shake.state.as_str(),
            requested_timestamp: shake.requested_at.epoch_seconds(),
            expiration_timestamp: shake.expires_at.epoch_seconds(),
            action: shake.action.as_str(),
            resources,
        }
    }
}
