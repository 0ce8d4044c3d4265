//! Is there a text that fits some patterns and none of some others? Decided by walking all patterns at once.

use crate::pattern::Token;
use std::collections::{BTreeSet, HashSet, VecDeque};

/// A pattern as positions; without case if `fold`.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    pub(crate) tokens: Vec<Token>,
    pub(crate) fold: bool,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// This text does.
    Text(String),
    /// No text does.
    Nothing,
    /// The search was given up.
    Unknown,
}

/// The most positions that are walked: states times patterns.
const MAX_WORK: usize = 100_000;

/// The positions that each pattern has reached.
type State = Vec<Vec<u32>>;

/// Looks for a shortest text that fits every pattern of `fits` and none of `not`.
pub(crate) fn find(fits: &[Steps], not: &[Steps]) -> Found {
    let patterns: Vec<&Steps> = fits.iter().chain(not).collect();
    let wanted = fits.len();
    let first: State = patterns.iter().map(|p| settle(p, [0].into())).collect();
    let mut seen: HashSet<State> = HashSet::from([first.clone()]);
    let mut open: VecDeque<(State, String)> = VecDeque::from([(first, String::new())]);
    while let Some((state, text)) = open.pop_front() {
        if accepts(&patterns, wanted, &state) {
            return Found::Text(text);
        }
        for c in next_characters(&patterns, &state) {
            let after: State = patterns
                .iter()
                .zip(&state)
                .map(|(pattern, reached)| step(pattern, reached, c))
                .collect();
            let dead = after.iter().take(wanted).any(Vec::is_empty);
            if dead || !seen.insert(after.clone()) {
                continue;
            }
            if seen.len() * patterns.len() > MAX_WORK {
                return Found::Unknown;
            }
            let mut longer = text.clone();
            longer.push(c);
            open.push_back((after, longer));
        }
    }
    Found::Nothing
}

fn accepts(patterns: &[&Steps], wanted: usize, state: &State) -> bool {
    let mut ends = patterns.iter().zip(state).map(|(pattern, reached)| {
        let end = u32::try_from(pattern.tokens.len()).unwrap_or(u32::MAX);
        reached.contains(&end)
    });
    ends.by_ref().take(wanted).all(|end| end) && !ends.any(|end| end)
}

fn token(pattern: &Steps, position: u32) -> Option<Token> {
    pattern.tokens.get(usize::try_from(position).ok()?).copied()
}

/// Adds the positions behind stars, which can take nothing.
fn settle(pattern: &Steps, mut reached: BTreeSet<u32>) -> Vec<u32> {
    let mut open: Vec<u32> = reached.iter().copied().collect();
    while let Some(position) = open.pop() {
        let star = matches!(token(pattern, position), Some(Token::Any | Token::AnyInSegment));
        if star && reached.insert(position + 1) {
            open.push(position + 1);
        }
    }
    reached.into_iter().collect()
}

fn step(pattern: &Steps, reached: &[u32], c: char) -> Vec<u32> {
    let mut next = BTreeSet::new();
    for position in reached {
        let (stays, goes) = match token(pattern, *position) {
            Some(Token::Char(wanted)) => {
                let same = wanted == c || (pattern.fold && wanted.to_lowercase().eq(c.to_lowercase()));
                (false, same)
            }
            Some(Token::One) => (false, true),
            Some(Token::OneInSegment) => (false, c != ':'),
            Some(Token::Any) => (true, false),
            Some(Token::AnyInSegment) => (c != ':', false),
            None => (false, false),
        };
        if stays {
            next.insert(*position);
        }
        if goes {
            next.insert(position + 1);
        }
    }
    settle(pattern, next)
}

/// The characters that patterns tell apart here, and one that they don't.
fn next_characters(patterns: &[&Steps], state: &State) -> Vec<char> {
    let mut named = BTreeSet::new();
    let mut bounded = false;
    for (pattern, reached) in patterns.iter().zip(state) {
        for position in reached {
            match token(pattern, *position) {
                Some(Token::Char(c)) => {
                    named.insert(c);
                    if pattern.fold {
                        named.extend(c.to_lowercase());
                        named.extend(c.to_uppercase());
                    }
                }
                Some(Token::OneInSegment | Token::AnyInSegment) => bounded = true,
                Some(Token::One | Token::Any) | None => {}
            }
        }
    }
    let other = "xyzabcdefghijklmnopqrstuvw0123456789-"
        .chars()
        .find(|c| !named.contains(c));
    if bounded {
        named.insert(':');
    }
    other.into_iter().chain(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(pattern: &str) -> Steps {
        let tokens = pattern.chars().map(|c| match c {
            '*' => Token::Any,
            '?' => Token::One,
            c => Token::Char(c),
        });
        Steps {
            tokens: tokens.collect(),
            fold: false,
        }
    }

    fn look(fits: &[&str], not: &[&str]) -> Found {
        let all = |list: &[&str]| list.iter().map(|p| steps(p)).collect::<Vec<_>>();
        find(&all(fits), &all(not))
    }

    #[test]
    fn a_text_between_patterns_is_found() {
        assert_eq!(look(&["a*", "*b"], &["ab"]), Found::Text("axb".to_owned()));
        assert_eq!(look(&["*"], &["", "?"]), Found::Text("xx".to_owned()));
        assert_eq!(look(&["a"], &["b*"]), Found::Text("a".to_owned()));
    }

    #[test]
    fn that_there_is_none_is_found_too() {
        assert_eq!(look(&["a*", "b*"], &[]), Found::Nothing);
        assert_eq!(look(&["role/lz-*"], &["role/*"]), Found::Nothing);
        assert_eq!(look(&["?"], &["*"]), Found::Nothing);
        assert_eq!(look(&["a*"], &["a", "a?*"]), Found::Nothing);
    }

    #[test]
    fn case_and_segments_count() {
        let fold = Steps {
            tokens: vec![Token::Char('a')],
            fold: true,
        };
        assert_eq!(find(&[fold], &[steps("a")]), Found::Text("A".to_owned()));
        let bounded = Steps {
            tokens: vec![Token::AnyInSegment],
            fold: false,
        };
        assert_eq!(find(&[steps("*:*"), bounded], &[]), Found::Nothing);
    }
}
