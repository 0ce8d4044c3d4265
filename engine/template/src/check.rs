//! The shape and the size of a template.

use crate::node::{Fields, Kind, Node};
use crate::problem::{Problem, ProblemKind};
use crate::reference;
use crate::template::Template;
use lz_model::limits::{TEMPLATE_PARAMETERS, TEMPLATE_RESOURCES};

/// Most outputs of a template (CloudFormation User Guide, "Understand CloudFormation quotas").
const OUTPUTS: usize = 200;
/// Most mappings of a template (same page).
const MAPPINGS: usize = 200;
/// Most bytes of a template's description (same page).
const DESCRIPTION_BYTES: usize = 1_024;
/// Most characters of the name of a parameter or resource (same page).
const NAME_CHARACTERS: usize = 255;

/// CloudFormation User Guide, "CloudFormation template sections".
const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// CloudFormation User Guide, "Resource attribute reference".
const RESOURCE_ATTRIBUTES: &[&str] = &[
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// CloudFormation User Guide, "Parameters".
const PARAMETER_ATTRIBUTES: &[&str] = &[
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

/// Returns everything that is wrong with the template itself.
pub(crate) fn template(template: &Template) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Some(line) = template.alias() {
        let message = "CloudFormation's documentation says that it takes no YAML aliases and merge keys";
        found.push(
            Problem::new(ProblemKind::Doubtful, Some(line), message)
                .help("write the values out, or make the template with `templatefile`"),
        );
    }
    if let Some(sections) = template.root().fields() {
        unknown_keys(sections, SECTIONS, "a template", &mut found);
    }
    limits(template, &mut found);
    parameters(template, &mut found);
    if !template.is_expanded() {
        resources(template, &mut found);
        nulls(template, &mut found);
        reference::check(template, &mut found);
    }
    found
}

fn malformed(line: usize, message: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Malformed, Some(line), message)
}

fn unknown_keys(fields: &Fields, known: &[&str], of: &str, found: &mut Vec<Problem>) {
    for (name, node) in fields {
        if known.contains(&name.as_str()) {
            continue;
        }
        let mut problem = malformed(node.line, format!("{of} has no `{name}`"));
        if let Some(near) = known.iter().find(|known| is_near(known, name)) {
            problem = problem.help(format!("did you mean `{near}`?"));
        }
        found.push(problem);
    }
}

