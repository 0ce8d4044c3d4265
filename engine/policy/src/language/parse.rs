//! From JSON to a policy; every fault is kept, with its place.

use super::operator::Operator;
use super::policy::{Condition, Effect, Item, Kind, Policy, Scope, Statement, VERSION};
use super::problem::{Code, Place, Problem, Problems};
use crate::json::{JsonError, Member, Node, Value};
use std::collections::BTreeSet;

impl From<JsonError> for Problems {
    fn from(error: JsonError) -> Self {
        let place = Place::new(String::new(), &(error.offset..error.offset));
        Self(vec![Problem {
            code: Code::NotJson,
            place,
            message: error.reason.to_string(),
            help: None,
        }])
    }
}

impl Policy {
    /// Reads a policy from JSON that stands at a pointer of a larger text.
    ///
    /// # Errors
    /// The JSON breaks the grammar; all faults are listed.
    pub fn from_node(kind: Kind, node: &Node, pointer: &str) -> Result<Self, Problems> {
        let mut parser = Parser {
            kind,
            problems: Vec::new(),
        };
        let policy = parser.policy(At {
            node,
            pointer: pointer.to_owned(),
        });
        match policy {
            Some(policy) if parser.problems.is_empty() => Ok(policy),
            Some(_) | None => Err(Problems(parser.problems)),
        }
    }
}

/// A value and the way to it.
struct At<'a> {
    node: &'a Node,
    pointer: String,
}

impl<'a> At<'a> {
    fn place(&self) -> Place {
        Place::new(self.pointer.clone(), &self.node.span)
    }

    fn member(&self, member: &'a Member) -> Self {
        let escaped = member.name.replace('~', "~0").replace('/', "~1");
        At {
            node: &member.node,
            pointer: format!("{}/{escaped}", self.pointer),
        }
    }

    fn item(&self, index: usize, node: &'a Node) -> Self {
        At {
            node,
            pointer: format!("{}/{index}", self.pointer),
        }
    }
}

struct Parser {
    kind: Kind,
    problems: Vec<Problem>,
}

const ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

impl Parser {
    fn problem(&mut self, code: Code, at: &At<'_>, message: String) {
        self.problems.push(Problem {
            code,
            place: at.place(),
            message,
            help: None,
        });
    }

    fn help(&mut self, help: impl Into<String>) {
        if let Some(problem) = self.problems.last_mut() {
            problem.help = Some(help.into());
        }
    }

