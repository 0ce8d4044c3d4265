//! EnablePolicyType and DisablePolicyType.

use serde::Serialize;

use crate::organizations::TypeStatus;
use crate::organizations::rules::attachment as rules;
use crate::organizations::wire::{RootView, policy_type, root_id};
use crate::settings::PolicyType;
use crate::wire::{Answer, Change, json};
use crate::world::Timer;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RootAnswer<'a> {
    root: RootView<'a>,
}

/// EnablePolicyType: attaches AWS's own policy of that type everywhere (aws-facts R5).
pub(crate) fn enable(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let root = root_id(call.input, "RootId")?;
    let kind = policy_type(call.input, "PolicyType")?;
    rules::refuse_unknown_root(change.org, &root)?;
    rules::refuse_while_changing(change.org, kind)?;
    rules::refuse_type_on(change.org, kind)?;
    rules::refuse_type_unavailable(change.org, kind)?;
    rules::refuse_type_without_service(change.org, kind, call.settings)?;
    let until = call.now.after(call.settings.policy_type_seconds.duration());
    let status = if until > call.now {
        TypeStatus::Enabling { until }
    } else {
        TypeStatus::Enabled
    };
    settle_later(change, kind, status);
    if let Some(policy) = crate::organizations::default_policy(kind, call.settings) {
        for target in change.org.every_target() {
            change.org.attach(&policy, &target);
        }
    }
    json(&RootAnswer {
        root: RootView::of(change.org, call.settings),
    })
}

/// DisablePolicyType: detaches every policy of that type everywhere; the policies stay (aws-facts R6).
pub(crate) fn disable(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let root = root_id(call.input, "RootId")?;
    let kind = policy_type(call.input, "PolicyType")?;
    rules::refuse_unknown_root(change.org, &root)?;
    rules::refuse_while_changing(change.org, kind)?;
    rules::refuse_type_off(change.org, kind)?;
    for policy in change.org.policies_of(kind).clone() {
        for target in change.org.targets_of(&policy).clone() {
            change.org.detach(&policy, &target);
        }
    }
    let until = call.now.after(call.settings.policy_type_seconds.duration());
    if until > call.now {
        settle_later(change, kind, TypeStatus::Disabling { until });
    } else {
        change.org.policy_types.remove(&kind);
    }
    json(&RootAnswer {
        root: RootView::of(change.org, call.settings),
    })
}

fn settle_later(change: &mut Change<'_>, kind: PolicyType, status: TypeStatus) {
    change.org.policy_types.insert(kind, status);
    match status {
        TypeStatus::Enabling { until } | TypeStatus::Disabling { until } => {
            change
                .world
                .timers
                .set(until, Timer::PolicyTypeSettles(change.org.id.clone(), kind));
        }
        TypeStatus::Enabled => {}
    }
}
