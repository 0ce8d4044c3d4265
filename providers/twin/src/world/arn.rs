//! The names that AWS gives to resources (aws-facts 1.2).

use std::fmt;

use super::{AccountId, HandshakeId, OrganizationId, PolicyId, ResourcePolicyId, RootId, TargetId, UnitId};
use crate::settings::{Partition, PolicyType};

/// Writes the ARNs of one organization.
///
/// The account in front is always the management account, also in the ARN of a member account.
#[derive(Clone, Copy)]
pub(crate) struct Arns<'a> {
    pub(crate) partition: Partition,
    pub(crate) management: &'a AccountId,
    pub(crate) organization: &'a OrganizationId,
}

impl<'a> Arns<'a> {
    fn of(&self, resource: &str, rest: &str) -> String {
        let (partition, management, organization) =
            (self.partition.as_str(), self.management, self.organization);
        format!("arn:{partition}:organizations::{management}:{resource}/{organization}{rest}")
    }

    /// Returns the ARN of the organization.
    pub(crate) fn organization(&self) -> String {
        self.of("organization", "")
    }

    /// Returns the ARN of a root.
    pub(crate) fn root(&self, id: &RootId) -> String {
        self.of("root", &format!("/{id}"))
    }

    /// Returns the ARN of an OU.
    pub(crate) fn unit(&self, id: &UnitId) -> String {
        self.of("ou", &format!("/{id}"))
    }

    /// Returns the ARN of an account as the organization names it.
    pub(crate) fn account(&self, id: &'a AccountId) -> AccountArn<'a> {
        AccountArn { arns: *self, id }
    }

    /// Returns the ARN of what a policy can be attached to.
    pub(crate) fn target(&self, id: &TargetId) -> String {
        match id {
            TargetId::Root(id) => self.root(id),
            TargetId::Unit(id) => self.unit(id),
            TargetId::Account(id) => self.account(id).to_string(),
        }
    }

    /// Returns the ARN of a policy; AWS's own name the account `aws` and no organization.
    pub(crate) fn policy(&self, id: &PolicyId, kind: PolicyType, aws_managed: bool) -> String {
        let kind = kind.in_arn();
        if aws_managed {
            return format!(
                "arn:{}:organizations::aws:policy/{kind}/{id}",
                self.partition.as_str()
            );
        }
        self.of("policy", &format!("/{kind}/{id}"))
    }

    /// Returns the ARN of a handshake; `action` is the lower-case action.
    pub(crate) fn handshake(&self, id: &HandshakeId, action: &str) -> String {
        self.of("handshake", &format!("/{action}/{id}"))
    }

    /// Returns the ARN of the resource policy.
    pub(crate) fn resource_policy(&self, id: &ResourcePolicyId) -> String {
        self.of("resourcepolicy", &format!("/{id}"))
    }
}

/// The ARN of an account, written when it is shown.
#[derive(Clone, Copy)]
pub(crate) struct AccountArn<'a> {
    arns: Arns<'a>,
    id: &'a AccountId,
}

impl fmt::Display for AccountArn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Arns {
            partition,
            management,
            organization,
        } = &self.arns;
        write!(
            f,
            "arn:{}:organizations::{management}:account/{organization}/{}",
            partition.as_str(),
            self.id
        )
    }
}
