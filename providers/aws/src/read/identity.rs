//! IAM Identity Center: the instance, its permission sets, and who has them where.
//!
//! AWS lists permission sets by ARN alone, so each costs a call for its name and one for its tags. What a set
//! grants is asked of those that concern the spec. Who has one is asked by principal, which takes a call for each
//! of them, except where everybody who has it matters: that takes a call for each account.

use crate::classify::{ambiguous, still_running};
use crate::connection::Connection;
use crate::json::{Answer, ask, members, pages};
use crate::operation::Operation;
use crate::read::progress::Progress;
use crate::read::tree::IN_FLIGHT;
use crate::site::Stacks;
use futures_util::future::{try_join, try_join3, try_join4};
use futures_util::{StreamExt, TryStreamExt, stream};
use lz_model::address::{ADDRESS_TAG, ZONE_TAG};
use lz_model::id::{AccountId, Arn};
use lz_model::identity::{Boundary, Center, CustomerPolicy, Principal, PrincipalKind, session_seconds};
use lz_model::live::{Holders, LiveAssignment, LiveIdentity, LivePermissionSet, LiveSetContent, LiveTags};
use lz_provider::{IdentityScope, Kind, ProviderError};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The first pause between two looks at requests under way; each is half as long again as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How long requests are followed.
const FOLLOWED: Duration = Duration::from_secs(60 * 60);
/// Most objects in one page of a list call (IAM Identity Center API Reference, `MaxResults`).
const PAGE: u32 = 100;

/// Reads what the scope asks for; nothing where Identity Center is not enabled in the Region.
///
/// # Errors
/// The first call that fails for good.
pub(crate) async fn read(
    connection: &Connection,
    scope: Option<&IdentityScope>,
    progress: &Progress<'_>,
) -> Result<Option<LiveIdentity>, ProviderError> {
    let Some(scope) = scope else { return Ok(None) };
    let site = Stacks::of(connection, &scope.region).await;
    let Some((center, store)) = instance(&site, scope).await? else {
        return Ok(None);
    };
    let reader = Reader {
        site: &site,
        center: &center,
        progress,
    };
    reader.settle().await?;
    let (sets, mut principals) =
        try_join(reader.sets(scope), reader.principals(&store, &scope.principals)).await?;
    let assignments = reader.assignments(scope, &sets, &principals).await?;
    principals.append(&mut reader.unnamed(&store, &principals, &assignments).await?);
    Ok(Some(LiveIdentity {
        center,
        sets,
        principals,
        assignments,
    }))
}

/// Returns the instance and its identity store.
async fn instance(
    site: &Stacks<'_>,
    scope: &IdentityScope,
) -> Result<Option<(Center, String)>, ProviderError> {
    let operation = Operation::ListInstances;
    let mut found = Vec::new();
    for one in pages(site, operation, &Map::new(), "Instances").await? {
        let one = Answer::of(operation, one)?;
        let arn: Arn = one.id("InstanceArn")?;
        if scope.instance.as_ref().is_none_or(|wanted| *wanted == arn) {
            found.push((arn, one.required("IdentityStoreId")?));
        }
    }
    if found.len() > 1 {
        let arns: Vec<&str> = found.iter().map(|(arn, _)| arn.as_str()).collect();
        return Err(ambiguous(
            operation,
            format!(
                "there are several: {}; name one as `instance` of `identity_center`",
                arns.join(", ")
            ),
        ));
    }
    Ok(found.pop().map(|(instance, store)| {
        let region = scope.region.clone();
        (Center { region, instance }, store)
    }))
}

struct Reader<'a> {
    site: &'a Stacks<'a>,
    center: &'a Center,
    progress: &'a Progress<'a>,
}