/// Returns whether two words differ in case, or by one letter more or less.
fn is_near(known: &str, given: &str) -> bool {
    let letters = |word: &str| word.to_lowercase().chars().collect::<Vec<char>>();
    let (known, given) = (letters(known), letters(given));
    let longest = known.len().max(given.len());
    let front = known.iter().zip(&given).take_while(|(a, b)| a == b).count();
    let back = known
        .iter()
        .rev()
        .zip(given.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    known.len().abs_diff(given.len()) <= 1 && front + back + 1 >= longest
}

fn limits(template: &Template, found: &mut Vec<Problem>) {
    let most = [
        ("Resources", "resources", TEMPLATE_RESOURCES),
        ("Parameters", "parameters", TEMPLATE_PARAMETERS),
        ("Outputs", "outputs", OUTPUTS),
        ("Mappings", "mappings", MAPPINGS),
    ];
    for (section, words, most) in most {
        let Some(node) = template.root().get(section) else {
            continue;
        };
        let count = node.fields().map_or(0, Fields::len);
        if count > most {
            let message = format!("the template has {count} {words}, AWS takes {most}");
            found.push(Problem::new(ProblemKind::Limit, Some(node.line), message).help("split the template"));
        }
    }
    let description = template.root().get("Description");
    if let Some((node, text)) = description.and_then(|node| Some((node, node.as_text()?)))
        && text.len() > DESCRIPTION_BYTES
    {
        let message = format!(
            "the description has {} bytes, AWS takes {DESCRIPTION_BYTES}",
            text.len()
        );
        found.push(Problem::new(ProblemKind::Limit, Some(node.line), message));
    }
}

/// Names of parameters and resources have letters and digits only (CloudFormation User Guide, "Parameters" and
/// "Resources").
fn check_name(what: &str, name: &str, line: usize, found: &mut Vec<Problem>) {
    let fits = !name.is_empty()
        && name.chars().count() <= NAME_CHARACTERS
        && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if !fits {
        let message =
            format!("the name of a {what} has 1 to {NAME_CHARACTERS} letters and digits, not `{name}`");
        found.push(malformed(line, message));
    }
}

fn parameters(template: &Template, found: &mut Vec<Problem>) {
    for (name, node) in template.section("Parameters").into_iter().flatten() {
        check_name("parameter", name, node.line, found);
        let Some(fields) = node.fields() else {
            found.push(malformed(
                node.line,
                format!("the parameter `{name}` is not a map"),
            ));
            continue;
        };
        unknown_keys(fields, PARAMETER_ATTRIBUTES, "a parameter", found);
        if node.get("Type").and_then(Node::as_text).is_none() {
            found.push(malformed(
                node.line,
                format!("the parameter `{name}` has no `Type`"),
            ));
        }
        let parameter = crate::parameter::read(node);
        if let Some(refusal) = parameter
            .default
            .as_ref()
            .and_then(|value| parameter.refusal(value))
        {
            let line = node.get("Default").map_or(node.line, |default| default.line);
            found.push(malformed(
                line,
                format!("the parameter `{name}` does not take its own default: {refusal}"),
            ));
        }
    }
}

fn resources(template: &Template, found: &mut Vec<Problem>) {
    let Some(section) = template.root().get("Resources") else {
        found.push(malformed(1, "the template has no `Resources`"));
        return;
    };
    let Some(resources) = section.fields().filter(|resources| !resources.is_empty()) else {
        found.push(malformed(section.line, "the template has no resources"));
        return;
    };
    for (name, node) in resources {
        check_name("resource", name, node.line, found);
        let Some(fields) = node.fields() else {
            found.push(malformed(
                node.line,
                format!("the resource `{name}` is not a map"),
            ));
            continue;
        };
        unknown_keys(fields, RESOURCE_ATTRIBUTES, "a resource", found);
        match node.get("Type").map(|kind| (kind, kind.as_text())) {
            None => found.push(malformed(
                node.line,
                format!("the resource `{name}` has no `Type`"),
            )),
            Some((_, Some(kind))) if kind.contains("::") => {}
            Some((kind, _)) => found.push(malformed(
                kind.line,
                format!("the type of the resource `{name}` is not such as `AWS::S3::Bucket`"),
            )),
        }
        if node
            .get("Properties")
            .is_some_and(|properties| properties.fields().is_none())
        {
            found.push(malformed(
                node.line,
                format!("`Properties` of `{name}` is not a map"),
            ));
        }
    }
}

/// CloudFormation refuses null everywhere: what is left empty in YAML is null.
fn nulls(template: &Template, found: &mut Vec<Problem>) {
    let declared = ["Resources", "Outputs", "Mappings", "Conditions"];
    for (section, entries) in declared
        .iter()
        .filter_map(|name| Some((name, template.section(name)?)))
    {
        for (name, node) in entries {
            node.walk(&mut |node| null_in(node, section, name, found));
        }
    }
}

fn null_in(node: &Node, section: &str, name: &str, found: &mut Vec<Problem>) {
    match &node.kind {
        Kind::Map(fields) => {
            for (key, value) in fields.iter().filter(|(_, value)| value.kind == Kind::Null) {
                let message = format!("`{key}` in `{section}.{name}` has no value, which AWS refuses");
                found.push(malformed(value.line, message).help("give it a value, or take it out"));
            }
        }
        Kind::List(items) => {
            for item in items.iter().filter(|item| item.kind == Kind::Null) {
                let message =
                    format!("an element of a list in `{section}.{name}` is empty, which AWS refuses");
                found.push(malformed(item.line, message));
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {}
    }
}
