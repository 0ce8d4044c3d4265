//! Administrators by the services' own calls, trusted access by theirs, root access: what is sent, and what is made
//! of the answers.

use super::canned::{Answer, Canned, Seen, refuse};
use lz_model::id::AccountId;
use lz_model::root_access::RootFeature;
use lz_provider::{Call, Kind, Provider, ProviderError, RootUsers, TagList};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

const AUDIT: &str = "222233334444";
const OTHER: &str = "333344445555";

fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}

fn enable(service: &str) -> Call {
    Call::EnableAdmin {
        service: format!("{service}.amazonaws.com").parse().unwrap(),
        account: account(AUDIT),
        region: "eu-west-1".parse().unwrap(),
    }
}

fn disable(service: &str) -> Call {
    Call::DisableAdmin {
        service: format!("{service}.amazonaws.com").parse().unwrap(),
        account: account(AUDIT),
        region: "eu-west-1".parse().unwrap(),
    }
}

async fn sent(call: Call, answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Vec<Seen> {
    let aws = Canned::new(move |operation, _| answer(operation));
    aws.provider().await.perform(&call).await.unwrap();
    aws.seen()
}

/// An operation, and the member that holds the account; empty where none does.
type Sent = (&'static str, &'static str);

/// The request that names the administrator, and the one that takes it away.
const CALLS: [(&str, &str, Sent, Sent); 8] = [
    (
        "auditmanager",
        "auditmanager",
        ("POST /account/registerOrganizationAdminAccount", "adminAccountId"),
        (
            "POST /account/deregisterOrganizationAdminAccount",
            "adminAccountId",
        ),
    ),
    (
        "cloudtrail",
        "cloudtrail",
        ("RegisterOrganizationDelegatedAdmin", "MemberAccountId"),
        ("DeregisterOrganizationDelegatedAdmin", "DelegatedAdminAccountId"),
    ),
    (
        "guardduty",
        "guardduty",
        ("POST /admin/enable", "adminAccountId"),
        ("POST /admin/disable", "adminAccountId"),
    ),
    (
        "inspector2",
        "inspector2",
        ("POST /delegatedadminaccounts/enable", "delegatedAdminAccountId"),
        ("POST /delegatedadminaccounts/disable", "delegatedAdminAccountId"),
    ),
    (
        "ipam",
        "ec2",
        ("EnableIpamOrganizationAdminAccount", "DelegatedAdminAccountId"),
        ("DisableIpamOrganizationAdminAccount", "DelegatedAdminAccountId"),
    ),
    (
        "macie",
        "macie2",
        ("POST /admin", "adminAccountId"),
        ("DELETE /admin?adminAccountId=222233334444", ""),
    ),
    (
        "securityhub",
        "securityhub",
        ("POST /organization/admin/enable", "AdminAccountId"),
        ("POST /organization/admin/disable", "AdminAccountId"),
    ),
    (
        "detective",
        "api.detective",
        ("POST /orgs/enableAdminAccount", "AccountId"),
        ("POST /orgs/disableAdminAccount", ""),
    ),
];

#[tokio::test(start_paused = true)]
async fn each_service_is_asked_in_its_own_words_in_the_region() {
    for (service, host, turn_on, turn_off) in CALLS {
        for (call, (operation, member)) in [(enable(service), turn_on), (disable(service), turn_off)] {
            let seen = sent(call, |operation| match operation {
                "POST /orgs/adminAccountslist" => {
                    Answer::Ok(json!({"Administrators": [{"AccountId": AUDIT}]}))
                }
                _ => Answer::Ok(json!({})),
            })
            .await;
            let last = seen.last().unwrap();
            assert_eq!(last.operation, operation, "{service}");
            assert_eq!(last.host, format!("{host}.eu-west-1.amazonaws.com"), "{service}");
            if !member.is_empty() {
                assert_eq!(last.input[member], AUDIT, "{service}");
            }
        }
    }
}

fn guardduty_of(found: Option<&'static str>) -> Canned {
    Canned::new(move |operation, _| match operation {
        "GET /admin" => {
            let row = |id: &str| json!({"adminAccountId": id, "adminStatus": "ENABLED"});
            Answer::Ok(json!({"adminAccounts": found.map(row).into_iter().collect::<Vec<_>>()}))
        }
        _ => refuse("BadRequestException"),
    })
}

async fn refused(aws: &Canned, call: &Call) -> ProviderError {
    aws.provider().await.perform(call).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_refusal_counts_only_if_it_is_not_so_already() {
    let already = guardduty_of(Some(AUDIT));
    already
        .provider()
        .await
        .perform(&enable("guardduty"))
        .await
        .unwrap();
    let other = refused(&guardduty_of(Some(OTHER)), &enable("guardduty")).await;
    assert_eq!(other.kind, Kind::LimitReached);
    assert!(other.message.contains(OTHER), "{}", other.message);
    let nobody = refused(&guardduty_of(None), &enable("guardduty")).await;
    assert_eq!(nobody.kind, Kind::Invalid);
    // The same the other way round: who is not there is gone.
    for gone in [None, Some(OTHER)] {
        let aws = guardduty_of(gone);
        aws.provider().await.perform(&disable("guardduty")).await.unwrap();
    }
    let stays = refused(&guardduty_of(Some(AUDIT)), &disable("guardduty")).await;
    assert_eq!(stays.kind, Kind::Invalid);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_names_nobody_is_not_sent_while_another_account_is_there() {
    for (service, look, answer) in [
        (
            "detective",
            "POST /orgs/adminAccountslist",
            json!({"Administrators": [{"AccountId": OTHER}]}),
        ),
        ("fms", "GetAdminAccount", json!({"AdminAccount": OTHER})),
    ] {
        let seen = sent(disable(service), move |_| Answer::Ok(answer.clone())).await;
        let operations: Vec<&str> = seen.iter().map(|seen| seen.operation.as_str()).collect();
        assert_eq!(operations, [look], "{service}");
    }
}

#[tokio::test(start_paused = true)]
async fn security_hub_is_asked_again_while_organizations_is_busy() {
    let asked = AtomicUsize::new(0);
    let aws = Canned::new(move |_, _| {
        if asked.fetch_add(1, Ordering::Relaxed) < 2 {
            refuse("LimitExceededException")
        } else {
            Answer::Ok(json!({}))
        }
    });
    aws.provider()
        .await
        .perform(&enable("securityhub"))
        .await
        .unwrap();
    assert_eq!(aws.count("POST /organization/admin/enable"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_leaves_the_outcome_unknown() {
    let aws = Canned::new(|_, _| Answer::Lost);
    for call in [
        enable("guardduty"),
        disable("macie"),
        Call::SwitchRootFeature(RootFeature::Sessions, true),
    ] {
        assert_eq!(refused(&aws, &call).await.kind, Kind::OutcomeUnknown, "{call:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_off_is_named() {
    let aws = Canned::new(|_, _| Answer::Refuse(403, "UnrecognizedClientException", ""));
    let error = refused(&aws, &enable("guardduty")).await;
    assert_eq!(error.kind, Kind::Denied);
    assert!(
        error.message.contains("`eu-west-1` seems to be off"),
        "{}",
        error.message
    );
}

#[tokio::test(start_paused = true)]
async fn registered_twice_at_cloudtrail_is_registered() {
    let aws = Canned::new(|operation, _| match operation {
        "ListDelegatedAdministrators" => Answer::Ok(json!({"DelegatedAdministrators": [{"Id": AUDIT}]})),
        "RegisterOrganizationDelegatedAdmin" => refuse("AccountRegisteredException"),
        other => panic!("nobody needs {other}"),
    });
    aws.provider().await.perform(&enable("cloudtrail")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn trusted_access_is_asked_of_the_service_where_aws_prefers_it() {
    let trust =
        |service: &str| Call::EnableTrustedService(format!("{service}.amazonaws.com").parse().unwrap());
    let seen = sent(trust("ram"), |_| Answer::Ok(json!({"returnValue": true}))).await;
    assert_eq!(seen[0].operation, "POST /enablesharingwithawsorganization");
    let seen = sent(trust("servicecatalog"), |_| Answer::Ok(json!({}))).await;
    assert_eq!(seen[0].operation, "EnableAWSOrganizationsAccess");
    let seen = sent(trust("guardduty"), |_| Answer::Ok(json!({}))).await;
    assert_eq!(seen[0].operation, "EnableAWSServiceAccess");
    let off = Canned::new(|_, _| Answer::Ok(json!({"returnValue": false})));
    assert_eq!(refused(&off, &trust("ram")).await.kind, Kind::Bug);
    // A second time is no error, if the service says that it is so.
    let twice = Canned::new(|operation, _| match operation {
        "GetAWSOrganizationsAccessStatus" => Answer::Ok(json!({"AccessStatus": "ENABLED"})),
        _ => refuse("InvalidStateException"),
    });
    twice
        .provider()
        .await
        .perform(&trust("servicecatalog"))
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn root_access_is_switched_at_the_one_endpoint_of_iam() {
    for (feature, on, operation) in [
        (
            RootFeature::CredentialsManagement,
            true,
            "EnableOrganizationsRootCredentialsManagement",
        ),
        (RootFeature::Sessions, false, "DisableOrganizationsRootSessions"),
    ] {
        let seen = sent(Call::SwitchRootFeature(feature, on), |_| Answer::Ok(json!({}))).await;
        assert_eq!(
            (seen[0].operation.as_str(), seen[0].host.as_str()),
            (operation, "iam.amazonaws.com")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_resource_policy_is_tagged_when_it_is_made_and_gone_when_it_is_gone() {
    let tags = TagList::from([("lz:zone".to_owned(), "acme".to_owned())]);
    let seen = sent(Call::PutResourcePolicy("{}".to_owned(), tags), |_| {
        Answer::Ok(json!({}))
    })
    .await;
    assert_eq!(seen[0].input["Tags"][0]["Value"], "acme");
    let seen = sent(Call::PutResourcePolicy("{}".to_owned(), TagList::new()), |_| {
        Answer::Ok(json!({}))
    })
    .await;
    assert_eq!(seen[0].input["Tags"], Value::Null);
    sent(Call::DeleteResourcePolicy, |_| {
        refuse("ResourcePolicyNotFoundException")
    })
    .await;
}

/// A root user with a password and a key, behind sessions for tasks.
fn root_user(operation: &str, input: &Value) -> Answer {
    match operation {
        "AssumeRoot" => {
            let task = input["TaskPolicyArn.arn"].as_str().unwrap();
            assert!(
                task.starts_with("arn:aws:iam::aws:policy/root-task/IAM"),
                "{task}"
            );
            Answer::Ok(
                json!({"Credentials": {"AccessKeyId": "ASIA", "SecretAccessKey": "s",
                "SessionToken": "t", "Expiration": "2030-01-01T00:00:00Z"}}),
            )
        }
        "GetAccountSummary" => {
            let numbers = [
                ("AccountPasswordPresent", 1),
                ("AccountAccessKeysPresent", 1),
                ("AccountMFAEnabled", 0),
                ("AccountSigningCertificatesPresent", 0),
            ];
            // The entries of a map repeat one name, which the object of a test cannot.
            let entries = numbers.map(|(key, value)| json!({"entry": {"key": key, "value": value}}));
            Answer::Ok(json!({"SummaryMap": entries}))
        }
        "GetLoginProfile" | "DeleteAccessKey" => Answer::Ok(json!({})),
        "ListAccessKeys" => Answer::Ok(json!({"AccessKeyMetadata": [{"AccessKeyId": "AKIAROOT"}]})),
        "ListMFADevices" | "ListSigningCertificates" => Answer::Ok(json!({})),
        "DeleteLoginProfile" => Answer::Refuse(404, "NoSuchEntity", ""),
        other => panic!("nobody needs {other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_root_user_is_looked_at_in_two_calls_and_loses_its_keys_first() {
    let aws = Canned::new(root_user);
    let provider = aws.provider().await;
    let summary = provider.root_summary(&account(AUDIT)).await.unwrap();
    assert!(summary.password && summary.access_keys && !summary.mfa && !summary.certificates);
    assert_eq!(aws.seen().len(), 2);
    let held = provider.root_credentials(&account(AUDIT)).await.unwrap();
    assert_eq!(
        (held.password, held.access_keys.as_slice()),
        (true, &["AKIAROOT".to_owned()][..])
    );
    let before = aws.seen().len();
    // The password is gone meanwhile, which is as wanted.
    provider
        .remove_root_credentials(&account(AUDIT), &held)
        .await
        .unwrap();
    let seen = aws.seen();
    let operations: Vec<&str> = seen[before..]
        .iter()
        .map(|seen| seen.operation.as_str())
        .collect();
    assert_eq!(
        operations,
        ["AssumeRoot", "DeleteAccessKey", "DeleteLoginProfile"]
    );
}
