//! `test` and `policy_pack` blocks.

use crate::support::{codes, desired, hcl, rendered, wrong};
use lz_model::desired::{DesiredTarget, Expectation, TestPrincipal};
use lz_model::policy_type::PolicyType;

const SCENE: &str = r#"
landing_zone "acme" {}
ou "work" {
  name = "Work"
}
account "team" {
  for_each = toset(["shop", "blog"])
  email    = "${each.key}@example.com"
  ou       = ou.work
}
account "audit" { email = "audit@example.com" }
"#;

fn with(text: &str) -> lz_model::desired::Desired {
    desired(&[("scene.hcl", SCENE), ("main.hcl", text)])
}

fn wrong_in_scene(text: &str) -> Vec<&'static str> {
    let errors = wrong(&format!(
        "{}\n{text}",
        SCENE.replace("landing_zone \"acme\" {}", "")
    ));
    let codes = codes(&errors);
    assert!(!rendered(&errors).is_empty());
    codes
}

#[test]
fn a_test_has_defaults_for_all_but_place_action_and_outcome() {
    let spec = with(
        r#"test "production cannot leave" {
             account = account.team["shop"]
             action  = "organizations:LeaveOrganization"
             expect  = "deny"
           }"#,
    );
    let [test] = spec.tests.as_slice() else { panic!() };
    assert_eq!(test.name, "production cannot leave");
    assert_eq!(
        test.targets
            .iter()
            .map(|t| t.address().to_string())
            .collect::<Vec<_>>(),
        ["account.team[\"shop\"]"]
    );
    assert_eq!(test.principal, TestPrincipal::Own("role/anyone".to_owned()));
    assert_eq!(test.resources, ["*".into()]);
    assert_eq!(test.expect, Expectation::Deny);
    assert_eq!(test.origin.as_ref().unwrap().to_string(), "main.hcl:1");
}

#[test]
fn lists_are_taken_where_one_is() {
    let spec = with(
        r#"test "many" {
             account   = account.team
             ou        = [ou.work, root]
             action    = ["s3:GetObject", "s3:PutObject"]
             principal = "arn:aws:iam::${account.audit.id}:role/x"
             resource  = ["arn:aws:s3:::a/*", "arn:aws:s3:::b"]
             context   = { "aws:RequestedRegion" = ["eu-west-1"], "aws:SecureTransport" = true }
             expect    = "allow"
           }"#,
    );
    let test = &spec.tests[0];
    assert_eq!(test.targets.len(), 4);
    assert!(test.targets.contains(&DesiredTarget::Root));
    assert_eq!((test.actions.len(), test.resources.len()), (2, 2));
    assert_eq!(test.context["aws:SecureTransport"], ["true".into()]);
    assert!(matches!(&test.principal, TestPrincipal::Arn(arn) if arn.known().is_none()));
}

#[test]
fn cases_take_from_the_block_what_they_leave_out() {
    let spec = with(
        r#"test "regions" {
             ou     = ou.work
             action = "ec2:RunInstances"
             expect = "deny"
             case "far away" { context = { "aws:RequestedRegion" = "eu-west-1" } }
             case "at home" {
               account = account.audit
               context = { "aws:RequestedRegion" = "ap-northeast-1" }
               expect  = "allow"
             }
           }"#,
    );
    let told: Vec<_> = spec
        .tests
        .iter()
        .map(|t| (t.name.as_str(), t.expect, t.targets.len()))
        .collect();
    assert_eq!(
        told,
        [
            ("regions: far away", Expectation::Deny, 1),
            ("regions: at home", Expectation::Allow, 1)
        ]
    );
    let audit = spec.tests[1].targets.first().unwrap();
    assert_eq!(audit.address().to_string(), "account.audit");
}

#[test]
fn a_table_is_a_list_of_rows_and_names_objects_by_address() {
    let csv = "name,account,ou,action,expect,aws:RequestedRegion\n\
               stay,account.audit,,organizations:LeaveOrganization,deny,\n\
               ,\"team[\"\"shop\"\"]\",,s3:GetObject s3:PutObject,allow,eu-west-1\n\
               all,,work,iam:GetRole,allow,\n";
    let spec = desired(&[
        ("scene.hcl", SCENE),
        (
            "main.hcl",
            "test \"table\" { cases = csvdecode(file(\"tests.csv\")) }",
        ),
        ("tests.csv", csv),
    ]);
    let names: Vec<&str> = spec.tests.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["table: stay", "table: row 2", "table: all"]);
    assert_eq!(spec.tests[1].actions, ["s3:GetObject", "s3:PutObject"]);
    assert_eq!(spec.tests[1].context["aws:RequestedRegion"], ["eu-west-1".into()]);
    assert!(spec.tests[0].context.is_empty());
    assert_eq!(
        spec.tests[2].targets.first().unwrap().address().to_string(),
        "ou.work"
    );
}

