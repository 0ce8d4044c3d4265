//! Writes account requests: new ones in a fixed order, existing ones by changing nothing but what is asked for.

use crate::read::yaml_tree::{self, Node, NodeKind};
use crate::source::{FileId, Span};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a request is to say. What is left out here is left as it is, or to the template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestChange {
    /// The label of the template.
    pub template: Option<String>,
    /// The account's name.
    pub name: Option<String>,
    /// The root user's e-mail address.
    pub email: Option<String>,
    /// The OU, as `workloads.prod`, `ou.workloads.prod` or `root`.
    pub ou: Option<String>,
    /// The last day.
    pub expires: Option<String>,
    /// The account of another organization.
    pub invite: Option<String>,
    /// Fields of the template.
    pub fields: BTreeMap<String, String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// Why a request cannot be changed in place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The text that is there is not YAML.
    #[error("line {line}: {message}")]
    NotYaml {
        /// Its line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// The text that is there is not a map of attributes.
    #[error("the file is not a map of attributes")]
    NotAMap,
    /// What is there is no place for the value.
    #[error("`{0}` cannot be changed in place")]
    NoPlace(String),
    /// A file of answers has something that no request has.
    #[error("`{0}` is not part of a request")]
    Unknown(String),
}

impl RequestChange {
    /// Reads a file of answers: a request in YAML with the account's label beside it. Returns label and request.
    ///
    /// # Errors
    /// The text is no map of texts, or holds what no request has.
    pub fn answers(text: &str) -> Result<(Option<String>, Self), RequestError> {
        let mut change = Self::default();
        let mut label = None;
        for (key, value) in pairs(&root(text)?)? {
            let key = scalar(key).ok_or(RequestError::NotAMap)?;
            let place = match key.as_str() {
                "fields" => {
                    change.fields = texts(&key, value)?;
                    continue;
                }
                "tags" => {
                    change.tags = texts(&key, value)?;
                    continue;
                }
                "label" => &mut label,
                "template" => &mut change.template,
                "name" => &mut change.name,
                "email" => &mut change.email,
                "ou" => &mut change.ou,
                "expires" => &mut change.expires,
                "invite" => &mut change.invite,
                _ => return Err(RequestError::Unknown(key)),
            };
            *place = Some(scalar(value).ok_or(RequestError::NoPlace(key))?);
        }
        Ok((label, change))
    }

    /// Takes over what another request says; it wins.
    pub fn with(&mut self, other: Self) {
        let texts = [
            (&mut self.template, other.template),
            (&mut self.name, other.name),
            (&mut self.email, other.email),
            (&mut self.ou, other.ou),
            (&mut self.expires, other.expires),
            (&mut self.invite, other.invite),
        ];
        for (own, other) in texts {
            *own = other.or(own.take());
        }
        self.fields.extend(other.fields);
        self.tags.extend(other.tags);
    }

    /// Returns a new request.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.attributes() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name}: {value}");
        }
        for (name, map) in self.maps() {
            let _ = writeln!(text, "{name}:");
            for (key, value) in map {
                let _ = writeln!(text, "  {}: {}", written(key), written(value));
            }
        }
        text
    }

    /// Returns an existing request with the changes in it. Comments, order and whatever is not named stay.
    ///
    /// # Errors
    /// The text is not a request in YAML, or has a form in which a value cannot be set.
    pub fn edit(&self, text: &str) -> Result<String, RequestError> {
        let mut text = text.to_owned();
        for (name, value) in self.attributes() {
            text = set(&text, &[name], &value)?;
        }
        for (name, map) in self.maps() {
            for (key, value) in map {
                text = set(&text, &[name, key], &written(value))?;
            }
        }
        Ok(text)
    }

    fn attributes(&self) -> impl Iterator<Item = (&'static str, String)> {
        let text = |value: &Option<String>| value.as_deref().map(written);
        let ou = self
            .ou
            .as_deref()
            .map(|ou| match ou.strip_prefix("ou.").unwrap_or(ou) {
                "root" => "${root}".to_owned(),
                path => format!("${{ou.{path}}}"),
            });
        [
            ("template", text(&self.template)),
            ("name", text(&self.name)),
            ("email", text(&self.email)),
            ("ou", ou),
            ("expires", text(&self.expires)),
            ("invite", text(&self.invite)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    fn maps(&self) -> impl Iterator<Item = (&'static str, &BTreeMap<String, String>)> {
        let maps = [("fields", &self.fields), ("tags", &self.tags)];
        maps.into_iter().filter(|(_, map)| !map.is_empty())
    }
}

/// Returns a text as YAML takes it: in quotes unless it can be nothing but text. Nothing in it is an expression.
fn written(text: &str) -> String {
    let first = text.chars().next();
    let plain = first.is_some_and(|c| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_./@+-".contains(c));
    let word = text.to_ascii_lowercase();
    let special = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if plain && !special.contains(&word.as_str()) {
        return text.to_owned();
    }
    let escaped = text.replace("${", "$${").replace("%{", "%%{");
    serde_json::Value::String(escaped).to_string()
}

fn root(text: &str) -> Result<Option<std::sync::Arc<Node>>, RequestError> {
    yaml_tree::read(FileId(0), text).map_err(|error| {
        let at = error
            .labels()
            .first()
            .map_or(0, |label| label.span.start as usize);
        let before = text.get(..at).unwrap_or(text);
        RequestError::NotYaml {
            line: before.matches('\n').count() + 1,
            message: error.message().to_owned(),
        }
    })
}

fn pairs(node: &Option<std::sync::Arc<Node>>) -> Result<Vec<(&Node, &Node)>, RequestError> {
    match node.as_ref().map(|node| &node.kind) {
        None => Ok(Vec::new()),
        Some(NodeKind::Map(pairs)) => Ok(pairs.iter().map(|(key, value)| (&**key, &**value)).collect()),
        Some(NodeKind::Scalar(_) | NodeKind::List(_)) => Err(RequestError::NotAMap),
    }
}

fn scalar(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(scalar.text.to_string()),
        NodeKind::List(_) | NodeKind::Map(_) => None,
    }
}

fn texts(name: &str, node: &Node) -> Result<BTreeMap<String, String>, RequestError> {
    let NodeKind::Map(pairs) = &node.kind else {
        return Err(RequestError::NoPlace(name.to_owned()));
    };
    pairs
        .iter()
        .map(|(key, value)| scalar(key).zip(scalar(value)))
        .collect::<Option<_>>()
        .ok_or_else(|| RequestError::NoPlace(name.to_owned()))
}

/// Sets one value and proves that it is what the text now says, and that nothing else has changed.
fn set(text: &str, path: &[&str], value: &str) -> Result<String, RequestError> {
    let before = flat(text)?;
    let wanted = flat(&format!("x: {value}\n"))?.remove("/x");
    if wanted.is_some() && before.get(&joined(path)) == wanted.as_ref() {
        return Ok(text.to_owned());
    }
    let no_place = || RequestError::NoPlace(path.join("."));
    let changed = changed(text, path, value).ok_or_else(no_place)?;
    let mut after = flat(&changed).map_err(|_| no_place())?;
    let mut expected = before;
    // A key without a value becomes a map when something is put into it.
    if let [outer, _] = path {
        let key = joined(&[*outer]);
        if expected.get(&key).is_some_and(String::is_empty) {
            expected.remove(&key);
        }
    }
    let same = after.remove(&joined(path)) == wanted && {
        expected.remove(&joined(path));
        after == expected
    };
    if same { Ok(changed) } else { Err(no_place()) }
}

fn joined(path: &[&str]) -> String {
    path.iter().map(|part| format!("/{part}")).collect()
}

/// Returns every scalar of a text by its path.
fn flat(text: &str) -> Result<BTreeMap<String, String>, RequestError> {
    let mut all = BTreeMap::new();
    let root = root(text)?;
    pairs(&root)?;
    if let Some(root) = root {
        flatten(&root, "", &mut all);
    }
    Ok(all)
}

fn flatten(node: &Node, path: &str, all: &mut BTreeMap<String, String>) {
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            all.insert(path.to_owned(), scalar.text.to_string());
        }
        NodeKind::List(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(item, &format!("{path}/{at}"), all);
            }
        }
        NodeKind::Map(pairs) => {
            for (key, value) in pairs {
                let key = scalar(key).unwrap_or_default();
                flatten(value, &format!("{path}/{key}"), all);
            }
        }
    }
}

