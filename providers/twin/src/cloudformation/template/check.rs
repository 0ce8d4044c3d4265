//! What a template declares, and what AWS refuses about it (CloudFormation User Guide, "Template anatomy",
//! "CloudFormation quotas").

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::parameter::ParameterRule;
use super::parse::parse;

/// The members that a template may have.
const SECTIONS: [&str; 11] = [
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

const MOST_RESOURCES: usize = 500;
const MOST_PARAMETERS: usize = 200;
const MOST_OUTPUTS: usize = 200;

/// What a template declares.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Template {
    pub(crate) description: Option<String>,
    pub(crate) parameters: BTreeMap<String, ParameterRule>,
    /// Types of resources by logical id.
    pub(crate) resources: BTreeMap<String, String>,
    pub(crate) transforms: Vec<String>,
    /// Capabilities that must be acknowledged, with the types that need them.
    pub(crate) capabilities: BTreeSet<&'static str>,
    pub(crate) capabilities_reason: Option<String>,
    /// Values of outputs by name, with description and export.
    pub(crate) outputs: BTreeMap<String, Value>,
}

/// Reads a template.
///
/// # Errors
/// The message of AWS's `ValidationError`.
pub(crate) fn read(text: &str) -> Result<Template, String> {
    let tree = parse(text)?;
    let sections = tree
        .as_object()
        .ok_or("Template format error: unsupported structure.")?;
    refuse_unknown_sections(sections)?;
    refuse_other_version(sections)?;
    let resources = resources(sections)?;
    let parameters = parameters(sections)?;
    refuse_unresolved(sections, &tree, &resources, &parameters)?;
    let outputs = object(sections, "Outputs")?;
    refuse_too_many("outputs", outputs.map_or(0, Map::len), MOST_OUTPUTS)?;
    let transforms = transforms(sections);
    let mut template = Template {
        description: description(sections)?,
        parameters,
        resources,
        transforms,
        capabilities: BTreeSet::new(),
        capabilities_reason: None,
        outputs: outputs
            .into_iter()
            .flatten()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect(),
    };
    template.find_capabilities(sections);
    Ok(template)
}

impl Template {
    /// Returns whether it has nested stacks, macros or transforms, which SERVICE_MANAGED sets refuse
    /// (aws-facts 3.3).
    pub(crate) fn is_composed(&self) -> bool {
        !self.transforms.is_empty()
            || self
                .resources
                .values()
                .any(|kind| kind == "AWS::CloudFormation::Stack")
    }

    /// Returns the parameters whose values are never shown.
    pub(crate) fn hidden(&self) -> BTreeSet<String> {
        let hidden = self.parameters.iter().filter(|(_, rule)| rule.no_echo);
        hidden.map(|(name, _)| name.clone()).collect()
    }

    /// IAM resources need CAPABILITY_IAM, named ones CAPABILITY_NAMED_IAM, transforms CAPABILITY_AUTO_EXPAND
    /// (botocore model, CreateStackInput.Capabilities).
    fn find_capabilities(&mut self, sections: &Map<String, Value>) {
        const NEED: [&str; 8] = [
            "AWS::IAM::AccessKey",
            "AWS::IAM::Group",
            "AWS::IAM::InstanceProfile",
            "AWS::IAM::ManagedPolicy",
            "AWS::IAM::Policy",
            "AWS::IAM::Role",
            "AWS::IAM::User",
            "AWS::IAM::UserToGroupAddition",
        ];
        const NAMES: [&str; 5] = [
            "GroupName",
            "InstanceProfileName",
            "ManagedPolicyName",
            "RoleName",
            "UserName",
        ];
        let mut types = BTreeSet::new();
        let declared = sections.get("Resources").and_then(Value::as_object);
        for resource in declared.into_iter().flat_map(Map::values) {
            let kind = resource.get("Type").and_then(Value::as_str).unwrap_or_default();
            if !NEED.contains(&kind) {
                continue;
            }
            types.insert(kind.to_owned());
            let properties = resource.get("Properties").and_then(Value::as_object);
            let named = properties.is_some_and(|all| NAMES.iter().any(|name| all.contains_key(*name)));
            let nameable = !matches!(
                kind,
                "AWS::IAM::AccessKey" | "AWS::IAM::UserToGroupAddition" | "AWS::IAM::Policy"
            );
            self.capabilities.insert(if named && nameable {
                "CAPABILITY_NAMED_IAM"
            } else {
                "CAPABILITY_IAM"
            });
        }
        if self.capabilities.contains("CAPABILITY_NAMED_IAM") {
            self.capabilities.remove("CAPABILITY_IAM");
        }
        if !self.transforms.is_empty() {
            self.capabilities.insert("CAPABILITY_AUTO_EXPAND");
        }
        if !types.is_empty() {
            let types: Vec<_> = types.into_iter().collect();
            self.capabilities_reason = Some(format!(
                "The following resource(s) require capabilities: [{}]",
                types.join(", ")
            ));
        }
    }

    /// Returns the capabilities that a request does not acknowledge.
    pub(crate) fn missing_capabilities(&self, given: &[String]) -> Vec<&'static str> {
        let has = |name: &str| given.iter().any(|given| given == name);
        let missing = self.capabilities.iter().copied().filter(|needed| match *needed {
            // The stronger one covers the weaker.
            "CAPABILITY_IAM" => !has("CAPABILITY_IAM") && !has("CAPABILITY_NAMED_IAM"),
            needed => !has(needed),
        });
        missing.collect()
    }
}

