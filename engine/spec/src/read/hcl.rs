//! HCL to syntax tree, by way of `hcl-edit`.

use super::hcl_expression::Lowering;
use super::place::Place;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::source::{FileId, Span};
use crate::syntax::{Attribute, Block, Body, Expr, Part, Word};
use hcl_edit::Span as _;
use hcl_edit::structure::{BlockLabel, Structure};

/// Reads a file of blocks and attributes.
///
/// # Errors
///
/// Returns what is not HCL.
pub(crate) fn read_body(file: FileId, text: &str) -> Result<Body, Vec<SpecDiagnostic>> {
    let place = Place::shifted(file, 0);
    let parsed =
        hcl_edit::parser::parse_body(text).map_err(|error| vec![syntax_error(&place, text, &error)])?;
    let mut lowering = Lowering::new(&place, text);
    let body = body(&mut lowering, &parsed);
    if lowering.errors.is_empty() {
        Ok(body)
    } else {
        Err(lowering.errors)
    }
}

/// Reads a template: text with `${...}` and `%{...}`.
///
/// # Errors
///
/// Returns what is not a template.
pub(crate) fn read_template(place: &Place, text: &str) -> Result<Vec<Part>, Vec<SpecDiagnostic>> {
    let parsed =
        hcl_edit::parser::parse_template(text).map_err(|error| vec![syntax_error(place, text, &error)])?;
    let mut lowering = Lowering::new(place, text);
    let parts = lowering.template(&parsed);
    if lowering.errors.is_empty() {
        Ok(parts)
    } else {
        Err(lowering.errors)
    }
}

/// Reads one expression.
///
/// # Errors
///
/// Returns what is not an expression.
pub(crate) fn read_expression(place: &Place, text: &str) -> Result<Expr, Vec<SpecDiagnostic>> {
    let parsed =
        hcl_edit::parser::parse_expr(text).map_err(|error| vec![syntax_error(place, text, &error)])?;
    let mut lowering = Lowering::new(place, text);
    let expression = lowering.expression(&parsed);
    if lowering.errors.is_empty() {
        Ok(expression)
    } else {
        Err(lowering.errors)
    }
}

fn syntax_error(place: &Place, text: &str, error: &hcl_edit::parser::Error) -> SpecDiagnostic {
    let start = error.location().offset().min(text.len());
    let start = (0..=start)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let rest = text.get(start..).unwrap_or_default();
    let width = rest
        .chars()
        .next()
        .filter(|c| *c != '\n')
        .map_or(0, char::len_utf8);
    let message = error.message().replace("; expected", ", expected");
    let message = if message.is_empty() {
        "the text ends or goes on unexpectedly".to_owned()
    } else {
        message
    };
    SpecDiagnostic::new(
        Code::Syntax,
        place.span(start, start + width),
        format!("this is not HCL: {message}"),
    )
    .here("here")
}

fn body(lowering: &mut Lowering<'_>, parsed: &hcl_edit::structure::Body) -> Body {
    let mut result = Body::empty(lowering.span(parsed.span()));
    for structure in parsed {
        match structure {
            Structure::Attribute(attribute) => {
                let name = Word::new(attribute.key.as_str(), lowering.span(attribute.key.span()));
                let value = lowering.expression(&attribute.value);
                result.attributes.push(Attribute { name, value });
            }
            Structure::Block(parsed) => {
                let block = block(lowering, parsed);
                result.blocks.push(block);
            }
        }
    }
    result
}

fn block(lowering: &mut Lowering<'_>, parsed: &hcl_edit::structure::Block) -> Block {
    let kind = Word::new(parsed.ident.as_str(), lowering.span(parsed.ident.span()));
    let labels: Vec<Word> = parsed
        .labels
        .iter()
        .map(|label| self::label(lowering, label))
        .collect();
    let header = labels.last().map_or(kind.span, |last| kind.span.to(last.span));
    let mut body = body(lowering, &parsed.body);
    body.span = Span {
        start: header.end,
        ..lowering.span(parsed.span())
    };
    Block {
        kind,
        labels,
        body,
        header,
    }
}

fn label(lowering: &Lowering<'_>, parsed: &BlockLabel) -> Word {
    let span = match parsed {
        BlockLabel::Ident(ident) => ident.span(),
        BlockLabel::String(string) => string.span(),
    };
    Word::new(parsed.as_str(), lowering.span(span))
}
