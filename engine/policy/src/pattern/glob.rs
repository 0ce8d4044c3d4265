//! Texts with wildcards.

use crate::language::Piece;

/// One position of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Token {
    /// This character.
    Char(char),
    /// One character.
    One,
    /// Any characters.
    Any,
    /// One character that is not a colon.
    OneInSegment,
    /// Any characters but colons.
    AnyInSegment,
}

/// Returns the positions of a text without variables.
pub(crate) fn tokens(pieces: &[Piece]) -> Vec<Token> {
    let mut tokens = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => tokens.extend(text.chars().map(Token::Char)),
            Piece::Any => tokens.push(Token::Any),
            Piece::One => tokens.push(Token::One),
            // INVARIANT: callers resolve variables first; a variable without value matches nothing.
            Piece::Variable { .. } => {}
        }
    }
    tokens
}

/// A pattern of characters, `?` and `*`, compiled to its cheapest test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Glob {
    /// Everything.
    All,
    /// This text.
    Exact(String),
    /// What begins so.
    Prefix(String),
    /// What ends so.
    Suffix(String),
    /// Anything else, as positions.
    Steps(Vec<Token>),
}

impl Glob {
    /// Compiles positions without segments.
    pub(crate) fn new(tokens: &[Token]) -> Self {
        let text = |tokens: &[Token]| -> Option<String> {
            tokens
                .iter()
                .map(|token| match token {
                    Token::Char(c) => Some(*c),
                    Token::One | Token::Any | Token::OneInSegment | Token::AnyInSegment => None,
                })
                .collect()
        };
        if let [Token::Any] = tokens {
            return Self::All;
        }
        if let Some(exact) = text(tokens) {
            return Self::Exact(exact);
        }
        if let Some(prefix) = tokens.split_last().filter(|(last, _)| **last == Token::Any)
            && let Some(prefix) = text(prefix.1)
        {
            return Self::Prefix(prefix);
        }
        if let Some(suffix) = tokens.split_first().filter(|(first, _)| **first == Token::Any)
            && let Some(suffix) = text(suffix.1)
        {
            return Self::Suffix(suffix);
        }
        Self::Steps(tokens.to_vec())
    }

    /// Compiles a text in which `*` and `?` are wildcards.
    pub(crate) fn of_text(text: &str) -> Self {
        let tokens: Vec<Token> = text
            .chars()
            .map(|c| match c {
                '*' => Token::Any,
                '?' => Token::One,
                _ => Token::Char(c),
            })
            .collect();
        Self::new(&tokens)
    }

    /// Returns whether a text fits.
    pub(crate) fn matches(&self, text: &str) -> bool {
        match self {
            Self::All => true,
            Self::Exact(exact) => exact == text,
            Self::Prefix(prefix) => text.starts_with(prefix.as_str()),
            Self::Suffix(suffix) => text.ends_with(suffix.as_str()),
            Self::Steps(tokens) => walk(tokens, text),
        }
    }
}

/// Matches by going back to the last `*` only, which is enough when `*` takes every character: time is at most
/// the product of both lengths.
fn walk(tokens: &[Token], text: &str) -> bool {
    let mut at = 0;
    let mut rest = text.chars();
    let mut back: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        let before = rest.clone();
        let next = rest.next();
        let fits = match (tokens.get(at), next) {
            (Some(Token::Any), _) => {
                back = Some((at + 1, before.clone()));
                rest = before;
                at += 1;
                continue;
            }
            (None, None) => return true,
            (Some(Token::Char(wanted)), Some(found)) => *wanted == found,
            (Some(Token::One), Some(_)) => true,
            (Some(Token::OneInSegment | Token::AnyInSegment), _) | (None, Some(_)) | (Some(_), None) => false,
        };
        if fits {
            at += 1;
            continue;
        }
        let Some((star, from)) = &mut back else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        at = *star;
        rest = from.clone();
    }
}

/// Matches positions that may stop at colons: keeps every position that the text so far can have reached.
pub(crate) fn walk_segments(tokens: &[Token], text: &str) -> bool {
    let mut reached = vec![false; tokens.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    pass_empty(tokens, &mut reached);
    for c in text.chars() {
        let mut next = vec![false; tokens.len() + 1];
        for (index, token) in tokens.iter().enumerate() {
            if !reached.get(index).copied().unwrap_or_default() {
                continue;
            }
            let (stays, goes) = match token {
                Token::Char(wanted) => (false, *wanted == c),
                Token::One => (false, true),
                Token::OneInSegment => (false, c != ':'),
                Token::Any => (true, false),
                Token::AnyInSegment => (c != ':', false),
            };
            for (target, hit) in [(index, stays), (index + 1, goes)] {
                if let Some(slot) = next.get_mut(target).filter(|_| hit) {
                    *slot = true;
                }
            }
        }
        pass_empty(tokens, &mut next);
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

/// A star can also take nothing.
fn pass_empty(tokens: &[Token], reached: &mut [bool]) {
    for (index, token) in tokens.iter().enumerate() {
        let star = matches!(token, Token::Any | Token::AnyInSegment);
        let here = reached.get(index).copied().unwrap_or_default();
        if let Some(slot) = reached.get_mut(index + 1).filter(|_| star && here) {
            *slot = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Glob::of_text(pattern).matches(text)
    }

    #[test]
    fn stars_take_any_text_and_question_marks_one_character() {
        assert!(
            fits("*", "") && fits("**", "x") && fits("a*", "a") && fits("*a", "ba") && fits("a?c", "aéc")
        );
        assert!(fits("a*b*c", "axxbyyc") && fits("*ab", "aab") && fits("a*a*a", "aaa"));
        assert!(!fits("a?c", "ac") && !fits("a*b", "abc") && !fits("", "a") && !fits("a*a*a", "aa"));
    }

    #[test]
    fn a_hard_pattern_ends_soon() {
        let pattern = "a*".repeat(1000) + "b";
        assert!(!fits(&pattern, &"a".repeat(10_000)));
    }

    fn slow(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some(('*', rest)), None) => slow(rest, text),
            (Some(('*', rest)), Some((_, behind))) => slow(rest, text) || slow(pattern, behind),
            (Some((p, rest)), Some((t, behind))) => (*p == '?' || p == t) && slow(rest, behind),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    proptest! {
        #[test]
        fn both_walks_agree_with_the_definition(pattern in "[ab*?]{0,8}", text in "[abc]{0,8}") {
            let chars: Vec<char> = pattern.chars().collect();
            let expected = slow(&chars, &text.chars().collect::<Vec<_>>());
            prop_assert_eq!(fits(&pattern, &text), expected);
            let tokens: Vec<Token> = chars.iter().map(|c| match c {
                '*' => Token::Any,
                '?' => Token::One,
                c => Token::Char(*c),
            }).collect();
            prop_assert_eq!(walk_segments(&tokens, &text), expected);
        }
    }
}
