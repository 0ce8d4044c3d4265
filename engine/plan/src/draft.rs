//! Steps under construction: what the ordering rules need to know of each.

use crate::context::PolicyKey;
use crate::entity::Entity;
use crate::stacks::Place;
use lz_model::address::Address;
use lz_model::desired::Desired;
use lz_model::plan::{
    Action, IdentityWork, Lane, Note, Reason, Severity, StackSetWork, StackWork, Step, StepId, TowerKind,
    TowerWork, Work,
};
use lz_policy::guard::Effect;

/// A step with the objects that it touches.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) step: Step,
    /// The OU or account that the step creates, changes or ends.
    pub(crate) entity: Option<Entity>,
    /// Where an account leaves from.
    pub(crate) from: Option<Entity>,
    /// Where an account goes, where a policy is attached or detached.
    pub(crate) to: Option<Entity>,
    /// The policy that the step creates, changes, attaches, detaches or deletes.
    pub(crate) policy: Option<PolicyKey>,
    /// What the step does to those whom a guardrail binds, and through which targets.
    pub(crate) guard: Option<Guard>,
    /// Where the step stands among those of its stack set.
    pub(crate) stack: Option<Place>,
}

/// The effect of a step on guardrails.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    pub(crate) effect: Effect,
    pub(crate) targets: Vec<Entity>,
}

impl Draft {
    /// Returns a step without edges. `verb` makes its id unique among the steps of its address.
    pub(crate) fn new(
        desired: &Desired,
        address: Address,
        verb: &str,
        action: Action,
        reason: Reason,
    ) -> Self {
        let origin = match &reason {
            Reason::AskedFor { origin } => origin.clone(),
            Reason::Missing {}
            | Reason::Differs {}
            | Reason::Adopted { .. }
            | Reason::Relabelled { .. }
            | Reason::LeftSpec {}
            | Reason::NotListed {}
            | Reason::Replaced { .. } => desired.origin(&address).cloned(),
        };
        let step = Step {
            id: StepId::new(&address, verb),
            lane: lane(&action),
            reversible: reversible(&action),
            address,
            action,
            reason,
            after: Vec::new(),
            origin,
        };
        Self {
            step,
            entity: None,
            from: None,
            to: None,
            policy: None,
            guard: None,
            stack: None,
        }
    }

    pub(crate) fn entity(mut self, entity: Entity) -> Self {
        self.entity = Some(entity);
        self
    }

    pub(crate) fn to(mut self, to: Entity) -> Self {
        self.to = Some(to);
        self
    }

    pub(crate) fn policy(mut self, policy: PolicyKey) -> Self {
        self.policy = Some(policy);
        self
    }

    pub(crate) fn guard(mut self, effect: Option<Effect>, targets: Vec<Entity>) -> Self {
        self.guard = effect.map(|effect| Guard { effect, targets });
        self
    }
}

/// Everything that the diff brings.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    pub(crate) list: Vec<Draft>,
    pub(crate) notes: Vec<Note>,
}

impl Drafts {
    pub(crate) fn push(&mut self, draft: Draft) {
        self.list.push(draft);
    }

    pub(crate) fn note(
        &mut self,
        severity: Severity,
        code: &str,
        address: impl Into<Option<Address>>,
        text: impl Into<String>,
    ) {
        self.notes.push(Note {
            severity,
            code: code.to_owned(),
            address: address.into(),
            text: text.into(),
        });
    }
}

fn lane(action: &Action) -> Lane {
    match action {
        Action::CreateAccount { .. } => Lane::AccountCreation,
        Action::CloseAccount { .. } => Lane::AccountClosure,
        Action::RenameAccount { .. } | Action::Settings(_) => Lane::AccountSettings,
        Action::Identity(_) => Lane::Identity,
        Action::StackSet(_) | Action::Stack(_) => Lane::Stacks,
        Action::Tower(step) => match step.work.kind() {
            TowerKind::Zone | TowerKind::Baseline => Lane::ControlTower,
            TowerKind::Control => Lane::Controls,
            TowerKind::Enrolment => Lane::Enrolments,
        },
        Action::CreateOrganization {}
        | Action::EnableTrustedService { .. }
        | Action::DisableTrustedService { .. }
        | Action::EnablePolicyType { .. }
        | Action::DisablePolicyType { .. }
        | Action::CreateOu { .. }
        | Action::RenameOu { .. }
        | Action::DeleteOu { .. }
        | Action::MoveAccount { .. }
        | Action::ReleaseAccount { .. }
        | Action::CreatePolicy { .. }
        | Action::UpdatePolicy { .. }
        | Action::DeletePolicy { .. }
        | Action::AttachPolicy { .. }
        | Action::DetachPolicy { .. }
        | Action::SetTags { .. }
        | Action::Feature(_)
        | Action::RegisterAdmin { .. }
        | Action::DeregisterAdmin { .. } => Lane::Organization,
    }
}

/// A later plan can undo a step unless it ends something whose id or content AWS does not give back.
fn reversible(action: &Action) -> bool {
    match action {
        // A new account can only be closed again, which takes 90 days.
        Action::CloseAccount { .. }
        | Action::ReleaseAccount { .. }
        | Action::CreateAccount { .. }
        | Action::DeleteOu { .. }
        | Action::DeletePolicy { .. }
        | Action::DisablePolicyType { .. }
        // Resources that go with a stack do not come back with the next one.
        | Action::StackSet(StackSetWork::Delete { .. })
        | Action::StackSet(StackSetWork::Operate {
            operation: Work::Delete { retain: false },
            ..
        })
        | Action::Stack(StackWork::Delete { .. }) => false,
        // A landing zone's version does not go back (aws-facts section 4.4).
        Action::Tower(step) => !rises(&step.work),
        // What the set was is told by the plan, and everything about it can be made again but its ARN.
        Action::Identity(IdentityWork::DeleteSet { .. }) => false,
        Action::StackSet(_) | Action::Stack(_) | Action::Identity(_) | Action::Settings(_) => true,
        Action::CreateOrganization {}
        | Action::EnableTrustedService { .. }
        | Action::DisableTrustedService { .. }
        | Action::EnablePolicyType { .. }
        | Action::CreateOu { .. }
        | Action::RenameOu { .. }
        | Action::MoveAccount { .. }
        | Action::RenameAccount { .. }
        | Action::CreatePolicy { .. }
        | Action::UpdatePolicy { .. }
        | Action::AttachPolicy { .. }
        | Action::DetachPolicy { .. }
        | Action::SetTags { .. }
        | Action::Feature(_)
        | Action::RegisterAdmin { .. }
        | Action::DeregisterAdmin { .. } => true,
    }
}

fn rises(work: &TowerWork) -> bool {
    matches!(work, TowerWork::UpdateZone { version, .. } if version.before != version.after)
}
