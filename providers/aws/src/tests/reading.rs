//! What a read brings, and with how few calls.

use super::canned::{Answer, Canned, refuse};
use lz_model::event::Silent;
use lz_model::id::{AccountId, OuId, ParentId, PolicyId, TargetId};
use lz_model::live::{AccountState, LiveOrganization, PolicyText};
use lz_model::policy_type::PolicyType;
use lz_provider::{Declared, Kind, Provider, ProviderError, Scope, ServiceScope, StackScope, Texts};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ARN: &str = "arn:aws:organizations::111122223333";

fn scope(texts: Texts) -> Scope {
    Scope {
        texts,
        policy_types: BTreeSet::new(),
        declared: Declared::default(),
        stacks: StackScope::default(),
        services: ServiceScope::default(),
        tower: None,
        identity: None,
        settings: Vec::new(),
    }
}

/// An organization: `Workloads` with `Prod` in it, five levels of `Deep`, 25 accounts, SCPs and RCPs on.
fn organization(operation: &str, input: &Value) -> Answer {
    match operation {
        "DescribeOrganization" => Answer::Ok(json!({"Organization": {
            "Id": "o-abcdefghij", "Arn": format!("{ARN}:organization/o-abcdefghij"),
            "FeatureSet": "ALL", "MasterAccountId": "111122223333"}})),
        "ListRoots" => Answer::Ok(json!({"Roots": [{
            "Id": "r-ab12", "Arn": format!("{ARN}:root/o-abcdefghij/r-ab12"), "Name": "Root",
            "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"},
                            {"Type": "RESOURCE_CONTROL_POLICY", "Status": "PENDING_ENABLE"},
                            {"Type": "TYPE_OF_TOMORROW", "Status": "ENABLED"}]}]})),
        "ListOrganizationalUnitsForParent" => {
            let children: &[(&str, &str)] = match input["ParentId"].as_str().unwrap() {
                "r-ab12" => &[("ou-ab12-workload", "Workloads"), ("ou-ab12-deep0001", "Deep")],
                "ou-ab12-workload" => &[("ou-ab12-prod0000", "Prod")],
                "ou-ab12-deep0001" => &[("ou-ab12-deep0002", "Deep")],
                "ou-ab12-deep0002" => &[("ou-ab12-deep0003", "Deep")],
                "ou-ab12-deep0003" => &[("ou-ab12-deep0004", "Deep")],
                "ou-ab12-deep0004" => &[("ou-ab12-deep0005", "Deep")],
                _ => &[],
            };
            let units = children.iter().map(|(id, name)| {
                json!({
                "Id": id, "Arn": format!("{ARN}:ou/o-abcdefghij/{id}"), "Name": name})
            });
            page("OrganizationalUnits", units.collect(), input)
        }
        "ListAccounts" => page("Accounts", (0..25).map(account).collect(), input),
        "ListPolicies" => page("Policies", policies(input["Filter"].as_str().unwrap()), input),
        "ListTargetsForPolicy" => match input["PolicyId"].as_str().unwrap() {
            "p-FullAWSAccess" => {
                let targets = (0..25).map(|n| json!({"TargetId": account_id(n), "Type": "ACCOUNT"}));
                page("Targets", targets.collect(), input)
            }
            "p-regions00" => {
                let targets = ["ou-ab12-workload", "ou-ab12-deletedd"].map(|id| json!({"TargetId": id}));
                page("Targets", targets.to_vec(), input)
            }
            _ => page("Targets", Vec::new(), input),
        },
        "DescribePolicy" => Answer::Ok(json!({"Policy": {"Content": "{}"}})),
        "GetResources" => Answer::Ok(json!({"PaginationToken": "", "ResourceTagMappingList": [
            tagged("account/o-abcdefghij/222200000003", "account.a"),
            tagged("ou/o-abcdefghij/ou-ab12-workload", "ou.workloads"),
            tagged("policy/o-abcdefghij/service_control_policy/p-regions00", "policy.regions")]})),
        "ListAWSServiceAccessForOrganization" => Answer::Ok(json!({"EnabledServicePrincipals": [
            {"ServicePrincipal": "guardduty.amazonaws.com"}, {"ServicePrincipal": "sso.amazonaws.com"}]})),
        "ListDelegatedAdministrators" => Answer::Ok(json!({"DelegatedAdministrators": [
            {"Id": "222200000001"}]})),
        "ListDelegatedServicesForAccount" => Answer::Ok(json!({"DelegatedServices": [
            {"ServicePrincipal": "guardduty.amazonaws.com"},
            {"ServicePrincipal": "member.org.stacksets.cloudformation.amazonaws.com"}]})),
        "ListCreateAccountStatus" => Answer::Ok(json!({"CreateAccountStatuses": [
            {"Id": "car-12345678", "AccountName": "New", "State": "IN_PROGRESS"},
            {"Id": "car-22345678", "AccountName": "Old", "State": "SUCCEEDED"}]})),
        "ListTagsForResource" => Answer::Ok(json!({"Tags": [{"Key": "from", "Value": "itself"}]})),
        other => panic!("nobody needs {other}"),
    }
}

