//! Which live object is which declared one.

use crate::build::*;
use lz_model::live::AccountState;
use lz_model::plan::{Action, Reason, Tagging};

#[test]
fn what_is_as_the_spec_wants_needs_nothing() {
    let org = Org::new()
        .ou("prod")
        .account("shop", "prod")
        .policy("trail", &deny("a:*"), &["ou.prod"]);
    let spec = Spec::new()
        .ou("prod")
        .account("shop", "prod")
        .policy("trail", &deny("a:*"), &["ou.prod"]);
    assert!(plan(spec, org.live()).is_empty());
}

#[test]
fn untagged_objects_are_adopted_by_their_natural_keys() {
    let org = Org::new()
        .ou("prod")
        .account("shop", "prod")
        .policy("trail", &deny("a:*"), &["ou.prod"])
        .edit(|org| {
            org.ous.values_mut().for_each(|ou| ou.tags.clear());
            org.accounts.values_mut().for_each(|account| account.tags.clear());
            org.policies.values_mut().for_each(|policy| policy.tags.clear());
        });
    let spec = Spec::new()
        .ou("prod")
        .account("shop", "prod")
        .policy("trail", &deny("a:*"), &["ou.prod"]);
    let plan = plan(spec, org.live());
    assert_eq!(
        ids(&plan),
        ["ou.prod:adopt", "account.shop:adopt", "policy.trail:adopt"]
    );
    for (id, by) in [
        ("ou.prod:adopt", "path"),
        ("account.shop:adopt", "e-mail"),
        ("policy.trail:adopt", "name"),
    ] {
        assert_eq!(step(&plan, id).reason, Reason::Adopted { by: by.to_owned() });
    }
}

#[test]
fn an_account_is_found_by_its_email_in_any_case() {
    let org = Org::new().account("shop", "root").edit(|org| {
        for account in org.accounts.values_mut() {
            account.tags.clear();
            account.email = account.email.as_str().to_uppercase().parse().unwrap();
        }
    });
    let plan = plan(Spec::new().account("shop", "root"), org.live());
    assert_eq!(ids(&plan), ["account.shop:adopt"]);
}

#[test]
fn a_tagged_object_is_renamed_in_place() {
    let org = Org::new().ou("prod");
    let spec = Spec::new()
        .ou("prod")
        .edit(|spec| spec.ous.values_mut().for_each(|ou| ou.name = "Production".into()));
    let plan = plan(spec, org.live());
    assert_eq!(ids(&plan), ["ou.prod:rename"]);
}

#[test]
fn a_changed_label_needs_a_moved_block() {
    let org = || Org::new().ou("prod").live();
    let spec = || {
        Spec::new()
            .ou("live")
            .edit(|spec| spec.ous.values_mut().for_each(|ou| ou.name = "Prod".into()))
    };
    let problems = refuse(spec(), org());
    assert_eq!(problems[0].0, "label_changed");
    let plan = plan(spec().moved("ou.prod", "ou.live"), org());
    assert_eq!(ids(&plan), ["ou.live:relabel"]);
    assert!(matches!(
        &step(&plan, "ou.live:relabel").action,
        Action::SetTags {
            purpose: Tagging::Readdress,
            ..
        }
    ));
}

#[test]
fn a_moved_ou_label_takes_the_labels_inside_it_along() {
    let org = Org::new().ou("work").ou("work.prod");
    let spec = Spec::new()
        .ou("apps")
        .ou("apps.prod")
        .moved("ou.work", "ou.apps")
        .edit(|spec| {
            spec.ous.get_mut(&ou("apps")).unwrap().name = "Work".to_owned();
        });
    assert_eq!(
        ids(&plan(spec, org.live())),
        ["ou.apps:relabel", "ou.apps.prod:relabel"]
    );
}

#[test]
fn two_candidates_are_an_error_that_names_both() {
    let org = Org::new()
        .account("shop", "root")
        .account("twin", "root")
        .edit(|org| {
            let tags = org.accounts[&account_id("shop")].tags.clone();
            org.accounts.get_mut(&account_id("twin")).unwrap().tags = tags;
        });
    let problems = refuse(Spec::new().account("shop", "root"), org.live());
    assert_eq!(problems[0].0, "ambiguous");
    assert!(
        problems[0].1.contains(account_id("shop").as_str())
            && problems[0].1.contains(account_id("twin").as_str())
    );
}

#[test]
fn an_object_of_another_landing_zone_is_refused() {
    let org = Org::new().ou("prod").edit(|org| {
        org.ous.values_mut().for_each(|ou| {
            ou.tags.insert("lz:zone".to_owned(), "other".to_owned());
        });
    });
    assert_eq!(refuse(Spec::new().ou("prod"), org.live())[0].0, "foreign_zone");
}

#[test]
fn an_id_in_the_spec_wins_over_tags() {
    let org = Org::new().account("shop", "root").edit(|org| {
        org.accounts.values_mut().for_each(|account| account.tags.clear());
    });
    let spec = Spec::new().account("other", "root").edit(|spec| {
        for account in spec.accounts.values_mut() {
            account.id = Some(account_id("shop"));
            account.name = "Shop".to_owned();
            account.email = "aws+shop@example.com".parse().unwrap();
        }
    });
    assert_eq!(ids(&plan(spec, org.live())), ["account.other:adopt"]);
}

#[test]
fn a_closed_account_is_no_candidate_to_work_on() {
    let org = Org::new().account("shop", "root").edit(|org| {
        org.accounts.get_mut(&account_id("shop")).unwrap().state = AccountState::Closed;
    });
    assert_eq!(
        refuse(Spec::new().account("shop", "root"), org.live())[0].0,
        "account_closed"
    );
}

#[test]
fn a_policy_of_another_type_is_replaced() {
    use lz_model::policy_type::PolicyType;
    let org = Org::new().policy("trail", &deny("a:*"), &["root"]);
    let spec = Spec::new()
        .policy_of(PolicyType::Rcp, "trail", &deny("s3:*"), &["root"])
        .edit(|spec| {
            spec.organization
                .as_mut()
                .unwrap()
                .policy_types
                .insert(PolicyType::Rcp);
        });
    let plan = plan(spec, org.live());
    let delete = format!("policy.trail:delete {}", policy_id("trail"));
    assert_eq!(
        ids(&plan),
        [
            "organization.policy_types[\"rcp\"]:enable",
            "policy.trail:create",
            "policy.trail:attach root",
            "policy.trail:detach trail from root",
            delete.as_str()
        ]
    );
}
