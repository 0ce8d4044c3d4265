//! What people and programs read, at 80 and 120 columns and as JSON.

use super::{answer as pages, report::report_page};
use crate::answer::{Checked, Drift, Files, FilesWhat, Fold, Node, NodeKind, Tree};
use crate::exit::Exit;
use crate::fixture;
use crate::problem::{Place, Problem};
use crate::record::{Record, Row};
use crate::render::plan::counts;
use crate::render::safe;
use crate::report::{Failed, NotStarted, Report};
use crate::term;
use lz_model::event::Event;
use lz_model::plan::{Plan, StepId};
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

fn step(plan: &Plan, at: usize) -> StepId {
    plan.steps[at].id.clone()
}

/// A report in which steps of `everything` have every fate.
fn mixed(plan: &Plan) -> Report {
    let error = "organizations:AttachPolicy: ConstraintViolationException \
                 (MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED): \u{1b}[2Kno more\n! forged";
    Report {
        tolerated: Vec::new(),
        done: (0..12).map(|at| step(plan, at)).collect(),
        failed: vec![Failed {
            step: step(plan, 15),
            error: error.into(),
            help: "ask AWS to raise the limit or make room, then run `lz apply` again".into(),
            details: Vec::new(),
        }],
        not_started: vec![
            NotStarted {
                step: step(plan, 17),
                needs: Some(step(plan, 15)),
            },
            NotStarted {
                step: step(plan, 28),
                needs: None,
            },
        ],
        unknown: vec![step(plan, 13)],
        interrupted: false,
        aws_seconds: 185.2,
    }
}

fn report(report: &Report, plan: &Plan, columns: usize) -> String {
    report_page(plan, report, "lz apply plan.lz", columns, false).to_plain()
}

#[test]
fn an_incomplete_apply_at_80_columns() {
    let plan = fixture::everything();
    insta::assert_snapshot!(report(&mixed(&plan), &plan, 80));
}

#[test]
fn an_incomplete_apply_at_120_columns() {
    let plan = fixture::everything();
    insta::assert_snapshot!(report(&mixed(&plan), &plan, 120));
}

#[test]
fn a_complete_apply_is_one_line() {
    let plan = fixture::everything();
    let done = plan.steps.iter().map(|step| step.id.clone()).collect();
    let complete = Report {
        done,
        aws_seconds: 0.4,
        ..Report::default()
    };
    insta::assert_snapshot!(report(&complete, &plan, 120));
}

#[test]
fn three_hundred_steps_that_were_not_started_are_folded() {
    let plan = fixture::large(303);
    let not_started = plan.steps.iter().skip(1).map(|later| NotStarted {
        step: later.id.clone(),
        needs: Some(step(&plan, 0)),
    });
    let failed = Failed {
        step: step(&plan, 0),
        error: "denied".into(),
        help: "allow it".into(),
        details: Vec::new(),
    };
    let stopped = Report {
        failed: vec![failed],
        not_started: not_started.collect(),
        interrupted: true,
        ..Report::default()
    };
    insta::assert_snapshot!(report(&stopped, &plan, 80));
}

fn node(kind: NodeKind, id: &str, name: &str, address: Option<&str>, children: Vec<Node>) -> Node {
    Node {
        kind,
        id: id.into(),
        name: name.into(),
        address: address.map(str::to_owned),
        notes: Vec::new(),
        policies: Vec::new(),
        aws_policies: vec!["scp FullAWSAccess".into()],
        children,
    }
}

fn organization() -> Tree {
    let accounts = |count: usize| {
        let account = |n| {
            let mut account = node(
                NodeKind::Account,
                &format!("{n:012}"),
                &format!("Site {n}"),
                None,
                Vec::new(),
            );
            account.notes = vec![format!("aws+{n}@example.com")];
            account
        };
        (0..count).map(account).collect()
    };
    let mut prod = node(
        NodeKind::Ou,
        "ou-ab12-33333333",
        "東京 \u{202e}dorp",
        Some("ou.prod"),
        accounts(30),
    );
    prod.policies = vec!["scp regions".into(), "tag owner".into()];
    let wide = node(
        NodeKind::Ou,
        "ou-ab12-11111111",
        &"wide ".repeat(30),
        None,
        vec![prod],
    );
    Tree {
        organization: Some("o-exampleorgid".into()),
        account: "111122223333".into(),
        policy_types: vec!["scp".into(), "tag".into()],
        trusted_services: vec!["sso.amazonaws.com".into()],
        delegated_admins: vec!["sso.amazonaws.com 222222222222".into()],
        root: Some(node(NodeKind::Root, "r-ab12", "Root", None, vec![wide])),
    }
}

#[test]
fn the_tree_at_80_columns_folds_accounts() {
    insta::assert_snapshot!(pages::tree(&organization(), Fold::Long, 80).to_plain());
}

