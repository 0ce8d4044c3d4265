//! The `test` blocks: one test, or one for each `case` and each row of `cases`.

use super::attributes::{Checker, Placed, Reader};
use super::declared::Labelled;
use super::test_rows::{Row, Table};
use super::world::{Instances, each, with_each};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::schema::{BlockKind, SPEC};
use crate::source::Span;
use crate::suggest;
use crate::value::Value;
use lz_model::desired::{DesiredTest, Expectation};
use std::collections::BTreeMap;

/// The most characters of a test's name: it is one line of a report.
const MAX_NAME: usize = 200;

/// Reads all tests, in the order of the spec.
pub(super) fn tests(checker: &Checker<'_>) -> Vec<DesiredTest> {
    let Some(kind) = SPEC.block("test") else {
        return Vec::new();
    };
    let mut found = Found::default();
    for block in &checker.world.declared.tests {
        check_name(checker, &block.label.text, block.label.span);
        if let Some(first) = found.labels.insert(&block.label.text, block.label.span) {
            checker.error(duplicate(&block.label.text, block.label.span, first));
            continue;
        }
        let full = format!("test.{}", block.label.text);
        let evaluator = checker.evaluator;
        let instances = with_each(None, |scope| {
            checker
                .world
                .instances(evaluator, &full, block.body, scope, block.label.span)
        });
        match checker.noted(instances) {
            None => {}
            Some(Instances::Single) => {
                let reader = checker.reader(kind, block.body, None);
                of_block(&reader, *block, &block.label.text, kind, &mut found);
            }
            Some(Instances::Each(elements)) => {
                for (key, value) in elements.iter() {
                    let each = each(key, value);
                    let reader = checker.reader(kind, block.body, Some(&each));
                    let name = format!("{} [{key}]", block.label.text);
                    of_block(&reader, *block, &name, kind, &mut found);
                }
            }
        }
    }
    found.tests
}

#[derive(Default)]
struct Found<'a> {
    tests: Vec<DesiredTest>,
    labels: BTreeMap<&'a str, Span>,
}

/// Reads the tests of one block, for one element of its `for_each`.
fn of_block(
    reader: &Reader<'_, '_>,
    block: Labelled<'_>,
    name: &str,
    kind: &'static BlockKind,
    found: &mut Found<'_>,
) {
    let own = Row::of_body(reader);
    let cases: Vec<_> = block
        .body
        .blocks
        .iter()
        .filter(|inner| &*inner.kind.text == "case")
        .collect();
    let table = reader.value("cases");
    if cases.is_empty() && !reader.is_given("cases") {
        found.tests.extend(one(reader, &own, name, block.header));
        return;
    }
    let Some(case_kind) = kind.block("case") else {
        return;
    };
    let mut names: BTreeMap<String, Span> = BTreeMap::new();
    let mut claim = |case: &str, span: Span| {
        check_name(reader.checker, case, span);
        if let Some(first) = names.insert(case.to_owned(), span) {
            reader.error(duplicate(case, span, first));
        }
        format!("{name}: {case}")
    };
    for case in cases {
        let Some(label) = case.labels.first() else {
            continue;
        };
        let full = claim(&label.text, label.span);
        let case_reader = reader.checker.reader(case_kind, &case.body, reader.each);
        let row = Row::of_body(&case_reader).or(&own);
        found.tests.extend(one(&case_reader, &row, &full, case.header));
    }
    let Some(Placed { value, span }) = table else {
        return;
    };
    let Some(rows) = value.elements() else {
        let message = format!("`cases` takes a list of objects, this is {}", value.described());
        reader.error(
            SpecDiagnostic::new(Code::Type, span, message)
                .help("write `cases = [{ ... }]`, or `cases = csvdecode(file(\"tests.csv\"))`"),
        );
        return;
    };
    if rows.is_empty() {
        let message = "`cases` has no row: nothing is tested";
        reader.error(SpecDiagnostic::new(Code::BadValue, span, message).help("add a row, or take it out"));
    }
    for (at, value) in rows.iter().enumerate() {
        let Some(row) = of_table(reader, value, at + 1, span) else {
            continue;
        };
        let case = row
            .text(reader, "name")
            .map_or_else(|| format!("row {}", at + 1), |name| name.to_string());
        let full = claim(&case, span);
        found.tests.extend(one(reader, &row.or(&own), &full, span));
    }
}

