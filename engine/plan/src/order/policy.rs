//! Rules about policies and attachments.

use super::{EdgeSet, Steps};
use crate::context::{Context, PolicyKey};
use crate::draft::Draft;
use crate::entity::Entity;
use lz_model::plan::Action;
use lz_model::policy_type::PolicyType;
use lz_model::rule::Rule;
use lz_policy::guard::Effect;
use std::collections::BTreeMap;

fn attached(action: &Action) -> Option<PolicyType> {
    if let Action::AttachPolicy { policy_type, .. } = action {
        Some(*policy_type)
    } else {
        None
    }
}

fn detached(action: &Action) -> Option<PolicyType> {
    if let Action::DetachPolicy { policy_type, .. } = action {
        Some(*policy_type)
    } else {
        None
    }
}

/// R2, R3: a policy type is on before its policies are created, attached or detached.
pub(super) fn policy_type_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let enabled = |action: &Action| {
        if let Action::EnablePolicyType { policy_type, .. } = action {
            Some(*policy_type)
        } else {
            None
        }
    };
    let uses = |action: &Action| {
        let created = if let Action::CreatePolicy { policy_type, .. } = action {
            Some(*policy_type)
        } else {
            None
        };
        created.or_else(|| attached(action)).or_else(|| detached(action))
    };
    for (first, _, enabled) in steps.picked(enabled) {
        for (then, _, used) in steps.picked(uses) {
            if used == enabled {
                edges.insert((first, then, Rule::PolicyTypeFirst));
            }
        }
    }
}

/// R2: a policy exists before it is attached.
pub(super) fn policy_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, draft, _) in steps.picked(attached) {
        let creator = draft
            .policy
            .as_ref()
            .and_then(|policy| steps.policy_creator(policy));
        edges.extend(creator.map(|first| (first, then, Rule::PolicyFirst)));
    }
}

/// R2: a target exists before a policy is attached to it or detached from it.
pub(super) fn target_first(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, draft, _) in steps.picked(|action| attached(action).or_else(|| detached(action))) {
        let creator = draft.to.as_ref().and_then(|target| steps.creator(target));
        edges.extend(creator.map(|first| (first, then, Rule::TargetFirst)));
    }
}

/// R4: on one target, policies of one type come before others of that type go.
pub(super) fn attach_before_detach(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let mut attaching: BTreeMap<(&Entity, PolicyType), Vec<usize>> = BTreeMap::new();
    for (index, draft, policy_type) in steps.picked(attached) {
        if let Some(target) = &draft.to {
            attaching.entry((target, policy_type)).or_default().push(index);
        }
    }
    for (then, draft, policy_type) in steps.picked(detached) {
        if steps.makers.contains_key(&draft.step.id) {
            continue;
        }
        let first = draft
            .to
            .as_ref()
            .and_then(|target| attaching.get(&(target, policy_type)));
        edges.extend(
            first
                .into_iter()
                .flatten()
                .map(|first| (*first, then, Rule::AttachBeforeDetach)),
        );
    }
}

/// R2: where a target is full, a policy goes before another comes.
pub(super) fn room_before_attach(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (maker, waiting) in &steps.makers {
        let Some(first) = steps.index(maker) else { continue };
        let waiting = waiting.iter().filter_map(|id| steps.index(id));
        edges.extend(waiting.map(|then| (first, then, Rule::RoomBeforeAttach)));
    }
}

/// R7: a policy is detached everywhere, or its target is gone, before it is deleted.
pub(super) fn detach_before_delete(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let deleted = |action: &Action| matches!(action, Action::DeletePolicy { .. }).then_some(());
    let ou_deleted = |action: &Action| matches!(action, Action::DeleteOu { .. }).then_some(());
    for (then, draft, ()) in steps.picked(deleted) {
        for (first, other, _) in steps.picked(detached) {
            if other.policy == draft.policy {
                edges.insert((first, then, Rule::DetachBeforeDelete));
            }
        }
        let Some(PolicyKey::Live(id)) = &draft.policy else {
            continue;
        };
        let Some(policy) = context.live.and_then(|live| live.policies.get(id)) else {
            continue;
        };
        let targets: Vec<Entity> = policy.targets.iter().map(Entity::of_target).collect();
        for (first, other, ()) in steps.picked(ou_deleted) {
            if other.entity.as_ref().is_some_and(|ou| targets.contains(ou)) {
                edges.insert((first, then, Rule::DetachBeforeDelete));
            }
        }
    }
}

