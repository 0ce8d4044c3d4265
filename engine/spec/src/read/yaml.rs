//! YAML to the same syntax tree: maps become blocks where the schema knows a block, attributes elsewhere.

use super::hcl::read_template;
use super::hcl_template::whole;
use super::yaml_tree::{self, Node, NodeKind, Scalar};
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::number::Number;
use crate::schema::{self, Attributes, BlockKind, Labels};
use crate::source::{FileId, Span};
use crate::syntax::{Attribute, Block, Body, Expr, ExprKind, Word};
use std::sync::Arc;

/// Reads a file of blocks. What has the shape of a spec is returned beside what has not.
pub(crate) fn read_body(file: FileId, text: &str) -> (Body, Vec<SpecDiagnostic>) {
    read(file, text, &schema::SPEC)
}

/// Reads an account request: the body of one `account` block.
pub(crate) fn read_account(file: FileId, text: &str) -> (Body, Vec<SpecDiagnostic>) {
    schema::SPEC
        .block("account")
        .map_or_else(|| (empty(file), Vec::new()), |kind| read(file, text, kind))
}

fn empty(file: FileId) -> Body {
    Body::empty(Span::new(file, 0, 0))
}

fn read(file: FileId, text: &str, kind: &'static BlockKind) -> (Body, Vec<SpecDiagnostic>) {
    let node = match yaml_tree::read(file, text) {
        Ok(Some(node)) => node,
        Ok(None) => return (empty(file), Vec::new()),
        Err(error) => return (empty(file), vec![error]),
    };
    let mut lowering = Lowering { errors: Vec::new() };
    let body = lowering.body(&node, kind);
    (body, lowering.errors)
}

struct Lowering {
    errors: Vec<SpecDiagnostic>,
}

impl Lowering {
    fn error(&mut self, span: Span, message: String, help: &str) {
        self.errors
            .push(SpecDiagnostic::new(Code::YamlShape, span, message).help(help));
    }

    fn body(&mut self, node: &Node, kind: &'static BlockKind) -> Body {
        let mut body = Body::empty(node.span);
        let pairs = match &node.kind {
            NodeKind::Map(pairs) => pairs,
            NodeKind::Scalar(scalar) if is_null(scalar) => return body,
            NodeKind::Scalar(_) | NodeKind::List(_) => {
                let message = format!("{} is a map of its attributes", described(kind));
                self.error(node.span, message, "write `name: value` lines, indented below it");
                return body;
            }
        };
        for (key, value) in pairs {
            let Some(word) = self.key(key) else { continue };
            let inner = kind
                .block(&word.text)
                .filter(|_| kind.attribute(&word.text).is_none());
            match inner {
                Some(inner) => self.blocks(&word, value, inner, &mut body.blocks),
                None => body.attributes.push(Attribute {
                    name: word,
                    value: self.expression(value),
                }),
            }
        }
        body
    }

    fn key(&mut self, node: &Node) -> Option<Word> {
        match &node.kind {
            NodeKind::Scalar(scalar) => Some(Word::new(Arc::clone(&scalar.text), node.span)),
            NodeKind::List(_) | NodeKind::Map(_) => {
                self.error(
                    node.span,
                    "a key is a text here".to_owned(),
                    "write `name: value`",
                );
                None
            }
        }
    }

    fn blocks(&mut self, word: &Word, node: &Node, kind: &'static BlockKind, blocks: &mut Vec<Block>) {
        match (&node.kind, kind.labels) {
            (NodeKind::List(items), Labels::None | Labels::Optional(_)) => {
                for item in items {
                    blocks.push(self.block(word, Vec::new(), item, kind));
                }
            }
            (_, Labels::None) => blocks.push(self.block(word, Vec::new(), node, kind)),
            (_, Labels::One(meaning) | Labels::Optional(meaning)) => {
                for (label, body) in self.labelled(word, node, meaning) {
                    blocks.push(self.block(word, vec![label], &body, kind));
                }
            }
            (_, Labels::Two(first, second)) => {
                for (label, inner) in self.labelled(word, node, first) {
                    for (second_label, body) in self.labelled(word, &inner, second) {
                        blocks.push(self.block(word, vec![label.clone(), second_label], &body, kind));
                    }
                }
            }
        }
    }