/// Columns of a table, besides condition keys, which have a colon.
const COLUMNS: &[&str] = &[
    "name",
    "account",
    "ou",
    "action",
    "principal",
    "resource",
    "context",
    "expect",
];

fn of_table(reader: &Reader<'_, '_>, value: &Value, number: usize, span: Span) -> Option<Row> {
    let Some(fields) = value.fields() else {
        let message = format!("row {number} of `cases` is {}, not an object", value.described());
        reader.error(SpecDiagnostic::new(Code::Type, span, message));
        return None;
    };
    for column in fields.keys() {
        if !COLUMNS.contains(&&**column) && !column.contains(':') {
            let message = format!("row {number} of `cases` has `{column}`, which means nothing here");
            let known = || {
                format!(
                    "a row has {}, and condition keys such as `aws:RequestedRegion`",
                    COLUMNS.join(", ")
                )
            };
            reader.error(
                SpecDiagnostic::new(Code::UnknownAttribute, span, message).help(
                    suggest::nearest(column, COLUMNS)
                        .map_or_else(known, |near| format!("did you mean `{near}`?")),
                ),
            );
        }
    }
    Some(Row::of_table(fields, span))
}

/// Reads one test.
fn one(reader: &Reader<'_, '_>, row: &Row, name: &str, header: Span) -> Option<DesiredTest> {
    let missing = |what: &str, help: &str| {
        let message = format!("the test has no {what}");
        reader.error(SpecDiagnostic::new(Code::MissingAttribute, header, message).help(help));
    };
    let table = Table { reader, row, header };
    let targets = table.targets();
    if targets.as_ref().is_some_and(std::collections::BTreeSet::is_empty) {
        missing(
            "`account` and no `ou`",
            "add `account = account.LABEL`, or `ou = ou.LABEL`",
        );
    }
    let actions = table.actions();
    if actions.as_ref().is_some_and(Vec::is_empty) {
        missing("`action`", "add `action = \"service:Name\"`");
    }
    let principal = table.principal();
    let resources = table.texts("resource").map(|given| match given {
        Some(texts) if !texts.is_empty() => texts,
        Some(_) | None => vec!["*".into()],
    });
    let context = table.context();
    let expect = match table.known("expect") {
        Some(None) => {
            missing("`expect`", "add `expect = \"deny\"`, or `\"allow\"`");
            None
        }
        Some(Some(written)) => match &*written.value {
            "allow" => Some(Expectation::Allow),
            "deny" => Some(Expectation::Deny),
            other => {
                let message = format!("`{other}` is not a value of `expect`");
                reader.error(
                    SpecDiagnostic::new(Code::BadValue, written.span, message)
                        .help("it is `allow` or `deny`"),
                );
                None
            }
        },
        None => None,
    };
    Some(DesiredTest {
        name: name.to_owned(),
        targets: targets.filter(|targets| !targets.is_empty())?,
        actions: actions.filter(|actions| !actions.is_empty())?,
        principal: principal?,
        resources: resources?,
        context: context?,
        expect: expect?,
        origin: Some(reader.checker.origin(header)),
    })
}

/// A name is a line of a report.
fn check_name(checker: &Checker<'_>, name: &str, span: Span) {
    let size = name.chars().count();
    if !(1..=MAX_NAME).contains(&size) || name.chars().any(char::is_control) {
        let message =
            format!("the name of a test has 1 to {MAX_NAME} printable characters, this one has {size}");
        checker.error(SpecDiagnostic::new(Code::BadLabel, span, message));
    }
}

fn duplicate(name: &str, span: Span, first: Span) -> SpecDiagnostic {
    let message = format!("two tests are called `{name}`");
    let error = SpecDiagnostic::new(Code::DuplicateLabel, span, message);
    if first == span {
        return error.help("give each row its own `name`");
    }
    error
        .here("again here")
        .also(first, "first here")
        .help("give one of them another name")
}
