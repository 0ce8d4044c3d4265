//! Which errors are tried again, how long, and what the engine gets to know.

use super::canned::{Answer, Canned, refuse};
use lz_model::id::{OuId, PolicyId, TargetId};
use lz_provider::{Call, Kind, Natural, Provider, ProviderError};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn attach() -> Call {
    let policy: PolicyId = "p-abcdefgh".parse().unwrap();
    let ou: OuId = "ou-ab12-abcdefgh".parse().unwrap();
    Call::AttachPolicy(policy, TargetId::Ou(ou))
}

/// Answers the first requests with `first`, then with success.
fn after_failures(times: usize, first: impl Fn() -> Answer + Send + Sync + 'static) -> Canned {
    let asked = AtomicUsize::new(0);
    Canned::new(move |_, _| {
        if asked.fetch_add(1, Ordering::Relaxed) < times {
            first()
        } else {
            Answer::Ok(json!({}))
        }
    })
}

async fn failed_attach(answer: impl Fn() -> Answer + Send + Sync + 'static) -> (ProviderError, usize) {
    let aws = Canned::new(move |_, _| answer());
    let error = aws.provider().await.perform(&attach()).await.unwrap_err();
    (error, aws.count("AttachPolicy"))
}

async fn failed_read(answer: impl Fn() -> Answer + Send + Sync + 'static) -> (ProviderError, usize) {
    let aws = Canned::new(move |_, _| answer());
    let error = aws
        .provider()
        .await
        .find(&Natural::Organization)
        .await
        .unwrap_err();
    (error, aws.count("DescribeOrganization"))
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_is_sent_again_more_slowly_and_counted() {
    let aws = after_failures(2, || refuse("TooManyRequestsException"));
    let provider = aws.provider().await;
    provider.perform(&attach()).await.unwrap();
    let stats = provider.stats();
    assert_eq!(stats.calls["organizations:AttachPolicy"], 3);
    assert_eq!(stats.throttled, 2);
    let times: Vec<f64> = aws.seen().iter().map(|seen| seen.at).collect();
    // The bucket of 2 a second was emptied by the answer, so no try can follow within half a second.
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 0.5), "{times:?}");
    assert!(stats.waited_seconds >= 1.0);
}

#[tokio::test(start_paused = true)]
async fn throttling_that_never_ends_is_given_up() {
    let (error, tries) = failed_attach(|| refuse("TooManyRequestsException")).await;
    assert_eq!(error.kind, Kind::Throttled);
    assert!((20..400).contains(&tries), "{tries}");
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_tried_again_for_two_minutes() {
    for code in [
        "ConcurrentModificationException",
        "PolicyChangesInProgressException",
    ] {
        let aws = after_failures(3, move || refuse(code));
        aws.provider().await.perform(&attach()).await.unwrap();
        assert_eq!(aws.count("AttachPolicy"), 4);
    }
    let started = tokio::time::Instant::now();
    let (error, _) = failed_attach(|| refuse("ConcurrentModificationException")).await;
    assert_eq!(error.kind, Kind::Conflict);
    let seconds = started.elapsed().as_secs();
    assert!((110..135).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_new_organization_is_awaited_up_to_an_hour() {
    let (error, _) = failed_attach(|| refuse("FinalizingOrganizationException")).await;
    assert_eq!(error.kind, Kind::Conflict);
    let aws = after_failures(40, || refuse("FinalizingOrganizationException"));
    aws.provider().await.perform(&attach()).await.unwrap();
    assert!(aws.seen().last().unwrap().at > 600.0);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_to_a_change_is_reported_and_never_repeated() {
    for answer in [
        || Answer::Lost,
        || Answer::Garbage(200),
        || Answer::Refuse(500, "ServiceException", ""),
    ] {
        let (error, tries) = failed_attach(answer).await;
        assert_eq!((error.kind, tries), (Kind::OutcomeUnknown, 1), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_to_a_read_is_asked_for_again() {
    for answer in [
        || Answer::Lost,
        || Answer::Refuse(500, "ServiceException", ""),
        || Answer::Garbage(502),
    ] {
        let (error, tries) = failed_read(answer).await;
        assert_eq!(error.kind, Kind::Unavailable, "{error}");
        assert!((4..100).contains(&tries), "{tries}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_makes_no_sense_is_not_asked_for_again() {
    let (error, tries) = failed_read(|| Answer::Garbage(200)).await;
    assert_eq!((error.kind, tries), (Kind::Bug, 1));
    assert!(
        error.to_string().contains("does the endpoint belong to AWS?"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_aws_will_never_take_is_sent_once() {
    for (code, reason, kind) in [
        ("AccessDeniedException", "", Kind::Denied),
        ("InvalidInputException", "INVALID_PATTERN", Kind::Invalid),
        ("TargetNotFoundException", "", Kind::NotFound),
        ("DuplicatePolicyAttachmentException", "", Kind::AlreadySo),
        (
            "ConstraintViolationException",
            "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            Kind::LimitReached,
        ),
    ] {
        let (error, tries) = failed_attach(move || Answer::Refuse(400, code, reason)).await;
        assert_eq!((error.kind, tries), (kind, 1), "{error}");
        assert!(
            error.code.starts_with(code) && error.code.contains(reason),
            "{error}"
        );
        assert_eq!(error.operation, "organizations:AttachPolicy");
        assert_eq!(error.request_id.as_deref(), Some("request-1"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_the_other_side_does_not_have_is_an_error_that_says_so() {
    let (error, tries) = failed_read(|| Answer::Garbage(404)).await;
    assert_eq!((error.kind, tries), (Kind::Invalid, 1), "{error}");
    assert!(
        error
            .to_string()
            .contains("does the endpoint offer this operation?"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn changes_of_the_organization_are_sent_one_at_a_time() {
    let aws = Canned::new(|_, _| Answer::After(Duration::from_millis(300), Box::new(Answer::Ok(json!({})))));
    let provider = aws.provider().await;
    let call = attach();
    let detach = Call::DetachPolicy(
        "p-abcdefgh".parse().unwrap(),
        TargetId::Ou("ou-ab12-abcdefgh".parse().unwrap()),
    );
    let (first, second) =
        futures_util::future::join(provider.perform(&call), provider.perform(&detach)).await;
    first.unwrap();
    second.unwrap();
    let times: Vec<f64> = aws.seen().iter().map(|seen| seen.at).collect();
    assert!(times[1] - times[0] >= 0.3, "{times:?}");
}
