//! What is in an answer of a service without a client of its own.

use aws_sdk_organizations::error::{ErrorMetadata, ProvideErrorMetadata};
use aws_smithy_xml::decode::{Document, ScopedDecoder, try_data};
use std::error::Error;
use std::fmt;

/// A service's refusal.
#[derive(Debug)]
pub(crate) struct Refusal(ErrorMetadata);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

/// Returns the refusal in an answer of the Query protocol, of S3, or in JSON; there a header may hold the code.
pub(crate) fn refusal(kind: Option<&str>, text: &str) -> Refusal {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(json) => json_refusal(kind, &json),
        Err(_) if kind.is_some() => json_refusal(kind, &serde_json::Value::Null),
        Err(_) => xml_refusal(text),
    }
}

/// Codes may have a namespace before them and an address behind (botocore's JSON error parser).
fn json_refusal(kind: Option<&str>, json: &serde_json::Value) -> Refusal {
    let member = |names: [&str; 2]| names.iter().find_map(|name| json.get(name)?.as_str());
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = kind.or_else(|| member(["__type", "code"])) {
        let code = code.split(':').next().unwrap_or(code);
        metadata = metadata.code(code.rsplit('#').next().unwrap_or(code));
    }
    if let Some(message) = member(["message", "Message"]) {
        metadata = metadata.message(message);
    }
    Refusal(metadata.build())
}

fn xml_refusal(xml: &str) -> Refusal {
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = first(xml, "Code") {
        metadata = metadata.code(code);
    }
    if let Some(message) = first(xml, "Message") {
        metadata = metadata.message(message);
    }
    Refusal(metadata.build())
}

/// Returns the text of the first element with a name, wherever it is; `None` where there is none, or no XML.
pub(crate) fn first(xml: &str, name: &str) -> Option<String> {
    let mut document = Document::new(xml);
    let mut root = document.root_element().ok()?;
    below(&mut root, name)
}

/// Returns the texts of all elements with a name, in their order; none where there is no XML.
pub(crate) fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut document = Document::new(xml);
    let mut found = Vec::new();
    if let Ok(mut root) = document.root_element() {
        collect(&mut root, name, &mut found);
    }
    found
}

fn collect(element: &mut ScopedDecoder<'_, '_>, name: &str, found: &mut Vec<String>) {
    while let Some(mut child) = element.next_tag() {
        if child.start_el().matches(name) {
            found.extend(try_data(&mut child).ok().map(|text| text.trim().to_owned()));
        } else {
            collect(&mut child, name, found);
        }
    }
}

/// Returns whether there is an element with a name.
pub(crate) fn has(xml: &str, name: &str) -> bool {
    let mut document = Document::new(xml);
    std::iter::from_fn(|| document.next_start_element()).any(|element| element.matches(name))
}

fn below(element: &mut ScopedDecoder<'_, '_>, name: &str) -> Option<String> {
    while let Some(mut child) = element.next_tag() {
        if child.start_el().matches(name) {
            return try_data(&mut child).ok().map(|text| text.trim().to_owned());
        }
        if let Some(text) = below(&mut child, name) {
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_found_at_any_depth() {
        let xml = "<a><b><c>1</c></b><d> 2 &amp; 3 </d></a>";
        assert_eq!(first(xml, "c").as_deref(), Some("1"));
        assert_eq!(first(xml, "d").as_deref(), Some("2 & 3"));
        assert_eq!(first(xml, "e"), None);
        assert_eq!(texts("<a><k>1</k><l><k>2</k></l></a>", "k"), ["1", "2"]);
        assert!(has(xml, "b") && has(xml, "c") && !has(xml, "e"));
        for broken in ["", "<html>", "not XML", "<a><b>&bogus;</b></a>"] {
            assert_eq!(first(broken, "b"), None, "{broken}");
            assert!(!has(broken, "c"), "{broken}");
        }
    }

    #[test]
    fn a_refusal_in_json_is_understood_wherever_its_code_is() {
        for (header, body) in [
            (
                Some("ConflictException:http://internal.amazon.com/x"),
                r#"{"message": "no"}"#,
            ),
            (
                None,
                r#"{"__type": "com.amazonaws.x#ConflictException", "Message": "no"}"#,
            ),
            (None, r#"{"code": "ConflictException", "message": "no"}"#),
        ] {
            let refusal = refusal(header, body);
            assert_eq!(
                (refusal.code(), refusal.message()),
                (Some("ConflictException"), Some("no"))
            );
        }
    }

    #[test]
    fn the_refusals_of_both_protocols_are_understood() {
        for xml in [
            "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message>\
             </Error></ErrorResponse>",
            "<?xml version=\"1.0\"?><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>",
        ] {
            let refusal = refusal(None, xml);
            assert_eq!(
                (refusal.code(), refusal.message()),
                (Some("Throttling"), Some("Rate exceeded"))
            );
        }
    }
}
