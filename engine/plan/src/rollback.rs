//! Going back: one stack set as an earlier spec declares it, as fast as is safe.

use lz_model::desired::DesiredStackSet;
use lz_model::stack::Pace;

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
