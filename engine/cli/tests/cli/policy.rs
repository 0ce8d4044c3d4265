//! `lz policy`: the policy engine without a landing zone.

use crate::run::Folder;
use serde_json::Value;

const GUARD: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Keep","Effect":"Deny","Action":"s3:PutBucketPolicy",
    "Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/lz-*"}}}]}"#;
const WIDER: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["s3:PutBucketPolicy","s3:DeleteBucket"],
    "Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/lz-*"}}}]}"#;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("old/guard.json", GUARD);
    folder.write("new/guard.json", WIDER);
    folder
}

#[test]
fn diff_tells_what_is_lost_and_fails_when_access_is_gained() {
    let folder = folder();
    let stricter = folder.lz("policy diff old new");
    stricter.code(0);
    assert_eq!(
        stricter.stdout,
        "lose s3:DeleteBucket on * unless the caller matches role/lz-*\n"
    );
    let looser = folder.lz("policy diff new old --json");
    looser.code(2);
    let told: Value = serde_json::from_str(looser.stdout.lines().next().unwrap()).unwrap();
    let told = &told["record"]["difference"];
    let witness = &told["gained"][0]["terms"][0]["witness"];
    assert_eq!(witness["action"], "s3:deletebucket");
    folder.lz("policy diff old old").code(0);
}

#[test]
fn lint_points_into_the_file_and_fails_on_errors_only() {
    let folder = folder();
    folder.lz("policy lint old new").code(0);
    folder.write("typo.json", &GUARD.replace("PutBucketPolicy", "PutBucketPolici"));
    let warned = folder.lz("policy lint typo.json");
    warned.code(0);
    assert!(
        warned.stderr.contains("did you mean `s3:PutBucketPolicy`?"),
        "{}",
        warned.stderr
    );
    folder.write("bad.json", &GUARD.replace("\"Deny\"", "\"Forbid\""));
    let refused = folder.lz("policy lint bad.json");
    refused.code(1);
    assert!(refused.stderr.contains("bad.json:1:") && refused.stderr.contains("`Forbid` is no effect"));
    folder.lz("policy lint absent.json").code(1);
}

#[test]
fn pack_prints_documents_that_mean_the_same() {
    let folder = folder();
    let packed = folder.lz("policy pack old new");
    packed.code(0);
    folder.write("packed.json", &packed.stdout);
    let same = folder.lz("policy diff new packed.json");
    assert_eq!(
        (same.code, same.stdout.as_str()),
        (0, "Nothing is lost or gained.\n")
    );
    let data = folder.lz("policy pack old new --json --limit 400");
    let told: Value = serde_json::from_str(data.stdout.lines().next().unwrap()).unwrap();
    let told = &told["record"]["packed"];
    assert_eq!(told["documents"].as_array().unwrap().len(), 1);
    assert!(told["bound"].as_u64().unwrap() < told["characters"].as_u64().unwrap());
    folder.lz("policy pack old --limit 50").code(1);
}
