//! Names that a template uses but does not declare.

use crate::node::{Fields, Node};
use crate::problem::{Problem, ProblemKind};
use crate::template::Template;
use std::collections::BTreeSet;

/// CloudFormation User Guide, "Get AWS values using pseudo parameters".
const PSEUDO: &[&str] = &[
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// What a template declares, by section.
struct Names<'a> {
    parameters: BTreeSet<&'a str>,
    resources: BTreeSet<&'a str>,
    conditions: BTreeSet<&'a str>,
    mappings: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(template: &'a Template) -> Self {
        let names = |section: &str| {
            let declared = template.section(section).map(Fields::keys);
            declared.into_iter().flatten().map(String::as_str).collect()
        };
        Self {
            parameters: names("Parameters"),
            resources: names("Resources"),
            conditions: names("Conditions"),
            mappings: names("Mappings"),
        }
    }

    fn can_be_referred_to(&self, name: &str) -> bool {
        PSEUDO.contains(&name) || self.parameters.contains(name) || self.resources.contains(name)
    }
}

/// Adds what is wrong with the references of a template.
pub(crate) fn check(template: &Template, found: &mut Vec<Problem>) {
    let names = Names::of(template);
    if let Some(section) = template.root().get("Conditions") {
        section.walk(&mut |node| condition(node, &names, found));
    }
    for section in ["Conditions", "Outputs"] {
        if let Some(section) = template.root().get(section) {
            section.walk(&mut |node| call(node, &names, found));
        }
    }
    for output in template.section("Outputs").into_iter().flat_map(Fields::values) {
        condition_of(output, &names, found);
    }
    for resource in template.section("Resources").into_iter().flat_map(Fields::values) {
        for attribute in ["Properties", "UpdatePolicy", "CreationPolicy", "Metadata"] {
            if let Some(attribute) = resource.get(attribute) {
                attribute.walk(&mut |node| call(node, &names, found));
            }
        }
        condition_of(resource, &names, found);
        for other in resource
            .get("DependsOn")
            .and_then(Node::items)
            .unwrap_or_default()
        {
            let Some(text) = other.as_text() else { continue };
            if !names.resources.contains(text) {
                found.push(unknown(other.line, "resource", text));
            }
        }
    }
}

fn unknown(line: usize, what: &str, name: &str) -> Problem {
    Problem::new(
        ProblemKind::UnknownName,
        Some(line),
        format!("the template declares no {what} `{name}`"),
    )
}

fn condition_of(node: &Node, names: &Names<'_>, found: &mut Vec<Problem>) {
    if let Some((condition, text)) = node.get("Condition").and_then(|one| Some((one, one.as_text()?)))
        && !names.conditions.contains(text)
    {
        found.push(unknown(condition.line, "condition", text));
    }
}

/// Conditions may name each other; elsewhere `Condition` may be a property.
fn condition(node: &Node, names: &Names<'_>, found: &mut Vec<Problem>) {
    if let Some(("Condition", argument)) = node.call() {
        let unknown_name = argument.as_text().filter(|name| !names.conditions.contains(name));
        found.extend(unknown_name.map(|name| unknown(argument.line, "condition", name)));
    }
}

/// Checks the names in one call of a function; calls in its arguments are visited by themselves.
fn call(node: &Node, names: &Names<'_>, found: &mut Vec<Problem>) {
    let Some((function, argument)) = node.call() else {
        return;
    };
    let first = || argument.items().and_then(<[Node]>::first).and_then(Node::as_text);
    match function {
        "Ref" => {
            if let Some(name) = argument.as_text().filter(|name| !names.can_be_referred_to(name)) {
                found.push(unknown(argument.line, "parameter or resource", name));
            }
        }
        "Fn::GetAtt" => {
            if let Some(name) = first().filter(|name| !names.resources.contains(name)) {
                found.push(unknown(argument.line, "resource", name));
            }
        }
        "Fn::FindInMap" => {
            if let Some(name) = first().filter(|name| !names.mappings.contains(name)) {
                found.push(unknown(argument.line, "mapping", name));
            }
        }
        "Fn::If" => {
            if let Some(name) = first().filter(|name| !names.conditions.contains(name)) {
                found.push(unknown(argument.line, "condition", name));
            }
        }
        "Fn::Sub" => substitution(argument, names, found),
        _ => {}
    }
}

/// Checks `${Name}` and `${Resource.Attribute}` in a text; `${!Literal}` stays as it is.
fn substitution(argument: &Node, names: &Names<'_>, found: &mut Vec<Problem>) {
    let (text, own) = match argument.items() {
        Some([text, own, ..]) => (text, own.fields()),
        Some([text]) => (text, None),
        Some([]) | None => (argument, None),
    };
    for name in placeholders(text.as_text().unwrap_or_default()) {
        let resource = name.split('.').next().unwrap_or_default();
        let is_own = own.is_some_and(|own| own.contains_key(name));
        let known = if resource == name {
            names.can_be_referred_to(name)
        } else {
            names.resources.contains(resource)
        };
        if !is_own && !known {
            let problem = unknown(text.line, "parameter or resource", resource);
            found.push(problem.help(format!("write `${{!{name}}}` where the text itself is meant")));
        }
    }
}

/// Returns what stands in `${...}`, without the literal ones.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.trim())
        .filter(|name| !name.starts_with('!') && !name.is_empty())
}
