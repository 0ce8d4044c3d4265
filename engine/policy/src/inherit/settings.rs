//! One inherited policy: a tree of settings with operators.

use crate::json::{self, Member, Node, Value};
use crate::language::{Code, Place, Problem, Problems};
use lz_model::policy_type::PolicyType;
use serde_json::Value as Plain;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const CONTROL: &str = "@@operators_allowed_for_child_policies";

/// An inherited policy of one type, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    policy_type: PolicyType,
    pub(crate) top: Setting,
}

/// What a policy says at one place.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Setting {
    pub(crate) assign: Option<Plain>,
    pub(crate) append: Vec<Plain>,
    pub(crate) remove: Vec<Plain>,
    pub(crate) control: Option<Operators>,
    pub(crate) below: BTreeMap<String, Setting>,
}

/// A set of operators that set values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operators {
    pub(crate) assign: bool,
    pub(crate) append: bool,
    pub(crate) remove: bool,
}

impl Operators {
    pub(crate) const ALL: Self = Self {
        assign: true,
        append: true,
        remove: true,
    };
    pub(crate) const NONE: Self = Self {
        assign: false,
        append: false,
        remove: false,
    };

    /// Returns the operators that are in both sets.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            assign: self.assign && other.assign,
            append: self.append && other.append,
            remove: self.remove && other.remove,
        }
    }
}

impl Settings {
    /// Reads a policy of a type that is inherited.
    ///
    /// # Errors
    /// The text is not a JSON object, names an operator that doesn't exist, or repeats a name; all faults are
    /// listed. Service and resource control policies have no settings and are refused.
    pub fn parse(policy_type: PolicyType, text: &str) -> Result<Self, Problems> {
        let node = json::parse(text).map_err(Problems::from)?;
        let mut problems = Vec::new();
        let mut reader = Reader {
            problems: &mut problems,
        };
        if policy_type.guards() {
            reader.problem(Code::WrongType, "", &node, "this type of policy is not inherited");
        }
        let top = match &node.value {
            Value::Object(members) => reader.object("", &node, members),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                reader.problem(Code::WrongType, "", &node, "the policy is not an object");
                Setting::default()
            }
        };
        if problems.is_empty() {
            Ok(Self { policy_type, top })
        } else {
            Err(Problems(problems))
        }
    }

    /// Returns the type of the policy.
    #[must_use]
    pub const fn policy_type(&self) -> PolicyType {
        self.policy_type
    }
}

struct Reader<'p> {
    problems: &'p mut Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, code: Code, pointer: &str, node: &Node, message: impl Into<String>) {
        self.problems.push(Problem {
            code,
            place: Place::new(pointer.to_owned(), &node.span),
            message: message.into(),
            help: None,
        });
    }

    fn object(&mut self, pointer: &str, node: &Node, members: &[Member]) -> Setting {
        let mut setting = Setting::default();
        let mut seen = BTreeSet::new();
        for member in members {
            let escaped = member.name.replace('~', "~0").replace('/', "~1");
            let pointer = format!("{pointer}/{escaped}");
            if !seen.insert(&member.name) {
                let message = format!("`{}` stands twice in one object", member.name);
                self.problem(Code::Duplicate, &pointer, &member.node, message);
            }
            self.member(&pointer, member, &mut setting);
        }
        let sets = setting.assign.is_some() || !setting.append.is_empty() || !setting.remove.is_empty();
        if sets && !setting.below.is_empty() {
            let message = "a place that sets a value can't hold other settings";
            self.problem(Code::Conflict, pointer, node, message);
        }
        setting
    }

    fn member(&mut self, pointer: &str, member: &Member, setting: &mut Setting) {
        let node = &member.node;
        match member.name.as_str() {
            "@@assign" => setting.assign = Some(node.plain()),
            "@@append" => setting.append = self.values(pointer, node),
            "@@remove" => setting.remove = self.values(pointer, node),
            CONTROL => setting.control = Some(self.control(pointer, node)),
            name if name.starts_with("@@") => {
                let message = format!("`{name}` is no inheritance operator");
                self.problem(Code::Operator, pointer, node, message);
            }
            name => {
                let below = match &node.value {
                    Value::Object(members) => self.object(pointer, node, members),
                    // A value without an operator sets it.
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                        Setting {
                            assign: Some(node.plain()),
                            ..Setting::default()
                        }
                    }
                };
                setting.below.insert(name.to_owned(), below);
            }
        }
    }

    fn values(&mut self, pointer: &str, node: &Node) -> Vec<Plain> {
        match &node.value {
            Value::List(items) => items.iter().map(Node::plain).collect(),
            Value::Text(_) | Value::Number(_) | Value::Bool(_) => vec![node.plain()],
            Value::Null | Value::Object(_) => {
                self.problem(
                    Code::WrongType,
                    pointer,
                    node,
                    "a list of values is expected here",
                );
                Vec::new()
            }
        }
    }

    fn control(&mut self, pointer: &str, node: &Node) -> Operators {
        let names: Vec<&Node> = match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => vec![node],
        };
        let mut allowed = Operators::NONE;
        for name in names {
            match name.as_text() {
                Some("@@all") => allowed = Operators::ALL,
                Some("@@none") => {}
                Some("@@assign") => allowed.assign = true,
                Some("@@append") => allowed.append = true,
                Some("@@remove") => allowed.remove = true,
                Some(_) | None => {
                    let message = "this is no operator that child policies could be allowed";
                    self.problem(Code::Operator, pointer, name, message);
                }
            }
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(Code, String)> {
        let problems = Settings::parse(PolicyType::Tag, text).unwrap_err();
        let of = |p: &Problem| (p.code, p.place.pointer.clone());
        problems.list().iter().map(of).collect()
    }

    #[test]
    fn faults_are_found_where_they_stand() {
        assert_eq!(codes("[]"), [(Code::WrongType, String::new())]);
        let text = r#"{"tags":{"a":{"@@asign":1},"b":{"@@append":{}},"c/d":{"@@operators_allowed_for_child_policies":["x"]}}}"#;
        assert_eq!(
            codes(text),
            [
                (Code::Operator, "/tags/a/@@asign".to_owned()),
                (Code::WrongType, "/tags/b/@@append".to_owned()),
                (
                    Code::Operator,
                    "/tags/c~1d/@@operators_allowed_for_child_policies".to_owned()
                ),
            ]
        );
        assert_eq!(
            codes(r#"{"a":1,"a":2,"b":{"@@assign":1,"c":{}}}"#),
            [
                (Code::Duplicate, "/a".to_owned()),
                (Code::Conflict, "/b".to_owned())
            ]
        );
    }

    #[test]
    fn control_policies_are_not_inherited() {
        assert!(Settings::parse(PolicyType::Scp, "{}").is_err());
    }
}