    fn labelled(&mut self, word: &Word, node: &Node, meaning: &str) -> Vec<(Word, Arc<Node>)> {
        match &node.kind {
            NodeKind::Map(pairs) => pairs
                .iter()
                .filter_map(|(key, value)| Some((self.key(key)?, Arc::clone(value))))
                .collect(),
            NodeKind::Scalar(scalar) if is_null(scalar) => Vec::new(),
            NodeKind::Scalar(_) | NodeKind::List(_) => {
                let message = format!("`{}` is a map: {meaning} to body", word.text);
                self.error(
                    node.span,
                    message,
                    &format!("write the {meaning} as a key, and the attributes below it"),
                );
                Vec::new()
            }
        }
    }

    fn block(&mut self, word: &Word, labels: Vec<Word>, node: &Node, kind: &'static BlockKind) -> Block {
        let header = labels.last().map_or(word.span, |label| label.span);
        let body = match kind.support {
            schema::Support::Ready => self.body(node, kind),
            schema::Support::Later => Body::empty(node.span),
        };
        let body = if matches!(kind.attributes, Attributes::Free) && body.attributes.is_empty() {
            Body { span: header, ..body }
        } else {
            body
        };
        Block {
            kind: word.clone(),
            labels,
            body,
            header,
        }
    }

    fn expression(&mut self, node: &Node) -> Expr {
        let kind = match &node.kind {
            NodeKind::Scalar(scalar) => self.scalar(scalar),
            NodeKind::List(items) => ExprKind::List(items.iter().map(|item| self.expression(item)).collect()),
            NodeKind::Map(pairs) => ExprKind::Object(
                pairs
                    .iter()
                    .map(|(key, value)| (self.map_key(key), self.expression(value)))
                    .collect(),
            ),
        };
        Expr {
            kind,
            span: node.span,
        }
    }

    /// A key is text, even if it looks like a number.
    fn map_key(&mut self, node: &Node) -> Expr {
        match &node.kind {
            NodeKind::Scalar(scalar) => Expr {
                kind: self.text(scalar),
                span: node.span,
            },
            NodeKind::List(_) | NodeKind::Map(_) => {
                self.error(
                    node.span,
                    "a key is a text here".to_owned(),
                    "write `name: value`",
                );
                Expr {
                    kind: ExprKind::Null,
                    span: node.span,
                }
            }
        }
    }

    fn scalar(&mut self, scalar: &Scalar) -> ExprKind {
        if !scalar.plain {
            return self.text(scalar);
        }
        match &*scalar.text {
            "" | "~" | "null" | "Null" | "NULL" => ExprKind::Null,
            "true" | "True" | "TRUE" => ExprKind::Bool(true),
            "false" | "False" | "FALSE" => ExprKind::Bool(false),
            text => match number(text) {
                Some(value) => ExprKind::Number {
                    value,
                    written: Arc::clone(&scalar.text),
                },
                None => self.text(scalar),
            },
        }
    }

    fn text(&mut self, scalar: &Scalar) -> ExprKind {
        if !scalar.text.contains("${") && !scalar.text.contains("%{") {
            return ExprKind::String(Arc::clone(&scalar.text));
        }
        match read_template(&scalar.place, &scalar.text) {
            Ok(parts) => whole(parts),
            Err(errors) => {
                self.errors.extend(errors);
                ExprKind::Null
            }
        }
    }
}

fn described(kind: &BlockKind) -> String {
    match kind.name {
        "spec" => "a spec".to_owned(),
        name => format!("`{name}`"),
    }
}

fn is_null(scalar: &Scalar) -> bool {
    scalar.plain && matches!(&*scalar.text, "" | "~" | "null" | "Null" | "NULL")
}

/// Returns the number that a plain scalar of YAML 1.2 is. Digits after a leading zero stay text: they are an id.
fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(hex) = text.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16)
            .ok()
            .filter(|_| !hex.starts_with(['-', '+']))
            .map(Number::from);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8)
            .ok()
            .filter(|_| !octal.starts_with(['-', '+']))
            .map(Number::from);
    }
    let leading_zero =
        digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    let starts = digits
        .strip_prefix('.')
        .unwrap_or(digits)
        .starts_with(|c: char| c.is_ascii_digit());
    if leading_zero || !starts {
        None
    } else {
        Number::parse(text)
    }
}
