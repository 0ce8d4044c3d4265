//! HCL to syntax tree, by way of `hcl-edit`.

use super::hcl_expression::Lowering;
use super::outline::statements;
use super::place::Place;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::source::{FileId, Span};
use crate::syntax::{Attribute, Block, Body, Expr, Part, Word};
use hcl_edit::Span as _;
use hcl_edit::structure::{BlockLabel, Structure};

/// Errors after which the rest of a file is not read: it is not HCL.
const MAX_ERRORS: usize = 100;

/// Reads a file of blocks and attributes. Each statement is read by itself: an error in one hides no other,
/// and what can be read is returned beside the errors.
pub(crate) fn read_body(file: FileId, text: &str) -> (Body, Vec<SpecDiagnostic>) {
    let mark = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let inside = text.get(mark..).unwrap_or_default();
    let mut whole = Body::empty(Span::new(file, 0, text.len()));
    let ranges = match statements(&Place::shifted(file, mark), inside) {
        Ok(ranges) => ranges,
        Err(errors) => return (whole, errors),
    };
    let mut errors = Vec::new();
    for range in ranges {
        let place = Place::shifted(file, mark + range.start);
        match read_statement(&place, inside.get(range).unwrap_or_default()) {
            Ok(mut body) => {
                whole.attributes.append(&mut body.attributes);
                whole.blocks.append(&mut body.blocks);
            }
            Err(found) => errors.extend(found),
        }
        if errors.len() > MAX_ERRORS {
            break;
        }
    }
    (whole, errors)
}

fn read_statement(place: &Place, text: &str) -> Result<Body, Vec<SpecDiagnostic>> {
    let parsed =
        hcl_edit::parser::parse_body(text).map_err(|error| vec![syntax_error(place, text, &error)])?;
    let mut lowering = Lowering::new(place, text);
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
    let offset = error.location().offset().min(text.len());
    let mut start = (0..=offset)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let mut end = start + text.get(start..).and_then(first_width).unwrap_or(0);
    if error.message().contains("escape sequence") {
        // The parser stops behind the two characters that it does not know.
        end = start;
        start = text
            .get(..start)
            .and_then(|before| before.rfind('\\'))
            .unwrap_or(start);
    }
    let rest = text.get(start..).unwrap_or_default();
    let (code, message, help) = explained(error.message(), rest);
    SpecDiagnostic::new(code, place.span(start, end), message)
        .here("here")
        .maybe_help(help.map(str::to_owned))
}

/// Returns the width of the first character, unless a line ends there.
fn first_width(text: &str) -> Option<usize> {
    text.chars().next().filter(|c| *c != '\n').map(char::len_utf8)
}

/// Puts the parser's words into ours. The tests hold each case, so a new wording of the parser shows.
fn explained(message: &str, rest: &str) -> (Code, String, Option<&'static str>) {
    let found = |what: &str| message.contains(what);
    if found("redefined attribute") {
        let name: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            .collect();
        return (
            Code::DuplicateAttribute,
            format!("`{name}` is set twice"),
            Some("keep one of the two"),
        );
    }
    if found("redefined object key") {
        return (
            Code::DuplicateKey,
            "this key stands twice in one object".to_owned(),
            Some("keep one of the two"),
        );
    }
    if found("nesting depth") {
        return (
            Code::TooDeep,
            "this is nested deeper than 64 levels".to_owned(),
            Some("give inner parts a name in `locals`"),
        );
    }
    if found("chained binary operators") {
        let help = "use `join`, `sum`, `alltrue` or `anytrue` over a list";
        return (
            Code::TooDeep,
            "more than 128 operators stand in one chain".to_owned(),
            Some(help),
        );
    }
    if rest.starts_with(|c: char| c.is_ascii_digit()) && !found("newline") {
        return (
            Code::TooMuch,
            "this number is too large".to_owned(),
            Some("write an id in quotes"),
        );
    }
    if found("invalid expression") {
        return (Code::Syntax, "an expression is wanted here".to_owned(), None);
    }
    if found("expected newline") {
        let help = "each attribute and each block stands on a line of its own";
        return (Code::Syntax, "a line end is wanted here".to_owned(), Some(help));
    }
    if rest.starts_with(':') && (found("invalid attribute") || found("`=`")) {
        return (
            Code::Syntax,
            "`=` is wanted here".to_owned(),
            Some("attributes are set with `=`: `name = value`"),
        );
    }
    if found("invalid escape sequence") {
        let help = "known are \\n \\r \\t \\\" \\\\ \\uXXXX; write `\\\\` for a backslash";
        return (
            Code::Syntax,
            "this escape sequence is not known".to_owned(),
            Some(help),
        );
    }
    if found("expected `}`, newline or identifier") || found("expected `}`, `\\n` or identifier") {
        let help = "a block on one line holds one attribute; give each attribute a line of its own";
        return (
            Code::Syntax,
            "the block should end here, or a line".to_owned(),
            Some(help),
        );
    }
    let wanted = message.split("expected ").nth(1);
    if wanted == Some("token") {
        return (
            Code::Syntax,
            "a block or an attribute begins with a name".to_owned(),
            None,
        );
    }
    let message = wanted.map_or_else(
        || "the text is not HCL here".to_owned(),
        |wanted| format!("the text is not HCL here: {wanted} wanted"),
    );
    (Code::Syntax, message, None)
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
