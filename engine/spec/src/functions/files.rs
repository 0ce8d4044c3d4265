//! Functions that read files of the repository.

use super::call::{Call, Function, Later, Parameter, Wrong};
use super::encoding::base64;
use crate::codes::Code;
use crate::data::{DataError, normal_path};
use crate::eval::{Failure, Scope};
use crate::read::Place;
use crate::read::hcl::read_template;
use crate::value::{self, Type, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

const fn reads(
    name: &'static str,
    parameters: &'static [Parameter],
    run: fn(&Call<'_>) -> Result<Value, Wrong>,
) -> Function {
    Function {
        name,
        parameters,
        rest: None,
        later: Later::Refused,
        run,
    }
}

use Parameter::{Any, Text};

pub(super) const FUNCTIONS: &[Function] = &[
    reads("file", &[Text], |call| text(call, 0).map(Value::string)),
    reads("fileexists", &[Text], fileexists),
    reads("fileset", &[Text, Text], fileset),
    reads("filebase64", &[Text], |call| {
        Ok(Value::string(base64(&bytes(call, 0)?)))
    }),
    reads("basename", &[Text], |call| {
        Ok(Value::string(basename(call.text(0))))
    }),
    reads("dirname", &[Text], |call| {
        Ok(Value::string(dirname(call.text(0))))
    }),
    Function {
        name: "templatefile",
        parameters: &[Text, Any],
        rest: None,
        later: Later::Passed,
        run: templatefile,
    },
    Function {
        name: "templatestring",
        parameters: &[Text, Any],
        rest: None,
        later: Later::Passed,
        run: templatestring,
    },
];

/// Returns the bytes of the file that an argument names, and remembers that they were read.
pub(super) fn bytes(call: &Call<'_>, at: usize) -> Result<Vec<u8>, Wrong> {
    let path = path(call, at)?;
    let bytes = call
        .evaluator
        .data
        .read(&path)
        .map_err(|error| unreadable(at, &path, &error))?;
    let digest = Sha256::digest(&bytes).to_vec();
    call.evaluator.read.borrow_mut().insert(path, digest);
    call.evaluator.spend(bytes.len() / 16, call.span)?;
    Ok(bytes)
}

fn path(call: &Call<'_>, at: usize) -> Result<String, Wrong> {
    let written = call.text(at);
    normal_path(written)
        .filter(|path| !path.is_empty())
        .ok_or_else(|| {
            Wrong::argument(at, format!("`{written}` is not a path relative to the spec"))
                .code(Code::FileOutside)
                .help("write the path relative to the spec's directory, with `/` between folders")
        })
}

fn unreadable(at: usize, path: &str, error: &DataError) -> Wrong {
    let wrong = Wrong::argument(at, format!("cannot read `{path}`: {error}"));
    match error {
        DataError::NotFound => wrong
            .code(Code::FileNotFound)
            .help("paths are relative to the spec's directory"),
        DataError::Outside => wrong
            .code(Code::FileOutside)
            .help(
                "copy the file into the repository, which begins where `.git` is; without one it is the spec's directory",
            ),
        DataError::TooLarge | DataError::Refused(_) => wrong.code(Code::FileUnreadable),
    }
}

fn text(call: &Call<'_>, at: usize) -> Result<String, Wrong> {
    String::from_utf8(bytes(call, at)?).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        Wrong::argument(at, format!("`{}` is not UTF-8 (byte {valid})", call.text(at)))
            .code(Code::FileUnreadable)
            .help("use `filebase64` for a file that is not text")
    })
}

fn fileexists(call: &Call<'_>) -> Result<Value, Wrong> {
    let path = path(call, 0)?;
    match call.evaluator.data.read(&path) {
        Ok(_) => Ok(Value::Bool(true)),
        Err(DataError::NotFound) => Ok(Value::Bool(false)),
        Err(error) => Err(unreadable(0, &path, &error)),
    }
}

fn basename(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        Some(last) if !last.is_empty() => last,
        _ if path.starts_with('/') => "/",
        _ => ".",
    }
}

