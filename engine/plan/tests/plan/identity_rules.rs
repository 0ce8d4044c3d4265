//! Permission sets, assignments and account settings: what is planned, and the ordering rules, each with a plan that
//! breaks without it.

use crate::build::*;
use lz_model::address::Name;
use lz_model::desired::*;
use lz_model::id::Arn;
use lz_model::identity::{Center, Principal, PrincipalKind};
use lz_model::live::*;
use lz_model::plan::{Action, IdentityWork, Plan};
use lz_model::rule::Rule;
use lz_model::settings::{Contact, ContactKind, RegionState};
use std::collections::{BTreeMap, BTreeSet};

fn arn(set: &str) -> Arn {
    format!("arn:aws:sso:::permissionSet/ssoins-1/{set}")
        .parse()
        .unwrap()
}

fn managed(policy: &str) -> Arn {
    format!("arn:aws:iam::aws:policy/{policy}").parse().unwrap()
}

fn group(name: &str) -> Principal {
    Principal {
        kind: PrincipalKind::Group,
        name: name.to_owned(),
    }
}

fn wanted_set(name: &str, policy: &str) -> DesiredPermissionSet {
    DesiredPermissionSet {
        name: name.to_owned(),
        description: None,
        session_seconds: None,
        relay_state: None,
        grants: DesiredGrants {
            managed: BTreeSet::from([managed(policy)]),
            ..DesiredGrants::default()
        },
        tags: None,
    }
}

fn assignment(set: &str, groups: &[&str], accounts: &[&str], units: &[&str]) -> DesiredAssignment {
    DesiredAssignment {
        set: Name::new(set),
        principals: groups.iter().map(|name| group(name)).collect(),
        accounts: accounts.iter().map(|name| Name::new(*name)).collect(),
        units: units.iter().map(|path| AccessUnit::Ou(ou(path))).collect(),
    }
}

fn identity(spec: &mut Desired) -> &mut DesiredIdentity {
    spec.identity.as_mut().unwrap()
}

/// Two accounts; the group `ops` has `admin` in one of them, `dev` has nothing.
fn spec() -> Spec {
    let spec = Spec::new()
        .ou("prod")
        .account("shop", "prod")
        .account("audit", "root");
    spec.trusted("sso").edit(|spec| {
        spec.identity = Some(DesiredIdentity {
            region: region("us-east-1"),
            instance: None,
            sets: BTreeMap::from([(Name::new("admin"), wanted_set("admin", "AdministratorAccess"))]),
            assignments: BTreeMap::from([(Name::new("ops"), assignment("admin", &["ops"], &["shop"], &[]))]),
        });
    })
}

fn live_set(name: &str, policy: &str, members: &[&str]) -> LivePermissionSet {
    let tags = [
        ("lz:zone", ZONE.to_owned()),
        ("lz:address", format!("permission_set.{name}")),
    ];
    LivePermissionSet {
        name: name.to_owned(),
        description: None,
        session_seconds: Some(3_600),
        relay_state: None,
        tags: tags.map(|(key, value)| (key.to_owned(), value)).into(),
        content: Some(LiveSetContent {
            managed: BTreeSet::from([managed(policy)]),
            customer: BTreeSet::new(),
            inline: None,
            boundary: None,
            provisioned: members.iter().map(|label| account_id(label)).collect(),
            outdated: BTreeSet::new(),
            holders: Holders::All,
        }),
    }
}

fn has(set: &str, name: &str, account: &str) -> LiveAssignment {
    LiveAssignment {
        set: arn(set),
        kind: PrincipalKind::Group,
        principal: format!("id-{name}"),
        account: account_id(account),
    }
}

fn live_identity(org: &mut LiveOrganization) -> &mut LiveIdentity {
    org.identity.as_mut().unwrap()
}

fn org() -> Org {
    let org = Org::new()
        .ou("prod")
        .account("shop", "prod")
        .account("audit", "root");
    org.trusted("sso").edit(|org| {
        org.identity = Some(LiveIdentity {
            center: Center {
                region: region("us-east-1"),
                instance: "arn:aws:sso:::instance/ssoins-1".parse().unwrap(),
            },
            sets: BTreeMap::from([(arn("admin"), live_set("admin", "AdministratorAccess", &["shop"]))]),
            principals: ["ops", "dev"]
                .map(|name| (group(name), format!("id-{name}")))
                .into(),
            assignments: BTreeSet::from([has("admin", "ops", "shop")]),
        });
    })
}

