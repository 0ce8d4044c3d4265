//! Auto-deployment: what sets do by themselves when accounts come, go and move (aws-facts 3.3, R24, R26).

use std::collections::{BTreeMap, BTreeSet};

use super::queue::accept;
use super::step::Step;
use crate::clock::AwsTime;
use crate::cloudformation::state::{
    Operation, OperationId, OperationStatus, Outcome, OutcomeState, PermissionModel, Place, Preferences,
    Region, SetId, StackSet, Work, uuid,
};
use crate::organizations::Organization;
use crate::settings::Settings;
use crate::world::{AccountId, ParentId, World};

/// A place in the tree that an account has left or reached.
struct Move<'a> {
    org: &'a Organization,
    account: &'a AccountId,
    from: Option<&'a ParentId>,
    to: Option<&'a ParentId>,
}

/// An account has moved from one parent to another.
pub(crate) fn account_moved(
    world: &mut World,
    org: &Organization,
    account: &AccountId,
    (from, to): (&ParentId, &ParentId),
    now: AwsTime,
    settings: &Settings,
) {
    let step = Move {
        org,
        account,
        from: Some(from),
        to: Some(to),
    };
    react(world, &step, now, settings);
}

/// An account has come into the organization.
pub(crate) fn account_joined(
    world: &mut World,
    org: &Organization,
    account: &AccountId,
    now: AwsTime,
    settings: &Settings,
) {
    let to = org.member(account).map(|member| &member.parent);
    let step = Move {
        org,
        account,
        from: None,
        to,
    };
    react(world, &step, now, settings);
}

/// An account has left the organization, where it lay under `from`.
pub(crate) fn account_left(
    world: &mut World,
    org: &Organization,
    account: &AccountId,
    from: &ParentId,
    now: AwsTime,
    settings: &Settings,
) {
    let step = Move {
        org,
        account,
        from: Some(from),
        to: None,
    };
    react(world, &step, now, settings);
}

/// Returns the root and every OU down to a parent, which is the last.
pub(crate) fn lineage(org: &Organization, parent: &ParentId) -> Vec<ParentId> {
    let units = org.chain(parent).into_iter().cloned().map(ParentId::Unit);
    std::iter::once(ParentId::Root(org.root.clone()))
        .chain(units)
        .collect()
}

/// Returns the Regions that a set deploys to under a parent, each with the target nearest to it: OUs inside a
/// target are targets too (aws-facts 3.3).
fn regions_under(
    set: &StackSet,
    org: &Organization,
    parent: Option<&ParentId>,
) -> BTreeMap<Region, ParentId> {
    let mut regions = BTreeMap::new();
    for parent in parent.map(|parent| lineage(org, parent)).unwrap_or_default() {
        for region in set.targets.get(&parent).into_iter().flatten() {
            regions.insert(region.clone(), parent.clone());
        }
    }
    regions
}

fn react(world: &mut World, step: &Move<'_>, now: AwsTime, settings: &Settings) {
    // The management account is never reached under SERVICE_MANAGED (aws-facts R27).
    if *step.account == step.org.management {
        return;
    }
    let mut begun = Vec::new();
    for id in world.cloudformation.ids_of(&step.org.management) {
        let Some(set) = world.cloudformation.sets.get(&id) else {
            continue;
        };
        if set.model != PermissionModel::ServiceManaged || !set.deploys_by_itself() {
            continue;
        }
        let (old, new) = (
            regions_under(set, step.org, step.from),
            regions_under(set, step.org, step.to),
        );
        let retain = set.auto.as_ref().and_then(|auto| auto.retain).unwrap_or(false);
        let is_there = |region: &Region| set.instances.get(&Place::new(step.account, region)).is_some();
        let leaving: BTreeMap<_, _> = old
            .iter()
            .filter(|(region, _)| !new.contains_key(*region) && is_there(region))
            .map(|(region, unit)| (region.clone(), unit.clone()))
            .collect();
        let coming: BTreeMap<_, _> = new
            .iter()
            .filter(|(region, _)| !old.contains_key(*region))
            .map(|(region, unit)| (region.clone(), unit.clone()))
            .collect();
        stay(world, &id, step.account, &new);
        if !leaving.is_empty() {
            enqueue(
                world,
                &id,
                step.account,
                leaving,
                Work::Delete { retain },
                now,
                settings,
            );
        }
        if !coming.is_empty() {
            let work = Work::Create { overrides: None };
            enqueue(world, &id, step.account, coming, work, now, settings);
            begun.push(id);
        }
    }
    for id in &begun {
        depend(world, id);
    }
}

