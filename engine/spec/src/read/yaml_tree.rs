//! YAML to a tree of nodes, each with its place. Scalars keep their text; nothing is a number yet.

use super::place::Place;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::source::{FileId, Span};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as Marks, Tag};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The deepest nesting of lists and maps.
const MAX_DEPTH: usize = 64;

/// The most nodes after aliases are put in; more means a bomb.
const MAX_NODES: usize = 2_000_000;

/// A node of a YAML document.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) span: Span,
    /// Nodes in the tree below and including this one, aliases counted as often as they are used.
    size: usize,
}

/// Keys and values of a map, in the order of the text.
pub(crate) type Pairs = Vec<(Arc<Node>, Arc<Node>)>;

#[derive(Debug)]
pub(crate) enum NodeKind {
    Scalar(Scalar),
    List(Vec<Arc<Node>>),
    Map(Pairs),
}

#[derive(Debug)]
pub(crate) struct Scalar {
    pub(crate) text: Arc<str>,
    /// Whether the text stands there without quotes, so that it may be a number, `true` or `null`.
    pub(crate) plain: bool,
    pub(crate) place: Place,
}

/// Reads the one document of a YAML text.
///
/// # Errors
///
/// Returns the first thing that is not YAML, or not allowed in it.
pub(crate) fn read(file: FileId, text: &str) -> Result<Option<Arc<Node>>, SpecDiagnostic> {
    Reader::new(file, text).document()
}

/// A list or map whose end has not been read.
struct Open {
    kind: OpenKind,
    start: usize,
    anchor: usize,
    size: usize,
}

enum OpenKind {
    List(Vec<Arc<Node>>),
    Map { pairs: Pairs, key: Option<Arc<Node>> },
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    /// Byte offset of each character; empty when the text is ASCII and the two are the same.
    bytes: Vec<u32>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Arc<Node>>,
    nodes: usize,
    document: Option<Arc<Node>>,
}

