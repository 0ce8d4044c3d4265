//! What is refused, and that everything is told at once.

use crate::build::*;
use lz_model::desired::Removal;
use lz_model::plan::{Action, Reason};

#[test]
fn another_organization_is_refused() {
    let spec = Spec::new().edit(|spec| spec.zone.management_account = Some("999999999999".parse().unwrap()));
    assert_eq!(refuse(spec, Org::new().live())[0].0, "wrong_organization");
}

#[test]
fn no_organization_and_none_wanted_is_refused() {
    let spec = Spec::new().edit(|spec| spec.organization = None);
    assert_eq!(refuse(spec, nothing())[0].0, "no_organization");
}

#[test]
fn consolidated_billing_is_refused() {
    let org = Org::new().edit(|org| org.all_features = false);
    assert_eq!(refuse(Spec::new(), org.live())[0].0, "consolidated_billing_only");
}

#[test]
fn an_account_that_vanishes_from_the_spec_is_a_question() {
    let org = || Org::new().account("shop", "root").live();
    assert_eq!(refuse(Spec::new(), org())[0].0, "account_left_spec");
    for (removal, id) in [
        (Removal::Close, "account.shop:close"),
        (Removal::Release, "account.shop:release"),
    ] {
        let plan = plan(Spec::new().removed("account.shop", removal), org());
        assert_eq!(ids(&plan), [id]);
        assert!(matches!(step(&plan, id).reason, Reason::AskedFor { .. }));
        assert!(!step(&plan, id).reversible);
    }
    let plan = plan(Spec::new().removed("account.shop", Removal::Forget), org());
    assert!(
        matches!(&step(&plan, "account.shop:forget").action, Action::SetTags { remove, .. } if remove.len() == 2)
    );
}

#[test]
fn the_management_account_is_never_closed() {
    let org = Org::new().edit(|org| {
        let tags = Org::new().account("boss", "root").0.accounts[&account_id("boss")]
            .tags
            .clone();
        org.accounts.get_mut(&account_id("management")).unwrap().tags = tags;
    });
    let problems = refuse(Spec::new().removed("account.boss", Removal::Close), org.live());
    assert_eq!(problems[0].0, "management_account_stays");
}

#[test]
fn an_ou_that_holds_what_the_spec_does_not_move_stays() {
    let org = Org::new().ou("old").account("alien", "old").edit(|org| {
        org.accounts.values_mut().for_each(|account| account.tags.clear());
    });
    let problems = refuse(Spec::new(), org.live());
    assert_eq!(problems[0].0, "ou_not_empty");
    assert!(problems[0].1.contains(account_id("alien").as_str()));
}

#[test]
fn unmanaged_accounts_move_along_with_a_replaced_ou() {
    let org = Org::new()
        .ou("a")
        .ou("a.prod")
        .account("alien", "a.prod")
        .edit(|org| {
            org.accounts.values_mut().for_each(|account| account.tags.clear());
        });
    let spec = Spec::new().ou("a").ou("prod").moved("ou.a.prod", "ou.prod");
    let moved = format!("ou.prod:move {}", account_id("alien"));
    assert!(ids(&plan(spec, org.live())).contains(&moved.as_str()));
}

#[test]
fn the_last_scp_of_a_target_is_not_taken() {
    let spec = Spec::new()
        .ou("prod")
        .edit(|spec| spec.ous.values_mut().for_each(|ou| ou.full_access = Some(false)));
    assert_eq!(refuse(spec, Org::new().ou("prod").live())[0].0, "last_scp");
}

#[test]
fn more_policies_than_a_target_takes_are_refused() {
    let spec = (0..10).fold(Spec::new().ou("prod"), |spec, n| {
        spec.policy(&format!("p{n}"), &deny(&format!("s{n}:*")), &["ou.prod"])
    });
    assert_eq!(
        refuse(spec, Org::new().ou("prod").live())[0].0,
        "too_many_attachments"
    );
}

#[test]
fn bounds_of_the_safety_block_hold() {
    let org = || {
        Org::new()
            .ou("a")
            .ou("b")
            .account("x", "a")
            .policy("p", &deny("p:*"), &["ou.a"])
            .live()
    };
    let spec = || Spec::new().ou("a").ou("b").account("x", "b");
    let tight = spec().edit(|spec| {
        spec.safety.max_moves = Some(0);
        spec.safety.max_removals = Some(1);
    });
    let codes: Vec<_> = refuse(tight, org()).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["safety_bound", "safety_bound"]);
    let exact = spec().edit(|spec| {
        spec.safety.max_moves = Some(1);
        spec.safety.max_removals = Some(2);
    });
    assert_eq!(plan(exact, org()).steps.len(), 3);
}

#[test]
fn an_administrator_needs_trusted_access_and_a_member_account() {
    let spec = Spec::new().account("audit", "root").admin("sso", "audit");
    assert_eq!(
        refuse(spec, Org::new().account("audit", "root").live())[0].0,
        "needs_trusted_access"
    );
    let spec = Spec::new()
        .account("boss", "root")
        .trusted("sso")
        .admin("sso", "boss")
        .edit(|spec| {
            spec.accounts.values_mut().for_each(|a| {
                a.id = Some(MANAGEMENT.parse().unwrap());
                a.name = "Management".to_owned();
            });
        });
    assert_eq!(refuse(spec, Org::new().live())[0].0, "admin_is_management");
}

#[test]
fn all_problems_are_told_at_once() {
    let org = Org::new()
        .account("gone", "root")
        .ou("old")
        .account("alien", "old")
        .edit(|org| {
            org.accounts.get_mut(&account_id("alien")).unwrap().tags.clear();
        });
    let codes: Vec<_> = refuse(Spec::new(), org.live())
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(codes, ["ou_not_empty", "account_left_spec"]);
}
