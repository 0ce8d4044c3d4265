//! The steps of one stack set under construction.

use super::Scene;
use crate::draft::Draft;
use crate::entity::Entity;
use crate::stacks::reach::{Field, Target, Tree};
use crate::stacks::roster::Standing;
use crate::stacks::{Phase, Place, Turn};
use lz_model::address::Address;
use lz_model::id::Region;
use lz_model::plan::{AccountFilter, Action, PlannedSet, Reason, StackSetWork, StackTargets};
use std::collections::{BTreeMap, BTreeSet};

/// Which OUs an operation named whole, and in which Regions.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) creates: bool,
    pub(super) ous: Vec<Entity>,
    pub(super) regions: Vec<Region>,
    pub(super) whole: bool,
}

pub(super) struct Steps<'a, 'c> {
    pub(super) scene: &'a Scene<'a, 'c>,
    pub(super) address: Address,
    pub(super) set: PlannedSet,
    pub(super) service: bool,
    pub(super) managed_execution: bool,
    /// Whether AWS follows arrivals by itself once the plan is carried out.
    pub(super) learns: bool,
    /// What makes verbs unique where several sets have one address.
    pub(super) suffix: String,
    pub(super) drafts: Vec<Draft>,
    /// What the operations have told AWS about OUs.
    pub(super) told: Vec<Told>,
    reason: Reason,
    verbs: BTreeMap<String, usize>,
}

impl<'a, 'c> Steps<'a, 'c> {
    pub(super) fn new(
        scene: &'a Scene<'a, 'c>,
        address: Address,
        set: PlannedSet,
        reason: Reason,
        service: bool,
    ) -> Self {
        Self {
            scene,
            address,
            set,
            service,
            managed_execution: false,
            learns: false,
            suffix: String::new(),
            drafts: Vec::new(),
            told: Vec::new(),
            reason,
            verbs: BTreeMap::new(),
        }
    }

    /// Adds a step. A verb that is taken gets a number.
    pub(super) fn push(
        &mut self,
        verb: &str,
        work: StackSetWork,
        (phase, wave, turn): (Phase, usize, Turn),
        awaits: Vec<Entity>,
        frees: Vec<Entity>,
    ) {
        let verb = format!("{verb}{}", self.suffix);
        let count = self.verbs.entry(verb.clone()).or_default();
        *count += 1;
        let verb = if *count == 1 {
            verb
        } else {
            format!("{verb} {count}")
        };
        let mut draft = Draft::new(
            self.scene.context.desired,
            self.address.clone(),
            &verb,
            Action::StackSet(work),
            self.reason.clone(),
        );
        draft.stack = Some(Place {
            set: self.set.key(),
            phase,
            wave,
            turn,
            managed_execution: self.managed_execution,
            service: self.service,
            awaits,
            frees,
        });
        self.drafts.push(draft);
    }

    pub(super) fn field<'r>(
        &'r self,
        tree: Tree,
        regions: &'r [Region],
        inner: bool,
        kept: &'r BTreeSet<Entity>,
    ) -> Field<'r, 'c> {
        Field {
            kept,
            context: self.scene.context,
            roster: &self.scene.roster,
            tree,
            regions,
            inner,
            closed: false,
        }
    }

    /// Returns the accounts and OUs that must be in their place before an operation on a target begins.
    pub(super) fn awaits(&self, target: &Target) -> Vec<Entity> {
        let inside: BTreeSet<usize> = target.members.iter().copied().collect();
        let named = |above: &[Entity]| above.iter().any(|above| target.ous.contains(above));
        let mut found: BTreeSet<Entity> = target
            .ous
            .iter()
            .filter(|ou| matches!(ou, Entity::NewOu(_)))
            .cloned()
            .collect();
        for index in &self.scene.roster.arrivals {
            let Some(member) = self.scene.roster.members.get(*index) else {
                continue;
            };
            let comes = inside.contains(index) && (self.service || member.above_before.is_empty());
            let goes = target.open && named(&member.above_before) && !named(&member.above);
            // AWS would deploy by itself to an account that comes once it knows the OU.
            let late = self.learns && named(&member.above);
            // An account that is left out is named, so it must exist, and lies in the OU that is named with it.
            let left_out = target.leaves_out() && !inside.contains(index) && named(&member.above);
            if comes || goes || late || left_out {
                found.insert(member.entity.clone());
            }
        }
        found.into_iter().collect()
    }

    /// Returns the accounts that come to any of the OUs.
    pub(super) fn arrivals<'e>(&self, ous: impl Iterator<Item = &'e Entity>) -> Vec<Entity> {
        let ous: BTreeSet<&Entity> = ous.collect();
        let members = self.scene.roster.arrivals.iter();
        members
            .filter_map(|index| self.scene.roster.members.get(*index))
            .filter(|member| member.above.iter().any(|above| ous.contains(above)))
            .map(|member| member.entity.clone())
            .collect()
    }

    /// Returns the accounts and OUs that may go once an operation on a target has ended.
    pub(super) fn frees(&self, target: &Target) -> Vec<Entity> {
        let members = target
            .members
            .iter()
            .filter_map(|index| self.scene.roster.members.get(*index));
        let going = members.filter(|member| member.arrives() || member.standing == Standing::Ending);
        let ous = target.ous.iter().filter(|ou| self.scene.dying.contains(ou));
        going.map(|member| &member.entity).chain(ous).cloned().collect()
    }

    /// Returns the accounts of a target that end with this plan.
    pub(super) fn ending(&self, target: &Target) -> Vec<Entity> {
        let members = target
            .members
            .iter()
            .filter_map(|index| self.scene.roster.members.get(*index));
        let ending = members.filter(|member| member.standing == Standing::Ending);
        ending.map(|member| member.entity.clone()).collect()
    }

    /// Remembers which OUs an operation told AWS about.
    pub(super) fn tell(&mut self, target: &Target, creates: bool) {
        let whole = matches!(
            target.reach.targets,
            StackTargets::Ous {
                filter: AccountFilter::All {},
                ..
            }
        );
        self.told.push(Told {
            creates,
            ous: target.ous.clone(),
            regions: target.reach.regions.clone(),
            whole,
        });
    }
}
