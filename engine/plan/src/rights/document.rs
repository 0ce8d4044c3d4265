//! Policies that give a role its rights, within IAM's limits.

use super::feature::features;
use super::table::{On, Right, Role, TABLE};
use lz_model::desired::{Desired, ObjectPlace, Permissions, Recipient};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The most characters of a managed policy, white space apart (IAM User Guide, "IAM and AWS STS quotas").
pub const POLICY_CHARACTERS: usize = 6_144;

/// The most actions and resources of a statement, so that one alone fits into a policy.
const ACTIONS: usize = 80;
const RESOURCES: usize = 12;

/// Returns the policies that a role needs for a spec: one, or several where one would be too long.
#[must_use]
pub fn policies(desired: &Desired, role: Role) -> Vec<Value> {
    let used = features(desired);
    let needed = |right: &&Right| used.contains(&right.feature) && right.role <= role;
    let mut by_scope: BTreeMap<On, BTreeSet<&'static str>> = BTreeMap::new();
    for right in TABLE.iter().filter(needed) {
        by_scope.entry(right.on).or_default().insert(right.action);
    }
    let mut statements = Vec::new();
    for (on, actions) in by_scope {
        let scope = Scope::of(desired, on);
        if scope.resources.is_empty() {
            continue;
        }
        let actions: Vec<&str> = actions.into_iter().collect();
        let resources: Vec<&String> = scope.resources.iter().collect();
        let parts = actions.chunks(ACTIONS).flat_map(|actions| {
            resources
                .chunks(RESOURCES)
                .map(move |resources| (actions, resources))
        });
        statements.extend(parts.enumerate().map(|(part, (actions, resources))| {
            let number = if part == 0 {
                String::new()
            } else {
                (part + 1).to_string()
            };
            scope.statement(&format!("{on:?}{number}"), actions, resources)
        }));
    }
    packed(statements)
}

/// Puts statements into as few documents as their order allows.
fn packed(statements: Vec<Value>) -> Vec<Value> {
    let mut documents: Vec<Vec<Value>> = Vec::new();
    for statement in statements {
        let fits = documents.last().is_some_and(|last| {
            let mut longer = last.clone();
            longer.push(statement.clone());
            size(&document(&longer)) <= POLICY_CHARACTERS
        });
        match documents.last_mut().filter(|_| fits) {
            Some(last) => last.push(statement),
            None => documents.push(vec![statement]),
        }
    }
    documents.iter().map(|statements| document(statements)).collect()
}

fn document(statements: &[Value]) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// Returns the characters that IAM counts.
fn size(document: &Value) -> usize {
    document
        .to_string()
        .chars()
        .filter(|c| !c.is_whitespace())
        .count()
}

/// What a statement is for.
struct Scope {
    resources: BTreeSet<String>,
    condition: Option<Value>,
}

impl Scope {
    fn of(desired: &Desired, on: On) -> Self {
        let everything = || BTreeSet::from(["*".to_owned()]);
        let plain = |resources: BTreeSet<String>| Self {
            resources,
            condition: None,
        };
        let pipeline = &desired.pipeline;
        match on {
            On::Everything => plain(everything()),
            On::Regions => Self {
                resources: everything(),
                condition: Some(json!({ "StringEquals": { "aws:RequestedRegion": regions(desired) } })),
            },
            On::Stacks => plain(stacks(desired)),
            On::AdministratorRoles => plain(administrators(desired)),
            On::AdministrationRoles => Self {
                resources: administration_roles(desired),
                condition: Some(passed_to("cloudformation.amazonaws.com")),
            },
            On::TemplateBuckets => plain([format!("arn:{}:s3:::lz-templates-*", partition(desired))].into()),
            On::Templates => plain([format!("arn:{}:s3:::lz-templates-*/*", partition(desired))].into()),
            On::TowerRoles => plain(
                [format!(
                    "arn:{}:iam::{}:role/service-role/AWSControlTower*",
                    partition(desired),
                    account(desired)
                )]
                .into(),
            ),
            On::ServiceLinkedRoles => Self {
                resources: [format!(
                    "arn:{}:iam::{}:role/aws-service-role/*",
                    partition(desired),
                    account(desired)
                )]
                .into(),
                condition: Some(json!({ "StringEquals": { "iam:AWSServiceName": linked(desired) } })),
            },
            On::Lock => plain(pipeline.lock.iter().map(|place| object(place, "")).collect()),
            On::LockBucket => Self::listing(pipeline.lock.as_ref(), |place| vec![place.key.clone()]),
            On::History => plain(pipeline.history.iter().map(|place| object(place, "/*")).collect()),
            On::HistoryBucket => Self::listing(pipeline.history.as_ref(), |place| {
                vec![format!("{}/*", place.key)]
            }),
            On::Topics => plain(
                pipeline
                    .notices
                    .iter()
                    .filter_map(|notice| match &notice.to {
                        Recipient::Topic { arn, .. } => Some(arn.clone()),
                        Recipient::Command(_) | Recipient::Webhook(_) => None,
                    })
                    .collect(),
            ),
        }
    }

