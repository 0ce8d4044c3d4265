//! Tests of the spec, judged on the spec alone and on what a plan will make of the organization.

use crate::build::*;
use lz_model::address::Name;
use lz_model::desired::{DesiredTarget, DesiredTest, Expectation, TestPrincipal};
use lz_model::live::PolicyText;
use lz_model::policy_type::PolicyType;
use lz_model::text::{Attribute, Text};
use lz_plan::future::Future;
use lz_plan::testing::{Because, Outcome, run};
use lz_policy::evaluate::Exemption;
use std::collections::{BTreeMap, BTreeSet};

fn asks(targets: &[DesiredTarget], action: &str, expect: Expectation) -> DesiredTest {
    DesiredTest {
        name: action.to_owned(),
        targets: targets.iter().cloned().collect(),
        actions: vec![action.to_owned()],
        principal: TestPrincipal::Own("role/anyone".to_owned()),
        resources: vec!["*".into()],
        context: BTreeMap::new(),
        expect,
        origin: None,
    }
}

fn account(label: &str) -> DesiredTarget {
    DesiredTarget::Account(Name::new(label))
}

fn under(path: &str) -> DesiredTarget {
    DesiredTarget::Ou(ou(path))
}

fn scene() -> Spec {
    Spec::new()
        .ou("work")
        .ou("work.prod")
        .ou("empty")
        .account("shop", "work.prod")
        .account("blog", "work")
        .policy("leave", &deny("organizations:LeaveOrganization"), &["ou.work"])
        .policy("keys", &deny("iam:CreateAccessKey"), &["account.shop"])
}

fn judged(mut spec: Spec, tests: Vec<DesiredTest>) -> Vec<Outcome> {
    spec.0.tests = tests;
    run(&spec.0, &Future::of_spec(&spec.0), "")
}

fn passes(spec: Spec, test: DesiredTest) -> bool {
    judged(spec, vec![test]).iter().all(Outcome::passed)
}

#[test]
fn every_level_of_the_path_counts() {
    use Expectation::{Allow, Deny};
    let leave = "organizations:LeaveOrganization";
    assert!(passes(
        scene(),
        asks(&[account("shop"), account("blog")], leave, Deny)
    ));
    assert!(passes(scene(), asks(&[under("empty")], leave, Allow)));
    assert!(passes(
        scene(),
        asks(&[account("shop")], "iam:CreateAccessKey", Deny)
    ));
    assert!(passes(
        scene(),
        asks(&[account("blog")], "iam:CreateAccessKey", Allow)
    ));
}

#[test]
fn an_ou_means_every_account_below_it() {
    let [outcome] = judged(
        scene(),
        vec![asks(&[under("work")], "iam:CreateAccessKey", Expectation::Deny)],
    )
    .try_into()
    .unwrap();
    assert_eq!(outcome.requests, 2);
    let [failure] = outcome.failures.as_slice() else {
        panic!()
    };
    assert_eq!(failure.places, ["account.blog"]);
    assert_eq!(
        failure.because,
        Because::NothingDenies {
            policies: vec!["leave".to_owned()]
        }
    );
}

#[test]
fn a_failure_names_the_statement_that_decides() {
    let [outcome] = judged(
        scene(),
        vec![asks(
            &[under("work")],
            "organizations:LeaveOrganization",
            Expectation::Allow,
        )],
    )
    .try_into()
    .unwrap();
    let [failure] = outcome.failures.as_slice() else {
        panic!()
    };
    assert_eq!(failure.places, ["account.blog", "account.shop"]);
    assert_eq!(
        failure.because.to_string(),
        "statement 1 of policy.leave on `Work`"
    );
}

#[test]
fn a_level_without_full_access_allows_only_what_its_policies_say() {
    let mut spec = scene().policy("list", &allow("s3:*"), &["ou.work.prod"]);
    spec.0.ous.get_mut(&ou("work.prod")).unwrap().full_access = Some(false);
    let tests = vec![
        asks(&[account("shop")], "s3:GetObject", Expectation::Allow),
        asks(&[account("shop")], "ec2:RunInstances", Expectation::Allow),
    ];
    let outcomes = judged(spec, tests);
    assert!(outcomes[0].passed());
    assert_eq!(
        outcomes[1].failures[0].because,
        Because::NothingAllows {
            level: "Prod".to_owned(),
            policies: vec!["list".to_owned()]
        }
    );
}

#[test]
fn no_policy_binds_the_management_account_or_service_linked_roles() {
    let mut spec = scene().account("main", "work");
    let id: lz_model::id::AccountId = "111122223333".parse().unwrap();
    spec.0.zone.management_account = Some(id.clone());
    spec.0.accounts.get_mut(&Name::new("main")).unwrap().id = Some(id);
    let leave = "organizations:LeaveOrganization";
    let mut linked = asks(&[account("shop")], leave, Expectation::Deny);
    linked.principal = TestPrincipal::Own("role/aws-service-role/x/AWSServiceRoleForX".to_owned());
    let outcomes = judged(
        spec,
        vec![
            asks(&[account("main")], leave, Expectation::Deny),
            linked,
            asks(&[under("work")], leave, Expectation::Deny),
        ],
    );
    let because = |at: usize| outcomes[at].failures[0].because.clone();
    assert_eq!(because(0), Because::Exempt(Exemption::ManagementAccount));
    assert_eq!(because(1), Because::Exempt(Exemption::ServiceLinkedRole));
    // Below an OU only the accounts are meant that policies bind.
    assert!(outcomes[2].passed());
}

const OURS_ONLY: &str = r#"{"Version":"2012-10-17","Statement":{"Sid":"OnlyUs","Effect":"Deny","Principal":"*",
    "Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"ORG"}}}}"#;

