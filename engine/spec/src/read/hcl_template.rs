//! Templates: strings and heredocs with `${...}` and `%{...}`, white space treated as Terraform treats it.

use super::hcl_expression::Lowering;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::syntax::{Expr, ExprKind, Part};
use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, HeredocTemplate, StringTemplate, Strip, Template};

/// Parts before literals are joined. A literal is one line at most, because `~` and `<<-` work on lines.
enum Loose {
    Line(String),
    Value(Expr),
    If {
        condition: Expr,
        yes: Vec<Loose>,
        no: Vec<Loose>,
    },
    For(Box<LooseFor>),
}

struct LooseFor {
    key_name: Option<crate::syntax::Word>,
    value_name: crate::syntax::Word,
    collection: Expr,
    body: Vec<Loose>,
}

/// How the text of a literal is to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Literals {
    /// Backslashes mean something; the parser has already read them.
    Quoted,
    /// Only `$${` and `%%{` mean something; read again from the file, untouched.
    Raw,
}

impl Lowering<'_> {
    /// Returns the value of `"..."` with something in it.
    pub(super) fn quoted(&mut self, template: &StringTemplate) -> ExprKind {
        let parts = self.loose(template, Literals::Quoted, Strip::None, Strip::None);
        whole(tight(parts))
    }

    /// Returns the value of a heredoc. `<<-` takes the common indentation away.
    pub(super) fn heredoc(&mut self, heredoc: &HeredocTemplate) -> ExprKind {
        let start = heredoc.span().map_or(0, |span| span.start);
        let flush = self.text.get(start..).is_some_and(|text| text.starts_with("<<-"));
        self.check_end(heredoc);
        let mut parts = self.loose(&heredoc.template, Literals::Raw, Strip::None, Strip::None);
        if flush {
            dedent(&mut parts);
        }
        let parts = tight(parts);
        // A heredoc is text even when a value is all that it holds.
        match parts.as_slice() {
            [] => ExprKind::String("".into()),
            [Part::Literal(text)] => ExprKind::String(text.clone()),
            _ => ExprKind::Template(parts),
        }
    }

    /// A heredoc must not go beyond a line that ends it: the text behind would be lost in it without a word.
    fn check_end(&mut self, heredoc: &HeredocTemplate) {
        let Some(range) = heredoc.span() else { return };
        let delimiter = heredoc.delimiter.as_str();
        let text = self.text.get(range.clone()).unwrap_or_default();
        let inside = text.rsplit_once('\n').map_or("", |(inside, _)| inside);
        if inside.lines().skip(1).any(|line| line.trim() == delimiter) {
            let message = format!("the heredoc has more than one line `{delimiter}`");
            let at = self.span(Some(range));
            self.errors
                .push(SpecDiagnostic::new(Code::Syntax, at, message).help("end it with another word"));
        }
    }

    /// Returns the parts of a template that stands in a file of its own or in a YAML string.
    pub(super) fn template(&mut self, template: &Template) -> Vec<Part> {
        tight(self.loose(template, Literals::Raw, Strip::None, Strip::None))
    }

    /// `before` and `after` are the markers around the whole: they strip its first and its last literal.
    fn loose(&mut self, template: &Template, literals: Literals, before: Strip, after: Strip) -> Vec<Loose> {
        let elements: Vec<&Element> = template.iter().collect();
        let mut parts = Vec::with_capacity(elements.len());
        for (at, element) in elements.iter().enumerate() {
            match element {
                Element::Literal(literal) => {
                    let previous = at.checked_sub(1).and_then(|at| elements.get(at));
                    let strips_start = previous.map_or(before.strip_end(), |e| strip_after(e));
                    let strips_end = elements
                        .get(at + 1)
                        .map_or(after.strip_start(), |e| strip_before(e));
                    let text = match literals {
                        Literals::Quoted => literal.value().clone(),
                        Literals::Raw => self
                            .raw(literal.span())
                            .unwrap_or_else(|| literal.value().clone()),
                    };
                    lines(&text, strips_start, strips_end, &mut parts);
                }
                Element::Interpolation(interpolation) => {
                    parts.push(Loose::Value(self.expression(&interpolation.expr)));
                }
                Element::Directive(directive) => parts.push(self.directive(directive, literals)),
            }
        }
        parts
    }

    fn raw(&self, range: Option<std::ops::Range<usize>>) -> Option<String> {
        Some(self.text.get(range?)?.replace("$${", "${").replace("%%{", "%{"))
    }

    fn directive(&mut self, directive: &Directive, literals: Literals) -> Loose {
        match directive {
            Directive::If(parsed) => {
                let condition = self.expression(&parsed.if_expr.cond_expr);
                let end = parsed.endif_expr.strip;
                let middle = parsed.else_expr.as_ref().map_or(end, |parsed| parsed.strip);
                let yes = self.loose(&parsed.if_expr.template, literals, parsed.if_expr.strip, middle);
                let no = parsed
                    .else_expr
                    .as_ref()
                    .map(|parsed| self.loose(&parsed.template, literals, parsed.strip, end))
                    .unwrap_or_default();
                Loose::If { condition, yes, no }
            }
            Directive::For(parsed) => {
                let intro = &parsed.for_expr;
                Loose::For(Box::new(LooseFor {
                    key_name: intro.key_var.as_ref().map(|name| self.word(name)),
                    value_name: self.word(&intro.value_var),
                    collection: self.expression(&intro.collection_expr),
                    body: self.loose(&intro.template, literals, intro.strip, parsed.endfor_expr.strip),
                }))
            }
        }
    }
}

