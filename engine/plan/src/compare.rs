//! Two plans of one organization, step by step: for a plan that follows another, and for a branch and its base.

use lz_model::plan::{Base, Plan, Side, Step, StepId};
use std::collections::BTreeMap;

/// What became of a former plan's steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// Steps that both plans have alike, in the later plan's order.
    pub same: Vec<&'a Step>,
    /// Steps that both plans have and that do something else now: the former one, the later one.
    pub different: Vec<(&'a Step, &'a Step)>,
    /// Steps that only the later plan has.
    pub new: Vec<&'a Step>,
    /// Steps that only the former plan has, in its order.
    pub gone: Vec<&'a Step>,
}

impl Comparison<'_> {
    /// Returns whether both plans do the same.
    #[must_use]
    pub const fn is_same(&self) -> bool {
        self.different.is_empty() && self.new.is_empty() && self.gone.is_empty()
    }
}

/// Returns what became of a former plan's steps. What a step does counts, not why or where it is declared.
#[must_use]
pub fn compare<'a>(former: &'a Plan, now: &'a Plan) -> Comparison<'a> {
    let mut before: BTreeMap<&StepId, &Step> = former.steps.iter().map(|step| (&step.id, step)).collect();
    let mut comparison = Comparison::default();
    for step in &now.steps {
        match before.remove(&step.id) {
            Some(was) if was.action == step.action => comparison.same.push(step),
            Some(was) => comparison.different.push((was, step)),
            None => comparison.new.push(step),
        }
    }
    let left = former.steps.iter().filter(|step| before.contains_key(&step.id));
    comparison.gone.extend(left);
    comparison
}

/// Returns the plan of a branch with each step's side: the branch's own, or the base's, whose plan was made of the same
/// organization.
#[must_use]
pub fn against(base: &Plan, mut plan: Plan, revision: &str, commit: &str, subject: &str) -> Plan {
    let comparison = compare(base, &plan);
    let branch = comparison.different.iter().map(|(_, step)| *step);
    let branch = branch.chain(comparison.new).map(|step| (step, Side::Branch));
    let drifting = comparison.same.into_iter().map(|step| (step, Side::Drifting));
    let sides = drifting
        .chain(branch)
        .map(|(step, side)| (step.id.clone(), side))
        .collect();
    let withdrawn = comparison.gone.into_iter().cloned().collect();
    plan.base = Some(Base {
        revision: revision.to_owned(),
        commit: commit.to_owned(),
        subject: subject.to_owned(),
        sides,
        withdrawn,
    });
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::plan::{Action, Basis, FORMAT, Lane, Reason, Unmanaged};

    fn step(service: &str, verb: &str) -> Step {
        let address = format!("organization.trusted_services[\"{service}\"]")
            .parse()
            .unwrap();
        Step {
            id: StepId::new(&address, "switch"),
            address,
            action: if verb == "enable" {
                Action::EnableTrustedService {
                    service: service.parse().unwrap(),
                }
            } else {
                Action::DisableTrustedService {
                    service: service.parse().unwrap(),
                }
            },
            reason: Reason::Missing {},
            lane: Lane::Organization,
            after: Vec::new(),
            reversible: true,
            origin: None,
        }
    }

    fn plan(steps: Vec<Step>) -> Plan {
        Plan {
            format: FORMAT,
            zone: "acme".into(),
            organization: None,
            management_account: "111122223333".parse().unwrap(),
            steps,
            notes: Vec::new(),
            impact: Vec::new(),
            tests_passed: 0,
            unmanaged: Unmanaged::default(),
            estimate_seconds: 0,
            basis: Basis::default(),
            base: None,
        }
    }

    #[test]
    fn a_step_is_the_branchs_unless_the_base_has_it_alike() {
        let (ram, sso) = ("ram.amazonaws.com", "sso.amazonaws.com");
        let (config, gone) = ("config.amazonaws.com", "macie.amazonaws.com");
        let mut elsewhere = step(ram, "enable");
        elsewhere.reason = Reason::NotListed {};
        let base = plan(vec![elsewhere, step(sso, "enable"), step(gone, "enable")]);
        let branch = plan(vec![
            step(ram, "enable"),
            step(sso, "disable"),
            step(config, "enable"),
        ]);
        let comparison = compare(&base, &branch);
        assert!(!comparison.is_same());
        assert!(compare(&base, &base).is_same());
        let plan = against(&base, branch, "main", "0123", "why");
        let base = plan.base.as_ref().unwrap();
        let sides: Vec<Side> = plan.steps.iter().filter_map(|step| plan.side(&step.id)).collect();
        assert_eq!(sides, [Side::Drifting, Side::Branch, Side::Branch]);
        assert_eq!(base.withdrawn, [step(gone, "enable")]);
    }
}
