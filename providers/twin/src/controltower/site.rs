//! Everything that a call to Control Tower works on.

use serde_json::Value;

use super::refusal::{invalid, not_found, unreadable};
use super::state::{ControlTower, LandingZone, Operation, Parameter, Progress, Work};
use crate::clock::AwsTime;
use crate::neighbour::{Neighbour, management_organization, uuid};
use crate::organizations::Organization;
use crate::settings::Settings;
use crate::wire::{Answer, Call, Refusal};
use crate::world::{Arns, TargetId, Timer, UnitId, World};

/// What a reading call sees.
pub(super) struct View<'a> {
    pub(super) org: &'a Organization,
    pub(super) tower: &'a ControlTower,
    pub(super) call: &'a Call<'a>,
}

/// What a changing call changes; the world holds neither of the two meanwhile.
pub(super) struct Site<'a> {
    pub(super) world: &'a mut World,
    pub(super) org: &'a mut Organization,
    pub(super) tower: &'a mut ControlTower,
}

/// Runs a reading call of the management account, which alone may call Control Tower.
pub(super) fn read(world: &World, call: &Call<'_>, run: impl FnOnce(&View<'_>) -> Answer) -> Answer {
    let org = management_organization(Neighbour::ControlTower, world, call)?;
    let nothing = ControlTower::default();
    let kept = world.neighbours.control_towers.get(call.caller);
    // A landing zone is seen in its home Region only.
    let here = kept.filter(|tower| {
        tower
            .landing_zone
            .as_ref()
            .is_none_or(|zone| zone.region == call.region)
    });
    run(&View {
        org,
        tower: here.unwrap_or(&nothing),
        call,
    })
}

/// Runs a changing call of the management account.
// INVARIANT: a call that is refused has not changed anything; each checks everything first.
pub(super) fn write(
    world: &mut World,
    call: &Call<'_>,
    run: impl FnOnce(&mut Site<'_>, &Call<'_>) -> Answer,
) -> Answer {
    let id = management_organization(Neighbour::ControlTower, world, call)?
        .id
        .clone();
    let Some(mut org) = world.organizations.remove(&id) else {
        return Err(Neighbour::ControlTower.denied("the organization is gone"));
    };
    let kept = world.neighbours.control_towers.remove(call.caller);
    let known = kept.is_some();
    let mut tower = kept.unwrap_or_default();
    let answer = run(
        &mut Site {
            world,
            org: &mut org,
            tower: &mut tower,
        },
        call,
    );
    world.organizations.insert(id, org);
    if known || answer.is_ok() {
        world.neighbours.control_towers.insert(call.caller.clone(), tower);
    }
    answer
}

impl Site<'_> {
    /// Begins an operation that runs for a while, or that waits first; returns its id.
    pub(super) fn begin(&mut self, operation: Operation) -> String {
        let id = uuid(&mut self.world.mint);
        if let Progress::Running { until } = operation.progress {
            self.world.timers.set(until, Timer::NeighbourDue);
        }
        self.tower.operations.insert(id.clone(), operation);
        id
    }

    /// Returns 16 fresh capital letters and digits.
    pub(super) fn fresh_id(&mut self) -> String {
        self.world.mint.text(16).to_ascii_uppercase()
    }

    /// Returns the landing zone, if there is one in the call's Region.
    pub(super) fn zone(&self, call: &Call<'_>) -> Option<&LandingZone> {
        self.tower
            .landing_zone
            .as_ref()
            .filter(|zone| zone.region == call.region)
    }

    /// Forgets operations whose time is over (aws-facts 4.1: kept 90 days).
    pub(super) fn forget_old(&mut self, now: AwsTime, settings: &Settings) {
        let oldest = now.before(crate::world::DAY * settings.control_tower.operation_days);
        let fresh = |operation: &Operation| operation.progress.ended().is_none_or(|at| at >= oldest);
        self.tower.operations.retain(|_, operation| fresh(operation));
    }
}

/// Returns an operation that runs from now on.
pub(super) fn running(work: Work, subject: &str, now: AwsTime, until: AwsTime) -> Operation {
    Operation {
        work,
        subject: subject.to_owned(),
        control: None,
        target: None,
        started: now,
        progress: Progress::Running { until },
    }
}

/// Returns an ARN of Control Tower in the caller's account.
pub(super) fn own_arn(call: &Call<'_>, kind: &str, id: &str) -> String {
    let partition = call.settings.partition.as_str();
    format!(
        "arn:{partition}:controltower:{}:{}:{kind}/{id}",
        call.region, call.caller
    )
}

/// Returns the last part of an ARN of the caller, or of an id that stands alone.
///
/// # Errors
/// `ResourceNotFoundException` for an ARN of another account, Region or kind.
pub(super) fn id_in<'a>(call: &Call<'_>, kind: &str, arn: &'a str) -> Result<&'a str, Refusal> {
    let prefix = own_arn(call, kind, "");
    arn.strip_prefix(&prefix)
        .ok_or_else(|| not_found(format!("there is no {kind} `{arn}`")))
}

/// Writes ARNs of an organization.
pub(super) fn arns<'a>(org: &'a Organization, settings: &Settings) -> Arns<'a> {
    Arns {
        partition: settings.partition,
        management: &org.management,
        organization: &org.id,
    }
}

/// Returns the OU that a target's ARN names (aws-facts 4.1: targets are OUs).
///
/// # Errors
/// `ValidationException` for anything that is no ARN of an OU, `ResourceNotFoundException` for an OU that is not there.
pub(super) fn unit_target(org: &Organization, call: &Call<'_>, arn: &str) -> Result<UnitId, Refusal> {
    let last = arn.rsplit('/').next().unwrap_or_default();
    let Some(unit) = UnitId::parse(last) else {
        return Err(invalid(format!("`{arn}` is not the ARN of an OU")));
    };
    let target = TargetId::Unit(unit.clone());
    if !org.has_target(&target) || arns(org, call.settings).target(&target) != arn {
        return Err(not_found(format!("there is no OU `{arn}`")));
    }
    Ok(unit)
}

/// Returns the parameters of a call; a key is given once.
pub(super) fn parameters(call: &Call<'_>) -> Result<Option<Vec<Parameter>>, Refusal> {
    let Some(given) = call.input.objects("parameters").map_err(unreadable)? else {
        return Ok(None);
    };
    let mut parameters: Vec<Parameter> = Vec::new();
    for parameter in given {
        let key = parameter.required_text("key").map_err(unreadable)?.to_owned();
        let value = parameter.document("value").cloned().unwrap_or(Value::Null);
        if value.is_null() || parameters.iter().any(|known| known.key == key) {
            return Err(invalid(format!("parameter `{key}` has no value, or two")));
        }
        parameters.push(Parameter { key, value });
    }
    Ok(Some(parameters))
}
