//! Forms, as the query protocol sends them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Returns the fields of a form body, decoded; a broken escape stays as it is.
pub(crate) fn read(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// How deep the names of fields may be nested.
const DEEPEST: usize = 16;

#[derive(Default)]
struct Node {
    text: Option<String>,
    inner: BTreeMap<String, Node>,
}

/// Returns fields like `Tags.member.1.Key` as the structures and lists that they stand for.
pub(crate) fn tree(fields: Vec<(String, String)>) -> Map<String, Value> {
    let mut root = Node::default();
    for (name, text) in fields {
        let mut at = &mut root;
        for part in name.splitn(DEEPEST, '.') {
            at = at.inner.entry(part.to_owned()).or_default();
        }
        at.text = Some(text);
    }
    members(root)
}

fn members(node: Node) -> Map<String, Value> {
    node.inner
        .into_iter()
        .map(|(name, inner)| (name, value(inner)))
        .collect()
}

fn value(mut node: Node) -> Value {
    if node.inner.is_empty() {
        return Value::String(node.text.unwrap_or_default());
    }
    if node.inner.len() > 1 || !node.inner.contains_key("member") {
        return Value::Object(members(node));
    }
    let items = node.inner.remove("member").unwrap_or_default().inner;
    let mut items: Vec<(u64, Node)> = items
        .into_iter()
        .map(|(number, item)| (number.parse().unwrap_or(u64::MAX), item))
        .collect();
    items.sort_by_key(|(number, _)| *number);
    Value::Array(items.into_iter().map(|(_, item)| value(item)).collect())
}

/// Returns a path without its percent escapes; a plus sign stays one.
pub(crate) fn percent_decoded(text: &str) -> String {
    decode(&text.replace('+', "%2B"))
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = rest.clone().take(2).collect::<Vec<u8>>();
                let code = std::str::from_utf8(&digits).ok().filter(|d| d.len() == 2);
                match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    Some(decoded) => {
                        bytes.push(decoded);
                        rest.nth(1);
                    }
                    None => bytes.push(b'%'),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_structures_are_put_together() {
        let fields =
            read(b"Regions.member.2=b&Regions.member.1=a&Tags.member.1.Key=k&Prefs.Order.member.1=x&Empty=");
        let tree = Value::Object(tree(fields));
        assert_eq!(
            tree,
            serde_json::json!({
                "Regions": ["a", "b"],
                "Tags": [{"Key": "k"}],
                "Prefs": {"Order": ["x"]},
                "Empty": "",
            })
        );
    }

    #[test]
    fn fields_are_decoded() {
        let fields = read(b"Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam&Note=a+b%2&Empty=");
        assert_eq!(
            fields.first().unwrap(),
            &("Action".to_owned(), "AssumeRole".to_owned())
        );
        assert_eq!(fields.get(1).unwrap().1, "arn:aws:iam");
        assert_eq!(fields.get(2).unwrap().1, "a b%2");
        assert_eq!(fields.get(3).unwrap().1, "");
    }
}
