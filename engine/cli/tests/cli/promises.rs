//! `lz test`, `lz explain` of accounts, and what lint says of a spec.

use crate::formats::assert_rows;
use crate::run::Folder;
use serde_json::Value;

const SPEC: &str = r#"
landing_zone "acme" { home_region = "eu-west-1" }
organization { policy_types = ["scp"] }
ou "work" {}
account "shop" {
  email = "shop@example.com"
  ou    = ou.work
}
policy "leave" {
  type   = "scp"
  attach = [root]
  statement "Stay" { actions = ["organizations:LeaveOrganization"] }
}
test "nobody leaves" {
  ou     = root
  action = "organizations:LeaveOrganization"
  expect = "deny"
}
test "the shop writes <keys>" {
  account = account.shop
  action  = "iam:CreateAccessKey"
  expect  = "deny"
}
"#;

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("main.hcl", SPEC);
    folder
}

#[test]
fn a_failing_test_has_an_exit_code_of_its_own_and_says_why() {
    let folder = folder();
    let failed = folder.lz("test");
    failed.code(10);
    assert!(failed.stdout.contains("ok    nobody leaves"), "{}", failed.stdout);
    assert!(
        failed
            .stdout
            .contains("FAIL  the shop writes <keys>  (main.hcl:19)"),
        "{}",
        failed.stdout
    );
    assert!(
        failed
            .stdout
            .contains("expected deny: iam:CreateAccessKey is allowed in account.shop: nothing denies it"),
        "{}",
        failed.stdout
    );
    assert!(failed.stdout.contains("1 of 2 tests failed, 1 passed."));
    folder.lz("test --filter nobody").code(0);
    folder.lz("test --filter nothing").code(1);
}