/// Returns whether the element strips white space of what follows it.
fn strip_after(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(interpolation) => interpolation.strip.strip_end(),
        Element::Directive(directive) => match &**directive {
            Directive::If(parsed) => parsed.endif_expr.strip.strip_end(),
            Directive::For(parsed) => parsed.endfor_expr.strip.strip_end(),
        },
    }
}

/// Returns whether the element strips white space of what stands before it.
fn strip_before(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(interpolation) => interpolation.strip.strip_start(),
        Element::Directive(directive) => match &**directive {
            Directive::If(parsed) => parsed.if_expr.strip.strip_start(),
            Directive::For(parsed) => parsed.for_expr.strip.strip_start(),
        },
    }
}

fn lines(text: &str, strip_start: bool, strip_end: bool, parts: &mut Vec<Loose>) {
    let count = text.split_inclusive('\n').count();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let line = if strip_start && at == 0 {
            line.trim_start()
        } else {
            line
        };
        let line = if strip_end && at + 1 == count {
            line.trim_end()
        } else {
            line
        };
        parts.push(Loose::Line(line.to_owned()));
    }
}

/// Takes from every line the indentation that all of them have. Blank lines neither count nor change.
fn dedent(parts: &mut [Loose]) {
    let blank = |line: &str| line.trim_start().is_empty() && line.ends_with('\n');
    let mut least = usize::MAX;
    line_starts(parts, &mut true, &mut |start| match start {
        Some(line) if blank(line) => {}
        Some(line) => least = least.min(line.chars().take_while(|c| c.is_whitespace()).count()),
        None => least = 0,
    });
    if least == 0 || least == usize::MAX {
        return;
    }
    line_starts(parts, &mut true, &mut |start| match start {
        Some(line) if !blank(line) => *line = line.chars().skip(least).collect(),
        Some(_) | None => {}
    });
}

/// Calls for whatever begins a line, in the order of the text: a literal, or nothing for a value or marker.
fn line_starts(parts: &mut [Loose], newline: &mut bool, visit: &mut dyn FnMut(Option<&mut String>)) {
    for part in parts {
        match part {
            Loose::Line(line) => {
                let ends = line.ends_with('\n');
                if std::mem::replace(newline, ends) {
                    visit(Some(line));
                }
            }
            Loose::Value(_) => marker(newline, visit),
            Loose::If { yes, no, .. } => {
                marker(newline, visit);
                line_starts(yes, newline, visit);
                if !no.is_empty() {
                    marker(newline, visit);
                    line_starts(no, newline, visit);
                }
                marker(newline, visit);
            }
            Loose::For(inner) => {
                marker(newline, visit);
                line_starts(&mut inner.body, newline, visit);
                marker(newline, visit);
            }
        }
    }
}

fn marker(newline: &mut bool, visit: &mut dyn FnMut(Option<&mut String>)) {
    if std::mem::replace(newline, false) {
        visit(None);
    }
}

fn tight(parts: Vec<Loose>) -> Vec<Part> {
    let mut result: Vec<Part> = Vec::new();
    let mut literal = String::new();
    for part in parts {
        let part = match part {
            Loose::Line(line) => {
                literal.push_str(&line);
                continue;
            }
            Loose::Value(value) => Part::Value(value),
            Loose::If { condition, yes, no } => Part::If {
                condition,
                yes: tight(yes),
                no: tight(no),
            },
            Loose::For(inner) => Part::For {
                key_name: inner.key_name,
                value_name: inner.value_name,
                collection: inner.collection,
                body: tight(inner.body),
            },
        };
        flush(&mut literal, &mut result);
        result.push(part);
    }
    flush(&mut literal, &mut result);
    result
}

fn flush(literal: &mut String, parts: &mut Vec<Part>) {
    if !literal.is_empty() {
        parts.push(Part::Literal(std::mem::take(literal).into()));
    }
}

/// Returns the expression of a whole template: text, or the value itself if there is nothing else.
pub(crate) fn whole(mut parts: Vec<Part>) -> ExprKind {
    match parts.as_slice() {
        [] => return ExprKind::String("".into()),
        [Part::Literal(text)] => return ExprKind::String(text.clone()),
        [Part::Value(_)] => {}
        _ => return ExprKind::Template(parts),
    }
    match parts.pop() {
        Some(Part::Value(value)) => ExprKind::Only(Box::new(value)),
        Some(other) => ExprKind::Template(vec![other]),
        None => ExprKind::String("".into()),
    }
}
