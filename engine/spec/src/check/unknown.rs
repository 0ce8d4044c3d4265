//! The errors for names that mean nothing, worded the same wherever they are found.

use super::declared::Declared;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::source::Span;
use crate::suggest;
use crate::syntax::Word;

pub(super) fn ou<'k>(prefix: &str, label: &Word, known: impl Iterator<Item = &'k str>) -> SpecDiagnostic {
    let known: Vec<&str> = known.collect();
    SpecDiagnostic::new(
        Code::UnknownOu,
        label.span,
        format!("organizational unit `{prefix}.{}` is not declared", label.text),
    )
    .here("used here")
    .maybe_help(suggest::help(&label.text, &known))
}

/// What stands at the beginning of a reference.
const ROOTS: &[&str] = &[
    "var",
    "local",
    "each",
    "ou",
    "account",
    "policy",
    "stack_set",
    "stack",
    "permission_set",
    "landing_zone",
    "organization",
    "root",
    "path",
];

/// Returns the error for the first word of a reference.
pub(super) fn root(root: &str, span: Span, alone: bool, in_scope: &[&str]) -> SpecDiagnostic {
    let error = SpecDiagnostic::new(Code::UnknownName, span, format!("`{root}` means nothing here"));
    match root {
        "each" => SpecDiagnostic::new(
            Code::EachOutside,
            span,
            "`each` has a meaning only in a block with `for_each`",
        )
        .help("add `for_each`, or use `local` or `var`"),
        "data" | "module" | "resource" | "self" | "count" | "terraform" => {
            error.help(format!("a spec has no `{root}`; it has {}", ROOTS.join(", ")))
        }
        _ => {
            let known: Vec<&str> = ROOTS
                .iter()
                .chain(in_scope)
                .copied()
                .filter(|name| !name.is_empty())
                .collect();
            let help = suggest::nearest(root, &known).map(|near| format!("did you mean `{near}`?"));
            error.maybe_help(help.or_else(|| alone.then(|| format!("text stands in quotes: \"{root}\""))))
        }
    }
}

/// Returns the error for `var` or `ou` without a name behind it.
pub(super) fn alone(root: &str, span: Span) -> SpecDiagnostic {
    let what = if matches!(root, "var" | "local") {
        "name"
    } else {
        "label"
    };
    SpecDiagnostic::new(Code::UnknownName, span, format!("`{root}` alone means nothing"))
        .help(format!("write `{root}.<{what}>`"))
}

pub(super) fn variable(name: &Word, declared: &Declared<'_>) -> SpecDiagnostic {
    let known: Vec<&str> = declared.variables.keys().copied().collect();
    let help = suggest::help(&name.text, &known)
        .unwrap_or_else(|| format!("declare it: `variable \"{}\" {{}}`", name.text));
    SpecDiagnostic::new(
        Code::UnknownVariable,
        name.span,
        format!("there is no variable `{}`", name.text),
    )
    .help(help)
}

pub(super) fn local(name: &str, span: Span, declared: &Declared<'_>) -> SpecDiagnostic {
    let known: Vec<&str> = declared.locals.keys().copied().collect();
    SpecDiagnostic::new(
        Code::UnknownLocal,
        span,
        format!("there is no local value `{name}`"),
    )
    .maybe_help(suggest::help(name, &known))
}

/// Returns the error for an account, policy, stack set or stack that is not declared.
pub(super) fn labelled(kind: &str, label: &Word, declared: &Declared<'_>) -> SpecDiagnostic {
    let code = match kind {
        "account" => Code::UnknownAccount,
        "stack_set" => Code::UnknownStackSet,
        "stack" => Code::UnknownStack,
        "permission_set" => Code::UnknownPermissionSet,
        _ => Code::UnknownPolicy,
    };
    let known: Vec<&str> = declared.labelled(kind).keys().copied().collect();
    SpecDiagnostic::new(
        code,
        label.span,
        format!("{} `{}` is not declared", kind.replace('_', " "), label.text),
    )
    .here("used here")
    .maybe_help(suggest::help(&label.text, &known))
}

/// Returns the error for an attribute that an object does not have.
pub(super) fn attribute(of: &str, name: &Word, known: &[&str]) -> SpecDiagnostic {
    SpecDiagnostic::new(
        Code::NoSuchElement,
        name.span,
        format!("`{of}` has no attribute `{}`", name.text),
    )
    .maybe_help(suggest::help(&name.text, known))
}
