//! Permission sets and assignments. What AWS goes on with after it has answered is followed to its end.

use crate::classify::{ended_badly, still_running, unknown};
use crate::connection::Connection;
use crate::json::{Answer, ask, members};
use crate::operation::Operation;
use crate::read::attached_policies;
use crate::site::Stacks;
use lz_model::id::Arn;
use lz_model::identity::{Boundary, CustomerPolicy, session_text};
use lz_provider::{
    AssignmentCall, Created, IdentityCall, IdentityChange, Kind, ProviderError, SetBasics, SetPolicy, TagList,
};
use serde_json::{Map, Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The first pause between two looks at a request; each is half as long again as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long a request is followed. AWS promises nothing; most end within seconds.
const FOLLOWED: Duration = Duration::from_secs(60 * 60);

/// Carries out a change of Identity Center and waits until AWS has finished it. Returns what it created.
///
/// # Errors
/// Why AWS has not done it, or that nobody knows.
pub(super) async fn perform(
    connection: &Connection,
    call: &IdentityCall,
) -> Result<Option<Created>, ProviderError> {
    let work = Work {
        connection,
        site: Stacks::of(connection, &call.center.region).await,
        instance: &call.center.instance,
    };
    match &call.change {
        IdentityChange::CreateSet { name, basics, tags } => {
            return work.create(name, basics, tags).await.map(Some);
        }
        IdentityChange::UpdateSet(set, basics) => {
            let mut input = work.of(set);
            input.extend(basic(basics));
            work.ask(Operation::UpdatePermissionSet, &input).await?;
        }
        IdentityChange::DeleteSet(set) => {
            work.ask(Operation::DeletePermissionSet, &work.of(set)).await?;
        }
        IdentityChange::AttachPolicy(set, policy) => work.attach(set, policy).await?,
        IdentityChange::DetachPolicy(set, policy) => {
            let operation = match policy {
                SetPolicy::Managed(_) => Operation::DetachManagedPolicy,
                SetPolicy::Customer(_) => Operation::DetachCustomerPolicy,
            };
            work.ask(operation, &work.with_policy(set, policy)).await?;
        }
        IdentityChange::Inline(set, policy) => work.inline(set, policy.as_deref()).await?,
        IdentityChange::Boundary(set, boundary) => work.boundary(set, boundary.as_ref()).await?,
        IdentityChange::Tag(set, tags) => {
            let more = ("Tags", Some(sdk_tags(tags)));
            work.ask(Operation::TagPermissionSet, &work.resource(set, more))
                .await?;
        }
        IdentityChange::Untag(set, keys) => {
            let more = ("TagKeys", Some(json!(keys)));
            work.ask(Operation::UntagPermissionSet, &work.resource(set, more))
                .await?;
        }
        IdentityChange::Provision(set) => work.provision(set).await?,
        IdentityChange::Assign(assignment) => work.assign(assignment, &ASSIGN).await?,
        IdentityChange::Unassign(assignment) => work.assign(assignment, &UNASSIGN).await?,
    }
    Ok(None)
}

/// How a request is asked for, and followed.
struct Sort {
    begin: Operation,
    look: Operation,
    /// The member of both answers that holds the status.
    status: &'static str,
    /// The member by which the request is named.
    request: &'static str,
}

const ASSIGN: Sort = Sort {
    begin: Operation::CreateAssignment,
    look: Operation::DescribeAssignmentCreation,
    status: "AccountAssignmentCreationStatus",
    request: "AccountAssignmentCreationRequestId",
};
const UNASSIGN: Sort = Sort {
    begin: Operation::DeleteAssignment,
    look: Operation::DescribeAssignmentDeletion,
    status: "AccountAssignmentDeletionStatus",
    request: "AccountAssignmentDeletionRequestId",
};
const PROVISION: Sort = Sort {
    begin: Operation::ProvisionPermissionSet,
    look: Operation::DescribeProvisioning,
    status: "PermissionSetProvisioningStatus",
    request: "ProvisionPermissionSetRequestId",
};

struct Work<'a> {
    connection: &'a Connection,
    site: Stacks<'a>,
    instance: &'a Arn,
}

