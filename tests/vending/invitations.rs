//! Accounts of other organizations: asked once, awaited, and taken in.

use crate::spec::zone;
use crate::{calls, world};
use lz_model::desired::Desired;
use lz_provider::Kind;
use lz_tests::runtime;
use lz_twin::{InvitationAnswer, Settings};

const INVITE: &str = "organizations:InviteAccountToOrganization";

fn guest() -> Desired {
    let lines = "name: Account 444455556666\nemail: aws+444455556666@example.com\ninvite: \"444455556666\"";
    zone(&[("guest".to_owned(), lines)], "")
}

fn answering(answer: InvitationAnswer, seconds: u32) -> Settings {
    Settings {
        invitation_answer: answer,
        invitation_answer_seconds: lz_twin::Seconds::new(seconds),
        ..Settings::default()
    }
}

#[test]
fn an_account_that_says_yes_is_taken_in_and_put_in_its_place() {
    runtime().block_on(async {
        let world = world(answering(InvitationAnswer::Accept, 60)).await;
        world.converge(&guest()).await;
        world.assert_settled(&guest()).await;
        let live = world.read(&guest()).await.unwrap().organization.unwrap();
        let account = &live.accounts[&"444455556666".parse().unwrap()];
        assert!(!account.created);
        assert_eq!(live.path(&account.parent), "Workloads");
        assert_eq!(account.tags.get("team").map(String::as_str), Some("shop"));
        assert_eq!(calls(&world, INVITE), 1);
    });
}

#[test]
fn an_account_that_takes_its_time_is_asked_once_and_the_next_run_goes_on() {
    runtime().block_on(async {
        let world = world(answering(InvitationAnswer::Accept, 3 * 3600)).await;
        for run in 0..2 {
            let plan = world.plan(&guest()).await.unwrap();
            let open = plan.notes.iter().any(|note| note.code == "invitation_open");
            assert_eq!(open, run > 0, "{:#?}", plan.notes);
            let report = world.apply(plan).await;
            assert_eq!(report.failed.len(), 1, "{report:#?}");
            assert_eq!(report.failed[0].1.kind, Kind::Incomplete);
            assert!(
                report.failed[0].1.to_string().contains("has not answered"),
                "{report:#?}"
            );
        }
        assert_eq!(calls(&world, INVITE), 1);
        tokio::time::sleep(std::time::Duration::from_secs(3 * 3600)).await;
        world.converge(&guest()).await;
        world.assert_settled(&guest()).await;
        assert_eq!(calls(&world, INVITE), 1);
    });
}

#[test]
fn an_account_that_says_no_is_not_asked_again_without_consent() {
    runtime().block_on(async {
        let world = world(answering(InvitationAnswer::Decline, 60)).await;
        let plan = world.plan(&guest()).await.unwrap();
        let report = world.apply(plan).await;
        assert!(report.failed[0].1.to_string().contains("declined"), "{report:#?}");
        assert!(report.failed[0].1.help().contains("--accept invitation_declined"));
        let plan = world.plan(&guest()).await.unwrap();
        let note = plan.notes.iter().find(|note| note.code == "invitation_declined");
        assert_eq!(note.unwrap().severity, lz_model::plan::Severity::Consent);
    });
}

#[test]
fn an_open_invitation_that_left_the_spec_is_told_beside_those_that_it_names() {
    runtime().block_on(async {
        let world = world(answering(InvitationAnswer::Wait, 0)).await;
        let plan = world.plan(&guest()).await.unwrap();
        world.apply(plan).await;
        let lines =
            "name: Account 555566667777\nemail: aws+555566667777@example.com\ninvite: \"555566667777\"";
        let other = zone(&[("other".to_owned(), lines)], "");
        let plan = world.plan(&other).await.unwrap();
        let note = plan.notes.iter().find(|note| note.code == "invitation_unnamed");
        let text = &note.unwrap().text;
        assert!(
            text.contains("444455556666") && text.contains("cancel-handshake --handshake-id h-"),
            "{text}"
        );
    });
}

#[test]
fn an_invitation_that_expired_is_sent_again() {
    runtime().block_on(async {
        let world = world(answering(InvitationAnswer::Wait, 0)).await;
        let plan = world.plan(&guest()).await.unwrap();
        world.apply(plan).await;
        tokio::time::sleep(std::time::Duration::from_secs(16 * 86_400)).await;
        let plan = world.plan(&guest()).await.unwrap();
        assert!(
            plan.notes.iter().any(|note| note.code == "invitation_again"),
            "{:#?}",
            plan.notes
        );
        world.apply(plan).await;
        assert_eq!(calls(&world, INVITE), 2);
    });
}

#[test]
fn a_spec_without_invitations_asks_for_none() {
    runtime().block_on(async {
        let world = world(Settings::default()).await;
        world.converge(&zone(&[], "")).await;
        assert_eq!(calls(&world, "organizations:ListHandshakesForOrganization"), 0);
    });
}
