//! The ordering rules: one small function per rule, each named after it, sources in [`lz_model::rule::Rule`].

mod account;
mod enrolment;
mod features;
mod identity;
mod organization;
mod ou;
mod policy;
pub(crate) mod safety;
mod stack;
mod tower;

use crate::context::{Context, PolicyKey};
use crate::draft::Draft;
use crate::entity::Entity;
use lz_model::plan::{Action, StepId};
use lz_model::rule::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// The steps, and where to find them.
pub(crate) struct Steps<'a> {
    pub(crate) list: &'a [Draft],
    pub(crate) makers: BTreeMap<StepId, Vec<StepId>>,
    creators: BTreeMap<&'a Entity, usize>,
    policy_creators: BTreeMap<&'a PolicyKey, usize>,
    by_id: BTreeMap<&'a StepId, usize>,
}

/// An edge: the step at the first index comes before the step at the second.
pub(crate) type EdgeSet = BTreeSet<(usize, usize, Rule)>;

impl<'a> Steps<'a> {
    pub(crate) fn new(context: &Context<'_>, list: &'a [Draft]) -> Self {
        let mut steps = Self {
            list,
            makers: crate::room::room_makers(context, list),
            creators: BTreeMap::new(),
            policy_creators: BTreeMap::new(),
            by_id: BTreeMap::new(),
        };
        for (index, draft) in list.iter().enumerate() {
            steps.by_id.insert(&draft.step.id, index);
            if let (
                Action::CreateOu { .. } | Action::CreateAccount { .. } | Action::InviteAccount { .. },
                Some(entity),
            ) = (&draft.step.action, &draft.entity)
            {
                steps.creators.insert(entity, index);
            }
            if let (Action::CreatePolicy { .. }, Some(policy)) = (&draft.step.action, &draft.policy) {
                steps.policy_creators.insert(policy, index);
            }
        }
        steps
    }

    /// Returns the steps with their indices.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &'a Draft)> + use<'a> {
        self.list.iter().enumerate()
    }

    /// Returns the steps for whose action `pick` has an answer, with that answer.
    pub(crate) fn picked<T>(
        &self,
        pick: impl Fn(&'a Action) -> Option<T> + 'a,
    ) -> impl Iterator<Item = (usize, &'a Draft, T)> {
        self.iter()
            .filter_map(move |(index, draft)| pick(&draft.step.action).map(|found| (index, draft, found)))
    }

    pub(crate) fn creator(&self, entity: &Entity) -> Option<usize> {
        self.creators.get(entity).copied()
    }

    pub(crate) fn policy_creator(&self, policy: &PolicyKey) -> Option<usize> {
        self.policy_creators.get(policy).copied()
    }

    pub(crate) fn index(&self, id: &StepId) -> Option<usize> {
        self.by_id.get(id).copied()
    }
}

/// Returns all edges of all rules.
pub(crate) fn edges(context: &Context<'_>, steps: &Steps<'_>) -> EdgeSet {
    let rules: [fn(&Context<'_>, &Steps<'_>, &mut EdgeSet); 66] = [
        organization::organization_first,
        organization::trusted_access_first,
        organization::dependents_before_trust,
        organization::administrators_in_turn,
        organization::region_first,
        policy::policy_type_first,
        policy::policy_first,
        policy::target_first,
        policy::attach_before_detach,
        policy::room_before_attach,
        policy::detach_before_delete,
        policy::delete_before_disable,
        policy::update_before_attach,
        policy::grow_before_shrink,
        policy::detach_before_update,
        policy::names_freed_first,
        ou::parent_first,
        ou::empty_before_delete,
        ou::children_before_parent,
        ou::names_freed_first,
        account::account_first,
        account::deregister_before_leaving,
        account::move_before_close,
        account::id_first,
        stack::trusted_access_first,
        stack::dependents_before_trust,
        stack::stack_set_first,
        stack::stack_dependency,
        stack::one_operation,
        stack::wave_in_turn,
        stack::arrive_before_deploy,
        stack::undeploy_before_leaving,
        stack::empty_before_delete_set,
        stack::names_freed_first,
        features::root_access_trusted,
        features::credentials_before_sessions,
        features::administrator_before_policy,
        tower::prepared_zone,
        tower::landing_zone_first,
        tower::parent_baseline_first,
        tower::child_baselines_go_first,
        tower::baseline_before_backup,
        tower::one_baseline,
        tower::baseline_before_control,
        tower::enable_after_disable,
        enrolment::arrive_before_baseline,
        enrolment::baseline_before_arrival,
        enrolment::baseline_before_departure,
        enrolment::let_go_before_arrival,
        enrolment::enrol_in_turn,
        enrolment::enrol_before_control,
        enrolment::control_before_arrival,
        tower::enable_before_disable,
        tower::unregister_before_delete,
        identity::permission_set_first,
        identity::provision_after_change,
        identity::account_first,
        identity::arrive_before_grant,
        identity::grant_before_revoke,
        identity::revoke_before_provision,
        identity::revoke_before_delete_set,
        identity::revoke_before_leaving,
        identity::trusted_access,
        safety::tighten_before_loosen,
        safety::around_moves,
        // It reads the edges of all rules above.
        organization::successor_first,
    ];
    let mut edges = EdgeSet::new();
    for rule in rules {
        rule(context, steps, &mut edges);
    }
    edges.retain(|(first, then, _)| first != then);
    edges
}
