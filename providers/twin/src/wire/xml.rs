//! XML, as the query protocol answers.

/// Writes nested elements.
#[derive(Debug, Default)]
pub(crate) struct Xml {
    text: String,
}

impl Xml {
    /// Adds an element that holds text.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Xml {
        self.text.push_str(&format!("<{name}>{}</{name}>", escape(value)));
        self
    }

    /// Adds an element that holds others.
    pub(crate) fn inside(mut self, name: &str, inner: Xml) -> Xml {
        self.text.push_str(&format!("<{name}>{}</{name}>", inner.text));
        self
    }

    /// Adds elements that are already written.
    pub(crate) fn written(mut self, elements: &[u8]) -> Xml {
        self.text.push_str(&String::from_utf8_lossy(elements));
        self
    }

    /// Returns the elements.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Returns everything inside one element with a namespace.
    pub(crate) fn document(self, name: &str, namespace: &str) -> Vec<u8> {
        format!("<{name} xmlns=\"{namespace}\">{}</{name}>", self.text).into_bytes()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_not_open_an_element() {
        let document = Xml::default()
            .inside("A", Xml::default().text("B", "<&\">"))
            .document("D", "n");
        let text = String::from_utf8(document).unwrap();
        assert_eq!(text, "<D xmlns=\"n\"><A><B>&lt;&amp;&quot;&gt;</B></A></D>");
    }
}
