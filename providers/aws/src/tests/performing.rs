//! Changes that go on after AWS has answered are followed to their end.

use super::canned::{Answer, Canned, refuse};
use lz_model::id::RootId;
use lz_model::policy_type::PolicyType;
use lz_provider::{Call, Kind, Provider, TagList};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

fn create() -> Call {
    Call::CreateAccount {
        name: "Shop".to_owned(),
        email: "aws+shop@example.com".parse().unwrap(),
        role_name: Some("Admin".to_owned()),
        iam_user_access_to_billing: Some(false),
        tags: TagList::from([("lz:zone".to_owned(), "acme".to_owned())]),
    }
}

fn status(state: &str, more: Value) -> Answer {
    let mut status = json!({"Id": "car-12345678", "AccountName": "Shop", "State": state});
    status
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    Answer::Ok(json!({"CreateAccountStatus": status}))
}

fn described(state: &str) -> Answer {
    Answer::Ok(
        json!({"Account": {"Id": "222233334444", "Arn": "arn:aws:organizations::1:account/o/2",
        "Email": "AWS+shop@example.com", "State": state}}),
    )
}

/// A creation that ends after `looks` looks.
fn creation(looks: usize, end: impl Fn() -> Answer + Send + Sync + 'static) -> Canned {
    let looked = AtomicUsize::new(0);
    Canned::new(move |operation, _| match operation {
        "CreateAccount" => status("IN_PROGRESS", json!({})),
        "DescribeCreateAccountStatus" => {
            if looked.fetch_add(1, Ordering::Relaxed) + 1 < looks {
                status("IN_PROGRESS", json!({}))
            } else {
                end()
            }
        }
        "DescribeAccount" => described("ACTIVE"),
        "ListAccounts" => {
            Answer::Ok(json!({"Accounts": [{"Id": "222233334444", "Email": "other@example.com"}]}))
        }
        other => panic!("nobody needs {other}"),
    })
}

