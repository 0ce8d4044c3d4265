//! What is a change and what is none.

use crate::build::*;
use lz_model::desired::Exclusive;
use lz_model::plan::{Action, Severity};
use lz_model::text::Text;
use std::collections::BTreeMap;

#[test]
fn reordered_json_is_no_change() {
    let org = Org::new().policy(
        "trail",
        r#"{ "Statement": {"Resource":"*","Action":"a:*","Effect":"Deny"}, "Version":"2012-10-17"}"#,
        &[],
    );
    let spec = Spec::new().policy("trail", &deny("A:*"), &[]);
    assert!(plan(spec, org.live()).is_empty());
}

#[test]
fn what_the_spec_leaves_out_is_left_alone() {
    let org = Org::new()
        .account("shop", "root")
        .policy("trail", &deny("a:*"), &["account.shop"])
        .edit(|org| {
            org.accounts.values_mut().for_each(|account| {
                account.tags.insert("owner".to_owned(), "me".to_owned());
            });
            org.policies.get_mut(&policy_id("trail")).unwrap().description = "theirs".to_owned();
        });
    let spec = Spec::new()
        .account("shop", "root")
        .policy("trail", &deny("a:*"), &[])
        .edit(|spec| {
            spec.policies.values_mut().for_each(|policy| policy.attach = None);
            spec.accounts
                .values_mut()
                .for_each(|account| account.parent = None);
        });
    assert!(plan(spec, org.live()).is_empty());
}

#[test]
fn the_tags_of_the_spec_are_the_whole_truth_but_for_reserved_ones() {
    let org = Org::new().account("shop", "root").edit(|org| {
        let tags = &mut org.accounts.get_mut(&account_id("shop")).unwrap().tags;
        tags.extend([
            ("old".into(), "1".into()),
            ("aws:x".into(), "1".into()),
            ("keep".into(), "1".into()),
        ]);
    });
    let wanted = BTreeMap::from([
        ("keep".to_owned(), Text::from("2")),
        ("new".to_owned(), Text::from("3")),
    ]);
    let spec = Spec::new().account("shop", "root");
    let spec = spec.edit(|spec| {
        spec.accounts
            .values_mut()
            .for_each(|a| a.tags = Some(wanted.clone()))
    });
    let plan = plan(spec, org.live());
    let Action::SetTags { set, remove, .. } = &step(&plan, "account.shop:tag").action else {
        panic!()
    };
    assert_eq!(set.keys().collect::<Vec<_>>(), ["keep", "new"]);
    assert_eq!(remove.keys().collect::<Vec<_>>(), ["old"]);
}

#[test]
fn what_the_spec_does_not_mention_is_counted_and_left_alone() {
    let org = Org::new()
        .ou("mine")
        .ou("theirs")
        .account("theirs", "theirs")
        .trusted("sso")
        .edit(|org| {
            org.ous.get_mut(&ou_id("theirs")).unwrap().tags.clear();
            org.accounts.values_mut().for_each(|account| account.tags.clear());
        });
    let plan = plan(Spec::new().ou("mine"), org.live());
    assert!(plan.is_empty());
    assert_eq!(plan.unmanaged.ous, ["Theirs"]);
    assert_eq!(plan.unmanaged.accounts.len(), 2);
    assert_eq!(plan.unmanaged.trusted_services, ["sso.amazonaws.com"]);
}

#[test]
fn what_the_plan_takes_away_is_not_counted_as_left_alone() {
    use lz_model::desired::Exclusive;
    let org = || Org::new().account("a", "root").trusted("fms").admin("fms", "a");
    let spec = || Spec::new().account("a", "root");
    let left = plan(spec(), org().live()).unmanaged;
    assert_eq!((left.trusted_services.len(), left.delegated_admins.len()), (1, 1));
    let claimed = spec()
        .exclusive(Exclusive::TrustedServices)
        .exclusive(Exclusive::DelegatedAdmins);
    let plan = plan(claimed, org().live());
    assert_eq!(plan.steps.len(), 2);
    assert_eq!(plan.unmanaged.trusted_services, [""; 0]);
    assert_eq!(plan.unmanaged.delegated_admins, [""; 0]);
}

#[test]
fn a_claimed_list_is_the_whole_truth() {
    let org = Org::new()
        .ou("mine")
        .trusted("sso")
        .policy("alien", &deny("a:*"), &["ou.mine", "root"])
        .edit(|org| {
            org.policies.get_mut(&policy_id("alien")).unwrap().tags.clear();
        });
    let spec = Spec::new()
        .ou("mine")
        .exclusive(Exclusive::TrustedServices)
        .exclusive(Exclusive::Attachments);
    let plan = plan(spec, org.live());
    assert_eq!(
        ids(&plan),
        [
            "ou.mine:detach alien from ou.mine",
            "organization.trusted_services[\"sso.amazonaws.com\"]:disable"
        ]
    );
}

#[test]
fn what_control_tower_attached_is_never_touched() {
    let org = Org::new()
        .ou("mine")
        .policy("aws-guardrails-abc", &deny("a:*"), &["ou.mine"])
        .edit(|org| {
            org.policies
                .get_mut(&policy_id("aws-guardrails-abc"))
                .unwrap()
                .tags
                .clear();
        });
    assert!(
        plan(
            Spec::new().ou("mine").exclusive(Exclusive::Attachments),
            org.live()
        )
        .is_empty()
    );
}

#[test]
fn another_email_is_a_manual_step() {
    let org = Org::new().account("shop", "root");
    let spec = Spec::new().account("shop", "root").edit(|spec| {
        spec.accounts
            .values_mut()
            .for_each(|a| a.email = "aws+new@example.com".parse().unwrap());
    });
    let plan = plan(spec, org.live());
    assert!(plan.is_empty());
    assert!(
        plan.notes
            .iter()
            .any(|note| note.code == "email_differs" && note.severity == Severity::Warning)
    );
}

#[test]
fn the_same_input_gives_the_same_bytes_whatever_its_order() {
    let org = || {
        Org::new()
            .ou("a")
            .ou("b")
            .account("x", "a")
            .policy("p", &deny("a:*"), &["ou.a"])
            .live()
    };
    let one = plan(
        Spec::new()
            .ou("a")
            .ou("b")
            .account("x", "b")
            .policy("q", &deny("q:*"), &["ou.b"]),
        org(),
    );
    let two = plan(
        Spec::new()
            .policy("q", &deny("q:*"), &["ou.b"])
            .account("x", "b")
            .ou("b")
            .ou("a"),
        org(),
    );
    assert_eq!(
        lz_plan::file::save(&one).unwrap(),
        lz_plan::file::save(&two).unwrap()
    );
}

#[test]
fn full_access_that_the_plan_brings_back_is_attached() {
    let org = Org::new().ou("prod").edit(|org| {
        org.policies
            .get_mut(&"p-FullAWSAccess".parse().unwrap())
            .unwrap()
            .targets
            .remove(&target_id("ou.prod"));
    });
    let spec = Spec::new()
        .ou("prod")
        .edit(|spec| spec.ous.values_mut().for_each(|ou| ou.full_access = Some(true)));
    assert_eq!(ids(&plan(spec, org.live())), ["ou.prod:attach FullAWSAccess"]);
}

#[test]
fn the_estimate_follows_the_published_buckets() {
    // 30 accounts: three at once, then one each ten seconds, and a minute for the last.
    let spec = (0..30).fold(Spec::new(), |spec, n| spec.account(&format!("a{n}"), "root"));
    let seconds = plan(spec, Org::new().live()).estimate_seconds;
    assert!((330..=420).contains(&seconds), "{seconds}");
}
