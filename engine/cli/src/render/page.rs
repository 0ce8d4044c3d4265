//! Styled text without colours: pages of lines of spans, each span with a role.

use super::safe;

/// What a piece of text means. A terminal gives each role a colour; the words carry the meaning alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Ordinary text.
    Plain,
    /// Something comes into being.
    Create,
    /// Something changes in place.
    Change,
    /// Something goes elsewhere.
    Move,
    /// Something goes away.
    Remove,
    /// Something that no later plan can undo.
    Irreversible,
    /// What matters most in a line.
    Strong,
    /// What can be skipped.
    Muted,
    /// What to type next.
    Hint,
    /// Look at this.
    Warning,
    /// What went wrong.
    Error,
    /// What went well.
    Success,
    /// An id: never cut.
    Id,
}

/// A piece of one line in one role. Holds no line end and no control character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    role: Role,
    text: String,
}

impl Span {
    /// Returns a span; what could harm a terminal is escaped.
    pub(crate) fn new(role: Role, text: impl AsRef<str>) -> Self {
        Self {
            role,
            text: safe::escape(text.as_ref()),
        }
    }

    /// Returns a span of ordinary text.
    pub(crate) fn plain(text: impl AsRef<str>) -> Self {
        Self::new(Role::Plain, text)
    }

    /// Returns the role.
    pub(crate) const fn role(&self) -> Role {
        self.role
    }

    /// Returns the text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// A line of spans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    spans: Vec<Span>,
}

impl Line {
    /// Returns a line of one span.
    pub(crate) fn of(role: Role, text: impl AsRef<str>) -> Self {
        Self::default().with(role, text)
    }

    /// Appends a span.
    #[must_use]
    pub(crate) fn with(mut self, role: Role, text: impl AsRef<str>) -> Self {
        self.push(Span::new(role, text));
        self
    }

    /// Appends ordinary text.
    #[must_use]
    pub(crate) fn plain(self, text: impl AsRef<str>) -> Self {
        self.with(Role::Plain, text)
    }

    /// Appends a span.
    pub(crate) fn push(&mut self, span: Span) {
        self.spans.push(span);
    }

    /// Appends all spans of another line.
    pub(crate) fn append(&mut self, other: Self) {
        self.spans.extend(other.spans);
    }

    /// Fills up with blanks to a width.
    pub(crate) fn pad_to(&mut self, columns: usize) {
        let missing = columns.saturating_sub(self.width());
        if missing > 0 {
            self.push(Span::plain(" ".repeat(missing)));
        }
    }

    /// Returns the spans.
    pub(crate) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Returns the columns that the line takes.
    pub(crate) fn width(&self) -> usize {
        self.spans.iter().map(|span| safe::width(&span.text)).sum()
    }

    /// Returns whether nothing is in the line.
    pub(crate) fn is_empty(&self) -> bool {
        self.spans.iter().all(|span| span.text.is_empty())
    }

