//! GetCallerIdentity and AssumeRole.

use bytes::Bytes;
use http::Request;

use crate::kit::*;

/// Status and body.
fn ask(world: &World, key: &str, form: &str) -> (u16, String) {
    let request = Request::post("/")
        .header("authorization", authorization(key, "us-east-1", "sts"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(format!("{form}&Version=2011-06-15")))
        .unwrap();
    let response = send(&world.twin, request).unwrap();
    let body = String::from_utf8(response.body().to_vec()).unwrap();
    (response.status().as_u16(), body)
}

fn between<'a>(body: &'a str, name: &str) -> &'a str {
    let (_, rest) = body.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0
}

fn assume(account: &str) -> String {
    format!(
        "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A{account}%3Arole%2Fpath%2FAdmin&RoleSessionName=me"
    )
}

#[test]
fn a_twelve_digit_key_is_its_account() {
    let world = World::alone();
    let (status, body) = ask(&world, "444455556666", "Action=GetCallerIdentity");
    assert_eq!(status, 200);
    assert_eq!(between(&body, "Account"), "444455556666");
    assert_eq!(between(&body, "Arn"), "arn:aws:iam::444455556666:user/twin");
    assert!(
        body.starts_with("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">")
    );
}

#[test]
fn an_assumed_role_calls_as_its_account_until_it_expires() {
    let world = World::new();
    let account = world.account("a");
    let (status, body) = ask(&world, MANAGEMENT, &assume(&account));
    assert_eq!(status, 200, "{body}");
    let key = between(&body, "AccessKeyId").to_owned();
    assert!(key.starts_with("ASIA"), "{key}");
    assert_eq!(between(&body, "Expiration"), "2026-01-01T01:01:00Z");
    let (_, identity) = ask(&world, &key, "Action=GetCallerIdentity");
    assert_eq!(
        between(&identity, "Arn"),
        format!("arn:aws:sts::{account}:assumed-role/Admin/me")
    );
    world.no_as(&key, "ListAccounts", json!({}), "AccessDenied");
    world.wait(3600);
    let no = world.try_as(&key, "ListAccounts", json!({})).unwrap_err();
    assert_eq!((no.status, no.code.as_str()), (403, "ExpiredTokenException"));
}

#[test]
fn roles_of_unknown_or_closed_accounts_are_denied() {
    let world = World::new();
    let account = world.account("a");
    world.ok("CloseAccount", json!({"AccountId": account}));
    world.wait(60);
    for id in [account.as_str(), NO_ACCOUNT] {
        let (status, body) = ask(&world, MANAGEMENT, &assume(id));
        assert_eq!((status, between(&body, "Code")), (403, "AccessDenied"));
        assert!(between(&body, "Message").contains("sts:AssumeRole"));
    }
}

#[test]
fn odd_input_and_unknown_actions_are_refused() {
    let world = World::alone();
    for form in [
        "Action=AssumeRole&RoleSessionName=me".to_owned(),
        "Action=AssumeRole&RoleArn=role&RoleSessionName=me".to_owned(),
        format!("{}&DurationSeconds=60", assume(MANAGEMENT)),
        assume(MANAGEMENT).replace("=me", "=a%20b"),
    ] {
        let (status, body) = ask(&world, MANAGEMENT, &form);
        assert_eq!(
            (status, between(&body, "Code")),
            (400, "ValidationError"),
            "{form}"
        );
    }
    let (_, body) = ask(&world, MANAGEMENT, "Action=GetSessionToken");
    assert!(between(&body, "Message").contains("GetSessionToken"), "{body}");
}
