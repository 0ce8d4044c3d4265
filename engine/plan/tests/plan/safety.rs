//! Grow before shrink: no account is opened or locked out in passing.

use crate::build::*;
use lz_model::plan::Severity;
use lz_model::rule::Rule;
use std::collections::BTreeSet;

#[test]
fn an_account_arrives_where_it_is_guarded_and_leaves_before_its_old_place_is_opened() {
    let org = Org::new()
        .ou("a")
        .ou("b")
        .account("shop", "a")
        .policy("old", &deny("x:*"), &["ou.a"]);
    let spec = Spec::new()
        .ou("a")
        .ou("b")
        .account("shop", "b")
        .policy("new", &deny("x:*"), &["ou.b"]);
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        "policy.new:attach ou.b",
        "account.shop:move",
        Rule::GuardBeforeArrival,
    );
    assert_edge(
        &plan,
        "account.shop:move",
        "policy.old:detach old from ou.a",
        Rule::LeaveBeforeLoosen,
    );
}

#[test]
fn an_account_leaves_before_its_old_place_gets_denies_that_are_not_its_own() {
    let org = Org::new().ou("a").ou("b").account("shop", "a");
    let spec = Spec::new()
        .ou("a")
        .ou("b")
        .account("shop", "b")
        .policy("new", &deny("x:*"), &["ou.a"]);
    assert_edge(
        &plan(spec, org.live()),
        "account.shop:move",
        "policy.new:attach ou.a",
        Rule::LeaveBeforeTighten,
    );
}

#[test]
fn a_destination_drops_what_never_bound_the_account_before_it_arrives() {
    let org = Org::new()
        .ou("a")
        .ou("b")
        .account("shop", "a")
        .policy("old", &deny("x:*"), &["ou.b"]);
    let spec = Spec::new().ou("a").ou("b").account("shop", "b");
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        "policy.old:detach old from ou.b",
        "account.shop:move",
        Rule::LoosenBeforeArrival,
    );
}

#[test]
fn a_guardrail_of_the_root_goes_only_after_accounts_have_reached_its_successor() {
    let org = Org::new()
        .ou("a")
        .ou("b")
        .account("shop", "a")
        .policy("old", &deny("x:*"), &["root"]);
    let spec = Spec::new()
        .ou("a")
        .ou("b")
        .account("shop", "b")
        .policy("new", &deny("x:*"), &["ou.b"]);
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        "account.shop:move",
        "policy.old:detach old from root",
        Rule::LeaveBeforeLoosen,
    );
}

#[test]
fn a_policy_is_split_in_two_without_a_gap() {
    let both = r#"{"Statement":[{"Effect":"Deny","Action":"a:*","Resource":"*"},{"Effect":"Deny","Action":"b:*","Resource":"*"}]}"#;
    let org = Org::new().ou("prod").policy("both", both, &["ou.prod"]);
    let spec = Spec::new()
        .ou("prod")
        .policy("both", &deny("a:*"), &["ou.prod"])
        .policy("b", &deny("b:*"), &["ou.prod"]);
    assert_edge(
        &plan(spec, org.live()),
        "policy.b:attach ou.prod",
        "policy.both:update",
        Rule::TightenBeforeLoosen,
    );
}

#[test]
fn two_policies_become_one_without_a_gap() {
    let both = r#"{"Statement":[{"Effect":"Deny","Action":"a:*","Resource":"*"},{"Effect":"Deny","Action":"b:*","Resource":"*"}]}"#;
    let org = Org::new()
        .ou("prod")
        .policy("one", &deny("a:*"), &["ou.prod"])
        .policy("two", &deny("b:*"), &["ou.prod"]);
    let plan = plan(
        Spec::new().ou("prod").policy("one", both, &["ou.prod"]),
        org.live(),
    );
    assert_edge(
        &plan,
        "policy.one:update",
        "policy.two:detach two from ou.prod",
        Rule::TightenBeforeLoosen,
    );
}

#[test]
fn an_allow_list_is_in_force_before_full_access_goes() {
    let org = Org::new().ou("prod");
    let spec = Spec::new()
        .ou("prod")
        .policy("list", &allow("s3:*"), &["ou.prod"]);
    let spec = spec.edit(|spec| spec.ous.values_mut().for_each(|ou| ou.full_access = Some(false)));
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        "policy.list:attach ou.prod",
        "ou.prod:detach FullAWSAccess from ou.prod",
        Rule::AttachBeforeDetach,
    );
}

#[test]
fn accounts_that_change_places_yield_comfort_but_never_a_guard() {
    let org = Org::new().ou("a").ou("b").account("x", "a").account("y", "b");
    let spec = Spec::new().ou("a").ou("b").account("x", "b").account("y", "a");
    let spec = spec
        .policy("pa", &deny("a:*"), &["ou.a"])
        .policy("pb", &deny("b:*"), &["ou.b"]);
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        "policy.pb:attach ou.b",
        "account.x:move",
        Rule::GuardBeforeArrival,
    );
    assert_edge(
        &plan,
        "policy.pa:attach ou.a",
        "account.y:move",
        Rule::GuardBeforeArrival,
    );
    let codes: BTreeSet<&str> = plan.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["locked_moment"]), "{:#?}", plan.notes);
}

