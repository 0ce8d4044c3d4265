//! Invitations of accounts: sent once, followed until the other side has answered, and found again.

use super::canned::{Answer, Canned, refuse};
use crate::read::{Stage, invitations};
use lz_model::id::AccountId;
use lz_provider::{Call, Kind, Provider, TagList};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

const GUEST: &str = "444455556666";

fn guest() -> AccountId {
    GUEST.parse().unwrap()
}

fn invite(sent: Option<&str>) -> Call {
    Call::InviteAccount {
        account: guest(),
        sent: sent.map(str::to_owned),
        tags: TagList::from([("lz:zone".to_owned(), "acme".to_owned())]),
    }
}

fn handshake(id: &str, state: &str, requested: u64) -> Value {
    json!({"Id": id, "State": state, "Action": "INVITE", "RequestedTimestamp": requested,
        "ExpirationTimestamp": requested + 1_296_000,
        "Parties": [{"Id": "o-abcdefghij", "Type": "ORGANIZATION"}, {"Id": GUEST, "Type": "ACCOUNT"}]})
}

fn described() -> Answer {
    Answer::Ok(
        json!({"Account": {"Id": GUEST, "Arn": "arn:aws:organizations::1:account/o/4",
        "Email": "aws+guest@example.com", "State": "ACTIVE"}}),
    )
}

/// An invitation that is in the last of the states after as many looks.
fn answered(states: &'static [&'static str]) -> Canned {
    let looked = AtomicUsize::new(0);
    Canned::new(move |operation, _| match operation {
        "InviteAccountToOrganization" => Answer::Ok(json!({"Handshake": handshake("h-new00000", "OPEN", 1)})),
        "DescribeHandshake" => {
            let look = looked.fetch_add(1, Ordering::Relaxed).min(states.len() - 1);
            Answer::Ok(json!({"Handshake": handshake("h-new00000", states[look], 1)}))
        }
        "DescribeAccount" => described(),
        other => panic!("nobody needs {other}"),
    })
}

#[tokio::test(start_paused = true)]
async fn an_invitation_is_followed_until_the_account_has_joined() {
    let aws = answered(&["REQUESTED", "OPEN", "OPEN", "ACCEPTED"]);
    let joined = aws
        .provider()
        .await
        .perform(&invite(None))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(joined.id, GUEST);
    assert_eq!(
        joined.arn.as_deref(),
        Some("arn:aws:organizations::1:account/o/4")
    );
    assert_eq!(aws.count("DescribeHandshake"), 4);
    assert_eq!(
        aws.seen().remove(0).input,
        json!({"Target": {"Id": GUEST, "Type": "ACCOUNT"}, "Tags": [{"Key": "lz:zone", "Value": "acme"}]})
    );
}

#[tokio::test(start_paused = true)]
async fn an_open_invitation_is_awaited_and_not_sent_again() {
    let aws = answered(&["ACCEPTED"]);
    let call = invite(Some("h-old00000"));
    aws.provider().await.perform(&call).await.unwrap();
    assert_eq!(aws.count("InviteAccountToOrganization"), 0);
    assert_eq!(aws.seen().remove(0).input, json!({"HandshakeId": "h-old00000"}));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_takes_its_time_is_left_to_the_next_run() {
    let aws = answered(&["OPEN"]);
    let error = aws.provider().await.perform(&invite(None)).await.unwrap_err();
    assert_eq!(error.kind, Kind::Incomplete);
    assert!(error.message.contains("h-new00000"), "{error}");
    let last = aws.seen().last().unwrap().at;
    assert!(
        (300.0..=335.0).contains(&last),
        "five minutes and one pause, not {last} s"
    );
}

#[tokio::test(start_paused = true)]
async fn an_invitation_that_ended_says_how() {
    for (state, words) in [
        ("DECLINED", "declined"),
        ("CANCELED", "canceled"),
        ("EXPIRED", "expired"),
    ] {
        let state: &'static [&'static str] = Vec::leak(vec![state]);
        let error = answered(state)
            .provider()
            .await
            .perform(&invite(None))
            .await
            .unwrap_err();
        assert_eq!(error.kind, Kind::Invalid);
        assert!(error.message.contains(words), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_invitation_whose_watching_fails_is_out_all_the_same() {
    let aws = Canned::new(|operation, _| match operation {
        "InviteAccountToOrganization" => Answer::Ok(json!({"Handshake": handshake("h-new00000", "OPEN", 1)})),
        _ => refuse("AccessDeniedException"),
    });
    let error = aws.provider().await.perform(&invite(None)).await.unwrap_err();
    assert_eq!(error.kind, Kind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn an_invitation_that_somebody_else_sent_meanwhile_is_taken_for_ours() {
    for (listed, kind) in [
        (vec![handshake("h-their000", "OPEN", 1)], None),
        (Vec::new(), Some(Kind::Conflict)),
    ] {
        let aws = Canned::new(move |operation, _| match operation {
            "InviteAccountToOrganization" => refuse("DuplicateHandshakeException"),
            "ListHandshakesForOrganization" => Answer::Ok(json!({"Handshakes": listed})),
            "DescribeHandshake" => Answer::Ok(json!({"Handshake": handshake("h-their000", "ACCEPTED", 1)})),
            _ => described(),
        });
        let error = aws.provider().await.perform(&invite(None)).await.err();
        assert_eq!(error.map(|error| error.kind), kind);
    }
}

#[tokio::test(start_paused = true)]
async fn the_open_invitation_of_an_account_counts_else_the_last_one() {
    let of = |handshakes: Vec<Value>| {
        Canned::new(move |operation, input| {
            assert_eq!(operation, "ListHandshakesForOrganization");
            assert_eq!(input["Filter"]["ActionType"], "INVITE");
            Answer::Ok(json!({"Handshakes": handshakes}))
        })
    };
    let ended = [
        handshake("h-old00000", "EXPIRED", 10),
        handshake("h-new00000", "DECLINED", 20),
    ];
    let by_address = json!({"Id": "h-mail0000", "State": "OPEN", "Action": "INVITE",
        "Parties": [{"Id": "aws+other@example.com", "Type": "EMAIL"}]});
    let open = handshake("h-open0000", "REQUESTED", 5);
    for (sent, id, stage) in [
        (ended.to_vec(), "h-new00000", Stage::Declined),
        (
            [&ended[..], &[by_address, open]].concat(),
            "h-open0000",
            Stage::Open,
        ),
    ] {
        for sent in [sent.clone(), sent.into_iter().rev().collect()] {
            let aws = of(sent);
            let found = invitations(&aws.provider().await.connection).await.unwrap();
            assert_eq!(found.len(), 1);
            assert_eq!((found[&guest()].id.as_str(), found[&guest()].stage), (id, stage));
        }
    }
}
