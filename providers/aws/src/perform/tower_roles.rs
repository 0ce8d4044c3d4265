//! The roles that Control Tower works by in the management account (rule R28; Control Tower User Guide, "Step 1:
//! Configure your landing zone" and "Examples: Set up an AWS Control Tower landing zone with APIs only").

use crate::connection::Connection;
use crate::operation::Operation;
use crate::signed::{Request, Service};
use crate::site::{Stacks, partition, suffix};
use lz_model::id::Region;
use lz_model::tower::TowerVersion;
use lz_provider::{Kind, ProviderError};
use std::time::Duration;

/// A role is not visible everywhere at once (IAM User Guide, "Troubleshoot IAM": changes are not always immediately
/// visible; no bound is published).
const UNTIL_VISIBLE: Duration = Duration::from_secs(15);

/// A role, who takes it on and what it may do.
struct Role {
    name: &'static str,
    service: &'static str,
    /// The name of an AWS-managed policy below `service-role/`.
    managed: Option<&'static str>,
    /// The name and the one statement of a policy of its own.
    inline: Option<(&'static str, String)>,
}

/// Returns the roles that a version needs. From 4.0 CloudTrail's takes AWS's own policy, which must be there before
/// an update to 4.0 (rule R34), and the aggregator's role is gone.
fn roles(version: TowerVersion, partition: &str) -> Vec<Role> {
    let logs = format!(
        r#"{{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"arn:{partition}:logs:*:*:log-group:aws-controltower/CloudTrailLogs:*"}}"#
    );
    let trail = if version.has_integrations() {
        (Some("AWSControlTowerCloudTrailRolePolicy"), None)
    } else {
        (None, Some(("AWSControlTowerCloudTrailRolePolicy", logs)))
    };
    let zones = r#"{"Effect":"Allow","Action":"ec2:DescribeAvailabilityZones","Resource":"*"}"#;
    let execution = format!(
        r#"{{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:{partition}:iam::*:role/AWSControlTowerExecution"}}"#
    );
    let mut roles = vec![
        Role {
            name: "AWSControlTowerAdmin",
            service: "controltower.amazonaws.com",
            managed: Some("AWSControlTowerServiceRolePolicy"),
            inline: Some(("AWSControlTowerAdminPolicy", zones.to_owned())),
        },
        Role {
            name: "AWSControlTowerCloudTrailRole",
            service: "cloudtrail.amazonaws.com",
            managed: trail.0,
            inline: trail.1,
        },
        Role {
            name: "AWSControlTowerStackSetRole",
            service: "cloudformation.amazonaws.com",
            managed: None,
            inline: Some(("AWSControlTowerStackSetRolePolicy", execution)),
        },
    ];
    if !version.has_integrations() {
        roles.push(Role {
            name: "AWSControlTowerConfigAggregatorRoleForOrganizations",
            service: "config.amazonaws.com",
            managed: Some("AWSConfigRoleForOrganizations"),
            inline: None,
        });
    }
    roles
}

/// Makes the roles that are missing and gives each what it needs.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn make(
    connection: &Connection,
    region: &Region,
    version: TowerVersion,
) -> Result<(), ProviderError> {
    let partition = partition(region);
    let iam = Iam::of(connection, region).await;
    let mut made = false;
    for role in roles(version, partition) {
        made |= iam.create(&role).await?;
        if let Some(policy) = role.managed {
            let arn = format!("arn:{partition}:iam::aws:policy/service-role/{policy}");
            iam.send(
                Operation::AttachRolePolicy,
                &[("RoleName", role.name), ("PolicyArn", &arn)],
            )
            .await?;
        }
        if let Some((name, statement)) = &role.inline {
            let document = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
            let fields = [
                ("RoleName", role.name),
                ("PolicyName", *name),
                ("PolicyDocument", &*document),
            ];
            iam.send(Operation::PutRolePolicy, &fields).await?;
        }
    }
    if made {
        tokio::time::sleep(UNTIL_VISIBLE).await;
    }
    Ok(())
}

/// IAM, which has one endpoint in a partition.
struct Iam<'a> {
    site: Stacks<'a>,
    endpoint: String,
}

impl<'a> Iam<'a> {
    async fn of(connection: &'a Connection, region: &Region) -> Self {
        let (home, host) = place(region);
        let site = Stacks::of(connection, &home).await;
        let endpoint = site
            .endpoint_override()
            .map_or_else(|| format!("https://{host}"), str::to_owned);
        Self { site, endpoint }
    }

    /// Returns whether the role was made; `false` if it was there.
    async fn create(&self, role: &Role) -> Result<bool, ProviderError> {
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{}"}},"Action":"sts:AssumeRole"}}]}}"#,
            role.service
        );
        let fields = [
            ("RoleName", role.name),
            ("Path", "/service-role/"),
            ("AssumeRolePolicyDocument", &*trust),
        ];
        match self.send(Operation::CreateRole, &fields).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind == Kind::AlreadySo => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn send(&self, operation: Operation, fields: &[(&str, &str)]) -> Result<(), ProviderError> {
        let name = operation
            .key()
            .split_once(':')
            .map_or(operation.key(), |(_, name)| name);
        let mut body = format!("Action={name}&Version=2010-05-08");
        for (field, value) in fields {
            body.push_str(&format!("&{field}={}", crate::own::encoded(value)));
        }
        let request = Request {
            service: Service::Iam,
            operation: name,
            method: "POST",
            endpoint: self.endpoint.clone(),
            path: "/".to_owned(),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: body.into_bytes(),
        };
        self.site.send_signed(operation, &request).await.map(drop)
    }
}

/// Returns the Region that IAM's requests are signed for, and its host (AWS General Reference, "AWS Identity and Access
/// Management endpoints and quotas").
fn place(region: &Region) -> (Region, String) {
    let suffix = suffix(region);
    let (home, host) = match partition(region) {
        "aws-cn" => ("cn-north-1", format!("iam.cn-north-1.{suffix}")),
        "aws-us-gov" => ("us-gov-west-1", format!("iam.us-gov.{suffix}")),
        _ => ("us-east-1", format!("iam.{suffix}")),
    };
    (home.parse().unwrap_or_else(|_| region.clone()), host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_has_its_roles() {
        let names = |version: &str| -> Vec<&str> {
            let roles = roles(version.parse().unwrap(), "aws");
            roles.iter().map(|role| role.name).collect()
        };
        assert!(names("3.3").contains(&"AWSControlTowerConfigAggregatorRoleForOrganizations"));
        assert_eq!(names("4.0").len(), 3);
        let trail = |version: &str| {
            let roles = roles(version.parse().unwrap(), "aws");
            roles[1].managed
        };
        assert_eq!(trail("3.3"), None);
        assert!(
            trail("4.0").is_some(),
            "AWS's own policy before an update to 4.0 (R34)"
        );
    }

    #[test]
    fn iam_has_one_endpoint_in_a_partition() {
        assert_eq!(place(&"eu-west-1".parse().unwrap()).1, "iam.amazonaws.com");
        assert_eq!(
            place(&"cn-northwest-1".parse().unwrap()).1,
            "iam.cn-north-1.amazonaws.com.cn"
        );
    }
}
