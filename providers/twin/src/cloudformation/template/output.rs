//! Values of outputs, as far as a world without resources has them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::check::Template;

/// What references resolve to.
pub(crate) struct Scope<'a> {
    pub(crate) parameters: &'a BTreeMap<String, String>,
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    pub(crate) partition: &'a str,
    pub(crate) stack_id: &'a str,
    pub(crate) stack_name: &'a str,
    /// Returns the physical id of a resource.
    pub(crate) physical: &'a dyn Fn(&str) -> String,
}

/// An output of a stack.
pub(crate) struct Output {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) description: Option<String>,
    pub(crate) export: Option<String>,
}

impl Scope<'_> {
    fn reference(&self, name: &str) -> String {
        match name {
            "AWS::AccountId" => self.account.to_owned(),
            "AWS::Region" => self.region.to_owned(),
            "AWS::Partition" => self.partition.to_owned(),
            "AWS::StackId" => self.stack_id.to_owned(),
            "AWS::StackName" => self.stack_name.to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            "AWS::NoValue" => String::new(),
            name => match self.parameters.get(name) {
                Some(value) => value.clone(),
                None => (self.physical)(name),
            },
        }
    }

    fn substituted(&self, text: &str) -> String {
        let (mut whole, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("${") {
            whole.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                whole.push_str("${");
                rest = after;
                break;
            };
            match name.strip_prefix('!') {
                Some(literal) => whole.push_str(&format!("${{{literal}}}")),
                None => match name.split_once('.') {
                    Some((resource, attribute)) => {
                        whole.push_str(&format!("{}.{attribute}", (self.physical)(resource)));
                    }
                    None => whole.push_str(&self.reference(name)),
                },
            }
            rest = after;
        }
        whole.push_str(rest);
        whole
    }

    /// Returns a value as text; functions that the twin does not carry out stay written out.
    fn text(&self, value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Object(members) => match members.iter().next() {
                Some((name, Value::String(target))) if name == "Ref" => self.reference(target),
                Some((name, Value::String(text))) if name == "Fn::Sub" => self.substituted(text),
                Some((name, Value::Array(parts))) if name == "Fn::GetAtt" => {
                    let mut parts = parts.iter().filter_map(Value::as_str);
                    let resource = parts.next().unwrap_or_default();
                    let attribute: Vec<&str> = parts.collect();
                    format!("{}.{}", (self.physical)(resource), attribute.join("."))
                }
                Some((name, Value::Array(parts))) if name == "Fn::Join" => {
                    let between = parts.first().and_then(Value::as_str).unwrap_or_default();
                    let items = parts.get(1).and_then(Value::as_array);
                    let items: Vec<String> =
                        items.into_iter().flatten().map(|item| self.text(item)).collect();
                    items.join(between)
                }
                Some(_) | None => value.to_string(),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
        }
    }
}

impl Template {
    /// Returns the outputs of a stack.
    pub(crate) fn values_of_outputs(&self, scope: &Scope<'_>) -> Vec<Output> {
        let outputs = self.outputs.iter().map(|(key, output)| Output {
            key: key.clone(),
            value: output
                .get("Value")
                .map(|value| scope.text(value))
                .unwrap_or_default(),
            description: output
                .get("Description")
                .and_then(Value::as_str)
                .map(str::to_owned),
            export: output
                .get("Export")
                .and_then(|export| export.get("Name"))
                .map(|name| scope.text(name)),
        });
        outputs.collect()
    }
}
