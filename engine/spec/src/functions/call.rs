//! Finds a function, checks its arguments against its parameters, and runs it.

use super::{
    collections, encoding, files, formatting, hashing, maps, network, numbers, strings, time, types,
};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::eval::{Evaluator, Failure, Scope, known_later};
use crate::source::Span;
use crate::suggest;
use crate::syntax::{Expr, Word};
use crate::value::{self, Type, Value};

/// The most elements that a function may return.
pub(super) const MAX_ELEMENTS: usize = 1_000_000;

/// A function.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) parameters: &'static [Parameter],
    /// What further arguments must be; without it, there are none.
    pub(super) rest: Option<Parameter>,
    pub(super) later: Later,
    pub(super) run: fn(&Call<'_>) -> Result<Value, Wrong>,
}

/// What an argument must be; it is converted where Terraform converts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameter {
    Text,
    Number,
    /// Anything but null.
    Any,
    /// Anything.
    Nullable,
    /// A list of texts.
    Texts,
    /// A list, set or tuple.
    Elements,
}

/// What the function does with a text that is known only after apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Later {
    /// It must look at it, so it cannot be called.
    Refused,
    /// It only passes it on.
    Passed,
}

/// Why a function has no result: which argument is wrong, and how.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) argument: Option<usize>,
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// What went wrong inside, such as in a template file.
    pub(super) inner: Option<Failure>,
}

impl Wrong {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            argument: None,
            code: Code::FunctionFailed,
            message: message.into(),
            help: None,
            inner: None,
        }
    }

    pub(super) fn argument(at: usize, message: impl Into<String>) -> Self {
        Self {
            argument: Some(at),
            ..Self::new(message)
        }
    }

    pub(super) fn code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn inner(failure: Failure) -> Self {
        Self {
            inner: Some(failure),
            ..Self::new("")
        }
    }
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Self {
        Self::inner(failure)
    }
}

/// The arguments of one call, converted.
pub(super) struct Call<'a> {
    pub(super) evaluator: &'a Evaluator<'a>,
    pub(super) arguments: Vec<Value>,
    pub(super) span: Span,
}

impl Call<'_> {
    /// Returns an argument; the parameters guarantee that it is there.
    pub(super) fn value(&self, at: usize) -> &Value {
        self.arguments.get(at).unwrap_or(&Value::Null)
    }

    pub(super) fn text(&self, at: usize) -> &str {
        self.value(at).as_str().unwrap_or_default()
    }

    pub(super) fn number(&self, at: usize) -> crate::number::Number {
        if let Value::Number(number) = self.value(at) {
            number.clone()
        } else {
            crate::number::Number::ZERO
        }
    }

    /// Returns a whole number.
    pub(super) fn integer(&self, at: usize) -> Result<i64, Wrong> {
        self.number(at)
            .to_i64()
            .ok_or_else(|| Wrong::argument(at, "a whole number is wanted"))
    }

    pub(super) fn elements(&self, at: usize) -> Vec<Value> {
        self.value(at).elements().unwrap_or_default()
    }

    pub(super) fn texts(&self, at: usize) -> Vec<std::sync::Arc<str>> {
        let text = |value| {
            if let Value::String(text) = value {
                Some(text)
            } else {
                None
            }
        };
        self.elements(at).into_iter().filter_map(text).collect()
    }
}

fn tables() -> impl Iterator<Item = &'static Function> {
    [
        strings::FUNCTIONS,
        formatting::FUNCTIONS,
        numbers::FUNCTIONS,
        collections::FUNCTIONS,
        maps::FUNCTIONS,
        encoding::FUNCTIONS,
        files::FUNCTIONS,
        types::FUNCTIONS,
        hashing::FUNCTIONS,
        network::FUNCTIONS,
        time::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// Returns the names of all functions, sorted.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = tables()
        .map(|function| function.name)
        .chain(["try", "can"])
        .collect();
    names.sort_unstable();
    names
}

/// Returns how many arguments a function must have and whether it takes more; nothing for those that look at expressions.
#[cfg(test)]
pub(super) fn parameters(name: &str) -> Option<(usize, bool)> {
    let function = tables().find(|function| function.name == name)?;
    Some((function.parameters.len(), function.rest.is_some()))
}

/// Functions of Terraform whose result depends on more than their arguments.
const IMPURE: &[&str] = &[
    "timestamp",
    "plantimestamp",
    "uuid",
    "bcrypt",
    "rsadecrypt",
    "pathexpand",
    "abspath",
];