    fn policy(&mut self, at: At<'_>) -> Option<Policy> {
        let members = self.members(&at, &ELEMENTS)?;
        let find = |name: &str| members.iter().find(|m| m.name == name).map(|m| at.member(m));
        let version = find("Version").and_then(|at| self.version(&at));
        let id = find("Id").and_then(|at| self.text(&at));
        let Some(list) = find("Statement") else {
            self.problem(Code::MissingElement, &at, "`Statement` is missing".to_owned());
            return None;
        };
        let statements: Vec<Option<Statement>> = match &list.node.value {
            Value::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, node)| self.statement(&list.item(index, node)))
                .collect(),
            Value::Object(_) => vec![self.statement(&list)],
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {
                self.problem(
                    Code::WrongType,
                    &list,
                    "`Statement` is neither an object nor a list of objects".to_owned(),
                );
                Vec::new()
            }
        };
        Some(Policy {
            kind: self.kind,
            version,
            id,
            statements: statements.into_iter().flatten().collect(),
        })
    }

    /// Returns the members of an object, after noting unknown and repeated names.
    fn members<'a>(&mut self, at: &At<'a>, known: &[&str]) -> Option<&'a [Member]> {
        let Some(members) = at.node.as_object() else {
            self.problem(Code::WrongType, at, "an object is expected here".to_owned());
            return None;
        };
        self.repeated(at, members, |name| name.to_owned());
        for member in members.iter().filter(|m| !known.contains(&m.name.as_str())) {
            let mut place = at.member(member).place();
            (place.start, place.end) = (member.name_span.start, member.name_span.end);
            let meant = known.iter().find(|k| k.eq_ignore_ascii_case(&member.name));
            self.problems.push(Problem {
                code: Code::UnknownElement,
                place,
                message: format!("`{}` is not an element of a {}", member.name, self.kind),
                help: meant.map(|name| format!("did you mean `{name}`? names of elements tell case")),
            });
        }
        Some(members)
    }

    fn repeated(&mut self, at: &At<'_>, members: &[Member], identity: impl Fn(&str) -> String) {
        let mut seen = BTreeSet::new();
        for member in members {
            if !seen.insert(identity(&member.name)) {
                let place = Place::new(at.member(member).pointer, &member.name_span);
                self.problems.push(Problem {
                    code: Code::Duplicate,
                    place,
                    message: format!("`{}` stands twice in one object", member.name),
                    help: None,
                });
            }
        }
    }

    fn text(&mut self, at: &At<'_>) -> Option<String> {
        let text = at.node.as_text().map(str::to_owned);
        if text.is_none() {
            self.problem(Code::WrongType, at, "a text is expected here".to_owned());
        }
        text
    }

    /// Policies of organizations are written in version `2012-10-17` (Organizations User Guide, "SCP syntax").
    fn version(&mut self, at: &At<'_>) -> Option<String> {
        let version = self.text(at)?;
        if version != VERSION {
            self.problem(
                Code::Version,
                at,
                format!("`{version}` is not the version of organization policies"),
            );
            self.help(format!("write `{VERSION}`"));
        }
        Some(version)
    }

    fn statement(&mut self, at: &At<'_>) -> Option<Statement> {
        let members = self.members(at, &STATEMENT_ELEMENTS)?;
        let find = |name: &str| members.iter().find(|m| m.name == name).map(|m| at.member(m));
        let sid = find("Sid").and_then(|at| self.text(&at));
        let effect = match find("Effect") {
            Some(at) => self.effect(&at),
            None => self.missing(at, "Effect"),
        };
        self.principal(at, find("Principal"), find("NotPrincipal"));
        let actions = self.scope(at, "Action", find("Action"), find("NotAction"), Self::action);
        let resources = self.scope(
            at,
            "Resource",
            find("Resource"),
            find("NotResource"),
            Self::resource,
        );
        let conditions = find("Condition").map_or_else(Vec::new, |at| self.conditions(&at));
        let statement = Statement {
            sid,
            effect: effect?,
            actions: actions?,
            resources: resources?,
            conditions,
            place: at.place(),
        };
        if self.kind == Kind::Rcp {
            self.rcp_statement(at, &statement);
        }
        Some(statement)
    }

    fn missing<T>(&mut self, at: &At<'_>, name: &str) -> Option<T> {
        self.problem(Code::MissingElement, at, format!("`{name}` is missing"));
        None
    }

    /// `Effect` tells case (IAM User Guide, "IAM JSON policy elements: Effect").
    fn effect(&mut self, at: &At<'_>) -> Option<Effect> {
        match self.text(at)?.as_str() {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            other => {
                self.problem(Code::Effect, at, format!("`{other}` is no effect"));
                self.help("write `Allow` or `Deny`");
                None
            }
        }
    }

    /// Service control policies have no principal; resource control policies have `*` and nothing else
    /// (Organizations User Guide, "SCP syntax" and "RCP syntax").
    fn principal(&mut self, at: &At<'_>, is: Option<At<'_>>, not: Option<At<'_>>) {
        if let Some(not) = not {
            let message = format!("a {} can't have `NotPrincipal`", self.kind);
            self.problem(Code::ForbiddenElement, &not, message);
        }
        match (self.kind, is) {
            (Kind::Scp, None) => {}
            (Kind::Scp, Some(is)) => {
                self.problem(
                    Code::ForbiddenElement,
                    &is,
                    "a service control policy can't have `Principal`".to_owned(),
                );
                self.help("use a condition on `aws:PrincipalArn`");
            }
            (Kind::Rcp, None) => {
                let _missing: Option<()> = self.missing(at, "Principal");
                self.help("write `\"Principal\": \"*\"`");
            }
            (Kind::Rcp, Some(is)) => {
                if is.node.as_text() != Some("*") {
                    self.problem(
                        Code::Principal,
                        &is,
                        "the principal of a resource control policy is `*`".to_owned(),
                    );
                    self.help("use a condition on `aws:PrincipalArn`");
                }
            }
        }
    }

    /// A resource control policy denies, names services and has no `NotAction`; the one that AWS manages allows
    /// everything (Organizations User Guide, "RCP syntax").
    fn rcp_statement(&mut self, at: &At<'_>, statement: &Statement) {
        let all = |scope: &Scope<Vec<Item>>| match scope {
            Scope::Of(list) => list.iter().any(|item| item.text == "*"),
            Scope::Except(_) => false,
        };
        if statement.actions.is_except() {
            self.problem(
                Code::ForbiddenElement,
                at,
                "a resource control policy can't have `NotAction`".to_owned(),
            );
        }
        match statement.effect {
            Effect::Allow => {
                let full = all(&statement.actions) && all(&statement.resources);
                if !full || !statement.conditions.is_empty() {
                    self.problem(
                        Code::Effect,
                        at,
                        "a resource control policy can only deny".to_owned(),
                    );
                    self.help("only `RCPFullAWSAccess`, which AWS manages, allows");
                }
            }
            Effect::Deny => {
                if all(&statement.actions) {
                    self.problem(
                        Code::Action,
                        at,
                        "a resource control policy must name the services of its actions".to_owned(),
                    );
                    self.help("write `s3:*` and the like");
                }
            }
        }
    }

    /// Reads one of two elements that exclude each other.
    fn scope(
        &mut self,
        at: &At<'_>,
        name: &str,
        of: Option<At<'_>>,
        except: Option<At<'_>>,
        check: fn(&mut Self, &At<'_>, &str),
    ) -> Option<Scope<Vec<Item>>> {
        match (of, except) {
            (Some(of), None) => self.list(&of, check).map(Scope::Of),
            (None, Some(except)) => self.list(&except, check).map(Scope::Except),
            (None, None) => {
                let _missing: Option<()> = self.missing(at, name);
                self.help(format!("write `{name}` or `Not{name}`"));
                None
            }
            (Some(_), Some(except)) => {
                let message = format!("`{name}` and `Not{name}` exclude each other");
                self.problem(Code::Conflict, &except, message);
                None
            }
        }
    }

    /// Reads a text or a list of texts, which must not be empty.
    fn list(&mut self, at: &At<'_>, check: fn(&mut Self, &At<'_>, &str)) -> Option<Vec<Item>> {
        let one = |parser: &mut Self, at: &At<'_>| {
            let text = parser.text(at)?;
            check(parser, at, &text);
            Some(Item {
                text,
                place: at.place(),
            })
        };
        let Some(items) = at.node.as_list() else {
            return one(self, at).map(|item| vec![item]);
        };
        if items.is_empty() {
            self.problem(Code::Empty, at, "the list is empty".to_owned());
            return None;
        }
        let read: Vec<Option<Item>> = items
            .iter()
            .enumerate()
            .map(|(index, node)| one(self, &at.item(index, node)))
            .collect();
        read.into_iter().collect()
    }

    /// An action is `*` or `service:Name`, with wildcards anywhere
    /// (Organizations User Guide, "SCP syntax"; AWS Security Blog of September 2025).
    fn action(&mut self, at: &At<'_>, text: &str) {
        let name_characters = |part: &str| {
            let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'*' | b'?' | b'-' | b'_' | b'.');
            !part.is_empty() && part.bytes().all(known)
        };
        let fits = match text.split_once(':') {
            Some((service, name)) => name_characters(service) && name_characters(name),
            None => !text.is_empty() && text.bytes().all(|b| b == b'*'),
        };
        if !fits {
            self.problem(Code::Action, at, format!("`{text}` is no action"));
            self.help("write `service:Name`, such as `s3:GetObject`, or `*`");
        }
    }

    /// A resource is an ARN or `*`; wildcards and variables can stand anywhere in it
    /// (IAM User Guide, "IAM JSON policy elements: Resource").
    fn resource(&mut self, at: &At<'_>, text: &str) {
        let fits = text.starts_with("arn:") || text.starts_with('*') || text.starts_with("${");
        if !fits {
            self.problem(Code::Resource, at, format!("`{text}` is no resource"));
            self.help("write an ARN, such as `arn:aws:s3:::bucket/*`, or `*`");
        }
    }

    fn conditions(&mut self, at: &At<'_>) -> Vec<Condition> {
        let Some(operators) = at.node.as_object() else {
            self.problem(Code::WrongType, at, "`Condition` is not an object".to_owned());
            return Vec::new();
        };
        self.repeated(at, operators, str::to_ascii_lowercase);
        let mut conditions = Vec::new();
        for member in operators {
            let at = at.member(member);
            let Some(operator) = Operator::from_name(&member.name) else {
                self.unknown_operator(&at, member);
                continue;
            };
            let Some(keys) = at.node.as_object() else {
                self.problem(Code::WrongType, &at, format!("`{}` holds no keys", member.name));
                continue;
            };
            self.repeated(&at, keys, str::to_ascii_lowercase);
            for key in keys {
                let key_at = at.member(key);
                conditions.extend(self.condition(operator, key, &key_at));
            }
        }
        conditions
    }

    fn unknown_operator(&mut self, at: &At<'_>, member: &Member) {
        let place = Place::new(at.pointer.clone(), &member.name_span);
        let near = Operator::names().find(|name| {
            let lower = member.name.to_ascii_lowercase();
            lower.contains(&name.to_ascii_lowercase()) || name.to_ascii_lowercase().contains(&lower)
        });
        self.problems.push(Problem {
            code: Code::Operator,
            place,
            message: format!("`{}` is no condition operator", member.name),
            help: near.map(|name| format!("did you mean `{name}`?")),
        });
    }

    fn condition(&mut self, operator: Operator, key: &Member, at: &At<'_>) -> Option<Condition> {
        if key.name.is_empty() || key.name.contains(char::is_whitespace) {
            self.problem(Code::Key, at, format!("`{}` is no condition key", key.name));
        }
        let values = match &at.node.value {
            Value::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, node)| self.value(&at.item(index, node)))
                .collect::<Vec<_>>(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => {
                vec![self.value(at)]
            }
        };
        Some(Condition {
            operator,
            key: key.name.clone(),
            values: values.into_iter().collect::<Option<_>>()?,
            place: at.place(),
        })
    }

    /// A value is a text; `true` is `"true"` and `5` is `"5"`.
    fn value(&mut self, at: &At<'_>) -> Option<Item> {
        let text = match &at.node.value {
            Value::Text(text) | Value::Number(text) => text.clone(),
            Value::Bool(value) => value.to_string(),
            Value::Null | Value::List(_) | Value::Object(_) => {
                self.problem(
                    Code::WrongType,
                    at,
                    "a condition value is a text, a number or a boolean".to_owned(),
                );
                return None;
            }
        };
        Some(Item {
            text,
            place: at.place(),
        })
    }
}
