//! What is there of what a call asks for: pure.

use lz_model::id::OuId;
use lz_model::live::{Enablement, LandingZoneStatus, LiveBaseline, LiveControl, LiveTower};
use lz_provider::TowerRequest;

/// What a look shows of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It is carried out right now, by this operation; of the landing zone only the status tells.
    Running(Option<String>),
    /// It is so already.
    Done,
    /// It is not so, and nothing is under way: it can be asked for.
    Free,
    /// Something else is under way.
    Busy,
    /// It is there, and what made it has failed: the next plan repairs it.
    Broken,
}

/// Returns what there is of a request.
pub(crate) fn look(request: &TowerRequest, tower: &LiveTower) -> Seen {
    let seen = own(request, tower);
    if seen == Seen::Free && is_blocked(request, tower) {
        return Seen::Busy;
    }
    seen
}

fn own(request: &TowerRequest, tower: &LiveTower) -> Seen {
    match request {
        TowerRequest::CreateZone { .. } => made(
            tower.landing_zone.is_some(),
            zone(tower, |zone| zone.status == LandingZoneStatus::Active),
        ),
        // Nothing shows that a reset has been made; one more does no harm.
        TowerRequest::ResetZone { .. } => zone(tower, |_| false),
        TowerRequest::UpdateZone {
            version,
            manifest,
            enrols_moved,
            ..
        } => zone(tower, |zone| {
            zone.status == LandingZoneStatus::Active
                && zone.version == *version
                && zone.enrols_moved == *enrols_moved
                && serde_json::from_str(manifest)
                    .is_ok_and(|wanted: serde_json::Value| zone.manifest == wanted)
        }),
        TowerRequest::EnableBaseline { baseline, target, .. } => {
            let found = ou(target).and_then(|ou| tower.baseline(&ou, *baseline));
            made(
                found.is_some(),
                baseline_seen(found, |found| found.status == Enablement::Succeeded),
            )
        }
        TowerRequest::UpdateBaseline {
            enabled,
            before,
            version,
            ..
        } => baseline_seen(by_arn(tower, enabled), |found| {
            found.status == Enablement::Succeeded
                && before != version
                && found.version.as_ref() == Some(version)
        }),
        TowerRequest::ResetBaseline { enabled } => baseline_seen(by_arn(tower, enabled), |_| false),
        TowerRequest::DisableBaseline { enabled } => match by_arn(tower, enabled) {
            None => Seen::Done,
            found => baseline_seen(found, |_| false),
        },
        TowerRequest::EnableControl {
            control, arn, target, ..
        } => {
            // Lists repeat the ARN by which a control was enabled (aws-facts section 4.1).
            let named = arn.parse().unwrap_or_else(|_| control.clone());
            let found = ou(target).and_then(|ou| tower.control(&ou, &named));
            made(
                found.is_some(),
                control_seen(found, |found| found.status == Enablement::Succeeded),
            )
        }
        TowerRequest::UpdateControl {
            enabled, parameters, ..
        } => control_seen(control_by_arn(tower, enabled), |found| {
            found.status == Enablement::Succeeded && found.parameters.as_ref() == Some(parameters)
        }),
        TowerRequest::ResetControl { enabled } => control_seen(control_by_arn(tower, enabled), |_| false),
        TowerRequest::DisableControl { enabled } => match control_by_arn(tower, enabled) {
            None => Seen::Done,
            found => control_seen(found, |_| false),
        },
    }
}

/// What is there and neither works nor is being worked on has failed.
fn made(exists: bool, seen: Seen) -> Seen {
    if exists && seen == Seen::Free {
        Seen::Broken
    } else {
        seen
    }
}

fn zone(tower: &LiveTower, is_so: impl Fn(&lz_model::live::LiveLandingZone) -> bool) -> Seen {
    match &tower.landing_zone {
        None => Seen::Free,
        Some(zone) if zone.status == LandingZoneStatus::Processing => Seen::Running(None),
        Some(zone) if is_so(zone) => Seen::Done,
        Some(_) => Seen::Free,
    }
}

fn baseline_seen(found: Option<&LiveBaseline>, is_so: impl Fn(&LiveBaseline) -> bool) -> Seen {
    match found {
        None => Seen::Free,
        Some(found) if found.status == Enablement::UnderChange => Seen::Running(found.operation.clone()),
        Some(found) if is_so(found) => Seen::Done,
        Some(_) => Seen::Free,
    }
}

fn control_seen(found: Option<&LiveControl>, is_so: impl Fn(&LiveControl) -> bool) -> Seen {
    match found {
        None => Seen::Free,
        Some(found) if found.status == Enablement::UnderChange => Seen::Running(found.operation.clone()),
        Some(found) if is_so(found) => Seen::Done,
        Some(_) => Seen::Free,
    }
}