impl Work<'_> {
    async fn ask(&self, operation: Operation, input: &Map<String, Value>) -> Result<Answer, ProviderError> {
        ask(&self.site, operation, input).await
    }

    fn of(&self, set: &Arn) -> Map<String, Value> {
        members([
            ("InstanceArn", Some(json!(self.instance))),
            ("PermissionSetArn", Some(json!(set))),
        ])
    }

    fn resource(&self, set: &Arn, more: (&str, Option<Value>)) -> Map<String, Value> {
        members([
            ("InstanceArn", Some(json!(self.instance))),
            ("ResourceArn", Some(json!(set))),
            more,
        ])
    }

    fn with_policy(&self, set: &Arn, policy: &SetPolicy) -> Map<String, Value> {
        let mut input = self.of(set);
        match policy {
            SetPolicy::Managed(arn) => input.insert("ManagedPolicyArn".to_owned(), json!(arn)),
            SetPolicy::Customer(policy) => {
                input.insert("CustomerManagedPolicyReference".to_owned(), customer(policy))
            }
        };
        input
    }

    async fn create(&self, name: &str, basics: &SetBasics, tags: &TagList) -> Result<Created, ProviderError> {
        let operation = Operation::CreatePermissionSet;
        let mut input = members([
            ("InstanceArn", Some(json!(self.instance))),
            ("Name", Some(json!(name))),
            ("Tags", Some(sdk_tags(tags))),
        ]);
        input.extend(basic(basics));
        let answer = self.ask(operation, &input).await?;
        let set = crate::fields::required(operation, "PermissionSet", answer.inner("PermissionSet"))?;
        let arn: Arn = set.id("PermissionSetArn")?;
        Ok(Created {
            id: arn.to_string(),
            arn: Some(arn.into()),
            tags: tags.clone(),
        })
    }

    /// Attaches a policy. AWS says with one code that it is attached already, and that something is in the way.
    async fn attach(&self, set: &Arn, policy: &SetPolicy) -> Result<(), ProviderError> {
        let operation = match policy {
            SetPolicy::Managed(_) => Operation::AttachManagedPolicy,
            SetPolicy::Customer(_) => Operation::AttachCustomerPolicy,
        };
        let error = match self.ask(operation, &self.with_policy(set, policy)).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        if error.kind != Kind::Conflict {
            return Err(error);
        }
        let is_customer = matches!(policy, SetPolicy::Customer(_));
        let present = attached_policies(&self.site, self.instance, set, is_customer).await?;
        let is_there = present.iter().any(|(first, second)| match policy {
            SetPolicy::Managed(arn) => second == arn.as_str(),
            SetPolicy::Customer(policy) => *first == policy.path && *second == policy.name,
        });
        if is_there { Ok(()) } else { Err(error) }
    }

    async fn inline(&self, set: &Arn, policy: Option<&str>) -> Result<(), ProviderError> {
        let mut input = self.of(set);
        let operation = match policy {
            Some(policy) => {
                input.insert("InlinePolicy".to_owned(), json!(policy));
                Operation::PutInlinePolicy
            }
            None => Operation::DeleteInlinePolicy,
        };
        self.ask(operation, &input).await.map(drop)
    }

    async fn boundary(&self, set: &Arn, boundary: Option<&Boundary>) -> Result<(), ProviderError> {
        let mut input = self.of(set);
        let operation = match boundary {
            Some(boundary) => {
                let boundary = match boundary {
                    Boundary::Managed(arn) => json!({"ManagedPolicyArn": arn}),
                    Boundary::Customer(policy) => json!({"CustomerManagedPolicyReference": customer(policy)}),
                };
                input.insert("PermissionsBoundary".to_owned(), boundary);
                Operation::PutBoundary
            }
            None => Operation::DeleteBoundary,
        };
        self.ask(operation, &input).await.map(drop)
    }

    async fn provision(&self, set: &Arn) -> Result<(), ProviderError> {
        let mut input = self.of(set);
        input.insert("TargetType".to_owned(), json!("ALL_PROVISIONED_ACCOUNTS"));
        self.follow(&PROVISION, &input).await
    }

    async fn assign(&self, assignment: &AssignmentCall, sort: &Sort) -> Result<(), ProviderError> {
        let mut input = self.of(&assignment.set);
        input.extend(members([
            ("TargetType", Some(json!("AWS_ACCOUNT"))),
            ("TargetId", Some(json!(assignment.account))),
            ("PrincipalType", Some(json!(assignment.kind.name()))),
            ("PrincipalId", Some(json!(assignment.principal))),
        ]));
        let _place = self.connection.assignment().await;
        self.follow(sort, &input).await
    }

    /// Begins a request and waits for its end.
    async fn follow(&self, sort: &Sort, input: &Map<String, Value>) -> Result<(), ProviderError> {
        let mut answer = self.ask(sort.begin, input).await?;
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let status = crate::fields::required(sort.begin, sort.status, answer.inner(sort.status))?;
            match status.text("Status") {
                Some("SUCCEEDED") => return Ok(()),
                Some("FAILED") => {
                    let reason = status.text("FailureReason").unwrap_or("AWS gives no reason");
                    return Err(ended_badly(sort.begin, "FAILED", reason));
                }
                Some(_) | None => {}
            }
            let request = status.required("RequestId")?;
            if begun.elapsed() > FOLLOWED {
                let message = format!("AWS is still working on the request `{request}`");
                return Err(still_running(sort.begin, message));
            }
            sleep(pause).await;
            pause = (pause + pause / 2).min(LONGEST_PAUSE);
            let input = members([
                ("InstanceArn", Some(json!(self.instance))),
                (sort.request, Some(json!(request))),
            ]);
            // From here on AWS is at work, whatever keeps us from watching.
            answer = self.ask(sort.look, &input).await.map_err(unknown)?;
        }
    }
}

fn basic(basics: &SetBasics) -> Map<String, Value> {
    members([
        ("Description", basics.description.as_ref().map(|text| json!(text))),
        (
            "SessionDuration",
            basics.session_seconds.map(|seconds| json!(session_text(seconds))),
        ),
        ("RelayState", basics.relay_state.as_ref().map(|text| json!(text))),
    ])
}

fn customer(policy: &CustomerPolicy) -> Value {
    json!({"Name": policy.name, "Path": policy.path})
}

fn sdk_tags(tags: &TagList) -> Value {
    let tags = tags
        .iter()
        .map(|(key, value)| json!({"Key": key, "Value": value}));
    Value::Array(tags.collect())
}
