//! YAML to nodes, scalars as CloudFormation reads them: YAML 1.1, dates stay text.

use crate::function::{long_form, long_name};
use crate::node::{Fields, Kind, MAX_DEPTH, MAX_NODES, Node, insert};
use crate::template::TemplateError;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::collections::BTreeMap;

/// A document, and the first line with something that YAML knows but CloudFormation does not.
pub(crate) struct Document {
    pub(crate) root: Node,
    /// The line of the first alias or merge key (CloudFormation User Guide, "Template formats").
    pub(crate) alias: Option<usize>,
}

/// Reads the one document of a YAML text.
pub(crate) fn read(text: &str) -> Result<Document, TemplateError> {
    let mut reader = Reader::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, marks) = event.map_err(|error| TemplateError {
            // What is missing at the end is missed behind the last line.
            line: error.marker().line().min(text.lines().count().max(1)),
            message: error.info().to_owned(),
        })?;
        reader.event(event, marks.start.line())?;
    }
    match reader.document {
        Some(root) => Ok(Document {
            root,
            alias: reader.alias,
        }),
        None => Err(TemplateError {
            line: 1,
            message: "the text is empty".to_owned(),
        }),
    }
}

/// A list or map whose end has not been read.
struct Open {
    kind: OpenKind,
    line: usize,
    anchor: usize,
    function: Option<String>,
}

enum OpenKind {
    List(Vec<Node>),
    Map {
        fields: Fields,
        merges: Vec<Node>,
        key: Option<Key>,
    },
}

struct Key {
    line: usize,
    text: String,
    merge: bool,
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    document: Option<Node>,
    alias: Option<usize>,
}

fn error(line: usize, message: impl Into<String>) -> TemplateError {
    TemplateError {
        line,
        message: message.into(),
    }
}

impl Reader {
    fn event(&mut self, event: Event<'_>, line: usize) -> Result<(), TemplateError> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) if self.document.is_some() => Err(error(
                line,
                "a template is one YAML document, this begins another",
            )),
            Event::DocumentStart(_) => Ok(()),
            Event::Alias(anchor) => {
                self.alias = self.alias.or(Some(line));
                let Some(mut node) = self.anchors.get(&anchor).cloned() else {
                    return Err(error(line, "this alias stands inside its own anchor"));
                };
                node.line = line;
                let size = node.size();
                self.add(node, size, false)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let merge = plain && tag.is_none() && text == "<<";
                let node = if self.wants_key() && tag.is_none() && !(plain && text.is_empty()) {
                    // A key is text, whatever it looks like: `On`, `2012`.
                    Node::text(line, text)
                } else {
                    scalar(&text, plain, tag.as_deref(), line)?
                };
                self.anchor(anchor, &node)?;
                self.add(node, 1, merge)
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(OpenKind::List(Vec::new()), anchor, tag.as_deref(), line)
            }
            Event::MappingStart(anchor, tag) => {
                let kind = OpenKind::Map {
                    fields: Fields::new(),
                    merges: Vec::new(),
                    key: None,
                };
                self.start(kind, anchor, tag.as_deref(), line)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
        }
    }

    fn wants_key(&self) -> bool {
        matches!(
            self.open.last(),
            Some(Open {
                kind: OpenKind::Map { key: None, .. },
                ..
            })
        )
    }

    /// Keeps a copy of what an alias may name. Anchors inside of anchors copy again and again, so copies count.
    fn anchor(&mut self, anchor: usize, node: &Node) -> Result<(), TemplateError> {
        if anchor != 0 {
            self.spend(node.size(), node.line)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(())
    }

    fn spend(&mut self, nodes: usize, line: usize) -> Result<(), TemplateError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            let message = format!("with its aliases put in, the template has more than {MAX_NODES} nodes");
            return Err(error(line, message));
        }
        Ok(())
    }

    fn start(
        &mut self,
        kind: OpenKind,
        anchor: usize,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<(), TemplateError> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("lists and maps are nested deeper than {MAX_DEPTH} levels");
            return Err(error(line, message));
        }
        let function = match tag {
            None => None,
            Some(tag) if tag.is_yaml_core_schema() && matches!(tag.suffix.as_str(), "map" | "seq") => None,
            Some(tag) => Some(function(tag, line)?),
        };
        self.open.push(Open {
            kind,
            line,
            anchor,
            function,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), TemplateError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let kind = match open.kind {
            OpenKind::List(items) => Kind::List(items),
            OpenKind::Map {
                mut fields, merges, ..
            } => {
                for merge in merges {
                    self.merge(&mut fields, merge)?;
                }
                Kind::Map(fields)
            }
        };
        let mut node = Node::new(open.line, kind);
        if let Some(name) = open.function {
            node = long_form(name, node);
        }
        self.anchor(open.anchor, &node)?;
        self.add(node, 1, false)
    }

    /// Puts in what a merge key brings; a key of the map itself, or of an earlier source, wins.
    fn merge(&mut self, fields: &mut Fields, source: Node) -> Result<(), TemplateError> {
        self.alias = self.alias.or(Some(source.line));
        let line = source.line;
        let sources = match source.kind {
            Kind::List(items) => items,
            kind @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_)) => {
                vec![Node::new(line, kind)]
            }
        };
        for source in sources {
            let Kind::Map(brought) = source.kind else {
                return Err(error(line, "`<<` takes a map or a list of maps"));
            };
            for (name, value) in brought {
                fields.entry(name).or_insert(value);
            }
        }
        Ok(())
    }

    /// Adds a node to what encloses it. `size` counts towards the bound on what aliases blow up.
    fn add(&mut self, node: Node, size: usize, merge: bool) -> Result<(), TemplateError> {
        let line = node.line;
        self.spend(size, line)?;
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.document = Some(node),
            Some(OpenKind::List(items)) => items.push(node),
            Some(OpenKind::Map { fields, merges, key }) => match key.take() {
                None => {
                    *key = Some(Key {
                        line,
                        text: key_text(node)?,
                        merge,
                    });
                }
                Some(Key { merge: true, .. }) => merges.push(node),
                Some(Key { line, text, .. }) => insert(fields, line, text, node)?,
            },
        }
        Ok(())
    }
}