/// Evaluates a call.
///
/// # Errors
///
/// Returns an unknown function, wrong arguments, or what the function itself refuses.
pub(crate) fn call(
    evaluator: &Evaluator<'_>,
    name: &Word,
    arguments: &[Expr],
    expand: bool,
    span: Span,
    scope: &Scope<'_>,
) -> Result<Value, Failure> {
    match &*name.text {
        "try" => return types::try_each(evaluator, arguments, span, scope),
        "can" => return types::can(evaluator, arguments, span, scope),
        _ => {}
    }
    let Some(function) = tables().find(|function| function.name == &*name.text) else {
        return Err(unknown_function(name).into());
    };
    let mut values = evaluator.values(arguments.iter(), scope)?;
    let mut spans: Vec<Span> = arguments.iter().map(|argument| argument.span).collect();
    if expand {
        expand_last(&mut values, &mut spans)?;
    }
    check_count(function, name, values.len())?;
    let mut converted = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let Some(parameter) = function.parameters.get(at).copied().or(function.rest) else {
            continue;
        };
        let span = spans.get(at).copied().unwrap_or(span);
        converted.push(argument(evaluator, function, parameter, value, span)?);
    }
    let call = Call {
        evaluator,
        arguments: converted,
        span,
    };
    let result = (function.run)(&call).map_err(|wrong| failed(function, wrong, &spans, span))?;
    let size =
        result.elements().map_or(0, |items| items.len()) + result.fields().map_or(0, |fields| fields.len());
    if size > MAX_ELEMENTS
        || result
            .as_str()
            .is_some_and(|text| text.len() > crate::eval::MAX_TEXT)
    {
        let message = format!("the result of `{}` is too large", function.name);
        return Err(SpecDiagnostic::new(Code::TooMuch, span, message).into());
    }
    evaluator.spend(size, span)?;
    Ok(result)
}

/// Returns the error for a name that no function has.
pub(crate) fn unknown(name: &Word) -> Option<SpecDiagnostic> {
    let known = matches!(&*name.text, "try" | "can") || tables().any(|function| function.name == &*name.text);
    (!known).then(|| unknown_function(name))
}

fn unknown_function(name: &Word) -> SpecDiagnostic {
    let message = format!("there is no function `{}`", name.text);
    let error = SpecDiagnostic::new(Code::UnknownFunction, name.span, message);
    if IMPURE.contains(&&*name.text) {
        return error.help("Terraform's function of this name gives another result each time, or reads the machine; a spec means the same everywhere");
    }
    if name.text.contains("::") {
        return error.help("functions of Terraform providers are not offered");
    }
    error.maybe_help(suggest::nearest(&name.text, &names()).map(|near| format!("did you mean `{near}`?")))
}

fn expand_last(values: &mut Vec<Value>, spans: &mut Vec<Span>) -> Result<(), Failure> {
    let (Some(last), Some(span)) = (values.pop(), spans.pop()) else {
        return Ok(());
    };
    let Some(items) = last.elements() else {
        let message = format!("`...` wants a list, this is {}", last.described());
        return Err(SpecDiagnostic::new(Code::Type, span, message).into());
    };
    spans.extend(items.iter().map(|_| span));
    values.extend(items);
    Ok(())
}

fn check_count(function: &Function, name: &Word, given: usize) -> Result<(), Failure> {
    let least = function.parameters.len();
    if given == least || (given > least && function.rest.is_some()) {
        return Ok(());
    }
    let wanted = match (least, function.rest) {
        (1, None) => "1 argument".to_owned(),
        (least, None) => format!("{least} arguments"),
        (1, Some(_)) => "at least 1 argument".to_owned(),
        (least, Some(_)) => format!("at least {least} arguments"),
    };
    let message = format!("`{}` takes {wanted}, not {given}", function.name);
    Err(SpecDiagnostic::new(Code::FunctionArguments, name.span, message).into())
}

fn argument(
    evaluator: &Evaluator<'_>,
    function: &Function,
    parameter: Parameter,
    value: &Value,
    span: Span,
) -> Result<Value, Failure> {
    if value.is_null() && parameter != Parameter::Nullable {
        let message = format!("an argument of `{}` is null", function.name);
        return Err(SpecDiagnostic::new(Code::NullValue, span, message).into());
    }
    if function.later == Later::Refused && value.hole().is_some() {
        evaluator.spend(1, span)?;
        if let Some(hole) = value.hole() {
            return Err(known_later(hole, span, &format!("be given to `{}`", function.name)).into());
        }
    }
    let ty = match parameter {
        Parameter::Any | Parameter::Nullable => return Ok(value.clone()),
        Parameter::Text => Type::String,
        Parameter::Number => Type::Number,
        Parameter::Texts => Type::List(Box::new(Type::String)),
        Parameter::Elements => {
            if value.elements().is_some() {
                return Ok(value.clone());
            }
            let message = format!(
                "`{}` wants a list or set here, this is {}",
                function.name,
                value.described()
            );
            return Err(SpecDiagnostic::new(Code::FunctionArguments, span, message).into());
        }
    };
    value::convert(value, &ty).map_err(|mismatch| {
        let message = format!("`{}`: {mismatch}", function.name);
        SpecDiagnostic::new(Code::FunctionArguments, span, message).into()
    })
}

fn failed(function: &Function, wrong: Wrong, spans: &[Span], span: Span) -> Failure {
    if let Some(inner) = wrong.inner {
        return inner;
    }
    let at = wrong
        .argument
        .and_then(|at| spans.get(at))
        .copied()
        .unwrap_or(span);
    let message = format!("`{}`: {}", function.name, wrong.message);
    SpecDiagnostic::new(wrong.code, at, message)
        .maybe_help(wrong.help)
        .into()
}
