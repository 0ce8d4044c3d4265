//! Going back: the rollout of one stack set without its caution.

use lz_model::address::Address;
use lz_model::desired::{Desired, DesiredStackSet, StackTarget};
use lz_model::stack::Pace;
use std::collections::BTreeSet;

/// Whether waves are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waves {
    /// In their order, without gates.
    Kept,
    /// All at once.
    AtOnce,
}

/// Makes the rollout of a set as wide as is safe.
pub fn widest(set: &mut DesiredStackSet, waves: Waves) {
    set.rollout.pace = Pace::WIDEST;
    match waves {
        Waves::AtOnce => set.rollout.waves.clear(),
        Waves::Kept => {
            for wave in &mut set.rollout.waves {
                wave.pace = Pace::WIDEST;
                wave.bake_seconds = 0;
                wave.gate = None;
            }
        }
    }
}

/// Returns what a set names and a spec does not declare: OUs, accounts, other sets.
#[must_use]
pub fn missing_targets(desired: &Desired, set: &DesiredStackSet) -> BTreeSet<Address> {
    let targets = set
        .deploy
        .iter()
        .flat_map(|deploy| &deploy.targets)
        .chain(&set.except)
        .chain(set.overrides.iter().flat_map(|one| &one.targets))
        .chain(set.rollout.waves.iter().flat_map(|wave| &wave.targets));
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
