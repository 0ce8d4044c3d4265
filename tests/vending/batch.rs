//! One account and a hundred: at AWS's pace, and a bad one alone.

use crate::spec::{plain, zone};
use crate::{calls, world};
use lz_aws::{AwsProvider, Options};
use lz_model::desired::Desired;
use lz_model::event::Silent;
use lz_provider::{Provider as _, Scope};
use lz_tests::{World, runtime};
use lz_twin::Settings;
use lz_twin::connector::TwinHttpClient;
use tokio::time::Instant;

/// Tokens a second and burst of CreateAccount (aws-facts section 1.3).
const CREATIONS_PER_SECOND: f64 = 0.1;
const CREATION_BURST: f64 = 3.0;
/// Creations in flight (aws-facts section 1.4).
const IN_FLIGHT: f64 = 5.0;

/// Plans and applies, and returns the seconds of AWS's clock that the apply took.
pub(crate) async fn took(world: &World, desired: &Desired) -> f64 {
    let plan = world.plan(desired).await.unwrap();
    let began = Instant::now();
    let report = world.apply(plan).await;
    assert!(report.is_complete(), "{report:#?}");
    began.elapsed().as_secs_f64()
}

/// The least that AWS needs: the bucket of CreateAccount or the creations in flight, whichever is slower, and then
/// the last creation and its move.
fn bound(settings: &Settings, accounts: f64) -> f64 {
    let creation = settings.create_account_seconds.duration().as_secs_f64();
    let by_bucket = (accounts - CREATION_BURST).max(0.0) / CREATIONS_PER_SECOND;
    let by_flight = ((accounts / IN_FLIGHT).ceil() - 1.0) * creation;
    let call = settings.write_seconds.duration().as_secs_f64();
    by_bucket.max(by_flight) + creation + 2.0 * call
}

#[test]
fn one_account_is_ready_as_soon_as_aws_is_done_with_it() {
    runtime().block_on(async {
        let settings = Settings::default();
        let world = world(settings.clone()).await;
        world.converge(&zone(&[], "")).await;
        let wanted = zone(&plain(["shop".to_owned()]), "");
        let seconds = took(&world, &wanted).await;
        let bound = bound(&settings, 1.0);
        println!("1 account: {seconds:.1} s, AWS's own steps {bound:.1} s");
        assert!(
            seconds <= bound * 1.05,
            "{seconds:.1} s, AWS's own steps take {bound:.1} s"
        );
        world.assert_settled(&wanted).await;
    });
}

#[test]
fn a_hundred_accounts_go_at_the_pace_of_aws() {
    runtime().block_on(async {
        let settings = Settings::default();
        let world = world(settings.clone()).await;
        world.converge(&zone(&[], "")).await;
        let wanted = zone(&plain((0..100).map(|number| format!("team-{number}"))), "");
        let seconds = took(&world, &wanted).await;
        let bound = bound(&settings, 100.0);
        println!("100 accounts: {seconds:.1} s, the buckets allow {bound:.1} s");
        assert!(
            seconds <= bound * 1.05,
            "{seconds:.1} s, the buckets allow {bound:.1} s"
        );
        world.assert_settled(&wanted).await;
    });
}

#[test]
fn a_bad_request_fails_alone_and_no_second_account_is_made() {
    runtime().block_on(async {
        let world = world(Settings::default()).await;
        // The address of the third account belongs to one outside of the organization.
        let stranger = "444455556666".parse().unwrap();
        let options = Options::in_process(TwinHttpClient::new(world.twin.clone()), &stranger);
        let outside = AwsProvider::connect(&options).await;
        let _ = outside.read(&Scope::of(&zone(&[], "")), &Silent).await;
        let mut requests = plain((0..12).map(|number| format!("team-{number}")));
        requests[2].1 = "email: aws+444455556666@example.com";
        let wanted = zone(&requests, "");
        let plan = world.plan(&wanted).await.unwrap();
        let report = world.apply(plan).await;
        let failed: Vec<String> = report
            .failed
            .iter()
            .map(|(step, failure)| format!("{step}: {failure}"))
            .collect();
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert!(
            failed[0].starts_with("account.team-2:create") && failed[0].contains("e-mail address"),
            "{failed:?}"
        );
        let live = world.read(&wanted).await.unwrap().organization.unwrap();
        assert_eq!(live.accounts.len(), 12, "the management account and eleven");
        let made = calls(&world, "organizations:CreateAccount");
        // Once it is right, one more apply makes the one that is missing and no other.
        requests[2].1 = "";
        let wanted = zone(&requests, "");
        world.converge(&wanted).await;
        world.assert_settled(&wanted).await;
        assert_eq!(calls(&world, "organizations:CreateAccount"), made + 1);
    });
}

#[test]
fn a_request_whose_account_is_in_the_organization_adopts_it() {
    runtime().block_on(async {
        let world = world(Settings::default()).await;
        let made =
            "account \"made\" {\n  name  = \"Workload shop\"\n  email = \"AWS+shop@acme.example.com\"\n}\n";
        world.converge(&zone(&[], made)).await;
        // Forgotten, it carries no tags of lz any more: only its address finds it.
        let forgotten = "removed {\n  from   = account.made\n  action = \"forget\"\n}\n";
        world.converge(&zone(&[], forgotten)).await;
        let before = calls(&world, "organizations:CreateAccount");
        let wanted = zone(&plain(["shop".to_owned()]), "");
        world.converge(&wanted).await;
        world.assert_settled(&wanted).await;
        assert_eq!(calls(&world, "organizations:CreateAccount"), before);
    });
}
