//! Puts what a request gives in the place of `request.<field>`, as syntax: a value keeps the place it comes from.

use crate::syntax::{Expr, ExprKind, For, Part, Step, Word};

/// The name that stands for the request in an account template.
pub(super) const REQUEST: &str = "request";

/// Returns what a field of the request is replaced with.
pub(super) type Replace<'f> = dyn FnMut(&Word) -> Expr + 'f;

/// Returns the expression with every `request.<field>` replaced.
pub(super) fn substitute(expression: &Expr, replace: &mut Replace<'_>) -> Expr {
    if let Some(field) = field(expression) {
        return replace(&field);
    }
    Expr {
        kind: kind(&expression.kind, replace),
        span: expression.span,
    }
}

/// Returns the field that `request.x` or `request["x"]` names.
fn field(expression: &Expr) -> Option<Word> {
    let is_request = |of: &Expr| matches!(&of.kind, ExprKind::Variable(name) if &**name == REQUEST);
    if let ExprKind::Attribute { of, name } = &expression.kind {
        return is_request(of).then(|| name.clone());
    }
    let ExprKind::Index { of, key } = &expression.kind else {
        return None;
    };
    let name = key.literal().filter(|_| is_request(of))?;
    Some(Word::new(name, key.span))
}

fn kind(kind: &ExprKind, replace: &mut Replace<'_>) -> ExprKind {
    let mut inner = |expression: &Expr| substitute(expression, replace);
    match kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number { .. }
        | ExprKind::String(_)
        | ExprKind::Variable(_) => kind.clone(),
        ExprKind::Template(written) => ExprKind::Template(parts(written, replace)),
        ExprKind::Only(of) => ExprKind::Only(Box::new(inner(of))),
        ExprKind::List(items) => ExprKind::List(items.iter().map(inner).collect()),
        ExprKind::Object(items) => {
            let pairs = items.iter().map(|(key, value)| (inner(key), inner(value)));
            ExprKind::Object(pairs.collect())
        }
        ExprKind::Attribute { of, name } => ExprKind::Attribute {
            of: Box::new(inner(of)),
            name: name.clone(),
        },
        ExprKind::Index { of, key } => ExprKind::Index {
            of: Box::new(inner(of)),
            key: Box::new(inner(key)),
        },
        ExprKind::Splat { of, each, full } => ExprKind::Splat {
            of: Box::new(inner(of)),
            each: each.iter().map(|each| step(each, replace)).collect(),
            full: *full,
        },
        ExprKind::Call {
            name,
            arguments,
            expand,
        } => ExprKind::Call {
            name: name.clone(),
            arguments: arguments.iter().map(inner).collect(),
            expand: *expand,
        },
        ExprKind::Conditional { condition, yes, no } => ExprKind::Conditional {
            condition: Box::new(inner(condition)),
            yes: Box::new(inner(yes)),
            no: Box::new(inner(no)),
        },
        ExprKind::Unary { operator, operand } => ExprKind::Unary {
            operator: *operator,
            operand: Box::new(inner(operand)),
        },
        ExprKind::Binary {
            operator,
            left,
            right,
        } => ExprKind::Binary {
            operator: *operator,
            left: Box::new(inner(left)),
            right: Box::new(inner(right)),
        },
        ExprKind::For(of) => ExprKind::For(Box::new(for_expression(of, replace))),
    }
}

fn for_expression(of: &For, replace: &mut Replace<'_>) -> For {
    let mut inner = |expression: &Expr| substitute(expression, replace);
    For {
        key_name: of.key_name.clone(),
        value_name: of.value_name.clone(),
        collection: inner(&of.collection),
        key: of.key.as_ref().map(&mut inner),
        value: inner(&of.value),
        condition: of.condition.as_ref().map(&mut inner),
        group: of.group,
    }
}

fn step(step: &Step, replace: &mut Replace<'_>) -> Step {
    match step {
        Step::Index(key) => Step::Index(substitute(key, replace)),
        Step::Attribute(_) | Step::Splat { .. } => step.clone(),
    }
}

fn parts(written: &[Part], replace: &mut Replace<'_>) -> Vec<Part> {
    written
        .iter()
        .map(|part| match part {
            Part::Literal(_) => part.clone(),
            Part::Value(value) => Part::Value(substitute(value, replace)),
            Part::If { condition, yes, no } => Part::If {
                condition: substitute(condition, replace),
                yes: parts(yes, replace),
                no: parts(no, replace),
            },
            Part::For {
                key_name,
                value_name,
                collection,
                body,
            } => Part::For {
                key_name: key_name.clone(),
                value_name: value_name.clone(),
                collection: substitute(collection, replace),
                body: parts(body, replace),
            },
        })
        .collect()
}
