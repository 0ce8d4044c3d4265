//! Going back: one stack set as an earlier spec declares it, as fast as is safe.

use lz_model::address::Address;
use lz_model::desired::{Desired, DesiredStackSet, StackTarget};
use lz_model::stack::Pace;
use std::collections::BTreeSet;

/// What becomes of a set's waves on the way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waves {
    /// They keep their order, without pauses between them.
    Kept,
    /// Every account goes back at once.
    AtOnce,
}

/// Makes a declaration go back as fast as is safe: the widest pace, no bake time and no gates. What went wrong is
/// in the accounts already, and each minute there costs more than a failure in one of them.
pub fn widest(set: &mut DesiredStackSet, waves: Waves) {
    set.rollout.pace = Pace::WIDEST;
    match waves {
        Waves::Kept => {
            for wave in &mut set.rollout.waves {
                wave.pace = Pace::WIDEST;
                wave.bake_seconds = 0;
                wave.gate = None;
            }
        }
        Waves::AtOnce => set.rollout.waves.clear(),
    }
}

/// Returns whether two declarations of a set mean the same stacks, however fast and in whatever order they get there.
#[must_use]
pub fn means_the_same(one: &DesiredStackSet, other: &DesiredStackSet) -> bool {
    let other = DesiredStackSet {
        rollout: one.rollout.clone(),
        depends_on: one.depends_on.clone(),
        ..other.clone()
    };
    *one == other
}

/// Returns the OUs and accounts that a set names and a spec does not declare: their ids cannot be known.
#[must_use]
pub fn missing_targets(desired: &Desired, set: &DesiredStackSet) -> BTreeSet<Address> {
    let deployed = set.deploy.iter().flat_map(|deploy| &deploy.targets);
    let overridden = set.overrides.iter().flat_map(|one| &one.targets);
    let waves = set.rollout.waves.iter().flat_map(|wave| &wave.targets);
    let targets = deployed.chain(&set.except).chain(overridden).chain(waves);
    targets
        .filter_map(|target| match target {
            StackTarget::Root | StackTarget::Tag { .. } => None,
            StackTarget::Ou(ou) => (!desired.ous.contains_key(ou)).then(|| Address::Ou(ou.clone())),
            StackTarget::Account(name) => {
                (!desired.accounts.contains_key(name)).then(|| Address::Account(name.clone()))
            }
        })
        .collect()
}