/// Returns the text with a value put where it belongs: over the old one, or behind the last one of its map.
fn changed(text: &str, path: &[&str], value: &str) -> Option<String> {
    let root = root(text).ok()?;
    let (name, inner) = path.split_first()?;
    let top = pairs(&root).ok()?;
    let found = top.iter().find(|(key, _)| scalar(key).as_deref() == Some(*name));
    match (found, inner) {
        (Some((key, old)), []) => replaced(text, key, old, value),
        (None, []) => Some(appended(text, &format!("{name}: {value}"))),
        (None, [key]) => Some(appended(text, &format!("{name}:\n  {}: {value}", written(key)))),
        (Some((outer, map)), [key]) => match &map.kind {
            NodeKind::Map(inner) => {
                let old = inner
                    .iter()
                    .find(|(known, _)| scalar(known).as_deref() == Some(*key));
                match old {
                    Some((known, old)) => replaced(text, known, old, value),
                    None => added(text, map, inner, &format!("{}: {value}", written(key))),
                }
            }
            NodeKind::Scalar(scalar) if scalar.text.is_empty() => {
                let line = line_end(text, outer.span.end as usize);
                spliced(text, line, line, &format!("\n  {}: {value}", written(key)))
            }
            NodeKind::Scalar(_) | NodeKind::List(_) => None,
        },
        (_, _) => None,
    }
}