/// The same organization before anybody has made a permission set.
fn bare() -> Org {
    org().edit(|org| {
        live_identity(org).sets.clear();
        live_identity(org).assignments.clear();
    })
}

fn claimed() -> Spec {
    spec().exclusive(Exclusive::Assignments)
}

fn members(plan: &Plan, id: &str) -> Vec<String> {
    match &step(plan, id).action {
        Action::Identity(IdentityWork::Grant(access) | IdentityWork::Revoke(access)) => {
            access.members.iter().map(|member| member.name.clone()).collect()
        }
        other => panic!("{id} is {other:?}"),
    }
}

#[test]
fn what_is_as_it_should_be_needs_nothing() {
    let plan = plan(spec(), org().live());
    assert!(
        plan.is_empty() && plan.notes.is_empty(),
        "{:#?} {:#?}",
        ids(&plan),
        plan.notes
    );
}

#[test]
fn a_permission_set_is_made_before_anybody_gets_it() {
    let plan = plan(spec(), bare().live());
    assert_edge(
        &plan,
        "permission_set.admin:create",
        "assignment.ops:grant group ops",
        Rule::PermissionSetFirst,
    );
}

#[test]
fn a_permission_set_is_what_it_should_be_before_others_get_it() {
    let spec = spec().edit(|spec| {
        let set = wanted_set("admin", "PowerUserAccess");
        identity(spec).sets.insert(Name::new("admin"), set);
        let wanted = assignment("admin", &["ops"], &["shop", "audit"], &[]);
        identity(spec).assignments.insert(Name::new("ops"), wanted);
    });
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        "permission_set.admin:update",
        "assignment.ops:grant group ops",
        Rule::PermissionSetFirst,
    );
    assert_eq!(members(&plan, "assignment.ops:grant group ops"), ["Audit"]);
}

#[test]
fn accounts_get_the_state_that_a_change_has_made() {
    let spec = spec().edit(|spec| {
        let set = wanted_set("admin", "PowerUserAccess");
        identity(spec).sets.insert(Name::new("admin"), set);
    });
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        "permission_set.admin:update",
        "permission_set.admin:provision",
        Rule::ProvisionAfterChange,
    );
}

#[test]
fn an_account_that_has_an_earlier_state_is_given_the_present_one() {
    let org = org().edit(|org| {
        let set = live_identity(org).sets.get_mut(&arn("admin")).unwrap();
        set.content.as_mut().unwrap().outdated = BTreeSet::from([account_id("shop")]);
    });
    let plan = plan(spec(), org.live());
    assert_eq!(ids(&plan), ["permission_set.admin:provision"]);
}

#[test]
fn a_new_account_exists_before_people_get_access_to_it() {
    let spec = spec().account("till", "root").edit(|spec| {
        let wanted = assignment("admin", &["ops"], &["shop", "till"], &[]);
        identity(spec).assignments.insert(Name::new("ops"), wanted);
    });
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        "account.till:create",
        "assignment.ops:grant group ops account.till",
        Rule::AccountFirst,
    );
}

#[test]
fn an_account_is_under_its_guardrails_before_people_get_access_to_it() {
    let spec = spec().account("till", "prod").edit(|spec| {
        spec.accounts.get_mut(&Name::new("audit")).unwrap().parent = Some(DesiredParent::Ou(ou("prod")));
        let wanted = assignment("admin", &["ops"], &[], &["prod"]);
        identity(spec).assignments.insert(Name::new("ops"), wanted);
    });
    let plan = plan(spec, org().live());
    for account in ["till", "audit"] {
        assert_edge(
            &plan,
            &format!("account.{account}:move"),
            &format!("assignment.ops:grant group ops account.{account}"),
            Rule::ArriveBeforeGrant,
        );
    }
}

