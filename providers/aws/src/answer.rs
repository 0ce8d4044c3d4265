//! What is in an XML answer of a service without a client of its own.

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

/// Returns the refusal in an answer of the Query protocol or of S3.
pub(crate) fn refusal(xml: &str) -> Refusal {
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = first(xml, "Code") {
        metadata = metadata.code(code);
    }
    if let Some(message) = first(xml, "Message") {
        metadata = metadata.message(message);
    }
    Refusal(metadata.build())
}

/// Returns the refusal in an answer of a JSON protocol: the code is in a header or in the body, perhaps between a
/// namespace and an address; `None` where there is neither (AWS JSON 1.1 and REST JSON protocols).
pub(crate) fn refusal_in_json(header: Option<&str>, text: &str) -> Option<Refusal> {
    let body: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let member = |name: &str| body.get(name).and_then(serde_json::Value::as_str);
    let written = header.or_else(|| member("__type")).or_else(|| member("code"))?;
    let code = written.split(':').next().unwrap_or(written);
    let code = code.rsplit('#').next().unwrap_or(code);
    let mut metadata = ErrorMetadata::builder().code(code);
    if let Some(message) = member("message").or_else(|| member("Message")) {
        metadata = metadata.message(message);
    }
    Some(Refusal(metadata.build()))
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
            let refusal = refusal_in_json(header, body).unwrap();
            assert_eq!(
                (refusal.code(), refusal.message()),
                (Some("ConflictException"), Some("no"))
            );
        }
        assert!(refusal_in_json(None, "<Error><Code>X</Code></Error>").is_none());
    }

    #[test]
    fn the_refusals_of_both_protocols_are_understood() {
        for xml in [
            "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message>\
             </Error></ErrorResponse>",
            "<?xml version=\"1.0\"?><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>",
        ] {
            let refusal = refusal(xml);
            assert_eq!(
                (refusal.code(), refusal.message()),
                (Some("Throttling"), Some("Rate exceeded"))
            );
        }
    }
}
