//! Saved plans: round trip, staleness, and what is left of a plan that was interrupted.

use crate::build::*;
use lz_model::plan::FORMAT;
use lz_plan::file::{FileError, load, remaining, save};

fn spec() -> Spec {
    Spec::new()
        .ou("prod")
        .account("shop", "prod")
        .policy("trail", &deny("a:*"), &["ou.prod"])
}

#[test]
fn a_plan_is_read_back_as_it_was_saved() {
    let plan = plan(spec(), nothing());
    assert_eq!(load(&save(&plan).unwrap()).unwrap(), plan);
}

#[test]
fn what_is_no_plan_of_this_version_is_refused() {
    assert!(matches!(load("{"), Err(FileError::NotAPlan(_))));
    let text = save(&plan(spec(), nothing())).unwrap().replacen(
        &format!("\"format\": {FORMAT}"),
        "\"format\": 999",
        1,
    );
    assert!(matches!(load(&text), Err(FileError::Format { found: 999 })));
}

#[test]
fn an_interrupted_plan_goes_on_with_what_is_left() {
    let saved = plan(spec(), Org::new().live());
    let later = Org::new().ou("prod").policy("trail", &deny("a:*"), &[]).live();
    let fresh = plan(spec(), later.clone());
    let left = remaining(&saved, fresh, &spec().0, &later).unwrap();
    assert_eq!(
        ids(&left),
        [
            "policy.trail:attach ou.prod",
            "account.shop:create",
            "account.shop:move"
        ]
    );
}

#[test]
fn a_change_in_what_the_plan_touches_makes_it_stale_and_is_named() {
    let org = Org::new()
        .ou("prod")
        .policy("trail", &deny("old:*"), &["ou.prod"]);
    let spec = || {
        Spec::new()
            .ou("prod")
            .policy("trail", &deny("new:*"), &["ou.prod"])
    };
    let saved = plan(spec(), org.live());
    let later = Org::new()
        .ou("prod")
        .policy("trail", &deny("changed:*"), &["ou.prod"])
        .live();
    let stale = remaining(&saved, plan(spec(), later.clone()), &spec().0, &later).unwrap_err();
    assert!(
        stale
            .parts
            .iter()
            .any(|part| part.contains(policy_id("trail").as_str())),
        "{stale:?}"
    );
    let other = || {
        spec().edit(|spec| {
            spec.policies
                .values_mut()
                .for_each(|p| p.content = deny("other:*").as_str().into())
        })
    };
    let live = Org::new()
        .ou("prod")
        .policy("trail", &deny("old:*"), &["ou.prod"])
        .live();
    let stale = remaining(&saved, plan(other(), live.clone()), &other().0, &live).unwrap_err();
    assert!(
        stale
            .parts
            .iter()
            .any(|part| part.contains("policy.trail in the spec")),
        "{stale:?}"
    );
}

#[test]
fn a_change_elsewhere_leaves_the_plan_fresh() {
    let saved = plan(spec(), Org::new().live());
    let later = Org::new()
        .ou("alien")
        .edit(|org| org.ous.values_mut().for_each(|ou| ou.tags.clear()))
        .live();
    assert!(remaining(&saved, plan(spec(), later.clone()), &spec().0, &later).is_ok());
}

#[test]
fn an_operation_that_names_its_accounts_otherwise_by_now_is_not_new() {
    let spec = || {
        Spec::new()
            .trusted("stacksets.cloudformation")
            .ou("a")
            .account("comes", "a")
            .account("goes", "root")
            .stack_set("base", &["account.comes"])
            .edit_set("base", |set| {
                set.template = lz_model::desired::Template::Body(OTHER_TEMPLATE.into());
            })
    };
    let org = |comes: &str| {
        Org::new()
            .ou("a")
            .account("comes", comes)
            .account("goes", "a")
            .stack_set("base", &["root"])
    };
    let saved = plan(spec(), org("root").live());
    // Once the account has moved, AWS knows its stacks by the OU, and only the other account's move is left to do:
    // the whole OU means the same one account by then.
    let later = org("a").edit_set("base", |set| {
        let stacks = set.instances.iter_mut();
        stacks
            .filter(|stack| stack.account == account_id("comes"))
            .for_each(|stack| stack.ou = Some(stack_parent("ou.a")));
    });
    let later = later.live();
    let fresh = plan(spec(), later.clone());
    let (_, reach, _) = operation(&fresh, "stack_set.base:update");
    assert!(
        matches!(
            &reach.targets,
            lz_model::plan::StackTargets::Ous {
                filter: lz_model::plan::AccountFilter::All {},
                ..
            }
        ),
        "{reach:#?}"
    );
    let left = remaining(&saved, fresh, &spec().0, &later);
    assert!(left.is_ok(), "{left:#?}");
}