impl Reader<'_> {
    /// Returns the members of a request about the instance.
    fn input<const N: usize>(&self, more: [(&str, Option<Value>); N]) -> Map<String, Value> {
        let mut input = members(more);
        input.insert("InstanceArn".to_owned(), json!(self.center.instance));
        input
    }

    async fn list<const N: usize>(
        &self,
        operation: Operation,
        more: [(&str, Option<Value>); N],
        member: &str,
    ) -> Result<Vec<Value>, ProviderError> {
        let mut input = self.input(more);
        input.insert("MaxResults".to_owned(), json!(PAGE));
        let found = pages(self.site, operation, &input, member).await;
        self.progress.on("identity center");
        found
    }

    /// Waits for requests of an earlier run: what they change would be planned a second time.
    async fn settle(&self) -> Result<(), ProviderError> {
        let begun = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let filter = || [("Filter", Some(json!({"Status": "IN_PROGRESS"})))];
            let (made, taken, given) = try_join3(
                self.list(
                    Operation::ListAssignmentCreations,
                    filter(),
                    "AccountAssignmentsCreationStatus",
                ),
                self.list(
                    Operation::ListAssignmentDeletions,
                    filter(),
                    "AccountAssignmentsDeletionStatus",
                ),
                self.list(
                    Operation::ListProvisionings,
                    filter(),
                    "PermissionSetsProvisioningStatus",
                ),
            )
            .await?;
            if made.is_empty() && taken.is_empty() && given.is_empty() {
                return Ok(());
            }
            if begun.elapsed() > FOLLOWED {
                return Err(still_running(
                    Operation::ListAssignmentCreations,
                    "AWS is still working on requests of an earlier run",
                ));
            }
            sleep(pause).await;
            pause = (pause + pause / 2).min(LONGEST_PAUSE);
        }
    }

    async fn sets(&self, scope: &IdentityScope) -> Result<BTreeMap<Arn, LivePermissionSet>, ProviderError> {
        let operation = Operation::ListPermissionSets;
        let arns = self.list(operation, [], "PermissionSets").await?;
        let arns: Vec<Arn> = arns
            .into_iter()
            .map(|arn| crate::fields::id(operation, "PermissionSets", arn.as_str().map(str::to_owned)))
            .collect::<Result<_, _>>()?;
        let found: Vec<Option<(Arn, LivePermissionSet)>> = stream::iter(arns)
            .map(|arn| async move {
                let set = self.set(&arn, scope).await?;
                Ok::<_, ProviderError>(set.map(|set| (arn, set)))
            })
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Returns a permission set; nothing where it has gone meanwhile.
    async fn set(
        &self,
        arn: &Arn,
        scope: &IdentityScope,
    ) -> Result<Option<LivePermissionSet>, ProviderError> {
        let found = try_join(
            self.one(Operation::DescribePermissionSet, arn),
            tags(self.site, &self.center.instance, arn),
        )
        .await;
        let (described, tags) = match found {
            Err(error) if error.kind == Kind::NotFound => return Ok(None),
            found => found?,
        };
        let described = described.inner("PermissionSet");
        let described =
            crate::fields::required(Operation::DescribePermissionSet, "PermissionSet", described)?;
        let name = described.required("Name")?;
        let ours = tags.get(ZONE_TAG) == Some(&scope.zone);
        let content = if ours || scope.sets.contains(&name) {
            let declared = |tags: &LiveTags| {
                tags.get(ADDRESS_TAG)
                    .is_some_and(|address| scope.addresses.contains(address))
            };
            let leaving = ours && !declared(&tags);
            let holders = if leaving || scope.everybody {
                Holders::All
            } else {
                Holders::Named
            };
            Some(self.content(arn, holders).await?)
        } else {
            None
        };
        Ok(Some(LivePermissionSet {
            name,
            description: described.text("Description").map(str::to_owned),
            session_seconds: described.text("SessionDuration").and_then(session_seconds),
            relay_state: described.text("RelayState").map(str::to_owned),
            tags,
            content,
        }))
    }

    async fn one(&self, operation: Operation, set: &Arn) -> Result<Answer, ProviderError> {
        let input = self.input([("PermissionSetArn", Some(json!(set)))]);
        let answer = ask(self.site, operation, &input).await;
        self.progress.on("identity center");
        answer
    }

    async fn content(&self, set: &Arn, holders: Holders) -> Result<LiveSetContent, ProviderError> {
        let inline = Operation::GetInlinePolicy;
        let ((managed, customer), inline, boundary, (provisioned, outdated)) = try_join4(
            try_join(
                attached(self.site, &self.center.instance, set, false),
                attached(self.site, &self.center.instance, set, true),
            ),
            self.one(inline, set),
            self.boundary(set),
            try_join(
                self.provisioned(set, None),
                self.provisioned(set, Some("LATEST_PERMISSION_SET_NOT_PROVISIONED")),
            ),
        )
        .await?;
        let managed = managed
            .into_iter()
            .map(|(_, arn)| crate::fields::id(Operation::ListManagedPolicies, "Arn", Some(arn)));
        Ok(LiveSetContent {
            managed: managed.collect::<Result<_, _>>()?,
            customer: customer
                .into_iter()
                .map(|(path, name)| CustomerPolicy { path, name })
                .collect(),
            inline: inline
                .text("InlinePolicy")
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            boundary,
            provisioned,
            outdated,
            holders,
        })
    }

    async fn boundary(&self, set: &Arn) -> Result<Option<Boundary>, ProviderError> {
        let operation = Operation::GetBoundary;
        let answer = match self.one(operation, set).await {
            // AWS has no boundary to show, and says it as if the set were missing.
            Err(error) if error.kind == Kind::NotFound => return Ok(None),
            answer => answer?,
        };
        let Some(boundary) = answer.inner("PermissionsBoundary") else {
            return Ok(None);
        };
        if let Some(customer) = boundary.inner("CustomerManagedPolicyReference") {
            return Ok(Some(Boundary::Customer(CustomerPolicy {
                path: customer.text("Path").unwrap_or("/").to_owned(),
                name: customer.required("Name")?,
            })));
        }
        if boundary.text("ManagedPolicyArn").is_none() {
            return Ok(None);
        }
        boundary
            .id("ManagedPolicyArn")
            .map(|arn| Some(Boundary::Managed(arn)))
    }

    async fn provisioned(
        &self,
        set: &Arn,
        status: Option<&str>,
    ) -> Result<BTreeSet<AccountId>, ProviderError> {
        let operation = Operation::ListProvisionedAccounts;
        let more = [
            ("PermissionSetArn", Some(json!(set))),
            ("ProvisioningStatus", status.map(Value::from)),
        ];
        let accounts = self.list(operation, more, "AccountIds").await?;
        accounts
            .into_iter()
            .map(|id| crate::fields::id(operation, "AccountIds", id.as_str().map(str::to_owned)))
            .collect()
    }

    /// Returns the ids of those principals that the identity store has.
    async fn principals(
        &self,
        store: &str,
        wanted: &BTreeSet<Principal>,
    ) -> Result<BTreeMap<Principal, String>, ProviderError> {
        let found: Vec<Option<(Principal, String)>> = stream::iter(wanted)
            .map(|principal| async move {
                let (operation, path, member) = match principal.kind {
                    PrincipalKind::Group => (Operation::GetGroupId, "DisplayName", "GroupId"),
                    PrincipalKind::User => (Operation::GetUserId, "UserName", "UserId"),
                };
                let unique = json!({"AttributePath": path, "AttributeValue": principal.name});
                let input = members([
                    ("IdentityStoreId", Some(json!(store))),
                    ("AlternateIdentifier", Some(json!({"UniqueAttribute": unique}))),
                ]);
                match ask(self.site, operation, &input).await {
                    Err(error) if error.kind == Kind::NotFound => Ok(None),
                    answer => Ok(Some((principal.clone(), answer?.required(member)?))),
                }
            })
            .buffer_unordered(IN_FLIGHT)
            .try_collect::<Vec<_>>()
            .await
            .map_err(|error: ProviderError| error)?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Returns the names of those who have something that the spec gives to nobody or to others: somebody takes it
    /// from them, and people know them by name. Who is gone, or may not be looked up, keeps the id.
    async fn unnamed(
        &self,
        store: &str,
        named: &BTreeMap<Principal, String>,
        assignments: &BTreeSet<LiveAssignment>,
    ) -> Result<BTreeMap<Principal, String>, ProviderError> {
        let named: BTreeSet<(PrincipalKind, &str)> = named
            .iter()
            .map(|(principal, id)| (principal.kind, id.as_str()))
            .collect();
        let holders: BTreeSet<(PrincipalKind, &str)> = assignments
            .iter()
            .map(|assignment| (assignment.kind, assignment.principal.as_str()))
            .filter(|holder| !named.contains(holder))
            .collect();
        let found: Vec<Option<(Principal, String)>> = stream::iter(holders)
            .map(|(kind, id)| async move {
                let (operation, member, shown) = match kind {
                    PrincipalKind::Group => (Operation::DescribeGroup, "GroupId", "DisplayName"),
                    PrincipalKind::User => (Operation::DescribeUser, "UserId", "UserName"),
                };
                let input = members([("IdentityStoreId", Some(json!(store))), (member, Some(json!(id)))]);
                match ask(self.site, operation, &input).await {
                    Err(error) if matches!(error.kind, Kind::NotFound | Kind::Denied) => Ok(None),
                    answer => {
                        let name = answer?.required(shown)?;
                        Ok::<_, ProviderError>(Some((Principal { kind, name }, id.to_owned())))
                    }
                }
            })
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn assignments(
        &self,
        scope: &IdentityScope,
        sets: &BTreeMap<Arn, LivePermissionSet>,
        principals: &BTreeMap<Principal, String>,
    ) -> Result<BTreeSet<LiveAssignment>, ProviderError> {
        let of_account = sets.iter().flat_map(|(arn, set)| {
            let content = set.content.iter();
            let content = content.filter(|content| content.holders == Holders::All);
            content.flat_map(move |content| content.provisioned.iter().map(move |account| (arn, account)))
        });
        let by_account: Vec<Vec<LiveAssignment>> = stream::iter(of_account)
            .map(|(set, account)| self.in_account(set, account))
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        let of_principals = principals.iter().filter(|_| !scope.everybody);
        let by_principal: Vec<Vec<LiveAssignment>> = stream::iter(of_principals)
            .map(|(principal, id)| self.of_principal(principal.kind, id))
            .buffer_unordered(IN_FLIGHT)
            .try_collect()
            .await?;
        let concerns =
            |assignment: &LiveAssignment| sets.get(&assignment.set).is_some_and(|set| set.content.is_some());
        let all = by_account.into_iter().chain(by_principal).flatten();
        Ok(all.filter(concerns).collect())
    }

    /// Returns who has a set in an account; nobody where the account has left meanwhile.
    async fn in_account(&self, set: &Arn, account: &AccountId) -> Result<Vec<LiveAssignment>, ProviderError> {
        let operation = Operation::ListAssignments;
        let more = [
            ("PermissionSetArn", Some(json!(set))),
            ("AccountId", Some(json!(account))),
        ];
        match self.list(operation, more, "AccountAssignments").await {
            Err(error) if error.kind == Kind::NotFound => Ok(Vec::new()),
            rows => parsed(operation, rows?),
        }
    }

    /// Returns what a principal has. A user has what the user's groups have too, which is not the user's own.
    async fn of_principal(
        &self,
        kind: PrincipalKind,
        id: &str,
    ) -> Result<Vec<LiveAssignment>, ProviderError> {
        let operation = Operation::ListAssignmentsForPrincipal;
        let more = [
            ("PrincipalType", Some(json!(kind.name()))),
            ("PrincipalId", Some(json!(id))),
        ];
        let rows = parsed(operation, self.list(operation, more, "AccountAssignments").await?)?;
        let own = |row: &LiveAssignment| row.kind == kind && row.principal == id;
        Ok(rows.into_iter().filter(own).collect())
    }
}

fn parsed(operation: Operation, rows: Vec<Value>) -> Result<Vec<LiveAssignment>, ProviderError> {
    let mut found = Vec::new();
    for row in rows {
        let row = Answer::of(operation, row)?;
        // Principals of a kind that lz has no name for are none of its business.
        let Some(kind) = PrincipalKind::from_name(&row.required("PrincipalType")?) else {
            continue;
        };
        found.push(LiveAssignment {
            set: row.id("PermissionSetArn")?,
            kind,
            principal: row.required("PrincipalId")?,
            account: row.id("AccountId")?,
        });
    }
    Ok(found)
}

/// Returns the policies that a permission set refers to: those of AWS's own as name and ARN, those of the accounts
/// as path and name.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn attached(
    site: &Stacks<'_>,
    instance: &Arn,
    set: &Arn,
    customer: bool,
) -> Result<Vec<(String, String)>, ProviderError> {
    let (operation, member) = if customer {
        (Operation::ListCustomerPolicies, "CustomerManagedPolicyReferences")
    } else {
        (Operation::ListManagedPolicies, "AttachedManagedPolicies")
    };
    let input = members([
        ("InstanceArn", Some(json!(instance))),
        ("PermissionSetArn", Some(json!(set))),
        ("MaxResults", Some(json!(PAGE))),
    ]);
    let mut policies = Vec::new();
    for one in pages(site, operation, &input, member).await? {
        let one = Answer::of(operation, one)?;
        policies.push(if customer {
            (one.text("Path").unwrap_or("/").to_owned(), one.required("Name")?)
        } else {
            (
                one.text("Name").unwrap_or_default().to_owned(),
                one.required("Arn")?,
            )
        });
    }
    Ok(policies)
}

/// Returns a permission set's tags.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn tags(site: &Stacks<'_>, instance: &Arn, set: &Arn) -> Result<LiveTags, ProviderError> {
    let operation = Operation::ListSetTags;
    let input = members([
        ("InstanceArn", Some(json!(instance))),
        ("ResourceArn", Some(json!(set))),
    ]);
    let mut tags = LiveTags::new();
    for tag in pages(site, operation, &input, "Tags").await? {
        let tag = Answer::of(operation, tag)?;
        tags.insert(tag.required("Key")?, tag.required("Value")?);
    }
    Ok(tags)
}

/// Returns a permission set's ARN by its name.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn named(
    site: &Stacks<'_>,
    center: &Center,
    name: &str,
) -> Result<Option<Arn>, ProviderError> {
    let operation = Operation::ListPermissionSets;
    let input = members([
        ("InstanceArn", Some(json!(center.instance))),
        ("MaxResults", Some(json!(PAGE))),
    ]);
    for arn in pages(site, operation, &input, "PermissionSets").await? {
        let arn: Arn = crate::fields::id(operation, "PermissionSets", arn.as_str().map(str::to_owned))?;
        let input = members([
            ("InstanceArn", Some(json!(center.instance))),
            ("PermissionSetArn", Some(json!(arn))),
        ]);
        let described = match ask(site, Operation::DescribePermissionSet, &input).await {
            Err(error) if error.kind == Kind::NotFound => continue,
            described => described?,
        };
        let is_it = described
            .inner("PermissionSet")
            .is_some_and(|set| set.text("Name") == Some(name));
        if is_it {
            return Ok(Some(arn));
        }
    }
    Ok(None)
}