/// Control Tower does one operation at a time; controls do not mind each other (rule R37).
fn is_blocked(request: &TowerRequest, tower: &LiveTower) -> bool {
    let zone = tower.landing_zone.as_ref();
    let zone = zone.is_some_and(|zone| zone.status == LandingZoneStatus::Processing);
    let changing = |status| status == Enablement::UnderChange;
    let baselines = tower.baselines.iter().any(|one| changing(one.status));
    let controls = tower.controls.iter().any(|one| changing(one.status));
    match request.kind() {
        lz_model::plan::TowerKind::Control => zone || baselines,
        lz_model::plan::TowerKind::Zone
        | lz_model::plan::TowerKind::Baseline
        | lz_model::plan::TowerKind::Enrolment => zone || baselines || controls,
    }
}

fn by_arn<'a>(tower: &'a LiveTower, arn: &str) -> Option<&'a LiveBaseline> {
    tower.baselines.iter().find(|found| found.arn == arn)
}

fn control_by_arn<'a>(tower: &'a LiveTower, arn: &str) -> Option<&'a LiveControl> {
    tower.controls.iter().find(|found| found.arn == arn)
}

fn ou(arn: &str) -> Option<OuId> {
    arn.rsplit('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::live::{BaselineTarget, LiveLandingZone};
    use lz_model::tower::OuBaseline;

    const OU: &str = "ou-ab12-11111111";

    fn tower(
        zone: LandingZoneStatus,
        baseline: Option<Enablement>,
        control: Option<Enablement>,
    ) -> LiveTower {
        LiveTower {
            region: "eu-west-1".parse().unwrap(),
            landing_zone: Some(LiveLandingZone {
                arn: "arn:zone".to_owned(),
                version: "4.0".parse().unwrap(),
                latest: None,
                status: zone,
                drifted: false,
                manifest: serde_json::json!({"backup": {"enabled": false}}),
                enrols_moved: true,
            }),
            baselines: baseline
                .map(|status| LiveBaseline {
                    arn: "arn:b".to_owned(),
                    baseline: Some(OuBaseline::ControlTower),
                    version: Some("5.0".to_owned()),
                    target: BaselineTarget::Ou(OU.parse().unwrap()),
                    status,
                    drifted: false,
                    operation: Some("op-1".to_owned()),
                })
                .into_iter()
                .collect(),
            controls: control
                .map(|status| LiveControl {
                    arn: "arn:c".to_owned(),
                    control: "SH.S3.4".parse().unwrap(),
                    ou: OU.parse().unwrap(),
                    status,
                    drifted: false,
                    parameters: None,
                    operation: Some("op-2".to_owned()),
                })
                .into_iter()
                .collect(),
            regions_off: std::collections::BTreeSet::new(),
        }
    }

    fn enable() -> TowerRequest {
        TowerRequest::EnableBaseline {
            baseline: OuBaseline::ControlTower,
            version: "5.0".to_owned(),
            target: format!("arn:aws:organizations::1:ou/o-abcdefghij/{OU}"),
            identity_center: false,
        }
    }

    fn update(enrols_moved: bool) -> TowerRequest {
        TowerRequest::UpdateZone {
            landing_zone: "arn:zone".to_owned(),
            version: "4.0".parse().unwrap(),
            manifest: r#"{ "backup": {"enabled": false} }"#.to_owned(),
            enrols_moved,
        }
    }

    #[test]
    fn what_is_under_way_is_followed_by_its_own_operation() {
        use LandingZoneStatus::Active;
        let changing = tower(Active, Some(Enablement::UnderChange), None);
        assert_eq!(look(&enable(), &changing), Seen::Running(Some("op-1".to_owned())));
        let processing = tower(LandingZoneStatus::Processing, None, None);
        assert_eq!(look(&update(true), &processing), Seen::Running(None));
    }

    #[test]
    fn what_is_so_is_done_and_what_failed_is_not_made_again() {
        use LandingZoneStatus::Active;
        assert_eq!(
            look(&enable(), &tower(Active, Some(Enablement::Succeeded), None)),
            Seen::Done
        );
        assert_eq!(
            look(&enable(), &tower(Active, Some(Enablement::Failed), None)),
            Seen::Broken
        );
        assert_eq!(look(&update(true), &tower(Active, None, None)), Seen::Done);
        assert_eq!(look(&update(false), &tower(Active, None, None)), Seen::Free);
    }

    #[test]
    fn an_operation_on_something_else_is_waited_for_except_among_controls() {
        use LandingZoneStatus::Active;
        let busy = tower(Active, None, Some(Enablement::UnderChange));
        assert_eq!(look(&enable(), &busy), Seen::Busy);
        let other = TowerRequest::EnableControl {
            control: "SH.S3.5".parse().unwrap(),
            arn: String::new(),
            target: format!("arn:aws:organizations::1:ou/o-abcdefghij/{OU}"),
            parameters: lz_model::tower::ControlParameters::new(),
        };
        assert_eq!(look(&other, &busy), Seen::Free);
        let registering = tower(Active, Some(Enablement::UnderChange), None);
        assert_eq!(look(&other, &registering), Seen::Busy);
    }

    #[test]
    fn what_is_gone_needs_no_disabling() {
        let request = TowerRequest::DisableBaseline {
            enabled: "arn:b".to_owned(),
        };
        let bare = tower(LandingZoneStatus::Active, None, None);
        assert_eq!(look(&request, &bare), Seen::Done);
    }
}
