//! One form for what may be written in several.
//!
//! - Short forms of functions are written out, `GetAtt` with a list.
//! - Where CloudFormation knows text only (parameters, mappings, conditions, arguments of most functions, names and
//!   policies of resources), `5` and `"5"`, `true` and `"true"` are the same. In properties they are not: some are
//!   JSON documents that are passed on as they are (an event pattern, the content of a document), where the two
//!   differ. A needless update is the smaller harm.
//! - `DependsOn` is a sorted list, `Transform` a list.

use crate::function::{attribute_path, takes_text};
use crate::node::{Fields, Kind, Node};

/// Sections in which every scalar is text.
const TEXT_SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Parameters",
    "Rules",
];

/// Returns the canonical form of a whole template.
pub(crate) fn canonical(root: Node) -> Node {
    let line = root.line;
    let Kind::Map(sections) = root.kind else {
        return root;
    };
    let sections = sections
        .into_iter()
        .map(|(name, section)| {
            let section = match name.as_str() {
                "Resources" => resources(section),
                "Transform" => list(texts(section)),
                name if TEXT_SECTIONS.contains(&name) => texts(values(section)),
                _ => values(section),
            };
            (name, section)
        })
        .collect();
    Node::new(line, Kind::Map(sections))
}

fn resources(section: Node) -> Node {
    let line = section.line;
    let Kind::Map(resources) = section.kind else {
        return section;
    };
    let resources = resources
        .into_iter()
        .map(|(name, resource)| (name, self::resource(resource)))
        .collect();
    Node::new(line, Kind::Map(resources))
}

fn resource(resource: Node) -> Node {
    let line = resource.line;
    let Kind::Map(attributes) = resource.kind else {
        return values(resource);
    };
    let attributes = attributes
        .into_iter()
        .map(|(name, value)| {
            let value = match name.as_str() {
                "DependsOn" => sorted(list(texts(value))),
                "Type" | "Condition" | "DeletionPolicy" | "UpdateReplacePolicy" => texts(value),
                _ => values(value),
            };
            (name, value)
        })
        .collect();
    Node::new(line, Kind::Map(attributes))
}

fn list(node: Node) -> Node {
    match node.kind {
        Kind::List(_) => node,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_) => {
            Node::new(node.line, Kind::List(vec![node]))
        }
    }
}

fn sorted(node: Node) -> Node {
    let line = node.line;
    let Kind::List(mut items) = node.kind else {
        return node;
    };
    items.sort_by(|a, b| a.as_text().cmp(&b.as_text()));
    items.dedup_by(|a, b| a.as_text().is_some() && a.as_text() == b.as_text());
    Node::new(line, Kind::List(items))
}

/// Writes functions in one form; other values stay as they are.
fn values(node: Node) -> Node {
    let function = node.call().map(|(name, _)| name.to_owned());
    let line = node.line;
    let kind = match node.kind {
        Kind::List(items) => Kind::List(items.into_iter().map(values).collect()),
        Kind::Map(fields) => {
            let argument = |value: Node| match function.as_deref() {
                Some("Fn::GetAtt") => direct_texts(attribute_path(values(value))),
                Some(name) if takes_text(name) => direct_texts(values(value)),
                Some(_) | None => values(value),
            };
            let fields: Fields = fields
                .into_iter()
                .map(|(name, value)| (name, argument(value)))
                .collect();
            Kind::Map(fields)
        }
        scalar @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_)) => scalar,
    };
    Node::new(line, kind)
}

/// Turns a scalar, or the scalars of a list, into text.
fn direct_texts(node: Node) -> Node {
    let line = node.line;
    match node.kind {
        Kind::List(items) => Node::new(line, Kind::List(items.into_iter().map(scalar_text).collect())),
        kind @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Map(_)) => {
            scalar_text(Node::new(line, kind))
        }
    }
}

fn scalar_text(node: Node) -> Node {
    let line = node.line;
    match node.kind {
        Kind::Bool(value) => Node::text(line, value.to_string()),
        Kind::Number(text) => Node::text(line, text),
        kind @ (Kind::Null | Kind::Text(_) | Kind::List(_) | Kind::Map(_)) => Node::new(line, kind),
    }
}

/// Turns every number and truth value in the tree into text.
fn texts(node: Node) -> Node {
    let line = node.line;
    match node.kind {
        Kind::List(items) => Node::new(line, Kind::List(items.into_iter().map(texts).collect())),
        Kind::Map(fields) => Node::new(
            line,
            Kind::Map(
                fields
                    .into_iter()
                    .map(|(name, value)| (name, texts(value)))
                    .collect(),
            ),
        ),
        kind @ (Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_)) => {
            scalar_text(Node::new(line, kind))
        }
    }
}