#[test]
fn for_each_makes_a_test_for_each_element() {
    let spec = with(
        r#"test "no logs are lost" {
             for_each = toset(["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"])
             ou       = root
             action   = each.key
             expect   = "deny"
           }"#,
    );
    let names: Vec<&str> = spec.tests.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "no logs are lost [cloudtrail:DeleteTrail]",
            "no logs are lost [cloudtrail:StopLogging]"
        ]
    );
}

#[test]
fn a_test_that_asks_nothing_is_wrong() {
    let test = |inside: &str| wrong_in_scene(&format!("test \"t\" {{\n{inside}\n}}"));
    let action = "action = \"s3:GetObject\"\nexpect = \"deny\"";
    assert_eq!(test(action), ["missing_attribute"]);
    assert_eq!(test("ou = ou.work\nexpect = \"deny\""), ["missing_attribute"]);
    assert_eq!(
        test("ou = ou.work\naction = \"s3:GetObject\""),
        ["missing_attribute"]
    );
    assert_eq!(
        test(&format!("ou = ou.work\n{}", action.replace("deny", "maybe"))),
        ["bad_value"]
    );
    assert_eq!(
        test(&format!("ou = ou.work\n{}", action.replace("GetObject", "Get*"))),
        ["bad_value"]
    );
    assert_eq!(
        test(&format!("ou = account.audit\n{action}")),
        ["wrong_reference"]
    );
    assert_eq!(test(&format!("ou = []\n{action}")), ["bad_value"]);
    assert_eq!(
        test(&format!("ou = ou.work\nprincipal = \"admin\"\n{action}")),
        ["bad_value"]
    );
    assert_eq!(test("cases = []"), ["bad_value"]);
    assert_eq!(
        test("cases = [{ ou = \"wrok\", action = \"s3:X\", expect = \"deny\" }]"),
        ["unknown_ou"]
    );
    assert_eq!(
        test("cases = [{ ou = \"work\", acount = \"x\", action = \"s3:X\", expect = \"deny\" }]"),
        ["unknown_attribute"]
    );
}

#[test]
fn two_tests_of_one_name_are_wrong() {
    let test = "test \"t\" {\n  ou = ou.work\n  action = \"s3:X\"\n  expect = \"deny\"\n}\n";
    assert_eq!(wrong_in_scene(&format!("{test}{test}")), ["duplicate_label"]);
}

#[test]
fn a_pack_holds_documents_and_statements() {
    let spec = with(
        r#"policy_pack "work" {
             type       = "scp"
             attach     = [ou.work]
             guardrails = [
               { Statement = [{ Effect = "Deny", Action = "a:B", Resource = "*" }] },
               jsonencode({ Statement = [] }),
             ]
             statement "Leave" { actions = ["organizations:LeaveOrganization"] }
           }"#,
    );
    let pack = spec.packs.values().next().unwrap();
    assert_eq!(pack.policy_type, PolicyType::Scp);
    assert_eq!(pack.name, "work");
    assert_eq!(pack.guardrails.len(), 3);
    assert_eq!(pack.attach.as_ref().unwrap().len(), 1);
}

#[test]
fn a_pack_needs_guardrails_and_a_label_of_its_own() {
    assert_eq!(
        wrong_in_scene("policy_pack \"p\" { type = \"scp\" }"),
        ["policy_content"]
    );
    let two = "policy_pack \"p\" {\n  type = \"scp\"\n  statement { actions = [\"a:B\"] }\n}\npolicy \"p\" {\n  type = \"scp\"\n  content = \"{}\"\n}\n";
    assert_eq!(wrong_in_scene(two), ["duplicate_label"]);
}

#[test]
fn a_spec_without_tests_has_none() {
    assert!(hcl("").tests.is_empty());
}

#[test]
fn a_statement_without_effect_denies() {
    let spec = with("policy \"p\" {\n  type = \"scp\"\n  statement { actions = [\"a:B\"] }\n}\n");
    let content = spec
        .policies
        .values()
        .next()
        .unwrap()
        .content
        .known()
        .unwrap()
        .to_owned();
    assert!(content.contains(r#""Effect":"Deny""#), "{content}");
}
