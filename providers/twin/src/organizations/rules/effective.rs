//! Effective policies: how management policies of several levels become one
//! (Organizations User Guide, "Inheritance operators").

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::clock::AwsTime;
use crate::organizations::Organization;
use crate::settings::PolicyType;
use crate::world::{AccountId, PolicyId, TargetId};

const CHILD_CONTROL: &str = "@@operators_allowed_for_child_policies";
const ASSIGN: &str = "@@assign";
const APPEND: &str = "@@append";
const REMOVE: &str = "@@remove";

/// The effective policy of one type for one account.
#[derive(Debug, PartialEq)]
pub(crate) struct Effective {
    /// The merged policy, without operators.
    pub(crate) content: String,
    /// When one of its sources last changed.
    pub(crate) updated_at: AwsTime,
    /// The policies that it comes from, from the root down.
    pub(crate) sources: Vec<PolicyId>,
}

/// Returns the effective policy of a type, or none if no policy of that type reaches the account.
pub(crate) fn effective(org: &Organization, account: &AccountId, kind: PolicyType) -> Option<Effective> {
    let member = org.member(account)?;
    let units = org.chain(&member.parent).into_iter().cloned().map(TargetId::Unit);
    let root = std::iter::once(TargetId::Root(org.root.clone()));
    let levels = root
        .chain(units)
        .chain(std::iter::once(TargetId::Account(account.clone())));
    let mut merge = Merge::default();
    let (mut updated_at, mut sources) = (AwsTime::default(), Vec::new());
    for target in levels {
        let attached = org.attached_to(&target).iter();
        let of_kind =
            attached.filter_map(|id| Some((id, org.policy(id).filter(|policy| policy.kind == kind)?)));
        let policies: Vec<_> = of_kind.collect();
        merge.level(
            policies
                .iter()
                .filter_map(|(_, policy)| serde_json::from_str(&policy.content).ok())
                .collect(),
        );
        updated_at = policies
            .iter()
            .map(|(_, policy)| policy.updated_at)
            .fold(updated_at, AwsTime::max);
        sources.extend(policies.iter().map(|(id, _)| (*id).clone()));
    }
    let content = Value::Object(merge.result).to_string();
    (!sources.is_empty()).then_some(Effective {
        content,
        updated_at,
        sources,
    })
}

type Path = Vec<String>;

/// A merge under way.
#[derive(Default)]
struct Merge {
    result: Map<String, Value>,
    /// The operators that lower levels may use at a path and below it.
    allowed: BTreeMap<Path, BTreeSet<String>>,
}

impl Merge {
    /// Merges the policies of one level.
    ///
    /// Twin default where AWS's guide leaves room: of several `@@assign` at one place on one level the first
    /// counts, then every `@@append` and `@@remove`; of several child controls the narrowest counts.
    fn level(&mut self, documents: Vec<Value>) {
        let mut found = Settings::default();
        for document in &documents {
            found.collect(document, &mut Path::new());
        }
        for (path, operators) in found.values {
            let permitted = |operator: &str| self.permits(&path, operator);
            let (assign, append, remove) = (permitted(ASSIGN), permitted(APPEND), permitted(REMOVE));
            for (operator, value) in operators {
                match operator {
                    Operator::Assign if assign => set(&mut self.result, &path, value),
                    Operator::Append if append => {
                        change_list(&mut self.result, &path, |list| add(list, value))
                    }
                    Operator::Remove if remove => {
                        change_list(&mut self.result, &path, |list| drop_from(list, &value))
                    }
                    Operator::Assign | Operator::Append | Operator::Remove => {}
                }
            }
        }
        for (path, operators) in found.controls {
            match self.allowed.get_mut(&path) {
                Some(known) => known.retain(|operator| operators.contains(operator)),
                None => {
                    self.allowed.insert(path, operators);
                }
            }
        }
    }

    /// Returns whether higher levels let this one use an operator: their controls hold for all below.
    fn permits(&self, path: &[String], operator: &str) -> bool {
        let prefixes = (0..=path.len()).filter_map(|length| path.get(..length));
        prefixes
            .filter_map(|prefix| self.allowed.get(prefix))
            .all(|operators| operators.contains(operator))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    Assign,
    Append,
    Remove,
}

/// What the policies of one level say, by path.
#[derive(Default)]
struct Settings {
    values: BTreeMap<Path, Vec<(Operator, Value)>>,
    controls: BTreeMap<Path, BTreeSet<String>>,
}

impl Settings {
    fn collect(&mut self, node: &Value, path: &mut Path) {
        let Value::Object(members) = node else {
            return self.say(path, Operator::Assign, node);
        };
        for (name, value) in members {
            match name.as_str() {
                ASSIGN => self.say(path, Operator::Assign, value),
                APPEND => self.say(path, Operator::Append, value),
                REMOVE => self.say(path, Operator::Remove, value),
                CHILD_CONTROL => self.control(path, value),
                _ => {
                    path.push(name.clone());
                    self.collect(value, path);
                    path.pop();
                }
            }
        }
    }