#[tokio::test(start_paused = true)]
async fn a_creation_is_followed_ever_more_slowly_until_the_account_is_there() {
    let aws = creation(8, || status("SUCCEEDED", json!({"AccountId": "222233334444"})));
    let created = aws.provider().await.perform(&create()).await.unwrap().unwrap();
    assert_eq!(created.id, "222233334444");
    assert_eq!(
        created.arn.as_deref(),
        Some("arn:aws:organizations::1:account/o/2")
    );
    let request = aws.seen().remove(0).input;
    assert_eq!(
        request,
        json!({"AccountName": "Shop", "Email": "aws+shop@example.com", "RoleName": "Admin",
            "IamUserAccessToBilling": "DENY", "Tags": [{"Key": "lz:zone", "Value": "acme"}]})
    );
    let seen = aws.seen();
    let looks: Vec<f64> = seen
        .iter()
        .filter(|one| one.operation.contains("Status"))
        .map(|one| one.at)
        .collect();
    assert_eq!(looks.len(), 8);
    let pauses: Vec<f64> = looks.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        pauses.windows(2).all(|pair| pair[1] >= pair[0] - 0.01),
        "{pauses:?}"
    );
    assert!(pauses.iter().all(|pause| *pause <= 15.1), "{pauses:?}");
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_fails_says_why_in_a_class() {
    for (reason, kind) in [
        ("ACCOUNT_LIMIT_EXCEEDED", Kind::LimitReached),
        ("CONCURRENT_ACCOUNT_MODIFICATION", Kind::Conflict),
        ("INTERNAL_FAILURE", Kind::Unavailable),
        ("INVALID_EMAIL", Kind::Invalid),
        ("MISSING_PAYMENT_INSTRUMENT", Kind::Invalid),
        ("REASON_OF_TOMORROW", Kind::Invalid),
    ] {
        let aws = creation(1, move || status("FAILED", json!({"FailureReason": reason})));
        let error = aws.provider().await.perform(&create()).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (kind, reason), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_taken_elsewhere_is_told_from_one_that_is_taken_here() {
    let taken = || status("FAILED", json!({"FailureReason": "EMAIL_ALREADY_EXISTS"}));
    let error = creation(1, taken)
        .provider()
        .await
        .perform(&create())
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Invalid);
    assert!(error.message.contains("outside this organization"), "{error}");
    let here = Canned::new(move |operation, _| match operation {
        "CreateAccount" => taken(),
        _ => Answer::Ok(json!({"Accounts": [{"Id": "222233334444", "Email": "AWS+Shop@example.com"}]})),
    });
    let error = here.provider().await.perform(&create()).await.unwrap_err();
    assert_eq!(error.kind, Kind::AlreadySo);
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_cannot_be_watched_has_an_unknown_outcome() {
    let aws = creation(1, || refuse("AccessDeniedException"));
    let error = aws.provider().await.perform(&create()).await.unwrap_err();
    assert_eq!(error.kind, Kind::OutcomeUnknown);
    assert_eq!(aws.count("CreateAccount"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_creation_without_end_is_left_after_two_hours() {
    let aws = creation(usize::MAX, || status("IN_PROGRESS", json!({})));
    let error = aws.provider().await.perform(&create()).await.unwrap_err();
    assert_eq!(error.kind, Kind::OutcomeUnknown);
    assert!(error.message.contains("car-12345678"), "{error}");
    assert!(aws.seen().last().unwrap().at < 2.01 * 3_600.0);
}

#[tokio::test(start_paused = true)]
async fn creations_in_flight_do_not_keep_other_changes_waiting() {
    let aws = Canned::new(|operation, _| match operation {
        "CreateAccount" => status("IN_PROGRESS", json!({})),
        "DescribeCreateAccountStatus" => status("SUCCEEDED", json!({"AccountId": "222233334444"})),
        "DescribeAccount" => described("ACTIVE"),
        _ => Answer::Ok(json!({"OrganizationalUnit": {"Id": "ou-ab12-abcdefgh"}})),
    });
    let provider = aws.provider().await;
    let ou = Call::CreateOu {
        parent: lz_model::id::ParentId::Root("r-ab12".parse().unwrap()),
        name: "Ou".to_owned(),
        tags: TagList::new(),
    };
    let call = create();
    let (account, unit) = futures_util::future::join(provider.perform(&call), provider.perform(&ou)).await;
    account.unwrap();
    unit.unwrap();
    let seen = aws.seen();
    let at = |operation: &str| seen.iter().find(|one| one.operation == operation).unwrap().at;
    assert!(at("CreateOrganizationalUnit") < at("DescribeCreateAccountStatus"));
}

#[tokio::test(start_paused = true)]
async fn a_closure_is_followed_until_aws_is_done_with_it() {
    let looked = AtomicUsize::new(0);
    let aws = Canned::new(
        move |operation, _| match (operation, looked.load(Ordering::Relaxed)) {
            ("CloseAccount", _) => Answer::Ok(json!({})),
            ("DescribeAccount", looks) => {
                looked.store(looks + 1, Ordering::Relaxed);
                described(["ACTIVE", "PENDING_CLOSURE", "PENDING_CLOSURE", "CLOSED"][looks])
            }
            (other, _) => panic!("nobody needs {other}"),
        },
    );
    let call = Call::CloseAccount("222233334444".parse().unwrap());
    assert_eq!(aws.provider().await.perform(&call).await.unwrap(), None);
    assert_eq!(aws.count("DescribeAccount"), 4);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_with_the_accounts_own_closure_is_no_failure() {
    let call = Call::CloseAccount("222233334444".parse().unwrap());
    for (state, closed) in [("CLOSED", true), ("ACTIVE", false)] {
        let aws = Canned::new(move |operation, _| match operation {
            "CloseAccount" => refuse("ConflictException"),
            _ => described(state),
        });
        let outcome = aws.provider().await.perform(&call).await;
        assert_eq!(
            outcome.map_err(|error| error.kind).err(),
            (!closed).then_some(Kind::Conflict)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_type_is_on_when_the_root_says_so() {
    let root: RootId = "r-ab12".parse().unwrap();
    let shown = |status: &str| {
        json!({"Id": "r-ab12", "Arn": "arn:aws:organizations::1:root/o/r-ab12",
            "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": status}]})
    };
    let looked = AtomicUsize::new(0);
    let aws = Canned::new(move |operation, _| match operation {
        "EnablePolicyType" => Answer::Ok(json!({"Root": shown("PENDING_ENABLE")})),
        "ListRoots" if looked.fetch_add(1, Ordering::Relaxed) < 2 => {
            Answer::Ok(json!({"Roots": [shown("PENDING_ENABLE")]}))
        }
        _ => Answer::Ok(json!({"Roots": [shown("ENABLED")]})),
    });
    aws.provider()
        .await
        .perform(&Call::EnablePolicyType(root.clone(), PolicyType::Scp))
        .await
        .unwrap();
    assert_eq!(aws.count("ListRoots"), 3);
    let at_once = Canned::new(move |_, _| Answer::Ok(json!({"Root": shown("ENABLED")})));
    at_once
        .provider()
        .await
        .perform(&Call::EnablePolicyType(root, PolicyType::Scp))
        .await
        .unwrap();
    assert_eq!(at_once.count("ListRoots"), 0);
}

#[tokio::test(start_paused = true)]
async fn the_callers_own_account_is_renamed_without_naming_it() {
    let aws = Canned::new(|_, _| Answer::Ok(json!({})));
    let provider = aws.provider().await;
    for account in ["111122223333", "222233334444"] {
        let call = Call::RenameAccount(account.parse().unwrap(), "New".to_owned());
        provider.perform(&call).await.unwrap();
    }
    let inputs: Vec<Value> = aws
        .seen()
        .into_iter()
        .filter(|seen| seen.operation == "PutAccountName")
        .map(|seen| seen.input)
        .collect();
    assert_eq!(inputs[0], json!({"AccountName": "New"}));
    assert_eq!(
        inputs[1],
        json!({"AccountName": "New", "AccountId": "222233334444"})
    );
    assert_eq!(provider.stats().calls["account:PutAccountName"], 2);
}
