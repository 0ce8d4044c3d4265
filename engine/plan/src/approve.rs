//! Consent. [`approve`] is the only maker of [`ApprovedPlan`], and only that can be applied.

use crate::check::CheckedPlan;
use lz_model::plan::{Note, Plan, Severity};

/// A plan that may be carried out.
///
/// Nobody else can make one:
/// ```compile_fail
/// fn approve_unseen(plan: lz_model::plan::Plan) -> lz_plan::approve::ApprovedPlan {
///     lz_plan::approve::ApprovedPlan(plan)
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovedPlan(Plan);

impl ApprovedPlan {
    /// Returns the plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.0
    }
}

/// What the user agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// The steps of the plan.
    Steps,
    /// The steps, and the moments in which no order keeps every account safe.
    StepsAndUnsafeMoments,
}

/// The plan has moments that need consent of their own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan has {} moment(s) that need consent", notes.len())]
pub struct NeedsConsent {
    /// The notes that describe them.
    pub notes: Vec<Note>,
}

/// Returns the plan as approved.
///
/// # Errors
/// The plan has notes of [`Severity::Consent`] and the consent does not cover them.
pub fn approve(plan: CheckedPlan, consent: Consent) -> Result<ApprovedPlan, NeedsConsent> {
    let plan = plan.into_plan();
    let notes: Vec<Note> = plan
        .notes
        .iter()
        .filter(|note| note.severity == Severity::Consent)
        .cloned()
        .collect();
    match consent {
        Consent::Steps if !notes.is_empty() => Err(NeedsConsent { notes }),
        Consent::Steps | Consent::StepsAndUnsafeMoments => Ok(ApprovedPlan(plan)),
    }
}
