//! Room for attachments: the most and the least that one target may have (aws-facts section 5).

use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::entity::Entity;
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::plan::{Action, StepId};
use lz_model::policy_type::PolicyType;
use std::collections::{BTreeMap, BTreeSet};

/// A target and a policy type.
pub(crate) type Slot = (Entity, PolicyType);

/// How the number of policies on a target changes.
#[derive(Debug, Default)]
struct Count {
    before: usize,
    attach: Vec<StepId>,
    detach: Vec<StepId>,
}

/// Adds a problem for each target that would end with too many policies or without an SCP.
pub(crate) fn check(context: &Context<'_>, drafts: &Drafts, problems: &mut Problems<'_>) {
    for ((entity, policy_type), count) in counts(context, &drafts.list) {
        let after = (count.before + count.attach.len()).saturating_sub(count.detach.len());
        let address = context.address(&entity).unwrap_or(Address::Root);
        let name = context.shown(&entity);
        if !count.attach.is_empty() && after > policy_type.max_attachments() {
            problems.add(
                "too_many_attachments",
                address,
                format!(
                    "`{name}` would have {after} {policy_type} policies; AWS takes {} (those of AWS included)",
                    policy_type.max_attachments()
                ),
                "merge policies, or attach some of them to the parent",
            );
        } else if policy_type == PolicyType::Scp && !count.detach.is_empty() && after == 0 {
            problems.add(
                "last_scp",
                address,
                format!(
                    "`{name}` would be left without a service control policy, which AWS refuses (rule R4)"
                ),
                "attach another policy to it, or leave `FullAWSAccess` there",
            );
        }
    }
}

/// Returns the detachments that must come first because their target is full, each with the attachments
/// that wait for them.
pub(crate) fn room_makers(context: &Context<'_>, drafts: &[Draft]) -> BTreeMap<StepId, Vec<StepId>> {
    let mut makers = BTreeMap::new();
    for ((_, policy_type), count) in counts(context, drafts) {
        let peak = count.before + count.attach.len();
        let over = peak.saturating_sub(policy_type.max_attachments());
        for step in count.detach.iter().take(over) {
            makers.insert(step.clone(), count.attach.clone());
        }
    }
    makers
}

fn counts(context: &Context<'_>, drafts: &[Draft]) -> BTreeMap<Slot, Count> {
    let mut counts: BTreeMap<Slot, Count> = BTreeMap::new();
    for draft in drafts {
        let Some(entity) = &draft.to else { continue };
        if let Action::AttachPolicy { policy_type, .. } = &draft.step.action {
            counts
                .entry((entity.clone(), *policy_type))
                .or_default()
                .attach
                .push(draft.step.id.clone());
        } else if let Action::DetachPolicy { policy_type, .. } = &draft.step.action {
            counts
                .entry((entity.clone(), *policy_type))
                .or_default()
                .detach
                .push(draft.step.id.clone());
        }
    }
    let touched: BTreeSet<Entity> = counts.keys().map(|(entity, _)| entity.clone()).collect();
    for policy in context.live.iter().flat_map(|live| live.policies.values()) {
        for target in &policy.targets {
            let entity = Entity::of_target(target);
            if touched.contains(&entity)
                && let Some(count) = counts.get_mut(&(entity, policy.policy_type))
            {
                count.before += 1;
            }
        }
    }
    // R5: AWS attaches its own policy to whatever is new, and everywhere when a type is switched on.
    for ((entity, policy_type), count) in &mut counts {
        let arrives = policy_type.full_access_id().is_some()
            && (!context.trees.existed(entity) || !context.is_on(*policy_type));
        count.before += usize::from(arrives);
    }
    counts
}