#[test]
fn new_access_is_there_before_the_old_goes() {
    let spec = claimed().edit(|spec| {
        let wanted = assignment("admin", &["dev"], &["shop"], &[]);
        identity(spec).assignments.insert(Name::new("ops"), wanted);
    });
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        "assignment.ops:grant group dev",
        "permission_set.admin:revoke admin group ops",
        Rule::GrantBeforeRevoke,
    );
}

#[test]
fn who_loses_a_set_never_gets_its_new_state() {
    let spec = claimed().edit(|spec| {
        let set = wanted_set("admin", "PowerUserAccess");
        identity(spec).sets.insert(Name::new("admin"), set);
        identity(spec).assignments.clear();
    });
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        "permission_set.admin:revoke admin group ops",
        "permission_set.admin:provision",
        Rule::RevokeBeforeProvision,
    );
}

#[test]
fn nobody_has_a_set_before_it_is_deleted() {
    let spec = spec().edit(|spec| {
        identity(spec).sets.clear();
        identity(spec).assignments.clear();
    });
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        "permission_set.admin:revoke admin group ops",
        "permission_set.admin:delete admin",
        Rule::RevokeBeforeDeleteSet,
    );
    assert!(!step(&plan, "permission_set.admin:delete admin").reversible);
}

#[test]
fn access_goes_before_the_account_does() {
    let spec = claimed()
        .edit(|spec| {
            spec.accounts.remove(&Name::new("shop"));
            identity(spec).assignments.clear();
        })
        .removed("account.shop", Removal::Close);
    let plan = plan(spec, org().live());
    assert_edge(
        &plan,
        "permission_set.admin:revoke admin group ops",
        "account.shop:close",
        Rule::RevokeBeforeLeaving,
    );
}

#[test]
fn what_somebody_has_in_an_account_that_goes_needs_no_warning() {
    let spec = || {
        spec().edit(|spec| {
            spec.accounts.remove(&Name::new("shop"));
            identity(spec).assignments.clear();
        })
    };
    let codes = |plan: &Plan| -> Vec<String> { plan.notes.iter().map(|note| note.code.clone()).collect() };
    let closed = plan(spec().removed("account.shop", Removal::Close), org().live());
    assert!(
        !codes(&closed).contains(&"extra_assignments".to_owned()),
        "{:#?}",
        closed.notes
    );
    let kept = plan(spec().removed("account.shop", Removal::Forget), org().live());
    assert!(
        codes(&kept).contains(&"extra_assignments".to_owned()),
        "{:#?}",
        kept.notes
    );
}

#[test]
fn a_label_that_changes_needs_a_moved_block() {
    let spec = spec().edit(|spec| {
        let set = identity(spec).sets.remove(&Name::new("admin")).unwrap();
        identity(spec).sets.insert(Name::new("root"), set);
        identity(spec).assignments.clear();
    });
    // The old set is this landing zone's under a label that is gone: a `moved` block must say that it is the same.
    assert_eq!(refuse(spec, org().live())[0].0, "label_changed");
}

#[test]
fn a_moved_block_takes_a_set_along() {
    let spec = spec()
        .moved("permission_set.admin", "permission_set.root")
        .edit(|spec| {
            let set = identity(spec).sets.remove(&Name::new("admin")).unwrap();
            identity(spec).sets.insert(Name::new("root"), set);
            let wanted = assignment("root", &["ops"], &["shop"], &[]);
            identity(spec).assignments.insert(Name::new("ops"), wanted);
        });
    let plan = plan(spec, org().live());
    assert_eq!(ids(&plan), ["permission_set.root:update"], "tags alone change");
}

#[test]
fn trusted_access_comes_before_identity_center_is_used_and_goes_after() {
    let without = bare().edit(|org| org.trusted_services.clear());
    let coming = plan(spec(), without.live());
    assert_edge(
        &coming,
        "organization.trusted_services[\"sso.amazonaws.com\"]:enable",
        "permission_set.admin:create",
        Rule::TrustedAccessFirst,
    );
    let leaving = spec().exclusive(Exclusive::TrustedServices).edit(|spec| {
        spec.organization.as_mut().unwrap().trusted_services.clear();
        identity(spec).sets.clear();
        identity(spec).assignments.clear();
    });
    let going = plan(leaving, org().live());
    assert_edge(
        &going,
        "permission_set.admin:delete admin",
        "organization.trusted_services[\"sso.amazonaws.com\"]:disable",
        Rule::DependentsBeforeTrust,
    );
}

