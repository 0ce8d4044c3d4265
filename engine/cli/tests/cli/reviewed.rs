//! The plan that was reviewed is the plan that is applied.

use crate::run::{Folder, Served};

const SPEC: &str = r#"
landing_zone "small" { management_account = "111122223333" }
organization {}
ou "one" { name = "One" }
"#;

fn digest(text: &str) -> String {
    let (_, after) = text.split_once("sha256:").unwrap();
    format!("sha256:{}", after.split_whitespace().next().unwrap())
}

#[test]
fn a_saved_plan_is_applied_only_if_it_is_the_one_whose_digest_was_reviewed() {
    let folder = Folder::new();
    folder.write("main.hcl", SPEC);
    let reviewed = digest(folder.lz("plan --target twin --out plan.lz").ok());
    assert_eq!(digest(folder.lz("show plan.lz").ok()), reviewed);
    let row = folder.lz("show plan.lz --json").rows().remove(0);
    assert_eq!(row["record"]["digest"], reviewed.as_str());
    let other = folder.read("plan.lz").replace("\"One\"", "\"Two\"");
    folder.write("forged.lz", &other);
    let refused = folder.lz(&format!("apply forged.lz --digest {reviewed}"));
    refused.code(5);
    assert!(
        refused.stderr.contains("is not the plan that was reviewed"),
        "{}",
        refused.stderr
    );
    folder.lz("apply plan.lz --digest 12").code(1);
    folder
        .lz(&format!("apply . --target twin --digest {reviewed}"))
        .code(1);
    folder.lz(&format!("apply plan.lz --digest {reviewed}")).ok();
    let last = folder.lz("history last --json").rows().remove(0);
    assert_eq!(last["record"]["run"]["plan_digest"], reviewed.as_str());
}

#[test]
fn a_plan_made_elsewhere_is_applied_in_a_fresh_checkout() {
    let (here, there) = (Folder::new(), Folder::new());
    here.write("zone/main.hcl", SPEC);
    there.write("zone/main.hcl", SPEC);
    let served = Served::start(&here, "");
    here.lz(&format!("plan zone --out plan.lz --target {}", served.url))
        .ok();
    there.write("plan.lz", &here.read("plan.lz"));
    there.write("artifacts/deep/plan.lz", &here.read("plan.lz"));
    let lost = format!(
        "apply artifacts/deep/plan.lz --auto-approve --target {}",
        served.url
    );
    there.lz(&lost).code(3);
    there.lz(&format!("{lost} --spec zone")).ok();
    there
        .lz(&format!("apply plan.lz --auto-approve --target {}", served.url))
        .ok();
}

#[test]
fn what_a_new_plan_would_do_is_shown_where_the_saved_one_is_stale_and_nothing_is_done() {
    let folder = Folder::new();
    folder.write("main.hcl", SPEC);
    folder.lz("plan --target twin --out plan.lz").ok();
    folder.replace("main.hcl", "\"One\"", "\"Other\"");
    let stale = folder.lz("apply plan.lz");
    assert!(stale.code(5).contains("Other"), "{}", stale.stdout);
    assert!(stale.stderr.contains("the plan is stale"), "{}", stale.stderr);
    assert!(!folder.lz("show --target twin").ok().contains("Other"));
}
