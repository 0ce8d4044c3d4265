//! One question a line: JSON in, JSON out.
//!
//! A line holds `id`, `levels` (from the root to the account, each with `name` and `policies`, a list of documents)
//! and `request` (`principal`, `action`, `resource`, `context`: a text or a list of texts for each key). Levels may
//! mix both kinds of control policies: a document with a principal is a resource control policy, every other one a
//! service control policy (see [`crate::language::Kind::of`]).
//!
//! The answer holds `id`, `decision`, `levels` (what each level says) and `by`: the level that decides, and its policy
//! and statement where one does; or why no policy counts. A line that can't be answered gives `id` and `error`.

use crate::evaluate::{Compiled, Level, Member, Path, Request, Verdict};
use crate::json::{self, Node, Value};
use crate::language::{Kind, Policy, Problem, Problems};
use serde_json::{Map, Value as Plain, json};
use std::collections::HashMap;
use std::sync::Arc;

/// How many bytes of documents are kept between lines.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// Answers lines; documents and levels that come again are not compiled again.
#[derive(Debug, Default)]
pub struct Lines {
    documents: Kept<Compiled>,
    paths: Kept<Path>,
}

impl Lines {
    /// Returns an answerer that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the answer to a line, without a line break.
    #[must_use]
    pub fn answer(&mut self, line: &str) -> String {
        let node = match json::parse(line) {
            Ok(node) => node,
            Err(error) => return failure(&Plain::Null, &error.to_string()),
        };
        let id = node.get("id").map_or(Plain::Null, Node::plain);
        match self.ask(line, &node) {
            Ok((path, verdict)) => success(&id, &path, &verdict),
            Err(error) => failure(&id, &error),
        }
    }

    fn ask(&mut self, line: &str, node: &Node) -> Result<(Arc<Path>, Verdict), String> {
        if node.as_object().is_none() {
            return Err("the line is not a JSON object".to_owned());
        }
        let levels = node.get("levels").ok_or("`levels` is missing")?;
        let request = request(node.get("request").ok_or("`request` is missing")?)?;
        let text = line.get(levels.span.clone()).unwrap_or_default();
        let path = match self.paths.get(text) {
            Some(path) => path,
            None => {
                let path = Arc::new(Path::new(self.levels(line, levels)?, Member::Ordinary));
                self.paths.keep(text, &path);
                path
            }
        };
        let verdict = path.evaluate(&request);
        Ok((path, verdict))
    }

    fn levels(&mut self, line: &str, levels: &Node) -> Result<Vec<Level>, String> {
        let list = levels.as_list().ok_or("`levels` is not a list")?;
        if list.is_empty() {
            return Err("`levels` is empty".to_owned());
        }
        let mut read = Vec::with_capacity(list.len());
        for (index, level) in list.iter().enumerate() {
            let pointer = format!("/levels/{index}");
            let name = match level.get("name") {
                None => format!("{index}"),
                Some(name) => name
                    .as_text()
                    .ok_or_else(|| format!("`{pointer}/name` is not a text"))?
                    .to_owned(),
            };
            let documents = level
                .get("policies")
                .and_then(Node::as_list)
                .ok_or_else(|| format!("`{pointer}/policies` is not a list"))?;
            let policies = documents
                .iter()
                .enumerate()
                .map(|(number, document)| {
                    self.document(line, document, &format!("{pointer}/policies/{number}"))
                })
                .collect::<Result<_, _>>()?;
            read.push(Level { name, policies });
        }
        Ok(read)
    }

    fn document(&mut self, line: &str, document: &Node, pointer: &str) -> Result<Arc<Compiled>, String> {
        let text = line.get(document.span.clone()).unwrap_or_default();
        if let Some(compiled) = self.documents.get(text) {
            return Ok(compiled);
        }
        let policy = Policy::from_node(Kind::of(document), document, pointer).map_err(|p| told(&p))?;
        let compiled = Arc::new(Compiled::new(&policy));
        self.documents.keep(text, &compiled);
        Ok(compiled)
    }
}

