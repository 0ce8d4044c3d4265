//! Account assignments: requests that end by themselves.

use serde_json::{Map, Value, json};

use super::instance::{Instance, conflict, kept, named, not_found, seen};
use super::set::{arn, listed, set_id};
use super::state::{Assignment, IdentityCenter, Principal, Progress, Request, Work};
use crate::neighbour::{CAPITAL, Neighbour, page, required, uuid};
use crate::wire::{Answer, Call, Refusal, json as answer};
use crate::world::{AccountId, Timer, World};

const WHO: Neighbour = Neighbour::SsoAdmin;

/// Returns the account of the organization that a member names.
pub(super) fn target(world: &World, call: &Call<'_>, name: &'static str) -> Result<AccountId, Refusal> {
    let text = required(WHO, call, name)?;
    let account = AccountId::parse(text).ok_or_else(|| WHO.invalid(format!("`{name}` must be 12 digits")))?;
    let member = world
        .organization_of(call.caller)
        .is_some_and(|org| org.member(&account).is_some());
    if member {
        return Ok(account);
    }
    Err(not_found(format!(
        "account `{account}` is not in the organization"
    )))
}

/// What reaches the management account is its own affair (Identity Center User Guide, "Delegated administration").
fn refuse_management(call: &Call<'_>, instance: &Instance, account: &AccountId) -> Result<(), Refusal> {
    if *account != instance.owner || *call.caller == instance.owner {
        return Ok(());
    }
    Err(WHO.denied("a delegated administrator can't change access to the management account"))
}

fn principal(call: &Call<'_>) -> Result<Principal, Refusal> {
    let kind = required(WHO, call, "PrincipalType")?;
    if kind != "USER" && kind != "GROUP" {
        return Err(WHO.invalid(format!("`{kind}` is not a type of principal")));
    }
    Ok(Principal {
        kind: kind.to_owned(),
        id: required(WHO, call, "PrincipalId")?.to_owned(),
    })
}

fn assignment(world: &mut World, call: &Call<'_>) -> Result<(Instance, Assignment), Refusal> {
    let instance = named(world, call)?;
    match required(WHO, call, "TargetType")? {
        "AWS_ACCOUNT" => {}
        other => return Err(WHO.invalid(format!("`{other}` is not a type of target"))),
    }
    let account = target(world, call, "TargetId")?;
    refuse_management(call, &instance, &account)?;
    let set = set_id(kept(world, &instance), &instance, call)?;
    let principal = principal(call)?;
    let assignment = Assignment {
        set,
        account,
        principal,
    };
    refuse_busy(kept(world, &instance), &assignment)?;
    Ok((instance, assignment))
}

/// The same assignment is changed by one request at a time (ConflictException).
fn refuse_busy(center: &IdentityCenter, wanted: &Assignment) -> Result<(), Refusal> {
    let same = |work: &Work| match work {
        Work::Assign(other) | Work::Unassign(other) => other == wanted,
        Work::Provision { .. } => false,
    };
    let runs = |request: &Request| matches!(request.progress, Progress::Running { .. });
    let found = center
        .requests
        .iter()
        .find(|(_, request)| runs(request) && same(&request.work));
    match found {
        Some((id, _)) => Err(conflict(format!(
            "request `{id}` about this assignment is in progress"
        ))),
        None => Ok(()),
    }
}

/// Accepts a request; returns its id.
pub(super) fn accept(world: &mut World, call: &Call<'_>, instance: &Instance, work: Work) -> String {
    let id = uuid(&mut world.mint);
    let until = call
        .now
        .after(call.settings.identity_center.assignment_seconds.duration());
    world.timers.set(until, Timer::NeighbourDue);
    let request = Request {
        work,
        created_at: call.now,
        progress: Progress::Running { until },
    };
    kept(world, instance).requests.insert(id.clone(), request);
    id
}