#[test]
fn a_grant_that_two_blocks_ask_for_is_made_once() {
    let spec = spec().edit(|spec| {
        let wanted = assignment("admin", &["dev"], &["shop", "audit"], &[]);
        identity(spec).assignments.insert(Name::new("first"), wanted);
        let again = assignment("admin", &["dev"], &["audit"], &["prod"]);
        identity(spec).assignments.insert(Name::new("second"), again);
    });
    let plan = plan(spec, org().live());
    assert_eq!(ids(&plan), ["assignment.first:grant group dev"]);
    let mut names = members(&plan, "assignment.first:grant group dev");
    names.sort();
    assert_eq!(names, ["Audit", "Shop"]);
}

#[test]
fn closed_accounts_get_no_access_and_what_they_have_is_nobodys_business() {
    let org = org().edit(|org| {
        let shop = org.accounts.get_mut(&account_id("shop")).unwrap();
        shop.state = AccountState::Closed;
        live_identity(org).assignments.clear();
    });
    let spec = spec().edit(|spec| {
        spec.accounts.remove(&Name::new("shop"));
        let wanted = assignment("admin", &["ops"], &[], &["prod"]);
        identity(spec).assignments.insert(Name::new("ops"), wanted);
    });
    let plan = plan(spec, org.live());
    assert!(plan.is_empty(), "{:#?}", ids(&plan));
    assert!(plan.notes.is_empty(), "{:#?}", plan.notes);
}

