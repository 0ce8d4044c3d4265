//! Expressions of `hcl-edit` to expressions of ours.

use super::place::Place;
use crate::codes::Code;
use crate::diagnostic::SpecDiagnostic;
use crate::number::Number;
use crate::source::Span;
use crate::syntax::{BinaryOperator, Expr, ExprKind, For, Step, UnaryOperator, Word};
use hcl_edit::Span as _;
use hcl_edit::expr::{
    self, BinaryOperator as ParsedBinary, Expression, ObjectKey, TraversalOperator,
    UnaryOperator as ParsedUnary,
};
use std::ops::Range;

/// The most steps of one reference, such as `a.b.c`.
const MAX_STEPS: usize = 64;

/// Turns a parsed file into our tree, collecting what our language does not have.
pub(super) struct Lowering<'a> {
    place: &'a Place,
    pub(super) text: &'a str,
    pub(super) errors: Vec<SpecDiagnostic>,
}

impl<'a> Lowering<'a> {
    pub(super) const fn new(place: &'a Place, text: &'a str) -> Self {
        Self {
            place,
            text,
            errors: Vec::new(),
        }
    }

    pub(super) fn span(&self, range: Option<Range<usize>>) -> Span {
        let range = range.unwrap_or(0..0);
        self.place.span(range.start, range.end)
    }

    pub(super) fn word(&self, ident: &hcl_edit::Decorated<hcl_edit::Ident>) -> Word {
        Word::new(ident.as_str(), self.span(ident.span()))
    }

    pub(super) fn expression(&mut self, parsed: &Expression) -> Expr {
        let span = self.span(parsed.span());
        let kind = match parsed {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(_) => self.number(parsed.span(), span),
            Expression::String(value) => ExprKind::String(value.as_str().into()),
            Expression::Array(array) => {
                ExprKind::List(array.iter().map(|item| self.expression(item)).collect())
            }
            Expression::Object(object) => {
                ExprKind::Object(object.iter().map(|(key, value)| self.item(key, value)).collect())
            }
            Expression::StringTemplate(template) => self.quoted(template),
            Expression::HeredocTemplate(heredoc) => self.heredoc(heredoc),
            Expression::Parenthesis(inner) => {
                return Expr {
                    span,
                    ..self.expression(inner.inner())
                };
            }
            Expression::Variable(name) => ExprKind::Variable(name.as_str().into()),
            Expression::Conditional(conditional) => ExprKind::Conditional {
                condition: Box::new(self.expression(&conditional.cond_expr)),
                yes: Box::new(self.expression(&conditional.true_expr)),
                no: Box::new(self.expression(&conditional.false_expr)),
            },
            Expression::FuncCall(call) => self.call(call),
            Expression::Traversal(traversal) => return self.traversal(traversal, span),
            Expression::UnaryOp(operation) => ExprKind::Unary {
                operator: match operation.operator.value() {
                    ParsedUnary::Neg => UnaryOperator::Negate,
                    ParsedUnary::Not => UnaryOperator::Not,
                },
                operand: Box::new(self.expression(&operation.expr)),
            },
            Expression::BinaryOp(operation) => ExprKind::Binary {
                operator: binary(*operation.operator.value()),
                left: Box::new(self.expression(&operation.lhs_expr)),
                right: Box::new(self.expression(&operation.rhs_expr)),
            },
            Expression::ForExpr(for_expression) => self.for_expression(for_expression),
        };
        Expr { kind, span }
    }

    /// Reads the number from its text: the parser's own value has only 53 bits.
    fn number(&mut self, range: Option<Range<usize>>, span: Span) -> ExprKind {
        let written = range.and_then(|range| self.text.get(range)).unwrap_or_default();
        let digits: String = written.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(value) = Number::parse(&digits) {
            return ExprKind::Number {
                value,
                written: digits.into(),
            };
        }
        self.errors.push(SpecDiagnostic::new(
            Code::TooMuch,
            span,
            "this number is too large or too small",
        ));
        ExprKind::Number {
            value: Number::ZERO,
            written: digits.into(),
        }
    }

    fn item(&mut self, key: &ObjectKey, value: &expr::ObjectValue) -> (Expr, Expr) {
        let key = match key {
            ObjectKey::Ident(ident) => Expr {
                kind: ExprKind::String(ident.as_str().into()),
                span: self.span(ident.span()),
            },
            ObjectKey::Expression(key) => self.object_key(key),
        };
        (key, self.expression(value.expr()))
    }

    /// A bare `null`, `true` or number is a key by its text.
    fn object_key(&mut self, key: &Expression) -> Expr {
        let by_text = matches!(key, Expression::Null(_) | Expression::Bool(_));
        let lowered = self.expression(key);
        if !by_text {
            return lowered;
        }
        let text = key
            .span()
            .and_then(|range| self.text.get(range))
            .unwrap_or_default();
        Expr {
            kind: ExprKind::String(text.into()),
            span: lowered.span,
        }
    }

