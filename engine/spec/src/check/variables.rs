//! Variables: where their values come from, their types and their rules.

use super::attributes::Checker;
use super::declared::{Declared, Labelled};
use super::types::read_type;
use crate::codes::Code;
use crate::diagnostic::{Errors, SpecDiagnostic};
use crate::eval::{Evaluator, Scope};
use crate::load::Inputs;
use crate::read::{Place, hcl::read_expression};
use crate::source::Span;
use crate::suggest;
use crate::syntax::{Attribute, Body, Expr};
use crate::value::{self, Type, Value};
use std::collections::BTreeMap;

/// Values given from outside, the weakest first: environment, variable files, `--var`.
#[derive(Default)]
pub(super) struct Given<'a> {
    texts: BTreeMap<&'a str, (&'a str, &'static str)>,
    files: BTreeMap<&'a str, &'a Attribute>,
}

/// Collects what is given, and reports what no variable takes.
pub(super) fn given<'a>(
    declared: &Declared<'_>,
    inputs: &'a Inputs,
    files: &'a [Body],
    errors: &mut Errors,
) -> Given<'a> {
    let mut given = Given::default();
    let known: Vec<&str> = declared.variables.keys().copied().collect();
    // A name in the environment that nothing declares may be meant for another spec.
    for (name, text) in &inputs.env {
        given.texts.insert(name, (text, "LZ_VAR_"));
    }
    for body in files {
        for attribute in &body.attributes {
            let name = &*attribute.name.text;
            if !known.contains(&name) {
                let message = format!("a value is given for `{name}`, which the spec does not declare");
                errors.push(
                    SpecDiagnostic::new(Code::UndeclaredVariable, attribute.name.span, message)
                        .maybe_help(suggest::help(name, &known)),
                );
            }
            given.texts.remove(name);
            given.files.insert(name, attribute);
        }
        for block in &body.blocks {
            let message = "a variable file has `name = value` lines only";
            errors.push(SpecDiagnostic::new(Code::UnknownBlock, block.kind.span, message));
        }
    }
    for (name, text) in &inputs.vars {
        if !known.contains(&name.as_str()) {
            let message = format!("`--var {name}=...` is given, but the spec declares no variable `{name}`");
            let error = SpecDiagnostic::without_place(Code::UndeclaredVariable, message);
            errors.push(error.maybe_help(suggest::help(name, &known)));
        }
        given.files.remove(name.as_str());
        given.texts.insert(name, (text, "--var "));
    }
    given
}

/// Finds the value of every variable. One that has none is noted, and has no value.
pub(super) fn values<'a>(
    checker: &Checker<'_>,
    declared: &Declared<'a>,
    given: &Given<'_>,
) -> BTreeMap<&'a str, Option<Value>> {
    let mut values = BTreeMap::new();
    for (name, block) in &declared.variables {
        values.insert(*name, value(checker, name, *block, given));
    }
    values
}

fn value(checker: &Checker<'_>, name: &str, block: Labelled<'_>, given: &Given<'_>) -> Option<Value> {
    let ty = match block.body.attribute("type") {
        None => Type::Any,
        Some(attribute) => match read_type(checker.evaluator, &attribute.value) {
            Ok(ty) => ty,
            Err(errors) => {
                errors.into_iter().for_each(|error| checker.error(error));
                return None;
            }
        },
    };
    let default = match block.body.attribute("default") {
        None => None,
        Some(attribute) => {
            let value = checker.noted(checker.evaluator.value(&attribute.value, &Scope::EMPTY))?;
            Some(converted(checker, name, &value, &ty, Some(attribute.value.span))?)
        }
    };
    let outside = outside(checker, name, &ty, given)?;
    let nullable = match block.body.attribute("nullable") {
        None => true,
        Some(attribute) => checker.noted(checker.evaluator.condition(&attribute.value, &Scope::EMPTY))?,
    };
    match (outside, default) {
        (Some(value), Some(default)) if value.is_null() && !nullable => Some(default),
        (Some(value), None) if value.is_null() && !nullable => {
            let message = format!("the variable `{name}` must not be null");
            checker.error(SpecDiagnostic::new(Code::VariableValue, block.header, message));
            None
        }
        (Some(value), _) | (None, Some(value)) => Some(value),
        (None, None) => {
            checker.error(
                SpecDiagnostic::new(
                    Code::MissingVariable,
                    block.header,
                    format!("the variable `{name}` has no value"),
                )
                .here("declared without a default")
                .help(format!(
                    "give it with `--var {name}=...`, LZ_VAR_{name} or a .lzvars file, or add a `default`"
                )),
            );
            None
        }
    }
}

