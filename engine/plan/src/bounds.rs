//! The `safety` block: the most that one plan may do.

use crate::refusal::Problems;
use lz_model::desired::Desired;
use lz_model::plan::{Action, IdentityWork, StackSetWork, StackWork, Step, TowerStep, TowerWork, Work};

/// What a plan does that the `safety` block can bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// OUs, policies, attachments, stack sets, stacks, operations that delete stacks of a set, baselines, controls,
    /// permission sets, and revocations.
    pub removals: u32,
    /// Accounts closed or released.
    pub closures: u32,
    /// Existing accounts moved.
    pub moves: u32,
}

/// Returns how much the steps do.
pub fn weigh<'a>(steps: impl Iterator<Item = &'a Step>) -> Weight {
    let mut weight = Weight::default();
    for step in steps {
        match &step.action {
            Action::DeleteOu { .. }
            | Action::DeletePolicy { .. }
            | Action::DetachPolicy { .. }
            | Action::StackSet(
                StackSetWork::Delete { .. }
                | StackSetWork::Operate {
                    operation: Work::Delete { retain: false },
                    ..
                },
            )
            | Action::Stack(StackWork::Delete { .. })
            | Action::Tower(TowerStep {
                work: TowerWork::DisableBaseline { .. } | TowerWork::DisableControl { .. },
                ..
            })
            | Action::Identity(IdentityWork::DeleteSet { .. } | IdentityWork::Revoke(_)) => {
                weight.removals = weight.removals.saturating_add(1);
            }
            Action::CloseAccount { .. } | Action::ReleaseAccount { .. } => {
                weight.closures = weight.closures.saturating_add(1);
            }
            Action::MoveAccount { account, .. } if account.id.now().is_some() => {
                weight.moves = weight.moves.saturating_add(1);
            }
            Action::MoveAccount { .. }
            | Action::CreateOrganization {}
            | Action::EnableTrustedService { .. }
            | Action::DisableTrustedService { .. }
            | Action::EnablePolicyType { .. }
            | Action::DisablePolicyType { .. }
            | Action::CreateOu { .. }
            | Action::RenameOu { .. }
            | Action::CreateAccount { .. }
            | Action::RenameAccount { .. }
            | Action::CreatePolicy { .. }
            | Action::UpdatePolicy { .. }
            | Action::AttachPolicy { .. }
            | Action::SetTags { .. }
            | Action::RegisterAdmin { .. }
            | Action::DeregisterAdmin { .. }
            | Action::Feature(_)
            | Action::StackSet(
                StackSetWork::Create { .. }
                | StackSetWork::Configure { .. }
                | StackSetWork::Operate { .. }
                | StackSetWork::PassGate { .. }
                | StackSetWork::Await { .. },
            )
            | Action::Stack(StackWork::Create { .. } | StackWork::Update { .. })
            | Action::Tower(_)
            | Action::Identity(
                IdentityWork::CreateSet { .. }
                | IdentityWork::UpdateSet { .. }
                | IdentityWork::ProvisionSet { .. }
                | IdentityWork::Grant(_),
            )
            | Action::Settings(_) => {}
        }
    }
    weight
}

pub(crate) fn check<'a>(
    desired: &Desired,
    steps: impl Iterator<Item = &'a Step>,
    problems: &mut Problems<'_>,
) {
    let weight = weigh(steps);
    let bounds = [
        (
            "max_removals",
            "remove",
            "OUs, policies, attachments, stack sets, stacks, baselines, controls, permission sets and assignments",
            weight.removals,
            desired.safety.max_removals,
        ),
        (
            "max_closures",
            "close or release",
            "accounts",
            weight.closures,
            desired.safety.max_closures,
        ),
        (
            "max_moves",
            "move",
            "accounts",
            weight.moves,
            desired.safety.max_moves,
        ),
    ];
    for (name, verb, what, count, bound) in bounds {
        if let Some(bound) = bound.filter(|bound| count > *bound) {
            problems.add(
                "safety_bound",
                None,
                format!("the plan would {verb} {count} {what}; `safety` allows {bound}"),
                format!("raise `{name}` if this is what you want, or make the change in parts"),
            );
        }
    }
}
