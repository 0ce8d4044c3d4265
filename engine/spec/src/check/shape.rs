//! Holds blocks against the table of the language: names, labels, numbers. Values come later.

use crate::codes::Code;
use crate::diagnostic::{Errors, SpecDiagnostic};
use crate::schema::{Attributes, BlockKind, Labels, Repeat, Support};
use crate::source::Span;
use crate::suggest;
use crate::syntax::{Attribute, Block, Body};
use std::collections::BTreeMap;

/// Checks the inside of a block, and what is inside of that. What is missing is reported at the header.
pub(super) fn check_body(body: &Body, kind: &'static BlockKind, header: Span, errors: &mut Errors) {
    check_attributes(body, kind, errors);
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for block in &body.blocks {
        let Some(inner) = kind.block(&block.kind.text) else {
            errors.push(unknown_block(block, kind));
            continue;
        };
        if inner.repeat == Repeat::Once
            && let Some(first) = seen.insert(inner.name, block.header)
        {
            errors.push(
                SpecDiagnostic::new(
                    Code::DuplicateBlock,
                    block.header,
                    format!("`{}` stands twice", inner.name),
                )
                .here("again here")
                .also(first, "first here")
                .help("merge the two blocks"),
            );
        }
        check_block(block, inner, errors);
    }
    check_required(body, kind, header, errors);
}

/// Checks labels and inside of one block.
pub(super) fn check_block(block: &Block, kind: &'static BlockKind, errors: &mut Errors) {
    if kind.support == Support::Later {
        let message = format!("`{}` blocks are not supported yet", kind.name);
        errors.push(
            SpecDiagnostic::new(Code::NotSupported, block.header, message)
                .here("this version cannot carry it out")
                .help("take the block out until a later version"),
        );
        return;
    }
    check_labels(block, kind, errors);
    check_body(&block.body, kind, block.header, errors);
}

fn check_labels(block: &Block, kind: &BlockKind, errors: &mut Errors) {
    let given = block.labels.len();
    let (fits, form) = match kind.labels {
        Labels::None => (given == 0, kind.name.to_owned()),
        Labels::One(meaning) => (given == 1, format!("{} \"<{meaning}>\"", kind.name)),
        Labels::Optional(meaning) => (given <= 1, format!("{} \"<{meaning}>\"", kind.name)),
        Labels::Two(first, second) => (given == 2, format!("{} \"<{first}>\" \"<{second}>\"", kind.name)),
    };
    if !fits {
        let wanted = match kind.labels {
            Labels::None => "no label",
            Labels::One(_) => "one label",
            Labels::Optional(_) => "at most one label",
            Labels::Two(..) => "two labels",
        };
        let message = format!("`{}` takes {wanted}, not {given}", kind.name);
        errors.push(
            SpecDiagnostic::new(Code::WrongLabels, block.header, message)
                .help(format!("write `{form} {{ ... }}`")),
        );
    }
}

fn check_attributes(body: &Body, kind: &'static BlockKind, errors: &mut Errors) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for attribute in &body.attributes {
        if let Some(first) = seen.insert(&attribute.name.text, attribute.name.span) {
            let message = format!("`{}` is set twice", attribute.name.text);
            errors.push(
                SpecDiagnostic::new(Code::DuplicateAttribute, attribute.name.span, message)
                    .here("again here")
                    .also(first, "first here"),
            );
        }
        let Attributes::Known(_) = kind.attributes else {
            continue;
        };
        match kind.attribute(&attribute.name.text) {
            None => errors.push(unknown_attribute(attribute, kind)),
            Some(known) if known.support == Support::Later => {
                let message = format!("`{}` is not supported yet", known.name);
                errors.push(SpecDiagnostic::new(
                    Code::NotSupported,
                    attribute.name.span,
                    message,
                ));
            }
            Some(_) => {}
        }
    }
}

fn check_required(body: &Body, kind: &'static BlockKind, header: Span, errors: &mut Errors) {
    let Attributes::Known(known) = kind.attributes else {
        return;
    };
    for attribute in known.iter().filter(|attribute| attribute.required) {
        if body.attribute(attribute.name).is_none() {
            let message = format!("`{}` has no `{}`", kind.name, attribute.name);
            errors.push(
                SpecDiagnostic::new(Code::MissingAttribute, header, message)
                    .here("missing in here")
                    .help(format!(
                        "add `{} = ...`: {}",
                        attribute.name,
                        lower_first(attribute.doc)
                    )),
            );
        }
    }
}

fn lower_first(doc: &str) -> String {
    let mut chars = doc.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_lowercase(), chars.as_str())
    })
}

fn described(kind: &BlockKind) -> String {
    if kind.name == "spec" {
        "a spec".to_owned()
    } else {
        format!("`{}`", kind.name)
    }
}

fn unknown_block(block: &Block, kind: &'static BlockKind) -> SpecDiagnostic {
    let name = &*block.kind.text;
    let error = SpecDiagnostic::new(
        Code::UnknownBlock,
        block.kind.span,
        format!("{} has no block `{name}`", described(kind)),
    );
    if kind.attribute(name).is_some() {
        return error.help(format!("`{name}` is an attribute: write `{name} = ...`"));
    }
    let terraform = match name {
        "resource" | "data" => Some("a spec has no resources; write `ou`, `account`, `policy` blocks"),
        "module" => Some("a spec has no modules; use `for_each`, `templatefile` and data files"),
        "provider" | "terraform" => Some("a spec needs no provider and no state; take the block out"),
        "dynamic" => Some("write the blocks out, or give the attribute a `for` expression"),
        "lifecycle" => Some("an account is never removed by absence; see `removed` and `safety`"),
        _ => None,
    };
    if let Some(help) = terraform {
        return error.help(help);
    }
    let known: Vec<&str> = kind.blocks.iter().map(|block| block.name).collect();
    error.maybe_help(
        suggest::nearest(name, &known)
            .map(|near| format!("did you mean `{near}`?"))
            .or_else(|| (known.is_empty()).then(|| format!("{} has attributes only", described(kind)))),
    )
}

fn unknown_attribute(attribute: &Attribute, kind: &'static BlockKind) -> SpecDiagnostic {
    let name = &*attribute.name.text;
    let error = SpecDiagnostic::new(
        Code::UnknownAttribute,
        attribute.name.span,
        format!("{} has no attribute `{name}`", described(kind)),
    );
    if kind.block(name).is_some() {
        return error.help(format!(
            "`{name}` is a block: write `{name} {{ ... }}` without `=`"
        ));
    }
    let Attributes::Known(known) = kind.attributes else {
        return error;
    };
    let mut names: Vec<&str> = known.iter().map(|attribute| attribute.name).collect();
    names.extend(kind.blocks.iter().map(|block| block.name));
    if kind.name == "spec" {
        let help = suggest::nearest(name, &names).map(|near| format!("did you mean the block `{near}`?"));
        return error.maybe_help(
            help.or_else(|| Some("a spec is made of blocks; values go into `locals`".to_owned())),
        );
    }
    if name == "count" {
        return error.help("use `for_each`");
    }
    error.maybe_help(suggest::help(name, &names))
}
