//! Every ordering rule has a plan that breaks without it.

use crate::build::*;
use lz_model::desired::{Exclusive, Removal};
use lz_model::plan::Known;
use lz_model::policy_type::PolicyType;
use lz_model::rule::Rule;
use lz_model::text::{Attribute, Text};

#[test]
fn the_organization_comes_before_all_that_lives_in_it() {
    let plan = plan(Spec::new().ou("prod"), nothing());
    assert_edge(
        &plan,
        "organization:create",
        "ou.prod:create",
        Rule::OrganizationFirst,
    );
    assert_edge(
        &plan,
        "organization:create",
        "organization.policy_types[\"scp\"]:enable",
        Rule::OrganizationFirst,
    );
}

#[test]
fn a_policy_type_is_on_before_its_policies_come() {
    let off = Org::new().edit(|org| org.root.policy_types.clear());
    let plan = plan(
        Spec::new().policy("trail", &deny("cloudtrail:*"), &["root"]),
        off.live(),
    );
    let enable = "organization.policy_types[\"scp\"]:enable";
    assert_edge(&plan, enable, "policy.trail:create", Rule::PolicyTypeFirst);
    assert_edge(&plan, enable, "policy.trail:attach root", Rule::PolicyTypeFirst);
}

#[test]
fn policy_and_target_exist_before_they_are_attached() {
    let plan = plan(
        Spec::new().ou("prod").policy("trail", &deny("a:*"), &["ou.prod"]),
        Org::new().live(),
    );
    assert_edge(
        &plan,
        "policy.trail:create",
        "policy.trail:attach ou.prod",
        Rule::PolicyFirst,
    );
    assert_edge(
        &plan,
        "ou.prod:create",
        "policy.trail:attach ou.prod",
        Rule::TargetFirst,
    );
}

#[test]
fn parents_come_before_children_and_accounts_before_their_moves() {
    let plan = plan(
        Spec::new()
            .ou("work")
            .ou("work.prod")
            .account("shop", "work.prod"),
        Org::new().live(),
    );
    assert_edge(&plan, "ou.work:create", "ou.work.prod:create", Rule::ParentFirst);
    assert_edge(
        &plan,
        "ou.work.prod:create",
        "account.shop:move",
        Rule::ParentFirst,
    );
    assert_edge(
        &plan,
        "account.shop:create",
        "account.shop:move",
        Rule::AccountFirst,
    );
}