impl<'a> Reader<'a> {
    fn new(file: FileId, text: &'a str) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX))
                .collect()
        };
        Self {
            file,
            text,
            bytes,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            nodes: 0,
            document: None,
        }
    }

    fn byte(&self, mark: &Marker) -> usize {
        if self.bytes.is_empty() {
            return mark.index().min(self.text.len());
        }
        self.bytes
            .get(mark.index())
            .map_or(self.text.len(), |at| *at as usize)
    }

    fn document(mut self) -> Result<Option<Arc<Node>>, SpecDiagnostic> {
        let mut parser = Parser::new_from_str(self.text);
        while let Some(event) = parser.next_event() {
            let (event, marks) = event.map_err(|error| self.not_yaml(&error))?;
            self.event(event, marks)?;
        }
        Ok(self.document)
    }

    fn not_yaml(&self, error: &ScanError) -> SpecDiagnostic {
        let at = self.byte(error.marker());
        let width = self
            .text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        let message = format!("this is not YAML: {}", error.info());
        let help = if error.info().contains("mapping values are not allowed") {
            Some("a value that holds `: ` or ` #` stands in quotes".to_owned())
        } else if error.info().contains("tab") {
            Some("indent with spaces; YAML takes no tabs there".to_owned())
        } else {
            None
        };
        let at = Span::new(self.file, at, at + width);
        SpecDiagnostic::new(Code::Syntax, at, message)
            .here("here")
            .maybe_help(help)
    }

    fn event(&mut self, event: Event<'_>, marks: Marks) -> Result<(), SpecDiagnostic> {
        let span = Span::new(self.file, self.byte(&marks.start), self.byte(&marks.end));
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) if self.document.is_some() => Err(SpecDiagnostic::new(
                Code::YamlDocuments,
                span,
                "a file holds one YAML document, this begins another",
            )
            .help("put the second document into a file of its own")),
            Event::DocumentStart(_) => Ok(()),
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return Err(SpecDiagnostic::new(
                        Code::YamlAlias,
                        span,
                        "this alias stands inside its own anchor",
                    ));
                };
                self.add(node, 0)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = self.scalar(&text, style, tag.as_deref(), span)?;
                self.add(Arc::new(node), anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(OpenKind::List(Vec::new()), anchor, tag.as_deref(), span)
            }
            Event::MappingStart(anchor, tag) => self.start(
                OpenKind::Map {
                    pairs: Vec::new(),
                    key: None,
                },
                anchor,
                tag.as_deref(),
                span,
            ),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
        }
    }

    fn start(
        &mut self,
        kind: OpenKind,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), SpecDiagnostic> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("lists and maps are nested deeper than {MAX_DEPTH} levels");
            return Err(SpecDiagnostic::new(Code::TooDeep, span, message));
        }
        if let Some(tag) = tag
            && !(tag.is_yaml_core_schema() && matches!(tag.suffix.as_str(), "map" | "seq"))
        {
            return Err(unknown_tag(tag, span));
        }
        self.open.push(Open {
            kind,
            start: span.start_usize(),
            anchor,
            size: 1,
        });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), SpecDiagnostic> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let whole = Span::new(self.file, open.start, self.trimmed(open.start, span.end as usize));
        let kind = match open.kind {
            OpenKind::List(items) => NodeKind::List(items),
            OpenKind::Map { pairs, .. } => NodeKind::Map(self.merged(pairs)?),
        };
        self.add(
            Arc::new(Node {
                kind,
                span: whole,
                size: open.size,
            }),
            open.anchor,
        )
    }

    /// A block list or map ends where the next thing begins; its span should end with its last character.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        self.text
            .get(start..end)
            .map_or(end, |text| start + text.trim_end().len())
    }

    fn add(&mut self, node: Arc<Node>, anchor: usize) -> Result<(), SpecDiagnostic> {
        self.nodes = self.nodes.saturating_add(1);
        let size = node.size;
        if anchor != 0 {
            self.anchors.insert(anchor, Arc::clone(&node));
        }
        let span = node.span;
        match self.open.last_mut() {
            None => self.document = Some(node),
            Some(open) => {
                open.size = open.size.saturating_add(size);
                if open.size > MAX_NODES {
                    let message =
                        format!("with its aliases put in, this document has more than {MAX_NODES} nodes");
                    return Err(SpecDiagnostic::new(Code::YamlBomb, span, message)
                        .help("write the data out, or build it with a `for` expression"));
                }
                match &mut open.kind {
                    OpenKind::List(items) => items.push(node),
                    OpenKind::Map { pairs, key } => match key.take() {
                        None => *key = Some(node),
                        Some(key) => pairs.push((key, node)),
                    },
                }
            }
        }
        Ok(())
    }

    /// Puts in what merge keys (`<<`) bring; a key of the map itself wins. Refuses keys that come twice.
    fn merged(&self, pairs: Pairs) -> Result<Pairs, SpecDiagnostic> {
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut result = Vec::with_capacity(pairs.len());
        let mut merges = Vec::new();
        for (key, value) in pairs {
            if let NodeKind::Scalar(scalar) = &key.kind {
                if scalar.plain && &*scalar.text == "<<" {
                    merges.push(value);
                    continue;
                }
                if let Some(first) = seen.insert(Arc::clone(&scalar.text), key.span) {
                    let message = format!("the key `{}` stands twice in one map", scalar.text);
                    return Err(SpecDiagnostic::new(Code::YamlDuplicateKey, key.span, message)
                        .here("again here")
                        .also(first, "first here"));
                }
            }
            result.push((key, value));
        }
        for merge in merges {
            let sources: Vec<&Arc<Node>> = match &merge.kind {
                NodeKind::List(items) => items.iter().collect(),
                NodeKind::Scalar(_) | NodeKind::Map(_) => vec![&merge],
            };
            for source in sources {
                let NodeKind::Map(brought) = &source.kind else {
                    return Err(SpecDiagnostic::new(
                        Code::YamlMerge,
                        source.span,
                        "`<<` takes a map or a list of maps",
                    ));
                };
                for (key, value) in brought {
                    let NodeKind::Scalar(scalar) = &key.kind else {
                        continue;
                    };
                    if seen.insert(Arc::clone(&scalar.text), key.span).is_none() {
                        result.push((Arc::clone(key), Arc::clone(value)));
                    }
                }
            }
        }
        Ok(result)
    }

    fn scalar(
        &self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<Node, SpecDiagnostic> {
        let mut plain = style == ScalarStyle::Plain;
        match tag {
            None => {}
            Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
                "str" => plain = false,
                "int" | "float" | "bool" | "timestamp" => {}
                "null" => {
                    return Ok(Node {
                        kind: NodeKind::Scalar(Scalar {
                            text: "".into(),
                            plain: true,
                            place: Place::whole(span),
                        }),
                        span,
                        size: 1,
                    });
                }
                _ => return Err(unknown_tag(tag, span)),
            },
            Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => plain = false,
            Some(tag) => return Err(unknown_tag(tag, span)),
        }
        let place = self.place(text, style, span);
        let span = Span::new(
            self.file,
            span.start_usize(),
            self.trimmed(span.start_usize(), span.end as usize),
        );
        Ok(Node {
            kind: NodeKind::Scalar(Scalar {
                text: text.into(),
                plain,
                place,
            }),
            span,
            size: 1,
        })
    }

    /// Finds out where each byte of a scalar's text stands in the file.
    fn place(&self, text: &str, style: ScalarStyle, span: Span) -> Place {
        let source = self
            .text
            .get(span.start_usize()..span.end as usize)
            .unwrap_or_default();
        let end = span.start_usize() + source.len();
        match style {
            ScalarStyle::Plain if source.ends_with(text) => Place::shifted(self.file, end - text.len()),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted
                if source
                    .get(..source.len().saturating_sub(1))
                    .is_some_and(|inside| inside.ends_with(text)) =>
            {
                Place::shifted(self.file, end - 1 - text.len())
            }
            ScalarStyle::Literal => self.literal(text, span),
            ScalarStyle::Plain
            | ScalarStyle::SingleQuoted
            | ScalarStyle::DoubleQuoted
            | ScalarStyle::Folded => Place::whole(span),
        }
    }

    /// In a literal block each line stands in the file with its indentation in front.
    fn literal(&self, text: &str, span: Span) -> Place {
        let start = self
            .text
            .get(..span.start_usize())
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        let mut at = start;
        let mut offset = 0;
        let mut stretches = Vec::new();
        let mut source = self.text.get(start..).unwrap_or_default().split_inclusive('\n');
        for line in text.split_inclusive('\n') {
            let Some(written) = source.next() else {
                return Place::whole(span);
            };
            let (line_text, written_text) = (
                line.trim_end_matches(['\n', '\r']),
                written.trim_end_matches(['\n', '\r']),
            );
            if !written_text.ends_with(line_text) {
                return Place::whole(span);
            }
            stretches.push((offset, at + written_text.len() - line_text.len()));
            offset += line.len();
            at += written.len();
        }
        Place::stretches(self.file, stretches)
    }
}

fn unknown_tag(tag: &Tag, span: Span) -> SpecDiagnostic {
    SpecDiagnostic::new(
        Code::YamlTag,
        span,
        format!("the YAML tag `{tag}` has no meaning here"),
    )
    .help("leave the tag away; quote the value if it is meant as text")
}
