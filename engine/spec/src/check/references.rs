//! Checks every reference of a spec, also where evaluation would never come: the other branch of a condition,
//! a `for_each` without elements, a function that does not exist.

use super::declared::{Declared, OuBlock};
use super::objects::attributes_of;
use super::unknown;
use super::world::ZONE;
use crate::codes::Code;
use crate::diagnostic::{Errors, SpecDiagnostic};
use crate::functions;
use crate::schema::{Attributes, BlockKind, Support, ValueKind};
use crate::source::Span;
use crate::syntax::{Body, Expr, ExprKind, For, Part, Reference, ReferenceStep, Step, Word};
use std::collections::BTreeSet;

/// Walks through a spec and notes what is wrong, and which names are used.
pub(super) struct Walk<'a> {
    declared: &'a Declared<'a>,
    pub(super) errors: Errors,
    variables: BTreeSet<&'a str>,
    locals: BTreeSet<&'a str>,
    /// Names that `for` brings along, the innermost last.
    bound: Vec<&'a str>,
    each: bool,
}

impl<'a> Walk<'a> {
    pub(super) const fn new(declared: &'a Declared<'a>) -> Self {
        Self {
            declared,
            errors: Errors::new(),
            variables: BTreeSet::new(),
            locals: BTreeSet::new(),
            bound: Vec::new(),
            each: false,
        }
    }

    /// Walks through a block. Its `for_each` gives `each` to everything in it but itself.
    pub(super) fn body(&mut self, body: &'a Body, kind: &'static BlockKind) {
        let outer = self.each;
        let own = body.attribute("for_each").is_some() && kind.attribute("for_each").is_some();
        for attribute in &body.attributes {
            let value = kind
                .attribute(&attribute.name.text)
                .map(|attribute| attribute.value);
            match value {
                // Addresses may name what is gone, types are a language of their own, variables are constants.
                Some(ValueKind::Address | ValueKind::Type) => {}
                Some(_) if kind.name == "variable" => {}
                None if matches!(kind.attributes, Attributes::Known(_)) => {}
                Some(_) | None => {
                    self.each = outer || (own && &*attribute.name.text != "for_each");
                    self.expression(&attribute.value);
                }
            }
        }
        self.each = outer || own;
        for block in &body.blocks {
            if let Some(inner) = kind
                .block(&block.kind.text)
                .filter(|inner| inner.support == Support::Ready)
            {
                self.inner(&block.kind.text, &block.body, inner, block.labels.first());
            }
        }
        self.each = outer;
    }

    /// A variable that only its own rules speak of is not used.
    fn inner(&mut self, kind_name: &str, body: &'a Body, kind: &'static BlockKind, label: Option<&Word>) {
        let label = label
            .filter(|_| kind_name == "variable")
            .map(|label| &*label.text);
        let known = label.is_some_and(|label| self.variables.contains(label));
        self.body(body, kind);
        if let Some(label) = label.filter(|_| !known) {
            self.variables.remove(label);
        }
    }

    /// Returns warnings for variables and locals that nothing uses.
    pub(super) fn unused(&self) -> Vec<SpecDiagnostic> {
        let warning = |what: &str, name: &str, span: Span| {
            SpecDiagnostic::new(Code::Unused, span, format!("the {what} `{name}` is not used"))
                .help("take it out, or use it")
                .warning()
        };
        let variables = self
            .declared
            .variables
            .iter()
            .filter(|(name, _)| !self.variables.contains(*name));
        let locals = self
            .declared
            .locals
            .iter()
            .filter(|(name, _)| !self.locals.contains(*name));
        variables
            .map(|(name, block)| warning("variable", name, block.label.span))
            .chain(locals.map(|(name, attribute)| warning("local value", name, attribute.name.span)))
            .collect()
    }

    fn expressions(&mut self, expressions: impl IntoIterator<Item = &'a Expr>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &'a Expr) {
        match &expression.kind {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number { .. } | ExprKind::String(_) => {}
            ExprKind::Template(parts) => self.parts(parts),
            ExprKind::Only(inner) => self.expression(inner),
            ExprKind::List(items) => self.expressions(items),
            ExprKind::Object(items) => {
                for (key, value) in items {
                    self.expressions([key, value]);
                }
            }
            ExprKind::Variable(_) | ExprKind::Attribute { .. } | ExprKind::Index { .. } => {
                self.traversal(expression)
            }
            ExprKind::Splat { of, each, full: _ } => {
                self.expression(of);
                for step in each {
                    if let Step::Index(key) = step {
                        self.expression(key);
                    }
                }
            }
            ExprKind::Call {
                name,
                arguments,
                expand: _,
            } => {
                if let Some(error) = functions::unknown(name) {
                    self.errors.push(error);
                }
                self.expressions(arguments);
            }
            ExprKind::Conditional { condition, yes, no } => self.expressions([&**condition, &**yes, &**no]),
            ExprKind::Unary { operator: _, operand } => self.expression(operand),
            ExprKind::Binary {
                operator: _,
                left,
                right,
            } => self.expressions([&**left, &**right]),
            ExprKind::For(inner) => self.for_expression(inner),
        }
    }

    fn for_expression(&mut self, inner: &'a For) {
        self.expression(&inner.collection);
        let before = self.bound.len();
        self.bind(inner.key_name.as_ref(), &inner.value_name);
        self.expressions(inner.key.iter().chain([&inner.value]).chain(&inner.condition));
        self.bound.truncate(before);
    }