/// An instance that stays under the set's targets only changes the OU through which it is there. Whether AWS makes
/// it anew is UNCONFIRMED: its documentation speaks of moves from one set to another.
fn stay(world: &mut World, id: &SetId, account: &AccountId, new: &BTreeMap<Region, ParentId>) {
    for (region, unit) in new {
        let place = Place::new(account, region);
        let known = world
            .cloudformation
            .sets
            .get(id)
            .and_then(|set| set.instances.get(&place));
        if known.is_some_and(|instance| instance.unit.as_ref() != Some(unit))
            && let Some(set) = world.cloudformation.get_mut(id)
            && let Some(instance) = set.instances.get_mut(&place)
        {
            instance.unit = Some(unit.clone());
        }
    }
}

/// Queues an automatic operation, or adds the account to one that waits already.
fn enqueue(
    world: &mut World,
    id: &SetId,
    account: &AccountId,
    regions: BTreeMap<Region, ParentId>,
    work: Work,
    now: AwsTime,
    settings: &Settings,
) {
    let name = OperationId::new(&uuid(world.mint.number()));
    let Some(set) = world.cloudformation.get_mut(id) else {
        return;
    };
    let waiting = set.open_operations().find(|operation| {
        operation.automatic && operation.status == OperationStatus::Queued && operation.work == work
    });
    let waiting = waiting.map(|operation| operation.id.clone());
    let mut operation = Operation {
        id: name,
        status: OperationStatus::Queued,
        reason: None,
        work,
        preferences: Preferences::default(),
        given: None,
        digest: 0,
        automatic: true,
        after: Vec::new(),
        created_at: now,
        started_at: None,
        ended_at: None,
        order: Vec::new(),
        outcomes: BTreeMap::new(),
        drift: None,
        lanes: Vec::new(),
        over: false,
    };
    let found = waiting.and_then(|id| set.operation_mut(&id));
    let joins = found.is_some();
    let target = match found {
        Some(found) => found,
        None => &mut operation,
    };
    for (region, unit) in regions {
        if !target.order.contains(&region) {
            target.order.push(region.clone());
        }
        let outcome = Outcome {
            state: OutcomeState::Pending,
            reason: None,
            unit: Some(unit),
        };
        target.outcomes.insert(Place::new(account, &region), outcome);
    }
    if !joins {
        accept(world, id, operation, now, settings);
    }
}

/// An automatic operation waits for those of the sets that its set depends on (aws-facts R26).
fn depend(world: &mut World, id: &SetId) {
    let Some(set) = world.cloudformation.sets.get(id) else {
        return;
    };
    let before: BTreeSet<&str> = set
        .auto
        .iter()
        .flat_map(|auto| auto.depends_on.iter())
        .filter_map(|arn| arn.rsplit_once(":stackset/").map(|(_, id)| id))
        .map(|path| path.trim_start_matches('/'))
        .collect();
    let mut after = Vec::new();
    for other in before {
        let Some((other, set)) = world.cloudformation.sets.iter().find(|(id, _)| {
            // The ARN writes the id as `name:uuid`.
            id.as_str() == other
        }) else {
            continue;
        };
        let open = set.open_operations().filter(|operation| operation.automatic);
        after.extend(open.map(|operation| (other.clone(), operation.id.clone())));
    }
    let Some(set) = world.cloudformation.get_mut(id) else {
        return;
    };
    let own: Vec<OperationId> = set
        .open_operations()
        .filter(|operation| {
            operation.automatic
                && operation.status == OperationStatus::Queued
                && matches!(operation.work, Work::Create { .. })
        })
        .map(|operation| operation.id.clone())
        .collect();
    for operation in own {
        if let Some(operation) = set.operation_mut(&operation) {
            for dependency in &after {
                if !operation.after.contains(dependency) {
                    operation.after.push(dependency.clone());
                }
            }
        }
    }
}

impl Step<'_> {
    /// Drops from an automatic operation what has moved on while it waited.
    pub(super) fn drop_outdated(&mut self) {
        if !self.op.automatic {
            return;
        }
        let creates = matches!(self.op.work, Work::Create { .. });
        let (world, set) = (&*self.world, &*self.set);
        let org = world.organization_of(&set.admin);
        self.op.outcomes.retain(|place, _| {
            let member = org.and_then(|org| org.member(&place.account).map(|member| (org, member)));
            let wanted = member.is_some_and(|(org, member)| {
                regions_under(set, org, Some(&member.parent)).contains_key(&place.region)
            });
            let is_there = set.instances.get(place).is_some();
            if creates {
                wanted && !is_there
            } else {
                !wanted && is_there
            }
        });
    }
}
