//! Whether two texts mean the same: their trees without the places.

use crate::source::{FileId, Span};
use crate::syntax::{Attribute, Block, Body, Expr, ExprKind, Part, Step, Word};

const NOWHERE: Span = Span {
    file: FileId(0),
    start: 0,
    end: 0,
};

/// Returns whether two bodies are the same but for places and needless quotes.
pub(super) fn same(mut before: Body, mut after: Body) -> bool {
    body(&mut before);
    body(&mut after);
    before == after
}

fn body(target: &mut Body) {
    target.span = NOWHERE;
    for Attribute { name, value } in &mut target.attributes {
        word(name);
        expression(value);
    }
    for Block {
        kind,
        labels,
        body: inner,
        header,
    } in &mut target.blocks
    {
        word(kind);
        labels.iter_mut().for_each(word);
        *header = NOWHERE;
        body(inner);
    }
}

fn word(target: &mut Word) {
    target.span = NOWHERE;
}

fn expression(target: &mut Expr) {
    // `"${x}"` is `x`.
    while let ExprKind::Only(inner) = &mut target.kind {
        let inner = std::mem::replace(
            &mut **inner,
            Expr {
                kind: ExprKind::Null,
                span: NOWHERE,
            },
        );
        *target = inner;
    }
    target.span = NOWHERE;
    match &mut target.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number { .. }
        | ExprKind::String(_)
        | ExprKind::Only(_)
        | ExprKind::Variable(_) => {}
        ExprKind::Template(inner) => inner.iter_mut().for_each(part),
        ExprKind::List(items) => items.iter_mut().for_each(expression),
        ExprKind::Object(items) => {
            for (key, value) in items {
                expression(key);
                expression(value);
            }
        }
        ExprKind::Attribute { of, name } => {
            expression(of);
            word(name);
        }
        ExprKind::Index { of, key } => {
            expression(of);
            expression(key);
        }
        ExprKind::Splat { of, each, full: _ } => {
            expression(of);
            each.iter_mut().for_each(step);
        }
        ExprKind::Call {
            name,
            arguments,
            expand: _,
        } => {
            word(name);
            arguments.iter_mut().for_each(expression);
        }
        ExprKind::Conditional { condition, yes, no } => {
            [condition, yes, no]
                .into_iter()
                .for_each(|inner| expression(inner));
        }
        ExprKind::Unary { operator: _, operand } => expression(operand),
        ExprKind::Binary {
            operator: _,
            left,
            right,
        } => {
            expression(left);
            expression(right);
        }
        ExprKind::For(inner) => {
            inner.key_name.iter_mut().for_each(word);
            word(&mut inner.value_name);
            expression(&mut inner.collection);
            inner.key.iter_mut().for_each(expression);
            expression(&mut inner.value);
            inner.condition.iter_mut().for_each(expression);
        }
    }
}

fn step(target: &mut Step) {
    match target {
        Step::Attribute(name) => word(name),
        Step::Index(key) => expression(key),
        Step::Splat { full: _, span } => *span = NOWHERE,
    }
}

fn part(target: &mut Part) {
    match target {
        Part::Literal(_) => {}
        Part::Value(value) => expression(value),
        Part::If { condition, yes, no } => {
            expression(condition);
            yes.iter_mut().chain(no).for_each(part);
        }
        Part::For {
            key_name,
            value_name,
            collection,
            body,
        } => {
            key_name.iter_mut().for_each(word);
            word(value_name);
            expression(collection);
            body.iter_mut().for_each(part);
        }
    }
}
