//! The short forms of CloudFormation's functions, such as `!Sub` for `Fn::Sub`.

use crate::node::{Fields, Kind, Node};

/// Functions whose short form is `!` and their name (CloudFormation User Guide, "Intrinsic function reference"
/// and "Rule-specific intrinsic functions").
const SHORT: &[&str] = &[
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
];

/// Returns the key of the long form, or nothing if there is no such function.
pub(crate) fn long_name(short: &str) -> Option<String> {
    match short {
        "Ref" | "Condition" => Some(short.to_owned()),
        _ => SHORT.contains(&short).then(|| format!("Fn::{short}")),
    }
}

/// Returns the long form of a short one: the function's key and its argument.
pub(crate) fn long_form(name: String, mut argument: Node) -> Node {
    let line = argument.line;
    if name == "Fn::GetAtt" {
        argument = attribute_path(argument);
    }
    Node::new(line, Kind::Map(Fields::from([(name, argument)])))
}

/// `Resource.Attribute` is the same as `[Resource, Attribute]`; the attribute may have dots itself.
pub(crate) fn attribute_path(argument: Node) -> Node {
    let Some((resource, attribute)) = argument.as_text().and_then(|text| text.split_once('.')) else {
        return argument;
    };
    let line = argument.line;
    Node::new(
        line,
        Kind::List(vec![Node::text(line, resource), Node::text(line, attribute)]),
    )
}

/// Returns whether a function's own arguments are text whatever they look like: an index, a name, a delimiter.
/// Others hand values through, so that `5` and `"5"` may differ.
pub(crate) fn takes_text(name: &str) -> bool {
    !matches!(
        name,
        "Fn::If" | "Fn::ToJsonString" | "Fn::Transform" | "Fn::Length"
    )
}