fn policies(filter: &str) -> Vec<Value> {
    let one = |id: &str, name: &str, aws: bool| {
        let arn = format!("{ARN}:policy/o-abcdefghij/x/{id}");
        json!({"Id": id, "Arn": arn, "Name": name, "Description": "", "AwsManaged": aws})
    };
    match filter {
        "SERVICE_CONTROL_POLICY" => vec![
            one("p-FullAWSAccess", "FullAWSAccess", true),
            one("p-regions00", "regions", false),
            one("p-other000", "other", false),
        ],
        "RESOURCE_CONTROL_POLICY" => vec![one("p-RCPFullAWSAccess", "RCPFullAWSAccess", true)],
        _ => Vec::new(),
    }
}

fn account_id(n: usize) -> String {
    if n == 0 {
        "111122223333".to_owned()
    } else {
        format!("2222{n:08}")
    }
}

fn account(n: usize) -> Value {
    let id = account_id(n);
    let (path, state) = match n {
        0 => ("r-ab12".to_owned(), "ACTIVE"),
        1 => ("r-ab12/ou-ab12-workload/ou-ab12-prod0000".to_owned(), "CLOSED"),
        _ => ("r-ab12/ou-ab12-workload".to_owned(), "ACTIVE"),
    };
    json!({"Id": id, "Arn": format!("{ARN}:account/o-abcdefghij/{id}"), "Name": format!("A{n}"),
        "Email": format!("a{n}@example.com"), "State": state, "Status": "SUSPENDED",
        "JoinedMethod": if n == 0 { "INVITED" } else { "CREATED" }, "JoinedTimestamp": 1_700_000_000.5,
        "Paths": [format!("o-abcdefghij/{path}/{id}/")]})
}

fn tagged(rest: &str, address: &str) -> Value {
    json!({"ResourceARN": format!("{ARN}:{rest}"), "Tags": [
        {"Key": "lz:zone", "Value": "acme"}, {"Key": "lz:address", "Value": address}]})
}

/// Cuts a list into pages of the size that was asked for, with an empty page in between.
fn page(member: &str, all: Vec<Value>, input: &Value) -> Answer {
    let size = input["MaxResults"].as_u64().unwrap() as usize;
    assert_eq!(size, 20, "always the largest page");
    let at: usize = input["NextToken"]
        .as_str()
        .map_or(0, |token| token.trim_matches('e').parse().unwrap());
    if input["NextToken"]
        .as_str()
        .is_some_and(|token| !token.starts_with('e'))
    {
        return Answer::Ok(json!({member: [], "NextToken": format!("e{at}")}));
    }
    let end = (at + size).min(all.len());
    let token = (end < all.len()).then(|| end.to_string());
    Answer::Ok(json!({member: all[at..end], "NextToken": token}))
}

async fn read(aws: &Canned, texts: Texts) -> Result<LiveOrganization, ProviderError> {
    let live = aws.provider().await.read(&scope(texts), &Silent).await?;
    assert_eq!(
        live.caller.arn,
        "arn:aws:sts::111122223333:assumed-role/lz/session"
    );
    Ok(live.organization.unwrap())
}

