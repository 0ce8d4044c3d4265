//! A small landing zone, and short words for it.

use lz_apply::{NoGates, Report, Stop};
use lz_model::address::Address;
use lz_model::desired::Desired;
use lz_model::event::Silent;
use lz_model::id::{AccountId, OuId, ParentId};
use lz_model::live::{BaselineTarget, Live, LiveOrganization, LiveTower};
use lz_model::plan::{Action, Plan, TowerWork};
use lz_provider::{Call, Provider};
use lz_tests::World;
use lz_twin::{FaultScript, Settings};
use std::collections::BTreeMap;

pub(crate) const HEAD: &str = r#"
landing_zone "acme" {
  management_account = "111122223333"
  home_region        = "us-east-1"
  regions            = ["us-east-1"]
}
organization { policy_types = ["scp"] }
"#;

/// The shared accounts, one workload account, and nothing of Control Tower.
pub(crate) const ACCOUNTS: &str = r#"
ou "security" { name = "Security" }
ou "workloads" {
  name = "Workloads"
  ou "prod" { name = "Prod" }
}
account "log" {
  name  = "Log"
  email = "log@example.com"
  ou    = ou.security
}
account "audit" {
  name  = "Audit"
  email = "audit@example.com"
  ou    = ou.security
}
account "shop" {
  name  = "Shop"
  email = "shop@example.com"
  ou    = ou.workloads.prod
}
"#;

pub(crate) fn zone(version: &str, more: &str) -> String {
    format!(
        "control_tower {{\n  version = \"{version}\"\n  log_archive = account.log\n  audit = account.audit\n{more}\n}}\n"
    )
}

pub(crate) const BASELINES: &str = r#"
baseline "AWSControlTowerBaseline" { targets = [ou.workloads, ou.workloads.prod] }
"#;

pub(crate) const CONTROLS: &str = r#"
control "AWS-GR_ENCRYPTED_VOLUMES" { targets = [ou.workloads.prod] }
control "AWS-GR_RESTRICT_ROOT_USER" { targets = [ou.workloads.prod] }
"#;

/// The whole small landing zone.
pub(crate) fn small(version: &str) -> String {
    [
        HEAD,
        ACCOUNTS,
        &zone(version, "auto_enroll = true"),
        BASELINES,
        CONTROLS,
    ]
    .concat()
}

pub(crate) fn spec(text: &str) -> Desired {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.hcl"), text).unwrap();
    let loaded = lz_spec::load_dir(folder.path(), &lz_spec::Inputs::default());
    loaded.unwrap_or_else(|errors| panic!("{errors:?}")).desired
}

pub(crate) async fn world() -> World {
    world_of(Settings::default()).await
}

pub(crate) async fn world_of(settings: Settings) -> World {
    World::new(settings, FaultScript::none()).await
}

/// Returns a world that is what a spec says.
pub(crate) async fn settled(text: &str) -> World {
    let world = world().await;
    let desired = spec(text);
    world.converge(&desired).await;
    world.assert_settled(&desired).await;
    world
}

/// The ids of a plan's steps, in order.
pub(crate) fn steps(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.id.to_string()).collect()
}

/// The ids of a plan's steps in Control Tower, in order.
pub(crate) fn tower_steps(plan: &Plan) -> Vec<String> {
    let tower = plan
        .steps
        .iter()
        .filter(|step| matches!(step.action, Action::Tower(_)));
    tower.map(|step| step.id.to_string()).collect()
}

pub(crate) fn place(steps: &[String], id: &str) -> usize {
    let found = steps.iter().position(|step| step == id);
    found.unwrap_or_else(|| panic!("no step `{id}` in {steps:#?}"))
}

pub(crate) async fn organization(world: &World, desired: &Desired) -> LiveOrganization {
    let live: Live = world.read(desired).await.unwrap();
    live.organization.unwrap()
}

pub(crate) async fn tower(world: &World, desired: &Desired) -> LiveTower {
    organization(world, desired).await.tower.unwrap()
}

pub(crate) fn account(live: &LiveOrganization, name: &str) -> AccountId {
    let mut accounts = live.accounts.values();
    accounts.find(|account| account.name == name).unwrap().id.clone()
}

pub(crate) fn ou(live: &LiveOrganization, path: &str) -> OuId {
    let mut ous = live.ous.keys();
    ous.find(|id| live.path(&ParentId::Ou((*id).clone())) == path)
        .unwrap()
        .clone()
}

/// Does something by hand.
pub(crate) async fn by_hand(world: &World, call: Call) -> String {
    let made = world.provider.perform(&call).await;
    let made = made.unwrap_or_else(|error| panic!("{call:?}: {error}"));
    made.map_or_else(String::new, |made| made.id)
}

pub(crate) async fn move_by_hand(world: &World, live: &LiveOrganization, name: &str, to: &str) {
    let id = account(live, name);
    let from = live.accounts.get(&id).unwrap().parent.clone();
    let to = ParentId::Ou(ou(live, to));
    by_hand(
        world,
        Call::MoveAccount {
            account: id,
            from,
            to,
        },
    )
    .await;
}

pub(crate) fn calls(world: &World, operation: &str) -> u64 {
    world.provider.stats().calls.get(operation).copied().unwrap_or(0)
}

/// Applies without asserting that all of it was done.
pub(crate) async fn try_apply(world: &World, plan: Plan) -> Report {
    let checked = lz_plan::check::check(plan).unwrap_or_else(|error| panic!("{error}"));
    let consent = lz_plan::approve::Consent::StepsAndUnsafeMoments;
    let approved = lz_plan::approve::approve(checked, consent).unwrap_or_else(|error| panic!("{error}"));
    lz_apply::apply(&approved, &world.provider, &NoGates, &Silent, &Stop::default()).await
}

/// What Control Tower has, without ids.
pub(crate) async fn picture(world: &World, desired: &Desired) -> Vec<String> {
    let live = organization(world, desired).await;
    let mut lines = lz_tests::picture::picture(&live);
    // Names of Control Tower's own policies are drawn by AWS.
    lines.retain(|line| !line.contains("aws-guardrails-"));
    let tower = live.tower.clone().unwrap();
    let zone = tower.landing_zone.as_ref();
    lines.extend(zone.map(|zone| {
        let (status, drifted) = (zone.status, zone.drifted);
        format!("zone {} {status:?} {drifted} {}", zone.version, zone.enrols_moved)
    }));
    let names: BTreeMap<_, _> = live
        .accounts
        .values()
        .map(|one| (one.id.clone(), one.name.clone()))
        .collect();
    for one in &tower.baselines {
        let target = match &one.target {
            BaselineTarget::Ou(id) => live.path(&ParentId::Ou(id.clone())),
            BaselineTarget::Account(id) => names.get(id).cloned().unwrap_or_default(),
        };
        let (status, drifted) = (one.status, one.drifted);
        lines.push(format!(
            "{:?} {:?} on {target} {status:?} {drifted}",
            one.baseline, one.version
        ));
    }
    for one in &tower.controls {
        let target = live.path(&ParentId::Ou(one.ou.clone()));
        lines.push(format!(
            "{} on {target} {:?} {}",
            one.control, one.status, one.drifted
        ));
    }
    lines.sort();
    lines
}

/// Whether a step is of this kind and about this address.
pub(crate) fn has_work(plan: &Plan, address: &Address, is: impl Fn(&TowerWork) -> bool) -> bool {
    plan.steps.iter().any(|step| {
        step.address == *address && matches!(&step.action, Action::Tower(tower) if is(&tower.work))
    })
}