/// The faults of a document in one line; many are counted, not told.
fn told(problems: &Problems) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = problems
        .list()
        .iter()
        .take(SHOWN)
        .map(Problem::to_string)
        .collect();
    let more = problems.list().len().saturating_sub(SHOWN);
    let rest = if more > 0 {
        format!("; and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", shown.join("; "))
}

fn request(node: &Node) -> Result<Request, String> {
    if node.as_object().is_none() {
        return Err("`request` is not an object".to_owned());
    }
    let text = |name: &str, otherwise: Option<&str>| match node.get(name) {
        Some(found) => found
            .as_text()
            .map(str::to_owned)
            .ok_or_else(|| format!("`/request/{name}` is not a text")),
        None => otherwise
            .map(str::to_owned)
            .ok_or_else(|| format!("`/request/{name}` is missing")),
    };
    let mut context = Vec::new();
    if let Some(given) = node.get("context") {
        let members = given.as_object().ok_or("`/request/context` is not an object")?;
        for member in members {
            context.push((member.name.as_str(), values(&member.name, &member.node)?));
        }
    }
    let principal = text("principal", Some(""))?;
    Request::new(
        principal,
        &text("action", None)?,
        text("resource", Some("*"))?,
        context,
    )
    .map_err(|error| error.to_string())
}

/// Values are texts; truth values and numbers are taken as they are written.
fn values(key: &str, node: &Node) -> Result<Vec<String>, String> {
    match &node.value {
        Value::Text(text) | Value::Number(text) => Ok(vec![text.clone()]),
        Value::Bool(value) => Ok(vec![value.to_string()]),
        Value::List(items) => {
            let read = items.iter().map(|item| match item.value {
                Value::List(_) => Err(format!("the context key `{key}` holds a list in a list")),
                Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Null | Value::Object(_) => {
                    values(key, item)
                }
            });
            Ok(read.collect::<Result<Vec<_>, _>>()?.concat())
        }
        Value::Null | Value::Object(_) => Err(format!("the context key `{key}` has no text for a value")),
    }
}

fn success(id: &Plain, path: &Path, verdict: &Verdict) -> String {
    let levels: Vec<&str> = verdict.levels.iter().map(|level| level.outcome.name()).collect();
    let answer = json!({
        "id": id,
        "decision": verdict.decision().name(),
        "levels": levels,
        "by": by(path, verdict),
    });
    answer.to_string()
}

fn by(path: &Path, verdict: &Verdict) -> Plain {
    if let Some(exemption) = verdict.exemption {
        return json!({"exempt": exemption.name()});
    }
    let mut by = Map::new();
    if let Some((index, level)) = verdict.deciding() {
        let name = path.levels().get(index).map(|level| level.name.clone());
        by.insert("level".to_owned(), json!(name));
        by.insert("outcome".to_owned(), json!(level.outcome.name()));
        if let Some(at) = level.by {
            by.insert("policy".to_owned(), json!(at.policy));
            by.insert("statement".to_owned(), json!(at.statement));
            by.insert("sid".to_owned(), json!(path.sid(at)));
        }
    }
    Plain::Object(by)
}

fn failure(id: &Plain, error: &str) -> String {
    json!({"id": id, "error": error}).to_string()
}

/// Things made from texts, forgotten all at once when their texts grow too large.
#[derive(Debug)]
struct Kept<T> {
    made: HashMap<String, Arc<T>>,
    bytes: usize,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            made: HashMap::new(),
            bytes: 0,
        }
    }
}

impl<T> Kept<T> {
    fn get(&self, text: &str) -> Option<Arc<T>> {
        self.made.get(text).cloned()
    }