/// Writes a request; `brief` leaves out what it is about.
pub(super) fn view(instance: &Instance, id: &str, request: &Request, brief: bool, call: &Call<'_>) -> Value {
    let mut members = Map::new();
    members.insert("Status".to_owned(), json!(request.progress.as_str()));
    members.insert("RequestId".to_owned(), json!(id));
    members.insert(
        "CreatedDate".to_owned(),
        json!(request.created_at.epoch_seconds()),
    );
    if brief {
        return Value::Object(members);
    }
    if let Progress::Failed { reason } = &request.progress {
        members.insert("FailureReason".to_owned(), json!(reason));
    }
    match &request.work {
        Work::Assign(assignment) | Work::Unassign(assignment) => {
            members.insert("TargetId".to_owned(), json!(assignment.account));
            members.insert("TargetType".to_owned(), json!("AWS_ACCOUNT"));
            members.insert(
                "PermissionSetArn".to_owned(),
                json!(arn(instance, &assignment.set, call)),
            );
            members.insert("PrincipalType".to_owned(), json!(assignment.principal.kind));
            members.insert("PrincipalId".to_owned(), json!(assignment.principal.id));
        }
        Work::Provision { set, account } => {
            members.insert("PermissionSetArn".to_owned(), json!(arn(instance, set, call)));
            if let Some(account) = account {
                members.insert("AccountId".to_owned(), json!(account));
            }
        }
    }
    Value::Object(members)
}

fn shown(world: &World, call: &Call<'_>, instance: &Instance, id: &str, name: &str) -> Answer {
    match seen(world, instance).requests.get(id) {
        Some(request) => answer(&json!({name: view(instance, id, request, false, call)})),
        None => Err(not_found(format!("there is no request `{id}`"))),
    }
}

/// CreateAccountAssignment. A principal that is not there makes the request fail later.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Answer {
    let (instance, assignment) = assignment(world, call)?;
    let id = accept(world, call, &instance, Work::Assign(assignment));
    shown(world, call, &instance, &id, "AccountAssignmentCreationStatus")
}

/// DeleteAccountAssignment.
pub(super) fn delete(world: &mut World, call: &Call<'_>) -> Answer {
    let (instance, assignment) = assignment(world, call)?;
    if !kept(world, &instance).assignments.contains(&assignment) {
        return Err(not_found("there is no such assignment"));
    }
    let id = accept(world, call, &instance, Work::Unassign(assignment));
    shown(world, call, &instance, &id, "AccountAssignmentDeletionStatus")
}

/// What a request is about, for the calls that read requests of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Assign,
    Unassign,
    Provision,
}

impl Sort {
    fn of(work: &Work) -> Sort {
        match work {
            Work::Assign(_) => Sort::Assign,
            Work::Unassign(_) => Sort::Unassign,
            Work::Provision { .. } => Sort::Provision,
        }
    }
}