#[test]
fn policies_that_swap_their_texts_ask_for_consent_or_overlap() {
    let two = |first: &str, second: &str| {
        format!(
            r#"{{"Statement":[{{"Effect":"Deny","Action":"{first}","Resource":"*"}},{{"Effect":"Deny","Action":"{second}","Resource":"*"}}]}}"#
        )
    };
    // `p` gives b: to `q` while keeping a:, so `q` grows before `p` shrinks.
    let org = Org::new()
        .ou("prod")
        .policy("p", &two("a:*", "b:*"), &["ou.prod"])
        .policy("q", &deny("c:*"), &["ou.prod"]);
    let spec = Spec::new()
        .ou("prod")
        .policy("p", &deny("a:*"), &["ou.prod"])
        .policy("q", &two("b:*", "c:*"), &["ou.prod"]);
    assert_edge(
        &plan(spec, org.live()),
        "policy.q:update",
        "policy.p:update",
        Rule::TightenBeforeLoosen,
    );
}

#[test]
fn an_update_that_gives_and_takes_grows_first_where_anything_else_changes() {
    let org = || {
        Org::new()
            .ou("a")
            .ou("b")
            .account("shop", "a")
            .policy("p", &deny("x:*"), &["root"])
            .live()
    };
    let spec = |parent| {
        Spec::new()
            .ou("a")
            .ou("b")
            .account("shop", parent)
            .policy("p", &deny("y:*"), &["root"])
    };
    let alone = plan(spec("a"), org());
    assert_eq!(ids(&alone), ["policy.p:update"]);
    let beside = plan(spec("b"), org());
    assert_edge(
        &beside,
        "policy.p:grow",
        "account.shop:move",
        Rule::GuardBeforeArrival,
    );
    assert_edge(
        &beside,
        "account.shop:move",
        "policy.p:update",
        Rule::LeaveBeforeLoosen,
    );
    assert_edge(
        &beside,
        "policy.p:grow",
        "policy.p:update",
        Rule::GrowBeforeShrink,
    );
}

/// Takes `FullAWSAccess` from every OU, so that only other policies allow something there.
fn without_full_access(org: Org) -> Org {
    org.edit(|live| {
        let full = "p-FullAWSAccess".parse().unwrap();
        let full = live.policies.get_mut(&full).unwrap();
        full.targets
            .retain(|target| !matches!(target, lz_model::id::TargetId::Ou(_)));
    })
}

#[test]
fn allow_lists_on_several_levels_are_compared_at_every_moment() {
    let org = Org::new().ou("a").ou("a.b").account("shop", "a.b").policy(
        "old",
        &allow("s3:*"),
        &["ou.a", "ou.a.b"],
    );
    let spec = Spec::new().ou("a").ou("a.b").account("shop", "a.b");
    let plan = plan(
        spec.policy("new", &allow("ec2:*"), &["ou.a", "ou.a.b"]),
        without_full_access(org).live(),
    );
    assert_eq!(codes(&plan), ["allow_lists"], "{:#?}", plan.notes);
    let [impact] = plan.impact.as_slice() else {
        panic!("{:#?}", plan.impact)
    };
    assert_eq!(impact.accounts.len(), 1);
    assert_eq!(impact.sentences, ["lose s3:* on *", "gain ec2:* on *"]);
}

#[test]
fn levels_that_swap_what_they_allow_open_it_for_a_moment_and_ask_for_consent() {
    let org = Org::new()
        .ou("a")
        .ou("a.b")
        .account("shop", "a.b")
        .policy("outer", &allow("s3:*"), &["ou.a"])
        .policy("inner", &allow("ec2:*"), &["ou.a.b"]);
    let spec = Spec::new().ou("a").ou("a.b").account("shop", "a.b");
    let plan = plan(
        spec.policy("outer", &allow("ec2:*"), &["ou.a"])
            .policy("inner", &allow("s3:*"), &["ou.a.b"]),
        without_full_access(org).live(),
    );
    let opened: Vec<_> = plan
        .notes
        .iter()
        .filter(|note| note.code == "opened_moment")
        .collect();
    assert!(!opened.is_empty(), "{:#?}", plan.notes);
    assert!(opened.iter().all(|note| note.severity == Severity::Consent));
    assert!(opened[0].text.contains("1 account gains"), "{opened:#?}");
    assert!(
        plan.impact.is_empty(),
        "nothing is lost or gained in the end: {:#?}",
        plan.impact
    );
}

#[test]
fn a_policy_has_its_new_text_before_it_is_attached_elsewhere() {
    let org = Org::new().ou("a").ou("b").policy("p", &deny("x:*"), &["ou.a"]);
    let spec = |text: &str| Spec::new().ou("a").ou("b").policy("p", text, &["ou.a", "ou.b"]);
    let two = r#"{"Statement":[{"Effect":"Deny","Action":"x:*","Resource":"*"},{"Effect":"Deny","Action":"y:*","Resource":"*"}]}"#;
    let grown = plan(spec(two), org.live());
    assert_edge(
        &grown,
        "policy.p:update",
        "policy.p:attach ou.b",
        Rule::UpdateBeforeAttach,
    );
    let org = Org::new().ou("a").ou("b").policy("p", two, &["ou.a"]);
    let shrunk = plan(spec(&deny("x:*")), org.live());
    assert_edge(
        &shrunk,
        "policy.p:update",
        "policy.p:attach ou.b",
        Rule::LoosenBeforeAttach,
    );
}

#[test]
fn a_place_loses_a_policy_before_the_policy_gets_a_text_that_never_bound_it() {
    let org = Org::new()
        .ou("a")
        .ou("b")
        .policy("p", &deny("x:*"), &["ou.a", "ou.b"]);
    let spec = Spec::new().ou("a").ou("b").policy("p", &deny("y:*"), &["ou.a"]);
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        "policy.p:detach p from ou.b",
        "policy.p:grow",
        Rule::DetachBeforeUpdate,
    );
}
