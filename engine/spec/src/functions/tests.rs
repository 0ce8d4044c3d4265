//! Every function and operator against what Terraform itself makes of the same expression.

use super::call::names;
use crate::data::{DirectoryData, MemoryData};
use crate::eval::{Evaluator, Failure, Names, Scope, json_text};
use crate::read::{Place, hcl::read_body, hcl::read_expression};
use crate::source::{FileId, Span};
use crate::syntax::{Reference, Word};
use crate::value::{Thing, Value};
use std::path::Path;

/// Terraform's answers; the first line names its version.
const EXPECTED: &str = include_str!("../../tests/terraform/expected.tsv");

/// No names at all.
struct Nothing;

impl Names for Nothing {
    fn reference(
        &self,
        _: &Evaluator<'_>,
        _: &Reference<'_>,
        _: &Scope<'_>,
    ) -> Result<(Value, usize), Failure> {
        Err(Failure::reported())
    }

    fn attribute(&self, _: &Evaluator<'_>, _: &Thing, _: &Word) -> Result<Value, Failure> {
        Err(Failure::reported())
    }
}

/// Evaluates an expression to JSON; an error becomes its message.
pub(super) fn evaluate(text: &str) -> Result<String, String> {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/files");
    let data = DirectoryData::new(&files).map_err(|error| error.to_string())?;
    let evaluator = Evaluator::new(&Nothing, &data);
    let place = Place::whole(Span::new(FileId(0), 0, 0));
    let first = |errors: Vec<crate::SpecDiagnostic>| {
        errors
            .into_iter()
            .map(|error| error.message)
            .collect::<Vec<_>>()
            .join("; ")
    };
    let expression = read_expression(&place, text).map_err(first)?;
    let value = evaluator
        .value(&expression, &Scope::EMPTY)
        .map_err(|failure| first(failure.0))?;
    json_text(&value).map(|text| text.to_string())
}

#[test]
fn expressions_have_the_values_that_terraform_gives_them() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in EXPECTED.lines().filter(|line| !line.starts_with('#')) {
        let (expression, expected) = line.split_once('\t').unwrap();
        count += 1;
        match (evaluate(expression), expected) {
            (Err(_), "error") => {}
            (Ok(value), expected) if value == expected => {}
            (ours, expected) => wrong.push(format!(
                "{expression}\n  terraform {expected}\n  lz        {ours:?}"
            )),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count > 500, "{count}");
}

#[test]
fn every_function_is_held_against_terraform() {
    let untested: Vec<&str> = names()
        .into_iter()
        .filter(|name| !EXPECTED.contains(&format!("{name}(")))
        // These need a variable or a mark that the console does not have, or are ours alone.
        .filter(|name| {
            !matches!(
                *name,
                "templatestring" | "sensitive" | "issensitive" | "ephemeralasnull" | "tag"
            )
        })
        .collect();
    assert!(untested.is_empty(), "{untested:?}");
    assert!(names().len() >= 100, "{}", names().len());
}

#[test]
fn heredocs_and_templates_have_the_text_that_terraform_gives_them() {
    let (body, errors) = read_body(FileId(0), include_str!("../../tests/terraform/heredocs.hcl"));
    assert!(errors.is_empty(), "{errors:?}");
    let locals = &body.blocks[0].body;
    let data = MemoryData::default();
    let evaluator = Evaluator::new(&Nothing, &data);
    let table = include_str!("../../tests/terraform/heredocs.tsv");
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (name, expected) = line.split_once('\t').unwrap();
        let value = evaluator.value(&locals.attribute(name).unwrap().value, &Scope::EMPTY);
        let ours = value
            .ok()
            .and_then(|value| json_text(&value).ok())
            .map(|text| text.to_string());
        assert_eq!(ours.as_deref().unwrap_or("error"), expected, "{name}");
    }
    assert_eq!(table.lines().count(), locals.attributes.len() + 1);
}
