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

/// Returns the refusal in an answer of the Query protocol, of S3, or of a JSON protocol.
pub(crate) fn refusal(xml: &str) -> Refusal {
    if xml.trim_start().starts_with('{') {
        return json_refusal(xml);
    }
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = first(xml, "Code") {
        metadata = metadata.code(code);
    }
    if let Some(message) = first(xml, "Message") {
        metadata = metadata.message(message);
    }
    Refusal(metadata.build())
}

/// Returns the refusal in a JSON answer: the code may have a name space before it and an address behind it (AWS JSON
/// 1.1 protocol, "Operation error serialization").
fn json_refusal(text: &str) -> Refusal {
    let mut metadata = ErrorMetadata::builder();
    let members: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let member = |name: &str| members.get(name).and_then(serde_json::Value::as_str);
    if let Some(code) = member("__type").or_else(|| member("code")) {
        let code = code.rsplit('#').next().unwrap_or(code);
        metadata = metadata.code(code.split(':').next().unwrap_or(code));
    }
    if let Some(message) = member("message").or_else(|| member("Message")) {
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
        assert!(has(xml, "b") && has(xml, "c") && !has(xml, "e"));
        for broken in ["", "<html>", "not XML", "<a><b>&bogus;</b></a>"] {
            assert_eq!(first(broken, "b"), None, "{broken}");
            assert!(!has(broken, "c"), "{broken}");
        }
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
