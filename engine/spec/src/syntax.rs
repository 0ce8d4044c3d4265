//! The one syntax tree that both readers make: blocks, attributes and expressions, each with its place.

use crate::number::Number;
use crate::source::Span;
use std::sync::Arc;

/// A word with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: Arc<str>,
    pub(crate) span: Span,
}

impl Word {
    pub(crate) fn new(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self {
            text: text.into(),
            span,
        }
    }
}

/// What stands between the braces of a block, or in a whole file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Body {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) span: Span,
}

impl Body {
    pub(crate) const fn empty(span: Span) -> Self {
        Self {
            attributes: Vec::new(),
            blocks: Vec::new(),
            span,
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| &*attribute.name.text == name)
    }
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attribute {
    pub(crate) name: Word,
    pub(crate) value: Expr,
}

/// `kind "label" { ... }`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    pub(crate) kind: Word,
    pub(crate) labels: Vec<Word>,
    pub(crate) body: Body,
    /// Kind and labels, without the body.
    pub(crate) header: Span,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExprKind {
    Null,
    Bool(bool),
    /// The text is kept as it was written, since a leading zero may matter to an id.
    Number {
        value: Number,
        written: Arc<str>,
    },
    String(Arc<str>),
    /// A string made of parts. One interpolation alone is [`ExprKind::Only`].
    Template(Vec<Part>),
    /// `"${x}"`: the value itself, of whatever type.
    Only(Box<Expr>),
    List(Vec<Expr>),
    Object(Vec<(Expr, Expr)>),
    Variable(Arc<str>),
    Attribute {
        of: Box<Expr>,
        name: Word,
    },
    Index {
        of: Box<Expr>,
        key: Box<Expr>,
    },
    Splat {
        of: Box<Expr>,
        each: Vec<Step>,
        full: bool,
    },
    Call {
        name: Word,
        arguments: Vec<Expr>,
        expand: bool,
    },
    Conditional {
        condition: Box<Expr>,
        yes: Box<Expr>,
        no: Box<Expr>,
    },
    Unary {
        operator: UnaryOperator,
        operand: Box<Expr>,
    },
    Binary {
        operator: BinaryOperator,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    For(Box<For>),
}

/// What follows a splat: it is done to every element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Attribute(Word),
    Index(Expr),
    /// A second splat within the first.
    Splat {
        full: bool,
        span: Span,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct For {
    pub(crate) key_name: Option<Word>,
    pub(crate) value_name: Word,
    pub(crate) collection: Expr,
    pub(crate) key: Option<Expr>,
    pub(crate) value: Expr,
    pub(crate) condition: Option<Expr>,
    pub(crate) group: bool,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    Literal(Arc<str>),
    Value(Expr),
    If {
        condition: Expr,
        yes: Vec<Part>,
        no: Vec<Part>,
    },
    For {
        key_name: Option<Word>,
        value_name: Word,
        collection: Expr,
        body: Vec<Part>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnaryOperator {
    Negate,
    Not,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    And,
    Or,
}

impl Expr {
    /// Returns the string if the expression is one without interpolation.
    pub(crate) fn literal(&self) -> Option<&str> {
        if let ExprKind::String(text) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// Returns root and steps if this is a reference such as `ou.a.b` or `account.team["shop"].id`.
    pub(crate) fn reference(&self) -> Option<Reference<'_>> {
        match &self.kind {
            ExprKind::Variable(root) => Some(Reference {
                root,
                root_span: self.span,
                steps: Vec::new(),
            }),
            ExprKind::Attribute { of, name } => {
                let mut reference = of.reference()?;
                reference.steps.push(ReferenceStep::Name(name));
                Some(reference)
            }
            ExprKind::Index { of, key } => {
                let mut reference = of.reference()?;
                reference.steps.push(ReferenceStep::Key(key));
                Some(reference)
            }
            ExprKind::Only(inner) => inner.reference(),
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number { .. }
            | ExprKind::String(_)
            | ExprKind::Template(_)
            | ExprKind::List(_)
            | ExprKind::Object(_)
            | ExprKind::Splat { .. }
            | ExprKind::Call { .. }
            | ExprKind::Conditional { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::For(_) => None,
        }
    }
}

/// A reference taken apart.
#[derive(Debug)]
pub(crate) struct Reference<'a> {
    pub(crate) root: &'a Arc<str>,
    pub(crate) root_span: Span,
    pub(crate) steps: Vec<ReferenceStep<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum ReferenceStep<'a> {
    Name(&'a Word),
    Key(&'a Expr),
}