#[test]
fn the_report_for_ci_servers_is_escaped_and_written_when_tests_fail() {
    let folder = folder();
    folder.lz("test --junit report.xml").code(10);
    let report = folder.read("report.xml");
    assert!(report.contains(r#"<testsuites name="lz test" tests="2" failures="1" errors="0" time="0">"#));
    assert!(
        report.contains(r#"name="the shop writes &lt;keys&gt;""#),
        "{report}"
    );
}

#[test]
fn a_plan_that_breaks_a_test_is_refused_and_one_that_keeps_them_says_so() {
    let folder = folder();
    let refused = folder.lz("plan --target twin");
    refused.code(4);
    assert!(
        refused.stderr.contains("lz::plan::test_failed"),
        "{}",
        refused.stderr
    );
    folder.lz("apply --target twin").code(4);
    folder.write(
        "main.hcl",
        &SPEC.replace("iam:CreateAccessKey", "organizations:LeaveOrganization"),
    );
    let planned = folder.lz("plan --target twin");
    planned.code(0);
    assert!(planned.stdout.contains("2 tests passed."), "{}", planned.stdout);
}

#[test]
fn an_account_is_explained_from_the_spec_and_from_the_organization() {
    let folder = folder();
    let offline = folder.lz("explain account.shop --offline");
    offline.code(0);
    for words in [
        "As the spec alone says it.",
        "characters  policy.leave (main.hcl:9)",
        "room: 2 of 10 SCPs",
        "organizations:LeaveOrganization on *  (leave on Root)",
        "FAIL  the shop writes <keys>  (main.hcl:19)",
    ] {
        assert!(offline.stdout.contains(words), "{words}\n{}", offline.stdout);
    }
    folder.write(
        "main.hcl",
        &SPEC.replace("iam:CreateAccessKey", "organizations:LeaveOrganization"),
    );
    folder.lz("apply --target twin").code(0);
    let live = folder.lz("explain ou.work --target twin");
    live.code(0);
    assert!(
        live.stdout.contains("As it is, which is what the spec says."),
        "{}",
        live.stdout
    );
    let data = folder.lz("explain account.shop --target twin --json");
    let rows: Vec<Value> = data
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let standing = rows
        .iter()
        .find(|row| row["record"]["kind"] == "standing")
        .unwrap();
    assert_eq!(
        standing["record"]["standing"]["levels"].as_array().unwrap().len(),
        3
    );
    folder.lz("explain account.nobody --offline").code(1);
    folder.lz("explain policy.leave --offline").code(1);
}

#[test]
fn what_looks_wrong_in_a_policy_is_told_once_with_its_statement() {
    let folder = folder();
    folder.write(
        "main.hcl",
        &SPEC.replace("LeaveOrganization\"]", "LeaveOrganisation\"]"),
    );
    let warned = folder.lz("validate");
    warned.code(0);
    let told = warned.stderr.matches("unknown_action").count();
    assert_eq!(told, 1, "{}", warned.stderr);
    assert!(warned.stderr.contains("statement `Stay`: "), "{}", warned.stderr);
    folder.write(
        "main.hcl",
        &SPEC.replace(
            "statement \"Stay\" { actions = [\"organizations:LeaveOrganization\"] }",
            "content = \"{}\"",
        ),
    );
    folder.lz("validate").code(3);
}

#[test]
fn a_pack_is_applied_once_and_a_small_edit_changes_one_policy() {
    let folder = Folder::new();
    let spec = |guardrails: &str| {
        format!(
            "landing_zone \"acme\" {{}}\norganization {{ policy_types = [\"scp\"] }}\nou \"work\" {{}}\n\
             policy_pack \"work\" {{\n  type = \"scp\"\n  name = \"Work\"\n  attach = [ou.work]\n  guardrails = [\n{guardrails}\n  ]\n}}\n"
        )
    };
    let guardrail = |number: usize, actions: usize| {
        let actions: Vec<String> = (0..actions)
            .map(|at| format!("\"s3:PutObject{number}x{at}\""))
            .collect();
        format!(
            "    {{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Deny\", Action = [{}], Resource = \"arn:aws:s3:::b{number}/*\", \
             Condition = {{ StringEquals = {{ \"aws:PrincipalOrgID\" = organization.id }} }} }}] }},",
            actions.join(", ")
        )
    };
    let many = |extra: usize| -> String {
        (0..12 + extra)
            .map(|number| guardrail(number, 60))
            .collect::<Vec<_>>()
            .join("\n")
    };
    folder.write("main.hcl", &spec(&many(0)));
    folder.lz("apply --target twin").code(0);
    let again = folder.lz("plan --target twin");
    assert!(again.stdout.contains("No changes."), "{}", again.stdout);
    folder.write("main.hcl", &spec(&many(1)));
    let edited = folder.lz("plan --target twin");
    edited.code(0);
    assert!(edited.stdout.contains("Plan: 1 to change."), "{}", edited.stdout);
}

#[test]
fn answers_as_data_fit_the_schema() {
    let folder = folder();
    assert_rows(&folder.lz("test --json"));
    assert_rows(&folder.lz("explain account.shop --offline --json"));
    folder.write("old.json", r#"{"Version":"2012-10-17","Statement":[]}"#);
    let guard = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
    folder.write("new.json", guard);
    assert_rows(&folder.lz("policy diff new.json old.json --json"));
    assert_rows(&folder.lz("policy pack new.json --json"));
    folder.replace(
        "main.hcl",
        "iam:CreateAccessKey",
        "organizations:LeaveOrganization",
    );
    assert_rows(&folder.lz("explain ou.work --target twin --json"));
    assert_rows(&folder.lz("plan --target twin --json"));
}

#[test]
fn objects_of_one_block_with_the_same_fault_are_counted() {
    let folder = Folder::new();
    folder.write(
        "main.hcl",
        "landing_zone \"acme\" {}\npolicy \"p\" {\n  for_each = toset([\"a\", \"b\", \"c\"])\n  type = \"scp\"\n  \
         statement { actions = [\"s3:PutObjekt${each.key}\"] }\n}\n",
    );
    let warned = folder.lz("validate");
    warned.code(0);
    assert_eq!(
        warned.stderr.matches("unknown_action").count(),
        1,
        "{}",
        warned.stderr
    );
    let told: Vec<&str> = warned
        .stderr
        .split_whitespace()
        .filter(|word| *word != "│")
        .collect();
    assert!(told.join(" ").contains("and so in 2 more"), "{}", warned.stderr);
}
