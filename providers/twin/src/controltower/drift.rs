//! Drift: computed from the organization as it is (aws-facts 4.3).

use serde_json::{Value, json};

use super::guardrail;
use super::manifest::Manifest;
use super::state::{ControlTower, EnabledBaseline, EnabledControl, LandingZone};
use crate::organizations::Organization;
use crate::world::{ParentId, TargetId};

/// The principal of Control Tower.
pub(super) const PRINCIPAL: &str = "controltower.amazonaws.com";

/// Returns why the landing zone has drifted, by the name of the governance drift.
pub(super) fn of_landing_zone(
    tower: &ControlTower,
    org: &Organization,
    zone: &LandingZone,
) -> Option<&'static str> {
    if !org.services.contains_key(PRINCIPAL) {
        return Some("TRUSTED_ACCESS_DISABLED");
    }
    let Some(security) = &zone.security_unit else {
        return None;
    };
    if org.unit(security).is_none() {
        return Some("ORGANIZATIONAL_UNIT_DELETED");
    }
    let manifest = Manifest::kept(&zone.manifest, &zone.version);
    let home = ParentId::Unit(security.clone());
    for (_, account) in manifest.accounts() {
        match org.member(&account) {
            None => return Some("ACCOUNT_REMOVED_FROM_ORGANIZATION"),
            Some(member) if member.parent != home => return Some("ACCOUNT_MOVED_BETWEEN_OUS"),
            Some(_) => {}
        }
    }
    if guardrail::drifted(tower, org, security) {
        return Some("SCP_UPDATED");
    }
    None
}

/// Returns whether the accounts of an OU differ from those that its baseline reaches.
pub(super) fn of_baseline(
    tower: &ControlTower,
    org: &Organization,
    id: &str,
    enabled: &EnabledBaseline,
) -> bool {
    let TargetId::Unit(unit) = &enabled.target else {
        return false;
    };
    let parent = ParentId::Unit(unit.clone());
    let inside = org.accounts_of(&parent);
    let waits = |account: &crate::world::AccountId| {
        tower
            .enrolments
            .iter()
            .any(|enrolment| enrolment.baseline == id && enrolment.account == *account)
    };
    let missing = inside.iter().any(|account| {
        !enabled.accounts.contains_key(account) && !waits(account) && *account != org.management
    });
    // An account that has left the organization for good leaves no drift behind.
    let elsewhere =
        |account: &crate::world::AccountId| !inside.contains(account) && org.member(account).is_some();
    missing || enabled.accounts.keys().any(elsewhere)
}

/// The two kinds of drift of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ControlDrift {
    pub(super) inheritance: bool,
    pub(super) resource: bool,
}

impl ControlDrift {
    /// Returns whether there is any.
    pub(super) fn any(self) -> bool {
        self.inheritance || self.resource
    }

    /// Returns the member `driftStatusSummary`.
    pub(super) fn view(self) -> Value {
        let word = |drifted| if drifted { "DRIFTED" } else { "IN_SYNC" };
        json!({
            "driftStatus": word(self.any()),
            "types": {
                "inheritance": {"status": word(self.inheritance)},
                "resource": {"status": word(self.resource)},
            },
        })
    }
}

/// Returns the drift of a control on its OU: only an SCP can be changed by hand here.
pub(super) fn of_control(tower: &ControlTower, org: &Organization, enabled: &EnabledControl) -> ControlDrift {
    let preventive = tower
        .guardrails
        .get(&enabled.target)
        .is_some_and(|own| own.content.contains(&mark(&enabled.control)));
    ControlDrift {
        inheritance: false,
        resource: preventive && guardrail::drifted(tower, org, &enabled.target),
    }
}

/// Returns the text by which a control is known in its OU's SCP.
fn mark(control: &str) -> String {
    let name = control.rsplit('/').next().unwrap_or_default();
    format!(":control/{name}\"")
}

/// Returns whether the landing zone has gone on and left the OU's baseline behind (aws-facts 4.4).
pub(super) fn needs_update(enabled: &EnabledBaseline, zone: &LandingZone) -> bool {
    let fitting = enabled.baseline.versions_for(&zone.version);
    // A landing zone of 3.3 may keep what came with 3.1.
    let tolerated = zone.version == "3.3" && enabled.version == "3.0";
    !fitting.contains(&enabled.version.as_str()) && !tolerated
}