fn dirname(path: &str) -> String {
    let Some((front, _)) = path.rsplit_once('/') else {
        return ".".to_owned();
    };
    let cleaned = normal_path(front.trim_start_matches('/')).unwrap_or_default();
    match (path.starts_with('/'), cleaned.as_str()) {
        (true, cleaned) => format!("/{cleaned}"),
        (false, "") => ".".to_owned(),
        (false, cleaned) => cleaned.to_owned(),
    }
}

fn fileset(call: &Call<'_>) -> Result<Value, Wrong> {
    let folder = normal_path(call.text(0))
        .ok_or_else(|| Wrong::argument(0, "a path relative to the spec is wanted").code(Code::FileOutside))?;
    let pattern = glob(call.text(1))?;
    let listed = match call.evaluator.data.list(&folder) {
        Ok(listed) => listed,
        Err(DataError::NotFound) => Vec::new(),
        Err(error) => return Err(unreadable(0, &folder, &error)),
    };
    call.evaluator.spend(listed.len(), call.span)?;
    let found: BTreeSet<Value> = listed
        .into_iter()
        .filter(|path| pattern.is_match(path))
        .map(Value::string)
        .collect();
    Ok(Value::Set(Arc::new(found)))
}

/// Turns a pattern with `*`, `**`, `?`, `{a,b}` and `[a-z]` into a regular expression.
fn glob(pattern: &str) -> Result<regex::Regex, Wrong> {
    let mut regex = String::from("^");
    let mut chars = pattern.chars().peekable();
    let mut depth = 0u32;
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                let folder = chars.next_if_eq(&'/').is_some();
                regex.push_str(if folder { "(?:.*/)?" } else { ".*" });
            }
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '{' => {
                depth += 1;
                regex.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                regex.push(')');
            }
            ',' if depth > 0 => regex.push('|'),
            '[' | ']' | '-' => regex.push(c),
            c => regex.push_str(&regex::escape(&c.to_string())),
        }
    }
    regex.push('$');
    regex::Regex::new(&regex)
        .map_err(|_| Wrong::argument(1, format!("`{pattern}` is not a pattern of paths")))
}

fn templatefile(call: &Call<'_>) -> Result<Value, Wrong> {
    if call.value(0).hole().is_some() {
        return Err(Wrong::argument(0, "the path must be known").code(Code::KnownAfterApply));
    }
    let template = text(call, 0)?;
    render(call, &template, call.text(0))
}

fn templatestring(call: &Call<'_>) -> Result<Value, Wrong> {
    let template = call.value(0).as_str().map(str::to_owned);
    let template = template
        .ok_or_else(|| Wrong::argument(0, "the template must be known").code(Code::KnownAfterApply))?;
    render(call, &template, "the template")
}

/// Errors inside the template are reported at the call, with the line of the template.
fn render(call: &Call<'_>, template: &str, name: &str) -> Result<Value, Wrong> {
    let fields = call.value(1).fields().ok_or_else(|| {
        Wrong::argument(
            1,
            format!("a map is wanted, this is {}", call.value(1).described()),
        )
    })?;
    let place = Place::whole(call.span);
    let described = |failure: Failure| {
        let reasons: Vec<String> = failure
            .0
            .iter()
            .map(|diagnostic| diagnostic.message().to_owned())
            .collect();
        if reasons.is_empty() {
            return Wrong::inner(failure);
        }
        let code = failure
            .0
            .first()
            .map_or(Code::FunctionFailed, crate::SpecDiagnostic::code);
        Wrong::argument(0, format!("in {name}: {}", reasons.join("; "))).code(code)
    };
    let parts = read_template(&place, template).map_err(|errors| described(Failure(errors)))?;
    let names: Vec<(&str, Value)> = fields
        .iter()
        .map(|(name, value)| (&**name, value.clone()))
        .collect();
    let scope = Scope::closed(&names);
    let kind = crate::read::whole(parts);
    let expression = crate::syntax::Expr {
        kind,
        span: call.span,
    };
    let value = call.evaluator.value(&expression, &scope).map_err(described)?;
    value::convert(&value, &Type::String)
        .map_err(|mismatch| Wrong::argument(0, format!("in {name}: {mismatch}")))
}
