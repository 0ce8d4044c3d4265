//! One JSON object a line on standard output.

use super::{Pace, View};
use crate::answer::Answer;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::record::{Record, Row};
use crate::render::plan::counts;
use crate::term::Terminal;
use lz_model::event::Stamped;
use lz_model::plan::Plan;
use std::io;

/// The view for programs.
#[derive(Debug)]
pub(crate) struct Json<'a> {
    terminal: &'a Terminal,
}

impl<'a> Json<'a> {
    /// Returns the view on a terminal.
    pub(crate) const fn on(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    fn row(&self, record: Record<'_>) -> io::Result<()> {
        self.terminal.text(&Row::of(record).to_text())
    }
}

impl View for Json<'_> {
    fn begin(&self, _plan: &Plan, _pace: Pace) {}

    fn event(&self, stamped: &Stamped) {
        // An event must not end an apply; the answer meets the same broken pipe and reports it.
        let _ = self.row(Record::Event {
            at_seconds: stamped.at_seconds,
            event: &stamped.event,
        });
    }

    fn answer(&self, answer: &Answer<'_>) -> io::Result<()> {
        self.row(match answer {
            Answer::Plan(shown) => Record::Plan {
                plan: shown.plan,
                counts: counts(shown.plan),
                saved: shown.saved.clone(),
                digest: shown.digest.clone(),
            },
            Answer::Applied(shown) => Record::Applied { report: shown.report },
            Answer::Drift(drift, _) => Record::Drift { drift },
            Answer::Tree(tree, _) => Record::Organization { tree },
            Answer::Explained(plan, address, _) => Record::Explained {
                address,
                steps: plan
                    .steps
                    .iter()
                    .filter(|step| step.address == **address)
                    .collect(),
            },
            Answer::Standing(standing, plan, _) => Record::Standing {
                standing,
                steps: plan
                    .iter()
                    .flat_map(|plan| &plan.steps)
                    .filter(|step| step.address == standing.address)
                    .collect(),
            },
            Answer::Checked(checked) => Record::Checked { checked },
            Answer::Tested(tested, _) => Record::Tested { tested },
            Answer::PolicyDiff(difference) => Record::PolicyDiff { difference },
            Answer::Packed(packed) => Record::Packed { packed },
            Answer::Files(files) => Record::Files { files },
            Answer::RootAudit(audit) => Record::RootAudit { audit },
            Answer::RootRemoval(removal) => Record::RootRemoval { removal },
            Answer::Outputs(outputs) => Record::Outputs { outputs },
            Answer::Lock(lock) => Record::Lock { lock },
            Answer::Runs(runs, total, place) => Record::Runs {
                runs,
                total: *total,
                place,
            },
            Answer::Run(shown) => Record::Run {
                run: shown.record,
                plan: shown.plan,
                events: shown.events,
            },
            Answer::Text(text) => Record::Text { text },
        })
    }

    fn problems(&self, problems: &[Problem]) -> io::Result<()> {
        problems
            .iter()
            .try_for_each(|problem| self.row(Record::Problem { problem }))
    }

    fn end(&self, exit: Exit) -> io::Result<()> {
        self.terminal.text(&Row::exit(exit).to_text())
    }
}