    /// Listing is a right on the bucket; keys are a condition (S3 User Guide, "Amazon S3 condition key examples").
    fn listing(place: Option<&ObjectPlace>, keys: impl Fn(&ObjectPlace) -> Vec<String>) -> Self {
        Self {
            resources: place
                .iter()
                .map(|place| format!("arn:{}:s3:::{}", of(place), place.bucket))
                .collect(),
            condition: place.map(|place| json!({ "StringLike": { "s3:prefix": keys(place) } })),
        }
    }

    fn statement(&self, sid: &str, actions: &[&str], resources: &[&String]) -> Value {
        let mut statement = json!({
            "Sid": sid,
            "Effect": "Allow",
            "Action": actions,
            "Resource": resources,
        });
        if let (Some(condition), Some(members)) = (&self.condition, statement.as_object_mut()) {
            members.insert("Condition".to_owned(), condition.clone());
        }
        statement
    }
}

fn account(desired: &Desired) -> &str {
    desired
        .zone
        .management_account
        .as_ref()
        .map_or("*", |account| account.as_str())
}

/// Returns the partition that the landing zone is in (AWS General Reference, "Amazon Resource Names (ARNs)").
fn partition(desired: &Desired) -> &'static str {
    let home = desired.zone.home_region.as_ref();
    home.map_or("aws", |region| partition_of(region.as_str()))
}

fn of(place: &ObjectPlace) -> &'static str {
    partition_of(place.region.as_str())
}

fn partition_of(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        region if region.starts_with("us-iso-") => "aws-iso",
        region if region.starts_with("us-isob-") => "aws-iso-b",
        region if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}

fn object(place: &ObjectPlace, rest: &str) -> String {
    format!("arn:{}:s3:::{}/{}{rest}", of(place), place.bucket, place.key)
}

fn passed_to(service: &str) -> Value {
    json!({ "StringEquals": { "iam:PassedToService": service } })
}

/// Returns the Regions in which lz speaks to CloudFormation. Trusted access is switched in the Region of the
/// credentials, us-east-1 unless they name another.
fn regions(desired: &Desired) -> BTreeSet<String> {
    let zone = &desired.zone;
    let regions = zone
        .home_region
        .iter()
        .chain(&zone.administration_regions)
        .chain(desired.stack_sets.values().map(|set| &set.region))
        .chain(desired.stacks.values().map(|stack| &stack.region));
    let mut regions: BTreeSet<String> = regions.map(ToString::to_string).collect();
    regions.insert("us-east-1".to_owned());
    regions
}

fn stacks(desired: &Desired) -> BTreeSet<String> {
    let stacks = desired.stacks.values();
    stacks
        .map(|stack| {
            format!(
                "arn:{}:cloudformation:{}:{}:stack/{}/*",
                partition(desired),
                stack.region,
                account(desired),
                stack.name
            )
        })
        .collect()
}

fn administrators(desired: &Desired) -> BTreeSet<String> {
    let administrators = desired
        .stack_sets
        .values()
        .filter_map(|set| set.administrator.as_ref());
    administrators
        .map(|administrator| {
            let declared = desired.accounts.get(&administrator.account);
            let id = declared.and_then(|account| account.id.as_ref());
            let id = id.map_or("*", |id| id.as_str());
            format!("arn:{}:iam::{id}:role/{}", partition(desired), administrator.role)
        })
        .collect()
}

fn administration_roles(desired: &Desired) -> BTreeSet<String> {
    let sets = desired.stack_sets.values();
    sets.filter_map(|set| match &set.permissions {
        Permissions::Service { .. } => None,
        Permissions::OwnRoles {
            administration_role, ..
        } => {
            let named = administration_role.as_ref().and_then(|role| role.known());
            // AWS's default role (CloudFormation User Guide, "Grant self-managed permissions").
            let default = || {
                format!(
                    "arn:{}:iam::{}:role/AWSCloudFormationStackSetAdministrationRole",
                    partition(desired),
                    account(desired)
                )
            };
            Some(named.map_or_else(default, |role| role.to_string()))
        }
    })
    .collect()
}

/// Returns the services that may make a role of their own while the spec is applied.
fn linked(desired: &Desired) -> BTreeSet<String> {
    let organization = desired.organization.as_ref();
    let trusted = organization
        .into_iter()
        .flat_map(|wanted| &wanted.trusted_services);
    let services = trusted.chain(desired.delegated_admins.keys());
    let mut names: BTreeSet<String> = services.map(ToString::to_string).collect();
    names.insert("organizations.amazonaws.com".to_owned());
    names
}
