//! Text with holes: a string whose parts may be ids that AWS has yet to assign.

use crate::address::Address;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An attribute that AWS assigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// The id.
    Id,
    /// The ARN.
    Arn,
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "id",
            Self::Arn => "arn",
        })
    }
}

/// A hole in a text: an attribute of a declared object, known once that object exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hole {
    /// The object.
    pub address: Address,
    /// Its attribute.
    pub attribute: Attribute,
}

/// A part of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// Characters that are known now.
    Literal(String),
    /// A value that is known later.
    Hole(Hole),
}

/// A string that may have holes. Equal texts have equal pieces: neighbouring literals are one.
///
/// It serializes as `"arn:...:${account.audit.id}"`; each literal `$` is written `$$`, as HCL has it before `{`.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Text {
    pieces: Vec<Piece>,
}

/// A text whose `${...}` is not a hole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`${{{given}}}` does not name an id or arn")]
pub struct TextError {
    /// What stood between the braces.
    pub given: String,
}

impl Text {
    /// Returns a text without holes.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        let mut result = Self::default();
        result.push_str(&text.into());
        result
    }

    /// Returns a text that is one hole.
    #[must_use]
    pub fn hole(address: Address, attribute: Attribute) -> Self {
        Self {
            pieces: vec![Piece::Hole(Hole { address, attribute })],
        }
    }

    /// Appends characters.
    pub fn push_str(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Literal(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Literal(text.to_owned()));
        }
    }

    /// Appends a piece.
    pub fn push(&mut self, piece: Piece) {
        match piece {
            Piece::Literal(text) => self.push_str(&text),
            hole @ Piece::Hole(_) => self.pieces.push(hole),
        }
    }

    /// Appends another text.
    pub fn push_text(&mut self, text: Self) {
        text.pieces.into_iter().for_each(|piece| self.push(piece));
    }

    /// Returns the pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Returns the holes in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Literal(_) => None,
        })
    }

    /// Returns the string if it has no holes.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the text with those holes filled for which `value` has an answer.
    #[must_use]
    pub fn fill(&self, mut value: impl FnMut(&Hole) -> Option<String>) -> Self {
        let mut filled = Self::default();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => filled.push_str(text),
                Piece::Hole(hole) => match value(hole) {
                    Some(text) => filled.push_str(&text),
                    None => filled.push(piece.clone()),
                },
            }
        }
        filled
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::literal(text)
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.address, self.attribute)
    }
}

/// Shows the text to people: holes appear as `${account.audit.id}`.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Literal(text) => f.write_str(text),
            Piece::Hole(hole) => write!(f, "${{{hole}}}"),
        })
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        let mut written = String::new();
        for piece in &text.pieces {
            match piece {
                Piece::Literal(literal) => written.push_str(&literal.replace('$', "$$")),
                Piece::Hole(hole) => written.push_str(&format!("${{{hole}}}")),
            }
        }
        written
    }
}

impl TryFrom<String> for Text {
    type Error = TextError;

    fn try_from(written: String) -> Result<Self, TextError> {
        let mut text = Self::default();
        let mut rest = written.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            text.push_str(before);
            if let Some(after) = after.strip_prefix('{') {
                let (inside, after) = split_hole(after).ok_or_else(|| TextError {
                    given: after.to_owned(),
                })?;
                text.push(Piece::Hole(parse_hole(inside)?));
                rest = after;
            } else {
                text.push_str("$");
                rest = after.strip_prefix('$').unwrap_or(after);
            }
        }
        text.push_str(rest);
        Ok(text)
    }
}

/// Splits at the `}` that ends a hole; a `}` inside a quoted key does not.
fn split_hole(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '}' if !quoted => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

fn parse_hole(inside: &str) -> Result<Hole, TextError> {
    let bad = || TextError {
        given: inside.to_owned(),
    };
    let (address, attribute) = inside.rsplit_once('.').ok_or_else(bad)?;
    let attribute = match attribute {
        "id" => Attribute::Id,
        "arn" => Attribute::Arn,
        _ => return Err(bad()),
    };
    Ok(Hole {
        address: address.parse().map_err(|_| bad())?,
        attribute,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Name;
    use proptest::prelude::*;

    fn audit() -> Address {
        Address::Account(Name::new("audit"))
    }

    #[test]
    fn neighbouring_literals_are_one_piece() {
        let mut text = Text::literal("a");
        text.push_str("b");
        assert_eq!(text, Text::literal("ab"));
        assert_eq!(text.known(), Some("ab"));
    }

    #[test]
    fn a_text_with_a_hole_is_known_once_the_hole_is_filled() {
        let mut text = Text::literal("arn:");
        text.push_text(Text::hole(audit(), Attribute::Id));
        assert_eq!(text.known(), None);
        assert_eq!(text.to_string(), "arn:${account.audit.id}");
        assert_eq!(text.fill(|_| Some("1".into())).known(), Some("arn:1"));
    }

    proptest! {
        #[test]
        fn a_text_is_read_back_from_what_it_writes(
            parts in proptest::collection::vec(("[a$\\{}\"é]{0,6}", "[ -~]{0,5}"), 0..4)
        ) {
            let mut text = Text::default();
            for (literal, key) in parts {
                text.push_str(&literal);
                text.push_text(Text::hole(Address::Account(Name::keyed("a", key)), Attribute::Arn));
            }
            prop_assert_eq!(Text::try_from(String::from(text.clone())).unwrap(), text);
        }
    }
}
