//! What a landing zone of Control Tower stands on is not taken from it.

use crate::build::*;
use lz_model::address::Name;
use lz_model::desired::{DesiredParent, Removal};
use lz_model::tower::OuBaseline::ControlTower;
use serde_json::json;

/// The codes of the problems that keep a spec from being planned, each with what it is about.
fn refused(spec: &Spec, org: Org) -> Vec<String> {
    let refusal = lz_plan::plan(&spec.0, &org.live()).expect_err("a refusal");
    let problems = refusal.problems.iter();
    problems
        .map(|problem| {
            let address = problem.address.as_ref().map(ToString::to_string);
            format!("{} {}", problem.code, address.unwrap_or_default())
        })
        .collect()
}

fn ids(spec: Spec, org: Org) -> Vec<String> {
    let plan = plan(spec, org.live());
    plan.steps.iter().map(|step| step.id.to_string()).collect()
}

/// Baselines, and no word of the landing zone itself.
fn without_block() -> Spec {
    Spec::new()
        .tower("4.0")
        .baseline(ControlTower, &["workloads"])
        .edit(|spec| spec.tower.zone = None)
}

fn org(version: &str) -> Org {
    let baseline = if version == "4.0" { "5.0" } else { "4.0" };
    Org::new()
        .tower(version)
        .baseline(ControlTower, baseline, &["workloads"])
}

fn place(spec: Spec, account: &str, parent: &str) -> Spec {
    spec.edit(|spec| {
        let account = spec.accounts.get_mut(&Name::new(account)).unwrap();
        account.parent = Some(DesiredParent::Ou(ou(parent)));
    })
}

#[test]
fn a_shared_account_is_neither_closed_nor_released() {
    for removal in [Removal::Close, Removal::Release] {
        let spec = without_block()
            .edit(|spec| {
                spec.accounts.remove(&Name::new("log"));
            })
            .removed("account.log", removal);
        assert_eq!(
            refused(&spec, org("4.0")),
            ["shared_account_stays account.log"],
            "{removal:?}"
        );
    }
}

#[test]
fn the_accounts_of_backup_are_shared_as_long_as_backup_is_on() {
    let with_backup = |on: bool| {
        org("4.0").account("vault", "workloads").tower_edit(|tower| {
            tower.landing_zone.as_mut().unwrap().manifest["backup"] = json!({
                "enabled": on,
                "configurations": {"centralBackup": {"accountId": account_id("vault")}},
            });
        })
    };
    let spec = || without_block().removed("account.vault", Removal::Close);
    assert_eq!(
        refused(&spec(), with_backup(true)),
        ["shared_account_stays account.vault"]
    );
    assert_eq!(ids(spec(), with_backup(false)), ["account.vault:close"]);
}

#[test]
fn a_shared_account_stays_in_its_ou_and_may_come_back_to_it() {
    for version in ["3.3", "4.0"] {
        let spec = Spec::new()
            .tower(version)
            .baseline(ControlTower, &["workloads"])
            .ou("core");
        let both = place(place(spec, "log", "core"), "audit", "core");
        assert_eq!(
            refused(&both, org(version).ou("core")),
            [
                "shared_account_stays account.audit",
                "shared_account_stays account.log"
            ]
        );
        let astray = org(version).edit(|org| {
            let audit = org.accounts.get_mut(&account_id("audit")).unwrap();
            audit.parent = lz_model::id::ParentId::Ou(ou_id("workloads"));
        });
        let back = Spec::new().tower(version).baseline(ControlTower, &["workloads"]);
        assert!(
            ids(back, astray).contains(&"account.audit:move".to_owned()),
            "the account goes back"
        );
    }
}

#[test]
fn the_ou_of_the_shared_accounts_is_not_replaced() {
    let spec = Spec::new().tower("4.0").ou("core").edit(|spec| {
        spec.ous.remove(&ou("security"));
    });
    let spec = place(place(spec, "log", "core"), "audit", "core");
    let refused = refused(&spec, Org::new().tower("4.0").ou("core"));
    assert!(
        refused.contains(&"security_ou_stays ou.security".to_owned()),
        "{refused:?}"
    );
}

#[test]
fn the_name_of_the_security_ou_is_part_of_a_landing_zone_up_to_3_3() {
    let renamed = |version: &str| {
        Spec::new().tower(version).edit(|spec| {
            spec.ous.get_mut(&ou("security")).unwrap().name = "Core".to_owned();
        })
    };
    assert_eq!(
        refused(&renamed("3.3"), Org::new().tower("3.3")),
        ["security_ou_stays ou.security"]
    );
    assert_eq!(
        ids(renamed("4.0"), Org::new().tower("4.0")),
        ["ou.security:rename"]
    );
    let by_hand = Org::new().tower("3.3").edit(|org| {
        org.ous.get_mut(&ou_id("security")).unwrap().name = "Core".to_owned();
    });
    assert_eq!(ids(Spec::new().tower("3.3"), by_hand), ["ou.security:rename"]);
}

#[test]
fn the_ou_that_a_landing_zone_is_to_take_is_not_deleted_under_it() {
    let spec = Spec::new().tower("3.3").ou("core").edit(|spec| {
        spec.ous.remove(&ou("security"));
    });
    let spec = place(place(spec, "log", "core"), "audit", "core");
    let org = Org::new().tower_accounts().ou("core");
    assert_eq!(refused(&spec, org), ["security_ou_stays ou.security"]);
}

#[test]
fn full_access_stays_on_what_control_tower_governs() {
    // An OU keeps a policy of its own, as AWS wants it.
    let narrow = |spec: Spec| {
        spec.policy("p", &allow("s3:*"), &["ou.workloads"]).edit(|spec| {
            spec.ous.get_mut(&ou("workloads")).unwrap().full_access = Some(false);
        })
    };
    let spec = || narrow(Spec::new().tower("4.0").baseline(ControlTower, &["workloads"]));
    let governed = ["full_access_stays ou.workloads"];
    let with = |org: Org| org.policy("p", &allow("s3:*"), &["ou.workloads"]);
    assert_eq!(refused(&spec(), with(org("4.0"))), governed, "registered");
    let to_come = with(Org::new().tower_accounts());
    assert_eq!(refused(&spec(), to_come), governed, "to be registered");
    let bare = with(Org::new().tower("4.0")).edit(|org| {
        let full = org.policies.get_mut(&"p-FullAWSAccess".parse().unwrap()).unwrap();
        full.targets.remove(&target_id("ou.workloads"));
    });
    assert_eq!(refused(&spec(), bare), governed, "without it before");
    let free = ids(narrow(Spec::new().tower("4.0")), with(Org::new().tower("4.0")));
    assert_eq!(
        free.len(),
        1,
        "an OU that Control Tower does not govern: {free:?}"
    );
}
