//! The effective policy: what the policies of all levels say together.

use super::settings::{Operators, Setting, Settings};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Returns the effective policy of an account from the policies of one type on its levels, from the root down.
/// The policies of a level stand in the order of their attachment.
///
/// Where AWS's guide leaves room, of several `@@assign` for one place on one level the first counts, then every
/// `@@append` and `@@remove`; of several child controls only what all allow stays allowed.
#[must_use]
pub fn effective<'s, L>(levels: impl IntoIterator<Item = L>) -> Value
where
    L: IntoIterator<Item = &'s Settings>,
{
    let mut top = Merged::default();
    for level in levels {
        let said: Vec<&Setting> = level.into_iter().map(|settings| &settings.top).collect();
        top.merge(&said, Operators::ALL);
    }
    match top.value() {
        Some(object @ Value::Object(_)) => object,
        Some(_) | None => Value::Object(Map::new()),
    }
}

/// What holds at one place after the levels so far.
#[derive(Default)]
struct Merged {
    value: Option<Value>,
    control: Option<Operators>,
    below: BTreeMap<String, Merged>,
}

impl Merged {
    /// Takes in what one level says at this place. `allowed` is what the controls above this place leave.
    fn merge(&mut self, said: &[&Setting], allowed: Operators) {
        let allowed = self.control.map_or(allowed, |control| allowed.and(control));
        self.set(said, allowed);
        let names: BTreeSet<&String> = said.iter().flat_map(|setting| setting.below.keys()).collect();
        for name in names {
            let below: Vec<&Setting> = said.iter().filter_map(|s| s.below.get(name)).collect();
            let mut merged = self.below.remove(name).unwrap_or_default();
            merged.merge(&below, allowed);
            if merged.value.is_some() || !merged.below.is_empty() {
                self.value = None;
            }
            self.below.insert(name.clone(), merged);
        }
        for control in said.iter().filter_map(|setting| setting.control) {
            self.control = Some(self.control.map_or(control, |known| known.and(control)));
        }
    }

    fn set(&mut self, said: &[&Setting], allowed: Operators) {
        let assigned = said.iter().find_map(|setting| setting.assign.as_ref());
        if let Some(value) = assigned.filter(|_| allowed.assign) {
            self.value = Some(value.clone());
            self.below.clear();
        }
        let appended: Vec<&Value> = said.iter().flat_map(|s| &s.append).collect();
        if !appended.is_empty() && allowed.append {
            let mut list = self.list();
            for value in appended {
                if !list.contains(value) {
                    list.push(value.clone());
                }
            }
            self.value = Some(Value::Array(list));
        }
        let removed: Vec<&Value> = said.iter().flat_map(|s| &s.remove).collect();
        if !removed.is_empty() && allowed.remove {
            let mut list = self.list();
            list.retain(|value| !removed.contains(&value));
            self.value = Some(Value::Array(list));
        }
    }

    fn list(&self) -> Vec<Value> {
        match &self.value {
            None => Vec::new(),
            Some(Value::Array(list)) => list.clone(),
            Some(single) => vec![single.clone()],
        }
    }

    fn value(self) -> Option<Value> {
        if self.value.is_some() {
            return self.value;
        }
        let members: Map<String, Value> = self
            .below
            .into_iter()
            .filter_map(|(name, merged)| Some((name, merged.value()?)))
            .collect();
        (!members.is_empty()).then_some(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lz_model::policy_type::PolicyType;
    use serde_json::json;

    fn merged(levels: &[&[Value]]) -> Value {
        let read = |value: &Value| Settings::parse(PolicyType::Tag, &value.to_string()).unwrap();
        let levels: Vec<Vec<Settings>> = levels
            .iter()
            .map(|level| level.iter().map(read).collect())
            .collect();
        effective(levels.iter().map(|level| level.iter()))
    }

    fn cost(setting: Value) -> Value {
        json!({"tags": {"cost": {"tag_value": setting}}})
    }

    #[test]
    fn a_child_assigns_appends_and_removes() {
        let root = cost(json!({"@@assign": ["a", "b"]}));
        let added = cost(json!({"@@append": ["b", "c"]}));
        let removed = cost(json!({"@@remove": ["a"]}));
        assert_eq!(
            merged(&[
                std::slice::from_ref(&root),
                std::slice::from_ref(&added),
                std::slice::from_ref(&removed)
            ]),
            cost(json!(["b", "c"]))
        );
        assert_eq!(
            merged(&[&[root], &[cost(json!({"@@assign": "z"}))]]),
            cost(json!("z"))
        );
        assert_eq!(merged(&[&[added, removed]]), cost(json!(["b", "c"])));
    }

    #[test]
    fn child_control_holds_for_its_place_and_all_below() {
        let locked = json!({"tags": {"@@operators_allowed_for_child_policies": ["@@append"],
            "cost": {"tag_value": {"@@assign": ["a"]}}}});
        let child = cost(json!({"@@assign": ["x"]}));
        let more = cost(json!({"@@append": ["b"]}));
        assert_eq!(merged(&[&[locked], &[child, more]]), cost(json!(["a", "b"])));
    }

    #[test]
    fn a_grandchild_can_not_undo_a_control() {
        let control = |list: &[&str]| json!({"tags": {"@@operators_allowed_for_child_policies": list}});
        let root = cost(json!({"@@assign": ["a"]}));
        let lower = [control(&["@@all"])];
        assert_eq!(
            merged(&[
                &[root, control(&["@@none"])],
                &lower,
                &[cost(json!({"@@assign": "x"}))]
            ]),
            cost(json!(["a"]))
        );
    }

    #[test]
    fn a_control_does_not_bind_its_own_level() {
        let both = json!({"tags": {"k": {"tag_key": {"@@assign": "K",
            "@@operators_allowed_for_child_policies": ["@@none"]}}}});
        let other = json!({"tags": {"k": {"tag_key": {"@@assign": "k"}}}});
        let expected = json!({"tags": {"k": {"tag_key": "K"}}});
        assert_eq!(
            merged(&[std::slice::from_ref(&both), std::slice::from_ref(&other)]),
            expected
        );
        assert_eq!(merged(&[&[both, other]]), expected);
    }

    #[test]
    fn no_policy_is_an_empty_object() {
        assert_eq!(merged(&[&[], &[]]), json!({}));
    }
}