#[test]
fn another_text_of_the_same_inline_policy_is_no_change() {
    let spec = spec().edit(|spec| {
        let set = identity(spec).sets.get_mut(&Name::new("admin")).unwrap();
        set.grants.inline = Some(r#"{"Version":"2012-10-17","Statement":[]}"#.into());
    });
    let org = org().edit(|org| {
        let set = live_identity(org).sets.get_mut(&arn("admin")).unwrap();
        let text = "{ \"Statement\": [],\n  \"Version\": \"2012-10-17\" }";
        set.content.as_mut().unwrap().inline = Some(text.to_owned());
    });
    assert!(plan(spec, org.live()).is_empty());
}

#[test]
fn a_missing_group_and_a_missing_instance_are_refused() {
    let spec_with = |name: &str| {
        spec().edit(|spec| {
            let wanted = assignment("admin", &[name], &["shop"], &[]);
            identity(spec).assignments.insert(Name::new("ops"), wanted);
        })
    };
    assert_eq!(
        refuse(spec_with("ghosts"), org().live())[0].0,
        "principal_missing"
    );
    let without = org().edit(|org| org.identity = None);
    assert_eq!(refuse(spec(), without.live())[0].0, "identity_center_off");
}

#[test]
fn where_control_tower_is_to_bring_identity_center_people_wait_for_the_next_plan() {
    let spec = |access: bool| {
        spec().tower("4.0").edit(|spec| {
            spec.tower.zone.as_mut().unwrap().access_management = Some(access);
        })
    };
    let without = || org().no_tower().edit(|org| org.identity = None);
    let plan = plan(spec(true), without().live());
    assert!(codes(&plan).contains(&"identity_center_waits"));
    assert!(!ids(&plan).iter().any(|id| id.starts_with("permission_set")));
    assert_eq!(refuse(spec(false), without().live())[0].0, "identity_center_off");
}

#[test]
fn where_the_organization_is_yet_to_come_identity_center_waits_for_the_next_plan() {
    let plan = plan(spec(), nothing());
    assert!(codes(&plan).contains(&"identity_center_waits"));
    assert!(
        !ids(&plan)
            .iter()
            .any(|id| id.starts_with("permission_set") || id.starts_with("assignment"))
    );
}

#[test]
fn a_set_that_was_made_without_its_policies_is_finished_by_the_saved_plan() {
    let saved = plan(spec(), bare().live());
    let half = org().edit(|org| {
        let set = live_identity(org).sets.get_mut(&arn("admin")).unwrap();
        let content = set.content.as_mut().unwrap();
        content.managed.clear();
        content.provisioned.clear();
        live_identity(org).assignments.clear();
    });
    let live = half.live();
    let fresh = plan(spec(), live.clone());
    assert_eq!(
        ids(&fresh),
        ["permission_set.admin:update", "assignment.ops:grant group ops"]
    );
    assert!(lz_plan::file::remaining(&saved, fresh, &spec().0, &live).is_ok());
    // What the saved plan would not have made is not covered by it.
    let other = spec().edit(|spec| {
        let set = wanted_set("admin", "PowerUserAccess");
        identity(spec).sets.insert(Name::new("admin"), set);
    });
    let fresh = lz_plan::plan(&other.0, &live).unwrap();
    assert!(lz_plan::file::remaining(&saved, fresh, &other.0, &live).is_err());
    let more = spec().edit(|spec| {
        let wanted = assignment("admin", &["ops"], &["shop", "audit"], &[]);
        identity(spec).assignments.insert(Name::new("ops"), wanted);
    });
    let fresh = lz_plan::plan(&more.0, &live).unwrap();
    assert!(lz_plan::file::remaining(&saved, fresh, &more.0, &live).is_err());
}

fn contact(email: &str) -> Contact {
    Contact {
        name: "SOC".to_owned(),
        title: "On call".to_owned(),
        email: email.to_owned(),
        phone: "1".to_owned(),
    }
}

/// An account with a contact and a Region that has to be switched on.
fn settled() -> Spec {
    Spec::new()
        .account("shop", "root")
        .trusted("account")
        .edit(|spec| {
            let shop = spec.accounts.get_mut(&Name::new("shop")).unwrap();
            shop.settings.contacts = BTreeMap::from([(ContactKind::Security, contact("soc@example.com"))]);
            shop.settings.enabled_regions = BTreeSet::from([region("eu-south-1")]);
        })
}

#[test]
fn settings_follow_the_account_and_the_access_to_it() {
    let plan = plan(settled(), Org::new().live());
    assert_edge(
        &plan,
        "account.shop:create",
        "account.shop:contact security",
        Rule::AccountFirst,
    );
    for setting in ["contact security", "enable eu-south-1"] {
        assert_edge(
            &plan,
            "organization.trusted_services[\"account.amazonaws.com\"]:enable",
            &format!("account.shop:{setting}"),
            Rule::TrustedAccessFirst,
        );
    }
}

#[test]
fn only_settings_that_differ_are_set_and_no_region_is_switched_off() {
    let found = |email: &str, state: RegionState| {
        let live = LiveSettings {
            contacts: BTreeMap::from([(ContactKind::Security, Some(contact(email)))]),
            primary_contact: None,
            regions: BTreeMap::from([(region("eu-south-1"), state), (region("il-central-1"), state)]),
        };
        let org = Org::new().account("shop", "root").trusted("account");
        org.edit(|org| org.settings = BTreeMap::from([(account_id("shop"), live)]))
    };
    let same = plan(settled(), found("soc@example.com", RegionState::On).live());
    assert!(same.is_empty(), "{:#?}", ids(&same));
    let other = plan(settled(), found("ciso@example.com", RegionState::Enabling).live());
    assert_eq!(
        ids(&other),
        ["account.shop:contact security", "account.shop:enable eu-south-1"]
    );
}

#[test]
fn settings_without_access_to_the_account_are_refused() {
    let spec = settled().edit(|spec| spec.organization.as_mut().unwrap().trusted_services.clear());
    let refused = refuse(spec, Org::new().account("shop", "root").live());
    assert_eq!(refused[0].0, "needs_account_management");
}

#[test]
fn revocations_and_deletions_count_as_removals() {
    let spec = spec().edit(|spec| {
        identity(spec).sets.clear();
        identity(spec).assignments.clear();
        spec.safety.max_removals = Some(1);
    });
    assert_eq!(refuse(spec, org().live())[0].0, "safety_bound");
}

#[test]
fn a_digest_of_an_account_is_what_it_was_before_there_were_settings() {
    let text = serde_json::to_string(&Spec::new().account("shop", "root").0).unwrap();
    assert!(!text.contains("settings") && !text.contains("identity"), "{text}");
}
