//! Makes foreign text safe to show: nothing that AWS or a spec says can forge a line or turn it around.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns the text with every character escaped that moves the cursor, breaks the line, turns the writing
/// direction or cannot be seen.
pub(crate) fn escape(text: &str) -> String {
    if text.chars().all(is_shown) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if is_shown(c) => escaped.push(c),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c => escaped.extend(c.escape_unicode()),
        }
    }
    escaped
}

/// Returns the text with each unsafe character replaced by a safe one of the same length in UTF-8, so that
/// byte positions stay true. Line ends and tabs stay.
pub(crate) fn mask(text: &str) -> String {
    text.chars()
        .map(
            |c| match (is_shown(c) || matches!(c, '\n' | '\t' | '\r'), c.len_utf8()) {
                (true, _) => c,
                (false, 1) => '?',
                (false, 2) => '¿',
                (false, 3) => '\u{fffd}',
                (false, _) => '\u{1f6ab}',
            },
        )
        .collect()
}

/// Returns a JSON text with unsafe characters written as escapes, which any reader turns back. Only strings
/// can hold them; the white space between values stays.
pub(crate) fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_shown(c) || c == '\n' {
            safe.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    safe
}

/// Returns whether a character shows itself as one glyph in reading order.
fn is_shown(c: char) -> bool {
    !c.is_control() && !is_invisible(c)
}

/// Bidirectional controls, zero-width characters, line separators, fillers, variation and tag characters
/// (Unicode Standard, property Default_Ignorable_Code_Point, and the line and paragraph separators).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Returns the columns that a text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Returns the text in at most `columns` columns: the middle of a longer one gives way to `…`.
pub(crate) fn cut_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let head = take_columns(text.chars(), room.div_ceil(2));
    let tail = take_columns(text.chars().rev(), room / 2);
    let tail: String = tail.chars().rev().collect();
    format!("{head}…{tail}")
}

fn take_columns(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= columns
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_forge_a_line_or_turn_it_around_is_escaped() {
        assert_eq!(
            escape("a\x1b[2K\rb\u{202e}c\u{7f}\u{85}\n"),
            "a\\u{1b}[2K\\rb\\u{202e}c\\u{7f}\\u{85}\\n"
        );
        assert_eq!(escape("x\u{200b}y\u{e0041}"), "x\\u{200b}y\\u{e0041}");
        assert_eq!(escape("東京 ok é 🚀"), "東京 ok é 🚀");
    }

    #[test]
    fn escaped_json_means_the_same() {
        let text = serde_json::to_string("a\x1b\u{7f}\u{85}\u{202e}\u{e0041}語\n").unwrap();
        let safe = json(&text);
        assert!(safe.chars().all(is_shown), "{safe}");
        let read = |text: &str| serde_json::from_str::<String>(text).unwrap();
        assert_eq!(read(&safe), read(&text));
    }

    #[test]
    fn masking_keeps_every_byte_position() {
        for c in ['\x1b', '\u{85}', '\u{202e}', '\u{e0041}', 'a', '語'] {
            let masked = mask(&format!("<{c}>"));
            assert_eq!(masked.len(), c.len_utf8() + 2);
            assert!(masked.chars().all(is_shown), "{masked:?}");
        }
        assert_eq!(mask("a\n\tb"), "a\n\tb");
    }

    #[test]
    fn a_long_name_loses_its_middle_and_never_exceeds_its_columns() {
        assert_eq!(cut_middle("abcdefghij", 5), "ab…ij");
        assert_eq!(cut_middle("short", 5), "short");
        let cut = cut_middle("東京本社第一開発部", 8);
        assert!(width(&cut) <= 8, "{cut}");
        assert!(
            cut.starts_with('東') && cut.contains('…') && cut.ends_with('部'),
            "{cut}"
        );
    }
}
