//! One step in one line, for progress and reports.

use super::page::{Line, Page, Role};
use super::plan::{Sign, feature_place, sign, stacks, verb};
use lz_model::plan::{Action, Plan, Step, StepId};
use std::collections::BTreeMap;

/// Short lines for the steps of a plan, by their ids.
#[derive(Debug, Clone, Default)]
pub(crate) struct Titles {
    titles: BTreeMap<StepId, (Sign, Line)>,
}

impl Titles {
    /// Returns the titles of a plan's steps.
    pub(crate) fn of(plan: &Plan) -> Self {
        let titles = plan
            .steps
            .iter()
            .map(|step| (step.id.clone(), (sign(step), words(step))));
        Self {
            titles: titles.collect(),
        }
    }

    /// Returns how many steps there are.
    pub(crate) fn len(&self) -> usize {
        self.titles.len()
    }

    /// Returns the title of a step: sign, address, verb and place; its id where the plan does not hold it.
    pub(crate) fn line(&self, step: &StepId) -> Line {
        let Some((sign, words)) = self.titles.get(step) else {
            return self.words(step);
        };
        let mut line = Line::of(sign.role(), sign.text()).plain(" ");
        line.append(words.clone());
        line
    }

    /// Returns the title of a step without its sign.
    pub(crate) fn words(&self, step: &StepId) -> Line {
        let words = self.titles.get(step).map(|(_, words)| words.clone());
        words.unwrap_or_else(|| Line::of(Role::Plain, step.as_str()))
    }

    /// Returns one indented line for each step, and what follows it below.
    pub(crate) fn list(&self, steps: &[(&StepId, Vec<Line>)], columns: usize) -> Page {
        let mut page = Page::default();
        for (step, below) in steps {
            let mut line = Line::of(Role::Plain, "  ");
            line.append(self.line(step));
            page.push_wrapped(&line, 6, columns);
            for below in below {
                let mut line = Line::of(Role::Plain, "      ");
                line.append(below.clone());
                page.push_wrapped(&line, 6, columns);
            }
        }
        page
    }
}

fn words(step: &Step) -> Line {
    let object = if let Action::Feature(work) = &step.action {
        feature_place(work)
    } else {
        step.address.to_string()
    };
    let line = Line::of(Role::Strong, object)
        .plain(" ")
        .with(sign(step).role(), verb(&step.action));
    match place(&step.action) {
        Some(place) => line.plain(format!(" {place}")),
        None => line,
    }
}

/// Returns what tells a step from the others of its object.
fn place(action: &Action) -> Option<String> {
    if let Action::AttachPolicy { target, .. } = action {
        return Some(format!("to {}", target.name));
    }
    if let Action::DetachPolicy { target, .. } = action {
        return Some(format!("from {}", target.name));
    }
    if let Action::StackSet(work) = action {
        return stacks::place(work);
    }
    if let Action::Tower(step) = action {
        return step.work.target().map(|target| format!("on {}", target.name));
    }
    let Action::MoveAccount { to, .. } = action else {
        return None;
    };
    Some(format!("to {}", to.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_of_the_organization_is_told_by_its_own_place() {
        let plan = crate::fixture::services();
        let titles = Titles::of(&plan);
        let told: Vec<String> = plan
            .steps
            .iter()
            .filter(|step| matches!(step.action, Action::Feature(_)))
            .map(|step| titles.line(&step.id).to_plain())
            .collect();
        assert!(!told.is_empty());
        for line in told {
            assert!(
                line.contains("organization.root_access") || line.contains("resource_policy"),
                "{line}"
            );
        }
    }
}
