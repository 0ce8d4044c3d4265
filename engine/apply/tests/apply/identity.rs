//! Permission sets and assignments: what is carried out, in which order, and what a failure leaves.

use crate::stage::{Answer, Outcome, Script, approved, run};
use lz_model::address::Address;
use lz_model::id::Arn;
use lz_model::identity::{Boundary, Center, CustomerPolicy, Principal, PrincipalKind};
use lz_model::plan::{
    Access, Action, Change, Edge, IdentityWork, Known, Lane, Reason, Ref, SetContent, Step, StepId,
};
use lz_model::rule::Rule;
use lz_model::text::Text;
use lz_provider::{Call, IdentityChange, Kind};
use std::collections::{BTreeMap, BTreeSet};

fn center() -> Center {
    Center {
        region: "us-east-1".parse().unwrap(),
        instance: "arn:aws:sso:::instance/ssoins-1".parse().unwrap(),
    }
}

fn arn() -> Arn {
    "arn:aws:sso:::permissionSet/ssoins-1/ps-1".parse().unwrap()
}

fn content(policy: &str) -> SetContent {
    SetContent {
        name: "admin".to_owned(),
        description: None,
        session_seconds: None,
        relay_state: None,
        managed: BTreeSet::from([format!("arn:aws:iam::aws:policy/{policy}").parse().unwrap()]),
        customer: BTreeSet::new(),
        inline: Some(Text::literal("{}")),
        boundary: None,
        tags: BTreeMap::from([("lz:zone".to_owned(), Text::literal("acme"))]),
    }
}

fn create() -> Action {
    Action::Identity(IdentityWork::CreateSet {
        center: center(),
        content: Box::new(content("A")),
    })
}

fn grant(set: Known<Arn>, accounts: u64) -> Action {
    let member = |number: u64| Ref {
        name: format!("Site {number}"),
        id: Known::Now(format!("{number:012}").parse().unwrap()),
    };
    Action::Identity(IdentityWork::Grant(Access {
        center: center(),
        set: Ref {
            name: "admin".to_owned(),
            id: set,
        },
        principal: Principal {
            kind: PrincipalKind::Group,
            name: "ops".to_owned(),
        },
        principal_id: "g-1".to_owned(),
        members: (1..=accounts).map(member).collect(),
    }))
}

/// Carries out steps: address, verb, action, and the steps that come first.
fn play_plan(steps: &[(&str, &str, Action, &[&str])], script: Script) -> Outcome {
    let steps = steps.iter().map(|(address, verb, action, needs)| {
        let address: Address = address.parse().unwrap();
        let edge = |need: &&str| Edge {
            step: {
                let (address, verb) = need.rsplit_once(':').unwrap();
                StepId::new(&address.parse().unwrap(), verb)
            },
            rule: Rule::PermissionSetFirst,
        };
        Step {
            id: StepId::new(&address, verb),
            address,
            action: action.clone(),
            reason: Reason::Missing {},
            lane: Lane::Identity,
            after: needs.iter().map(edge).collect(),
            reversible: true,
            origin: None,
        }
    });
    run(&approved(steps.collect()), script)
}

fn changes(performed: &[Call]) -> Vec<&IdentityChange> {
    let changes = performed.iter().filter_map(|call| {
        if let Call::Identity(call) = call {
            Some(&call.change)
        } else {
            None
        }
    });
    changes.collect()
}

#[test]
fn a_set_is_made_then_given_what_it_grants_then_assigned() {
    let set = Known::After(StepId::new(&"permission_set.admin".parse().unwrap(), "create"));
    let outcome = play_plan(
        &[
            ("permission_set.admin", "create", create(), &[]),
            (
                "assignment.ops",
                "grant",
                grant(set, 1),
                &["permission_set.admin:create"],
            ),
        ],
        Script::default(),
    );
    assert!(outcome.report.is_complete(), "{:#?}", outcome.report);
    let changes = changes(&outcome.performed);
    assert!(matches!(changes[0], IdentityChange::CreateSet { .. }));
    assert!(matches!(changes[1], IdentityChange::AttachPolicy(set, _) if *set == arn()));
    assert!(matches!(changes[2], IdentityChange::Inline(_, Some(_))));
    assert!(matches!(changes[3], IdentityChange::Assign(one) if one.set == arn()));
}

#[test]
fn a_set_whose_answer_was_lost_is_looked_for_and_made_once() {
    let outcome = play_plan(
        &[("permission_set.admin", "create", create(), &[])],
        Script::of(&[("create", Answer::Lost)]),
    );
    assert!(outcome.report.is_complete(), "{:#?}", outcome.report);
    assert_eq!(outcome.made("create"), 1);
    assert!(
        outcome.calls.contains(&"attach".to_owned()),
        "what it grants follows"
    );
}

#[test]
fn somebody_elses_set_of_that_name_is_not_taken_over() {
    let outcome = play_plan(
        &[("permission_set.admin", "create", create(), &[])],
        Script::of(&[("create", Answer::Foreign)]),
    );
    let (_, failure) = &outcome.report.failed[0];
    assert_eq!(failure.kind, Kind::AlreadySo);
    assert!(!outcome.calls.contains(&"attach".to_owned()));
}

#[test]
fn an_update_tags_first_and_takes_away_last() {
    let mut after = content("B");
    after.inline = None;
    after.session_seconds = Some(3_600);
    after.boundary = Some(Boundary::Customer(CustomerPolicy {
        path: "/".to_owned(),
        name: "limit".to_owned(),
    }));
    after.tags = BTreeMap::from([("owner".to_owned(), Text::literal("ops"))]);
    let update = Action::Identity(IdentityWork::UpdateSet {
        center: center(),
        set: arn(),
        content: Box::new(Change {
            before: content("A"),
            after,
        }),
    });
    let outcome = play_plan(
        &[("permission_set.admin", "update", update, &[])],
        Script::default(),
    );
    assert_eq!(
        outcome.calls,
        [
            "tag",
            "update",
            "boundary",
            "attach",
            "no inline",
            "detach",
            "untag"
        ]
    );
}

#[test]
fn one_account_that_fails_keeps_no_other_from_its_access() {
    let outcome = play_plan(
        &[("assignment.ops", "grant", grant(Known::Now(arn()), 12), &[])],
        Script::of(&[("000000000005", Answer::Err(Kind::Denied))]),
    );
    let (_, failure) = &outcome.report.failed[0];
    assert_eq!(failure.kind, Kind::Denied);
    assert_eq!(failure.details.len(), 1);
    assert!(
        failure.details[0].starts_with("000000000005 Site 5: "),
        "{:?}",
        failure.details
    );
    assert_eq!(outcome.calls.len(), 12);
    assert_eq!(outcome.most_at_once, 10, "as many as AWS bears");
}
