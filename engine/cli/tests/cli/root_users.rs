//! `lz root` against a served twin whose accounts have root credentials.

use crate::run::{Folder, Served};

const SPEC: &str = r#"
landing_zone "small" {
  management_account = "111122223333"
  home_region        = "eu-west-1"
}
organization {
  trusted_services = ["iam"]
  root_access {
    credentials_management = true
  }
}
account "audit" { email = "aws+audit@example.com" }
account "shop" { email = "aws+shop@example.com" }
"#;

/// Returns a served twin where the spec is applied, and the ids of its two accounts.
fn world(folder: &Folder) -> (Served, [String; 2]) {
    folder.write("main.hcl", SPEC);
    // The ids that the twin assigns are the same in each run: ask once, then give these root users credentials.
    let ids = {
        let served = Served::start(folder, "--time-scale 1000");
        folder
            .lz(&format!("apply --auto-approve --target {}", served.url))
            .ok();
        let audit = folder.lz(&format!("root audit --json --target {}", served.url));
        assert_eq!(audit.code, 0, "{audit:?}");
        let tree = folder.lz(&format!("show --target {}", served.url));
        ["audit", "shop"].map(|name| {
            let line = tree.ok().lines().find(|line| line.contains(name)).unwrap();
            let is_id = |word: &&str| word.len() == 12 && word.parse::<u64>().is_ok();
            let mut words = line.split(|c: char| !c.is_ascii_digit());
            words.find(is_id).unwrap().to_owned()
        })
    };
    let limits = format!(
        r#"{{ "root_users": {{ "{}": {{ "password": true, "access_keys": ["AKIAROOT"], "mfa_devices": ["arn:aws:iam::{}:mfa/root"], "certificates": [] }} }} }}"#,
        ids[1], ids[1]
    );
    folder.write("limits.json", &limits);
    let served = Served::start(folder, "--time-scale 1000 --limits limits.json");
    folder
        .lz(&format!("apply --auto-approve --target {}", served.url))
        .ok();
    (served, ids)
}

#[test]
fn root_users_with_credentials_are_found_and_lose_them_with_consent() {
    let folder = Folder::new();
    let (served, [_, shop]) = world(&folder);
    let at = |line: &str| folder.lz(&format!("{line} --target {}", served.url));
    let audit = at("root audit");
    assert_eq!(
        audit.ok(),
        format!(
            "2 member accounts looked at: 1 root user with credentials.\n  {shop} shop: password, access keys, \
             MFA\n\nTo take them away, one account at a time: lz root remove {shop}\n"
        )
    );
    at("root audit --detailed-exitcode").code(2);
    let unasked = at("root remove account.shop");
    assert!(
        unasked.code(9).contains("will lose its credentials"),
        "{unasked:?}"
    );
    assert!(unasked.stderr.contains("--auto-approve"), "{unasked:?}");
    let removed = at("root remove account.shop --auto-approve");
    assert_eq!(
        removed.ok(),
        format!(
            "The root user of shop ({shop}) has lost its credentials:\n  - password\n  - access key AKIAROOT\n  \
             - MFA device arn:aws:iam::{shop}:mfa/root\n"
        )
    );
    assert!(
        at("root audit --detailed-exitcode")
            .ok()
            .contains("no root user has credentials")
    );
    let again = at(&format!("root remove {shop} --auto-approve"));
    assert!(again.ok().contains("has no credentials"), "{again:?}");
}

#[test]
fn an_account_that_is_no_member_is_refused() {
    let folder = Folder::with_starter();
    folder.lz("apply --target twin").ok();
    for (account, says) in [
        ("111122223333", "no active member account"),
        ("account.nobody", "declares no"),
        ("ou.security", "neither an account id"),
    ] {
        let refused = folder.lz(&format!("root remove {account} --target twin"));
        refused.code(1);
        assert!(refused.stderr.contains(says), "{account}: {refused:?}");
    }
}

#[test]
fn accounts_that_cannot_be_looked_at_are_reported_and_not_fatal() {
    let folder = Folder::with_starter();
    folder.lz("apply --target twin").ok();
    // The starter does not switch central root access on.
    let audit = folder.lz("root audit --target twin");
    assert!(audit.code(7).contains("not looked at:"), "{audit:?}");
    assert!(audit.stdout.contains("sts:AssumeRoot"), "{audit:?}");
}