    fn say(&mut self, path: &Path, operator: Operator, value: &Value) {
        let said = self.values.entry(path.clone()).or_default();
        if operator != Operator::Assign || !said.iter().any(|(operator, _)| *operator == Operator::Assign) {
            said.push((operator, value.clone()));
            said.sort_by_key(|(operator, _)| *operator);
        }
    }

    fn control(&mut self, path: &Path, value: &Value) {
        let listed = items(value);
        let named: BTreeSet<&str> = listed.iter().filter_map(Value::as_str).collect();
        let all = || [ASSIGN, APPEND, REMOVE].map(str::to_owned).into();
        let operators: BTreeSet<String> = if named.contains("@@all") {
            all()
        } else {
            named.into_iter().map(str::to_owned).collect()
        };
        match self.controls.get_mut(path) {
            Some(known) => known.retain(|operator| operators.contains(operator)),
            None => {
                self.controls.insert(path.clone(), operators);
            }
        }
    }
}

fn items(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

/// Changes the value at a path, making what is missing on the way.
fn change_at(object: &mut Map<String, Value>, path: &[String], change: impl FnOnce(&mut Value)) {
    let Some((name, rest)) = path.split_first() else {
        return;
    };
    let slot = object.entry(name.clone()).or_insert(Value::Null);
    if rest.is_empty() {
        return change(slot);
    }
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(inner) = slot {
        change_at(inner, rest, change);
    }
}

fn set(object: &mut Map<String, Value>, path: &[String], value: Value) {
    change_at(object, path, |slot| *slot = value);
}

fn change_list(object: &mut Map<String, Value>, path: &[String], change: impl FnOnce(&mut Vec<Value>)) {
    change_at(object, path, |slot| {
        let mut list = if slot.is_null() { Vec::new() } else { items(slot) };
        change(&mut list);
        *slot = Value::Array(list);
    });
}

fn add(list: &mut Vec<Value>, value: Value) {
    for item in items(&value) {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}

fn drop_from(list: &mut Vec<Value>, value: &Value) {
    let gone = items(value);
    list.retain(|item| !gone.contains(item));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(levels: Vec<Vec<Value>>) -> Value {
        let mut merge = Merge::default();
        for documents in levels {
            merge.level(documents);
        }
        Value::Object(merge.result)
    }

    fn values(operator: &str, list: Value) -> Value {
        json!({"tags": {"cost": {"tag_value": {operator: list}}}})
    }

    #[test]
    fn a_child_assigns_over_its_parent() {
        let result = merged(vec![
            vec![values(ASSIGN, json!(["a", "b"]))],
            vec![values(ASSIGN, json!(["c"]))],
        ]);
        assert_eq!(result, json!({"tags": {"cost": {"tag_value": ["c"]}}}));
    }

    #[test]
    fn a_child_appends_and_removes() {
        let result = merged(vec![
            vec![values(ASSIGN, json!(["a", "b"]))],
            vec![values(APPEND, json!(["b", "c"]))],
            vec![values(REMOVE, json!(["a"]))],
        ]);
        assert_eq!(result, json!({"tags": {"cost": {"tag_value": ["b", "c"]}}}));
    }

    #[test]
    fn child_control_stops_operators_at_its_place_and_below() {
        let parent = json!({"tags": {"cost": {
            CHILD_CONTROL: ["@@append"],
            "tag_value": {ASSIGN: ["a"]},
            "tag_key": {ASSIGN: "Cost", CHILD_CONTROL: ["@@none"]},
        }}});
        let child = json!({"tags": {"cost": {"tag_value": {ASSIGN: ["x"]}, "tag_key": {ASSIGN: "cost"}}}});
        let result = merged(vec![vec![parent], vec![child, values(APPEND, json!(["b"]))]]);
        assert_eq!(
            result,
            json!({"tags": {"cost": {"tag_key": "Cost", "tag_value": ["a", "b"]}}})
        );
    }

    #[test]
    fn a_grandchild_can_not_undo_a_control() {
        let control = |list| json!({"tags": {CHILD_CONTROL: list}});
        let result = merged(vec![
            vec![values(ASSIGN, json!(["a"])), control(json!(["@@none"]))],
            vec![control(json!(["@@all"]))],
            vec![values(ASSIGN, json!(["b"]))],
        ]);
        assert_eq!(result, json!({"tags": {"cost": {"tag_value": ["a"]}}}));
    }

    #[test]
    fn of_two_assignments_on_one_level_the_first_counts() {
        let result = merged(vec![vec![
            values(ASSIGN, json!(["a"])),
            values(ASSIGN, json!(["b"])),
        ]]);
        assert_eq!(result, json!({"tags": {"cost": {"tag_value": ["a"]}}}));
    }
}
