//! Invariants of a plan. [`check`] is the only maker of [`CheckedPlan`].

use lz_model::plan::{Action, Plan, Reason, Step, StepId};
use std::collections::BTreeSet;

/// A plan whose invariants hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPlan(Plan);

impl CheckedPlan {
    /// Returns the plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.0
    }

    /// Returns the plan itself.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        self.0
    }
}

/// A broken invariant. In a fresh plan it is a bug in lz; in a plan from a file, a file that was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// Two steps have one id.
    #[error("the step `{0}` is in the plan twice")]
    Twice(StepId),
    /// A step comes before one that it waits for, or waits for one that is not there.
    #[error("the step `{step}` comes before `{needs}`, which it needs")]
    OutOfOrder {
        /// The step.
        step: StepId,
        /// What it waits for.
        needs: StepId,
    },
    /// An account would be closed or released without a `removed` block.
    #[error("the step `{0}` ends an account, and the spec does not ask for it")]
    NotAskedFor(StepId),
}

/// Returns the plan as checked.
///
/// # Errors
/// The first invariant that does not hold.
pub fn check(plan: Plan) -> Result<CheckedPlan, CheckError> {
    let mut seen: BTreeSet<&StepId> = BTreeSet::new();
    for step in &plan.steps {
        if let Some(edge) = step.after.iter().find(|edge| !seen.contains(&edge.step)) {
            return Err(CheckError::OutOfOrder {
                step: step.id.clone(),
                needs: edge.step.clone(),
            });
        }
        if !seen.insert(&step.id) {
            return Err(CheckError::Twice(step.id.clone()));
        }
        asked_for(step)?;
    }
    Ok(CheckedPlan(plan))
}

/// INVARIANT: an account ends only where the spec names it (design: nothing irreversible by absence).
fn asked_for(step: &Step) -> Result<(), CheckError> {
    let ends = matches!(
        step.action,
        Action::CloseAccount { .. } | Action::ReleaseAccount { .. }
    );
    if ends && !matches!(step.reason, Reason::AskedFor { .. }) {
        return Err(CheckError::NotAskedFor(step.id.clone()));
    }
    Ok(())
}