    fn bind(&mut self, key: Option<&'a Word>, value: &'a Word) {
        self.bound.extend(key.map(|name| &*name.text));
        self.bound.push(&value.text);
    }

    fn parts(&mut self, parts: &'a [Part]) {
        for part in parts {
            match part {
                Part::Literal(_) => {}
                Part::Value(value) => self.expression(value),
                Part::If { condition, yes, no } => {
                    self.expression(condition);
                    self.parts(yes);
                    self.parts(no);
                }
                Part::For {
                    key_name,
                    value_name,
                    collection,
                    body,
                } => {
                    self.expression(collection);
                    let before = self.bound.len();
                    self.bind(key_name.as_ref(), value_name);
                    self.parts(body);
                    self.bound.truncate(before);
                }
            }
        }
    }

    fn traversal(&mut self, expression: &'a Expr) {
        let Some(reference) = expression.reference() else {
            // A step behind something that is not a name, such as `f(x).y`.
            if let ExprKind::Attribute { of, .. } = &expression.kind {
                self.expression(of);
            } else if let ExprKind::Index { of, key } = &expression.kind {
                self.expressions([&**of, &**key]);
            }
            return;
        };
        for step in &reference.steps {
            if let ReferenceStep::Key(key) = step {
                self.expression(key);
            }
        }
        if !self.bound.contains(&&**reference.root) {
            let found = self.reference(&reference);
            self.errors.extend(found);
        }
    }

    /// Returns what is wrong with a reference, as far as it can be told without evaluating anything.
    fn reference(&mut self, reference: &Reference<'a>) -> Option<SpecDiagnostic> {
        let root = &**reference.root;
        let first = match reference.steps.first() {
            Some(ReferenceStep::Name(name)) => Some(*name),
            Some(ReferenceStep::Key(_)) | None => None,
        };
        match (root, first) {
            ("organization" | "root" | "path", None) => None,
            ("organization" | "root", Some(name)) => {
                let known = attributes_of(root);
                (!known.contains(&&*name.text)).then(|| unknown::attribute(root, name, known))
            }
            ("path", Some(name)) => {
                let known = &["module", "root"];
                (!known.contains(&&*name.text)).then(|| unknown::attribute(root, name, known))
            }
            ("each", _) if self.each => None,
            (
                "var" | "local" | "ou" | "account" | "policy" | "stack_set" | "stack" | "permission_set"
                | "landing_zone",
                None,
            ) => Some(unknown::alone(root, reference.root_span)),
            ("var", Some(name)) => {
                self.variables.insert(&name.text);
                let known = self.declared.variables.contains_key(&*name.text);
                (!known).then(|| unknown::variable(name, self.declared))
            }
            ("local", Some(name)) => {
                self.locals.insert(&name.text);
                let known = self.declared.locals.contains_key(&*name.text);
                (!known).then(|| unknown::local(&name.text, name.span, self.declared))
            }
            ("landing_zone", Some(name)) => {
                (!ZONE.contains(&&*name.text)).then(|| unknown::attribute(root, name, ZONE))
            }
            ("ou", Some(label)) => self.ou(label, reference.steps.get(1..).unwrap_or_default()),
            ("account" | "policy" | "stack_set" | "stack" | "permission_set", Some(label)) => {
                self.labelled(root, label, reference.steps.get(1))
            }
            _ => Some(unknown::root(
                root,
                reference.root_span,
                reference.steps.is_empty(),
                &self.bound,
            )),
        }
    }

    fn labelled(&self, kind: &str, label: &Word, next: Option<&ReferenceStep<'_>>) -> Option<SpecDiagnostic> {
        let Some(block) = self.declared.labelled(kind).get(&*label.text) else {
            return Some(unknown::labelled(kind, label, self.declared));
        };
        let Some(ReferenceStep::Name(name)) = next else {
            return None;
        };
        if block.body.attribute("for_each").is_some() {
            return None;
        }
        let known = attributes_of(kind);
        let full = format!("{kind}.{}", label.text);
        (!known.contains(&&*name.text)).then(|| unknown::attribute(&full, name, known))
    }

    /// Goes down the tree of OUs as far as the steps are names.
    fn ou(&self, label: &Word, steps: &[ReferenceStep<'_>]) -> Option<SpecDiagnostic> {
        let Some(mut block) = self.declared.ous.get(&*label.text) else {
            return Some(unknown::ou("ou", label, self.declared.ous.keys().copied()));
        };
        let mut path = format!("ou.{}", label.text);
        let mut keyed = block.body.attribute("for_each").is_some();
        for step in steps {
            let ReferenceStep::Name(name) = step else {
                if !keyed {
                    return None;
                }
                keyed = false;
                continue;
            };
            if keyed || attributes_of("ou").contains(&&*name.text) {
                return None;
            }
            match block.children.get(&*name.text) {
                Some(child) => {
                    path = format!("{path}.{}", name.text);
                    keyed = child.body.attribute("for_each").is_some();
                    block = child;
                }
                None => return Some(unknown::ou(&path, name, below(block))),
            }
        }
        None
    }
}

/// Returns what may stand behind an OU: its children and its attributes.
fn below<'k>(block: &'k OuBlock<'_>) -> impl Iterator<Item = &'k str> {
    block
        .children
        .keys()
        .copied()
        .chain(attributes_of("ou").iter().copied())
}