/// Describes the request of one sort that a member names.
pub(super) fn describe(
    world: &World,
    call: &Call<'_>,
    sort: Sort,
    (member, name): (&'static str, &str),
) -> Answer {
    let instance = named(world, call)?;
    let id = required(WHO, call, member)?;
    let center = seen(world, &instance);
    match center
        .requests
        .get(id)
        .filter(|request| Sort::of(&request.work) == sort)
    {
        Some(_) => shown(world, call, &instance, id, name),
        None => Err(not_found(format!("there is no request `{id}`"))),
    }
}

/// Lists the requests of one sort, the latest first.
pub(super) fn requests(world: &World, call: &Call<'_>, sort: Sort, name: &str) -> Answer {
    let instance = named(world, call)?;
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let unreadable = |error| WHO.unreadable(error);
    let filter = call.input.object("Filter").map_err(unreadable)?;
    let status = match &filter {
        Some(filter) => filter.text("Status").map_err(unreadable)?.map(str::to_owned),
        None => None,
    };
    let center = seen(world, &instance);
    let fits = |request: &Request| {
        Sort::of(&request.work) == sort
            && status
                .as_ref()
                .is_none_or(|status| request.progress.as_str() == status)
    };
    let mut rows: Vec<(String, &String, &Request)> = center
        .requests
        .iter()
        .filter(|(_, request)| fits(request))
        .map(|(id, request)| {
            let latest_first = u64::MAX - request.created_at.millis();
            (format!("{latest_first:020}{id}"), id, request)
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let rest = rows
        .into_iter()
        .filter(|(key, _, _)| key.as_str() > pager.after());
    let page = pager.take(rest, |(key, _, _)| key.clone());
    let page = page.map(|(_, id, request)| view(&instance, id, request, true, call));
    listed(name, page.items, page.next)
}

/// DescribeAccountAssignmentCreationStatus.
pub(super) fn describe_creation(world: &World, call: &Call<'_>) -> Answer {
    let names = (
        "AccountAssignmentCreationRequestId",
        "AccountAssignmentCreationStatus",
    );
    describe(world, call, Sort::Assign, names)
}

/// DescribeAccountAssignmentDeletionStatus.
pub(super) fn describe_deletion(world: &World, call: &Call<'_>) -> Answer {
    let names = (
        "AccountAssignmentDeletionRequestId",
        "AccountAssignmentDeletionStatus",
    );
    describe(world, call, Sort::Unassign, names)
}

/// ListAccountAssignmentCreationStatus.
pub(super) fn list_creations(world: &World, call: &Call<'_>) -> Answer {
    requests(world, call, Sort::Assign, "AccountAssignmentsCreationStatus")
}

/// ListAccountAssignmentDeletionStatus.
pub(super) fn list_deletions(world: &World, call: &Call<'_>) -> Answer {
    requests(world, call, Sort::Unassign, "AccountAssignmentsDeletionStatus")
}

fn rows(world: &World, call: &Call<'_>, instance: &Instance, fits: impl Fn(&Assignment) -> bool) -> Answer {
    let pager = page(WHO, call, &CAPITAL, 1..=100)?;
    let center = seen(world, instance);
    let key = |found: &Assignment| {
        let (account, principal) = (&found.account, &found.principal);
        format!("{}{account}{}{}", found.set, principal.kind, principal.id)
    };
    let mut all: Vec<&Assignment> = center.assignments.iter().filter(|found| fits(found)).collect();
    all.sort_by_key(|found| key(found));
    let rest = all
        .into_iter()
        .filter(|found| key(found).as_str() > pager.after());
    let page = pager.take(rest, |found| key(found));
    let page = page.map(|found| {
        json!({
            "AccountId": found.account,
            "PermissionSetArn": arn(instance, &found.set, call),
            "PrincipalType": found.principal.kind,
            "PrincipalId": found.principal.id,
        })
    });
    listed("AccountAssignments", page.items, page.next)
}

/// ListAccountAssignments: of one set in one account.
pub(super) fn list(world: &World, call: &Call<'_>) -> Answer {
    let instance = named(world, call)?;
    let account = target(world, call, "AccountId")?;
    let set = set_id(&seen(world, &instance), &instance, call)?;
    rows(world, call, &instance, |found| {
        found.account == account && found.set == set
    })
}

/// ListAccountAssignmentsForPrincipal: of a user, through groups too, or of a group.
pub(super) fn list_for_principal(world: &World, call: &Call<'_>) -> Answer {
    let instance = named(world, call)?;
    let principal = principal(call)?;
    let unreadable = |error| WHO.unreadable(error);
    let filter = call.input.object("Filter").map_err(unreadable)?;
    let account = match &filter {
        Some(filter) => filter.text("AccountId").map_err(unreadable)?.map(str::to_owned),
        None => None,
    };
    let directory = seen(world, &instance).directory;
    let reaches = |found: &Principal| {
        *found == principal
            || (principal.kind == "USER"
                && found.kind == "GROUP"
                && directory.is_member(&found.id, &principal.id))
    };
    rows(world, call, &instance, |found| {
        reaches(&found.principal)
            && account
                .as_ref()
                .is_none_or(|account| found.account.as_str() == account)
    })
}