/// R6: policies are detached and deleted before their type is switched off.
pub(super) fn delete_before_disable(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let disabled = |action: &Action| {
        if let Action::DisablePolicyType { policy_type, .. } = action {
            Some(*policy_type)
        } else {
            None
        }
    };
    let ends = |action: &Action| {
        let deleted = if let Action::DeletePolicy { policy_type, .. } = action {
            Some(*policy_type)
        } else {
            None
        };
        deleted.or_else(|| detached(action))
    };
    for (then, _, disabled) in steps.picked(disabled) {
        for (first, _, ended) in steps.picked(ends) {
            if ended == disabled {
                edges.insert((first, then, Rule::DeleteBeforeDisable));
            }
        }
    }
}

fn updates<'a>(steps: &Steps<'a>) -> impl Iterator<Item = (usize, &'a Draft, ())> {
    steps.picked(|action| matches!(action, Action::UpdatePolicy { content: Some(_), .. }).then_some(()))
}

/// A policy has its new text before it is attached anywhere else.
pub(super) fn update_before_attach(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (first, updated, ()) in updates(steps) {
        // A text that only lost statements opens nothing where it is attached too early.
        let loosens = updated
            .guard
            .as_ref()
            .is_some_and(|guard| guard.effect == Effect::Loosen);
        let rule = if loosens {
            Rule::LoosenBeforeAttach
        } else {
            Rule::UpdateBeforeAttach
        };
        for (then, draft, _) in steps.picked(attached) {
            if draft.policy == updated.policy {
                edges.insert((first, then, rule));
            }
        }
    }
}

/// A policy that changes in two steps denies the old and the new together first.
pub(super) fn grow_before_shrink(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (first, grown, ()) in updates(steps) {
        for (then, shrunk, ()) in updates(steps) {
            let effect = |draft: &Draft| draft.guard.as_ref().map(|guard| guard.effect);
            let pair = (effect(grown), effect(shrunk)) == (Some(Effect::Tighten), Some(Effect::Loosen));
            if pair && grown.policy == shrunk.policy {
                edges.insert((first, then, Rule::GrowBeforeShrink));
            }
        }
    }
}

/// A place loses a policy before the policy gets a text that never bound that place.
pub(super) fn detach_before_update(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (then, updated, ()) in updates(steps) {
        for (first, draft, _) in steps.picked(detached) {
            if draft.policy == updated.policy {
                edges.insert((first, then, Rule::DetachBeforeUpdate));
            }
        }
    }
}

/// A policy name is free within its type before another policy takes it.
pub(super) fn names_freed_first(context: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    let Some(live) = context.live else { return };
    let frees = |action: &Action| {
        let Action::UpdatePolicy {
            policy_type,
            name: Some(name),
            ..
        } = action
        else {
            return None;
        };
        Some((*policy_type, name.before.clone()))
    };
    let renamed = steps.picked(frees).map(|(index, _, freed)| (freed, index));
    let deleted = steps.picked(|action| {
        if let Action::DeletePolicy { policy, .. } = action {
            Some(policy)
        } else {
            None
        }
    });
    let deleted = deleted.filter_map(|(index, _, policy)| {
        let policy = live.policies.get(policy.id.now()?)?;
        Some(((policy.policy_type, policy.name.clone()), index))
    });
    let freed: BTreeMap<(PolicyType, String), usize> = renamed.chain(deleted).collect();
    for (then, draft) in steps.iter() {
        let taken = if let Action::CreatePolicy {
            policy_type, name, ..
        } = &draft.step.action
        {
            Some((*policy_type, name.clone()))
        } else if let Action::UpdatePolicy {
            policy_type,
            name: Some(name),
            ..
        } = &draft.step.action
        {
            Some((*policy_type, name.after.clone()))
        } else {
            None
        };
        let first = taken.and_then(|taken| freed.get(&taken));
        edges.extend(first.map(|first| (*first, then, Rule::NameFreedFirst)));
    }
}
