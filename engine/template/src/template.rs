//! The template itself, and the questions that its text alone can answer.

use crate::canonical::canonical;
use crate::node::{Kind, Node};
use crate::parameter::{self, Parameter, Ready};
use crate::{json, yaml};
use lz_model::limits::TEMPLATE_BYTES;
use lz_model::stack::Capability;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A template by meaning: JSON or YAML, short forms such as `!Ref` written out.
///
/// Equal templates mean the same: order of keys, comments, white space, the language and the ways to write a
/// function do not count. In properties the number `5` and the text `"5"` differ, elsewhere they do not.
#[derive(Debug, Clone)]
pub struct Template {
    root: Node,
    value: Value,
    alias: Option<usize>,
    parameters: OnceLock<BTreeMap<String, Ready>>,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Template {}

/// A text that is not a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct TemplateError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, for people.
    pub message: String,
}

impl Template {
    /// Returns the template in a text of JSON or YAML.
    ///
    /// # Errors
    /// The text is neither, has more than 1 MiB, is not a map, or holds a key twice.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > TEMPLATE_BYTES {
            let message = format!(
                "the template has {} bytes, AWS takes {TEMPLATE_BYTES}",
                text.len()
            );
            return Err(TemplateError { line: 1, message });
        }
        let (root, alias) = read(text)?;
        if root.fields().is_none() {
            return Err(TemplateError {
                line: root.line,
                message: format!(
                    "a template is a map of sections, this is {}",
                    described(&root.kind)
                ),
            });
        }
        let root = canonical(root);
        Ok(Self {
            value: root.to_value(),
            root,
            alias,
            parameters: OnceLock::new(),
        })
    }

    /// Returns the template as JSON, keys sorted, short forms written out.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the parameters that it declares.
    #[must_use]
    pub fn parameters(&self) -> BTreeMap<String, Parameter> {
        let ready = self.ready_parameters();
        ready
            .iter()
            .map(|(name, ready)| (name.clone(), ready.parameter.clone()))
            .collect()
    }

    /// Returns the parameters, ready to have values held against them.
    pub(crate) fn ready_parameters(&self) -> &BTreeMap<String, Ready> {
        self.parameters.get_or_init(|| {
            let declared = self.section("Parameters").into_iter().flatten();
            declared
                .map(|(name, node)| (name.clone(), Ready::new(parameter::read(node))))
                .collect()
        })
    }

    /// Returns the resources that it declares: name to type.
    #[must_use]
    pub fn resources(&self) -> BTreeMap<String, String> {
        let declared = self.section("Resources").into_iter().flatten();
        declared
            .filter_map(|(name, node)| Some((name.clone(), node.get("Type")?.as_text()?.to_owned())))
            .collect()
    }

    /// Returns what the template must be allowed to do (CloudFormation API Reference, "CreateStackSet"). What
    /// nested stacks and macros need beyond that cannot be read from the template.
    #[must_use]
    pub fn needs(&self) -> BTreeSet<Capability> {
        let mut needs = BTreeSet::new();
        for (_, resource) in self.section("Resources").into_iter().flatten() {
            if let Some(kind) = resource.get("Type").and_then(Node::as_text) {
                needs.extend(needed_by(kind, resource));
            }
        }
        if needs.contains(&Capability::NamedIam) {
            needs.remove(&Capability::Iam);
        }
        if self.is_expanded() {
            needs.insert(Capability::AutoExpand);
        }
        needs
    }

    /// Returns whether a service-managed stack set takes it: no macros, transforms or nested stacks
    /// (aws-facts section 3.3).
    #[must_use]
    pub fn fits_service_managed(&self) -> bool {
        self.unfit_for_service_managed().is_none()
    }

    /// Returns the line and the words for what a service-managed stack set refuses.
    pub(crate) fn unfit_for_service_managed(&self) -> Option<(usize, String)> {
        if let Some(transform) = self.root.get("Transform") {
            return Some((transform.line, "the template has a transform".to_owned()));
        }
        let nested = self
            .section("Resources")
            .into_iter()
            .flatten()
            .find(|(_, resource)| {
                resource.get("Type").and_then(Node::as_text) == Some("AWS::CloudFormation::Stack")
            });
        if let Some((name, resource)) = nested {
            return Some((resource.line, format!("`{name}` is a nested stack")));
        }
        let mut line = None;
        self.root.walk(&mut |node| {
            if line.is_none() && node.get("Fn::Transform").is_some() {
                line = Some(node.line);
            }
        });
        line.map(|line| (line, "the template calls a macro".to_owned()))
    }

    /// Returns whether macros make the template that AWS works with from this one.
    pub(crate) fn is_expanded(&self) -> bool {
        self.root.get("Transform").is_some()
            || self.root.mentions(|key| key == "Fn::Transform")
            || self.resources().values().any(|kind| kind.ends_with("::MODULE"))
    }

    /// Returns the line of the first alias or merge key.
    pub(crate) const fn alias(&self) -> Option<usize> {
        self.alias
    }

    pub(crate) const fn root(&self) -> &Node {
        &self.root
    }

    pub(crate) fn section(&self, name: &str) -> Option<&BTreeMap<String, Node>> {
        self.root.get(name)?.fields()
    }
}

/// A text that begins with a brace and a quoted key, or nothing else, is meant as JSON.
fn read(text: &str) -> Result<(Node, Option<usize>), TemplateError> {
    let start = text.trim_start().strip_prefix('{').map(str::trim_start);
    if start.is_some_and(|inside| inside.starts_with(['"', '}']) || inside.is_empty()) {
        return json::read(text).map(|root| (root, None));
    }
    yaml::read(text).map(|document| (document.root, document.alias))
}

const fn described(kind: &Kind) -> &'static str {
    match kind {
        Kind::Null => "empty",
        Kind::Bool(_) => "a truth value",
        Kind::Number(_) => "a number",
        Kind::Text(_) => "text",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a map",
    }
}

/// IAM resources need a capability, with names of their own a wider one (CloudFormation API Reference,
/// "CreateStackSet"; User Guide, "Acknowledging IAM resources in CloudFormation templates").
fn needed_by(kind: &str, resource: &Node) -> Option<Capability> {
    let name = match kind {
        "AWS::IAM::Group" => Some("GroupName"),
        "AWS::IAM::InstanceProfile" => Some("InstanceProfileName"),
        "AWS::IAM::ManagedPolicy" => Some("ManagedPolicyName"),
        "AWS::IAM::Role" => Some("RoleName"),
        "AWS::IAM::User" => Some("UserName"),
        "AWS::IAM::AccessKey" | "AWS::IAM::Policy" | "AWS::IAM::UserToGroupAddition" => None,
        _ => return None,
    };
    let named = name.is_some_and(|name| {
        resource
            .get("Properties")
            .is_some_and(|properties| properties.get(name).is_some())
    });
    Some(if named {
        Capability::NamedIam
    } else {
        Capability::Iam
    })
}

/// Returns whether two texts are the same template. Texts that are no templates are compared as texts.
#[must_use]
pub fn same(before: &str, after: &str) -> bool {
    before == after
        || matches!((Template::parse(before), Template::parse(after)), (Ok(before), Ok(after)) if before == after)
}