/// The organization, with one operation answered differently.
fn but(operation: &'static str, answer: impl Fn(&Value) -> Answer + Send + Sync + 'static) -> Canned {
    Canned::new(move |asked, input| {
        if asked == operation {
            answer(input)
        } else {
            organization(asked, input)
        }
    })
}

fn ou(id: &str) -> OuId {
    id.parse().unwrap()
}

fn policy(id: &str) -> PolicyId {
    id.parse().unwrap()
}

fn account_at(n: usize) -> AccountId {
    account_id(n).parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn everything_is_read_with_its_place_state_and_tags() {
    let aws = Canned::new(organization);
    let live = read(&aws, Texts::All).await.unwrap();
    assert!(live.all_features);
    assert_eq!(live.accounts.len(), 25);
    assert_eq!(
        live.accounts[&account_at(0)].parent,
        ParentId::Root("r-ab12".parse().unwrap())
    );
    assert!(!live.accounts[&account_at(0)].created);
    let closed = &live.accounts[&account_at(1)];
    assert_eq!(
        (closed.state, &closed.parent),
        (AccountState::Closed, &ParentId::Ou(ou("ou-ab12-prod0000")))
    );
    assert_eq!(closed.joined_at_seconds, Some(1_700_000_000));
    assert_eq!(live.path(&ParentId::Ou(ou("ou-ab12-prod0000"))), "Workloads/Prod");
    assert_eq!(live.accounts[&account_at(3)].tags["lz:address"], "account.a");
    assert_eq!(
        live.ous[&ou("ou-ab12-workload")].tags["lz:address"],
        "ou.workloads"
    );
    assert_eq!(
        live.policies[&policy("p-regions00")].tags["lz:address"],
        "policy.regions"
    );
    assert_eq!(
        live.policies[&policy("p-regions00")].targets,
        BTreeSet::from([TargetId::Ou(ou("ou-ab12-workload"))]),
        "an OU that is gone is no target"
    );
    assert_eq!(
        live.policies[&policy("p-FullAWSAccess")].targets.len(),
        25,
        "over two pages"
    );
    assert_eq!(live.trusted_services.len(), 2);
    assert_eq!(
        live.delegated_admins.len(),
        2,
        "also of a service that goes by another name"
    );
    let creating: Vec<&str> = live.creating.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(
        creating,
        ["New"],
        "a filter that the other side ignores is applied here"
    );
    let types: Vec<PolicyType> = live.root.policy_types.keys().copied().collect();
    assert_eq!(types, [PolicyType::Scp, PolicyType::Rcp]);
}

#[tokio::test(start_paused = true)]
async fn a_read_takes_no_call_more_than_the_pages() {
    let aws = Canned::new(organization);
    read(&aws, Texts::All).await.unwrap();
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for seen in aws.seen() {
        *calls.entry(seen.operation).or_default() += 1;
    }
    let expected = [
        ("DescribeOrganization", 1),
        ("DescribePolicy", 2),
        ("GetCallerIdentity", 1),
        ("GetResources", 1),
        ("ListAWSServiceAccessForOrganization", 1),
        // Two full pages and the empty one between them.
        ("ListAccounts", 3),
        ("ListCreateAccountStatus", 1),
        ("ListDelegatedAdministrators", 1),
        ("ListDelegatedServicesForAccount", 1),
        // The root and six OUs; not the one on the fifth level.
        ("ListOrganizationalUnitsForParent", 7),
        ("ListPolicies", 2),
        ("ListRoots", 1),
        // FullAWSAccess takes two pages and an empty one; RCPFullAWSAccess is everywhere without asking.
        ("ListTargetsForPolicy", 5),
    ];
    let expected: BTreeMap<String, usize> = expected
        .into_iter()
        .map(|(operation, count)| (operation.to_owned(), count))
        .collect();
    assert_eq!(calls, expected);
}

#[tokio::test(start_paused = true)]
async fn the_policy_that_nobody_can_detach_is_on_every_entity() {
    let live = read(&Canned::new(organization), Texts::All).await.unwrap();
    let targets = &live.policies[&policy("p-RCPFullAWSAccess")].targets;
    assert_eq!(targets.len(), 1 + live.ous.len() + live.accounts.len());
}

#[tokio::test(start_paused = true)]
async fn only_the_documents_that_the_spec_may_be_about_are_read() {
    let of = |zone: &str, name: &str, id: Option<&str>| Texts::Of {
        zone: zone.to_owned(),
        names: BTreeSet::from([(PolicyType::Scp, name.to_owned())]),
        ids: id.map(policy).into_iter().collect(),
    };
    for (texts, read_ids) in [
        (of("acme", "none", None), vec!["p-regions00"]),
        (of("other", "other", None), vec!["p-other000"]),
        (of("other", "none", Some("p-regions00")), vec!["p-regions00"]),
        (of("other", "none", None), vec![]),
    ] {
        let live = read(&Canned::new(organization), texts.clone()).await.unwrap();
        let found = live
            .policies
            .values()
            .filter(|policy| policy.content != PolicyText::NotRead);
        let found: Vec<&str> = found.map(|policy| policy.id.as_str()).collect();
        assert_eq!(found, read_ids, "{texts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_without_organization_costs_two_calls() {
    let aws = Canned::new(|_, _| refuse("AWSOrganizationsNotInUseException"));
    let live = aws
        .provider()
        .await
        .read(&scope(Texts::All), &Silent)
        .await
        .unwrap();
    assert_eq!(live.organization, None);
    assert_eq!(live.caller.account, "111122223333".parse().unwrap());
    assert_eq!(aws.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn policies_of_a_type_that_is_off_are_listed_when_wanted_and_are_attached_nowhere() {
    let aws = Canned::new(organization);
    let mut scope = scope(Texts::All);
    scope.policy_types.insert(PolicyType::Tag);
    aws.provider().await.read(&scope, &Silent).await.unwrap();
    let filters: BTreeSet<String> = aws
        .seen()
        .into_iter()
        .filter(|seen| seen.operation == "ListPolicies")
        .map(|seen| seen.input["Filter"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        filters.contains("TAG_POLICY") && filters.len() == 3,
        "{filters:?}"
    );
}

fn without_paths(input: &Value, how_many: usize) -> Answer {
    let accounts = (0..25).map(|n| {
        let mut account = account(n);
        if n < how_many {
            account.as_object_mut().unwrap().remove("Paths");
        }
        account
    });
    page("Accounts", accounts.collect(), input)
}

#[tokio::test(start_paused = true)]
async fn where_no_account_has_a_path_each_parent_is_asked_for_its_accounts() {
    let aws = Canned::new(|operation, input| match operation {
        "ListAccounts" => without_paths(input, 25),
        "ListAccountsForParent" => {
            let members = match input["ParentId"].as_str().unwrap() {
                "r-ab12" => 0..1,
                "ou-ab12-prod0000" => 1..2,
                "ou-ab12-workload" => 2..25,
                _ => 0..0,
            };
            page("Accounts", members.map(account).collect(), input)
        }
        _ => organization(operation, input),
    });
    let live = read(&aws, Texts::All).await.unwrap();
    assert_eq!(live.accounts.len(), 25);
    assert_eq!(
        live.accounts[&account_at(1)].parent,
        ParentId::Ou(ou("ou-ab12-prod0000"))
    );
    assert_eq!(aws.count("ListParents"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_few_accounts_without_a_path_are_asked_for_their_parents() {
    let aws = Canned::new(|operation, input| match operation {
        "ListAccounts" => without_paths(input, 2),
        "ListParents" => Answer::Ok(json!({"Parents": [{"Id": "ou-ab12-prod0000"}]})),
        _ => organization(operation, input),
    });
    let live = read(&aws, Texts::All).await.unwrap();
    assert_eq!(
        live.accounts[&account_at(0)].parent,
        ParentId::Ou(ou("ou-ab12-prod0000"))
    );
    assert_eq!(
        (aws.count("ListParents"), aws.count("ListAccountsForParent")),
        (2, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn an_account_with_only_the_old_status_has_a_state() {
    let aws = but("ListAccounts", |input| {
        let mut account = account(2);
        account.as_object_mut().unwrap().remove("State");
        page("Accounts", vec![account], input)
    });
    let live = read(&aws, Texts::All).await.unwrap();
    assert_eq!(live.accounts[&account_at(2)].state, AccountState::Suspended);
}

#[tokio::test(start_paused = true)]
async fn an_index_that_refuses_or_shows_nothing_is_replaced_by_asking_each_object() {
    for answer in [
        || refuse("AccessDeniedException"),
        || Answer::Garbage(404),
        || Answer::Ok(json!({"ResourceTagMappingList": []})),
    ] {
        let aws = but("GetResources", move |_| answer());
        let live = read(&aws, Texts::All).await.unwrap();
        // The root, 7 OUs, 25 accounts and the two policies that are not AWS's.
        assert_eq!(aws.count("ListTagsForResource"), 1 + 7 + 25 + 2);
        assert_eq!(live.accounts[&account_at(5)].tags["from"], "itself");
        assert_eq!(live.policies[&policy("p-other000")].tags["from"], "itself");
        assert!(live.policies[&policy("p-FullAWSAccess")].tags.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_index_that_knows_no_policies_is_not_believed_about_them() {
    let aws = but("GetResources", |_| {
        Answer::Ok(json!({"ResourceTagMappingList": [
            tagged("account/o-abcdefghij/222200000003", "account.a")]}))
    });
    let live = read(&aws, Texts::All).await.unwrap();
    assert_eq!(
        aws.count("ListTagsForResource"),
        7 + 2,
        "the OUs and own policies, not the accounts"
    );
    assert_eq!(live.policies[&policy("p-regions00")].tags["from"], "itself");
    assert_eq!(live.accounts[&account_at(3)].tags["lz:address"], "account.a");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_comes_twice_is_an_error_and_not_an_endless_loop() {
    let aws = but("ListCreateAccountStatus", |_| {
        Answer::Ok(json!({"CreateAccountStatuses": [], "NextToken": "again"}))
    });
    let error = read(&aws, Texts::All).await.unwrap_err();
    assert_eq!(error.kind, Kind::Bug);
    assert!(error.to_string().contains("came twice"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_failed_part_is_an_error_and_never_an_empty_list() {
    for operation in [
        "ListAccounts",
        "ListPolicies",
        "ListTargetsForPolicy",
        "ListDelegatedAdministrators",
        "ListAWSServiceAccessForOrganization",
        "ListOrganizationalUnitsForParent",
    ] {
        let error = read(&but(operation, |_| refuse("AccessDeniedException")), Texts::All)
            .await
            .unwrap_err();
        assert_eq!(error.kind, Kind::Denied);
        assert!(error.operation.ends_with(operation), "{error}");
        assert!(error.message.contains("management account"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_organization_that_changes_meanwhile_is_read_again_and_then_refused() {
    let stray = |input: &Value| {
        let mut account = account(2);
        account["Paths"] = json!(["o-abcdefghij/r-ab12/ou-ab12-vanished/222200000002/"]);
        page("Accounts", vec![account], input)
    };
    let aws = but("ListAccounts", stray);
    let error = read(&aws, Texts::All).await.unwrap_err();
    assert_eq!(
        (error.kind, aws.count("ListAccounts")),
        (Kind::Conflict, 3),
        "{error}"
    );
    let times = std::sync::atomic::AtomicUsize::new(0);
    let aws = but("ListAccounts", move |input| {
        if times.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            stray(input)
        } else {
            page("Accounts", vec![account(2)], input)
        }
    });
    assert_eq!(read(&aws, Texts::All).await.unwrap().accounts.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_large_organization_is_read_at_the_published_pace() {
    let aws = but("ListAccounts", |input| {
        page("Accounts", (0..2000).map(account).collect(), input)
    });
    read(&aws, Texts::All).await.unwrap();
    let times: Vec<f64> = aws
        .seen()
        .iter()
        .filter(|seen| seen.operation == "ListAccounts")
        .map(|seen| seen.at)
        .collect();
    // 100 pages and 99 empty ones, at 8 a second after the first 12.
    let seconds = times.last().unwrap() - times.first().unwrap();
    let ideal = (199.0 - 12.0) / 8.0;
    assert!((seconds - ideal).abs() < 0.5, "{seconds} instead of {ideal}");
}