/// Returns the value given from outside. The outer option is missing if there is one that does not fit.
#[expect(clippy::option_option, reason = "not given and given wrongly are two things")]
fn outside(checker: &Checker<'_>, name: &str, ty: &Type, given: &Given<'_>) -> Option<Option<Value>> {
    if let Some(attribute) = given.files.get(name) {
        let value = checker.noted(checker.evaluator.value(&attribute.value, &Scope::EMPTY))?;
        return Some(Some(converted(
            checker,
            name,
            &value,
            ty,
            Some(attribute.value.span),
        )?));
    }
    let Some((text, source)) = given.texts.get(name) else {
        return Some(None);
    };
    let value = match ty {
        // Without a type, or with a simple one, the text is the value itself, as in Terraform.
        Type::Any | Type::String | Type::Number | Type::Bool => Value::string(*text),
        Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_) | Type::Thing(_) => {
            match parsed(checker.evaluator, text) {
                Ok(value) => value,
                Err(reason) => {
                    let message = format!("the value of {source}{name} cannot be read as {ty}: {reason}");
                    let error = SpecDiagnostic::without_place(Code::VariableValue, message);
                    checker.error(error.help(format!(
                        "write it as in a spec, such as {source}{name}='[\"a\", \"b\"]'"
                    )));
                    return None;
                }
            }
        }
    };
    Some(Some(converted(checker, name, &value, ty, None)?))
}

fn parsed(evaluator: &Evaluator<'_>, text: &str) -> Result<Value, String> {
    let place = Place::whole(Span::new(crate::source::FileId(u32::MAX), 0, 0));
    let first = |errors: Vec<SpecDiagnostic>| {
        errors
            .into_iter()
            .next()
            .map_or_else(|| "it has no value".to_owned(), |error| error.message)
    };
    let expression: Expr = read_expression(&place, text).map_err(first)?;
    evaluator
        .value(&expression, &Scope::EMPTY)
        .map_err(|failure| first(failure.0))
}

fn converted(checker: &Checker<'_>, name: &str, value: &Value, ty: &Type, at: Option<Span>) -> Option<Value> {
    match value::convert(value, ty) {
        Ok(value) => Some(value),
        Err(mismatch) => {
            let message =
                format!("the value of the variable `{name}` does not fit its type {ty}: {mismatch}");
            checker.error(match at {
                Some(at) => SpecDiagnostic::new(Code::VariableValue, at, message),
                None => SpecDiagnostic::without_place(Code::VariableValue, message),
            });
            None
        }
    }
}

/// Checks the `validation` blocks, which may speak of other variables and of locals.
pub(super) fn validate(checker: &Checker<'_>) {
    for (name, block) in &checker.world.declared.variables {
        if !matches!(checker.world.variables.get(name), Some(Some(_))) {
            continue;
        }
        for rule in block
            .body
            .blocks
            .iter()
            .filter(|rule| &*rule.kind.text == "validation")
        {
            let Some(condition) = rule.body.attribute("condition") else {
                continue;
            };
            let holds = checker.noted(checker.evaluator.condition(&condition.value, &Scope::EMPTY));
            if holds != Some(false) {
                continue;
            }
            let message = rule.body.attribute("error_message").and_then(|attribute| {
                let value = checker.noted(checker.evaluator.value(&attribute.value, &Scope::EMPTY))?;
                value.as_str().map(str::to_owned)
            });
            let message = message.unwrap_or_else(|| "the rule does not say more".to_owned());
            checker.error(
                SpecDiagnostic::new(
                    Code::Validation,
                    condition.value.span,
                    format!("the value of `{name}` breaks a rule: {message}"),
                )
                .here("this is false"),
            );
        }
    }
}
