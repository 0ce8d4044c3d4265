//! Template text, JSON or YAML, as one tree of values.

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

/// How deep a template may be nested before the twin takes it for an attack.
const DEEPEST: usize = 100;

/// What is not closed yet.
enum Open {
    List(Vec<Value>, Option<String>),
    Object(Map<String, Value>, Option<String>, Option<String>),
}

/// Returns the tree of a template; short forms of functions are written out (`!Ref x` is `{"Ref": "x"}`).
///
/// # Errors
/// What AWS would say about text that is neither JSON nor YAML.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| {
            format!(
                "Template format error: JSON not well-formed. (line {}, column {})",
                error.line(),
                error.column()
            )
        });
    }
    let mut stack: Vec<Open> = Vec::new();
    let mut whole = None;
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| {
            format!(
                "Template format error: YAML not well-formed. (line {}, column {})",
                error.marker().line(),
                error.marker().col() + 1
            )
        })?;
        let done = match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => None,
            Event::DocumentStart(_) if whole.is_some() => {
                return Err("Template format error: a template is one YAML document".to_owned());
            }
            Event::DocumentStart(_) => None,
            Event::Alias(_) => {
                return Err(
                    "Template error: YAML aliases are not allowed in CloudFormation templates".to_owned(),
                );
            }
            Event::Scalar(text, style, _, tag) => {
                let tag = tag.as_deref().and_then(function);
                Some(called(tag, scalar(&text, style)))
            }
            Event::SequenceStart(_, tag) => {
                stack.push(Open::List(Vec::new(), tag.as_deref().and_then(function)));
                None
            }
            Event::MappingStart(_, tag) => {
                stack.push(Open::Object(Map::new(), None, tag.as_deref().and_then(function)));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some(Open::List(items, tag)) => Some(called(tag, Value::Array(items))),
                Some(Open::Object(members, _, tag)) => Some(called(tag, Value::Object(members))),
                None => None,
            },
        };
        if stack.len() > DEEPEST {
            return Err("Template format error: the template is nested too deeply".to_owned());
        }
        if let Some(value) = done {
            match stack.last_mut() {
                None => whole = Some(value),
                Some(open) => add(open, value)?,
            }
        }
    }
    whole.ok_or_else(|| "Template format error: unsupported structure.".to_owned())
}

fn add(open: &mut Open, value: Value) -> Result<(), String> {
    match open {
        Open::List(items, _) => items.push(value),
        Open::Object(members, key, _) => match key.take() {
            None => {
                *key = Some(match value {
                    Value::String(text) => text,
                    Value::Number(number) => number.to_string(),
                    Value::Bool(truth) => truth.to_string(),
                    Value::Null | Value::Array(_) | Value::Object(_) => {
                        return Err("Template format error: map keys must be strings".to_owned());
                    }
                });
            }
            Some(name) => {
                if members.contains_key(&name) {
                    return Err(format!(
                        "Template format error: Duplicate entry `{name}` found in template"
                    ));
                }
                members.insert(name, value);
            }
        },
    }
    Ok(())
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => {
            // A number that does not read back as it was written, such as `0123`, is text.
            let number = text
                .parse::<i64>()
                .ok()
                .filter(|number| number.to_string() == text);
            number.map_or_else(|| Value::String(text.to_owned()), Value::from)
        }
    }
}

/// Returns the function that a short form names: `!Ref` is `Ref`, `!GetAtt` is `Fn::GetAtt`.
fn function(tag: &Tag) -> Option<String> {
    if tag.handle != "!" {
        return None;
    }
    match tag.suffix.as_str() {
        name @ ("Ref" | "Condition") => Some(name.to_owned()),
        name => Some(format!("Fn::{name}")),
    }
}

fn called(function: Option<String>, value: Value) -> Value {
    match function {
        None => value,
        Some(name) => {
            let value = match (name.as_str(), value) {
                // `!GetAtt a.b` is the list of both.
                ("Fn::GetAtt", Value::String(text)) => match text.split_once('.') {
                    Some((resource, attribute)) => Value::from(vec![resource, attribute]),
                    None => Value::String(text),
                },
                (_, value) => value,
            };
            Value::Object(Map::from_iter([(name, value)]))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_forms_are_written_out() {
        let text = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      Name: !Sub '${X}-y'\n      \
                    Arn: !GetAtt B.Arn\n      Other: !Ref B\n      Joined: !Join ['-', [a, !Ref B]]\n";
        assert_eq!(
            parse(text).unwrap()["Resources"]["A"]["Properties"],
            json!({
                "Name": {"Fn::Sub": "${X}-y"},
                "Arn": {"Fn::GetAtt": ["B", "Arn"]},
                "Other": {"Ref": "B"},
                "Joined": {"Fn::Join": ["-", ["a", {"Ref": "B"}]]},
            })
        );
    }

    #[test]
    fn a_number_with_leading_zeros_stays_text() {
        assert_eq!(
            parse("A: 012345678901\nB: 12").unwrap(),
            json!({"A": "012345678901", "B": 12})
        );
    }

    #[test]
    fn text_that_is_neither_json_nor_yaml_says_where() {
        assert!(
            parse("{\"A\": ")
                .unwrap_err()
                .contains("JSON not well-formed. (line 1")
        );
        assert!(
            parse("A: [1, 2\nB: }")
                .unwrap_err()
                .contains("YAML not well-formed")
        );
        assert!(parse("A: &x 1\nB: *x").unwrap_err().contains("aliases"));
        assert!(parse("A: 1\nA: 2").unwrap_err().contains("Duplicate"));
    }
}