/// Replaces a scalar. One that is empty has no place of its own: it stands behind the colon of its key.
fn replaced(text: &str, key: &Node, old: &Node, value: &str) -> Option<String> {
    let NodeKind::Scalar(scalar) = &old.kind else {
        return None;
    };
    if scalar.text.is_empty() && old.span.start >= old.span.end {
        let after = text.get(key.span.end as usize..)?;
        let colon = key.span.end as usize + after.find(':')? + 1;
        return spliced(text, colon, colon, &format!(" {value}"));
    }
    let Span { start, end, .. } = old.span;
    // A text over several lines ends with a line break that is not its own.
    let kept = text.get(start as usize..end as usize)?.trim_end();
    spliced(text, start as usize, start as usize + kept.len(), value)
}

/// Puts a pair behind the last one of a map, in the map's own form.
fn added(text: &str, map: &Node, pairs: &yaml_tree::Pairs, pair: &str) -> Option<String> {
    let start = map.span.start as usize;
    let flow = text.get(start..)?.starts_with('{');
    let last = pairs.last();
    if flow {
        let (at, pair) = match last {
            Some((_, value)) => (value.span.end as usize, format!(", {pair}")),
            None => (start + 1, pair.to_owned()),
        };
        return spliced(text, at, at, &pair);
    }
    let (first, _) = pairs.first()?;
    let line_start = text
        .get(..first.span.start as usize)?
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let indent = text.get(line_start..first.span.start as usize)?;
    let (_, value) = last?;
    let end = value.span.end as usize;
    let end = text.get(..end)?.trim_end().len().max(first.span.end as usize);
    let at = line_end(text, end);
    spliced(text, at, at, &format!("\n{indent}{pair}"))
}

fn line_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |at| from + at)
}

fn appended(text: &str, line: &str) -> String {
    let mut text = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(line);
    text.push('\n');
    text
}

fn spliced(text: &str, start: usize, end: usize, with: &str) -> Option<String> {
    Some(format!("{}{with}{}", text.get(..start)?, text.get(end..)?))
}

#[cfg(test)]
mod tests;
