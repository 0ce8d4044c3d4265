//! Builders for Control Tower.

use crate::build::*;
use lz_model::address::{Name, OuAddress};
use lz_model::desired::{DesiredBaseline, DesiredControl, DesiredControlTower, DesiredTower};
use lz_model::live::*;
use lz_model::tower::{Behaviour, OuBaseline};
use serde_json::json;
use std::collections::BTreeMap;

/// A `control_tower` block of a version, with the accounts `log` and `audit`.
pub(crate) fn block(version: &str) -> DesiredControlTower {
    DesiredControlTower {
        version: version.parse().unwrap(),
        governed_regions: vec![region(HOME), region(AWAY)],
        log_archive: Some(Name::new("log")),
        audit: Some(Name::new("audit")),
        config: None,
        log_retention_days: None,
        access_log_retention_days: None,
        kms_key: None,
        access_management: None,
        backup: None,
        security_ou: None,
        sandbox_ou: None,
        auto_enroll: Some(true),
    }
}

fn ous<T: Default>(targets: &[&str]) -> BTreeMap<OuAddress, T> {
    targets.iter().map(|target| (ou(target), T::default())).collect()
}

impl Spec {
    /// Declares a landing zone with its accounts in `security`, and Prod in Workloads.
    pub(crate) fn tower(self, version: &str) -> Self {
        self.ou("security")
            .ou("workloads")
            .ou("workloads.prod")
            .account("log", "security")
            .account("audit", "security")
            .edit(|spec| {
                spec.zone.home_region = Some(region(HOME));
                spec.tower = DesiredTower {
                    zone: Some(block(version)),
                    ..DesiredTower::default()
                };
            })
    }

    pub(crate) fn baseline(self, kind: OuBaseline, targets: &[&str]) -> Self {
        self.edit(|spec| {
            spec.tower.baselines.insert(kind, ous::<DesiredBaseline>(targets));
        })
    }

    pub(crate) fn control(self, name: &str, targets: &[&str]) -> Self {
        self.edit(|spec| {
            spec.tower
                .controls
                .insert(name.parse().unwrap(), ous::<DesiredControl>(targets));
        })
    }
}

/// A manifest as AWS shows it.
pub(crate) fn manifest(version: &str) -> serde_json::Value {
    let (log, audit) = (account_id("log"), account_id("audit"));
    let regions = [HOME, AWAY];
    if version.starts_with('4') {
        json!({
            "governedRegions": regions,
            "centralizedLogging": {"enabled": true, "accountId": log},
            "config": {"enabled": true, "accountId": audit},
            "securityRoles": {"enabled": true, "accountId": audit},
            "accessManagement": {"enabled": true},
            "backup": {"enabled": false},
        })
    } else {
        json!({
            "governedRegions": regions,
            "organizationStructure": {"security": {"name": "Security"}},
            "centralizedLogging": {"accountId": log},
            "securityRoles": {"accountId": audit},
        })
    }
}

impl Org {
    /// Control Tower was asked for and is not set up.
    pub(crate) fn no_tower(self) -> Self {
        self.edit(|org| {
            org.tower = Some(LiveTower {
                region: region(HOME),
                landing_zone: None,
                baselines: Vec::new(),
                controls: Vec::new(),
                regions_off: Default::default(),
            });
        })
    }

    /// Adds what [`Spec::tower`] declares but for the landing zone.
    pub(crate) fn tower_accounts(self) -> Self {
        self.ou("security")
            .ou("workloads")
            .ou("workloads.prod")
            .account("log", "security")
            .account("audit", "security")
            .no_tower()
    }

    /// Adds what [`Spec::tower`] declares.
    pub(crate) fn tower(self, version: &str) -> Self {
        self.tower_accounts().tower_edit(|tower| {
            tower.landing_zone = Some(LiveLandingZone {
                arn: "arn:zone".to_owned(),
                version: version.parse().unwrap(),
                latest: Some("4.0".parse().unwrap()),
                status: LandingZoneStatus::Active,
                drifted: false,
                manifest: manifest(version),
                enrols_moved: true,
            });
        })
    }

    pub(crate) fn tower_edit(self, edit: impl FnOnce(&mut LiveTower)) -> Self {
        self.edit(|org| edit(org.tower.as_mut().unwrap()))
    }

    pub(crate) fn baseline(self, kind: OuBaseline, version: &str, targets: &[&str]) -> Self {
        self.tower_edit(|tower| {
            tower.baselines.extend(targets.iter().map(|target| LiveBaseline {
                arn: format!("arn:{kind}/{target}"),
                baseline: Some(kind),
                version: Some(version.to_owned()),
                target: BaselineTarget::Ou(ou_id(target)),
                status: Enablement::Succeeded,
                drifted: false,
                operation: None,
            }));
        })
    }

    pub(crate) fn control(self, name: &str, targets: &[&str]) -> Self {
        self.tower_edit(|tower| {
            tower.controls.extend(targets.iter().map(|target| LiveControl {
                arn: format!("arn:{name}/{target}"),
                control: name.parse().unwrap(),
                ou: ou_id(target),
                status: Enablement::Succeeded,
                drifted: false,
                parameters: None,
                operation: None,
            }));
        })
    }
}

/// Returns the global ARN that a control has in these tests.
pub(crate) fn global_arn(name: &str) -> String {
    let id: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("arn:aws:controlcatalog:::control/{:0>24}", id.to_lowercase())
}

/// Control Catalog was asked about a control, and knows it by these other names, too.
pub(crate) fn known(mut live: Live, name: &str, others: &[&str], behaviour: Behaviour) -> Live {
    let arn = global_arn(name);
    let names = others.iter().copied().chain([name, arn.as_str()]);
    let control = CataloguedControl {
        names: names.map(|name| name.parse().unwrap()).collect(),
        arn: arn.clone(),
        behaviour,
        parameters: None,
    };
    let id = arn.rsplit('/').next().unwrap().to_owned();
    live.catalogue.controls.insert(id, control);
    live
}