    fn keep(&mut self, text: &str, made: &Arc<T>) {
        if self.bytes + text.len() > KEPT_BYTES {
            self.made.clear();
            self.bytes = 0;
        }
        self.bytes += text.len();
        self.made.insert(text.to_owned(), Arc::clone(made));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(line: &Plain) -> Plain {
        serde_json::from_str(&Lines::new().answer(&line.to_string())).unwrap()
    }

    fn full() -> Plain {
        json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    }

    fn question(policies: Plain) -> Plain {
        json!({"id": 7, "levels": [{"name": "root", "policies": [full()]}, {"name": "account", "policies": policies}],
            "request": {"principal": "arn:aws:iam::111122223333:role/dev", "action": "s3:GetObject",
                "resource": "arn:aws:s3:::b/k", "context": {"aws:SecureTransport": "true", "aws:TagKeys": ["a", "b"]}}})
    }

    #[test]
    fn an_allowed_request_names_the_last_level() {
        assert_eq!(
            answer(&question(json!([full()]))),
            json!({"id": 7, "decision": "allow", "levels": ["allow", "allow"],
                "by": {"level": "account", "outcome": "allow", "policy": 0, "statement": 0, "sid": null}})
        );
    }

    #[test]
    fn a_denied_request_names_the_statement() {
        let deny = json!({"Statement": [{"Sid": "A", "Effect": "Deny", "Action": "iam:*", "Resource": "*"},
            {"Sid": "B", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]});
        assert_eq!(
            answer(&question(json!([full(), deny]))),
            json!({"id": 7, "decision": "deny", "levels": ["allow", "explicit_deny"],
                "by": {"level": "account", "outcome": "explicit_deny", "policy": 1, "statement": 1, "sid": "B"}})
        );
        assert_eq!(
            answer(&question(json!([])))["by"],
            json!({"level": "account", "outcome": "implicit_deny"})
        );
    }

    #[test]
    fn an_exempt_principal_is_told() {
        let mut question = question(json!([]));
        question["request"]["principal"] =
            json!("arn:aws:iam::111122223333:role/aws-service-role/x/AWSServiceRoleForX");
        let answer = answer(&question);
        assert_eq!(
            (&answer["decision"], &answer["by"]),
            (&json!("allow"), &json!({"exempt": "service_linked_role"}))
        );
    }

    #[test]
    fn a_bad_line_is_an_error_and_the_next_goes_on() {
        let mut lines = Lines::new();
        for (line, id, told) in [
            ("", Plain::Null, "ends too early"),
            ("[]", Plain::Null, "not a JSON object"),
            (r#"{"id":"x"}"#, json!("x"), "`levels` is missing"),
            (
                r#"{"id":1,"levels":[],"request":{"action":"a:b"}}"#,
                json!(1),
                "`levels` is empty",
            ),
            (
                r#"{"id":1,"levels":[{"policies":[{"Statement":5}]}],"request":{"action":"a:b"}}"#,
                json!(1),
                "/levels/0/policies/0/Statement",
            ),
            (
                r#"{"id":1,"levels":[{"policies":[]}],"request":{"action":"a"}}"#,
                json!(1),
                "`a` is no action",
            ),
            (
                r#"{"id":1,"levels":[{"policies":[]}],"request":{"action":"a:b","context":{"k":{}}}}"#,
                json!(1),
                "`k`",
            ),
        ] {
            let answer: Plain = serde_json::from_str(&lines.answer(line)).unwrap();
            assert_eq!(answer["id"], id, "{line}");
            assert!(answer["error"].as_str().unwrap().contains(told), "{answer}");
        }
        let good = lines.answer(&question(json!([full()])).to_string());
        assert!(good.contains(r#""decision":"allow""#));
    }

    #[test]
    fn what_is_kept_answers_the_same() {
        let mut lines = Lines::new();
        let line = question(json!([full()])).to_string();
        assert_eq!(lines.answer(&line), lines.answer(&line));
        assert_eq!((lines.paths.made.len(), lines.documents.made.len()), (1, 1));
    }
}