    /// Returns the text without roles or trailing blanks.
    pub(crate) fn to_plain(&self) -> String {
        let mut text = String::new();
        for span in &self.spans {
            text.push_str(&span.text);
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// Breaks the line between words so that it fits `columns` after an indent: the first line after `first`
    /// columns that are taken already, the others after `hang` blanks. A word that alone is too long loses its
    /// middle, unless it is an id.
    pub(crate) fn wrap(&self, first: usize, hang: usize, columns: usize) -> Vec<Self> {
        let room = columns.saturating_sub(hang).max(8);
        let mut lines = Vec::new();
        let mut line = Self::default();
        let mut used = first;
        let mut fresh = true;
        for word in self.words() {
            let word = word.fitted(room);
            let bare = safe::width(word.to_plain().as_str());
            if !fresh && used + bare > columns {
                lines.push(std::mem::take(&mut line).trimmed());
                line.push(Span::plain(" ".repeat(hang)));
                used = hang;
            }
            used += word.width();
            fresh = false;
            line.append(word);
        }
        lines.push(line.trimmed());
        lines
    }

    /// Takes the blanks away that a broken line would end with.
    fn trimmed(mut self) -> Self {
        if let Some(last) = self.spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        self
    }

    /// Breaks the line wherever `columns` are full, the continuation after `hang` blanks; drops nothing.
    pub(crate) fn break_hard(&self, hang: usize, columns: usize) -> Vec<Self> {
        let columns = columns.max(hang + 8);
        let mut lines = Vec::new();
        let mut line = Self::default();
        let mut used = 0;
        for span in &self.spans {
            let mut piece = String::new();
            for c in span.text.chars() {
                let wide = safe::width(c.encode_utf8(&mut [0; 4]));
                if used + wide > columns {
                    line.push(Span {
                        role: span.role,
                        text: std::mem::take(&mut piece),
                    });
                    lines.push(std::mem::take(&mut line));
                    line.push(Span::plain(" ".repeat(hang)));
                    used = hang;
                }
                piece.push(c);
                used += wide;
            }
            line.push(Span {
                role: span.role,
                text: piece,
            });
        }
        lines.push(line);
        lines
    }

    /// Splits after each run of blanks; spans without a blank between them stay together.
    fn words(&self) -> Vec<Self> {
        let mut words = Vec::new();
        let mut word = Self::default();
        for span in &self.spans {
            for piece in span.text.split_inclusive(' ') {
                word.push(Span {
                    role: span.role,
                    text: piece.to_owned(),
                });
                if piece.ends_with(' ') {
                    words.push(std::mem::take(&mut word));
                }
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
        words
    }

    /// Cuts the longest span that is no id until the word fits; blanks at its end do not count.
    fn fitted(mut self, columns: usize) -> Self {
        let wide = safe::width(&self.to_plain());
        if wide <= columns {
            return self;
        }
        let longest = self
            .spans
            .iter_mut()
            .filter(|span| span.role != Role::Id)
            .max_by_key(|span| safe::width(span.text.trim_end()));
        if let Some(span) = longest {
            let bare = span.text.trim_end();
            let keep = safe::width(bare).saturating_sub(wide - columns).max(3);
            let blank = if bare.len() < span.text.len() { " " } else { "" };
            span.text = format!("{}{blank}", safe::cut_middle(bare, keep));
        }
        self
    }
}

/// Lines in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    lines: Vec<Line>,
}

impl Page {
    /// Appends a line.
    pub(crate) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Appends a line broken to `columns`, its continuation indented by `hang`.
    pub(crate) fn push_wrapped(&mut self, line: &Line, hang: usize, columns: usize) {
        self.lines.extend(line.wrap(0, hang, columns));
    }

    /// Appends an empty line, unless the page is empty or ends with one.
    pub(crate) fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Line::default());
        }
    }

    /// Appends all lines of another page.
    pub(crate) fn append(&mut self, other: Self) {
        self.lines.extend(other.lines);
    }

    /// Returns the lines.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Returns whether there are no lines.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns the text without roles, each line ended.
    #[cfg(test)]
    pub(crate) fn to_plain(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(&line.to_plain());
            text.push('\n');
        }
        text
    }
}

impl FromIterator<Line> for Page {
    fn from_iter<I: IntoIterator<Item = Line>>(lines: I) -> Self {
        Self {
            lines: lines.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(lines: &[Line]) -> Vec<String> {
        lines.iter().map(Line::to_plain).collect()
    }

    #[test]
    fn a_line_breaks_between_words_and_hangs() {
        let line = Line::of(Role::Plain, "one two ")
            .with(Role::Strong, "three")
            .plain(", four five");
        assert_eq!(plain(&line.wrap(0, 2, 14)), ["one two three,", "  four five"]);
    }

    #[test]
    fn a_word_that_is_too_long_is_cut_but_an_id_is_not() {
        let name = Line::of(Role::Plain, "abcdefghijklmnopqrstuvwxyz ok");
        assert_eq!(plain(&name.wrap(0, 0, 10)), ["abcde…wxyz", "ok"]);
        let id = Line::of(Role::Id, "ou-abcd-0123456789abcdef");
        assert_eq!(plain(&id.wrap(0, 0, 10)), ["ou-abcd-0123456789abcdef"]);
    }

    #[test]
    fn no_line_holds_a_control_character() {
        let line = Line::of(Role::Plain, "a\nb\x1b[31m");
        assert_eq!(line.to_plain(), "a\\nb\\u{1b}[31m");
    }

    #[test]
    fn gaps_never_double() {
        let mut page = Page::default();
        page.gap();
        page.push(Line::of(Role::Plain, "a"));
        page.gap();
        page.gap();
        page.push(Line::of(Role::Plain, "b"));
        assert_eq!(page.to_plain(), "a\n\nb\n");
    }
}