#[test]
fn an_id_is_known_before_it_is_written() {
    let mut content = Text::literal(r#"{"Statement":[{"Effect":"Deny","Action":"*","Resource":""#);
    content.push_text(Text::hole("account.audit".parse().unwrap(), Attribute::Id));
    content.push_str(r#""}]}"#);
    let spec = Spec::new().account("audit", "root").policy("trail", "{}", &[]);
    let spec = spec.edit(|spec| {
        spec.policies
            .values_mut()
            .for_each(|policy| policy.content = content.clone())
    });
    let plan = plan(spec, Org::new().live());
    assert_edge(
        &plan,
        "account.audit:create",
        "policy.trail:create",
        Rule::IdFirst,
    );
}

#[test]
fn the_new_policy_is_attached_before_the_old_one_goes() {
    let org = Org::new().ou("prod").policy("old", &deny("a:*"), &["ou.prod"]);
    let plan = plan(
        Spec::new().ou("prod").policy("new", &deny("a:*"), &["ou.prod"]),
        org.live(),
    );
    assert_edge(
        &plan,
        "policy.new:attach ou.prod",
        "policy.old:detach old from ou.prod",
        Rule::AttachBeforeDetach,
    );
}

#[test]
fn a_guardrail_moves_from_the_root_to_an_ou_without_a_gap() {
    let org = Org::new().ou("prod").policy("trail", &deny("a:*"), &["root"]);
    let plan = plan(
        Spec::new()
            .ou("prod")
            .policy("trail", &deny("b:*"), &[])
            .policy("other", &deny("a:*"), &["ou.prod"]),
        org.live(),
    );
    assert_edge(
        &plan,
        "policy.other:attach ou.prod",
        "policy.trail:detach trail from root",
        Rule::TightenBeforeLoosen,
    );
}

#[test]
fn a_full_target_makes_room_and_the_plan_asks_for_consent() {
    let names: Vec<String> = (0..9).map(|n| format!("p{n}")).collect();
    let mut org = Org::new().ou("prod");
    let mut spec = Spec::new().ou("prod").policy("new", &deny("new:*"), &["ou.prod"]);
    for (n, name) in names.iter().enumerate() {
        org = org.policy(name, &deny(&format!("s{n}:*")), &["ou.prod"]);
        if n > 0 {
            spec = spec.policy(name, &deny(&format!("s{n}:*")), &["ou.prod"]);
        }
    }
    let plan = plan(spec, org.live());
    assert_edge(
        &plan,
        "policy.p0:detach p0 from ou.prod",
        "policy.new:attach ou.prod",
        Rule::RoomBeforeAttach,
    );
    assert!(
        plan.notes.iter().any(|note| note.code == "unguarded_moment"),
        "{:#?}",
        plan.notes
    );
}

#[test]
fn a_policy_is_attached_nowhere_before_it_is_deleted() {
    let org = Org::new()
        .ou("prod")
        .ou("old")
        .policy("trail", &deny("a:*"), &["ou.prod", "ou.old"]);
    let plan = plan(Spec::new().ou("prod"), org.live());
    let delete = format!("policy.trail:delete {}", policy_id("trail"));
    assert_edge(
        &plan,
        "policy.trail:detach trail from ou.prod",
        &delete,
        Rule::DetachBeforeDelete,
    );
    assert_edge(
        &plan,
        &format!("ou.old:delete {}", ou_id("old")),
        &delete,
        Rule::DetachBeforeDelete,
    );
}

#[test]
fn an_ou_is_empty_before_it_is_deleted_and_inner_ones_go_first() {
    let org = Org::new()
        .ou("old")
        .ou("old.inner")
        .ou("new")
        .account("shop", "old.inner");
    let plan = plan(Spec::new().ou("new").account("shop", "new"), org.live());
    let inner = format!("ou.old.inner:delete {}", ou_id("old.inner"));
    assert_edge(&plan, "account.shop:move", &inner, Rule::EmptyBeforeDelete);
    assert_edge(
        &plan,
        &inner,
        &format!("ou.old:delete {}", ou_id("old")),
        Rule::ChildrenBeforeParent,
    );
}

#[test]
fn a_name_is_free_before_another_takes_it() {
    let org = Org::new().ou("one").ou("two");
    let spec = Spec::new().ou("one").ou("two").edit(|spec| {
        spec.ous.get_mut(&ou("one")).unwrap().name = "Two".to_owned();
        spec.ous.get_mut(&ou("two")).unwrap().name = "Three".to_owned();
    });
    assert_edge(
        &plan(spec, org.live()),
        "ou.two:rename",
        "ou.one:rename",
        Rule::NameFreedFirst,
    );
    let org = Org::new()
        .policy("a", &deny("a:*"), &[])
        .policy("b", &deny("b:*"), &[]);
    let spec = Spec::new()
        .policy("a", &deny("a:*"), &[])
        .policy("b", &deny("b:*"), &[])
        .edit(|spec| {
            spec.policies
                .get_mut(&lz_model::address::Name::new("a"))
                .unwrap()
                .name = "b".to_owned();
            spec.policies
                .get_mut(&lz_model::address::Name::new("b"))
                .unwrap()
                .name = "c".to_owned();
        });
    assert_edge(
        &plan(spec, org.live()),
        "policy.b:update",
        "policy.a:update",
        Rule::NameFreedFirst,
    );
}

#[test]
fn names_that_change_places_are_refused_with_advice() {
    let org = Org::new().ou("one").ou("two");
    let spec = Spec::new().ou("one").ou("two").edit(|spec| {
        spec.ous.get_mut(&ou("one")).unwrap().name = "Two".to_owned();
        spec.ous.get_mut(&ou("two")).unwrap().name = "One".to_owned();
    });
    assert_eq!(refuse(spec, org.live())[0].0, "circle");
}

#[test]
fn trusted_access_comes_before_administrators_and_policy_types() {
    let spec = Spec::new()
        .account("audit", "root")
        .trusted("securityhub")
        .admin("securityhub", "audit");
    let spec = spec.edit(|spec| {
        spec.organization
            .as_mut()
            .unwrap()
            .policy_types
            .insert(PolicyType::SecurityHub);
    });
    let plan = plan(spec, Org::new().live());
    let enable = "organization.trusted_services[\"securityhub.amazonaws.com\"]:enable";
    let register = "delegated_admin[\"securityhub.amazonaws.com\"]:register";
    assert_edge(&plan, enable, register, Rule::TrustedAccessFirst);
    assert_edge(&plan, "account.audit:create", register, Rule::AccountFirst);
    assert_edge(
        &plan,
        enable,
        "organization.policy_types[\"security_hub\"]:enable",
        Rule::TrustedAccessFirst,
    );
}

#[test]
fn administrators_go_before_trusted_access() {
    let org = Org::new()
        .account("audit", "root")
        .trusted("sso")
        .admin("sso", "audit");
    let spec = Spec::new().account("audit", "root");
    let plan = plan(
        spec.exclusive(Exclusive::TrustedServices)
            .exclusive(Exclusive::DelegatedAdmins),
        org.live(),
    );
    let deregister = format!(
        "delegated_admin[\"sso.amazonaws.com\"]:deregister {}",
        account_id("audit")
    );
    let disable = "organization.trusted_services[\"sso.amazonaws.com\"]:disable";
    assert_edge(&plan, &deregister, disable, Rule::DependentsBeforeTrust);
}

#[test]
fn a_service_with_one_administrator_is_handed_over_old_first() {
    let org = Org::new()
        .account("a", "root")
        .account("b", "root")
        .trusted("guardduty")
        .admin("guardduty", "a");
    let spec = Spec::new()
        .account("a", "root")
        .account("b", "root")
        .trusted("guardduty")
        .admin("guardduty", "b");
    let plan = plan(spec, org.live());
    let old = format!(
        "delegated_admin[\"guardduty.amazonaws.com\"]:deregister {}",
        account_id("a")
    );
    assert_edge(
        &plan,
        &old,
        "delegated_admin[\"guardduty.amazonaws.com\"]:register",
        Rule::OneAdministrator,
    );
}

#[test]
fn a_service_with_several_administrators_is_handed_over_new_first() {
    let org = Org::new()
        .account("a", "root")
        .account("b", "root")
        .trusted("config")
        .admin("config", "a");
    let spec = Spec::new()
        .account("a", "root")
        .account("b", "root")
        .trusted("config")
        .admin("config", "b");
    let plan = plan(spec.exclusive(Exclusive::DelegatedAdmins), org.live());
    let old = format!(
        "delegated_admin[\"config.amazonaws.com\"]:deregister {}",
        account_id("a")
    );
    assert_edge(
        &plan,
        "delegated_admin[\"config.amazonaws.com\"]:register",
        &old,
        Rule::RegisterBeforeDeregister,
    );
}

#[test]
fn a_leaving_account_first_gives_up_its_administration_and_its_ou() {
    let org = Org::new()
        .ou("old")
        .account("audit", "old")
        .trusted("sso")
        .admin("sso", "audit");
    let plan = plan(
        Spec::new()
            .trusted("sso")
            .removed("account.audit", Removal::Close),
        org.live(),
    );
    let deregister = format!(
        "delegated_admin[\"sso.amazonaws.com\"]:deregister {}",
        account_id("audit")
    );
    assert_edge(
        &plan,
        &deregister,
        "account.audit:close",
        Rule::DeregisterBeforeLeaving,
    );
    let moved = "account.audit:move";
    assert_edge(&plan, moved, "account.audit:close", Rule::MoveBeforeClose);
    assert_edge(
        &plan,
        moved,
        &format!("ou.old:delete {}", ou_id("old")),
        Rule::EmptyBeforeDelete,
    );
}

#[test]
fn policies_are_deleted_before_their_type_is_switched_off() {
    let org = Org::new().policy("trail", &deny("a:*"), &["root"]);
    let spec = Spec::new().exclusive(Exclusive::PolicyTypes).edit(|spec| {
        spec.organization.as_mut().unwrap().policy_types.clear();
    });
    let plan = plan(spec, org.live());
    let delete = format!("policy.trail:delete {}", policy_id("trail"));
    assert_edge(
        &plan,
        &delete,
        "organization.policy_types[\"scp\"]:disable",
        Rule::DeleteBeforeDisable,
    );
}

#[test]
fn a_moved_ou_is_built_guarded_filled_and_only_then_removed() {
    let org = Org::new()
        .ou("a")
        .ou("b")
        .ou("a.prod")
        .account("shop", "a.prod")
        .policy("trail", &deny("t:*"), &["ou.a.prod"]);
    let spec = Spec::new()
        .ou("a")
        .ou("b")
        .ou("b.prod")
        .account("shop", "b.prod")
        .moved("ou.a.prod", "ou.b.prod");
    let plan = plan(spec.policy("trail", &deny("t:*"), &["ou.b.prod"]), org.live());
    let delete = format!("ou.b.prod:delete {}", ou_id("a.prod"));
    assert_eq!(
        ids(&plan),
        [
            "ou.b.prod:create",
            "policy.trail:attach ou.b.prod",
            "account.shop:move",
            delete.as_str()
        ]
    );
    assert_edge(
        &plan,
        "policy.trail:attach ou.b.prod",
        "account.shop:move",
        Rule::GuardBeforeArrival,
    );
    assert!(matches!(&step(&plan, "account.shop:move").action,
        lz_model::plan::Action::MoveAccount { to, .. } if matches!(to.id, Known::After(_))));
}
