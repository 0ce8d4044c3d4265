//! Generated templates in both languages.

use lz_template::{Template, Usage, diff, diff_text, problems, same};
use proptest::prelude::*;
use serde_json::{Map, Value};

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~é検🔑]{0,12}".prop_map(Value::String),
        "[0-9yesnoTF.:_x-]{1,6}".prop_map(Value::String),
        prop_oneof![
            Just("yes"),
            Just("012"),
            Just("2012-10-17"),
            Just("null"),
            Just("a\nb\n"),
            Just("${X}")
        ]
        .prop_map(|text| Value::String(text.to_owned())),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map("[A-Za-z:][A-Za-z0-9 :#-]{0,8}", inner.clone(), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ("[A-Z][a-z]{0,4}").prop_map(|name| serde_json::json!({ "Ref": name })),
            (inner, "[A-Z][a-z]{0,4}")
                .prop_map(|(value, name)| serde_json::json!({ "Fn::If": [name, value, ""] })),
        ]
    })
}

fn template() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map("[A-Z][A-Za-z0-9]{0,6}", tree(), 1..4).prop_map(|properties| {
        let resources: Map<String, Value> = properties
            .into_iter()
            .map(|(name, value)| {
                (
                    name,
                    serde_json::json!({"Type": "T::A", "Properties": {"P": value}}),
                )
            })
            .collect();
        serde_json::json!({ "Resources": resources })
    })
}

/// Writes a value as YAML: blocks, every text in double quotes, functions in their short form.
fn yaml(value: &Value, depth: usize, written: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("Ref") => {
            written.push_str(&format!(" !Ref {}\n", fields["Ref"]));
        }
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("Fn::If") => {
            written.push_str(" !If");
            yaml(&fields["Fn::If"], depth, written);
        }
        Value::Object(fields) if !fields.is_empty() => {
            written.push('\n');
            for (name, value) in fields {
                written.push_str(&format!("{indent}{}:", Value::String(name.clone())));
                yaml(value, depth + 1, written);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            written.push('\n');
            for item in items {
                written.push_str(&format!("{indent}-"));
                yaml(item, depth + 1, written);
            }
        }
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_)) => written.push_str(&format!(" {other}\n")),
    }
}

proptest! {
    #[test]
    fn yaml_and_json_of_one_template_are_equal(value in template()) {
        let mut text = String::new();
        yaml(&value, 0, &mut text);
        let json = serde_json::to_string_pretty(&value).unwrap();
        let from_yaml = Template::parse(&text);
        let from_json = Template::parse(&json);
        prop_assert_eq!(from_yaml.as_ref(), from_json.as_ref(), "{}", text);
        prop_assert!(from_yaml.is_ok(), "{}", text);
        prop_assert!(same(&text, &json));
        prop_assert_eq!(diff_text(&text, &json), "");
    }

    #[test]
    fn the_canonical_form_is_its_own_canonical_form(value in template()) {
        let once = Template::parse(&value.to_string()).unwrap();
        let twice = Template::parse(&once.value().to_string()).unwrap();
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn two_templates_differ_exactly_where_there_is_a_difference(a in template(), b in template()) {
        let (a, b) = (Template::parse(&a.to_string()).unwrap(), Template::parse(&b.to_string()).unwrap());
        prop_assert_eq!(a == b, diff(&a, &b).is_empty());
        prop_assert!(diff(&a, &a).is_empty());
    }

    #[test]
    fn any_text_at_all_is_read_without_panic(text in "\\PC{0,120}", shaped in "[{}\\[\\]:,\"'!&*<| \nRefa-c0-9\\\\-]{0,80}") {
        for text in [text, shaped] {
            drop(problems(&text, &Usage::default()));
            drop(diff_text(&text, "Resources: {A: {Type: T::A}}"));
        }
    }
}
