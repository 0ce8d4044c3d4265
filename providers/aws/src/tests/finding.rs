//! Looking for what a lost reply may have made.

use super::canned::{Answer, Canned};
use lz_model::id::ParentId;
use lz_model::policy_type::PolicyType;
use lz_provider::{Natural, Provider};
use serde_json::{Value, json};

fn account(n: u64, email: &str) -> Value {
    json!({"Id": format!("{:012}", 222_200_000_000 + n), "Arn": "arn:aws:organizations::1:account/o/2",
        "Email": email, "State": "ACTIVE"})
}

fn answer(operation: &str, input: &Value) -> Answer {
    Answer::Ok(match operation {
        "ListOrganizationalUnitsForParent" => json!({"OrganizationalUnits": [
            {"Id": "ou-ab12-abcdefgh", "Arn": "arn:aws:organizations::1:ou/o/u", "Name": "Prod"},
            {"Id": "ou-ab12-abcdefgi", "Arn": "arn:aws:organizations::1:ou/o/u", "Name": "prod"}]}),
        "ListPolicies" => json!({"Policies": [
            {"Id": "p-abcdefgh", "Arn": "arn:aws:organizations::1:policy/o/x/p", "Name": "regions"}]}),
        "ListCreateAccountStatus" => json!({"CreateAccountStatuses": [
            {"Id": "car-12345678", "AccountName": "Shop", "State": "IN_PROGRESS"},
            {"Id": "car-22345678", "AccountName": "Bank", "State": "IN_PROGRESS"}]}),
        "DescribeCreateAccountStatus" => match input["CreateAccountRequestId"].as_str() {
            Some("car-12345678") => json!({"CreateAccountStatus": {
                "State": "SUCCEEDED", "AccountId": "222200000001"}}),
            _ => json!({"CreateAccountStatus": {"State": "FAILED", "FailureReason": "INTERNAL_FAILURE"}}),
        },
        "DescribeAccount" => json!({"Account": account(1, "shop@example.com")}),
        "ListAccounts" => {
            json!({"Accounts": [account(1, "shop@example.com"), account(2, "Bank@Example.com")]})
        }
        "ListTagsForResource" => json!({"Tags": [{"Key": "lz:zone", "Value": "acme"}]}),
        "ListParents" => json!({"Parents": [{"Id": "ou-ab12-abcdefgh", "Type": "ORGANIZATIONAL_UNIT"}]}),
        other => panic!("nobody needs {other}"),
    })
}

async fn find(natural: Natural) -> (Option<String>, Canned) {
    let aws = Canned::new(answer);
    let found = aws.provider().await.find(&natural).await.unwrap();
    if let Some(found) = &found
        && !matches!(natural, Natural::Placement(..))
    {
        assert_eq!(found.tags["lz:zone"], "acme");
    }
    (found.map(|found| found.id), aws)
}

fn root() -> ParentId {
    ParentId::Root("r-ab12".parse().unwrap())
}

#[tokio::test(start_paused = true)]
async fn an_ou_is_found_by_its_exact_name() {
    assert_eq!(
        find(Natural::Ou(root(), "prod".to_owned())).await.0.as_deref(),
        Some("ou-ab12-abcdefgi")
    );
    assert_eq!(find(Natural::Ou(root(), "PROD".to_owned())).await.0, None);
}

#[tokio::test(start_paused = true)]
async fn a_policy_is_found_by_its_name() {
    let found = find(Natural::Policy(PolicyType::Scp, "regions".to_owned()))
        .await
        .0;
    assert_eq!(found.as_deref(), Some("p-abcdefgh"));
    assert_eq!(
        find(Natural::Policy(PolicyType::Scp, "other".to_owned())).await.0,
        None
    );
}

#[tokio::test(start_paused = true)]
async fn an_account_in_creation_is_awaited_and_recognized_by_its_address() {
    let shop = Natural::Account("SHOP@example.com".parse().unwrap(), "Shop".to_owned());
    let (found, aws) = find(shop).await;
    assert_eq!(found.as_deref(), Some("222200000001"));
    assert_eq!(aws.count("ListAccounts"), 0, "the account is known already");
}

#[tokio::test(start_paused = true)]
async fn an_account_of_the_same_name_with_another_address_is_not_it() {
    let other = Natural::Account("bank@example.com".parse().unwrap(), "Shop".to_owned());
    assert_eq!(find(other).await.0.as_deref(), Some("222200000002"));
    let failed = Natural::Account("new@example.com".parse().unwrap(), "Bank".to_owned());
    assert_eq!(find(failed).await.0, None, "its creation has failed");
}

#[tokio::test(start_paused = true)]
async fn an_account_is_found_where_it_lies_and_nowhere_else() {
    let account = "222200000001".parse().unwrap();
    let prod = ParentId::Ou("ou-ab12-abcdefgh".parse().unwrap());
    assert!(find(Natural::Placement(account, prod)).await.0.is_some());
    let account = "222200000001".parse().unwrap();
    assert!(find(Natural::Placement(account, root())).await.0.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_creation_is_followed_by_its_request() {
    let made = find(Natural::Creation("car-12345678".to_owned())).await.0;
    assert_eq!(made.as_deref(), Some("222200000001"));
    assert_eq!(find(Natural::Creation("car-22345678".to_owned())).await.0, None);
}
