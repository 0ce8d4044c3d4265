//! Identity Center and account settings: what is asked, and what becomes of the answers.

use super::canned::{Answer, Canned, refuse};
use lz_model::event::Silent;
use lz_model::id::Arn;
use lz_model::identity::{Boundary, Center, Principal, PrincipalKind};
use lz_model::live::{Holders, LiveIdentity, LiveOrganization};
use lz_model::settings::{Contact, ContactKind, PrimaryContact, PrimaryMember, RegionState};
use lz_provider::{
    AssignmentCall, Call, Created, Declared, IdentityCall, IdentityChange, IdentityScope, Kind, Natural,
    Provider, ProviderError, Scope, SetBasics, SetPolicy, SettingsCall, SettingsScope, StackScope, Texts,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-0123456789abcdef";

fn set_arn(name: &str) -> String {
    format!("arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-{name}")
}

fn center() -> Center {
    Center {
        region: "eu-west-1".parse().unwrap(),
        instance: INSTANCE.parse().unwrap(),
    }
}

fn arn(name: &str) -> Arn {
    set_arn(name).parse().unwrap()
}

/// An organization of a management account and one more, with trusted access for Account Management.
fn organization(operation: &str, _: &Value) -> Answer {
    let arn = "arn:aws:organizations::111122223333";
    Answer::Ok(match operation {
        "DescribeOrganization" => json!({"Organization": {
            "Id": "o-abcdefghij", "Arn": format!("{arn}:organization/o-abcdefghij"),
            "FeatureSet": "ALL", "MasterAccountId": "111122223333"}}),
        "ListRoots" => json!({"Roots": [{
            "Id": "r-ab12", "Arn": format!("{arn}:root/o-abcdefghij/r-ab12"), "Name": "Root", "PolicyTypes": []}]}),
        "ListAccounts" => {
            let accounts = ["111122223333", "222233334444"].map(|id| {
                json!({
                    "Id": id, "Arn": format!("{arn}:account/o-abcdefghij/{id}"), "Name": id, "State": "ACTIVE",
                    "Email": format!("{id}@example.com"), "JoinedMethod": "CREATED", "JoinedTimestamp": 0.0,
                    "Paths": [format!("o-abcdefghij/r-ab12/{id}/")]})
            });
            json!({"Accounts": accounts})
        }
        "ListAWSServiceAccessForOrganization" => {
            json!({"EnabledServicePrincipals": [{"ServicePrincipal": "account.amazonaws.com"}]})
        }
        "GetResources" => json!({"ResourceTagMappingList": []}),
        _ => json!({}),
    })
}

/// Identity Center with the sets `read`, which the spec declares, and `other`.
fn identity(operation: &str, input: &Value) -> Answer {
    let set = input["PermissionSetArn"].as_str().unwrap_or_default();
    Answer::Ok(match operation {
        "ListInstances" => {
            json!({"Instances": [{"InstanceArn": INSTANCE, "IdentityStoreId": "d-1234567890"}]})
        }
        "ListPermissionSets" => match input["NextToken"].as_str() {
            None => json!({"PermissionSets": [set_arn("read")], "NextToken": "more"}),
            Some(_) => json!({"PermissionSets": [set_arn("other"), set_arn("gone")]}),
        },
        "DescribePermissionSet" if set.ends_with("gone") => return refuse("ResourceNotFoundException"),
        "DescribePermissionSet" => {
            let name = set.rsplit("ps-").next().unwrap();
            json!({"PermissionSet": {"Name": name, "PermissionSetArn": set, "SessionDuration": "PT2H"}})
        }
        "ListTagsForResource" => json!({"Tags": [{"Key": "owner", "Value": "ops"}]}),
        "ListManagedPoliciesInPermissionSet" => json!({"AttachedManagedPolicies": [
            {"Name": "ReadOnlyAccess", "Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}),
        "ListCustomerManagedPolicyReferencesInPermissionSet" => {
            json!({"CustomerManagedPolicyReferences": [{"Name": "deny", "Path": "/ops/"}, {"Name": "plain"}]})
        }
        "GetInlinePolicyForPermissionSet" => json!({"InlinePolicy": ""}),
        "GetPermissionsBoundaryForPermissionSet" => return refuse("ResourceNotFoundException"),
        "ListAccountsForProvisionedPermissionSet" => match input["ProvisioningStatus"].as_str() {
            Some(_) => json!({"AccountIds": []}),
            None => json!({"AccountIds": ["222233334444"]}),
        },
        "GetGroupId" => match input.pointer("/AlternateIdentifier/UniqueAttribute/AttributeValue") {
            Some(name) if name == "ops" => json!({"GroupId": "g-ops"}),
            _ => return refuse("ResourceNotFoundException"),
        },
        "GetUserId" => json!({"UserId": "u-eve"}),
        "DescribeUser" => json!({"UserId": input["UserId"], "UserName": "mallory"}),
        "ListAccountAssignmentsForPrincipal" => json!({"AccountAssignments": [
            {"AccountId": "222233334444", "PermissionSetArn": set_arn("read"),
             "PrincipalType": "GROUP", "PrincipalId": "g-ops"},
            {"AccountId": "222233334444", "PermissionSetArn": set_arn("other"),
             "PrincipalType": "GROUP", "PrincipalId": "g-ops"}]}),
        "ListAccountAssignments" => json!({"AccountAssignments": [
            {"AccountId": "222233334444", "PermissionSetArn": set, "PrincipalType": "USER", "PrincipalId": "u-x"}]}),
        _ => return organization(operation, input),
    })
}

fn principal(kind: PrincipalKind, name: &str) -> Principal {
    Principal {
        kind,
        name: name.to_owned(),
    }
}

fn wanted() -> IdentityScope {
    IdentityScope {
        region: "eu-west-1".parse().unwrap(),
        instance: None,
        zone: "acme".to_owned(),
        sets: BTreeSet::from(["read".to_owned()]),
        addresses: BTreeSet::new(),
        principals: BTreeSet::from([
            principal(PrincipalKind::Group, "ops"),
            principal(PrincipalKind::Group, "ghosts"),
            principal(PrincipalKind::User, "eve"),
        ]),
        everybody: false,
    }
}

fn scope(identity: Option<IdentityScope>, settings: Vec<SettingsScope>) -> Scope {
    Scope {
        texts: Texts::All,
        policy_types: BTreeSet::new(),
        declared: Declared::default(),
        stacks: StackScope::default(),
        services: lz_provider::ServiceScope::default(),
        tower: None,
        identity,
        settings,
    }
}

async fn read(aws: &Canned, scope: &Scope) -> Result<LiveOrganization, ProviderError> {
    let live = aws.provider().await.read(scope, &Silent).await?;
    Ok(live.organization.unwrap())
}

async fn found(aws: &Canned, wanted: IdentityScope) -> Option<LiveIdentity> {
    read(aws, &scope(Some(wanted), Vec::new()))
        .await
        .unwrap()
        .identity
}

#[tokio::test(start_paused = true)]
async fn a_read_brings_what_concerns_the_spec_and_names_alone_of_the_rest() {
    let aws = Canned::new(identity);
    let live = found(&aws, wanted()).await.unwrap();
    assert_eq!(live.center, center());
    assert_eq!(live.sets.len(), 2, "one has gone meanwhile");
    let read = &live.sets[&arn("read")];
    let content = read.content.as_ref().unwrap();
    assert_eq!(
        (read.session_seconds, content.holders),
        (Some(7_200), Holders::Named)
    );
    let policies: Vec<String> = content.customer.iter().map(ToString::to_string).collect();
    assert_eq!(policies, ["plain", "/ops/deny"]);
    assert!(content.inline.is_none() && content.boundary.is_none() && content.provisioned.len() == 1);
    assert!(live.sets[&arn("other")].content.is_none());
    assert_eq!(live.principals.len(), 2, "ghosts are nowhere");
    assert_eq!(aws.count("DescribeUser") + aws.count("DescribeGroup"), 0);
    // What a user has through a group, and sets that are none of the spec's business, are left out.
    assert_eq!(live.assignments.len(), 1);
    let seen = aws.seen();
    let asked = seen
        .iter()
        .find(|seen| seen.operation == "ListPermissionSets")
        .unwrap();
    assert_eq!(asked.host, "sso.eu-west-1.amazonaws.com");
    assert_eq!(asked.input["InstanceArn"], INSTANCE);
    let store = seen.iter().find(|seen| seen.operation == "GetGroupId").unwrap();
    assert_eq!(store.host, "identitystore.eu-west-1.amazonaws.com");
    assert_eq!(store.input["IdentityStoreId"], "d-1234567890");
}

#[tokio::test(start_paused = true)]
async fn everybody_is_asked_for_account_by_account_only_where_it_matters() {
    let aws = Canned::new(identity);
    let everybody = IdentityScope {
        everybody: true,
        ..wanted()
    };
    let live = found(&aws, everybody).await.unwrap();
    assert_eq!(
        live.sets[&arn("read")].content.as_ref().unwrap().holders,
        Holders::All
    );
    assert_eq!(aws.count("ListAccountAssignments"), 1);
    assert_eq!(aws.count("ListAccountAssignmentsForPrincipal"), 0);
    assert!(live.assignments.iter().all(|one| one.principal == "u-x"));
    assert_eq!(
        aws.count("DescribeUser"),
        1,
        "the one whom the spec does not name"
    );
    assert_eq!(live.principals[&principal(PrincipalKind::User, "mallory")], "u-x");
    let unknown = Canned::new(|operation, input| match operation {
        "DescribeUser" => refuse("AccessDeniedException"),
        _ => identity(operation, input),
    });
    let everybody = IdentityScope {
        everybody: true,
        ..wanted()
    };
    let live = found(&unknown, everybody).await.unwrap();
    assert_eq!(live.principals.len(), 2, "who may not be looked up keeps the id");
}

#[tokio::test(start_paused = true)]
async fn no_instance_is_nothing_and_several_must_be_told_apart() {
    let none = Canned::new(|operation, input| match operation {
        "ListInstances" => Answer::Ok(json!({"Instances": []})),
        _ => identity(operation, input),
    });
    assert!(found(&none, wanted()).await.is_none());
    let several = Canned::new(|operation, input| match operation {
        "ListInstances" => Answer::Ok(json!({"Instances": [
            {"InstanceArn": INSTANCE, "IdentityStoreId": "d-1"},
            {"InstanceArn": "arn:aws:sso:::instance/ssoins-2", "IdentityStoreId": "d-2"}]})),
        _ => identity(operation, input),
    });
    let error = read(&several, &scope(Some(wanted()), Vec::new()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Invalid);
    assert!(error.message.contains("ssoins-2") && error.message.contains("`instance`"));
    let named = IdentityScope {
        instance: Some(INSTANCE.parse().unwrap()),
        ..wanted()
    };
    assert!(found(&several, named).await.is_some());
}

#[tokio::test(start_paused = true)]
async fn requests_of_an_earlier_run_are_awaited_before_anything_is_read() {
    static LOOKS: AtomicUsize = AtomicUsize::new(0);
    let aws = Canned::new(|operation, input| match operation {
        "ListAccountAssignmentCreationStatus" => {
            assert_eq!(input["Filter"]["Status"], "IN_PROGRESS");
            let busy = LOOKS.fetch_add(1, Ordering::Relaxed) < 3;
            let requests: &[&str] = if busy { &["one"] } else { &[] };
            Answer::Ok(json!({"AccountAssignmentsCreationStatus": requests}))
        }
        _ => identity(operation, input),
    });
    found(&aws, wanted()).await.unwrap();
    assert_eq!(aws.count("ListAccountAssignmentCreationStatus"), 4);
    let seen = aws.seen();
    let at = |name: &str| seen.iter().rposition(|seen| seen.operation == name).unwrap();
    let first = seen
        .iter()
        .position(|seen| seen.operation == "ListPermissionSets")
        .unwrap();
    assert!(at("ListAccountAssignmentCreationStatus") < first);
}

async fn perform(aws: &Canned, change: IdentityChange) -> Result<Option<Created>, ProviderError> {
    let call = IdentityCall {
        center: center(),
        change,
    };
    aws.provider()
        .await
        .perform(&Call::Identity(Box::new(call)))
        .await
}

fn assignment(account: &str) -> AssignmentCall {
    AssignmentCall {
        set: arn("read"),
        kind: PrincipalKind::Group,
        principal: "g-ops".to_owned(),
        account: account.parse().unwrap(),
    }
}

#[tokio::test(start_paused = true)]
async fn an_assignment_is_followed_until_it_holds() {
    let aws = Canned::new(|operation, input| match operation {
        "CreateAccountAssignment" => {
            assert_eq!(input["TargetId"], "222233334444");
            assert_eq!(input["PrincipalType"], "GROUP");
            Answer::Ok(
                json!({"AccountAssignmentCreationStatus": {"Status": "IN_PROGRESS", "RequestId": "r1"}}),
            )
        }
        "DescribeAccountAssignmentCreationStatus" => {
            assert_eq!(input["AccountAssignmentCreationRequestId"], "r1");
            Answer::Ok(json!({"AccountAssignmentCreationStatus": {"Status": "SUCCEEDED", "RequestId": "r1"}}))
        }
        _ => identity(operation, input),
    });
    let done = perform(&aws, IdentityChange::Assign(assignment("222233334444"))).await;
    assert_eq!(done.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn an_assignment_that_fails_later_says_why() {
    let aws = Canned::new(|operation, input| match operation {
        "CreateAccountAssignment" => Answer::Ok(json!({"AccountAssignmentCreationStatus": {
            "Status": "FAILED", "RequestId": "r1", "FailureReason": "the role cannot be made"}})),
        _ => identity(operation, input),
    });
    let error = perform(&aws, IdentityChange::Assign(assignment("222233334444")))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (Kind::Invalid, "the role cannot be made")
    );
}

#[tokio::test(start_paused = true)]
async fn no_more_assignments_are_under_way_than_aws_bears() {
    static NOW: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let aws = Canned::new(|operation, input| match operation {
        "DeleteAccountAssignment" => {
            let now = NOW.fetch_add(1, Ordering::Relaxed) + 1;
            MOST.fetch_max(now, Ordering::Relaxed);
            Answer::Ok(
                json!({"AccountAssignmentDeletionStatus": {"Status": "IN_PROGRESS", "RequestId": "r"}}),
            )
        }
        "DescribeAccountAssignmentDeletionStatus" => {
            NOW.fetch_sub(1, Ordering::Relaxed);
            Answer::Ok(json!({"AccountAssignmentDeletionStatus": {"Status": "SUCCEEDED", "RequestId": "r"}}))
        }
        _ => identity(operation, input),
    });
    let provider = aws.provider().await;
    let calls = (0..30).map(|number| {
        let change = IdentityChange::Unassign(assignment(&format!("{number:012}")));
        Call::Identity(Box::new(IdentityCall {
            center: center(),
            change,
        }))
    });
    let calls: Vec<Call> = calls.collect();
    let all = futures_util::future::join_all(calls.iter().map(|call| provider.perform(call))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(MOST.load(Ordering::Relaxed), 10);
}

#[tokio::test(start_paused = true)]
async fn a_taken_name_is_told_from_something_in_the_way() {
    let aws = Canned::new(|operation, input| match operation {
        "CreatePermissionSet" | "AttachManagedPolicyToPermissionSet" => refuse("ConflictException"),
        _ => identity(operation, input),
    });
    let create = IdentityChange::CreateSet {
        name: "read".to_owned(),
        basics: SetBasics::default(),
        tags: BTreeMap::new(),
    };
    assert_eq!(perform(&aws, create).await.unwrap_err().kind, Kind::AlreadySo);
    assert_eq!(aws.count("CreatePermissionSet"), 1, "asking again would not help");
    // One policy is attached already, the other is not: only the first is done.
    let attach = |policy: &str| {
        let arn_of = format!("arn:aws:iam::aws:policy/{policy}").parse().unwrap();
        IdentityChange::AttachPolicy(arn("read"), SetPolicy::Managed(arn_of))
    };
    assert!(perform(&aws, attach("ReadOnlyAccess")).await.is_ok());
    let error = perform(&aws, attach("PowerUserAccess")).await.unwrap_err();
    assert_eq!(error.kind, Kind::Conflict);
}

#[tokio::test(start_paused = true)]
async fn a_set_is_made_found_and_given_what_it_grants() {
    let aws = Canned::new(|operation, input| match operation {
        "CreatePermissionSet" => {
            assert_eq!(input["SessionDuration"], "PT1H30M");
            assert_eq!(input["Tags"], json!([{"Key": "lz:zone", "Value": "acme"}]));
            assert!(input.get("RelayState").is_none());
            Answer::Ok(json!({"PermissionSet": {"Name": "new", "PermissionSetArn": set_arn("new")}}))
        }
        _ => identity(operation, input),
    });
    let create = IdentityChange::CreateSet {
        name: "new".to_owned(),
        basics: SetBasics {
            session_seconds: Some(5_400),
            ..SetBasics::default()
        },
        tags: BTreeMap::from([("lz:zone".to_owned(), "acme".to_owned())]),
    };
    assert_eq!(perform(&aws, create).await.unwrap().unwrap().id, set_arn("new"));
    let limit = "arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap();
    for change in [
        IdentityChange::Inline(arn("new"), Some("{}".to_owned())),
        IdentityChange::Inline(arn("new"), None),
        IdentityChange::Boundary(arn("new"), Some(Boundary::Managed(limit))),
        IdentityChange::Boundary(arn("new"), None),
        IdentityChange::Untag(arn("new"), BTreeSet::from(["a".to_owned()])),
    ] {
        perform(&aws, change).await.unwrap();
    }
    let operations: Vec<String> = aws.seen().into_iter().map(|seen| seen.operation).collect();
    assert_eq!(
        operations[1..],
        [
            "PutInlinePolicyToPermissionSet",
            "DeleteInlinePolicyFromPermissionSet",
            "PutPermissionsBoundaryToPermissionSet",
            "DeletePermissionsBoundaryFromPermissionSet",
            "UntagResource",
        ]
    );
    let provider = aws.provider().await;
    let find = |name: &str| Natural::PermissionSet(center(), name.to_owned());
    let other = provider.find(&find("other")).await.unwrap().unwrap();
    assert_eq!(
        (other.id.as_str(), other.tags.len()),
        (set_arn("other").as_str(), 1)
    );
    assert_eq!(provider.find(&find("nobody")).await.unwrap(), None);
}

fn settings_scope(account: &str) -> SettingsScope {
    SettingsScope {
        address: "account.x".to_owned(),
        email: format!("{account}@example.com").parse().unwrap(),
        id: None,
        contacts: BTreeSet::from([ContactKind::Security, ContactKind::Billing]),
        primary_contact: true,
        regions: BTreeSet::from(["eu-south-1".parse().unwrap()]),
    }
}

fn account_management(operation: &str, input: &Value) -> Answer {
    Answer::Ok(match operation {
        "GetAlternateContact" if input["AlternateContactType"] == "BILLING" => {
            return refuse("ResourceNotFoundException");
        }
        "GetAlternateContact" => json!({"AlternateContact": {
            "Name": "SOC", "Title": "On call", "EmailAddress": "soc@example.com", "PhoneNumber": "1",
            "AlternateContactType": "SECURITY"}}),
        "GetContactInformation" => json!({"ContactInformation": {
            "FullName": "Acme", "AddressLine1": "1 Road", "City": "Tokyo", "PostalCode": "1", "CountryCode": "JP",
            "PhoneNumber": "+81"}}),
        "GetRegionOptStatus" => json!({"RegionName": input["RegionName"], "RegionOptStatus": "ENABLING"}),
        _ => return organization(operation, input),
    })
}

#[tokio::test(start_paused = true)]
async fn settings_are_read_of_members_by_name_and_of_the_own_account_without() {
    let aws = Canned::new(account_management);
    let wanted = vec![settings_scope("222233334444"), settings_scope("111122223333")];
    let live = read(&aws, &scope(None, wanted)).await.unwrap();
    assert_eq!(live.settings.len(), 2);
    let member = &live.settings[&"222233334444".parse().unwrap()];
    assert_eq!(member.contacts[&ContactKind::Billing], None);
    assert!(member.contacts[&ContactKind::Security].is_some());
    let primary = member.primary_contact.as_ref().unwrap();
    assert_eq!(primary.members[&PrimaryMember::CountryCode], "JP");
    assert_eq!(member.regions.values().next(), Some(&RegionState::Enabling));
    let named: BTreeSet<Option<String>> = aws
        .seen()
        .iter()
        .filter(|seen| seen.operation == "GetContactInformation")
        .map(|seen| seen.input["AccountId"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(named, BTreeSet::from([None, Some("222233334444".to_owned())]));
}

#[tokio::test(start_paused = true)]
async fn settings_of_members_are_not_asked_for_without_trusted_access() {
    let aws = Canned::new(|operation, input| match operation {
        "ListAWSServiceAccessForOrganization" => Answer::Ok(json!({"EnabledServicePrincipals": []})),
        _ => account_management(operation, input),
    });
    let live = read(&aws, &scope(None, vec![settings_scope("222233334444")]))
        .await
        .unwrap();
    assert!(live.settings.is_empty());
    assert_eq!(aws.count("GetContactInformation"), 0);
}

#[tokio::test(start_paused = true)]
async fn settings_are_set_and_a_region_is_followed_until_it_is_on() {
    static LOOKS: AtomicUsize = AtomicUsize::new(0);
    let aws = Canned::new(|operation, input| match operation {
        "GetRegionOptStatus" => {
            let status = match LOOKS.fetch_add(1, Ordering::Relaxed) {
                0 => "DISABLED",
                1 | 2 => "ENABLING",
                _ => "ENABLED",
            };
            Answer::After(
                Duration::from_millis(10),
                Box::new(Answer::Ok(
                    json!({"RegionName": input["RegionName"], "RegionOptStatus": status}),
                )),
            )
        }
        _ => Answer::Ok(json!({})),
    });
    let provider = aws.provider().await;
    let member: lz_model::id::AccountId = "222233334444".parse().unwrap();
    let contact = Contact {
        name: "SOC".to_owned(),
        title: "On call".to_owned(),
        email: "soc@example.com".to_owned(),
        phone: "1".to_owned(),
    };
    let primary = PrimaryContact {
        members: PrimaryMember::ALL.map(|member| (member, "x".to_owned())).into(),
    };
    for call in [
        SettingsCall::PutContact(member.clone(), ContactKind::Operations, contact),
        SettingsCall::PutPrimaryContact(member.clone(), primary),
        SettingsCall::EnableRegion(member, "eu-south-1".parse().unwrap()),
    ] {
        provider.perform(&Call::Settings(Box::new(call))).await.unwrap();
    }
    assert_eq!(
        (aws.count("EnableRegion"), aws.count("GetRegionOptStatus")),
        (1, 4)
    );
    let seen = aws.seen();
    let put = seen
        .iter()
        .find(|seen| seen.operation == "PutAlternateContact")
        .unwrap();
    assert_eq!(put.input["AlternateContactType"], "OPERATIONS");
    assert_eq!(put.input["AccountId"], "222233334444");
    let put = seen
        .iter()
        .find(|seen| seen.operation == "PutContactInformation")
        .unwrap();
    assert_eq!(put.input["ContactInformation"].as_object().unwrap().len(), 12);
}