fn perimeter() -> Spec {
    let mut spec = scene().policy_of(PolicyType::Rcp, "ours", OURS_ONLY, &["ou.work"]);
    let organization = spec.0.organization.as_mut().unwrap();
    organization.policy_types.insert(PolicyType::Rcp);
    let policy = spec.0.policies.get_mut(&Name::new("ours")).unwrap();
    let (before, after) = OURS_ONLY.split_once("ORG").unwrap();
    let mut content = Text::literal(before);
    content.push_text(Text::hole(
        lz_model::address::Address::Organization,
        Attribute::Id,
    ));
    content.push_str(after);
    policy.content = content;
    spec
}

#[test]
fn resource_policies_bind_the_resource_and_service_policies_the_caller() {
    let mut own = asks(&[account("shop")], "s3:GetObject", Expectation::Allow);
    own.name = "own".to_owned();
    let mut stranger = asks(&[account("shop")], "s3:GetObject", Expectation::Deny);
    stranger.principal = TestPrincipal::Arn("arn:aws:iam::999988887777:role/x".into());
    // A stranger is not bound by the service control policies of the account.
    let mut leaves = stranger.clone();
    leaves.actions = vec!["organizations:LeaveOrganization".to_owned()];
    leaves.expect = Expectation::Allow;
    // A caller of another account of the organization is bound by that account's.
    let mut neighbour = asks(&[account("blog")], "iam:CreateAccessKey", Expectation::Deny);
    let mut arn = Text::literal("arn:aws:iam::");
    arn.push_text(Text::hole("account.shop".parse().unwrap(), Attribute::Id));
    arn.push_str(":role/x");
    neighbour.principal = TestPrincipal::Arn(arn);
    for outcome in judged(perimeter(), vec![own, stranger, leaves, neighbour]) {
        assert!(outcome.passed(), "{outcome:?}");
    }
}

#[test]
fn what_the_context_says_goes_before_what_is_taken_for_granted() {
    let regions = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"ec2:*","Resource":"*",
        "Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}}"#;
    let mut spec = scene().policy("regions", regions, &["root"]);
    spec.0.zone.home_region = Some("eu-west-1".parse().unwrap());
    let at_home = asks(&[under("work")], "ec2:RunInstances", Expectation::Allow);
    let mut away = asks(&[under("work")], "ec2:RunInstances", Expectation::Deny);
    away.context
        .insert("AWS:RequestedRegion".to_owned(), vec!["us-east-1".into()]);
    for outcome in judged(spec, vec![at_home, away]) {
        assert!(outcome.passed(), "{outcome:?}");
    }
}

#[test]
fn a_plan_does_not_shut_out_the_role_that_makes_it() {
    let live = |spec: &Spec| {
        let mut live = Org::new().ou("work").account("tools", "work").live();
        live.caller.account = account_id("tools");
        live.caller.arn = format!("arn:aws:sts::{}:assumed-role/lz-admin/me", account_id("tools"));
        lz_plan::plan(&spec.0, &live)
    };
    let spec = |content: &str| {
        Spec::new()
            .ou("work")
            .account("tools", "work")
            .policy("p", content, &["ou.work"])
    };
    let refusal = live(&spec(&deny("organizations:*"))).unwrap_err();
    assert_eq!(refusal.problems[0].code, "shuts_out_lz");
    assert!(refusal.problems[0].text.contains("statement 1 of policy.p"));
    let except = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"organizations:*","Resource":"*",
        "Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/lz-*"}}}}"#;
    live(&spec(except)).unwrap();
}

#[test]
fn a_plan_that_breaks_a_test_is_refused_and_one_that_keeps_all_counts_them() {
    let live = Org::new().ou("work").account("shop", "work").live();
    let spec = |expect: Expectation| {
        let mut spec = Spec::new().ou("work").account("shop", "work").policy(
            "leave",
            &deny("organizations:LeaveOrganization"),
            &["ou.work"],
        );
        spec.0.tests = vec![asks(
            &[account("shop")],
            "organizations:LeaveOrganization",
            expect,
        )];
        spec.0
    };
    assert_eq!(
        lz_plan::plan(&spec(Expectation::Deny), &live)
            .unwrap()
            .tests_passed,
        1
    );
    let refusal = lz_plan::plan(&spec(Expectation::Allow), &live).unwrap_err();
    assert_eq!(refusal.problems[0].code, "test_failed");
}

#[test]
fn policies_that_the_spec_does_not_manage_count_in_a_plan() {
    let org = |content: PolicyText| {
        let mut org =
            Org::new()
                .ou("work")
                .account("shop", "work")
                .policy("theirs", &deny("iam:*"), &["ou.work"]);
        let theirs = org.0.policies.values_mut().find(|policy| policy.name == "theirs");
        let theirs = theirs.unwrap();
        theirs.tags.clear();
        theirs.content = content;
        org.live()
    };
    let mut spec = Spec::new().ou("work").account("shop", "work");
    spec.0.tests = vec![asks(&[account("shop")], "iam:CreateUser", Expectation::Deny)];
    let read = org(PolicyText::Read(deny("iam:*")));
    assert_eq!(lz_plan::plan(&spec.0, &read).unwrap().tests_passed, 1);
    assert!(lz_plan::plan(&spec.0, &org(PolicyText::NotRead)).is_err());
}

#[test]
fn a_policy_type_that_is_off_denies_nothing() {
    let mut spec = scene();
    spec.0.organization.as_mut().unwrap().policy_types = BTreeSet::from([PolicyType::Tag]);
    spec.0
        .policies
        .values_mut()
        .for_each(|policy| policy.attach = None);
    assert!(passes(
        spec,
        asks(
            &[account("shop")],
            "organizations:LeaveOrganization",
            Expectation::Allow
        )
    ));
}
