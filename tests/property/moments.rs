//! A slow and obvious check of every moment of a plan: what each account may do lies between what it might do
//! before and after (design, idea 3). Denies only, as generated policies are.

use crate::generate::ACTIONS;
use lz_model::id::TargetId;
use lz_model::live::{LiveOrganization, PolicyText};
use lz_model::plan::{Action, Known, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// An organization as far as guardrails go. Keys are ids, or the step that brings an id.
#[derive(Debug, Clone, Default)]
struct Moment {
    parents: BTreeMap<String, String>,
    attached: BTreeMap<String, BTreeSet<String>>,
    denied: BTreeMap<String, BTreeSet<&'static str>>,
}

/// Asserts that no prefix of the plan opens anything or locks anybody out, as far as its notes do not say so.
pub(crate) fn check(live: &LiveOrganization, plan: &Plan) {
    let accounts: Vec<String> = live
        .accounts
        .values()
        .filter(|a| !a.state.is_leaving())
        .map(|a| a.id.to_string())
        .collect();
    let mut moments = vec![Moment::of(live)];
    for step in &plan.steps {
        let mut next = moments.last().unwrap().clone();
        next.step(step.id.as_str(), &step.action);
        moments.push(next);
    }
    let (before, after) = (&moments[0], moments.last().unwrap());
    let may_open = plan
        .notes
        .iter()
        .any(|note| ["unguarded_moment", "opened_moment"].contains(&note.code.as_str()));
    let may_lock = may_open || plan.notes.iter().any(|note| note.code == "locked_moment");
    let ended: BTreeSet<String> = plan.steps.iter().filter_map(|step| ended(&step.action)).collect();
    for account in accounts.iter().filter(|account| !ended.contains(*account)) {
        let (old, new) = (before.denied_to(account), after.denied_to(account));
        for (index, moment) in moments.iter().enumerate() {
            let now = moment.denied_to(account);
            let opened: Vec<_> = old
                .intersection(&new)
                .filter(|action| !now.contains(*action))
                .collect();
            assert!(
                may_open || opened.is_empty(),
                "{opened:?} open to {account} after {index} steps of {}",
                told(plan)
            );
            let locked: Vec<_> = now
                .iter()
                .filter(|action| !old.contains(*action) && !new.contains(*action))
                .collect();
            assert!(
                may_lock || locked.is_empty(),
                "{locked:?} denied to {account} after {index} steps of {}",
                told(plan)
            );
        }
    }
}

/// Returns the plan's steps with what they wait for, a line each.
fn told(plan: &Plan) -> String {
    let line = |step: &lz_model::plan::Step| {
        let after: Vec<String> = step
            .after
            .iter()
            .map(|edge| format!("{} ({:?})", edge.step, edge.rule))
            .collect();
        format!("\n{}  <-  {}", step.id, after.join(", "))
    };
    plan.steps.iter().map(line).collect::<String>() + &format!("\n{:#?}", plan.notes)
}

/// An account that the plan closes ends somewhere else than it would have stayed.
fn ended(action: &Action) -> Option<String> {
    if let Action::CloseAccount { account } = action {
        Some(key(&account.id))
    } else {
        None
    }
}

fn key<T: ToString>(id: &Known<T>) -> String {
    match id {
        Known::Now(id) => id.to_string(),
        Known::After(step) => step.as_str().to_owned(),
    }
}

fn denied(text: &str) -> BTreeSet<&'static str> {
    ACTIONS
        .into_iter()
        .filter(|action| text.contains(&format!("\"{action}\"")) || text.contains(r#""Action":"*""#))
        .collect()
}

impl Moment {
    fn of(live: &LiveOrganization) -> Self {
        let mut moment = Self::default();
        for ou in live.ous.values() {
            moment.parents.insert(ou.id.to_string(), ou.parent.to_string());
        }
        for account in live.accounts.values() {
            moment
                .parents
                .insert(account.id.to_string(), account.parent.to_string());
        }
        for policy in live.policies.values() {
            for target in &policy.targets {
                moment
                    .attached
                    .entry(TargetId::to_string(target))
                    .or_default()
                    .insert(policy.id.to_string());
            }
            if let PolicyText::Read(text) = &policy.content {
                moment.denied.insert(policy.id.to_string(), denied(text));
            }
        }
        moment
    }

    fn step(&mut self, id: &str, action: &Action) {
        match action {
            Action::CreateOu { parent, .. } => {
                self.parents.insert(id.to_owned(), key(&parent.id));
            }
            Action::MoveAccount { account, to, .. } => {
                self.parents.insert(key(&account.id), key(&to.id));
            }
            Action::CreatePolicy { content, .. } => {
                self.denied.insert(id.to_owned(), denied(&content.to_string()));
            }
            Action::UpdatePolicy {
                policy,
                content: Some(content),
                ..
            } => {
                self.denied
                    .insert(policy.to_string(), denied(&content.after.to_string()));
            }
            Action::AttachPolicy { policy, target, .. } => {
                self.attached
                    .entry(key(&target.id))
                    .or_default()
                    .insert(key(&policy.id));
            }
            Action::DetachPolicy { policy, target, .. } => {
                self.attached
                    .entry(key(&target.id))
                    .or_default()
                    .remove(&key(&policy.id));
            }
            _ => {}
        }
    }

    fn denied_to(&self, account: &str) -> BTreeSet<&'static str> {
        let mut denied = BTreeSet::new();
        let mut at = Some(account.to_owned());
        while let Some(entity) = at {
            for policy in self.attached.get(&entity).into_iter().flatten() {
                denied.extend(self.denied.get(policy).into_iter().flatten());
            }
            at = self.parents.get(&entity).cloned();
        }
        denied
    }
}
