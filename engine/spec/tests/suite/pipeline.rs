//! Locks, histories and notices.

use crate::support::{codes, desired, hcl, rendered, wrong};
use lz_model::desired::{Occasion, Recipient, SecretPlace};

fn refused(text: &str, code: &str) {
    let errors = wrong(text);
    assert_eq!(codes(&errors), [code], "{}", rendered(&errors));
}

const REGION: &str = "region = \"eu-west-1\"";

fn lock(s3: &str) -> String {
    format!("lock {{\n  s3 = \"{s3}\"\n  {REGION}\n}}\n")
}

#[test]
fn a_lock_is_an_object_in_a_bucket() {
    let place = hcl(&lock("acme-lz/locks/prod")).pipeline.lock.unwrap();
    assert_eq!(place.to_string(), "s3://acme-lz/locks/prod");
    assert_eq!(place.region.as_str(), "eu-west-1");
    assert_eq!(hcl(&lock("s3://acme-lz/a/")).pipeline.lock.unwrap().key, "a");
    for other in [
        "acme-lz",
        "acme-lz/",
        "ac/lock",
        "Acme/lock",
        "acme_lz/lock",
        "-acme/lock",
        "a..b/lock",
        "acme-lz//lock",
    ] {
        refused(&lock(other), "store");
    }
    hcl(&lock(&format!("acme-lz/{}", "k".repeat(900))));
    refused(&lock(&format!("acme-lz/{}", "k".repeat(901))), "store");
    hcl(&lock(&format!("{}/lock", "b".repeat(63))));
    refused(&lock(&format!("{}/lock", "b".repeat(64))), "store");
}

#[test]
fn a_bucket_is_in_the_home_region_unless_said_otherwise() {
    let zone = "landing_zone \"acme\" { home_region = \"ap-northeast-1\" }\n";
    let files = [("main.hcl", format!("{zone}history {{ s3 = \"acme-lz/runs\" }}\n"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let place = desired(&files).pipeline.history.unwrap();
    assert_eq!(place.region.as_str(), "ap-northeast-1");
    refused("history { s3 = \"acme-lz/runs\" }\n", "store");
    refused(
        "history {\n  s3 = \"acme-lz/runs\"\n  region = \"Tokyo\"\n}\n",
        "bad_region",
    );
    refused("lock {}\n", "missing_attribute");
    refused(
        &format!("{}{}", lock("acme-lz/a"), lock("acme-lz/b")),
        "duplicate_block",
    );
}

#[test]
fn a_lock_must_not_lie_among_the_runs_of_a_history() {
    let both = |lock_key: &str| {
        format!(
            "{}history {{\n  s3 = \"acme-lz/runs\"\n  {REGION}\n}}\n",
            lock(lock_key)
        )
    };
    hcl(&both("acme-lz/runs-lock"));
    hcl(&both("other-lz/runs/lock"));
    refused(&both("acme-lz/runs/lock"), "store");
    refused(&both("acme-lz/runs"), "store");
}

#[test]
fn a_notice_goes_to_one_recipient() {
    let to = |body: &str| {
        let notices = hcl(&format!("notify \"team\" {{\n  {body}\n}}\n"))
            .pipeline
            .notices;
        notices.into_iter().next().unwrap().to
    };
    assert_eq!(
        to("command = [\"./tell\", \"team\"]"),
        Recipient::Command(vec!["./tell".to_owned(), "team".to_owned()])
    );
    assert_eq!(
        to("webhook = \"env:SLACK_URL\""),
        Recipient::Webhook(SecretPlace::Environment("SLACK_URL".to_owned()))
    );
    assert_eq!(
        to("webhook = \"file:/run/secrets/slack\""),
        Recipient::Webhook(SecretPlace::File("/run/secrets/slack".to_owned()))
    );
    let arn = "arn:aws:sns:eu-west-1:111122223333:landing-zone";
    let Recipient::Topic { arn: found, region } = to(&format!("sns = \"{arn}\"")) else {
        panic!("no topic")
    };
    assert_eq!((found.as_str(), region.as_str()), (arn, "eu-west-1"));
}

#[test]
fn a_notice_that_goes_nowhere_or_twice_is_refused() {
    let notice = |body: &str| format!("notify \"team\" {{\n  {body}\n}}\n");
    for body in [
        "on = [\"apply\"]",
        "command = []",
        "command = [\"\"]",
        "webhook = \"SLACK_URL\"",
        "webhook = \"env:SLACK URL\"",
        "webhook = \"env:\"",
        "webhook = \"file:\"",
        "webhook = \"ftp://example.com\"",
        "sns = \"arn:aws:sqs:eu-west-1:111122223333:landing-zone\"",
        "sns = \"arn:aws:sns:eu-west-1:111122223333:\"",
        "sns = \"arn:aws:sns:eu-west-1:1111:x\"",
        "sns = \"arn:aws:sns:Tokyo:111122223333:x\"",
        "command = [\"./tell\"]\n  webhook = \"env:URL\"",
    ] {
        refused(&notice(body), "notify");
    }
    refused(&notice("webhook = \"https://example.com/x\""), "literal_secret");
    refused(&notice("command = [\"a\"]\n  on = [\"aply\"]"), "bad_value");
    refused(&format!("{0}{0}", notice("command = [\"a\"]")), "duplicate_label");
}

#[test]
fn a_notice_is_sent_when_something_happened_unless_it_says_otherwise() {
    let on = |body: &str| {
        let notices = hcl(&format!(
            "notify \"team\" {{\n  command = [\"a\"]\n  {body}\n}}\n"
        ))
        .pipeline
        .notices;
        notices
            .into_iter()
            .next()
            .unwrap()
            .on
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(on(""), [Occasion::Apply, Occasion::Drift, Occasion::Failure]);
    assert_eq!(
        on("on = [\"failure\", \"plan\"]"),
        [Occasion::Plan, Occasion::Failure]
    );
}

#[test]
fn yaml_says_the_same_about_runs() {
    let yaml = "
landing_zone: { test: {} }
lock: { s3: acme-lz/lock, region: eu-west-1 }
history: { s3: acme-lz/runs, region: eu-west-1 }
notify: { team: { webhook: 'env:URL', on: [apply] } }
";
    let same = format!(
        "{}history {{\n  s3 = \"acme-lz/runs\"\n  {REGION}\n}}\nnotify \"team\" {{\n  webhook = \"env:URL\"\n  on = [\"apply\"]\n}}\n",
        lock("acme-lz/lock")
    );
    assert_eq!(desired(&[("main.lz.yaml", yaml)]).pipeline, hcl(&same).pipeline);
}