#[test]
fn the_whole_tree_at_120_columns() {
    insta::assert_snapshot!(pages::tree(&organization(), Fold::Nothing, 120).to_plain());
}

#[test]
fn drift_at_80_columns() {
    let mut plan = fixture::everything();
    plan.steps.truncate(8);
    plan.unmanaged.accounts = (0..40).map(|n| format!("{n:012} Site \u{7}{n}")).collect();
    insta::assert_snapshot!(
        pages::drift(
            &Drift {
                plan,
                stack_sets: None,
            },
            Fold::Long,
            80
        )
        .to_plain()
    );
}

#[test]
fn short_answers() {
    let checked = Checked {
        zone: "acme\n".into(),
        ous: 1,
        accounts: 1_300,
        policies: 2,
        delegated_admins: 0,
        stack_sets: 0,
        stacks: 0,
        tests: 0,
        permission_sets: 0,
        assignments: 0,
        left_out: 0,
    };
    let files = Files {
        what: FilesWhat::Written,
        paths: vec!["a.hcl".into(), "b\u{1b}.hcl".into()],
        next: Some(("To go on".into(), "lz plan".into())),
    };
    let shown = format!(
        "{}{}",
        pages::checked(&checked, 80).to_plain(),
        pages::files(&files, 80).to_plain()
    );
    insta::assert_snapshot!(shown);
}

#[derive(Debug, thiserror::Error)]
#[error("organizational unit `\u{1b}[31mx` is not declared")]
struct Unknown {
    file: NamedSource<String>,
    at: (usize, usize),
}

impl Diagnostic for Unknown {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new("lz::spec::unknown_ou"))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new("did you mean `\u{202e}prod`?"))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.file)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::new(
            Some("used\u{7} here".into()),
            self.at.0,
            self.at.1,
        ))))
    }
}

fn unknown(before: &str) -> Problem {
    let text = format!("ou \"a\" {{}}\n# 東京 \u{202e}\u{1b}[2K\n{before}ou.sekurity\nmore\n");
    let at = (text.find("sekurity").unwrap(), "sekurity".len());
    Problem::from_diagnostic(&Unknown {
        file: NamedSource::new("main\u{1b}.hcl", text),
        at,
    })
}

#[test]
fn a_problem_points_at_its_place_and_carries_nothing_that_moves_a_cursor() {
    let problem = unknown("  ou = \u{1b}é");
    assert_eq!(
        problem.place,
        Some(Place {
            file: "main\\u{1b}.hcl".into(),
            line: 3,
            column: 13
        })
    );
    for columns in [60, 80, 120] {
        let text = term::report(&problem, false, columns);
        assert!(text.lines().all(|line| safe::escape(line) == line), "{text}");
    }
    insta::assert_snapshot!(term::report(&problem, false, 80));
}

#[test]
fn a_problem_in_an_endless_line_says_where_and_shows_no_line() {
    let text = term::report(&unknown(&"x".repeat(100_000)), false, 80);
    assert!(text.len() < 1_000, "{} bytes", text.len());
    assert!(text.contains("did you mean"), "{text}");
}

#[test]
fn a_refusal_of_the_planner_names_object_and_place() {
    let problem = Problem {
        address: Some("account.old".into()),
        place: Some(Place {
            file: "main.hcl".into(),
            line: 88,
            column: 1,
        }),
        ..Problem::new(
            "lz::plan::account_left_spec",
            "the account is no longer in the spec",
        )
        .help("say what happens")
    };
    insta::assert_snapshot!(term::report(&problem, false, 80));
}

/// A row as text, indented.
fn row(record: Record<'_>) -> String {
    let row: serde_json::Value = serde_json::from_str(&Row::of(record).to_text()).unwrap();
    format!("{row:#}")
}

#[test]
fn a_plan_as_json() {
    let plan = fixture::everything();
    insta::assert_snapshot!(row(Record::Plan {
        plan: &plan,
        counts: counts(&plan),
        saved: Some("plan.lz".into()),
        digest: None
    }));
}

#[test]
fn the_other_records_as_json() {
    let plan = fixture::everything();
    let event = Event::StepFinished {
        step: step(&plan, 0),
        created: Some("r-ab12".into()),
    };
    let report = mixed(&plan);
    let problem = unknown("");
    let rows = [
        row(Record::Event {
            at_seconds: 1.5,
            event: &event,
        }),
        row(Record::Applied { report: &report }),
        row(Record::Problem { problem: &problem }),
        row(Record::Exit {
            code: Exit::PlanStale.code(),
            name: Exit::PlanStale.name(),
        }),
    ];
    insta::assert_snapshot!(rows.join("\n"));
}

#[test]
fn no_row_is_more_than_one_line() {
    let plan = fixture::odd();
    let text = Row::of(Record::Plan {
        plan: &plan,
        counts: counts(&plan),
        saved: None,
        digest: None,
    })
    .to_text();
    assert_eq!(text.lines().count(), 1);
}
