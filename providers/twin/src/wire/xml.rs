//! XML, as the query protocol answers.

/// Writes nested elements.
#[derive(Debug, Default)]
pub(crate) struct Xml {
    text: String,
}

impl Xml {
    /// Adds an element that holds text.
    pub(crate) fn text(mut self, name: &str, value: &str) -> Xml {
        self.open(name);
        escape(value, &mut self.text);
        self.close(name);
        self
    }

    /// Adds an element that holds text, if there is any.
    pub(crate) fn maybe(self, name: &str, value: Option<&str>) -> Xml {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// Adds an element that holds `true` or `false`.
    pub(crate) fn truth(self, name: &str, value: bool) -> Xml {
        self.text(name, if value { "true" } else { "false" })
    }

    /// Adds an element that holds others.
    pub(crate) fn inside(mut self, name: &str, inner: Xml) -> Xml {
        self.open(name);
        self.text.push_str(&inner.text);
        self.close(name);
        self
    }

    /// Adds an element with one `member` for each item.
    pub(crate) fn list(self, name: &str, items: impl IntoIterator<Item = Xml>) -> Xml {
        let inner = items
            .into_iter()
            .fold(Xml::default(), |list, item| list.inside("member", item));
        self.inside(name, inner)
    }

    /// Adds an element with one `member` for each text.
    pub(crate) fn texts<'a>(self, name: &str, items: impl IntoIterator<Item = &'a str>) -> Xml {
        let inner = items
            .into_iter()
            .fold(Xml::default(), |list, item| list.text("member", item));
        self.inside(name, inner)
    }

    fn open(&mut self, name: &str) {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
    }

    fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
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

fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            // A parser would turn a bare carriage return into a line feed.
            '\r' => into.push_str("&#xD;"),
            other => into.push(other),
        }
    }
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