fn object<'a>(
    sections: &'a Map<String, Value>,
    name: &str,
) -> Result<Option<&'a Map<String, Value>>, String> {
    match sections.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(format!(
            "Template format error: [/{name}] is not an object, but it must be one"
        )),
    }
}

fn refuse_unknown_sections(sections: &Map<String, Value>) -> Result<(), String> {
    let odd: Vec<&str> = sections
        .keys()
        .map(String::as_str)
        .filter(|name| !SECTIONS.contains(name))
        .collect();
    if odd.is_empty() {
        return Ok(());
    }
    Err(format!(
        "Invalid template property or properties [{}]",
        odd.join(", ")
    ))
}

fn refuse_other_version(sections: &Map<String, Value>) -> Result<(), String> {
    match sections.get("AWSTemplateFormatVersion") {
        None => Ok(()),
        Some(Value::String(version)) if version == "2010-09-09" => Ok(()),
        Some(_) => Err(
            "Template format error: the only version of `AWSTemplateFormatVersion` is 2010-09-09".to_owned(),
        ),
    }
}

fn refuse_too_many(what: &str, count: usize, most: usize) -> Result<(), String> {
    if count <= most {
        return Ok(());
    }
    Err(format!(
        "Template format error: Number of {what}, {count}, is greater than maximum allowed, {most}"
    ))
}

fn description(sections: &Map<String, Value>) -> Result<Option<String>, String> {
    match sections.get("Description") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= 1024 => Ok(Some(text.clone())),
        Some(Value::String(_)) => {
            Err("Template format error: 'Description' length is greater than 1024.".to_owned())
        }
        Some(_) => Err("Template format error: Description must be a string".to_owned()),
    }
}

fn transforms(sections: &Map<String, Value>) -> Vec<String> {
    match sections.get("Transform") {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names
            .iter()
            .map(|name| {
                let named = name.as_str().or_else(|| name.get("Name").and_then(Value::as_str));
                named.unwrap_or_default().to_owned()
            })
            .collect(),
        Some(Value::Object(one)) => one
            .get("Name")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .into_iter()
            .collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => Vec::new(),
    }
}

/// A template has resources, and every resource a type.
fn resources(sections: &Map<String, Value>) -> Result<BTreeMap<String, String>, String> {
    let declared = object(sections, "Resources")?.filter(|resources| !resources.is_empty());
    let declared = declared.ok_or("Template format error: At least one Resources member must be defined.")?;
    refuse_too_many("resources", declared.len(), MOST_RESOURCES)?;
    let typed = declared.iter().map(|(name, resource)| {
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric());
        if !plain && !name.starts_with("Fn::") {
            return Err(format!(
                "Template format error: Resource name {name} is non alphanumeric."
            ));
        }
        match resource.get("Type").and_then(Value::as_str) {
            Some(kind) if !kind.is_empty() => Ok((name.clone(), kind.to_owned())),
            Some(_) | None => Err(format!(
                "Template format error: [/Resources/{name}] Every Resources object must contain a Type member."
            )),
        }
    });
    typed.collect()
}

fn parameters(sections: &Map<String, Value>) -> Result<BTreeMap<String, ParameterRule>, String> {
    let declared = object(sections, "Parameters")?;
    refuse_too_many("parameters", declared.map_or(0, Map::len), MOST_PARAMETERS)?;
    declared
        .into_iter()
        .flatten()
        .map(|(name, value)| Ok((name.clone(), ParameterRule::read(name, value)?)))
        .collect()
}

/// What a template refers to must be there.
fn refuse_unresolved(
    sections: &Map<String, Value>,
    tree: &Value,
    resources: &BTreeMap<String, String>,
    parameters: &BTreeMap<String, ParameterRule>,
) -> Result<(), String> {
    // What transforms and loops make can't be known here.
    if sections.contains_key("Transform") || resources.keys().any(|name| name.starts_with("Fn::")) {
        return Ok(());
    }
    for section in ["Resources", "Outputs"] {
        let mut named = BTreeSet::new();
        if let Some(part) = tree.get(section) {
            references(part, &mut named);
        }
        let unknown: Vec<String> = named
            .into_iter()
            .filter(|name| {
                !name.starts_with("AWS::") && !resources.contains_key(name) && !parameters.contains_key(name)
            })
            .collect();
        if !unknown.is_empty() {
            return Err(format!(
                "Template format error: Unresolved resource dependencies [{}] in the {section} block of the template",
                unknown.join(", ")
            ));
        }
    }
    Ok(())
}

/// Collects what `Ref`, `Fn::GetAtt` and `DependsOn` name.
fn references(value: &Value, named: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                match (name.as_str(), inner) {
                    ("Ref", Value::String(target)) => {
                        named.insert(target.clone());
                    }
                    ("Fn::GetAtt", Value::Array(parts)) => {
                        if let Some(Value::String(target)) = parts.first() {
                            named.insert(target.clone());
                        }
                    }
                    ("DependsOn", Value::String(target)) => {
                        named.insert(target.clone());
                    }
                    ("DependsOn", Value::Array(targets)) => {
                        named.extend(targets.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    (_, inner) => references(inner, named),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, named)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