    fn call(&mut self, call: &expr::FuncCall) -> ExprKind {
        let mut name = self.word(&call.name.name);
        if !call.name.namespace.is_empty() {
            let namespace: Vec<&str> = call.name.namespace.iter().map(|part| part.as_str()).collect();
            // Terraform offers its own functions under `core::` too.
            if namespace != ["core"] {
                name.text = format!("{}::{}", namespace.join("::"), name.text).into();
            }
        }
        let arguments = call
            .args
            .iter()
            .map(|argument| self.expression(argument))
            .collect();
        ExprKind::Call {
            name,
            arguments,
            expand: call.args.expand_final(),
        }
    }

    fn for_expression(&mut self, parsed: &expr::ForExpr) -> ExprKind {
        ExprKind::For(Box::new(For {
            key_name: parsed.intro.key_var.as_ref().map(|name| self.word(name)),
            value_name: self.word(&parsed.intro.value_var),
            collection: self.expression(&parsed.intro.collection_expr),
            key: parsed.key_expr.as_ref().map(|key| self.expression(key)),
            value: self.expression(&parsed.value_expr),
            condition: parsed
                .cond
                .as_ref()
                .map(|condition| self.expression(&condition.expr)),
            group: parsed.grouping,
        }))
    }

    fn traversal(&mut self, traversal: &expr::Traversal, span: Span) -> Expr {
        let mut result = self.expression(&traversal.expr);
        if traversal.operators.len() > MAX_STEPS {
            let message = format!("a reference has at most {MAX_STEPS} steps");
            self.errors
                .push(SpecDiagnostic::new(Code::TooDeep, span, message));
            return result;
        }
        let mut operators = traversal.operators.iter().peekable();
        while let Some(operator) = operators.next() {
            let step = self.span(operator.span());
            let so_far = Span {
                end: step.end,
                ..result.span
            };
            let kind = match self.step(operator.value()) {
                Step::Attribute(name) => ExprKind::Attribute {
                    of: Box::new(result),
                    name,
                },
                Step::Index(key) => ExprKind::Index {
                    of: Box::new(result),
                    key: Box::new(key),
                },
                Step::Splat { full, .. } => {
                    // What follows `[*]` is done to each element; what follows `.*` only as far as names go.
                    let mut each = Vec::new();
                    let mut end = so_far.end;
                    while let Some(next) = operators.next_if(|next| full || is_name(next.value())) {
                        end = self.span(next.span()).end;
                        each.push(self.step(next.value()));
                    }
                    let kind = ExprKind::Splat {
                        of: Box::new(result),
                        each,
                        full,
                    };
                    result = Expr {
                        kind,
                        span: Span { end, ..so_far },
                    };
                    continue;
                }
            };
            result = Expr { kind, span: so_far };
        }
        result
    }

    fn step(&mut self, operator: &TraversalOperator) -> Step {
        match operator {
            TraversalOperator::GetAttr(name) => Step::Attribute(self.word(name)),
            TraversalOperator::Index(key) => Step::Index(self.expression(key)),
            TraversalOperator::LegacyIndex(index) => {
                let written = index.value().to_string();
                let value = Number::from(*index.value());
                let span = self.span(index.span());
                Step::Index(Expr {
                    kind: ExprKind::Number {
                        value,
                        written: written.into(),
                    },
                    span,
                })
            }
            TraversalOperator::AttrSplat(splat) => Step::Splat {
                full: false,
                span: self.span(splat.span()),
            },
            TraversalOperator::FullSplat(splat) => Step::Splat {
                full: true,
                span: self.span(splat.span()),
            },
        }
    }
}

const fn is_name(operator: &TraversalOperator) -> bool {
    matches!(operator, TraversalOperator::GetAttr(_))
}

const fn binary(operator: ParsedBinary) -> BinaryOperator {
    match operator {
        ParsedBinary::Eq => BinaryOperator::Equal,
        ParsedBinary::NotEq => BinaryOperator::NotEqual,
        ParsedBinary::LessEq => BinaryOperator::LessEqual,
        ParsedBinary::GreaterEq => BinaryOperator::GreaterEqual,
        ParsedBinary::Less => BinaryOperator::Less,
        ParsedBinary::Greater => BinaryOperator::Greater,
        ParsedBinary::Plus => BinaryOperator::Add,
        ParsedBinary::Minus => BinaryOperator::Subtract,
        ParsedBinary::Mul => BinaryOperator::Multiply,
        ParsedBinary::Div => BinaryOperator::Divide,
        ParsedBinary::Mod => BinaryOperator::Remainder,
        ParsedBinary::And => BinaryOperator::And,
        ParsedBinary::Or => BinaryOperator::Or,
    }
}