fn key_text(node: Node) -> Result<String, TemplateError> {
    match node.kind {
        Kind::Text(text) | Kind::Number(text) => Ok(text),
        Kind::Bool(value) => Ok(value.to_string()),
        Kind::Null => Err(error(node.line, "a key is empty")),
        Kind::List(_) | Kind::Map(_) => Err(error(node.line, "a key is a list or map, not text")),
    }
}

fn function(tag: &Tag, line: usize) -> Result<String, TemplateError> {
    let known = (tag.handle == "!").then(|| long_name(&tag.suffix)).flatten();
    known.ok_or_else(|| error(line, format!("`{tag}` is no function of CloudFormation")))
}

fn scalar(text: &str, plain: bool, tag: Option<&Tag>, line: usize) -> Result<Node, TemplateError> {
    let as_text = || Node::text(line, text);
    match tag {
        None if plain => Ok(Node::new(line, resolve(text))),
        None => Ok(as_text()),
        Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
            "str" => Ok(as_text()),
            "int" | "float" | "bool" | "null" => Ok(Node::new(line, resolve(text))),
            suffix => Err(error(
                line,
                format!("CloudFormation does not know the YAML tag `!!{suffix}`"),
            )),
        },
        Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => Ok(as_text()),
        Some(tag) => Ok(long_form(function(tag, line)?, as_text())),
    }
}

/// Returns what an unquoted scalar means in YAML 1.1. Dates and numbers to the base of 60 stay text.
fn resolve(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Kind::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Kind::Bool(false),
        _ => number(text).map_or_else(|| Kind::Text(text.to_owned()), Kind::Number),
    }
}

fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let first = digits.bytes().next()?;
    if !(first.is_ascii_digit() || first == b'.') {
        return None;
    }
    let digits = digits.replace('_', "");
    let radix = |digits: &str, base| {
        u64::from_str_radix(digits, base)
            .ok()
            .filter(|_| !digits.starts_with('+'))
    };
    let whole = if digits == "0" {
        Some(0)
    } else if let Some(hexadecimal) = digits.strip_prefix("0x") {
        radix(hexadecimal, 16)
    } else if let Some(binary) = digits.strip_prefix("0b") {
        radix(binary, 2)
    } else if digits.bytes().all(|b| b.is_ascii_digit()) {
        // A leading zero means base 8; with an 8 or 9 in it, as in an account id, it is text.
        match digits.strip_prefix('0') {
            Some(octal) => radix(octal, 8),
            None => return Some(format!("{sign}{digits}")),
        }
    } else {
        return decimal(&digits).then(|| format!("{sign}{digits}"));
    };
    whole.map(|whole| format!("{sign}{whole}"))
}

/// Returns whether a text is digits with a point, an exponent or both.
fn decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let size = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !size.is_empty() && digits(size)
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let some = !whole.is_empty() || mantissa.len() > 1;
    exponent_fits
        && some
        && digits(whole)
        && digits(fraction)
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}
