//! Texts of policies that hold wildcards, policy variables and escapes
//! (IAM User Guide, "IAM policy elements: Variables and tags").

use std::fmt;

/// Whether `*` and `?` are wildcards in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wildcards {
    /// They are.
    Yes,
    /// They stand for themselves.
    No,
}

/// A text of a policy, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Template {
    pieces: Vec<Piece>,
}

/// A part of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// Characters that stand for themselves; never empty.
    Text(String),
    /// `*`: any characters.
    Any,
    /// `?`: one character.
    One,
    /// `${key}` or `${key, 'default'}`: the one value of a condition key.
    Variable {
        /// The condition key, in lower case: keys ignore case.
        key: String,
        /// What stands in for a key without a value.
        default: Option<String>,
    },
}

impl Template {
    /// Takes a text apart. Where a policy has no variables (its version is not `2012-10-17`), `${...}` is plain text.
    #[must_use]
    pub fn parse(text: &str, wildcards: Wildcards, variables: bool) -> Self {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let after = rest.get(first.len_utf8()..).unwrap_or_default();
            let special = match first {
                '*' if wildcards == Wildcards::Yes => Some((Piece::Any, after)),
                '?' if wildcards == Wildcards::Yes => Some((Piece::One, after)),
                '$' if variables => variable(after),
                _ => None,
            };
            match special {
                Some((Piece::Text(escaped), after)) => {
                    plain.push_str(&escaped);
                    rest = after;
                }
                Some((piece, after)) => {
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    // `**` means what `*` means.
                    if piece != Piece::Any || pieces.last() != Some(&Piece::Any) {
                        pieces.push(piece);
                    }
                    rest = after;
                }
                None => {
                    plain.push(first);
                    rest = after;
                }
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Self { pieces }
    }

    /// Returns a template of these parts.
    pub(crate) const fn from_pieces(pieces: Vec<Piece>) -> Self {
        Self { pieces }
    }

    /// Returns the parts.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Returns the condition keys that the text takes values from, in lower case.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable { key, .. } => Some(key.as_str()),
            Piece::Text(_) | Piece::Any | Piece::One => None,
        })
    }

    /// Returns the text if it has neither wildcards nor variables.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the pieces with each variable replaced by its value, or `None` if one has none: such a text
    /// compares with nothing (IAM User Guide, "Policy variables with no value").
    #[must_use]
    pub fn resolve<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Option<Vec<Piece>> {
        let resolved = self.pieces.iter().map(|piece| match piece {
            Piece::Variable { key, default } => value(key)
                .map(str::to_owned)
                .or_else(|| default.clone())
                .map(Piece::Text),
            Piece::Text(_) | Piece::Any | Piece::One => Some(piece.clone()),
        });
        let mut joined: Vec<Piece> = Vec::new();
        for piece in resolved {
            match (joined.last_mut(), piece?) {
                (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
                (_, Piece::Text(text)) if text.is_empty() => {}
                (_, piece) => joined.push(piece),
            }
        }
        Some(joined)
    }
}

/// Reads `{key}`, `{key, 'default'}`, `{*}`, `{?}` or `{$}` behind a `$`; `None` if it is none of them.
fn variable(text: &str) -> Option<(Piece, &str)> {
    let (inside, after) = text.strip_prefix('{')?.split_once('}')?;
    if matches!(inside, "*" | "?" | "$") {
        return Some((Piece::Text(inside.to_owned()), after));
    }
    let (key, default) = match inside.split_once(',') {
        None => (inside, None),
        Some((key, rest)) => {
            let quoted = rest.trim().strip_prefix('\'').and_then(|r| r.strip_suffix('\''));
            (key, Some(quoted?.to_owned()))
        }
    };
    let key = key.trim().to_ascii_lowercase();
    let piece = Piece::Variable { key, default };
    Some((piece, after))
}

impl fmt::Display for Template {
    /// Writes the text of a policy: parsing it with wildcards and variables gives the same template.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => {
                    for c in text.chars() {
                        match c {
                            '*' | '?' | '$' => write!(f, "${{{c}}}")?,
                            _ => write!(f, "{c}")?,
                        }
                    }
                }
                Piece::Any => f.write_str("*")?,
                Piece::One => f.write_str("?")?,
                Piece::Variable { key, default: None } => write!(f, "${{{key}}}")?,
                Piece::Variable {
                    key,
                    default: Some(default),
                } => write!(f, "${{{key}, '{default}'}}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<Piece> {
        Template::parse(text, Wildcards::Yes, true).pieces
    }

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    #[test]
    fn wildcards_escapes_and_variables_are_told_apart() {
        assert_eq!(
            pieces("a${*}b*?${$}{x}"),
            [text("a*b"), Piece::Any, Piece::One, text("${x}")]
        );
        let variable = |default: Option<&str>| Piece::Variable {
            key: "aws:principaltag/team".to_owned(),
            default: default.map(str::to_owned),
        };
        assert_eq!(
            pieces("${aws:PrincipalTag/Team}/${aws:PrincipalTag/team, 'all of us'}"),
            [variable(None), text("/"), variable(Some("all of us"))]
        );
    }

    #[test]
    fn what_only_looks_like_a_variable_is_text() {
        assert_eq!(pieces("$a ${b ${c, d}"), [text("$a ${b ${c, d}")]);
        let old = Template::parse("${a}", Wildcards::Yes, false);
        assert_eq!(old.literal(), Some("${a}"));
        assert_eq!(Template::parse("*", Wildcards::No, true).literal(), Some("*"));
    }

    #[test]
    fn a_variable_without_value_leaves_no_text() {
        let template = Template::parse("${a}-${b, 'x'}", Wildcards::Yes, true);
        assert_eq!(
            template.resolve(|key| (key == "a").then_some("1")),
            Some(vec![text("1-x")])
        );
        assert_eq!(template.resolve(|_| None), None);
    }

    #[test]
    fn a_template_prints_as_it_parses() {
        for written in [
            "arn:aws:s3:::a*/${aws:username}?",
            "${*}${?}${$}",
            "${k, 'd'}",
            "",
        ] {
            let template = Template::parse(written, Wildcards::Yes, true);
            assert_eq!(
                Template::parse(&template.to_string(), Wildcards::Yes, true),
                template
            );
        }
    }
}
